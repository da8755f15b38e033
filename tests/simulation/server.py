"""One process of the server: what a connection meets of an application, on the time of the world."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import anyio
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Receive, Scope

from vango.application.cookies import COOKIE
from vango.application.csrf import Csrf
from vango.application.gate import Gatekeeper
from vango.application.handshakes import HandshakeQueue, Seat
from vango.application.http import HttpEndpoint
from vango.application.live import Door, PageGate
from vango.application.origins import OriginPolicy
from vango.application.runner import Runner
from vango.application.tokens import Tokens
from vango.clock import VirtualClock
from vango.errors import ErrorReport, Refused
from vango.limits import Limits
from vango.request import Request as Asked
from vango.routing.routes import Routes
from vango.sessions.attachment import Handshake, attach
from vango.sessions.greeting import Gate, Named, Opened
from vango.sessions.registry import Registry

from .agenda import Agenda, QuietLoop, ServerClock
from .network import Line

__all__ = ["Server"]

_BROWSER = "b" * 22
_ADDRESS = "an address"
_SECRET = ("the key that every process has",)
_SCOPE: Scope = {
    "type": "http",
    "method": "POST",
    "scheme": "https",
    "path": "/vango/live",
    "query_string": b"",
    "client": (_ADDRESS, 1),
    "headers": [
        (b"host", b"example.org"),
        (b"origin", b"https://example.org"),
        (b"cookie", f"__Host-{COOKIE}={_BROWSER}".encode()),
    ],
}


@dataclass(frozen=True)
class OnePageGate(PageGate):
    """Lets everybody whose token is genuine have the one page, at whatever path."""

    make: Callable[[], object]

    async def open(self, path: str, handshake: Handshake, named: Named) -> Opened:
        return Opened(handshake.request.at(path), self.make)


class OnePageDoor(Door):
    """Lets in by such a gate."""

    def __init__(self, make: Callable[[], object], tokens: Tokens, csrf: Csrf, queue: HandshakeQueue) -> None:
        super().__init__(
            tokens=tokens,
            csrf=csrf,
            origins=OriginPolicy(),
            queue=queue,
            gatekeeper=Gatekeeper(Routes(), VirtualClock(), print),
        )
        self._make = make

    def gate(self, seat: Seat) -> Gate:
        return OnePageGate(self._tokens, self._csrf, self.gatekeeper, seat, self._make)


class Server:
    """One process: its sessions are forgotten with it.

    Attributes:
        reports: The errors that it has contained.
        registry: Its sessions.
        lines: The sockets that it has had.
        is_leaving: It has begun to drain.
    """

    def __init__(
        self, agenda: Agenda, loop: QuietLoop, limits: Limits, page: Callable[[ServerClock], object]
    ) -> None:
        """Begin, with nobody connected.

        Args:
            agenda: The world's time.
            loop: What runs it.
            limits: Its bounds.
            page: Makes the root of every page, on the clock of this process.
        """
        self.clock = ServerClock(agenda)
        self.reports: list[ErrorReport] = []
        self.lines: list[Line] = []
        self.registry = Registry(clock=self.clock, limits=limits, on_error=self.reports.append)
        self._page = page
        self._tokens = Tokens(_SECRET, process="a process", assets="", schema="")
        self._csrf = Csrf(_SECRET, OriginPolicy())
        queue = HandshakeQueue(total=limits.handshakes, per_address=limits.handshakes_per_address)
        self._door = OnePageDoor(self.make, self._tokens, self._csrf, queue)
        self._http = HttpEndpoint(self._door)
        self._runner = Runner(lambda: self.registry)
        self._running: anyio.abc.TaskGroup | None = None
        self._task: asyncio.Task[None] = loop.create_task(self._run())

    async def _run(self) -> None:
        async with self._runner.running(), anyio.create_task_group() as self._running:
            await anyio.sleep_forever()

    @property
    def is_leaving(self) -> bool:
        """Whether it lets in nobody new."""
        return not self._door.is_open

    def serve_page(self) -> dict[str, object]:
        """Answer a page request: its HTML, what its `<meta>` says, and its path."""
        session = self.registry.open(self.make(), request=Asked(client=_ADDRESS), browser=_BROWSER)
        meta = {
            "session": session.id,
            "token": self._tokens.sign(session.id, _BROWSER),
            "csrf": self._csrf.masked(_BROWSER, session.id),
            "epoch": session.epoch,
            "rev": session.rev,
            "count": session.count,
        }
        html = f"<!doctype html><html><body>{session.html()}</body></html>"
        return {"html": html, "meta": meta, "path": "/"}

    def make(self) -> object:
        """Return the root of the one page."""
        return self._page(self.clock)

    def connect(self, line: Line) -> bool:
        """Serve a socket; False if it is refused."""
        try:
            handshake, seat = self._door.enter(HTTPConnection(_SCOPE))
        except Refused:
            return False
        self.lines.append(line)
        self._tasks.start_soon(self._serve, line, handshake, seat)
        return True

    async def _serve(self, line: Line, handshake: Handshake, seat: Seat) -> None:
        try:
            await attach(line, handshake, self.registry, self._door.gate(seat))
        finally:
            seat.release()

    def respond(
        self, headers: dict[str, str], receive: Receive, answered: Callable[[Response], object]
    ) -> None:
        """Answer an HTTP request, when there is something to say."""
        own = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        request = Request({**_SCOPE, "headers": [*_SCOPE["headers"], *own]}, receive)
        self._tasks.start_soon(self._respond, request, answered)

    async def _respond(self, request: Request, answered: Callable[[Response], object]) -> None:
        answered(await self._http.respond(request, self.registry))

    def drain(self, gone: Callable[[], object]) -> None:
        """Ask everybody to leave, and end when they have."""
        self._door.is_open = False
        self._tasks.start_soon(self._drain, gone)

    async def _drain(self, gone: Callable[[], object]) -> None:
        await self._runner.drain()
        gone()

    def stop(self) -> None:
        """End, with all sessions."""
        self._tasks.cancel_scope.cancel()

    @property
    def _tasks(self) -> anyio.abc.TaskGroup:
        assert self._running is not None
        return self._running
