"""Taking leave (PROTOCOL 3.15): goodbyes are spread, what was begun is finished, and nobody is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import pairwise

import anyio
import pytest
from session_pages import Counter, Go

from vango import component, html as h, protocol, signal
from vango.errors import TransportClosed
from vango.limits import Limits
from vango.protocol import Error, GoAway
from vango.sessions.drain import drain
from vango.testing import Pilot

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("network")]

LIMITS = Limits(waiting_per_address=200, handshakes_per_address=200, drain_s=4, goodbye_s=3)


@component
def Slow(go: Go):
    """A click that takes until `go`."""
    done = signal(0)

    async def work() -> None:
        await go.wait()
        done.update(lambda n: n + 1)

    return h.div[h.output[done], h.button(on_click=work)["work"]]


class Watch:
    """Notes when each client was asked to leave, and how its connection ended."""

    def __init__(self, pilot: Pilot) -> None:
        self.pilot = pilot
        self.asked: list[float] = []
        self.goaways: list[GoAway] = []
        assert pilot.link is not None
        self.link = pilot.link
        self.link.on_receive = self._receive

    def _receive(self, data: bytes) -> list[bytes]:
        for message in protocol.decode(data, 1 << 24):
            if isinstance(message, GoAway):
                self.asked.append(self.pilot.clock.now())
                self.goaways.append(message)
        return [data]

    @property
    def code(self) -> int | None:
        """The code of the close."""
        return self.link.end.code if isinstance(self.link.end, TransportClosed) else None


@asynccontextmanager
async def crowd(number: int, root: object) -> AsyncIterator[tuple[list[Pilot], list[Watch]]]:
    """Some tabs of one server, connected."""
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(Pilot(root, limits=LIMITS))
        pilots = [first]
        pilots += [await stack.enter_async_context(Pilot(root, beside=first)) for _ in range(number - 1)]
        yield pilots, [Watch(pilot) for pilot in pilots]


async def test_c27_a_hundred_are_asked_over_the_window_and_each_gets_what_it_began() -> None:
    go = Go()
    async with crowd(100, Slow(go)) as (pilots, watches), anyio.create_task_group() as tasks:
        sessions = [pilot.session for pilot in pilots]
        clock, registry = pilots[0].clock, pilots[0].registry
        for pilot in pilots:
            await pilot.click(pilot.find("button"))
        tasks.start_soon(drain, registry)
        await clock.advance(LIMITS.drain_s)
        times = sorted(time for watch in watches for time in watch.asked)
        assert len(times) == 100
        gaps = [there - here for here, there in pairwise(times)]
        assert times[0] == 0
        assert max(gaps) - min(gaps) < 0.001
        assert 3.9 < times[-1] < 4
        assert all(watch.code is None for watch in watches)  # their clicks still run
        ends = {
            round(time * 1000) + watch.goaways[0].deadline_ms for watch in watches for time in watch.asked
        }
        assert ends == {7_000}
        assert {(one.min_ms, one.max_ms) for watch in watches for one in watch.goaways} == {LIMITS.return_ms}

        go()
        await clock.advance(0.5)
        assert [watch.code for watch in watches] == [1000] * 100
        assert [pilot.find("output").text for pilot in pilots] == ["1"] * 100
        assert [pilot.client.unsettled for pilot in pilots] == [{}] * 100
        assert [session.view.tree.count for session in sessions if not session.closed] == []
        assert registry.connections == 0
        assert not any(pilot.errors for pilot in pilots)


async def test_who_stays_is_cut_off_at_the_deadline_and_told_why() -> None:
    go = Go()  # which never comes
    async with crowd(3, Slow(go)) as (pilots, watches), anyio.create_task_group() as tasks:
        await pilots[0].click(pilots[0].find("button"))
        clock = pilots[0].clock
        tasks.start_soon(drain, pilots[0].registry)
        await clock.advance(3.1)
        assert [watch.code for watch in watches] == [None, 1000, 1000]
        await clock.advance(0.1)  # three are told in 150 ms, then it is 3 s
        assert watches[0].code == 1012
        (error,) = pilots[0].errors
        assert isinstance(error, Error)
        assert (error.kind, error.scope) == ("Draining", protocol.SCOPE_SESSION)


async def test_a_machine_that_slept_meanwhile_asks_the_others_to_go_at_once() -> None:
    async with crowd(3, Slow(Go())) as (pilots, watches), anyio.create_task_group() as tasks:
        tasks.start_soon(drain, pilots[0].registry)
        clock = pilots[0].clock
        await clock.advance(0.01)
        clock.elapse(100)
        await clock.advance(1)
        deadlines = [goaway.deadline_ms for watch in watches for goaway in watch.goaways]
        assert (len(deadlines) > 1, deadlines[0] > 0, set(deadlines[1:])) == (True, True, {0})
        assert all(watch.code is not None for watch in watches)
        assert pilots[0].registry.connections == 0


async def test_nobody_waits_where_nobody_is() -> None:
    async with Pilot(Counter(), connect=False, limits=LIMITS) as pilot:
        await drain(pilot.registry)
        assert pilot.clock.now() == 0
        assert list(pilot.registry.sessions) == []


async def test_who_comes_in_the_middle_is_asked_too() -> None:
    go = Go()
    async with (
        Pilot(Slow(go), limits=LIMITS) as pilot,
        Pilot(Counter(), beside=pilot, connect=False) as late,
        anyio.create_task_group() as tasks,
    ):
        await pilot.click(pilot.find("button"))
        tasks.start_soon(drain, pilot.registry)
        await pilot.clock.advance(1)
        await late.reconnect()
        watch = Watch(late)
        await pilot.clock.advance(0.2)
        assert len(watch.asked) == 1
        assert watch.code == 1000
        go()
        await pilot.clock.advance(0.2)


@pytest.mark.parametrize("reason", ["leave", "close", "Internal", ""])
async def test_s004_7_a_document_that_leaves_for_good_frees_its_session_at_once(reason: str) -> None:
    async with Pilot(Counter()) as pilot:
        session, watch = pilot.session, Watch(pilot)
        await pilot.send(protocol.encode(protocol.Bye(reason)))
        assert watch.code == 1000
        assert session.closed
        assert list(pilot.registry.sessions) == []
        assert pilot.reports == []


async def test_one_that_was_asked_to_leave_finds_its_session_again() -> None:
    async with Pilot(Counter()) as pilot:
        await pilot.click(pilot.find("button", text="+"))
        session = pilot.session
        await pilot.send(protocol.encode(protocol.Bye("drained")))
        await pilot.reconnect()
        assert pilot.session is session
        assert pilot.client.hello_ok.mode == protocol.MODE_RESUME
