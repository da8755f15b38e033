"""What a live page fetches over HTTP: cookies, the data of its session, logins, files."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from asgi_driver import Answer
from ways import Browser, Tab

from vango import (
    App,
    Principal,
    Request,
    _core,
    component,
    current_request,
    current_user,
    delete_cookie,
    download,
    html as h,
    is_first_paint,
    login,
    logout,
    next_page,
    protocol,
    redirect,
    requires,
    session_data,
    set_cookie,
    signal,
    status,
)
from vango.application.cookies import COOKIE
from vango.application.errands import disposition
from vango.clock import VirtualClock
from vango.testing import Pilot

pytestmark = pytest.mark.anyio


async def who(request: Request) -> Principal | None:
    user = request.data.get("user")
    return Principal(id=user) if user else None


def shop() -> App:
    app = App(clock=VirtualClock(), secret="k" * 32, on_error=lambda report: None)
    app.auth(who)

    @app.page("/")
    def home() -> object:
        user = current_user()
        return h.p[user.id if user else "a guest"]

    @app.page("/account", guards=[requires()])
    def account() -> object:
        return h.p["the account"]

    app.page("/login")(lambda: h.p[next_page()])
    return app


@asynccontextmanager
async def open_shop() -> AsyncIterator[tuple[App, Browser]]:
    app = shop()
    async with app.lifespan():
        assert isinstance(app._clock, VirtualClock)
        yield app, Browser(app, app._clock)


def errands(tab: Tab) -> list[dict[str, str]]:
    """What the page was told to fetch."""
    effects = [
        effect
        for message in tab.messages
        if isinstance(message, protocol.Diff)
        for effect in _core.decode_effects(message.payload)
    ]
    return [json.loads(effect[2]) for effect in effects if effect[1] == "vango:errand"]


async def handle(tab: Tab, act: Callable[[], object]) -> None:
    """Run a handler in the session of a page."""
    tab.session.dispatch(act)
    await tab.browser.clock.settle()


async def fetch(tab: Tab, method: str = "POST", **changes: Any) -> Answer:
    answer = await tab.browser.ask(errands(tab)[-1]["url"], method, **changes)
    await tab.browser.clock.settle()
    return answer


async def test_a_live_page_sets_and_deletes_cookies_by_an_errand() -> None:
    async with open_shop() as (_, browser):
        tab = await browser.load("/")
        async with tab.connected():

            def act() -> None:
                set_cookie("theme", "dark", max_age_s=60)
                set_cookie("seen", "1", http_only=False, same_site="strict")
                delete_cookie("old")

            await handle(tab, act)
            assert len(errands(tab)) == 1  # one answer carries them all
            answer = await fetch(tab)
            assert answer.status == 200
            theme, seen, old = answer.all("set-cookie")
            assert theme == "theme=dark; HttpOnly; Max-Age=60; Path=/; SameSite=lax"
            assert seen == "seen=1; Path=/; SameSite=strict"
            assert old.startswith('old=""; ')
            assert "Max-Age=0" in old
            assert answer["cache-control"] == "no-store"
            assert tab.session.request.cookies["theme"] == "dark"
            await handle(tab, lambda: set_cookie("theme", "light"))
            assert len(errands(tab)) == 2


async def test_an_errand_is_for_its_browser_its_page_one_time_and_thirty_seconds() -> None:
    async with open_shop() as (app, browser):
        tab = await browser.load("/")
        async with tab.connected():
            await handle(tab, lambda: set_cookie("theme", "dark"))
            url = errands(tab)[0]["url"]
            stranger = Browser(app, browser.clock)
            assert (await stranger.ask(url, "POST")).status == 403
            assert (await browser.ask(url[:-8] + "x" * 8, "POST")).status == 403
            assert (await browser.ask(url, "POST", Origin="https://evil.example")).status == 403
            assert (await browser.ask(url)).status == 410  # GET is for files
            assert (await browser.ask(url, "POST")).status == 200
            again = await browser.ask(url, "POST")
            assert (again.status, again.all("set-cookie")) == (410, [])
            await handle(tab, lambda: set_cookie("theme", "dark"))
            for _ in range(31):
                await browser.clock.advance(1)
            await browser.clock.settle()
            assert (await fetch(tab)).status in (403, 410)
            assert tab.session.errands == {}


async def test_s001_50_an_errand_asks_the_gate() -> None:
    async with open_shop() as (_, browser):
        tab = await log_in(browser, "7", "/account")
        async with tab.connected():
            await handle(tab, lambda: download("secret", filename="a.txt"))
            known = browser.cookies.pop("vango_data")
            answer = await fetch(tab, "GET")
            assert (answer.status, "secret" in answer.text) == (403, False)
            browser.cookies["vango_data"] = known
            answer = await fetch(tab, "GET")
            assert (answer.status, answer.text) == (200, "secret")


async def log_in(browser: Browser, user: str, to: str) -> Tab:
    tab = await browser.load("/login")
    async with tab.connected():
        await handle(tab, lambda: login(user, to=to))
        answer = await fetch(tab)
        assert json.loads(answer.text) == {"to": to}
    return await browser.load(to)


async def test_a_login_gives_the_browser_another_cookie_and_its_other_pages_end() -> None:
    async with open_shop() as (app, browser):
        planted = browser.cookies[COOKIE]
        other = await browser.load("/")
        stranger = await Browser(app, browser.clock).load("/")
        async with other.connected(), stranger.connected():
            tab = await log_in(browser, "7", "/account")
            assert browser.cookies[COOKIE] != planted
            (error,) = other.errors
            assert (error.kind, error.parameters) == ("AuthExpired", [("action", "reload")])
            assert other.session is None
            assert stranger.errors == []
        assert tab.session.browser == browser.cookies[COOKIE]
        assert tab.session.request.user == Principal(id="7")
        attacker = Browser(app, browser.clock, {COOKIE: planted})
        assert "a guest" in (await attacker.ask("/")).text
        assert (await attacker.ask("/account")).status == 303


@pytest.mark.parametrize("everywhere", [False, True])
async def test_b41_logging_out_in_one_tab_ends_the_others(everywhere: bool) -> None:
    async with open_shop() as (app, browser):
        tab = await log_in(browser, "7", "/account")
        other = await browser.load("/")
        phone = await log_in(Browser(app, browser.clock), "7", "/account")
        somebody = await log_in(Browser(app, browser.clock), "8", "/account")
        async with tab.connected(), other.connected(), phone.connected(), somebody.connected():
            await handle(tab, lambda: logout(to="/", everywhere=everywhere))
            assert other.errors == []  # until the browser has fetched what logs it out
            answer = await fetch(tab)
            assert json.loads(answer.text) == {"to": "/"}
            assert [error.kind for error in other.errors] == ["AuthExpired"]
            assert [error.kind for error in phone.errors] == ["AuthExpired"] * everywhere
            assert somebody.errors == []
        assert "vango_data" not in browser.cookies
        assert (await browser.ask("/account"))["location"] == "/login?next=%2Faccount"
        async with tab.connected():  # and what was logged out comes back by no way
            assert not tab.welcomed


async def test_session_data_is_signed_and_goes_with_the_browser() -> None:
    async with open_shop() as (_, browser):
        tab = await browser.load("/")
        async with tab.connected():

            def act() -> None:
                data = session_data()
                data["cart"] = [7]
                data["gone"] = 1
                del data["gone"]
                assert dict(session_data()) == {"cart": [7]}

            await handle(tab, act)
            await fetch(tab)
        again = await browser.load("/")
        assert again.session.request.data == {"cart": [7]}
        browser.cookies["vango_data"] = browser.cookies["vango_data"][:-8] + "x" * 8
        assert (await browser.load("/")).session.request.data == {}


@pytest.mark.parametrize("value", [object(), {1}, float("nan"), "x" * 3_000])
async def test_what_is_no_small_data_is_refused(value: object) -> None:
    raised: list[BaseException] = []

    def act() -> None:
        try:
            session_data()["x"] = value
        except (TypeError, ValueError) as error:
            raised.append(error)

    async with open_shop() as (_, browser):
        tab = await browser.load("/")
        async with tab.connected():
            await handle(tab, act)
            assert raised
            assert errands(tab) == []


async def parts() -> AsyncIterator[bytes]:
    yield b"one,"
    yield b"two"


@pytest.mark.parametrize("kind", ["bytes", "text", "path", "iterator"])
async def test_a_file_for_the_person_at_the_page(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    file.write_text("one,two")
    content: Any = {"bytes": b"one,two", "text": "one,two", "path": file, "iterator": parts()}[kind]
    async with open_shop() as (_, browser):
        tab = await browser.load("/")
        async with tab.connected():
            name = "" if kind == "path" else "report.csv"
            await handle(tab, lambda: download(content, filename=name, media_type="text/csv"))
            assert errands(tab)[0]["download"] == "report.csv"
            answer = await fetch(tab, "GET")
            assert answer.text == "one,two"
            assert answer["content-disposition"] == 'attachment; filename="report.csv"'
            assert answer["content-type"].startswith("text/csv")
            assert (await fetch(tab, "GET")).status == 410


def test_a_file_name_goes_into_a_header_as_rfc_6266_says() -> None:
    assert disposition("plain.txt") == 'attachment; filename="plain.txt"'
    assert (
        disposition("Zürich.txt") == "attachment; filename=\"Z_rich.txt\"; filename*=UTF-8''Z%C3%BCrich.txt"
    )
    assert disposition('a"b\\c%.txt').startswith('attachment; filename="a_b_c_.txt"; filename*')


@pytest.mark.parametrize(
    "call",
    [
        lambda: set_cookie("a b", "x"),
        lambda: set_cookie("vango_session", "x"),
        lambda: set_cookie("a", "x; Path=/"),
        lambda: set_cookie("a", "x\r\nSet-Cookie: b=1"),
        lambda: set_cookie("a", "x", same_site="all"),  # type: ignore[arg-type]
        lambda: set_cookie("a", "x", max_age_s=0),
        lambda: delete_cookie("vango_data"),
        lambda: login(7),  # type: ignore[arg-type]
        lambda: login("7", to="//evil.example"),
        lambda: logout(to="https://evil.example/"),
        lambda: download(7, filename="a"),  # type: ignore[arg-type]
        lambda: download("x"),
        lambda: download("x", filename="a\r\nSet-Cookie: b=1"),
        lambda: download("x", filename="../a"),
        lambda: download("x", filename="a", media_type="text/html\r\nX: y"),
        lambda: download(Path("/not/there")),
        lambda: status(404),
        lambda: redirect("/"),
    ],
)
async def test_what_could_not_work_is_refused_in_a_sentence(call: Callable[[], object]) -> None:
    raised: list[str] = []

    def act() -> None:
        try:
            call()
        except (TypeError, ValueError, RuntimeError) as error:
            raised.append(str(error))

    async with open_shop() as (_, browser):
        tab = await browser.load("/")
        async with tab.connected():
            await handle(tab, act)
            assert len(raised) == 1
            assert errands(tab) == []


# The first paint


async def answer_of(body: Callable[[], object]) -> Answer:
    app = App(clock=VirtualClock(), on_error=lambda report: None)
    app.page("/")(body)
    async with app.lifespan():
        assert isinstance(app._clock, VirtualClock)
        return await Browser(app, app._clock).ask("/?q=1")


async def test_s001_48_a_body_says_what_the_answer_is() -> None:
    def page() -> object:
        assert is_first_paint()
        status(404)
        set_cookie("seen", "1")
        session_data()["n"] = 1
        return h.p[current_request().query["q"]]

    answer = await answer_of(page)
    assert answer.status == 404
    names = [cookie.partition("=")[0] for cookie in answer.all("set-cookie")][-2:]
    assert names == ["seen", "vango_data"]
    assert "HttpOnly" in answer.all("set-cookie")[-1]


async def test_s001_48_a_body_leads_elsewhere_and_nothing_of_it_is_sent() -> None:
    def page() -> object:
        redirect("/other?x=1")
        set_cookie("seen", "1")
        return h.p["nobody reads this"]

    answer = await answer_of(page)
    assert (answer.status, answer["location"], answer.body) == (303, "/other?x=1", b"")
    assert len(answer.all("set-cookie")) == 1


@pytest.mark.parametrize(
    "call", [lambda: redirect("//evil.example"), lambda: status(302), lambda: status(99)]
)
async def test_s001_49_a_body_leads_nowhere_else(call: Callable[[], object]) -> None:
    def page() -> object:
        call()
        return h.p["?"]

    answer = await answer_of(page)
    assert answer.status == 500
    assert not answer.all("location")


@pytest.mark.parametrize(
    ("call", "instead"),
    [
        (lambda: status(404), "show what there is"),
        (lambda: redirect("/"), "navigate"),
        (lambda: set_cookie("a", "b"), "in a handler"),
        (lambda: login("7"), "into a handler"),
        (lambda: download("x", filename="a"), "into a handler"),
    ],
)
async def test_s001_48_what_a_live_body_cannot_do_names_what_can(
    call: Callable[[], object], instead: str
) -> None:
    turn = signal(0)

    def page() -> object:
        if turn() and not is_first_paint():
            try:
                call()
            except RuntimeError as error:
                return h.p[str(error)]
        return h.p["fine"]

    async with Pilot(component(page)()) as pilot:
        pilot.session.dispatch(turn.set, 1)
        await pilot.settle()
        assert instead in pilot.find("p").text
