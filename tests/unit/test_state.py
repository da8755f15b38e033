"""Rule 4: state is found again by where it was made."""

from __future__ import annotations

import functools
import gc
import weakref
from typing import Any

import pytest
from view_driver import Page

from vango import html as h
from vango.components.component import component
from vango.components.handlers import blocking
from vango.components.state import effect, memo, on_cleanup, signal
from vango.components.timers import interval
from vango.reactive.signals import Memo, Signal


def counter(label: str) -> Any:
    """Make state for its caller."""
    count = signal(0)
    return h.button(id=label, on_click=lambda: count.update(lambda n: n + 1))[label, count]


def test_a_helper_called_in_two_places_gives_two_states() -> None:
    again = Signal(0)

    @component
    def Two() -> object:
        again()
        return h.div[counter("a"), counter("b")]

    page = Page(Two())
    page.click("a")
    page.click("a")
    page.click("b")
    again.set(1)
    page.flush()
    assert '<button id="a">a2</button><button id="b">b1</button>' in page.html


def test_a_helper_of_a_helper_is_found_by_the_whole_path() -> None:
    def pair() -> object:
        return [counter("x"), counter("y")]

    again = Signal(0)

    @component
    def Four() -> object:
        again()
        return h.div[h.p(id="one")[pair()], h.p(id="two")[pair()]]

    page = Page(Four())
    ids = [hid for hid in range(1, 30) if page.view.target(hid, 0)]
    assert len(ids) == 4
    last = page.view.target(ids[-1], 0)
    assert last is not None
    last.fn()
    again.set(1)
    page.flush()
    assert "x0</button>" in page.html
    assert page.html.count("y1</button>") == 1


def test_state_inside_an_if_comes_and_goes_and_is_kept() -> None:
    shown = Signal(True)

    @component
    def Maybe() -> object:
        before = signal("before")
        inner = counter("in") if shown() else None
        after = signal("after")
        return h.div[before, inner, after]

    page = Page(Maybe())
    page.click("in")
    shown.set(False)
    page.flush()
    assert page.html == "<div>beforeafter</div>"
    shown.set(True)
    page.flush()
    assert "in1" in page.html, "unkeyed state is kept while it is not reached"


def test_state_in_a_loop_without_a_key_raises_when_the_count_changes_and_names_the_line() -> None:
    for items, wanted in (([1, 2, 3], "made 3 times here, 2 times"), ([1], "made 1 times here, 2 times")):
        rows = Signal([1, 2])

        @component
        def Loop(rows: Signal[list[int]] = rows) -> object:
            return h.ul[[h.li[signal(row)] for row in rows()]]

        page = Page(Loop())
        rows.set(items)
        page.flush()
        assert wanted in page.errors[0]
        assert "test_state.py:" in page.errors[0]
        assert "signal(0, key=item.id)" in page.errors[0]
        assert "vango-error" in page.html
        rows.set([7, 8])
        page.flush()
        assert page.html == "<ul><li>1</li><li>2</li></ul>", "it recovers, with its state"


def test_a_key_that_has_no_hash_is_told_what_a_key_is() -> None:
    @component
    def Body() -> object:
        return h.p[signal(0, key=[1])]  # type: ignore[call-overload]

    assert Page(Body()).errors == [
        "signal(key=[1]): a key is what has a hash: a str, an int, a UUID or a tuple of these"
    ]


def test_state_in_a_loop_follows_its_key() -> None:
    rows = Signal(["a", "b", "c"])

    @component
    def Loop() -> object:
        def row(name: str) -> object:
            count = signal(0, key=name)
            return h.button(id=name, on_click=lambda: count.update(lambda n: n + 1))[name, count]

        return h.div[[row(name) for name in rows()]]

    page = Page(Loop())
    page.click("c")
    rows.set(["c", "a"])
    page.flush()
    assert '<button id="c">c1</button><button id="a">a0</button>' in page.html


def test_keyed_state_that_is_not_reached_is_gone() -> None:
    rows = Signal(["a", "b"])
    made: list[weakref.ref[Signal[int]]] = []

    @component
    def Loop() -> object:
        made.extend(weakref.ref(signal(0, key=name)) for name in rows())
        return None

    page = Page(Loop())
    rows.set(["b"])
    page.flush()
    gc.collect()
    first_a, first_b, second_b = made
    assert first_a() is None
    assert first_b() is second_b() is not None


def test_a_key_used_twice_raises() -> None:
    @component
    def Twice() -> object:
        return [signal(0, key="same") for _ in range(2)]

    page = Page(Twice())
    assert "signal(key='same') was made twice" in page.errors[0]


