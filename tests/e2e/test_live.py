"""The browser part of the protocol's scenarios (`make test-live`): frames that are lost, late, doubled, held.

A relay of its own stands between Chromium and a real server, and decides the fate of single frames, so that
each race is certain. After each, the document is what the server's tree says.
"""

import json
import re
from collections.abc import Iterator
from statistics import median
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from vango import html as h
from vango.testing.document import Page as Document

from .conftest import TESTS
from .relay import Relay
from .serving import Server
from .test_http import block
from .test_oracle import pair
from .watch import DIFF, EVENT, HELLO_OK, REFETCH, SNAPSHOT, Watch

pytestmark = pytest.mark.live

CONT = 0x43
GATE_MS = 50
REFUSED = r"WebSocket connection to '.*' failed|Failed to load resource: net::ERR_"
OFFLINE = re.compile(r"\bvango-offline\b")

SHOWN = """() => {
    const root = document.body.firstElementChild.cloneNode(true);
    const marks = document.createNodeIterator(root, NodeFilter.SHOW_COMMENT);
    for (let mark; (mark = marks.nextNode()); ) mark.remove();
    for (const element of [root, ...root.querySelectorAll("*")]) {
        element.removeAttribute("data-hid");
        element.removeAttribute("data-ev");
    }
    return root.outerHTML;
}"""


@pytest.fixture(scope="package")
def board() -> Iterator[Server]:
    """The page of `live.py`, served."""
    with Server("e2e.live:app", TESTS) as server:
        yield server


@pytest.fixture
def relay(board: Server) -> Iterator[Relay]:
    """A relay in front of it."""
    with Relay(board.port) as relay:
        yield relay


@pytest.fixture(params=["websocket", "http"])
def transport(request: pytest.FixtureRequest) -> str:
    """What the page connects by."""
    return request.param


@pytest.fixture
def scene(page: Page, board: Server, relay: Relay, transport: str) -> Iterator["Scene"]:
    """The page, connected, every word as it was; it is closed before its network is gone."""
    if transport == "http":
        block(page, "refused")
    scene = Scene(page, board, relay)
    scene.change("none")
    scene.tell("/noise/0")
    scene.open()
    yield scene
    page.close()


class Scene:
    """A page behind a relay, and its server."""

    def __init__(self, page: Page, server: Server, relay: Relay) -> None:
        self.page = page
        self.server = server
        self.relay = relay

    def open(self) -> None:
        self.page.goto(self.relay.url + "/")
        expect(self.page.locator("html")).to_have_attribute("data-vango", "connected")

    def tell(self, path: str) -> dict:
        """Ask the server, not through the relay."""
        with urlopen(self.server.url + path) as answer:
            return json.loads(answer.read())

    def change(self, word: str) -> None:
        """Let the server change the word by itself."""
        self.tell(f"/change/{word}")

    def shows(self, name: str, text: str) -> None:
        expect(self.page.locator(f"#{name}")).to_have_text(text)

    def click(self, *names: str) -> None:
        for name in names:
            self.page.locator(f"#{name}").click()

    def turned(self, word: str = "none", number: int = 0, log: str = "") -> None:
        """Wait until the page shows what it should, then compare all of it with the server's tree."""
        self.shows("word", word)
        self.shows("number", str(number))
        self.shows("log", log)
        assert plain(self.page.evaluate(SHOWN)) == plain(self.tell("/tree")["html"])

    def offline(self) -> None:
        expect(self.page.locator("body")).to_have_class(OFFLINE)

    def come_back(self) -> None:
        self.relay.accept()
        self.page.evaluate("dispatchEvent(new Event('online'))")
        expect(self.page.locator("body")).not_to_have_class(OFFLINE)


def plain(html: str) -> str:
    """The elements of some HTML, their attributes in the order of their names."""
    root = Document(html).root
    for element in root.walk():
        element.attrs = dict(sorted(element.attrs.items()))
    return repr(root)


def test_c01_the_served_page_lives_on(scene: Scene) -> None:
    scene.click("plus", "turn")
    scene.page.locator("#field").press_sequentially("ab")
    scene.shows("typed", "AB")
    scene.turned(number=1, log="+tww")
    assert scene.relay.seen["down", SNAPSHOT] == 0


