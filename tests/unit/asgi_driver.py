"""Drives an ASGI application in process, on any event loop: no kernel and no other thread in between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

import anyio

Message = dict[str, Any]


@dataclass
class Answer:
    """What came back for a request."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def __getitem__(self, name: str) -> str:
        """The only header of this name."""
        (value,) = self.all(name)
        return value

    def all(self, name: str) -> list[str]:
        """All headers of this name."""
        return [value for key, value in self.headers if key == name.lower()]

    @property
    def text(self) -> str:
        return self.body.decode()


def scope_of(kind: str, path: str, *, root_path: str = "", **changes: Any) -> Message:
    """The scope of a request for `path` (with its query), as uvicorn makes it."""
    raw, _, query = path.partition("?")
    headers = {"host": "testserver", **changes.pop("headers", {})}
    return {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http" if kind == "http" else "ws",
        "server": ("testserver", 80),
        "client": ("192.0.2.1", 50_000),
        "root_path": root_path,
        "path": root_path + unquote(raw),
        "raw_path": (quote(root_path) + raw).encode(),
        "query_string": query.encode(),
        "headers": [(key.lower().encode(), value.encode()) for key, value in headers.items()],
        "state": {},
        **changes,
    }


async def request(
    app: Any, path: str, method: str = "GET", body: Iterable[bytes | None] = (b"",), **changes: Any
) -> Answer:
    """Send one request and return the answer.

    `body` are its chunks, the last one ends it; at `None` the client hangs up, at an empty chunk before the
    last one it never goes on.
    """
    answer = Answer()
    chunks = list(body)
    unread = iter(chunks)

    async def receive() -> Message:
        nonlocal left
        left -= 1
        chunk = next(unread, b"")
        if left < 0 or (chunk == b"" and left > 0):
            await anyio.Event().wait()  # nothing more comes, and nobody hangs up
        if chunk is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": chunk, "more_body": left > 0}

    left = len(chunks)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = [(key.decode().lower(), value.decode()) for key, value in message["headers"]]
        else:
            answer.body += message.get("body", b"")

    await app(scope_of("http", path, method=method, **changes), receive, send)
    return answer


class Socket:
    """The browser's end of a WebSocket of the application."""

    def __init__(self) -> None:
        self._to_app, self._app_reads = anyio.create_memory_object_stream[Message](100)
        self._to_us, self._from_app = anyio.create_memory_object_stream[Message](100)
        self._to_app.send_nowait({"type": "websocket.connect"})

    async def serve(self, app: Any, scope: Message) -> None:
        """Run the application on this socket; when it has returned, `event` raises `EndOfStream`."""
        await app(scope, self._app_reads.receive, self._to_us.send)
        self._to_us.close()

    async def event(self) -> Message:
        """The next thing that the application did."""
        return await self._from_app.receive()

    async def send(self, data: bytes | str) -> None:
        await self._to_app.send(
            {"type": "websocket.receive", "bytes" if isinstance(data, bytes) else "text": data}
        )

    async def leave(self, code: int = 1001) -> None:
        await self._to_app.send({"type": "websocket.disconnect", "code": code, "reason": ""})

    def end(self) -> None:
        """Say that no more comes from either side."""
        for stream in (self._to_app, self._app_reads, self._to_us, self._from_app):
            stream.close()


@asynccontextmanager
async def websocket(app: Any, path: str, **changes: Any) -> AsyncIterator[Socket]:
    """Ask for a WebSocket; the application has it while the block runs."""
    socket = Socket()
    changes.setdefault("subprotocols", ["vango.1"])
    changes.setdefault("extensions", {"websocket.http.response": {}})
    scope = scope_of("websocket", path, **changes)
    try:
        async with anyio.create_task_group() as group:
            group.start_soon(socket.serve, app, scope)
            try:
                yield socket
            finally:
                group.cancel_scope.cancel()
    finally:
        socket.end()


async def refusal(app: Any, path: str, headers: Mapping[str, str], **changes: Any) -> tuple[int, str]:
    """Ask for a WebSocket and return the status and the text with which it was refused."""
    async with websocket(app, path, headers=headers, **changes) as socket:
        start, body = await socket.event(), await socket.event()
    return start["status"], body["body"].decode()
