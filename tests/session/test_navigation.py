"""Navigation of a session: what is asked for, answered, and lost."""

from collections.abc import Callable
from typing import Any

import anyio
import pytest

from vango import (
    blocking,
    component,
    current_session,
    effect,
    html as h,
    navigate,
    on_cleanup,
    resource,
    signal,
    spawn,
)
from vango.errors import ProtocolError, RedirectLoop
from vango.sessions.navigation import Elsewhere, Found, Moved, Shown
from vango.sessions.session import Session
from vango.testing import Pilot

pytestmark = pytest.mark.anyio

PUSH, REPLACE, LOAD = 0, 1, 2


class Site:
    """A small application: pages by their addresses, in a layout that counts clicks."""

    def __init__(self, **pages: Callable[[], Any]) -> None:
        self.pages = {f"/{name}": page for name, page in pages.items()}
        self.location = signal("/")
        self.asked: list[str] = []
        self.moved: dict[str, str] = {}
        self.gates: dict[str, anyio.Event] = {}
        self.count = signal(0)

    def root(self) -> Any:
        return h.main[
            h.button(id="more", on_click=lambda: self.count.update(lambda n: n + 1))["more"],
            h.output[self.count],
            lambda: self.pages.get(self.location().partition("?")[0], Home)(),
            h.i[self.location],
        ]

    async def find(self, session: Session, address: str) -> Found:
        self.asked.append(address)
        if address in self.gates:
            await self.gates[address].wait()
        path = address.partition("?")[0]
        if path in self.moved:
            return Moved(self.moved[path])
        if path == "/broken":
            raise LookupError("the gate is broken")
        if path != "/" and path not in self.pages:
            return Elsewhere(address)
        return Shown(lambda: self.location.set(address))

    def check(self, session: Session, to: str) -> str:
        if not to.startswith("/") and to != "https://pay.example/":
            raise ValueError(f"{to} leads elsewhere")
        return to


@component
def Home():
    return h.h1["home"]


@component
def Issues():
    return h.h1["issues"]


def pilot_of(site: Site, **options: Any) -> Pilot:
    return Pilot(site.root(), navigator=site, **options)


def navs(pilot: Pilot) -> list[tuple[int, str]]:
    """The addresses that the client was told since the last look."""
    found = [(mode, path) for name, mode, path in pilot.client.effects if name == "nav"]
    pilot.client.effects = []
    return found


def title(pilot: Pilot) -> str:
    return pilot.find("h1").text


async def test_a_navigation_is_one_burst_with_the_page_and_its_address(network: str) -> None:
    site = Site(issues=Issues)
    async with pilot_of(site) as pilot:
        await pilot.click(pilot.find(id="more"))
        bursts = pilot.client.bursts
        await pilot.navigate("/issues?page=2")
        assert pilot.client.bursts == bursts + 1
        assert (title(pilot), pilot.find("output").text) == ("issues", "1")
        assert navs(pilot) == [(PUSH, "/issues?page=2")]
        assert (pilot.session.path, pilot.client.path) == ("/issues?page=2", "/issues?page=2")
        assert pilot.client.unsettled == {}
        await pilot.send(pilot.client.navigate("/", 2))  # back
        assert (title(pilot), navs(pilot)) == ("home", [(REPLACE, "/")])
        await pilot.send(pilot.client.navigate("/issues", 1))
        assert (title(pilot), navs(pilot)) == ("issues", [(REPLACE, "/issues")])


async def test_an_event_that_asks_for_nothing_is_its_own_fault_only(network: str) -> None:
    site = Site(issues=Issues)
    async with pilot_of(site) as pilot:
        for fields in ([4, "/issues"], [0, "/" + "x" * 9_000]):
            await pilot.send(pilot.client.event(0, 33, fields))
            assert pilot.client.results[pilot.client._cseq].error == "Validation"
        await pilot.send(pilot.client.event(0, 33))
        assert pilot.client.results[pilot.client._cseq].error == "Validation"
        assert (site.asked, pilot.errors, title(pilot)) == ([], [], "home")
        await pilot.navigate("/issues")
        assert title(pilot) == "issues"


async def test_without_an_application_nobody_answers() -> None:
    async with Pilot(h.h1["alone"]) as pilot:
        await pilot.navigate("/issues")
        assert pilot.client.results[1].error == "HandlerNotFound"


