"""Streams 100,000 rows through a window of 200 and tells by how much the process grew."""

from __future__ import annotations

import gc
import json
import resource
import sys

from view_driver import Page

from vango import component, html as h, stream

UNIT = 1 if sys.platform == "darwin" else 1024

log = stream(key=lambda row: row[0], render=lambda row: h.li[row[1]], limit=200)
counts: set[int] = set()


@component
def Log() -> object:
    return h.ol[log]


page = Page(Log())


def peak_bytes() -> int:
    """Return the most memory that this process has had in RAM."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT


def add(first: int, count: int) -> None:
    """Stream rows, fifty a burst; the client applies each burst."""
    for start in range(first, first + count, 50):
        log.extend((number, "x" * 200 + str(number)) for number in range(start, start + 50))
        page.flush()
        counts.add(page.view.tree.count)


add(0, 20_000)
gc.collect()
before = peak_bytes()
counts.clear()
add(20_000, 80_000)
print(
    json.dumps(
        {
            "counts": sorted(counts),
            "client_count": page.model.count,
            "last": page.html.removesuffix("</li></ol>"),
            "grown_bytes": peak_bytes() - before,
        }
    )
)
