"""The tree of row 2: 1,000 rows with two handlers each, built in three ways."""

from collections.abc import Callable

from vango import core, html as h

ROWS = 1_000


class Element:
    """What a framework in plain Python would allocate for each element, and no less."""

    __slots__ = ("attrs", "children", "handlers", "key", "tag")

    def __init__(self, tag, key, attrs, handlers, children):
        self.tag = tag
        self.key = key
        self.attrs = attrs
        self.handlers = handlers
        self.children = children


def select(row: int) -> None:
    """Stand for a handler."""


def remove(row: int) -> None:
    """Stand for another handler."""


def slots(labels: list[str]) -> Element:
    """Plain `__slots__` objects."""
    rows = [
        Element("tr", i, None, None, [
            Element("td", None, {"class": "col-md-1"}, None, [str(i)]),
            Element("td", None, {"class": "col-md-4"}, None, [
                Element("a", None, {"class": "lbl"}, {"click": (select, i)}, [label]),
            ]),
            Element("td", None, {"class": "col-md-1"}, None, [
                Element("a", None, {"class": "remove"}, {"click": (remove, i)}, ["x"]),
            ]),
        ])
        for i, label in enumerate(labels)
    ]  # fmt: skip
    return Element("tbody", None, None, None, rows)


def called(labels: list[str]) -> core.VNode:
    """`h.div(*children, **attrs)`."""
    rows = [
        h.tr(
            h.td(str(i), class_="col-md-1"),
            h.td(h.a(label, class_="lbl", on_click=(select, i)), class_="col-md-4"),
            h.td(h.a("x", class_="remove", on_click=(remove, i)), class_="col-md-1"),
            key=i,
        )
        for i, label in enumerate(labels)
    ]
    return h.tbody(rows)


def bracketed(labels: list[str]) -> core.VNode:
    """`h.div(**attrs)[children]`."""
    rows = [
        h.tr(key=i)[
            h.td(class_="col-md-1")[str(i)],
            h.td(class_="col-md-4")[h.a(class_="lbl", on_click=(select, i))[label]],
            h.td(class_="col-md-1")[h.a(class_="remove", on_click=(remove, i))["x"]],
        ]
        for i, label in enumerate(labels)
    ]
    return h.tbody[rows]


Build = Callable[[list[str]], object]
WAYS: dict[str, Build] = {"__slots__ objects": slots, "called": called, "bracketed": bracketed}
