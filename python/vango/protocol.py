"""The messages of the live protocol, sans I/O: bytes in, messages out, and back (PROTOCOL sections 2 and 5).

Invariants:
    - One class per row of the table; its fields have the names and the order of the row.
    - `decode` gives all messages of its input or raises; nothing is half-decoded.
    - This file knows what a message is, never when it is allowed: that is the attachment's part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields as fields_of
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

from vango import _core
from vango.errors import ProtocolError

VERSION = 1
CAPABILITIES = ("remove_attr", "move", "deflate", "templates", "texts", "listen", "websocket")
OPS = frozenset({"remove_attr", "move"})  # of these all or none are in use
LIVENESS = b"\x00"  # a frame without a body

FLAG_DEFLATE = 1
FLAG_MORE = 2
FLAG_CANCEL = 4
FLAG_ACTION = 8

MODE_RESUME = 0
MODE_SNAPSHOT = 1

ORIGIN_SERVER = 0
ORIGIN_APPLICATION = 1
ORIGIN_CLIENT = 2
SCOPE_EVENT = 0
SCOPE_SESSION = 1
SCOPE_CONNECTION = 2


class Message:
    """The base of all messages."""

    __slots__ = ()
    KIND: ClassVar[int]


@dataclass(frozen=True, slots=True)
class HelloOk(Message):
    """The server accepts a connection; `rev` is that of what follows."""

    KIND: ClassVar[int] = 0x40
    version: int
    capabilities: list[str]
    session: str
    attachment: str
    epoch: int
    rev: int
    mode: int
    last: int
    heartbeat_ms: int
    ladder_ms: list[int]
    limits: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Snapshot(Message):
    """The whole tree."""

    KIND: ClassVar[int] = 0x41
    epoch: int
    rev: int
    ack: int
    count: int
    payload: bytes = b""
    flags: int = 0


@dataclass(frozen=True, slots=True)
class Diff(Message):
    """What leads from `base` to `rev`."""

    KIND: ClassVar[int] = 0x42
    epoch: int
    base: int
    rev: int
    ack: int
    count: int
    payload: bytes = b""
    flags: int = 0


@dataclass(frozen=True, slots=True)
class Cont(Message):
    """A further part of a burst."""

    KIND: ClassVar[int] = 0x43
    payload: bytes = b""
    flags: int = 0


@dataclass(frozen=True, slots=True)
class Result(Message):
    """The outcome of one event; `error` is "" where it went well, `data` one JSON text."""

    KIND: ClassVar[int] = 0x44
    cseq: int
    error: str = ""
    data: str = ""


@dataclass(frozen=True, slots=True)
class Error(Message):
    """Something is wrong with an event, a session or the connection, as `scope` says."""

    KIND: ClassVar[int] = 0x45
    kind: str
    origin: int
    scope: int
    message: str
    retry_after_ms: int = 0
    max_ms: int = 0
    parameters: list[tuple[str, str]] = ()  # type: ignore[assignment]
    supported: list[int] = ()  # type: ignore[assignment]
    details: str = ""


@dataclass(frozen=True, slots=True)
class GoAway(Message):
    """The server asks the client to leave before a deadline."""

    KIND: ClassVar[int] = 0x46
    reason: str
    min_ms: int
    max_ms: int
    parameters: list[tuple[str, str]]
    deadline_ms: int


@dataclass(frozen=True, slots=True)
class Ping(Message):
    """A question for a sign of life."""

    KIND: ClassVar[int] = 0x4E


@dataclass(frozen=True, slots=True)
class Channel(Message):
    """Bytes of an island, an upload or a call."""

    KIND: ClassVar[int] = 0x50
    id: int
    payload: bytes = b""
    flags: int = 0


@dataclass(frozen=True, slots=True)
class Hello(Message):
    """The first message of a client: who it is and what it has."""

    KIND: ClassVar[int] = 0x60
    versions: list[int]
    capabilities: list[str]
    token: str
    csrf: str
    instance: str
    epoch: int
    rev: int
    settled: int
    path: str
    width: int
    height: int
    time_zone: str
    limits: list[tuple[str, int]]


@dataclass(slots=True)  # not frozen, unlike the rest: that would take four times as long, for each click
class Event(Message):
    """Something happened at a node; `payload` holds the fields that its handler asked for."""

    KIND: ClassVar[int] = 0x61
    epoch: int
    cseq: int
    rev: int
    hid: int
    kind: int
    action: str | None = None
    payload: bytes = b""
    flags: int = 0


@dataclass(frozen=True, slots=True)
class Ack(Message):
    """The client has applied `rev` and keeps no event up to `settled`."""

    KIND: ClassVar[int] = 0x62
    epoch: int
    rev: int
    settled: int


@dataclass(frozen=True, slots=True)
class Refetch(Message):
    """The client asks for a node again; `hid` 0 is everything."""

    KIND: ClassVar[int] = 0x63
    epoch: int
    hid: int
    reason: str


@dataclass(frozen=True, slots=True)
class Auth(Message):
    """A new token of the same identity."""

    KIND: ClassVar[int] = 0x64
    token: str


@dataclass(frozen=True, slots=True)
class Bye(Message):
    """The client leaves."""

    KIND: ClassVar[int] = 0x65
    reason: str


MESSAGES: Mapping[int, type[Message]] = MappingProxyType(
    {
        cls.KIND: cls
        for cls in (
            *(HelloOk, Snapshot, Diff, Cont, Result, Error, GoAway, Ping, Channel),
            *(Hello, Event, Ack, Refetch, Auth, Bye),
        )
    }
)
# What of a class is header, and what stands beside it in a frame.
_BESIDE = {"flags", "payload"}
_HEADERS = {
    cls: tuple(field.name for field in fields_of(cls) if field.name not in _BESIDE)  # type: ignore[arg-type]
    for cls in MESSAGES.values()
}


def encode(message: Message) -> bytes:
    """Return the frame of a message, its length in front."""
    header = [getattr(message, name) for name in _HEADERS[type(message)]]
    flags, payload = 0, b""
    if isinstance(message, (Snapshot, Diff, Cont, Channel, Event)):
        flags, payload = message.flags, message.payload
    if isinstance(message, Event):
        if message.action is None:
            header.pop()
        else:
            flags |= FLAG_ACTION
    return _core.encode_message(message.KIND, flags, header, payload)


def decode(data: bytes, max_bytes: int) -> list[Message]:
    """Decode a message of the transport: whole frames, in their order; those without a body are left out.

    Args:
        data: What the transport gave.
        max_bytes: The most that `data` and so each frame may hold.

    Raises:
        ProtocolError: `data` is malformed (`InvalidFrame`), names a kind that is not in the table
            (`UnknownKind`), or is too long (`TooBig`).
    """
    if len(data) > max_bytes:
        raise ProtocolError(max_bytes, f"{len(data):,} bytes, at most {max_bytes:,} are read", "TooBig")
    try:
        frames = _core.decode_messages(data, max_bytes)
    except _core.DecodeError as error:
        raise ProtocolError(
            error.offset, error.reason, _kind_of_fault(data, error.offset, max_bytes)
        ) from None
    if len(frames) == 1:  # as nearly always
        return [_message(*frames[0])]
    return [_message(*frame) for frame in frames]


def decode_body(body: bytes) -> Message:
    """Decode the body of one frame, as `core.FrameReader` gives it.

    Args:
        body: Without its length; not an empty one, which is no message but a sign of life.

    Raises:
        ProtocolError: `body` is malformed (`InvalidFrame`), or its kind is not in the table (`UnknownKind`).
    """
    try:
        return _message(*_core.decode_message(body))
    except _core.DecodeError as error:
        kind = "UnknownKind" if body and body[0] not in MESSAGES else "InvalidFrame"
        raise ProtocolError(error.offset, error.reason, kind) from None


def _message(kind: int, flags: int, header: tuple[Any, ...], payload: bytes) -> Message:
    if kind == Event.KIND:
        fields = (*header, payload, flags) if flags & FLAG_ACTION else (*header, None, payload, flags)
        return Event(*fields)
    cls = MESSAGES[kind]
    fields = (*header, payload, flags) if cls in (Snapshot, Diff, Cont, Channel) else header
    return cls(*fields)


def _kind_of_fault(data: bytes, offset: int, max_bytes: int) -> str:
    """Name the error kind of the frame in which the byte at `offset` stands."""
    at = 0
    while at < len(data):
        length, shift = 0, 0
        while at < len(data) and shift < 56:
            byte = data[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        if length > max_bytes:
            return "TooBig"
        if at + length > offset:
            return "UnknownKind" if length and at < len(data) and data[at] not in MESSAGES else "InvalidFrame"
        at += length
    return "InvalidFrame"


class Rule(NamedTuple):
    """What an error kind means to a connection (PROTOCOL section 5).

    Attributes:
        close: The code a WebSocket is closed with, `None` where it stays open.
        http: The status of an HTTP answer.
        duty: What the client does.
    """

    close: int | None
    http: int
    duty: str


def _rules() -> dict[str, Rule]:
    retry = "retry within the given bounds"
    needs_auth = "stop retrying: reload, navigate, or the application's own action"
    reload = "one guarded reload, then an error state"
    anew = "a new session in place; the outbox is offered by action"
    resync = "resync once; the second time an error state"
    result = "nothing: it is the outcome of one event"
    rules = {
        "Unauthorized": Rule(3000, 401, needs_auth),
        "AuthExpired": Rule(3000, 401, needs_auth),
        "CsrfInvalid": Rule(3000, 403, needs_auth),
        "VersionNotSupported": Rule(1008, 426, reload),
        "SchemaMismatch": Rule(1008, 409, reload),
        "SessionExpired": Rule(3410, 410, anew),
        "SessionNotFound": Rule(3410, 410, anew),
        "Rebalance": Rule(1012, 503, retry),
        "Rehome": Rule(1012, 503, retry),
        "ServerBusy": Rule(1013, 503, retry),
        "Draining": Rule(1012, 503, retry),
        "RateLimited": Rule(None, 429, "slow down, stay"),
        "InvalidFrame": Rule(1002, 400, resync),
        "UnknownKind": Rule(1002, 400, resync),
        "BurstInterleaved": Rule(1002, 400, resync),
        "TooBig": Rule(1009, 413, "that event is dead-lettered, the session goes on"),
        "Internal": Rule(1011, 500, "the retry ladder"),
    }
    for kind in (
        *("HandlerNotFound", "HandlerFailed", "Interrupted", "Validation"),
        *("OutOfOrder", "AlreadyProcessed", "QueueFull"),
    ):
        rules[kind] = Rule(None, 200, result)
    return rules


RULES: Mapping[str, Rule] = MappingProxyType(_rules())


def close_code(kind: str) -> int:
    """Return the code that ends a connection for an error of this kind."""
    rule = RULES.get(kind)
    # A kind that only slows a client down, or is not in the table, ends a connection as "try again later".
    return 1013 if rule is None or rule.close is None else rule.close
