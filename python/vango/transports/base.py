"""What a connection is to the session half: whole messages in both directions, in order."""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable

from vango.errors import TransportBroken, TransportClosed

__all__ = ["Recorder", "Transport", "TransportBroken", "TransportClosed"]


class Transport(ABC):
    """One connection. A message is one or more whole frames; the transport does not look inside.

    One task receives and one task sends; `close` may be called by either, more than once.

    Attributes:
        name: What HELLO_OK calls this connection: random, and never used again.
    """

    __slots__ = ("name",)

    def __init__(self) -> None:
        self.name = secrets.token_urlsafe(9)

    @abstractmethod
    async def receive(self) -> bytes:
        """Return the next message.

        Raises:
            TransportClosed: The connection was closed, by us or by the peer.
            TransportBroken: The connection was lost.
        """

    def hand_to(self, take: Callable[[bytes], bool]) -> None:  # noqa: B027
        """Offer `take` each message as soon as it has come, as the task that calls this, which waits.

        What it returns False for, `receive` returns, and all that stands behind it. `take` must not raise. A
        transport that cannot do this leaves everything to `receive`, for a turn of the event loop more.
        """

    @abstractmethod
    async def send(self, data: bytes) -> None:
        """Send one message; returns when the transport has taken it, so a slow peer is felt.

        Raises:
            TransportClosed: The connection was closed, by us or by the peer.
            TransportBroken: The connection was lost.
        """

    def send_now(self, data: bytes) -> bool:  # noqa: ARG002
        """Send one message if nothing has to be waited for, while no `send` runs; return whether it was sent.

        Whoever has something to say need not wake the task that sends, then. What is not sent, for whatever
        reason, is for `send`; this one never does it by itself.
        """
        return False

    def discard(self) -> None:  # noqa: B027
        """Forget a message that `send` still holds: who would get it now is not who it was made for."""

    @abstractmethod
    async def close(
        self, code: int = 1000, reason: str = "", *, last: bytes = b"", retry_after_ms: int = 0
    ) -> None:
        """Say the last words and end the connection; one that has ended is left as it is.

        Args:
            code: A WebSocket close code.
            reason: The error kind that ends it, "" for none.
            last: One more message, b"" for none. It is part of the end, for a transport whose answers carry
                both; the caller bounds how long this may take.
            retry_after_ms: When it is worth connecting again; 0 if nothing is known.
        """


class Recorder(ABC):
    """Who writes connections down."""

    @abstractmethod
    def open(self, transport: Transport) -> Transport:
        """Return a transport that does what `transport` does, and is written down."""

    @abstractmethod
    def document(self, transport: Transport, epoch: int, rev: int, node: bytes) -> None:
        """Note what the client of a transport that `open` gave has, where no SNAPSHOT says it.

        Args:
            transport: What `open` gave.
            epoch: The epoch of the document.
            rev: Its burst.
            node: Its bytes, as in a SNAPSHOT.
        """
