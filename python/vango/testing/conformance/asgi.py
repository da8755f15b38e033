"""Connections to an ASGI application in this process: sockets and requests, no kernel in between."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, MutableMapping
from typing import Any
from urllib.parse import unquote

import anyio
from anyio.abc import TaskGroup

from vango.application.http import CLOSE_HEADER, MEDIA_TYPE, REQUEST_HEADER
from vango.application.live import SUBPROTOCOL
from vango.testing.conformance.http_link import LOST, HttpAnswer, HttpLink
from vango.testing.conformance.server import BlueprintLink, Link

__all__ = ["HELD_MESSAGES", "AsgiBlueprintLink", "AsgiHttpLink", "AsgiSocketLink", "request"]

HELD_MESSAGES = 2
"""That a network holds before it is felt."""

AsgiApp = Callable[..., Any]
AsgiMessage = MutableMapping[str, Any]


class _Socket:
    """A WebSocket of ASGI, the client's end."""

    def __init__(
        self, app: AsgiApp, url: str, headers: dict[str, str], protocols: list[str], tasks: TaskGroup
    ) -> None:
        self._incoming: deque[AsgiMessage] = deque([{"type": "websocket.connect"}])
        self._outgoing: deque[bytes | str] = deque()
        self._changed = anyio.Event()
        self._accepted = False
        self.paused = False
        self.code: int | None = None
        tasks.start_soon(self._serve, app, _scope("websocket", url, headers, subprotocols=protocols))

    async def _serve(self, app: AsgiApp, scope: AsgiMessage) -> None:
        await app(scope, self._receive, self._send)
        self.code = LOST if self.code is None else self.code

    async def _receive(self) -> AsgiMessage:
        while not self._incoming:
            await self._changed.wait()
        return self._incoming.popleft()

    async def _send(self, message: AsgiMessage) -> None:
        match message["type"]:
            case "websocket.accept":
                self._accepted = True
            case "websocket.send":
                while len(self._outgoing) >= HELD_MESSAGES and self.code is None:
                    await self._changed.wait()
                data = message.get("bytes")
                self._outgoing.append(message["text"] if data is None else data)
            case "websocket.close":
                self.code = message.get("code", 1000) if self._accepted else LOST

    def put(self, **message: bytes | str) -> None:
        """Send one message."""
        if self.code is None:
            self._incoming.append({"type": "websocket.receive", **message})
            self._wake()

    def take(self) -> list[bytes | str]:
        """Return what has come."""
        if self.paused:
            return []
        came = list(self._outgoing)
        self._outgoing.clear()
        self._wake()
        return came

    def cut(self) -> None:
        """Break the connection."""
        if self.code is None:
            self.code = LOST
            self._outgoing.clear()
            self._incoming.clear()
            self._incoming.append({"type": "websocket.disconnect", "code": LOST, "reason": ""})
            self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()


class AsgiSocketLink(Link):
    """A connection by a WebSocket."""

    def __init__(self, app: AsgiApp, url: str, headers: dict[str, str], tasks: TaskGroup) -> None:
        """Open it, in a task of `tasks`."""
        self._socket = _Socket(app, url, headers, [SUBPROTOCOL], tasks)

    async def send(self, data: bytes) -> None:
        """Send one message."""
        self._socket.put(bytes=data)

    def received(self) -> list[bytes]:
        """Return what has come."""
        return [data if isinstance(data, bytes) else data.encode() for data in self._socket.take()]

    def pause(self) -> None:
        """Read no further."""
        self._socket.paused = True

    def go_on(self) -> None:
        """Read again."""
        self._socket.paused = False

    def cut(self) -> None:
        """Break the connection."""
        self._socket.cut()

    @property
    def code(self) -> int | None:
        """How the server has closed."""
        return self._socket.code


class AsgiBlueprintLink(BlueprintLink):
    """A WebSocket that asks for no subprotocol."""

    def __init__(self, app: AsgiApp, url: str, headers: dict[str, str], tasks: TaskGroup) -> None:
        """Open it, in a task of `tasks`."""
        self._socket = _Socket(app, url, headers, [], tasks)

    async def say(self, text: str) -> None:
        """Send one message."""
        self._socket.put(text=text)

    def heard(self) -> list[str | bytes]:
        """Return what has come."""
        return [*self._socket.take()]

    def cut(self) -> None:
        """Break the connection."""
        self._socket.cut()

    @property
    def code(self) -> int | None:
        """How the server has closed."""
        return self._socket.code


class AsgiHttpLink(HttpLink):
    """A connection by requests through ASGI."""

    def __init__(self, app: AsgiApp, url: str, headers: dict[str, str], tasks: TaskGroup) -> None:
        """Ask in tasks of `tasks`."""
        super().__init__(tasks)
        self._app = app
        self._url = url
        self._headers = {**headers, "Content-Type": MEDIA_TYPE}

    async def post(self, body: bytes, number: str, hang_up: anyio.Event) -> HttpAnswer:
        """Send one request."""
        headers = {**self._headers, **({REQUEST_HEADER: number} if number else {})}
        answer = await request(self._app, "POST", self._url, headers, body, hang_up)
        codes = [int(value) for name, value in answer.headers if name == CLOSE_HEADER.lower()]
        return HttpAnswer(answer.body, codes[0] if codes else None)


class Answer:
    """What came back for a request."""

    def __init__(self) -> None:
        self.headers: list[tuple[str, str]] = []
        self.body = b""


async def request(
    app: AsgiApp,
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes = b"",
    hang_up: anyio.Event | None = None,
) -> Answer:
    """Send one request; `hang_up` is what makes the client leave before the answer is there."""
    answer, unread = Answer(), [body]

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

    with anyio.CancelScope() as scope:
        if hang_up is None:
            await app(_scope("http", path, headers, method=method), receive, send)
        else:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_cancel_when, hang_up, scope)
                await app(_scope("http", path, headers, method=method), receive, send)
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
