"""The kit's own client: says what a scenario wants said, follows what comes, and checks each message.

The checks of every message stand here, so that no scenario can pass while a rule is broken beside it.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from vango import _core, protocol
from vango._core import DecodeError, Model
from vango.errors import ProtocolError
from vango.protocol import Diff, Error, HelloOk, Message, Ping, Result, Snapshot
from vango.testing.conformance.outcome import Mismatch, expect, expect_equal
from vango.testing.conformance.server import Link, ServedPage, Server
from vango.testing.document import Element, Page

__all__ = ["CLICK", "INPUT", "OPS", "Visitor"]

M = TypeVar("M", bound=Message)

_MAX_BYTES = 1 << 25
_MOST_ROUNDS = 32  # of what comes and is acknowledged, before somebody looks
CLICK, INPUT = 0, 2
OPS = ("remove_attr", "move")
"""The capabilities of a client that inflates nothing: what comes is as long as it is."""


class Visitor:
    """One loaded document of the reference page.

    Attributes:
        page: As it was served.
        link: Its connection.
        messages: What has come on this connection, in order; bursts are joined.
        stream: The bytes of that, as they came.
        parts: The parts of each burst that has come whole.
        epoch, rev: What the document shows; epoch 0 if that is nothing.
        model: The document, `None` as long as only the served HTML is known.
        acks: Whether bursts are acknowledged when they have been applied.
        waits: Whether a SNAPSHOT is awaited, and every DIFF ignored until it is there.
    """

    def __init__(self, server: Server, page: ServedPage, instance: str = "instance-of-the-kit-1") -> None:
        self.server = server
        self.page = page
        self.instance = instance
        self.link: Link | None = None
        self.messages: list[Message] = []
        self.stream = b""
        self.epoch = int(page.meta["epoch"])
        self.rev = int(page.meta["rev"])
        self.model: Model | None = None
        self.acks = True
        self.cseq = 0
        self.settled = 0
        self._ack = 0
        self._results: dict[int, tuple[str, str]] = {}
        self.parts: list[list[Diff | Snapshot | protocol.Cont]] = []
        self.waits = False
        self._open: list[Diff | Snapshot | protocol.Cont] = []
        self._undoes = False

    @classmethod
    async def arrive(cls, server: Server, instance: str = "instance-of-the-kit-1") -> Visitor:
        """Load the page, connect, and get a SNAPSHOT of it."""
        visitor = cls(server, await server.visit(), instance)
        visitor.epoch = visitor.rev = 0
        await visitor.greet()
        expect(visitor.model is not None, "a SNAPSHOT for a HELLO of epoch 0 (3.2)", visitor.kinds)
        return visitor

    # Speaking

    def hello(self, **changes: object) -> bytes:
        """Return the HELLO of this document, with some fields changed."""
        fields = {
            "versions": [protocol.VERSION],
            "capabilities": list(protocol.CAPABILITIES),
            "token": self.page.meta["token"],
            "csrf": self.page.meta.get("csrf", ""),
            "instance": self.instance,
            "epoch": self.epoch,
            "rev": self.rev,
            "settled": self.settled,
            "path": self.page.path,
            "width": 1280,
            "height": 720,
            "time_zone": "UTC",
            "limits": [("burst_bytes", 16 << 20)],
        }
        return protocol.encode(protocol.Hello(**{**fields, **changes}))

    async def connect(self, transport: str = "", origin: str = "") -> None:
        """Open a connection, instead of the one there may be; nothing is said on it."""
        self.link = await self.server.connect(self.page, transport=transport, origin=origin)
        self.messages = []
        self.stream = b""
        self.parts = []
        self.waits = False
        self._open = []

    async def greet(self, *, transport: str = "", **changes: object) -> HelloOk:
        """Connect and say HELLO; returns the HELLO_OK."""
        await self.connect(transport)
        await self.send(self.hello(**changes))
        expect(
            self.messages and isinstance(self.messages[0], HelloOk),
            "HELLO_OK (2.3)",
            self.messages or self.code,
        )
        (hello_ok,) = self.of(HelloOk)
        return hello_ok

    async def send(self, *frames: bytes) -> None:
        """Send frames as one message, settle, and take what has come."""
        if self.link is not None:
            await self.link.send(b"".join(frames))
        await self.rest()

    def frame(
        self, target: str | int, kind: int = CLICK, fields: Sequence[object] = (), **changes: object
    ) -> bytes:
        """Return the frame of the next event, at the element of an id or of a hid."""
        self.cseq += 1
        hid = target if isinstance(target, int) else self.find(target).hid
        payload = _core.encode_fields(kind, fields) if fields else b""
        event = {"epoch": self.epoch, "cseq": self.cseq, "rev": self.rev, "hid": hid, "kind": kind}
        return protocol.encode(protocol.Event(**{**event, "payload": payload, **changes}))  # type: ignore[arg-type]

    async def click(self, *ids: str) -> None:
        """Click on elements, each in a message of its own."""
        for name in ids:
            await self.send(self.frame(name))

    async def acknowledge(self) -> None:
        """Send an ACK of what has been applied."""
        await self.send(protocol.encode(protocol.Ack(self.epoch, self.rev, self.settled)))

    async def refetch(self, hid: int = 0, reason: str = "kit") -> None:
        """Ask for a node, or for everything."""
        self.waits = self.waits or hid == 0
        await self.send(protocol.encode(protocol.Refetch(self.epoch, hid, reason)))

    async def rest(self) -> None:
        """Settle, take what has come, and acknowledge it if it is to be."""
        for _ in range(_MOST_ROUNDS):
            await self.server.settle()
            before = self.rev, self.epoch, self.settled
            if not self.take():
                return
            changed = (self.rev, self.epoch, self.settled) != before
            if changed and self.acks and self.link is not None and self.link.code is None:
                await self.link.send(protocol.encode(protocol.Ack(self.epoch, self.rev, self.settled)))

    async def drop(self) -> None:
        """Lose the connection."""
        if self.link is not None:
            self.link.cut()
        await self.server.settle()

    async def knock(self, *, origin: str = "", **changes: object) -> None:
        """Connect and say HELLO, whatever comes of it."""
        await self.connect(origin=origin)
        await self.send(self.hello(**changes))
        expect(self.messages or self.code is not None, "an answer to HELLO (2.3, 5)", "none")

    async def lose(self, *frames: bytes) -> None:
        """Send frames, then lose the connection and whatever came back."""
        if self.link is not None:
            await self.link.send(b"".join(frames))
            await self.server.settle()
        await self.drop()

    async def break_off(self, *frames: bytes) -> None:
        """Send frames, and lose the connection when one part of a burst has come, and not the last."""
        if self.link is None:
            return
        await self.link.send(b"".join(frames))
        await self.server.settle()
        for message in (one for data in self.link.received() for one in _decoded(data)):
            self._follow(message)
            if self._open:
                break
        expect(self._open, "a burst above 256 KiB in parts (3.5, 6)", self.kinds)
        await self.drop()

    def undo_next(self) -> None:
        """Be a client that finds another count in the next DIFF: it undoes it, and waits for a SNAPSHOT."""
        self._undoes = True

    # Seeing

    @property
    def code(self) -> int | None:
        """How the server has closed the connection, `None` while it is open."""
        return self.link.code if self.link is not None else None

    @property
    def kinds(self) -> list[str]:
        """The kinds of messages that have come."""
        return [type(message).__name__ for message in self.messages]

    def of(self, kind: type[M]) -> list[M]:
        """Return the messages of one kind that have come on this connection."""
        return [message for message in self.messages if isinstance(message, kind)]

    @property
    def errors(self) -> list[str]:
        """The kinds of the ERRORs that have come."""
        return [error.kind for error in self.of(Error)]

    @property
    def results(self) -> list[tuple[int, str]]:
        """The RESULTs that have come: the number of the event and the kind of its error."""
        return [(result.cseq, result.error) for result in self.of(Result)]

    @property
    def effects(self) -> list[tuple[Any, ...]]:
        """What the DIFFs of this connection do beside changing the document."""
        return [effect for diff in self.of(Diff) for effect in _core.decode_effects(diff.payload)]

    @property
    def root(self) -> Element:
        """The document as elements."""
        return Page(self.html()).root

    def html(self) -> str:
        """Return the document, with hids."""
        return self.model.html(hids=True) if self.model is not None else self.page.html

    def find(self, name: str) -> Element:
        """Return the element of an id."""
        try:
            return self.root.find(id=name)
        except LookupError:
            shown = self.html()
            raise Mismatch(f"an element of the id {name!r}, as on the reference page", shown[:200]) from None

    def text(self, name: str) -> str:
        """Return what an element shows."""
        return self.find(name).text

    async def converge(self) -> None:
        """Check that the document is what the server has: ask for everything and compare.

        The rate of such questions is bounded (3.6), so time passes first.
        """
        await self.server.advance(1.0)
        await self.rest()
        before = self.model.html() if self.model is not None else None
        count = len(self.of(Snapshot))
        await self.refetch()
        expect_equal(len(self.of(Snapshot)), count + 1, "SNAPSHOTs for REFETCH 0 (3.6)")
        after = self.model.html() if self.model is not None else None
        if before is not None:
            expect_equal(before, after, "the document that followed the diffs is the one of a snapshot")

    # Following

    def take(self) -> bool:
        """Take what has come, without waiting; returns whether anything has."""
        came = self.link.received() if self.link is not None else []
        for data in came:
            self.stream += data
            for message in _decoded(data):
                self._follow(message)
        return bool(came)

    def _follow(self, message: Message) -> None:
        if not self.messages and not isinstance(message, (HelloOk, Error)):
            raise Mismatch("HELLO_OK or ERROR comes first (7.2)", type(message).__name__)
        match message:
            case HelloOk():
                expect(not self.messages, "one HELLO_OK (2.3)", self.kinds)
                self._adopt_terms(message)
            case Snapshot() | Diff() | protocol.Cont():
                whole = self._join(message)
                if whole is None:
                    return
                message = whole
            case Result():
                self._on_result(message)
            case Ping() | Error() | protocol.GoAway() | protocol.Channel():
                pass
            case _:
                raise Mismatch("a message of servers (2)", type(message).__name__)
        self.messages.append(message)
        if isinstance(message, Snapshot):
            self._on_snapshot(message)
        elif isinstance(message, Diff):
            self._on_diff(message)

    def _adopt_terms(self, terms: HelloOk) -> None:
        if terms.epoch != self.epoch:
            self.epoch = self.rev = self._ack = 0
            self.cseq = max(self.cseq, terms.last)
        self.waits = terms.mode == protocol.MODE_SNAPSHOT

    def _join(self, part: Diff | Snapshot | protocol.Cont) -> Diff | Snapshot | None:
        begins = not isinstance(part, protocol.Cont)
        expect(begins != bool(self._open), "a burst is whole before the next begins (3.5)", self.kinds)
        self._open.append(part)
        if part.flags & _core.FLAG_MORE:
            return None
        parts, self._open = self._open, []
        self.parts.append(parts)
        first = parts[0]
        if part.flags & protocol.FLAG_CANCEL or isinstance(first, protocol.Cont):
            return None
        payload = b"".join(one.payload for one in parts)
        if first.flags & _core.FLAG_DEFLATE:
            payload = zlib.decompress(payload, wbits=-15)
        return replace(first, payload=payload, flags=0)

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self.waits = False
        new = (snapshot.epoch, snapshot.rev) > (self.epoch, self.rev)
        expect(new, f"a SNAPSHOT above {(self.epoch, self.rev)} (3.3)", (snapshot.epoch, snapshot.rev))
        try:
            model = Model.from_snapshot(snapshot.payload)
        except DecodeError as error:
            raise Mismatch("a SNAPSHOT that can be read (1.4)", str(error)) from None
        expect_equal(snapshot.count, model.count, "the count of a SNAPSHOT (3.4)")
        self.model = model
        self._applied(snapshot)

    def _on_diff(self, diff: Diff) -> None:
        if self.waits:
            return  # it is to be ignored until the snapshot is there
        if self._undoes:
            self._undoes, self.waits = False, True
            return
        expect_equal((diff.epoch, diff.base), (self.epoch, self.rev), "epoch and base of a DIFF (3.3)")
        expect(diff.rev > diff.base, f"a DIFF's rev above its base {diff.base} (2.1)", diff.rev)
        try:
            _core.decode(diff.payload)
            if self.model is not None:
                self.model.apply(diff.payload)
        except ValueError as error:  # of the bytes, or of what they ask for
            raise Mismatch("a DIFF that can be applied (1.6)", str(error)) from None
        if self.model is not None:
            expect_equal(diff.count, self.model.count, "the count of a DIFF (3.4)")
        self._applied(diff)

    def _applied(self, burst: Diff | Snapshot) -> None:
        self.epoch, self.rev = burst.epoch, burst.rev
        expect(burst.ack >= self._ack, f"an ack that does not fall below {self._ack} (2.1)", burst.ack)
        expect(burst.ack <= self.cseq, f"an ack of what was sent, at most {self.cseq} (2.1)", burst.ack)
        self._ack = burst.ack
        self.settled = max(self.settled, burst.ack)

    def _on_result(self, result: Result) -> None:
        outcome = result.error, result.data
        if result.error == "OutOfOrder":
            return
        expect(result.cseq <= self.cseq, f"a RESULT of what was sent, at most {self.cseq}", result.cseq)
        if result.error != "AlreadyProcessed":
            known = self._results.setdefault(result.cseq, outcome)
            expect_equal(outcome, known, f"the RESULT of event {result.cseq}, the same each time (3.7)")
        settled = set(self._results)
        while self.settled + 1 in settled:
            self.settled += 1


def _decoded(data: bytes) -> list[Message]:
    try:
        return list(protocol.decode(data, _MAX_BYTES))
    except ProtocolError as error:
        raise Mismatch("whole frames of known kinds (1.2)", str(error)) from None
