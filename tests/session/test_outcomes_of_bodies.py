"""What a body says of its page - that there is none, that it is not for this user, that it is elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio
import pytest
from ways import Browser, Tab

from vango import (
    App,
    ErrorBoundary,
    Forbidden,
    NotFound,
    Redirect,
    component,
    html as h,
    navigate,
    protocol,
    resource,
    signal,
)
from vango._core import decode_effects
from vango.clock import VirtualClock
from vango.errors import ErrorReport
from vango.guards import LoginRequired, Outcome
from vango.testing import Pilot

pytestmark = pytest.mark.anyio

WAYS = ["body", "slot", "async def", "resource", "in a boundary", "below"]


class Books:
    """An application whose page raises what a test wants, in the way that it wants."""

    def __init__(self, outcome: Callable[[], Outcome | None], way: str, *, pages: bool) -> None:
        self.reports: list[ErrorReport] = []
        self.ran: list[str] = []
        self.clock = VirtualClock()
        self.app = app = App(
            clock=self.clock,
            on_error=self.reports.append,
            allowed_redirects=["https://elsewhere.example"],
        )
        self.wait: anyio.Event | None = None
        self.bad = signal(True)

        def check() -> str:
            self.ran.append("checked")
            found = outcome() if self.bad() else None
            if found is not None:
                raise found
            return "shown"

        async def load() -> str:
            if self.wait is not None:
                await self.wait.wait()
            return check()

        @component
        def Inner() -> object:
            return h.p[check()]

        @app.layout("/")
        def frame(content: object) -> object:
            self.ran.append("frame")
            return h.div(id="frame")[content]

        @app.page("/front")
        def front() -> object:
            return h.h1["the front"]

        if way == "async def":

            @app.page("/books/{number:int}")
            async def later(number: int) -> object:
                return h.h1["the book ", await load()]
        else:

            @app.page("/books/{number:int}")
            def book(number: int) -> object:
                match way:
                    case "body":
                        return h.h1["the book ", check()]
                    case "slot":
                        return h.h1["the book ", check]
                    case "resource":
                        return h.h1["the book ", resource(load).match(lambda text: text)]
                    case "below":
                        return h.section[h.h1["the book"], Inner()]
                return ErrorBoundary(Inner(), fallback=lambda error, retry: h.h1["caught"])

        if pages:

            @app.not_found(title="Nothing")
            def lost() -> object:
                return h.h1["nothing there"]

            @app.forbidden("/books", title="No")
            def closed() -> object:
                return h.h1["not for you"]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Browser]:
        async with self.app.lifespan():
            yield Browser(self.app, self.clock)


def navs(tab: Tab) -> list[tuple[int, str]]:
    """The addresses that a tab was told, with their modes."""
    bursts = [message.payload for message in tab.messages if isinstance(message, protocol.Diff)]
    return [(mode, to) for burst in bursts for name, mode, to in decode_effects(burst) if name == "nav"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("pages", [True, False], ids=["own pages", "none"])
@pytest.mark.parametrize(
    ("outcome", "status", "says"),
    [(NotFound, 404, "nothing there"), (Forbidden, 403, "not for you"), (None, 200, "shown")],
)
async def test_a_first_paint_has_its_status_and_its_page(
    way: str, pages: bool, outcome: Callable[[], Outcome] | None, status: int, says: str
) -> None:
    books = Books(outcome or (lambda: None), way, pages=pages)
    async with books.running() as browser:
        answer = await browser.ask("/books/7")
        assert (answer.status, books.reports) == (status, [])
        if outcome is None or pages:
            assert says in answer.text
            assert 'id="frame"' in answer.text
            assert "the book" not in answer.text or outcome is None
        else:
            assert ("Page not found" if status == 404 else "You may not see this page.") in answer.text
            assert len(books.app.registry.sessions) == 0


@pytest.mark.parametrize("way", WAYS)
async def test_a_first_paint_is_redirected(way: str) -> None:
    books = Books(lambda: Redirect("/front?from=book"), way, pages=True)
    async with books.running() as browser:
        answer = await browser.ask("/books/7")
        assert (answer.status, answer["location"]) == (303, "/front?from=book")
        assert (books.reports, len(books.app.registry.sessions)) == ([], 0)


async def test_a_body_leads_nowhere_that_the_application_has_not_named() -> None:
    books = Books(lambda: Redirect("https://evil.example/"), "body", pages=True)
    async with books.running() as browser:
        answer = await browser.ask("/books/7")
        assert answer.status == 500
        assert "allowed_redirects" in str(books.reports[0].error)
        tab = await browser.load("/front")
        books.bad.set(True)
        async with tab.connected() as say:
            await say(tab.client.navigate("/books/7"))
            assert b"evil" not in browser.heard
            assert tab.session is not None


async def test_a_guest_whom_a_body_sends_to_log_in_is_led_there_and_back() -> None:
    async def who(request: object) -> None:
        return None

    books = Books(LoginRequired, "body", pages=True)
    books.app.auth(who)
    async with books.running() as browser:
        answer = await browser.ask("/books/7")
        assert (answer.status, answer["location"]) == (303, "/login?next=%2Fbooks%2F7")


async def test_the_page_of_it_lives_and_is_the_one_that_was_served() -> None:
    books = Books(NotFound, "body", pages=True)
    async with books.running() as browser:
        tab = await browser.load("/books/7")
        session = tab.session
        books.ran.clear()
        browser.heard = b""
        async with tab.connected() as say:
            assert (tab.welcomed, tab.session is session, books.ran) == (True, True, [])
            assert session.heads.now[0] == "Nothing"
            await say(tab.client.navigate("/front"))
            assert (b"the front" in browser.heard, books.ran) == (True, [])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("outcome", [NotFound, Forbidden, lambda: Redirect("https://elsewhere.example/")])
async def test_what_is_gone_to_and_is_no_page_is_loaded(way: str, outcome: Callable[[], Outcome]) -> None:
    books = Books(outcome, way, pages=True)
    async with books.running() as browser:
        tab = await browser.load("/front")
        async with tab.connected() as say:
            await say(tab.client.navigate("/books/7"))
            assert (navs(tab), books.reports) == ([(2, "/books/7")], [])
            assert b"caught" not in browser.heard


@pytest.mark.parametrize("way", WAYS)
async def test_what_is_gone_to_and_leads_on_is_followed(way: str) -> None:
    books = Books(lambda: Redirect("/front?n=2"), way, pages=True)
    async with books.running() as browser:
        tab = await browser.load("/front")
        books.ran.clear()
        async with tab.connected() as say:
            await say(tab.client.navigate("/books/7"))
            assert navs(tab) == [(0, "/books/7"), (1, "/front?n=2")]
            assert (tab.session.path, books.reports, books.ran.count("frame")) == ("/front?n=2", [], 0)
            assert (tab.session.view.failed, b"caught" in browser.heard) == (False, False)


async def test_pages_that_lead_in_a_circle_are_an_error_that_names_them() -> None:
    books = Books(lambda: Redirect("/books/8"), "body", pages=True)
    async with books.running() as browser:
        tab = await browser.load("/front")
        async with tab.connected() as say:
            await say(tab.client.navigate("/books/7"))
            (report,) = books.reports
            assert "/books/7 -> /books/8 -> /books/8" in str(report.error)
            assert navs(tab) == []


@pytest.mark.parametrize("way", ["body", "slot", "resource", "in a boundary"])
@pytest.mark.parametrize(("outcome", "says"), [(NotFound, b"nothing there"), (Forbidden, b"not for you")])
async def test_a_page_that_lives_shows_it_in_its_place(
    way: str, outcome: Callable[[], Outcome], says: bytes
) -> None:
    books = Books(outcome, way, pages=True)
    books.bad.set(False)
    if way == "resource":
        books.bad.set(True)
        books.wait = anyio.Event()
    async with books.running() as browser:
        if way == "resource":
            async with anyio.create_task_group() as tasks:
                tabs: list[Tab] = []

                async def load() -> None:
                    tabs.append(await browser.load("/books/7"))

                tasks.start_soon(load)
                await books.clock.settle()
                await books.clock.advance(1)
            (tab,) = tabs
        else:
            tab = await browser.load("/books/7")
        browser.heard = b""
        books.ran.clear()
        async with tab.connected():
            session = tab.session
            if books.wait is not None:
                books.wait.set()
            session.dispatch(books.bad.set, True)
            await books.clock.settle()
            assert says in browser.heard
            assert (books.reports, navs(tab), books.ran.count("frame")) == ([], [], 0)
            assert b"caught" not in browser.heard
            session.dispatch(navigate, "/front")
            await books.clock.settle()
            assert b"the front" in browser.heard


async def test_a_page_that_lives_leads_on() -> None:
    books = Books(lambda: Redirect("/front"), "slot", pages=False)
    books.bad.set(False)
    async with books.running() as browser:
        tab = await browser.load("/books/7")
        async with tab.connected():
            tab.session.dispatch(books.bad.set, True)
            await books.clock.settle()
            assert (navs(tab), tab.session.path, books.reports) == ([(1, "/front")], "/front", [])


async def test_an_error_page_that_says_so_itself_is_an_error() -> None:
    app = App(clock=VirtualClock(), on_error=(reports := []).append)  # type: ignore[var-annotated]

    @app.page("/")
    def page() -> object:
        raise NotFound()

    @app.not_found
    def lost() -> object:
        raise NotFound()

    async with app.lifespan():
        assert isinstance(app._clock, VirtualClock)
        answer = await Browser(app, app._clock).ask("/")
        assert (answer.status, len(reports)) == (500, 1)


async def test_a_layout_that_finds_nothing_does_not_stand_around_what_says_so() -> None:
    app = App(clock=VirtualClock(), on_error=(reports := []).append)  # type: ignore[var-annotated]

    @app.layout("/")
    def frame(content: object) -> object:
        return h.div["the frame", content]

    @app.layout("/books/{number:int}")
    def around(content: object, number: int) -> object:
        raise NotFound()

    @app.page("/books/{number:int}")
    def page(number: int) -> object:
        return h.p["book"]

    @app.not_found("/books/{number:int}")
    def lost() -> object:
        return h.h1["nothing there"]

    async with app.lifespan():
        assert isinstance(app._clock, VirtualClock)
        answer = await Browser(app, app._clock).ask("/books/1")
        assert (answer.status, reports) == (404, [])
        assert "the frame" in answer.text
        assert "nothing there" in answer.text


async def test_where_there_is_no_application_it_is_an_error_as_any() -> None:
    @component
    def Lost() -> object:
        raise NotFound()

    root = h.div[ErrorBoundary(Lost(), fallback=lambda error, retry: h.p[type(error).__name__])]
    async with Pilot(root) as pilot:
        assert (pilot.find("p").text, len(pilot.reports)) == ("NotFound", 1)
