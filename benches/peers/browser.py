"""Row 3: one change of a document in Chromium, by vango's client, by hand, by morphdom and by idiomorph.

Ours gets the bytes of a burst, which it decodes; the morphing libraries get the new HTML, which they parse,
and rows with an `id` to know them by; what is written by hand has nodes and values at hand.
"""

import os
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, sync_playwright

import vango
from benches.click import FLAGS
from benches.peers.operations import Rows, operations
from benches.peers.with_vango import row_node
from benches.report import Figure, matrix
from vango import _core, core, html as h

HERE = Path(__file__).parent
CLIENT = Path(vango.__file__).with_name("client")
SIDES = ("vango", "by hand", "morphdom", "idiomorph")
PAGES, WARM_RUNS = 3, 5
"""Of each side and change: fresh pages, whose first run is cold, and further runs in each."""


def main() -> None:
    """Measure, print and keep what the first run of a page takes, and what the later ones do."""
    cold: dict[str, list[Figure]] = {}
    warm: dict[str, list[Figure]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=[*FLAGS, "--js-flags=--expose-gc"],
        )
        for change in changes():
            name = str(change["name"])
            cold[name], warm[name] = figures(browser, change)
        browser.close()
    goal = "10,000 texts <= 50 ms, aim <= x 2 by hand"
    matrix("Changes of a document in Chromium, warm", "ms", warm, goal=goal)
    matrix("Changes of a document in Chromium, the first of a page", "ms", cold, goal=goal)


def changes() -> Iterator[dict[str, object]]:
    """Give all changes: the document before and after, and the burst between."""
    yield change("10,000 texts", texts("old"), texts("new"), texts("old", ids=True), texts("new", ids=True))
    for name, (before, after) in operations().items():
        made = change(name, table(before), table(after), table(before, ids=True), table(after, ids=True))
        yield made | {"rows": [row._asdict() for row in after]}


def texts(word: str, *, ids: bool = False) -> core.VNode:
    """Return 10,000 texts, each in an element; `ids` lets others know the elements again."""
    return h.div[(h.i(id=f"text-{n}" if ids else None)[f"{word} {n}"] for n in range(10_000))]


def table(rows: Rows, *, ids: bool = False) -> core.VNode:
    """Return the table; `ids` lets others know its rows again."""
    if not ids:
        return h.table[h.tbody[map(row_node, rows)]]
    return h.table[
        h.tbody[(h.tr(id=f"row-{row.id}", **row_node(row).attrs)[row_node(row).children] for row in rows)]
    ]


def change(
    name: str, old: core.VNode, new: core.VNode, before: core.VNode, after: core.VNode
) -> dict[str, object]:
    """Return one change as ours needs it (`old`, `new`) and as the others do."""
    tree = core.Tree(old)
    served, served_count = tree.html(), tree.count
    burst = core.encode(tree.commit(new))
    burst = _core.fold(burst) or burst  # as it travels
    return {
        "name": name,
        "served": served,
        "served_count": served_count,
        "ops": b64encode(burst).decode(),
        "count": tree.count,
        "before": core.Tree(before).html(hids=False),
        "after": core.Tree(after).html(hids=False),
    }


def figures(browser: Browser, change: dict[str, object]) -> tuple[list[Figure], list[Figure]]:
    """Let the sides take turns, a fresh page for each; the figures are the cold and the warm ones."""
    cold: dict[str, list[float]] = defaultdict(list)
    warm: dict[str, list[float]] = defaultdict(list)
    for _ in range(PAGES):
        for side in SIDES:
            page = opened(browser)
            first, *later = page.evaluate(
                "([side, change, runs]) => bench.measure(side, change, runs)", [side, change, 1 + WARM_RUNS]
            )
            page.context.close()
            cold[side].append(first)
            warm[side] += later
    return tuple([Figure(side, "ms", samples[side]) for side in SIDES] for samples in (cold, warm))


def opened(browser: Browser) -> Page:
    """Open an isolated page with `browser.js`, in a process of its own; no server is needed for it."""
    page = browser.new_context().new_page()
    page.route("https://bench.test/**", serve)
    page.goto("https://bench.test/")
    page.wait_for_function("globalThis.bench")
    return page


def serve(route: Route) -> None:
    """Answer a request of the page."""
    path = route.request.url.removeprefix("https://bench.test")
    headers = {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
    }
    if path == "/":
        text = '<!doctype html><title>bench</title><script type="module" src="/browser.js"></script>'
        route.fulfill(body=text, content_type="text/html", headers=headers)
        return
    file = CLIENT / path.removeprefix("/client/") if path.startswith("/client/") else HERE / path.lstrip("/")
    route.fulfill(path=file, headers=headers)
