"""Actions: what people start, by its policies, with the state that shows it (F-4)."""

from __future__ import annotations

import sqlite3
from typing import Any

import anyio
import pytest
from session_pages import Go

from vango import action, component, current_event, html as h, on, once, queue, signal
from vango.errors import LimitExceeded, StormError
from vango.limits import Limits
from vango.sessions.once import ONCE_TABLE
from vango.testing import Pilot

pytestmark = pytest.mark.anyio


class Work:
    """An async function that a test lets return, call by call.

    Attributes:
        log: What happened, as `("begin" | "end" | "cancelled", number)`.
    """

    def __init__(self) -> None:
        self.log: list[tuple[str, Any]] = []
        self.failing: set[Any] = set()
        self._gates: dict[Any, Go] = {}

    async def run(self, number: Any) -> str:
        self.log.append(("begin", number))
        try:
            await self._gates.setdefault(number, Go()).wait()
        except BaseException:
            self.log.append(("cancelled", number))
            raise
        self.log.append(("end", number))
        if number in self.failing:
            raise ValueError(f"no {number}")
        return f"did {number}"

    def go(self, number: Any) -> None:
        self._gates.setdefault(number, Go())()


@component
def Buttons(work: Work, **options: Any) -> object:
    """Three buttons that start one action, and its state."""
    act = action(work.run, **options)
    return h.div[
        (h.button(key=n, disabled=act.pending, on_click=(act, n))[str(n)] for n in (1, 2, 3)),
        h.button(on_click=act.cancel)["cancel"],
        h.output[
            lambda: f"{act.calls()} {'pending' if act.pending() else 'idle'} {act.result()} {act.error()}"
        ],
    ]


async def click(pilot: Pilot, *numbers: int) -> None:
    for n in numbers:
        await pilot.click(pilot.find("button", text=str(n)))


async def test_calls_wait_their_turn_unless_something_else_is_said() -> None:
    work = Work()
    async with Pilot(Buttons(work)) as pilot:
        assert pilot.find("output").text == "0 idle None None"
        await click(pilot, 1, 2)
        assert work.log == [("begin", 1)]
        assert pilot.find("output").text == "1 pending None None"
        assert "disabled" in pilot.find("button", text="1").attrs
        work.go(1)
        await pilot.settle()
        assert work.log == [("begin", 1), ("end", 1), ("begin", 2)]
        assert pilot.find("output").text == "2 pending did 1 None"
        work.go(2)
        await pilot.settle()
        assert pilot.find("output").text == "2 idle did 2 None"
        assert "disabled" not in pilot.find("button", text="1").attrs


async def test_the_event_is_answered_at_once() -> None:
    work = Work()
    async with Pilot(Buttons(work)) as pilot:
        await click(pilot, 1)
        assert pilot.client.unsettled == {}
        assert pilot.session.inbox.running == 1


async def test_a_queue_takes_so_many_and_refuses_the_next_by_name() -> None:
    work = Work()
    async with Pilot(Buttons(work, policy=queue(1))) as pilot:
        await click(pilot, 1, 2, 3)
        (report,) = pilot.reports
        assert isinstance(report.error, LimitExceeded)
        assert "calls that wait for the action Work.run (" in str(report.error)
        assert "2 is over the limit of 1" in str(report.error)
        assert pilot.client.results[3].error == "HandlerFailed"
        work.go(1)
        work.go(2)
        await pilot.settle()
        assert [what for what in work.log if what[0] == "begin"] == [("begin", 1), ("begin", 2)]


async def test_drop_ignores_what_comes_meanwhile() -> None:
    work = Work()
    async with Pilot(Buttons(work, policy="drop")) as pilot:
        await click(pilot, 1, 2, 3)
        work.go(1)
        await pilot.settle()
        assert work.log == [("begin", 1), ("end", 1)]
        await click(pilot, 3)
        assert work.log[-1] == ("begin", 3)


async def test_latest_cancels_what_runs() -> None:
    work = Work()
    async with Pilot(Buttons(work, policy="latest")) as pilot:
        await click(pilot, 1, 2)
        assert work.log[0] == ("begin", 1)
        assert sorted(work.log[1:]) == [("begin", 2), ("cancelled", 1)]
        assert pilot.find("output").text == "2 pending None None"
        work.go(1)
        work.go(2)
        await pilot.settle()
        assert pilot.find("output").text == "2 idle did 2 None"
        assert pilot.reports == []


