"""The queue before HELLO: how many connections of strangers are held at a time."""

from __future__ import annotations

from collections import Counter

from vango.errors import Refused


class Seat:
    """The place of one socket in the queue before HELLO; `release` gives it up, once."""

    def __init__(self, queue: HandshakeQueue, address: str) -> None:
        self._queue: HandshakeQueue | None = queue
        self._address = address

    def release(self) -> None:
        """Give the place to another socket; further calls do nothing."""
        queue, self._queue = self._queue, None
        if queue is not None:
            queue.leave(self._address)


class HandshakeQueue:
    """The sockets that have not said HELLO yet, bounded in all and for each address."""

    def __init__(self, *, total: int, per_address: int) -> None:
        """Hold at most `total` sockets, `per_address` of them from one address."""
        self._total = total
        self._per_address = per_address
        self._waiting: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._waiting.total()

    def take(self, address: str) -> Seat:
        """Return a place for one socket, which must be released.

        Raises:
            Refused: `ServerBusy`; too many sockets are waiting already.
        """
        if len(self) >= self._total or self._waiting.get(address, 0) >= self._per_address:
            raise Refused(
                "ServerBusy",
                "Too many connections are being opened.",
                retry_after_ms=1000,
                advice="check: handshakes; Limits.handshakes, Limits.handshakes_per_address",
            )
        self._waiting[address] += 1
        return Seat(self, address)

    def leave(self, address: str) -> None:
        """Free one place of an address; `Seat.release` is the way to call this."""
        self._waiting[address] -= 1
        if not self._waiting[address]:
            del self._waiting[address]
