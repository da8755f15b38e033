"""What a memo or effect captured: when a new function does the same as the last one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from vango.reactive.equality import changes_in_place, same_function, same_prop, same_value
from vango.reactive.signals import Signal

COUNT = Signal(0)
ROWS = [1]


class Shelf:
    def read(self) -> int:
        return 1

    def other(self) -> int:
        return 1


SHELF = Shelf()


def captures(value: Any) -> Callable[[], Any]:
    return lambda: value


def captures_function(value: Any) -> Callable[[], Any]:
    def inner() -> Any:
        return value

    return lambda: inner()


def defaults(value: Any) -> Callable[..., Any]:
    return lambda value=value: value


def keyword_default(value: Any) -> Callable[..., Any]:
    return lambda *, value=value: value


def partial(value: Any) -> Callable[..., Any]:
    return functools.partial(captures, value)


def named_partial(value: Any) -> Callable[..., Any]:
    return functools.partial(captures, value=value)


@pytest.mark.parametrize(
    "make",
    [captures, captures_function, defaults, keyword_default, partial, named_partial],
    ids=lambda m: m.__name__,
)
def test_the_same_code_with_the_same_values_does_the_same(make: Any) -> None:
    assert same_function(make("a"), make("a"))
    assert same_function(make(COUNT), make(COUNT))
    assert not same_function(make("a"), make("b"))
    assert not same_function(make(ROWS), make(ROWS)), "a list may have changed inside"
    assert not same_function(make(COUNT), make(Signal(0)))


def test_other_code_is_another_function() -> None:
    assert not same_function(lambda: 1, lambda: 1)
    assert not same_function(captures(1), functools.partial(captures, 1))
    assert not same_function(len, abs)
    assert same_function(len, len)


def test_bound_methods_are_the_same_on_the_same_object() -> None:
    assert same_function(SHELF.read, SHELF.read)
    assert not same_function(SHELF.read, Shelf().read)
    assert not same_function(SHELF.read, SHELF.other)


def test_a_variable_from_outside_is_no_difference() -> None:
    log: list[int] = []
    made = [lambda: log.append(1) for _ in range(2)]
    assert same_function(*made)


def test_a_variable_without_a_value_is_a_difference() -> None:
    def make() -> Callable[[], Any]:
        fn = lambda: late  # noqa: E731
        if ROWS is None:
            late = 1
        return fn

    assert not same_function(make(), make())


def test_functions_that_capture_each_other_end() -> None:
    def make() -> Callable[[], Any]:
        def ping() -> Any:
            return pong()

        def pong() -> Any:
            return ping()

        return ping

    assert not same_function(make(), make())


def test_a_property_that_raises_counts_as_changed() -> None:
    class Meta(type):
        __dataclass_params__ = property(lambda cls: 1 // 0)

    class Strange(metaclass=Meta):
        pass

    assert not same_prop(Strange(), Strange())


class Person:
    """Equal by its number, as the models of a database are."""

    def __init__(self, number: int, name: str) -> None:
        self.number, self.name = number, name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Person) and self.number == other.number

    def __hash__(self) -> int:
        return self.number


@dataclass(frozen=True)
class Price:
    amount: Decimal
    note: str = field(default="", compare=False)


class Point(NamedTuple):
    x: float
    y: float


NOON = datetime(2026, 5, 6, 12, tzinfo=UTC)
TOKYO = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (1, True),
        (0.0, -0.0),
        (Decimal("1.0"), Decimal("1.00")),
        (NOON, NOON.astimezone(TOKYO)),
        ([2, 1], [2, True]),
        ((1,), (1.0,)),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({1}, {True}),
        ([[Decimal("1.0")]], [[Decimal("1.00")]]),
        (Person(1, "Ann"), Person(1, "Bob")),
        ([Person(1, "Ann")], [Person(1, "Bob")]),
        ({"who": Person(1, "Ann")}, {"who": Person(1, "Bob")}),
        (Price(Decimal(1), "a"), Price(Decimal(1), "b")),
        (Price(Decimal("1.0")), Price(Decimal("1.00"))),
        (Point(1, 2), Point(1.0, 2)),
    ],
)
def test_equal_values_that_show_differently_are_two(old: Any, new: Any) -> None:
    assert old == new
    assert not same_value(None, old, new)


@pytest.mark.parametrize(
    "make",
    [
        lambda: "a" * 5,
        lambda: 10**30,
        lambda: 1.5,
        lambda: Decimal("1.50"),
        lambda: datetime(2026, 5, 6, 12, tzinfo=UTC),
        lambda: date(2026, 5, 6),
        lambda: time(12, 30),
        lambda: timedelta(hours=2),
        lambda: UUID(int=5),
        lambda: [1, "a", (2.5, None)],
        lambda: {"a": [1], "b": {2, 3}},
        lambda: Person(1, "Ann"),
        lambda: [Price(Decimal("1.0"), "a")],
        lambda: Point(1, 2),
        lambda: range(3),
    ],
)
def test_what_was_made_twice_of_the_same_is_the_same(make: Any) -> None:
    assert same_value(None, make(), make())


def test_values_that_hold_each_other_count_as_changed() -> None:
    def ring() -> Person:
        one = Person(1, "Ann")
        one.friend = one  # type: ignore[attr-defined]
        return one

    assert not same_value(None, ring(), ring())


def test_an_array_changes_in_place_and_a_number_does_not() -> None:
    class Array:
        def __setitem__(self, index: int, value: int) -> None: ...

    assert changes_in_place(Array())
    assert not any(changes_in_place(value) for value in (1, "a", (1,), None, 1.5, frozenset()))


def test_a_price_with_other_digits_is_another_prop() -> None:
    assert not same_prop(Decimal("1.0"), Decimal("1.00"))
    assert not same_prop(Price(Decimal("1.0")), Price(Decimal("1.00")))
    assert same_prop(Price(Decimal("1.0")), Price(Decimal("1.0")))
