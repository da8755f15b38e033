"""What `on()` says of a handler, in a browser."""

import json

import pytest
from playwright.sync_api import Page, expect

from .relay import Relay
from .serving import Server
from .watch import DIFF, EVENT, Watch


@pytest.fixture
def modified(page: Page, inputs: Server) -> Page:
    page.goto(inputs.url + "/modified")
    page.wait_for_function("() => document.documentElement.dataset.vango === 'connected'")
    return page


def log(page: Page, *names: str) -> None:
    """What the handlers have noted, without the click outside of the menu that most tests make."""
    expect(page.locator("#log")).to_have_text(" ".join(names))


def test_self_passes_events_of_what_is_inside_on(modified: Page) -> None:
    modified.locator("#inside-self").click()
    log(modified, "main", "outside")
    modified.locator("#self").click(position={"x": 300, "y": 5})
    log(modified, "main", "outside", "self", "outside")


def test_once_passes_all_but_the_first_on(modified: Page) -> None:
    modified.locator("#once").click()
    modified.locator("#once").click()
    log(modified, "once", "outside", "main", "outside")


@pytest.fixture
def once(page: Page, inputs: Server) -> Page:
    page.goto(inputs.url + "/once")
    page.wait_for_function("() => document.documentElement.dataset.vango === 'connected'")
    # It is in view, which is no part of most tests.
    log(page, "view")
    return page


def test_once_keeps_the_browser_from_every_submit_and_every_drop(once: Page) -> None:
    once.locator("#word").fill("typed")
    for _ in range(2):
        once.locator("#word").press("Enter")
    drops = once.locator("#target").evaluate("""(target) => [1, 2].map(() => {
      const drop = new DragEvent("drop", { bubbles: true, cancelable: true });
      target.dispatchEvent(drop);
      return drop.defaultPrevented;
    })""")
    assert drops == [True, True]
    once.locator("#click").click()
    log(once, "view", "submit", "drop", "click")
    assert once.url.endswith("/once")


def test_once_holds_for_what_is_observed(once: Page) -> None:
    for width in (60, 70):
        # Both are told in the frame that follows.
        once.locator("#box").evaluate(
            """async (box, width) => {
              const frame = () => new Promise(requestAnimationFrame);
              const frames = () => frame().then(frame);
              box.style.width = `${width}px`;
              box.style.marginTop = "200vh";
              await frames();
              box.style.marginTop = "";
              await frames();
            }""",
            width,
        )
    once.locator("#click").click()
    log(once, "view", "size", "click")


def test_capture_comes_before_what_is_inside(modified: Page) -> None:
    modified.locator("#captured").click()
    log(modified, "captures", "captured", "outside")
    modified.locator("#swallowed").click()
    log(modified, "captures", "captured", "outside", "swallows")


def test_capture_hears_what_does_not_bubble(modified: Page) -> None:
    modified.locator("#summary").click()
    log(modified, "main", "outside", "toggles")


def test_stop_keeps_an_event_from_those_who_hear_it_from_elsewhere(modified: Page) -> None:
    modified.evaluate("addEventListener('click', () => { window.clicks = (window.clicks ?? 0) + 1 })")
    modified.locator("#stops").click()
    log(modified, "stops")
    assert modified.evaluate("window.clicks") is None
    modified.locator("#once").click()
    log(modified, "stops", "once", "outside")
    assert modified.evaluate("window.clicks") == 1


def test_outside_is_everywhere_but_inside_while_the_element_is_there(modified: Page) -> None:
    modified.locator("#menu").click()
    log(modified, "main")
    # What hides the menu does so before the menu hears of the click.
    modified.locator("#hide").click()
    expect(modified.locator("#menu")).to_have_count(0)
    modified.locator("#hide").click()
    expect(modified.locator("#menu")).to_be_visible()
    log(modified, "main")
    modified.locator("#once").click()
    log(modified, "main", "once", "outside")


def test_the_window_hears_keys_wherever_they_are_pressed(modified: Page) -> None:
    modified.locator("#field").focus()
    expected: list[str] = []
    # The keys that are held are pressed too, and meant for nobody else than the page.
    for keys, pressed, met in (
        ("Control+s", 2, 1),
        ("s", 1, 0),
        ("Control+Shift+s", 3, 0),
        ("Shift+?", 2, 1),
    ):
        modified.keyboard.press(keys)
        expected += ["main key"] * pressed + ["save"] * met
        log(modified, *expected)


