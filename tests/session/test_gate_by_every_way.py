"""S001-50, B41: a page is for whom the table says, by every way that there is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from ways import Browser

from vango import (
    App,
    Forbidden,
    NotFound,
    Principal,
    Redirect,
    Request,
    current_request,
    download,
    html as h,
    protocol,
    requires,
)
from vango.clock import VirtualClock

pytestmark = pytest.mark.anyio

SECRET = "what-only-those-may-read-who-may"

IDENTITIES = ["guest", "user", "admin", "expired", "raises"]

# The page, and who gets what: "shown", the address of a redirect, or a status.
TABLE: dict[str, dict[str, Any]] = {
    "/public": dict.fromkeys(IDENTITIES, "shown"),
    "/login": dict.fromkeys(IDENTITIES, "shown"),
    "/account": {"user": "shown", "admin": "shown", None: "/login?next=%2Faccount"},
    "/admin/users": {"admin": "shown", "user": 403, None: "/login?next=%2Fadmin%2Fusers"},
    "/admin/deep/own": {"admin": 404, "user": 403, None: "/login?next=%2Fadmin%2Fdeep%2Fown"},
    "/raises": {None: 500},
    "/exits": {None: 500},
    "/exits/later": {None: 500},
    "/elsewhere": {None: "/public"},
    "/nonsense": {None: 500},
    "/forbidden": {None: 403},
}


ran: list[str] = []
"""The pages whose body has run, by their paths."""


def expected(path: str, identity: str) -> Any:
    return TABLE[path].get(identity, TABLE[path].get(None))


async def who(request: Request) -> Principal | None:
    match request.cookies.get("user"):
        case "user":
            return Principal(id="1")
        case "admin":
            return Principal(id="2", roles={"admin"})  # type: ignore[arg-type]
        case "expired":
            return Principal(id="2", roles={"admin"}, expires_at=0.0)  # type: ignore[arg-type]
        case "raises":
            raise OSError("the database is away")
    return None


def board() -> App:
    app = App(clock=VirtualClock(), on_error=lambda report: None)
    app.auth(who, check_every_s=20)

    def secret() -> object:
        ran.append(current_request().path)
        return h.p[SECRET]

    def raises(request: Request) -> None:
        raise KeyError("a guard that is broken")

    def exits(request: Request) -> None:
        raise SystemExit("a guard that means to end a process")

    async def exits_later(request: Request) -> None:
        raise SystemExit("as above")

    def refuses(request: Request) -> Forbidden:
        return Forbidden()

    async def hides(request: Request) -> NotFound:
        return NotFound()

    app.page("/")(lambda: h.p["nothing"])
    app.page("/public")(secret)
    app.page("/login")(secret)
    app.page("/account", guards=[requires()])(secret)
    admin = app.group("/admin", guards=[requires("admin")])
    admin.page("/users")(secret)
    admin.group("/deep", guards=[hides]).page("/own")(secret)
    app.page("/raises", guards=[raises])(secret)
    app.page("/exits", guards=[exits])(secret)
    app.page("/exits/later", guards=[exits_later])(secret)
    app.page("/elsewhere", guards=[lambda request: Redirect("/public")])(secret)
    app.page("/nonsense", guards=[lambda request: False])(secret)  # type: ignore[list-item, return-value]
    app.page("/forbidden", guards=[refuses])(secret)
    return app


@asynccontextmanager
async def running() -> AsyncIterator[App]:
    app = board()
    async with app.lifespan():
        yield app


def browser_of(app: App, identity: str) -> Browser:
    assert isinstance(app._clock, VirtualClock)
    return Browser(app, app._clock).be(identity)


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize("path", TABLE)
@pytest.mark.parametrize("way", ["GET", "HEAD", "prefetch"])
async def test_s001_50_a_request_of_a_page(path: str, identity: str, way: str) -> None:
    async with running() as app:
        browser = browser_of(app, identity)
        headers = {"Sec-Purpose": "prefetch"} if way == "prefetch" else {}
        answer = await browser.ask(path, "HEAD" if way == "HEAD" else "GET", **headers)
        verdict = expected(path, identity)
        if verdict == "shown":
            assert answer.status == 200
        elif isinstance(verdict, str):
            assert (answer.status, answer["location"]) == (303, verdict)
        else:
            assert answer.status == verdict
        assert (SECRET.encode() in browser.heard) == (verdict == "shown" and way != "HEAD")
        assert len(app.registry.sessions) == (verdict == "shown" and way == "GET")


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize("path", TABLE)
@pytest.mark.parametrize("way", ["socket", "http"])
async def test_s001_50_a_session_made_anew_where_a_page_says_that_it_is(
    path: str, identity: str, way: str
) -> None:
    async with running() as app:
        browser = browser_of(app, identity)
        tab = await browser.load("/public")
        browser.heard = b""
        tab.client.path = path
        async with tab.connected() if way == "socket" else tab.posting() as say:
            shown = expected(path, identity) == "shown"
            assert tab.welcomed == shown
            if way == "http" and shown:
                await say()
            assert (SECRET.encode() in browser.heard) == (shown and path != "/public")
        if not shown:
            assert [error.kind for error in tab.errors] in (
                ["Unauthorized"],
                ["SchemaMismatch"],
                ["Internal"],
            )
            assert len(app.registry.sessions) == 1  # that of the page that was loaded


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize("path", TABLE)
@pytest.mark.parametrize("way", ["socket", "http"])
async def test_s001_50_a_page_that_is_navigated_to(path: str, identity: str, way: str) -> None:
    async with running() as app:
        browser = browser_of(app, identity)
        tab = await browser.load("/")
        async with tab.connected() if way == "socket" else tab.posting() as say:
            assert tab.welcomed
            browser.heard = b""
            await say(tab.client.navigate(path, 0))
            if way == "http":
                await say()
            verdict = expected(path, identity)
            shown = verdict if isinstance(verdict, str) else ""
            shown = path if verdict == "shown" else shown
            # A redirect is followed, what is refused is loaded, which the answer of a request then tells.
            assert (SECRET.encode() in browser.heard) == (shown != "")
            assert tab.session.path == (shown or "/")


@pytest.mark.parametrize("then", IDENTITIES)
@pytest.mark.parametrize("first", ["guest", "user", "admin"])
async def test_s001_50_a_file_is_for_who_was_told_of_it(first: str, then: str) -> None:
    async with running() as app:
        browser = browser_of(app, first)
        tab = await browser.load({"guest": "/public", "user": "/account", "admin": "/admin/users"}[first])
        async with tab.connected():
            tab.session.dispatch(lambda: download(SECRET, filename="a.txt"))
            await browser.settle()
            (key,) = tab.session.errands
            browser.be(then).heard = b""
            answer = await browser.ask(app.registry.errand(tab.session, key))
            stays = then == first or (first == "guest" and then in ("expired", "raises"))
            # While the provider fails nobody can tell, and of a file nobody is given the benefit of that.
            stays &= then != "raises"
            assert answer.status == (200 if stays else 403)
            assert (SECRET.encode() in browser.heard) == stays
            assert (await browser.ask(app.registry.errand(tab.session, key))).status == (
                410 if stays else 403
            )


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize("path", [path for path in TABLE if path != "/public"])
@pytest.mark.parametrize("way", ["navigation", "prefetch", "navigation after prefetch"])
async def test_s001_50_a_page_that_is_gone_to_or_rendered_before(path: str, identity: str, way: str) -> None:
    async with running() as app:
        browser = browser_of(app, identity)
        tab = await browser.load("/")
        async with tab.connected() as say:
            known = tab.session.request.user is not None
            ran.clear()
            if "prefetch" in way:
                await say(tab.client.navigate(path, 3))
                assert SECRET.encode() not in browser.heard
            verdict = expected(path, identity)
            # A guest is shown what guests may see, and so is whom a redirect leads there.
            leads = "/public" if verdict == "/public" else path
            shown = verdict == "shown" or verdict == "/public" or (isinstance(verdict, str) and not known)
            rendered = ["/login" if isinstance(verdict, str) and verdict.startswith("/login") else leads]
            assert ran == (rendered if shown and "prefetch" in way else [])
            assert len(app.registry.sessions) == 1
            if "navigation" in way:
                await say(tab.client.navigate(path, 0))
                assert ran == (rendered if shown else [])
                assert (SECRET.encode() in browser.heard) == shown
        assert tab.session._navigation._ahead is None or len(tab.session._navigation._ahead) == 0


@pytest.mark.parametrize("then", IDENTITIES)
@pytest.mark.parametrize("first", ["guest", "user", "admin"])
@pytest.mark.parametrize("way", ["socket", "http", "blueprint"])
async def test_s001_12_a_session_is_resumed_by_its_own_user_only(first: str, then: str, way: str) -> None:
    async with running() as app:
        browser = browser_of(app, first)
        tab = await browser.load({"guest": "/public", "user": "/account", "admin": "/admin/users"}[first])
        session = tab.session
        async with tab.connected(blueprint=way == "blueprint"):
            assert tab.welcomed
        browser.be(then).heard = b""
        stays = then == first or (first == "guest" and then in ("expired", "raises"))
        if way == "blueprint":
            async with tab.connected(blueprint=True) as say:
                await say("HELLO resumable=true lastSeq=9")
                assert (session.attachment is not None) == stays
        else:
            async with tab.connected() if way == "socket" else tab.posting():
                assert tab.welcomed == stays
                assert (session.attachment is not None) == stays
            if not stays:
                (error,) = tab.errors
                known = then in ("user", "admin")
                named = known and not (first == "admin" and then == "user")
                assert error.kind == ("AuthExpired" if named else "Unauthorized")
                assert ("action", "reload") in error.parameters
                assert tab.code == 3000
        if not stays:
            assert SECRET.encode() not in browser.heard


@pytest.mark.parametrize("then", IDENTITIES)
@pytest.mark.parametrize("way", ["socket", "http"])
async def test_s001_50_refetch_on_a_connection_whose_user_was_checked(then: str, way: str) -> None:
    async with running() as app:
        browser = browser_of(app, "admin")
        tab = await browser.load("/admin/users")
        async with tab.connected() if way == "socket" else tab.posting() as say:
            assert tab.welcomed
            browser.be(then).heard = b""
            if way == "socket":  # its request was made once; what it proved ends by the check
                session = tab.session
                object.__setattr__(session.request, "cookies", dict(browser.cookies))
                await app._clock.advance(20)  # type: ignore[attr-defined]
                await app._clock.settle()  # type: ignore[attr-defined]
            await say(tab.client.refetch(0))
            if way == "http" and then == "raises":
                await app._clock.advance(20)  # type: ignore[attr-defined]
                await app._clock.settle()  # type: ignore[attr-defined]
            shown = then == "admin" or (way == "http" and then == "raises")
            assert (SECRET.encode() in browser.heard) == shown
            if then not in ("admin", "raises"):
                assert [error.kind for error in tab.errors] == ["AuthExpired"]
                assert tab.session is None


async def test_c25_a_page_whose_login_has_expired_is_told_so_and_its_session_waits_for_its_user() -> None:
    async with running() as app:
        browser = browser_of(app, "user")
        tab = await browser.load("/account")
        async with tab.connected():
            assert tab.welcomed
        for then in ("guest", "expired", "raises"):
            browser.be(then)
            async with tab.connected():
                (error,) = tab.errors
                assert (error.kind, tab.code) == ("Unauthorized", 3000)
                assert protocol.RULES[error.kind].close == 3000
        browser.be("user")
        async with tab.connected():
            assert tab.welcomed
            assert tab.session is not None
