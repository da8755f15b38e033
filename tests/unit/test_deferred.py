"""Writes of a worker thread: what `blocking` handlers need (rule 7)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from view_driver import Page

from vango import html as h
from vango.components.state import effect, signal
from vango.reactive.deferred import Writes, deferred_writes
from vango.reactive.signals import Memo, Signal


def in_worker(run: Callable[[], Any]) -> tuple[Writes, Any]:
    """Run a function in another thread with its writes deferred."""
    result: list[Any] = []

    def work() -> None:
        with deferred_writes() as writes:
            result.extend((writes, run()))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return result[0], result[1]


def test_writes_are_made_when_they_are_applied_in_one_batch() -> None:
    left, right = Signal(0), Signal(0)
    seen: list[tuple[int, int]] = []
    effect(lambda: seen.append((left(), right())))

    def work() -> None:
        left.set(1)
        right.update(lambda n: n + 2)
        right.update(lambda n: n + 2)

    writes, _ = in_worker(work)
    assert seen == [(0, 0)]
    assert len(writes) == 2
    writes.apply()
    assert seen == [(0, 0), (1, 4)]
    writes.apply()
    assert len(seen) == 2


def test_the_writing_thread_sees_its_writes_and_nobody_else_does() -> None:
    count = Signal(1)
    double = Memo(lambda: count() * 2)
    assert double() == 2

    def work() -> Any:
        count.set(10)
        return count(), count.value, count.peek(), double(), double.peek()

    writes, seen = in_worker(work)
    assert seen == (10, 10, 10, 20, 20)
    assert (count(), double()) == (1, 2)
    writes.apply()
    assert (count(), double()) == (10, 20)


def test_an_observed_signal_may_be_written_so() -> None:
    count = Signal(0)
    page = Page(h.p[count])
    writes, _ = in_worker(lambda: count.set(3))
    assert page.html == "<p>0</p>"
    writes.apply()
    page.flush()
    assert page.html == "<p>3</p>"


def test_it_ends_with_the_block() -> None:
    count = Signal(0)

    def work() -> None:
        with deferred_writes():
            count.set(1)
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        work()
    assert count() == 0
    count.set(2)
    assert count() == 2


MEANWHILE: list[tuple[Any, Callable[[Any], object], Callable[[Any], object], Any]] = [
    # what it holds, what the thread does, what happens on the loop meanwhile, what comes of both
    (1, lambda s: s.update(lambda n: n + 1), lambda s: s.set(10), 11),
    (1, lambda s: s.set(5), lambda s: s.set(10), 5),
    (1, lambda s: (s.set(5), s.update(lambda n: n * 2)), lambda s: s.set(7), 10),
    ([1], lambda s: s.append(2), lambda s: s.append(3), [1, 3, 2]),
    ([1], lambda s: s.extend([2, 3]), lambda s: s.insert(0, 0), [0, 1, 2, 3]),
    ([5, 6], lambda s: s.pop(), lambda s: s.append(7), [5, 7]),
    ([5, 5], lambda s: s.pop(0), lambda s: s.append(7), [5, 7]),
    ([5, 6], lambda s: s.pop(0), lambda s: s.pop(0), [6]),
    ([5, 6], lambda s: s.remove(6), lambda s: s.clear(), []),
    ([5, 6], lambda s: s.__setitem__(1, 60), lambda s: s.insert(0, 4), [4, 5, 60]),
    ([5, 6, 5], lambda s: s.__setitem__(2, 50), lambda s: s.append(7), [5, 6, 50, 7]),
    ([5, 6], lambda s: s.__setitem__(-1, 60), lambda s: s.pop(), [5]),
    ([5, 6, 7], lambda s: s.__delitem__(slice(0, 2)), lambda s: s.insert(0, 4), [4, 7]),
    ([3, 1], lambda s: s.sort(), lambda s: s.append(2), [1, 2, 3]),
    ([1, 2], lambda s: s.reverse(), lambda s: s.append(3), [3, 2, 1]),
    ([1], lambda s: s.mutate(lambda items: items.append(2)), lambda s: s.append(3), [1, 3, 2]),
    ({"a": 1}, lambda s: s.__setitem__("b", 2), lambda s: s.__setitem__("c", 3), {"a": 1, "c": 3, "b": 2}),
    ({"a": 1}, lambda s: s.pop("a"), lambda s: s.clear(), {}),
    ({"a": 1}, lambda s: s.setdefault("b", 2), lambda s: s.__setitem__("b", 3), {"a": 1, "b": 3}),
    ({1}, lambda s: s.add(2), lambda s: s.add(3), {1, 2, 3}),
    ({1, 2}, lambda s: s.remove(1), lambda s: s.clear(), set()),
    ({1, 2}, lambda s: s.toggle(1), lambda s: s.add(3), {2, 3}),
]


@pytest.mark.parametrize(("start", "thread", "loop", "both"), MEANWHILE)
def test_what_somebody_else_wrote_meanwhile_is_not_lost(
    start: Any, thread: Any, loop: Any, both: Any
) -> None:
    shared = signal(start)
    writes, _ = in_worker(lambda: thread(shared))
    loop(shared)
    writes.apply()
    assert shared() == both


def test_a_write_that_raises_on_what_is_there_by_now_stops_no_other() -> None:
    count, rows, done = signal(4), signal([1]), signal(False)

    def work() -> None:
        count.update(lambda n: 12 // n)
        rows.append(2)
        done.set(True)

    writes, _ = in_worker(work)
    count.set(0)
    rows.append(3)
    with pytest.raises(ZeroDivisionError):
        writes.apply()
    assert (count(), rows(), done()) == (0, [1, 3, 2], True)


def test_a_function_is_called_once_where_nobody_else_has_written() -> None:
    count = signal(1)
    calls: list[int] = []

    def more(n: int) -> int:
        calls.append(n)
        return n + 1

    writes, _ = in_worker(lambda: count.update(more))
    writes.apply()
    assert (count(), calls) == (2, [1])


def test_a_thread_computes_a_memo_once_for_each_write() -> None:
    count, calls = signal(1), []

    def compute() -> int:
        calls.append(count())
        return count() * 2

    double = Memo(compute)

    def work() -> list[int]:
        seen = [double(), double()]
        count.set(5)
        return [*seen, double(), double.peek()]

    _, seen = in_worker(work)
    assert (seen, calls) == ([2, 2, 10, 10], [1, 5])
