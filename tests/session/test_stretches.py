"""Rule 5 of the component model: events start in order, stretches never overlap, each one ends in a flush."""

import asyncio

import anyio
import pytest
from session_pages import Buttons, Tap

from vango import component, html as h, protocol, signal
from vango.limits import Limits
from vango.protocol import Diff, Result
from vango.sessions.session import current_session
from vango.sessions.stretch import Stretches
from vango.testing import Pilot

pytestmark = pytest.mark.anyio


async def click(pilot, *names):
    """Click buttons by name, all in one message."""
    hids = {button.text: button.hid for button in pilot.find_all("button")}
    await pilot.send(*[pilot.client.event(hids[name], 0) for name in names])


async def test_what_is_set_before_an_await_is_shown_while_the_handler_waits() -> None:
    go = anyio.Event()
    state = signal("idle")

    async def load():
        state.set("loading")
        await go.wait()
        state.set("half")
        await anyio.lowlevel.checkpoint()
        state.set("done")

    async with Pilot(h.div[h.output[state], Buttons(load=load)]) as pilot:
        await click(pilot, "load")
        assert pilot.find("output").text == "loading"
        assert pilot.session.ledger.ack == 0
        go.set()
        await pilot.settle()
        assert pilot.find("output").text == "done"
        assert pilot.session.ledger.ack == 1
        assert pilot.client.unsettled == {}


async def test_a_handler_that_gives_code_which_nobody_runs_is_an_error_that_says_so() -> None:
    async def load(): ...

    def steps():
        yield 1

    async def async_steps():
        yield 1

    handlers = {"function": lambda: load, "steps": lambda: steps(), "async_steps": lambda: async_steps()}
    async with Pilot(Buttons(**handlers)) as pilot:
        await click(pilot, *handlers)
        function, *generators = [str(report.error) for report in pilot.reports]
        assert "a handler returned " in function
        assert "load (" in function
        assert "without calling it; give that function itself" in function
        assert ["is a generator, which nobody runs" in each for each in generators] == [True, True]
        assert [result.error for result in pilot.client.results.values()] == ["HandlerFailed"] * 3


async def test_all_writes_of_a_stretch_are_one_burst() -> None:
    a, b = signal(0), signal(0)

    async def both():
        a.set(1)
        b.set(1)
        a.set(2)

    async with Pilot(h.div[h.p[a], h.p[b], Buttons(both=both)]) as pilot:
        tap = Tap(pilot)
        await click(pilot, "both")
        assert len(tap.of(Diff)) == 1
        assert [text.text for text in pilot.find_all("p")] == ["2", "1"]


async def test_when_a_handler_suspends_the_next_event_starts_and_its_result_comes_first() -> None:
    go = anyio.Event()
    log = []

    async def slow():
        log.append("slow begins")
        await go.wait()
        log.append("slow ends")

    async with Pilot(Buttons(slow=slow, quick=lambda: log.append("quick"))) as pilot:
        tap = Tap(pilot)
        await click(pilot, "slow", "quick")
        assert log == ["slow begins", "quick"]
        assert tap.of(Result) == [Result(2)]
        assert list(pilot.client.unsettled) == [1]
        go.set()
        await pilot.settle()
        assert log[-1] == "slow ends"
        assert tap.of(Result) == [Result(2), Result(1)]
        assert pilot.session.ledger.ack == 2


async def test_the_first_stretch_is_over_before_the_next_event_starts() -> None:
    log = []

    async def first():
        log.append("first 1")
        await anyio.lowlevel.checkpoint()
        log.append("first 2")

    async with Pilot(Buttons(first=first, second=lambda: log.append("second"))) as pilot:
        await click(pilot, "first", "second", "second")
        assert log[0] == "first 1"
        assert sorted(log[1:]) == ["first 2", "second", "second"]


async def test_an_event_for_a_handler_that_still_runs_waits_and_so_do_those_behind_it() -> None:
    gates = [anyio.Event() for _ in range(2)]
    log = []

    async def slow():
        mine = len([entry for entry in log if entry.startswith("begin")])
        log.append(f"begin {mine}")
        await gates[mine].wait()
        log.append(f"end {mine}")

    async with Pilot(Buttons(slow=slow, quick=lambda: log.append("quick"))) as pilot:
        await click(pilot, "slow", "slow", "quick")
        assert log == ["begin 0"]
        assert pilot.session.inbox.waiting == 2
        gates[0].set()
        await pilot.settle()
        assert log == ["begin 0", "end 0", "begin 1", "quick"]
        gates[1].set()
        await pilot.settle()
        assert log[-1] == "end 1"
        assert pilot.session.ledger.ack == 3


