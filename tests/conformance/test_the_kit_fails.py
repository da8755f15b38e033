"""The kit can fail: whoever breaks a rule on purpose is found, by the scenarios of that rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from python_subject import PythonClient

from vango import protocol
from vango.protocol import Diff, Message, Ping, Result, Snapshot
from vango.sessions import ledger as ledgers, session as sessions
from vango.testing.conformance import CLIENT_SCENARIOS, SERVER_SCENARIOS, run_client, run_server
from vango.testing.conformance.hosted import HostedServer
from vango.testing.conformance.server import Link, ServedPage
from vango_client.bursts import Bursts
from vango_client.connection import Connection
from vango_client.document import Document
from vango_client.line import Line
from vango_client.outbox import Outbox

pytestmark = pytest.mark.anyio

Mangle = Callable[[Message], Message | None]


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
    """A server that does not say what it means."""

    mangle: Mangle

    async def connect(self, page: ServedPage, *, transport: str = "") -> Link:
        return MangledLink(await super().connect(page, transport=transport), type(self).mangle)


def saying(mangle: Mangle) -> type[HostedServer]:
    return type("Mangled", (MangledServer,), {"mangle": staticmethod(mangle)})


async def failures(server: type[HostedServer] = HostedServer) -> set[str]:
    """Return the scenarios that a server fails."""
    report = await run_server(server, SERVER_SCENARIOS)
    return {outcome.scenario for outcome in report.failed}


def reused(message: Message) -> Message:
    return replace(message, rev=message.base) if isinstance(message, Diff) else message


def forgotten(message: Message) -> Message:
    return replace(message, ack=0) if isinstance(message, (Diff, Snapshot)) else message


def mute(message: Message) -> Message | None:
    return None if isinstance(message, Ping) else message


def forgetful(message: Message) -> Message | None:
    return None if isinstance(message, Result) and message.error == "HandlerFailed" else message


async def test_a_server_that_uses_a_rev_twice() -> None:
    assert "C07" in await failures(saying(reused))


async def test_a_server_that_forgets_its_acks() -> None:
    assert {"C01", "C03"} <= await failures(saying(forgotten))


async def test_a_server_that_never_asks_who_is_silent() -> None:
    assert await failures(saying(mute)) == {"C30"}


async def test_a_server_that_does_not_say_that_a_handler_failed() -> None:
    assert await failures(saying(forgetful)) == {"C03", "C15", "C17"}


async def test_a_server_that_runs_an_event_twice(monkeypatch) -> None:
    judge = ledgers.Ledger.receive

    def receive(ledger, cseq):
        if cseq <= ledger.accepted:
            return ledgers.Verdict.RUN, None
        return judge(ledger, cseq)

    monkeypatch.setattr(ledgers.Ledger, "receive", receive)
    assert await failures() == {"C15", "C18", "C29"}


async def test_a_server_that_does_not_mind_the_order(monkeypatch) -> None:
    judge = ledgers.Ledger.receive

    def receive(ledger, cseq):
        ledger.accepted = max(ledger.accepted, cseq - 1)
        return judge(ledger, cseq)

    monkeypatch.setattr(ledgers.Ledger, "receive", receive)
    assert "C16" in await failures()


async def test_a_server_that_answers_every_refetch(monkeypatch) -> None:
    monkeypatch.setattr(sessions.Session, "allow_resync", lambda session: None)
    assert await failures() == {"C11"}


class GenerousServer(HostedServer):
    """A server whose window is far too large."""

    def __init__(self) -> None:
        super().__init__()
        self._limits = replace(self._limits, window_bytes=10_000_000)


async def test_a_server_that_does_not_wait_for_who_is_behind() -> None:
    assert await failures(GenerousServer) == {"C28"}


def broken(monkeypatch, owner: type, name: str, instead: object) -> set[str]:
    """Return the scenarios that the Python client fails with something else in the place of a method."""
    monkeypatch.setattr(owner, name, instead)
    return {outcome.scenario for outcome in run_client(PythonClient, CLIENT_SCENARIOS).failed}


def test_a_client_that_applies_a_diff_to_any_base(monkeypatch) -> None:
    apply = Connection._apply

    def anyhow(connection, diff):
        return apply(connection, replace(diff, header={**diff.header, "base": connection.rev}))

    assert "C08" in broken(monkeypatch, Connection, "_apply", anyhow)


def test_a_client_that_does_not_count(monkeypatch) -> None:
    assert broken(monkeypatch, Document, "_check", lambda document, count: None) == {"C09"}


def test_a_client_that_shows_half_of_a_burst(monkeypatch) -> None:
    def at_once(bursts, part):
        return part if part.name != "CONT" else None

    assert {"C12", "C13", "C14"} <= broken(monkeypatch, Bursts, "take", at_once)


def test_a_client_that_gives_an_event_a_new_number_when_it_sends_it_again(monkeypatch) -> None:
    def above(outbox, last):
        outbox.waiting = [*outbox._events.values(), *outbox.waiting]
        outbox.unsettled.clear()
        outbox._events.clear()
        return []

    assert {"C15", "C16"} <= broken(monkeypatch, Outbox, "above", above)


def test_a_client_that_never_acknowledges(monkeypatch) -> None:
    silent = broken(monkeypatch, Connection, "_ack_soon", lambda connection: None)
    assert silent == {"C03", "C15", "C17", "C28"}


def test_a_client_that_keeps_nothing_while_offline(monkeypatch) -> None:
    add = Outbox.add

    def only_now(outbox, event):
        return add(outbox, replace(event, policy="latest"))

    assert "C18" in broken(monkeypatch, Outbox, "add", only_now)


def test_a_client_that_never_takes_another_way(monkeypatch) -> None:
    connect = Line._connect
    assert broken(monkeypatch, Line, "_connect", lambda line, _: connect(line, "websocket")) == {"C29", "C30"}


def test_a_client_that_always_comes_back_at_once(monkeypatch) -> None:
    down = Line.down

    def at_once(line, *bounds):
        line.attempts = 0
        down(line, *bounds)

    assert broken(monkeypatch, Line, "down", at_once) == {"C30"}
