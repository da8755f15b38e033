"""Slots: rule 3."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from view_driver import Page

from vango import html as h
from vango.components.component import component
from vango.components.state import on_cleanup, signal
from vango.reactive.signals import Memo, Signal


class Thermometer:
    """Something with a method that reads a signal."""

    def __init__(self) -> None:
        self.degrees = Signal(20)

    def label(self) -> str:
        return f"{self.degrees()} C"


def reader(count: Signal[int]) -> dict[str, Any]:
    """Every form of a slot that shows a count."""

    def plain() -> int:
        return count()

    class Holder:
        def method(self) -> int:
            return count()

    return {
        "signal": count,
        "memo": Memo(lambda: count()),
        "function": plain,
        "lambda": lambda: count(),
        "method": Holder().method,
        "partial": functools.partial(lambda extra: count() + extra, 0),
    }


@pytest.mark.parametrize("form", ["signal", "memo", "function", "lambda", "method", "partial"])
class TestForms:
    def test_as_a_child_only_the_text_is_patched(self, form: str) -> None:
        count = Signal(1)
        page = Page(h.p[reader(count)[form], "!"])
        count.set(2)
        assert page.flush() == b"\x01\x03\x012"
        assert page.html == "<p>2!</p>"

    def test_as_an_attribute_only_the_attribute_is_patched(self, form: str) -> None:
        count = Signal(1)
        page = Page(h.p(title=reader(count)[form])["x"])
        count.set(2)
        assert page.flush() == b"\x02\x02\x05title\x012"
        assert page.html == '<p title="2">x</p>'

    def test_an_equal_result_patches_nothing(self, form: str) -> None:
        count = Signal(1, same=lambda old, new: False)
        page = Page(h.p(title=reader(count)[form])[reader(count)[form]])
        count.set(1)
        assert page.flush() == b""


def test_the_body_does_not_run_again_for_its_slots() -> None:
    bodies: list[int] = []
    count = Signal(0)

    @component
    def Body() -> object:
        bodies.append(1)
        return h.p(title=count)[count, " and ", lambda: f"{count()} more"]

    page = Page(Body())
    for number in range(1, 1_001):
        count.set(number)
        page.flush()
    assert page.html == '<p title="1000">1000 and 1000 more</p>'
    assert bodies == [1]


@pytest.mark.parametrize(
    ("value", "html"),
    [
        ("text", "text"),
        ("<b>", "&lt;b&gt;"),
        ("žlutý 🐎", "žlutý 🐎"),
        ("", ""),
        (0, "0"),
        (1.5, "1.5"),
        (-0.0, "-0.0"),
        (10**20, "100000000000000000000"),
        (None, ""),
        (False, ""),
        (h.b["x"], "<b>x</b>"),
        (h.br, "<br>"),
        (["a", h.i["b"], None], "a<i>b</i>"),
        ((), ""),
    ],
    ids=repr,
)
def test_a_slot_shows_whatever_a_child_may_be(value: Any, html: str) -> None:
    shown: Signal[Any] = Signal(value)
    assert f"<p>{html}</p>" == Page(h.p[shown]).html
    assert f"<p>{html}</p>" == Page(h.p[lambda: shown()]).html
    other = Page(h.p[shown])
    shown.set("other")
    other.flush()
    shown.set(value)
    other.flush()
    assert f"<p>{html}</p>" == other.html


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (Signal(1), "returned a Signal; return its value, by calling it"),
        (Memo(lambda: 1), "returned a Memo; return its value"),
        (lambda: 1, r"returned .*<lambda>, which is not called; return what it gives"),
        (len, r"returned len, which is not called; return what it gives: len\(\)"),
        (dict, "is a class and cannot be shown"),
        (component(lambda: None), r"is a component that was not called; write .*\(\)"),
        (True, "True cannot be shown"),
        (b"x", "bytes cannot be shown"),
        ("a\0b", "NUL"),
        ("\ud800", "lone surrogate"),
    ],
    ids=["signal", "memo", "lambda", "builtin", "class", "component", "bool", "bytes", "nul", "surrogate"],
)
def test_a_slot_that_returns_what_cannot_be_shown_says_what_to_write(value: Any, message: str) -> None:
    import re

    page = Page(h.p[lambda: value])
    assert "vango-error" in page.html
    assert re.search(message, page.errors[0]), page.errors


@pytest.mark.parametrize("value", [Signal(1), lambda: 1, len, h.br, [1], object()])
def test_an_attribute_slot_that_returns_no_value_raises(value: Any) -> None:
    page = Page(h.p(title=lambda: value))
    assert len(page.errors) == 1
    assert "vango-error" in page.html


def test_async_functions_are_refused_as_slots() -> None:
    async def load() -> str:
        return "x"

    for wrong in (lambda: h.p[load], lambda: h.p(title=load)):
        with pytest.raises(TypeError, match="cannot wait"):
            wrong()
    for late in (h.p[lambda: load()], h.p(title=lambda: load())):
        assert "neither a body nor a slot can wait" in Page(late).errors[0]


def test_attribute_values_come_and_go() -> None:
    value: Signal[Any] = Signal(None)
    page = Page(h.input(disabled=value, class_=lambda: {"on": bool(value())}, value=lambda: value() or ""))
    assert "disabled" not in page.html
    value.set(True)
    page.flush()
    assert 'class="on"' in page.html
    assert "disabled" in page.html


def test_a_bound_method_follows_its_object() -> None:
    inside = Thermometer()
    page = Page(h.p[inside.label])
    inside.degrees.set(21)
    page.flush()
    assert page.html == "<p>21 C</p>"


def test_a_slot_may_show_components_which_live_while_it_names_them() -> None:
    shown = Signal(True)
    other = Signal(0)
    log: list[str] = []

    @component
    def Panel() -> object:
        count = signal(0)
        log.append("body")
        on_cleanup(lambda: log.append("gone"))
        return h.button(on_click=lambda: count.update(lambda n: n + 1))["panel ", count]

    page = Page(h.div[lambda: [other(), Panel() if shown() else "empty"]])
    page.click("panel 0")
    other.set(1)
    page.flush()
    assert "panel 1" in page.html
    assert log == ["body"]
    shown.set(False)
    page.flush()
    assert page.html == "<div>1empty</div>"
    assert log == ["body", "gone"]


def test_the_cleanups_of_a_slot_run_before_each_run() -> None:
    count = Signal(0)
    log: list[str] = []

    def show() -> str:
        number = count()
        log.append(f"run {number}")
        on_cleanup(lambda: log.append(f"cleanup {number}"))
        return str(number)

    page = Page(h.p[show])
    count.set(1)
    page.flush()
    page.close()
    assert log == ["run 0", "cleanup 0", "run 1", "cleanup 1"]


def test_a_slot_changes_between_text_element_and_nothing() -> None:
    value: Signal[Any] = Signal("text")
    page = Page(h.p["<", value, ">"])
    for now in (h.b["x"], "text", None, [h.b["x"], "y"], h.b[lambda: "inner"], 3, None, "end"):
        value.set(now)
        page.flush()
    assert page.html == "<p>&lt;end&gt;</p>"


def test_a_new_function_on_a_new_render_is_run() -> None:
    number = Signal(1)
    plain = [10]

    @component
    def Body() -> object:
        now = number()
        return h.p[lambda: now + plain[0]]

    page = Page(Body())
    plain[0] = 20
    number.set(2)
    page.flush()
    assert page.html == "<p>22</p>"


def test_one_signal_in_many_places_patches_each() -> None:
    count = Signal(0)
    page = Page(h.ul[[h.li[count] for _ in range(50)]])
    count.set(1)
    page.flush()
    assert page.html.count("<li>1</li>") == 50


def test_a_signal_that_was_set_to_a_function_says_what_was_meant() -> None:
    count: Signal[Any] = Signal(1)
    page = Page(h.p[count])
    count.set(lambda n: n + 1)
    page.flush()
    assert "which is a function; write update(" in page.errors[0]
