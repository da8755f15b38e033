"""`resource(blocking(load))`, `action(blocking(store))`: plain functions in worker threads; nobody waits."""

import threading

import pytest

from vango import action, blocking, component, current_session, html as h, resource, signal
from vango.testing import Pilot

pytestmark = pytest.mark.anyio

LOOP = threading.get_ident


class Gates:
    """Calls in threads that end when the test says so."""

    def __init__(self) -> None:
        self.begun: dict[object, threading.Event] = {}
        self.go: dict[object, threading.Event] = {}
        self.ended: list[object] = []
        self.threads: set[int] = set()

    def add(self, *names: object) -> "Gates":
        for name in names:
            self.begun[name], self.go[name] = threading.Event(), threading.Event()
        return self

    def wait(self, name: object) -> None:
        """Wait in the thread that works."""
        self.threads.add(threading.get_ident())
        self.begun[name].set()
        assert self.go[name].wait(30)
        self.ended.append(name)

    async def has_begun(self, pilot: Pilot, name: object) -> None:
        """Return when a call has begun; the loop goes on meanwhile."""
        while not self.begun[name].is_set():
            await pilot.settle(threads=False)

    async def let_go(self, pilot: Pilot, name: object) -> None:
        """Let one call end, and return when the others are all that is left."""
        self.go[name].set()
        while name not in self.ended:
            await pilot.settle(threads=False)
        waiting = any(begun.is_set() and not self.go[each].is_set() for each, begun in self.begun.items())
        await pilot.settle(threads=not waiting)


async def press(pilot: Pilot, text: str) -> None:
    """Click a button, and do not wait for threads."""
    assert pilot.link is not None
    await pilot.link.send(pilot.client.event(pilot.find("button", text=text).hid, 0))
    await pilot.settle(threads=False)


async def test_a_page_waits_for_what_a_thread_loads() -> None:
    threads = []

    def load(name: str) -> str:
        threads.append(threading.get_ident())
        return f"hello {name}"

    @component
    def Page() -> object:
        data = resource(blocking(load), key="you")
        return h.output[lambda: data() or "nothing"]

    async with Pilot(Page()) as pilot:
        assert pilot.find("output").text == "hello you"
        assert len(threads) == 1, "the connected page has what the served one loaded"
        assert threads[0] != LOOP()
        assert pilot.client.bursts == 0


async def test_another_key_does_not_wait_for_the_thread_of_the_last_one_whose_outcome_is_dropped() -> None:
    gates = Gates().add(1, 2)
    written = signal("")

    def load(key: int) -> str:
        gates.wait(key)
        written.set(f"wrote {key}")
        return f"loaded {key}"

    @component
    def Page() -> object:
        key = signal(1)
        data = resource(blocking(load), key=key, ssr=False)
        return h.main[
            h.output[lambda: data() or "nothing"], h.b[written], h.button(on_click=lambda: key.set(2))["next"]
        ]

    async with Pilot(Page(), connect=False) as pilot:
        pilot.link = pilot.connect_raw()
        pilot._tasks.start_soon(pilot._browse, pilot.link)
        await gates.has_begun(pilot, 1)
        await press(pilot, "next")
        await gates.has_begun(pilot, 2)
        assert len(gates.threads) == 2
        await gates.let_go(pilot, 1)
        assert (pilot.find("output").text, pilot.find("b").text) == ("nothing", "")
        await gates.let_go(pilot, 2)
        assert (pilot.find("output").text, pilot.find("b").text) == ("loaded 2", "wrote 2")
        assert pilot.reports == []


@pytest.mark.parametrize("kind", [ValueError, SystemExit])
async def test_what_a_thread_raises_is_the_error_of_the_fetch_and_is_tried_again(kind) -> None:
    calls = []

    def load() -> str:
        calls.append("call")
        if len(calls) < 3:
            raise kind("no luck")
        return "luck"

    @component
    def Page() -> object:
        data = resource(blocking(load), retries=1, backoff_s=1)
        return h.main[
            data.match(lambda text: h.output[text], error=lambda error: h.em[str(error)]),
            h.button(on_click=data.refetch)["again"],
        ]

    async with Pilot(Page()) as pilot:
        await pilot.advance(1)
        assert pilot.find("em").text == "no luck"
        assert [str(report.error) for report in pilot.reports] == ["no luck"]
        await pilot.click(pilot.find("button"))
        assert pilot.find("output").text == "luck"


