"""Contexts: values for everything below a component."""

from __future__ import annotations

from typing import Any

import pytest
from view_driver import Page

from vango import html as h
from vango.components.component import component
from vango.components.context import Context
from vango.components.lists import For
from vango.components.state import effect
from vango.reactive.signals import Memo, Signal

theme = Context("light")


@component
def Show() -> object:
    return h.b[theme()]


@component
def Provide(value: str, *parts: Any) -> object:
    theme.provide(value)
    return h.div[parts]


def test_the_default_shows_where_nobody_provides() -> None:
    assert Page(Show()).html == "<b>light</b>"


def test_the_nearest_above_counts() -> None:
    page = Page(Provide("dark", Show(), Provide("blue", h.p[Show()]), Show()))
    assert page.html == "<div><b>dark</b><div><p><b>blue</b></p></div><b>dark</b></div>"


def test_reads_in_slots_rows_and_effects() -> None:
    seen: list[str] = []

    @component
    def Reads() -> object:
        effect(lambda: seen.append(theme()))
        return [lambda: theme(), For([1, 2], key=str, render=lambda item: h.i[theme(), item])]

    page = Page(Provide("dark", Reads()))
    assert page.html == "<div>dark<i>dark1</i><i>dark2</i></div>"
    assert seen == ["dark"]


def test_a_slot_of_the_provider_sees_what_it_provides_and_its_body_what_is_above() -> None:
    @component
    def Both() -> object:
        above = theme()
        theme.provide(f"{above}+")
        return h.p[above, " ", lambda: theme()]

    page = Page(Provide("dark", Both()))
    assert page.html == "<div><p>dark dark+</p></div>"


def test_a_level_does_not_grow_with_renders() -> None:
    level = Context(0)
    again = Signal(0)

    @component
    def Level(deeper: int) -> object:
        again()
        level.provide(level() + 1)
        return h.p[level(), Level(deeper=deeper - 1) if deeper else None]

    page = Page(Level(deeper=2))
    again.set(1)
    page.flush()
    assert page.html == "<p>0<p>1<p>2</p></p></p>"


def test_another_value_reaches_those_who_read_it_and_no_one_else() -> None:
    value = Signal("dark")
    renders: list[str] = []

    @component
    def Reads() -> object:
        renders.append(theme())
        return h.b[theme()]

    @component
    def Between() -> object:
        renders.append("between")
        return Reads()

    @component
    def Outer() -> object:
        theme.provide(value())
        return h.div[Between()]

    page = Page(Outer())
    value.set("blue")
    page.flush()
    assert page.html == "<div><b>blue</b></div>"
    assert renders == ["between", "dark", "blue"]


def test_where_it_may_be_used() -> None:
    with pytest.raises(RuntimeError, match="read in a body, slot or effect"):
        theme()
    with pytest.raises(RuntimeError, match="belongs into a component's body"):
        theme.provide("dark")
    page = Page(lambda: Memo(lambda: theme())())
    assert "read in a body, slot or effect" in page.errors[0]
