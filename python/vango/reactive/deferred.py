"""Writes made in a worker thread, applied where the signals are observed."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from vango.reactive.blocks import batch
from vango.reactive.tracking import current

if TYPE_CHECKING:
    from vango.reactive.signals import Memo, Signal

T = TypeVar("T")


class _Change:
    """What one signal was made to hold, and how."""

    __slots__ = ("again", "value", "version")

    def __init__(self, version: int) -> None:
        self.version = version  # of the signal, when it was written first
        self.value: Any = None
        self.again: list[Callable[[], object]] = []  # the steps, for a signal that is another one by then


class Writes:
    """What was written to each signal; reads in the writing thread see it."""

    __slots__ = ("_changes", "_computed", "_count")

    def __init__(self) -> None:
        self._changes: dict[Signal[Any], _Change] = {}
        self._computed: dict[Memo[Any], tuple[tuple[int, int], Any]] = {}
        self._count = 0

    def __len__(self) -> int:
        return len(self._changes)

    def read(self, signal: Signal[T]) -> T:
        """Return what was written, else what the signal holds."""
        change = self._changes.get(signal)
        return signal._value if change is None else cast("T", change.value)

    def write(self, signal: Signal[T], value: T, again: Callable[[], object]) -> None:
        """Remember a write; `again` makes it on the loop where somebody else has written since."""
        change = self._changes.get(signal)
        if change is None:
            change = self._changes[signal] = _Change(signal._version)
        change.value = value
        change.again.append(again)
        self._count += 1

    def compute(self, memo: Memo[T], epoch: int) -> T:
        """Return what a memo's function gives, called again only when anything was written since."""
        state = (epoch, self._count)
        known = self._computed.get(memo)
        if known is None or known[0] != state:
            self._computed[memo] = known = (state, memo._fn())
        return cast("T", known[1])

    def apply(self) -> None:
        """Make all writes in one batch, in the order of each signal's first write, and forget them.

        A signal that nobody else has written takes the last value. On any other the writes are made one by
        one: `count.update(...)` and `rows.append(...)` change what it holds now, and `set` replaces that.
        Call it in the thread where the signals are observed.

        Raises:
            Exception: What a step raised on a value that is another one by now, several as an
                `ExceptionGroup`; all others were made.
        """
        changes, self._changes = self._changes, {}
        errors: list[Exception] = []
        with batch():
            for signal, change in changes.items():
                if signal._version == change.version:
                    signal.set(change.value)
                    continue
                for step in change.again:
                    try:
                        step()
                    except Exception as error:
                        errors.append(error)
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise ExceptionGroup("several writes of a thread raised", errors)


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
