"""All sessions of a process: adopted, attached, detached, replaced, swept."""

import anyio
import pytest
from session_pages import Counter

from vango import component, html as h, signal
from vango.clock import VirtualClock
from vango.errors import Refused
from vango.limits import Limits
from vango.protocol import MODE_RESUME
from vango.request import Request
from vango.sessions.registry import Registry, Statistics
from vango.testing import Pilot
from vango.testing.client import duplicate

pytestmark = pytest.mark.anyio


def visit(registry, address="a"):
    """Open one page."""
    return registry.open(Counter(), request=Request(client=address), browser="b")


async def test_a_rendered_page_waits_fifteen_seconds_for_its_socket() -> None:
    async with Pilot(Counter(), connect=False) as pilot:
        session = pilot.session
        assert pilot.registry.statistics() == Statistics(waiting=1, attached=0, detached=0)
        await pilot.advance(14.9)
        assert not session.closed
        await pilot.advance(0.1)
        assert session.closed
        assert pilot.registry.statistics() == Statistics(0, 0, 0)


async def test_a_socket_in_time_adopts_the_first_render() -> None:
    async with Pilot(Counter(), connect=False) as pilot:
        session = pilot.session
        await pilot.advance(14)
        await pilot.reconnect()
        await pilot.advance(60)
        assert pilot.session is session
        assert pilot.client.hello_ok.mode == MODE_RESUME
        assert pilot.registry.statistics() == Statistics(0, 1, 0)


async def test_a_socket_too_late_gets_the_page_mounted_anew() -> None:
    async with Pilot(Counter(start=3), connect=False) as pilot:
        await pilot.advance(16)
        await pilot.reconnect()
        assert pilot.client.epoch == 2
        assert pilot.find("output").text == "3"


async def test_a_dropped_client_may_come_back_for_five_minutes() -> None:
    async with Pilot(Counter()) as pilot:
        session = pilot.session
        await pilot.click(pilot.find("button", text="+"))
        pilot.drop()
        await pilot.advance(299)
        assert pilot.registry.statistics() == Statistics(0, 0, 1)
        await pilot.reconnect()
        assert pilot.session is session
        pilot.drop()
        await pilot.settle()
        await pilot.advance(300)
        assert session.closed
        await pilot.reconnect()
        assert pilot.find("output").text == "0"
        assert pilot.client.epoch == 2


async def test_too_many_waiting_pages_push_out_the_oldest() -> None:
    async with Pilot(Counter(), limits=Limits(waiting=3)) as pilot:
        sessions = [visit(pilot.registry, str(n)) for n in range(5)]
        assert [session.closed for session in sessions] == [True, True, False, False, False]


async def test_one_address_cannot_push_out_the_others() -> None:
    async with Pilot(Counter(), limits=Limits(waiting_per_address=2)) as pilot:
        other = visit(pilot.registry, "other")
        sessions = [visit(pilot.registry, "crawler") for _ in range(5)]
        assert [session.closed for session in sessions] == [True, True, True, False, False]
        assert not other.closed


async def test_too_many_detached_sessions_push_out_the_oldest() -> None:
    async with Pilot(Counter(), limits=Limits(detached=2)) as first:
        pilots = [Pilot(Counter(), beside=first) for _ in range(3)]
        sessions = []
        for pilot in pilots:
            async with pilot:
                sessions.append(pilot.session)
            await first.settle()
        assert [session.closed for session in sessions] == [True, False, False]
        assert first.registry.statistics() == Statistics(0, 1, 2)


@component
def Heavy(size: int):
    kept = signal(init=lambda: "x" * size)
    return h.p[lambda: len(kept())]


async def test_s001_3_detached_sessions_take_so_many_bytes_and_the_oldest_leave_above_that() -> None:
    async with Pilot(Counter(), limits=Limits(detached_bytes=250_000)) as first:
        sessions, closed = [], []
        for size in (100_000, 100_000, 150_000, 300_000):
            async with Pilot(Heavy(size), beside=first) as pilot:
                sessions.append(pilot.session)
            await first.settle()
            closed.append([session.closed for session in sessions])
        assert closed == [[False], [False, False], [True, True, False], [True, True, True, True]]
        assert first.registry.statistics().detached_bytes == 0


async def test_s001_3_statistics_say_what_detached_sessions_take() -> None:
    async with Pilot(Counter()) as first:
        async with Pilot(Heavy(100_000), beside=first) as pilot:
            session = pilot.session
        await first.settle()
        assert first.registry.statistics().detached_bytes == session.weight > 100_000
        first.registry.close(session)
        assert first.registry.statistics().detached_bytes == 0


