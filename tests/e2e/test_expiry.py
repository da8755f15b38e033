"""What a page does whose login has run out, and a tab that nobody looks at."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from .conftest import TESTS
from .serving import Server
from .test_http import block
from .watch import Watch

STATE = "data-vango"
NOTE = """
addEventListener('vango-error', ({ detail }) => (window.told = [...(window.told ?? []), detail.kind]));
"""
HIDE = """
hidden => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
  const state = hidden ? 'hidden' : 'visible';
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
  document.dispatchEvent(new Event('visibilitychange'));
}
"""


@pytest.fixture
def server() -> Iterator[Server]:
    """`expiring.py`, served."""
    with Server("e2e.expiring:app", TESTS) as server:
        yield server


@pytest.mark.parametrize("by_http", [False, True], ids=["socket", "http"])
def test_b40_a_session_that_expired_says_so_once_and_polling_stops(
    page: Page, server: Server, watch: Watch, by_http: bool
) -> None:
    watch.allow("favicon.ico|net::ERR_|WebSocket|status of 40[013]")
    if by_http:
        block(page, "refused")
    page.add_init_script(NOTE)
    page.clock.install()
    page.goto(server.url + "/quiet/")
    expect(page.locator("html")).to_have_attribute(STATE, "connected")
    asked: list[str] = []
    page.request.get(server.url + "/expire")
    expect(page.locator("html")).to_have_attribute(STATE, "needs-auth")
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    before = page.request.get(server.url + "/count").json()
    page.clock.run_for(600_000)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.get_by_role("button").click()
    page.clock.run_for(60_000)
    assert [url for url in asked if "/vango/" in url] == []
    assert page.request.get(server.url + "/count").json() == before
    assert page.evaluate("told") == ["AuthExpired"]


def test_b40_a_session_that_expired_loads_its_page_once(page: Page, server: Server, watch: Watch) -> None:
    watch.allow("favicon.ico|net::ERR_|WebSocket|status of 40[013]")
    loads: list[str] = []
    page.goto(server.url + "/loud/")
    expect(page.locator("html")).to_have_attribute(STATE, "connected")
    page.on("load", lambda page: loads.append(page.url))
    with page.expect_event("load"):
        page.request.get(server.url + "/expire")
    expect(page.locator("html")).to_have_attribute(STATE, "connected")  # as a guest's, who may have this page
    page.get_by_role("button").click()
    expect(page.get_by_role("button")).to_have_text("1")
    assert len(loads) == 1


def test_b43_a_tab_that_nobody_looks_at_waits_until_somebody_does(
    page: Page, server: Server, watch: Watch
) -> None:
    watch.allow("favicon.ico|net::ERR_|WebSocket")
    page.clock.install()
    page.goto(server.url + "/quiet/")
    expect(page.locator("html")).to_have_attribute(STATE, "connected")
    page.evaluate(HIDE, True)
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    server.kill()
    expect(page.locator("html")).to_have_attribute(STATE, "disconnected")
    server.start()
    page.clock.run_for(120_000)
    assert sockets == []
    page.evaluate(HIDE, False)
    expect(page.locator("html")).to_have_attribute(STATE, "connected")
    assert len(sockets) == 1
