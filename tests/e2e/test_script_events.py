"""Events that scripts of the page dispatch, in a browser: `on_hook`."""

import json

import pytest
from playwright.sync_api import Page, expect

from .serving import Server
from .watch import Watch

DISPATCH = """([id, type, init]) =>
  document.getElementById(id).dispatchEvent(new CustomEvent(type, init))"""


@pytest.fixture
def scripted(page: Page, inputs: Server) -> Page:
    page.goto(inputs.url + "/scripted")
    # What tells of all kinds of events comes after the connection; it prevents this one.
    page.wait_for_function(
        "() => !document.querySelector('#stars').dispatchEvent(new Event('ready', { cancelable: true }))"
    )
    return page


def tell(page: Page, id_: str, type_: str, **init: object) -> bool:
    """Dispatch an event; whether what it announces may happen."""
    return page.evaluate(DISPATCH, [id_, type_, init])


def heard(page: Page, *told: object) -> None:
    expect(page.locator("#heard")).to_have_text(json.dumps(list(told)))


def test_a_detail_arrives_at_the_nearest_element_that_asked(scripted: Page) -> None:
    detail = {"stars": 4, "by": ["Zo\u00eb", None]}
    tell(scripted, "inside", "rated", bubbles=True, detail=detail)
    heard(scripted, ["stars", "rated", detail])
    tell(scripted, "beside", "rated", bubbles=True)
    heard(scripted, ["stars", "rated", detail], ["main", "rated", None])


def test_what_does_not_bubble_is_for_its_target_alone(scripted: Page) -> None:
    tell(scripted, "inside", "silent")
    tell(scripted, "stars", "silent", detail=1)
    heard(scripted, ["stars", "silent", 1])


def test_what_is_announced_can_be_prevented(scripted: Page) -> None:
    assert tell(scripted, "inside", "to:hide", bubbles=True, cancelable=True) is False
    heard(scripted, ["stars", "to:hide", None])


def test_what_was_not_named_is_not_sent(scripted: Page) -> None:
    tell(scripted, "stars", "other", bubbles=True)
    tell(scripted, "stars", "rated", bubbles=True, detail="after")
    heard(scripted, ["stars", "rated", "after"])


def test_a_detail_that_json_cannot_hold_is_an_error_in_the_page_and_nothing_else(
    scripted: Page, watch: Watch
) -> None:
    watch.allow("BigInt")
    scripted.evaluate(
        "document.getElementById('stars').dispatchEvent(new CustomEvent('rated', { detail: 1n }))"
    )
    tell(scripted, "stars", "rated", detail=2)
    heard(scripted, ["stars", "rated", 2])
