"""Connections that delay, fall silent in one direction, lose, double, and end at any byte."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from random import Random

import anyio
import anyio.lowlevel

from vango import protocol
from vango.transports.base import Transport, TransportBroken, TransportClosed

from .agenda import Agenda

__all__ = ["Lane", "Line"]

_ROOM = 16
"""So many messages a direction holds: who sends more waits."""
_LOSABLE = (
    *(protocol.Snapshot, protocol.Diff, protocol.Result, protocol.Ping),
    *(protocol.Event, protocol.Ack, protocol.Refetch),
)
_MAX_BYTES = 1 << 24


class Lane:
    """One direction of a connection: whole messages in order, each after a delay.

    Attributes:
        silent: What is sent now never arrives, and nobody is told.
        lossy: The chance that a message is lost, and that it comes twice.
        cut_after: So many bytes pass before the connection breaks, if it is to break.
        held_until: Nothing arrives before.
        pace_s: So long every message takes by itself.
        underway: How many messages have not arrived.
    """

    def __init__(
        self, agenda: Agenda, rng: Random, delay_s: float, arrive: Callable[[bytes], object]
    ) -> None:
        self._agenda = agenda
        self._rng = rng
        self._delay_s = delay_s
        self._arrive = arrive
        self._last = 0.0
        self.silent = False
        self.lossy = 0.0
        self.cut_after: int | None = None
        self.held_until = 0.0
        self.pace_s = 0.0
        self.underway = 0

    def carry(self, data: bytes) -> bool:
        """Take a message on its way; False if that broke the connection."""
        if self.cut_after is not None:
            self.cut_after -= len(data)
            if self.cut_after < 0:
                return False
        if self.silent:
            return True
        copies = 1
        if self.lossy and self._rng.random() < self.lossy and _is_losable(data):
            copies = self._rng.choice((0, 2))
        for _ in range(copies):
            self.underway += 1
            self.then(lambda: self._deliver(data))
        return True

    def then(self, act: Callable[[], object]) -> None:
        """Do something behind all that was sent before."""
        delay_s = self._rng.expovariate(1 / self._delay_s)
        self._last = max(self._last + self.pace_s, self.held_until, self._agenda.now + delay_s)
        self._agenda.at(self._last, act)

    def _deliver(self, data: bytes) -> None:
        self.underway -= 1
        if not self.silent:
            self._arrive(data)


def _is_losable(data: bytes) -> bool:
    """Tell whether a stream goes on without this message.

    A greeting, an end, a part of a burst or what went wrong is said once only.
    """
    messages = protocol.decode(data, _MAX_BYTES)
    told = (each.error for each in messages if isinstance(each, protocol.Result))
    flags = (getattr(each, "flags", 0) for each in messages)
    return (
        all(isinstance(each, _LOSABLE) for each in messages)
        and not any(told)
        and not any(flag & protocol.FLAG_MORE for flag in flags)
    )


class Line(Transport):
    """One connection; it is the server's end of itself.

    Attributes:
        up: From the client.
        down: To the client.
        is_open: Neither end has said that it is over.
    """

    def __init__(
        self,
        agenda: Agenda,
        rng: Random,
        delay_s: float,
        received: Callable[[bytes], object],
        closed: Callable[[int | None], object],
    ) -> None:
        super().__init__()
        self._arrived: deque[bytes] = deque()
        self._changed = anyio.Event()
        self._end: TransportClosed | TransportBroken | None = None
        self._closed = closed
        self._received = received
        self._client_is_there = True
        self.up = Lane(agenda, rng, delay_s, self._take)
        self.down = Lane(agenda, rng, delay_s, self._give)

    @property
    def is_open(self) -> bool:
        """Whether both ends go on."""
        return self._end is None and self._client_is_there

    # The client's end

    def send_up(self, data: bytes) -> None:
        """Send from the client."""
        if not self.up.carry(data):
            self.break_()

    def close_up(self) -> None:
        """Close from the client, behind what it sent; it is told nothing more."""
        self._client_is_there = False
        if not self.up.silent:
            self.up.then(lambda: self._finish(TransportClosed(1000)))

    # Faults

    def break_(self, *, told: bool = True) -> None:
        """Break: what is on its way is lost. The server learns it, and the client too if it is `told`."""
        self.up.silent = True
        self.up.then(lambda: self._finish(TransportBroken("the line was cut")))
        if told and not self.down.silent:
            self.down.then(lambda: self._tell(None))
        self.down.silent = True

    def die(self, *, told: bool) -> None:
        """The server is gone from now on."""
        self._end = self._end or TransportBroken("the server is gone")
        if told and not self.down.silent:
            self.down.then(lambda: self._tell(None))
        self.down.silent = True

    def calm(self) -> None:
        """End all faults; a connection on which something was lost breaks."""
        if self.is_open and (self.up.silent or self.down.silent or self.up.lossy or self.down.lossy):
            self.break_()
        for lane in (self.up, self.down):
            lane.cut_after, lane.pace_s = None, 0.0

    # The server's end

    async def receive(self) -> bytes:
        """Return the next message."""
        await anyio.lowlevel.checkpoint()
        while not self._arrived:
            self._check()
            await self._changed.wait()
        return self._arrived.popleft()

    async def send(self, data: bytes) -> None:
        """Send one message, when there is room for it."""
        await anyio.lowlevel.checkpoint()
        self._check()
        while self.down.underway >= _ROOM:
            await self._changed.wait()
            self._check()
        if not self.down.carry(data):
            self.break_()

    def send_now(self, data: bytes) -> bool:
        """Send one message if there is room for it."""
        if self._end is not None or self.down.underway >= _ROOM:
            return False
        if not self.down.carry(data):
            self.break_()
        return True

    async def close(
        self,
        code: int = 1000,
        reason: str = "",
        *,
        last: bytes = b"",
        retry_after_ms: int = 0,
    ) -> None:
        """Say the last words and end it, for the client behind what was sent."""
        try:
            if last and self._end is None:
                await self.send(last)
            else:
                await anyio.lowlevel.checkpoint()
        finally:
            if self._end is None:
                self._finish(TransportClosed(code, reason))
                if not self.down.silent:
                    self.down.then(lambda: self._tell(code))

    # Between them

    def _take(self, data: bytes) -> None:
        self._arrived.append(data)
        self._wake()

    def _give(self, data: bytes) -> None:
        self._wake()
        if self._client_is_there:
            self._received(data)

    def _tell(self, code: int | None) -> None:
        if self._client_is_there:
            self._client_is_there = False
            self._closed(code)

    def _finish(self, end: TransportClosed | TransportBroken) -> None:
        self._end = self._end or end
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    def _check(self) -> None:
        if self._end is not None:
            raise type(self._end)(*self._end.args)
