"""A server, a relay in front of it, and a browser whose every complaint fails the test.

`CHROMIUM` names another browser than `/usr/bin/chromium`.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

import vango

from .relay import Relay
from .serving import Server
from .watch import Watch

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Else each profile runs two pages of the address bar, which take more of the processor than the page
    # under test. Of several lists the last counts: behind them stands what Playwright turns off.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,"
    "AimEnabled,AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,LensOverlay,"
    "MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,PreconnectToSearch,"
    "ThirdPartyStoragePartitioning",
]
PATIENCE_MS = 30_000
"""Nothing waits for this long; a machine under load may need much of it."""
TESTS = Path(__file__).parents[1]
CLIENT = Path(vango.__file__).with_name("client")
ORACLE = Path(__file__).with_name("oracle.js")


# Package scope: while Playwright's own loop runs, no other test could run an asyncio loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each test has a context, which is a fresh profile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS
        )
        expect.set_options(timeout=PATIENCE_MS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def gallery() -> Iterator[Server]:
    """The examples, served."""
    with Server("examples.gallery:app") as server:
        yield server


@pytest.fixture(scope="package")
def stage() -> Iterator[Server]:
    """The pages of `pages.py`, served."""
    with Server("e2e.pages:app", TESTS) as server:
        yield server


@pytest.fixture(scope="package")
def inputs() -> Iterator[Server]:
    """The pages of `input_pages.py`, served."""
    with Server("e2e.input_pages:app", TESTS) as server:
        yield server


@pytest.fixture
def input_relay(inputs: Server) -> Iterator[Relay]:
    """A relay in front of `inputs`."""
    with Relay(inputs.port) as relay:
        yield relay


@pytest.fixture
def relay(stage: Server) -> Iterator[Relay]:
    """A relay in front of `stage`."""
    with Relay(stage.port) as relay:
        yield relay


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What the browser said; a complaint that the test did not allow fails it."""
    watch = Watch()
    yield watch
    assert watch.problems == []


@pytest.fixture
def context(browser: Browser, watch: Watch) -> Iterator[BrowserContext]:
    """A fresh profile, watched."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    watch.attach(context)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty tab of a fresh profile."""
    return context.new_page()


@pytest.fixture
def oracle(page: Page) -> Page:
    """An empty page with the client's modules and `globalThis.oracle`; no server is needed for it."""

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix("https://oracle.test")
        if path == "/":
            route.fulfill(
                body='<!doctype html><title>oracle</title><script type="module" src="/oracle.js"></script>',
                content_type="text/html",
                # Isolated, the page has a clock of 5 microseconds.
                headers={
                    "Cross-Origin-Opener-Policy": "same-origin",
                    "Cross-Origin-Embedder-Policy": "require-corp",
                },
            )
        else:
            route.fulfill(path=ORACLE if path == "/oracle.js" else CLIENT / path.removeprefix("/client/"))

    page.route("https://oracle.test/**", serve)
    page.goto("https://oracle.test/")
    page.wait_for_function("globalThis.oracle")
    return page
