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
    served = re.search(r">soon (\d+)</output>", response.text())
    assert served is not None
    expect(page.locator("#soon")).to_have_text(f"soon {served[1]}")
    expect(page.locator("#late")).to_have_text(re.compile(r"late \d+"))
    late = page.locator("#late").inner_text().removeprefix("late ")
    page.locator("#ask").click()
    expect(page.locator("#asked")).to_have_text(f"{served[1]} {late}")
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
