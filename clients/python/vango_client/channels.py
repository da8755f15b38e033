"""Channels, sans I/O: bytes beside the page (PROTOCOL 3.20).

What is sent waits here until the server has room for it; what comes counts as taken at once.
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from vango_client.bursts import inflate
from vango_client.messages import CANCEL, DEFLATE, Message, message
from vango_client.wire import Reader, WireError, text


@dataclass
class Channel:
    """One channel: what waits to be sent, and the sizes of what the server has not taken."""

    id: int
    waiting: deque[bytes] = field(default_factory=deque)
    unacked: deque[int] = field(default_factory=deque)
    closing: bool = False


@dataclass(frozen=True)
class Came:
    """A message of the server."""

    channel: int
    data: bytes


@dataclass(frozen=True)
class Ended:
    """A channel has ended: with `error` "" in order, with "Lost" where its connection has ended."""

    channel: int
    error: str
    data: Any = None


class Channels:
    """The channels of one connection after the other.

    Attributes:
        sending: Frames to send, in order; who takes them empties it.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self.sending: list[Message] = []
        self._open: dict[int, Channel] = {}
        self._next = 1
        self._limits: dict[str, int] = {}

    def begin(self, limits: dict[str, int]) -> None:
        """A connection was agreed on, with these limits of HELLO_OK."""
        self._limits = limits

    def lost(self) -> list[Ended]:
        """The connection has ended, and all channels with it."""
        ended = [Ended(number, "Lost") for number in self._open]
        self._open, self._next, self.sending = {}, 1, []
        return ended

    def open(self, name: str, params: Any = None) -> int:
        """Open a channel; returns its number, 0 where the server takes no more."""
        if len(self._open) >= self._limits.get("channels", 0):
            return 0
        channel = Channel(self._next)
        self._open[channel.id] = channel
        self._next += 2
        self._say(channel, _pair(name, params))
        return channel.id

    def send(self, number: int, data: bytes) -> bool:
        """Send a message of a byte or more, now or when there is room; False where the channel has ended."""
        channel = self._open.get(number)
        if channel is None or channel.closing:
            return False
        if not data:
            raise ValueError("a message has a byte or more: an empty one says that one was taken")
        channel.waiting.append(data)
        self._pump(channel)
        return True

    def close(self, number: int, error: str = "", data: Any = None) -> None:
        """End a channel: in order behind what was sent, with an error at once."""
        channel = self._open.get(number)
        if channel is not None and error:
            self._end(channel, _pair(error, data))
        elif channel is not None:
            channel.closing = True
            self._pump(channel)

    def receive(self, one: Message) -> Came | Ended | None:
        """Take a CHANNEL of the server.

        Raises:
            WireError: It is for a channel that was never opened, or is not compressed as it says.
        """
        channel = self._open.get(one["id"])
        if channel is None:
            if one["id"] % 2 and one["id"] < self._next:
                return None  # it has ended here, which the server could not know yet
            raise WireError(0, f"channel {one['id']} was never opened")
        if one.flags & CANCEL:
            del self._open[channel.id]
            return _ended(channel.id, one.payload)
        if not one.payload:
            if not channel.unacked:
                self._end(channel, _pair("InvalidFrame", None))
                return Ended(channel.id, "InvalidFrame")
            channel.unacked.popleft()
            self._pump(channel)
            return None
        self._say(channel, b"")
        return Came(channel.id, inflate(one.payload) if one.flags & DEFLATE else one.payload)

    def _pump(self, channel: Channel) -> None:
        """Send what the server has room for."""
        most_bytes = self._limits.get("channel_bytes", 0)
        most = self._limits.get("channel_messages", 0)
        while channel.waiting and sum(channel.unacked) < most_bytes and len(channel.unacked) < most:
            data = channel.waiting.popleft()
            channel.unacked.append(len(data))
            self._say(channel, data)
        if channel.closing and not channel.waiting:
            self._end(channel, b"")

    def _end(self, channel: Channel, payload: bytes) -> None:
        del self._open[channel.id]
        self.sending.append(message("CHANNEL", payload, CANCEL, id=channel.id))

    def _say(self, channel: Channel, payload: bytes) -> None:
        self.sending.append(message("CHANNEL", payload, id=channel.id))


def _pair(word: str, value: Any) -> bytes:
    """What an opening and an end carry."""
    return text(word) + text("" if value is None else json.dumps(value))


def _ended(number: int, payload: bytes) -> Ended:
    reader = Reader(payload)
    if reader.is_done:
        return Ended(number, "")
    try:
        error, said = reader.text(), reader.text()
        return Ended(number, error, json.loads(said) if said else None)
    except (WireError, ValueError):
        return Ended(number, "InvalidFrame")
