"""A page whose sockets get nowhere: it lives over HTTP, and goes back to a socket when one gets through."""

import re

import pytest
from playwright.sync_api import Page, Request, expect

from .relay import Relay
from .serving import Server
from .watch import HELLO_OK, Watch

SOCKETS = """
(() => {
  const Real = WebSocket;
  const mode = "%s";
  let left = %s;
  class Blocked extends EventTarget {
    readyState = 0;
    constructor() {
      super();
      if (mode === "missing") throw new ReferenceError("WebSocket is not defined");
      if (mode === "refused") setTimeout(() => this.close());
    }
    close() {
      this.readyState = 3;
      this.onclose?.(new CloseEvent("close", { code: 1006 }));
    }
    send() {}
  }
  window.unblock = () => (left = 0);
  window.WebSocket = new Proxy(Real, {
    construct: (target, args) => (left-- > 0 ? new Blocked() : new target(...args)),
  });
})();
"""
EVERY = "Infinity"


def block(page: Page, mode: str, times: str = EVERY) -> list[Request]:
    """Let no socket through, in one of three ways; the requests that the page makes instead are listed."""
    page.add_init_script(SOCKETS % (mode, times))
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request) if request.method == "POST" else None)
    return requests


def more(page: Page, times: int) -> None:
    for _ in range(times):
        page.locator("#more").click()


@pytest.mark.parametrize("mode", ["refused", "silent", "missing"])
def test_c29_where_no_socket_gets_through_the_page_lives_over_http(
    page: Page, stage: Server, watch: Watch, mode: str
) -> None:
    requests = block(page, mode)
    page.goto(stage.url + "/drop")
    count = page.locator("#count")
    more(page, 3)
    expect(count).to_have_text("3")
    expect(page.locator("html")).to_have_attribute("data-vango", "connected")
    more(page, 1)
    expect(count).to_have_text("4")
    assert watch.sockets == []
    numbers = [request.headers.get("vango-request") for request in requests]
    assert numbers[0] is None
    attachments = {number.split(" ")[0] for number in numbers[1:] if number}
    assert len(attachments) == 1
    assert [int(number.split(" ")[1]) for number in numbers[1:] if number] == list(range(1, len(numbers)))
    assert {request.headers["content-type"] for request in requests} == {"application/vnd.vango"}


def test_c29_a_socket_takes_over_when_one_gets_through_and_nothing_is_lost(
    page: Page, stage: Server, watch: Watch
) -> None:
    requests = block(page, "refused", "1")
    page.goto(stage.url + "/drop")
    expect(page.locator("html")).to_have_attribute("data-vango", "connected")
    page.evaluate("""() => {
        const more = document.querySelector("#more");
        window.clicks = 0;
        more.addEventListener("click", () => clicks++);
        window.clicking = setInterval(() => more.click(), 20);
        window.states = [];
        addEventListener("vango-state", ({ detail }) => states.push(detail.state));
    }""")
    watch.wait(page, lambda: watch.received(HELLO_OK))
    page.evaluate("clearInterval(clicking)")
    more(page, 1)
    expect(page.locator("#count")).to_have_text(str(page.evaluate("clicks")))
    assert requests
    assert page.evaluate("states") == []


def test_over_http_what_was_typed_and_many_rows_arrive(page: Page, stage: Server) -> None:
    block(page, "refused")
    page.goto(stage.url + "/echo")
    page.locator("#field").press_sequentially("many letters")
    expect(page.locator("#field")).to_have_value("MANY LETTERS")
    page.goto(stage.url + "/burst")
    page.locator("#step").click()
    expect(page.locator("#cells > i").last).to_have_text("10000")


def test_over_http_a_page_comes_back_to_its_session_after_a_drop(
    page: Page, relay: Relay, watch: Watch
) -> None:
    watch.allow("net::ERR_")
    block(page, "refused")
    page.goto(relay.url + "/drop")
    more(page, 2)
    expect(page.locator("#count")).to_have_text("2")
    page.evaluate("window.kept = 'kept'")
    relay.refuse()
    expect(page.locator("body")).to_have_class(re.compile(r"\bvango-offline\b"))
    more(page, 2)
    relay.accept()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#count")).to_have_text("4")
    assert page.evaluate("kept") == "kept"


def test_b42_behind_a_sign_in_that_has_run_out_the_page_is_loaded_once_and_then_waits(
    page: Page, stage: Server, watch: Watch
) -> None:
    watch.allow("")
    block(page, "refused")
    loads: list[str] = []
    page.on("load", lambda _: loads.append(page.url))
    asked: list[str] = []

    def away(route: object) -> None:
        asked.append("")
        route.fulfill(status=302, headers={"Location": "/elsewhere"})  # type: ignore[attr-defined]

    page.route("**/vango/live/*", away)
    page.goto(stage.url + "/drop")
    expect(page.locator("html")).to_have_attribute("data-vango", "needs-auth")
    assert len(asked) == 2
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator("#more").click()
    expect(page.locator("html")).to_have_attribute("data-vango", "needs-auth")
    assert len(loads) == 2
