"""The examples on a phone and on a desk, light and dark; the pictures land in `artifacts/`."""

from pathlib import Path

import pytest
from examples.gallery import ABOUT
from playwright.sync_api import Browser, Page, expect

from .serving import Server
from .watch import HELLO_OK, Watch

ARTIFACTS = Path(__file__).with_name("artifacts")
UNNAMED = """
() => Array.from(document.querySelectorAll("button, input, select, textarea, summary, a[href]"))
  .filter((control) => !(control.ariaLabel || control.textContent.trim() || control.labels?.length))
  .map((control) => control.outerHTML)
"""


def index(page: Page) -> None:
    expect(page.get_by_role("link")).to_have_count(len(ABOUT))


def counter(page: Page) -> None:
    page.get_by_role("button", name="+").click()
    expect(page.locator("output")).to_have_text("4")


def todo(page: Page) -> None:
    field = page.get_by_label("New task")
    for text in (
        "Water the plants",
        "Write to grandmother, and ask about the recipe of her plum cake",
        "Sleep",
    ):
        field.fill(text)
        field.press("Enter")
        expect(field).to_have_value("")
    page.get_by_label("Sleep", exact=True).check()
    expect(page.locator("li.done")).to_have_count(1)


def table(page: Page) -> None:
    page.locator("#run").click()
    page.locator("tbody > tr:nth-child(3) a.lbl").click()
    expect(page.locator("tbody > tr:nth-child(3)")).to_have_class("danger")


def clock(page: Page) -> None:
    expect(page.locator("time")).not_to_be_empty()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("visit", [index, counter, todo, table, clock], ids=lambda visit: visit.__name__)
def test_a_page_fits_its_window_and_names_its_controls(
    browser: Browser, watch: Watch, gallery: Server, visit, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 740}, color_scheme=scheme)
    watch.attach(context)
    page = context.new_page()
    page.goto(gallery.url + ("/" if visit is index else f"/{visit.__name__}"))
    watch.wait(page, lambda: watch.received(HELLO_OK))
    visit(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(UNNAMED) == []
    page.screenshot(path=ARTIFACTS / f"{visit.__name__}-{width}-{scheme}.png")
    context.close()
