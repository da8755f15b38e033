"""Loading a page again and again, by a person or because the server has changed."""

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .serving import Server
from .watch import Watch

CONNECTED = ("data-vango", "connected")
HOST = """
    import gc

    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Mount, Route

    from vango import App, html as h, signal

    app = App()

    @app.page("/")
    def home():
        count = signal(0)
        return h.button(on_click=lambda: count.update(lambda n: n + 1))[count]

    def numbers(request):
        gc.collect()
        sessions = len(app.registry.sessions)
        return JSONResponse({"sessions": sessions, "objects": len(gc.get_objects())})

    host = Starlette(routes=[Route("/numbers", numbers), Mount("/", app)], lifespan=app.lifespan)
"""
NONE_LEFT = "async () => (await (await fetch('/numbers')).json()).sessions === 0"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """One page, and what its process holds."""
    (tmp_path / "counted.py").write_text(dedent(HOST))
    with Server("counted:host", tmp_path) as server:
        yield server


def visit(context: BrowserContext, server: Server, times: int) -> list[str]:
    """Load a page so many times, use it each time, and leave; the sessions that it had."""
    page = context.new_page()
    sessions = []
    for _ in range(times):
        page.goto(server.url + "/")
        expect(page.locator("html")).to_have_attribute(*CONNECTED)
        page.locator("button").click()
        expect(page.locator("button")).to_have_text("1")
        sessions.append(
            page.evaluate("JSON.parse(document.querySelector('meta[name=vango]').content).session")
        )
    page.close(run_before_unload=True)
    return sessions


def test_b15_fifty_reloads_are_fifty_sessions_and_then_none(server: Server, context: BrowserContext) -> None:
    beside = context.new_page()
    beside.goto(server.url + "/numbers")

    def numbers() -> dict[str, int]:
        beside.wait_for_function(NONE_LEFT)
        found: dict[str, int] = beside.evaluate("async () => (await fetch('/numbers')).json()")
        return found

    visit(context, server, 5)
    before = numbers()
    assert len(set(visit(context, server, 50))) == 50
    after = numbers()
    # A session is some hundred objects; fewer than ten of each reload are left.
    assert after["objects"] - before["objects"] < 500


def test_b36_after_a_deploy_a_page_is_loaded_once(server: Server, page: Page, watch: Watch) -> None:
    watch.allow("net::ERR_")
    watch.allow("WebSocket")
    loads: list[str] = []
    page.on("load", lambda page: loads.append(page.url))
    page.goto(server.url + "/")
    expect(page.locator("html")).to_have_attribute(*CONNECTED)
    before = page.evaluate("document.querySelector('link[rel=modulepreload]').href")
    server.stop()
    # With the developer's modules beside them the client's files are others.
    server.environment = {"VANGO_DEBUG": "1"}
    server.start()
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function(
        "(before) => !document.querySelector(`link[href='${new URL(before).pathname}']`)", arg=before
    )
    expect(page.locator("html")).to_have_attribute(*CONNECTED)
    page.locator("button").click()
    expect(page.locator("button")).to_have_text("1")
    assert len(loads) == 2
