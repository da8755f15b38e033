"""Pages inside layouts, in a browser: what stays, what changes, and what the document says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from .serving import ROOT, Server
from .watch import HELLO_OK, Watch

MISSING = "the server responded with a status of 404"
FAILED = "the server responded with a status of 500"


@pytest.fixture(scope="module")
def routed() -> Iterator[Server]:
    """The pages of `routed_pages.py`, served."""
    with Server("e2e.routed_pages:app", ROOT / "tests") as server:
        yield server


@pytest.fixture(scope="module")
def library() -> Iterator[Server]:
    """The example of the guide, served."""
    with Server("examples.bookcase:app") as server:
        yield server


def described(page: Page) -> str | None:
    return page.evaluate("document.querySelector('meta[name=description]')?.content ?? null")


def colors(page: Page) -> list[str]:
    return page.evaluate("[...document.querySelectorAll('meta[name=theme-color]')].map((one) => one.content)")


def test_f15_what_is_flashed_before_a_page_that_is_loaded_shows_on_that_page(
    page: Page, routed: Server, watch: Watch
) -> None:
    watch.allow(MISSING)
    page.goto(routed.url + "/")
    expect(page.locator("html")).to_have_attribute("data-vango", "connected")
    page.locator("#flash").click()
    expect(page.locator("#page")).to_have_text("lost")
    expect(page.locator(".vango-toast")).to_contain_text("You may not go there")
    page.reload()
    expect(page.locator("#page")).to_have_text("lost")
    assert page.locator(".vango-toast").count() == 0


def test_a_layout_keeps_its_elements_and_its_state_when_the_page_changes(
    page: Page, routed: Server, watch: Watch
) -> None:
    page.goto(routed.url + "/items/1")
    watch.wait(page, lambda: watch.received(HELLO_OK))
    page.locator("#count").click()
    expect(page.locator("#count")).to_have_text("clicked 1")
    page.locator("#note").fill("typed")
    page.evaluate("window.kept = ['main', '#count', '#note'].map((one) => document.querySelector(one))")
    same = "kept.every((one, at) => one === document.querySelector(['main', '#count', '#note'][at]))"
    for button, text in [("two", "item 2 0"), ("home", "home"), ("lost", "lost"), ("one", "item 1 0")]:
        page.locator(f"#{button}").click()
        expect(page.locator("#page")).to_have_text(text)
        assert page.evaluate(same)
        expect(page.locator("#note")).to_have_value("typed")
        expect(page.locator("#count")).to_have_text("clicked 1")
    page.locator("#more").click()
    expect(page.locator("#page")).to_have_text("item 1 1")
    page.locator("#two").click()
    expect(page.locator("#page")).to_have_text("item 2 0")


def test_the_head_follows_what_the_page_says(page: Page, routed: Server, watch: Watch) -> None:
    page.goto(routed.url + "/items/1")
    watch.wait(page, lambda: watch.received(HELLO_OK))
    expect(page).to_have_title("Item 1, 0 clicks")
    assert (described(page), colors(page)) == ("All of item 1", ["#000000"])
    page.evaluate("window.help = document.querySelector('link[rel=help]')")
    page.locator("#more").click()
    expect(page).to_have_title("Item 1, 1 clicks")
    page.locator("#two").click()
    expect(page).to_have_title("Item 2, 0 clicks")
    assert (described(page), colors(page)) == ("All of item 2", ["#000000"])
    for button, title in [("home", "Home"), ("lost", "Lost"), ("broken", "Sorry")]:
        page.locator(f"#{button}").click()
        expect(page).to_have_title(title)
        assert (described(page), colors(page)) == (None, ["#ffffff"])
    assert page.evaluate("help === document.querySelector('link[rel=help]')")


@pytest.mark.parametrize(
    ("path", "status", "text", "title"),
    [
        ("/nowhere", 404, "lost", "Lost"),
        ("/items/x", 404, "lost", "Lost"),
        ("/gone", 404, "lost", "Lost"),
        ("/broken", 500, "failed ", "Sorry"),
    ],
)
def test_an_error_page_is_live_inside_its_layouts_with_its_status(
    page: Page, routed: Server, watch: Watch, path: str, status: int, text: str, title: str
) -> None:
    watch.allow(MISSING)
    watch.allow(FAILED)
    answer = page.goto(routed.url + path)
    assert answer is not None
    assert answer.status == status
    expect(page).to_have_title(title)
    expect(page.locator("main #page")).to_contain_text(text)
    page.locator("#count").click()
    expect(page.locator("#count")).to_have_text("clicked 1")
    page.locator("#home").click()
    expect(page.locator("#page")).to_have_text("home")


def test_a_page_whose_head_came_first_is_adopted_as_it_stands(
    page: Page, routed: Server, watch: Watch
) -> None:
    page.goto(routed.url + "/late", wait_until="commit")
    page.wait_for_selector("#page")
    page.evaluate("window.kept = document.querySelector('#page')")
    watch.wait(page, lambda: watch.received(HELLO_OK))
    page.locator("#count").click()
    expect(page.locator("#count")).to_have_text("clicked 1")
    expect(page).to_have_title("Late")
    assert page.evaluate("kept === document.querySelector('#page')")


def test_the_library_is_read_page_by_page(page: Page, library: Server, watch: Watch) -> None:
    page.goto(library.url)
    expect(page).to_have_title("All books")
    sheet = page.locator("link[rel=stylesheet][href^='/static/style.']").get_attribute("href")
    assert sheet is not None
    assert page.request.get(library.url + sheet).headers["cache-control"].endswith("immutable")
    page.get_by_role("link", name="Essays").click()
    expect(page).to_have_title("Each essay")
    page.get_by_role("link", name="The Mythical Man-Month").click()
    expect(page).to_have_title("The Mythical Man-Month · Library")
    expect(page.get_by_role("heading", level=1)).to_have_text("The Mythical Man-Month")
    assert described(page) == "The Mythical Man-Month, by Frederick P. Brooks"
    page.get_by_role("button", name="Marks: 0").click()
    expect(page.get_by_role("button", name="Marks: 1")).to_be_visible()
    page.goto(library.url + "/book/3?x=1")
    expect(page).to_have_url(library.url + "/books/3?x=1")
    page.get_by_role("link", name="Notes").click()
    expect(page).to_have_title("Notes")
    watch.allow(MISSING)
    for path in ("/books/9", "/books/nine", "/kinds/poem", "/nowhere"):
        answer = page.goto(library.url + path)
        assert answer is not None
        assert answer.status == 404
        expect(page.get_by_text("There is no such page.")).to_be_visible()


def test_pages_can_be_read_without_javascript(library: Server, browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(library.url)
    page.get_by_role("link", name="Invisible Cities").click()
    expect(page).to_have_title("Invisible Cities · Library")
    expect(page.get_by_role("heading", level=1)).to_have_text("Invisible Cities")
    canonical = page.locator("link[rel=canonical]").get_attribute("href")
    assert canonical == "https://library.example/books/3"
    context.close()
