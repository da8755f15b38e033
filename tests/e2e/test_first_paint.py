"""The page that HTTP brought is the page that the socket goes on with."""

import re
import urllib.request

from playwright.sync_api import Page, expect

from .serving import Server
from .watch import DIFF, HELLO_OK, SNAPSHOT, Watch

MARK = """
document.addEventListener("readystatechange", () => {
  if (document.readyState !== "interactive") return;  // parsed, and no module has run yet
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  window.served = [];
  while (nodes.nextNode()) served.push([nodes.currentNode, nodes.currentNode.parentNode]);
});
"""
REPLACED = (
    "() => served.filter(([node, parent]) => node.parentNode !== parent).map(([node]) => node.nodeName)"
)


def test_the_socket_replaces_no_node_sends_no_snapshot_and_runs_no_body(
    page: Page, stage: Server, watch: Watch
) -> None:
    page.add_init_script(MARK)
    page.goto(stage.url + "/paint")
    watch.wait(page, lambda: watch.received(HELLO_OK))
    number = page.locator("#mine").inner_text()
    page.locator("#ask").click()
    expect(page.locator("#total")).to_have_text(number)
    assert page.evaluate("served.length") > 12
    assert page.evaluate(REPLACED) == []
    assert [frame.fields[6] for frame in watch.received(HELLO_OK)] == [0]
    assert watch.received(SNAPSHOT) == []
    assert [frame.fields[:3] for frame in watch.received(DIFF)] == [(1, 0, 1)]


def test_an_inline_script_would_be_seen(page: Page, stage: Server, watch: Watch) -> None:
    page.goto(stage.url)
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), { text: 'window.ran = 1' }))"
    )
    assert page.evaluate("window.ran") is None
    assert any("script-src" in problem for problem in watch.problems)
    watch.problems.clear()


def test_the_first_paint_needs_no_script(gallery: Server) -> None:
    with urllib.request.urlopen(gallery.url + "/counter") as response:
        page = response.read().decode()
    assert re.search(r"<output[^>]*>3</output>", page)
