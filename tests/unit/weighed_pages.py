"""Pages whose sessions are weighed, and a program that weighs them: `python weighed_pages.py NAME`.

It prints what malloc has handed out for a session, to the engine and to Python alike, and what the session
says of itself. It runs with `PYTHONMALLOC=malloc`, else Python's own allocator would hide its part.
"""

from __future__ import annotations

import ctypes
import gc
import json
import sys
from collections.abc import Callable

from vango import For, component, html as h, memo, signal
from vango.clock import VirtualClock
from vango.request import Request
from vango.sessions.registry import Registry
from vango.sessions.session import Session

SESSIONS = 30


class Mallinfo(ctypes.Structure):
    """`struct mallinfo2` of glibc: mapped bytes stand fifth, used bytes of the heap eighth."""

    _fields_ = [(f"field_{n}", ctypes.c_size_t) for n in range(10)]


def in_use() -> int:
    gc.collect()
    ask = ctypes.CDLL(None).mallinfo2
    ask.restype = Mallinfo
    info = ask()
    return int(info.field_4 + info.field_7)


@component
def Empty():
    return h.p[signal("")]


@component
def Counter():
    count = signal(0)
    return h.div[
        h.button(on_click=lambda: count.update(lambda n: n - 1))["-"],
        h.output[count],
        h.button(on_click=lambda: count.update(lambda n: n + 1))["+"],
    ]


@component
def Many():
    """Components with state, each in its own scope."""
    return h.main[[Counter(key=n) for n in range(60)]]


@component
def Table():
    rows = signal(init=lambda: [(n, f"pretty red chair {n}") for n in range(500)])

    def pick(number: int) -> None:
        rows.update(lambda items: [item for item in items if item[0] == number])

    return h.table[
        For(
            rows,
            key=lambda item: item[0],
            render=lambda item: h.tr[
                h.td[item[0]], h.td[h.a(on_click=(pick, item[0]))[item[1]]], h.td(class_="wide"), h.td
            ],
        )
    ]


@component
def Selected():
    """Rows that read a signal, each with a scope of its own."""
    chosen = signal(None)
    numbers = signal(init=lambda: list(range(1_000, 1_100)))
    return h.ul[
        For(
            numbers,
            key=lambda number: number,
            render=lambda number: h.li(class_=lambda: "on" if chosen() == number else "")[number],
        )
    ]


@component
def Texts():
    """A long text in many elements that are no rows."""
    text = signal(init=lambda: "word " * 2_000)
    words = memo(lambda: text().split())
    return h.article[
        [h.p["A paragraph of some length, number ", str(n), h.b["!"]] for n in range(200)],
        lambda: len(words()),
    ]


PAGES: dict[str, Callable[[], object]] = {
    "empty": Empty,
    "counter": Counter,
    "many": Many,
    "table": Table,
    "selected": Selected,
    "texts": Texts,
}


def sessions(root: Callable[[], object], count: int) -> list[Session]:
    registry = Registry(clock=VirtualClock())
    return [Session(registry, str(n), root(), request=Request(), browser="") for n in range(count)]


def main(name: str) -> None:
    warm = sessions(PAGES[name], 2)
    before = in_use()
    live = sessions(PAGES[name], SESSIONS)
    weighed = (in_use() - before) / SESSIONS
    print(json.dumps([weighed, live[0].weight, warm[1].weight]))


if __name__ == "__main__":
    main(sys.argv[1])
