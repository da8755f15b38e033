"""The primitive types of the wire: PROTOCOL 1.1."""

from __future__ import annotations

import json
import struct

MAX_UV = 2**53 - 1
MAX_UV_BYTES = 8
MAX_HID = 2**32 - 1
MAX_JSON_DEPTH = 64


class WireError(ValueError):
    """Bytes that the protocol does not allow.

    Attributes:
        offset: Where in what was being read.
        reason: What is wrong there.
    """

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(f"byte {offset}: {reason}")
        self.offset = offset
        self.reason = reason


class Reader:
    """Reads primitive types from bytes, each checked against what is there."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self.at >= len(self.data)

    def fail(self, reason: str) -> WireError:
        """Return the error for what stands here; raise it."""
        return WireError(self.at, reason)

    def take(self, length: int) -> bytes:
        """Return the next `length` bytes."""
        if length > len(self.data) - self.at:
            raise self.fail("truncated")
        self.at += length
        return self.data[self.at - length : self.at]

    def rest(self) -> bytes:
        """Return all that is left."""
        return self.take(len(self.data) - self.at)

    def u8(self) -> int:
        """Return one byte."""
        return self.take(1)[0]

    def uv(self, most: int = MAX_UV) -> int:
        """Return an unsigned number, at most `most`."""
        begin, value = self.at, 0
        for n in range(MAX_UV_BYTES):
            byte = self.u8()
            value |= (byte & 0x7F) << 7 * n
            if byte < 0x80:
                if byte == 0 and n > 0:
                    raise WireError(begin, "overlong number")
                if value > most:
                    raise WireError(begin, f"{value} is above {most}")
                return value
        raise WireError(begin, "a number of more than 8 bytes")

    def sv(self) -> int:
        """Return a signed number."""
        value = self.uv()
        return (value >> 1) ^ -(value & 1)

    def hid(self, *, or_zero: bool = False) -> int:
        """Return the number of a node; with `or_zero` it may be 0."""
        hid = self.uv(MAX_HID)
        if hid == 0 and not or_zero:
            raise self.fail("hid 0")
        return hid

    def text(self) -> str:
        """Return a text."""
        return self._decoded(self.take(self.uv()))

    def ended_text(self) -> str:
        """Return a text up to the byte ff, which no UTF-8 holds."""
        end = self.data.find(b"\xff", self.at)
        if end < 0:
            raise self.fail("a text without its end")
        text = self._decoded(self.take(end - self.at))
        self.at += 1
        return text

    def _decoded(self, data: bytes) -> str:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise WireError(self.at - len(data) + error.start, "invalid UTF-8") from None

    def json(self) -> str:
        """Return one JSON text, or "" for nothing."""
        begin, value = self.at, self.text()
        try:
            if value and _depth(json.loads(value)) > MAX_JSON_DEPTH:
                raise WireError(begin, "JSON nested too deep")
        except (json.JSONDecodeError, RecursionError) as error:
            raise WireError(begin, f"no JSON: {error}") from None
        return value

    def count(self) -> int:
        """Return how many items follow; each takes a byte at least, so a lie is found before it costs."""
        count = self.uv()
        if count > len(self.data) - self.at:
            raise self.fail("more items than bytes")
        return count


def _depth(value: object) -> int:
    """Return how many lists and objects stand around the innermost value."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(_depth, inner), default=0)


def uv(value: int) -> bytes:
    """Return the bytes of an unsigned number."""
    if not 0 <= value <= MAX_UV:
        raise ValueError(f"{value} is no number from 0 to 2**53 - 1")
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def sv(value: int) -> bytes:
    """Return the bytes of a signed number."""
    return uv(-2 * value - 1 if value < 0 else 2 * value)


def text(value: str) -> bytes:
    """Return the bytes of a text."""
    data = value.encode("utf-8")
    return uv(len(data)) + data


def u8(value: int) -> bytes:
    """Return one byte."""
    return struct.pack("B", value)
