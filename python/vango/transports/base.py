"""What a connection is to the session half: whole messages in both directions, in order."""

from __future__ import annotations

from abc import ABC, abstractmethod

from vango.errors import TransportBroken, TransportClosed

__all__ = ["Transport", "TransportBroken", "TransportClosed"]


class Transport(ABC):
    """One connection. A message is one or more whole frames; the transport does not look inside.

    One task receives and one task sends; `close` may be called by either, more than once.
    """

    __slots__ = ()

    @abstractmethod
    async def receive(self) -> bytes:
        """Return the next message.

        Raises:
            TransportClosed: The connection was closed, by us or by the peer.
            TransportBroken: The connection was lost.
        """

    @abstractmethod
    async def send(self, data: bytes) -> None:
        """Send one message; returns when the transport has taken it, so a slow peer is felt.

        Raises:
            TransportClosed: The connection was closed, by us or by the peer.
            TransportBroken: The connection was lost.
        """

    @abstractmethod
    async def close(self, code: int = 1000, reason: str = "") -> None:
        """End the connection with a WebSocket close code; one that has ended is left as it is."""
