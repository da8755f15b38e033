"""The rules of the component model that say what runs: 1 (identity), 3 (slots), 8 (skipping); and lists."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import pytest
from view_driver import Page

from vango import core, html as h
from vango.components.component import component
from vango.components.lists import For
from vango.components.state import memo, signal
from vango.reactive.signals import Signal


class Color(Enum):
    RED = 1
    BLUE = 2


@dataclass(frozen=True)
class Point:
    x: int


@component
def Counter() -> object:
    """Remembers its clicks."""
    count = signal(0)
    return h.button(on_click=lambda: count.update(lambda n: n + 1))[lambda: f"c{count()}"]


def test_rule_1_the_same_function_and_key_or_index_are_the_same_instance() -> None:
    layout = Signal(0)

    @component
    def Other() -> object:
        return Counter()

    layouts = [
        lambda: [None, Counter(), h.p["x"]],  # index 1
        lambda: [h.p["x"], Counter()],  # the same
        lambda: [[h.i["a"], h.i["b"]], Counter()],  # a nested iterable keeps one index
        lambda: [False, Other()],  # another function
        lambda: [Counter(key="k")],
        lambda: [h.p["x"], h.p["y"], Counter(key="k")],  # the same key
        lambda: [Counter(key=1)],
        lambda: [Counter(key="1")],  # another key
    ]

    @component
    def Owner() -> object:
        return h.div[layouts[layout()]()]

    page = Page(Owner())
    kept = []
    for number in range(1, len(layouts)):
        page.click("c0")
        layout.set(number)
        page.flush()
        kept.append("c1" in page.html)
        if kept[-1]:
            layout.set(3)  # something else in between, to begin anew
            page.flush()
            layout.set(number)
            page.flush()
    assert kept == [True, True, False, False, True, False, False]


def test_rule_3_and_f2_a_slot_runs_no_body_and_costs_one_op() -> None:
    bodies: list[str] = []
    count = Signal(0)

    @component
    def Inner(n: Any) -> object:
        bodies.append("Inner")
        return h.b(title=n)["static ", n]

    @component
    def Outer() -> object:
        bodies.append("Outer")
        double = memo(lambda: count() * 2)
        return h.main[h.p[count], h.p[lambda: f"{count() // 100} hundreds"], Inner(n=double)]

    page = Page(Outer())
    for number in range(1, 1_001):
        count.set(number)
        ops = core.decode(page.flush())
        texts = 3 if number % 100 == 0 else 2
        assert sorted(op.op for op in ops) == ["set_attr"] + ["set_text"] * texts
    assert bodies == ["Outer", "Inner"]
    only = Signal("a")
    page = Page(h.p["a ", only, " z"])
    only.set("b")
    assert [op.op for op in core.decode(page.flush())] == ["set_text"]


NODE, SIGNAL = h.b["x"], Signal(1)


@pytest.mark.parametrize(
    ("value", "other"),
    [
        ("a" * 40, "b"),
        (3, 4),
        (2.5, 3.5),
        (True, False),
        (None, 0),
        (Color.RED, Color.BLUE),
        (Point(1), Point(2)),
        (NODE, h.b["y"]),
        (SIGNAL, Signal(1)),
    ],
)
def test_rule_8_a_component_is_skipped_while_its_props_are_equal(value: Any, other: Any) -> None:
    ran: list[Any] = []
    prop = Signal(value)
    again = Signal(0)

    @component
    def Child(given: Any) -> object:
        ran.append(given)
        return "child"

    @component
    def Owner() -> object:
        now = prop()
        copy = Point(now.x) if isinstance(now, Point) else now
        return h.p[again(), Child(given=copy)]

    page = Page(Owner())
    again.set(1)
    page.flush()
    assert len(ran) == 1
    prop.set(other)
    page.flush()
    assert len(ran) == 2


class Odd:
    """Its equality raises, or gives no bool."""

    def __eq__(self, other: object) -> Any:
        raise ValueError("odd")

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize("value", [[1], {"a": 1}, (1,), object(), Odd()])
def test_rule_8_what_may_have_changed_inside_counts_as_changed(value: Any) -> None:
    ran: list[int] = []
    again = Signal(0)

    @component
    def Child(given: Any) -> object:
        ran.append(1)
        return "child"

    @component
    def Owner() -> object:
        return h.p[again(), Child(given=value)]

    page = Page(Owner())
    again.set(1)
    page.flush()
    assert (len(ran), page.errors) == (2, [])


@pytest.mark.parametrize("size", [100, 1_000])
def test_bodies_and_ops_of_a_changed_row_do_not_grow_with_the_list(size: int) -> None:
    ran: list[int] = []
    items = Signal([(n, "text") for n in range(size)])

    def row(item: tuple[int, str]) -> object:
        ran.append(item[0])
        return h.li[h.b[item[0]], item[1]]

    page = Page(h.ul[For(items, key=lambda item: item[0], render=row)])

    def changed(new: list[tuple[int, str]]) -> tuple[list[int], list[str]]:
        ran.clear()
        items.set(new)
        ops = [op.op for op in core.decode(page.flush())]
        return list(ran), ops

    now = items.peek()
    middle = size // 2
    assert changed([*now[:middle], (middle, "new"), *now[middle + 1 :]]) == ([middle], ["set_text"])
    now = items.peek()
    assert changed([*now, (size, "more")]) == ([size], ["insert"])
    now = items.peek()
    assert changed(now[1:]) == ([], ["remove"])
    now = items.peek()
    assert changed([now[0], now[-2], *now[2:-2], now[1], now[-1]]) == ([], ["move", "move"])
    assert changed(list(items.peek())) == ([], [])
