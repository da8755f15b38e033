"""Servers that break a rule on purpose, for each scenario one; what it does wrong is its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from vango import protocol
from vango.application import gate as gates, live
from vango.errors import ProtocolError
from vango.limits import Limits
from vango.protocol import Cont, Diff, Error, GoAway, HelloOk, Message, Ping, Result, Snapshot
from vango.sessions import (
    attachment as attachments,
    channels,
    greeting,
    ledger as ledgers,
    navigation as navigations,
    session as sessions,
)
from vango.testing.conformance.hosted import HostedServer
from vango.testing.conformance.server import Link, ServedPage

Mangle = Callable[[Message], Message | None]
WrongServer = Callable[[pytest.MonkeyPatch], HostedServer]

WRONG: dict[str, tuple[str, WrongServer]] = {}


def wrong(name: str, how: str) -> Callable[[WrongServer], WrongServer]:
    """Note a wrong server for a scenario."""

    def note(make: WrongServer) -> WrongServer:
        WRONG[name] = how, make
        return make

    return note


class MangledLink(Link):
    """A link on which what the server says is something else."""

    def __init__(self, link: Link, mangle: Mangle) -> None:
        self._link = link
        self._mangle = mangle

    def received(self) -> list[bytes]:
        messages = [one for data in self._link.received() for one in protocol.decode(data, 1 << 25)]
        said = [self._mangle(message) for message in messages]
        return [protocol.encode(message) for message in said if message is not None]

    async def send(self, data: bytes) -> None:
        await self._link.send(data)

    def pause(self) -> None:
        self._link.pause()

    def go_on(self) -> None:
        self._link.go_on()

    def cut(self) -> None:
        self._link.cut()

    @property
    def code(self) -> int | None:
        return self._link.code


class MangledServer(HostedServer):
    """A server that does not say what it means, over all transports or over one."""

    def __init__(self, mangle: Callable[[], Mangle], over: str = "") -> None:
        super().__init__("websocket")
        self._mangle = mangle
        self._over = over

    async def connect(self, page: ServedPage, *, transport: str = "", origin: str = "") -> Link:
        link = await super().connect(page, transport=transport, origin=origin)
        mangled = self._over in ("", transport or self.transport)
        return MangledLink(link, self._mangle()) if mangled else link


def saying(mangle: Mangle, over: str = "") -> HostedServer:
    return MangledServer(lambda: mangle, over)


class LimitedServer(HostedServer):
    """A server with other limits."""

    def __init__(self, **limits: int) -> None:
        super().__init__("websocket")
        self._limits: Limits = replace(self._limits, **limits)


def without(kind: type[Message]) -> Mangle:
    return lambda message: None if isinstance(message, kind) else message


def forgets_acks(message: Message) -> Message:
    return replace(message, ack=0) if isinstance(message, (Diff, Snapshot)) else message


def takes_all_as_arrived() -> Mangle:
    """RESUME, and nothing behind it: what was sent has arrived, it thinks."""
    resumed = False

    def mangle(message: Message) -> Message | None:
        nonlocal resumed
        if isinstance(message, HelloOk):
            resumed = message.mode == protocol.MODE_RESUME
        return None if resumed and isinstance(message, Diff) else message

    return mangle


def forgets_what_it_took(message: Message) -> Message:
    return replace(message, last=0) if isinstance(message, HelloOk) else message


@wrong("C01", "it sends a page that is there already once more")
def again(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    monkeypatch.setattr(greeting, "_goes_on", lambda session, hello: False)
    return HostedServer("websocket")


@wrong("C02", "over HTTP it does not say that a handler failed")
def differs(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    return saying(without(Result), over="http")


@wrong("C03", "it forgets its acks")
def forgets(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    return saying(forgets_acks)


@wrong("C04", "it takes what it has sent as arrived")
def never_replays(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    return MangledServer(takes_all_as_arrived)


@wrong("C05", "it forgets which events it took")
def loses_its_place(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    return saying(forgets_what_it_took)


@wrong("C06", "its epoch is always the first")
def one_epoch(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    def mangle(message: Message) -> Message:
        return replace(message, epoch=1) if isinstance(message, (HelloOk, Snapshot, Diff)) else message

    return saying(mangle)


@wrong("C07", "it uses a rev twice")
def reuses(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    return saying(
        lambda message: replace(message, rev=message.base) if isinstance(message, Diff) else message
    )


@wrong("C08", "it does not answer REFETCH")
def deaf(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    monkeypatch.setattr(attachments.Attachment, "_on_refetch", lambda attachment, refetch: None)
    return HostedServer("websocket")


@wrong("C09", "it counts one node too many")
def miscounts(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    def mangle(message: Message) -> Message:
        return replace(message, count=message.count + 1) if isinstance(message, Diff) else message

    return saying(mangle)


@wrong("C10", "it answers REFETCH of an element with everything")
def overdoes(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    on_refetch = attachments.Attachment._on_refetch
    whole = lambda attachment, refetch: on_refetch(attachment, replace(refetch, hid=0))  # noqa: E731
    monkeypatch.setattr(attachments.Attachment, "_on_refetch", whole)
    return HostedServer("websocket")


@wrong("C11", "it answers every REFETCH")
def patient(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    monkeypatch.setattr(sessions.Session, "allow_resync", lambda session: None)
    return HostedServer("websocket")


@wrong("C12", "it never sends in parts")
def whole(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    return LimitedServer(part_bytes=1 << 24)


@wrong("C13", "it takes a burst as arrived of which one part has")
def half(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    return MangledServer(takes_all_as_arrived)


@wrong("C14", "it begins a burst inside another")
def interrupts(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    def mangle(message: Message) -> Message | None:
        cancels = isinstance(message, Cont) and message.flags & protocol.FLAG_CANCEL
        return None if cancels else message

    return saying(mangle)


def runs_twice(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    judge = ledgers.Ledger.receive

    def receive(ledger, cseq):
        if cseq <= ledger.accepted:
            return ledgers.Verdict.RUN, None
        return judge(ledger, cseq)

    monkeypatch.setattr(ledgers.Ledger, "receive", receive)
    return HostedServer("websocket")


wrong("C15", "it runs again what is sent again")(runs_twice)
wrong("C18", "it runs twice what is sent twice")(runs_twice)


@wrong("C16", "it does not mind the order of events")
def disorderly(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    judge = ledgers.Ledger.receive

    def receive(ledger, cseq):
        ledger.accepted = max(ledger.accepted, cseq - 1)
        return judge(ledger, cseq)

    monkeypatch.setattr(ledgers.Ledger, "receive", receive)
    return HostedServer("websocket")


@wrong("C17", "it does not say that a handler failed")
def discreet(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    return saying(without(Result))


@wrong("C19", "a late click hits whoever is still there")
def hits_another(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    on_event = attachments.Attachment._on_event
    hids = []

    def nearest(attachment, event):
        hids.append(event.hid)
        gone = len(hids) > 1 and event.hid == hids[0]
        on_event(attachment, replace(event, hid=event.hid + 3) if gone else event)

    monkeypatch.setattr(attachments.Attachment, "_on_event", nearest)
    return HostedServer("websocket")


@wrong("C20", "it takes hids of another epoch for its own")
def confuses_epochs(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    on_event = attachments.Attachment._on_event

    def mine(attachment, event):
        on_event(attachment, replace(event, epoch=attachment.session.epoch))

    monkeypatch.setattr(attachments.Attachment, "_on_event", mine)
    return HostedServer("websocket")


@wrong("C21", "it hangs up without a word on what is too big")
def hangs_up(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    return saying(without(Error))


@wrong("C22", "it does not say which versions there are")
def secretive(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    return saying(lambda message: replace(message, supported=[]) if isinstance(message, Error) else message)


@wrong("C23", "it lowers for nobody")
def highbrow(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    monkeypatch.setattr(greeting, "is_lowered", lambda hello: False)
    return HostedServer("websocket")


@wrong("C24", "it does not ask for the CSRF value")
def trusts(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    monkeypatch.setattr(live.PageGate, "check_csrf", lambda gate, value, handshake: None)
    return HostedServer("websocket")


@wrong("C25", "it lets in who is logged in no more")
def hospitable(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    admit = gates.Gatekeeper.admit

    async def of_old(gate, address, request, *, strict=False):
        cookies = {**request.cookies, "kit": "member"}
        return await admit(gate, address, replace(request, cookies=cookies), strict=strict)

    monkeypatch.setattr(gates.Gatekeeper, "admit", of_old)
    return HostedServer("websocket")


@wrong("C26", "a duplicated tab takes the session over")
def takes_over(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    monkeypatch.setattr(greeting, "_fits", lambda session, hello: True)
    return HostedServer("websocket")


@wrong("C27", "it stops without a word")
def vanishes(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    return saying(without(GoAway))


@wrong("C28", "it does not wait for who is behind")
def floods(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    return LimitedServer(window_bytes=10_000_000)


@wrong("C29", "it forgets what it took over another transport")
def forgets_by_transport(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    return saying(forgets_what_it_took, over="http")


@wrong("C30", "it never asks who is silent")
def mute(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    return saying(without(Ping))


@wrong("C31", "it hangs up where a channel is not as it should be")
def severe(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    def refuse(self, number, kind):
        raise ProtocolError(0, "a channel is not as it should be", kind)

    monkeypatch.setattr(channels.Channels, "_refuse", refuse)
    return HostedServer("websocket")


@wrong("C32", "it goes on taking the token that was replaced")
def forgiving(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    monkeypatch.setattr(sessions.Session, "renew", lambda session, serial: None)
    return HostedServer("websocket")


@wrong("C33", "it says the address later than it shows the page")
def splits(monkeypatch: pytest.MonkeyPatch) -> HostedServer:
    arrive = navigations.Navigation._arrive

    def late(navigation, trip, address):
        navigation.holds = False
        navigation._session.wake()
        navigation._session.after(0.01, lambda: arrive(navigation, trip, address))

    monkeypatch.setattr(navigations.Navigation, "_arrive", late)
    return HostedServer("websocket")
