"""A page that lived through random changes must equal a page that was mounted just now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from view_driver import Page

from vango import html as h
from vango.components.boundary import ErrorBoundary
from vango.components.choice import Match, Show, Switch
from vango.components.component import component
from vango.components.context import Context
from vango.components.dynamic import Dynamic
from vango.components.lists import For
from vango.components.portal import Outlet, Portal
from vango.components.state import memo
from vango.components.window import Window
from vango.reactive.signals import Memo, Signal, batch

SIGNALS = 6
level = Context("top")


class World:
    """A page of every kind of scope, over a few small integers."""

    def __init__(self, values: list[int]) -> None:
        self.signals = [Signal(value) for value in values]
        self.half = Memo(lambda: self.signals[0]() // 2)

    def root(self) -> object:
        world = self
        a, b, c, d, e, f = self.signals

        def fallback(error: Exception, retry: Any) -> object:
            return h.em["failed ", lambda: str(a())]

        def check(value: int, limit: int) -> int:
            if value >= limit:
                raise ValueError(f"{value} is {limit} or more")
            return value

        @component
        def Leaf(name: str, value: Signal[int], limit: int) -> object:
            double = memo(lambda: value() * 2)
            return h.b(title=lambda: f"{name} {check(value(), limit)}")[
                double, level(), lambda: check(d(), 5)
            ]

        @component
        def Branch(deep: int) -> object:
            if a() % 3 == 0:
                level.provide(f"branch {deep} {b()}")
            else:
                level.provide("branch")
            inner = Branch(deep=deep - 1, key=b() % 2) if deep else Leaf(name="end", value=c, limit=4)
            return [
                h.i(key=f() % 2)[world.half] if e() % 2 else None,
                h.div[
                    ErrorBoundary(inner, fallback=fallback) if deep % 2 else inner,
                    check(a(), 6),
                ],
            ]

        @component
        def Row(number: int) -> object:
            return h.li[number, lambda: e() + number, c() if number % 2 else None]

        def row(number: int) -> object:
            if number % 3 == 0:
                return Row(number=number, key=number)
            if number % 3 == 1:
                return h.li(key=number)[number, f]
            return [h.li[check(e(), 5)], number]

        numbers = lambda: [(n * (1 + b())) % 11 for n in range(c() + d())]  # noqa: E731
        return ErrorBoundary(
            h.main[
                Branch(deep=3),
                ErrorBoundary(h.ul[For(numbers, key=lambda n: n, render=row)], fallback=fallback),
                lambda: [Leaf(name="slot", value=f, limit=5), "text"] if f() % 2 else f"text {world.half()}",
            ],
            fallback=fallback,
        )

    def structure(self) -> object:
        """What chooses, what shows elsewhere, and what takes children."""
        a, b, c, d, e, f = self.signals

        def fallback(error: Exception, retry: Any) -> object:
            return h.em["failed ", lambda: str(f())]

        def check(value: int, limit: int) -> int:
            if value >= limit:
                raise ValueError(f"{value} is {limit} or more")
            return value

        @component
        def Box(children: Any = (), side: Any = None) -> object:
            if f() % 2:
                level.provide(f"box {f()}")
            else:
                level.provide("box")
            return h.section[children, side]

        @component
        def Dialog(name: str) -> object:
            return h.p[name, Portal(name)[h.b[level(), lambda: check(d(), 5)], check(e(), 6), name]]

        either = Show(
            lambda: a() > 2,
            lambda: h.aside[Outlet("one"), lambda: check(a(), 6)],
            Switch(Match(b, lambda n: Box()[n, Outlet("one")]), Match(c, "c"), otherwise=Outlet("one")),
        )
        return ErrorBoundary(
            h.main[
                ErrorBoundary(either, fallback=fallback),
                ErrorBoundary(
                    Box(side=Dialog("one"))[
                        Show(c, lambda n: [n, Dialog("two")]), Dynamic(self.chosen(Box))[b]
                    ],
                    fallback=fallback,
                ),
                Box()[lambda: Outlet("two") if e() % 2 else h.i[Outlet("two")], lambda: check(b(), 6)],
                For(
                    lambda: [n * (1 + a()) % 11 for n in range(c() + d())],
                    key=lambda n: n,
                    render=lambda n, index: h.li[index, n, lambda: check(f(), 6)] if n % 2 else h.li[n],
                    window=Window(row_height=10, height=20, overscan=1),
                ),
            ],
            fallback=fallback,
        )

    def chosen(self, box: Any) -> Any:
        """Say which component a `Dynamic` shows."""
        return lambda: (None, box, h.u)[self.half() % 3]


value = st.integers(0, 6)
changes = st.lists(
    st.lists(st.tuples(st.integers(0, SIGNALS - 1), value), min_size=1, max_size=3), max_size=12
)


@pytest.mark.parametrize("part", [World.root, World.structure], ids=["scopes", "structure"])
@settings(max_examples=100)
@given(st.lists(value, min_size=SIGNALS, max_size=SIGNALS), changes)
def test_a_living_page_equals_a_fresh_one(
    part: Callable[[World], object], start: list[int], script: list[list[tuple[int, int]]]
) -> None:
    values = list(start)
    world = World(values)
    page = Page(part(world))
    for writes in script:
        with batch():
            for number, new in writes:
                values[number] = new
                world.signals[number].set(new)
        page.flush()
        fresh = Page(part(World(values)))
        assert page.html == fresh.html
        assert page.view.scope_count >= fresh.view.scope_count
    page.close()
    assert [signal._observers for signal in world.signals] == [None] * SIGNALS
    assert world.half._observers is None
