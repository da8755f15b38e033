"""vango's own server in this process and on virtual time, as the kit sees it: by memory, WebSocket and HTTP.

The application is called through ASGI, no kernel in between.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, MutableMapping
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import unquote

import anyio
from anyio.abc import TaskGroup

from vango.application.app import App
from vango.application.http import CLOSE_HEADER, MEDIA_TYPE, REQUEST_HEADER
from vango.application.live import SUBPROTOCOL
from vango.application.security import COOKIE, HandshakeQueue
from vango.clock import VirtualClock
from vango.errors import ErrorReport, TransportBroken, TransportClosed
from vango.limits import Limits
from vango.sessions.attachment import Handshake, attach
from vango.testing.conformance.http_link import LOST, HttpAnswer, HttpLink
from vango.testing.conformance.reference import reference_page
from vango.testing.conformance.server import Link, ServedPage, Server
from vango.transports.memory import MemoryTransport, memory_pair

__all__ = ["TRANSPORTS", "HostedServer"]

TRANSPORTS = ("memory", "websocket", "http")

_SECRET = "the secret of a server that only tests know"  # noqa: S105
_HELD_MESSAGES = 16  # that a network holds before it is felt

AsgiMessage = MutableMapping[str, Any]


class HostedServer(Server):
    """An application that shows the reference page, and connections to it that never leave the process."""

    name = "vango"
    transports = TRANSPORTS

    def __init__(self, transport: str = "memory", *, ring: int = 100) -> None:
        """Prepare; `async with` starts it.

        Args:
            transport: What `connect` opens: "memory", "websocket" or "http".
            ring: How many bursts it keeps for replay.
        """
        self.transport = transport
        self.ring = ring
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
            secret=_SECRET, limits=self._limits, clock=self.clock, on_error=self.reports.append, debug=False
        )
        self.app.page("/")(reference_page)
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

    async def visit(self, cookie: str = "") -> ServedPage:
        """Load the reference page."""
        answer = await _request(self.app, "GET", "/", {"Cookie": cookie} if cookie else {})
        given = [value.split(";")[0] for name, value in answer.headers if name == "set-cookie"]
        return ServedPage.read(answer.body.decode(), "; ".join(given) or cookie, "/")

    async def connect(self, page: ServedPage, *, transport: str = "") -> Link:
        """Open a connection of a page."""
        headers = {"Cookie": page.cookie, "Origin": "http://testserver"}
        match transport or self.transport:
            case "memory":
                return _MemoryLink(self.app, page, self._running, self._tasks)
            case "websocket":
                return _SocketLink(self.app, page.meta["url"], headers, self._tasks)
            case "http":
                return _HttpLink(self.app, page.meta["url"], headers, self._tasks)
            case other:
                raise ValueError(f"no transport is called {other!r}")


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
        self._ours, theirs = memory_pair(_HELD_MESSAGES)
        running.links.append(self._ours)
        self._paused = False
        browser = page.cookie.removeprefix(f"{COOKIE}=")
        # What stands in front of the session half is the application's own, without a request in front of it.
        gate = app._door.gate(
            lambda path: app._visits.root(path, ""), HandshakeQueue(total=1, per_address=1).take("")
        )
        tasks.start_soon(attach, theirs, Handshake(browser, "192.0.2.1"), app.registry, gate)

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


class _SocketLink(Link):
    """A connection by a WebSocket of ASGI."""

    def __init__(self, app: App, url: str, headers: dict[str, str], tasks: TaskGroup) -> None:
        self._incoming: deque[AsgiMessage] = deque([{"type": "websocket.connect"}])
        self._outgoing: deque[bytes] = deque()
        self._changed = anyio.Event()
        self._paused = False
        self._accepted = False
        self._code: int | None = None
        scope = _scope("websocket", url, headers, subprotocols=[SUBPROTOCOL])
        tasks.start_soon(self._serve, app, scope)

    async def _serve(self, app: App, scope: AsgiMessage) -> None:
        await app(scope, self._receive, self._send)
        self._code = LOST if self._code is None else self._code

    async def _receive(self) -> AsgiMessage:
        while not self._incoming:
            await self._changed.wait()
        return self._incoming.popleft()

    async def _send(self, message: AsgiMessage) -> None:
        match message["type"]:
            case "websocket.accept":
                self._accepted = True
            case "websocket.send":
                while len(self._outgoing) >= _HELD_MESSAGES and self._code is None:
                    await self._changed.wait()
                self._outgoing.append(message["bytes"])
            case "websocket.close":
                self._code = message.get("code", 1000) if self._accepted else LOST

    async def send(self, data: bytes) -> None:
        """Send one message."""
        if self._code is None:
            self._put({"type": "websocket.receive", "bytes": data})

    def received(self) -> list[bytes]:
        """Return what has come."""
        if self._paused:
            return []
        came = list(self._outgoing)
        self._outgoing.clear()
        self._wake()
        return came

    def pause(self) -> None:
        """Read no further."""
        self._paused = True

    def go_on(self) -> None:
        """Read again."""
        self._paused = False

    def cut(self) -> None:
        """Break the connection."""
        if self._code is None:
            self._code = LOST
            self._outgoing.clear()
            self._incoming.clear()
            self._put({"type": "websocket.disconnect", "code": LOST, "reason": ""})

    @property
    def code(self) -> int | None:
        """How the server has closed."""
        return self._code

    def _put(self, message: AsgiMessage) -> None:
        self._incoming.append(message)
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()


class _HttpLink(HttpLink):
    """A connection by requests through ASGI."""

    def __init__(self, app: App, url: str, headers: dict[str, str], tasks: TaskGroup) -> None:
        super().__init__(tasks)
        self._app = app
        self._url = url
        self._headers = {**headers, "Content-Type": MEDIA_TYPE}

    async def post(self, body: bytes, request: str, hang_up: anyio.Event) -> HttpAnswer:
        """Send one request."""
        headers = {**self._headers, **({REQUEST_HEADER: request} if request else {})}
        answer = await _request(self._app, "POST", self._url, headers, body, hang_up)
        codes = [int(value) for name, value in answer.headers if name == CLOSE_HEADER.lower()]
        return HttpAnswer(answer.body, codes[0] if codes else None)


class _Answer:
    """What came back for a request."""

    def __init__(self) -> None:
        self.headers: list[tuple[str, str]] = []
        self.body = b""


async def _request(
    app: App,
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes = b"",
    hang_up: anyio.Event | None = None,
) -> _Answer:
    """Send one request; `hang_up` is what makes the client leave before the answer is there."""
    answer, unread = _Answer(), [body]

    async def receive() -> AsgiMessage:
        if unread:
            return {"type": "http.request", "body": unread.pop(), "more_body": False}
        await (hang_up or anyio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: AsgiMessage) -> None:
        if message["type"] == "http.response.start":
            answer.headers = [(key.decode().lower(), value.decode()) for key, value in message["headers"]]
        else:
            answer.body += message.get("body", b"")

    serving: Callable[..., Any] = app
    with anyio.CancelScope() as scope:
        if hang_up is None:
            await serving(_scope("http", path, headers, method=method), receive, send)
        else:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_cancel_when, hang_up, scope)
                await serving(_scope("http", path, headers, method=method), receive, send)
                tasks.cancel_scope.cancel()
    return answer


async def _cancel_when(event: anyio.Event, scope: anyio.CancelScope) -> None:
    await event.wait()
    scope.cancel()


def _scope(kind: str, path: str, headers: dict[str, str], **more: Any) -> AsgiMessage:
    raw, _, query = path.partition("?")
    return {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http" if kind == "http" else "ws",
        "server": ("testserver", 80),
        "client": ("192.0.2.1", 50_000),
        "root_path": "",
        "path": unquote(raw),
        "raw_path": raw.encode(),
        "query_string": query.encode(),
        "headers": [
            (name.lower().encode(), value.encode())
            for name, value in {"host": "testserver", **headers}.items()
        ],
        "state": {},
        **more,
    }