async def test_handlers_of_other_scopes_do_not_wait_for_each_other() -> None:
    go = anyio.Event()
    log = []

    @component
    def Worker(name):
        async def work():
            log.append(name)
            await go.wait()

        return h.button(on_click=work)[name]

    async with Pilot(h.div[Worker("a"), Worker("b")]) as pilot:
        await click(pilot, "a", "b", "a")
        assert log == ["a", "b"]
        go.set()
        await pilot.settle()
        assert log == ["a", "b", "a"]


async def test_a_lambda_made_anew_by_each_render_is_still_one_handler() -> None:
    go = anyio.Event()
    renders = signal(0)
    log = []

    async def work():
        log.append("begin")
        renders.set(renders.peek() + 1)
        await go.wait()

    @component
    def Page():
        return h.div[h.output[str(renders())], h.button(on_click=lambda: work())["go"]]

    async with Pilot(Page()) as pilot:
        await click(pilot, "go", "go")
        assert log == ["begin"]
        assert pilot.find("output").text == "1"
        go.set()
        await pilot.settle()
        assert log == ["begin", "begin"]


async def test_an_async_handler_that_raises_after_its_await_is_reported() -> None:
    async def fail():
        await anyio.lowlevel.checkpoint()
        raise ValueError("late")

    async with Pilot(Buttons(fail=fail)) as pilot:
        await click(pilot, "fail", "fail")
        assert [result.error for result in pilot.client.results.values()] == ["HandlerFailed"] * 2
        assert [str(report.error) for report in pilot.reports] == ["late", "late"]


async def test_a_handler_may_use_task_groups_and_deadlines_of_its_own() -> None:
    log = []

    async def part(name):
        await anyio.lowlevel.checkpoint()
        log.append(name)

    async def work():
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(part, "a")
            tasks.start_soon(part, "b")
        with anyio.move_on_after(0):
            await anyio.sleep_forever()
        log.append("c")

    async with Pilot(Buttons(work=work)) as pilot:
        await click(pilot, "work")
        assert sorted(log) == ["a", "b", "c"]
        assert pilot.session.ledger.ack == 1
        assert pilot.reports == []


async def test_a_write_of_a_task_that_a_handler_started_is_shown() -> None:
    go = anyio.Event()
    text = signal("")

    async def later():
        await go.wait()
        text.set("later")

    async def work():
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(later)

    async with Pilot(h.div[h.output[text], Buttons(work=work)]) as pilot:
        await click(pilot, "work")
        go.set()
        await pilot.settle()
        assert pilot.find("output").text == "later"


async def test_input_that_waits_is_replaced_by_newer_input_of_the_same_field() -> None:
    go = anyio.Event()
    seen = []

    async def slow():
        await go.wait()

    page = h.div[
        h.input(on_input=lambda event: seen.append(event.value)),
        h.input(id="other", on_input=lambda event: seen.append("other " + event.value)),
        Buttons(slow=slow, mark=lambda: seen.append("mark")),
    ]
    async with Pilot(page) as pilot:
        await click(pilot, "slow", "slow")
        field, other = pilot.find_all("input")
        await pilot.type(field, "abc")
        await pilot.type(other, "x")
        await pilot.type(field, "d")
        await click(pilot, "mark")
        await pilot.type(field, "e")
        assert pilot.session.inbox.waiting == 5
        go.set()
        await pilot.settle()
        assert seen == ["other x", "abcd", "mark", "abcde"]
        assert pilot.client.unsettled == {}


async def test_when_the_queue_is_full_an_event_is_refused_and_its_number_used() -> None:
    go = anyio.Event()
    ran = []

    async def slow():
        await go.wait()

    limits = Limits(queued_events=3)
    async with Pilot(Buttons(slow=slow, add=lambda: ran.append(1)), limits=limits) as pilot:
        await click(pilot, "slow", "slow", *["add"] * 4)
        refused = [cseq for cseq, result in pilot.client.results.items() if result.error == "QueueFull"]
        assert refused == [5, 6]
        go.set()
        await pilot.settle()
        await click(pilot, "add")
        assert len(ran) == 3
        assert pilot.session.ledger.ack == 7


