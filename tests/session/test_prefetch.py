"""S001-46, S001-52: pages that are rendered before somebody goes there."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import anyio
import pytest

from vango import (
    App,
    ErrorBoundary,
    Outlet,
    Portal,
    Principal,
    Redirect,
    Request,
    action,
    blocking,
    channel,
    component,
    current_location,
    current_request,
    current_session,
    current_user,
    effect,
    emit,
    head,
    html as h,
    interval,
    memo,
    navigate,
    on_cleanup,
    on_mount,
    query_signal,
    ref,
    resource,
    session_data,
    set_cookie,
    signal,
    spawn,
    stream,
    timeout,
    toast,
)
from vango.application.navigator import SiteNavigator
from vango.limits import Limits
from vango.routing.site import Location, Site
from vango.sessions.session import Session
from vango.testing import Pilot

pytestmark = pytest.mark.anyio

AHEAD = 3


class Shelf:
    """A small application: what its bodies, loads, effects and cleanups did, by name."""

    def __init__(self) -> None:
        self.app = App()
        self.did: list[str] = []
        self.gates: dict[str, anyio.Event] = {}
        self.user: Principal | None = None
        self.common = signal(0)
        self.items = signal([1])
        self.rows = stream(key=lambda text: text, render=lambda text: h.li[text])
        self.saved = 0
        self.save: Any = None
        self.box: Any = None
        self.other: Session | None = None
        app = self.app
        app.auth(self._who)

        @app.layout("/")
        def frame(content: object) -> object:
            self.did.append("frame")
            self.box = ref()
            self.save = action(self.increase)
            return h.div[h.output(id="common")[self.common], h.ul[self.rows], h.input(ref=self.box), content]

        @app.page("/", title="Front")
        def front() -> object:
            self.did.append("front")
            return h.h1["front"]

        @app.page("/books/{number:int}", title="Book")
        def book(number: int) -> object:
            self.did.append(f"book {number}")
            on_cleanup(lambda: self.did.append(f"cleaned {number}"))
            effect(lambda: self.did.append(f"effect {number}"))
            on_mount(lambda: self.did.append(f"mounted {number}"))
            count = signal(0)
            data = resource(self.load, key=number)
            return h.main[
                h.h1[f"book {number}"],
                h.p(id="data")[data.match(lambda text: text, pending=lambda: "loading")],
                h.button(id="more", on_click=lambda: count.update(lambda n: n + 1))[count],
            ]

        app.redirect("/old/{number:int}", "/books/{number}")

    async def increase(self) -> None:
        self.saved += 1

    async def _who(self, request: Request) -> Principal | None:
        return self.user

    async def load(self, number: int) -> str:
        self.did.append(f"load {number}")
        if f"load {number}" in self.gates:
            await self.gates[f"load {number}"].wait()
        return f"data {number}"

    def pilot(self, address: str = "/", **options: Any) -> Pilot:
        match = self.app._pages.match(address.partition("?")[0])
        assert match is not None
        navigator = SiteNavigator(self.app._gate, origins=())
        return Pilot(Site(Location(address, match)), path=address, navigator=navigator, **options)

    @property
    def news(self) -> list[str]:
        """What was done since the last look."""
        found, self.did = self.did, []
        return found


async def ahead(pilot: Pilot, path: str) -> None:
    """The person may go there soon."""
    await pilot.send(pilot.client.navigate(path, AHEAD))


def under_way(pilot: Pilot) -> int:
    return pilot.registry.ahead.under_way


def waiting(pilot: Pilot) -> int:
    """How many pages are rendered ahead."""
    found = pilot.session.navigation._ahead
    return 0 if found is None else len(found)


def title(pilot: Pilot) -> str:
    return pilot.find("h1").text


async def test_what_was_rendered_ahead_is_shown_and_nothing_runs_twice(network: str) -> None:
    shelf = Shelf()
    async with shelf.pilot() as pilot:
        bursts, html, scopes = pilot.client.bursts, pilot.html(hids=True), pilot.session.view.scope_count
        assert shelf.news == ["frame", "front"]
        await ahead(pilot, "/books/7")
        assert shelf.news == ["book 7", "load 7"]
        assert (pilot.client.bursts, pilot.html(hids=True), pilot.client.unsettled) == (bursts, html, {})
        assert (pilot.session.path, waiting(pilot), under_way(pilot)) == ("/", 1, 0)
        await pilot.navigate("/books/7")
        assert shelf.news == ["effect 7", "mounted 7"]
        assert (title(pilot), pilot.find(id="data").text) == ("book 7", "data 7")
        assert (pilot.session.path, pilot.client.bursts, waiting(pilot)) == ("/books/7", bursts + 1, 0)
        await pilot.click(pilot.find(id="more"))
        assert pilot.find(id="more").text == "1"
        await pilot.navigate("/")
        assert shelf.news == ["front", "cleaned 7"]
        assert (pilot.session.view.scope_count, pilot.reports) == (scopes, [])


async def test_a_page_that_still_loads_is_waited_for_as_ever(network: str) -> None:
    shelf = Shelf()
    gate = shelf.gates["load 7"] = anyio.Event()
    async with shelf.pilot() as pilot:
        await ahead(pilot, "/books/7")
        assert (under_way(pilot), waiting(pilot)) == (1, 1)
        bursts = pilot.client.bursts
        await pilot.navigate("/books/7")
        assert (title(pilot), pilot.client.bursts) == ("front", bursts)
        gate.set()
        await pilot.settle()
        assert (title(pilot), pilot.find(id="data").text, pilot.client.bursts) == (
            "book 7",
            "data 7",
            bursts + 1,
        )
        assert shelf.news.count("load 7") == 1
        assert under_way(pilot) == 0


async def test_the_gate_is_asked_again_and_redirects_lead_to_what_is_there() -> None:
    shelf = Shelf()
    async with shelf.pilot() as pilot:
        await ahead(pilot, "/old/7")
        shelf.did.clear()
        await pilot.navigate("/books/7")
        assert (title(pilot), shelf.news) == ("book 7", ["effect 7", "mounted 7"])
        shelf.user = Principal(id="somebody")
        await ahead(pilot, "/books/8")
        assert (shelf.news, waiting(pilot)) == ([], 0)  # it would be another person's


@pytest.mark.parametrize("changed", ["roles", "data", "cookies"])
async def test_what_was_rendered_for_somebody_else_is_thrown_away(changed: str) -> None:
    shelf = Shelf()
    shelf.user = Principal(id="ada", roles=frozenset({"reader"}))

    async with shelf.pilot() as pilot:
        request = Request(client="test", user=shelf.user, cookies={"a": "1"}, data={"cart": 1})
        pilot.session.request = request
        await ahead(pilot, "/books/7")
        assert (shelf.news[2:], waiting(pilot)) == (["book 7", "load 7"], 1)
        if changed == "roles":
            shelf.user = Principal(id="ada", roles=frozenset())
        else:
            about: dict[str, Any] = {"cookies": {"a": "1"}, "data": {"cart": 1}} | {changed: {"b": "2"}}
            pilot.session.request = Request(client="test", user=shelf.user, **about)
        await pilot.navigate("/books/7")
        assert shelf.news == ["cleaned 7", "book 7", "effect 7", "mounted 7", "load 7"]
        assert title(pilot) == "book 7"


async def test_it_lives_for_half_a_minute_and_ends_with_its_connection_and_its_session() -> None:
    shelf = Shelf()
    gate = shelf.gates["load 8"] = anyio.Event()
    async with shelf.pilot() as pilot:
        scopes = pilot.session.view.scope_count
        await ahead(pilot, "/books/7")
        await pilot.advance(29)
        await ahead(pilot, "/books/7")
        await ahead(pilot, "/books/8")
        assert (waiting(pilot), under_way(pilot)) == (2, 1)
        await pilot.advance(1.5)
        assert (waiting(pilot), shelf.news[-1]) == (1, "cleaned 7")
        pilot.drop()
        await pilot.settle()
        assert (under_way(pilot), shelf.news) == (0, ["cleaned 8"])
        await pilot.reconnect()
        assert (waiting(pilot), pilot.session.view.scope_count) == (0, scopes)
        await ahead(pilot, "/books/8")
        assert under_way(pilot) == 1
        pilot.registry.close(pilot.session)
        gate.set()
        await pilot.settle()
        assert (under_way(pilot), shelf.news, pilot.reports) == (0, ["book 8", "load 8", "cleaned 8"], [])


async def test_there_are_ten_at_most_the_least_wanted_goes_first() -> None:
    shelf = Shelf()
    async with shelf.pilot() as pilot:
        for number in range(10):
            await ahead(pilot, f"/books/{number}")
            await pilot.advance(1)
        await ahead(pilot, "/books/0")
        shelf.did.clear()
        await ahead(pilot, "/books/10")
        assert (waiting(pilot), shelf.news) == (10, ["cleaned 1", "book 10", "load 10"])


async def test_two_at_once_five_a_second_and_fifty_in_all() -> None:
    shelf = Shelf()
    for number in range(4):
        shelf.gates[f"load {number}"] = anyio.Event()
    limits = Limits(prefetches_in_all=3)
    async with shelf.pilot(limits=limits) as pilot, shelf.pilot(beside=pilot) as other:
        for number in range(3):
            await ahead(pilot, f"/books/{number}")
        assert (waiting(pilot), under_way(pilot)) == (2, 2)
        for number in range(3):
            await ahead(other, f"/books/{number}")
        assert (waiting(other), under_way(pilot)) == (1, 3)
        for gate in shelf.gates.values():
            gate.set()
        await pilot.settle()
        assert under_way(pilot) == 0
        for number in range(10, 20):
            await ahead(pilot, f"/books/{number}")
        assert waiting(pilot) == 5
        await pilot.advance(1)
        await ahead(pilot, "/books/20")
        assert waiting(pilot) == 6


async def test_a_guard_that_takes_long_is_not_waited_for() -> None:
    shelf = Shelf()
    asked: list[str] = []
    there = anyio.Event()

    async def slow(request: Request) -> None:
        asked.append(request.address)
        await there.wait()

    @shelf.app.page("/guarded", guards=[slow])
    def guarded() -> object:
        shelf.did.append("guarded")
        return h.h1["guarded"]

    async with shelf.pilot() as pilot:
        await ahead(pilot, "/guarded")
        assert (asked, under_way(pilot)) == (["/guarded"], 1)
        await pilot.advance(0.1)
        assert (under_way(pilot), waiting(pilot)) == (0, 0)
        await pilot.navigate("/guarded")
        there.set()
        await pilot.settle()
        assert (title(pilot), shelf.news.count("guarded")) == ("guarded", 1)


async def test_what_would_part_elsewhere_from_what_is_shown_now_is_thrown_away() -> None:
    shelf = Shelf()

    @shelf.app.layout("/deep")
    def deep(content: object) -> object:
        shelf.did.append("deep")
        return h.section[content]

    @shelf.app.page("/deep/{name}")
    def leaf(name: str) -> object:
        shelf.did.append(name)
        return h.h1[name]

    async with shelf.pilot() as pilot:
        await ahead(pilot, "/deep/a")
        await ahead(pilot, "/deep/b")
        await ahead(pilot, "/books/1")
        await pilot.navigate("/deep/a")
        assert (title(pilot), waiting(pilot)) == ("a", 1)
        shelf.did.clear()
        await pilot.navigate("/deep/b")
        assert (title(pilot), shelf.news) == ("b", ["b"])
        await ahead(pilot, "/deep/c")
        await pilot.navigate("/deep/c")
        await ahead(pilot, "/deep/d")
        await pilot.navigate("/deep/d")
        assert (title(pilot), shelf.news) == ("d", ["c", "d"])
        await pilot.navigate("/books/1")
        assert (title(pilot), shelf.news) == ("book 1", ["effect 1", "mounted 1"])
        await ahead(pilot, "/books/1")
        await ahead(pilot, "/books/1?page=2")
        assert waiting(pilot) == 0  # nothing of it would be new


async def test_its_code_sees_where_it_is_going_to_be_and_follows_the_address_then(network: str) -> None:
    shelf = Shelf()
    app = shelf.app
    seen: list[object] = []

    async def load(name: str) -> str:
        return f"{name} {current_request().address}"

    @app.page("/here/{name}")
    def here(name: str) -> object:
        where, kept = current_location(), current_session().location
        q = query_signal("q", "none")
        twice = memo(lambda: where().query.get("q", "") * 2)
        seen.append((current_request().params["name"], current_user(), current_session().path))
        text = resource(load, key=lambda: current_session().location().match.parameters["name"])
        return h.main[
            h.h1[name],
            h.p(id="where")[lambda: where().full],
            h.p(id="kept")[lambda: kept().address],
            h.p(id="late")[lambda: current_session().location().address],
            h.p(id="q")[q],
            h.p(id="twice")[twice],
            h.p(id="data")[text.match(lambda text: text)],
            h.button(id="peek", on_click=lambda: seen.append(where().full))["peek"],
        ]

    def shown(pilot: Pilot) -> list[str]:
        return [pilot.find(id=name).text for name in ("where", "kept", "late", "q", "twice", "data")]

    async with shelf.pilot() as pilot:
        await ahead(pilot, "/here/a?q=x")
        assert seen == [("a", None, "/here/a?q=x")]
        assert (pilot.session.path, pilot.session.location().address) == ("/", "/")
        await pilot.navigate("/here/a?q=x")
        a = "/here/a?q=x"
        assert shown(pilot) == [a, a, a, "x", "xx", f"a {a}"]
        await pilot.navigate("/here/a?q=y")
        b = "/here/a?q=y"
        assert shown(pilot) == [b, b, b, "y", "yy", f"a {a}"]
        seen.clear()
        await pilot.click(pilot.find(id="peek"))
        assert seen == [b]
        assert pilot.reports == []


@pytest.mark.parametrize("what", ["emit", "toast", "cookie", "session data", "navigate", "a common signal"])
async def test_s001_46_what_has_an_effect_is_refused_and_happens_when_somebody_goes_there(
    what: str, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf()

    async def act() -> str:
        match what:
            case "emit":
                emit("seen", 1)
            case "toast":
                toast("seen")
            case "cookie":
                set_cookie("seen", "1")
            case "navigate":
                navigate("/books/1")
        return "done"

    @shelf.app.page("/acts")
    def acts() -> object:
        shelf.did.append("acts")
        if what == "a common signal":
            shelf.common.set(shelf.common.peek() + 1)
        if what == "session data":
            session_data()["x"] = 1
        return h.h1[resource(act).match(lambda text: text)]

    async with shelf.pilot() as pilot:
        pilot.registry.errand = lambda session, key: f"/errand/{key}"
        html = pilot.html()
        shelf.did.clear()
        pilot.client.effects.clear()
        with caplog.at_level(logging.WARNING, "vango"):
            await ahead(pilot, "/acts")
            await ahead(pilot, "/acts")
        assert (shelf.news, waiting(pilot), under_way(pilot)) == (["acts", "acts"], 0, 0)
        (record,) = caplog.records
        assert "/acts is not rendered ahead" in record.getMessage()
        assert "on_mount()" in record.getMessage()
        assert (pilot.html(), shelf.common(), pilot.reports, pilot.client.effects) == (html, 0, [], [])
        await pilot.navigate("/acts")
        assert pilot.reports == []
        assert title(pilot) == ("book 1" if what == "navigate" else "done")
        if what == "a common signal":
            assert pilot.find(id="common").text == "1"


def write(shelf: Shelf) -> None:
    shelf.common.set(shelf.common.peek() + 1)


def act_early(what: str, shelf: Shelf) -> None:
    """Do what has an effect on somebody else."""
    match what:
        case "a write":
            write(shelf)
        case "a list":
            shelf.items.append(2)
        case "a stream":
            shelf.rows.append("row")
        case "dispatch":
            current_session().dispatch(write, shelf)
        case "another session":
            assert shelf.other is not None
            shelf.other.dispatch(write, shelf)
        case "a task":
            spawn(shelf.increase)
        case "a timer":
            timeout(0.01, lambda: write(shelf))
        case "an effect":
            effect(shelf.common)
        case "an action":
            assert shelf.save is not None
            shelf.save()
        case "a ref":
            assert shelf.box is not None
            shelf.box.focus()


WHAT = ["a list", "a stream", "dispatch", "another session", "a task", "a timer", "an effect", "an action"]
WHAT += ["a ref"]
WHERE = ["a load", "a load that waits", "a task of a load", "a second try", "init"]


@pytest.mark.parametrize(
    ("what", "where"), [*((what, "a load") for what in WHAT), *(("a write", where) for where in WHERE)]
)
async def test_s001_46_nothing_that_a_page_starts_has_an_effect_before_somebody_goes_there(
    what: str, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf()
    tries: list[int] = []

    async def load() -> str:
        tries.append(1)
        if where == "a second try" and len(tries) % 2:
            raise LookupError("not yet")
        if where == "a load that waits":
            await anyio.lowlevel.checkpoint()
        if where == "a task of a load":

            async def child() -> None:
                act_early(what, shelf)

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(child)
        else:
            act_early(what, shelf)
        return "done"

    def start() -> str:
        if not is_ahead():
            return "done"
        act_early(what, shelf)
        return "too early"

    def is_ahead() -> bool:
        return current_session().shown == "/"

    @shelf.app.page("/acts")
    def acts() -> object:
        shelf.did.append("acts")
        if where == "init":
            return h.h1[signal(init=start)]
        return h.h1[resource(load, retries=1, backoff_s=0.01).match(str)]

    async with shelf.pilot() as pilot, shelf.pilot(beside=pilot) as other:
        shelf.other = other.session
        html = pilot.html()
        pilot.client.effects.clear()
        shelf.did.clear()
        with caplog.at_level(logging.WARNING, "vango"):
            await ahead(pilot, "/acts")
            await pilot.advance(0.05)
        assert (shelf.news, waiting(pilot), under_way(pilot)) == (["acts"], 0, 0)
        assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
            "/acts is not rendered ahead"
        ]
        assert (pilot.html(), shelf.common(), shelf.items(), shelf.saved) == (html, 0, [1], 0)
        assert (pilot.reports, pilot.client.effects) == ([], [])
        if where == "init":
            await pilot.navigate("/acts")
            assert (title(pilot), pilot.reports) == ("done", [])


@pytest.mark.parametrize("what", ["a write", "dispatch"])
async def test_s001_46_neither_does_what_it_does_in_a_thread(
    what: str, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf()

    def load() -> str:
        try:
            act_early(what, shelf)
        except RuntimeError as error:
            return str(error)
        return "done"

    @shelf.app.page("/acts")
    def acts() -> object:
        return h.h1[resource(blocking(load)).match(str)]

    async with shelf.pilot() as pilot:
        html = pilot.html()
        with caplog.at_level(logging.WARNING, "vango"):
            await ahead(pilot, "/acts")
            await pilot.settle()
        assert under_way(pilot) == 0
        assert (pilot.html(), shelf.common(), pilot.reports) == (html, 0, [])
        await pilot.navigate("/acts")
        await pilot.settle()
        assert (title(pilot), shelf.common()) == ("done", 1)
        assert "/acts is not rendered ahead" in caplog.text


async def test_the_refusal_names_the_line_that_wrote(caplog: pytest.LogCaptureFixture) -> None:
    shelf = Shelf()

    async def load() -> None:
        write(shelf)

    @shelf.app.page("/acts")
    def acts() -> object:
        return h.h1[resource(load).match(str)]

    async with shelf.pilot() as pilot:
        with caplog.at_level(logging.WARNING, "vango"):
            await ahead(pilot, "/acts")
        line = write.__code__.co_firstlineno + 1
        assert f"{__file__}:{line} writes a signal that others have" in caplog.text


async def test_a_load_may_write_what_its_page_has_made_and_all_else_once_it_is_shown() -> None:
    shelf = Shelf()
    shown = anyio.Event()

    @shelf.app.page("/loads")
    def loads() -> object:
        step = signal("before")

        async def load() -> str:
            mine = signal(0)
            mine.set(1)
            step.set(f"early {mine()}")
            await shown.wait()
            step.set("late")
            write(shelf)
            return "done"

        return h.main[h.h1[step], h.p[resource(load).match(str)]]

    async with shelf.pilot() as pilot:
        await ahead(pilot, "/loads")
        assert waiting(pilot) == 1
        pilot.session.dispatch(shown.set)
        await pilot.navigate("/loads")
        await pilot.settle()
        assert (title(pilot), pilot.find("p").text, shelf.common(), pilot.reports) == ("late", "done", 1, [])


async def test_the_cleanups_of_what_nobody_has_seen_have_no_effect() -> None:
    shelf = Shelf()

    @shelf.app.page("/open")
    def opened() -> object:
        shelf.did.append("opened")
        on_cleanup(lambda: shelf.did.append("closed"))
        on_cleanup(lambda: write(shelf))
        return h.h1["opened"]

    async with shelf.pilot() as pilot:
        shelf.did.clear()
        await ahead(pilot, "/open")
        await pilot.advance(40)
        assert (shelf.news, waiting(pilot), shelf.common(), pilot.reports) == (["opened", "closed"], 0, 0, [])
        await ahead(pilot, "/open")
        await pilot.navigate("/open")
        await pilot.navigate("/")
        assert (shelf.common(), pilot.reports) == (1, [])


async def test_what_a_page_has_made_it_may_write() -> None:
    shelf = Shelf()

    @component
    def Inner(given: Any) -> object:
        given.set("inner")
        return h.p(id="given")[given]

    @shelf.app.page("/writes")
    def writes() -> object:
        own, items = signal("before"), signal([1])
        own.set("after")
        items.append(2)
        return h.main[h.h1[own], h.p[lambda: str(len(items()))], Inner(own)]

    async with shelf.pilot() as pilot:
        await ahead(pilot, "/writes")
        assert waiting(pilot) == 1
        await pilot.navigate("/writes")
        assert (title(pilot), pilot.find(id="given").text, pilot.reports) == ("inner", "inner", [])


async def test_timers_tasks_heads_and_channels_begin_when_it_is_shown() -> None:
    shelf = Shelf()

    async def task() -> None:
        shelf.did.append("task")

    async def serve(opened: object) -> None:
        pass

    @shelf.app.page("/busy")
    def busy() -> object:
        interval(1, lambda: shelf.did.append("tick"))
        spawn(task)
        head(title="Busy")
        channel("busy", serve)
        resource(later, ssr=False)
        return h.h1["busy"]

    async def later() -> None:
        shelf.did.append("later")

    async with shelf.pilot() as pilot:
        shelf.did.clear()
        await ahead(pilot, "/busy")
        await pilot.advance(5)
        assert (shelf.news, pilot.session.served, pilot.session.heads.now[0]) == ([], None, "Front")
        await pilot.navigate("/busy")
        assert (sorted(shelf.news), pilot.session.heads.now[0]) == (["later", "task"], "Busy")
        assert "busy" in (pilot.session.served or {})
        await pilot.advance(2.5)
        assert shelf.news == ["tick", "tick"]


@pytest.mark.parametrize("where", ["the body", "a slot", "the data", "inside a boundary"])
async def test_what_fails_is_not_reported_before_somebody_goes_there(where: str) -> None:
    shelf = Shelf()

    def fail() -> Any:
        shelf.did.append("failed")
        raise LookupError("broken")

    async def fetch() -> None:
        fail()

    @component
    def Fails() -> object:
        return fail()

    @shelf.app.page("/fails")
    def fails() -> object:
        match where:
            case "the body":
                return fail()
            case "a slot":
                return h.p[fail]
            case "the data":
                return h.p[resource(fetch).match(str)]
        return ErrorBoundary(Fails(), fallback=lambda error, retry: h.h1["instead"])

    async with shelf.pilot() as pilot:
        shelf.did.clear()
        await ahead(pilot, "/fails")
        assert (shelf.news, pilot.reports, waiting(pilot), under_way(pilot)) == (["failed"], [], 0, 0)
        assert title(pilot) == "front"
        await pilot.navigate("/fails")
        assert (shelf.news, [str(report.error) for report in pilot.reports]) == (["failed"], ["broken"])


async def test_it_stays_true_while_it_waits_and_an_error_then_ends_it() -> None:
    shelf = Shelf()
    ran: list[int] = []

    @shelf.app.page("/common")
    def common() -> object:
        ran.append(shelf.common())
        if shelf.common() > 2:
            raise LookupError("too many")
        return h.main[h.h1[f"seen {shelf.common()}"], h.p[lambda: 6 // (2 - shelf.common())]]

    async with shelf.pilot() as pilot:
        await ahead(pilot, "/common")
        pilot.session.dispatch(shelf.common.set, 1)
        await pilot.settle()
        assert (ran, pilot.find(id="common").text) == ([0, 1], "1")
        await pilot.navigate("/common")
        assert (title(pilot), pilot.find("p").text, ran) == ("seen 1", "6", [0, 1])
        await pilot.navigate("/")
        await ahead(pilot, "/common")
        pilot.session.dispatch(shelf.common.set, 2)
        await pilot.settle()
        assert (waiting(pilot), pilot.reports, title(pilot)) == (0, [], "front")


async def test_portals_and_outlets_of_it_take_nothing_from_the_page() -> None:
    shelf = Shelf()

    @shelf.app.layout("/parts")
    def parts(content: object) -> object:
        return h.section[Outlet("aside"), Portal("aside")["of the layout"], content]

    @shelf.app.page("/parts/one")
    def one() -> object:
        return h.h1["one"]

    @shelf.app.page("/parts/two")
    def two() -> object:
        return h.main[h.h1["two"], Portal("aside")["of two"], h.footer[Outlet("aside")]]

    async with shelf.pilot("/parts/one") as pilot:
        html = pilot.html(hids=True)
        await ahead(pilot, "/parts/two")
        assert (waiting(pilot), pilot.html(hids=True)) == (1, html)
        await pilot.navigate("/parts/two")
        assert pilot.find("footer").text == "of the layoutof two"
        await pilot.navigate("/parts/one")
        assert (pilot.find("section").text, pilot.reports) == ("of the layoutone", [])


async def test_a_handler_that_navigates_gets_it_too_and_a_superseded_one_leaves_nothing() -> None:
    shelf = Shelf()

    @shelf.app.page("/go")
    def go() -> object:
        return h.main[h.h1["go"], h.button(id="go", on_click=lambda: navigate("/books/7"))["go"]]

    async with shelf.pilot("/go") as pilot:
        scopes = pilot.session.view.scope_count
        await ahead(pilot, "/books/7")
        shelf.did.clear()
        await pilot.click(pilot.find(id="go"))
        assert (title(pilot), shelf.news) == ("book 7", ["effect 7", "mounted 7"])
        await pilot.navigate("/go")
        gate = shelf.gates["load 8"] = anyio.Event()
        await ahead(pilot, "/books/8")
        await pilot.navigate("/books/8")
        await pilot.navigate("/go")
        gate.set()
        await pilot.settle()
        assert (title(pilot), under_way(pilot), waiting(pilot)) == ("go", 0, 0)
        assert pilot.session.view.scope_count == scopes


async def test_where_it_is_off_nothing_is_rendered_ahead() -> None:
    shelf = Shelf()
    async with shelf.pilot() as pilot:
        pilot.registry.ahead.is_on = False
        shelf.did.clear()
        await ahead(pilot, "/books/7")
        assert (shelf.news, pilot.client.unsettled, pilot.session._navigation._ahead) == ([], {}, None)


@pytest.mark.parametrize("to", ["/nowhere", "/circle", "/away", "/raises", "//evil.example", "/ok/../.."])
async def test_what_cannot_be_shown_is_left_alone(to: str) -> None:
    shelf = Shelf()

    def lead(outcome: Callable[[], object]) -> Any:
        return [lambda request: outcome()]

    def broken() -> object:
        raise KeyError("guard")

    shelf.app.page("/circle", guards=lead(lambda: Redirect("/circle")))(lambda: h.h1["circle"])
    shelf.app.page("/away", guards=lead(lambda: Redirect("https://elsewhere.example/")))(lambda: h.h1["away"])
    shelf.app.page("/raises", guards=lead(broken))(lambda: h.h1["raises"])
    async with shelf.pilot() as pilot:
        shelf.did.clear()
        pilot.client.effects.clear()
        await ahead(pilot, to)
        assert (shelf.news, waiting(pilot), under_way(pilot), pilot.reports) == ([], 0, 0, [])
        assert (title(pilot), pilot.client.unsettled, pilot.client.effects) == ("front", {}, [])
