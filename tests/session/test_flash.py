"""F-15: messages that are said on one page and shown once on the next, and what a page logs."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from ways import Browser, Tab

from vango import (
    App,
    Principal,
    Request,
    Toasts,
    current_session,
    current_user,
    flash,
    html as h,
    login,
    logout,
    navigate,
    redirect,
)
from vango.clock import VirtualClock
from vango.limits import Limits

pytestmark = pytest.mark.anyio

SHOWN = 'class="vango-toast"'


async def who(request: Request) -> Principal | None:
    user = request.data.get("user")
    return Principal(id=user) if user else None


def shop() -> App:
    app = App(clock=VirtualClock(), secret="k" * 32, limits=Limits(heartbeat_ms=3_600_000))
    app.auth(who)
    app.layout("/")(lambda content: h.main[Toasts(), content])

    @app.page("/old")
    def old() -> object:
        flash("This has moved.", kind="warning")
        redirect("/")

    app.page("/")(lambda: h.p[f"home of {current_user()}"])
    app.page("/other")(lambda: h.p["other"])
    return app


def browser_of(app: App) -> Browser:
    assert isinstance(app._clock, VirtualClock)
    return Browser(app, app._clock)


async def run_errands(tab: Tab) -> None:
    """Fetch what the page was told to, as its client does."""
    for key in list(tab.session.errands or {}):
        answer = await tab.browser.ask(tab.browser.app.registry.errand(tab.session, key), "POST")
        assert answer.status == 200


async def test_f15_what_a_redirect_says_shows_once_on_the_page_that_it_leads_to() -> None:
    app = shop()
    async with app.lifespan():
        browser = browser_of(app)
        answer = await browser.ask("/old")
        assert (answer.status, answer["location"]) == (303, "/")
        ahead = await browser.ask("/", **{"Sec-Purpose": "prefetch"})
        assert SHOWN not in ahead.text  # nobody looks at it
        assert (await browser.ask("/", "HEAD")).body == b""
        page = await browser.ask("/")
        assert page.text.count(SHOWN) == 1
        assert "This has moved." in page.text
        assert 'data-kind="warning"' in page.text
        assert SHOWN not in (await browser.ask("/")).text


@pytest.mark.parametrize("leaves", [lambda: login("ada", to="/other"), lambda: logout(to="/other")])
async def test_f15_what_a_handler_says_outlives_a_login(leaves: Any) -> None:
    def act() -> None:
        flash("Welcome <b>you</b>", kind="success")
        leaves()

    app = shop()
    async with app.lifespan():
        browser = browser_of(app)
        tab = await browser.load("/")
        async with tab.connected():
            tab.session.dispatch(act)
            await browser.settle()
            assert b"Welcome" not in tab.heard
            await run_errands(tab)
        page = await browser.ask("/other")
        assert "Welcome &lt;b&gt;you&lt;/b&gt;" in page.text
        assert SHOWN not in (await browser.ask("/other")).text


async def test_f15_what_a_handler_says_shows_on_the_page_that_it_navigates_to() -> None:
    def act() -> None:
        flash("Saved")
        navigate("/other")

    app = shop()
    async with app.lifespan():
        browser = browser_of(app)
        tab = await browser.load("/")
        async with tab.connected():
            tab.session.dispatch(act)
            await browser.settle()
            assert tab.session.path == "/other"
            assert tab.heard.count(b"Saved") == 1
            await run_errands(tab)
        assert SHOWN not in (await browser.ask("/other")).text


async def test_f15_only_texts_of_known_kinds_outlive_a_page_and_five_of_them() -> None:
    app = shop()
    errors: list[Exception] = []

    def act() -> None:
        for wrong in [lambda: flash(h.b["no"]), lambda: flash("a", kind="shout"), lambda: flash("x" * 3000)]:  # type: ignore[arg-type]
            try:
                wrong()
            except (TypeError, ValueError) as error:
                errors.append(error)
        for n in range(7):
            flash(f"message {n}")

    async with app.lifespan():
        browser = browser_of(app)
        tab = await browser.load("/")
        async with tab.connected():
            tab.session.dispatch(act)
            await browser.settle()
            await run_errands(tab)
        assert [type(error) for error in errors] == [TypeError, ValueError, ValueError]
        page = (await browser.ask("/")).text
        assert [n for n in range(7) if f"message {n}" in page] == [2, 3, 4, 5, 6]


async def test_s001_48_what_a_page_logs_says_whose_it_is_and_nothing_secret(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = shop()
    async with app.lifespan():
        browser = browser_of(app)
        tab = await browser.load("/other?token=secret")
        async with tab.connected():
            with caplog.at_level(logging.INFO, "vango.session"):
                tab.session.dispatch(lambda: current_session().logger.info("sold %s", 3, extra={"order": 7}))
                await browser.settle()
        (record,) = [one for one in caplog.records if one.name == "vango.session"]
        said = {name: getattr(record, name) for name in ("session", "path", "user", "order")}
        assert said == {"session": tab.live["session"], "path": "/other", "user": "", "order": 7}
        assert record.getMessage() == "sold 3"
        assert not any(value in repr(vars(record)) for value in ("secret", *browser.cookies.values()))
