"""Frames and messages: PROTOCOL 1.2, 1.3 and section 2, whose table stands here as data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from vango_client.wire import Reader, WireError, text, u8, uv

DEFLATE = 1
MORE = 2
CANCEL = 4
ACTION = 8

SIGN_OF_LIFE = b"\x00"
MAX_FRAMES = 1024

READ: dict[str, Callable[[Reader], Any]] = {
    "uv": Reader.uv,
    "u8": Reader.u8,
    "hid": lambda reader: reader.hid(or_zero=True),
    "str": Reader.text,
    "json": Reader.json,
    "list uv": lambda reader: [reader.uv() for _ in range(reader.count())],
    "list str": lambda reader: [reader.text() for _ in range(reader.count())],
    "pairs str": lambda reader: [(reader.text(), reader.text()) for _ in range(reader.count())],
    "pairs uv": lambda reader: [(reader.text(), reader.uv()) for _ in range(reader.count())],
}
WRITE: dict[str, Callable[[Any], bytes]] = {
    "uv": uv,
    "u8": u8,
    "hid": uv,
    "str": text,
    "json": text,
    "list uv": lambda values: uv(len(values)) + b"".join(map(uv, values)),
    "list str": lambda values: uv(len(values)) + b"".join(map(text, values)),
    "pairs str": lambda pairs: uv(len(pairs)) + b"".join(text(a) + text(b) for a, b in pairs),
    "pairs uv": lambda pairs: uv(len(pairs)) + b"".join(text(a) + uv(b) for a, b in pairs),
}


@dataclass(frozen=True)
class Kind:
    """One row of the table; `payload` says whether bytes follow the header."""

    code: int
    name: str
    fields: tuple[tuple[str, str], ...]
    flags: int = 0
    payload: bool = False


def _kind(code: int, name: str, fields: str, *, flags: int = 0, payload: bool = False) -> Kind:
    rows = [words.split(":") for words in fields.split(", ") if words]
    return Kind(code, name, tuple((name, type_) for name, type_ in rows), flags, payload)


KINDS = {
    kind.code: kind
    for kind in (
        _kind(
            0x40,
            "HELLO_OK",
            "version:uv, capabilities:list str, session:str, attachment:str, epoch:uv, rev:uv, mode:u8, "
            "last:uv, heartbeat_ms:uv, ladder_ms:list uv, limits:pairs uv",
        ),
        _kind(0x41, "SNAPSHOT", "epoch:uv, rev:uv, ack:uv, count:uv", flags=DEFLATE | MORE, payload=True),
        _kind(
            0x42, "DIFF", "epoch:uv, base:uv, rev:uv, ack:uv, count:uv", flags=DEFLATE | MORE, payload=True
        ),
        _kind(0x43, "CONT", "", flags=MORE | CANCEL, payload=True),
        _kind(0x44, "RESULT", "cseq:uv, error:str, data:json"),
        _kind(
            0x45,
            "ERROR",
            "kind:str, origin:u8, scope:u8, message:str, retry_after_ms:uv, max_ms:uv, parameters:pairs str, "
            "supported:list uv, details:json",
        ),
        _kind(0x46, "GOAWAY", "reason:str, min_ms:uv, max_ms:uv, parameters:pairs str, deadline_ms:uv"),
        _kind(0x4E, "PING", ""),
        _kind(0x50, "CHANNEL", "id:uv", flags=DEFLATE | CANCEL, payload=True),
        _kind(
            0x60,
            "HELLO",
            "versions:list uv, capabilities:list str, token:str, csrf:str, instance:str, epoch:uv, rev:uv, "
            "settled:uv, path:str, width:uv, height:uv, time_zone:str, limits:pairs uv",
        ),
        _kind(
            0x61,
            "EVENT",
            "epoch:uv, cseq:uv, rev:uv, hid:hid, kind:uv, action:str",
            flags=CANCEL | ACTION,
            payload=True,
        ),
        _kind(0x62, "ACK", "epoch:uv, rev:uv, settled:uv"),
        _kind(0x63, "REFETCH", "epoch:uv, hid:hid, reason:str"),
        _kind(0x64, "AUTH", "token:str"),
        _kind(0x65, "BYE", "reason:str"),
    )
}
_BY_NAME = {kind.name: kind for kind in KINDS.values()}


class UnknownKind(WireError):  # noqa: N818
    """A frame of a kind that is not in the table."""


@dataclass
class Message:
    """One message: `message["rev"]` is a field of its header."""

    name: str
    header: dict[str, Any] = field(default_factory=dict)
    payload: bytes = b""
    flags: int = 0

    def __getitem__(self, name: str) -> Any:
        return self.header[name]

    def encode(self) -> bytes:
        """Return its frame, the length in front."""
        kind = _BY_NAME[self.name]
        names = [name for name, _ in kind.fields if name != "action" or self.flags & ACTION]
        if set(self.header) != set(names):
            raise ValueError(f"{self.name} has the fields {', '.join(names)}, not {', '.join(self.header)}")
        types = dict(kind.fields)
        body = u8(kind.code) + u8(self.flags)
        body += b"".join(WRITE[types[name]](self.header[name]) for name in names) + self.payload
        return uv(len(body)) + body


def message(name: str, payload: bytes = b"", flags: int = 0, /, **header: Any) -> Message:
    """Return a message of the kind `name`."""
    return Message(name, header, payload, flags)


def decode(data: bytes) -> list[Message]:
    """Return all messages of what a transport gave; frames without a body are left out.

    Raises:
        UnknownKind: A frame is of no kind of the table.
        WireError: Anything else is wrong. Nothing of `data` may take effect then.
    """
    return [_decode(body) for body in _frames(data) if body]


def _frames(data: bytes) -> Iterator[bytes]:
    reader, count = Reader(data), 0
    while not reader.is_done:
        count += 1
        if count > MAX_FRAMES:
            raise reader.fail("too many frames")
        yield reader.take(reader.uv())


def _decode(body: bytes) -> Message:
    reader = Reader(body)
    code = reader.u8()
    kind = KINDS.get(code)
    if kind is None:
        raise UnknownKind(0, f"no kind of message is {code:02x}")
    flags = reader.u8()
    if flags & ~kind.flags:
        raise WireError(1, f"{kind.name} has no flag {flags & ~kind.flags}")
    header = {name: READ[type_](reader) for name, type_ in kind.fields if name != "action" or flags & ACTION}
    return Message(kind.name, header, reader.rest() if kind.payload else b"", flags)
