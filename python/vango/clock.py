"""Time: the only file that names sleep, deadlines and the clock.

Everything else is given a `Clock`, so a test can hold time still and move it by hand.
"""

import heapq
import itertools
import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import anyio
import anyio.lowlevel
import anyio.to_thread
from anyio import CancelScope

__all__ = ["Clock", "DrivenClock", "SystemClock", "Timer", "Timers", "VirtualClock"]


class Clock(ABC):
    """What tells the time and waits for it."""

    @abstractmethod
    def now(self) -> float:
        """Seconds since a moment that does not change; never goes back."""

    def wall(self) -> float:
        """Seconds since the epoch, for what others date; it may be set back."""
        return time.time()

    @abstractmethod
    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""

    @abstractmethod
    def move_on_after(self, seconds: float) -> AbstractContextManager[CancelScope]:
        """Cancel the block after `seconds`; `.cancelled_caught` of what it gives says if that happened."""


class SystemClock(Clock):
    """The time of the machine."""

    __slots__ = ()

    now = staticmethod(time.monotonic)

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        await anyio.sleep(seconds)

    def move_on_after(self, seconds: float) -> AbstractContextManager[CancelScope]:
        """Cancel the block after `seconds`."""
        return anyio.move_on_after(None if seconds == math.inf else seconds)


class DrivenClock(Clock):
    """The base of clocks that are moved by hand: they differ in how a deadline is kept."""

    __slots__ = ()

    def wall(self) -> float:
        """As `now`: the epoch of such a clock is its beginning."""
        return self.now()

    async def sleep(self, seconds: float) -> None:
        """Return when the clock has been moved by `seconds`."""
        if seconds <= 0:
            await anyio.lowlevel.checkpoint()
            return
        over = anyio.Event()
        with self._deadline(seconds, over.set):
            await over.wait()

    @contextmanager
    def move_on_after(self, seconds: float) -> Iterator[CancelScope]:
        """Cancel the block when the clock has been moved by `seconds`."""
        with CancelScope() as scope, self._deadline(seconds, scope.cancel):
            yield scope

    @contextmanager
    def _deadline(self, seconds: float, fire: Callable[[], object]) -> Iterator[None]:
        if seconds == math.inf:
            yield
            return
        forget = self._keep(self.now() + seconds, fire)
        try:
            yield
        finally:
            forget()

    @abstractmethod
    def _keep(self, when: float, fire: Callable[[], object]) -> Callable[[], object]:
        """Call `fire` at `when`; the returned function takes that back if it is still to come."""


class VirtualClock(DrivenClock):
    """A clock that stands still until a test moves it."""

    __slots__ = ("_now", "_order", "_queue")

    def __init__(self) -> None:
        self._now = 0.0
        self._order = itertools.count()
        self._queue: list[tuple[float, int, Callable[[], object]]] = []

    def now(self) -> float:
        """Seconds by which this clock was moved."""
        return self._now

    async def advance(self, seconds: float) -> None:
        """Move by `seconds`, deadline by deadline in their order; tasks come to rest after each."""
        goal = self._now + seconds
        await self.settle()
        while self._queue and self._queue[0][0] <= goal:
            when, _, fire = heapq.heappop(self._queue)
            self._now = max(self._now, when)
            fire()
            await self.settle()
        self._now = goal

    def elapse(self, seconds: float) -> None:
        """Move by `seconds` while no task runs: what code that holds the loop does to the clock."""
        self._now += seconds

    async def settle(self, *, threads: bool = False) -> None:
        """Return when every other task waits for something.

        Args:
            threads: Whether to go on until no worker thread has been at work for a while either.
        """
        limiter = anyio.to_thread.current_default_thread_limiter()
        at_work = True
        while at_work:
            # What a thread gives back comes at any moment, so also at the end of a round, where a task that
            # is about to be woken by a callback looks as if it waited: such a round is not the last one.
            at_work = False
            # anyio polls ten times a second where a task is still ready: let them run first.
            for _ in range(100):
                await anyio.lowlevel.checkpoint()
                at_work = at_work or (threads and limiter.borrowed_tokens > 0)
            await anyio.wait_all_tasks_blocked()

    def _keep(self, when: float, fire: Callable[[], object]) -> Callable[[], object]:
        entry = (when, next(self._order), fire)
        heapq.heappush(self._queue, entry)

        def forget() -> None:
            if entry in self._queue:
                self._queue.remove(entry)
                heapq.heapify(self._queue)

        return forget


_FEW = 64


class Timer:
    """One call in the future; `cancel()` takes it back."""

    __slots__ = ("callback", "due")

    def __init__(self, due: float, callback: Callable[[], object] | None) -> None:
        self.due = due
        self.callback = callback

    def cancel(self) -> None:
        """Never call; nothing happens if it has been called."""
        self.callback = None

    def __lt__(self, other: "Timer") -> bool:
        return self.due < other.due


class Timers:
    """All timers of a process in one task, so that an idle session costs none.

    `lag` is by how many seconds the timer that fires now is late: what the loop itself was held up.
    A callback must not raise.
    """

    __slots__ = ("_changed", "_clock", "_full", "_queue", "lag")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queue: list[Timer] = []
        self._full = _FEW
        self._changed: anyio.Event | None = None
        self.lag = 0.0

    def after(self, seconds: float, callback: Callable[[], object]) -> Timer:
        """Call `callback` on the loop after `seconds`; O(log n)."""
        timer = Timer(self._clock.now() + seconds, callback)
        if len(self._queue) >= self._full:
            self._forget_cancelled()
        heapq.heappush(self._queue, timer)
        if self._changed is not None and self._queue[0] is timer:
            self._changed.set()
        return timer

    def __len__(self) -> int:
        return sum(timer.callback is not None for timer in self._queue)

    def _forget_cancelled(self) -> None:
        """Let go of cancelled timers, which else stay until they are due; O(1) for each that was added."""
        self._queue = [timer for timer in self._queue if timer.callback is not None]
        heapq.heapify(self._queue)
        self._full = max(_FEW, 2 * len(self._queue))

    async def run(self) -> None:
        """Fire what is due, until cancelled."""
        while True:
            self._fire()
            wait = self._queue[0].due - self._clock.now() if self._queue else math.inf
            self._changed = anyio.Event()
            with self._clock.move_on_after(wait):
                await self._changed.wait()

    def _fire(self) -> None:
        now = self._clock.now()
        while self._queue and (self._queue[0].due <= now or self._queue[0].callback is None):
            timer = heapq.heappop(self._queue)
            callback, timer.callback = timer.callback, None
            if callback is not None:
                self.lag = now - timer.due
                callback()
