"""A page that is changed for days: what the browser holds for it depends on what is shown alone."""

from base64 import b64encode

import pytest
from playwright.sync_api import CDPSession, Page

from vango import core, html as h
from vango.core import VNode

DIFFS = 100_000
BATCH = 4_000
WARM = 20_000
ROWS = 8
FLAT = 0.05


def click() -> None:
    """Stand for a handler."""


def shown(step: int) -> VNode:
    """The page after a number of changes: rows come, go and move, texts, attributes and events change."""
    rows = list(range(step, step + ROWS))
    at = step * 7 % ROWS
    rows[at], rows[-1] = rows[-1], rows[at]
    listens = {"on_click": click} if step % 3 else {}
    return h.main(title=f"{step}" if step % 2 else None)[
        h.output[step],
        h.input(value=str(step), checked=step % 2 == 0, type="checkbox"),
        h.p["a", step % 5 and h.b["b"], h.raw(f"<i>{step}</i>")],
        h.ul(**listens)[(h.li(key=row, class_="row" if row % 2 else None)[h.b[row], " row"] for row in rows)],
    ]


def heap_of(cdp: CDPSession) -> int:
    """The bytes of the page that garbage collection leaves."""
    for _ in range(2):
        cdp.send("HeapProfiler.collectGarbage")
    return int(cdp.send("Runtime.getHeapUsage")["usedSize"])


def nodes_of(cdp: CDPSession) -> int:
    """How many nodes of documents the page holds, in the document or out of it."""
    metrics = cdp.send("Performance.getMetrics")["metrics"]
    return int(next(metric["value"] for metric in metrics if metric["name"] == "Nodes"))


@pytest.mark.slow
def test_100000_diffs_leave_the_heap_as_it_was(oracle: Page) -> None:
    tree = core.Tree(shown(0))
    oracle.evaluate(
        "([html, count]) => void (globalThis.view = oracle.served(html, count))", [tree.html(), tree.count]
    )
    cdp = oracle.context.new_cdp_session(oracle)
    cdp.send("HeapProfiler.enable")
    cdp.send("Performance.enable")
    warm = (0, 0)
    for first in range(1, DIFFS + 1, BATCH):
        batch = []
        for step in range(first, first + BATCH):
            diff = core.encode(tree.commit(shown(step)))
            batch.append([b64encode(diff).decode(), tree.count])
        live = oracle.evaluate(
            """(batch) => {
                for (const [diff, count] of batch) oracle.change(globalThis.view, diff, count);
                return globalThis.view.live.nodes.size;
            }""",
            batch,
        )
        assert live == tree.count
        if first + BATCH > WARM >= first:
            warm = heap_of(cdp), nodes_of(cdp)
    heap, nodes = heap_of(cdp), nodes_of(cdp)
    assert abs(heap - warm[0]) <= FLAT * warm[0], (warm, heap)
    assert abs(nodes - warm[1]) <= FLAT * warm[1], (warm, nodes)
    assert oracle.locator("output").inner_text() == str(DIFFS)