def test_c07_a_burst_that_comes_twice_is_applied_once(scene: Scene) -> None:
    twice = scene.relay.order("down", DIFF, "double")
    scene.click("turn")
    assert twice.done.wait(30)
    scene.turned(log="t")
    scene.click("plus")
    scene.turned(number=1, log="t+")
    assert scene.relay.seen["up", REFETCH] == 0


def test_c07_a_burst_that_comes_again_behind_a_newer_one_is_ignored(scene: Scene) -> None:
    again = scene.relay.order("down", DIFF, "again")
    scene.click("turn")
    scene.turned(log="t")
    scene.click("turn")
    assert again.done.wait(30)
    scene.turned(log="tt")
    assert scene.relay.seen["up", REFETCH] == 0


def test_c08_a_lost_burst_is_noticed_by_the_next_one(scene: Scene) -> None:
    lost = scene.relay.order("down", DIFF, "drop")
    scene.change("lost")
    assert lost.done.wait(30)
    scene.click("turn")
    scene.turned("lost", log="t")
    scene.click("plus")
    scene.turned("lost", number=1, log="t+")
    assert (scene.relay.seen["up", REFETCH], scene.relay.seen["down", SNAPSHOT]) == (1, 1)


def test_c08_bursts_in_the_wrong_order_lead_to_one_refetch(scene: Scene) -> None:
    late = scene.relay.order("down", DIFF, "late")
    scene.change("first")
    assert late.met.wait(30)
    scene.click("turn")
    assert late.done.wait(30)
    scene.turned("first", log="t")
    assert scene.relay.seen["up", REFETCH] == 1


def test_c05_what_was_typed_and_focused_outlives_the_snapshot(scene: Scene) -> None:
    kept = scene.page.locator("#row-b").element_handle()
    scene.page.locator("#field").fill("half a word")
    scene.shows("typed", "HALF A WORD")
    scene.page.locator("#field").evaluate("field => field.setSelectionRange(2, 6)")
    lost = scene.relay.order("down", DIFF, "drop")
    scene.change("lost")
    assert lost.done.wait(30)
    scene.change("found")
    scene.turned("found", log="w")
    assert scene.relay.seen["down", SNAPSHOT] == 1
    field = scene.page.locator("#field")
    expect(field).to_be_focused()
    assert field.evaluate("f => [f.value, f.selectionStart, f.selectionEnd]") == ["half a word", 2, 6]
    assert scene.page.evaluate("row => row.isConnected && row.id", kept) == "row-b"


def test_c10_what_somebody_else_has_taken_out_comes_back_alone(scene: Scene) -> None:
    kept = scene.page.locator("#plus").element_handle()
    scene.page.evaluate("document.querySelector('#row-c > i').firstChild.remove()")
    scene.change("healed")
    # It comes a burst later than what shows that it is missing.
    expect(scene.page.locator("#row-c > i")).to_have_text("healed")
    scene.turned("healed")
    assert scene.page.evaluate("button => button.isConnected", kept)
    assert (scene.relay.seen["up", REFETCH], scene.relay.seen["down", SNAPSHOT]) == (1, 0)


def test_a_burst_that_is_held_meets_what_was_done_meanwhile(scene: Scene) -> None:
    held = scene.relay.order("down", DIFF, "hold")
    scene.click("turn")
    assert held.met.wait(30)
    scene.click("plus", "plus")
    scene.page.locator("#field").fill("typed")
    scene.change("meanwhile")
    scene.shows("log", "")
    scene.relay.release("down")
    scene.shows("typed", "TYPED")
    scene.turned("meanwhile", number=2, log="t++w")
    expect(scene.page.locator("#field")).to_have_value("typed")
    assert scene.relay.seen["up", REFETCH] == 0


def test_c01_clicks_before_the_server_has_agreed_run_once(scene: Scene) -> None:
    held = scene.relay.order("down", HELLO_OK, "hold")
    scene.page.goto(scene.relay.url + "/", wait_until="commit")
    assert held.met.wait(30)
    scene.click("plus", "plus")
    assert scene.relay.seen["up", EVENT] == 0
    scene.relay.release("down")
    scene.turned(number=2, log="++")


def test_c16_an_event_that_is_lost_is_sent_again_in_its_turn(scene: Scene) -> None:
    lost = scene.relay.order("up", EVENT, "drop")
    scene.click("plus")
    assert lost.done.wait(30)
    scene.click("turn")
    scene.turned(number=1, log="+t")


