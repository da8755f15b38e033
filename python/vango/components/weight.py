"""What scopes weigh: an estimate of the bytes that a part of a page takes.

Nothing is counted while a page lives; who asks pays one walk over the scopes. The engine says what it keeps,
objects of ours are asked for their own size, and values of the application are looked into as far as `DEPTH`
and `SAMPLE` say.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice
from types import FunctionType
from typing import TYPE_CHECKING, Any

from vango._core import VNode
from vango.components.description import Description
from vango.reactive.tracking import Source

if TYPE_CHECKING:
    from vango.components.scope import Scope

DEPTH = 4
"""Levels of lists, dicts and objects that are looked into."""

SAMPLE = 16
"""Items of a list or a dict that stand for all of them."""

_PLAIN = (str, bytes, int, float, complex, bytearray)
_SEQUENCES = (list, tuple)
_SETS = (set, frozenset)
_TABLES = (list, dict, tuple, set, VNode)


def weigh(root: Scope) -> int:
    """Return about how many bytes a scope takes with all that is mounted in it. O(scopes in it).

    Its nodes are not part of it: those belong to the tree of the view, see `View.weight`.
    """
    total = 0
    scopes = [root]
    while scopes:
        scope = scopes.pop()
        total += _own(scope)
        if isinstance(scope.thing, Description):
            total += _own(scope.thing)
        elif isinstance(scope.thing, FunctionType):
            total += _size(scope.thing) + sum(map(_size, scope.thing.__closure__ or ()))
        scopes += scope._inner()
        if scope._states is not None:
            total += _own(scope._states)
            for entry in scope._states.entries():
                total += _own(entry)
                if isinstance(entry, Source):
                    total += value(getattr(entry, "_value", None))  # a memo has none until it is asked
        for context in (scope._contexts or {}).values():
            total += _own(context)
    return total


def value(thing: Any, depth: int = DEPTH) -> int:
    """Return about how many bytes a value of the application takes; O(1) for lists of any length."""
    kind: Any = type(thing)
    if thing is None or kind is bool or (kind is int and -5 <= thing <= 256):
        return 0  # Python has one of each
    size = _size(thing)
    if depth == 0 or kind in _PLAIN:
        return size
    if kind in _SEQUENCES:
        return size + _items(_spread(thing), len(thing), depth)
    if kind in _SETS:
        return size + _items(list(islice(thing, SAMPLE)), len(thing), depth)
    if kind is dict:
        pairs = list(islice(thing.items(), SAMPLE))
        return size + _items([part for pair in pairs for part in pair], 2 * len(thing), depth)
    own = getattr(kind, "__dictoffset__", 0) and getattr(thing, "__dict__", None)
    if type(own) is dict:
        size += _size(own)
    fields = own if type(own) is dict else {name: getattr(thing, name, None) for name in _fields(kind)}
    return size + _items(list(islice(fields.values(), SAMPLE)), len(fields), depth)


def _items(some: Sequence[Any], count: int, depth: int) -> int:
    """What `count` items take, of which these are some."""
    return sum(value(item, depth - 1) for item in some) * count // len(some) if some else 0


def _spread(items: Sequence[Any]) -> Sequence[Any]:
    if len(items) <= SAMPLE:
        return items
    return [items[index * len(items) // SAMPLE] for index in range(SAMPLE)]


def _own(thing: Any) -> int:
    """What one of our objects takes, with its lists and dicts and without what is in them."""
    total = _size(thing)
    kind: Any = type(thing)
    for name in _slots(kind):
        part = getattr(thing, name, None)
        if type(part) in _TABLES and name != "_value":
            total += _size(part)
    return total


def _size(thing: object) -> int:
    try:
        return sys.getsizeof(thing)
    except Exception:  # a class of the application may say anything of its size
        return object.__sizeof__(thing)


@cache
def _slots(kind: type) -> tuple[str, ...]:
    return tuple(name for base in kind.__mro__ for name in _names(base.__dict__.get("__slots__", ())))


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """The names under which a dataclass with slots keeps its fields; of other classes nothing is known."""
    return tuple(getattr(kind, "__dataclass_fields__", ())) if "__slots__" in kind.__dict__ else ()


def _names(slots: str | Iterable[str]) -> Iterable[str]:
    return (slots,) if isinstance(slots, str) else slots
