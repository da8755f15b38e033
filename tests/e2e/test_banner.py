"""The banner of the default stylesheet: late, quiet, out of the way, and the page's own to change."""

import pytest
from playwright.sync_api import Browser, Page, expect

from .relay import Relay
from .serving import Server
from .test_looks import ARTIFACTS
from .test_reconnect import REFUSED, come_back, go_offline
from .watch import HELLO_OK, Watch

LOST = "Connection lost. Trying again …"
# All of it in one task: the page goes offline, and what its banner is, before and behind its transitions.
SHOW = """() => {
  const style = () => {
    const { content, opacity, visibility, backgroundColor } = getComputedStyle(document.body, '::after');
    return { content, opacity, visibility, backgroundColor };
  };
  const layout = () => JSON.stringify([
    document.documentElement.scrollHeight,
    document.documentElement.scrollWidth,
    [...document.body.querySelectorAll('*')].map((node) => node.getBoundingClientRect()),
  ]);
  const before = layout();
  document.body.classList.add('vango-offline');
  const first = style();
  const transitions = document.getAnimations().filter(({ effect }) => effect.pseudoElement === '::after');
  const times = transitions.map(({ transitionProperty, effect }) => {
    const { delay, duration } = effect.getTiming();
    return [transitionProperty, delay, duration];
  });
  for (const transition of transitions) transition.finish();
  return { first, times: times.sort(), last: style(), moved: layout() !== before };
}"""


@pytest.fixture
def live(page: Page, stage: Server, watch: Watch) -> Page:
    """The page `/drop`, connected."""
    page.goto(stage.url + "/drop")
    watch.wait(page, lambda: watch.received(HELLO_OK))
    return page


def test_it_is_seen_after_two_seconds_and_moves_nothing(live: Page) -> None:
    shown = live.evaluate(SHOW)
    assert (shown["first"]["opacity"], shown["first"]["visibility"]) == ("0", "hidden")
    assert shown["times"] == [["opacity", 2000, 300], ["visibility", 2000, 0]]
    assert (shown["last"]["opacity"], shown["last"]["visibility"]) == ("1", "visible")
    assert shown["last"]["content"] == f'"{LOST}"'
    assert shown["moved"] is False


def test_it_does_not_fade_for_who_wants_less_motion(live: Page) -> None:
    live.emulate_media(reduced_motion="reduce")
    shown = live.evaluate(SHOW)
    assert {duration for _, _, duration in shown["times"]} <= {0}
    assert shown["last"]["opacity"] == "1"


def test_one_rule_of_the_page_changes_it(live: Page) -> None:
    live.evaluate("""() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("body.vango-offline::after { content: 'Mine'; background: rgb(1 2 3) }");
      document.adoptedStyleSheets = [sheet];
    }""")
    shown = live.evaluate(SHOW)["last"]
    assert (shown["content"], shown["backgroundColor"]) == ('"Mine"', "rgb(1, 2, 3)")


@pytest.mark.parametrize("state", ["needs-auth", "error"])
def test_it_says_what_to_do_where_trying_again_would_not_help(live: Page, state: str) -> None:
    live.evaluate("(state) => { document.documentElement.dataset.vango = state; }", state)
    assert "Please load the page again." in live.evaluate(SHOW)["last"]["content"]


def test_screen_readers_are_told_what_it_says_and_only_while_it_is_there(
    page: Page, relay: Relay, watch: Watch
) -> None:
    watch.allow(REFUSED)
    page.goto(relay.url + "/drop")
    watch.wait(page, lambda: watch.received(HELLO_OK))
    status = page.get_by_role("status").and_(page.locator("vango-status"))
    expect(page.locator("vango-status")).to_have_count(0)
    go_offline(page, relay)
    expect(status).to_have_text(LOST)
    come_back(page, relay)
    expect(status).to_be_empty()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#more").click()
    expect(page.locator("#count")).to_have_text("1")
    go_offline(page, relay)
    expect(status).to_have_text(LOST)
    expect(page.locator("vango-status")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_it_looks_the_same_on_a_long_page(
    browser: Browser, watch: Watch, gallery: Server, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 640}, color_scheme=scheme)
    watch.attach(context)
    page = context.new_page()
    page.goto(gallery.url + "/table")
    watch.wait(page, lambda: watch.received(HELLO_OK))
    page.locator("#run").click()
    page.locator("tbody > tr:nth-child(40)").scroll_into_view_if_needed()
    page.evaluate("() => { document.documentElement.dataset.vango = 'needs-auth'; }")
    assert page.evaluate(SHOW)["moved"] is False
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=ARTIFACTS / f"banner-{width}-{scheme}.png")
    context.close()
