"""What a change of a list costs: `For` looks at the key and the identity of each item, and runs what changed.

Nanoseconds a row of the whole list, by the clock of the thread, from the write of the signal to the bytes of
the burst. Rows that run and ops of the burst are counted: they follow what changed, not the length.
"""

import gc
from collections.abc import Callable
from time import thread_time_ns

from benches.report import Figure, keep
from vango import For, core, html as h
from vango.clock import VirtualClock
from vango.reactive.signals import Signal
from vango.request import Request
from vango.sessions.registry import Registry
from vango.sessions.session import Session

SIZES = (100, 1_000, 10_000)
ROUNDS = 40


class Item:
    """A row of an application, changed by putting another one in its place."""

    __slots__ = ("id", "label")

    def __init__(self, number: int, label: str) -> None:
        self.id = number
        self.label = label


Change = Callable[[list[Item]], list[Item]]

CHANGES: dict[str, Change] = {
    "nothing: the scan of the keys": lambda items: tuple(items) if isinstance(items, list) else list(items),
    "one row in the middle": lambda items: [
        *items[: len(items) // 2],
        Item(items[len(items) // 2].id, items[len(items) // 2].label + "!"),
        *items[len(items) // 2 + 1 :],
    ],
    "one row more at the end": lambda items: [*items, Item(items[-1].id + 1, "more")],
    "the first row less": lambda items: items[1:],
    "two rows swapped": lambda items: [items[0], items[-2], *items[2:-2], items[1], items[-1]],
    "reversed": lambda items: items[::-1],
    "every tenth row": lambda items: [
        Item(item.id, item.label + "!") if n % 10 == 0 else item for n, item in enumerate(items)
    ],
}


class Page:
    """A list of rows with a handler each, in a session that waits for nobody."""

    def __init__(self, size: int) -> None:
        self.ran = 0
        self.items = Signal([Item(n, f"row {n}") for n in range(size)])
        rows = For(self.items, key=lambda item: item.id, render=self.row)
        registry = Registry(clock=VirtualClock())
        self.session = Session(registry, "1", h.ul[rows], request=Request(), browser="")

    def row(self, item: Item) -> object:
        """Show a row."""
        self.ran += 1
        return h.li(class_="row")[h.a(on_click=(print, item.id))[item.label], h.span[item.id]]

    def change(self, change: Change) -> tuple[float, int, int]:
        """Nanoseconds, rows that ran, and ops of one change."""
        items = change(self.items.peek())
        self.ran = 0
        began = thread_time_ns()
        self.items.set(items)
        ops = self.session.view.flush()
        taken = thread_time_ns() - began
        return taken, self.ran, len(core.decode(ops))


def main() -> None:
    """Measure each change at each size, print and keep."""
    found: dict[str, list[tuple[Figure, int, int]]] = {}
    for size in SIZES:
        for name, change in CHANGES.items():
            page = Page(size)
            gc.collect()
            gc.disable()
            rounds = [page.change(change) for _ in range(ROUNDS)]
            gc.enable()
            figure = Figure(f"{size:,} rows", "ns", [taken / size for taken, _, _ in rounds])
            found.setdefault(name, []).append((figure, rounds[0][1], rounds[0][2]))
    print("\nA change of a list, ns a row: median (min to max); rows that ran, ops\n")
    print(f"| | {' | '.join(f'{size:,} rows' for size in SIZES)} |\n|{'---|' * (len(SIZES) + 1)}")
    for name, cells in found.items():
        print(f"| {name} | {' | '.join(f'{figure}; {ran}, {ops}' for figure, ran, ops in cells)} |")
    kept = {
        name: {
            figure.name: {"ns": list(figure.samples), "rows": ran, "ops": ops} for figure, ran, ops in cells
        }
        for name, cells in found.items()
    }
    keep("A change of a list", {"unit": "ns a row", "cases": kept})
