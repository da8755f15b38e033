"""State that a body makes and finds again at its next render, by where it was made.

While a body runs, `signal`, `memo`, `effect`, `interval` and their kin are found again by the path of call
sites from the body down to the call, their `key=`, and a counter where the path repeats. So a function that
makes state may be called in two places and gives two states, and state inside an `if` is legal.
Outside a running body these functions always make something new.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from inspect import iscoroutine, iscoroutinefunction
from typing import TYPE_CHECKING, Any, Final, TypedDict, TypeVar, Unpack, overload

from vango.components.host import running_host
from vango.naming import label, name, require_function
from vango.reactive.blocks import untracked
from vango.reactive.collections import DictSignal, ListSignal, SetSignal, collection_of
from vango.reactive.effects import Effect, on_cleanup
from vango.reactive.equality import Same
from vango.reactive.onlooker import refuse_early
from vango.reactive.signals import Memo, Signal
from vango.reactive.tracking import Frame, current, settle

if TYPE_CHECKING:
    from vango.components.scope import Scope
    from vango.components.states import States

__all__ = ["effect", "memo", "on_cleanup", "on_mount", "signal"]

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")

_NOTHING: Final[Any] = object()


class _Options(TypedDict, total=False):
    """What `signal` takes beside what it holds."""

    key: Hashable
    same: Same | None


@overload
def signal(value: list[T], /, **options: Unpack[_Options]) -> ListSignal[T]: ...
@overload
def signal(value: dict[K, V], /, **options: Unpack[_Options]) -> DictSignal[K, V]: ...
@overload
def signal(value: set[T], /, **options: Unpack[_Options]) -> SetSignal[T]: ...
@overload
def signal(value: T, /, **options: Unpack[_Options]) -> Signal[T]: ...
@overload
def signal(*, init: Callable[[], list[T]], **options: Unpack[_Options]) -> ListSignal[T]: ...
@overload
def signal(*, init: Callable[[], dict[K, V]], **options: Unpack[_Options]) -> DictSignal[K, V]: ...
@overload
def signal(*, init: Callable[[], set[T]], **options: Unpack[_Options]) -> SetSignal[T]: ...
@overload
def signal(*, init: Callable[[], T], **options: Unpack[_Options]) -> Signal[T]: ...
def signal(
    value: Any = _NOTHING, /, *, init: Any = _NOTHING, key: Hashable = None, same: Same | None = None
) -> Signal[Any]:
    """Return a signal: in a body the same one at each render, else a new one.

    A plain list, dict or set makes a `ListSignal`, `DictSignal` or `SetSignal`, with the ways to change it.

    Args:
        value: What it holds at first.
        init: Instead of `value`, a function that makes it, called once: for costly starts.
        key: Its identity where the place alone does not tell, in a loop.
        same: `same(old, new)` says whether a write changes nothing.

    Raises:
        RuntimeError: The same place is reached more or less often than in the last render.
        TypeError: Neither or both of `value` and `init` are given.
    """
    body = current.frame.body
    if body is None:
        return _new_signal(value, init, same)
    states: States = body.states()
    place = states.find(key, "signal")
    found = states.get(place, Signal)
    if found is None:
        found = _new_signal(value, init, same)
        states.put(place, found)
    return found


def memo(fn: Callable[[], T], *, key: Hashable = None, same: Same | None = None) -> Memo[T]:
    """Return a memo: in a body the same one at each render, else a new one.

    In a body it computes again when what it read has changed, or what `fn` captured.

    Args:
        fn: Reads signals and memos and returns the value.
        key: Its identity where the place alone does not tell, in a loop.
        same: `same(old, new)` says whether a new result wakes nobody.

    Raises:
        RuntimeError: The same place is reached more or less often than in the last render.
        TypeError: `fn` is no function, or an `async def`.
    """
    body = current.frame.body
    if body is None:
        return Memo(fn, same=same)
    states: States = body.states()
    place = states.find(key, "memo")
    found = states.get(place, Memo)
    if found is None:
        found = Memo(fn, same=same)
        states.put(place, found)
    else:
        found._replace(fn)
    return found


def effect(fn: Callable[[], object], *, key: Hashable = None) -> Effect:
    """Run `fn` now and again after each batch that changed something it read.

    In a body it runs first when the render is on the page, again when what it captured has changed,
    and stops when a render does not reach it or the scope ends. In an effect it ends with the run, in a
    handler with the session; everywhere else only `dispose()` stops it.

    Args:
        fn: May return a function, which is called before the next run and at the end.
        key: Its identity where the place alone does not tell, in a loop.

    Raises:
        RuntimeError: The same place is reached more or less often than in the last render; or a memo runs,
            or a `blocking` function.
        TypeError: `fn` is no function, or an `async def`.
    """
    frame = current.frame
    body = frame.body
    if body is None:
        return _free_effect(fn, frame)
    states: States = body.states()
    place = states.find(key, "effect")
    found = states.get(place, Effect)
    if found is None:
        found = Effect(fn, scope=body, report=body.work.report)
        states.put(place, found)
        states.start_later(found)
    elif found.replace(fn) or not found.started:
        states.start_later(found)
    return found


def on_mount(fn: Callable[[], object], *, key: Hashable = None) -> None:
    """Run `fn` once, when the first render of the body is on the page; what it reads wakes nobody.

    Args:
        fn: May return a function, which is called when the scope ends.
        key: Its identity where the place alone does not tell, in a loop.

    Raises:
        RuntimeError: No body runs, or the same place is reached more or less often than in the last render.
        TypeError: `fn` is no function, or an `async def`.
    """
    require_function(fn, "on_mount()", "on_mount(announce), without calling it")
    if iscoroutinefunction(fn):
        raise TypeError(f"on_mount() cannot wait for {name(fn)}, an async def; write spawn({label(fn)})")
    body = current.frame.body
    if body is None:
        raise RuntimeError("on_mount() belongs into a component's body, while it runs")

    @wraps(fn)
    def once() -> object:
        with untracked():
            return fn()

    states: States = body.states()
    place = states.find(key, "on_mount")
    found = states.get(place, Effect)
    if found is None:
        found = Effect(once, scope=body, report=body.work.report)
        states.put(place, found)
    if not found.started:
        states.start_later(found)


def _new_signal(value: Any, init: Any, same: Same | None) -> Signal[Any]:
    if (value is _NOTHING) is (init is _NOTHING):
        raise TypeError("write signal(value), or signal(init=function) for a costly start")
    if init is not _NOTHING:
        value = _made_by(init)
    made = collection_of(value, same)
    return Signal(value, same=same) if made is None else made


def _made_by(init: Any) -> Any:
    require_function(init, "signal(init=...)", "signal(init=load), without calling it")
    now = current
    outer = now.frame
    now.frame = Frame(None, None, None, outer.memo, outer)
    try:
        value = init()
    finally:
        now.frame = outer
    if iscoroutine(value):
        value.close()
        raise TypeError(
            f"signal(init={label(init)}) cannot wait for an async def; write resource({label(init)})"
        )
    return value


class _OfHandler(Effect):
    """An effect that ends with its session."""

    __slots__ = ()

    def dispose(self) -> None:
        """Run its cleanups and never run again."""
        self._scope.work.loose.pop(self, None)
        super().dispose()


def _free_effect(fn: Callable[[], object], frame: Frame) -> Effect:
    if frame.memo is not None:
        raise RuntimeError("a memo only computes; make the effect in the body, outside the memo")
    if current.writes is not None:
        raise RuntimeError("effect() belongs on the loop; from a thread write session.dispatch(effect, ...)")
    owner = frame.owner
    host = running_host.get(None) if owner is None else None
    if host is not None:
        return _effect_of_handler(fn, host.scope)
    scope = owner.owning_scope() if owner is not None else None
    made = Effect(fn, scope=scope, report=scope.work.report if scope is not None else None)
    if owner is not None:
        on_cleanup(made.dispose)
    _run_first(made)
    return made


def _effect_of_handler(fn: Callable[[], object], scope: Scope) -> Effect:
    refuse_early("effect() was called")
    made = _OfHandler(fn, scope=scope, report=scope.work.report)
    scope.work.loose[made] = None
    try:
        _run_first(made)
    finally:
        if scope.is_gone:
            made.dispose()  # nothing else would: the session has ended, and its handler still runs
    return made


def _run_first(made: Effect) -> None:
    made.run()
    if not current.depth and current.queue:
        settle()
