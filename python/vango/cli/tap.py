"""`vango tap FILE`: what a connection said, readably, and the document that came of it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from vango import _core, core, protocol
from vango.errors import ProtocolError
from vango.protocol import Cont, Diff, Event, Message, Snapshot

_MAX_BURST_BYTES = 16 * 1024 * 1024
_FLAGS = ((1, "DEFLATE"), (2, "MORE"), (4, "CANCEL"), (8, "ACTION"))
_ARROWS = {"client": "->", "server": "<-"}
_KINDS = {number: name for name, number in _core.EVENT_KINDS.items()}


class TapError(Exception):
    """A file is no recording; the message says where it stops to be one."""


def tap(path: Path) -> Iterator[str]:
    """Yield the lines that tell of a recording.

    Raises:
        TapError: The file cannot be read, or is no recording.
    """
    reading = Reading()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TapError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    for number, line in enumerate(text.splitlines(), 1):
        try:
            yield from reading.take(json.loads(line))
        except (ValueError, KeyError, TypeError, zlib.error, ProtocolError, core.DecodeError) as error:
            raise TapError(f"{path}:{number}: this is no line of a recording: {error}") from None
    yield from reading.end()


class Reading:
    """A recording, line by line."""

    def __init__(self) -> None:
        self._model: core.Model | None = None
        self._at = (0, 0)
        self._open: Snapshot | Diff | None = None
        self._parts: list[bytes] = []
        self._bytes = {"client": 0, "server": 0}
        self._messages = {"client": 0, "server": 0}

    def take(self, entry: dict[str, Any]) -> Iterator[str]:
        """Yield the lines for one object of the file."""
        if "vango" in entry:
            if entry["vango"] != 1:
                raise ValueError(f"it has format {entry['vango']}, and this is vango {protocol.VERSION}")
            yield f"connection {entry['connection']} over {entry['transport']}"
            return
        time = f"{entry['ms']:10.1f} ms "
        if "hex" in entry:
            yield from self._message(time, entry["by"], bytes.fromhex(entry["hex"]))
        elif "unreadable" in entry:
            yield f"{time}-> {entry['unreadable']} bytes that are no frames"
        elif "document" in entry:
            self._model = core.Model.from_snapshot(bytes.fromhex(entry["document"]))
            self._at = (entry["epoch"], entry["rev"])
            yield f"{time}   the client has epoch {self._at[0]}, rev {self._at[1]}, {self._model.count} nodes"
        else:
            code = int(entry["end"])
            yield f"{time}   {f'closed with {code}' if code else 'lost'}"

    def end(self) -> Iterator[str]:
        """Yield what can be said when all was read."""
        for by, count in self._messages.items():
            yield f"{by}: {count} messages, {self._bytes[by]:,} bytes"
        if self._model is not None:
            yield f"the document at epoch {self._at[0]}, rev {self._at[1]}:"
            yield self._model.html()

    def _message(self, time: str, by: str, data: bytes) -> Iterator[str]:
        self._bytes[by] += len(data)
        self._messages[by] += 1
        reader = core.FrameReader()
        for body in reader.feed(data):
            if not body:
                yield f"{time}{_ARROWS[by]} (a sign of life)"
                continue
            message = protocol.decode_body(body)
            yield f"{time}{_ARROWS[by]} {_told(message)}, {len(body)} B"
            yield from self._burst(message)
        reader.close()

    def _burst(self, message: Message) -> Iterator[str]:
        """Put the parts of a burst together, and apply it when it is whole."""
        if isinstance(message, (Snapshot, Diff)):
            self._open, self._parts = message, [message.payload]
        elif isinstance(message, Cont) and self._open is not None:
            self._parts.append(message.payload)
        else:
            return
        if message.flags & protocol.FLAG_CANCEL:
            self._open = None
        elif not message.flags & protocol.FLAG_MORE and self._open is not None:
            whole, self._open = self._open, None
            yield from self._apply(whole, b"".join(self._parts))

    def _apply(self, burst: Snapshot | Diff, payload: bytes) -> Iterator[str]:
        if burst.flags & protocol.FLAG_DEFLATE:
            payload = _inflate(payload)
        indent = " " * 17
        if isinstance(burst, Snapshot):
            self._model = core.Model.from_snapshot(payload)
        else:
            yield from (f"{indent}{patch!r}" for patch in core.decode(payload))
            if self._model is None or self._at != (burst.epoch, burst.base):
                yield f"{indent}what it changes is not in this recording"
                return
            self._model.apply(payload)
        self._at = (burst.epoch, burst.rev)
        if self._model.count != burst.count:
            yield f"{indent}the document has {self._model.count} nodes, not {burst.count}: they have diverged"


def _told(message: Message) -> str:
    """Return a message in words: its name and its fields, a payload by its length."""
    words = [type(message).__name__]
    for field in fields(message):  # type: ignore[arg-type]
        value = getattr(message, field.name)
        if field.name == "payload":
            words.append(f"payload={len(value)} B")
        elif field.name == "flags":
            words += [name for bit, name in _FLAGS if value & bit]
        elif field.name == "kind" and isinstance(message, Event):
            words.append(f"kind={_KINDS.get(value, value)}")
        elif value not in ("", None, [], 0):
            words.append(f"{field.name}={value!r}")
    return " ".join(words)


def _inflate(payload: bytes) -> bytes:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    data = stream.decompress(payload, _MAX_BURST_BYTES)
    if not stream.eof:
        raise ValueError("a deflated payload is cut short or over the limit of a burst")
    return data
