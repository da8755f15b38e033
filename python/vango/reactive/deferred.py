"""Writes made in a worker thread, applied where the signals are observed."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from vango.reactive.blocks import batch
from vango.reactive.tracking import current

if TYPE_CHECKING:
    from vango.reactive.signals import Signal

T = TypeVar("T")


class Writes:
    """The last value written to each signal; reads in the writing thread see them."""

    __slots__ = ("_values",)

    def __init__(self) -> None:
        self._values: dict[Signal[Any], Any] = {}

    def __len__(self) -> int:
        return len(self._values)

    def read(self, signal: Signal[T]) -> T:
        """Return what was written, else what the signal holds."""
        return cast("T", self._values.get(signal, signal._value))

    def write(self, signal: Signal[T], value: T) -> None:
        """Remember a write."""
        self._values[signal] = value

    def apply(self) -> None:
        """Make all writes in one batch, in the order of each signal's first write, and forget them.

        Call it in the thread where the signals are observed.
        """
        values, self._values = self._values, {}
        with batch():
            for signal, value in values.items():
                signal.set(value)


@contextmanager
def deferred_writes() -> Generator[Writes]:
    """Collect this thread's writes instead of making them; call `apply()` on the loop next."""
    now = current
    outer = now.writes
    now.writes = writes = Writes()
    try:
        yield writes
    finally:
        now.writes = outer
