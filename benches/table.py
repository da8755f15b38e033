"""Rows 5 and 6: the table of js-framework-benchmark through the whole stack, and the same page by hand."""

import os
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benches.click import FLAGS
from benches.report import Figure, matrix
from benches.served import served

ROUNDS = 15
# Meanwhile the browser paints: what is clicked while a thousand rows are painted waits for a processor.
REST_MS = 150
PAGES = {"table": "vango", "plain_table": "a page written by hand"}

# Each operation: the element that is clicked, and what leads to where it is measured.
FIRST = "document.querySelectorAll('#tbody > tr')[{}].querySelector('{}')"
OPERATIONS = {
    "create 1,000": ("run", ["clear"]),
    "replace 1,000": ("run", ["run"]),
    "update every tenth": ("update", ["run"]),
    "select": (FIRST.format(4, "a.lbl"), ["run", FIRST.format(9, "a.lbl")]),
    "swap": ("swaprows", ["run"]),
    "remove": (FIRST.format(4, "a.remove"), ["run"]),
    "append 1,000": ("add", ["run"]),
    "clear": ("clear", ["run"]),
}

# From the call of click() to the task after the last change of the document.
ACT = """async (waits) => {
    const element = TARGET;
    const body = document.querySelector("#tbody");
    let start;
    const changed = new Promise((resolve) => {
        const observer = new MutationObserver(() => {
            observer.disconnect();
            resolve(performance.now());
        });
        observer.observe(body, { childList: true, characterData: true, attributes: true, subtree: true });
        start = performance.now();
        element.click();
    });
    const took = (await changed) - start;
    await new Promise((resolve) => setTimeout(resolve, waits));
    return took;
}"""


def act(page: Page, target: str) -> float:
    """Click on something, and return the milliseconds until the table has changed."""
    picked = target if target.startswith("document") else f"document.getElementById('{target}')"
    took: float = page.evaluate(ACT.replace("TARGET", picked), REST_MS)
    return took


def rounds(page: Page, operation: str, spent: Iterator[float]) -> tuple[float, float]:
    """Run one operation once; milliseconds to the document, and of the server's CPU."""
    target, before = OPERATIONS[operation]
    if before == ["clear"] and page.locator("#tbody > tr").count() == 0:
        before = []
    for step in before:
        act(page, step)
    cpu = next(spent)
    took = act(page, target)
    return took, next(spent) - cpu


def main() -> None:
    """Fifteen rounds of each operation, the pages in turn."""
    executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    times: dict[str, list[list[float]]] = {name: [[], []] for name in OPERATIONS}
    cpus: dict[str, list[list[float]]] = {name: [[], []] for name in OPERATIONS}
    with served() as (address, process), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)

        def spent() -> Iterator[float]:
            while True:
                # In nanoseconds, of the thread that runs the loop; the process' own clock ticks too seldom.
                yield int(Path(f"/proc/{process.pid}/schedstat").read_text().split()[0]) / 1e6

        pages = []
        for name in PAGES:
            page = browser.new_page()
            page.goto(f"{address}/{name}")
            page.locator("#run").wait_for()
            page.wait_for_timeout(1_000)
            pages.append(page)
        for turn in range(ROUNDS + 3):
            for operation in OPERATIONS:
                for side, page in enumerate(pages):
                    page.bring_to_front()
                    page.wait_for_timeout(REST_MS)
                    took, cpu = rounds(page, operation, spent())
                    if turn >= 3:
                        times[operation][side].append(took)
                        cpus[operation][side].append(cpu)
        browser.close()
    for title, kept, goal in (
        ("the table through the whole stack, click to DOM", times, "vango <= 2 x by hand"),
        ("server CPU an operation of the table", cpus, ""),
    ):
        cases = {
            operation: [Figure(name, "ms", sides[side]) for side, name in enumerate(PAGES.values())]
            for operation, sides in kept.items()
        }
        matrix(title, "ms", cases, goal=goal)
