"""vango.clock: time that a test moves by hand, and all timers in one task."""

import gc
import threading

import anyio
import anyio.lowlevel
import anyio.to_thread
import pytest

from vango.clock import SystemClock, Timer, Timers, VirtualClock

pytestmark = pytest.mark.anyio


async def test_a_virtual_clock_stands_still_and_fires_deadlines_in_their_order() -> None:
    clock = VirtualClock()
    woken: list[tuple[float, str]] = []

    async def sleeper(seconds: float, name: str) -> None:
        await clock.sleep(seconds)
        woken.append((clock.now(), name))

    async with anyio.create_task_group() as tasks:
        for seconds, name in ((3, "c"), (1, "a"), (2, "b"), (60, "late")):
            tasks.start_soon(sleeper, seconds, name)
        await clock.advance(0.5)
        assert woken == []
        await clock.advance(2.5)
        assert woken == [(1, "a"), (2, "b"), (3, "c")]
        assert clock.now() == 3
        tasks.cancel_scope.cancel()


async def test_a_sleep_that_begins_during_an_advance_counts_from_there() -> None:
    clock = VirtualClock()
    ticks: list[float] = []

    async def ticker() -> None:
        while True:
            await clock.sleep(1)
            ticks.append(clock.now())

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ticker)
        await clock.advance(4)
        tasks.cancel_scope.cancel()
    assert ticks == [1, 2, 3, 4]


async def test_move_on_after_cancels_at_its_deadline() -> None:
    clock = VirtualClock()
    caught: list[bool] = []

    async def wait(seconds: float) -> None:
        with clock.move_on_after(5) as scope:
            await clock.sleep(seconds)
        caught.append(scope.cancelled_caught)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(wait, 3)
        tasks.start_soon(wait, 60)
        await clock.advance(10)
    assert caught == [False, True]


@pytest.mark.parametrize("round_", range(90, 120))
async def test_settling_waits_for_what_follows_a_thread_whenever_that_ends(round_: int) -> None:
    clock = VirtualClock()
    go = threading.Event()
    returned = threading.Event()
    done: list[int] = []

    async def follow(depth: int) -> None:
        """End task group by task group: who waits for one is woken by a callback, not by a task."""
        if depth:
            async with anyio.create_task_group() as inner:
                inner.start_soon(follow, depth - 1)
        done.append(depth)

    def work() -> None:
        go.wait()
        threading.Timer(0.01, returned.set).start()

    async def ask() -> None:
        await anyio.to_thread.run_sync(work)
        await follow(5)

    async def let_go() -> None:
        """Hold the loop in that round of `settle` until the thread has given back its answer."""
        for _ in range(round_):
            await anyio.lowlevel.checkpoint()
        go.set()
        returned.wait()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask)
        await clock.settle()
        tasks.start_soon(let_go)
        await clock.settle(threads=True)
        assert done == [0, 1, 2, 3, 4, 5]


async def test_timers_fire_once_in_order_and_can_be_taken_back() -> None:
    clock = VirtualClock()
    timers = Timers(clock)
    fired: list[str] = []
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(timers.run)
        await clock.settle()
        timers.after(2, lambda: fired.append("b"))
        timers.after(1, lambda: fired.append("a"))
        timers.after(3, lambda: fired.append("never")).cancel()
        assert len(timers) == 2
        await clock.advance(10)
        assert fired == ["a", "b"]
        assert len(timers) == 0
        tasks.cancel_scope.cancel()


async def test_cancelled_timers_are_let_go_long_before_they_are_due() -> None:
    def there() -> int:
        return sum(type(one) is Timer for one in gc.get_objects())

    timers = Timers(VirtualClock())
    gc.collect()
    before = there()  # those of other tests, whose sessions may live
    kept = [timers.after(n, lambda: None) for n in range(50)]
    for _ in range(1000):
        timers.after(3600, lambda: None).cancel()
    assert there() - before < 3 * len(kept)
    assert len(timers) == len(kept)


async def test_a_timer_knows_by_how_much_the_loop_was_late() -> None:
    clock = VirtualClock()
    timers = Timers(clock)
    lags: list[float] = []
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(timers.run)
        await clock.settle()
        timers.after(1, lambda: lags.append(timers.lag))
        await clock.advance(1)
        timers.after(1, lambda: lags.append(timers.lag))
        clock.elapse(4)
        await clock.advance(0)
        tasks.cancel_scope.cancel()
    assert lags == [0, 3]


async def test_the_clock_of_the_machine_goes_on() -> None:
    clock = SystemClock()
    before = clock.now()
    await clock.sleep(0)
    with clock.move_on_after(0) as scope:
        await clock.sleep(3600)
    assert scope.cancelled_caught
    assert clock.now() >= before
