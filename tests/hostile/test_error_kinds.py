"""Every error kind of PROTOCOL section 5, over a socket and over HTTP, against the table in the text."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from asgi_driver import websocket
from protocol_text import tables

from vango.clock import VirtualClock
from vango.errors import Refused
from vango.protocol import Error, HelloOk, Result

from .faults import FAULTS, UNREACHED, WAITING, Fault, click, make_app
from .lines import LINES, Line, line_to

pytestmark = pytest.mark.anyio


class Row(NamedTuple):
    """What the text says of one kind."""

    close: int | None
    http: int
    scopes: frozenset[int]


TABLE = {
    kind: Row(int(close) if close else None, int(http), frozenset(map(int, scopes.split(", "))))
    for kind, _, close, http, scopes in tables("5")
}
RESULTS = [kind for kind, row in TABLE.items() if row.http == 200]


def check(line: Line, kind: str, scope: int, code: int | None) -> None:
    """Compare the last thing that a client was told with what the text says of it."""
    said, row = line.wrongs[-1], TABLE[kind]
    assert scope in row.scopes
    if isinstance(said, Result):
        assert (said.error, scope) == (kind, 0)
    else:
        assert (said.kind, said.scope) == (kind, scope)
        assert said.message
        assert said.supported == ([1] if kind == "VersionNotSupported" else [])
    assert line.code == code
    if line.way == "http":
        # What ends nothing rides on an answer like any other.
        assert line.status == (200 if code is None else row.http)
        assert line.retry_after == retry_after(said, line.status)


def retry_after(said: Error | Result, status: int | None) -> str | None:
    """What an answer says in its header of what its ERROR says (3.16)."""
    delay_ms = said.retry_after_ms if isinstance(said, Error) and status != 200 else 0
    return str(max(1, -(-delay_ms // 1_000))) if delay_ms or status == 503 else None


def test_each_kind_is_provoked_or_has_a_reason_not_to_be() -> None:
    provoked = {fault.kind for fault in FAULTS}
    assert provoked | UNREACHED.keys() == TABLE.keys()
    assert provoked & UNREACHED.keys() == set()
    names = [fault.name for fault in FAULTS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("way", "fault"),
    [pytest.param(way, fault, id=f"{way}-{fault.name}") for fault in FAULTS for way in fault.ways],
)
async def test_a_fault_is_answered_as_the_text_says_and_reaches_nobody_else(way: str, fault: Fault) -> None:
    clock = VirtualClock()
    app = make_app(clock=clock, **fault.settings)
    async with (
        app.lifespan(),
        line_to(way, app, clock) as line,
        line_to("websocket", app, clock) as neighbour,
    ):
        await neighbour.greet()
        await fault.act(line)
        check(line, fault.kind, fault.scope, fault.code or TABLE[fault.kind].close)
        if fault.kind == "Draining":
            return  # which everybody is told
        await neighbour.say(click())
        assert neighbour.is_connected
        assert neighbour.session.ledger.accepted == 1
        assert neighbour.wrongs == []
        # Whatever was done, an honest page of the same application attaches.
        async with line_to(way, app, clock) as another:
            await another.greet()
            assert another.is_connected


@pytest.mark.parametrize("way", LINES)
@pytest.mark.parametrize("kind", [kind for kind in TABLE if kind not in RESULTS])
async def test_a_kind_that_a_hello_is_refused_with_has_its_code_and_its_status(
    way: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = VirtualClock()
    app = make_app(clock=clock)
    async with app.lifespan(), line_to(way, app, clock) as line:

        def verify(token: str, browser: str) -> str:
            raise Refused(kind, "injected", retry_after_ms=1_001)

        monkeypatch.setattr(app._door._tokens, "verify", verify)
        await line.greet()
        (error,) = line.heard
        assert isinstance(error, Error)
        assert (error.kind, error.message, error.retry_after_ms) == (kind, "injected", 1_001)
        assert line.code == TABLE[kind].close or (line.code, kind) == (1013, "RateLimited")
        if way == "http":
            assert (line.status, line.retry_after) == (TABLE[kind].http, "2")


@pytest.mark.parametrize("way", LINES)
@pytest.mark.parametrize("kind", [kind for kind, row in TABLE.items() if 1 in row.scopes])
async def test_a_kind_that_a_session_ends_with_has_its_code_and_its_status(way: str, kind: str) -> None:
    clock = VirtualClock()
    app = make_app(clock=clock)
    async with app.lifespan(), line_to(way, app, clock) as line:
        await line.greet()
        app.registry.close(line.session, kind)
        await line.wait(0)
        check(line, kind, 1, TABLE[kind].close)


@pytest.mark.parametrize("way", LINES)
@pytest.mark.parametrize("kind", RESULTS)
async def test_a_kind_that_an_event_ends_with_is_a_result_and_ends_nothing_else(way: str, kind: str) -> None:
    clock = VirtualClock()
    app = make_app(clock=clock)
    async with app.lifespan(), line_to(way, app, clock) as line:
        await line.greet()
        await line.say(click(hid=WAITING))
        line.session.finish(1, kind, '{"n":1}')
        await line.wait(0)
        assert line.wrongs == [Result(1, kind, '{"n":1}')]
        check(line, kind, 0, None)
        await line.say(click(cseq=2))
        assert line.is_connected


async def test_a_session_that_is_gone_is_said_in_the_words_of_the_blueprint_profile() -> None:
    app = make_app(clock=VirtualClock())
    async with app.lifespan(), line_to("websocket", app, app._clock) as line:
        app.registry.close(line.session)
        opening = websocket(app, line.visit.url, headers=line.visit.headers, subprotocols=[])
        async with opening as socket:
            assert (await socket.event())["type"] == "websocket.accept"
            assert (await socket.event())["text"].startswith("ERROR SessionNotFound ")
            close = await socket.event()
            assert (close["code"], close["reason"]) == (TABLE["SessionNotFound"].close, "SessionNotFound")


@pytest.mark.parametrize("way", LINES)
async def test_the_token_of_a_page_serves_another_document_with_a_session_of_its_own(way: str) -> None:
    clock = VirtualClock()
    app = make_app(clock=clock)
    async with app.lifespan(), line_to("websocket", app, clock) as line, line_to(way, app, clock) as copy:
        await line.greet()
        copy.visit.headers, copy.visit.live = line.visit.headers, line.visit.live
        await copy.greet(token=line.visit.live["token"], csrf=line.visit.live["csrf"])
        assert isinstance(copy.heard[0], HelloOk)
        assert copy.heard[0].session != line.session.id
        assert copy.wrongs == line.wrongs == []
        await copy.say(click(epoch=2))
        assert line.session.ledger.accepted == 0
        assert line.is_connected


@pytest.mark.parametrize("way", LINES)
async def test_after_bye_nothing_is_taken(way: str) -> None:
    clock = VirtualClock()
    app = make_app(clock=clock)
    async with app.lifespan(), line_to(way, app, clock) as line:
        await line.greet()
        session = line.session
        bye = b"\x03\x65\x00\x00"
        await line.say(bye + click())
        assert (line.code, line.wrongs, session.ledger.accepted) == (1000, [], 0)
        if way == "http":
            await line.say(click())
            assert line._answers[line.n].status == TABLE["Rehome"].http
        assert session.ledger.accepted == 0
