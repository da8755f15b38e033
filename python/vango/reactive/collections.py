"""Signals that hold a list, dict or set, with the ways to change it that notify.

Invariants maintained here:
- what was read never changes afterwards: a change copies first if anybody has read since the last one, so a
  memo, a list of rows or a variable keeps what it saw, and comparing by identity stays honest;
- of what did not change nobody hears;
- a change that raises changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, Generic, Self, SupportsIndex, TypeVar, overload

from vango.reactive.equality import Same, same_value
from vango.reactive.signals import Signal
from vango.reactive.tracking import current

__all__ = ["DictSignal", "ListSignal", "SetSignal"]

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
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

    def __len__(self) -> int:
        return len(self())

    def _edit(self) -> C:
        """Return what may be changed in place; give it to `_own` next."""
        self._check_writer()
        if self._shared or current.writes is not None:
            return self.peek().copy()  # type: ignore[return-value]
        return self._value

    def _own(self, value: C) -> None:
        """Hold `value`, which nobody else does."""
        if current.writes is None:
            self._shared = False
        self._put(value)

    def set(self, value: C) -> None:
        """Write another value; nothing happens when it is equal, unless it is the same object again."""
        self._shared = True
        super().set(value)

    def clear(self) -> None:
        """Take everything out."""
        if super().peek():
            items = self._edit()
            items.clear()
            self._own(items)


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
            item = list(item)
        elif same_value(None, self.peek()[index], item):
            return
        items = self._edit()
        items[index] = item
        self._own(items)

    def __delitem__(self, index: SupportsIndex | slice) -> None:
        items = self._edit()
        del items[index]
        self._own(items)

    def append(self, item: T) -> None:
        """Add an item at the end."""
        items = self._edit()
        items.append(item)
        self._own(items)

    def extend(self, more: Iterable[T]) -> None:
        """Add items at the end."""
        if more := list(more):
            items = self._edit()
            items.extend(more)
            self._own(items)

    def insert(self, index: SupportsIndex, item: T) -> None:
        """Add an item in front of the one at `index`."""
        items = self._edit()
        items.insert(index, item)
        self._own(items)

    def pop(self, index: SupportsIndex = -1) -> T:
        """Take an item out and return it.

        Raises:
            IndexError: There is none.
        """
        items = self._edit()
        item = items.pop(index)
        self._own(items)
        return item

    def remove(self, item: T) -> None:
        """Take out the first item that equals `item`.

        Raises:
            ValueError: There is none.
        """
        items = self._edit()
        items.remove(item)
        self._own(items)

    def sort(self, *, key: Callable[[T], Any] | None = None, reverse: bool = False) -> None:
        """Put the items in order, equal ones as they stand."""
        self._check_writer()
        self.set(sorted(self.peek(), key=key, reverse=reverse))  # type: ignore[type-var, arg-type]

    def reverse(self) -> None:
        """Turn the order round."""
        self._check_writer()
        self.set(self.peek()[::-1])


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

    @overload
    def get(self, key: K) -> V | None: ...
    @overload
    def get(self, key: K, default: V | T) -> V | T: ...
    def get(self, key: K, default: Any = None) -> Any:
        """Return the value of `key`, `default` if there is none."""
        return self().get(key, default)

    def merge(self, other: Mapping[K, V]) -> None:
        """Take over the values of `other`."""
        old = self.peek()
        new = {key: value for key, value in other.items() if key not in old or _differs(old[key], value)}
        if new:
            items = self._edit()
            items.update(new)
            self._own(items)

    @overload
    def pop(self, key: K) -> V: ...
    @overload
    def pop(self, key: K, default: V | T) -> V | T: ...
    def pop(self, key: K, default: Any = _NO_DEFAULT) -> Any:
        """Take a key out and return its value, or `default` if one is given.

        Raises:
            KeyError: There is no such key and no `default`.
        """
        if default is not _NO_DEFAULT and key not in self.peek():
            return default
        items = self._edit()
        value = items.pop(key)
        self._own(items)
        return value


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
        if not more <= self.peek():
            items = self._edit()
            items |= more
            self._own(items)

    def discard(self, item: T) -> None:
        """Take an item out, if it is in there."""
        self.subtract((item,))

    def remove(self, item: T) -> None:
        """Take an item out.

        Raises:
            KeyError: It is not in there.
        """
        items = self._edit()
        items.remove(item)
        self._own(items)

    def subtract(self, fewer: Iterable[T]) -> None:
        """Take items out."""
        fewer = set(fewer)
        if not fewer.isdisjoint(self.peek()):
            items = self._edit()
            items -= fewer
            self._own(items)

    def toggle(self, item: T) -> None:
        """Put an item in, or take it out if it is in there."""
        if item in self.peek():
            self.discard(item)
        else:
            self.add(item)


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


def _differs(old: object, new: object) -> bool:
    return not same_value(None, old, new)
