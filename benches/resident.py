"""Bytes of a live node and of a live session, and what sessions of one page share.

Weighed is what malloc has handed out, to the engine and to Python alike: the weighing interpreters run
with `PYTHONMALLOC=malloc`. So the figures are exact, without the server, its sockets and the slack of an
allocator.
"""

import ctypes
import gc
import json
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

from benches.fresh import fresh
from benches.report import keep
from benches.rows import bracketed
from benches.tables import LABELS, PAGES, Empty, sessions
from vango import core

FURTHER = 99
"""Sessions and trees beside the first."""


class Mallinfo(ctypes.Structure):
    """`struct mallinfo2` of glibc: mapped bytes stand fifth, used bytes of the heap eighth."""

    _fields_ = [(f"field_{n}", ctypes.c_size_t) for n in range(10)]


def in_use() -> int:
    """Bytes that malloc has handed out, its own headers included."""
    gc.collect()
    ask = ctypes.CDLL(None).mallinfo2
    ask.restype = Mallinfo
    info = ask()
    return info.field_4 + info.field_7


def weigh(make: Callable[[int], Any]) -> tuple[int, float, Any]:
    """Bytes of the first thing that `make(count)` gives, and of each further one; and the things."""
    start = in_use()
    one = make(1)
    first = in_use()
    more = make(FURTHER)
    return first - start, (in_use() - first) / FURTHER, (one, more)


def trees() -> dict[str, list[float]]:
    """Mounted tables of 1,000 rows: bytes of the first and of each further one, nodes of one."""
    node = cache(lambda: bracketed(LABELS))
    shared = weigh(lambda count: [core.Tree(node()) for _ in range(count)])
    rebuilt = weigh(lambda count: [core.Tree(bracketed(LABELS)) for _ in range(count)])
    live = shared[2][1] + rebuilt[2][1]
    before = in_use()
    for tree in live:
        tree.commit(reordered())
    opened = (in_use() - before) / len(live) + rebuilt[1]
    nodes = live[0].count
    return {
        "trees of one VNode": [shared[0], shared[1], nodes],
        "trees of equal VNodes": [rebuilt[0], rebuilt[1], nodes],
        "the same after every row has moved": [opened, opened, nodes],
    }


def reordered() -> core.VNode:
    """Return the table with its rows in the opposite order."""
    return core.VNode.__getitem__(bracketed([]), bracketed(LABELS).children[::-1])


def pages(name: str) -> list[float]:
    """Sessions of one page: bytes of the first and of each further one, nodes of one."""
    warm = sessions(1, Empty)
    first, further, live = weigh(lambda count: sessions(count, PAGES[name]))
    assert warm
    return [first, further, live[0][0].count]


def main() -> None:
    """Weigh in fresh interpreters, print and keep."""
    rows = fresh("benches.resident", PYTHONMALLOC="malloc")
    for name in PAGES:
        rows[f"session: {name}"] = fresh("benches.resident", name, PYTHONMALLOC="malloc")
    print("\nResident memory, bytes that malloc has handed out\n")
    print("| | nodes | first | each of 99 further | shared | further, a node |\n|---|---|---|---|---|---|")
    for name, (first, further, nodes) in rows.items():
        shared = max(0, first - further)
        print(
            f"| {name} | {nodes:,} | {first:,.0f} | {further:,.0f} | {shared:,.0f} | {further / nodes:.1f} |"
        )
    keep("Resident memory", {"columns": ["first", "further", "nodes"], "rows": rows})


if __name__ == "__main__":
    print(json.dumps(pages(sys.argv[1]) if sys.argv[1:] else trees()))
