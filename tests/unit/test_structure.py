"""Show, Switch, Dynamic, and the children and named parts of components."""

from __future__ import annotations

from typing import Any

import pytest
from view_driver import Page

from vango import html as h
from vango.components.boundary import ErrorBoundary
from vango.components.choice import Match, Show, Switch
from vango.components.component import component
from vango.components.dynamic import Dynamic
from vango.components.state import on_cleanup, signal
from vango.reactive.signals import Memo, Signal


@component
def Counter(start: int = 0):
    """Remembers how often it was clicked."""
    count = signal(start)
    return h.button(on_click=lambda: count.update(lambda n: n + 1))[lambda: f"count {count()}"]


class TestShow:
    def test_shows_one_of_two(self) -> None:
        wanted = Signal(0)
        page = Page(h.p["<", Show(wanted, h.b["yes"], h.i["no"]), ">"])
        assert page.html == "<p>&lt;<i>no</i>&gt;</p>"
        wanted.set(1)
        page.flush()
        assert page.html == "<p>&lt;<b>yes</b>&gt;</p>"

    def test_shows_nothing_without_an_otherwise(self) -> None:
        assert Page(h.p[Show(None, h.b["yes"])]).html == "<p></p>"
        assert Page(h.p[Show("a value", h.b["yes"])]).html == "<p><b>yes</b></p>"

    def test_a_condition_that_holds_as_before_runs_and_patches_nothing(self) -> None:
        count = Signal(1)
        ran: list[int] = []

        def then() -> object:
            ran.append(1)
            return h.b["some"]

        page = Page(Show(lambda: count() > 0, then))
        count.set(2)
        assert page.flush() == b""
        assert ran == [1]

    def test_a_branch_may_take_the_value_and_is_patched_when_it_changes(self) -> None:
        user = Signal[str | None](None)
        page = Page(Show(user, lambda user: h.b[user.upper()], "nobody"))
        for now, html in (
            ("ann", "<b>ANN</b>"),
            ("bob", "<b>BOB</b>"),
            (None, "nobody"),
            ("al", "<b>AL</b>"),
        ):
            user.set(now)
            page.flush()
            assert page.html == html
        assert page.errors == []

    def test_a_branch_that_leaves_never_sees_a_value_that_does_not_hold(self) -> None:
        user = Signal[str | None]("ann")
        seen: list[object] = []

        @component
        def Name() -> object:
            return h.b[lambda: seen.append(user()), "x"]

        page = Page(Show(user, lambda: Name()))
        user.set(None)
        page.flush()
        assert (seen, page.html, page.errors) == (["ann"], "", [])

    def test_a_branch_is_mounted_anew_each_time_and_cleaned_up(self) -> None:
        wanted = Signal(True)
        ended: list[int] = []

        @component
        def Body() -> object:
            on_cleanup(lambda: ended.append(1))
            return Counter()

        page = Page(h.div[Show(wanted, Body(), "none")])
        page.click("count 0")
        assert page.html == "<div><button>count 1</button></div>"
        for now in (False, True):
            wanted.set(now)
            page.flush()
        assert page.html == "<div><button>count 0</button></div>"
        assert ended == [1]

    def test_two_branches_share_no_state(self) -> None:
        second = Signal(False)
        page = Page(Show(second, Counter(), Counter()))
        page.click("count 0")
        second.set(True)
        page.flush()
        assert page.html == "<button>count 0</button>"

    def test_the_branch_keeps_its_state_when_the_owner_renders_again(self) -> None:
        label = Signal("a")

        @component
        def Owner() -> object:
            text = label()
            return h.div[text, Show(lambda: text, lambda given: h.p[given, Counter()])]

        page = Page(Owner())
        page.click("count 0")
        label.set("b")
        page.flush()
        assert page.html == "<div>b<p>b<button>count 1</button></p></div>"

    def test_a_raising_condition_goes_to_the_boundary_and_comes_back(self) -> None:
        count = Signal(0)
        page = Page(
            ErrorBoundary(Show(lambda: 1 / count(), "fine"), fallback=lambda error, retry: str(error))
        )
        assert page.html == "division by zero"
        count.set(1)
        page.flush()
        assert page.html == "fine"
        count.set(0)
        page.flush()
        assert page.html == "division by zero"

    @pytest.mark.parametrize(
        ("when", "message"),
        [
            (Counter, "Counter is not called, so it always holds"),
            (int, "int is not called, so it always holds"),
        ],
    )
    def test_what_always_holds_is_refused(self, when: Any, message: str) -> None:
        with pytest.raises(TypeError, match=message):
            Show(when, "then")

    def test_a_condition_that_is_no_truth_says_what_to_ask(self) -> None:
        class Array:
            def __bool__(self) -> bool:
                raise ValueError("ambiguous")

        page = Page(h.div[Show(lambda: Array(), "then")])
        assert page.errors == [
            "a condition gave a Array, which is neither true nor false (ambiguous); "
            "ask what is meant: lambda: len(rows()) > 0"
        ]
        inner = Signal(0)
        assert "always holds; call it" in Page(Show(lambda: inner, "then")).errors[0]
        assert "always holds; call it" in Page(Show(lambda: lambda: 1, "then")).errors[0]

    def test_a_branch_with_another_boundary_above_is_where_it_is_written(self) -> None:
        broken = Signal(False)

        def then() -> object:
            if broken():
                raise ValueError("broken")
            return "fine"

        page = Page(
            h.div[
                ErrorBoundary(Show(True, then), fallback=lambda error, retry: h.b[str(error)]), h.i["beside"]
            ]
        )
        broken.set(True)
        page.flush()
        assert page.html == "<div><b>broken</b><i>beside</i></div>"
        assert page.host.errors[0][0].startswith("slot TestShow.")


