"""What a browser does on the wire, sans I/O: a client in Python that holds a `core.Model` for its document.

It follows PROTOCOL sections 2 and 3 and knows nothing of the server but its bytes.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from vango import _core, protocol
from vango._core import Model, Patch
from vango.protocol import Cont, Diff, Message, Result, Snapshot
from vango.testing.channels import PageChannels

__all__ = ["Client"]

_MAX_BURST_BYTES = 16 * 1024 * 1024
_ASK_AGAIN_S = 5.0
_NAVIGATE = 33
_BY_LOADING = 2


class Client:
    """One loaded document.

    Attributes:
        token: What its page told it.
        csrf: The same, which it says with the token.
        path: The path of the page that it shows.
        instance: Which document it is.
        epoch: The incarnation of the view that it shows, 0 if it shows none.
        rev: The burst that it has applied last.
        model: Its document.
        unsettled: The frames of its events whose outcome it does not know, by number.
        results: The RESULTs it got, by the number of the event, each the newest one.
        errors: The ERRORs it got.
        patches: The patches of each burst it applied since somebody looked.
        bursts: How many bursts it has applied, snapshots included.
        effects: What those did beside changing the document, see `vango._core.decode_effects`.
        refetches: How many times it asked for everything.
        ask_again_s: When to call `ask_again`, in seconds from the last message; who takes it sets `None`.
        hello_ok: The last HELLO_OK.
        goaway: What it was asked to leave with, `None` on a connection on which it was not.
        acks: Whether it acknowledges bursts.
        channels: The channels that it has opened.
        limits: What it takes, beside the size of a burst.
        capabilities: What it says that it understands.
    """

    def __init__(
        self,
        *,
        token: str,
        csrf: str = "",
        path: str = "/",
        capabilities: Sequence[str] = protocol.CAPABILITIES,
    ) -> None:
        self.token = token
        self.csrf = csrf
        self.capabilities = capabilities
        self.path = path
        self.instance = secrets.token_hex(16)
        self.epoch = 0
        self.rev = 0
        self.model: Model | None = None
        self.unsettled: dict[int, bytes] = {}
        self.results: dict[int, Result] = {}
        self.errors: list[protocol.Error] = []
        self.patches: list[list[Patch]] = []
        self.bursts = 0
        self.effects: list[tuple[Any, ...]] = []
        self.refetches = 0
        self.ask_again_s: float | None = None
        self.hello_ok: protocol.HelloOk | None = None
        self.goaway: protocol.GoAway | None = None
        self.acks = True
        self.channels = PageChannels()
        self.limits: list[tuple[str, int]] = []
        self._cseq = 0
        self._open: list[Snapshot | Diff | Cont] = []
        self._has_left = False
        self._ready = False
        self._waits_for_snapshot = False

    @property
    def settled(self) -> int:
        """It keeps no event of this number and below."""
        return min(self.unsettled, default=self._cseq + 1) - 1

    @property
    def is_ready(self) -> bool:
        """Whether it may send events: the burst that HELLO_OK announced has been applied."""
        return self._ready

    def adopt(self, snapshot: bytes, *, epoch: int, rev: int, count: int) -> None:
        """Take over a served page; the bytes of its tree stand for its HTML."""
        self.model = Model.from_snapshot(snapshot)
        self.epoch, self.rev = (epoch, rev) if self.model.count == count else (0, 0)

    def hello(self) -> bytes:
        """Return the first message of a connection."""
        self._ready = False
        self._open = []
        self._waits_for_snapshot = False
        self.ask_again_s = None
        self.channels.begin()
        self.goaway = None
        self._has_left = False
        return protocol.encode(
            protocol.Hello(
                versions=[protocol.VERSION],
                capabilities=list(self.capabilities),
                token=self.token,
                csrf=self.csrf,
                instance=self.instance,
                epoch=self.epoch,
                rev=self.rev,
                settled=self.settled,
                path=self.path,
                width=1280,
                height=720,
                time_zone="UTC",
                limits=[("burst_bytes", _MAX_BURST_BYTES), *self.limits],
            )
        )

    def event(
        self, hid: int, kind: int, fields: Sequence[object] = (), *, cancel: bool = False, action: str = ""
    ) -> bytes:
        """Return the frame of the next event; it is kept until its outcome is known."""
        self._cseq += 1
        payload = _core.encode_fields(kind, fields) if fields else b""
        flags = protocol.FLAG_CANCEL if cancel else 0
        event = protocol.Event(self.epoch, self._cseq, self.rev, hid, kind, action or None, payload, flags)
        self.unsettled[self._cseq] = frame = protocol.encode(event)
        return frame

    def navigate(self, path: str, mode: int = 0) -> bytes:
        """Return the event that asks for another page, by a mode of PROTOCOL 3.22."""
        return self.event(0, _NAVIGATE, [mode, path])

    def refetch(self, hid: int, reason: str = "test") -> bytes:
        """Return the question for an element, or for everything if `hid` is 0."""
        return protocol.encode(protocol.Refetch(self.epoch, hid, reason))

    def ask_again(self) -> list[bytes]:
        """Return the question for everything once more, if it still waits for the answer."""
        return self._refetch_all("again") if self._waits_for_snapshot else []

    def acknowledge(self) -> bytes:
        """Return an ACK of what has been applied."""
        return protocol.encode(protocol.Ack(self.epoch, self.rev, self.settled))

    def resend(self, first: int = 1) -> list[bytes]:
        """Return the events from number `first` on whose outcome is not known, byte for byte as they were."""
        return [self.unsettled[cseq] for cseq in sorted(self.unsettled) if cseq >= first]

    def receive(self, data: bytes) -> list[bytes]:
        """Take one message of the server; returns what is to be sent now, in order."""
        replies: list[bytes] = []
        revs = self.rev
        settled = self.settled
        messages = protocol.decode(data, _MAX_BURST_BYTES + 1024)
        for message in messages:
            replies += self._take(message)
        if self.acks and self._ready and (self.rev != revs or self.settled != settled):
            replies.append(self.acknowledge())
        if self.goaway is not None and not (self.unsettled or self._has_left):
            self._has_left = True
            replies.append(protocol.encode(protocol.Bye("drained")))
        return replies

    def _take(self, message: Message) -> list[bytes]:
        match message:
            case protocol.HelloOk():
                self.hello_ok = message
                if message.mode == protocol.MODE_SNAPSHOT:
                    self._waits_for_snapshot = True
                    self.ask_again_s = _ASK_AGAIN_S
                return self._when_ready()
            case Snapshot() | Diff() | Cont():
                match self._join(message):
                    case Snapshot() as snapshot:
                        return self._take_snapshot(snapshot)
                    case Diff() as diff:
                        return self._take_diff(diff)
            case protocol.Result():
                return self._take_result(message)
            case protocol.Error():
                self.errors.append(message)
                if self._waits_for_snapshot and message.kind == "RateLimited":
                    self.ask_again_s = message.retry_after_ms / 1000
            case protocol.Ping():
                return [protocol.LIVENESS]
            case protocol.GoAway():
                self.goaway = message
            case protocol.Channel():
                return self.channels.receive(message)
        return []

    def _join(self, part: Snapshot | Diff | Cont) -> Snapshot | Diff | None:
        """Return the burst that `part` completes, its payload joined and inflated."""
        if isinstance(part, Cont) != bool(self._open):
            raise AssertionError(f"{part} comes while {len(self._open)} parts of a burst are there")
        self._open.append(part)
        if part.flags & protocol.FLAG_MORE:
            return None
        parts, self._open = self._open, []
        if part.flags & protocol.FLAG_CANCEL:
            return None
        first = parts[0]
        assert not isinstance(first, Cont)
        payload = b"".join(each.payload for each in parts)
        if first.flags & protocol.FLAG_DEFLATE:
            payload = _core.inflate(payload, _MAX_BURST_BYTES)
        return replace(first, payload=payload, flags=0)

    def _take_snapshot(self, snapshot: Snapshot) -> list[bytes]:
        if (snapshot.epoch, snapshot.rev) <= (self.epoch, self.rev):
            return []
        self.model = Model.from_snapshot(snapshot.payload)
        if self.model.count != snapshot.count:
            raise AssertionError(f"the snapshot says {snapshot.count} nodes and holds {self.model.count}")
        self.epoch, self.rev = snapshot.epoch, snapshot.rev
        self.patches.append([])
        self.bursts += 1
        self._perform(_core.decode_effects(snapshot.payload, snapshot=True))
        self._waits_for_snapshot = False
        self.ask_again_s = None
        self._settle(snapshot.ack)
        return self._when_ready()

    def _take_diff(self, diff: Diff) -> list[bytes]:
        if self._waits_for_snapshot or (diff.epoch == self.epoch and diff.rev <= self.rev):
            return []
        if diff.epoch != self.epoch or diff.base != self.rev or self.model is None:
            return self._refetch_all("base")
        self.model.apply(diff.payload)
        if self.model.count != diff.count:
            return self._refetch_all("count")
        self.rev = diff.rev
        self.patches.append(_core.decode(diff.payload))
        self.bursts += 1
        self._perform(_core.decode_effects(diff.payload))
        self._settle(diff.ack)
        return self._when_ready()

    def _perform(self, effects: list[tuple[Any, ...]]) -> None:
        self.effects += effects
        for name, *fields in effects:
            if name == "nav" and not fields[0] & _BY_LOADING:
                self.path = fields[1].partition("#")[0]

    def _when_ready(self) -> list[bytes]:
        """Return the events to send again, once what HELLO_OK announced has been applied."""
        greeting = self.hello_ok
        if self._ready or self._waits_for_snapshot or greeting is None or self.rev < greeting.rev:
            return []
        self._ready = True
        return self.resend()

    def _take_result(self, result: Result) -> list[bytes]:
        self.results[result.cseq] = result
        if result.error == "OutOfOrder":
            return self.resend()
        self.unsettled.pop(result.cseq, None)
        return []

    def _refetch_all(self, reason: str) -> list[bytes]:
        self._waits_for_snapshot = True
        self.ask_again_s = _ASK_AGAIN_S
        self.refetches += 1
        # What it has is acknowledged first: the snapshot carries again what is owed to it (PROTOCOL 3.6).
        return [self.acknowledge(), self.refetch(0, reason)]

    def _settle(self, ack: int) -> None:
        for cseq in [known for known in self.unsettled if known <= ack]:
            del self.unsettled[cseq]


def duplicate(client: Client) -> Client:
    """Return a client as a duplicated tab has it: the same page, loaded once more, so another instance."""
    other = Client(token=client.token, csrf=client.csrf, path=client.path, capabilities=client.capabilities)
    other.model, other.epoch, other.rev = client.model, client.epoch, client.rev
    return other
