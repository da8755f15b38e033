"""What may stand in an element, and the sentence for what may not."""

import functools
import inspect
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum

import pytest

from vango import html as h
from vango._core import Component, Slot


class Markup(str):
    def __html__(self):
        return str(self)


class Icon:
    def __html__(self):
        return "<i></i>"


class Size(IntEnum):
    BIG = 3


class Word(StrEnum):
    YES = "yes"


class Signal(Slot):
    pass


class Call(Component):
    pass


class Counter:
    """A component before it is called, as the decorator leaves it."""

    __vango_component__ = True
    __name__ = "Counter"

    def __call__(self):
        return Call()


def component(function):
    function.__vango_component__ = True
    return function


@component
def card():
    return Call()


async def load():
    return "data"


async def ticks():
    yield 1


def show():
    return "shown"


SHOWN = [
    ("a < b & c", "a &lt; b &amp; c"),
    ("", ""),
    (0, "0"),
    (-3, "-3"),
    (10**30, "1" + "0" * 30),
    (1.5, "1.5"),
    (Size.BIG, "3"),
    (Word.YES, "yes"),
    (None, ""),
    (False, ""),
    (h.br, "<br>"),
    (h.b["x"], "<b>x</b>"),
    (h.raw("<u>"), "<u>"),
    (Markup("<b>"), "<b>"),
    (Icon(), "<i></i>"),
    (["a", ["b", None], ("c", 1)], "abc1"),
    ((c for c in "xyz"), "xyz"),
    (range(3), "012"),
    ({"k": "v"}.values(), "v"),
    ({"k": "v"}.keys(), "k"),
    (map(str, (1, 2)), "12"),
]


@pytest.mark.parametrize(("child", "html"), SHOWN)
def test_a_child_is_shown_called_and_in_brackets(child, html):
    shown = h.p[child]
    assert f"<p>{html}</p>" == str(shown) == shown.__html__()


def test_brackets_and_arguments_are_the_same():
    assert h.p("a", None, h.b) == h.p["a", None, h.b] == h.p()["a", None, h.b]
    assert h.p(["a"]) == h.p[["a"]] != h.p["a"]


@pytest.mark.parametrize(
    "slot",
    [
        show,
        lambda: "x",
        "text".upper,
        [].copy,
        functools.partial(show),
        Signal(),
        Icon().__html__,
    ],
)
def test_a_function_and_a_signal_are_slots(slot):
    ((_, found, attr),) = h.p[slot].places()
    assert (slot, None) == (found, attr)


def test_a_component_call_is_a_place_with_its_key():
    call = Call(key=("row", 1))
    assert call.key == ("row", 1)
    ((_, found, attr),) = h.p[call].places()
    assert found is call
    assert attr is None


REFUSED = [
    (True, "True cannot be shown; write condition and element, or None for nothing"),
    (b"x", "bytes cannot be shown; write b'x'.decode()"),
    (bytearray(b"x"), "bytes cannot be shown; write bytearray(b'x').decode()"),
    (memoryview(b"x"), "cannot be shown; write str(...), an element or a list"),
    ({"a": 1}, "a dict cannot be shown; attributes are keywords, div(class_=...), and a dict's values()"),
    (date(2026, 1, 2), "datetime.date(2026, 1, 2) (date) cannot be shown; write str(...)"),
    (Decimal(1), "Decimal('1') (Decimal) cannot be shown; write str(...)"),
    (object(), "(object) cannot be shown; write str(...), an element or a list"),
    (slice(1), "slice(None, 1, None) (slice) cannot be shown"),
    (int, "<class 'int'> is a class and cannot be shown; write an instance, a string or an element"),
    (Counter(), "Counter is a component that was not called; write Counter()"),
    (card, "card is a component that was not called; write card()"),
    (load, "is async, and a child cannot wait; give the async function to resource(load), which"),
    (ticks, "is async, and a child cannot wait"),
    (functools.partial(load), "is async, and a child cannot wait"),
    (functools.cache(show), "cannot be shown; write lambda: it()"),
    ([1, [b"x"]], "bytes cannot be shown"),
    ((b for b in [b"x"]), "bytes cannot be shown"),
]


@pytest.mark.parametrize(("child", "sentence"), REFUSED)
def test_what_cannot_be_shown_says_what_to_write(child, sentence):
    with pytest.raises(TypeError) as error:
        h.p[child]
    assert sentence in str(error.value)


