"""Users by an `AuthenticationBackend` of Starlette: the same user by every way to a page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.authentication import (
    AuthCredentials,
    AuthenticationBackend,
    AuthenticationError,
    BaseUser,
    SimpleUser,
    UnauthenticatedUser,
)
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from ways import Browser

from vango import App, current_user, html as h, requires, set_cookie
from vango.clock import VirtualClock
from vango.errors import ErrorReport
from vango.integrations.starlette import starlette_user
from vango.limits import Limits

pytestmark = pytest.mark.anyio

SESSIONS = Middleware(SessionMiddleware, secret_key="of the test")


class ByCookie(AuthenticationBackend):
    """Who says a name is that one; "admin-" before it gives the scope."""

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, BaseUser] | None:
        name = conn.cookies.get("user")
        if name is None:
            return None
        if name == "forged":
            raise AuthenticationError("this cookie is not genuine")
        if name == "nobody":
            return AuthCredentials(), UnauthenticatedUser()
        return AuthCredentials(["authenticated", *(["admin"] if "admin" in name else [])]), SimpleUser(name)


class BySession(AuthenticationBackend):
    """Whom the session of the host names."""

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, BaseUser] | None:
        name = conn.session.get("name")
        return (AuthCredentials(["authenticated"]), SimpleUser(name)) if name else None


@asynccontextmanager
async def hosted(
    backend: AuthenticationBackend,
    middleware: Sequence[Middleware] = (),
    reports: list[ErrorReport] | None = None,
    **settings: Any,
) -> AsyncIterator[Browser]:
    """A host of Starlette with the backend, with the application below /live that asks it too."""
    clock = VirtualClock()
    reports = [] if reports is None else reports
    app = App(clock=clock, on_error=reports.append, limits=Limits(heartbeat_ms=3_600_000))
    app.auth(
        starlette_user(backend, middleware=middleware, **settings), host_login="/login", check_every_s=20
    )

    def shown() -> object:
        user = current_user()
        return h.p[f"user={user.name if user else 'nobody'}"]

    app.page("/")(shown)
    app.page("/members", guards=[requires("authenticated")])(shown)
    app.page("/admins", guards=[requires("admin")])(shown)

    async def log_in(request: Request) -> PlainTextResponse:
        request.session["name"] = request.query_params["name"]
        return PlainTextResponse(f"hello {request.user.display_name}")

    async def log_out(request: Request) -> PlainTextResponse:
        request.session.clear()
        return PlainTextResponse("bye")

    host = Starlette(
        routes=[Route("/in", log_in), Route("/out", log_out), Mount("/live", app)],
        middleware=[*middleware, Middleware(AuthenticationMiddleware, backend=backend)],
        lifespan=app.lifespan,
    )
    async with app.lifespan():
        yield Browser(app, clock, host=host)


async def wait(browser: Browser, seconds: int) -> None:
    for _ in range(seconds):
        await browser.clock.advance(1)
        await browser.clock.settle()


@pytest.mark.parametrize(
    ("name", "statuses"),
    [("ada", [200, 200, 403]), ("admin-bob", [200, 200, 200]), ("nobody", [200, 303, 303])],
)
async def test_scopes_are_roles(name: str, statuses: list[int]) -> None:
    async with hosted(ByCookie()) as browser:
        browser.be(name)
        answers = [await browser.ask(f"/live{path}") for path in ("/", "/members", "/admins")]
        assert [answer.status for answer in answers] == statuses
        assert f"user={name}" in answers[0].text


async def test_guests_are_led_to_the_login_page_of_the_host_and_back_to_the_whole_path() -> None:
    async with hosted(ByCookie()) as browser:
        answer = await browser.ask("/live/members?tab=2")
        assert (answer.status, answer["location"]) == (303, "/login?next=%2Flive%2Fmembers%3Ftab%3D2")


async def test_credentials_that_are_not_genuine_are_those_of_a_guest_and_no_failure() -> None:
    # In Starlette, a host would answer with 400 before the application is asked.
    reports: list[ErrorReport] = []
    async with hosted(ByCookie(), reports=reports) as browser:
        browser.host = None
        browser.be("forged")
        assert (await browser.ask("/members")).status == 303
        assert "user=nobody" in (await browser.ask("/")).text
        assert reports == []


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_a_page_comes_back_for_its_user_only(way: str) -> None:
    async with hosted(ByCookie()) as browser:
        tab = await browser.be("ada").load("/live/members")
        for name, stays in [("ada", True), ("admin-bob", False), ("ada", False)]:
            browser.be(name)
            async with tab.connected() if way == "socket" else tab.posting():
                assert (tab.session is not None and tab.session.attachment is not None) == stays


async def test_the_checks_of_a_live_page_ask_the_backend_with_the_cookies_that_the_page_has_set() -> None:
    async with hosted(ByCookie()) as browser:
        tab = await browser.be("ada").load("/live/members")
        async with tab.connected():
            await wait(browser, 20)
            assert tab.session is not None
            tab.session.dispatch(set_cookie, "user", "admin-ada")
            await browser.clock.settle()
            (key,) = tab.session.errands
            answer = await browser.ask(browser.app.registry.errand(tab.session, key), "POST")
            assert answer.status == 200
            await wait(browser, 20)
            assert [error.kind for error in tab.errors] == ["AuthExpired"]  # another user than before


async def test_a_backend_may_stand_behind_middleware_and_is_asked_through_it_every_time() -> None:
    async with hosted(BySession(), [SESSIONS]) as browser:
        assert (await browser.ask("/live/members")).status == 303
        await browser.ask("/in?name=ada")
        tab = await browser.load("/live/members")
        async with tab.connected():
            assert tab.welcomed
            await wait(browser, 60)
            assert tab.session is not None
            assert tab.session.request.user.name == "ada"
        await browser.ask("/out")
        async with tab.connected():
            assert [error.kind for error in tab.errors] == ["Unauthorized"]
        # Who logs in again finds what they left.
        await browser.ask("/in?name=ada")
        async with tab.connected():
            assert tab.welcomed


async def test_middleware_that_answers_itself_proves_nothing() -> None:
    class Closed:
        def __init__(self, app: Any) -> None:
            pass

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await PlainTextResponse("closed", 503)(scope, receive, send)

    async with hosted(ByCookie()) as browser:
        browser.app._gate.identity = None
        browser.app.auth(starlette_user(ByCookie(), middleware=[Middleware(Closed)]))  # type: ignore[arg-type]
        browser.be("ada")
        assert (await browser.ask("/live/members")).status == 303


class Nameless(BaseUser):
    is_authenticated = True
    display_name = "The same for all"  # type: ignore[assignment]
    key = 7


class ByNothing(AuthenticationBackend):
    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, BaseUser]:
        return AuthCredentials(["authenticated"]), Nameless()


async def test_a_user_without_an_identity_is_none_until_somebody_says_what_it_is() -> None:
    reports: list[ErrorReport] = []
    async with hosted(ByNothing(), reports=reports) as browser:
        assert (await browser.ask("/live/members")).status == 303
        assert "id=lambda user" in str(reports[0].error)
    async with hosted(ByNothing(), id=lambda user: user.key) as browser:
        tab = await browser.load("/live/members")
        assert tab.session.request.user.id == "7"
        assert isinstance(tab.session.request.user.value, Nameless)


def test_what_is_no_backend_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match=r"MyBackend\(\)"):
        starlette_user(ByCookie)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ['a "quoted"; one', "ünïcode", "eyJ=", "two words", "back\\slash"])
async def test_cookies_reach_the_backend_as_they_are(value: str) -> None:
    from http.cookies import SimpleCookie

    seen: list[str] = []

    class Looks(AuthenticationBackend):
        async def authenticate(self, conn: HTTPConnection) -> None:
            seen.append(conn.cookies["user"])

    async with hosted(Looks()) as browser:
        browser.host = None
        await browser.be(SimpleCookie().value_encode(value)[1]).ask("/")
        assert seen == [value]
