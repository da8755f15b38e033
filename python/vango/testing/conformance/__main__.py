"""`python -m vango.testing.conformance`: put a server at a URL, or a client behind a command, to the kit."""

from __future__ import annotations

import argparse
import shlex
import sys
from functools import partial
from pathlib import Path

import anyio

from vango.testing.conformance import CLIENT_SCENARIOS, SERVER_SCENARIOS, Report, run_client, run_server
from vango.testing.conformance.process import ProcessClient
from vango.testing.conformance.remote import RemoteServer


def main() -> None:
    """Run the command; its exit status is 1 if anything failed."""
    parser = argparse.ArgumentParser(prog="python -m vango.testing.conformance", description=__doc__)
    subject = parser.add_mutually_exclusive_group(required=True)
    subject.add_argument("--server", metavar="URL", help="the address of the reference page")
    subject.add_argument(
        "--client", metavar="COMMAND", help="a client that speaks lines of JSON, as `process` says"
    )
    parser.add_argument("--transport", choices=("websocket", "http"), default="websocket")
    parser.add_argument("--quiet", type=float, default=0.15, metavar="S", help="a server is settled after")
    parser.add_argument("--only", metavar="C01,C02", help="these scenarios")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report there")
    given = parser.parse_args()
    known = SERVER_SCENARIOS if given.server else CLIENT_SCENARIOS
    names = given.only.split(",") if given.only else known
    if unknown := set(names) - set(known):
        parser.error(f"no scenario for this side is called {', '.join(sorted(unknown))}")
    report = Report()
    for name in names:
        outcomes = _run(given, name).outcomes
        report.extend(outcomes)
        print(*outcomes, sep="\n", flush=True)
    if given.json is not None:
        given.json.write_text(report.to_json() + "\n")
    sys.exit(1 if report.failed else 0)


def _run(given: argparse.Namespace, name: str) -> Report:
    if given.server:
        make = partial(RemoteServer, given.server, given.transport, quiet_s=given.quiet)
        return anyio.run(run_server, make, [name])
    return run_client(partial(ProcessClient, shlex.split(given.client)), [name])


if __name__ == "__main__":
    main()
