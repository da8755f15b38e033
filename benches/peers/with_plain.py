"""The side in plain Python: `__slots__` objects, the keyed diff of `benches.plain_diff`, JSON."""

from benches import plain_diff
from benches.peers.operations import Row, Rows
from benches.peers.side import serve, timed
from benches.rows import Element, remove, select

NAME = "plain Python, JSON"


def tree(rows: Rows) -> Element:
    """Build the table."""
    return Element("tbody", None, None, None, [element(row) for row in rows])


def element(row: Row) -> Element:
    """Build one row."""
    link = Element("a", None, {"class": "lbl"}, {"click": (select, row.id)}, [row.label])
    icon = Element(
        "span", None, {"class": "remove glyphicon glyphicon-remove", "aria-hidden": "true"}, None, []
    )
    cross = Element("a", None, {"class": "remove"}, {"click": (remove, row.id)}, [icon])
    cells = [
        Element("td", None, {"class": "col-md-1"}, None, [str(row.id)]),
        Element("td", None, {"class": "col-md-4"}, None, [link]),
        Element("td", None, {"class": "col-md-1"}, None, [cross]),
        Element("td", None, {"class": "col-md-6"}, None, []),
    ]
    return Element("tr", row.id, {"class": "danger"} if row.selected else None, None, cells)


def diff(before: Rows, after: Rows) -> dict[str, float]:
    """Both trees stand before the clock runs."""
    old, new = tree(before), tree(after)
    took_ms, burst = timed(lambda: plain_diff.burst(old, new))
    assert burst != b"[]"
    return {NAME: took_ms}


def whole(before: Rows, after: Rows) -> dict[str, float]:
    """From the rows to the bytes."""
    old = tree(before)
    took_ms, burst = timed(lambda: plain_diff.burst(old, tree(after)))
    assert burst != b"[]"
    return {NAME: took_ms}


if __name__ == "__main__":
    serve({"diff": diff, "whole": whole})
