"""vango's own server in this process and on virtual time, as the kit sees it: by memory, WebSocket and HTTP.

The application is called through ASGI, no kernel in between.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from http.cookies import SimpleCookie
from typing import Literal

import anyio
from anyio.abc import TaskGroup

from vango.application.app import App
from vango.application.cookies import COOKIE
from vango.application.handshakes import HandshakeQueue
from vango.clock import VirtualClock
from vango.errors import ErrorReport, TransportBroken, TransportClosed
from vango.limits import Limits
from vango.request import Request
from vango.sessions.attachment import Handshake, attach
from vango.testing.conformance.asgi import (
    HELD_MESSAGES,
    AsgiBlueprintLink,
    AsgiHttpLink,
    AsgiSocketLink,
    request,
)
from vango.testing.conformance.http_link import LOST
from vango.testing.conformance.outcome import NotApplicable
from vango.testing.conformance.reference_site import reference_site
from vango.testing.conformance.server import BlueprintLink, Link, ServedPage, Server, merged
from vango.transports.memory import MemoryTransport, memory_pair

__all__ = ["TRANSPORTS", "HostedServer"]

TRANSPORTS = ("memory", "websocket", "http")

_SECRET = "the secret of a server that only tests know"  # noqa: S105


class HostedServer(Server):
    """An application that shows the reference page, and connections to it that never leave the process."""

    name = "vango"
    transports = TRANSPORTS

    def __init__(
        self, transport: str = "memory", *, ring: int = 100, blueprint: Literal["serve", "refuse"] = "serve"
    ) -> None:
        """Prepare; `async with` starts it.

        Args:
            transport: What `connect` opens: "memory", "websocket" or "http".
            ring: How many bursts it keeps for replay.
            blueprint: What becomes of a socket without a subprotocol: "serve" or "refuse".
        """
        self.transport = transport
        self.ring = ring
        self.blueprint: Literal["serve", "refuse"] = blueprint
        self.clock = VirtualClock()
        self.reports: list[ErrorReport] = []
        self._limits = Limits(ring_bursts=ring)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> HostedServer:
        await self._stack.__aenter__()
        self._tasks: TaskGroup = await self._stack.enter_async_context(anyio.create_task_group())
        await self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._running.close()
        self._tasks.cancel_scope.cancel()
        await self._stack.__aexit__(None, None, None)

    async def _start(self) -> None:
        self.app = App(
            secret=_SECRET,
            limits=self._limits,
            clock=self.clock,
            on_error=self.reports.append,
            debug=False,
            blueprint=self.blueprint,
        )
        reference_site(self.app)
        self._running = _Running(self.app)
        await self._tasks.start(self._running.run)

    async def restart(self) -> None:
        """End the process, so to speak, and start it again: its sessions and its connections are gone."""
        self._running.close()
        await self.settle()
        await self._start()

    async def settle(self) -> None:
        """Return when every task waits for something."""
        await self.clock.settle()

    async def advance(self, seconds: float) -> None:
        """Move the clock."""
        await self.clock.advance(seconds)
        await self.settle()

    async def drain(self) -> None:
        """Let it begin to stop."""
        self._tasks.start_soon(self.app.drain)
        await self.settle()

    async def visit(self, cookie: str = "", path: str = "/") -> ServedPage:
        """Load a page."""
        answer = await request(self.app, "GET", path, {"Cookie": cookie} if cookie else {})
        given = [value.split(";")[0] for name, value in answer.headers if name == "set-cookie"]
        return ServedPage.read(answer.body.decode(), merged(cookie, given), path)

    async def connect(self, page: ServedPage, *, transport: str = "", origin: str = "") -> Link:
        """Open a connection of a page."""
        headers = _headers(page, origin)
        match transport or self.transport:
            case "memory":
                if origin or COOKIE not in page.cookie:
                    raise NotApplicable("no request opens a connection by memory")
                link = _MemoryLink(self.app, page, self._running, self._tasks)
                if not self.app._door.is_open:
                    link.cut()
                return link
            case "websocket":
                return AsgiSocketLink(self.app, page.meta["url"], headers, self._tasks)
            case "http":
                return AsgiHttpLink(self.app, page.meta["url"], headers, self._tasks)
            case other:
                raise ValueError(f"no transport is called {other!r}")

    async def listen(self, page: ServedPage) -> BlueprintLink:
        """Open a socket that asks for no subprotocol."""
        if self.transport != "websocket":
            return await super().listen(page)
        return AsgiBlueprintLink(self.app, page.meta["url"], _headers(page), self._tasks)


def _headers(page: ServedPage, origin: str = "") -> dict[str, str]:
    said = {"Origin": origin or "http://testserver"}
    return {**said, "Cookie": page.cookie} if page.cookie else said


class _Running:
    """An application whose lifespan runs in a task of its own."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._over = anyio.Event()
        self.links: list[MemoryTransport] = []

    async def run(self, *, task_status: anyio.abc.TaskStatus[None]) -> None:
        async with self._app.lifespan():
            task_status.started()
            await self._over.wait()

    def close(self) -> None:
        self._over.set()
        for link in self.links:
            link.cut()


class _MemoryLink(Link):
    """A connection by two queues."""

    def __init__(self, app: App, page: ServedPage, running: _Running, tasks: TaskGroup) -> None:
        self._ours, theirs = memory_pair(HELD_MESSAGES)
        running.links.append(self._ours)
        self._paused = False
        browser = SimpleCookie(page.cookie)[COOKIE].value
        # What stands in front of the session half is the application's own, without a request in front of it.
        gate = app._door.gate(HandshakeQueue(total=1, per_address=1).take(""))
        cookies = {name: one.value for name, one in SimpleCookie(page.cookie).items()}
        handshake = Handshake(browser, Request(client="192.0.2.1", cookies=cookies))
        tasks.start_soon(attach, theirs, handshake, app.registry, gate)

    async def send(self, data: bytes) -> None:
        """Send one message."""
        try:
            await self._ours.send(data)
        except (TransportClosed, TransportBroken):
            return

    def received(self) -> list[bytes]:
        """Return what has come."""
        return [] if self._paused else self._ours.receive_all()

    def pause(self) -> None:
        """Read no further."""
        self._paused = True

    def go_on(self) -> None:
        """Read again."""
        self._paused = False

    def cut(self) -> None:
        """Break the connection."""
        self._ours.cut()

    @property
    def code(self) -> int | None:
        """How the server has closed."""
        end = self._ours.end
        return None if end is None else end.code if isinstance(end, TransportClosed) else LOST
