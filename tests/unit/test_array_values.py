"""Values of numpy and pandas, and other objects where they do not belong: each says what to write instead.

The classes below have what those of the libraries have, so that neither is needed to run this.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from view_driver import Page

from vango import html as h
from vango.components.component import component
from vango.components.lists import For
from vango.reactive.signals import Signal


class Scalar:
    """As `numpy.int64`: a number that is no `int`, equal to one and with its hash."""

    dtype = "int64"
    ndim = 0

    def __init__(self, value: int = 3) -> None:
        self.value = value

    def item(self) -> int:
        return self.value

    def __eq__(self, other: object) -> bool:
        return self.value == (other.value if isinstance(other, Scalar) else other)

    def __hash__(self) -> int:
        return hash(self.value)


class Array:
    """As `numpy.ndarray` or `pandas.Series`: iterable, and `==` gives another array."""

    dtype = "int64"
    ndim = 1

    def __iter__(self) -> Iterator[Scalar]:
        return iter([Scalar(1), Scalar(2)])

    def __eq__(self, other: object) -> Any:
        return Array()

    def __bool__(self) -> bool:
        raise ValueError("the truth value of an array is ambiguous")

    __hash__ = None  # type: ignore[assignment]

    def tolist(self) -> list[int]:
        return [1, 2]


class Series:
    """As `polars.Series`, which has no `ndim`."""

    dtype = "int64"

    def to_list(self) -> list[int]:
        return [1, 2]


class Frame:
    """As `pandas.DataFrame`: iterating it gives the names of its columns."""

    def __iter__(self) -> Iterator[str]:
        return iter(["name", "age"])

    def itertuples(self) -> list[tuple[str, int]]:
        return [("ann", 3), ("bob", 4)]


VALUES = {
    "scalar": (Scalar(), "the number itself, value.item()"),
    "array": (Array(), "its items, values.tolist()"),
    "series": (Series(), "its items, values.to_list()"),
    "frame": (Frame(), "its rows, [h.tr[...] for row in table.itertuples()]"),
}


@pytest.fixture(params=VALUES)
def case(request: Any) -> tuple[Any, str]:
    return VALUES[request.param]


def message(case: tuple[Any, str], make: Any) -> str:
    value, instead = case
    with pytest.raises(TypeError) as caught:
        make(value)
    said = str(caught.value)
    assert type(value).__name__ in said
    assert f"write {instead}" in said
    return said


def test_as_a_child(case: tuple[Any, str]) -> None:
    assert "cannot be shown" in message(case, lambda value: h.p[value])
    message(case, lambda value: h.ul[[h.li["one"], value]])


@pytest.mark.parametrize("attribute", ["title", "hidden", "class_", "style", "value", "aria_label"])
def test_as_an_attribute(case: tuple[Any, str], attribute: str) -> None:
    said = message(case, lambda value: h.input(**{attribute: value}))
    assert said.startswith(f'attribute "{attribute.strip("_").replace("_", "-")}" cannot be')


def test_as_a_key(case: tuple[Any, str]) -> None:
    assert "a key is a str, int, bytes, UUID or a tuple of these" in message(
        case, lambda value: h.p(key=value)
    )


def test_in_a_slot_it_names_the_line(case: tuple[Any, str]) -> None:
    for page in (Page(h.p[lambda: case[0]]), Page(h.p(title=lambda: case[0]))):
        where, error = page.host.errors[0]
        assert f"write {case[1]}" in str(error)
        assert "test_array_values.py:" in where


def test_as_a_prop_it_passes_through_and_renders_each_time(case: tuple[Any, str]) -> None:
    seen: list[object] = []
    again = Signal(0)

    @component
    def Chart(points: Any) -> object:
        seen.append(points)
        return "chart"

    @component
    def Owner() -> object:
        return h.p[again(), Chart(points=case[0])]

    page = Page(Owner())
    again.set(1)
    page.flush()
    assert [each is case[0] for each in seen] == [True, True]
    assert page.errors == []


def test_a_signal_of_an_array_counts_as_changed() -> None:
    values = Signal[Any](Array())
    page = Page(h.p[lambda: str(values().tolist())])
    values.set(Array())
    assert page.flush() == b""
    assert page.errors == []


def test_the_rows_of_a_list_may_be_those_of_a_table_and_not_the_table() -> None:
    page = Page(For(Frame().itertuples(), key=lambda row: row[0], render=lambda row: h.li[row[1]]))
    assert page.html == "<li>3</li><li>4</li>"
    page = Page(For(Frame(), key=str, render=h.li))
    assert (
        "gave a Frame, whose items are its columns; give its rows: list(table.itertuples())" in page.errors[0]
    )
    assert Page(For(Array(), key=Scalar.item, render=lambda n: h.li[n.item()])).html == "<li>1</li><li>2</li>"


@pytest.mark.parametrize("key", [Scalar(), None, 1.5, True, frozenset()])
def test_a_key_of_another_type_names_item_and_line(key: object) -> None:
    page = Page(For(["item"], key=lambda item: key, render=lambda item: h.li[item]))  # type: ignore[arg-type, return-value]
    assert f"the key of 'item' is {key!r:.80} ({type(key).__name__})" in page.errors[0]
    assert "write int(...) or str(...) around it" in page.errors[0]
    assert "test_array_values.py:" in page.errors[0]


def test_two_items_of_one_key_name_it_and_the_line() -> None:
    items = Signal([1, 2])
    page = Page(h.ul[For(items, key=lambda n: n % 2, render=lambda n: h.li[n])])
    items.set([1, 2, 3])
    page.flush()
    assert "two items have the key 1; give each its own" in page.errors[0]
    assert "test_array_values.py:" in page.errors[0]


def test_a_slot_that_gives_a_class_names_it_and_the_line() -> None:
    page = Page(h.p[lambda: Scalar])
    assert "Scalar'> is a class and cannot be shown; write an instance" in page.errors[0]
    assert "test_array_values.py:" in page.host.errors[0][0]


def test_vango_needs_neither_library() -> None:
    program = "import sys, vango; vango.App; vango.For; assert not {'numpy', 'pandas'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)
