"""The rules of the component model that a session has to keep: 2, 4, 5, 6 and 9, over the real session."""

from __future__ import annotations

import gc
import threading
import weakref

import anyio
import anyio.to_thread
import pytest
from session_pages import Go, Tap

from vango import (
    For,
    action,
    component,
    effect,
    html as h,
    interval,
    memo,
    protocol,
    resource,
    signal,
    spawn,
    stream,
)
from vango.limits import Limits
from vango.testing import Pilot

pytestmark = pytest.mark.anyio


# Rule 2: reading subscribes the reader, and only synchronous code is tracked.


async def test_rule_2_a_body_that_reads_renders_again_and_a_place_that_is_passed_does_not() -> None:
    count = signal(0)
    ran: list[str] = []

    @component
    def Reads() -> object:
        ran.append("reads")
        return h.p[count()]

    @component
    def Passes() -> object:
        ran.append("passes")
        return h.p[count, lambda: f" {count()}"]

    async with Pilot(h.div[Reads(), Passes()]) as pilot:
        for n in range(1, 1_001):
            pilot.session.dispatch(count.set, n)
        await pilot.settle()
        assert pilot.find("div").text == "10001000 1000"
        assert ran.count("passes") == 1
        assert ran.count("reads") == 1_001


async def test_rule_2_what_async_code_and_threads_read_subscribes_nobody() -> None:
    count, ran = signal(0), []

    @component
    def Page() -> object:
        ran.append("body")

        async def load() -> int:
            await anyio.lowlevel.checkpoint()
            return count() + await anyio.to_thread.run_sync(count)

        async def work() -> None:
            count()
            await anyio.lowlevel.checkpoint()
            count()

        spawn(work)
        return h.p[resource(load).match(lambda value: value)]

    async with Pilot(Page()) as pilot:
        assert pilot.find("p").text == "0"
        assert count._observers is None
        pilot.session.dispatch(count.set, 1)
        await pilot.settle()
        assert ran == ["body"]
        assert pilot.find("p").text == "0"


async def test_rule_2_a_resource_tracks_its_key() -> None:
    name, other = signal("a"), signal("x")

    @component
    def Page() -> object:
        async def load(key: str) -> str:
            return key + other()

        return h.p[resource(load, key=lambda: name().upper()).match(lambda value: value)]

    async with Pilot(Page()) as pilot:
        pilot.session.dispatch(other.set, "y")
        await pilot.settle()
        assert pilot.find("p").text == "Ax"
        pilot.session.dispatch(name.set, "b")
        await pilot.settle()
        assert pilot.find("p").text == "By"


async def test_rule_2_a_write_from_another_thread_names_what_to_write() -> None:
    count = signal(0)
    async with Pilot(h.p[count]) as pilot:
        raised: list[str] = []

        def write() -> None:
            try:
                count.set(1)
            except RuntimeError as error:
                raised.append(str(error))

        thread = threading.Thread(target=write)
        thread.start()
        await anyio.to_thread.run_sync(thread.join)
        assert "write session.dispatch(signal.set, value) with session = current_session()" in raised[0]
        assert pilot.find("p").text == "0"


# Rule 4: state is found again by where it was made.


async def test_rule_4_every_kind_of_state_is_found_again() -> None:
    again, made = signal(0), []

    @component
    def Page() -> object:
        again()

        async def load() -> None: ...

        made.append(
            (
                signal(0),
                signal([1]),
                memo(lambda: 1),
                effect(lambda: None),
                resource(load),
                action(load),
                stream(key=id, render=str),
                spawn(load),
            )
        )
        return None

    async with Pilot(Page()) as pilot:
        pilot.session.dispatch(again.set, 1)
        await pilot.settle()
        assert len(made) == 2
        assert all(old is new for old, new in zip(*made, strict=True))


LOOPS = {
    "signal": (lambda: signal(0), "give each its own key: signal(0, key=item.id)"),
    "memo": (lambda: memo(lambda: 0), "give each its own key: signal(0, key=item.id)"),
    "effect": (lambda: effect(lambda: None), "give each its own key: signal(0, key=item.id)"),
    "action": (lambda: action(anyio.sleep), "give each its own key: signal(0, key=item.id)"),
    "interval": (lambda: interval(1, lambda: None), "give each its own key: signal(0, key=item.id)"),
    "resource": (
        lambda: resource(anyio.sleep, key=lambda: 1),
        "give each a value as its key, resource(load, key=item.id), or make it in a component that has one, "
        "Row(item, key=item.id)",
    ),
    "stream": (
        lambda: stream(key=id, render=str),
        "make it in a component that has a key, Log(item, key=item.id); that of a stream is for its rows",
    ),
    "spawn": (
        lambda: spawn(anyio.sleep, 1),
        "write it in a component that has a key, Row(item, key=item.id); spawn() takes none",
    ),
}


@pytest.mark.parametrize("more", [True, False])
@pytest.mark.parametrize("what", LOOPS)
async def test_rule_4_a_loop_whose_length_changed_names_the_line_and_says_what_has_a_key(
    what: str, *, more: bool
) -> None:
    count = signal(2)
    make, advice = LOOPS[what]

    @component
    def Page() -> object:
        for _ in range(count()):
            make()
        return h.p["x"]

    async with Pilot(Page()) as pilot:
        pilot.session.dispatch(count.set, 3 if more else 1)
        await pilot.settle()
        (report,) = pilot.reports
        assert "test_rules_over_sessions.py:" in str(report.error)
        made = 3 if more else 1
        assert f"state is made {made} times here, 2 times in the last render of" in str(report.error)
        assert str(report.error).endswith(f"in a loop, {advice}")


