"""Every event that a builder offers, made as a person makes it, and what its handler is given."""

import io
import json
import wave
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from vango import _core

from .serving import Server
from .watch import Watch

RECORD = """
window.recorded = {};
const record = (event) => {
  const { type, target, button, clientX: x, clientY: y, deltaX: dx, deltaY: dy, key, code, repeat } = event;
  const { shiftKey: shift, ctrlKey: ctrl, altKey: alt, metaKey: meta } = event;
  const { animationName, propertyName, elapsedTime: elapsed, pseudoElement: pseudo } = event;
  const media = ({ currentTime: time, duration, paused, ended, muted, volume, playbackRate: rate }) =>
    ({ time, duration: isFinite(duration) ? duration : 0, paused, ended, muted, volume, rate });
  (recorded[`${target.id} ${type}`] ??= []).push({
    x: Math.round(x), y: Math.round(y), dx: Math.round(dx), dy: Math.round(dy), button: Math.max(button, 0),
    shift, ctrl, alt, meta, key, code, repeat, name: animationName ?? propertyName, elapsed, pseudo,
    ...(target.playbackRate ? media(target) : {}),
  });
};
const names = "KINDS mouseover mouseout pointerover pointerout".split(" ");
for (const type of names) addEventListener(type, record, true);
"""

SILENCE = io.BytesIO()
with wave.open(SILENCE, "wb") as sound:
    sound.setnchannels(1)
    sound.setsampwidth(1)
    sound.setframerate(8_000)
    sound.writeframes(b"\x80" * 4_000)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c489".replace(" ", "")
    + "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)

SEEN: set[str] = set()
"""The kinds of events that arrived in any test of this module."""


@pytest.fixture
def heard(page: Page, inputs: Server, watch: Watch) -> Page:
    page.add_init_script(RECORD.replace("KINDS", " ".join(_core.EVENT_KINDS)))
    page.goto(inputs.url + "/heard")
    page.wait_for_function("() => document.documentElement.dataset.vango === 'connected'")
    page.evaluate("""() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`
        #area, #source, #target { height: 60px; width: 200px; }
        #box { height: 80px; width: 200px; overflow: auto; }
        #mover { width: 50px; transition: opacity 20ms; }
        #mover.fades { opacity: 0.5; }
        #mover.slowly { opacity: 1; transition-duration: 60s; }
        #mover.runs { animation: run 60s 2; }
        #mover.crawls { animation: crawl 60s; }
        #mover.gone { display: none; }
        @keyframes run { to { width: 60px; } }
        @keyframes crawl { to { width: 70px; } }
        #seen { margin-top: 3000px; }`);
      document.adoptedStyleSheets = [sheet];
    }""")
    return page


def told(page: Page, kind: str, **fields: int) -> dict:
    """What the newest handler of a kind was given, once it was given these fields."""
    page.wait_for_function(
        """([kind, fields]) => {
          const heard = JSON.parse(document.querySelector('#heard').textContent)[kind];
          return heard && Object.entries(fields).every(([name, value]) => heard[name] === value);
        }""",
        arg=[kind, fields],
    )
    SEEN.add(kind)
    return json.loads(page.locator("#heard").inner_text())[kind]


def check(
    page: Page, target: str, kinds: str, cls: str, *names: str, dom: dict[str, str] | None = None
) -> None:
    """Compare what the handlers of an element were given with what the browser said of these events."""
    for kind in kinds.split():
        event = told(page, kind)
        recorded = page.evaluate("(key) => recorded[key]", f"{target} {(dom or {}).get(kind, kind)}")
        assert (event["class"], event["type"]) == (cls, kind)
        given = {name: event[name] for name in names}
        assert given in [{name: one[name] for name in names} for one in recorded], kind


MODS = ("shift", "ctrl", "alt", "meta")
PLACE = ("x", "y", "button", *MODS)


def test_what_a_mouse_does(heard: Page) -> None:
    heard.keyboard.down("Shift")
    heard.locator("#area").hover(position={"x": 20, "y": 11})
    heard.mouse.down()
    heard.mouse.up()
    heard.locator("#area").dblclick(position={"x": 21, "y": 12})
    heard.keyboard.up("Shift")
    heard.keyboard.down("Alt")
    heard.mouse.wheel(0, 5)
    told(heard, "wheel")
    heard.keyboard.up("Alt")
    heard.locator("#area").click(button="right")
    heard.mouse.move(1, 1)
    check(heard, "area", "pointerdown pointerup pointermove", "Pointer", *PLACE)
    check(heard, "area", "mousedown mouseup mousemove", "Mouse", *PLACE)
    check(heard, "area", "click dblclick contextmenu auxclick", "Click", *PLACE)
    assert told(heard, "contextmenu")["button"] == 2
    assert told(heard, "dblclick")["shift"] is True
    check(heard, "area", "wheel", "Wheel", "dx", "dy", *MODS)
    assert told(heard, "wheel")["dy"] == 5
    for pointer, cls in (("pointer", "Pointer"), ("mouse", "Mouse")):
        dom = {f"{pointer}enter": f"{pointer}over", f"{pointer}leave": f"{pointer}out"}
        check(heard, "area", " ".join(dom), cls, "x", "y", dom=dom)