async def test_a_superseded_run_that_swallows_its_cancellation_changes_nothing() -> None:
    gates = {1: Go(), 2: Go()}

    class Stubborn(Work):
        async def run(self, number: Any) -> str:
            with anyio.CancelScope(shield=True):
                await gates[number].wait()
            return f"did {number}"

    async with Pilot(Buttons(Stubborn(), policy="latest")) as pilot:
        await click(pilot, 1, 2)
        gates[2]()
        await pilot.settle()
        gates[1]()
        await pilot.settle()
        assert pilot.find("output").text == "2 idle did 2 None"


async def test_an_error_is_shown_and_reported_until_the_next_call() -> None:
    work = Work()
    work.failing = {1}
    async with Pilot(Buttons(work)) as pilot:
        await click(pilot, 1)
        work.go(1)
        await pilot.settle()
        assert pilot.find("output").text == "1 idle None no 1"
        assert [report.where[:18] for report in pilot.reports] == ["action Work.run (/"]
        await click(pilot, 2)
        assert pilot.find("output").text == "2 pending None None"


async def test_an_error_does_not_keep_the_next_call_from_running() -> None:
    work = Work()
    work.failing = {1}
    async with Pilot(Buttons(work)) as pilot:
        await click(pilot, 1, 2)
        work.go(1)
        work.go(2)
        await pilot.settle()
        assert pilot.find("output").text == "2 idle did 2 None"


async def test_a_result_that_nobody_awaited_is_an_error_behind_which_the_next_call_runs() -> None:
    class Forgetful(Work):
        def run(self, number: int) -> Any:
            return self.forget(number) if number == 1 else super().run(number)

        async def forget(self, number: int) -> Any:
            return super().run(number)

    work = Forgetful()
    async with Pilot(Buttons(work)) as pilot:
        await click(pilot, 1)
        assert pilot.find("output").text == (
            "1 idle None a signal was given the coroutine Work.run(); write await Work.run()"
        )
        (report,) = pilot.reports
        assert report.where.startswith("action ")
        assert "Forgetful.run (" in report.where
        await click(pilot, 1, 2)
        work.go(2)
        await pilot.settle()
        assert pilot.find("output").text == "3 idle did 2 None"
        assert work.log == [("begin", 2), ("end", 2)]


async def test_cancel_ends_what_runs_and_forgets_what_waits() -> None:
    work = Work()
    async with Pilot(Buttons(work)) as pilot:
        await click(pilot, 1, 2)
        await pilot.click(pilot.find("button", text="cancel"))
        assert work.log == [("begin", 1), ("cancelled", 1)]
        assert pilot.find("output").text == "1 idle None None"


async def test_what_was_begun_goes_on_when_its_component_leaves() -> None:
    work, shown = Work(), signal(True)

    @component
    def Page() -> object:
        return h.div[Buttons(work) if shown() else "gone"]

    async with Pilot(Page()) as pilot:
        await click(pilot, 1, 2)
        pilot.session.dispatch(shown.set, False)
        work.go(1)
        work.go(2)
        await pilot.settle()
        assert work.log[-1] == ("end", 2)
        assert pilot.find("div").text == "gone"
        assert pilot.session.inbox.running == 0


async def test_the_end_of_the_session_cancels_what_runs() -> None:
    work = Work()
    async with Pilot(Buttons(work)) as pilot:
        await click(pilot, 1, 2)
        pilot.registry.close(pilot.session)
        await pilot.settle()
        assert work.log == [("begin", 1), ("cancelled", 1)]


async def test_the_newest_function_is_called_and_gets_the_event_if_it_asks() -> None:
    seen: list[Any] = []
    again = signal(0)

    @component
    def Page() -> object:
        number = again()

        async def note(event: Any) -> None:
            seen.append((number, event.x))

        return h.button(on_click=action(note))["go"]

    async with Pilot(Page()) as pilot:
        await pilot.event(pilot.find("button"), "click", 0, 0, 7, 1)
        pilot.session.dispatch(again.set, 1)
        await pilot.settle()
        await pilot.event(pilot.find("button"), "click", 0, 0, 8, 1)
        assert seen == [(0, 7), (1, 8)]


