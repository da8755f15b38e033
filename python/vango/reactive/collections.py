"""Signals that hold a list, dict or set, with the ways to change it that notify.

Invariants maintained here:
- what was read never changes afterwards: a change copies first if anybody has read since the last one, so a
  memo, a list of rows or a variable keeps what it saw, and comparing by identity stays honest;
- of what did not change nobody hears;
- a change that raises changes nothing;
- a change made in a worker thread is made on what the signal holds when the thread is done.
"""

from __future__ import annotations

import operator
import sys
from collections import Counter
from collections.abc import Callable, ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from typing import Any, Final, Generic, Self, SupportsIndex, TypeVar, overload

from vango.reactive.equality import Same, same_item
from vango.reactive.signals import Signal
from vango.reactive.tracking import current

__all__ = ["DictSignal", "ListSignal", "SetSignal"]

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
R = TypeVar("R")
C = TypeVar("C", bound="list[Any] | dict[Any, Any] | set[Any]")

_NO_DEFAULT: Final[Any] = object()


class _Collection(Signal[C], Generic[C]):
    """A signal whose value is copied before it is changed, unless nobody else can hold it."""

    __slots__ = ("_shared",)
    _shared: bool  # somebody may hold the value

    def __new__(cls, value: C, *, same: Same | None = None) -> Self:
        self = super().__new__(cls, value, same=same)
        self._shared = True  # by who gave it
        return self

    def __call__(self) -> C:
        """Return the value, and run the reader again when it changes."""
        self._shared = True
        return super().__call__()

    def peek(self) -> C:
        """Return the value without subscribing."""
        self._shared = True
        return super().peek()

    def _look(self) -> C:
        """Return the value to look at, not to give away."""
        return super().peek()

    def __len__(self) -> int:
        return len(self())

    def _change(self, change: Callable[[C], R], again: Callable[[C], object] | None = None) -> R:
        """Call `change`, which changes in place what it is given, and return what that returned.

        In a worker thread it is given a copy; `again`, by default `change`, then does the same on the loop to
        what somebody else has changed meanwhile.
        """
        self._check_writer()
        writes = current.writes
        if writes is not None:
            copied: C = self._look().copy()  # type: ignore[assignment]
            result = change(copied)
            writes.write(self, copied, lambda: self._change(again or change))
            return result
        if not self._shared:
            result = change(self._value)
            self._put(self._value)
            return result
        copied = self._value.copy()  # type: ignore[assignment]
        result = change(copied)
        self._shared = False
        self._put(copied)
        return result

    def _to_change(self) -> C:
        return self._look().copy()  # type: ignore[return-value]

    def set(self, value: C) -> None:
        """Write another value; nothing happens when it is equal, unless it is the same object again."""
        self._shared = True
        super().set(value)

    def clear(self) -> None:
        """Take everything out."""
        if self._look():
            self._change(lambda items: items.clear())


class ListSignal(_Collection[list[T]], Generic[T]):
    """A signal that holds a list: `signal([1, 2])`.

    `todos()` reads all of it, and what was read never changes; `todos.append(x)` and its kin write.
    An item is another one when it is another object: write `todos[0] = replace(todos[0], done=True)`, and a
    `For` runs that row alone.
    """

    __slots__ = ()

    def __iter__(self) -> Iterator[T]:
        return iter(self())

    def __contains__(self, item: object) -> bool:
        return item in self()

    @overload
    def __getitem__(self, index: SupportsIndex) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: Any) -> Any:
        return self()[index]

    @overload
    def __setitem__(self, index: SupportsIndex, item: T) -> None: ...
    @overload
    def __setitem__(self, index: slice, item: Iterable[T]) -> None: ...
    def __setitem__(self, index: Any, item: Any) -> None:
        if isinstance(index, slice):
            more = list(item)
            self._change(lambda items: items.__setitem__(index, more))
            return
        old = self._look()[index]
        if not same_item(old, item):
            self._change(
                lambda items: items.__setitem__(index, item),
                lambda items: _replace(items, operator.index(index), old, item),
            )

    def __delitem__(self, index: SupportsIndex | slice) -> None:
        if isinstance(index, slice):
            old = self._look()[index]
            self._change(lambda items: items.__delitem__(index), lambda items: _take(items, old))
        else:
            self.pop(index)

    def append(self, item: T) -> None:
        """Add an item at the end."""
        self._change(lambda items: items.append(item))

    def extend(self, more: Iterable[T]) -> None:
        """Add items at the end."""
        if more := list(more):
            self._change(lambda items: items.extend(more))

    def insert(self, index: SupportsIndex, item: T) -> None:
        """Add an item in front of the one at `index`."""
        self._change(lambda items: items.insert(index, item))

    def index(self, item: T, start: int = 0, stop: int = sys.maxsize) -> int:
        """Return where the first item stands that equals `item`.

        Raises:
            ValueError: There is none.
        """
        return self().index(item, start, stop)

    def count(self, item: T) -> int:
        """Return how many items equal `item`."""
        return self().count(item)

    def pop(self, index: SupportsIndex = -1) -> T:
        """Take an item out and return it.

        Raises:
            IndexError: There is none.
        """
        old = self._look()[index]
        return self._change(lambda items: items.pop(index), lambda items: _take(items, [old]))

    def remove(self, item: T) -> None:
        """Take out the first item that equals `item`.

        Raises:
            ValueError: There is none.
        """
        self._change(
            lambda items: items.remove(item), lambda items: items.remove(item) if item in items else None
        )

    def sort(self, *, key: Callable[[T], Any] | None = None, reverse: bool = False) -> None:
        """Put the items in order, equal ones as they stand."""
        self._order(lambda items: sorted(items, key=key, reverse=reverse))  # type: ignore[type-var, arg-type]

    def reverse(self) -> None:
        """Turn the order round."""
        self._order(lambda items: items[::-1])

    def _order(self, ordered: Callable[[list[T]], list[T]]) -> None:
        """Write the same items in another order; nothing happens where that is the one they have."""
        self._check_writer()
        self.update(ordered)

    _instead_of_update = "extend([...]), or update(lambda items: [*items, new])"


