"""The blueprint profile (PROTOCOL section 4): a socket that receives bare bursts and speaks text.

Towards the session it is an ordinary connection: it says HELLO for its client, acknowledges what the socket
has taken, and answers PING, while the server's own pings tell whether the client is there.

Invariants:
    - Each burst is one binary message, and no other message is binary: the client counts them.
    - A burst holds ops 01 to 05; what it does beside changing the document is left out.
    - A client that says how many it has gets what it lacks, or FULL-RESYNC and the whole document.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import anyio

from vango import _core, protocol
from vango.errors import ProtocolError, TransportBroken, TransportClosed
from vango.protocol import (
    Ack,
    Bye,
    Cont,
    Diff,
    Error,
    GoAway,
    Hello,
    HelloOk,
    Message,
    Ping,
    Refetch,
    Snapshot,
)
from vango.transports.base import Transport
from vango.transports.websocket import WebSocketTransport

__all__ = ["BlueprintTransport", "Count", "hello_of", "words"]

_HELLO = re.compile(r"HELLO resumable=(true|false) lastSeq=(\d{1,15})")
_REFETCH = re.compile(r"REFETCH (\d{1,10})")
_REPLACE_ROOT = b"\x04\x00\x00"
_MAX_FRAMES_BYTES = 2**26  # what the session sends is ours and as large as it has to be
_MOST_UNREAD = 16
_SCROLL, _NAVIGATE, _HOOK = (_core.EVENT_KINDS[name] for name in ("scroll", "navigate", "hook"))
"""The kinds of events whose fields are written as the payloads of SCROLL, NAV and EMIT."""


@dataclass(slots=True)
class Count:
    """What a client's count of frames means to its session: frame n shows burst n + `offset`.

    Attributes:
        epoch: The epoch of the bursts; 0 where nothing is known.
        since: The first count of which that is true.
        offset: How many more bursts there were than frames.
        frames: How many frames were sent in all.
    """

    epoch: int = 0
    since: int = 0
    offset: int = 0
    frames: int = 0

    def rev(self, frames: int) -> int | None:
        """Return the burst that a client shows which has so many frames; `None` if that is not known."""
        return frames + self.offset if self.epoch and self.since <= frames <= self.frames else None

    def add(self, rev: int) -> None:
        """One more frame was sent; it leads to burst `rev`."""
        self.frames += 1
        if rev - self.frames != self.offset:
            self.since, self.offset = self.frames, rev - self.frames


class BlueprintTransport(Transport):
    """An accepted socket of a client that knows neither HELLO_OK nor headers; `read` runs beside it."""

    __slots__ = ("_changed", "_count", "_end", "_frames", "_incoming", "_parts", "_wire")

    def __init__(self, wire: WebSocketTransport, count: Count, hello: Hello, frames: int) -> None:
        """Speak for a client that has received `frames` frames; `hello` is what it would say."""
        super().__init__()
        self._wire = wire
        self._count = count
        self._frames = frames
        self._incoming: deque[bytes] = deque([protocol.encode(hello)])
        self._end: Exception | None = None
        self._changed = anyio.Event()
        self._parts: Snapshot | Diff | None = None

    async def read(self) -> None:
        """Take what the client says, until the connection ends."""
        while self._end is None:
            while len(self._incoming) > _MOST_UNREAD:
                await self._changed.wait()
            try:
                message = await self._wire.receive_any()
                if not isinstance(message, str):
                    raise ProtocolError(0, "a client of the blueprint profile speaks text")
                for said in self._said(message):
                    self._push(said)
            except (TransportClosed, TransportBroken, ProtocolError) as end:
                self._end = end
                self._wake()

    async def receive(self) -> bytes:
        """Return the next message in the client's name."""
        while not self._incoming:
            if self._end is not None:
                raise self._end
            await self._changed.wait()
        data = self._incoming.popleft()
        self._wake()
        return data

    async def send(self, data: bytes) -> None:
        """Send what the client understands of one message."""
        for message in protocol.decode(data, _MAX_FRAMES_BYTES):
            await self._tell(message)

    async def close(
        self, code: int = 1000, reason: str = "", *, last: bytes = b"", retry_after_ms: int = 0
    ) -> None:
        """Say the last words and close."""
        try:
            await self.send(last)
        except (TransportClosed, TransportBroken):
            return
        await self._wire.close(code, reason, retry_after_ms=retry_after_ms)

    def _said(self, text: str) -> list[Message]:
        """Return what a text means.

        Raises:
            ProtocolError: It means nothing.
        """
        if hello := _HELLO.fullmatch(text):
            # A greeting that crossed our first frames; whoever lacks something else has to have it all.
            known = int(hello[2]) == self._frames and hello[1] == "true"
            return [] if known else [Refetch(self._count.epoch, 0, "HELLO")]
        if refetch := _REFETCH.fullmatch(text):
            hid = int(refetch[1])
            return [Refetch(self._count.epoch, hid if hid < 2**32 else 0, "REFETCH")]
        raise ProtocolError(0, f"{text[:40]!r} is neither HELLO nor REFETCH")

    async def _tell(self, message: Message) -> None:
        match message:
            case HelloOk():
                self._begin(message)
            case Snapshot() | Diff():
                if message.flags & protocol.FLAG_MORE:
                    self._parts = message
                else:
                    await self._burst(message, message.payload)
            case Cont() if self._parts is not None:
                await self._continue(self._parts, message)
            case Error():
                await self._wire.send_text(words(message))
            case GoAway():
                goodbye = Error(message.reason, 0, 2, "", message.min_ms, message.max_ms)
                await self._wire.send_text(words(goodbye))
                self._push(Bye(message.reason))
            case Ping():
                self._incoming.append(protocol.LIVENESS)
                self._wake()

    def _begin(self, hello_ok: HelloOk) -> None:
        count = self._count
        if hello_ok.mode == protocol.MODE_RESUME and count.epoch == 0:
            count.since = self._frames
            count.offset = hello_ok.rev - self._frames
        count.epoch, count.frames = hello_ok.epoch, self._frames

    async def _continue(self, begun: Snapshot | Diff, part: Cont) -> None:
        self._parts = None
        if part.flags & protocol.FLAG_CANCEL:
            return
        payload = begun.payload + part.payload
        whole = replace(begun, payload=payload, flags=0)
        if part.flags & protocol.FLAG_MORE:
            self._parts = whole
        else:
            await self._burst(whole, payload)

    async def _burst(self, burst: Snapshot | Diff, payload: bytes) -> None:
        is_snapshot = isinstance(burst, Snapshot)
        payload = _without_effects(payload, snapshot=is_snapshot)
        if is_snapshot:
            await self._wire.send_text("FULL-RESYNC")
            payload = _REPLACE_ROOT + payload
            self._count.epoch = burst.epoch
        if payload:
            await self._wire.send(_length(len(payload)) + payload)
            self._count.add(burst.rev)
        else:
            self._count.offset, self._count.since = burst.rev - self._count.frames, self._count.frames
        self._push(Ack(burst.epoch, burst.rev, 0))

    def _push(self, message: Message) -> None:
        self._incoming.append(protocol.encode(message))
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()


