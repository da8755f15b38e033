"""A connection that breaks, in every way that a test can break it, and the page that lives on."""

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import TESTS
from .relay import Relay
from .serving import Server
from .watch import HELLO, HELLO_OK, Watch

OFFLINE = re.compile(r"\bvango-offline\b")
REFUSED = r"WebSocket connection to '.*' failed|Failed to load resource: net::ERR_"


@pytest.fixture
def live(page: Page, relay: Relay, watch: Watch) -> Page:
    """The page `/drop` behind the relay, connected, with a value of its own on `window`."""
    watch.allow(REFUSED)
    page.goto(relay.url + "/drop")
    watch.wait(page, lambda: watch.received(HELLO_OK))
    page.evaluate("window.kept = 'kept'")
    return page


def go_offline(page: Page, relay: Relay) -> None:
    relay.refuse()
    expect(page.locator("body")).to_have_class(OFFLINE)


def come_back(page: Page, relay: Relay) -> None:
    relay.accept()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("body")).not_to_have_class(OFFLINE)


def count(page: Page):
    return page.locator("#count")


def more(page: Page, times: int = 1) -> None:
    for _ in range(times):
        page.locator("#more").click()


def test_b01_a_drop_keeps_state_typed_fields_focus_and_caret(live: Page, relay: Relay) -> None:
    more(live, 2)
    expect(count(live)).to_have_text("2")
    live.locator("#area").fill("some lines")
    live.locator("#select").select_option("b")
    live.locator("#check").check()
    live.locator("#text").fill("half a sentence")
    live.locator("#text").evaluate("field => field.setSelectionRange(2, 6)")

    go_offline(live, relay)
    expect(count(live)).to_have_text("2")
    come_back(live, relay)
    more(live)
    expect(count(live)).to_have_text("3")

    expect(live.locator("#area")).to_have_value("some lines")
    expect(live.locator("#select")).to_have_value("b")
    expect(live.locator("#check")).to_be_checked()
    expect(live.locator("#text")).to_have_value("half a sentence")


def test_b01_the_focused_field_keeps_focus_and_caret(live: Page, relay: Relay) -> None:
    live.locator("#text").fill("half a sentence")
    live.locator("#text").evaluate("field => field.setSelectionRange(2, 6)")
    go_offline(live, relay)
    come_back(live, relay)
    expect(live.locator("#text")).to_be_focused()
    assert live.locator("#text").evaluate("f => [f.value, f.selectionStart, f.selectionEnd]") == [
        "half a sentence",
        2,
        6,
    ]


def test_b04_two_drops_in_a_row_keep_the_document(live: Page, relay: Relay, watch: Watch) -> None:
    node = live.locator("#more").element_handle()
    session = watch.received(HELLO_OK)[0].fields[2]
    watch.sockets_only(live)
    for clicks in (1, 2):
        more(live)
        expect(count(live)).to_have_text(str(clicks))
        go_offline(live, relay)
        come_back(live, relay)
    more(live)
    expect(count(live)).to_have_text("3")
    assert live.evaluate("window.kept") == "kept"
    assert live.evaluate("node => node.isConnected", node)
    assert [frame.fields[2] for frame in watch.received(HELLO_OK)] == [session] * 3


def test_b11_three_clicks_while_offline_are_three_afterwards(live: Page, relay: Relay) -> None:
    more(live)
    expect(count(live)).to_have_text("1")
    go_offline(live, relay)
    more(live, 3)
    expect(count(live)).to_have_text("1")
    come_back(live, relay)
    expect(count(live)).to_have_text("4")
    more(live)
    expect(count(live)).to_have_text("5")


def test_more_clicks_at_once_than_the_server_takes_all_arrive_in_the_end(live: Page) -> None:
    live.evaluate("() => { for (let i = 0; i < 240; i++) document.querySelector('#more').click(); }")
    expect(count(live)).to_have_text("240")
    more(live)
    expect(count(live)).to_have_text("241")


def test_c15_clicks_whose_answers_were_lost_ran_once(live: Page, relay: Relay) -> None:
    relay.hold("down")
    more(live, 3)
    relay.refuse()
    relay.release("down")
    expect(live.locator("body")).to_have_class(OFFLINE)
    come_back(live, relay)
    expect(count(live)).to_have_text("3")
    more(live)
    expect(count(live)).to_have_text("4")


