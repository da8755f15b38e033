"""S001-38: developing or in production, the same is checked and cookies are the same."""

from __future__ import annotations

import pytest
from ways import Browser, Tab

from vango import App, html as h
from vango.application.cookies import COOKIE
from vango.clock import VirtualClock
from vango.limits import Limits

pytestmark = pytest.mark.anyio

MODES = {"production": "0", "vango dev": "1"}


@pytest.fixture(params=MODES)
def app(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> App:
    """An application as `vango run` and as `vango dev` serve it."""
    monkeypatch.setenv("VANGO_DEBUG", MODES[request.param])
    app = App(
        clock=VirtualClock(),
        secret="k" * 32,
        limits=Limits(heartbeat_ms=3_600_000),
        allowed_hosts=["testserver"],
        trusted_proxies=["192.0.2.1"],
    )
    assert app.config.shows_errors == (request.param == "vango dev")
    app.page("/")(lambda: h.p["home"])
    return app


def browser_of(app: App) -> Browser:
    assert isinstance(app._clock, VirtualClock)
    return Browser(app, app._clock)


@pytest.mark.parametrize("way", ["socket", "http"])
@pytest.mark.parametrize("what", ["origin", "no cookie", "token", "csrf"])
async def test_s001_38_no_mode_turns_a_check_off(app: App, what: str, way: str) -> None:
    async with app.lifespan():
        browser = browser_of(app)
        tab = await browser.load("/")
        stranger = Tab(browser, "/", tab.live)
        match what:
            case "origin":
                browser.origin = "http://evil.example"
            case "no cookie":
                del browser.cookies[COOKIE]
            case "token":
                stranger.client.token = stranger.client.token[:-8] + "x" * 8
            case "csrf":
                stranger.client.csrf = "x" * len(stranger.client.csrf)
        async with stranger.connected() if way == "socket" else stranger.posting():
            assert not stranger.welcomed
            assert stranger.code in (403, 3000, 1008)


async def test_s001_38_no_mode_serves_another_host_another_cookie_or_another_policy(app: App) -> None:
    async with app.lifespan():
        browser = browser_of(app)
        browser.cookies.clear()
        assert (await browser.ask("/", Host="evil.example")).status == 400
        answer = await browser.ask("/", **{"X-Forwarded-Proto": "https"})
        session, csrf = answer.all("set-cookie")
        assert {"HttpOnly", "Secure", "SameSite=lax"} <= set(session.split("; "))
        assert {"Secure", "SameSite=lax"} <= set(csrf.split("; "))
        assert "script-src 'self'" in answer["content-security-policy"]
        assert answer["x-content-type-options"] == "nosniff"
        assert answer["strict-transport-security"]
