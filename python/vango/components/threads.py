"""What waits or computes for long, in a worker thread, and what comes of it on the loop.

Invariants maintained here:
- the thread makes no write that anybody sees: what it writes is made on the loop, by `Outcome.take`;
- a thread cannot be stopped: whoever does not want its outcome any more leaves it untaken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, ParamSpec, Protocol, TypeVar

from vango.components.host import Host
from vango.reactive.deferred import Writes, deferred_writes
from vango.reactive.tracking import call

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Blocking(Protocol[P, T_co]):
    """A function that runs in a worker thread; `blocking()` marks one."""

    __vango_blocking__: bool

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T_co:
        """Call the function where it is asked for, without a thread."""


class Outcome(Generic[T]):
    """What a function returned or raised, and the signals that it wrote."""

    __slots__ = ("_error", "_value", "_writes")

    def __init__(self, writes: Writes, value: T | None, error: BaseException | None) -> None:
        self._writes = writes
        self._value = value
        self._error = error

    def take(self) -> T:
        """Make the writes and return the value. Call it on the loop.

        Raises:
            Exception: What the function raised, after its writes were made.
        """
        try:
            self._writes.apply()
        finally:
            if self._error is not None:
                raise self._error
        return self._value  # type: ignore[return-value]  # it returned


def call_deferred(fn: Callable[..., T], *args: Any) -> Outcome[T]:
    """Call `fn(*args)` in the thread of who calls, without making its writes."""
    with deferred_writes() as writes:
        try:
            return Outcome(writes, call(fn, *args), None)
        except (Exception, SystemExit) as error:
            return Outcome(writes, None, error)


async def call_in_thread(host: Host, fn: Callable[..., T], *args: Any) -> T:
    """Call `fn(*args)` in a worker thread, then make its writes and return what it gave.

    Who is cancelled meanwhile waits for the thread too, and nothing comes of it.

    Raises:
        Exception: What `fn` raised.
    """
    outcome = await host.in_thread(lambda: call_deferred(fn, *args))
    return outcome.take()
