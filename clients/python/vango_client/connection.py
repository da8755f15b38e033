"""The client's side of the protocol, sans I/O: PROTOCOL sections 3, 5 and 7.

Bytes, time and events come in; actions come out (see `line`). The document is kept at what the server says.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from vango_client.bursts import MAX_BURST_BYTES, Bursts, Interleaved
from vango_client.channels import Came, Channels, Ended
from vango_client.document import BurstFailed, Document, Node
from vango_client.fields import encode_fields, options_of, traits
from vango_client.line import STEADY_S, Line, Send, Tell
from vango_client.messages import SIGN_OF_LIFE, Message, UnknownKind, decode, message
from vango_client.ops import read_burst, read_snapshot
from vango_client.outbox import Event, Outbox
from vango_client.page import Page
from vango_client.wire import WireError

VERSIONS = [1]
CAPABILITIES = ["remove_attr", "move", "deflate", "texts"]
SNAPSHOT = 1

ASK_AGAIN_S = 5.0
MAX_ASK_AGAIN_S = 60.0
ACK_S = 0.25
ACK_BYTES = 16 * 1024
GRACE_S = 30.0
FRAME_BYTES = 64 * 1024
HEADER_BYTES = 64  # what an EVENT needs beside its payload, at most

NEEDS_AUTH = {"Unauthorized", "AuthExpired", "CsrfInvalid"}
RELOAD = {"VersionNotSupported", "SchemaMismatch"}
ANEW = {"SessionExpired", "SessionNotFound"}
RETRY = {"Rebalance", "Rehome", "ServerBusy", "Draining", "Internal"}
RESYNC = {"InvalidFrame", "UnknownKind", "BurstInterleaved"}


class Connection(Line):
    """One loaded page.

    Attributes:
        document: What it shows.
        epoch, rev: What that is, epoch 0 if it shows nothing.
        ready: Whether events may go: the burst that HELLO_OK announced is applied.
        results: The RESULTs that came, by the number of the event.
        channels: Its channels; `channel`, `say` and `hang_up` use them.
    """

    def __init__(
        self,
        page: Page,
        *,
        instance: str | None = None,
        chance: Callable[[], float] = random.random,
        reload: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """Show a page.

        Args:
            page: As it was parsed.
            instance: Which loaded document this is, by default 128 random bits.
            chance: Gives numbers from 0 to 1.
            reload: Asked to load the page again, for a reason; returns False where it was tried already.
        """
        super().__init__(chance)
        self.page = page
        self.document: Document = page.document
        self.instance = instance or secrets.token_hex(16)
        self.epoch, self.rev = page.epoch, page.rev
        self.ready = False
        self.results: dict[int, Message] = {}
        self.outbox = Outbox()
        self._session = page.session
        self._reload = reload
        self._terms: Message | None = None
        self._limits: dict[str, int] = {}
        self._bursts = Bursts()
        self.channels = Channels()
        self._token, self._csrf = page.token, page.csrf
        self._awaits_snapshot = False
        self._patience_s = ASK_AGAIN_S
        self._faults = 0
        self._unacked = 0
        self._leaving = ""
        self._bounds: tuple[float, float, list[tuple[str, str]]] = 0.0, 0.0, []

    # What its owner calls

    def greet(self) -> None:
        """Say HELLO."""
        self._send(
            "HELLO",
            versions=VERSIONS,
            capabilities=CAPABILITIES,
            token=self._token,
            csrf=self._csrf,
            instance=self.instance,
            epoch=self.epoch,
            rev=self.rev,
            settled=self.outbox.settled,
            path=self.page.path,
            width=0,
            height=0,
            time_zone="",
            limits=[("burst_bytes", MAX_BURST_BYTES)],
        )

    def received(self, link: int, data: bytes, now: float) -> None:
        """Take one message of a link."""
        self.now = now
        if link != self.link or not link:
            return
        self.heard()
        try:
            messages = decode(data)
            for one in messages:
                if self.phase != "down":
                    self._take(one)
        except UnknownKind:
            self._fault("UnknownKind")
        except WireError:
            self._fault("InvalidFrame")
        except Interleaved:
            self._fault("BurstInterleaved")
        if self.phase == "up" and now - self.since > STEADY_S:
            self.committed()

    def happened(self, node: Node, kind: int, now: float, fields: Sequence[Any] = ()) -> str:
        """Something happened at a node that listens to it; `fields` are sent if it asks for them."""
        options = options_of(node, kind)
        payload = encode_fields(kind, fields) if "fields" in options else b""
        return self.event(Event(node.hid, kind, payload, **traits(kind, options)), now)

    def event(self, event: Event, now: float) -> str:
        """Send an event, or let it wait; returns why it is refused, "" if it is not."""
        self.now = now
        event = replace(event, epoch=self.epoch)
        hid, kind, payload = event.hid, event.kind, event.payload
        if event.policy == "drop" and not self.ready:
            return ""
        reason = ""
        if self.state not in ("connecting", "connected", "disconnected"):
            reason = self.state
        elif not (self.ready or event.offline) and now - self.offline_since > GRACE_S:
            reason = "offline"
        elif len(payload) + HEADER_BYTES > self._limits.get("frame_bytes", FRAME_BYTES):
            reason = "TooBig"
        elif not self.outbox.add(event):
            reason = "QueueFull"
        if reason:
            self._tell("refused", hid=hid, kind=kind, reason=reason)
        else:
            self._flush()
        return reason

    def refresh(self, token: str, now: float) -> None:
        """Go on with another token: by AUTH on this connection, by HELLO on the next."""
        self.now, self._token = now, token
        if self.phase == "up":
            self._send("AUTH", token=token)
        elif self.state == "needs-auth":
            self.connect()

    def channel(self, name: str, params: Any, now: float) -> int:
        """Open a channel; returns its number, 0 where none can be opened now."""
        self.now = now
        number = self.channels.open(name, params) if self.ready and not self._leaving else 0
        self._say_channels()
        return number

    def say(self, channel: int, data: bytes, now: float) -> bool:
        """Send a message through a channel; False where that has ended."""
        self.now = now
        goes = self.channels.send(channel, data)
        self._say_channels()
        return goes

    def hang_up(self, channel: int, now: float, error: str = "", data: Any = None) -> None:
        """End a channel, in order or with an error."""
        self.now = now
        self.channels.close(channel, error, data)
        self._say_channels()

    def leave(self, now: float) -> None:
        """Go for good."""
        self.now = now
        if self.phase == "up":
            self._send("BYE", reason="leave")
        self.halt("closed")

    # What Line asks

    def ask(self) -> None:
        """Send PING."""
        self._send("PING")

    def enter(self, phase: str) -> None:
        """Begin a phase: what the last link left half done is void."""
        super().enter(phase)
        if phase == "up":
            return
        self.ready = False
        self._awaits_snapshot = False
        self._leaving = ""
        self._unacked = 0
        self._bursts.drop()
        for ended in self.channels.lost():
            self._tell_channel(ended)

    # Messages

    def _take(self, one: Message) -> None:
        if one.name == "ERROR":
            self._on_error(one)
        elif (one.name == "HELLO_OK") != (self.phase == "greeting"):
            raise WireError(0, f"{one.name} is not expected here")
        else:
            match one.name:
                case "HELLO_OK":
                    self._on_hello_ok(one)
                case "SNAPSHOT" | "DIFF" | "CONT":
                    burst = self._bursts.take(one)
                    if burst is not None:
                        self._on_burst(burst)
                    elif self._awaits_snapshot and self._bursts.is_snapshot_open:
                        self._await_snapshot()  # it comes, however slowly
                case "RESULT":
                    self._on_result(one)
                case "PING":
                    self._actions.append(Send(self.link, SIGN_OF_LIFE))
                case "CHANNEL":
                    self._tell_channel(self.channels.receive(one))
                    self._say_channels()
                case "GOAWAY":
                    self._on_goaway(one)
                case _:
                    raise WireError(0, f"{one.name} is not expected here")

    def _on_hello_ok(self, terms: Message) -> None:
        self._terms = terms
        self._limits = dict(terms["limits"])
        self.heartbeat_s = terms["heartbeat_ms"] / 1000 or self.heartbeat_s
        self.ladder_s = [ms / 1000 for ms in terms["ladder_ms"]] or self.ladder_s
        self.agreed()
        self.channels.begin(self._limits)
        if (terms["session"], terms["epoch"]) != (self._session, self.epoch):
            moved = terms["session"] != self._session
            self._session = terms["session"]
            self.epoch = self.rev = 0
            gone = self.outbox.begin(terms["last"], epoch=terms["epoch"], moved=moved)
            if gone:
                self._tell("rejected", events=[{"hid": one.hid, "kind": one.kind} for one in gone])
        if terms["mode"] == SNAPSHOT:
            self._await_snapshot()
        self._maybe_ready()

    def _on_burst(self, burst: Message) -> None:
        self.outbox.settle(burst["ack"])
        is_snapshot = burst.name == "SNAPSHOT"
        changed = self._adopt(burst) if is_snapshot else self._apply(burst)
        if changed:
            self.epoch, self.rev = burst["epoch"], burst["rev"]
            self.committed()
            self._unacked += len(burst.payload)
            self._ack_soon()
            self._tell("burst", rev=self.rev, snapshot=is_snapshot)
        if self.phase == "up":
            self._maybe_ready()

    def _apply(self, diff: Message) -> bool:
        """Rule 3.3: a diff is applied only onto its base."""
        mine = diff["epoch"] == self.epoch
        if self._awaits_snapshot or (mine and diff["rev"] <= self.rev):
            return False
        if not mine or diff["base"] != self.rev:
            return self._refetch_all(f"base {diff['base']} at {self.rev}")
        ops = read_burst(diff.payload)
        try:
            self.document.apply(ops, diff["count"])
        except BurstFailed as error:
            return self._refetch_all(str(error))
        return True

    def _adopt(self, snapshot: Message) -> bool:
        if (snapshot["epoch"], snapshot["rev"]) <= (self.epoch, self.rev):
            return False
        node = read_snapshot(snapshot.payload)
        try:
            self.document.replace(node, snapshot["count"])
        except BurstFailed as error:
            self._give_up("Internal", str(error))
            return False
        self._awaits_snapshot = False
        self.timers.pop("refetch", None)
        return True

    def _on_result(self, result: Message) -> None:
        cseq, error = result["cseq"], result["error"]
        if error == "OutOfOrder":
            self._resend(0)
        elif self.outbox.forget(cseq):
            self.results[cseq] = result
            if error and error != "AlreadyProcessed":
                self._tell("error", kind=error, message=result["data"], cseq=cseq)
            self._ack_soon()
            self._flush()

    def _on_error(self, error: Message) -> None:
        kind, scope = error["kind"], error["scope"]
        self._tell("error", kind=kind, message=error["message"], cseq=0)
        if kind in NEEDS_AUTH:
            self.halt("needs-auth")
        elif kind in RELOAD:
            self.halt("closed" if self._reload(kind) else "error")
        elif kind in RESYNC:
            self._fault(kind)
        elif kind == "RateLimited":
            if self.phase == "greeting":
                self.down(error["retry_after_ms"] / 1000, error["max_ms"] / 1000)
            elif scope == 0:
                self.after(error["retry_after_ms"] / 1000, "resend")
            elif self._awaits_snapshot:
                self._await_snapshot(error["retry_after_ms"] / 1000)
        elif kind == "TooBig":
            for event in self.outbox.bury(self._limits.get("frame_bytes", FRAME_BYTES)):
                self._tell("refused", hid=event.hid, kind=event.kind, reason="TooBig")
        elif kind in ANEW or (scope == 1 and kind not in RETRY):
            self.epoch = self.rev = 0
            self.down()
        elif kind in RETRY or scope == 2:
            self.down(error["retry_after_ms"] / 1000, error["max_ms"] / 1000, error["parameters"])

    def _on_goaway(self, goaway: Message) -> None:
        self._leaving = "asked"
        self._bounds = goaway["min_ms"] / 1000, goaway["max_ms"] / 1000, goaway["parameters"]
        self.after(goaway["deadline_ms"] / 1000, "drained")
        self._flush()

    def lost(self, *, unreachable: bool = False) -> None:
        """The link has ended, or never was one."""
        if self._leaving:
            self.down(*self._bounds)
        else:
            super().lost(unreachable=unreachable)

    def due(self, timer: str) -> None:
        """Do what a timer stands for."""
        match timer:
            case "ack":
                self._acknowledge()
            case "refetch":
                self._patience_s = min(2 * self._patience_s, MAX_ASK_AGAIN_S)
                self._refetch_all("again")
            case "resend":
                self._resend(0)
            case "drained":
                self.down(*self._bounds)
            case _:
                super().due(timer)

    # Faults

    def _fault(self, kind: str) -> None:
        """The server broke a rule: a snapshot helps once, then nothing does."""
        self._faults += 1
        if self._faults > 1 or self.phase != "up":
            self._give_up(kind, "the rules of the protocol were broken again")
        else:
            self._refetch_all(kind)

    def _give_up(self, kind: str, reason: str) -> None:
        if self.phase == "up":
            self._send("BYE", reason=kind)
        self._tell("error", kind=kind, message=reason, cseq=0)
        self.halt("error")

    def _refetch_all(self, reason: str) -> bool:
        if self._unacked:
            self._acknowledge()  # so that nothing of it is done twice
        self._send("REFETCH", epoch=self.epoch, hid=0, reason=reason)
        self._await_snapshot()
        return False

    def _await_snapshot(self, seconds: float = 0.0) -> None:
        """No diff counts until a snapshot is there; ask again if nothing of it comes (3.3)."""
        if not self._awaits_snapshot:
            self._patience_s = ASK_AGAIN_S
        self._awaits_snapshot = True
        self.after(seconds or self._patience_s, "refetch")

    # Sending

    def _maybe_ready(self) -> None:
        """Events may go once the document is where HELLO_OK said it would be."""
        terms = self._terms
        if terms is None or self._awaits_snapshot or self.ready:
            self._flush()
        elif self.epoch == terms["epoch"] and self.rev >= terms["rev"]:
            self.ready = True
            self.become("connected")
            self._resend(terms["last"])

    def _resend(self, last: int) -> None:
        self._actions.extend(Send(self.link, frame) for frame in self.outbox.above(last))
        self._flush()

    def _flush(self) -> None:
        """Number and send what waits; after GOAWAY say BYE once nothing is owed."""
        if "resend" in self.timers:
            return
        if self._leaving:
            if self._leaving == "asked" and not self.outbox.unsettled:
                self._leaving = "said"
                self._send("BYE", reason="drained")
        elif self.ready:
            frames = self.outbox.number(self.rev)
            self._actions.extend(Send(self.link, frame) for frame in frames)
            if frames:
                self._acked()

    def _ack_soon(self) -> None:
        if self._unacked > ACK_BYTES:
            self._acknowledge()
        elif "ack" not in self.timers:
            self.after(ACK_S, "ack")

    def _acknowledge(self) -> None:
        self._send("ACK", epoch=self.epoch, rev=self.rev, settled=self.outbox.settled)
        self._acked()

    def _acked(self) -> None:
        self._unacked = 0
        self.timers.pop("ack", None)

    def _send(self, name: str, **header: Any) -> None:
        self._actions.append(Send(self.link, message(name, **header).encode()))

    def _say_channels(self) -> None:
        frames, self.channels.sending = self.channels.sending, []
        self._actions.extend(Send(self.link, frame.encode()) for frame in frames)

    def _tell_channel(self, what: Came | Ended | None) -> None:
        if isinstance(what, Came):
            self._tell("message", channel=what.channel, data=what.data)
        elif what is not None:
            self._tell("ended", channel=what.channel, error=what.error, data=what.data)

    def _tell(self, name: str, **detail: object) -> None:
        self._actions.append(Tell(name, detail))
