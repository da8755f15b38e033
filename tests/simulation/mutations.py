"""Faults that somebody could make in the client or the server: the simulation must find each of them.

Each names the invariants of which it breaks one. A mutation of the client replaces text in a copy of its
modules, one of the server replaces a function while it lasts.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

from vango import protocol
from vango._core import Outbox
from vango.protocol import Result
from vango.sessions import greeting, session as sessions
from vango.sessions.ledger import Ledger, Verdict
from vango.sessions.outbox import Outlet
from vango.transports.http import HttpTransport, Request

__all__ = ["CLIENT", "SERVER", "ClientMutation", "ServerMutation"]

SOURCE = Path(__file__).parents[2] / "python/vango/client"


@dataclass(frozen=True)
class ClientMutation:
    """A fault of the client.

    Attributes:
        name: What it does.
        breaks: The invariants of which it breaks one.
        swaps: In which module, what stands there, and what instead.
    """

    name: str
    breaks: set[str]
    swaps: tuple[tuple[str, str, str], ...]

    def write(self, folder: Path) -> Path:
        """Write the client with this fault into a folder.

        Raises:
            ValueError: The client has changed, and what is to be replaced is not there once.
        """
        shutil.copytree(SOURCE, folder, dirs_exist_ok=True)
        (folder / "package.json").write_text('{"type": "module"}')
        for module, old, new in self.swaps:
            path = folder / f"{module}.js"
            text = path.read_text()
            if text.count(old) != 1:
                raise ValueError(f"{path.name} has {old!r} {text.count(old)} times, not once")
            path.write_text(text.replace(old, new))
        return folder


@dataclass(frozen=True)
class ServerMutation:
    """A fault of the server.

    Attributes:
        name: What it does.
        breaks: The invariants of which it breaks one.
        made: Makes it while it is entered.
    """

    name: str
    breaks: set[str]
    made: Callable[[], AbstractContextManager[object]]


CLIENT = [
    ClientMutation(
        "a DIFF is applied to another base",
        {"same"},
        (("follower", "if (!sameEpoch || base !== this.rev) throw", "if (!sameEpoch) throw"),),
    ),
    ClientMutation(
        "nodes are not counted",
        {"same"},
        (
            ("live", "return this.nodes.size === count;", "return true;"),
            ("patch", "if (count !== undefined && nodes.size !== count)", "if (false)"),
        ),
    ),
    ClientMutation(
        # The server finds that events are settled which it never got, and says so.
        "an event is sent again under a new number",
        {"told"},
        (
            (
                "outbox",
                "return [...this.unsettled].flatMap(([cseq, { frame }]) => (cseq > last ? [frame] : []));",
                "this.waiting.unshift(...this.unsettled.values()); this.unsettled.clear();"
                "return this.take(0).map(({ frame }) => frame);",
            ),
        ),
    ),
    ClientMutation(
        "what is settled is forgotten",
        {"settled"},
        (("outbox", "      this.unsettled.delete(cseq);\n      this.acked.add(cseq);\n", ""),),
    ),
    ClientMutation(
        "what waits is dropped with the connection",
        {"told", "same"},
        (
            (
                "sender",
                "    this.ready = false;\n",
                "    this.ready = false;\n    this.outbox.waiting = [];\n",
            ),
        ),
    ),
    ClientMutation(
        "an answer is taken before its turn",
        {"same", "told"},
        (("http", "early.set(n, answer);", "answered = n; early.set(n, answer);"),),
    ),
    ClientMutation(
        "an event goes to a session that knows nothing of its hid",
        {"once", "told"},
        (("rescue", "if (!event.action) outbox.bury(cseq);", "if (!event.action) ;"),),
    ),
]


@contextmanager
def _runs_again() -> Iterator[None]:
    receive = Ledger.receive

    def again(self: Ledger, cseq: int) -> tuple[Verdict, Result | None]:
        verdict, answer = receive(self, cseq)
        return (
            (Verdict.RUN, None) if verdict is Verdict.ANSWER and cseq <= self.accepted else (verdict, answer)
        )

    with mock.patch.object(Ledger, "receive", again):
        yield


@contextmanager
def _replaces_base() -> Iterator[None]:
    """A client that comes back gets the newest burst, said to lead on from where it is."""

    class Forgetful:
        def __init__(self, *args: Any, **options: Any) -> None:
            self._outbox = Outbox(*args, **options)
            self._client_has: int | None = None

        def __getattr__(self, name: str) -> Any:
            return getattr(self._outbox, name)

        def resumes(self, rev: int, *, lower: bool) -> bool:
            self._outbox.resumes(rev, lower=lower)
            return rev <= self._outbox.rev

        def attach(self, rev: int | None, **client: Any) -> bool:
            goes_on = rev is not None and rev <= self._outbox.rev
            self._client_has = rev if goes_on else None
            self._outbox.attach(self._outbox.rev if goes_on else None, **client)
            return goes_on

        def take(self) -> bytes:
            return b"".join(map(self._relabelled, protocol.decode(self._outbox.take(), 1 << 24)))

        def _relabelled(self, message: protocol.Message) -> bytes:
            if isinstance(message, protocol.Diff) and self._client_has is not None:
                message, self._client_has = replace(message, base=self._client_has), None
            return protocol.encode(message)

    with mock.patch.object(sessions, "Outbox", Forgetful):
        yield


@contextmanager
def _acknowledges_early() -> Iterator[None]:
    burst = Outlet._burst

    def early(self: Outlet) -> bytes:
        ledger = self._session.ledger
        finished, ledger.ack = ledger.ack, ledger.accepted
        try:
            return burst(self)
        finally:
            ledger.ack = finished

    with mock.patch.object(Outlet, "_burst", early):
        yield


@contextmanager
def _loses_results() -> Iterator[None]:
    attach = Ledger.attach

    def forget(self: Ledger, settled: int) -> None:
        attach(self, settled)
        self._unsent = []

    with mock.patch.object(Ledger, "attach", forget):
        yield


@contextmanager
def _lets_others_in() -> Iterator[None]:
    fits = greeting._fits

    def lenient(session: sessions.Session, hello: protocol.Hello) -> bool:
        session.instance = hello.instance
        return fits(session, hello)

    with mock.patch.object(greeting, "_fits", lenient):
        yield


@contextmanager
def _answers_anew() -> Iterator[None]:
    enter = HttpTransport.enter

    def anew(self: HttpTransport, n: int) -> Request | None:
        request = enter(self, n)
        if request is not None and request.answer is not None and request.answer.code is None:
            request.answer = request.answer._replace(body=b"")
        return request

    with mock.patch.object(HttpTransport, "enter", anew):
        yield


SERVER = [
    ServerMutation("an event that was taken runs again", {"tried"}, _runs_again),
    ServerMutation("a client is led on from where it is not", {"same", "shown"}, _replaces_base),
    ServerMutation("a burst acknowledges what has not finished", {"shown"}, _acknowledges_early),
    ServerMutation("RESULTs are lost with their connection", {"told", "once", "settled"}, _loses_results),
    ServerMutation("another document takes a session over", {"once", "same", "told"}, _lets_others_in),
    ServerMutation("a request that is repeated is answered anew", {"repeated"}, _answers_anew),
]
