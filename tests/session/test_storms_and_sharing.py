"""Many effects, many sessions: budgets name the culprit, and a shared signal wakes each session once."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

from vango import CycleError, batch, component, effect, html as h, memo, signal
from vango.errors import StormError
from vango.limits import Limits
from vango.request import Request
from vango.testing import Pilot

pytestmark = pytest.mark.anyio

SHARED = signal(0)


@component
def Watchers(source: Any, count: int, log: list[int]) -> object:
    """So many effects that read one signal."""

    def watch(number: int) -> None:
        source()
        log.append(number)

    for number in range(count):
        effect(lambda number=number: watch(number), key=number)
    return h.p["x"]


async def test_effects_over_the_budget_of_a_tick_run_in_the_next_ones() -> None:
    source, log = signal(0), []
    async with Pilot(Watchers(source, 25, log), limits=Limits(effects_per_tick=10)) as pilot:
        await pilot.advance(0.1)
        assert sorted(log) == list(range(25))
        log.clear()
        pilot.session.dispatch(source.set, 1)
        await pilot.settle()
        assert sorted(log)[:10] == log[:10]
        await pilot.advance(0.1)
        assert sorted(log) == list(range(25))
        (report,) = pilot.reports
        assert isinstance(report.error, StormError)
        assert "more than 10 runs of effects within one tick (Limits.effects_per_tick)" in str(report.error)
        assert "test_storms_and_sharing.py:" in report.error.culprit


async def test_a_breaker_drops_them() -> None:
    source, log = signal(0), []
    limits = Limits(effects_per_tick=10, storms="breaker")
    async with Pilot(Watchers(source, 25, log), limits=limits) as pilot:
        await pilot.advance(1)
        assert log == list(range(10))
        assert [type(report.error) for report in pilot.reports] == [StormError]


async def test_effects_without_end_fail_the_handler_that_woke_them_and_rest_until_the_next_write() -> None:
    runs: list[int] = []

    @component
    def Page() -> object:
        count = signal(0)

        def grow() -> None:
            if count():
                runs.append(count())
                count.update(lambda n: n + 1)

        effect(grow)
        return h.button(on_click=lambda: count.update(lambda n: n + 1))[count]

    async with Pilot(Page()) as pilot:
        for clicks in (1, 2):
            await pilot.click(pilot.find("button"))
            await pilot.advance(1)
            assert len(runs) == 100 * clicks
            assert [type(report.error) for report in pilot.reports] == [CycleError] * clicks
            assert "grow (" in str(pilot.reports[0].error)
            assert pilot.client.results[clicks].error == "HandlerFailed"


async def test_a_storm_of_one_session_is_not_anothers() -> None:
    source, mine, other = signal(0), [], []
    limits = Limits(effects_per_tick=10, storms="breaker")
    async with (
        Pilot(Watchers(source, 10, mine), limits=limits) as pilot,
        Pilot(Watchers(source, 10, other), beside=pilot),
    ):
        pilot.session.dispatch(source.set, 1)
        await pilot.settle()
        assert (len(mine), len(other)) == (20, 20)
        assert pilot.reports == []


def test_a_limit_that_is_no_policy_is_refused() -> None:
    with pytest.raises(ValueError, match="write 'throttle' or 'breaker'"):
        Limits(storms="stop")  # type: ignore[arg-type]


async def test_a_signal_of_the_module_wakes_each_session_once_a_batch() -> None:
    @component
    def Page() -> object:
        double = memo(lambda: SHARED() * 2)
        return h.p[SHARED, " ", double, lambda: f" {SHARED()}"]

    SHARED.set(0)
    async with Pilot(Page()) as first, Pilot(Page(), beside=first) as second:
        bursts = first.client.bursts, second.client.bursts
        with batch():
            for n in range(1, 6):
                SHARED.set(n)
        await first.settle()
        assert first.find("p").text == second.find("p").text == "5 10 5"
        assert (first.client.bursts, second.client.bursts) == (bursts[0] + 1, bursts[1] + 1)


async def test_a_thousand_sessions_leave_nothing_behind_in_a_signal_of_the_module() -> None:
    seen: list[int] = []

    @component
    def Page() -> object:
        double = memo(lambda: SHARED() * 2)
        effect(lambda: seen.append(double()))
        return h.p[SHARED, lambda: f"{SHARED()} {double()}"]

    limits = Limits(waiting=2_000, waiting_per_address=2_000, sessions_per_address=2_000)
    async with Pilot(h.p["x"], limits=limits) as pilot:
        dead: list[weakref.ref[Any]] = []
        for n in range(1_000):
            session = pilot.registry.open(Page(), request=Request(address=f"/{n}", client="a"), browser="b")
            dead.append(weakref.ref(session))
        observers = SHARED._observers
        assert observers is not None
        assert len(observers) == 3_000  # two slots and a memo of each
        seen.clear()
        SHARED.set(SHARED.peek() + 1)
        assert len(seen) == 1_000
        del session, observers
        for each in list(pilot.registry.sessions):
            if each is not pilot.session:
                pilot.registry.close(each)
        del each
        assert SHARED._observers is None
        seen.clear()
        SHARED.set(SHARED.peek() + 1)
        assert seen == []
        gc.collect()
        assert [ref for ref in dead if ref() is not None] == []
