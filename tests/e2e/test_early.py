"""What happens before a page has all of its code: early clicks, early typing, early answers."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from .serving import Server
from .watch import DIFF, EVENT, HELLO_OK, REFETCH, SNAPSHOT, Watch

SET_TEXTS = 0x12


@pytest.fixture
def hold(page: Page) -> Iterator[Callable[[str], Callable[[], None]]]:
    """Keeps a module of the client back until what it returns is called."""
    held: list[Route] = []

    def release() -> None:
        while held:
            held.pop().continue_()

    def hold(name: str) -> Callable[[], None]:
        page.route(f"**/client/*/{name}", lambda route: held.append(route))
        return release

    yield hold
    release()


@pytest.fixture
def early(page: Page, watch: Watch, hold: Callable) -> Callable[[str], Callable[[], None]]:
    """Opens a page that is connected and waits for the rest of its code, until what it returns is called."""

    def early(url: str) -> Callable[[], None]:
        release = hold("later.js")
        page.goto(url)
        watch.wait(page, lambda: watch.received(HELLO_OK))
        return release

    return early


def test_a_click_is_answered_before_the_code_for_rows_is_there_and_rows_come_in_order(
    page: Page, stage: Server, watch: Watch, hold: Callable
) -> None:
    release = hold("later.js")
    page.goto(stage.url + "/buttons")
    click = page.locator("#click")
    click.click()
    expect(click).to_have_text("1")
    for diffs, button in enumerate(["#row", "#click", "#row"], 2):
        page.locator(button).click()
        watch.wait(page, lambda diffs=diffs: len(watch.received(DIFF)) == diffs)
    expect(click).to_have_text("1")
    expect(page.locator("#rows > li")).to_have_count(0)
    release()
    expect(page.locator("#rows > li")).to_have_text(["0", "1"])
    expect(click).to_have_text("2")
    assert watch.received(SNAPSHOT) == []
    assert [frame for frame in watch.frames if frame.kind == REFETCH] == []


def test_many_texts_at_once_wait_for_their_code(
    page: Page, stage: Server, watch: Watch, hold: Callable
) -> None:
    page.add_init_script("delete globalThis.DecompressionStream;")  # else they would wait to be inflated
    release = hold("later.js")
    page.goto(stage.url + "/burst")
    cells = page.locator("#cells > i")
    page.locator("#step").click()
    watch.wait(page, lambda: watch.received(DIFF))
    (diff,) = watch.received(DIFF)
    assert (diff.flags, diff.payload[0]) == (0, SET_TEXTS)
    expect(cells.first).to_have_text("0")
    release()
    expect(cells.first).to_have_text("1")
    expect(cells.last).to_have_text("10000")
    assert watch.received(SNAPSHOT) == []
    assert [frame for frame in watch.frames if frame.kind == REFETCH] == []


def test_a_snapshot_waits_for_its_code_and_a_click_for_the_snapshot(
    page: Page, stage: Server, watch: Watch, hold: Callable
) -> None:
    release = hold("later.js")
    page.add_init_script("""
        document.addEventListener("readystatechange", () => {
            if (document.readyState === "interactive") document.querySelector("#rows").append("stranger");
        });
    """)
    page.goto(stage.url + "/fields")
    watch.wait(page, lambda: watch.received(SNAPSHOT))
    assert page.locator("html").get_attribute("data-vango") is None
    page.locator("#text").fill("typed")
    page.locator("#click").click()
    release()
    expect(page.locator("html")).to_have_attribute("data-vango", "connected")
    expect(page.locator("#click")).to_have_text("1")
    expect(page.locator("#said")).to_have_text("typed False b")
    expect(page.locator("#text")).to_have_value("typed")
    page.locator("#click").click()
    expect(page.locator("#click")).to_have_text("2")


def test_what_was_typed_before_any_code_was_there_is_told(page: Page, stage: Server, hold: Callable) -> None:
    release = hold("boot.js")
    page.goto(stage.url + "/fields", wait_until="commit")
    page.locator("#text").fill("typed")
    page.locator("#box").check()
    page.locator("#size").select_option("c")
    release()
    expect(page.locator("#said")).to_have_text("typed True c")
    expect(page.locator("#text")).to_have_value("typed")


def test_what_is_typed_and_sent_before_the_code_for_forms_is_there_is_told(
    page: Page, stage: Server, early: Callable
) -> None:
    release = early(stage.url + "/fields")
    page.locator("#text").fill("typed")
    page.locator("#box").check()
    page.locator("#word").fill("word")
    page.locator("#word").press("Enter")
    page.locator("#click").click()
    release()
    expect(page.locator("#said")).to_have_text("typed True b")
    expect(page.locator("#sent")).to_have_text("word")
    expect(page.locator("#click")).to_have_text("1")
    assert page.url == stage.url + "/fields"


def test_what_is_typed_after_a_key_is_told_after_it_though_the_code_for_forms_comes_later(
    page: Page, inputs: Server, early: Callable
) -> None:
    release = early(inputs.url + "/chat")
    draft = page.locator("#draft")
    draft.press_sequentially("one")
    draft.press("Enter")
    draft.press_sequentially("x")
    draft.press("Enter")
    draft.press_sequentially("y")
    release()
    expect(page.locator("#lines > li")).to_have_text(["one", "onex"])
    expect(page.locator("#length")).to_have_text("5 letters")
    expect(draft).to_have_value("onexy")


def test_what_is_typed_early_without_a_control_is_told_before_the_click_that_follows(
    page: Page, inputs: Server, early: Callable
) -> None:
    release = early(inputs.url + "/written")
    page.locator("#rich").press("End")
    page.keyboard.type(" more")
    page.locator("#say").click()
    release()
    expect(page.locator("#held")).to_have_text('["a", "one more", ["one more"]]')


def test_a_form_says_what_was_in_it_when_it_was_sent(page: Page, stage: Server, early: Callable) -> None:
    release = early(stage.url + "/fields")
    page.locator("#word").fill("word")
    page.locator("#word").press("Enter")
    page.locator("#word").press_sequentially(" more")
    release()
    expect(page.locator("#sent")).to_have_text("word")
    page.locator("#word").press("Enter")
    expect(page.locator("#sent")).to_have_text("word more")


def test_a_form_that_is_heard_once_is_not_sent_by_the_browser(
    page: Page, inputs: Server, early: Callable
) -> None:
    release = early(inputs.url + "/once")
    for _ in range(2):
        page.locator("#word").press("Enter")
    release()
    # What is seen is told when the browser has looked, which may be behind a click.
    expect(page.locator("#log")).to_have_text("submit view")
    page.locator("#click").click()
    expect(page.locator("#log")).to_have_text("submit view click")
    assert page.url == inputs.url + "/once"


def test_a_click_without_options_comes_after_what_was_typed_before_it(
    page: Page, inputs: Server, early: Callable
) -> None:
    release = early(inputs.url + "/debounced")
    page.locator("#draft").press_sequentially("abc")
    page.locator("#click").click()
    page.locator("#draft").press("End")
    page.locator("#draft").press_sequentially("d")
    release()
    expect(page.locator("#sent")).to_have_text("click abc")
    page.locator("#click").click()
    expect(page.locator("#sent")).to_have_text("click abc | click abcd")


def test_what_the_browser_puts_back_into_a_page_that_was_left_is_told(page: Page, stage: Server) -> None:
    page.goto(stage.url + "/fields")
    page.locator("#text").fill("typed")
    page.locator("#box").check()
    page.locator("#size").select_option("c")
    page.locator("#quiet").fill("typed")
    expect(page.locator("#said")).to_have_text("typed True c")
    page.goto(stage.url + "/native")
    page.go_back()
    expect(page.locator("#said")).to_have_text("typed True c")
    page.locator("#row").click()
    expect(page.locator("#rows > li")).to_have_count(1)
    for control in ("#text", "#quiet"):
        expect(page.locator(control)).to_have_value("typed")
    expect(page.locator("#size")).to_have_value("c")


def test_a_page_that_nobody_touched_tells_nothing(page: Page, stage: Server, watch: Watch) -> None:
    page.goto(stage.url + "/fields")
    page.locator("#click").click()
    expect(page.locator("#click")).to_have_text("1")
    page.wait_for_function("document.readyState === 'complete'")
    page.locator("#row").click()
    expect(page.locator("#rows > li")).to_have_count(1)
    assert [frame.fields[4] for frame in watch.frames if frame.kind == EVENT] == [0, 0]
    expect(page.locator("#said")).to_have_text("served False b")
