"""`vango tap FILE`: what a connection said, readably, and the document that came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from vango import _core, core, protocol
from vango.cli.frames import bytes_of, readable
from vango.cli.replay import Replay
from vango.errors import ProtocolError
from vango.protocol import Diff, Event, Message

_FLAGS = ((1, "DEFLATE"), (2, "MORE"), (4, "CANCEL"), (8, "ACTION"))
_ARROWS = {"client": "->", "server": "<-"}
_KINDS = {number: name for name, number in _core.EVENT_KINDS.items()}
_FAULTS = (ValueError, KeyError, TypeError, AttributeError, ProtocolError)


class TapError(Exception):
    """A file is no recording; the message says where it stops to be one."""


class DivergedError(TapError):
    """A recording does not lead where it says; the message names the line and what is wrong there."""


def tap(path: Path) -> Iterator[str]:
    """Yield the lines that tell of a recording.

    Raises:
        TapError: The file cannot be read, or is no recording.
    """
    reading = Reading()
    for number, entry in _entries(path):
        try:
            yield from reading.take(entry)
        except _FAULTS as error:
            raise _no_line(path, number, error) from None
    yield from reading.end()


def to_json(path: Path) -> Iterator[str]:
    """Yield the lines of a recording with their frames as JSON, see `vango.cli.frames`.

    Raises:
        TapError: The file cannot be read, or is no recording.
    """
    for number, entry in _entries(path):
        try:
            if "hex" in entry:
                entry["frames"] = readable(bytes.fromhex(entry.pop("hex")))
            yield json.dumps(entry, ensure_ascii=False)
        except _FAULTS as error:
            raise _no_line(path, number, error) from None


def from_json(path: Path) -> Iterator[str]:
    """Yield the lines of the recording that `to_json` was given.

    Raises:
        TapError: The file cannot be read, or holds something else.
    """
    for number, entry in _entries(path):
        try:
            if "frames" in entry:
                entry["hex"] = bytes_of(entry.pop("frames")).hex()
            yield json.dumps(entry)
        except _FAULTS as error:
            raise _no_line(path, number, error) from None


def replay(path: Path) -> Replay:
    """Apply a recording to the engine's model, and return what it has in the end.

    Raises:
        TapError: The file cannot be read, or is no recording.
        DivergedError: A burst has another base than the document, or leaves it with another count.
    """
    replay = Replay()
    for number, entry in _entries(path):
        try:
            if "document" in entry:
                replay.begin(entry)
            wrong = [
                said
                for message in _messages(entry)
                if (whole := replay.collect(message)) is not None and (said := replay.apply(whole))
            ]
        except _FAULTS as error:
            raise _no_line(path, number, error) from None
        if wrong:
            raise DivergedError(f"{path}:{number}: {wrong[0]}")
    if replay.model is None:
        raise TapError(f"{path}: no line of it says what the document is")
    return replay


class Reading:
    """A recording, line by line."""

    def __init__(self) -> None:
        self._replay = Replay()
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
            yield f"{time}{_ARROWS[entry['by']]} {entry['unreadable']} bytes that are no frames"
        elif "document" in entry:
            self._replay.begin(entry)
            yield f"{time}   the client has {self._where()}"
        else:
            code = int(entry["end"])
            yield f"{time}   {f'closed with {code}' if code else 'lost'}"

    def end(self) -> Iterator[str]:
        """Yield what can be said when all was read."""
        for by, count in self._messages.items():
            yield f"{by}: {count} messages, {self._bytes[by]:,} bytes"
        if self._replay.model is not None:
            yield f"the document, {self._where()}:"
            yield self._replay.model.html()

    def _where(self) -> str:
        return f"epoch {self._replay.epoch}, rev {self._replay.rev}, {self._replay.count} nodes"

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
        """Apply a burst when it is whole."""
        whole = self._replay.collect(message)
        if whole is None:
            return
        indent = " " * 17
        if isinstance(whole.burst, Diff):
            yield from (f"{indent}{patch!r}" for patch in core.decode(whole.payload))
        if wrong := self._replay.apply(whole):
            yield f"{indent}{wrong}"


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


def _entries(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the objects of a file with the numbers of their lines.

    Raises:
        TapError: It cannot be read, or a line is no object.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TapError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    for number, line in enumerate(text.splitlines(), 1):
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise _no_line(path, number, error) from None
        if not isinstance(entry, dict):
            raise _no_line(path, number, TypeError("it is no object"))
        yield number, entry


def _no_line(path: Path, number: int, error: Exception) -> TapError:
    return TapError(f"{path}:{number}: this is no line of a recording: {error}")


def _messages(entry: dict[str, Any]) -> Iterator[Message]:
    """Yield what the server said in one line."""
    if entry.get("by") != "server" or "hex" not in entry:
        return
    reader = core.FrameReader()
    yield from (protocol.decode_body(body) for body in reader.feed(bytes.fromhex(entry["hex"])) if body)
    reader.close()
