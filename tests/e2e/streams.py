"""What passes a relay, as messages: requests, answers and sockets, each with the frames that it carries."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator

MEDIA_TYPE = b"application/vnd.vango"
BINARY = 2

Steps = Generator[None, None, bytes]
Change = Callable[[list[bytes]], list[bytes]]
"""Takes the frames of one message and gives what goes on in their place."""


def uv(data: bytes) -> tuple[int, int]:
    """The number that some bytes begin with, and how many bytes that is."""
    number, size = 0, 0
    while True:
        byte = data[size]
        number |= (byte & 0x7F) << 7 * size
        size += 1
        if byte < 0x80:
            return number, size


def split(message: bytes) -> list[bytes]:
    """The frames of one message, each with its length."""
    frames = []
    while message:
        length, size = uv(message)
        frames.append(message[: size + length])
        message = message[size + length :]
    return frames


def kind(frame: bytes) -> int:
    """The kind of a frame, 0 for a sign of life."""
    length, size = uv(frame)
    return frame[size] if length else 0


class Stream:
    """One direction of one connection: bytes in, bytes out, with the messages of the protocol changed."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._buffer = b""
        self._out: list[bytes] = []
        self._parser = self._parse()
        next(self._parser)

    def feed(self, data: bytes) -> list[bytes]:
        """Take what has come; returns what goes on, message by message."""
        self._buffer += data
        next(self._parser)
        out, self._out = self._out, []
        return out

    def _parse(self) -> Generator[None, None, None]:
        while True:
            head = yield from self._until(b"\r\n\r\n")
            fields = head.lower()
            if b"\r\nupgrade: websocket" in fields:
                self._out.append(head)
                yield from self._socket()
            assert b"\r\ntransfer-encoding:" not in fields, head
            length = re.search(rb"\r\ncontent-length: *(\d+)", fields)
            empty = re.match(rb"http/1\.1 (204|304)", fields)
            body = yield from self._exactly(int(length[1]) if length and not empty else 0)
            if b"\r\ncontent-type: " + MEDIA_TYPE in fields:
                body = b"".join(self._change(split(body)))
                head = re.sub(rb"(?i)(content-length: *)\d+", rb"\g<1>%d" % len(body), head)
            self._out.append(head + body)

    def _socket(self) -> Generator[None, None, None]:
        while True:
            head = yield from self._exactly(2)
            size, masked = head[1] & 0x7F, head[1] & 0x80
            long = yield from self._exactly({126: 2, 127: 8}.get(size, 0))
            mask = yield from self._exactly(4 if masked else 0)
            data = yield from self._exactly(int.from_bytes(long) if long else size)
            if head[0] != 0x80 | BINARY:
                self._out.append(head + long + mask + data)
                continue
            frames = self._change(split(apply(mask, data)))
            if frames:
                self._out.append(message(b"".join(frames), mask))

    def _until(self, end: bytes) -> Steps:
        while end not in self._buffer:
            yield
        at = self._buffer.index(end) + len(end)
        taken, self._buffer = self._buffer[:at], self._buffer[at:]
        return taken

    def _exactly(self, size: int) -> Steps:
        while len(self._buffer) < size:
            yield
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken


def apply(mask: bytes, data: bytes) -> bytes:
    """Mask or unmask; nothing where there is no mask."""
    if not mask:
        return data
    key = (mask * (len(data) // 4 + 1))[: len(data)]
    return (int.from_bytes(data) ^ int.from_bytes(key)).to_bytes(len(data))


def message(data: bytes, mask: bytes) -> bytes:
    """One binary message of a socket."""
    size = len(data)
    flag = 0x80 if mask else 0
    if size < 126:
        head = bytes([0x80 | BINARY, flag | size])
    elif size < 1 << 16:
        head = bytes([0x80 | BINARY, flag | 126]) + size.to_bytes(2)
    else:
        head = bytes([0x80 | BINARY, flag | 127]) + size.to_bytes(8)
    return head + mask + apply(mask, data)
