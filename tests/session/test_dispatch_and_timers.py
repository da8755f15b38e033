"""What comes from elsewhere: other threads, timers, other sessions, signals of the module."""

import threading

import anyio
import anyio.to_thread
import pytest
from session_pages import Buttons, Counter

from vango import component, html as h, interval, signal
from vango.errors import LimitExceeded
from vango.limits import Limits
from vango.testing import Pilot

pytestmark = pytest.mark.anyio


async def in_thread(fn, *args):
    """Run a function in a thread that knows of no event loop."""
    outcome = []

    def run():
        try:
            outcome.append(fn(*args))
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    await anyio.to_thread.run_sync(thread.join)
    return outcome[0]


async def test_a_thread_reaches_a_session_by_dispatch() -> None:
    text = signal("")
    async with Pilot(h.output[text]) as pilot:
        assert await in_thread(pilot.session.dispatch, text.set, "from a thread") is True
        await pilot.settle()
        assert pilot.find("output").text == "from a thread"


async def test_dispatch_does_not_wait_for_a_loop_that_waits_for_its_thread() -> None:
    text = signal("")
    async with Pilot(h.output[text]) as pilot:
        thread = threading.Thread(target=pilot.session.dispatch, args=(text.set, "late"), daemon=True)
        thread.start()
        thread.join(10)
        assert not thread.is_alive()
        await pilot.settle()
        assert pilot.find("output").text == "late"


async def test_dispatched_calls_keep_their_order_and_errors_stay_with_them() -> None:
    log = []

    def fail():
        raise ValueError("on purpose")

    async with Pilot(h.p["x"]) as pilot:
        session = pilot.session

        def send():
            for n in range(100):
                session.dispatch(log.append, n)
            session.dispatch(fail)
            session.dispatch(log.append, "last")

        await in_thread(send)
        await pilot.settle()
        assert log == [*range(100), "last"]
        assert [str(report.error) for report in pilot.reports] == ["on purpose"]


async def test_an_async_function_may_be_dispatched() -> None:
    text = signal("")

    async def work(value):
        text.set(value)
        await anyio.lowlevel.checkpoint()
        text.set(value * 2)

    async with Pilot(h.output[text]) as pilot:
        pilot.session.dispatch(work, "ab")
        await pilot.settle()
        assert pilot.find("output").text == "abab"


async def test_too_many_dispatched_calls_end_the_session_with_a_fresh_page() -> None:
    count = signal(0)
    async with Pilot(h.output[count], limits=Limits(dispatched=10)) as pilot:
        session, link = pilot.session, pilot.link

        def flood():
            for _ in range(10):
                assert session.dispatch(lambda: None)
            session.dispatch(lambda: None)

        # From the loop itself: nothing runs in between.
        with pytest.raises(LimitExceeded) as caught:
            flood()
        assert (caught.value.name, caught.value.limit, caught.value.got) == ("dispatched", 10, 11)
        await pilot.settle()
        assert session.closed
        assert pilot.errors[-1].kind == "Internal"
        assert link.end.code == 1011
        assert session.dispatch(lambda: None) is False
        await pilot.reconnect()
        assert pilot.session is not session
        assert pilot.client.epoch == 2


async def test_a_timer_ticks_each_period_and_its_changes_are_shown() -> None:
    count = signal(0)
    async with Pilot(h.output[count]) as pilot:
        stop = pilot.session.every(2, lambda: count.update(lambda n: n + 1))
        await pilot.advance(1.9)
        assert pilot.find("output").text == "0"
        await pilot.advance(4.1)
        assert pilot.find("output").text == "3"
        stop()
        stop()
        await pilot.advance(60)
        assert pilot.find("output").text == "3"


async def test_a_late_tick_does_not_shift_the_later_ones_and_a_missed_one_is_not_made_up_for() -> None:
    ticks = []
    async with Pilot(h.p["x"]) as pilot:
        pilot.session.every(1, lambda: ticks.append(pilot.clock.now()))
        pilot.clock.elapse(3.5)
        await pilot.advance(0)
        await pilot.advance(1)
        assert ticks == [3.5, 4.0]


async def test_ticks_do_not_pile_up_behind_one_that_still_runs() -> None:
    started = []
    count = signal(0)

    async with Pilot(h.output[count]) as pilot:

        async def slow():
            started.append(pilot.clock.now())
            await pilot.clock.sleep(2.5)
            count.update(lambda n: n + 1)

        pilot.session.every(1, slow)
        await pilot.advance(8)
        assert started == [1, 4, 7]
        assert pilot.find("output").text == "2"
        assert pilot.session.inbox.running == 1


async def test_a_timer_that_raises_goes_on() -> None:
    ticks = []

    def tick():
        ticks.append(1)
        raise ValueError("on purpose")

    async with Pilot(h.p["x"]) as pilot:
        pilot.session.every(1, tick)
        await pilot.advance(3)
        assert len(ticks) == len(pilot.reports) == 3


async def test_an_interval_starts_with_the_socket_goes_on_while_it_is_gone_and_ends_with_the_session() -> (
    None
):
    ticks = []

    @component
    def Clock():
        interval(1, lambda: ticks.append(1))
        return h.p["clock"]

    async with Pilot(Clock(), connect=False) as pilot:
        await pilot.advance(10)
        assert ticks == []
        await pilot.reconnect()
        await pilot.advance(3)
        assert len(ticks) == 3
        pilot.drop()
        await pilot.advance(2)
        assert len(ticks) == 5
        pilot.registry.close(pilot.session)
        await pilot.advance(300)
        assert len(ticks) == 5
        assert len(pilot.registry.timers) == 0


async def test_a_signal_of_the_module_is_shown_in_every_session_that_reads_it() -> None:
    shared = signal(0)
    page = h.div[h.output[shared], Buttons(add=lambda: shared.update(lambda n: n + 1))]
    async with Pilot(page) as a, Pilot(page, beside=a) as b, Pilot(Counter(), beside=a) as c:
        await a.click(a.find("button"))
        assert a.find("output").text == b.find("output").text == "1"
        await b.click(b.find("button"))
        assert a.find("output").text == b.find("output").text == "2"
        assert (a.session.rev, b.session.rev, c.session.rev) == (2, 2, 0)


async def test_a_mounted_component_is_subscribed_to_what_it_reads_until_it_leaves() -> None:
    news, shown, renders = signal("none"), signal(True), []

    @component
    def Ticker():
        renders.append(news())
        return h.output[news()]

    async with Pilot(h.main[lambda: Ticker() if shown() else None]) as one, Pilot(h.p[news]) as other:
        assert (one.patches, other.patches) == ([], [])
        news.set("rain")
        await one.settle()
        await other.settle()
        assert (one.find("output").text, other.find("p").text) == ("rain", "rain")
        assert [patch.op for burst in one.patches for patch in burst] == ["set_text"]
        shown.set(False)
        await one.settle()
        assert one.find_all("output") == []
        assert [patch.op for burst in one.patches for patch in burst] == ["remove"]
        news.set("sun")
        await one.settle()
        await other.settle()
        assert other.find("p").text == "sun"
        assert (one.patches, renders) == ([], ["none", "rain"])
