"""Timers that live as long as the scope that made them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vango.reactive.equality import Stable

if TYPE_CHECKING:
    from vango.components.work import Work


class Interval(Stable):
    """A function that the host calls again and again while its scope lives."""

    __slots__ = ("__weakref__", "_cancel", "_ended", "_work", "fn", "seconds", "started")

    def __init__(self, work: Work, seconds: float, fn: Callable[[], object]) -> None:
        self._work = work
        self.seconds = seconds
        self.fn = fn
        self._cancel: Callable[[], None] | None = None
        self._ended = False
        self.started = False

    def schedule(self) -> None:
        """Start as soon as a browser is there."""
        if not self._ended:
            self.started = True
            self._work.intervals[self] = None
            self.start()

    def start(self) -> None:
        """Start, if a browser is there."""
        if self._work.live and self._cancel is None and not self._ended:
            self._cancel = self._work.host.every(self.seconds, self)

    def retime(self, seconds: float) -> None:
        """Go on with another period."""
        if seconds != self.seconds:
            self.seconds = seconds
            if self._cancel is not None:
                self._cancel()
                self._cancel = None
                self.start()

    def dispose(self) -> None:
        """Stop."""
        self._ended = True
        self._work.intervals.pop(self, None)
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    def __call__(self) -> object:
        """Call the newest function and return what it gives; the host awaits that if it can."""
        return self.fn()

    @property
    def __wrapped__(self) -> Callable[[], object]:
        """The newest function, by which messages name the timer."""
        return self.fn
