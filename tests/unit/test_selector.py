"""`selector`: a change of the choice wakes two rows."""

from __future__ import annotations

import gc

from view_driver import Page

from vango import html as h
from vango.components.component import component
from vango.components.lists import For
from vango.components.selector import selector
from vango.components.state import effect
from vango.reactive.signals import Signal, batch


def test_a_change_wakes_the_row_that_was_chosen_and_the_one_that_is() -> None:
    chosen: Signal[int | None] = Signal(None)
    again = Signal(0)
    ran: list[int] = []

    @component
    def Table() -> object:
        is_selected = selector(chosen)
        again()

        def mark(number: int) -> str | None:
            ran.append(number)
            return "on" if is_selected(number) else None

        return h.ul[For(range(100), key=lambda n: n, render=lambda n: h.li(class_=lambda: mark(n))[n])]

    page = Page(Table())
    for choice, woken in ((7, [7]), (9, [7, 9]), (9, []), (None, [9]), (200, []), (3, [3])):
        ran.clear()
        chosen.set(choice)
        page.flush()
        assert sorted(ran) == woken
        assert page.html.count('class="on"') == (choice is not None and choice < 100)
    again.set(1)
    page.flush()
    ran.clear()
    chosen.set(4)
    page.flush()
    assert sorted(ran) == [3, 4], "it is the same selector after a render"
    page.close()
    assert chosen._observers is None


def test_the_answer_is_right_inside_a_batch_and_in_an_effect() -> None:
    chosen = Signal(1)
    is_selected = selector(lambda: chosen())
    seen: list[bool] = []
    effect(lambda: seen.append(is_selected(2)))
    with batch():
        chosen.set(2)
        assert is_selected(2)
        assert not is_selected(1)
    chosen.set(3)
    assert seen == [False, True, False]


def test_keys_that_nobody_reads_are_forgotten() -> None:
    chosen = Signal(0)
    is_selected = selector(chosen)
    for number in range(100):
        effect(lambda number=number: is_selected(number)).dispose()
    gc.collect()
    assert len(is_selected._flags) == 0
