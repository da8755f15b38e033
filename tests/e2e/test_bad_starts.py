"""B12, B14: a page whose connection begins or goes on wrongly, and the others, which hear nothing of it."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from vango import protocol
from vango.application.cookies import COOKIE, new_browser

from .conftest import TESTS
from .relay import Relay
from .serving import Server
from .test_http import block
from .watch import HELLO, Watch

EVENT, ERROR = 0x61, 0x45
CLICK, INPUT = 0, 2
LOUD = re.compile("warning|error|critical|traceback", re.IGNORECASE)

MEDDLE = """
// The next message with a frame of the kind `meddle.kind` leaves as `meddle.bytes`, over either transport.
window.meddle = { kind: sessionStorage.met ? null : %s, bytes: %s, hello: null };
const swapped = (data) => {
  const kind = data[data[0] < 0x80 ? 1 : 2];
  meddle.hello ??= kind === 0x60 ? data : null;
  if (kind !== meddle.kind) return data;
  meddle.kind = null;
  document.documentElement.dataset.met = sessionStorage.met = 'yes';
  return meddle.bytes ? Uint8Array.from(atob(meddle.bytes), (letter) => letter.charCodeAt(0)) : meddle.hello;
};
const { send } = WebSocket.prototype;
WebSocket.prototype.send = function (data) {
  send.call(this, swapped(new Uint8Array(data.buffer ?? data)));
};
const { fetch } = window;
window.fetch = async (address, how) => {
  const body = how?.body instanceof Blob ? new Uint8Array(await how.body.arrayBuffer()) : null;
  return fetch(address, body?.length ? { ...how, body: swapped(body) } : how);
};
"""


def meddle(page: Page, kind: int | None, frame: bytes | None) -> None:
    """Let the first message of a kind be another one, in the first document that `page` loads."""
    page.add_init_script(MEDDLE % (kind or "null", as_text(frame)))


def as_text(frame: bytes | None) -> str:
    return "null" if frame is None else f"'{base64.b64encode(frame).decode()}'"


@pytest.fixture(scope="module")
def process() -> Iterator[Server]:
    """The pages of `pages.py`, in a process with a log of its own."""
    with Server("e2e.pages:app", TESTS) as server:
        yield server


@pytest.fixture
def server(process: Server) -> Iterator[Server]:
    """The same, which says nothing of what the test does."""
    before = len(process.log)
    yield process
    assert [line for line in process.log[before:] if LOUD.search(line)] == []


def is_live(page: Page, clicks: int) -> None:
    """The page is connected, and its clicks count."""
    expect(page.locator("html")).to_have_attribute("data-vango", "connected")
    page.locator("#more").click()
    expect(page.locator("#count")).to_have_text(str(clicks))


def two_pages(context: BrowserContext, server: Server, watch: Watch, by_http: bool) -> tuple[Page, Page]:
    """An empty page that will connect in this way, and a live neighbour of it that was clicked once."""
    page, neighbour = context.new_page(), context.new_page()
    neighbour.goto(server.url + "/drop")
    is_live(neighbour, 1)
    if by_http:
        watch.allow("status of 4")
        block(page, "refused")
    return page, neighbour


BY_HTTP = pytest.mark.parametrize("by_http", [False, True], ids=["socket", "http"])

# What comes instead of HELLO.
BEFORE: dict[str, bytes] = {
    "an acknowledgement": protocol.encode(protocol.Ack(1, 0, 0)),
    "an event": protocol.encode(protocol.Event(1, 1, 0, 3, CLICK, None, b"", 0)),
    "nothing that is a frame": bytes.fromhex("ff0161"),
    "a frame of no bytes": b"\x00",
}


@BY_HTTP
@pytest.mark.parametrize("what", BEFORE)
def test_b12_what_comes_before_the_start_ends_one_page_until_it_is_loaded_again(
    context: BrowserContext, server: Server, watch: Watch, what: str, by_http: bool
) -> None:
    page, neighbour = two_pages(context, server, watch, by_http)
    meddle(page, HELLO, BEFORE[what])
    page.goto(server.url + "/drop")
    expect(page.locator("html")).to_have_attribute("data-vango", "error")
    expect(page.locator("html")).to_have_attribute("data-met", "yes")
    page.reload()
    is_live(page, 1)
    is_live(neighbour, 2)


# What comes instead of the first click; `None` stands for the HELLO of this page, once more.
AFTER: dict[str, bytes | None] = {
    "a second HELLO": None,
    "an unknown handler": protocol.encode(protocol.Event(1, 1, 0, 999, CLICK, None, b"", 0)),
    "a malformed payload": protocol.encode(protocol.Event(1, 1, 0, 3, INPUT, None, b"\xff", 0)),
    "an empty payload where there is one": protocol.encode(protocol.Event(1, 1, 0, 3, INPUT, None, b"", 0)),
    "an unknown kind of message": bytes.fromhex("027f00"),
    "nothing that is a frame": bytes.fromhex("ff0161"),
}


@BY_HTTP
@pytest.mark.parametrize("what", AFTER)
def test_b12_what_is_wrong_after_the_start_ends_no_page(
    context: BrowserContext, server: Server, watch: Watch, what: str, by_http: bool
) -> None:
    page, neighbour = two_pages(context, server, watch, by_http)
    meddle(page, None, AFTER[what])
    page.goto(server.url + "/drop")
    expect(page.locator("html")).to_have_attribute("data-vango", "connected")
    page.locator("#text").fill("typed")
    page.evaluate("window.kept = 'the document'")
    page.evaluate(f"meddle.kind = {EVENT}")
    page.locator("#more").click()
    expect(page.locator("html")).to_have_attribute("data-met", "yes")
    is_live(page, 1 if what.startswith(("an unknown handler", "a malformed", "an empty")) else 2)
    assert page.evaluate("window.kept") == "the document"
    expect(page.locator("#text")).to_have_value("typed")
    is_live(neighbour, 2)


SWAPPED: dict[str, Callable[[str], str]] = {
    "truncated": lambda value: value[:-1],
    "bad": lambda value: "%00" + value[3:],
    "another one": lambda value: new_browser(),
}


@BY_HTTP
@pytest.mark.parametrize("how", SWAPPED)
def test_b14_a_bad_truncated_or_swapped_session_cookie_is_refused(
    context: BrowserContext, server: Server, watch: Watch, how: str, by_http: bool
) -> None:
    watch.allow("net::ERR_|WebSocket|status of 4")
    with Relay(server.port) as relay:
        page, neighbour = context.new_page(), context.new_page()
        neighbour.goto(server.url + "/drop")
        if by_http:
            block(page, "refused")
        meddle(page, None, None)
        page.goto(relay.url + "/drop")
        is_live(page, 1)
        (genuine,) = [each for each in context.cookies() if each["name"] == COOKIE]
        context.add_cookies([{**genuine, "value": SWAPPED[how](genuine["value"])}])
        relay.drop()
        expect(page.locator("html")).to_have_attribute("data-vango", "needs-auth")
        assert page.evaluate("document.querySelector('#count').textContent") == "1"
        context.add_cookies([genuine])
        is_live(neighbour, 1)