def test_what_fingers_do(heard: Page) -> None:
    cdp = heard.context.new_cdp_session(heard)
    cdp.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})
    box = heard.locator("#area").bounding_box()
    assert box is not None
    x, y = round(box["x"]) + 10, round(box["y"]) + 10

    def touch(type_: str, *points: tuple[int, int]) -> None:
        fingers = [{"x": px, "y": py, "id": n} for n, (px, py) in enumerate(points)]
        cdp.send("Input.dispatchTouchEvent", {"type": type_, "touchPoints": fingers, "modifiers": 8})

    def point(n: int, px: int, py: int) -> dict:
        return {"id": n, "x": px, "y": py}

    touch("touchStart", (x, y))
    start = told(heard, "touchstart")
    assert start["class"] == "Touch"
    assert start["points"] == start["changed"] == [point(0, x, y)]
    assert [start[name] for name in MODS] == [True, False, False, False]
    touch("touchStart", (x, y), (x + 30, y))
    heard.wait_for_function(
        "() => JSON.parse(document.querySelector('#heard').textContent).touchstart.points.length === 2"
    )
    assert told(heard, "touchstart")["changed"] == [point(1, x + 30, y)]
    touch("touchMove", (x, y), (x + 40, y + 20))
    assert told(heard, "touchmove")["points"] == [point(0, x, y), point(1, x + 40, y + 20)]
    touch("touchEnd")
    end = told(heard, "touchend")
    assert end["points"] == []
    assert end["changed"] in ([point(0, x, y)], [point(1, x + 40, y + 20)])
    touch("touchStart", (x, y))
    touch("touchCancel")
    assert told(heard, "touchcancel")["points"] == []
    assert told(heard, "pointercancel")["class"] == "Pointer"


def test_what_is_dragged_and_dropped(heard: Page) -> None:
    heard.locator("#source").hover()
    heard.mouse.down()
    heard.locator("#target").hover(position={"x": 30, "y": 20})
    heard.locator("#area").hover()
    heard.locator("#target").hover(position={"x": 40, "y": 25})
    heard.locator("#target").hover(position={"x": 42, "y": 26})
    heard.mouse.up()
    check(heard, "source", "dragstart drag dragend", "Drag", *PLACE)
    check(heard, "target", "dragenter dragover dragleave drop", "Drag", *PLACE)


def test_what_is_typed_copied_and_sent(heard: Page) -> None:
    heard.locator("#send").click()
    message = heard.locator("#word").evaluate("field => field.validationMessage")
    assert told(heard, "invalid") == {
        "class": "Invalid",
        "type": "invalid",
        "name": "word",
        "message": message,
    }
    heard.locator("#word").click()
    assert told(heard, "focus") == {"class": "Focus", "type": "focus"}
    heard.keyboard.type("hi")
    assert told(heard, "input")["class"] == "Input"
    heard.keyboard.press("Control+Shift+KeyA")
    check(heard, "word", "keydown keyup", "Key", "key", "code", "repeat", *MODS)
    heard.locator("#word").select_text()
    heard.keyboard.press("Control+KeyC")
    assert told(heard, "copy") == {"class": "Clipboard", "type": "copy", "text": "hi"}
    heard.keyboard.press("Control+KeyX")
    assert told(heard, "cut")["text"] == "hi"
    heard.keyboard.press("Control+KeyV")
    assert told(heard, "paste")["text"] == "hi"
    heard.keyboard.press("Tab")
    assert told(heard, "blur")["class"] == "Focus"
    assert told(heard, "change") == {"class": "Change", "type": "change", "values": ["hi"]}
    assert told(heard, "input")["values"] == ["hi"]
    heard.locator("#send").click()
    submit = {"class": "Submit", "type": "submit", "form": [["word", "hi"], ["age", ""], ["go", "1"]]}
    assert told(heard, "submit") == submit
    heard.locator("#clear").click()
    assert told(heard, "reset") == {"class": "Reset", "type": "reset"}


def test_what_scrolls_and_grows_and_comes_into_view(heard: Page) -> None:
    heard.locator("#box").evaluate("box => box.scrollTo(0, 130)")
    for kind in ("scroll", "scrollend"):
        assert told(heard, kind) == {"class": "Scroll", "type": kind, "x": 0, "y": 130}
    heard.locator("#box").evaluate("box => { box.style.width = '240px' }")
    # The sheet of this test may have changed its size before, which is news too.
    assert told(heard, "resize", width=240) == {
        "class": "Resize",
        "type": "resize",
        "width": 240,
        "height": 80,
    }
    heard.locator("#seen").scroll_into_view_if_needed()
    assert told(heard, "in-view")["class"] == "Visibility"
    assert 0 < told(heard, "in-view")["ratio"] <= 1
    heard.evaluate("scrollTo(0, 0)")
    assert told(heard, "out-of-view") == {"class": "Visibility", "type": "out-of-view", "ratio": 0.0}


