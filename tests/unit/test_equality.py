"""What a memo or effect captured: when a new function does the same as the last one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest

from vango.reactive.equality import same_function, same_prop
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
