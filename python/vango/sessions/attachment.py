"""One connection of a session, living in the server's task: HELLO, then events in and bursts out.

Invariants:
    - One task touches `transport.send`: before HELLO_OK the receiving one, then the sender. While that one
      waits for something to send, the receiving task may answer by `send_now`, which waits for nothing.
    - Messages are read in their order: by the receiving task, or as that task while it waits for more.
    - A message of the transport is decoded whole before any of it takes effect.
    - The connection that was replaced is read no further, and its end detaches only itself.
    - No exception but cancellation leaves `attach`.
"""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

import anyio
from anyio import CancelScope

from vango import protocol
from vango.clock import Timer
from vango.errors import ProtocolError, Refused, TransportBroken, TransportClosed
from vango.sessions.bucket import Bucket
from vango.sessions.channels import Channels
from vango.sessions.greeting import Gate, Greeting, Handshake, admit, first_hello, page_of, replaced
from vango.sessions.ledger import Verdict
from vango.sessions.outbox import Outlet

if TYPE_CHECKING:
    from vango.sessions.registry import Registry
    from vango.sessions.session import Session
    from vango.transports.base import Transport

__all__ = ["Attachment", "Gate", "Handshake", "attach", "refusal"]

log = logging.getLogger("vango")

_NOT_THEIRS = ("AuthExpired", "Unauthorized")  # what still waits for who gets this was made for somebody else
_GOING_AWAY = 1001
_DRAINED = "drained"  # why a client leaves that was asked to: it comes back
_INTERNAL = "Something went wrong on the server."
_RUN = Verdict.RUN  # to ask an Enum for a member takes a call, in Python 3.11


async def attach(transport: Transport, handshake: Handshake, registry: Registry, gate: Gate) -> None:
    """Serve one connection until it has ended; it is closed then.

    Args:
        transport: The connection, accepted; nothing was read from it.
        handshake: What its request proved.
        registry: All sessions of the application; it must be running.
        gate: Who may open what.
    """
    if registry.recorder is not None:
        transport = registry.recorder.open(transport)
    try:
        attachment = await _greet(transport, handshake, registry, gate)
        if attachment is not None:
            await attachment.run()
    except (TransportClosed, TransportBroken):
        return
    except Exception as error:
        # The top of a connection: a fault that is ours ends here, and no other session hears of it.
        registry.report(error, "a connection")
        with registry.clock.move_on_after(registry.limits.goodbye_s), suppress(Exception):
            await transport.close(protocol.close_code("Internal"), "Internal")


async def _greet(
    transport: Transport, handshake: Handshake, registry: Registry, gate: Gate
) -> Attachment | None:
    """Read HELLO and connect its session; `None` if that was refused and the connection closed."""
    limits = registry.limits
    try:
        with registry.clock.move_on_after(limits.hello_s) as waiting:
            data = await transport.receive()
        if waiting.cancelled_caught:
            # The network's fault, not the client's: it tries again.
            raise Refused(
                "ServerBusy", f"There was no HELLO within {limits.hello_s:g} s.", advice="check: hello_s"
            )
        hello = first_hello(protocol.decode(data, limits.hello_bytes), limits)
        named = gate.verify(hello.token, handshake)
        gate.check_csrf(hello.csrf, handshake)
        turn = registry.next_turn()
        opened = await gate.open(page_of(hello, named, registry), handshake, named)
        greeting = admit(hello, named, opened, handshake, registry, turn)
        greeting.record(transport)
        return Attachment(transport, registry, greeting, handshake, gate)
    except Refused as no:
        refused, error = no, refusal(no)
    except ProtocolError as fault:
        refused = Refused(fault.kind, "This is no HELLO.", advice=f"check: protocol; {fault.reason}")
        error = _fault(fault)
    except (TransportClosed, TransportBroken):
        raise
    except Exception as mine:
        registry.report(mine, "HELLO")
        refused = Refused("Internal", _INTERNAL)
        error = refusal(refused)
    registry.refusals.tell("a HELLO", handshake.address, refused, usual=waiting.cancelled_caught)
    with registry.clock.move_on_after(limits.goodbye_s):
        await _close(transport, protocol.close_code(error.kind), error, protocol.encode(error))
    return None