class TestSwitch:
    def test_the_first_that_holds_shows(self) -> None:
        n = Signal(0)
        page = Page(
            Switch(
                Match(lambda: n() > 10, "many"),
                Match(lambda: n() > 1, lambda: f"{n()} things"),
                Match(n, "one"),
                otherwise=h.i["none"],
            )
        )
        for now, html in ((0, "<i>none</i>"), (1, "one"), (5, "5 things"), (6, "6 things"), (11, "many")):
            n.set(now)
            page.flush()
            assert page.html == html

    def test_later_conditions_are_not_asked(self) -> None:
        asked: list[str] = []

        def ask(name: str, answer: bool) -> bool:
            asked.append(name)
            return answer

        Page(Switch(Match(lambda: ask("a", True), "a"), Match(lambda: ask("b", True), "b")))
        assert asked == ["a"]

    def test_takes_matches_only(self) -> None:
        with pytest.raises(TypeError, match=r"Switch takes Match\(when, then\), not 'x'"):
            Switch("x")  # type: ignore[arg-type]


class TestDynamic:
    def test_the_same_component_keeps_its_state_and_another_is_new(self) -> None:
        @component
        def Other(start: int = 0) -> object:
            return h.b[start]

        view, start = Signal[Any](Counter), Signal(1)

        @component
        def Owner() -> object:
            return h.div[start(), Dynamic(view, start=start())]

        page = Page(Owner())
        page.click("count 1")
        start.set(5)
        page.flush()
        assert page.html == "<div>5<button>count 2</button></div>"
        for now, html in ((Other, "<b>5</b>"), (Counter, "<button>count 5</button>"), (None, "")):
            view.set(now)
            page.flush()
            assert page.html == f"<div>5{html}</div>"

    def test_an_element_and_children_in_brackets(self) -> None:
        level = Signal(h.h2)
        page = Page(Dynamic(level, class_="title")["one ", h.b["two"]])
        assert page.html == '<h2 class="title">one <b>two</b></h2>'
        level.set(h.h3)
        page.flush()
        assert page.html == '<h3 class="title">one <b>two</b></h3>'

    @pytest.mark.parametrize("chosen", [h.div, Counter, int, "div"])
    def test_takes_what_can_change(self, chosen: Any) -> None:
        with pytest.raises(TypeError, match="takes a signal or function that gives a component"):
            Dynamic(chosen)

    @pytest.mark.parametrize("chosen", ["div", int, h.div["x"], Counter(start=1)])
    def test_what_is_no_component_is_said(self, chosen: object) -> None:
        page = Page(Dynamic(lambda: chosen))
        assert "give a component or an element's builder, without calling it, or None" in page.errors[0]

    def test_its_handlers_are_the_newest(self) -> None:
        heard: list[int] = []
        number = Signal(1)

        @component
        def Button(on_press: Any) -> object:
            return h.button(on_click=on_press)["press"]

        @component
        def Owner() -> object:
            now = number()
            return Dynamic(lambda: Button, on_press=lambda: heard.append(now))

        page = Page(Owner())
        number.set(2)
        assert page.flush() == b""
        page.click("press")
        assert heard == [2]


