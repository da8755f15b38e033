"""Row 4: from a click to the changed text, in Chromium on loopback, both pages in turn."""

import os

from playwright.sync_api import Page, sync_playwright

from benches.report import Figure, table
from benches.served import served

ROUNDS = 50
CLICKS = 100
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Times itself: from the call of click() to the mutation of the number.
MEASURE = """async (clicks) => {
    const output = document.querySelector("output, .count");
    const plus = [...document.querySelectorAll("button")].at(-1);
    const times = [];
    for (let i = 0; i < clicks; i++) {
        let start;
        const changed = new Promise((resolve) => {
            const observer = new MutationObserver(() => {
                observer.disconnect();
                resolve(performance.now());
            });
            observer.observe(output, { childList: true, characterData: true, subtree: true });
            start = performance.now();
            plus.click();
        });
        times.push((await changed) - start);
        // Let acknowledgements and timers of the last click pass before the next.
        await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return times;
}"""


def main() -> None:
    """Measure fifty rounds of a hundred clicks a page, alternating."""
    executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    samples: dict[str, list[float]] = {"plain": [], "counter": []}
    cpu: dict[str, list[float]] = {"plain": [], "counter": []}
    with served() as (address, process), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        pages: dict[str, Page] = {}
        for name in samples:
            pages[name] = page = browser.new_page()
            page.goto(f"{address}/{name}")
            page.locator("output").wait_for()
            warm(page)
        for turn in range(ROUNDS):
            # Who comes after whom makes a difference.
            for name, page in list(pages.items())[:: 1 if turn % 2 else -1]:
                page.bring_to_front()
                before = sum(process.cpu_times()[:2])
                samples[name] += page.evaluate(MEASURE, CLICKS)
                cpu[name].append((sum(process.cpu_times()[:2]) - before) * 1e3 / CLICKS)
        browser.close()
    table(
        "click to DOM on loopback, counter",
        Figure("hand-written WebSocket page", "ms", samples["plain"]),
        Figure("vango", "ms", samples["counter"]),
        goal="p50 no slower than hand-written",
    )
    table(
        "server CPU a click, counter",
        Figure("hand-written WebSocket page", "ms", cpu["plain"]),
        Figure("vango", "ms", cpu["counter"]),
        goal="<= 1.5 x hand-written",
    )


def warm(page: Page) -> None:
    """Click until the page answers: its socket is open and its code is hot."""
    page.wait_for_function(
        """() => {
            [...document.querySelectorAll("button")].at(-1).click();
            return document.querySelector("output, .count").textContent !== "0";
        }"""
    )
    page.evaluate(MEASURE, 50)
