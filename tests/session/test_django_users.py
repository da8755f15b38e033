"""Users by Django's sessions: Django's own views log in and out, and every way to a page knows."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import anyio.to_thread
import django_project
import pytest
from asgi_driver import Answer
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.contrib.sessions.models import Session
from django.core.asgi import get_asgi_application
from django.db import connection
from starlette.applications import Starlette
from starlette.routing import Mount
from ways import Browser

from vango import App, current_user, html as h, requires
from vango.clock import VirtualClock
from vango.errors import ErrorReport
from vango.integrations.django import django_user
from vango.limits import Limits

pytestmark = pytest.mark.anyio

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture(scope="module", autouse=True)
def project() -> None:
    django_project.fill()
    connection.close()


@pytest.fixture
def anyio_backend() -> str:
    """Django under ASGI runs on asyncio only; the provider alone is tested on both."""
    return "asyncio"


@asynccontextmanager
async def beside_django(reports: list[ErrorReport] | None = None, **settings: Any) -> AsyncIterator[Browser]:
    clock = VirtualClock()
    reports = [] if reports is None else reports
    app = App(clock=clock, on_error=reports.append, limits=Limits(heartbeat_ms=3_600_000))
    app.auth(django_user(**settings), host_login="/login/", check_every_s=20)

    def shown() -> object:
        user = current_user()
        return h.p[f"user={user.name if user else 'nobody'}"]

    app.page("/")(shown)
    app.page("/members", guards=[requires()])(shown)
    app.page("/editors", guards=[requires("editors")])(shown)
    app.page("/staff", guards=[requires("is_staff")])(shown)
    app.page("/superusers", guards=[requires("is_superuser")])(shown)
    app.page("/deleting", guards=[requires("auth.delete_user")])(shown)
    host = Starlette(routes=[Mount("/shop", app), Mount("/", get_asgi_application())], lifespan=app.lifespan)
    async with app.lifespan():
        yield Browser(app, clock, host=host)


async def post(browser: Browser, path: str, **fields: str) -> Answer:
    """Send a form of Django's, with the token of its page."""
    form = TOKEN.search((await browser.ask("/login/")).text)
    assert form is not None
    body = urlencode({"csrfmiddlewaretoken": form[1], **fields}).encode()
    return await browser.ask(
        path,
        "POST",
        body,
        **{"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))},
    )


async def log_in(browser: Browser, name: str) -> None:
    answer = await post(browser, "/login/", username=name, password=django_project.PASSWORD)
    assert answer.status == 302


async def wait(browser: Browser, seconds: int) -> None:
    for _ in range(seconds):
        await browser.clock.advance(1)
        await browser.settle()


async def test_who_logs_in_at_django_is_known_to_every_way_and_who_logs_out_is_not() -> None:
    async with beside_django() as browser:
        answer = await browser.ask("/shop/members")
        assert (answer.status, answer["location"]) == (303, "/login/?next=%2Fshop%2Fmembers")
        await log_in(browser, "ada")
        tab = await browser.load("/shop/members")
        assert b"user=ada" in browser.heard
        assert isinstance(tab.session.request.user.value, User)
        async with tab.connected():
            assert tab.welcomed
            await wait(browser, 40)
            assert tab.session is not None
            assert (await post(browser, "/logout/")).status == 302
            await wait(browser, 20)
            assert [error.kind for error in tab.errors] == ["AuthExpired"]
            assert tab.session is None
        assert (await browser.ask("/shop/members")).status == 303


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_a_page_comes_back_for_its_user_only(way: str) -> None:
    async with beside_django() as browser:
        await log_in(browser, "ada")
        tab = await browser.load("/shop/members")
        kept = dict(browser.cookies)
        async with tab.connected() if way == "socket" else tab.posting():
            assert tab.welcomed
        await post(browser, "/logout/")
        async with tab.connected() if way == "socket" else tab.posting():
            assert [error.kind for error in tab.errors] == ["Unauthorized"]
        browser.cookies = kept  # whoever has kept the cookie has nothing
        async with tab.connected() if way == "socket" else tab.posting():
            assert [error.kind for error in tab.errors] == ["Unauthorized"]
        await log_in(browser, "bob")
        async with tab.connected() if way == "socket" else tab.posting():
            assert [error.kind for error in tab.errors] == ["AuthExpired"]


async def test_a_page_that_lives_by_http_ends_with_the_next_request_after_the_logout() -> None:
    async with beside_django() as browser:
        await log_in(browser, "ada")
        tab = await browser.load("/shop/members")
        async with tab.posting() as say:
            assert tab.welcomed
            await post(browser, "/logout/")
            await say()
            assert [error.kind for error in tab.errors] == ["AuthExpired"]


@pytest.mark.parametrize(
    ("name", "statuses"),
    [("ada", [200, 403, 403, 403]), ("bob", [200, 200, 200, 403]), ("eve", [200, 403, 200, 200])],
)
async def test_groups_and_flags_are_roles(name: str, statuses: list[int]) -> None:
    async with beside_django() as browser:
        await log_in(browser, name)
        pages = ["/members", "/editors", "/staff", "/superusers"]
        assert [(await browser.ask(f"/shop{path}")).status for path in pages] == statuses


async def test_roles_may_be_what_the_application_says_its_permissions_for_instance() -> None:
    def give() -> None:
        User.objects.get(username="ada").user_permissions.add(Permission.objects.get(codename="delete_user"))
        connection.close()

    await anyio.to_thread.run_sync(give)
    async with beside_django(roles=lambda user: user.get_all_permissions()) as browser:
        await log_in(browser, "ada")
        assert (await browser.ask("/shop/deleting")).status == 200
        await log_in(browser, "bob")
        assert (await browser.ask("/shop/deleting")).status == 403


@pytest.mark.parametrize("what", ["inactive", "another password", "expired", "deleted"])
async def test_what_ends_a_login_of_django_ends_the_page(what: str) -> None:
    def prepare() -> None:
        User.objects.create_user(what, password=django_project.PASSWORD)
        connection.close()

    def change(key: str) -> None:
        user = User.objects.get(username=what)
        if what == "inactive":
            user.is_active = False
            user.save()
        elif what == "another password":
            user.set_password("another one")
            user.save()
        elif what == "deleted":
            user.delete()
        else:
            Session.objects.filter(session_key=key).update(expire_date=datetime(2020, 1, 1, tzinfo=UTC))
        connection.close()

    await anyio.to_thread.run_sync(prepare)
    async with beside_django() as browser:
        await log_in(browser, what)
        tab = await browser.load("/shop/members")
        async with tab.connected():
            assert tab.welcomed
            await anyio.to_thread.run_sync(change, browser.cookies["sessionid"])
            await wait(browser, 20)
            assert [error.kind for error in tab.errors] == ["AuthExpired"]


async def test_asking_changes_nothing_of_the_session_even_where_its_key_was_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def rows() -> list[tuple[Any, ...]]:
        found = list(Session.objects.order_by("session_key").values_list())
        connection.close()
        return found

    async with beside_django() as browser:
        await log_in(browser, "ada")
        before = await anyio.to_thread.run_sync(rows)
        monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [settings.SECRET_KEY])
        # What is signed stays readable, what a user's password was hashed with is an older key.
        monkeypatch.setattr(settings, "SECRET_KEY", "a newer one")
        tab = await browser.load("/shop/members")
        async with tab.connected():
            assert tab.welcomed
        monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [])
        assert (await browser.ask("/shop/members")).status == 303
        assert await anyio.to_thread.run_sync(rows) == before


async def test_while_the_database_is_away_nobody_is_proved_to_be_anybody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reports: list[ErrorReport] = []
    async with beside_django(reports) as browser:
        await log_in(browser, "ada")
        monkeypatch.setattr(settings, "SESSION_ENGINE", "there.is.none")
        assert (await browser.ask("/shop/members")).status == 303
        assert isinstance(reports[0].error, ModuleNotFoundError)


@pytest.mark.parametrize("cookie", ["", "short", "x" * 32, "../../etc/passwd", "a\x00b" * 9])
@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_a_cookie_that_names_no_session_is_a_guests(cookie: str, anyio_backend: str) -> None:
    reports: list[ErrorReport] = []
    async with beside_django(reports) as browser:
        browser.host = None
        browser.cookies["sessionid"] = cookie
        assert (await browser.ask("/members")).status == 303
        assert reports == []
