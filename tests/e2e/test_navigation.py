"""B31 to B35: links, the history and the address bar in a browser, without a load."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Dialog, Page, expect

from .conftest import TESTS
from .relay import Relay
from .serving import Server
from .watch import Watch

pytestmark = pytest.mark.live

EVENT, DIFF = 0x61, 0x42


@pytest.fixture(scope="module")
def site() -> Iterator[Server]:
    """The pages of `navigation_pages.py`, served."""
    with Server("e2e.navigation_pages:app", TESTS) as server:
        yield server


@pytest.fixture
def line(site: Server) -> Iterator[Relay]:
    """A relay in front of them."""
    with Relay(site.port) as relay:
        yield relay


def ask(site: Server, path: str) -> Any:
    with urlopen(site.url + path) as answer:
        return json.load(answer)


def visit(page: Page, url: str) -> None:
    """Open a page and wait until links are followed without a load."""
    page.goto(url)
    expect(page.locator("html[data-vango=connected]")).to_be_attached()
    page.wait_for_function("() => document.querySelector('link[href*=later]')")
    page.evaluate("window.loaded = 'once'")


def stayed(page: Page) -> bool:
    """Whether the document is the one that was loaded."""
    return page.evaluate("window.loaded") == "once"


def heading(page: Page, text: str) -> None:
    expect(page.locator("h1")).to_have_text(text)


def scrolled(page: Page) -> int:
    return page.evaluate("Math.round(scrollY)")


def test_b31_links_of_the_application_do_not_load(page: Page, site: Server) -> None:
    visit(page, site.url + "/")
    page.click("#clicks")
    ask(site, "/ran")
    page.click("#to-list")
    heading(page, "List")
    expect(page).to_have_title("List")
    assert page.url == site.url + "/list"
    expect(page.locator("#clicks")).to_have_text("1")
    assert ask(site, "/ran") == ["list"]
    page.click("#item-3")
    heading(page, "Item 3")
    page.click("#to-old")
    heading(page, "List")
    assert page.url == site.url + "/list"
    page.go_back()
    heading(page, "Item 3")
    page.go_back()
    page.go_back()
    heading(page, "Home")
    page.go_forward()
    heading(page, "List")
    expect(page).to_have_title("List")
    page.click("#go")
    assert stayed(page)


@pytest.mark.parametrize(
    "inside",
    [
        '<div id="card"><template shadowrootmode="open"><a href="/list"><b>here</b></a></template></div>',
        '<a href="/list"><span id="card"><template shadowrootmode="open"><b>here</b></template></span></a>',
        '<a href="/list"><b id="card">here</b></a>',
    ],
    ids=["a link in the shadow", "a link around a shadow", "a link around an element"],
)
def test_b31_a_link_is_followed_wherever_it_stands(page: Page, site: Server, inside: str) -> None:
    visit(page, site.url + "/")
    page.evaluate(
        """html => {
            const around = document.createElement("div");
            around.setHTMLUnsafe(html);
            document.body.append(around);
        }""",
        inside,
    )
    page.click("#card b, b#card")
    heading(page, "List")
    assert stayed(page)


def test_b31_what_is_the_browsers_stays_the_browsers(page: Page, site: Server, watch: Watch) -> None:
    watch.allow("ERR_CONNECTION_REFUSED")
    visit(page, site.url + "/")
    with page.context.expect_page() as popup:
        page.click("#to-tab")
    expect(popup.value.locator("h1")).to_have_text("List")
    popup.value.close()
    with page.context.expect_page() as popup:
        page.click("#to-list", modifiers=["ControlOrMeta"])
    popup.value.close()
    with page.expect_download() as download:
        page.click("#to-download")
    assert download.value.suggested_filename == "plain.txt"
    heading(page, "Home")
    page.click("#to-hash")
    assert page.url == site.url + "/#end"
    assert stayed(page)
    page.click("#to-reload")
    heading(page, "List")
    assert not stayed(page)
    visit(page, site.url + "/")
    page.click("#to-file")
    expect(page.locator("body")).to_have_text("a file")
    assert page.url == site.url + "/plain"
    page.go_back()
    heading(page, "Home")


def test_b32_scrolling_hash_title_and_focus(page: Page, site: Server) -> None:
    visit(page, site.url + "/list")
    page.evaluate("scrollTo(0, 1500)")
    page.wait_for_function("() => scrollY === 1500")
    page.evaluate("new Promise(requestAnimationFrame)")
    page.locator("#item-100").dispatch_event("click")
    heading(page, "Item 100")
    page.wait_for_function("() => scrollY === 0")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    expect(page.locator("vango-status")).to_have_text("Item")
    page.evaluate("scrollTo(0, 700)")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.locator("#to-item").dispatch_event("click")
    heading(page, "Item 7")
    page.wait_for_function(
        "() => Math.abs(document.querySelector('#comments').getBoundingClientRect().top) < 5"
    )
    assert page.url == site.url + "/list/7#comments"
    page.go_back()
    heading(page, "Item 100")
    page.wait_for_function("() => Math.round(scrollY) === 700")
    page.go_back()
    heading(page, "List")
    page.wait_for_function("() => Math.round(scrollY) === 1500")
    expect(page).to_have_title("List")
    page.go_forward()
    heading(page, "Item 100")
    page.wait_for_function("() => Math.round(scrollY) === 700")
    page.reload()
    heading(page, "Item 100")
    page.wait_for_function("() => Math.round(scrollY) === 700")
    page.go_back()
    heading(page, "List")
    page.wait_for_function("() => Math.round(scrollY) === 1500")


def test_b33_a_guard_cancels_a_link_and_a_back_and_not_a_redirect(page: Page, site: Server) -> None:
    asked: list[str] = []
    answer: Callable[[Dialog], None] = Dialog.dismiss

    def on_dialog(dialog: Dialog) -> None:
        asked.append(dialog.message)
        answer(dialog)

    page.on("dialog", on_dialog)
    visit(page, site.url + "/")
    page.click("#to-form")
    heading(page, "Form")
    page.fill("#field", "x")
    expect(page.locator("[data-leave]")).to_be_attached()
    page.click("#to-list")
    assert asked == ["Leave without saving?"]
    page.evaluate("history.back()")
    page.wait_for_function("() => location.pathname === '/form'")
    while len(asked) < 2:
        page.wait_for_event("dialog")
    page.wait_for_function("() => location.pathname === '/form'")
    heading(page, "Form")
    answer = Dialog.accept
    page.click("#to-list")
    heading(page, "List")
    assert len(asked) == 3
    page.go_back()
    heading(page, "Form")
    page.fill("#field", "x")
    expect(page.locator("[data-leave]")).to_be_attached()
    page.click("#save")
    heading(page, "List")
    assert len(asked) == 3
    assert stayed(page)


def test_b35_a_circle_of_redirects_ends_with_an_error(page: Page, site: Server) -> None:
    visit(page, site.url + "/")
    page.evaluate("window.told = []; addEventListener('vango-error', ({ detail }) => told.push(detail.kind))")
    page.click("#to-circle")
    page.wait_for_function("() => told.length")
    assert page.evaluate("told") == ["HandlerFailed"]
    assert site.logs("redirects, and none leads to a page: /circle -> /circle/again -> /circle")
    expect(page.locator("html[data-navigating]")).not_to_be_attached()
    assert page.url == site.url + "/"
    page.click("#to-list")
    heading(page, "List")
    assert stayed(page)


def test_the_old_page_stays_until_the_new_one_has_its_data(page: Page, site: Server) -> None:
    visit(page, site.url + "/")
    ask(site, "/ran")
    page.click("#to-data")
    heading(page, "Data")
    expect(page.locator("#data")).to_have_text("loaded")
    assert ask(site, "/ran") == ["data", "load"]


@pytest.mark.parametrize(
    ("way", "fate"),
    [("websocket", "drop"), ("websocket", "hold"), ("websocket", "cut"), ("http", "hold"), ("http", "cut")],
)
def test_c01_what_is_lost_in_a_navigation(page: Page, line: Relay, way: str, fate: str, watch: Watch) -> None:
    watch.allow("WebSocket connection")
    watch.allow("ERR_")
    if way == "http":
        page.add_init_script("delete globalThis.WebSocket")
    visit(page, line.url + "/")
    page.click("#clicks")
    expect(page.locator("#clicks")).to_have_text("1")
    order = line.order("down", DIFF, fate)  # type: ignore[arg-type]
    page.click("#to-list")
    assert order.met.wait(30)
    if fate == "hold":
        line.drop()
        line.release("down")
    elif fate == "cut":
        line.accept()
    else:
        line.drop()
    heading(page, "List")
    assert page.url == line.url + "/list"
    expect(page.locator("#clicks")).to_have_text("1")
    assert stayed(page)
    page.go_back()
    heading(page, "Home")
    assert stayed(page)


def test_without_a_connection_a_link_loads(page: Page, line: Relay, site: Server, watch: Watch) -> None:
    watch.allow("WebSocket connection")
    watch.allow("ERR_")
    visit(page, line.url + "/")
    line.refuse()
    expect(page.locator("html[data-vango=connected]")).not_to_be_attached()
    line.accept()
    page.evaluate("document.documentElement.dataset.vango = 'disconnected'")
    page.click("#to-list")
    heading(page, "List")
    page.wait_for_load_state()
    assert page.url == line.url + "/list"


@pytest.fixture(scope="module")
def library() -> Iterator[Server]:
    """The example of docs/guide/navigation.md, served."""
    with Server("examples.library:app") as server:
        yield server


def titles(page: Page) -> list[str]:
    return page.locator("li").all_text_contents()


def test_the_example_of_the_guide(page: Page, library: Server) -> None:
    visit(page, library.url + "/?q=the")
    assert titles(page) == ["The Dispossessed", "The Left Hand of Darkness"]
    page.click("#order")
    page.wait_for_url("**/?q=the&order=year")
    expect(page.locator("li").first).to_have_text("The Left Hand of Darkness")
    page.fill("#search", "")
    page.wait_for_url("**/?order=year")
    expect(page.locator("li")).to_have_count(5)
    assert page.evaluate("document.activeElement.id") == "search"
    page.go_back()
    page.wait_for_url("**/?q=the")
    expect(page.locator("li")).to_have_count(2)
    expect(page.locator("#search")).to_have_value("the")
    page.click("text=The Dispossessed")
    heading(page, "The Dispossessed")
    expect(page.locator("[aria-current=page]")).to_have_count(0)
    page.fill("#note", "read again")
    expect(page.locator("[data-leave]")).to_be_attached()
    page.click("#save")
    heading(page, "Books")
    expect(page.locator("[aria-current=page]")).to_have_text("Books")
    page.click("text=About")
    heading(page, "About")
    assert stayed(page)


def test_pages_give_way_to_each_other_by_a_view_transition(page: Page, library: Server) -> None:
    visit(page, library.url + "/")
    script = """() => {
        window.begun = 0;
        const begin = document.startViewTransition.bind(document);
        document.startViewTransition = (update) => (begun++, begin(update));
    }"""
    page.evaluate(script)
    page.click("text=About")
    heading(page, "About")
    assert page.evaluate("begun") == 1
    page.go_back()
    heading(page, "Books")
    assert page.evaluate("begun") == 2
    page.emulate_media(reduced_motion="reduce")
    page.click("text=About")
    heading(page, "About")
    assert page.evaluate("begun") == 2
    assert stayed(page)


def test_a_page_that_takes_long_is_marked_and_a_newer_one_wins(page: Page, line: Relay) -> None:
    visit(page, line.url + "/")
    line.hold("up")
    page.click("#to-list")
    expect(page.locator("html[data-navigating]")).to_be_attached()
    heading(page, "Home")
    page.click("#to-form")
    line.release("up")
    heading(page, "Form")
    expect(page.locator("html[data-navigating]")).not_to_be_attached()
    assert page.url == line.url + "/form"
    page.go_back()
    heading(page, "Home")
    assert stayed(page)


def test_f23_a_page_that_comes_back_from_the_cache_goes_on(page: Page, site: Server) -> None:
    visit(page, site.url + "/")
    page.click("#clicks")
    page.click("#to-list")
    heading(page, "List")
    page.click("#to-home")
    heading(page, "Home")
    page.click("#to-file")
    expect(page.locator("body")).to_have_text("a file")
    page.go_back()
    heading(page, "Home")
    expect(page.locator("html[data-vango=connected]")).to_be_attached()
    page.go_back()
    heading(page, "List")
    page.click("#clicks")
    page.go_back()
    heading(page, "Home")
