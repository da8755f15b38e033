"""B12, B14: who begins wrongly ends alone, and nobody else hears of it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from ways import Browser, Tab

from vango import App, html as h, protocol, signal
from vango.application.cookies import COOKIE, new_browser
from vango.clock import VirtualClock
from vango.errors import ErrorReport
from vango.limits import Limits

pytestmark = pytest.mark.anyio

WAYS = ["socket", "http"]
SECRET = b"what the page says"


@asynccontextmanager
async def loaded() -> AsyncIterator[tuple[Browser, list[ErrorReport]]]:
    reports: list[ErrorReport] = []
    clock = VirtualClock()
    app = App(clock=clock, on_error=reports.append, limits=Limits(heartbeat_ms=3_600_000))

    @app.page("/")
    def home() -> object:
        count = signal(0)
        return h.main[
            h.p[SECRET.decode()],
            h.button(on_click=lambda: count.update(lambda n: n + 1))["+"],
            h.output[count],
        ]

    async with app.lifespan():
        yield Browser(app, clock), reports


SWAPPED: dict[str, Callable[[str], str]] = {
    "truncated": lambda value: value[:-1],
    "longer": lambda value: value + "A",
    "empty": lambda value: "",
    "another one": lambda value: new_browser(),
    "no text of ours": lambda value: "%00" + value[3:],
    "quoted and broken": lambda value: '"' + value,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("how", SWAPPED)
async def test_b14_a_bad_truncated_or_swapped_session_cookie_is_refused(how: str, way: str) -> None:
    async with loaded() as (browser, reports):
        tab = await browser.load("/")
        async with tab.connected():
            assert tab.welcomed
            session = tab.session
            genuine = browser.cookies[COOKIE]
            stranger = Tab(browser, "/", tab.live)
            stranger.client.instance = tab.client.instance
            browser.cookies[COOKIE] = SWAPPED[how](genuine)
            async with stranger.connected() if way == "socket" else stranger.posting():
                assert not stranger.welcomed
                assert {error.kind for error in stranger.errors} <= {"Unauthorized"}
                assert stranger.code in (403, 3000)
            assert SECRET not in stranger.heard
            assert session.attachment is not None  # who is attached stays so
        browser.cookies[COOKIE] = genuine
        async with tab.connected() if way == "socket" else tab.posting():
            assert tab.welcomed
        assert reports == []


# What a client sends that has been let in, and the kinds of error that end it; none where it goes on.
ODD: dict[str, tuple[Callable[[Tab], bytes], set[str]]] = {
    "a second HELLO": (lambda tab: tab.client.hello(), {"InvalidFrame"}),
    "an unknown handler": (lambda tab: tab.client.event(999, 0), set()),
    "a payload that is none": (
        lambda tab: protocol.encode(protocol.Event(1, 1, 0, 3, 2, None, b"\xff", 0)),
        set(),
    ),
    "an empty payload where there is one": (lambda tab: tab.client.event(3, 2), set()),
    "an unknown kind of message": (lambda tab: bytes.fromhex("027f00"), {"UnknownKind"}),
    "half a frame": (lambda tab: bytes.fromhex("ff0161"), {"InvalidFrame"}),
    "a frame of no bytes": (lambda tab: b"\x00", set()),
}
# What comes instead of HELLO.
BEFORE: dict[str, Callable[[Tab], bytes]] = {
    "an acknowledgement": lambda tab: protocol.encode(protocol.Ack(1, 0, 0)),
    "an event": lambda tab: tab.client.event(3, 0),
    "half of a HELLO": lambda tab: tab.client.hello()[:-1],
    "HELLO twice": lambda tab: tab.client.hello() * 2,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("what", ODD)
async def test_b12_what_is_wrong_after_the_start_is_an_isolated_error_or_a_clean_close(
    what: str, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "vango")
    async with loaded() as (browser, reports):
        tab, neighbour = await browser.load("/"), await browser.load("/")
        make, kinds = ODD[what]
        async with tab.connected() if way == "socket" else tab.posting() as say:
            assert tab.welcomed
            await say(make(tab))
            if way == "http" and not kinds:
                await say()
            assert {error.kind for error in tab.errors} == kinds
            assert (tab.code is None) == (not kinds)
        async with neighbour.connected():
            assert neighbour.welcomed
        assert reports == []
        assert [record for record in caplog.records if record.levelno > logging.INFO] == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("what", BEFORE)
async def test_b12_what_comes_before_the_start_opens_nothing(
    what: str, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "vango")
    async with loaded() as (browser, reports):
        tab = await browser.load("/")
        early = BEFORE[what](tab)
        tab.client.hello = lambda: early  # type: ignore[method-assign]
        async with tab.connected() if way == "socket" else tab.posting():
            assert not tab.welcomed
            assert {error.kind for error in tab.errors} == {"InvalidFrame"}
            assert tab.code == 1002
        assert SECRET not in tab.heard
        assert tab.session.attachment is None
        del tab.client.hello
        async with tab.connected() if way == "socket" else tab.posting():
            assert tab.welcomed
        assert reports == []
        assert [record for record in caplog.records if record.levelno > logging.INFO] == []