def hello_of(text: object) -> tuple[int, bool] | None:
    """Return how many frames a client says it has, and if it wants to go on; `None` if it is no HELLO."""
    hello = _HELLO.fullmatch(text) if isinstance(text, str) else None
    return (int(hello[2]), hello[1] == "true") if hello else None


def words(error: Error) -> str:
    """Return an ERROR as text."""
    pairs = [("retry_after_ms", error.retry_after_ms), ("max_ms", error.max_ms)]
    pairs += [("supported", version) for version in error.supported]
    told = [f"{name}={value}" for name, value in pairs if value]
    message = [f"message={quote(error.message)}"] if error.message else []
    return " ".join(["ERROR", error.kind, *told, *message])


def _without_effects(payload: bytes, *, snapshot: bool) -> bytes:
    """Return a payload without its ops 20 to 3f, which stand at its end."""
    effects = _core.decode_effects(payload, snapshot=snapshot)
    return payload[: len(payload) - sum(map(_effect_bytes, effects))]


def _effect_bytes(effect: tuple[Any, ...]) -> int:
    match effect:
        case ("nav", *rest):
            size = len(_core.encode_fields(_NAVIGATE, rest))
        case ("emit", *rest):
            size = len(_core.encode_fields(_HOOK, rest))
        case ("focus", hid):
            size = len(_length(hid))
        case (_, hid, *rest):
            size = len(_length(hid)) + len(_core.encode_fields(_SCROLL, rest))
    return 1 + len(_length(size)) + size


def _length(number: int) -> bytes:
    """Return an unsigned LEB128."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)