async def test_what_cannot_be_shown_is_loaded(network: str) -> None:
    site = Site()
    async with pilot_of(site) as pilot:
        await pilot.navigate("/file.pdf")
        assert navs(pilot) == [(LOAD, "/file.pdf")]
        await pilot.navigate("/broken")
        assert navs(pilot) == [(LOAD, "/broken")]
        assert [str(report.error) for report in pilot.reports] == ["the gate is broken"]
        assert (pilot.session.path, title(pilot), pilot.client.unsettled) == ("/", "home", {})


async def test_the_answer_begins_with_what_was_asked_for_and_names_what_it_became(network: str) -> None:
    site = Site(issues=Issues)
    site.moved = {"/old": "/older?x=1", "/older": "issues"}
    async with pilot_of(site) as pilot:
        await pilot.navigate("/old")
        assert navs(pilot) == [(PUSH, "/old"), (REPLACE, "/issues")]
        assert (site.asked, pilot.session.path) == (["/old", "/older?x=1", "/issues"], "/issues")
        site.moved["/away"] = "/file.pdf"
        await pilot.navigate("/away")
        assert navs(pilot) == [(LOAD, "/away")]


async def test_b35_a_circle_of_redirects_is_an_error_that_names_it(network: str) -> None:
    site = Site()
    site.moved = {"/a": "/b", "/b": "/a"}
    async with pilot_of(site, debug=True) as pilot:
        await pilot.navigate("/a")
        assert len(site.asked) == 11
        (report,) = pilot.reports
        assert isinstance(report.error, RedirectLoop)
        assert "10 redirects" not in str(report.error)
        assert str(report.error).endswith(
            "/a -> /b -> /a -> /b -> /a -> /b -> /a -> /b -> /a -> /b -> /a -> /b"
        )
        assert pilot.client.results[1].error == "HandlerFailed"
        assert (navs(pilot), pilot.session.path) == ([], "/")
        await pilot.click(pilot.find(id="more"))
        assert pilot.find("output").text == "1"


async def test_the_newest_navigation_wins(network: str) -> None:
    site = Site(issues=Issues, slow=Home)
    site.gates["/slow"] = anyio.Event()
    async with pilot_of(site) as pilot:
        await pilot.navigate("/slow")
        assert (len(pilot.client.unsettled), navs(pilot)) == (1, [])
        await pilot.navigate("/issues")
        assert (title(pilot), navs(pilot), pilot.client.unsettled) == ("issues", [(PUSH, "/issues")], {})
        site.gates["/slow"].set()
        await pilot.settle()
        assert (title(pilot), navs(pilot)) == ("issues", [])


