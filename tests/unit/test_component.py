"""Components: rules 1, 6 and 8, and the types of what they take."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

import pytest
from view_driver import Page

from vango import html as h
from vango._core import inspect_handler, node
from vango.components.component import Call, component
from vango.components.handlers import Forwarder, blocking
from vango.components.state import memo, on_cleanup, signal
from vango.reactive.signals import Memo, Signal


@component
def Counter(start: int = 0, *, name: str = "c") -> object:
    """Count."""
    count = signal(start)
    return h.button(id=name, on_click=lambda: count.update(lambda n: n + 1))[name, count]


class TestCalling:
    def test_returns_a_description_and_runs_nothing(self) -> None:
        ran: list[int] = []
        body = component(lambda: ran.append(1))
        call = body()
        assert isinstance(call, Call)
        assert ran == []

    def test_keeps_the_name_and_the_words_of_the_function(self) -> None:
        assert (Counter.__name__, Counter.__doc__) == ("Counter", "Count.")
        assert "<component Counter (" in repr(Counter)
        assert repr(Counter(3, name="x")) == "Counter(3, name='x')"
        assert Counter.__vango_component__

    def test_key_belongs_to_the_framework(self) -> None:
        assert (Counter(3, key=7).key, Counter(3).key) == (7, None)
        assert Counter(key=7, name="x").kwargs == {"name": "x"}
        with pytest.raises(TypeError, match="a key is a str, int, bytes, UUID or a tuple"):
            Counter(key=1.5)  # type: ignore[call-overload]

    def test_a_function_that_declares_key_gets_it(self) -> None:
        @component
        def Row(key: str) -> object:
            return h.p[key]

        assert None is Row(key="a").key
        assert Page(Row(key="a")).html == "<p>a</p>"

    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda: Counter(strat=3), "Counter: there is no prop 'strat'; did you mean 'start'\\?"),
            (lambda: Counter(size=3), "Counter: there is no prop 'size'; its props are start"),
            (lambda: component(lambda title: title)(titel=1), "no prop 'titel'; did you mean 'title'"),
            (lambda: Counter(1, 2), "Counter: too many positional arguments"),
            (lambda: Counter(1, start=1), "Counter: multiple values for argument 'start'"),
            (lambda: component(lambda a: a)(), "missing a required argument: 'a'"),
            (lambda: Counter(n for n in "ab"), r"Counter: argument 1 is a generator, .* once; write a list"),
            (
                lambda: Counter(start=map(str, "ab")),
                "Counter: start= is a map, which gives its items only once",
            ),
        ],
    )
    def test_wrong_props_raise_where_they_are_written(self, call: Any, message: str) -> None:
        with pytest.raises(TypeError, match=message):
            call()

    def test_a_body_that_waits_is_refused(self) -> None:
        async def Load() -> object:
            return None

        with pytest.raises(TypeError, match="a body cannot wait; write def"):
            component(Load)
        page = Page(component(lambda: Load())())
        assert "is a coroutine, and neither a body nor a slot can wait" in page.errors[0]

    def test_only_functions_become_components(self) -> None:
        for wrong in (dict, "text"):
            with pytest.raises(TypeError, match="@component belongs on a function"):
                component(wrong)  # type: ignore[arg-type]

    def test_one_that_is_not_called_raises_as_a_child(self) -> None:
        with pytest.raises(TypeError, match=r"write Counter\(\)"):
            h.div[Counter]
        page = Page(lambda: Counter)
        assert "write Counter()" in page.errors[0]

    def test_a_body_may_return_whatever_may_be_a_child(self) -> None:
        for result, html in (
            ("text", "text"),
            (0, "0"),
            (None, ""),
            (False, ""),
            ([h.p["a"], "b"], "<p>a</p>b"),
            (h.br, "<br>"),
            (lambda: "slot", "slot"),
        ):
            assert html == Page(component(lambda result=result: result)()).html

    def test_what_cannot_be_shown_is_an_error_of_the_render(self) -> None:
        for wrong in (True, b"bytes", {"a": 1}, object):
            page = Page(component(lambda wrong=wrong: wrong)())
            assert "vango-error" in page.html
            assert "cannot be shown" in page.errors[0]
            assert "test_component.py:" in page.host.errors[0][0], "no line of the traceback is the author's"

    def test_children_in_brackets_need_a_parameter_for_them(self) -> None:
        with pytest.raises(
            TypeError, match=r"Counter takes no children in brackets.*def Counter\(children=\(\)\)"
        ):
            Counter(3)["child"]


class TestIdentity:
    def test_the_same_function_at_the_same_index_is_the_same_instance(self) -> None:
        first = Signal(True)

        @component
        def Outer() -> object:
            return h.div[h.p["top"] if first() else None, Counter()]

        page = Page(Outer())
        page.click("c0")
        first.set(False)
        page.flush()
        assert "c1" in page.html, "None keeps its index"

    def test_nothing_false_and_a_nested_iterable_keep_one_index_each(self) -> None:
        rows: Signal[Any] = Signal(None)

        @component
        def Outer() -> object:
            return h.div[rows(), Counter()]

        page = Page(Outer())
        page.click("c0")
        for value in (False, [], ["a", "b"], None):
            rows.set(value)
            page.flush()
            assert "c1" in page.html, value

    def test_another_function_is_another_instance(self) -> None:
        which = Signal(True)
        gone: list[str] = []

        @component
        def Left() -> object:
            on_cleanup(lambda: gone.append("left"))
            return counter_of(signal(1))

        @component
        def Right() -> object:
            return counter_of(signal(2))

        def counter_of(count: Signal[int]) -> object:
            return h.p[count]

        @component
        def Outer() -> object:
            return h.div[Left() if which() else Right()]

        page = Page(Outer())
        which.set(False)
        page.flush()
        assert "<p>2</p>" in page.html
        assert gone == ["left"]

    def test_the_key_decides_and_state_follows_it(self) -> None:
        names = Signal(["a", "b", "c"])

        @component
        def Outer() -> object:
            return h.div[[Counter(name=name, key=name) for name in names()]]

        page = Page(Outer())
        page.click("c0")
        names.set(["c", "a", "b"])
        page.flush()
        page.click("a0")
        assert [part.split("<")[0] for part in page.html.split('">')[1:]] == ["c1", "a1", "b0"]

    def test_another_key_is_another_instance(self) -> None:
        key = Signal(1)

        @component
        def Outer() -> object:
            return h.div[Counter(key=key())]

        page = Page(Outer())
        page.click("c0")
        key.set(2)
        page.flush()
        assert "c0" in page.html

    def test_one_and_the_string_one_are_two_keys(self) -> None:
        key: Signal[Any] = Signal(1)

        @component
        def Outer() -> object:
            return h.div[Counter(key=key())]

        page = Page(Outer())
        page.click("c0")
        key.set("1")
        page.flush()
        assert "c0" in page.html

    def test_one_description_mounted_twice_is_two_instances(self) -> None:
        call = Counter()
        page = Page(h.div[h.p(id="one")[call], h.p(id="two")[call]])
        page.fire("c0")
        assert page.html.count("c1") == 1
        assert page.html.count("c0") == 1


class Colour(Enum):
    RED = 1
    BLUE = 2


@dataclass(frozen=True)
class Point:
    x: int
    y: float = 0.0


@dataclass(frozen=True)
class Shape:
    at: Point
    colour: Colour


@dataclass(frozen=True)
class Bag:
    items: list[int] = field(default_factory=list)


@dataclass
class Mutable:
    x: int = 1


class Extended(Point):
    """A subclass that is no dataclass of its own may hold more."""


class Odd(str):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        raise ValueError("no")

    __hash__ = str.__hash__


SIGNAL, MEMO, NODE = Signal(1), Memo(lambda: 1), node("x")
LIST: list[int] = []
NAN = float("nan")


@pytest.mark.parametrize(
    ("old", "new", "skipped"),
    [
        ("a", "".join(["a"]), True),
        ("a", "b", False),
        (1, 1, True),
        (10**30, 10**30, True),
        (1, 1.0, False),
        (1, True, False),
        (0, False, False),
        (1.5, 1.5, True),
        (NAN, NAN, True),
        (NAN, float("nan"), False),
        (True, True, True),
        (True, False, False),
        (None, None, True),
        (None, 0, False),
        (Decimal("1.0"), Decimal("1.0"), True),
        (Fraction(1, 2), Fraction(1, 2), True),
        (Colour.RED, Colour.RED, True),
        (Colour.RED, Colour.BLUE, False),
        (Point(1), Point(1), True),
        (Point(1), Point(2), False),
        (Shape(Point(1), Colour.RED), Shape(Point(1), Colour.RED), True),
        (Shape(Point(1), Colour.RED), Shape(Point(1), Colour.BLUE), False),
        (Bag(), Bag(), False),
        (Mutable(), Mutable(), False),
        (Extended(1), Extended(1), False),
        (Odd("a"), Odd("a"), False),
        (SIGNAL, SIGNAL, True),
        (SIGNAL, Signal(1), False),
        (MEMO, MEMO, True),
        (NODE, NODE, True),
        (NODE, node("x"), False),
        (LIST, LIST, False),
        ([], [], False),
        ((1,), (1,), False),
        ({}, {}, False),
        (len, len, False),
    ],
    ids=repr,
)
def test_a_component_is_skipped_only_for_props_that_cannot_have_changed(
    old: object, new: object, skipped: bool
) -> None:
    for by_name in (True, False):
        assert (1 if skipped else 2) == renders_of(old, new, by_name=by_name), by_name


def renders_of(old: object, new: object, *, by_name: bool) -> int:
    """Return how often a child renders whose prop is `old`, and then `new`."""
    renders: list[object] = []
    again = Signal(0)

    @component
    def Child(prop: object) -> object:
        renders.append(prop)
        return None

    @component
    def Outer() -> object:
        prop = old if again() == 0 else new
        return h.div[Child(prop=prop) if by_name else Child(prop)]

    page = Page(Outer())
    again.set(1)
    page.flush()
    assert page.errors == []
    return len(renders)


def test_more_or_fewer_props_are_a_change() -> None:
    props: Signal[dict[str, Any]] = Signal({"a": 1})
    seen: list[dict[str, Any]] = []

    @component
    def Child(**props: Any) -> object:
        seen.append(props)
        return None

    page = Page(component(lambda: Child(**props()))())
    for new in ({"a": 1, "b": 2}, {"b": 2}, {"c": 2}, {"c": 2}):
        props.set(dict(new))
        page.flush()
    assert seen == [{"a": 1}, {"a": 1, "b": 2}, {"b": 2}, {"c": 2}]


def test_the_same_description_is_not_rendered_again() -> None:
    renders: list[int] = []
    again = Signal(0)
    hoisted = component(lambda rows: renders.append(1))([1, 2])
    page = Page(component(lambda: h.div[again(), hoisted])())
    again.set(1)
    page.flush()
    assert renders == [1]


class TestHandlerProps:
    def test_a_new_lambda_renders_nothing_and_the_newest_is_called(self) -> None:
        renders: list[int] = []
        log: list[int] = []
        number = Signal(1)

        @component
        def Button(on_press: Any) -> object:
            renders.append(1)
            return h.button(on_click=on_press)["press"]

        @component
        def Outer() -> object:
            now = number()
            return Button(on_press=lambda: log.append(now))

        page = Page(Outer())
        page.click("press")
        number.set(2)
        assert page.flush() == b""
        page.click("press")
        assert log == [1, 2]
        assert renders == [1]

    def test_by_position_with_a_tuple_and_handed_on(self) -> None:
        log: list[Any] = []
        number = Signal(1)

        @component
        def Button(on_press: Any) -> object:
            return h.button(on_click=on_press)["press"]

        @component
        def Middle(on_press: Any) -> object:
            return Button(on_press)

        @component
        def Outer() -> object:
            return Middle((log.append, number()))

        page = Page(Outer())
        number.set(2)
        page.flush()
        page.click("press")
        assert log == [2]
        assert log.append == page.target("press").fn, "the target is the function behind the forwarders"

    def test_it_is_one_object_that_takes_what_the_newest_takes(self) -> None:
        got: list[Any] = []
        takes = Signal(False)

        @component
        def Button(on_press: Any) -> object:
            got.append(on_press)
            return h.button(on_click=on_press)["press"]

        @component
        def Outer() -> object:
            return Button(on_press=(lambda event: event) if takes() else (lambda: None))

        page = Page(Outer())
        assert not page.target("press").takes_event
        takes.set(True)
        page.flush()
        assert page.target("press").takes_event
        assert len(got) == 2, "the element must learn that the event is wanted"
        assert got[0] is got[1]

    def test_other_values_pass_as_they_are(self) -> None:
        got: list[Any] = []
        count = Signal(0)
        page = Page(
            component(lambda **props: got.append(props))(on_a=None, on_b="text", on_c=count, on_d=dict)
        )
        assert [{"on_a": None, "on_b": "text", "on_c": count, "on_d": dict}] == got
        assert not page.host.errors

    @pytest.mark.parametrize(
        ("handler", "takes_event"),
        [
            (lambda: None, False),
            (lambda event: None, True),
            (lambda row=1: None, False),
            ((lambda row: None, 1), False),
            ((lambda row, event: None, 1), True),
        ],
    )
    def test_a_forwarder_answers_inspection_like_the_handler(self, handler: Any, takes_event: bool) -> None:
        assert takes_event == inspect_handler(handler) == inspect_handler(Forwarder(handler))

    def test_a_forwarder_passes_arguments_and_result(self) -> None:
        assert Forwarder((lambda a, b, c: (a, b, c), 1))(2, c=3) == (1, 2, 3)


class TestBlocking:
    def test_marks_and_keeps_what_the_handler_takes(self) -> None:
        def save(row: int) -> int:
            return row + 1

        marked = blocking(save)
        assert marked.__vango_blocking__  # type: ignore[attr-defined]
        assert marked(2) == 3
        assert inspect_handler(marked) == inspect_handler(save) is True
        assert not inspect_handler((marked, 1))
        assert not inspect_handler(blocking(lambda: None))

    def test_is_found_as_a_target_and_through_a_prop(self) -> None:
        @component
        def Button(on_press: Any) -> object:
            return h.button(on_click=on_press)["press"]

        marked = blocking(lambda: 1)
        for root in (h.button(on_click=marked)["press"], Button(on_press=(marked,))):
            target = Page(root).target("press")
            assert marked is target.fn
            assert "test_component.py:" in str(target)

    def test_refuses_what_cannot_block(self) -> None:
        async def load() -> None: ...

        with pytest.raises(TypeError, match="give it as it is, without blocking"):
            blocking(load)
        with pytest.raises(TypeError, match="give a function"):
            blocking((len, 1))  # type: ignore[arg-type]


def test_a_memo_may_be_handed_down_as_a_prop() -> None:
    renders: list[int] = []
    count = Signal(1)

    @component
    def Child(total: Memo[int]) -> object:
        renders.append(1)
        return h.p[total]

    @component
    def Outer() -> object:
        return h.div[count, Child(total=memo(lambda: count() * 10))]

    page = Page(Outer())
    count.set(2)
    page.flush()
    assert page.html == "<div>2<p>20</p></div>"
    assert renders == [1]
