"""Two sessions never touch each other, and what has ended is gone."""

import asyncio
import gc
import weakref

import anyio
import pytest
from session_pages import Buttons, Counter, Rows

from vango import (
    action,
    blocking,
    component,
    current_session,
    effect,
    html as h,
    interval,
    memo,
    on_cleanup,
    resource,
    signal,
    spawn,
    subscribe,
    timeout,
)
from vango._core import EngineError
from vango.limits import Limits
from vango.request import Request
from vango.sessions.session import Session
from vango.testing import Pilot

pytestmark = pytest.mark.anyio


class Stray(BaseException):
    """No Exception, and no cancellation either."""


@component
def Broken(phase, kind=RuntimeError):
    """Raises in one phase."""
    on = signal(False)

    def fail(*_):
        raise kind(phase)

    async def fail_later():
        await anyio.lowlevel.checkpoint()
        fail()

    async def items():
        yield phase

    def when_on(*_):
        if on():
            fail()

    if phase == "body":
        when_on()
    if phase == "effect":
        effect(when_on)
    if phase == "cleanup":
        on_cleanup(fail)
    if phase == "interval":
        interval(1, fail)
    if phase == "async timeout":
        timeout(1, fail_later)
    if phase == "fetch":
        resource(fail_later)
    if phase == "task":
        spawn(fail_later)
    if phase == "subscriber":
        subscribe(items, lambda _: fail_later())
    if phase == "blocking fetch":
        resource(blocking(fail))
    shown = memo(lambda: when_on() or "shown") if phase == "memo" else ""
    slot = (lambda: when_on() or "slot") if phase == "slot" else ""
    handlers = {"handler": fail, "async handler": fail_later, "action": action(fail_later)}
    handler = handlers.get(phase, lambda: on.set(True))
    return h.div[shown, slot, h.button(on_click=handler)["go"]]


PHASES = ["body", "slot", "memo", "effect", "cleanup", "interval", "handler", "async handler"]
PHASES += ["async timeout", "fetch", "blocking fetch", "task", "subscriber", "action"]


@pytest.mark.parametrize("kind", [RuntimeError, asyncio.CancelledError, SystemExit, GeneratorExit, Stray])
@pytest.mark.parametrize("phase", PHASES)
async def test_a_session_that_raises_everywhere_does_not_touch_its_neighbour(phase, kind) -> None:
    async with Pilot(Counter()) as neighbour, Pilot(Broken(phase, kind), beside=neighbour) as pilot:
        await pilot.click(pilot.find("button"))
        await pilot.advance(3)
        await neighbour.click(neighbour.find("button", text="+"))
        assert neighbour.find("output").text == "1"
        pilot.registry.close(pilot.session)
        await pilot.settle()
        assert pilot.reports
        raised = [report.error.__cause__ or report.error for report in pilot.reports]
        assert {(type(error), str(error)) for error in raised} == {(kind, phase)}
        assert neighbour.session.attachment is not None
        await neighbour.click(neighbour.find("button", text="+"))
        assert neighbour.find("output").text == "2"
        assert neighbour.errors == []


async def test_a_view_that_breaks_ends_its_session_with_internal_and_no_other(monkeypatch) -> None:
    async with Pilot(Counter()) as neighbour, Pilot(Counter(), beside=neighbour) as pilot:
        session, link = pilot.session, pilot.link

        def flush():
            raise EngineError("bug")

        monkeypatch.setattr(session.view, "flush", flush)
        await pilot.click(pilot.find("button", text="+"))
        assert session.closed
        assert pilot.errors[-1].kind == "Internal"
        assert link.end.code == 1011
        assert [str(report.error) for report in pilot.reports] == ["bug"]
        await neighbour.click(neighbour.find("button", text="+"))
        assert neighbour.find("output").text == "1"


async def test_an_effect_outside_of_views_that_an_error_wakes_ends_no_session() -> None:
    made = []

    @component
    def Failing():
        async def fail():
            raise ValueError("of the action")

        made.append(action(fail))
        return h.button(on_click=made[0])["go"]

    def watch():
        if made[0].error() is not None:
            raise KeyError("of the effect")

    async with Pilot(Counter()) as neighbour, Pilot(Failing(), beside=neighbour) as pilot:
        watching = effect(watch)
        await pilot.click(pilot.find("button"))
        assert [str(report.error) for report in pilot.reports] == ["of the action", "'of the effect'"]
        await neighbour.click(neighbour.find("button", text="+"))
        assert neighbour.find("output").text == "1"
        assert pilot.session.inbox.running == 0
        watching.dispose()


async def test_an_error_hook_that_raises_is_contained(caplog) -> None:
    def fail():
        raise ValueError("on purpose")

    def hook(report):
        raise RuntimeError("the hook")

    async with Pilot(Buttons(fail=fail)) as pilot:
        pilot.registry._on_error = hook
        await pilot.click(pilot.find("button"))
        assert pilot.client.results[1].error == "HandlerFailed"
    assert "on_error raised" in caplog.text


