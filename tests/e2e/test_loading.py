"""Data before the first paint and behind it, and tasks that outlive a connection, in a browser."""

import re

from playwright.sync_api import Page, expect

from .relay import Relay
from .serving import Server
from .test_reconnect import REFUSED, come_back, go_offline
from .watch import HELLO_OK, SNAPSHOT, Watch


def test_f1_data_comes_with_the_page_or_behind_it_and_is_loaded_once(
    page: Page, stage: Server, watch: Watch
) -> None:
    response = page.goto(stage.url + "/loads")
    assert response is not None
    served = re.search(r">soon (\d+)</b></output>", response.text())
    assert served is not None
    expect(page.locator("#soon")).to_have_text(f"soon {served[1]}")
    expect(page.locator("#late")).to_have_text(re.compile(r"late \d+"))
    late = page.locator("#late").inner_text().removeprefix("late ")
    page.locator("#ask").click()
    expect(page.locator("#asked")).to_have_text(f"{served[1]} {late}")
    assert watch.received(SNAPSHOT) == []


def test_f1_what_is_typed_into_a_page_that_came_with_data_before_its_client_runs_is_kept(
    page: Page, gallery: Server, watch: Watch
) -> None:
    page.add_init_script("""
        addEventListener("DOMContentLoaded", () => {
            const search = document.querySelector("[type=search]");
            search.value = "or";
            search.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }, { capture: true });
        new MutationObserver((_, observer) => {
            const search = document.querySelector("[type=search]");
            if (!search) return;
            observer.disconnect();
            search.value = "o";
        }).observe(document, { childList: true, subtree: true });
    """)
    page.goto(gallery.url + "/places")
    expect(page.get_by_role("list", name="Found").get_by_role("button")).to_have_text(["Cork", "Porto"])
    expect(page.get_by_label("Search")).to_have_value("or")
    assert watch.received(SNAPSHOT) == []


def test_b39_a_task_goes_on_across_a_drop_and_the_page_catches_up(
    page: Page, relay: Relay, watch: Watch
) -> None:
    watch.allow(REFUSED)
    page.goto(relay.url + "/loads")
    watch.wait(page, lambda: watch.received(HELLO_OK))
    done = page.locator("#done")
    page.locator("#work").click()
    expect(done).not_to_have_text("0")
    go_offline(page, relay)
    come_back(page, relay)
    expect(done).to_have_text("30")