async def test_more_events_than_any_hand_can_make_are_refused_without_using_their_number() -> None:
    ran = []
    async with Pilot(Buttons(add=lambda: ran.append(1))) as pilot:
        tap = Tap(pilot)
        pilot.client.resend = lambda first=1: []
        button = pilot.find("button").hid
        frames = [pilot.client.event(button, 0) for _ in range(300)]
        await pilot.send(*frames)
        assert len(ran) == 200
        (error,) = pilot.errors
        assert (error.kind, error.scope) == ("RateLimited", protocol.SCOPE_EVENT)
        assert error.retry_after_ms == 10
        await pilot.advance(1)
        await pilot.send(*frames[200:])
        assert len(ran) == 300
        assert pilot.client.unsettled == {}
        assert tap.of(protocol.Error) == [error]


async def test_each_session_runs_in_a_context_of_its_own() -> None:
    seen = []

    def look():
        seen.append(current_session())

    async def look_later():
        await anyio.lowlevel.checkpoint()
        seen.append(current_session())

    async with Pilot(Buttons(look=look, later=look_later)) as a, Pilot(Buttons(look=look), beside=a) as b:
        await click(a, "look")
        await click(b, "look")
        await click(a, "later")
        assert seen == [a.session, b.session, a.session]
        with pytest.raises(RuntimeError, match="call current_session\\(\\) in a body or a handler"):
            current_session()


async def test_the_monitor_names_what_held_the_loop(caplog) -> None:
    async with Pilot(Buttons(slow=lambda: pilot.clock.elapse(0.25), quick=lambda: None)) as pilot:
        await click(pilot, "quick")
        assert caplog.records == []
        await click(pilot, "slow")
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert "held the loop for 250 ms" in record.getMessage()
    assert "test_stretches.py:" in record.getMessage()


async def test_the_monitor_looks_at_each_stretch_alone(caplog) -> None:
    async def work():
        for _ in range(5):
            pilot.clock.elapse(0.06)
            await anyio.lowlevel.checkpoint()

    async with Pilot(Buttons(work=work)) as pilot:
        await click(pilot, "work")
    assert caplog.records == []


async def test_without_a_connection_nothing_is_rendered() -> None:
    go = anyio.Event()
    renders = []
    state = signal(0)

    async def work():
        await go.wait()
        for n in range(5):
            state.set(n + 1)
            await anyio.lowlevel.checkpoint()

    @component
    def Page():
        renders.append(1)
        return h.div[h.output[str(state())], h.button(on_click=work)["work"]]

    async with Pilot(Page()) as pilot:
        await click(pilot, "work")
        pilot.drop()
        await pilot.settle()
        before = len(renders)
        go.set()
        await pilot.settle()
        assert len(renders) == before
        await pilot.reconnect()
        assert len(renders) == before + 1
        assert pilot.find("output").text == "5"
        assert pilot.client.unsettled == {}


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_what_a_handler_awaited_and_was_cancelled_is_the_handlers_failure() -> None:
    async def work():
        task = asyncio.ensure_future(asyncio.sleep(3600))
        task.cancel()
        await task

    async with Pilot(Buttons(work=work, add=lambda: None)) as pilot:
        await click(pilot, "work", "add")
        assert pilot.client.results[1].error == "HandlerFailed"
        assert pilot.session.ledger.ack == 2
        await click(pilot, "add")
        assert pilot.session.ledger.ack == 3


async def test_a_handler_that_raises_what_closes_a_coroutine_fails_by_itself() -> None:
    async def work():
        await anyio.lowlevel.checkpoint()
        raise GeneratorExit

    async with Pilot(Buttons(work=work, add=lambda: None)) as pilot:
        await click(pilot, "work", "add")
        assert [str(report.error) for report in pilot.reports] == [
            "GeneratorExit got out of an async function; catch it where it comes from"
        ]
        assert pilot.client.results[1].error == "HandlerFailed"
        assert pilot.session.ledger.ack == 2


async def test_who_closes_a_handler_closes_its_coroutine_and_nothing_fails() -> None:
    log = []

    async def work():
        try:
            await anyio.sleep_forever()
        except GeneratorExit:
            log.append("closed")
            raise

    async with Pilot(Buttons(add=lambda: None)) as pilot:
        running = Stretches(work(), pilot.session, "work", lambda: log.append("first")).__await__()
        running.send(None)
        assert log == ["first"]
        running.close()
        assert log == ["first", "closed"]
        assert pilot.reports == []


async def test_a_sync_handler_that_exits_does_not_take_the_process_with_it() -> None:
    def leave():
        raise SystemExit(3)

    async with Pilot(Buttons(leave=leave)) as pilot:
        await click(pilot, "leave", "leave")
        assert len(pilot.reports) == 2
        assert pilot.session.ledger.ack == 2
