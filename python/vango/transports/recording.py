"""A transport whose messages are written down on the way, for a developer to read: `vango tap FILE`.

A recording is a text file of JSON objects, one a line:

    {"vango": 1, "connection": NAME, "transport": CLASS}      the first line
    {"ms": TIME, "by": "client" | "server", "hex": BYTES}      a message, as it was on the wire
    {"ms": TIME, "by": "client", "unreadable": LENGTH}         what are no frames
    {"ms": TIME, "epoch": EPOCH, "rev": REV, "document": HEX}  the `node` that the client had when it resumed
    {"ms": TIME, "end": CODE}                                  the connection has ended; 0: it was lost

TIME is in milliseconds since the first line. What attaches a browser to its session (token, CSRF token) is
left out; what people typed is not.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from vango import protocol
from vango.errors import ProtocolError, TransportBroken, TransportClosed
from vango.protocol import Auth, Hello
from vango.transports.base import Recorder, Transport

__all__ = ["FileRecorder", "Recording"]

FORMAT = 1


class FileRecorder(Recorder):
    """Writes the connections of one process into files of a folder, each into one of its own."""

    def __init__(self, folder: str | Path, now: Callable[[], float]) -> None:
        """Record into `folder`, which is made if it is not there, by a clock that gives seconds.

        Raises:
            OSError: The folder cannot be made.
        """
        self._folder = Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._now = now

    def open(self, transport: Transport) -> Recording:
        """Return a transport that does what `transport` does, and writes it down.

        Raises:
            OSError: The file cannot be written.
        """
        return Recording(transport, self._folder / f"{transport.name}.jsonl", self._now)

    def document(self, transport: Transport, epoch: int, rev: int, node: bytes) -> None:
        """Note what the client of a transport that `open` gave has, where no SNAPSHOT says it."""
        if isinstance(transport, Recording):
            transport.write(epoch=epoch, rev=rev, document=node.hex())


class Recording(Transport):
    """Another transport, with its messages written down."""

    __slots__ = ("_ended", "_inner", "_now", "_path", "_start")

    def __init__(self, inner: Transport, path: Path, now: Callable[[], float]) -> None:
        """Write what passes through `inner` into the file at `path`."""
        super().__init__()
        self.name = inner.name
        self._inner = inner
        self._path = path
        self._now = now
        self._start = now()
        self._ended = False
        self._append({"vango": FORMAT, "connection": inner.name, "transport": type(inner).__name__})

    async def receive(self) -> bytes:
        """Return the next message."""
        try:
            data = await self._inner.receive()
        except (TransportBroken, TransportClosed) as end:
            self._finish(getattr(end, "code", 0))
            raise
        try:
            self.write(by="client", hex=_without_secrets(data).hex())
        except ProtocolError:
            self.write(by="client", unreadable=len(data))  # a token may be in it
        return data

    async def send(self, data: bytes) -> None:
        """Send one message."""
        self.write(by="server", hex=data.hex())
        await self._inner.send(data)

    def send_now(self, data: bytes) -> bool:
        """Send one message if nothing has to be waited for."""
        sent = self._inner.send_now(data)
        if sent:
            self.write(by="server", hex=data.hex())
        return sent

    def discard(self) -> None:
        """Forget a message that `send` still holds."""
        self._inner.discard()

    async def close(
        self, code: int = 1000, reason: str = "", *, last: bytes = b"", retry_after_ms: int = 0
    ) -> None:
        """Say the last words and end the connection."""
        if last:
            self.write(by="server", hex=last.hex())
        self._finish(code)
        await self._inner.close(code, reason, last=last, retry_after_ms=retry_after_ms)

    def write(self, **fields: object) -> None:
        """Add a line; nothing where the connection has ended."""
        if not self._ended:
            self._append({"ms": round((self._now() - self._start) * 1000, 3), **fields})

    def _finish(self, code: int) -> None:
        self.write(end=code)
        self._ended = True

    def _append(self, entry: dict[str, object]) -> None:
        # Opened for each line: a connection may be cancelled at any point, and a developer reads along.
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")


def _without_secrets(data: bytes) -> bytes:
    """Return the frames of a client without what attaches it; raises `ProtocolError` for other bytes."""
    messages = protocol.decode(data, len(data))
    if not any(isinstance(message, (Hello, Auth)) for message in messages):
        return data
    return b"".join(map(protocol.encode, map(_redacted, messages)))


def _redacted(message: protocol.Message) -> protocol.Message:
    match message:
        case Hello():
            return replace(message, token="", csrf="")
        case Auth():
            return replace(message, token="")
    return message