class DictSignal(_Collection[dict[K, V]], Generic[K, V]):
    """A signal that holds a dict: `signal({"a": 1})`.

    `prices()` reads all of it, and what was read never changes; `prices["a"] = 2` and its kin write.
    """

    __slots__ = ()

    def __iter__(self) -> Iterator[K]:
        return iter(self())

    def __contains__(self, key: object) -> bool:
        return key in self()

    def __getitem__(self, key: K) -> V:
        return self()[key]

    def __setitem__(self, key: K, value: V) -> None:
        self.merge({key: value})

    def __delitem__(self, key: K) -> None:
        self.pop(key)

    def keys(self) -> KeysView[K]:
        """Return all keys."""
        return self().keys()

    def values(self) -> ValuesView[V]:
        """Return all values."""
        return self().values()

    def items(self) -> ItemsView[K, V]:
        """Return all keys with their values."""
        return self().items()

    @overload
    def get(self, key: K) -> V | None: ...
    @overload
    def get(self, key: K, default: V | T) -> V | T: ...
    def get(self, key: K, default: Any = None) -> Any:
        """Return the value of `key`, `default` if there is none."""
        return self().get(key, default)

    def merge(self, other: Mapping[K, V]) -> None:
        """Take over the values of `other`."""
        old = self._look()
        new = {key: value for key, value in other.items() if key not in old or not same_item(old[key], value)}
        if new:
            self._change(lambda items: items.update(new))

    def setdefault(self, key: K, default: V) -> V:
        """Return the value of `key`; if there is none, `default` becomes it."""
        if key in self._look():
            return self._look()[key]
        return self._change(lambda items: items.setdefault(key, default))

    _instead_of_update = "merge({...}), or update(lambda items: items | {...})"

    @overload
    def pop(self, key: K) -> V: ...
    @overload
    def pop(self, key: K, default: V | T) -> V | T: ...
    def pop(self, key: K, default: Any = _NO_DEFAULT) -> Any:
        """Take a key out and return its value, or `default` if one is given.

        Raises:
            KeyError: There is no such key and no `default`.
        """
        if default is not _NO_DEFAULT and key not in self._look():
            return default
        return self._change(lambda items: items.pop(key), lambda items: items.pop(key, None))


class SetSignal(_Collection[set[T]], Generic[T]):
    """A signal that holds a set: `signal({1, 2})`.

    `chosen()` reads all of it, and what was read never changes; `chosen.add(3)` and its kin write.
    """

    __slots__ = ()

    def __iter__(self) -> Iterator[T]:
        return iter(self())

    def __contains__(self, item: object) -> bool:
        return item in self()

    def add(self, item: T) -> None:
        """Put an item in, if it is not in there."""
        self.merge((item,))

    def merge(self, more: Iterable[T]) -> None:
        """Put items in."""
        more = set(more)
        if not more <= self._look():
            self._change(lambda items: items.update(more))

    def discard(self, item: T) -> None:
        """Take an item out, if it is in there."""
        self.subtract((item,))

    def remove(self, item: T) -> None:
        """Take an item out.

        Raises:
            KeyError: It is not in there.
        """
        self._change(lambda items: items.remove(item), lambda items: items.discard(item))

    def subtract(self, fewer: Iterable[T]) -> None:
        """Take items out."""
        fewer = set(fewer)
        if not fewer.isdisjoint(self._look()):
            self._change(lambda items: items.difference_update(fewer))

    def toggle(self, item: T) -> None:
        """Put an item in, or take it out if it is in there."""
        if item in self._look():
            self.discard(item)
        else:
            self.add(item)

    _instead_of_update = "merge({...}), or update(lambda items: items | {...})"


def collection_of(value: object, same: Same | None) -> Signal[Any] | None:
    """Return a signal for a plain list, dict or set, `None` for anything else."""
    kind = type(value)
    if kind is list:
        return ListSignal(value, same=same)  # type: ignore[arg-type]
    if kind is dict:
        return DictSignal(value, same=same)  # type: ignore[arg-type]
    if kind is set:
        return SetSignal(value, same=same)  # type: ignore[arg-type]
    return None


def _replace(items: list[T], index: int, old: T, new: T) -> None:
    """Put an item where another one stands by now; if that is gone, so is what was written over it."""
    if not (-len(items) <= index < len(items) and items[index] is old):
        index = next((index for index, item in enumerate(items) if item is old), -1)
        if index < 0:
            return
    items[index] = new


def _take(items: list[T], gone: Iterable[T]) -> None:
    """Take these very items out, as far as they are still there."""
    left = Counter(map(id, gone))
    stay = []
    for item in items:
        if left[id(item)]:
            left[id(item)] -= 1
        else:
            stay.append(item)
    items[:] = stay
