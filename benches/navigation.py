"""From a click on a link to the last change of the document: by navigation, and by a load of that page."""

import os

from playwright.sync_api import Page, sync_playwright

from benches.click import FLAGS
from benches.report import Figure, table
from benches.served import served

ROUNDS = 20
STEPS = 10

# Times itself: from the call of click() to the last mutation before the next task.
WALK = """() => new Promise((resolve) => {
    const wanted = String(Number(document.querySelector("h1").textContent) + 1);
    let start;
    new MutationObserver((_, observer) => {
        if (document.querySelector("h1").textContent !== wanted) return;
        observer.disconnect();
        resolve(performance.now() - start);
    }).observe(document, { childList: true, characterData: true, subtree: true });
    start = performance.now();
    document.querySelector("#next").click();
})"""

# The link is rested on, for longer than its page and the data of that take.
REST = """() => new Promise((resolve) => {
    document.querySelector("#next").focus();
    setTimeout(resolve, 300);
})"""

# Times itself: from when the browser began to load to when the document was whole.
LOADED = "performance.getEntriesByType('navigation')[0].domInteractive"


def main() -> None:
    """Measure twenty rounds of ten pages each way, alternating."""
    executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    loads: list[float] = []
    walks: list[float] = []
    fetched: list[float] = []
    rested: list[float] = []
    with served() as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        page = browser.new_page()
        page.goto(f"{address}/walk/0")
        ready(page)
        for _ in range(ROUNDS):
            for _ in range(STEPS):
                with page.expect_navigation():
                    page.click("#load")
                loads.append(page.evaluate(LOADED))
            ready(page)
            walks += [page.evaluate(WALK) for _ in range(STEPS)]
        page.goto(f"{address}/fetched/0")
        ready(page)
        for _ in range(ROUNDS * STEPS // 2):
            fetched.append(page.evaluate(WALK))
            page.evaluate(REST)
            rested.append(page.evaluate(WALK))
        browser.close()
    table(
        "a page of 300 paragraphs, link to last change of the document",
        Figure("loaded", "ms", loads),
        Figure("navigated to", "ms", walks),
        goal="<= 1.5 x the load",
    )
    table(
        "the same page, whose data is 50 ms away",
        Figure("navigated to", "ms", fetched),
        Figure("rendered ahead", "ms", rested),
    )


def ready(page: Page) -> None:
    """Wait until links are followed without a load, and follow one."""
    page.wait_for_selector("html[data-vango=connected]", state="attached")
    page.wait_for_selector("link[href*=later]", state="attached")
    page.evaluate(WALK)
