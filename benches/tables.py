"""Sessions in process, without a server or a socket: a counter, and tables with two handlers a row."""

from collections.abc import Callable

from benches.rows import bracketed
from vango import For, component, html as h, signal
from vango.clock import VirtualClock
from vango.request import Request
from vango.sessions.registry import Registry
from vango.sessions.session import Session

LABELS = [f"pretty red chair {i}" for i in range(1_000)]
"""The application's own data is held once, so that only ours is weighed."""

SHARED = bracketed(LABELS)


@component
def Counter():
    """The counter of the README."""
    count = signal(0)
    return h.div(class_="counter")[
        h.button(on_click=lambda: count.update(lambda n: n - 1))["-"],
        h.output[count],
        h.button(on_click=lambda: count.update(lambda n: n + 1))["+"],
    ]


@component
def Table(count: int, closures: bool = False):
    """A table whose rows listen by pairs `(function, row)`, or by closures."""
    chosen = signal(None)
    rows = signal(range(count))

    def select(number: int) -> None:
        chosen.set(number)

    def remove(number: int) -> None:
        rows.update(lambda numbers: [other for other in numbers if other != number])

    def handlers(number: int) -> tuple[object, object]:
        if closures:
            return lambda: select(number), lambda: remove(number)
        return (select, number), (remove, number)

    def row(number: int):
        on_select, on_remove = handlers(number)
        return h.tr[
            h.td(class_="col-md-1")[number],
            h.td(class_="col-md-4")[h.a(class_="lbl", on_click=on_select)[LABELS[number]]],
            h.td(class_="col-md-1")[h.a(class_="remove", on_click=on_remove)["x"]],
        ]

    return h.main[h.output[chosen], h.table[h.tbody[For(rows, key=lambda number: number, render=row)]]]


@component
def Shared():
    """A table that was built once, at module level, for all sessions."""
    return h.table[SHARED]


@component
def Empty():
    """Warms up what all pages need."""
    return h.p[signal("")]


PAGES: dict[str, Callable[[], object]] = {
    "counter": Counter,
    "table of 100 rows": lambda: Table(100),
    "table of 1,000 rows": lambda: Table(1_000),
    "table of 1,000 rows, at module level": Shared,
}


def sessions(count: int, root: Callable[[], object]) -> list[Session]:
    """Make sessions that showed their page and wait for nobody."""
    registry = Registry(clock=VirtualClock())
    return [Session(registry, str(n), root(), request=Request(), browser="") for n in range(count)]