async def test_ids_are_128_random_bits_and_found_again() -> None:
    async with Pilot(Counter()) as pilot:
        ids = {visit(pilot.registry, str(n)).id for n in range(100)}
        assert len(ids) == 100
        assert {len(each) for each in ids} == {22}
        some = ids.pop()
        assert pilot.registry.get(some).id == some
        assert pilot.registry.get("nobody") is None


async def test_closing_twice_is_closing_once() -> None:
    async with Pilot(Counter()) as pilot:
        session = visit(pilot.registry)
        pilot.registry.close(session, "nobody looks at this page")
        pilot.registry.close(session)
        assert session.closed
        assert session not in pilot.registry.sessions


async def test_a_stand_in_is_forgotten_with_its_end() -> None:
    async with Pilot(Counter()) as pilot, Pilot(Counter(), beside=pilot, connect=False) as twin:
        twin.client = duplicate(pilot.client)
        await twin.reconnect()
        stand_in = twin.session
        assert stand_in is not pilot.session
        pilot.registry.close(stand_in)
        assert pilot.registry._aliases == {}
        await twin.settle()
        await twin.reconnect()
        assert twin.session not in (stand_in, pilot.session)


async def test_a_page_at_another_path_gets_a_session_there() -> None:
    async with Pilot(Counter(start=2), path="/a?x=1") as pilot:
        await pilot.click(pilot.find("button", text="+"))
        left = pilot.session
        pilot.client.path = "/b"
        await pilot.reconnect()
        assert pilot.session.path == "/b"
        assert left.closed
        assert pilot.find("output").text == "2"


async def test_a_stand_in_may_have_a_stand_in() -> None:
    async with Pilot(Counter(start=2), path="/a") as pilot:
        for path in ("/b", "/c"):
            pilot.client.path = path
            await pilot.reconnect()
        last = pilot.session
        assert last.path == "/c"
        assert len(pilot.registry.sessions) == 1
        pilot.drop()
        await pilot.settle()
        await pilot.reconnect()
        assert pilot.session is last


async def test_a_path_is_the_same_however_it_is_escaped() -> None:
    async with Pilot(Counter(), path="/a%20b?x=%C3%A4", connect=False) as pilot:
        pilot.client.path = "/a%20b?x=ä"
        session = pilot.session
        await pilot.reconnect()
        assert pilot.session is session


async def test_when_the_registry_ends_so_do_all_sessions() -> None:
    clock = VirtualClock()
    registry = Registry(clock=clock)
    async with anyio.create_task_group() as tasks:
        await tasks.start(_run, registry)
        session = visit(registry)
        tasks.cancel_scope.cancel()
    assert session.closed
    assert len(registry.sessions) == 0
    assert session.dispatch(lambda: None) is False
    with pytest.raises(RuntimeError, match="the registry does not run"):
        _ = registry.tasks


async def _run(registry, *, task_status):
    await registry.run(task_status=task_status)


async def test_an_address_has_so_many_sessions_and_the_oldest_detached_one_leaves_first() -> None:
    limits = Limits(sessions_per_address=2, waiting_per_address=9)
    async with Pilot(Counter(), limits=limits) as pilot:
        registry, first = pilot.registry, pilot.session
        mine = first.address
        second = visit(registry, mine)
        pilot.drop()
        await pilot.advance(0.1)
        third = visit(registry, mine)
        assert (first.closed, second.closed, third.closed) == (True, False, False)
        visit(registry, mine)
        assert (second.closed, third.closed) == (True, False)
        assert visit(registry, "another") is not None


async def test_where_all_sessions_of_an_address_are_connected_one_more_is_refused() -> None:
    async with Pilot(Counter(), limits=Limits(sessions_per_address=1)) as pilot:
        with pytest.raises(Refused, match="ServerBusy"):
            visit(pilot.registry, pilot.session.address)
        assert not pilot.session.closed
        assert len(pilot.registry.sessions) == 1


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", ""])
async def test_who_is_on_this_machine_is_not_counted(address: str) -> None:
    async with Pilot(Counter(), limits=Limits(sessions_per_address=1, waiting_per_address=9)) as pilot:
        assert not any(visit(pilot.registry, address).closed for _ in range(3))
        assert len(pilot.registry.sessions) == 4


async def test_a_session_that_has_ended_takes_no_calls() -> None:
    called: list[str] = []
    async with Pilot(Counter()) as pilot:
        session = pilot.session
        assert session.dispatch(called.append, "while it lived")
        await pilot.settle()
        pilot.registry.close(session)
        assert not session.dispatch(called.append, "too late")
        await pilot.settle()
    assert called == ["while it lived"]
