"""Writes of a worker thread: what `blocking` handlers need (rule 7)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from view_driver import Page

from vango import html as h
from vango.components.state import effect
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
