"""`blocking(handler)`: it runs in a worker thread, its session waits, no other does."""

import functools
import threading

import anyio
import pytest
from session_pages import Buttons, Counter

from vango import blocking, html as h, signal
from vango.testing import Pilot

pytestmark = pytest.mark.anyio


async def click(pilot, *names):
    """Click buttons by name, all in one message, and do not wait for worker threads."""
    hids = {button.text: button.hid for button in pilot.find_all("button")}
    await pilot.link.send(b"".join(pilot.client.event(hids[name], 0) for name in names))
    await pilot.settle(threads=False)


async def test_its_writes_are_shown_when_it_returns() -> None:
    text = signal("")
    threads = []

    def work():
        threads.append(threading.get_ident())
        text.set("one")
        text.set(text.peek() + " two")

    async with Pilot(h.div[h.output[text], Buttons(work=blocking(work))]) as pilot:
        await pilot.click(pilot.find("button"))
        assert pilot.find("output").text == "one two"
        assert threads != [threading.get_ident()]
        assert len(pilot.patches) == 1
        assert pilot.client.unsettled == {}


@pytest.mark.parametrize(
    "handler",
    [
        lambda work: (blocking(work), "x"),
        lambda work: functools.partial(blocking(work), "x"),
        lambda work: blocking(functools.partial(work, "x")),
    ],
    ids=["pair", "partial of it", "of a partial"],
)
async def test_it_may_be_given_arguments(handler) -> None:
    threads = []

    def work(name):
        threads.append((name, threading.get_ident()))

    async with Pilot(Buttons(work=handler(work))) as pilot:
        await pilot.click(pilot.find("button"))
        ((name, thread),) = threads
        assert name == "x"
        assert thread != threading.get_ident()


async def test_an_async_function_inside_it_is_an_error_that_says_so() -> None:
    async def load():
        raise AssertionError("nobody awaits it")

    async with Pilot(Buttons(work=blocking(lambda: load()))) as pilot:
        await pilot.click(pilot.find("button"))
        (report,) = pilot.reports
        assert "load is an async def and does not block; give it as it is" in str(report.error)


async def test_its_session_waits_and_no_other_does() -> None:
    go = threading.Event()
    text = signal("")
    log = []

    def work():
        go.wait()
        text.set("done")
        log.append("work")

    page = h.div[h.output[text], Buttons(work=blocking(work), other=lambda: log.append(text.peek()))]
    async with Pilot(page) as pilot, Pilot(Counter(), beside=pilot) as neighbour:
        await click(pilot, "work", "other")
        assert log == []
        await neighbour.link.send(neighbour.client.event(neighbour.find("button", text="+").hid, 0))
        await neighbour.settle(threads=False)
        assert neighbour.find("output").text == "1"
        go.set()
        await pilot.settle()
        assert log == ["work", "done"]
        assert pilot.find("output").text == "done"


async def test_a_suspended_handler_goes_on_only_when_the_thread_has_returned() -> None:
    go, release = threading.Event(), anyio.Event()
    log = []

    async def suspended():
        await release.wait()
        log.append("suspended")

    def work():
        go.wait()
        log.append("work")

    async with Pilot(Buttons(suspended=suspended, work=blocking(work))) as pilot:
        await click(pilot, "suspended", "work")
        release.set()
        await pilot.settle(threads=False)
        assert log == []
        go.set()
        await pilot.settle()
        assert log == ["work", "suspended"]
        assert pilot.session.ledger.ack == 2


async def test_calls_of_other_threads_wait_for_it_too() -> None:
    go = threading.Event()
    log = []

    def work():
        pilot.session.dispatch(log.append, "from the thread")
        go.wait()
        log.append("work")

    async with Pilot(Buttons(work=blocking(work))) as pilot:
        await click(pilot, "work")
        pilot.session.dispatch(log.append, "from the loop")
        await pilot.settle(threads=False)
        assert log == []
        go.set()
        await pilot.settle()
        assert log[0] == "work"
        assert sorted(log[1:]) == ["from the loop", "from the thread"]


async def test_timers_wait_for_it_and_tick_once() -> None:
    go = threading.Event()
    ticks = []

    async with Pilot(Buttons(work=blocking(go.wait))) as pilot:
        pilot.session.every(1, lambda: ticks.append(pilot.clock.now()))
        await click(pilot, "work")
        await pilot.clock.advance(3)
        assert ticks == []
        go.set()
        await pilot.settle()
        assert ticks == [3]
        await pilot.advance(1)
        assert ticks == [3, 4]


async def test_when_it_raises_its_writes_stay_and_the_page_gets_a_reference() -> None:
    text = signal("")

    def work():
        text.set("half")
        raise ValueError("on purpose")

    async with Pilot(h.div[h.output[text], Buttons(work=blocking(work))]) as pilot:
        await pilot.click(pilot.find("button"))
        assert pilot.find("output").text == "half"
        assert pilot.client.results[1].error == "HandlerFailed"
        assert str(pilot.reports[0].error) == "on purpose"


async def test_a_session_that_ends_meanwhile_does_not_get_its_writes() -> None:
    go = threading.Event()
    text = signal("")

    def work():
        go.wait()
        text.set("late")

    async with Pilot(h.div[h.output[text], Buttons(work=blocking(work))]) as pilot:
        await click(pilot, "work")
        pilot.registry.close(pilot.session)
        await pilot.settle(threads=False)
        go.set()
        await pilot.settle()
        assert text.peek() == ""
        assert pilot.reports == []


async def test_a_client_that_comes_back_meanwhile_sees_the_page_as_it_was_and_then_the_result() -> None:
    go = threading.Event()
    text = signal("before")

    def work():
        go.wait()
        text.set("after")

    async with Pilot(h.div[h.output[text], Buttons(work=blocking(work))]) as pilot:
        await click(pilot, "work")
        pilot.drop()
        await pilot.settle(threads=False)
        pilot.client.epoch = 0
        pilot.link = pilot.connect_raw()
        await pilot.link.send(pilot.client.hello())
        await pilot.settle(threads=False)
        for data in pilot.link.receive_all():
            pilot.client.receive(data)
        assert pilot.find("output").text == "before"
        go.set()
        await pilot.settle()
        for data in pilot.link.receive_all():
            pilot.client.receive(data)
        assert pilot.find("output").text == "after"
        assert pilot.client.unsettled == {}
