"""Our sides: the engine by itself, and a session whose list runs again only the rows that changed."""

from benches.peers.operations import Row, Rows
from benches.peers.side import serve, timed
from benches.rows import remove, select
from vango import For, component, core, html as h, signal
from vango.clock import VirtualClock
from vango.request import Request
from vango.sessions.registry import Registry
from vango.sessions.session import Session

ENGINE, SESSION = "vango.core", "vango session"


def row_node(row: Row) -> core.VNode:
    """Build one row."""
    return h.tr(key=row.id, class_="danger" if row.selected else None)[
        h.td(class_="col-md-1")[row.id],
        h.td(class_="col-md-4")[h.a(class_="lbl", on_click=(select, row.id))[row.label]],
        h.td(class_="col-md-1")[
            h.a(class_="remove", on_click=(remove, row.id))[
                h.span(class_="remove glyphicon glyphicon-remove", aria_hidden="true")
            ]
        ],
        h.td(class_="col-md-6"),
    ]


def node(rows: Rows) -> core.VNode:
    """Build the table."""
    return h.tbody[map(row_node, rows)]


def diff(before: Rows, after: Rows) -> dict[str, float]:
    """Both trees stand before the clock runs."""
    tree, new = core.Tree(node(before)), node(after)
    took_ms, burst = timed(lambda: core.encode(tree.commit(new)))
    assert burst
    return {ENGINE: took_ms}


def whole(before: Rows, after: Rows) -> dict[str, float]:
    """From the rows to the bytes, in both ways."""
    tree = core.Tree(node(before))
    took_ms, burst = timed(lambda: core.encode(tree.commit(node(after))))
    assert burst
    return {ENGINE: took_ms, SESSION: session(before, after)}


def session(before: Rows, after: Rows) -> float:
    """From the write of the signal to the bytes that wait for the sender."""
    shown = []

    @component
    def table():
        rows = signal(before)
        shown.append(rows)
        return h.tbody[For(rows, key=lambda row: row.id, render=row_node)]

    registry = Registry(clock=VirtualClock())
    page = Session(registry, "bench", table(), request=Request(), browser="")

    def change() -> None:
        page.context.run(shown[0].set, after)
        page.render()

    took_ms, _ = timed(change)
    assert page.outbox.is_pending
    page.close()
    return took_ms


if __name__ == "__main__":
    serve({"diff": diff, "whole": whole})
