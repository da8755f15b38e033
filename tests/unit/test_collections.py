"""Signals of lists, dicts and sets: what changes them notifies, and what was read never changes."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any

import pytest
from hypothesis import given, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from view_driver import Page

from vango import For, component, html as h
from vango.components.state import effect, memo, signal
from vango.reactive.blocks import batch
from vango.reactive.collections import DictSignal, ListSignal, SetSignal
from vango.reactive.deferred import deferred_writes
from vango.reactive.signals import Signal


def test_signal_makes_the_kind_that_fits() -> None:
    class Rows(list[int]):
        pass

    assert type(signal([1])) is ListSignal
    assert type(signal({"a": 1})) is DictSignal
    assert type(signal({1})) is SetSignal
    assert type(signal(init=lambda: [1])) is ListSignal
    assert type(signal((1,))) is Signal
    assert type(signal(Rows())) is Signal


CHANGES: list[tuple[Any, Callable[[Any], object], Any]] = [
    ([1, 2], lambda s: s.append(3), [1, 2, 3]),
    ([1, 2], lambda s: s.extend(iter([3, 4])), [1, 2, 3, 4]),
    ([1, 2], lambda s: s.insert(0, 0), [0, 1, 2]),
    ([1, 2], lambda s: s.pop(), [1]),
    ([1, 2], lambda s: s.pop(0), [2]),
    ([1, 2], lambda s: s.remove(1), [2]),
    ([2, 1], lambda s: s.sort(), [1, 2]),
    (["b", "A"], lambda s: s.sort(key=str.lower, reverse=True), ["b", "A"]),
    ([1, 2], lambda s: s.reverse(), [2, 1]),
    ([1, 2], lambda s: s.clear(), []),
    ([1, 2], lambda s: s.__setitem__(0, 5), [5, 2]),
    ([1, 2], lambda s: s.__setitem__(slice(0, 1), iter([7, 8])), [7, 8, 2]),
    ([1, 2], lambda s: s.__delitem__(0), [2]),
    ({"a": 1}, lambda s: s.__setitem__("b", 2), {"a": 1, "b": 2}),
    ({"a": 1}, lambda s: s.merge({"a": 2, "c": 3}), {"a": 2, "c": 3}),
    ({"a": 1}, lambda s: s.__delitem__("a"), {}),
    ({"a": 1}, lambda s: s.pop("a"), {}),
    ({"a": 1}, lambda s: s.clear(), {}),
    ({1, 2}, lambda s: s.add(3), {1, 2, 3}),
    ({1, 2}, lambda s: s.discard(1), {2}),
    ({1, 2}, lambda s: s.remove(1), {2}),
    ({1, 2}, lambda s: s.toggle(1), {2}),
    ({1, 2}, lambda s: s.toggle(3), {1, 2, 3}),
    ({1, 2}, lambda s: s.merge([3, 4]), {1, 2, 3, 4}),
    ({1, 2}, lambda s: s.subtract([1, 9]), {2}),
    ({1, 2}, lambda s: s.clear(), set()),
    ({1: [2]}, lambda s: s.mutate(lambda d: d.update({3: 4})), {1: [2], 3: 4}),
]


@pytest.mark.parametrize(("start", "change", "end"), CHANGES)
def test_a_change_notifies_once_and_leaves_what_was_read(start: Any, change: Any, end: Any) -> None:
    made: Any = signal(copy(start))
    before = made()
    seen: list[Any] = []
    watch = effect(lambda: seen.append(made()))
    through = memo(lambda: made())
    through()
    change(made)
    assert before == start
    assert made.peek() == end
    assert through() == end
    assert seen == ([start, end] if start != end else [start])
    watch.dispose()


@pytest.mark.parametrize(
    ("start", "change"),
    [
        ([1], lambda s: s.__setitem__(0, 1)),
        ([1], lambda s: s.extend([])),
        ([1, 2], lambda s: s.sort()),
        ([], lambda s: s.clear()),
        ({"a": 1}, lambda s: s.__setitem__("a", 1)),
        ({"a": 1}, lambda s: s.merge({"a": 1})),
        ({"a": 1}, lambda s: s.pop("b", None)),
        ({}, lambda s: s.clear()),
        ({1}, lambda s: s.add(1)),
        ({1}, lambda s: s.discard(2)),
        (set(), lambda s: s.clear()),
    ],
)
def test_of_what_does_not_change_nobody_hears(start: Any, change: Any) -> None:
    made: Any = signal(start)
    seen: list[Any] = []
    watch = effect(lambda: seen.append(len(made)))
    change(made)
    assert len(seen) == 1
    watch.dispose()


@pytest.mark.parametrize(
    ("start", "change", "error"),
    [
        ([1], lambda s: s.remove(2), ValueError),
        ([1], lambda s: s.pop(7), IndexError),
        ([1], lambda s: s.__setitem__(7, 1), IndexError),
        ([2, 1], lambda s: s.sort(key=lambda n: 1 // (n - 1)), ZeroDivisionError),
        ({"a": 1}, lambda s: s.pop("b"), KeyError),
        ({1}, lambda s: s.remove(2), KeyError),
        ({1}, lambda s: s.add([]), TypeError),
    ],
)
def test_a_change_that_raises_changes_nothing(start: Any, change: Any, error: Any) -> None:
    made: Any = signal(copy(start))
    seen: list[Any] = []
    watch = effect(lambda: seen.append(made()))
    with pytest.raises(error):
        change(made)
    assert made.peek() == start
    assert len(seen) == 1
    watch.dispose()


def test_what_nobody_reads_is_copied_once() -> None:
    items: ListSignal[int] = signal([])
    with batch():
        items.append(1)
        held = items._value
        for n in range(100):
            items.append(n)
        assert items._value is held
    before = items()
    items.append(5)
    assert items._value is not before


def test_who_gave_the_list_keeps_it_as_it_was() -> None:
    mine = [1]
    items = signal(mine)
    items.append(2)
    assert mine == [1]
    also = [5]
    watch = effect(lambda: items.append(0) if len(items) == 1 else None)
    items.set(also)
    assert also == [5]
    assert items.peek() == [5, 0]
    watch.dispose()


def test_a_memo_must_not_change_it() -> None:
    items = signal([1])
    with pytest.raises(RuntimeError, match="writes a signal; a memo only computes"):
        memo(lambda: items.append(2))()
    assert items.peek() == [1]


def test_a_blocking_handler_changes_it_when_it_returns() -> None:
    items, prices = signal([1]), signal({"a": 1})
    with deferred_writes() as writes:
        items.append(2)
        items.append(3)
        prices["b"] = 2
        assert items() == [1, 2, 3]
        assert "b" in prices
    assert (items.peek(), prices.peek()) == ([1], {"a": 1})
    writes.apply()
    assert (items.peek(), prices.peek()) == ([1, 2, 3], {"a": 1, "b": 2})


def test_an_item_that_was_changed_in_place_and_written_again_counts_as_changed() -> None:
    board, grid = signal({"todo": ["a"]}), signal([[1], [2]])
    seen: list[Any] = []
    watch = effect(lambda: seen.append((board()["todo"][:], grid()[0][:])))
    board["todo"] += ["b"]
    grid[0] += [9]
    assert seen == [(["a"], [1]), (["a", "b"], [1]), (["a", "b"], [1, 9])]
    watch.dispose()


@pytest.mark.parametrize(
    ("held", "change", "instead"),
    [
        ([1], [2], r"extend\(\[...\]\)"),
        ({"a": 1}, {"b": 2}, r"merge\({...}\)"),
        ({1}, {2}, r"merge\({...}\)"),
        (1, 2, r"set\(value\)"),
    ],
)
def test_update_with_a_value_says_what_to_write(held: Any, change: Any, instead: str) -> None:
    value = signal(held)
    with pytest.raises(TypeError, match=f"takes a function of the value; write {instead}"):
        value.update(change)
    assert value.peek() == held


def test_an_update_that_changes_the_list_it_is_given_changes_nothing() -> None:
    items = signal([1])
    with pytest.raises(TypeError, match="returned None"):
        items.update(lambda old: old.append(2))  # type: ignore[arg-type, func-returns-value]
    assert items.peek() == [1]


def test_a_dict_and_a_list_are_read_as_usual() -> None:
    prices, rows = signal({"a": 1}), signal([5, 6, 5])
    seen: list[Any] = []
    watch = effect(lambda: seen.append((list(prices.items()), [*prices.keys()], sum(prices.values()))))
    assert prices.setdefault("a", 7) == 1
    assert prices.setdefault("b", 2) == 2
    assert seen == [([("a", 1)], ["a"], 1), ([("a", 1), ("b", 2)], ["a", "b"], 3)]
    assert (rows.index(5), rows.index(5, 1), rows.count(5)) == (0, 2, 2)
    watch.dispose()


def test_reading_parts_subscribes() -> None:
    prices = signal({"a": 1})
    chosen = signal({1})
    rows = signal([3])
    seen: list[Any] = []
    watch = effect(
        lambda: seen.append((prices.get("b"), "a" in prices, [*prices], 1 in chosen, rows[0], [*rows]))
    )
    prices["b"] = 5
    chosen.toggle(1)
    rows[0] += 1
    assert seen[-1] == (5, True, ["a", "b"], False, 4, [4])
    assert len(seen) == 4
    watch.dispose()


def test_a_list_runs_the_row_of_the_item_that_was_replaced_alone() -> None:
    ran: list[str] = []

    @component
    def Rows() -> object:
        return h.ul[For(rows, key=lambda row: row[0], render=show)]

    def show(row: tuple[str, int]) -> object:
        ran.append(row[0])
        return h.li[f"{row[0]}{row[1]}"]

    rows = signal([("a", 1), ("b", 1)])
    page = Page(Rows())
    ran.clear()
    rows[1] = ("b", 2)
    rows.insert(0, ("c", 1))
    page.flush()
    assert page.html == "<ul><li>c1</li><li>a1</li><li>b2</li></ul>"
    assert ran == ["c", "b"]


def test_a_collection_in_a_body_is_found_again() -> None:
    again = Signal(0)

    @component
    def Body() -> object:
        again()
        rows = signal(["x"])
        return h.button(on_click=(rows.append, "y"))[lambda: "".join(rows())]

    page = Page(Body())
    page.click("x")
    again.set(1)
    page.flush()
    assert page.html == "<button>xy</button>"


def test_mutate_changes_a_copy_of_any_object() -> None:
    class Shape:
        def __init__(self) -> None:
            self.x = 0

        def move(self) -> None:
            self.x += 1

    shape = signal(Shape())
    before = shape()
    seen: list[int] = []
    watch = effect(lambda: seen.append(shape().x))
    shape.mutate(Shape.move)
    assert (before.x, shape().x, seen) == (0, 1, [0, 1])
    watch.dispose()


class ListModel(RuleBasedStateMachine):
    """A `ListSignal` beside a list: each step the same, with everything read so far unchanged."""

    def __init__(self) -> None:
        super().__init__()
        self.model: list[int] = []
        self.real: ListSignal[int] = signal([])
        self.heard = 0
        self.reads: list[tuple[list[int], list[int]]] = []
        self.watch = effect(self._hear)

    def _hear(self) -> None:
        len(self.real)
        self.heard += 1

    def teardown(self) -> None:
        self.watch.dispose()

    @rule(item=st.integers(0, 5), at=st.integers(-3, 3))
    def insert(self, item: int, at: int) -> None:
        self.model.insert(at, item)
        self.real.insert(at, item)

    @rule(item=st.integers(0, 5))
    def append(self, item: int) -> None:
        self.model.append(item)
        self.real.append(item)

    @rule(item=st.integers(0, 5))
    def remove(self, item: int) -> None:
        if item in self.model:
            self.model.remove(item)
            self.real.remove(item)

    @rule(more=st.lists(st.integers(0, 5), max_size=3))
    def extend(self, more: list[int]) -> None:
        self.model.extend(more)
        self.real.extend(more)

    @rule()
    def sort(self) -> None:
        self.model.sort()
        self.real.sort()

    @rule()
    def reverse(self) -> None:
        self.model.reverse()
        self.real.reverse()

    @rule(new=st.lists(st.integers(0, 5), max_size=3))
    def write(self, new: list[int]) -> None:
        self.model = [*new]
        self.real.set(new)
        self.reads.append((new, [*new]))

    @rule(many=st.lists(st.integers(0, 5), max_size=4))
    def in_a_batch(self, many: list[int]) -> None:
        heard = self.heard
        with batch():
            for item in many:
                self.real.append(item)
        self.model.extend(many)
        assert self.heard - heard <= 1

    @rule()
    def read(self) -> None:
        value = self.real()
        self.reads.append((value, [*value]))

    @invariant()
    def same(self) -> None:
        assert self.real._value == self.model
        assert all(held == then for held, then in self.reads)


TestListModel = ListModel.TestCase


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3))), st.sets(st.integers(0, 5)))
def test_a_dict_and_a_set_hold_what_was_put_in(pairs: list[tuple[str, int]], more: set[int]) -> None:
    prices: DictSignal[str, int] = signal({})
    for key, value in pairs:
        prices[key] = value
    assert prices.peek() == dict(pairs)
    chosen: SetSignal[int] = signal(set())
    for item in more:
        chosen.toggle(item)
    assert chosen.peek() == more
