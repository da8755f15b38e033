"""ReactPy's side: its `Layout` without a server, as its own server drives it.

A write of the state schedules a render; `Layout.render()` then runs the component, reconciles the new model
with the old one, and gives the message that its server sends as JSON.
"""

import asyncio
import json
from collections.abc import Callable
from time import process_time
from typing import Any

import reactpy
from reactpy.core.layout import Layout

from benches.peers.operations import Row, Rows
from benches.peers.side import serve

LAYOUT, WRITTEN = "ReactPy, layout diff", "ReactPy, layout diff and JSON"


def element(row: Row) -> Any:
    """Build one row."""
    h = reactpy.html
    return h.tr(
        {"key": row.id, "class_name": "danger"} if row.selected else {"key": row.id},
        h.td({"class_name": "col-md-1"}, str(row.id)),
        h.td({"class_name": "col-md-4"}, h.a({"class_name": "lbl", "on_click": handler}, row.label)),
        h.td(
            {"class_name": "col-md-1"},
            h.a(
                {"class_name": "remove", "on_click": handler},
                h.span({"class_name": "remove glyphicon glyphicon-remove", "aria_hidden": "true"}),
            ),
        ),
        h.td({"class_name": "col-md-6"}),
    )


def handler(_: object) -> None:
    """Stand for the handlers; one function for all rows is the least that it can be asked to hold."""


def tree(rows: Rows) -> Any:
    """Build the table."""
    return reactpy.html.tbody([element(row) for row in rows])


async def play(before: Any, after: Any, show: Callable[[Any], Any], count: int) -> tuple[float, float]:
    """Milliseconds of the layout, and of the layout and JSON; `show` makes a tree of the state."""
    setters = []

    @reactpy.component
    def table() -> Any:
        state, set_state = reactpy.use_state(lambda: before)
        setters[:] = [set_state]
        return show(state)

    async with Layout(table()) as layout:
        await layout.render()
        began = process_time()
        setters[0](lambda _: after)
        update = await layout.render()
        rendered = process_time()
        text = json.dumps(update)
        written = process_time()
    assert text.count('"tr"') == count
    return (rendered - began) * 1e3, (written - began) * 1e3


def diff(before: Rows, after: Rows) -> dict[str, float]:
    """Both trees stand before the clock runs."""
    took_ms = asyncio.run(play(tree(before), tree(after), lambda built: built, len(after)))
    return dict(zip((LAYOUT, WRITTEN), took_ms, strict=True))


def whole(before: Rows, after: Rows) -> dict[str, float]:
    """From the write of the state to the bytes."""
    return {WRITTEN: asyncio.run(play(before, after, tree, len(after)))[1]}


if __name__ == "__main__":
    serve({"diff": diff, "whole": whole})
