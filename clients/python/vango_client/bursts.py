"""Bursts that come in parts: PROTOCOL 3.5 and 7.3."""

from __future__ import annotations

import zlib

from vango_client.messages import CANCEL, DEFLATE, MORE, Message
from vango_client.wire import WireError

MAX_BURST_BYTES = 16 * 1024 * 1024


class Interleaved(Exception):  # noqa: N818
    """A second burst began inside an open one, or a CONT continues nothing: both are dropped."""


class Bursts:
    """Joins the parts of bursts."""

    def __init__(self) -> None:
        self._first: Message | None = None
        self._parts: list[bytes] = []
        self._broken = False

    def take(self, part: Message) -> Message | None:
        """Take a SNAPSHOT, DIFF or CONT; returns the whole burst when it is there.

        Raises:
            Interleaved: Once for each time it happens.
            WireError: The burst is too large, or is not what was deflated.
        """
        begins = part.name != "CONT"
        if not begins and self._broken:
            return None
        was_open, self._broken = self._first is not None, False
        if begins == was_open:
            self.drop()
            self._broken = True
            raise Interleaved
        if begins:
            self._first = part
        self._parts.append(part.payload)
        if sum(map(len, self._parts)) > MAX_BURST_BYTES:
            self.drop()
            self._broken = True
            raise WireError(0, "a burst above the limit that HELLO named")
        if part.flags & MORE:
            return None
        first, payload = self._first, b"".join(self._parts)
        self.drop()
        if first is None or part.flags & CANCEL:
            return None
        if first.flags & DEFLATE:
            payload = inflate(payload)
        return Message(first.name, first.header, payload)

    @property
    def is_snapshot_open(self) -> bool:
        """Whether parts of a snapshot are here, and more to come."""
        return self._first is not None and self._first.name == "SNAPSHOT"

    def drop(self) -> None:
        """Forget what is open."""
        self._first, self._parts = None, []
        self._broken = False


def inflate(data: bytes) -> bytes:
    """Return what was deflated: one raw stream, whole, within the limit of a burst."""
    stream = zlib.decompressobj(wbits=-15)
    try:
        plain = stream.decompress(data, MAX_BURST_BYTES)
    except zlib.error as error:
        raise WireError(0, f"not deflated: {error}") from None
    if not stream.eof or stream.unused_data:
        raise WireError(0, "not one whole deflated stream within the limit")
    return plain