def test_one_key_in_two_places_is_two_states() -> None:
    @component
    def Two() -> object:
        return h.p[signal("left", key=1), signal("right", key=1)]

    assert Page(Two()).html == "<p>leftright</p>"


def test_a_body_without_python_frames_needs_a_key() -> None:
    plain = component(functools.partial(signal, 5))
    page = Page(plain())
    assert "body without Python frames" in page.errors[0]
    assert "give it key=" in page.errors[0]
    keyed = component(functools.partial(signal, 5, key="a"))
    assert Page(keyed()).html == "5"


def test_init_runs_once_and_outside_the_body() -> None:
    costs: list[int] = []
    again, inside = Signal(0), Signal(7)

    def costly() -> int:
        costs.append(1)
        return inside()

    @component
    def Costly() -> object:
        again()
        return h.p[signal(init=costly)]

    page = Page(Costly())
    again.set(1)
    page.flush()
    inside.set(8)
    assert not page.view.dirty, "what the start reads subscribes nobody"
    assert costs == [1]
    assert page.html == "<p>7</p>"


def test_state_made_by_a_generator_body_is_found_again() -> None:
    again = Signal(0)

    @component
    def Lines() -> object:
        again()
        yield h.p[counter("g")]
        yield h.p["end"]

    page = Page(Lines())
    page.click("g")
    again.set(1)
    page.flush()
    assert "g1" in page.html


def test_state_made_in_an_effect_memo_or_handler_is_new() -> None:
    made: list[object] = []
    again = Signal(0)

    @component
    def Body() -> object:
        again()
        value = memo(lambda: made.append(signal(0)) or again())
        effect(lambda: again() or made.append(signal(0)))
        return h.p[value]

    page = Page(Body())
    again.set(1)
    page.flush()
    again.set(2)
    page.flush()
    assert len(made) == len({id(each) for each in made}) > 3


class TestMemo:
    def test_is_found_again_and_computes_only_for_changes(self) -> None:
        again, count = Signal(0), Signal(2)
        runs: list[int] = []

        @component
        def Body() -> object:
            again()
            return h.p[memo(lambda: runs.append(1) or count() * 2)]

        page = Page(Body())
        again.set(1)
        page.flush()
        assert runs == [1], "nothing that the new function captured is another"
        count.set(3)
        page.flush()
        assert page.html == "<p>6</p>"
        assert runs == [1, 1]

    def test_computes_again_when_it_captured_something_else(self) -> None:
        factor = Signal(2)

        @component
        def Times(by: int) -> object:
            return h.p[memo(lambda: 10 * by)]

        @component
        def Outer() -> object:
            return Times(by=factor())

        page = Page(Outer())
        factor.set(3)
        page.flush()
        assert page.html == "<p>30</p>"


