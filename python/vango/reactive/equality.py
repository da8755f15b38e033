"""What counts as unchanged: for signals, for the props of a component, for what a function captured."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, MutableSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import FunctionType, MethodType
from typing import Any, TypeAlias
from uuid import UUID

from vango._core import Slot, VNode

Same: TypeAlias = Callable[[Any, Any], object]
"""Says whether two values are the same; anything but a `bool` counts as no."""


class Stable:
    """Base of objects that stand for themselves: the same object means nothing changed."""

    __slots__ = ()


_EXACT = frozenset({str, int, bool, bytes, type(None), date, timedelta, UUID})
"""Of these, equal values are alike."""
_SHOWN = frozenset({float, complex, Decimal, Fraction})
"""Of these, equal values may show differently: 1.0 and 1.00, 0.0 and -0.0."""
_FUNCTIONS = (FunctionType, MethodType, functools.partial)
_DEPTH = 8  # functions within functions, or dataclasses within dataclasses, that are followed


def same_value(same: Same | None, old: object, new: object) -> bool:
    """Return whether writing `new` over `old` changes nothing.

    If `same` is given, it decides. Without it, two values are the same when they are one object, or `==`
    says so and they show alike: `1`, `1.0` and `True` do not, nor do an hour in two time zones, two orders of
    a dict, or two objects that are equal by their id and differ in a name.
    An answer that raises or is no `bool` (arrays, for one) counts as changed.
    """
    try:
        if same is None:
            return old is new or (
                type(old) is type(new) and (old == new) is True and _alike(old, new, _DEPTH)
            )
        answer = same(old, new)
    except Exception:  # the value's own equality is broken; a render too many is the safe side
        return False
    return isinstance(answer, bool) and answer


def _alike(old: Any, new: Any, depth: int) -> bool:
    """Return whether two equal values show alike; what cannot be told counts as different."""
    kind = type(new)
    if old is new:
        return True
    if type(old) is not kind:
        return False
    if kind in _EXACT:
        return bool(old == new)
    if kind in _SHOWN:
        return str(old) == str(new)
    if isinstance(new, (datetime, time)):
        return bool(old.isoformat() == new.isoformat() and old.tzinfo == new.tzinfo)
    if depth == 0:
        return False
    depth -= 1
    if isinstance(new, (list, tuple)):
        return len(old) == len(new) and all(_alike(a, b, depth) for a, b in zip(old, new, strict=True))
    if isinstance(new, dict):
        pairs = zip(old.items(), new.items(), strict=True)
        return len(old) == len(new) and all(
            _alike(a, b, depth) for pair in pairs for a, b in zip(*pair, strict=True)
        )
    if isinstance(new, (set, frozenset)):
        return bool(old == new) and {(type(item), item) for item in old} == {
            (type(item), item) for item in new
        }
    if is_dataclass(new):
        return all(_alike(getattr(old, f.name), getattr(new, f.name), depth) for f in fields(new))
    # Its own equality may look at an id alone.
    inside = getattr(new, "__dict__", None)
    return bool(old == new) and (inside is None or _alike(vars(old), inside, depth))


def changes_in_place(value: object) -> bool:
    """Return whether a value is a list, dict, set, array or the like: it may hold something else by now."""
    if type(value) in _EXACT:
        return False
    return isinstance(value, (MutableSequence, MutableMapping, MutableSet)) or hasattr(value, "__setitem__")


def same_item(old: object, new: object) -> bool:
    """Return whether writing `new` over `old` in a list or a dict changes nothing.

    `board["todo"] += ["water"]` writes the list that stands there already.
    """
    return same_value(None, old, new) and not (old is new and changes_in_place(new))


def same_prop(old: object, new: object, depth: int = _DEPTH) -> bool:
    """Return whether a component may be skipped as far as this prop is concerned.

    It may for an equal str, number, bool, `None`, enum, or frozen dataclass of these, and for the
    same signal, memo or `VNode`. A list or a plain object may have changed inside, so it never counts
    as the same.
    """
    kind = type(new)
    if type(old) is not kind:
        return False
    if kind in _EXACT:
        return old is new or old == new
    if isinstance(new, (Slot, VNode, Enum, Stable)):
        return old is new
    if isinstance(new, (str, int, float, complex, Decimal, Fraction)):
        return same_value(None, old, new)
    params = kind.__dict__.get("__dataclass_params__")
    if params is None or not params.frozen or depth == 0 or not is_dataclass(new):
        return False
    try:
        return all(same_prop(getattr(old, f.name), getattr(new, f.name), depth - 1) for f in fields(new))
    except Exception:  # a field without a value, or a property that raises
        return False


def same_props(old: Mapping[str, object], new: Mapping[str, object]) -> bool:
    """Return whether every prop may be skipped, see `same_prop`."""
    return len(old) == len(new) and all(name in old and same_prop(old[name], new[name]) for name in new)


def same_function(old: object, new: object, depth: int = _DEPTH) -> bool:
    """Return whether two functions do the same: one code, and captured values that `same_prop` accepts.

    A memo or effect written in a body is a new function at each render; only when it captured
    something else from that body does it have to run again.
    """
    if old is new:
        return True
    if type(old) is not type(new) or depth == 0:
        return False
    if isinstance(old, FunctionType) and isinstance(new, FunctionType):
        return (
            old.__code__ is new.__code__
            and _same_captured(old.__defaults__ or (), new.__defaults__ or (), depth)
            and _same_captured(_sorted(old.__kwdefaults__), _sorted(new.__kwdefaults__), depth)
            and _same_cells(old, new, depth)
        )
    if isinstance(old, MethodType) and isinstance(new, MethodType):
        return old.__self__ is new.__self__ and same_function(old.__func__, new.__func__, depth - 1)
    if isinstance(old, functools.partial) and isinstance(new, functools.partial):
        return (
            same_function(old.func, new.func, depth - 1)
            and _same_captured(old.args, new.args, depth)
            and _same_captured(_sorted(old.keywords), _sorted(new.keywords), depth)
        )
    return False


def _sorted(named: Mapping[str, object] | None) -> tuple[object, ...]:
    return tuple(part for item in sorted(named.items()) for part in item) if named else ()


def _same_cells(old: FunctionType, new: FunctionType, depth: int) -> bool:
    cells = [
        (before, after)
        for before, after in zip(old.__closure__ or (), new.__closure__ or (), strict=True)
        if before is not after  # else a variable from outside the body, which both read as it is now
    ]
    try:
        before = tuple(cell.cell_contents for cell, _ in cells)
        after = tuple(cell.cell_contents for _, cell in cells)
    except ValueError:  # a variable that has no value yet, or no longer
        return False
    return _same_captured(before, after, depth)


def _same_captured(old: tuple[object, ...], new: tuple[object, ...], depth: int) -> bool:
    if len(old) != len(new):
        return False
    return all(
        same_prop(before, after)
        or (isinstance(after, _FUNCTIONS) and same_function(before, after, depth - 1))
        for before, after in zip(old, new, strict=True)
    )
