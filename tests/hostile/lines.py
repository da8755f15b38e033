"""One client on a connection of its own, in process, by a socket or by requests.

Both lines drive the application through ASGI, so that kinds, close codes and HTTP statuses are those that a
server sends.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Self

import anyio
from anyio.abc import TaskGroup
from asgi_driver import Answer, Socket, request, scope_of
from live_page import Visit, messages

from vango import App, protocol
from vango.application.http import MEDIA_TYPE
from vango.clock import VirtualClock
from vango.protocol import Error, HelloOk, Message, Result
from vango.sessions.session import Session


class Line(ABC):
    """A page that was loaded, and its connection.

    Attributes:
        visit: The page.
        heard: The messages that have come.
        code: The close code, `None` as long as the connection lives.
    """

    way: str

    def __init__(self, app: App, visit: Visit, clock: VirtualClock, tasks: TaskGroup) -> None:
        self.app = app
        self.visit = visit
        self.clock = clock
        self.heard: list[Message] = []
        self.code: int | None = None
        self._tasks = tasks

    @property
    def session(self) -> Session:
        """The session of the page."""
        session = self.app.registry.find(self.visit.live["session"], self.visit.client.instance)
        assert session is not None
        return session

    def hello(self, **changes: object) -> bytes:
        """The first message of the page, with some fields changed."""
        (message,) = protocol.decode(self.visit.client.hello(), 1 << 16)
        return protocol.encode(replace(message, **changes))

    async def greet(self, **changes: object) -> Self:
        """Say HELLO on a new connection, as `say` does."""
        await self.connect()
        await self.say(self.hello(**changes))
        return self

    @property
    def is_connected(self) -> bool:
        """Whether HELLO_OK came and no end since."""
        return self.code is None and any(isinstance(message, HelloOk) for message in self.heard)

    @property
    def wrongs(self) -> list[Error | Result]:
        """What has come that says that something went wrong."""
        return [
            one for one in self.heard if isinstance(one, Error) or (isinstance(one, Result) and one.error)
        ]

    @property
    @abstractmethod
    def status(self) -> int | None:
        """The HTTP status of the answer that said the last of them, `None` on a socket."""

    @property
    @abstractmethod
    def retry_after(self) -> str | None:
        """What that answer said of when to come back."""

    @abstractmethod
    async def connect(self) -> None:
        """Open a connection, instead of the one that there may be, on which nothing is said."""

    @abstractmethod
    async def say(self, *parts: bytes) -> None:
        """Send a message, HELLO or a later one, and settle; a body comes in these parts."""

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        await self.clock.advance(seconds)
        await self._hear()

    @abstractmethod
    async def _hear(self) -> None:
        """Take what has come."""

    def end(self) -> None:  # noqa: B027
        """Free what the connections had; they are gone."""


class SocketLine(Line):
    """A connection by a socket."""

    way = "websocket"
    status = None
    retry_after = None

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._sockets: list[Socket] = []

    async def connect(self) -> None:
        scope = scope_of("websocket", self.visit.url, headers=self.visit.headers, subprotocols=["vango.1"])
        self._sockets.append(Socket())
        self._tasks.start_soon(self._sockets[-1].serve, self.app, scope)
        assert (await self._sockets[-1].event())["type"] == "websocket.accept"
        self.heard, self.code = [], None

    async def say(self, *parts: bytes) -> None:
        await self._sockets[-1].send(b"".join(parts))
        await self._hear()

    async def _hear(self) -> None:
        socket = self._sockets[-1]
        await self.clock.settle()
        while self.code is None and socket._from_app.statistics().current_buffer_used:
            event = await socket.event()
            if event["type"] == "websocket.close":
                self.code = event["code"]
            else:
                self.heard += messages(event["bytes"])
            await self.clock.settle()

    def end(self) -> None:
        for socket in self._sockets:
            socket.end()


class HttpLine(Line):
    """A connection by requests; after HELLO one is always open, as a client has it."""

    way = "http"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.name = ""
        self.n = 0
        self._answers: dict[int, Answer] = {}
        self._read = 0
        self._last: Answer | None = None

    @property
    def status(self) -> int | None:
        return self._last.status if self._last is not None else None

    @property
    def retry_after(self) -> str | None:
        assert self._last is not None
        return next(iter(self._last.all("retry-after")), None)

    async def connect(self) -> None:
        self.name, self.n, self._answers, self._read = "", -1, {}, 0
        self.heard, self.code, self._last = [], None, None

    async def say(self, *parts: bytes) -> None:
        self.post(*parts)
        await self._hear()

    def post(self, *parts: bytes | None, n: int | None = None, **changes: str) -> None:
        """Send request `n`, the next one if that is not said, with some headers changed."""
        if n is None:
            n = self.n = self.n + 1
        numbered = {"Vango-Request": f"{self.name} {n}"} if n else {}
        headers = {**self.visit.headers, "Content-Type": MEDIA_TYPE, **numbered, **changes}
        self._tasks.start_soon(self._post, n, parts or (b"",), headers)

    async def _post(self, n: int, parts: tuple[bytes | None, ...], headers: dict[str, str]) -> None:
        self._answers[n] = await request(self.app, self.visit.url, "POST", parts, headers=headers)

    async def _hear(self) -> None:
        await self.clock.settle()
        while self.code is None and (answer := self._answers.get(self._read)) is not None:
            self._read += 1
            await self._take(answer)

    async def _take(self, answer: Answer) -> None:
        said = messages(answer.body)
        self.heard += said
        end = answer.all("vango-close")
        if any(one in self.wrongs for one in said) or end:
            self._last = answer
        if end:
            (self.code,) = map(int, end)
        elif not self.name:
            assert isinstance(said[0], HelloOk)
            self.name = said[0].attachment
        if self.code is None and self._read > self.n:
            self.post()
            await self.clock.settle()


LINES = {"websocket": SocketLine, "http": HttpLine}


@asynccontextmanager
async def line_to(way: str, app: App, clock: VirtualClock, path: str = "/") -> AsyncIterator[Any]:
    """Load a page of an application that runs, for a client by this way."""
    line: Line | None = None
    try:
        async with anyio.create_task_group() as tasks:
            line = LINES[way](app, await Visit.to(app, path), clock, tasks)
            yield line
            tasks.cancel_scope.cancel()
    finally:
        if line is not None:
            line.end()
