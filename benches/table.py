"""Rows 5 and 6: the table of js-framework-benchmark through the whole stack, and the same page by hand."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import psutil
from playwright.sync_api import Page, sync_playwright

from benches.click import FLAGS
from benches.report import Figure, matrix
from benches.served import served

ROUNDS, WARM_ROUNDS = 25, 3
# Meanwhile the browser paints: what is clicked while a thousand rows are painted waits for a processor.
REST_MS = 150
PAGES = {"table": "vango", "plain_table": "a page written by hand"}

Samples: TypeAlias = dict[str, dict[str, list[float]]]

# Each operation: the element that is clicked, what leads to where it is measured, how it is seen to be done.
# That is the first change; but of a click in the table there are clients that mark what was clicked.
FIRST = "document.querySelectorAll('tbody > tr')[{}].querySelector('{}')"
OPERATIONS = {
    "create 1,000": ("run", ["clear"], "true"),
    "replace 1,000": ("run", ["run"], "true"),
    "update every tenth": ("update", ["run"], "true"),
    "select": (
        FIRST.format(4, "a.lbl"),
        ["run", FIRST.format(9, "a.lbl")],
        "element.closest('tr').className === 'danger'",
    ),
    "swap": ("swaprows", ["run"], "true"),
    "remove": (FIRST.format(4, "a.remove"), ["run"], "body.childElementCount < 1_000"),
    "append 1,000": ("add", ["run"], "true"),
    "clear": ("clear", ["run"], "true"),
}

# From the call of click() to the task after the last change of the document.
ACT = """async (waits) => {
    const element = TARGET;
    const body = document.querySelector("tbody");
    let start;
    const changed = new Promise((resolve) => {
        const observer = new MutationObserver(() => {
            if (!(DONE)) return;
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


def act(page: Page, target: str, done: str = "true") -> float:
    """Click on something, and return the milliseconds until the table has changed."""
    picked = target if target.startswith("document") else f"document.querySelector('#{target}, .{target}')"
    took: float = page.evaluate(ACT.replace("TARGET", picked).replace("DONE", done), REST_MS)
    return took


def run(page: Page, operation: str, process: psutil.Process) -> tuple[float, float]:
    """Run one operation once; milliseconds to the document, and of the server's CPU."""
    target, before, done = OPERATIONS[operation]
    if before == ["clear"] and page.locator("tbody > tr").count() == 0:
        before = []
    for step in before:
        act(page, step)
    cpu = spent(process)
    took = act(page, target, done)
    return took, spent(process) - cpu


def spent(process: psutil.Process) -> float:
    """Milliseconds of the thread that runs the loop; the process' own clock ticks too seldom."""
    return int(Path(f"/proc/{process.pid}/schedstat").read_text().split()[0]) / 1e6


def measured(places: Mapping[str, tuple[str, psutil.Process]], rounds: int) -> tuple[Samples, Samples]:
    """Run every operation so often on each page, in turn.

    Args:
        places: By the names of the pages: where each is, and the process that serves it.
        rounds: What is counted, behind a few to warm up.

    Returns:
        Milliseconds from the click to the document, and of the server's CPU: by operation, by page.
    """
    executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    times: Samples = {operation: {name: [] for name in places} for operation in OPERATIONS}
    cpus: Samples = {operation: {name: [] for name in places} for operation in OPERATIONS}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        pages: dict[str, Page] = {}
        for name, (url, _) in places.items():
            pages[name] = page = browser.new_page()
            page.goto(url)
            page.locator("#run, .run").wait_for()
            page.wait_for_timeout(1_000)
        for turn in range(rounds + WARM_ROUNDS):
            for operation in OPERATIONS:
                for name, page in pages.items():
                    page.bring_to_front()
                    page.wait_for_timeout(REST_MS)
                    took, cpu = run(page, operation, places[name][1])
                    if turn >= WARM_ROUNDS:
                        times[operation][name].append(took)
                        cpus[operation][name].append(cpu)
        browser.close()
    return times, cpus


def show(title: str, samples: Samples, goal: str = "") -> None:
    """Print what was measured, a line for each operation."""
    cases = {
        operation: [Figure(name, "ms", kept) for name, kept in sides.items()]
        for operation, sides in samples.items()
    }
    matrix(title, "ms", cases, goal=goal)


def main() -> None:
    """Fifteen rounds of each operation, the pages in turn."""
    with served() as (address, process):
        times, cpus = measured(
            {title: (f"{address}/{name}", process) for name, title in PAGES.items()}, ROUNDS
        )
    show("the table through the whole stack, click to DOM", times, "vango <= 2 x by hand")
    show("server CPU an operation of the table", cpus)
