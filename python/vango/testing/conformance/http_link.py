"""A connection by HTTP requests, the client's end (PROTOCOL 3.16): one is open, a second to say something."""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from typing import NamedTuple

import anyio
from anyio.abc import TaskGroup

from vango.protocol import HelloOk, decode
from vango.testing.conformance.server import Link

__all__ = ["LOST", "HttpAnswer", "HttpLink"]

LOST = 1006


class HttpAnswer(NamedTuple):
    """What a request was answered with; `code` is that of `Vango-Close`, where the connection ends."""

    body: bytes
    code: int | None = None


class HttpLink(Link):
    """A connection by requests; a subclass says how one is made."""

    def __init__(self, tasks: TaskGroup) -> None:
        """Let requests run in `tasks`."""
        self._tasks = tasks
        self._attachment = ""
        self._n = 0
        self._saying: deque[bytes] = deque()
        self._open: dict[int, anyio.Event] = {}  # by number; what makes the client hang up
        self._answers: dict[int, bytes] = {}
        self._given = 0
        self._came: list[bytes] = []
        self._paused = False
        self._code: int | None = None
        self._ended_by = 0

    @abstractmethod
    async def post(self, body: bytes, number: str, hang_up: anyio.Event) -> HttpAnswer:
        """Send one request.

        Args:
            body: Whole frames or nothing.
            number: What `Vango-Request` says, "" for the first one.
            hang_up: Set when nobody waits for the answer any more.
        """

    async def send(self, data: bytes) -> None:
        """Send one message."""
        if self._code is None:
            self._saying.append(data)
            self._pump()

    def received(self) -> list[bytes]:
        """Return what has come."""
        came, self._came = self._came, []
        return came

    def pause(self) -> None:
        """Ask for no more."""
        self._paused = True

    def go_on(self) -> None:
        """Ask again."""
        self._paused = False
        self._pump()

    def cut(self) -> None:
        """Hang up on every open request, and never come back."""
        if self._code is None:
            self._code = LOST
        for hang_up in self._open.values():
            hang_up.set()

    @property
    def code(self) -> int | None:
        """How the server has closed."""
        return self._code

    def _end(self, n: int, code: int) -> None:
        """Note how it has ended; of several answers that say so the one of the lowest number counts."""
        if self._code is None or n < self._ended_by:
            self._code, self._ended_by = code, n

    def _pump(self) -> None:
        if self._code is not None:
            return
        if not self._attachment:
            if self._saying and not self._open:
                self._post(0, self._saying.popleft())
            return
        while len(self._open) < 2 and (self._saying or (not self._open and not self._paused)):
            self._n += 1
            self._post(self._n, self._saying.popleft() if self._saying else b"")

    def _post(self, n: int, body: bytes) -> None:
        self._open[n] = hang_up = anyio.Event()
        self._tasks.start_soon(self._exchange, n, body, hang_up)

    async def _exchange(self, n: int, body: bytes, hang_up: anyio.Event) -> None:
        answer = await self.post(body, f"{self._attachment} {n}" if n else "", hang_up)
        del self._open[n]
        if hang_up.is_set():
            return
        self._answers[n] = answer.body
        while self._given in self._answers:
            data = self._answers.pop(self._given)
            self._given += 1
            if data:
                self._came.append(data)
        if answer.code is not None:
            self._end(n, answer.code)
        elif not self._attachment and answer.body:
            first = decode(answer.body, len(answer.body))[0]
            self._attachment = first.attachment if isinstance(first, HelloOk) else ""
        self._pump()