class TestEffect:
    def test_runs_when_the_page_has_it_and_stops_when_it_is_not_reached(self) -> None:
        log: list[str] = []
        on, count = Signal(True), Signal(0)

        @component
        def Body() -> object:
            log.append("body")
            if on():

                def run() -> object:
                    log.append(f"run {count()}")
                    return lambda: log.append("cleanup")

                effect(run)
            return None

        page = Page(Body())
        assert log == ["body", "run 0"]
        count.set(1)
        assert log[2:] == ["cleanup", "run 1"], "effects settle at once, without a flush"
        on.set(False)
        page.flush()
        count.set(2)
        assert log[4:] == ["body", "cleanup"]
        on.set(True)
        page.flush()
        assert log[6:] == ["body", "run 2"]
        page.close()
        assert log[8:] == ["cleanup"]

    def test_runs_again_after_a_render_only_for_what_it_captured(self) -> None:
        again, name = Signal(0), Signal("a")
        log: list[str] = []

        @component
        def Title(name: str, on_change: Any) -> object:
            local = signal(0)
            again()

            def announce() -> None:
                on_change(f"{name} {local()}")

            effect(announce)
            return None

        @component
        def Outer() -> object:
            return Title(name=name(), on_change=lambda text: log.append(text))

        page = Page(Outer())
        again.set(1)
        page.flush()
        assert log == ["a 0"]
        name.set("b")
        page.flush()
        assert log == ["a 0", "b 0"]

    def test_in_a_loop_follows_its_key(self) -> None:
        rows = Signal(["a", "b"])
        log: list[str] = []

        @component
        def Body() -> object:
            for name in rows():

                def run(name: str = name) -> object:
                    log.append(f"+{name}")
                    return lambda: log.append(f"-{name}")

                effect(run, key=name)
            return None

        page = Page(Body())
        rows.set(["b", "c"])
        page.flush()
        assert log == ["+a", "+b", "-a", "+c"]

    def test_an_error_is_reported_and_stops_nobody(self) -> None:
        count = Signal(0)
        log: list[int] = []

        @component
        def Body() -> object:
            effect(lambda: 1 // (1 - count()))
            effect(lambda: log.append(count()))
            return h.p["fine"]

        page = Page(Body())
        count.set(1)
        page.flush()
        assert log == [0, 1]
        assert page.html == "<p>fine</p>"
        where, error = page.host.errors[0]
        assert "effect " in where
        assert isinstance(error, ZeroDivisionError)

    def test_a_write_by_an_effect_asks_for_another_flush(self) -> None:
        @component
        def Body() -> object:
            count = signal(0)
            effect(lambda: count.set(5))
            return h.p[count]

        page = Page(Body())
        assert page.html == "<p>0</p>"
        assert page.view.dirty
        page.flush()
        assert page.html == "<p>5</p>"


class TestInterval:
    def test_starts_when_a_browser_is_there_and_calls_the_newest_function(self) -> None:
        again = Signal(0)
        log: list[int] = []

        @component
        def Clock() -> object:
            number = again()
            interval(1.5, lambda: log.append(number))
            return None

        page = Page(Clock(), live=False)
        assert page.host.timers == {}
        page.view.go_live()
        assert [seconds for seconds, _ in page.host.timers.values()] == [1.5]
        page.host.tick()
        again.set(1)
        page.flush()
        page.host.tick()
        assert log == [0, 1]
        page.close()
        assert page.host.timers == {}

    def test_stops_when_it_is_not_reached_and_restarts_with_another_period(self) -> None:
        period = Signal(1.0)

        @component
        def Clock() -> object:
            if period():
                interval(period(), lambda: None)
            return None

        page = Page(Clock())
        period.set(2.0)
        page.flush()
        assert [seconds for seconds, _ in page.host.timers.values()] == [2.0]
        period.set(0.0)
        page.flush()
        assert page.host.timers == {}

    def test_in_an_effect_it_ends_with_the_run(self) -> None:
        period = Signal(1.0)

        @component
        def Clock() -> object:
            effect(lambda: interval(period(), lambda: None))
            return None

        page = Page(Clock())
        period.set(2.0)
        assert [seconds for seconds, _ in page.host.timers.values()] == [2.0]

    def test_what_it_needs(self) -> None:
        with pytest.raises(RuntimeError, match="belongs into a component's body"):
            interval(1, lambda: None)
        with pytest.raises(ValueError, match="above 0"):
            interval(0, lambda: None)
        with pytest.raises(TypeError, match=r"a number of seconds comes first, as in interval\(1, tick\)"):
            interval(lambda: None, 1)  # type: ignore[arg-type]
        with pytest.raises(
            TypeError, match=r"interval\(\) takes a function, not None; .* without calling tick"
        ):
            interval(1, None)  # type: ignore[arg-type]
        with pytest.raises(
            TypeError, match=r"test_state.py:\d+\) on the loop, where blocking\(\) has no effect"
        ):
            interval(1, blocking(lambda: None))

    def test_messages_name_the_function_and_not_the_timer(self) -> None:
        from vango.naming import name

        def tick() -> None: ...

        @component
        def Clock() -> object:
            interval(1, tick)
            return None

        page = Page(Clock())
        ((_, callback),) = page.host.timers.values()
        assert "tick (" in name(callback)


def test_cleanups_of_a_body_run_before_its_next_run_and_at_its_end() -> None:
    again = Signal(0)
    log: list[str] = []

    @component
    def Body() -> object:
        number = again()
        log.append(f"body {number}")
        on_cleanup(lambda: log.append(f"cleanup {number}"))
        on_cleanup(lambda: 1 // 0)
        return None

    page = Page(Body())
    again.set(1)
    page.flush()
    page.close()
    assert log == ["body 0", "cleanup 0", "body 1", "cleanup 1"]
    assert len(page.errors) == 2, "a cleanup that raises is reported and stops nothing"


def test_memos_of_a_body_observe_nothing_once_it_is_gone() -> None:
    count = Signal(0)

    @component
    def Body() -> object:
        double = memo(lambda: count() * 2)
        assert isinstance(double, Memo)
        return h.p[double]

    page = Page(Body())
    assert count._observers
    page.close()
    assert count._observers is None
