"""A connection inside the process, for tests and for hosts without a network."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

import anyio
import anyio.lowlevel

from vango.errors import TransportBroken, TransportClosed
from vango.transports.base import Transport

__all__ = ["MemoryTransport", "memory_pair"]


class _Lane:
    """One direction: a bounded queue of messages."""

    __slots__ = ("changed", "messages")

    def __init__(self) -> None:
        self.messages: deque[bytes] = deque()
        self.changed = anyio.Event()

    def wake(self) -> None:
        self.changed.set()
        self.changed = anyio.Event()


class _Line:
    """Both directions, and how they ended."""

    __slots__ = ("capacity", "end", "lanes")

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.end: TransportClosed | TransportBroken | None = None
        self.lanes = (_Lane(), _Lane())


class MemoryTransport(Transport):
    """One end of a connection inside the process.

    Attributes:
        on_receive: Gets each message before `receive` does and gives what arrives instead, so a test can
            drop, double, change or hold one.
    """

    __slots__ = ("_arrived", "_incoming", "_line", "_outgoing", "on_receive")

    def __init__(self, line: _Line, incoming: int) -> None:
        super().__init__()
        self._line = line
        self._arrived: deque[bytes] = deque()
        self._incoming = line.lanes[incoming]
        self._outgoing = line.lanes[1 - incoming]
        self.on_receive: Callable[[bytes], Iterable[bytes]] | None = None

    @property
    def end(self) -> TransportClosed | TransportBroken | None:
        """How the connection ended, `None` while it is open."""
        return self._line.end

    async def receive(self) -> bytes:
        """Return the next message; one that was on its way when the connection was closed still arrives."""
        await anyio.lowlevel.checkpoint()
        while not self._arrived:
            lane = self._incoming
            while not lane.messages:
                self._check()
                await lane.changed.wait()
            data = lane.messages.popleft()
            lane.wake()
            self._arrived.extend([data] if self.on_receive is None else self.on_receive(data))
        return self._arrived.popleft()

    def receive_all(self) -> list[bytes]:
        """Return what has arrived, without waiting."""
        arrived = [*self._arrived, *self._incoming.messages]
        self._arrived.clear()
        self._incoming.messages.clear()
        self._incoming.wake()
        return arrived

    async def send(self, data: bytes) -> None:
        """Hand over one message; waits while the other end has not taken as many as the line holds."""
        await anyio.lowlevel.checkpoint()
        self._check()
        lane = self._outgoing
        while len(lane.messages) >= self._line.capacity:
            await lane.changed.wait()
            self._check()
        lane.messages.append(data)
        lane.wake()

    def send_now(self, data: bytes) -> bool:
        """Hand over one message if the line holds one more."""
        lane = self._outgoing
        if self._line.end is not None or len(lane.messages) >= self._line.capacity:
            return False
        lane.messages.append(data)
        lane.wake()
        return True

    async def close(
        self,
        code: int = 1000,
        reason: str = "",
        *,
        last: bytes = b"",
        retry_after_ms: int = 0,  # noqa: ARG002
    ) -> None:
        """Say the last words and end the connection for both sides."""
        try:
            if last and self._line.end is None:
                await self.send(last)
            else:
                await anyio.lowlevel.checkpoint()
        finally:
            self._finish(TransportClosed(code, reason))

    def cut(self) -> None:
        """Break the connection for both sides at once: what is on its way is lost."""
        for lane in self._line.lanes:
            lane.messages.clear()
        self._finish(TransportBroken("the line was cut"))

    def _finish(self, end: TransportClosed | TransportBroken) -> None:
        self._line.end = self._line.end or end
        for lane in self._line.lanes:
            lane.wake()

    def _check(self) -> None:
        end = self._line.end
        if end is not None:
            raise type(end)(*end.args)


def memory_pair(messages: int = 16) -> tuple[MemoryTransport, MemoryTransport]:
    """Return the client's and the server's end of a connection that holds `messages` each way."""
    line = _Line(messages)
    return MemoryTransport(line, 0), MemoryTransport(line, 1)
