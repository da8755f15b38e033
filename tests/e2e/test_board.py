"""The issue board, as the people of `examples/board` use it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .serving import Server
from .watch import Watch

CONNECTED = ("data-vango", "connected")


@pytest.fixture
def board() -> Iterator[Server]:
    """The board with its three issues; each test changes its own."""
    with Server("examples.board.app:app") as server:
        yield server


def enter(page: Page, name: str) -> None:
    """Log in at the page that is shown."""
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("#user")).to_have_text(name)
    expect(page.locator("html")).to_have_attribute(*CONNECTED)


def test_a_guest_reads_searches_and_goes_back(board: Server, page: Page) -> None:
    page.goto(board.url)
    expect(page.locator("html")).to_have_attribute(*CONNECTED)
    rows = page.locator(".issues li")
    expect(rows).to_have_count(2)
    page.evaluate("document.querySelector('.top').kept = true")
    page.get_by_label("done").check()
    expect(rows).to_have_text([re.compile("Buy coffee")])
    expect(page).to_have_url(board.url + "/?done=1")
    page.go_back()
    expect(rows).to_have_count(2)
    page.get_by_role("searchbox").fill("garden")
    expect(rows).to_have_count(1)
    expect(page).to_have_url(board.url + "/?q=garden")
    rows.get_by_role("link").click()
    expect(page.get_by_role("heading")).to_have_text("The door squeaks")
    expect(page).to_have_title("Issue")
    assert page.get_by_role("button", name="Done").count() == 0
    page.go_back()
    expect(rows).to_have_count(1)
    expect(page.get_by_role("searchbox")).to_have_value("garden")
    # No page was loaded: what is around them is the same element.
    assert page.evaluate("document.querySelector('.top').kept")


def test_somebody_logs_in_on_the_way_and_all_see_what_they_write(
    board: Server, page: Page, browser: Browser
) -> None:
    other = browser.new_context()
    reader = other.new_page()
    reader.goto(board.url)
    expect(reader.locator("html")).to_have_attribute(*CONNECTED)
    page.goto(board.url + "/new")
    expect(page).to_have_url(re.compile(r"/login\?next="))
    enter(page, "Ben")
    expect(page).to_have_url(board.url + "/new")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_have_text("An issue needs a title.")
    page.get_by_label("Title").fill("Mend the <roof>")
    page.get_by_label("Text").fill("Before it rains.\nLadder!")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading")).to_have_text("Mend the <roof>")
    expect(page).to_have_url(board.url + "/issues/4")
    expect(reader.locator(".issues li").first).to_contain_text("Mend the <roof>")
    other.close()


def test_roles_decide_what_is_shown_and_what_can_be_reached(board: Server, page: Page, watch: Watch) -> None:
    watch.allow("404")
    watch.allow("403")
    page.goto(board.url + "/login")
    enter(page, "Cleo")
    answer = page.goto(board.url + "/issues/1/edit")
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("heading")).to_have_text("This is not for you")
    for missing in ("/issues/99", "/issues/abc", "/issues/1/edit/more"):
        answer = page.goto(board.url + missing)
        assert answer is not None
        assert answer.status == 404
        expect(page.get_by_role("heading")).to_have_text("There is nothing here")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    page.get_by_role("link", name="Log in").click()
    enter(page, "Ada")
    page.goto(board.url + "/issues/1")
    page.get_by_role("button", name="Remove").click()
    expect(page).to_have_url(board.url + "/")
    expect(page.locator(".issues li")).to_have_count(1)


def test_whoever_has_not_saved_is_asked(board: Server, page: Page) -> None:
    page.goto(board.url + "/login")
    enter(page, "Ben")
    page.get_by_role("link", name="The door squeaks").click()
    page.get_by_role("link", name="Change").click()
    page.get_by_label("Title").fill("The door sings")
    expect(page.locator("form")).to_have_attribute("data-leave", re.compile("Leave"))
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("link", name="Issues").click()
    expect(page.get_by_label("Title")).to_have_value("The door sings")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Issues").click()
    expect(page.locator(".issues li").last).to_contain_text("The door squeaks")