@pytest.mark.parametrize("order", [1, -1])
async def test_what_is_superseded_before_it_runs_shows_nothing_whichever_runs_first(
    order: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gate may answer without ever waiting, so that nothing cancels what was superseded."""
    site = Site(issues=Issues, slow=Home)
    async with pilot_of(site) as pilot:
        tasks, begun = pilot.session.registry.tasks, []
        with monkeypatch.context() as patched:
            patched.setattr(tasks, "start_soon", lambda run, *arguments: begun.append((run, arguments)))
            pilot.session.navigation.go("/slow", replace=False, scroll=True)
            pilot.session.navigation.go("/issues", replace=False, scroll=True)
        for run, arguments in begun[::order]:
            await run(*arguments)
        await pilot.settle()
        assert (title(pilot), navs(pilot)) == ("issues", [(PUSH, "/issues")])
        assert not pilot.session.is_held
        await pilot.click(pilot.find(id="more"))
        assert pilot.find("output").text == "1"


async def test_a_handler_navigates_and_answers_what_it_supersedes(network: str) -> None:
    site = Site(issues=Issues, slow=Home)
    site.gates["/slow"] = anyio.Event()
    root = h.div[
        site.root(), h.button(id="go", on_click=lambda: navigate("/issues?n=1#top", scroll=False))["go"]
    ]
    async with Pilot(root, navigator=site) as pilot:
        await pilot.click(pilot.find(id="go"))
        assert (title(pilot), navs(pilot)) == ("issues", [(PUSH | 4, "/issues?n=1#top")])
        assert pilot.session.path == "/issues?n=1"
        await pilot.navigate("/slow")
        await pilot.click(pilot.find(id="go"))
        assert navs(pilot) == [(PUSH, "/slow"), (REPLACE | 4, "/issues?n=1#top")]
        assert pilot.client.unsettled == {}


async def test_other_ways_to_navigate() -> None:
    site = Site(issues=Issues)
    raised: list[Exception] = []

    def outside() -> None:
        try:
            navigate("https://evil.example/")
        except ValueError as error:
            raised.append(error)
        navigate("https://pay.example/")

    handlers: dict[str, Any] = {
        "replace": lambda: navigate("/issues", replace=True),
        "query": lambda: navigate("?page=2"),
        "thread": blocking(lambda: navigate("/")),
        "outside": outside,
    }
    root = h.div[site.root(), [h.button(id=name, on_click=fn)[name] for name, fn in handlers.items()]]
    async with Pilot(root, navigator=site) as pilot:
        for name, expected in (
            ("replace", (REPLACE, "/issues")),
            ("query", (PUSH, "/issues?page=2")),
            ("thread", (PUSH, "/")),
            ("outside", (LOAD, "https://pay.example/")),
        ):
            await pilot.click(pilot.find(id=name))
            assert navs(pilot) == [expected]
        assert len(raised) == 1
        assert pilot.reports == []


async def test_an_effect_of_a_page_may_lead_on(network: str) -> None:
    site = Site(issues=Issues)

    @component
    def Gone():
        effect(lambda: navigate("/issues"))
        return h.h1["gone"]

    site.pages["/gone"] = Gone
    async with pilot_of(site) as pilot:
        await pilot.navigate("/gone")
        assert (title(pilot), navs(pilot)) == ("issues", [(PUSH, "/gone"), (REPLACE, "/issues")])
        assert (pilot.session.path, pilot.client.unsettled) == ("/issues", {})


async def test_what_a_first_paint_asks_for_begins_with_its_socket(network: str) -> None:
    site = Site(issues=Issues)

    @component
    def Front():
        effect(lambda: navigate("/issues", replace=True))
        return site.root()

    async with Pilot(Front(), navigator=site, connect=False) as pilot:
        assert (site.asked, title(pilot)) == ([], "home")
        await pilot.reconnect()
        assert (title(pilot), navs(pilot)) == ("issues", [(REPLACE, "/issues")])


async def test_a_body_does_not_navigate() -> None:
    @component
    def Wrong():
        navigate("/issues")
        return h.h1["wrong"]

    async with Pilot(Wrong(), navigator=Site()) as pilot:
        assert "belongs into a handler or an effect" in str(pilot.reports[0].error)


async def test_a_page_waits_for_its_data_and_the_old_one_stays_meanwhile(network: str) -> None:
    there = anyio.Event()
    ended: list[str] = []

    async def load() -> str:
        await there.wait()
        return "data"

    @component
    def Slow():
        return h.section[
            h.h1["slow"], h.p[resource(load).match(lambda data: data, pending=lambda: "loading")]
        ]

    @component
    def Left():
        on_cleanup(lambda: ended.append("left"))
        return h.h1["left"]

    site = Site(slow=Slow, left=Left)
    async with pilot_of(site) as pilot:
        await pilot.navigate("/left")
        bursts = pilot.client.bursts
        await pilot.navigate("/slow")
        assert (title(pilot), pilot.client.bursts, ended) == ("left", bursts, ["left"])
        there.set()
        await pilot.settle()
        assert (title(pilot), pilot.find("p").text, pilot.client.bursts) == ("slow", "data", bursts + 1)
        there = anyio.Event()
        await pilot.navigate("/left")
        await pilot.navigate("/slow")
        assert title(pilot) == "left"
        await pilot.advance(pilot.session.limits.ssr_wait_s)
        assert (title(pilot), pilot.find("p").text) == ("slow", "loading")
        there.set()
        await pilot.settle()
        assert pilot.find("p").text == "data"


async def test_what_the_old_page_still_does_reaches_nobody_and_sends_nothing(network: str) -> None:
    loaded, ticked, written = anyio.Event(), anyio.Event(), signal("old")
    ended: list[str] = []

    @component
    def Old() -> object:
        own = signal("old")

        async def load() -> str:
            try:
                await loaded.wait()
            finally:
                ended.append("load")
            return "late"

        async def task() -> None:
            try:
                await ticked.wait()
                own.set("late")
            finally:
                ended.append("task")

        spawn(task)
        return h.main[h.h1["old"], h.p[resource(load, ssr=False).match(str)], h.p[own], h.p[written]]

    site = Site(old=Old, issues=Issues)
    async with pilot_of(site) as pilot:
        await pilot.navigate("/old")
        await pilot.navigate("/issues")
        assert sorted(ended) == ["load", "task"]
        bursts, html = pilot.client.bursts, pilot.html()
        loaded.set()
        ticked.set()
        pilot.session.dispatch(written.set, "late")
        await pilot.settle()
        assert (pilot.client.bursts, pilot.html(), pilot.reports) == (bursts, html, [])


async def test_b33_a_click_on_a_page_that_is_leaving_hits_nothing_and_others_count() -> None:
    there = anyio.Event()

    @component
    def Slow():
        return h.h1[resource(there.wait).match(lambda _: "slow", pending=lambda: "loading")]

    clicked: list[str] = []

    @component
    def Left():
        return h.section[h.h1["left"], h.button(id="old", on_click=lambda: clicked.append("old"))["old"]]

    site = Site(slow=Slow, left=Left)
    async with pilot_of(site) as pilot:
        await pilot.navigate("/left")
        await pilot.navigate("/slow")
        old, more = pilot.find(id="old"), pilot.find(id="more")
        await pilot.send(pilot.client.event(old.hid, 0), pilot.client.event(more.hid, 0))
        assert clicked == []
        there.set()
        await pilot.settle()
        assert (title(pilot), pilot.find("output").text) == ("slow", "1")
        assert pilot.client.results[3].error == "HandlerNotFound"
        assert pilot.client.unsettled == {}


@pytest.mark.parametrize("lost", ["the event", "the burst"])
async def test_c01_a_connection_lost_in_a_navigation_goes_on_where_it_was(
    network: str, ring: int, lost: str
) -> None:
    site = Site(issues=Issues)
    async with pilot_of(site) as pilot:
        await pilot.click(pilot.find(id="more"))
        session = pilot.session
        asked = pilot.client.navigate("/issues")
        if lost == "the burst":
            assert pilot.link is not None
            link, pilot.link = pilot.link, None  # what comes is read by nobody
            await link.send(asked)
            await pilot.settle()
            assert session.path == "/issues"
            link.cut()
        else:
            pilot.drop()
        await pilot.settle()
        assert (title(pilot), pilot.client.path) == ("home", "/")
        await pilot.reconnect()
        assert pilot.session is session
        assert (title(pilot), pilot.find("output").text) == ("issues", "1")
        assert (navs(pilot), pilot.client.path) == ([(PUSH, "/issues")], "/issues")
        assert (site.asked, pilot.client.unsettled) == (["/issues"], {})
        pilot.drop()
        await pilot.reconnect()
        assert pilot.session is session
        pilot.drop()
        pilot.client.path = "/"  # which it has left: another document would say so
        await pilot.reconnect()
        assert pilot.session is not session


async def test_a_page_that_is_gone_to_without_a_connection_shows_with_the_next_one(network: str) -> None:
    site = Site(issues=Issues)
    kept: list[Session] = []

    @component
    def Keep():
        kept[:] = [current_session()]
        return site.root()

    async with Pilot(Keep(), navigator=site) as pilot:
        pilot.drop()
        kept[0].dispatch(navigate, "/issues")
        await pilot.settle()
        assert (kept[0].path, title(pilot)) == ("/issues", "home")
        await pilot.reconnect()
        assert (pilot.session, title(pilot)) == (kept[0], "issues")
        assert navs(pilot) == [(PUSH, "/issues")]


async def test_a_session_that_ends_takes_its_navigation_with_it() -> None:
    site = Site(slow=Home)
    site.gates["/slow"] = anyio.Event()
    async with pilot_of(site) as pilot:
        await pilot.navigate("/slow")
        pilot.registry.close(pilot.session)
        site.gates["/slow"].set()
        await pilot.settle()
        assert (site.location(), pilot.reports) == ("/", [])


def test_a_redirect_loop_says_how_many_and_where() -> None:
    assert str(RedirectLoop(["/a", "/b", "/a"])) == "2 redirects, and none leads to a page: /a -> /b -> /a"
    assert not isinstance(RedirectLoop([]), ProtocolError)