def test_what_was_prevented_for_one_key_is_left_alone_for_others(modified: Page) -> None:
    modified.evaluate("""() => {
      window.prevented = [];
      addEventListener("keydown", (event) => prevented.push(`${event.key} ${event.defaultPrevented}`));
    }""")
    for keys in ("Control+s", "a"):
        modified.keyboard.press(keys)
    assert modified.evaluate("prevented") == ["Control false", "s true", "a false"]


def test_keys_choose_and_pass_the_others_on(modified: Page) -> None:
    field = modified.locator("#field")
    field.focus()
    modified.keyboard.press("Enter")
    log(modified, "enter")
    modified.keyboard.press("Space")
    modified.keyboard.press("Escape")
    log(modified, "enter", "enter", "enter")
    modified.keyboard.press("Shift+Enter")
    log(modified, "enter", "enter", "enter", "main key", "main key")


def test_no_key_is_met_while_a_text_is_composed(modified: Page) -> None:
    modified.locator("#field").evaluate("""(field) => {
      for (const isComposing of [true, false])
        field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, isComposing }));
    }""")
    log(modified, "main key", "enter")


def test_the_window_tells_its_size(modified: Page) -> None:
    modified.set_viewport_size({"width": 700, "height": 500})
    log(modified, "resized")


def test_b22_a_link_is_followed_unless_prevented_and_opens_elsewhere_with_a_key(modified: Page) -> None:
    url = modified.url
    modified.locator("#link").click()
    log(modified, "link", "outside")
    assert modified.url == url
    for options in ({"modifiers": ["Control"]}, {"button": "middle"}, {"modifiers": ["Shift"]}):
        with modified.context.expect_page() as opened:
            modified.locator("#link").click(**options)
        assert opened.value.url == url + "#there"
        opened.value.close()
    assert modified.url == url
    modified.locator("#free").click()
    expect(modified).to_have_url(url + "#free")
    held = ("main key", "main", "outside")
    log(modified, "link", "outside", *held, *held, "free", "outside")


def test_what_comes_later_is_heard_as_it_says(page: Page, inputs: Server) -> None:
    page.goto(inputs.url + "/late")
    page.wait_for_function("() => document.documentElement.dataset.vango === 'connected'")
    page.locator("#plain").click()
    log(page, "main")
    page.locator("#more").click()
    for n in range(2):
        page.locator(f"#late{n}").click()
    log(page, "main", "link 0", "link 1")
    assert page.url == inputs.url + "/late"


def test_a_debounced_click_waits_until_something_follows(modified: Page) -> None:
    modified.locator("#hide").click()
    expect(modified.locator("#menu")).to_have_count(0)
    for _ in range(3):
        modified.locator("#slow").click()
    modified.locator("#stops").click()
    log(modified, "slow", "stops")


def test_a_throttled_event_is_sent_at_once_and_then_the_newest(modified: Page) -> None:
    calm = modified.locator("#calm")
    for x in (5, 15, 25, 35):
        calm.hover(position={"x": x, "y": 5})
    log(modified, "calm")
    modified.locator("#stops").click()
    log(modified, "calm", "calm", "stops")


MOVES = """(area) => {
  const kinds = { wheel: WheelEvent, pointermove: PointerEvent, click: MouseEvent };
  const tell = (type, detail) => area.dispatchEvent(new kinds[type](type, detail));
  for (let n = 1; n <= 300; n++) {
    tell("pointermove", { bubbles: true, clientX: n });
    tell("wheel", { bubbles: true, deltaY: n });
  }
  tell("click", { bubbles: true });
  for (let n = 1; n <= 300; n++) tell("pointermove", { bubbles: true, clientX: -n });
}"""


def test_of_moves_without_end_the_newest_is_told_and_a_click_waits_for_none(
    page: Page, input_relay: Relay, watch: Watch
) -> None:
    page.goto(input_relay.url + "/moved")
    page.wait_for_function("() => document.documentElement.dataset.vango === 'connected'")
    page.wait_for_function("() => document.querySelector('link[href*=later]')")
    answer = input_relay.order("down", DIFF, "hold")
    page.locator("#area").evaluate(MOVES)
    assert answer.met.wait(30)
    # As long as nothing is answered, nothing else is told, however long that takes.
    page.wait_for_timeout(100)
    told = [frame.fields[4] for frame in watch.frames if frame.kind == EVENT]
    assert told == [12, 16, 12, 16, 0]
    input_relay.release("down")
    expected = [["move", 1], ["wheel", 1], ["move", 300], ["wheel", 300], ["click"], ["move", -300]]
    expect(page.locator("#log")).to_have_text(json.dumps(expected))
