"""The words of the blueprint in a browser: its snippet as it stands, and a client of its text protocol."""

from pathlib import Path

from playwright.sync_api import Browser, Page, Route, expect

from .conftest import PATIENCE_MS
from .pages import ORDERS
from .relay import Relay
from .serving import Server
from .test_reconnect import OFFLINE, REFUSED, come_back, go_offline
from .watch import HELLO_OK, Watch

SNIPPET = """\
import { applyPatch } from '/vango/runtime-dom.js'
const ws = new VangoLiveSocket('/vango/live/'+session)
ws.onPatch = applyPatch
"""
SESSION = """Object.defineProperty(window, 'session', {
  get: () => JSON.parse(document.querySelector('meta[name=vango]').content).session,
})"""
SEED = Path(__file__).with_name("seed.js").read_text()


def start_by(page: Page, script: str) -> None:
    """Have pages started by `script` instead of the client's own."""

    def serve(route: Route) -> None:
        route.fulfill(body=script, content_type="text/javascript")

    page.route("**/boot.js", serve)


def test_the_snippet_runs_as_it_was_written(page: Page, relay: Relay, watch: Watch) -> None:
    watch.allow(REFUSED)
    # The snippet takes `session` for given.
    page.add_init_script(SESSION)
    start_by(page, SNIPPET)
    page.goto(relay.url + "/rows")
    watch.wait(page, lambda: watch.received(HELLO_OK))
    first = page.locator("li:first-child > input")
    page.locator("#reverse").click()
    expect(first).to_have_attribute("id", "field4")
    watch.sockets_only(page)
    go_offline(page, relay)
    expect(page.locator("body")).to_have_class(OFFLINE)
    page.locator("#reverse").click()
    expect(first).to_have_attribute("id", "field4")
    come_back(page, relay)
    expect(first).to_have_attribute("id", "field0")
    assert [frame.fields[6] for frame in watch.received(HELLO_OK)] == [0, 0]


def test_a_client_of_the_text_protocol_follows_a_page(
    browser: Browser, page: Page, relay: Relay, stage: Server
) -> None:
    # Nothing but frames of version 1 may pass the sockets of a watched browser, so this one is its own.
    alone = browser.new_context()
    alone.set_default_timeout(PATIENCE_MS)
    seed = alone.new_page()
    start_by(seed, SEED)
    page.goto(stage.url + "/shared")
    seed.goto(relay.url + "/shared")
    seed.wait_for_function("() => window.seed?.ws.readyState === WebSocket.OPEN")
    step = int(page.locator("#count").inner_text())

    def steps(number: int = 1) -> None:
        nonlocal step
        for _ in range(number):
            page.locator("#step").click()
        step += number
        expect(page.locator("#count")).to_have_text(str(step))

    def same() -> None:
        expect(seed.locator("#count")).to_have_text(str(step))
        expect(seed.locator("#rows > li")).to_have_text(list(ORDERS[step % len(ORDERS)]))
        assert seed.locator("#count").get_attribute("title") == ("odd" if step % 2 else None)

    def said() -> list[str]:
        return seed.evaluate("seed.said")

    for _ in ORDERS:
        steps()
        same()
    assert seed.evaluate("seed.frames") == len(ORDERS)
    relay.refuse()
    expect(seed.locator("body")).to_have_class(OFFLINE)
    steps(3)
    relay.accept()
    same()
    assert (said(), seed.evaluate("seed.frames")) == ([], len(ORDERS) + 1)
    seed.evaluate("seed.frames = 99")
    relay.drop()
    seed.wait_for_function("() => seed.said.length")
    assert said() == ["FULL-RESYNC"]
    steps()
    same()
    seed.evaluate("seed.ws.send('REFETCH 0')")
    seed.wait_for_function("() => seed.said.length === 2")
    steps()
    same()
    alone.close()
