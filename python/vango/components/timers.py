"""Timers: `interval` and `timeout`."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from vango.components.activities import Activity, Surroundings, begin
from vango.components.handlers import is_blocking
from vango.naming import name, require_function

__all__ = ["Interval", "Timeout", "interval", "timeout"]


class _Timer(Activity):
    """A function that the host calls later; the newest one that its body gave."""

    __slots__ = ("fn", "seconds")

    def __init__(self, around: Surroundings, seconds: float, fn: Callable[[], object]) -> None:
        super().__init__(around)
        self.seconds = seconds
        self.fn = fn

    def renew(self, seconds: float, fn: Callable[[], object]) -> None:
        """Call `fn` from now on, and wait anew if the time is another."""
        self.fn = fn
        if seconds != self.seconds:
            self.seconds = seconds
            if self._cancel is not None:
                self._cancel()
                self._cancel = None
                self.start()

    def __call__(self) -> object:
        """Call the newest function and return what it gives; the host awaits that if it can."""
        return self.fn()

    @property
    def __wrapped__(self) -> Callable[[], object]:
        """The newest function, by which messages name the timer."""
        return self.fn


class Interval(_Timer):
    """A function that is called again and again; `dispose()` stops it."""

    __slots__ = ()

    def _begin(self) -> Callable[[], None]:
        return self.around.host.every(self.seconds, self)


class Timeout(_Timer):
    """A function that is called once; `dispose()` before that takes it back."""

    __slots__ = ()

    def _begin(self) -> Callable[[], None]:
        return self.around.host.after(self.seconds, self)


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
    _check("interval", "tick", seconds, fn)
    return begin(
        "interval",
        Interval,
        key,
        lambda around, _: Interval(around, seconds, fn),
        lambda found: found.renew(seconds, fn),
        in_handlers=False,
    )


def timeout(seconds: float, fn: Callable[[], object], *, key: Hashable = None) -> Timeout:
    """Call `fn` once, after `seconds`.

    In a body the time begins when a browser is there, and begins anew when another number is given; it is
    over when the scope ends. In an effect the end of the run takes it back, in a handler only `dispose()` and
    the end of the session do.

    Args:
        seconds: How long, above 0.
        fn: A function, or an `async def`. In a body, the newest one is called.
        key: Its identity where the place alone does not tell, in a loop.

    Raises:
        RuntimeError: Neither a body, an effect nor a handler runs.
        TypeError: `seconds` is no number, or `fn` no function that the loop may call.
        ValueError: `seconds` is not above 0.
    """
    _check("timeout", "remind", seconds, fn)
    return begin(
        "timeout",
        Timeout,
        key,
        lambda around, _: Timeout(around, seconds, fn),
        lambda found: found.renew(seconds, fn),
    )


def _check(what: str, example: str, seconds: float, fn: object) -> None:
    if not isinstance(seconds, (int, float)):
        raise TypeError(
            f"{what}({seconds!r:.80}, ...): a number of seconds comes first, as in {what}(1, {example})"
        )
    require_function(fn, f"{what}()", f"{what}(1, {example}), without calling {example}")
    if is_blocking(fn):
        raise TypeError(
            f"{what}() calls {name(fn)} on the loop, where blocking() has no effect; write an async def "  # type: ignore[arg-type]
            "that awaits anyio.to_thread.run_sync(function), and set signals after it"
        )
    if not seconds > 0:
        period = "the period" if what == "interval" else "the time"
        raise ValueError(f"{what}({seconds!r}, ...): {period} is in seconds and above 0")
