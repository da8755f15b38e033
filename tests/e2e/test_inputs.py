"""Controls that are bound to signals, while the network is late and people go on typing."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from .conftest import TESTS
from .relay import Relay
from .serving import Server
from .watch import DIFF, EVENT, HELLO_OK, Watch


def opened(page: Page, server: Server | Relay, path: str) -> Page:
    page.goto(server.url + path)
    page.wait_for_function("() => document.documentElement.dataset.vango === 'connected'")
    return page


@pytest.fixture
def bound(page: Page, inputs: Server) -> Page:
    return opened(page, inputs, "/bound")


def holds(page: Page, **values: object) -> None:
    """Wait until the signals hold these values."""
    page.wait_for_function(
        """(wanted) => {
          const held = JSON.parse(document.querySelector("#held").textContent);
          const same = ([name, value]) => JSON.stringify(held[name]) === JSON.stringify(value);
          return Object.entries(wanted).every(same);
        }""",
        arg=values,
    )


def test_each_control_writes_its_signal(bound: Page) -> None:
    bound.locator("#name").fill("Zoë")
    bound.locator("#note").fill("two\nlines")
    bound.locator("#age").fill("41")
    bound.locator("#number").fill("7")
    bound.locator("#price").fill("2.50")
    bound.locator("#day").fill("2027-05-06")
    bound.locator("#hour").fill("23:59")
    bound.locator("#level").fill("8")
    bound.locator("#done").check()
    bound.locator("#tag-z").check()
    bound.locator("#tag-x").uncheck()
    bound.locator("#color-green").check()
    bound.locator("#size").select_option("l")
    bound.locator("#many").select_option(["a", "c"])
    bound.locator("#plain").fill("edited")
    holds(
        bound,
        name="Zoë",
        note="two\nlines",
        age=41,
        maybe=7,
        price=2.5,
        day="2027-05-06",
        hour="23:59:00",
        level=8,
        done=True,
        tags=["z"],
        color="green",
        size="l",
        many=["a", "c"],
        plain="edited",
    )
    expect(bound.locator("#price")).to_have_value("2.50")


def shown(page: Page) -> dict[str, object]:
    """What the controls say."""
    said: dict[str, object] = page.evaluate("""() => Object.fromEntries(
      [...document.querySelectorAll("input, textarea, select, #plain")].map((control) => [control.id,
        control.type === "checkbox" || control.type === "radio" ? control.checked
        : control.multiple ? Array.from(control.selectedOptions, (option) => option.value)
        : control.value ?? control.textContent]))""")
    return said


def test_each_control_shows_its_signal_at_first_and_when_the_application_writes(bound: Page) -> None:
    first = {
        "name": "a", "note": "n", "age": "3", "number": "", "price": "1.5", "day": "2026-01-02",
        "hour": "08:30:00", "moment": "2026-05-06T07:08:09.123", "level": "5", "done": False,
        "tag-x": True, "tag-y": False, "tag-z": False,
        "color-red": True, "color-green": False, "color-blue": False, "size": "s", "many": ["b"],
        "plain": "e",
    }  # fmt: skip
    bound.wait_for_function("() => document.querySelector('#plain').textContent === 'e'")
    assert shown(bound) == first
    bound.locator("#reset").click()
    bound.wait_for_function("() => document.querySelector('#plain').textContent === 'again'")
    assert shown(bound) == first | {
        "name": "reset", "note": "", "age": "0", "day": "2000-02-29", "done": True, "tag-x": False,
        "tag-y": True, "tag-z": True, "color-red": False, "color-blue": True, "size": "m", "many": ["a", "c"],
        "plain": "again",
    }  # fmt: skip


def test_what_cannot_be_read_stays_and_is_said(bound: Page) -> None:
    age, error = bound.locator("#age"), bound.locator("#error")
    age.fill("4x")
    expect(error).to_have_text("write a whole number")
    expect(age).to_have_value("4x")
    holds(bound, age=3)
    age.fill("007")
    expect(error).to_have_text("")
    holds(bound, age=7)
    expect(age).to_have_value("007")
    age.fill("")
    expect(error).to_have_text("write a whole number")
    bound.locator("#reset").click()
    holds(bound, age=0)
    expect(error).to_have_text("")
    expect(age).to_have_value("0")


def test_a_number_that_is_none_yet_is_left_alone(bound: Page) -> None:
    number = bound.locator("#number")
    number.press_sequentially("1e")
    bound.wait_for_function("() => document.querySelector('#number-error').textContent !== ''")
    assert number.evaluate("field => field.validity.badInput")
    holds(bound, maybe=1)
    number.press("Backspace")
    bound.wait_for_function("() => document.querySelector('#number-error').textContent === ''")
    number.press("Backspace")
    holds(bound, maybe=None)


def test_a_number_that_is_none_yet_is_taken_back_by_a_reset(bound: Page) -> None:
    number, error = bound.locator("#number"), bound.locator("#number-error")
    # What is typed while the code for fields is on its way is told twice, and the reset answered with it.
    bound.wait_for_load_state("networkidle")
    number.press_sequentially("e")
    expect(error).not_to_have_text("")
    bound.locator("#reset-number").click()
    expect(error).to_have_text("")
    assert not number.evaluate("field => field.validity.badInput"), "it shows that there is no number"
    number.press_sequentially("1e")
    expect(error).not_to_have_text("")
    bound.locator("#reset-number").click()
    expect(number).to_have_value("1")
    holds(bound, maybe=1)


@pytest.fixture
def chat(page: Page, input_relay: Relay, watch: Watch) -> Page:
    return opened(page, input_relay, "/chat")


def test_20_characters_typed_at_300_ms_latency_lose_none(chat: Page, input_relay: Relay) -> None:
    input_relay.delay_s = 0.3
    text = "the quick brown fox "
    assert len(text) == 20
    for name in ("#loud", "#draft"):
        chat.locator(name).press_sequentially(text, delay=40)
    expect(chat.locator("#heard")).to_have_text(text.upper(), use_inner_text=False)
    expect(chat.locator("#loud")).to_have_value(text.upper())
    expect(chat.locator("#length")).to_have_text("20 letters")
    expect(chat.locator("#draft")).to_have_value(text)
    assert chat.locator("#draft").evaluate("field => field.selectionStart") == 20


def test_b16_an_older_response_leaves_newer_typing_alone_while_what_is_beside_it_changes(
    chat: Page, input_relay: Relay
) -> None:
    loud = chat.locator("#loud")
    answer = input_relay.order("down", DIFF, "hold")
    loud.press_sequentially("a")
    answer.met.wait()
    input_relay.hold("up")
    loud.press_sequentially("bcd")
    input_relay.release("down")
    expect(chat.locator("#heard")).to_have_text("A")
    expect(loud).to_have_value("abcd")
    input_relay.release("up")
    expect(loud).to_have_value("ABCD")


def test_b16_the_newest_choice_of_a_group_stands(page: Page, input_relay: Relay) -> None:
    page = opened(page, input_relay, "/bound")
    answer = input_relay.order("down", DIFF, "hold")
    page.locator("#color-green").check()
    answer.met.wait()
    input_relay.hold("up")
    page.locator("#color-blue").check()
    input_relay.release("down")
    holds(page, color="green")
    expect(page.locator("#color-blue")).to_be_checked()
    input_relay.release("up")
    holds(page, color="blue")
    expect(page.locator("#color-blue")).to_be_checked()


def test_b18_the_focused_field_is_written_when_the_application_says_so(chat: Page) -> None:
    draft = chat.locator("#draft")
    draft.press_sequentially("mine")
    chat.locator("#loud").press_sequentially("x")
    expect(chat.locator("#heard")).to_have_text("X")
    expect(draft).to_have_value("mine")
    chat.locator("#overwrite").dispatch_event("click")
    expect(draft).to_have_value("by the application")
    expect(chat.locator("#loud")).to_be_focused()


def test_b21_enter_empties_the_field_when_its_handler_empties_the_signal(
    chat: Page, input_relay: Relay
) -> None:
    draft = chat.locator("#draft")
    input_relay.hold("down")
    for word in ("one", "two"):
        draft.press_sequentially(word)
        draft.press("Enter")
        input_relay.release("down")
        expect(draft).to_have_value("")
        input_relay.hold("down")
    input_relay.release("down")
    expect(chat.locator("#lines > li")).to_have_text(["one", "two"])
    draft.press_sequentially("three")
    expect(chat.locator("#length")).to_have_text("5 letters")


def test_b21_what_is_typed_after_enter_is_not_emptied(chat: Page, input_relay: Relay) -> None:
    draft = chat.locator("#draft")
    input_relay.hold("down")
    draft.press_sequentially("one")
    draft.press("Enter")
    draft.press_sequentially("x")
    input_relay.release("down")
    expect(chat.locator("#lines > li")).to_have_text(["one"])
    expect(draft).to_have_value("onex")
    expect(chat.locator("#length")).to_have_text("4 letters")


def test_b20_a_debounced_field_is_told_before_the_submit_that_follows_it(
    page: Page, inputs: Server, watch: Watch
) -> None:
    page = opened(page, inputs, "/debounced")
    page.locator("#draft").press_sequentially("abc")
    page.locator("#draft").press("Enter")
    expect(page.locator("#sent")).to_have_text("abc")
    page.locator("#draft").press_sequentially("d")
    page.locator("#click").dispatch_event("click")
    expect(page.locator("#sent")).to_have_text("abc | click abcd")
    kinds = [frame.fields[4] for frame in watch.frames if frame.kind == EVENT]
    assert kinds == [2, 4, 2, 0]


def test_b20_a_debounced_field_is_told_when_the_focus_leaves_it(page: Page, inputs: Server) -> None:
    page = opened(page, inputs, "/debounced")
    page.locator("#draft").press_sequentially("abc")
    page.locator("#other").focus()
    expect(page.locator("#said")).to_have_text("abc")


def test_b20_a_debounced_field_is_told_before_the_page_goes(page: Page, inputs: Server) -> None:
    page = opened(page, inputs, "/left")
    page.locator("#draft").press_sequentially("at last")
    page.goto(inputs.url + "/told")
    while page.locator("#told").inner_text() != "at last":
        page.reload()


def test_b20_a_debounced_field_is_told_before_a_step_through_the_history(page: Page, inputs: Server) -> None:
    page = opened(page, inputs, "/told")
    page.wait_for_function("() => document.querySelector('link[href*=later]')")
    page.evaluate("""() => {
      const link = Object.assign(document.createElement("a"), { href: "/left" });
      document.body.append(link);
      link.click();
    }""")
    page.locator("#draft").press_sequentially("one step back")
    page.evaluate("history.back()")
    expect(page.locator("#told")).to_contain_text("one step back")


def test_b19_options_and_selection_of_lists_change_together(bound: Page) -> None:
    bound.locator("#many").select_option(["b", "c"])
    holds(bound, many=["b", "c"])
    bound.locator("#reset").click()
    expect(bound.locator("#many")).to_have_values(["a", "c"])
    expect(bound.locator("#size")).to_have_value("m")


def test_b19_lists_are_cleared_by_the_submit_that_changes_their_options(
    page: Page, input_relay: Relay
) -> None:
    page = opened(page, input_relay, "/order")
    one, many = page.locator("#one"), page.locator("#many")
    for choices, offered in ((["c", "a"], ["aa", "bb"]), (["bb", "aa"], ["aaa", "bbb"])):
        one.select_option(choices[0])
        many.select_option(choices)
        held = input_relay.order("down", DIFF, "hold")
        page.locator("#send").click()
        assert held.met.wait(30)
        expect(one).to_have_value(choices[0])
        input_relay.release("down")
        expect(page.locator("#sent")).to_have_text(f"{choices[0]} {'+'.join(sorted(choices))}")
        expect(one.locator("option")).to_have_text(["none", *offered])
        expect(many.locator("option")).to_have_text(offered)
        expect(one).to_have_value("")
        expect(many).to_have_values([])


def pending(control: Locator, kind: str | None) -> None:
    if kind is None:
        expect(control).not_to_have_attribute("data-pending", ".*")
    else:
        expect(control).to_have_attribute("data-pending", kind)


def test_b17_each_pending_mark_is_cleared_by_its_own_acknowledgement(page: Page, inputs: Server) -> None:
    page = opened(page, inputs, "/overlap")
    city, form = page.locator("#city"), page.locator("#form")
    city.fill("Rom")
    city.press("Enter")
    pending(city, "change")
    pending(form, "submit")
    expect(page.locator("#send")).to_be_disabled()
    expect(city).not_to_be_editable()
    page.locator("#finish-submit").click()
    expect(page.locator("#sent")).to_have_text("Rom")
    pending(form, None)
    pending(city, "change")
    expect(page.locator("#send")).to_be_enabled()
    expect(city).to_be_editable()
    page.locator("#finish-change").click()
    expect(page.locator("#saved")).to_have_text("Rom")
    pending(city, None)


def test_b23_several_values_file_names_and_the_pressed_button_arrive(page: Page, inputs: Server) -> None:
    page = opened(page, inputs, "/many")
    page.locator("#tags").select_option(["a", "c"])
    page.locator("#box-x").check()
    page.locator("#box-y").check()
    page.locator("#files").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": b"x"} for name in ("one.txt", "två.txt")]
    )
    page.locator("#drop").click()
    page.wait_for_function("() => document.querySelector('#told').textContent !== '[]'")
    assert json.loads(page.locator("#told").inner_text()) == [
        ["tag", "a"], ["tag", "c"], ["box", "x"], ["box", "y"], ["file", "one.txt"], ["file", "två.txt"],
        ["how", "drop"],
    ]  # fmt: skip


def has(page: Page, *texts: object) -> None:
    """Wait until the texts of `/written` are these."""
    expect(page.locator("#held")).to_have_text(json.dumps(texts))


def test_the_caret_of_what_can_be_edited_stays_when_the_server_writes(page: Page, input_relay: Relay) -> None:
    page = opened(page, input_relay, "/written")
    loud = page.locator("#loud")
    loud.press("End")
    for done, letter in enumerate("hello", 1):
        page.keyboard.type(letter)
        expect(loud).to_have_text("A" + "HELLO"[:done])
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.keyboard.type("-")
    has(page, "AHE-LLO", "one", [])
    for key in ("Enter", "x"):
        page.keyboard.press(key)
    has(page, "AHE-\nXLLO", "one", [])
    expect(loud).to_have_js_property("innerText", "AHE-\nXLLO")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    has(page, "AHE-\nXLLO\n", "one", [])
    page.keyboard.type("y")
    has(page, "AHE-\nXLLO\nY", "one", [])


def test_the_lines_of_what_can_be_edited_are_told_as_they_are_seen(page: Page, inputs: Server) -> None:
    page = opened(page, inputs, "/written")
    rich = page.locator("#rich")
    rich.press("End")
    for key, told in {"Enter": "one\n", "t": "one\nt", "Shift+Enter": "one\nt\n", "u": "one\nt\nu"}.items():
        page.keyboard.press(key)
        has(page, "a", told, [])
    for key, told in {"Enter": "one\nt\nu\n", " Enter": "one\nt\nu\n\n", "v": "one\nt\nu\n\nv"}.items():
        page.keyboard.press(key.strip())
        has(page, "a", told, [])
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    has(page, "a", "", [])


def restarted(page: Page, server: Server, watch: Watch) -> Callable[[], None]:
    """A server that has lost its sessions, once what is returned is called."""
    watch.allow(r"WebSocket connection to '.*' failed|Failed to load resource: net::ERR_")
    watch.sockets_only(page)
    server.kill()
    expect(page.locator("body")).to_have_class(re.compile("vango-offline"))

    def come_back() -> None:
        server.start()
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("body")).not_to_have_class(re.compile("vango-offline"))

    return come_back


def test_what_was_edited_is_told_to_the_session_that_follows_one_that_is_lost(
    page: Page, watch: Watch
) -> None:
    with Server("e2e.input_pages:app", TESTS) as server:
        page = opened(page, server, "/bound")
        page.locator("#reset").click()
        holds(page, name="reset", color="blue")
        page.locator("#done").uncheck()
        page.locator("#color-green").check()
        page.locator("#size").select_option("l")
        page.locator("#many").select_option(["a"])
        page.locator("#note").fill("a long letter")
        edited = {"done": False, "color": "green", "size": "l", "many": ["a"], "note": "a long letter"}
        holds(page, **edited)
        come_back = restarted(page, server, watch)
        page.locator("#plain").press("End")
        page.keyboard.type(" offline")
        page.locator("#note").press_sequentially("!")
        come_back()
        edited |= {"note": "a long letter!", "plain": "again offline"}
        # What the application had written is as its new session has it.
        holds(page, **edited, name="a", age=3)
        assert shown(page).items() >= {"name": "a", "note": "a long letter!", "size": "l"}.items()
        expect(page.locator("#note")).to_be_focused()
        expect(page.locator("#done")).not_to_be_checked()
        expect(page.locator("#color-green")).to_be_checked()


def test_a_password_is_told_to_no_session_but_its_own(page: Page, watch: Watch) -> None:
    with Server("e2e.input_pages:app", TESTS) as server:
        page = opened(page, server, "/written")
        page.locator("#secret").fill("sesame")
        expect(page.locator("#length")).to_have_text("6")
        page.locator("#rich").fill("two")
        has(page, "a", "two", [])
        restarted(page, server, watch)()
        has(page, "a", "two", [])
        expect(page.locator("#length")).to_have_text("0")
        expect(page.locator("#secret")).to_have_value("")


TURNS = {"details": "node => { node.open = !node.open; }", "video": "node => { node.muted = !node.muted; }"}


@pytest.mark.parametrize("name", TURNS)
def test_an_answer_that_is_older_than_what_was_opened_or_muted_is_not_shown(
    page: Page, input_relay: Relay, watch: Watch, name: str
) -> None:
    page = opened(page, input_relay, "/opened")
    node = page.locator(f"#{name}")
    answer = input_relay.order("down", DIFF, "hold")
    node.evaluate(TURNS[name])
    assert answer.met.wait(30)
    input_relay.hold("up")
    node.evaluate(TURNS[name])
    # The event is told in a task of its own.
    page.evaluate("() => new Promise((done) => setTimeout(done))")
    input_relay.release("down")
    expect(page.locator("#told")).to_have_text("1")
    assert node.evaluate("node => [node.open, node.muted].includes(true)") is False
    input_relay.release("up")
    expect(page.locator("#told")).to_have_text("2")
    expect(page.locator("#state")).to_have_text("False False")
    page.locator("#switch").click()
    expect(page.locator("#state")).to_have_text("True True")
    expect(page.locator("#told")).to_have_text("2")


def test_what_the_server_opens_and_mutes_is_not_told_to_it(page: Page, inputs: Server, watch: Watch) -> None:
    page = opened(page, inputs, "/opened")
    for _ in range(3):
        page.locator("#switch").click()
    expect(page.locator("#state")).to_have_text("True True")
    page.wait_for_function(
        "() => document.querySelector('#details').open && document.querySelector('#video').muted"
    )
    page.locator("#summary").click()
    expect(page.locator("#state")).to_have_text("False True")
    expect(page.locator("#told")).to_have_text("1")
    assert [frame.fields[4] for frame in watch.frames if frame.kind == EVENT] == [0, 0, 0, 26]


def test_a_text_that_is_composed_is_told_and_not_overwritten(chat: Page, watch: Watch) -> None:
    loud = chat.locator("#loud")
    loud.focus()
    cdp = chat.context.new_cdp_session(chat)
    for text in ("k", "ka", "kan"):
        cdp.send(
            "Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
        )
        expect(chat.locator("#heard")).to_have_text(text.upper())
        assert loud.input_value() == text
    cdp.send("Input.insertText", {"text": "kanji"})
    expect(chat.locator("#heard")).to_have_text("KANJI")
    expect(loud).to_have_value("KANJI")
    expect(loud).to_be_focused()


def test_where_everything_is_composed_everything_is_told(chat: Page) -> None:
    draft = chat.locator("#draft")
    draft.focus()
    cdp = chat.context.new_cdp_session(chat)
    for word in ("so ", "it goes"):
        for end in range(1, len(word) + 1):
            cdp.send(
                "Input.imeSetComposition", {"text": word[:end], "selectionStart": end, "selectionEnd": end}
            )
        cdp.send("Input.insertText", {"text": word})
    expect(draft).to_have_value("so it goes")
    expect(chat.locator("#length")).to_have_text("10 letters")


def test_a_composition_survives_what_the_application_writes_meanwhile(chat: Page) -> None:
    draft = chat.locator("#draft")
    draft.focus()
    cdp = chat.context.new_cdp_session(chat)
    cdp.send("Input.imeSetComposition", {"text": "ni", "selectionStart": 2, "selectionEnd": 2})
    expect(chat.locator("#length")).to_have_text("2 letters")
    chat.locator("#overwrite").dispatch_event("click")
    expect(chat.locator("#length")).to_have_text("18 letters")
    assert draft.input_value() == "ni"
    cdp.send("Input.insertText", {"text": "你"})
    expect(chat.locator("#length")).to_have_text("1 letters")
    expect(draft).to_have_value("你")


def test_the_page_of_all_controls_is_adopted(page: Page, inputs: Server, watch: Watch) -> None:
    opened(page, inputs, "/bound")
    assert [frame.fields[6] for frame in watch.received(HELLO_OK)] == [0]


def test_what_can_be_edited_is_served_with_its_text_and_keeps_what_is_typed_before_the_client_is_there(
    page: Page, inputs: Server, watch: Watch
) -> None:
    held: list[Route] | None = []
    page.route("**/*.js", lambda route: route.continue_() if held is None else held.append(route))
    page.goto(inputs.url + "/bound", wait_until="commit")
    plain = page.locator("#plain")
    expect(plain).to_have_text("e")
    plain.press("End")
    page.keyboard.type("arly")
    expect(plain).to_have_text("early")
    waiting, held = held, None
    for route in waiting:
        route.continue_()
    watch.wait(page, lambda: watch.received(HELLO_OK))
    expect(plain).to_have_text("early")
    plain.press("End")
    page.keyboard.type("!")
    holds(page, plain="early!")
    page.locator("#reset").click()
    expect(plain).to_have_text("again")
    assert plain.evaluate("node => node.childNodes.length") == 1


def test_what_a_handler_does_not_take_is_taken_back(page: Page, inputs: Server) -> None:
    page = opened(page, inputs, "/refusing")
    page.locator("#radio-b").dispatch_event("click")
    page.locator("#box").dispatch_event("click")
    page.locator("#list").select_option("2")
    page.locator("#many").select_option(["1", "2"])
    page.locator("#trimmed").press("End")
    page.locator("#trimmed").press_sequentially(" ")
    expect(page.locator("#count")).to_have_text("5")
    expect(page.locator("#radio-a")).to_be_checked()
    expect(page.locator("#radio-b")).not_to_be_checked()
    expect(page.locator("#box")).not_to_be_checked()
    expect(page.locator("#list")).to_have_value("1")
    expect(page.locator("#many")).to_have_values(["1"])
    expect(page.locator("#trimmed")).to_have_value("a")
    page.locator("#box").dispatch_event("click")
    expect(page.locator("#count")).to_have_text("6")
    expect(page.locator("#box")).not_to_be_checked()


def test_what_is_typed_after_a_letter_that_is_not_taken_stands_until_it_is_answered(
    page: Page, input_relay: Relay
) -> None:
    page = opened(page, input_relay, "/refusing")
    trimmed = page.locator("#trimmed")
    trimmed.press("End")
    answer = input_relay.order("down", DIFF, "hold")
    trimmed.press_sequentially(" ")
    answer.met.wait()
    input_relay.hold("up")
    trimmed.press_sequentially("b ")
    input_relay.release("down")
    expect(page.locator("#count")).to_have_text("1")
    expect(trimmed).to_have_value("a b ")
    input_relay.release("up")
    expect(trimmed).to_have_value("a b")
