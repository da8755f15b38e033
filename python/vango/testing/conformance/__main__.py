"""`python -m vango.testing.conformance`: put a server at a URL, or a client behind a command, to the kit.

The exit status is 0 if nothing failed, 1 if something did, 2 if the command was not understood.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from functools import partial
from pathlib import Path

import anyio

from vango.testing.conformance import CLIENT_SCENARIOS, SERVER_SCENARIOS, Report, run_client, run_server
from vango.testing.conformance.client_scenarios import CATALOGUE as OF_CLIENTS
from vango.testing.conformance.process import ProcessClient
from vango.testing.conformance.remote import RemoteServer
from vango.testing.conformance.server_scenarios import CATALOGUE as OF_SERVERS


def main() -> None:
    """Run the command."""
    parser = _parser()
    given = parser.parse_args()
    if given.list:
        _tell_all()
        return
    known = SERVER_SCENARIOS if given.server else CLIENT_SCENARIOS
    names = given.only.split(",") if given.only else known
    if unknown := set(names) - set(known):
        parser.error(
            f"no scenario for this side is called {', '.join(sorted(unknown))}; --list tells them all"
        )
    report = Report()
    for name in names:
        outcomes = _run(given, name).outcomes
        report.extend(outcomes)
        print(*outcomes, sep="\n", flush=True)
    print(", ".join(f"{number} {result}" for result, number in report.counts.items()))
    if given.json is not None:
        given.json.write_text(report.to_json() + "\n")
    sys.exit(1 if report.failed else 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m vango.testing.conformance",
        description="Put a server or a client to the scenarios of docs/PROTOCOL.md.",
        epilog="docs/guide/conformance.md says how a subject is written.",
    )
    subject = parser.add_mutually_exclusive_group(required=True)
    subject.add_argument("--server", metavar="URL", help="the address of the reference page")
    subject.add_argument("--client", metavar="COMMAND", help="what starts a client that speaks lines of JSON")
    subject.add_argument("--list", action="store_true", help="tell the scenarios of both sides, and end")
    parser.add_argument(
        "--transport",
        choices=("websocket", "http"),
        default="websocket",
        help="how a server is reached; http: the network of a client lets no WebSocket through",
    )
    parser.add_argument("--only", metavar="C01,C02", help="these scenarios; all of that side without it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report there")
    server = parser.add_argument_group("of a server")
    server.add_argument(
        "--restart",
        metavar="COMMAND",
        default="",
        help="what restarts it, as after a crash; C06 and C20 need it",
    )
    server.add_argument(
        "--blueprint",
        choices=("serve", "refuse"),
        default="",
        help="what it does with sockets without a subprotocol; without it, either is right",
    )
    server.add_argument(
        "--quiet", type=float, default=0.15, metavar="S", help="it has settled when so long nothing came"
    )
    return parser


def _tell_all() -> None:
    for side, catalogue in (("server", OF_SERVERS), ("client", OF_CLIENTS)):
        print(side)
        for name in catalogue.names:
            scenario = catalogue[name]
            print(f"  {name} {scenario.title} (PROTOCOL {scenario.rules})")


def _run(given: argparse.Namespace, name: str) -> Report:
    if given.server:
        make = partial(
            RemoteServer,
            given.server,
            given.transport,
            quiet_s=given.quiet,
            restart=shlex.split(given.restart),
            blueprint=given.blueprint,
        )
        return anyio.run(run_server, make, [name])
    client = partial(ProcessClient, shlex.split(given.client))
    return run_client(client, [name], transport=given.transport)


if __name__ == "__main__":
    main()
