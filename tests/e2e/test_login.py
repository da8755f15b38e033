"""Logging in, by a browser: examples/members.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from .serving import Server


@pytest.fixture(scope="module")
def members() -> Iterator[Server]:
    with Server("examples.members:app") as server:
        yield server


def log_in(page: Page, server: Server, name: str, path: str) -> None:
    page.goto(server.url + path)
    expect(page).to_have_url(f"{server.url}/login?next=%2F{path[1:]}")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(server.url + path)


def test_b41_logging_out_in_one_tab_ends_the_others(page: Page, members: Server) -> None:
    log_in(page, members, "Ada", "/admin")
    expect(page.get_by_role("heading", level=1)).to_have_text("For admins")
    other = page.context.new_page()
    other.goto(members.url + "/members")
    expect(other.locator("html")).to_have_attribute("data-vango", "connected")
    page.locator("#logout").click()
    expect(page).to_have_url(members.url + "/")
    expect(page.locator("#who")).to_have_text("Guest")
    expect(other).to_have_url(members.url + "/login?next=%2Fmembers")
    other.close()


def test_a_wrong_password_says_so_and_a_role_that_is_missing_is_a_403(page: Page, members: Server) -> None:
    page.goto(members.url + "/login")
    page.get_by_label("Name").fill("bob")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("That is not right")
    log_in(page, members, "bob", "/members")
    assert page.request.get(members.url + "/admin").status == 403


def test_a_handler_hands_out_a_file(page: Page, members: Server) -> None:
    log_in(page, members, "ada", "/members")
    with page.expect_download() as waiting:
        page.locator("#file").click()
    assert waiting.value.suggested_filename == "members.csv"
    assert waiting.value.path().read_text() == "name\nada\nbob\n"
    expect(page.locator("html")).to_have_attribute("data-vango", "connected")
