"""What patches must leave alone, and where they must land, in a real document."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from .relay import Relay
from .serving import Server
from .watch import DIFF, EVENT, HELLO_OK, SNAPSHOT, Watch


def test_b28_svg_and_its_foreign_object_are_in_their_namespaces(page: Page, stage: Server) -> None:
    page.goto(stage.url + "/namespaces")
    names = "() => ['#drawing', '#drawing circle', '#drawing foreignObject', '#inside']" + (
        ".map((name) => document.querySelector(name).namespaceURI.split('/').pop())"
    )
    page.locator("#show").click()
    expect(page.locator("#inside")).to_have_text("html again")
    assert page.evaluate(names) == ["svg", "svg", "svg", "xhtml"]
    assert page.locator("#drawing").evaluate("drawing => drawing.viewBox.baseVal.width") == 9
    page.locator("#show").click()
    expect(page.locator("#drawing")).to_have_count(0)


def test_b28_a_row_lands_in_its_table(page: Page, stage: Server) -> None:
    page.goto(stage.url + "/namespaces")
    for rows in (["2", "1"], ["3", "2", "1"]):
        page.locator("#row").click()
        expect(page.locator("#tbody > tr > td")).to_have_text(rows)
    assert page.evaluate("document.querySelector('table').tBodies.length") == 1


def test_b25_text_beside_an_element_leaves_it_alone_and_raw_html_is_replaced_whole(
    page: Page, stage: Server, watch: Watch
) -> None:
    page.goto(stage.url + "/shapes")
    kept = [page.locator(name).element_handle() for name in ("#kept", "#after", "#raw")]
    for step in range(1, 8):
        page.locator("#step").click()
        expect(page.locator("#beside")).to_have_text(f"step {step}bold of {step}")
        expect(page.locator("#fragment")).to_have_text(f"[{'01'[: step % 3]}]")
        expect(page.locator("#raw")).to_have_text(f"before boldit{step}after")
        expect(page.locator("#raw > b[data-hid='1']")).to_have_count(1)
        expect(page.locator("#raw > u")).to_have_count(1)
    assert all(page.evaluate("node => node.isConnected", node) for node in kept)
    assert watch.received(SNAPSHOT) == []


def test_rows_that_travel_as_copies_of_one_are_what_each_would_be(
    page: Page, stage: Server, watch: Watch
) -> None:
    page.goto(stage.url + "/copies")
    rows = page.locator("#copies > li")
    page.locator("#more").click()
    expect(rows).to_have_count(20)
    (diff,) = watch.received(DIFF)
    assert len(diff.payload) < 1_500, "19 rows are instances of the first one"
    said = rows.evaluate_all("""(rows) => rows.map((row) => {
        const [box, value, source, button, drawing] = row.children;
        return [row.className, row.style.width, box.checked, value.value, source.getAttribute("src"),
            button.textContent, drawing.namespaceURI.split("/").pop(), drawing.firstChild.r.baseVal.value,
            row.lastChild.localName,
            [...row.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data)];
    })""")

    def texts(n: int) -> list[str]:
        return ["a text", f" beside {n}", ""]

    assert said == [
        [f"row{n}", f"{n}px", n % 2 == 0, f"value {n}", f"/none/{n}", f"more {n}", "svg", n, "b", texts(n)]
        for n in range(20)
    ]
    for index in (0, 7, 19):
        count = rows.count()
        rows.nth(index).locator("button").click()
        expect(rows).to_have_count(count + 20)
    assert watch.received(SNAPSHOT) == []


def test_raw_html_that_forges_its_own_end_is_put_right(page: Page, stage: Server) -> None:
    page.goto(stage.url + "/forged")
    expect(page.locator("html")).to_have_attribute("data-vango", "connected")  # all of it has been replaced
    for step in range(1, 4):
        page.locator("#step").click()
        expect(page.locator("#count")).to_have_text(str(step))
        expect(page.locator("#raw")).to_have_text(f"before onetwo{step} after")


def test_raw_html_that_says_it_is_live_is_foreign_ground(page: Page, stage: Server, watch: Watch) -> None:
    page.goto(stage.url + "/raw")
    watch.wait(page, lambda: watch.received(HELLO_OK))
    assert [frame.fields[6] for frame in watch.received(HELLO_OK)] == [0]
    page.locator("#forged").click()
    page.goto(stage.url + "/around")
    for clicks in ("1", "2"):
        page.locator("#forged").click()
        expect(page.locator("#clicks")).to_have_text(clicks)
    assert [frame.payload for frame in watch.frames if frame.kind == EVENT] == [b"", b""]


def test_b24_keyed_rows_keep_their_nodes_and_what_was_typed(page: Page, stage: Server) -> None:
    page.goto(stage.url + "/rows")
    handles = [page.locator(f"#field{n}").element_handle() for n in range(5)]
    for n in range(5):
        page.locator(f"#field{n}").fill(f"typed {n}")
    page.locator("#reverse").click()
    expect(page.locator("li:first-child > input")).to_have_attribute("id", "field4")
    values = page.locator("li > input").evaluate_all(
        "fields => fields.map((field) => [field.id, field.value])"
    )
    assert values == [[f"field{n}", f"typed {n}"] for n in (4, 3, 2, 1, 0)]
    assert all(page.evaluate("node => node.isConnected", handle) for handle in handles)


def test_b24_a_focused_field_keeps_focus_and_caret_when_its_row_moves(page: Page, stage: Server) -> None:
    page.goto(stage.url + "/rows")
    field = page.locator("#field3")
    field.fill("typed")
    for caret, first in ((2, "field4"), (3, "field0"), (4, "field4")):
        field.evaluate("(field, caret) => field.setSelectionRange(caret, caret)", caret)
        page.keyboard.press("Shift")
        expect(page.locator("li:first-child > input")).to_have_attribute("id", first)
        expect(field).to_be_focused()
        assert field.evaluate("field => [field.value, field.selectionStart]") == ["typed", caret]


def test_b19_options_and_selection_change_together(page: Page, stage: Server) -> None:
    page.goto(stage.url + "/choice")
    select, chosen = page.locator("#size"), page.locator("#chosen")
    expect(select).to_have_value("small")
    select.select_option("large")
    expect(chosen).to_have_text("large")
    page.locator("#more").click()
    expect(page.locator("#size > option")).to_have_text(["small", "medium", "huge"])
    expect(select).to_have_value("huge")
    select.select_option("small")
    expect(chosen).to_have_text("small")
    expect(select).to_have_value("small")


def test_b18_the_focused_field_keeps_focus_caret_and_text_through_patches_around_it(
    page: Page, stage: Server
) -> None:
    page.goto(stage.url + "/beside")
    field = page.locator("#field")
    field.fill("typed")
    field.evaluate("field => field.setSelectionRange(2, 2)")
    for n, key in enumerate("abc", 1):
        page.keyboard.press(key)
        expect(page.locator("#count")).to_have_text(str(n))
    expect(page.get_by_text("row 2", exact=True)).to_be_visible()
    expect(field).to_be_focused()
    assert field.evaluate("field => [field.value, field.selectionStart]") == ["tyabcped", 5]


def test_b16_an_older_response_never_overwrites_newer_typing(page: Page, relay: Relay, watch: Watch) -> None:
    page.goto(relay.url + "/echo")
    watch.wait(page, lambda: watch.received(HELLO_OK))
    field = page.locator("#field")
    field.evaluate("""(field) => {
      const { get, set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
      window.written = [];
      Object.defineProperty(field, "value", {
        get: () => get.call(field),
        set: (value) => { written.push(value); set.call(field, value); },
      });
    }""")
    field.focus()
    relay.hold("down")
    page.keyboard.type("a")
    page.keyboard.type("bc")
    expect(field).to_have_value("abc")
    relay.release("down")
    expect(page.locator("#length")).to_have_text("3 letters")
    expect(field).to_have_value("ABC")
    assert page.evaluate("written.filter((value) => value.length < 3)") == []
    expect(field).to_be_focused()


def test_b18_several_answers_in_one_burst_leave_the_caret_where_it_was(
    page: Page, relay: Relay, watch: Watch
) -> None:
    page.goto(relay.url + "/echo")
    watch.wait(page, lambda: watch.received(HELLO_OK))
    field = page.locator("#field")
    field.focus()
    page.keyboard.type("ab")
    expect(field).to_have_value("AB")
    field.evaluate("field => field.setSelectionRange(1, 1)")
    relay.hold("up")
    page.keyboard.type("xyz")
    relay.release("up")
    expect(field).to_have_value("AXYZB")
    assert field.evaluate("field => field.selectionStart") == 4


@pytest.fixture
def native(page: Page, stage: Server) -> Page:
    """The page of controls with a click handler each."""
    page.goto(stage.url + "/native")
    return page


def clicks(page: Page, number: int) -> None:
    expect(page.locator("#clicks")).to_have_text(str(number))


def test_b22_checkbox_radio_and_label_keep_their_behaviour(native: Page) -> None:
    native.locator("#check").click()
    clicks(native, 1)
    expect(native.locator("#check")).to_be_checked()
    native.locator("#label").click()
    clicks(native, 2)
    expect(native.locator("#other")).to_be_checked()
    native.locator("#radio").click()
    clicks(native, 3)
    expect(native.locator("#radio")).to_be_checked()


def test_b22_a_link_is_followed_and_a_submit_is_not_sent(native: Page, stage: Server) -> None:
    native.locator("#link").click()
    clicks(native, 1)
    expect(native).to_have_url(stage.url + "/native#there")
    native.evaluate("window.kept = 1")
    native.locator("#submit").click()
    clicks(native, 2)
    expect(native).to_have_url(stage.url + "/native#there")
    assert native.evaluate("window.kept") == 1


def test_b44_10000_texts_change_in_one_burst(page: Page, stage: Server) -> None:
    page.goto(stage.url + "/burst")
    page.locator("#step").click()
    expect(page.locator("#cells > i").last).to_have_text("10000")
    texts = page.evaluate(
        "() => Array.from(document.querySelectorAll('#cells > i'), (cell) => cell.textContent)"
    )
    assert texts == [str(n + 1) for n in range(10_000)]


def test_what_a_page_says_of_itself_is_one_meta_element(page: Page, stage: Server) -> None:
    page.goto(stage.url + "/drop")
    content = page.locator("meta[name=vango]").get_attribute("content")
    assert content is not None
    assert {"version", "url", "session", "epoch", "rev", "count", "token"} <= json.loads(content).keys()
    assert not re.search(r"<script(?![^>]*\bsrc=)", page.content())
