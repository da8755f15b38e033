"""A server that is told to stop while pages are open (PROTOCOL 3.15): a real process, SIGTERM, a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import TESTS
from .serving import Server
from .test_http import block
from .watch import EVENT, Watch

GOAWAY, BYE = 0x46, 0x65
STATE = "html[data-vango={}]"


def more(page: Page) -> None:
    page.locator("#more").click()


@pytest.mark.parametrize("way", ["websocket", "http"])
def test_c27_a_page_takes_leave_and_is_back_when_the_next_process_serves(
    page: Page, watch: Watch, way: str
) -> None:
    watch.allow(r"WebSocket connection to '.*' failed|Failed to load resource")
    requests = block(page, "refused") if way == "http" else []
    with Server("e2e.pages:app", TESTS) as server:
        page.goto(server.url + "/marks")
        expect(page.locator(STATE.format("connected"))).to_be_visible()
        page.locator("#save").click()
        expect(page.locator("#save-count")).to_have_text("1")
        page.evaluate("window.kept = 'kept'")

        if way == "websocket":
            watch.sockets_only(page)
        server.stop()  # returns when the process has ended by itself
        expect(page.locator(STATE.format("disconnected"))).to_be_visible()
        if way == "websocket":
            kinds = [(frame.kind, frame.sent) for frame in watch.frames]
            assert kinds[kinds.index((GOAWAY, False)) :] == [(GOAWAY, False), (BYE, True)]
            assert [frame.fields for frame in watch.frames if frame.kind == BYE] == [("drained",)]
        page.locator("#save").click()  # with an action, so it is for who serves next

        server.start()
        expect(page.locator("#save-count")).to_have_text("1", timeout=60_000)
        expect(page.locator(STATE.format("connected"))).to_be_visible()
        assert page.evaluate("window.kept") == "kept"  # the document is the same
        events = [frame for frame in watch.frames if frame.kind == EVENT]
        assert bool(requests) == (way == "http")
        assert len(events) == (2 if way == "websocket" else 0)
        assert not any(re.search(r"Traceback|ERROR", line) for line in server.log)
