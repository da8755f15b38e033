"""Signals, memos and effects: rule 2 of the component model, without a view."""

from __future__ import annotations

import gc
import re
import sys
import threading
import weakref
from collections import deque
from typing import Any

import pytest

from vango.components.selector import selector
from vango.components.state import effect, memo, signal
from vango.reactive.effects import Effect, on_cleanup
from vango.reactive.signals import CycleError, Memo, Signal, batch, untracked


class Unequal:
    """Equality that is broken."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def __eq__(self, other: object) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    __hash__ = None  # type: ignore[assignment]


def watch(read: Any) -> list[Any]:
    """Record what `read` gives, at once and after each change."""
    seen: list[Any] = []

    def record() -> None:
        seen.append(read())

    effect(record)
    return seen


class TestSignal:
    def test_reads(self) -> None:
        count = Signal(3)
        assert (count(), count.value, count.peek()) == (3, 3, 3)
        assert repr(count) == "Signal(3)"

    def test_calling_and_value_subscribe_and_peek_does_not(self) -> None:
        for read, times in (("__call__", 2), ("value", 2), ("peek", 1)):
            count = Signal(0)
            runs: list[int] = []

            def run(read: str = read, count: Signal[int] = count, runs: list[int] = runs) -> None:
                runs.append(count.value if read == "value" else getattr(count, read)())

            effect(run)
            count.set(1)
            assert times == len(runs), read

    def test_update_writes_what_the_function_gives(self) -> None:
        count = Signal(1)
        count.update(lambda n: n + 1)
        assert count() == 2

    def test_writing_an_equal_value_wakes_nobody(self) -> None:
        names = Signal(["a"])
        seen = watch(names)
        names.set(["a"])
        assert seen == [["a"]]

    def test_numbers_that_show_differently_are_not_the_same(self) -> None:
        value: Signal[object] = Signal(0)
        seen = watch(value)
        for new in (False, 0, 0.0):
            value.set(new)
        assert [str(value) for value in seen] == ["0", "False", "0", "0.0"]

    def test_the_same_object_is_the_same_value_whatever_its_equality_says(self) -> None:
        odd = Unequal(False)
        seen = watch(value := Signal(odd))
        value.set(odd)
        assert len(seen) == 1

    @pytest.mark.parametrize("answer", [ValueError("ambiguous"), NotImplemented, [True], None, 1])
    def test_equality_that_raises_or_gives_no_bool_counts_as_changed(self, answer: object) -> None:
        seen = watch(value := Signal(Unequal(answer)))
        value.set(Unequal(answer))
        assert len(seen) == 2

    def test_same_decides_when_it_is_given(self) -> None:
        word = Signal("a", same=lambda old, new: old.lower() == new.lower())
        seen = watch(word)
        word.set("A")
        word.set("b")
        assert seen == ["a", "b"]

    def test_same_decides_for_one_object_too(self) -> None:
        row = object()
        seen = watch(value := Signal(row, same=lambda old, new: False))
        value.set(row)
        assert len(seen) == 2

    def test_setting_value_is_set(self) -> None:
        seen = watch(count := Signal(1))
        count.value = 2
        count.value += 1
        assert seen == [1, 2, 3]

    @pytest.mark.parametrize("made", [list, dict, set, bytearray, deque], ids=lambda made: made.__name__)
    def test_what_changes_in_place_counts_as_changed_when_it_is_written_again(self, made: Any) -> None:
        held = made()
        seen = watch(value := Signal(held))
        value.set(held)
        value.set(made())
        assert len(seen) == 2

    def test_an_update_that_changed_a_list_in_place_and_gave_none_says_what_to_write(self) -> None:
        items = Signal([1])
        with pytest.raises(
            TypeError, match=r"test_signals.py:\d+\) returned None; write update\(lambda items:"
        ):
            items.update(lambda old: old.append(2))
        chosen: Signal[int | None] = Signal(1)
        chosen.update(lambda _: None)
        assert chosen() is None

    def test_signals_are_told_apart_by_identity(self) -> None:
        one, other = Signal(1), Signal(1)
        assert one == one
        assert one != other
        assert other not in (one, Memo(lambda: 1))
        assert {one: "one", other: "other"}[one] == "one"

    @pytest.mark.parametrize("read", [Signal(0), Memo(lambda: 0)], ids=["signal", "memo"])
    def test_a_signal_in_place_of_what_it_holds_raises_and_shows_the_call(self, read: Any) -> None:
        kind = type(read).__name__.lower()
        with pytest.raises(TypeError, match=rf"a {kind} is always true; ask what it holds: `if {kind}\(\):`"):
            not read  # noqa: B018
        for plain in (0, "home", None, [1]):
            with pytest.raises(TypeError, match=rf"equals only itself; .* `{kind}\(\) == "):
                plain == read  # noqa: B015
        with pytest.raises(TypeError, match=rf"write {{{kind}\(\)}}, and lambda: f"):
            f"{read}"
        assert f"{read!r}".startswith(kind.capitalize())

    @pytest.mark.parametrize("made", [lambda: Signal(1), lambda: Memo(lambda: 1)], ids=["signal", "memo"])
    @pytest.mark.parametrize(
        ("use", "written"),
        [
            (lambda value: value > 3, r"() > ..."),
            (lambda value: value < 3, r"() < ..."),
            (lambda value: value + 1, r"() + ..."),
            (lambda value: "a" + value, r"... + {}()"),
            (lambda value: 2 - value, r"... - {}()"),
            (lambda value: value * 2, r"() * ..."),
            (lambda value: 1 / value, r"... / {}()"),
            (lambda value: value | {1}, r"() | ..."),
        ],
    )
    def test_it_is_not_what_it_holds(self, made: Any, use: Any, written: str) -> None:
        value = made()
        kind = type(value).__name__.lower()
        with pytest.raises(TypeError, match=re.escape(written.format(kind))):
            use(value)


class TestMemo:
    def test_is_lazy_and_computes_once(self) -> None:
        runs: list[int] = []
        count = Signal(2)
        double = Memo(lambda: runs.append(1) or count() * 2)
        assert runs == []
        assert (double(), double.value, double.peek()) == (4, 4, 4)
        assert len(runs) == 1
        count.set(3)
        assert len(runs) == 1
        assert double() == 6

    def test_a_result_that_is_the_same_wakes_nobody(self) -> None:
        count = Signal(1)
        seen = watch(Memo(lambda: count() % 2))
        count.set(3)
        count.set(4)
        assert seen == [1, 0]

    def test_a_diamond_runs_once_and_sees_no_mixture(self) -> None:
        source = Signal(1)
        left, right = Memo(lambda: source() + 1), Memo(lambda: source() * 10)
        seen = watch(lambda: (left(), right()))
        source.set(2)
        assert seen == [(2, 10), (3, 20)]

    def test_unobserved_diamonds_do_not_multiply_work(self) -> None:
        source = Signal(1)
        runs: list[int] = []

        def diamond(below: Any) -> Memo[int]:
            left, right = (Memo(lambda: runs.append(1) or below() * 1) for _ in range(2))
            return Memo(lambda: left() + right() - below())

        top: Any = source
        for _ in range(25):
            top = diamond(top)
        assert top() == 1
        source.set(2)
        assert top() == 2
        assert len(runs) == 100

    def test_dependencies_are_those_of_the_last_run(self) -> None:
        which, left, right = Signal(True), Signal("l"), Signal("r")
        seen = watch(Memo(lambda: left() if which() else right()))
        right.set("R")
        which.set(False)
        left.set("L")
        right.set("RR")
        assert seen == ["l", "R", "RR"]

    def test_an_error_is_kept_and_raised_until_something_changes(self) -> None:
        runs: list[int] = []
        count = Signal(0)
        ratio = Memo(lambda: runs.append(1) or 10 // count())
        for _ in range(3):
            with pytest.raises(ZeroDivisionError) as caught:
                ratio()
        assert len(runs) == 1
        depth = len(caught.traceback)
        with pytest.raises(ZeroDivisionError) as again:
            ratio()
        assert depth == len(again.traceback)
        count.set(5)
        assert ratio() == 2

    def test_who_reads_a_failing_memo_runs_again_when_it_is_well(self) -> None:
        count = Signal(0)
        ratio = Memo(lambda: 10 // count())

        def read() -> object:
            try:
                return ratio()
            except ZeroDivisionError:
                return "error"

        seen = watch(read)
        count.set(2)
        assert seen == ["error", 5]

    def test_what_is_no_exception_of_the_application_is_not_kept(self) -> None:
        answers: list[BaseException | int] = [KeyboardInterrupt(), 7]

        def compute() -> int:
            answer = answers.pop(0)
            if isinstance(answer, BaseException):
                raise answer
            return answer

        value = Memo(compute)
        with pytest.raises(KeyboardInterrupt):
            value()
        assert value() == 7

    def test_a_memo_that_reads_itself_names_the_path(self) -> None:
        def total() -> int:
            return tax() + 1

        def rate() -> int:
            return all_of_it()

        all_of_it = Memo(total)
        tax = Memo(rate)
        with pytest.raises(
            CycleError, match=r"total \(.*\) -> .*rate \(.*\) -> .*total \(.*\); let one of them"
        ):
            all_of_it()

    def test_a_cycle_that_is_over_is_forgotten(self) -> None:
        on = Signal(False)
        one: Memo[int] = Memo(lambda: three() + 1 if on() else 0)
        two: Memo[int] = Memo(lambda: one() + 1)
        three: Memo[int] = Memo(lambda: two() + 1)
        assert (one(), two(), three()) == (0, 1, 2)
        for _ in range(2):
            on.set(True)
            for each in (three, one, two):
                with pytest.raises(CycleError):
                    each()
            on.set(False)
            assert (three(), one(), two()) == (2, 0, 1)

    def test_a_cycle_is_an_error_for_all_that_are_in_it_and_for_who_observes_them(self) -> None:
        on = Signal(False)
        one: Memo[int] = Memo(lambda: two() + 1 if on() else 0)
        two: Memo[int] = Memo(lambda: one() + 1)

        def read(each: Memo[int]) -> object:
            try:
                return each()
            except CycleError:
                return "error"

        seen = watch(lambda: (read(one), read(two)))
        on.set(True)
        on.set(False)
        assert seen == [(0, 1), ("error", "error"), (0, 1)]

    def test_a_chain_of_any_length_follows_a_change(self) -> None:
        base = Signal(0)
        cells: list[Memo[int]] = []
        for _ in range(3_000):
            below = cells[-1] if cells else base
            cells.append(Memo(lambda below=below: below() + 1))  # type: ignore[misc]
            cells[-1]()
        seen = [watch(cell) for cell in cells]
        base.set(1)
        assert [values[-1] for values in seen] == [n + 2 for n in range(3_000)]
        alone = [*cells]
        for each in alone:
            each()
        base.set(2)
        assert cells[-1]() == 3_002

    def test_who_asks_from_too_deep_spoils_nothing_for_others(self) -> None:
        base = Signal(0)
        cells: list[Memo[int]] = []
        for _ in range(300):
            below = cells[-1] if cells else base
            cells.append(Memo(lambda below=below: below() + 1))  # type: ignore[misc]

        def deep(levels: int) -> int:
            return deep(levels - 1) if levels else cells[-1]()

        with pytest.raises(RecursionError):
            deep(sys.getrecursionlimit() - 200)
        assert [cell() for cell in cells] == [n + 1 for n in range(300)]
        base.set(1_000)
        assert cells[-1]() == 1_300

    def test_a_cycle_that_comes_with_a_change_is_found(self) -> None:
        closed = Signal(False)
        first: Memo[int] = Memo(lambda: second() + 1)
        second: Memo[int] = Memo(lambda: first() if closed() else 0)
        assert first() == 1
        closed.set(True)
        with pytest.raises(CycleError):
            first()
        closed.set(False)
        assert first() == 1

    def test_writing_in_a_memo_says_where_to_write_instead(self) -> None:
        count = Signal(0)
        with pytest.raises(RuntimeError, match="a memo only computes"):
            Memo(lambda: count.set(1))()

        def hidden() -> None:
            with untracked():
                count.set(1)

        with pytest.raises(RuntimeError, match=r"hidden \(.*\) writes a signal"):
            Memo(hidden)()

    def test_an_effect_in_a_memo_is_refused(self) -> None:
        with pytest.raises(RuntimeError, match="outside the memo"):
            Memo(lambda: effect(lambda: None))()

    @pytest.mark.parametrize(
        ("use", "message"),
        [
            (lambda: Memo(5), r"memo\(\) takes a function, not 5; write memo\(lambda: "),  # type: ignore[arg-type]
            (lambda: Effect(None), r"effect\(\) takes a function, not None; write effect\(lambda: "),  # type: ignore[arg-type]
            (lambda: on_cleanup(5), r"on_cleanup\(\) takes a function, not 5"),  # type: ignore[arg-type]
            (lambda: selector(5), r"selector\(\) takes a function, not 5; write selector\(chosen\)"),  # type: ignore[arg-type]
        ],
    )
    def test_what_is_no_function_is_refused_at_once(self, use: Any, message: str) -> None:
        with pytest.raises(TypeError, match=message):
            use()

    def test_async_functions_are_refused(self) -> None:
        async def load() -> int:
            return 1

        with pytest.raises(TypeError, match="a memo cannot wait"):
            Memo(load)
        with pytest.raises(TypeError, match="an effect cannot wait"):
            effect(load)

    def test_a_memo_that_nobody_observes_is_held_by_nothing(self) -> None:
        count = Signal(0)

        def use() -> weakref.ref[Memo[int]]:
            double = Memo(lambda: count() * 2)
            double()
            effect(double).dispose()
            return weakref.ref(double)

        gone = use()
        gc.collect()
        assert gone() is None
        assert count._observers is None

    def test_a_memo_catches_up_after_nobody_observed_it(self) -> None:
        count = Signal(1)
        double = Memo(lambda: count() * 2)
        effect(lambda: double()).dispose()
        count.set(5)
        assert watch(double) == [10]


class TestEffect:
    def test_runs_at_once_and_after_each_change(self) -> None:
        count = Signal(0)
        seen = watch(count)
        count.set(1)
        assert seen == [0, 1]

    def test_runs_once_when_the_outermost_batch_ends(self) -> None:
        left, right = Signal(0), Signal(0)
        seen = watch(lambda: (left(), right()))
        with batch():
            with batch():
                left.set(1)
            right.set(2)
            assert seen == [(0, 0)]
        assert seen == [(0, 0), (1, 2)]

    def test_does_not_run_when_the_batch_put_everything_back(self) -> None:
        count = Signal(0)
        seen = watch(Memo(lambda: count() % 10))
        with batch():
            count.set(5)
            count.set(10)
        assert seen == [0]

    def test_a_batch_that_raises_still_settles(self) -> None:
        count = Signal(0)
        seen = watch(count)

        def work() -> None:
            with batch():
                count.set(1)
                raise ValueError("stop")

        with pytest.raises(ValueError, match="stop"):
            work()
        assert seen == [0, 1]

    def test_cleanups_run_before_the_next_run_and_at_the_end_newest_first(self) -> None:
        log: list[str] = []
        count = Signal(0)

        def run() -> Any:
            number = count()
            on_cleanup(lambda: log.append(f"first {number}"))
            on_cleanup(lambda: log.append(f"second {number}"))
            return lambda: log.append(f"returned {number}")

        running = effect(run)
        count.set(1)
        assert log == ["returned 0", "second 0", "first 0"]
        running.dispose()
        running.dispose()
        assert log[3:] == ["returned 1", "second 1", "first 1"]
        count.set(2)
        assert len(log) == 6

    def test_a_cleanup_reads_without_subscribing(self) -> None:
        count, other = Signal(0), Signal(0)
        runs: list[int] = []

        def run() -> Any:
            runs.append(count())
            return lambda: other() and None

        effect(run)
        count.set(1)
        other.set(1)
        assert runs == [0, 1]

    def test_an_effect_made_in_an_effect_ends_with_it(self) -> None:
        outer, inner = Signal(0), Signal(0)
        seen: list[tuple[int, int]] = []

        def run() -> None:
            number = outer()
            effect(lambda: seen.append((number, inner())))

        effect(run)
        outer.set(1)
        inner.set(1)
        assert seen == [(0, 0), (1, 0), (1, 1)]

    def test_an_error_does_not_stop_the_others_and_reaches_the_writer(self) -> None:
        count = Signal(1)

        def fail() -> None:
            if count() > 1:
                raise ValueError("broken")

        effect(fail)
        seen = watch(count)
        with pytest.raises(ValueError, match="broken"):
            count.set(2)
        assert seen == [1, 2]
        effect(lambda: count() > 2 and 1 // 0)
        with pytest.raises(ExceptionGroup) as caught:
            count.set(3)
        assert [ValueError, ZeroDivisionError] == [type(error) for error in caught.value.exceptions]

    def test_effects_that_feed_themselves_are_stopped_and_named(self) -> None:
        count = Signal(0)

        def grow() -> None:
            count.set(count() + 1)

        with pytest.raises(CycleError, match=r"100 rounds so far: .*grow \(.*\); read with \.peek\(\)"):
            effect(grow)
        seen = watch(other := Signal(0))
        other.set(1)
        assert seen == [0, 1]

    def test_a_chain_of_effects_settles(self) -> None:
        first, second = Signal(0), Signal(0)
        effect(lambda: second.set(first() * 2))
        seen = watch(second)
        first.set(4)
        assert seen == [0, 8]

    def test_an_effect_may_dispose_itself(self) -> None:
        count = Signal(0)
        runs: list[int] = []
        holder: list[Effect] = []

        def run() -> None:
            runs.append(count())
            if holder:
                holder[0].dispose()

        holder.append(effect(run))
        count.set(1)
        count.set(2)
        assert runs == [0, 1]
        assert count._observers is None

    def test_a_coroutine_that_an_effect_returns_would_never_run(self) -> None:
        async def wait() -> None: ...

        with pytest.raises(TypeError, match="returned a coroutine"):
            effect(lambda: wait())

    def test_on_cleanup_needs_something_that_ends(self) -> None:
        with pytest.raises(RuntimeError, match="belongs into"):
            on_cleanup(lambda: None)

    def test_nothing_is_held_after_dispose(self) -> None:
        count = Signal(0)

        class Big: ...

        big = Big()
        gone = weakref.ref(big)
        running = effect(lambda big=big: (count(), big))
        running.dispose()
        del running, big
        gc.collect()
        assert gone() is None
        assert count._observers is None


class TestTracking:
    def test_untracked_reads_do_not_subscribe(self) -> None:
        count, other = Signal(0), Signal(0)
        runs: list[int] = []

        def run() -> None:
            with untracked():
                other()
            runs.append(count())

        effect(run)
        other.set(1)
        count.set(1)
        assert runs == [0, 1]

    def test_a_thread_does_not_inherit_the_observer(self) -> None:
        count = Signal(0)
        runs: list[int] = []

        def run() -> None:
            thread = threading.Thread(target=count)
            thread.start()
            thread.join()
            runs.append(1)

        effect(run)
        count.set(1)
        assert runs == [1]

    def test_a_task_does_not_inherit_the_observer(self) -> None:
        count = Signal(0)
        runs: list[int] = []

        async def later() -> int:
            return count()

        coroutine = later()

        def run() -> None:
            runs.append(1)

        effect(run)
        with pytest.raises(StopIteration):
            coroutine.send(None)
        count.set(1)
        assert runs == [1]

    def test_a_write_in_another_thread_names_dispatch(self) -> None:
        count = Signal(0)
        seen = watch(count)
        errors = in_thread(lambda: count.set(1))
        assert "write session.dispatch(signal.set, value)" in errors[0]
        assert seen == [0]
        assert count.peek() == 0

    def test_a_write_in_another_thread_is_free_when_nobody_observes(self) -> None:
        count = Signal(0)
        effect(lambda: count()).dispose()
        assert in_thread(lambda: count.set(1)) == []
        assert count() == 1

    def test_a_signal_observed_in_two_threads_cannot_be_written_in_either(self) -> None:
        count = Signal(0)
        effect(lambda: count())
        assert in_thread(lambda: effect(lambda: count())) == []
        with pytest.raises(RuntimeError, match=r"session\.dispatch"):
            count.set(1)


class TestOutsideABody:
    def test_always_makes_something_new(self) -> None:
        made = [signal(0) for _ in range(2)] + [signal(init=lambda: 0)]
        assert len({id(each) for each in made}) == 3
        assert memo(lambda: 1)() == 1

    def test_a_function_given_by_position_is_a_value(self) -> None:
        def value() -> int:
            return 3

        assert signal(value)() is value
        assert signal(init=value)() == 3

    def test_a_signal_needs_one_start(self) -> None:
        with pytest.raises(TypeError, match=r"write signal\(value\)"):
            signal()  # type: ignore[call-overload]
        with pytest.raises(TypeError, match=r"write signal\(value\)"):
            signal(1, init=int)  # type: ignore[call-overload]


def in_thread(run: Any) -> list[str]:
    """Run a function in a thread and return what it raised."""
    errors: list[str] = []

    def guarded() -> None:
        try:
            run()
        except RuntimeError as error:
            errors.append(str(error))

    thread = threading.Thread(target=guarded)
    thread.start()
    thread.join()
    return errors
