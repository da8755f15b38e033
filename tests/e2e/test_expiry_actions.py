"""S001-47, B40: what a page does when its user is none any more, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import TESTS
from .serving import Server
from .test_http import block
from .watch import Watch

TELLS = """
    addEventListener("vango-error", (event) => {
        const { dataset } = document.documentElement;
        dataset.told = `${dataset.told ?? ""} ${event.detail.kind}`;
    });
"""


@pytest.mark.parametrize("way", ["websocket", "http"])
@pytest.mark.parametrize(
    ("does", "address", "title"),
    [
        ("reloading", "/login?next=%2Fmembers", "Log in"),
        ("navigating", "/login?next=%2Fmembers", "Log in"),
        ("own", "/bye?from=members", "Goodbye"),
        ("telling", "/members", "Members"),
    ],
)
def test_s001_47_what_a_page_does_when_its_user_is_none_any_more(
    page: Page, does: str, address: str, title: str, way: str, watch: Watch
) -> None:
    with Server(f"e2e.expiry_pages:{does}", TESTS) as server:
        page.context.add_cookies([{"name": "user", "value": "ada", "url": server.url}])
        page.add_init_script(TELLS)
        if way == "http":
            watch.allow(r"401 \(Unauthorized\)")
            block(page, "refused")
        page.goto(server.url + "/members")
        expect(page.locator("html")).to_have_attribute("data-vango", "connected")
        assert page.request.get(server.url + "/out/ada").ok
        if does == "telling":
            expect(page.locator("html")).to_have_attribute("data-told", " AuthExpired")
            expect(page.locator("html")).to_have_attribute("data-vango", "needs-auth")
        expect(page).to_have_url(server.url + address)
        expect(page.get_by_role("heading")).to_have_text(title)
        page.close()