def test_what_opens_and_closes(heard: Page) -> None:
    heard.locator("#summary").click()
    assert told(heard, "toggle") == {"class": "Toggle", "type": "toggle", "open": True}
    heard.locator("#opener").click()
    assert told(heard, "beforetoggle") == {"class": "Toggle", "type": "beforetoggle", "open": True}
    heard.keyboard.press("Escape")
    heard.wait_for_function(
        "() => !JSON.parse(document.querySelector('#heard').textContent).beforetoggle.open"
    )
    heard.locator("#dialog").evaluate("dialog => dialog.showModal()")
    heard.keyboard.press("Escape")
    assert told(heard, "cancel") == {"class": "Close", "type": "cancel", "value": ""}
    assert told(heard, "close")["value"] == ""
    heard.locator("#dialog").evaluate("dialog => dialog.showModal()")
    heard.locator("#dialog button").click()
    heard.wait_for_function(
        "() => JSON.parse(document.querySelector('#heard').textContent).close.value === 'yes'"
    )


def test_what_loads_and_what_does_not(heard: Page, watch: Watch) -> None:
    watch.allow("Failed to load resource")
    heard.route("**/pixel.png", lambda route: route.fulfill(body=PIXEL, content_type="image/png"))
    heard.locator("#image").evaluate("image => { image.src = '/missing.png' }")
    assert told(heard, "error") == {"class": "Load", "type": "error"}
    heard.locator("#image").evaluate("image => { image.src = '/pixel.png' }")
    assert told(heard, "load") == {"class": "Load", "type": "load"}


def test_what_moves(heard: Page) -> None:
    def become(name: str) -> None:
        heard.locator("#mover").evaluate("(mover, name) => { mover.className = name }", name)

    fields = ("name", "elapsed", "pseudo")
    become("fades")
    check(heard, "mover", "transitionrun transitionstart transitionend", "Transition", *fields)
    assert told(heard, "transitionend")["name"] == "opacity"
    become("slowly")
    heard.wait_for_function("() => recorded['mover transitionstart'].length === 2")
    become("gone")
    check(heard, "mover", "transitioncancel", "Transition", *fields)
    become("runs")
    told(heard, "animationstart")
    # A browser whose frames are late leaves an iteration out that began and ended between two of them.
    for where in ("currentTime = 90_000", "finish()"):
        heard.locator("#mover").evaluate(f"mover => {{ mover.getAnimations()[0].{where} }}")
        told(heard, "animationiteration")
    check(heard, "mover", "animationstart animationiteration animationend", "Animation", *fields)
    assert told(heard, "animationend")["name"] == "run"
    become("crawls")
    heard.wait_for_function("() => recorded['mover animationstart'].length === 2")
    become("gone")
    check(heard, "mover", "animationcancel", "Animation", *fields)


def test_what_a_video_does(heard: Page) -> None:
    def serve(route) -> None:
        route.fulfill(body=SILENCE.getvalue(), content_type="audio/wav")

    heard.route("**/sound.wav", serve)
    video = heard.locator("#video")
    fields = ("time", "duration", "paused", "ended", "muted", "volume", "rate")
    video.evaluate("video => { video.src = '/sound.wav' }")
    check(heard, "video", "durationchange loadedmetadata loadeddata canplay", "Media", *fields)
    assert told(heard, "loadedmetadata")["duration"] == 0.5
    video.evaluate("video => { video.playbackRate = 2; video.volume = 0.25 }")
    check(heard, "video", "ratechange volumechange", "Media", *fields)
    assert [told(heard, "volumechange")[name] for name in ("volume", "rate")] == [0.25, 2]
    video.evaluate("video => video.play()")
    told(heard, "ended")
    # Meanwhile the time goes on.
    check(
        heard, "video", "play playing timeupdate pause ended", "Media", "duration", "muted", "volume", "rate"
    )
    video.evaluate("video => { video.currentTime = 0.1 }")
    check(heard, "video", "seeking seeked", "Media", *fields)
    # A network that is slow at the right moment cannot be made for certain.
    for kind in ("waiting", "stalled"):
        video.evaluate("(video, kind) => video.dispatchEvent(new Event(kind))", kind)
    check(heard, "video", "waiting stalled", "Media", *fields)


@pytest.fixture(scope="module", autouse=True)
def every_kind(request: pytest.FixtureRequest) -> Iterator[None]:
    """When all tests of this module ran, every kind of event has arrived."""
    SEEN.clear()
    yield
    here = [item for item in request.session.items if item.module is request.module]
    if not request.session.testsfailed and len({item.originalname for item in here}) == len(
        [name for name in globals() if name.startswith("test_")]
    ):
        assert set(_core.EVENT_KINDS) - {"named", "navigate", "hook"} - SEEN == set()
