"""Tokens, cookies and addresses of one user in the hands of another, who gets nothing by them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from test_errands import errands, fetch, handle, log_in
from ways import Browser, Tab

from vango import App, Principal, Request, current_user, download, html as h, requires, set_cookie
from vango.application.cookies import COOKIE
from vango.clock import VirtualClock

pytestmark = pytest.mark.anyio


async def who(request: Request) -> Principal | None:
    user = request.data.get("user")
    return Principal(id=user) if user else None


@asynccontextmanager
async def two_users() -> AsyncIterator[tuple[Browser, Browser]]:
    """Ann and Bob, logged in, each with a browser."""
    app = App(clock=VirtualClock(), secret="k" * 32, on_error=lambda report: None)
    app.auth(who)
    app.page("/account", guards=[requires()])(lambda: h.p[f"the secret of {current_user().id}"])
    app.page("/login")(lambda: h.p["log in"])
    async with app.lifespan():
        assert isinstance(app._clock, VirtualClock)
        ann, bob = Browser(app, app._clock), Browser(app, app._clock)
        await log_in(ann, "ann", "/account")
        await log_in(bob, "bob", "/account")
        yield ann, bob


def heard_of(browser: Browser) -> set[str]:
    """Whose secrets a browser was ever sent."""
    return {name.decode() for name in re.findall(rb"the secret of (\w+)", browser.heard)}


@pytest.mark.parametrize("way", ["connected", "posting"])
async def test_the_token_of_one_page_with_the_cookies_of_another_user(way: str) -> None:
    async with two_users() as (ann, bob):
        page = await ann.load("/account")
        stolen = Tab(bob, "/account", page.live)
        async with getattr(stolen, way)():
            assert not stolen.welcomed
            assert [error.kind for error in stolen.errors] == ["Unauthorized"]
        assert heard_of(bob) == {"bob"}
        async with getattr(page, way)():
            assert page.welcomed


@pytest.mark.parametrize("way", ["connected", "posting"])
@pytest.mark.parametrize("swapped", [COOKIE, "vango_data"])
async def test_one_cookie_of_two_is_swapped(way: str, swapped: str) -> None:
    async with two_users() as (ann, bob):
        page = await ann.load("/account")
        mixed = Browser(ann.app, ann.clock, {**ann.cookies, swapped: bob.cookies[swapped]})
        stolen = Tab(mixed, "/account", page.live)
        async with getattr(stolen, way)():
            assert not stolen.welcomed
            assert stolen.errors[-1].kind in ("Unauthorized", "AuthExpired")
        assert heard_of(mixed) == set()


@pytest.mark.parametrize("way", ["connected", "posting"])
async def test_the_csrf_value_of_another_user(way: str) -> None:
    async with two_users() as (ann, bob):
        mine, theirs = await bob.load("/account"), await ann.load("/account")
        forged = Tab(bob, "/account", {**mine.live, "csrf": theirs.live["csrf"]})
        async with getattr(forged, way)():
            assert [error.kind for error in forged.errors] == ["CsrfInvalid"]


@pytest.mark.parametrize("way", ["connected", "posting"])
async def test_a_token_that_a_newer_one_has_replaced_opens_nothing(way: str) -> None:
    async with two_users() as (ann, _):
        page = await ann.load("/account")
        async with page.connected():
            assert page.welcomed
        session = page.session
        session.renew(1)
        old = Tab(ann, "/account", page.live)
        async with getattr(old, way)():
            assert not old.welcomed
            assert [error.kind for error in old.errors] == ["Unauthorized"]
        assert page.session is session


async def test_an_address_of_one_time_is_nothing_to_another_user_nor_again() -> None:
    async with two_users() as (ann, bob):
        page = await ann.load("/account")
        async with page.connected():
            await handle(page, lambda: download("the secret of ann", filename="a.txt"))
            url = errands(page)[-1]["url"]
            assert (await bob.ask(url)).status == 403
            borrowed = Browser(ann.app, ann.clock, {**ann.cookies, "vango_data": bob.cookies["vango_data"]})
            assert (await borrowed.ask(url)).status == 403
            assert (await fetch(page, "GET")).text == "the secret of ann"
            assert (await fetch(page, "GET")).status == 410
            await handle(page, lambda: set_cookie("theme", "dark"))
            assert (await bob.ask(errands(page)[-1]["url"], "POST")).status == 403
            assert "theme" not in bob.cookies
            assert (await fetch(page)).status == 200
            assert (await fetch(page)).status == 410
        assert heard_of(bob) == {"bob"}
