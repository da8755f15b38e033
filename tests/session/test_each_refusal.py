"""Whoever is answered with 403, the log names the check that said no."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from ways import Browser, Tab

from vango import App, Forbidden, html as h, requires
from vango.application.cookies import COOKIE
from vango.clock import VirtualClock
from vango.limits import Limits

pytestmark = pytest.mark.anyio


def shop(*, own_page: bool = False) -> tuple[App, Any]:
    """An application whose host takes posts at /save."""
    app = App(clock=VirtualClock(), secret="k" * 32, limits=Limits(heartbeat_ms=3_600_000))

    async def nobody(request: object) -> None:
        return None

    app.auth(nobody, login=None)
    if own_page:
        app.forbidden(lambda: h.p["Not yours."])
    app.page("/")(lambda: h.p["home"])
    app.page("/guarded", guards=[lambda request: Forbidden()])(lambda: h.p["guarded"])
    app.page("/users", guards=[requires()])(lambda: h.p["users"])

    @app.page("/body")
    def body() -> object:
        raise Forbidden

    async def save(request: Request) -> PlainTextResponse:
        await app.csrf.check(request)
        return PlainTextResponse("saved")

    host = Starlette(
        routes=[Route("/save", save, methods=["POST"]), Mount("/", app)], lifespan=lambda _: app.lifespan()
    )
    return app, host


@pytest.mark.parametrize("own_page", [False, True])
@pytest.mark.parametrize(
    ("path", "method", "origin", "check"),
    [
        ("/guarded", "GET", "", "check: gate"),
        ("/users", "GET", "", "check: gate"),
        ("/body", "GET", "", "check: page"),
        ("/save", "POST", "", "check: csrf"),
        ("/save", "POST", "http://evil.example", "check: origin"),
        ("/vango/errand/forged", "POST", "", "check: errand"),
        ("/vango/errand/forged", "POST", "http://evil.example", "check: origin"),
    ],
)
async def test_each_403_of_a_request_names_its_check(
    path: str, method: str, origin: str, check: str, own_page: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "vango")
    app, host = shop(own_page=own_page)
    async with app.lifespan():
        browser = Browser(app, app._clock, host=host, origin=origin or "http://testserver")  # type: ignore[arg-type]
        assert (await browser.ask(path, method)).status == 403
        (line,) = [line for line in caplog.messages if "refused" in line]
        assert f"({check}" in line


@pytest.mark.parametrize("way", ["socket", "http", "blueprint"])
@pytest.mark.parametrize("what", ["origin", "cookie", "gate"])
async def test_each_403_of_a_connection_names_its_check(
    way: str, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "vango")
    app, _ = shop()
    is_open = True
    app.page("/now", guards=[lambda request: None if is_open else Forbidden()])(lambda: h.p["now"])
    async with app.lifespan():
        browser = Browser(app, app._clock)  # type: ignore[arg-type]
        tab = await browser.load("/now")
        stranger = Tab(browser, "/now", tab.live)
        match what:
            case "origin":
                browser.origin = "http://evil.example"
            case "cookie":
                del browser.cookies[COOKIE]
            case "gate":
                is_open = False
        blueprint = way == "blueprint"
        async with stranger.posting() if way == "http" else stranger.connected(blueprint=blueprint):
            assert stranger.code in (403, 1008, 3000)
        (line,) = [line for line in caplog.messages if "refused" in line]
        assert f"(check: {what}" in line