async def test_each_run_knows_its_own_event_also_if_it_waited() -> None:
    seen: list[int] = []
    db = sqlite3.connect(":memory:")
    db.executescript(ONCE_TABLE)

    @component
    def Page() -> object:
        async def order() -> None:
            await anyio.lowlevel.checkpoint()
            with db:
                once(db)
            seen.append(current_event().cseq)

        return h.button(on_click=on(action(order), action="order"))["order"]

    async with Pilot(Page()) as pilot:
        button = pilot.find("button")
        assert pilot.link is not None
        await pilot.link.send(b"".join(pilot.client.event(button.hid, 0) for _ in range(3)))
        await pilot.settle()
        assert seen == [1, 2, 3]
        assert pilot.reports == []
    db.close()


async def test_what_is_no_action() -> None:
    def plain() -> None: ...

    @component
    def Page() -> object:
        act = action(plain)  # type: ignore[arg-type]
        return h.button(on_click=act)[lambda: str(act.error())]

    @component
    def Called() -> object:
        async def save() -> None: ...

        return h.p[action(save)()]

    async with Pilot(Page()) as pilot:
        await pilot.click(pilot.find("button"))
        assert "action(test_what_is_no_action.<locals>.plain)" in pilot.find("button").text
        assert "gave nothing to await; write async def" in pilot.find("button").text
    async with Pilot(Called()) as pilot:
        assert "was called while something renders; give it as a handler" in str(pilot.reports[0].error)
    with pytest.raises(RuntimeError, match=r"action\(\) belongs into a component's body"):
        action(plain)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"there is no policy 'first'; write 'latest'"):
        action(plain, policy="first")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"queue\(0\): at least one call can wait"):
        queue(0)


@pytest.mark.parametrize(
    ("policy", "budget"), [("queue", "action_starts_per_s"), ("latest", "latest_starts_per_s")]
)
async def test_a_storm_of_starts_waits_its_turn_and_names_the_line(policy: str, budget: str) -> None:
    times: list[int] = []

    class Quick(Work):
        async def run(self, number: int) -> str:
            times.append(number)
            return ""

    async with Pilot(Buttons(Quick(), policy=policy), limits=Limits(**{budget: 3})) as pilot:
        await click(pilot, 1, 2, 3, 1)
        assert times == [1, 2, 3]
        (report,) = pilot.reports
        assert isinstance(report.error, StormError)
        assert "test_actions.py:" in report.error.culprit
        await pilot.advance(1.1)
        assert times == [1, 2, 3, 1]


async def test_a_breaker_lets_the_start_fail() -> None:
    work = Work()
    limits = Limits(action_starts_per_s=1, storms="breaker")
    async with Pilot(Buttons(work), limits=limits) as pilot:
        work.go(1)
        await click(pilot, 1, 2)
        assert pilot.find("output").text.startswith("2 idle did 1 more than 1 runs of actions")
        await pilot.advance(1.1)
        work.go(3)
        await click(pilot, 3)
        assert pilot.find("output").text == "3 idle did 3 None"


async def test_a_breaker_refuses_as_many_waiting_calls_as_there_are() -> None:
    gate, ran = Go(), []

    async def store() -> None:
        ran.append(1)
        await gate.wait()

    @component
    def Page() -> object:
        act = action(store, policy=queue(2_000))

        def many() -> None:
            for _ in range(1_500):
                act()

        state = h.output[lambda: f"{act.pending()} {act.calls()} {act.error() or ''}"]
        return h.div[h.button(on_click=many)["go"], state]

    async with Pilot(Page(), limits=Limits(action_starts_per_s=1, storms="breaker")) as pilot:
        await pilot.click(pilot.find("button"))
        gate()
        await pilot.settle()
        assert pilot.find("output").text.startswith("False 1500 more than 1 runs of actions")
        assert [type(report.error) for report in pilot.reports] == [StormError]
        await pilot.advance(1.1)
        await pilot.click(pilot.find("button"))
        assert ran == [1, 1]
