"""The command `vango`: `run` for production, `dev` for the developer's own machine."""

from __future__ import annotations

import argparse
import re
import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import vango
from vango.application.app import App
from vango.application.config import SECRET_VARIABLE, Config
from vango.cli.check import findings
from vango.cli.dev import supervise
from vango.cli.loading import LoadError, load
from vango.cli.server import is_loopback, listen, serve, url_of
from vango.cli.tap import TapError, from_json, replay, tap, to_json
from vango.tracebacks import theirs, told

_LOOPBACK = ("127.0.0.1", "::1")


class UsageError(Exception):
    """The command cannot do what it was told; the message says what to write."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments`, those of the process by default; return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except (LoadError, UsageError, TapError) as error:
        _say(str(error))
        return 2


def _run(options: argparse.Namespace) -> int:
    try:
        app = load(options.app)
    except LoadError:
        raise
    except Exception as error:
        _say(f"{options.app} cannot be imported\n{told(error, theirs(error))}".rstrip())
        return 1
    proxies = [proxy.strip() for proxy in options.forwarded_allow_ips.split(",") if proxy.strip()]
    if isinstance(app, App):
        proxies += app.config.trusted_proxies
        if app.config.fixed_keys is None:
            _say(f"{SECRET_VARIABLE} is not set: pages that are open at a restart have to be loaded again")
    private = is_loopback(options.host)
    if not (private or proxies or options.insecure):
        raise UsageError(
            f"plain http is for this machine only, and {options.host} is not: put https in front and name "
            "that proxy with --forwarded-allow-ips ADDRESS, or say --insecure"
        )
    listener = _listen(options)
    url = url_of(options.host, listener)
    return serve(
        app,
        listener,
        ready=lambda: print(f"vango: serving {url}", flush=True),
        proxies=proxies or (_LOOPBACK if private else ()),
        https_only=not (private or options.insecure),
        root_path=options.root_path,
    )


def _dev(options: argparse.Namespace) -> int:
    try:
        Config()
    except ValueError as error:
        raise UsageError(f"{SECRET_VARIABLE}: {error}") from None
    return supervise(options.app, _listen(options), options.record)


def _check(options: argparse.Namespace) -> int:
    app = load(options.app)
    found = findings(app)
    for warning in found:
        _say(warning)
    print(f"vango: {len(found)} warning{'s' * (len(found) != 1)}")
    return 1 if found else 0


def _routes(options: argparse.Namespace) -> int:
    app = load(options.app)
    if not isinstance(app, App):
        raise UsageError(f"{options.app} is no vango.App, so nobody knows its routes")
    for line in app.routes():
        print(line)
    return 0


def _tap(options: argparse.Namespace) -> int:
    for line in options.form(options.file):
        print(line)
    return 0


def _replayed(path: Path) -> Iterator[str]:
    outcome = replay(path)
    _say(f"epoch {outcome.epoch}, rev {outcome.rev}, {outcome.count} nodes")
    yield outcome.html


def _listen(options: argparse.Namespace) -> socket.socket:
    try:
        return listen(options.host, options.port)
    except OSError as error:
        raise UsageError(
            f"cannot listen at {options.host}:{options.port}, {error.strerror}: try another --port or --host"
        ) from None


def port(text: str) -> int:
    """Return the number of a port. argparse names this function, and what it says, where there is none."""
    number = int(text)
    if not 0 <= number < 65_536:
        raise argparse.ArgumentTypeError(f"{number} is no port; write a number from 0 to 65535")
    return number


def root_path(text: str) -> str:
    """Return the path in front of an application; argparse says what is wrong with it."""
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)*", text):
        raise argparse.ArgumentTypeError(f"{text!r}: write a path like /app, without a slash at its end")
    return text


def _say(sentence: str) -> None:
    print(f"vango: {sentence}", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vango", description="Serve a vango application.")
    parser.add_argument("--version", action="version", version=f"vango {vango.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="serve an application in production")
    dev = commands.add_parser(
        "dev", help="serve it while you work on it: restart on save, show errors in the page"
    )
    for command, function in (run, _run), (dev, _dev):
        command.set_defaults(command=function)
        command.add_argument("app", metavar="MODULE:APP", help="the application, as in counter:app")
        command.add_argument("--host", default="127.0.0.1", help="the address to listen at (%(default)s)")
        command.add_argument(
            "--port", default=8000, type=port, help="the port to listen at, 0 for any (%(default)s)"
        )
    dev.add_argument(
        "--record", default="", metavar="FOLDER", help="write every connection into a file; read it with tap"
    )
    check = commands.add_parser("check", help="print what is to be settled before an application goes public")
    check.set_defaults(command=_check)
    check.add_argument("app", metavar="MODULE:APP", help="the application, as in counter:app")
    run.add_argument("--insecure", action="store_true", help="serve plain http to other machines too")
    run.add_argument(
        "--forwarded-allow-ips",
        default="",
        metavar="ADDRESSES",
        help="addresses and networks, with commas between them, of the proxies that speak https in front",
    )
    run.add_argument(
        "--root-path",
        default="",
        type=root_path,
        metavar="PATH",
        help="the path below which browsers find the application, if a proxy in front takes it off: /app",
    )
    table = commands.add_parser("routes", help="print the pages of an application, in the order of matching")
    table.set_defaults(command=_routes)
    table.add_argument("app", metavar="MODULE:APP", help="the application, as in counter:app")
    reader = commands.add_parser(
        "tap", help="print what a connection said, from a file of vango dev --record"
    )
    reader.set_defaults(command=_tap)
    reader.add_argument("file", metavar="FILE", type=Path, help="the recording")
    forms = reader.add_mutually_exclusive_group()
    for option, form, sentence in (
        ("--json", to_json, "print the recording with every frame written out as JSON"),
        ("--from-json", from_json, "print the recording, from a file that --json printed"),
        ("--replay", _replayed, "print the document that it leads to, or where it diverges"),
    ):
        forms.add_argument(option, dest="form", action="store_const", const=form, help=sentence)
    reader.set_defaults(form=tap)
    return parser