async def _close(transport: Transport, code: int, error: protocol.Error | None, last: bytes) -> None:
    kind, retry_after_ms = ("", 0) if error is None else (error.kind, error.retry_after_ms)
    await transport.close(code, kind, last=last, retry_after_ms=retry_after_ms)


def refusal(refused: Refused) -> protocol.Error:
    """Return what a client is told whose connection is refused."""
    supported = [protocol.VERSION] if refused.kind == "VersionNotSupported" else []
    return protocol.Error(
        refused.kind,
        protocol.ORIGIN_SERVER,
        protocol.SCOPE_CONNECTION,
        refused.message,
        retry_after_ms=refused.retry_after_ms,
        parameters=refused.parameters,
        supported=supported,
    )


def _fault(fault: ProtocolError) -> protocol.Error:
    details = json.dumps({"offset": fault.offset})
    return protocol.Error(
        fault.kind, protocol.ORIGIN_CLIENT, protocol.SCOPE_CONNECTION, fault.reason, details=details
    )


class Attachment:
    """A session's connection, from HELLO_OK to its end."""

    __slots__ = (
        "_answers",
        "_asked",
        "_change",
        "_channel_bytes",
        "_code",
        "_deflates",
        "_end_scope",
        "_error",
        "_gate",
        "_handshake",
        "_heard",
        "_last",
        "_outlet",
        "_reading",
        "_registry",
        "_room",
        "_taken",
        "_timer",
        "_transport",
        "_waits",
        "session",
    )

    def __init__(
        self, transport: Transport, registry: Registry, greeting: Greeting, handshake: Handshake, gate: Gate
    ) -> None:
        """Take over the session of a greeting, in one step: an older connection is read no further."""
        self._transport = transport
        self._handshake = handshake
        self._gate = gate
        self._registry = registry
        self.session: Session = greeting.session
        self._change: anyio.Event | None = None
        self._reading = CancelScope()
        self._end_scope: CancelScope | None = None
        self._code: int | None = None
        self._error: protocol.Error | None = None
        self._last = b""
        self._taken = b""  # what was to be sent at once, and was not
        self._answers: bool | None = None  # whether what is read now is to be answered; None: nothing is read
        self._waits = False  # whether the receiving task waits for a message
        self._heard = registry.clock.now()
        self._asked: float | None = None
        self._room: anyio.Event | None = None
        self._timer: Timer = registry.timers.after(registry.limits.heartbeat_ms / 1000, self._check_heard)
        greeting.attach()
        hello = greeting.hello
        self._deflates = "deflate" in hello.capabilities
        self._channel_bytes = dict(hello.limits).get("channel_bytes", registry.limits.channel_bytes)
        self._outlet = Outlet(self.session, settled=hello.settled)
        self._outlet.post(greeting.reply(transport.name))
        registry.attach(self.session, self)

    @property
    def name(self) -> str:
        """What HELLO_OK calls this connection."""
        return self._transport.name

    @property
    def wants_more(self) -> bool:
        """Whether what changes now is to be rendered now."""
        return self._outlet.wants_more

    def post(self, message: protocol.Message) -> None:
        """Send a message that waits for no burst."""
        self._outlet.post(message)
        self.wake()

    def token(self) -> str:
        """Return the token of the session whose number is the newest."""
        return self._gate.token(self.session)

    def wake(self) -> None:
        """There may be something to send."""
        if self._answers is not None:
            self._answers = True
        elif self._change is not None:
            self._change.set()
            self._change = None

    def end(self, code: int, error: protocol.Error | None = None) -> None:
        """Detach now, read no further, say the last words, close with `code`."""
        if self._code is None:
            self._code = code
            self._error = error
            self._outlet.ending = True
            if error is not None and error.kind in _NOT_THEIRS:
                self._taken = b""
                self._transport.discard()
            if error is not None:
                self._outlet.post(error)
            self._detach()
            self._reading.cancel()
            self._timer.cancel()
            self._timer = self._registry.timers.after(self._registry.limits.goodbye_s, self._abandon)
            self.wake()

    async def run(self) -> None:
        """Serve the session until the connection has ended."""
        self._registry.connections += 1
        try:
            await self._run()
        finally:
            self._registry.connections -= 1

    async def _run(self) -> None:
        try:
            async with anyio.create_task_group() as tasks:
                self._end_scope = tasks.cancel_scope
                tasks.start_soon(self._send_all)
                with self._reading:
                    await self._receive_all()
        finally:
            self._timer.cancel()
            self._detach()
        with self._registry.clock.move_on_after(self._registry.limits.goodbye_s):
            code = _GOING_AWAY if self._code is None else self._code
            await _close(self._transport, code, self._error, self._last)

    def _detach(self) -> None:
        if self._outlet.channels is not None:
            self._outlet.channels.end()
        self._registry.detach(self.session, self)

    # Out

    async def _send_all(self) -> None:
        """Send what there is to send; the only task that does. The last words are left to the close."""
        try:
            while True:
                data = self._take()
                if self._code is not None:
                    self._last = data + self._take()  # rendering may have ended it, with a word on why
                    return
                if data:
                    await self._transport.send(data)
                    if self._room is not None:
                        self._room.set()
                else:
                    self._change = change = anyio.Event()
                    await change.wait()
        except (TransportClosed, TransportBroken):
            self._abandon()

    def _answer(self) -> None:
        """Send what there is, if the sender waits for it: to wake that one takes a turn of the event loop."""
        if self._change is None:
            return
        while self._code is None and (data := self._take()):
            if self._code is not None or not self._transport.send_now(data):
                self._taken = data
                break
            if not self._outlet.may_have_more:
                return
        else:
            if self._code is None:
                return
        self.wake()

    def _take(self) -> bytes:
        if self._taken:
            taken, self._taken = self._taken, b""
            return taken
        try:
            return self._outlet.take()
        except Exception as error:
            self.session.fail(error, "sending")
            self.end(protocol.close_code("Internal"))
            return b""

    def _abandon(self) -> None:
        """The connection is gone: nothing can be said any more."""
        if self._end_scope is not None:
            self._end_scope.cancel()

    # In

    async def _receive_all(self) -> None:
        self._transport.hand_to(self._take_now)
        try:
            while self._code is None:
                self._waits = True
                data = await self._transport.receive()
                self._waits = False
                while self._outlet.is_choked:
                    self._room = anyio.Event()
                    await self._room.wait()
                self._read(data)
        except Exception as error:
            self._fail(error)
        finally:
            self._waits = False

    def _take_now(self, data: bytes) -> bool:
        """Read a message in the turn of the event loop that brought it, if `_receive_all` waits for it."""
        takes = self._waits and self._code is None and not self._outlet.is_choked
        if takes:
            try:
                self._read(data)
            except Exception as error:
                self._fail(error)
        return takes

    def _read(self, data: bytes) -> None:
        """Let one message of the transport take effect, and answer."""
        if self._code is not None:
            return
        self._heard = self._registry.clock.now()
        messages = protocol.decode(data, self._registry.limits.message_bytes)
        self._answers = False
        try:
            for message in messages:
                self._receive(message)
                if self._code is not None:
                    return
        finally:
            due, self._answers = self._answers, None
            if due:
                self._answer()

    def _fail(self, error: Exception) -> None:
        """End what cannot be read any further."""
        if isinstance(error, (TransportClosed, TransportBroken)):
            self._abandon()
        elif isinstance(error, ProtocolError):
            log.info("session %s: %s", self.session.id, error)
            self.end(protocol.close_code(error.kind), _fault(error))
        else:
            self.session.fail(error, "receiving")
            self.end(protocol.close_code("Internal"))

    def _receive(self, message: protocol.Message) -> None:
        match message:
            case protocol.Event():
                self._on_event(message)
            case protocol.Ack():
                self._on_ack(message)
            case protocol.Ping():
                self._outlet.owe_sign()
                self.wake()
            case protocol.Refetch():
                self._on_refetch(message)
            case protocol.Channel():
                self._on_channel(message)
            case protocol.Auth():
                self._on_auth(message)
            case protocol.Bye(reason):
                self.end(1000)
                if reason != _DRAINED:
                    self._registry.close(self.session)  # its document is gone: nobody comes back to it
            case _:
                raise ProtocolError(0, f"{type(message).__name__} is not expected here")

    def _on_event(self, event: protocol.Event) -> None:
        session = self.session
        empty = session.allow_event()
        if empty is not None:
            session.ledger.overlook()
            self._slow_down(empty, protocol.SCOPE_EVENT, "events")
            return
        if event.epoch == session.epoch:
            self._acknowledge(event.rev)
            self.wake()
        verdict, answer = session.ledger.receive(event.cseq)
        if verdict is _RUN:
            if event.flags & protocol.FLAG_CANCEL:
                session.finish(event.cseq)
            else:
                session.inbox.put(event)
        elif answer is not None:
            self.post(answer)

    def _on_ack(self, ack: protocol.Ack) -> None:
        session = self.session
        if ack.epoch != session.epoch:
            return
        if ack.settled > session.ledger.accepted:
            raise ProtocolError(0, f"ACK settles event {ack.settled}, which was never sent")
        was_open = self.wants_more
        self._acknowledge(ack.rev)
        if not was_open and self.wants_more:
            self.wake()
        session.ledger.settle(ack.settled)

    def _acknowledge(self, rev: int) -> None:
        if not self.session.outbox.acknowledge(rev):
            raise ProtocolError(0, f"burst {rev} is acknowledged, which was never sent")

    def _on_refetch(self, refetch: protocol.Refetch) -> None:
        session = self.session
        if refetch.epoch != session.epoch:
            return
        empty = session.allow_resync()
        if empty is not None:
            self._slow_down(empty, protocol.SCOPE_CONNECTION, "REFETCH")
            return
        session.outbox.refetch(refetch.hid)
        self.wake()

    def _on_auth(self, auth: protocol.Auth) -> None:
        session = self.session
        empty = session.allow_event()
        if empty is not None:
            self._slow_down(empty, protocol.SCOPE_CONNECTION, "AUTH")
            return
        try:
            named = self._gate.verify(auth.token, self._handshake)
            if named.session not in (session.id, session.alias[0] if session.alias else ""):
                raise Refused("Unauthorized", "This token opens another session.")
            if named.serial < session.least:
                raise replaced()
        except Refused as refused:
            # Whatever is wrong with it: who was let in by another token shows one that opens nothing here.
            log.info("session %s: AUTH was refused: %s", session.id, refused.message)
            error = refusal(Refused("Unauthorized", refused.message))
            self.end(protocol.close_code("Unauthorized"), error)
        else:
            session.renew(named.serial)

    def _on_channel(self, frame: protocol.Channel) -> None:
        channels = self._outlet.channels
        if channels is None:
            channels = self._outlet.channels = Channels(
                self.session, self.wake, deflates=self._deflates, window_bytes=self._channel_bytes
            )
        channels.receive(frame)
        self.wake()

    def _slow_down(self, bucket: Bucket, scope: int, what: str) -> None:
        """Refuse, and say so once until something is allowed again."""
        if not bucket.told:
            bucket.told = True
            self.post(
                protocol.Error(
                    "RateLimited",
                    protocol.ORIGIN_SERVER,
                    scope,
                    f"Too many {what}.",
                    retry_after_ms=bucket.retry_after_ms,
                )
            )

    # Liveness

    def _check_heard(self) -> None:
        """Ask a silent client for a sign of life, and give up one that does not answer."""
        limits = self._registry.limits
        timers = self._registry.timers
        if self._code is not None:
            return
        if timers.lag > limits.slow_stretch_s:
            # We were deaf ourselves: what came meanwhile has not been read yet.
            self._timer = timers.after(timers.lag, self._check_heard)
            return
        now = self._registry.clock.now()
        if self._asked is not None and self._heard >= self._asked:
            self._asked = None
        if self._asked is None:
            wait = self._heard + limits.heartbeat_ms / 1000 - now
            if wait <= 0:
                self._asked, wait = now, limits.silence_s
                self.post(protocol.Ping())
        else:
            wait = self._asked + limits.silence_s - now
            if wait <= 0:
                log.debug("session %s: the client is silent", self.session.id)
                self._abandon()
                return
        self._timer = timers.after(wait, self._check_heard)
