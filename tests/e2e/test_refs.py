"""What handlers ask of single elements, and tell scripts of the page."""

import pytest
from playwright.sync_api import Page, expect

from .serving import ROOT, Server


@pytest.fixture
def refs(page: Page, inputs: Server) -> Page:
    page.goto(inputs.url + "/refs")
    page.wait_for_function("() => document.documentElement.dataset.vango === 'connected'")
    return page


def test_a_handler_gives_the_focus_and_selects(refs: Page) -> None:
    first = refs.locator("#first")
    expect(refs.locator("#second")).to_be_focused()
    refs.locator("#focus").click()
    expect(first).to_be_focused()
    refs.locator("#select").click()
    refs.wait_for_function("() => document.querySelector('#first').selectionEnd === 9")
    assert first.evaluate("field => [field.selectionStart, field.selectionEnd]") == [0, 9]


def test_a_field_is_shown_and_focused_in_one_go(refs: Page) -> None:
    refs.locator("#show").click()
    expect(refs.locator("#hidden")).to_be_focused()


def test_a_ref_whose_element_is_gone_says_so(refs: Page) -> None:
    for button in ("#gone", "#gone-later"):
        refs.locator(button).click()
        expect(refs.locator("#said")).to_contain_text(
            "of a ref that no element of the page has; give it to one"
        )
    refs.locator("#thread").click()
    expect(refs.locator("#said")).to_contain_text("belongs to the session's own thread")
    refs.locator("#dispatched").click()
    expect(refs.locator("#first")).to_be_focused()


def test_a_handler_scrolls_and_measures(refs: Page) -> None:
    refs.evaluate("""() => {
      const { style } = document.querySelector("#list");
      Object.assign(style, { height: "100px", overflow: "auto", marginTop: "2000px" });
    }""")
    refs.locator("#scroll").dispatch_event("click")
    refs.wait_for_function("() => document.querySelector('#list').scrollTop === 120")
    refs.locator("#view").dispatch_event("click")
    refs.wait_for_function("() => scrollY > 0")
    refs.locator("#measure").dispatch_event("click")
    expect(refs.locator("#said")).not_to_have_text("")
    rect = refs.locator("#list").bounding_box()
    assert rect is not None
    assert refs.locator("#said").inner_text() == " ".join(
        f"{rect[k]:g}" for k in ("x", "y", "width", "height")
    )


def test_scripts_of_the_page_hear_what_is_emitted(refs: Page) -> None:
    refs.evaluate(
        "() => { window.heard = []; addEventListener('saved', (event) => heard.push(event.detail)) }"
    )
    refs.locator("#emit").click()
    expect(refs.locator("#said")).to_have_text("emitted")
    refs.wait_for_function("() => heard.length === 1")
    refs.locator("#emit-thread").click()
    refs.wait_for_function("() => heard.length === 2")
    assert refs.evaluate("heard") == [{"id": [1, None]}, "thread"]


def test_the_example_of_the_guides_reads_saves_and_goes_on(page: Page, watch) -> None:
    with Server("examples.signup:app", ROOT) as server:
        page.goto(server.url)
        name, age = page.get_by_label("Name"), page.get_by_label("Age")
        name.press_sequentially("Ada")
        expect(page.get_by_text("Hello, Ada")).to_be_visible()
        age.fill("x")
        expect(page.locator("small")).to_have_text("write a whole number")
        age.fill("36")
        page.get_by_label("Plan").select_option("paid")
        page.keyboard.press("Control+s")
        expect(page.locator("output")).to_have_text("Ada, 36, paid")
        expect(name).to_have_value("")
        expect(name).to_be_focused()
        page.close()
