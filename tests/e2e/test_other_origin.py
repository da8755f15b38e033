"""A page of another origin, in the same browser, that wants to act in the user's name."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .serving import Server

# The page of a stranger, who knows the live address of a page of the user's; the browser would not show it.
EVIL = b"<!doctype html><title>evil</title><link rel=icon href=data:,><p>cheap flights</p>"


class Evil(BaseHTTPRequestHandler):
    """Serves the stranger's page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(EVIL)))
        self.end_headers()
        self.wfile.write(EVIL)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def evil() -> Iterator[str]:
    """The origin of the stranger: another port of the same site, so the browser does send its cookies."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Evil) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def user(browser: Browser) -> Iterator[BrowserContext]:
    """The browser of the user; the console tells of each refusal, which is what is wanted here."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def visited(user: BrowserContext, gallery: Server) -> Page:
    """A page of the user's that is connected, with three on its counter."""
    page = user.new_page()
    page.goto(gallery.url + "/counter")
    expect(page.locator("html")).to_have_attribute("data-vango", "connected")
    return page


META = "() => JSON.parse(document.querySelector('meta[name=vango]').content)"
SOCKET = """
url => new Promise((done) => {
  const socket = new WebSocket(url, 'vango.1');
  socket.onopen = () => done('open');
  socket.onmessage = () => done('message');
  socket.onerror = () => done('refused');
})
"""
POST = """
async ([url, mode, type]) => {
  try {
    const answer = await fetch(url, {
      method: 'POST', mode, credentials: 'include',
      headers: { 'Content-Type': type }, body: new Uint8Array([0x60, 1]),
    });
    return [answer.type, answer.status, await answer.text()];
  } catch (error) {
    return ['refused', 0, ''];
  }
}
"""


def test_a_page_of_another_origin_opens_no_socket(
    user: BrowserContext, visited: Page, gallery: Server, evil: str
) -> None:
    live = visited.evaluate(META)
    before = len(gallery.log)
    stranger = user.new_page()
    stranger.goto(evil)
    address = gallery.url.replace("http", "ws") + live["url"]
    assert stranger.evaluate(SOCKET, address) == "refused"
    assert visited.evaluate(SOCKET, address) == "open"  # it is the origin that was refused, and nothing else
    assert gallery.logs("check: origin")
    assert "Traceback" not in "".join(gallery.log[before:])


@pytest.mark.parametrize("mode", ["cors", "no-cors"])
@pytest.mark.parametrize(
    "type_", ["application/vnd.vango", "text/plain", "application/x-www-form-urlencoded"]
)
def test_a_page_of_another_origin_says_nothing_by_requests(
    user: BrowserContext, visited: Page, gallery: Server, evil: str, mode: str, type_: str
) -> None:
    live = visited.evaluate(META)
    stranger = user.new_page()
    stranger.goto(evil)
    kind, status, text = stranger.evaluate(POST, [gallery.url + live["url"], mode, type_])
    assert (status, text) == (0, "")  # nothing of the answer may be read
    assert kind in ("refused", "opaque")
    page = visited
    page.get_by_role("button", name="+").click()
    expect(page.locator("output")).to_have_text("4")  # and the page goes on as it was


def test_a_page_of_another_origin_reads_no_page_of_the_users(
    user: BrowserContext, visited: Page, gallery: Server, evil: str
) -> None:
    stranger = user.new_page()
    stranger.goto(evil)
    read = """
    async url => {
      try {
        return await (await fetch(url, { credentials: 'include' })).text();
      } catch {
        return '';
      }
    }
    """
    assert stranger.evaluate(read, gallery.url + "/counter") == ""
    framed = """
    url => new Promise((done) => {
      const frame = document.createElement('iframe');
      frame.onload = () => done(frame.contentDocument?.body?.textContent ?? 'hidden');
      frame.src = url;
      document.body.append(frame);
    })
    """
    assert stranger.evaluate(framed, gallery.url + "/counter") == "hidden"
    assert stranger.frames[1].url.startswith("chrome-error://")  # frame-ancestors 'none'
