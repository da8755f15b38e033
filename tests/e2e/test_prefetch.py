"""B34: a page is rendered while the pointer rests on its link, and shown when that is clicked."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from .conftest import TESTS
from .serving import Server
from .test_navigation import ask, heading, stayed, visit

pytestmark = pytest.mark.live

# What has run on the server, as soon as this has.
RAN = """async (name) => {
    window.ran ??= [];
    for (let tries = 0; tries < 5000 && !window.ran.includes(name); tries++) {
        window.ran.push(...await (await fetch('/ran')).json());
    }
    return window.ran;
}"""


@pytest.fixture(scope="module")
def site() -> Iterator[Server]:
    """The pages of `navigation_pages.py`, served."""
    with Server("e2e.navigation_pages:app", TESTS) as server:
        yield server


def test_b34_what_the_pointer_rests_on_is_rendered_and_then_used(page: Page, site: Server) -> None:
    visit(page, site.url + "/")
    ask(site, "/ran")
    page.click("#clicks")
    before = page.inner_html("main")
    page.hover("#to-data")
    assert page.evaluate(RAN, "load") == ["data", "load"]
    assert (page.inner_html("main"), page.title(), page.url) == (before, "Home", site.url + "/")
    page.click("#to-data")
    heading(page, "Data")
    expect(page.locator("#data")).to_have_text("loaded")
    expect(page).to_have_title("Data")
    expect(page.locator("#clicks")).to_have_text("1")
    assert page.url == site.url + "/data"
    assert ask(site, "/ran") == []
    page.focus("#to-list")
    assert page.evaluate(RAN, "list") == ["data", "load", "list"]
    page.keyboard.press("Enter")
    heading(page, "List")
    assert ask(site, "/ran") == []
    assert stayed(page)


def test_b34_a_pointer_that_goes_on_and_links_that_are_not_pages_ask_for_nothing(
    page: Page, site: Server
) -> None:
    sent: list[bytes] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(bytes(frame))))
    page.clock.install()
    visit(page, site.url + "/")
    ask(site, "/ran")
    page.clock.pause_at("2100-01-01")
    del sent[:]
    page.hover("#to-list")
    page.clock.run_for(90)
    page.hover("#clicks")
    page.clock.run_for(500)
    for link in ("#to-reload", "#to-hash", "#to-tab", "#to-download", "#to-other", "#to-home"):
        page.hover(link)
        page.clock.run_for(500)
    page.hover("#to-form")
    page.clock.run_for(110)
    paths = [frame for frame in sent if b"/" in frame]
    assert [frame.endswith(b"\x03\x05/form") for frame in paths] == [True]


def test_a_page_may_keep_its_links_from_being_rendered_before(page: Page, site: Server) -> None:
    visit(page, site.url + "/")
    ask(site, "/ran")
    page.evaluate("document.querySelector('#to-data').parentNode.dataset.noPrefetch = ''")
    page.focus("#to-data")
    page.evaluate("delete document.querySelector('#to-data').parentNode.dataset.noPrefetch")
    page.focus("#to-list")
    assert page.evaluate(RAN, "list") == ["list"]
