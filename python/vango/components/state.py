"""State that a body makes and finds again at its next render, by where it was made.

While a body runs, `signal`, `memo`, `effect` and `interval` are found again by the path of call sites
from the body down to the call, their `key=`, and a counter where the path repeats. So a function that
makes state may be called in two places and gives two states, and state inside an `if` is legal.
Outside a running body these functions always make something new.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

from vango.components.handlers import is_blocking
from vango.components.timers import Interval
from vango.naming import name, require_function
from vango.reactive.effects import Effect, on_cleanup
from vango.reactive.equality import Same
from vango.reactive.signals import Memo, Signal
from vango.reactive.tracking import Frame, current, settle

if TYPE_CHECKING:
    from vango.components.states import States

__all__ = ["effect", "interval", "memo", "on_cleanup", "signal"]

T = TypeVar("T")

_NOTHING: Final[Any] = object()


@overload
def signal(value: T, /, *, key: Hashable = None, same: Same | None = None) -> Signal[T]: ...
@overload
def signal(*, init: Callable[[], T], key: Hashable = None, same: Same | None = None) -> Signal[T]: ...
def signal(
    value: Any = _NOTHING, /, *, init: Any = _NOTHING, key: Hashable = None, same: Same | None = None
) -> Signal[Any]:
    """Return a signal: in a body the same one at each render, else a new one.

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
    and stops when a render does not reach it or the scope ends. Outside a body, `dispose()` stops it.

    Args:
        fn: May return a function, which is called before the next run and at the end.
        key: Its identity where the place alone does not tell, in a loop.

    Raises:
        RuntimeError: The same place is reached more or less often than in the last render.
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


def interval(seconds: float, fn: Callable[[], object], *, key: Hashable = None) -> Interval:
    """Call `fn` each `seconds`, from when a browser is there until the scope ends.

    Args:
        seconds: The period, above 0.
        fn: A function, or an `async def`, which is not called while the last call of it still runs.
            In a body, the newest one is called.
        key: Its identity where the place alone does not tell, in a loop.

    Raises:
        RuntimeError: Neither a body nor an effect runs, so nothing could stop it.
        TypeError: `seconds` is no number, or `fn` no function that the loop may call.
        ValueError: `seconds` is not above 0.
    """
    if not isinstance(seconds, (int, float)):
        raise TypeError(
            f"interval({seconds!r:.80}, ...): a number of seconds comes first, as in interval(1, tick)"
        )
    require_function(fn, "interval()", "interval(1, tick), without calling tick")
    if is_blocking(fn):
        raise TypeError(
            f"interval() calls {name(fn)} on the loop, where blocking() has no effect; write an async def "
            "that awaits anyio.to_thread.run_sync(function), and set signals after it"
        )
    if not seconds > 0:
        raise ValueError(f"interval({seconds!r}, ...): the period is in seconds and above 0")
    frame = current.frame
    body = frame.body
    if body is None:
        scope = frame.owner.owning_scope() if frame.owner is not None else None
        if scope is None:
            raise RuntimeError(
                "interval() belongs into a component's body or an effect, which stop it at their end"
            )
        timer = Interval(scope.work, seconds, fn)
        on_cleanup(timer.dispose)
        timer.schedule()
        return timer
    states: States = body.states()
    place = states.find(key, "interval")
    found = states.get(place, Interval)
    if found is None:
        found = Interval(body.work, seconds, fn)
        states.put(place, found)
        states.start_later(found)
    else:
        found.fn = fn
        found.retime(seconds)
        if not found.started:
            states.start_later(found)
    return found


def _new_signal(value: Any, init: Any, same: Same | None) -> Signal[Any]:
    if (value is _NOTHING) is (init is _NOTHING):
        raise TypeError("write signal(value), or signal(init=function) for a costly start")
    if init is _NOTHING:
        return Signal(value, same=same)
    now = current
    outer = now.frame
    now.frame = Frame(None, None, None, outer.memo, outer)
    try:
        return Signal(init(), same=same)
    finally:
        now.frame = outer


def _free_effect(fn: Callable[[], object], frame: Frame) -> Effect:
    if frame.memo is not None:
        raise RuntimeError("a memo only computes; make the effect in the body, outside the memo")
    owner = frame.owner
    scope = owner.owning_scope() if owner is not None else None
    made = Effect(fn, scope=scope, report=scope.work.report if scope is not None else None)
    if owner is not None:
        on_cleanup(made.dispose)
    made.run()
    if not current.depth and current.queue:
        settle()
    return made