def test_a_coroutine_is_closed_because_nobody_awaits_it():
    coroutine = load()
    with pytest.raises(TypeError, match="is not awaited, and a child cannot wait; give the async"):
        h.p[coroutine]
    assert inspect.getcoroutinestate(coroutine) == inspect.CORO_CLOSED


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: h.raw(5), r"raw\(\) takes HTML as a str, not 5 \(int\)"),
        (lambda: h.fragment(h.b, h.i), "takes 1 positional argument"),
        (lambda: h.raw("<b>", "key"), "takes 1 positional argument"),
    ],
)
def test_what_stands_beside_the_builders_is_called_in_one_way(wrong, sentence):
    with pytest.raises(TypeError, match=sentence):
        wrong()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "my_widget",
            r"there is no builder h.my_widget; for an element of your own write h.Tag\('my-widget'\)",
        ),
        ("buton", r"there is no builder h.buton; did you mean h.button\? For an element of your own write"),
        ("script", r"there is no builder h.script; the document around a page is made by App\(title="),
        ("svg", "write `from vango import svg`"),
    ],
)
def test_a_builder_that_is_not_there_says_what_to_write(name, sentence):
    with pytest.raises(AttributeError, match=sentence) as error:
        getattr(h, name)
    assert (error.value.name, error.value.obj) == (name, h), "by which Python itself suggests near names"


UNUSABLE = [
    (lambda: h.p["\ud800"], "holds a lone surrogate, which UTF-8 cannot carry"),
    (lambda: h.p["a\0b"], r"a text cannot contain NUL \(U\+0000\)"),
    (lambda: h.br["x"], "br: this element has no content"),
    (lambda: h.ul[h.li(key=1), h.li(key=1)], "ul: two siblings have the key 1; give each its own"),
    (lambda: h.title["a", "b"], "title and style hold exactly one text"),
    (lambda: h.textarea(value="a")["b"], "a textarea has value= or content, not both"),
    (lambda: h.textarea[h.b], r"the content of a textarea is text; write strings, or textarea\(value=slot\)"),
    (lambda: h.textarea["a", show], "the content of a textarea is text"),
    (lambda: h.textarea[Call()], "the content of a textarea is text"),
    (lambda: h.Tag("script"), "give scripts to the page instead"),
    (lambda: h.Tag("plaintext"), "write pre"),
    (lambda: h.Tag("BR"), "written in lower case"),
    (lambda: h.Tag("noscript")["x"], "reads noscript as text"),
    (lambda: h.iframe(src="/")[h.p], "its page is that of src"),
    (lambda: h.Tag("a b"), '"a b" cannot be a name in HTML'),
    (lambda: h.p[iter(int, 1)], "an iterable gave more than 100000 children"),
]


@pytest.mark.parametrize(("build", "sentence"), UNUSABLE)
def test_what_html_cannot_hold_is_refused(build, sentence):
    with pytest.raises(ValueError, match=sentence):
        build()


def test_a_list_that_contains_itself_is_refused():
    endless = []
    endless.append(endless)
    with pytest.raises(ValueError, match="nested deeper than 256 levels; does a list contain itself"):
        h.p[endless]


def test_a_tree_may_be_256_levels_deep():
    deep = h.p
    for _ in range(255):
        deep = h.div[deep]
    assert str(deep).count("</") == 256
    with pytest.raises(ValueError, match="levels of a tree: 257 is over the limit of 256"):
        h.div[deep]


def test_a_generator_that_was_used_up_is_an_error_and_not_empty():
    items = (h.li[n] for n in "ab")
    assert str(h.ul[items]) == "<ul><li>a</li><li>b</li></ul>"
    with pytest.raises(TypeError, match="a generator gives its items once, and this one has; write a list"):
        h.ul[items]


def test_an_error_of_an_iterator_or_of_html_comes_through():
    def broken():
        yield "a"
        raise KeyError("from the loop")

    class Odd:
        def __html__(self):
            return b"<b>"

    with pytest.raises(KeyError, match="from the loop"):
        h.p[broken()]
    with pytest.raises(TypeError, match=r"Odd.__html__\(\) gave a bytes, not a str"):
        h.p[Odd()]


def test_strings_of_a_textarea_are_its_value():
    assert h.textarea["a", None, [1, "\n"]].attrs == {".value": "a1\n"}
    ((_, found, attr),) = h.textarea[show].places()
    assert (show, ".value") == (found, attr)


def test_neighbouring_strings_stay_apart():
    assert h.p["a", "b"].children == ("a", "b")
    assert h.p["ab"] != h.p["a", "b"]
    assert str(h.p["a", "b"]) == "<p>ab</p>"
