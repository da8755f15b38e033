"""B13 in a browser: an exception in each phase of the pages of `session/phases.py`."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from phases import CAUGHT, CONTAINED, ident
from playwright.sync_api import Page, expect

from .conftest import TESTS
from .serving import Server
from .watch import RESULT, SNAPSHOT, Watch


@pytest.fixture(scope="module")
def site() -> Iterator[Server]:
    """The pages of `session/phases.py`, served."""
    with Server("phases:app", Path(TESTS) / "session") as server:
        yield server


def test_b13_an_exception_in_each_phase_leaves_all_other_phases_and_pages_as_they_are(
    page: Page, site: Server, watch: Watch
) -> None:
    other = page.context.new_page()
    other.goto(site.url)
    page.goto(site.url)
    page.bring_to_front()
    for phase in (*CAUGHT, *CONTAINED):
        part = page.locator(f"#{ident(phase)}")
        part.locator(".go").click()
        if phase in CAUGHT:
            expect(part.locator("em")).to_have_text(f"{phase} broke")
        assert site.logs(f"{phase} broke")
        part.locator(".beside").click()
        expect(part.locator(".beside")).to_have_text("1")
        part.locator(".go").click()
        expect(part.locator("output")).to_have_text("well")
        expect(part.locator("em")).to_have_count(0)
    expect(page.locator(".beside", has_text="1")).to_have_count(len(CAUGHT) + len(CONTAINED))
    told = [str(frame.fields) for frame in watch.received(RESULT)]
    references = [name for text in told for name in re.findall(r'"reference": "(\w+)"', text)]
    assert len(references) == 2, "a handler and an async handler"
    assert all(site.logs(reference) for reference in references)
    other.locator(".beside").last.click()
    expect(other.locator(".beside").last).to_have_text("1")
    expect(other.locator("output").first).to_have_text("idle")
    assert watch.received(SNAPSHOT) == []


def test_b13_without_a_boundary_each_phase_of_a_render_ends_in_an_error_view_with_its_reference(
    page: Page, site: Server
) -> None:
    other = page.context.new_page()
    other.goto(site.url)
    for phase in CAUGHT:
        page.goto(f"{site.url}/{ident(phase)}")
        page.locator(".go").click()
        expect(page.get_by_role("alert")).to_contain_text("This page could not be shown")
        assert "broke" not in page.content(), "what broke is for the log"
        assert site.logs(page.get_by_role("alert").locator("code").inner_text())
        expect(page.locator(".go")).to_have_count(0)
    page.reload()
    page.locator(".beside").click()
    expect(page.locator(".beside")).to_have_text("1")
    other.locator(".beside").first.click()
    expect(other.locator(".beside").first).to_have_text("1")