@pytest.mark.parametrize("what", ["stream", "spawn", "resource"])
async def test_rule_4_a_loop_makes_in_components_with_keys_what_has_none_itself(what: str) -> None:
    items = signal([1, 2])

    @component
    def Row(item: int) -> object:
        LOOPS[what][0]()
        return h.li[item]

    @component
    def Page() -> object:
        return h.ul[(Row(item, key=item) for item in items())]

    async with Pilot(Page()) as pilot:
        for now in ([1, 2, 3], [3], []):
            pilot.session.dispatch(items.set, now)
            await pilot.settle()
            assert [li.text for li in pilot.find_all("li")] == [str(item) for item in now]
        assert pilot.reports == []


# Rule 5: stretches and flushes.


async def test_rule_5_stretches_of_actions_tasks_and_handlers_do_not_overlap_and_each_is_one_burst() -> None:
    log, first, second = signal(""), Go(), Go()

    @component
    def Page() -> object:
        async def slow() -> None:
            log.update(lambda text: text + "a")
            log.update(lambda text: text + "b")
            await first.wait()
            log.update(lambda text: text + "e")
            await second.wait()
            log.update(lambda text: text + "f")

        return h.div[
            h.button(on_click=action(slow))["slow"],
            h.button(on_click=lambda: log.update(lambda text: text + "cd"))["quick"],
            h.output[log],
        ]

    async with Pilot(Page()) as pilot:
        await pilot.click(pilot.find("button", text="slow"))
        assert pilot.find("output").text == "ab"
        await pilot.click(pilot.find("button", text="quick"))
        assert pilot.find("output").text == "abcd"
        bursts = pilot.client.bursts
        first()
        await pilot.settle()
        assert pilot.find("output").text == "abcde"
        assert pilot.client.bursts == bursts + 1
        second()
        await pilot.settle()
        assert pilot.find("output").text == "abcdef"


async def test_rule_5_an_error_of_a_flush_does_not_surface_in_the_handler() -> None:
    number, after = signal(1), []

    @component
    def Page() -> object:
        async def run() -> None:
            number.set(0)
            await anyio.lowlevel.checkpoint()
            after.append("still here")

        return h.div[h.button(on_click=action(run))["go"], h.p[lambda: 1 // number()]]

    async with Pilot(Page()) as pilot:
        await pilot.click(pilot.find("button"))
        assert after == ["still here"]
        assert [type(report.error) for report in pilot.reports] == [ZeroDivisionError]


# Rule 6: handlers are looked up, never sent.


async def test_rule_6_a_new_handler_at_each_render_is_no_patch_and_the_newest_one_runs() -> None:
    again, seen = signal(0), []

    @component
    def Page() -> object:
        number = again()
        return h.button(on_click=lambda: seen.append(number))["go"]

    async with Pilot(Page()) as pilot:
        tap = Tap(pilot)
        pilot.session.dispatch(again.set, 1)
        await pilot.settle()
        assert tap.of(protocol.Diff) == []
        await pilot.click(pilot.find("button"))
        assert seen == [1]


@pytest.mark.parametrize("ring_bursts", [0, 100])
async def test_rule_6_after_a_resume_handlers_are_found_and_signals_kept(ring_bursts: int) -> None:
    """S001-42: the session lives on, also where only a snapshot brings the page back."""

    @component
    def Page() -> object:
        count = signal(0)
        rows = signal(["a"])

        async def later() -> None:
            count.update(lambda n: n + 10)

        return h.div[
            h.button(id="one", on_click=lambda: count.update(lambda n: n + 1))[count],
            h.button(id="ten", on_click=action(later))["ten"],
            For(rows, key=str, render=lambda row: h.button(on_click=(rows.append, row * 2))[row]),
        ]

    async with Pilot(Page(), limits=Limits(ring_bursts=ring_bursts)) as pilot:
        await pilot.click(pilot.find(id="one"))
        session = pilot.session
        pilot.drop()
        session.dispatch(lambda: None)
        await pilot.settle()
        await pilot.reconnect()
        assert pilot.session is session
        assert pilot.find(id="one").text == "1"
        await pilot.click(pilot.find(id="one"))
        await pilot.click(pilot.find(id="ten"))
        await pilot.click(pilot.find("button", text="a"))
        await pilot.click(pilot.find("button", text="aa"))
        assert pilot.find(id="one").text == "12"
        assert [button.text for button in pilot.find_all("button")[2:]] == ["a", "aa", "aaaa"]


# Rule 9: nothing leaks.


async def test_rule_9_after_many_renders_nothing_has_grown_and_a_closed_session_is_freed() -> None:
    again, gates = signal(0), Go()

    @component
    def Page() -> object:
        number = again()
        data = resource(wait, key=number)
        act = action(wait)
        log = stream(key=lambda n: n, render=lambda n: h.li[n], items=[1])
        effect(lambda: number)
        return h.div[
            h.button(on_click=act, key=number)["go"], data.match(lambda value: value), h.ol[log], h.p[number]
        ]

    async def wait(_: object = None) -> str:
        await gates.wait()
        return ""

    async with Pilot(Page()) as pilot:
        session = weakref.ref(pilot.session)
        pilot.session.dispatch(again.set, 1)
        await pilot.settle()
        work = pilot.session.view._work
        scopes, places = pilot.session.view.scope_count, len(work.places)
        for n in range(2, 300):
            pilot.session.dispatch(again.set, n)
        await pilot.advance(10)
        assert pilot.session.view.scope_count == scopes
        assert len(work.places) == places
        assert len(work.activities) == 1
        assert pilot.session.inbox.running == 1
        pilot.registry.close(pilot.session)
        del work
        await pilot.settle()
        assert again._observers is None
        pilot.drop()
        gc.collect()
        assert session() is None
