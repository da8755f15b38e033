"""F-22: pages that everybody can use, as far as a machine can tell: axe-core finds nothing in any example."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .serving import ROOT, Server
from .test_examples import EXAMPLES

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CONNECTED = ("data-vango", "connected")


def complaints(page: Page) -> list[str]:
    """What axe-core says of the page as it stands, each rule with the elements that it is about."""
    page.evaluate(AXE.read_text())  # by the debugger, which no policy forbids
    found: dict[str, Any] = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    return [
        f"{rule['id']}: {rule['help']}: " + ", ".join(str(node["target"]) for node in rule["nodes"][:5])
        for rule in found["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/signup", *EXAMPLES.values()])
def test_f22_an_example_of_the_gallery(page: Page, gallery: Server, path: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(gallery.url + path)
    expect(page.locator("html")).to_have_attribute(*CONNECTED)
    assert complaints(page) == []


@pytest.fixture(scope="module", params=["library", "members", "bookcase", "board.app"])
def site(request: pytest.FixtureRequest) -> Iterator[Server]:
    with Server(f"examples.{request.param}:app") as server:
        yield server


def test_f22_an_example_of_several_pages(page: Page, site: Server) -> None:
    page.goto(site.url)
    expect(page.locator("html")).to_have_attribute(*CONNECTED)
    assert complaints(page) == []


def test_f22_the_banner_of_a_page_that_is_offline(page: Page, gallery: Server) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(gallery.url + "/counter")
    expect(page.locator("html")).to_have_attribute(*CONNECTED)
    page.evaluate("document.body.classList.add('vango-offline')")
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
    assert complaints(page) == []


def test_f22_a_dialog_and_a_toast(page: Page, gallery: Server) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(gallery.url + "/structure")
    page.get_by_role("button", name="Delete it").click()
    dialog = page.get_by_role("dialog", name="Delete the account?")
    expect(dialog).to_be_visible()
    assert complaints(page) == []
    dialog.get_by_role("button", name="Yes").click()
    expect(page.locator(".vango-toast")).to_be_visible()
    assert complaints(page) == []


def test_f22_a_form_that_logs_in(page: Page) -> None:
    with Server("examples.members:app") as server:
        page.goto(server.url + "/login")
        expect(page.locator("html")).to_have_attribute(*CONNECTED)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("alert")).to_contain_text("That is not right")
        assert complaints(page) == []
        page.close()


def test_f22_what_is_wrong_would_be_found(page: Page, gallery: Server) -> None:
    page.goto(gallery.url + "/counter")
    expect(page.locator("html")).to_have_attribute(*CONNECTED)
    page.evaluate("""
        const main = document.querySelector("main");
        main.append(document.createElement("input"), document.createElement("button"));
        main.removeAttribute("lang");
        document.documentElement.removeAttribute("lang");
    """)
    rules = {found.partition(":")[0] for found in complaints(page)}
    assert {"label", "button-name", "html-has-lang"} <= rules