async def test_without_an_error_hook_errors_are_logged_with_their_reference(caplog) -> None:
    def fail():
        raise ValueError("on purpose")

    async with Pilot(Buttons(fail=fail)) as pilot:
        pilot.registry._on_error = None
        await pilot.click(pilot.find("button"))
        reference = pilot.client.results[1].data.split('"')[3]
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert reference in record.getMessage()
    assert str(record.exc_info[1]) == "on purpose"


async def test_a_session_that_has_ended_is_gone_with_its_tasks_and_views() -> None:
    go = anyio.Event()
    ended = []

    async def slow():
        try:
            await go.wait()
        finally:
            ended.append("handler")

    @component
    def Page():
        on_cleanup(lambda: ended.append("cleanup"))
        interval(1, lambda: None)
        return h.button(on_click=slow)["slow"]

    async with Pilot(Page()) as pilot:
        await pilot.click(pilot.find("button"))
        session = weakref.ref(pilot.session)
        view = weakref.ref(pilot.session.view)
        pilot.registry.close(pilot.session)
        await pilot.settle()
        assert sorted(ended) == ["cleanup", "handler"]
        gc.collect()
        assert session() is None
        assert view() is None
        assert len(pilot.registry.sessions) == 0


async def test_fifty_reloads_leave_nothing_behind() -> None:
    async with Pilot(Counter()) as first:
        sessions = []
        for _ in range(50):
            async with Pilot(Counter(), beside=first) as pilot:
                await pilot.click(pilot.find("button", text="+"))
                sessions.append(pilot.session.id)
        assert len(set(sessions)) == 50
        await first.settle()
        assert first.registry.statistics().detached == 50
        await first.advance(300)
        assert len(first.registry.sessions) == 1
        gc.collect()
        assert len(_sessions()) == 1
        assert len(first.registry.timers) <= 3


def _sessions():
    return [each for each in gc.get_objects() if type(each) is Session]


@pytest.mark.slow
async def test_ten_thousand_pages_without_a_socket_leave_memory_where_it_was() -> None:
    limits = Limits(waiting=100, waiting_per_address=100)
    async with Pilot(Counter(), limits=limits) as pilot:
        registry = pilot.registry

        def visit(times):
            for n in range(times):
                registry.open(Rows(), request=Request(client=str(n % 7)), browser="b")

        visit(1_000)
        gc.collect()
        before = len(gc.get_objects())
        visit(10_000)
        gc.collect()
        assert registry.statistics().waiting == 100
        assert len(_sessions()) == 101
        assert abs(len(gc.get_objects()) - before) < 500
        await pilot.advance(15)
        gc.collect()
        assert registry.statistics().waiting == 0
        assert len(_sessions()) == 1


async def test_an_idle_session_keeps_no_queues_buckets_or_tasks() -> None:
    async with Pilot(Counter()) as pilot:
        session = pilot.session
        assert session.inbox._queue is None
        assert session.inbox._running is None
        assert session._calls is None
        assert session._timed is None
        await pilot.click(pilot.find("button", text="+"))
        assert session.inbox._queue is None
        assert session.outbox.held_bytes == 0


async def test_a_handler_may_end_its_own_session() -> None:
    def leave():
        pilot.registry.close(pilot.session)

    async with Pilot(Buttons(leave=leave)) as pilot:
        link = pilot.link
        await pilot.click(pilot.find("button"))
        assert link.end.code == 3410
        assert pilot.errors[-1].kind == "SessionExpired"
        assert pilot.reports == []
        assert len(pilot.registry.sessions) == 0


async def test_an_effect_that_another_session_wakes_runs_in_its_own() -> None:
    shared = signal(0)
    seen = []

    @component
    def Watch():
        mine = current_session()
        effect(lambda: seen.append((shared(), current_session() is mine)))
        return h.button(on_click=lambda: shared.update(lambda n: n + 1))["add"]

    async with Pilot(Watch()) as pilot, Pilot(Watch(), beside=pilot):
        await pilot.click(pilot.find("button"))
        assert seen == [(0, True), (0, True), (1, True), (1, True)]


async def test_what_an_effect_dispatches_loads_when_the_page_is_mounted() -> None:
    loaded = anyio.Event()

    @component
    def Load():
        state = signal("loading")

        async def load():
            await loaded.wait()
            state.set("loaded")

        effect(lambda: current_session().dispatch(load))
        return h.output[state]

    async with Pilot(Load()) as pilot:
        assert pilot.find("output").text == "loading"
        loaded.set()
        await pilot.settle()
        assert pilot.find("output").text == "loaded"
