"""A connection made of HTTP requests: their bodies are the client's stream, their answers the server's.

Sans ASGI: an endpoint hands over the requests by their numbers and writes down the answers (PROTOCOL 3.16).

Invariants:
    - Bodies are received in the order of their numbers, each once.
    - Answers are given in that order; one that was given never changes.
    - The newest request waits for something to send, an older one is answered when the newer one is received.
    - What is kept of requests that were answered is as many answers as may be open, for who asks again.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import anyio
import anyio.lowlevel

from vango.errors import ProtocolError, TransportClosed
from vango.protocol import RULES
from vango.transports.base import Transport

__all__ = ["Answer", "HttpTransport"]

_CLOSED = 1000
_AWAY = 1001


class Answer(NamedTuple):
    """What a request is answered with.

    Attributes:
        body: Whole frames, or nothing.
        code: The close code of the connection that ends here, `None` where it goes on.
        kind: The error kind that ended it, "" for none.
        retry_after_ms: When it is worth connecting again; 0 if nothing is known.
    """

    body: bytes
    code: int | None = None
    kind: str = ""
    retry_after_ms: int = 0

    @property
    def status(self) -> int:
        """The HTTP status (PROTOCOL section 5)."""
        if self.kind in RULES:
            return RULES[self.kind].http
        return 200 if self.code in (None, _CLOSED) else 503


class Request:
    """One request, from its number to its answer; `HttpTransport.enter` makes it.

    Attributes:
        n: Its number.
        body: What it carried, until somebody receives it.
        is_taken: Whether the body is there.
        is_received: Whether somebody has received it.
        answer: What it is answered with.
        times: How often it came: the client, or a proxy, may send it again.
    """

    __slots__ = ("answer", "body", "is_received", "is_taken", "n", "times", "woken")

    def __init__(self, n: int) -> None:
        self.n = n
        self.body: bytes | None = None
        self.is_taken = False
        self.is_received = False
        self.answer: Answer | None = None
        self.times = 0
        self.woken = anyio.Event()

    def wake(self) -> None:
        """Let those look again who wait for the answer."""
        self.woken.set()
        self.woken = anyio.Event()


class HttpTransport(Transport):
    """The server's end of one connection over HTTP; request 0 carries HELLO."""

    __slots__ = (
        "_arrived",
        "_changed",
        "_end",
        "_fault",
        "_first",
        "_next",
        "_open",
        "_outgoing",
        "_requests",
        "_told",
    )

    def __init__(self, open_requests: int = 2) -> None:
        """Let `open_requests` wait for their answers at a time."""
        super().__init__()
        self._open = open_requests
        self._requests: dict[int, Request] = {}
        self._first = 0  # the lowest number without an answer
        self._next = 0  # the lowest number whose body was not taken
        self._arrived: deque[Request] = deque()
        self._outgoing = b""
        self._fault: ProtocolError | None = None
        self._end: Answer | None = None
        self._told = False
        self._changed = anyio.Event()

    # The requests

    def enter(self, n: int) -> Request | None:
        """Let request `n` in, for the first time or again; `None` if its answer has been forgotten.

        Call `deliver` with its body next, or `fail`; then await `answer`. One whose answer has been forgotten
        is a copy that the network was late with: the client has that answer, or it would not have gone on.

        Raises:
            ProtocolError: It is too early for this number, or too many requests are open.
        """
        request = self._requests.get(n)
        if request is None:
            if n < self._first:
                return None
            if self._end is not None:
                raise ProtocolError(0, "the connection has ended")
            if n >= self._first + self._open:
                raise ProtocolError(0, f"request {n} is out of order, the next one is {self._first}")
            request = self._requests[n] = Request(n)
            for old in [known for known in self._requests if known <= n - self._open]:
                del self._requests[old]  # the client has their answers, else more than these were open
        request.times += 1
        request.wake()
        return request

    def deliver(self, request: Request, body: bytes) -> None:
        """Take the whole body of a request; where the request came more than once, the first body counts."""
        if request.body is None and not request.is_taken:
            request.body = body
        while (ready := self._requests.get(self._next)) is not None and ready.body is not None:
            self._arrived.append(ready)
            ready.is_taken = True
            self._next += 1
        self._settle()
        self._wake()

    def fail(self, fault: ProtocolError) -> None:
        """A request broke the protocol: who receives learns of it, and ends the connection."""
        self._fault = self._fault or fault
        self._wake()

    async def answer(self, request: Request, time: int) -> Answer | None:
        """Return the answer of a request; `None` if the request came again meanwhile, which gets it then.

        Args:
            request: What `enter` returned.
            time: Its `times` then.
        """
        while request.answer is None:
            if request.times != time:
                return None
            await request.woken.wait()
        return request.answer

    async def ended(self) -> Answer:
        """Return the last words, when they are said: the answer of a request that was not let in."""
        while self._end is None:
            await self._changed.wait()
        self._told = True
        self._wake()
        return self._end

    # The transport

    async def receive(self) -> bytes:
        """Return the next body.

        Raises:
            TransportClosed: The connection has ended.
            ProtocolError: A request was not as it has to be.
        """
        await anyio.lowlevel.checkpoint()
        while not self._arrived:
            self._check()
            if self._fault is not None:
                raise self._fault
            await self._changed.wait()
        self._check()
        request = self._arrived.popleft()
        body, request.body, request.is_received = request.body or b"", None, True
        self._settle()
        return body

    async def send(self, data: bytes) -> None:
        """Answer with one message; waits until there is a request to answer."""
        await anyio.lowlevel.checkpoint()
        self._check()
        self._outgoing = data
        self._settle()
        try:
            while self._outgoing:
                await self._changed.wait()
                self._check()
        finally:
            self._outgoing = b""

    def discard(self) -> None:
        """Forget the message that waits for a request; `send` returns as if it had gone."""
        self._outgoing = b""
        self._wake()

    async def close(
        self, code: int = 1000, reason: str = "", *, last: bytes = b"", retry_after_ms: int = 0
    ) -> None:
        """End the connection; returns when a request has learnt of it, the next one if none is open."""
        self._finish(Answer(last, code, reason, retry_after_ms))
        while not self._told:
            await self._changed.wait()

    def cut(self) -> None:
        """End the connection without a word, if it has not ended: nobody serves it any more."""
        self._finish(Answer(b"", _AWAY))

    def _finish(self, end: Answer) -> None:
        if self._end is None:
            self._end = end
            open_now = sorted(n for n, request in self._requests.items() if request.answer is None)
            for place, n in enumerate(open_now):
                # The last words are said once, in the first of these answers.
                self._requests[n].answer = end._replace(body=b"") if place else end
                self._requests[n].wake()
            self._told = bool(open_now)
            self._wake()

    def _settle(self) -> None:
        """Give the answers that are due."""
        while (request := self._requests.get(self._first)) is not None and request.is_taken:
            newer = self._requests.get(self._first + 1)
            # What nobody receives does not make room for more: so a client is felt that is not read.
            makes_way = newer is not None and newer.is_received
            if request.answer is not None or not (self._outgoing or makes_way):
                return
            request.answer, self._outgoing = Answer(self._outgoing), b""
            request.wake()
            self._first += 1
            self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    def _check(self) -> None:
        if self._end is not None:
            raise TransportClosed(self._end.code or _CLOSED, self._end.kind)
