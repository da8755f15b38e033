"""One thread of time for all: what happens when, and a loop that says when nothing moves any more."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
import selectors
from collections.abc import Callable

from vango.clock import DrivenClock

__all__ = ["Agenda", "QuietLoop", "ServerClock"]


class QuietLoop(asyncio.SelectorEventLoop):
    """Runs what is ready, and stops when nothing is: it waits for nothing but what the simulation does."""

    def __init__(self) -> None:
        super().__init__(_Never(self))

    def __enter__(self) -> QuietLoop:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def settle(self) -> None:
        """Return when every task waits."""
        self.run_forever()


class _Never(selectors.DefaultSelector):
    """No file is ever ready; a loop that would wait for one has nothing left to do."""

    def __init__(self, loop: QuietLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout != 0:
            self._loop.stop()
        return []


class Agenda:
    """What happens when, in seconds; of two at the same time that which was entered first.

    Attributes:
        now: The time.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self._order = itertools.count()
        self._queue: list[tuple[float, int, Callable[[], object]]] = []

    @property
    def next(self) -> float:
        """When something happens, infinity if nothing will."""
        return self._queue[0][0] if self._queue else math.inf

    def at(self, when: float, act: Callable[[], object]) -> tuple[float, int, Callable[[], object]]:
        """Enter `act`; what is returned takes it back with `forget`."""
        entry = (when, next(self._order), act)
        heapq.heappush(self._queue, entry)
        return entry

    def forget(self, entry: tuple[float, int, Callable[[], object]]) -> None:
        """Take an entry back; nothing happens if it was called."""
        if entry in self._queue:
            self._queue.remove(entry)
            heapq.heapify(self._queue)

    def pop(self) -> Callable[[], object]:
        """Go to the next entry and return what is to be done."""
        when, _, act = heapq.heappop(self._queue)
        self.now = max(self.now, when)
        return act


class ServerClock(DrivenClock):
    """The server's time: that of the world, but it may jump ahead.

    Attributes:
        skew: By how many seconds it is ahead.
        deadlines: What the server waits for, in its own time.
    """

    def __init__(self, world: Agenda) -> None:
        self._world = world
        self.skew = 0.0
        self.deadlines = Agenda()

    @property
    def due(self) -> float:
        """When the next deadline is, in the time of the world."""
        return self.deadlines.next - self.skew

    def now(self) -> float:
        """Seconds of the server."""
        return self._world.now + self.skew

    def _keep(self, when: float, fire: Callable[[], object]) -> Callable[[], object]:
        entry = self.deadlines.at(when, fire)
        return lambda: self.deadlines.forget(entry)