def test_c16_events_in_the_wrong_order_run_in_theirs(scene: Scene) -> None:
    late = scene.relay.order("up", EVENT, "late")
    scene.click("plus")
    assert late.met.wait(30)
    scene.click("turn")
    assert late.done.wait(30)
    scene.turned(number=1, log="+t")


@pytest.mark.parametrize("fate", ["double", "again"])
def test_c15_an_event_that_comes_twice_runs_once(scene: Scene, fate: str) -> None:
    twice = scene.relay.order("up", EVENT, fate)
    scene.click("plus")
    scene.shows("number", "1")
    scene.click("turn")
    assert twice.done.wait(30)
    scene.click("plus")
    scene.turned(number=2, log="+t+")


def test_c15_events_whose_answers_are_lost_with_the_connection_run_once(scene: Scene, watch: Watch) -> None:
    watch.allow(REFUSED)
    held = scene.relay.order("down", DIFF, "hold")
    scene.click("plus")
    assert held.met.wait(30)
    scene.click("plus", "turn")
    scene.relay.refuse()
    scene.relay.release("down")
    scene.offline()
    scene.change("away")
    scene.click("plus")
    scene.come_back()
    scene.turned("away", number=3, log="++t+")


def test_c04_changes_while_it_was_away_come_when_it_is_back(scene: Scene, watch: Watch) -> None:
    watch.allow(REFUSED)
    scene.click("turn")
    scene.shows("log", "t")
    scene.relay.refuse()
    scene.offline()
    for word in ("one", "two", "three"):
        scene.change(word)
    scene.click("turn", "plus")
    scene.come_back()
    scene.turned("three", number=1, log="tt+")
    assert scene.relay.seen["down", SNAPSHOT] == 0


def test_c13_a_connection_that_breaks_inside_a_burst_shows_nothing_of_it(scene: Scene, watch: Watch) -> None:
    watch.allow(REFUSED)
    before = scene.page.evaluate(SHOWN)
    cut = scene.relay.order("down", CONT, "cut")
    scene.tell("/noise/1000000")
    scene.offline()
    assert cut.done.is_set()
    assert scene.page.evaluate(SHOWN) == before
    scene.come_back()
    scene.page.wait_for_function("document.querySelector('#noise').textContent.length === 1000000")
    scene.turned()


def test_b44_10000_texts_of_one_burst_end_right(
    page: Page, stage: Server, transport: str, watch: Watch
) -> None:
    if transport == "http":
        block(page, "refused")
    page.goto(stage.url + "/burst")
    expect(page.locator("html")).to_have_attribute("data-vango", "connected")
    page.evaluate("""() => {
        window.halves = 0;
        const cells = document.querySelectorAll("#cells > i");
        const [first, last] = [cells[0].firstChild, cells[cells.length - 1].firstChild];
        const look = () => {
            if (first.data - 0 + 9999 !== last.data - 0) halves++;
            requestAnimationFrame(look);
        };
        look();
    }""")
    for step in (1, 2, 3):
        page.locator("#step").click()
        expect(page.locator("#cells > i").last).to_have_text(str(9_999 + step))
        texts = page.evaluate("Array.from(document.querySelectorAll('#cells > i'), (i) => i.textContent)")
        assert texts == [str(n + step) for n in range(10_000)]
    assert page.evaluate("halves") == 0


def test_10000_text_patches_in_one_burst(oracle: Page, capsys: pytest.CaptureFixture[str]) -> None:
    """What is asserted is the result. The time is told, and measured beside others by `make bench-peers`."""
    texts = [f"new {n}" for n in range(10_000)]
    old, new = (h.div[(h.i[f"{word} {n}"] for n in range(10_000))] for word in ("old", "new"))
    case = pair(old, new)
    assert oracle.evaluate("(pair) => oracle.check(pair, ['adopted', 'built'])", case) == []
    times = oracle.evaluate(
        "([pair, texts]) => Array.from({ length: 20 }, () => oracle.time(pair, texts))", [case, texts]
    )
    ours, by_hand = (sorted(each) for each in zip(*times, strict=True))
    told = [f"{median(each):.1f} ms ({each[0]:.1f} to {each[-1]:.1f})" for each in (ours, by_hand)]
    with capsys.disabled():
        gate = f"the gate of {GATE_MS} ms is {'held' if median(ours) <= GATE_MS else 'missed'}"
        print(f"\n10,000 text patches: {told[0]}, by hand {told[1]}; {gate}")
