"""Row 4 beside the peers: from a click on a counter to the changed text, in Chromium, all in turn."""

import os
from contextlib import ExitStack

from playwright.sync_api import Page, sync_playwright

from benches.click import FLAGS, MEASURE, warm
from benches.peers.started import PEERS, started
from benches.report import Figure, table
from benches.served import served

ROUNDS, CLICKS = 10, 50


def main() -> None:
    """Ten rounds of fifty clicks a page, in turn."""
    with ExitStack() as stack, sync_playwright() as playwright:
        address, ours = stack.enter_context(served())
        places = {
            "hand-written WebSocket page": (f"{address}/plain", ours),
            "vango": (f"{address}/counter", ours),
            **{title: stack.enter_context(started("counters", name)) for name, title in PEERS.items()},
        }
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS
        )
        pages: dict[str, Page] = {}
        for title, (url, _) in places.items():
            pages[title] = page = browser.new_page()
            page.goto(url)
            page.locator("output, .count").wait_for()
            warm(page)
        times: dict[str, list[float]] = {title: [] for title in places}
        spent: dict[str, list[float]] = {title: [] for title in places}
        for turn in range(ROUNDS):
            # Who comes after whom makes a difference.
            for title, page in list(pages.items())[:: 1 if turn % 2 else -1]:
                page.bring_to_front()
                process = places[title][1]
                before = sum(process.cpu_times()[:2])
                times[title] += page.evaluate(MEASURE, CLICKS)
                spent[title].append((sum(process.cpu_times()[:2]) - before) * 1e3 / CLICKS)
        browser.close()
    for what, kept in (("click to DOM", times), ("server CPU a click", spent)):
        by_hand, *others = (Figure(title, "ms", samples) for title, samples in kept.items())
        table(f"{what} beside the peers, counter", by_hand, *others)