class TestChildren:
    def test_children_and_parts_stand_where_the_component_puts_them(self) -> None:
        @component
        def Card(title: h.Child, children: h.Child = (), footer: h.Child = None) -> object:
            return h.section[h.h2[title], children, h.footer[footer] if footer else None]

        card = Card(title=h.b["Hi"], footer=Counter())[h.p["one"], "two"]
        assert Page(card).html == (
            "<section><h2><b>Hi</b></h2><p>one</p>two<footer><button>count 0</button></footer></section>"
        )
        assert Page(Card("Hi")).html == "<section><h2>Hi</h2></section>"

    def test_brackets_append_and_leave_the_call_as_it_was(self) -> None:
        @component
        def Box(children: Any) -> object:
            return h.div[len(children), children]

        empty = Box(key="k")
        one = empty["a"]
        assert [Page(box).html for box in (empty, one, one["b", None])] == [
            "<div>0</div>",
            "<div>1a</div>",
            "<div>3ab</div>",
        ]
        assert one.key == "k"

    def test_a_generator_in_brackets_can_be_shown_twice(self) -> None:
        @component
        def Twice(children: Any = ()) -> object:
            return h.div[children, "|", children]

        assert Page(Twice()[(h.i[n] for n in range(2))]).html == (
            "<div><i>0</i><i>1</i>|<i>0</i><i>1</i></div>"
        )

    def test_children_keep_their_state_when_the_owner_renders_again(self) -> None:
        label = Signal("a")

        @component
        def Box(title: str, children: Any = ()) -> object:
            return h.div[title, children]

        @component
        def Owner() -> object:
            return Box(label())[Counter()]

        page = Page(Owner())
        page.click("count 0")
        label.set("b")
        page.flush()
        assert page.html == "<div>b<button>count 1</button></div>"

    def test_a_slot_among_the_children_runs_neither_body(self) -> None:
        bodies: list[str] = []
        count = Signal(0)

        @component
        def Box(children: Any = ()) -> object:
            bodies.append("Box")
            return h.div[children]

        @component
        def Owner() -> object:
            bodies.append("Owner")
            return Box()[count, Memo(lambda: count() * 2)]

        page = Page(Owner())
        count.set(1)
        page.flush()
        assert page.html == "<div>12</div>"
        assert bodies == ["Owner", "Box"]

    def test_children_by_position_and_in_brackets_are_too_many(self) -> None:
        @component
        def Box(children: Any) -> object:
            return h.div[children]

        assert Page(Box("a")).html == "<div>a</div>"
        with pytest.raises(TypeError, match="given its children by position; write them in brackets only"):
            Box("a")["b"]

    def test_required_props_are_asked_for_as_ever(self) -> None:
        @component
        def Card(title: str, children: Any) -> object:
            return h.div[title, children]

        with pytest.raises(TypeError, match="missing a required argument: 'title'"):
            Card()  # type: ignore[call-overload]