async def test_a_session_goes_on_while_a_thread_works_for_an_action() -> None:
    gates = Gates().add("a", "b")
    said, count = signal(""), signal(0)

    def store(name: str) -> str:
        gates.wait(name)
        said.set(f"stored {name}")
        return name.upper()

    @component
    def Page() -> object:
        save = action(blocking(store))
        return h.main[
            h.output[lambda: f"{save.pending()} {save.result()} {said()}"],
            [h.button(on_click=(save, name))[name] for name in "ab"],
            h.button(on_click=lambda: count.update(lambda n: n + 1))[count],
        ]

    async with Pilot(Page()) as pilot:
        await press(pilot, "a")
        await gates.has_begun(pilot, "a")
        await press(pilot, "b")
        await press(pilot, "0")
        assert pilot.find("button", text="1")
        assert pilot.find("output").text == "True None "
        assert not gates.begun["b"].is_set(), "it waits its turn"
        gates.go["a"].set()
        await gates.has_begun(pilot, "b")
        await gates.let_go(pilot, "b")
        assert pilot.find("output").text == "False B stored b"
        assert gates.ended == ["a", "b"]
        assert LOOP() not in gates.threads


async def test_nothing_comes_of_a_run_that_was_cancelled_or_superseded_while_its_thread_worked() -> None:
    gates = Gates().add("a", "b", "c")
    said = signal("")

    def store(name: str) -> str:
        gates.wait(name)
        said.set(name)
        if name != "c":
            raise ValueError(name)
        return name

    @component
    def Page() -> object:
        save = action(blocking(store), policy="latest")
        return h.main[
            h.output[lambda: f"{save.pending()} {save.result()} {save.error()} {said()}"],
            [h.button(on_click=(save, name))[name] for name in "abc"],
            h.button(on_click=save.cancel)["cancel"],
        ]

    async with Pilot(Page()) as pilot:
        await press(pilot, "a")
        await gates.has_begun(pilot, "a")
        await press(pilot, "b")
        await gates.has_begun(pilot, "b")
        await press(pilot, "cancel")
        assert pilot.find("output").text == "False None None "
        await gates.let_go(pilot, "a")
        await gates.let_go(pilot, "b")
        assert pilot.find("output").text == "False None None "
        gates.go["c"].set()
        await pilot.click(pilot.find("button", text="c"))
        assert pilot.find("output").text == "False c None c"
        assert pilot.reports == []


async def test_a_session_may_end_while_its_threads_work() -> None:
    gates = Gates().add("load", "store")
    said = signal("")

    def work(name: str) -> str:
        gates.wait(name)
        said.set(name)
        return name

    @component
    def Page() -> object:
        data = resource(blocking(work), key="load", ssr=False)
        save = action(blocking(work))
        return h.main[h.output[lambda: data() or "nothing"], h.button(on_click=(save, "store"))["go"]]

    async with Pilot(h.p["page"]) as neighbour, Pilot(Page(), beside=neighbour, connect=False) as pilot:
        pilot.link = pilot.connect_raw()
        pilot._tasks.start_soon(pilot._browse, pilot.link)
        await gates.has_begun(pilot, "load")
        await press(pilot, "go")
        await gates.has_begun(pilot, "store")
        pilot.registry.close(pilot.session)
        await pilot.settle(threads=False)
        gates.go["load"].set()
        gates.go["store"].set()
        await pilot.settle()
        assert sorted(gates.ended) == ["load", "store"]
        assert said() == ""
        assert pilot.reports == []


async def test_a_thread_knows_its_session_and_may_dispatch_to_it() -> None:
    seen = signal(())

    def store() -> None:
        session = current_session()
        assert session.dispatch(lambda: seen.update(lambda old: (*old, "dispatched")))
        seen.set((*seen(), "written"))

    @component
    def Page() -> object:
        return h.main[h.output[lambda: " ".join(seen())], h.button(on_click=action(blocking(store)))["go"]]

    async with Pilot(Page()) as pilot:
        await pilot.click(pilot.find("button"))
        assert set(pilot.find("output").text.split()) <= {"dispatched", "written"}
        assert "written" in pilot.find("output").text
        assert pilot.reports == []