def test_c15_clicks_that_never_left_ran_once(live: Page, relay: Relay) -> None:
    relay.hold("up")
    more(live, 3)
    relay.refuse()
    relay.release("up")
    expect(live.locator("body")).to_have_class(OFFLINE)
    come_back(live, relay)
    expect(count(live)).to_have_text("3")
    more(live)
    expect(count(live)).to_have_text("4")


def test_c29_offline_is_told_to_the_page_when_it_begins_and_when_it_ends(live: Page, relay: Relay) -> None:
    live.evaluate("""() => {
        window.heard = [];
        window.__vangoLive_offline = (offline) => heard.push(["hook", offline]);
        const hear = ({ detail }) => heard.push(["event", detail.offline, detail.state]);
        addEventListener("vango-offline", hear);
    }""")
    go_offline(live, relay)
    come_back(live, relay)
    assert [word for word in live.evaluate("heard") if word[0] == "hook"] == [["hook", True], ["hook", False]]
    assert [word for word in live.evaluate("heard") if word[0] == "event"] == [
        ["event", True, "disconnected"],
        ["event", False, "connected"],
    ]


def test_a_hook_that_raises_does_not_stop_the_page(live: Page, relay: Relay, watch: Watch) -> None:
    watch.allow("mine")
    live.evaluate("() => { window.__vangoLive_offline = () => { throw new Error('mine'); }; }")
    go_offline(live, relay)
    relay.accept()
    expect(live.locator("body")).not_to_have_class(OFFLINE)
    more(live)
    expect(count(live)).to_have_text("1")


def test_one_document_is_one_instance_and_a_reload_is_another(live: Page, relay: Relay, watch: Watch) -> None:
    watch.sockets_only(live)
    go_offline(live, relay)
    come_back(live, relay)
    live.reload()
    more(live)
    expect(count(live)).to_have_text("1")
    first, again, other = (frame.fields[4] for frame in watch.frames if frame.kind == HELLO)
    assert re.fullmatch("[0-9a-f]{32}", first)
    assert first == again != other


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_b05_a_restarted_server_gives_a_new_session_in_place(page: Page, watch: Watch, end: str) -> None:
    watch.allow(REFUSED)
    with Server("e2e.pages:app", TESTS) as server:
        page.goto(server.url + "/drop")
        page.evaluate("window.kept = 'kept'")
        more(page, 2)
        expect(count(page)).to_have_text("2")
        page.locator("#text").fill("typed")
        watch.sockets_only(page)
        getattr(server, end)()
        expect(page.locator("body")).to_have_class(OFFLINE)
        server.start()
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("body")).not_to_have_class(OFFLINE)
        expect(count(page)).to_have_text("0")
        more(page)
        expect(count(page)).to_have_text("1")
        expect(page.locator("#text")).to_have_value("typed")
        assert page.evaluate("window.kept") == "kept"
        sessions = [frame.fields[2] for frame in watch.received(HELLO_OK)]
        assert len(sessions) == len(set(sessions)) == 2


CLICKS = ("save", "save", "newest", "newest", "newest", "fleeting", "fleeting")


def counts(page: Page, **wanted: int) -> None:
    for name, number in wanted.items():
        expect(page.locator(f"#{name}-count")).to_have_text(str(number))


def test_c18_what_waits_while_offline_is_what_its_handler_says(
    page: Page, relay: Relay, watch: Watch
) -> None:
    watch.allow(REFUSED)
    page.goto(relay.url + "/marks")
    watch.wait(page, lambda: watch.received(HELLO_OK))
    go_offline(page, relay)
    for name in CLICKS:
        page.locator(f"#{name}").click()
    come_back(page, relay)
    page.locator("#plain").click()
    counts(page, plain=1, save=2, newest=1, fleeting=0)


def test_c20_a_session_that_comes_after_is_offered_what_has_an_action(page: Page, watch: Watch) -> None:
    watch.allow(REFUSED)
    with Server("e2e.pages:app", TESTS) as server:
        page.goto(server.url + "/marks")
        page.locator("#save").click()
        counts(page, save=1)
        page.evaluate("""() => {
            window.rejected = [];
            addEventListener("vango-rejected", ({ detail }) => rejected.push(...detail.events));
        }""")
        server.kill()
        expect(page.locator("body")).to_have_class(OFFLINE)
        page.locator("#save").click()
        page.locator("#plain").click()
        server.start()
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("body")).not_to_have_class(OFFLINE)
        counts(page, save=1, plain=0)
        page.locator("#plain").click()
        counts(page, save=1, plain=1)
        assert [event["kind"] for event in page.evaluate("rejected")] == [0]
