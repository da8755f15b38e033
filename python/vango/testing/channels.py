"""Channels as a page has them (PROTOCOL 3.20), for tests: what is sent goes at once, what comes is kept."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from vango import _core, protocol

__all__ = ["PageChannel", "PageChannels"]

_FORM = _core.EVENT_KINDS["hook"]  # whose fields have the form of an opening and of an end: `str, json`
_MAX_BYTES = 1 << 24


class PageChannel:
    """One channel, the page's end; `Pilot.channel` opens one.

    Attributes:
        id: Its number in its connection.
        messages: What has come.
        takes: Whether what comes counts as taken at once; else `take` says so.
        end: Why it has ended and what was said besides, `("", None)` where it ended in order; `None` while
            it is open.
        untaken: How many messages have come that the server does not know to be taken.
        unacked: The sizes of the messages that the server has not taken.
    """

    def __init__(self, number: int, say: Callable[[bytes], Awaitable[None]]) -> None:
        self.id = number
        self.messages: list[bytes] = []
        self.takes = True
        self.end: tuple[str, Any] | None = None
        self.untaken = 0
        self.unacked: list[int] = []
        self._say = say

    async def send(self, *messages: bytes) -> None:
        """Send messages in one go, whether or not the server has room for them, and settle."""
        self.unacked += map(len, messages)
        await self._say(b"".join(self.frame(message) for message in messages))

    async def take(self) -> None:
        """Tell the server that all that has come is taken, and settle."""
        count, self.untaken = self.untaken, 0
        await self._say(self.frame(b"") * count)

    async def close(self, error: str = "", data: Any = None) -> None:
        """End it, in order or with an error, and settle."""
        self.end = error, data
        text = "" if data is None else json.dumps(data)
        payload = _core.encode_fields(_FORM, [error, text]) if error or text else b""
        await self._say(self.frame(payload, protocol.FLAG_CANCEL))

    def frame(self, payload: bytes, flags: int = 0) -> bytes:
        """Return a frame of this channel."""
        return protocol.encode(protocol.Channel(self.id, payload, flags))

    def receive(self, frame: protocol.Channel) -> list[bytes]:
        """Take a frame of the server; returns what is to be said now."""
        if frame.flags & protocol.FLAG_CANCEL:
            error, text = _core.decode_fields(_FORM, frame.payload) if frame.payload else ("", "")
            self.end = error, json.loads(text) if text else None
        elif frame.payload:
            packed = frame.flags & protocol.FLAG_DEFLATE
            self.messages.append(_core.inflate(frame.payload, _MAX_BYTES) if packed else frame.payload)
            if self.takes:
                return [self.frame(b"")]
            self.untaken += 1
        else:
            self.unacked.pop(0)
        return []


class PageChannels:
    """The channels of one connection after the other."""

    def __init__(self) -> None:
        self._open: dict[int, PageChannel] = {}
        self._next = 1

    def begin(self) -> None:
        """Another connection begins: all channels of the last one have ended."""
        for channel in self._open.values():
            channel.end = "Lost", None
        self._open = {}
        self._next = 1

    def open(
        self, name: str, params: Any, say: Callable[[bytes], Awaitable[None]]
    ) -> tuple[PageChannel, bytes]:
        """Return a new channel and the frame that opens it."""
        channel = self._open[self._next] = PageChannel(self._next, say)
        self._next += 2
        text = "" if params is None else json.dumps(params)
        return channel, channel.frame(_core.encode_fields(_FORM, [name, text]))

    def receive(self, frame: protocol.Channel) -> list[bytes]:
        """Take a frame of the server; returns what is to be said now."""
        channel = self._open.get(frame.id)
        if channel is None:
            raise AssertionError(f"{frame} comes for a channel that was never opened")
        return channel.receive(frame) if channel.end is None else []
