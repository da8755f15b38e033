"""HTTP requests that are late, cut at any byte, doubled, and answered to nobody."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Literal

import anyio
from starlette.responses import Response
from starlette.types import Message

from .agenda import Agenda
from .server import Server

__all__ = ["FATES", "Exchange", "Fate"]

Fate = Literal["", "lost", "cut", "twice", "unanswered", "cut answer", "late", "in pieces", "bad gateway"]
FATES: tuple[Fate, ...] = (
    *("lost", "cut", "twice", "twice", "unanswered", "unanswered"),
    *("cut answer", "late", "in pieces", "bad gateway"),
)
"""What may become of a request: it never arrives; arrives in part; arrives twice; is answered, and nobody
hears it; is answered in part; is held up on either way; arrives in pieces; something else answers it."""


class Exchange:
    """One request of a page: on its way, at the server, and its answer on the way back.

    Attributes:
        fate: What is to become of it.
        is_open: The page waits for an answer.
    """

    def __init__(
        self,
        agenda: Agenda,
        rng: Random,
        delay_s: float,
        headers: dict[str, str],
        body: bytes,
        fate: Fate,
        *,
        answered: Callable[[Response, int], object],
        failed: Callable[[], object],
        seen: Callable[[Response], object],
    ) -> None:
        """Prepare; `send` lets it go.

        Args:
            agenda: When things happen.
            rng: Chance.
            delay_s: How long a way takes, on average.
            headers: What the request says of itself.
            body: What it carries.
            fate: What is to become of it.
            answered: Tells the page the answer, and how many bytes of its body arrive, all or fewer.
            failed: Tells the page that there is no answer.
            seen: Is told every answer that the server gives.
        """
        self.fate = fate
        self.is_open = True
        self._agenda = agenda
        self._rng = rng
        self._delay_s = delay_s
        self._headers = headers
        self._body = body
        self._answered = answered
        self._failed = failed
        self._seen = seen
        self._deliveries: list[_Delivery] = []

    def send(self, server: Callable[[], Server | None]) -> None:
        """Let it go to the server that is there when it arrives."""
        if self.fate == "lost":
            self._fail()
            return
        late_s = self._rng.uniform(0.5, 40) if self.fate == "late" else 0.0
        self._after(lambda: self._arrive(server()), late_s)
        if self.fate == "twice":
            self._after(lambda: self._arrive(server()), self._rng.choice((0.0, 0.3, 30.0)))

    def abort(self) -> None:
        """The page waits no longer: what is not at the server breaks off, somewhere."""
        self.is_open = False
        for delivery in self._deliveries:
            delivery.break_off()

    def break_(self, *, told: bool) -> None:
        """The connection breaks: nobody hears an answer, and the page knows it if it is `told`."""
        self.fate = "unanswered"
        if told:
            self._fail()

    def _arrive(self, server: Server | None) -> None:
        if server is None:
            self._fail()
            return
        pieces = [self._body]
        if self.fate in ("cut", "in pieces"):
            at = self._rng.randrange(len(self._body) + 1)
            pieces = [self._body[:at], self._body[at:]]
        if self.fate == "cut":
            pieces.pop()
        delivery = _Delivery(pieces, breaks=self.fate == "cut")
        self._deliveries.append(delivery)
        server.respond(self._headers, delivery.receive, self._answer)
        delivery.advance()
        if self.fate == "cut":
            self._fail()
        elif delivery.waits:
            self._after(delivery.advance, self._rng.choice((0.0, 0.5, 8.0, 20.0)))

    def _answer(self, response: Response) -> None:
        self._seen(response)
        if self.fate == "unanswered":
            if self._rng.random() < 0.7:
                self._fail()
        elif self.fate == "bad gateway":
            self._hear(Response("Bad gateway", 502, media_type="text/html"), -1)
        else:
            is_cut = self.fate == "cut answer"
            self._hear(response, self._rng.randrange(len(response.body) + 1) if is_cut else -1)

    def _hear(self, response: Response, bytes_: int) -> None:
        def hear() -> None:
            if self.is_open:
                self.is_open = False
                self._answered(response, bytes_)

        self._after(hear, self._rng.uniform(0.2, 40) if self.fate == "late" else 0.0)

    def _fail(self) -> None:
        def fail() -> None:
            if self.is_open:
                self.is_open = False
                self._failed()

        self._after(fail)

    def _after(self, act: Callable[[], object], late_s: float = 0.0) -> None:
        delay_s = late_s + self._rng.expovariate(1 / self._delay_s)
        self._agenda.at(self._agenda.now + delay_s, act)


class _Delivery:
    """A body as a server reads it, piece by piece."""

    def __init__(self, pieces: list[bytes], *, breaks: bool) -> None:
        self._pieces = pieces
        self._breaks = breaks
        self._ready: list[Message] = []
        self._news = anyio.Event()

    @property
    def waits(self) -> bool:
        """Whether some of it is still to come."""
        return bool(self._pieces)

    def advance(self) -> None:
        """Let the next piece arrive."""
        if self._pieces:
            piece = self._pieces.pop(0)
            self._say({"type": "http.request", "body": piece, "more_body": self.waits or self._breaks})
        if self._breaks and not self._pieces:
            self._say({"type": "http.disconnect"})

    def break_off(self) -> None:
        """Nothing more arrives."""
        self._pieces.clear()
        self._say({"type": "http.disconnect"})

    def _say(self, message: Message) -> None:
        self._ready.append(message)
        self._news.set()

    async def receive(self) -> Message:
        """Return the next piece (ASGI)."""
        while not self._ready:
            self._news = anyio.Event()
            await self._news.wait()
        return self._ready.pop(0)
