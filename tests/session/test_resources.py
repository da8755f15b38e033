"""Resources: one fetch, what shows before, meanwhile and instead, and what cancels it (F-1, F-4)."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from session_pages import Go

from vango import ErrorBoundary, Signal, component, html as h, resource, signal
from vango.errors import StormError
from vango.limits import Limits
from vango.testing import Pilot

pytestmark = pytest.mark.anyio


class Loader:
    """An async function that a test lets return, by key.

    Attributes:
        calls: The keys it was called with.
        cancelled: Those of them that were cancelled.
    """

    def __init__(self, *, waits: bool = True) -> None:
        self.calls: list[Any] = []
        self.cancelled: list[Any] = []
        self.failing: list[Exception] = []
        self._waits = waits
        self._go: dict[Any, Go] = {}

    async def __call__(self, key: Any = "") -> str:
        self.calls.append(key)
        try:
            if self._waits:
                await self._go.setdefault(key, Go()).wait()
        except BaseException:
            self.cancelled.append(key)
            raise
        if self.failing:
            raise self.failing.pop(0)
        return f"<{key}{self.calls.count(key)}>"

    def go(self, key: Any = "") -> None:
        """Let the calls with `key` return."""
        self._go.pop(key, Go())()


VIEWS: dict[str, Callable[..., object]] = {
    "pending": lambda: "pending",
    "loading": lambda value: f"loading {value}",
    "error": lambda error: f"error {error}",
}


@component
def Shown(load: Any, made: list[Any], by: Any = None, **options: Any) -> object:
    data = resource(load, key=by, **options)
    made.append(data)
    return h.output[data.match(lambda value: f"ready {value}", **VIEWS)]


async def test_a_page_waits_for_its_data_and_the_connected_page_keeps_it() -> None:
    load = Loader(waits=False)
    async with Pilot(Shown(load, []), connect=False) as pilot:
        assert pilot.find("output").text == "ready <1>"
        await pilot.reconnect()
        await pilot.advance(60)
        assert pilot.find("output").text == "ready <1>"
        assert load.calls == [""]
        assert pilot.client.bursts == 0
        assert pilot.clock.now() == 60


async def test_data_that_takes_too_long_comes_behind_the_page_and_is_fetched_once() -> None:
    load = Loader()
    async with Pilot(Shown(load, []), connect=False) as pilot:
        assert pilot.find("output").text == "pending"
        assert pilot.clock.now() == pytest.approx(0.3)
        load.go()
        await pilot.settle()
        await pilot.reconnect()
        assert pilot.find("output").text == "ready <1>"
        assert load.calls == [""]


async def test_data_that_other_data_asks_for_is_waited_for_too() -> None:
    load = Loader(waits=False)

    @component
    def Inner(name: str) -> object:
        return resource(load, key=name).match(lambda value: h.b[value])

    @component
    def Outer() -> object:
        return h.div[resource(load).match(lambda value: Inner(value))]

    async with Pilot(Outer(), connect=False) as pilot:
        assert pilot.find("div").text == "<<1>1>"
        assert load.calls == ["", "<1>"]


async def test_without_ssr_a_fetch_begins_when_a_browser_is_there() -> None:
    load = Loader(waits=False)
    async with Pilot(Shown(load, [], ssr=False), connect=False) as pilot:
        await pilot.advance(5)
        assert load.calls == []
        assert pilot.find("output").text == "pending"
        await pilot.reconnect()
        assert pilot.find("output").text == "ready <1>"


async def test_with_a_wait_of_zero_no_page_waits() -> None:
    load = Loader(waits=False)
    async with Pilot(Shown(load, []), connect=False, limits=Limits(ssr_wait_s=0)) as pilot:
        assert pilot.find("output").text in ("pending", "ready <1>")
        assert pilot.clock.now() == 0
        await pilot.reconnect()
        assert pilot.find("output").text == "ready <1>"
        assert load.calls == [""]


async def test_another_key_cancels_the_fetch_and_shows_the_last_value_meanwhile() -> None:
    load, key = Loader(), signal("a")
    async with Pilot(Shown(load, [], by=key)) as pilot:
        load.go("a")
        await pilot.settle()
        assert pilot.find("output").text == "ready <a1>"
        pilot.session.dispatch(key.set, "b")
        await pilot.settle()
        assert pilot.find("output").text == "loading <a1>"
        pilot.session.dispatch(key.set, "c")
        await pilot.settle()
        assert load.cancelled == ["b"]
        load.go("c")
        await pilot.settle()
        assert pilot.find("output").text == "ready <c1>"
        assert load.calls == ["a", "b", "c"]


async def test_data_that_depends_on_other_data_is_fetched_when_that_is_there() -> None:
    users, posts, who = Loader(), Loader(), signal("ann")
    made: list[Any] = []

    @component
    def Page() -> object:
        user = resource(users, key=who)
        return Shown(posts, made, by=lambda: user() and f"posts of {user()}")

    async with Pilot(Page()) as pilot:
        assert pilot.find("output").text == "pending"
        assert (made[0].state, made[0].loading(), posts.calls) == ("pending", False, [])
        made[0].refetch()
        await pilot.settle()
        assert posts.calls == []
        users.go("ann")
        await pilot.settle()
        assert (made[0].state, made[0].loading(), posts.calls) == ("pending", True, ["posts of <ann1>"])
        posts.go("posts of <ann1>")
        await pilot.settle()
        assert pilot.find("output").text == "ready <posts of <ann1>1>"
        assert pilot.reports == []


async def test_a_key_that_gives_none_cancels_and_forgets_what_was_fetched() -> None:
    load, made = Loader(), []
    key: Signal[str | None] = signal("a")
    load.failing = [ValueError("no luck")]
    async with Pilot(Shown(load, made, by=key, stale_s=60)) as pilot:

        async def turn(to: str | None) -> str:
            pilot.session.dispatch(key.set, to)
            await pilot.settle()
            return pilot.find("output").text

        load.go("a")
        await pilot.settle()
        assert pilot.find("output").text == "error no luck"
        assert await turn(None) == "pending"
        assert (made[0](), made[0].error()) == (None, None)
        assert await turn("b") == "pending"
        assert await turn(None) == "pending"
        assert load.cancelled == ["b"]
        await turn("b")
        load.go("b")
        await pilot.settle()
        assert pilot.find("output").text == "ready <b2>"
        assert await turn(None) == "pending"
        assert (made[0](), made[0].peek(), made[0].loading()) == (None, None, False)
        assert await turn("b") == "ready <b2>"
        await turn(None)
        pilot.session.dispatch(made[0].mutate, "mine")
        await pilot.settle()
        assert pilot.find("output").text == "ready mine"
        assert load.calls == ["a", "b", "b"]


async def test_a_page_is_served_without_waiting_for_what_cannot_be_fetched_yet() -> None:
    load = Loader(waits=False)

    @component
    def Page(name: str | None) -> object:
        first = resource(load, key=lambda: name)
        return Shown(load, [], by=lambda: first() and f"{first()}'s")

    async with Pilot(Page(None), connect=False) as pilot:
        assert (pilot.find("output").text, load.calls, pilot.clock.now()) == ("pending", [], 0)
        await pilot.reconnect()
        await pilot.advance(5)
        assert (pilot.find("output").text, load.calls) == ("pending", [])
    async with Pilot(Page("ann"), connect=False) as pilot:
        assert (pilot.find("output").text, pilot.clock.now()) == ("ready <<ann1>'s1>", 0)


async def test_an_equal_key_fetches_nothing() -> None:
    load, key = Loader(waits=False), signal((1, "a"))
    async with Pilot(Shown(load, [], by=key)) as pilot:
        pilot.session.dispatch(key.set, (1, "a"))
        await pilot.settle()
        assert load.calls == [(1, "a")]


async def test_a_key_given_as_a_value_makes_another_resource() -> None:
    load, name = Loader(), signal("a")
    made: list[Any] = []

    @component
    def Page() -> object:
        return Shown(load, made, by=name())

    async with Pilot(Page()) as pilot:
        load.go("a")
        await pilot.settle()
        pilot.session.dispatch(name.set, "b")
        await pilot.settle()
        assert pilot.find("output").text == "pending"
        assert made[-1] is not made[0]
        load.go("b")
        await pilot.settle()
        assert pilot.find("output").text == "ready <b1>"


async def test_in_a_loop_each_has_its_key() -> None:
    load, names = Loader(waits=False), signal(["a", "b"])

    @component
    def Page() -> object:
        return h.ul[(h.li(key=n)[resource(load, key=n).match(lambda value: value)] for n in names())]

    async with Pilot(Page()) as pilot:
        pilot.session.dispatch(names.set, ["c", "b"])
        await pilot.settle()
        assert [li.text for li in pilot.find_all("li")] == ["<c1>", "<b1>"]
        assert sorted(load.calls) == ["a", "b", "c"]


async def test_the_end_of_the_scope_cancels_a_fetch() -> None:
    load, shown = Loader(), signal(True)

    @component
    def Page() -> object:
        return h.div[Shown(load, []) if shown() else None]

    async with Pilot(Page()) as pilot:
        pilot.session.dispatch(shown.set, False)
        await pilot.settle()
        assert load.cancelled == [""]
        assert pilot.session.inbox.running == 0
        assert pilot.reports == []


async def test_closing_the_session_cancels_a_fetch() -> None:
    load = Loader()
    async with Pilot(Shown(load, [])) as pilot:
        pilot.registry.close(pilot.session)
        await pilot.settle()
        assert load.cancelled == [""]
        assert pilot.reports == []


async def test_an_error_shows_in_its_view_and_refetch_tries_again() -> None:
    load, made = Loader(waits=False), []
    load.failing = [ValueError("no luck")]
    async with Pilot(Shown(load, made)) as pilot:
        assert pilot.find("output").text == "error no luck"
        assert made[0].state == "error"
        assert [str(report.error) for report in pilot.reports] == ["no luck"]
        assert "resource Loader" in pilot.reports[0].where
        pilot.session.dispatch(made[0].refetch)
        await pilot.settle()
        assert pilot.find("output").text == "ready <2>"
        assert made[0].error.peek() is None


async def test_without_a_view_for_errors_the_nearest_boundary_shows_it_and_one_report_is_made() -> None:
    load = Loader(waits=False)
    load.failing = [ValueError("no luck")]

    @component
    def Page() -> object:
        return ErrorBoundary(
            h.p[resource(load).match(lambda value: value)],
            fallback=lambda error, retry: h.button(on_click=retry)[f"{error}, again"],
        )

    async with Pilot(Page()) as pilot:
        assert pilot.find("button").text == "no luck, again"
        assert len(pilot.reports) == 1
        await pilot.click(pilot.find("button"))
        await pilot.settle()
        assert pilot.find("p").text == "<2>"
        assert load.calls == ["", ""]


async def test_retries_wait_longer_each_time_on_the_clock_of_the_application() -> None:
    load, made = Loader(waits=False), []
    load.failing = [OSError(str(n)) for n in range(4)]
    async with Pilot(Shown(load, made, retries=3, backoff_s=1.0)) as pilot:
        began = pilot.clock.now()
        assert pilot.find("output").text == "pending"
        seen = [(began, 1)]
        while pilot.clock.now() < began + 10:
            await pilot.advance(0.5)
            if len(load.calls) != seen[-1][1]:
                seen.append((pilot.clock.now(), len(load.calls)))
        assert [when for when, _ in seen] == pytest.approx([began, 1.0, 3.0, 7.0], abs=0.5)
        assert pilot.find("output").text == "error 3"
        assert [str(report.error) for report in pilot.reports] == ["3"]


async def test_a_key_that_changes_ends_the_retries() -> None:
    load, key = Loader(waits=False), signal("a")
    load.failing = [OSError("no")]
    async with Pilot(Shown(load, [], by=key, retries=5)) as pilot:
        pilot.session.dispatch(key.set, "b")
        await pilot.advance(60)
        assert load.calls == ["a", "b"]


async def test_what_is_fresh_is_not_fetched_again() -> None:
    load, key, made = Loader(waits=False), signal("a"), []
    async with Pilot(Shown(load, made, by=key, stale_s=10)) as pilot:
        for name in "bab":
            pilot.session.dispatch(key.set, name)
            await pilot.settle()
        assert load.calls == ["a", "b"]
        assert pilot.find("output").text == "ready <b1>"
        made[0].refetch(if_stale=True)
        await pilot.settle()
        assert load.calls == ["a", "b"]
        await pilot.advance(11)
        pilot.session.dispatch(key.set, "a")
        await pilot.settle()
        assert load.calls == ["a", "b", "a"]
        pilot.session.dispatch(made[0].refetch)
        await pilot.settle()
        assert load.calls == ["a", "b", "a", "a"]


async def test_what_was_refused_is_not_what_was_fetched() -> None:
    key, made, awaits = signal("a"), [], signal(False)

    async def find(name: str) -> str:
        return f"<{name}>"

    async def load(name: str) -> Any:
        return await find(name) if awaits.peek() else find(name)

    async with Pilot(Shown(load, made, by=key, stale_s=60)) as pilot:
        assert "was given the coroutine" in pilot.find("output").text
        pilot.session.dispatch(awaits.set, True)
        pilot.session.dispatch(made[0].refetch)
        await pilot.settle()
        assert pilot.find("output").text == "ready <a>"
        pilot.session.dispatch(awaits.set, False)
        for name, shown in (("b", "error"), ("a", "ready <a>"), ("b", "error")):
            pilot.session.dispatch(key.set, name)
            await pilot.settle()
            assert pilot.find("output").text.startswith(shown)
        pilot.session.dispatch(awaits.set, True)
        pilot.session.dispatch(lambda: made[0].refetch(if_stale=True))
        await pilot.settle()
        assert pilot.find("output").text == "ready <b>"


async def test_mutate_shows_a_value_and_cancels_what_knows_nothing_of_it() -> None:
    load, made = Loader(), []
    async with Pilot(Shown(load, made)) as pilot:
        pilot.session.dispatch(made[0].mutate, "mine")
        await pilot.settle()
        assert pilot.find("output").text == "ready mine"
        assert load.cancelled == [""]
        load.go()
        await pilot.settle()
        assert pilot.find("output").text == "ready mine"


async def test_a_value_is_read_as_a_signal_is() -> None:
    load = Loader()

    @component
    def Page() -> object:
        data = resource(load)
        return h.p(aria_busy=lambda: str(data.loading()).lower())[lambda: data() or "none"]

    async with Pilot(Page()) as pilot:
        assert pilot.html() == '<vango-root><p aria-busy="true">none</p></vango-root>'
        load.go()
        await pilot.settle()
        assert pilot.html() == '<vango-root><p aria-busy="false">&lt;1&gt;</p></vango-root>'


async def test_a_fetch_that_swallows_its_cancellation_changes_nothing() -> None:
    key, gate = signal("a"), Go()

    async def load(key: str) -> str:
        if key == "a":
            with anyio.CancelScope(shield=True):
                await gate.wait()
        return key

    async with Pilot(Shown(load, [], by=key)) as pilot:
        pilot.session.dispatch(key.set, "b")
        await pilot.settle()
        gate()
        await pilot.settle()
        assert pilot.find("output").text == "ready b"


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_task_of_the_applications_own_that_was_cancelled_is_an_error_of_the_fetch() -> None:
    async def load() -> str:
        task = asyncio.ensure_future(anyio.sleep_forever())
        task.cancel()
        await task
        return ""

    async with Pilot(Shown(load, [])) as pilot:
        assert pilot.find("output").text == "error "
        assert [type(report.error) for report in pilot.reports] == [asyncio.CancelledError]


async def test_what_a_fetch_needs() -> None:
    async def load() -> str:
        return ""

    def plain() -> str:
        return ""

    with pytest.raises(RuntimeError, match=r"resource\(\) belongs into a component's body or an effect"):
        resource(load)
    with pytest.raises(TypeError, match=r"write resource\(load\), without calling it"):
        resource(load())  # type: ignore[call-overload]
    with pytest.raises(TypeError, match=r"resource\(key=\['a'\]\) cannot tell this value from another"):
        resource(load, key=["a"])
    async with Pilot(Shown(plain, [])) as pilot:
        assert "gave nothing to await; write async def" in pilot.find("output").text
        assert "test_resources.py:" in pilot.find("output").text


async def test_match_says_which_view_is_no_function() -> None:
    @component
    def Page() -> object:
        async def load() -> str:
            return ""

        return resource(load).match("no")  # type: ignore[arg-type]

    async with Pilot(Page()) as pilot:
        assert str(pilot.reports[0].error) == (
            "match(ready=...) takes a function, not 'no'; write ready=lambda value: value.name"
        )


async def test_a_storm_of_fetches_waits_its_turn_and_names_the_line() -> None:
    load, key = Loader(waits=False), signal(0)
    async with Pilot(Shown(load, [], by=key), limits=Limits(resource_starts_per_s=5)) as pilot:
        for n in range(1, 20):
            pilot.session.dispatch(key.set, n)
            await pilot.settle()
        assert load.calls == [0, 1, 2, 3, 4]
        (report,) = pilot.reports
        assert isinstance(report.error, StormError)
        assert report.error.limit == 5
        assert "more than 5 fetches of resources within a second" in str(report.error)
        assert "test_resources.py:" in report.error.culprit
        await pilot.advance(10)
        assert load.calls == [0, 1, 2, 3, 4, 19]
        assert pilot.find("output").text == "ready <191>"


async def test_a_breaker_lets_the_fetch_fail() -> None:
    load, key = Loader(waits=False), signal(0)
    limits = Limits(resource_starts_per_s=5, storms="breaker")
    async with Pilot(Shown(load, [], by=key), limits=limits) as pilot:
        for n in range(1, 10):
            pilot.session.dispatch(key.set, n)
            await pilot.settle()
        assert load.calls == [0, 1, 2, 3, 4]
        assert pilot.find("output").text.startswith("error more than 5 fetches")
        await pilot.advance(1.1)
        pilot.session.dispatch(key.set, 10)
        await pilot.settle()
        assert pilot.find("output").text == "ready <101>"


async def test_reading_an_error_again_and_again_does_not_lengthen_its_traceback() -> None:
    again, lengths, made = signal(0), [], []

    async def load() -> None:
        raise ValueError("no luck")

    @component
    def Page() -> object:
        data = resource(load)
        made.append(data)

        def read() -> str:
            again()
            try:
                return str(data())
            except ValueError as error:
                lengths.append(len(traceback.extract_tb(error.__traceback__)))
                return "failed"

        return h.p[read]

    async with Pilot(Page()) as pilot:
        for n in range(1, 20):
            pilot.session.dispatch(again.set, n)
            await pilot.settle()
        assert pilot.find("p").text == "failed"
        assert len(set(lengths[1:])) == 1
