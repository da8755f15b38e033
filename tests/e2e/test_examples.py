"""Each example of the gallery, clicked through."""

import re

from playwright.sync_api import Page, expect

from .serving import Server

EXAMPLES = {"Counter": "/counter", "To-do list": "/todo", "Table": "/table", "Clock": "/clock"}


def test_the_index_leads_to_every_example_and_each_leads_back(page: Page, gallery: Server) -> None:
    for name, path in EXAMPLES.items():
        page.goto(gallery.url)
        page.get_by_role("link", name=name).click()
        expect(page).to_have_url(gallery.url + path)
        expect(page).to_have_title(name)
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        page.get_by_role("link", name="All examples").click()
        expect(page).to_have_url(gallery.url + "/")


def test_an_example_shows_its_source(page: Page, gallery: Server) -> None:
    page.goto(gallery.url + "/counter")
    page.get_by_text("Source").click()
    expect(page.locator("pre")).to_contain_text("def Counter(start: int = 0):")


def test_the_counter_counts(page: Page, gallery: Server) -> None:
    page.goto(gallery.url + "/counter")
    output = page.locator("output")
    expect(output).to_have_text("3")
    page.get_by_role("button", name="+").click()
    expect(output).to_have_text("4")
    for _ in range(6):
        page.get_by_role("button", name="-").click()
    expect(output).to_have_text("-2")


def test_the_clock_is_pushed_by_the_server(page: Page, gallery: Server) -> None:
    page.goto(gallery.url + "/clock")
    time = page.locator("time")
    seen = [time.inner_text()]
    while len(seen) < 3:
        expect(time).not_to_have_text(seen[-1])
        seen.append(time.inner_text())
    assert all(re.fullmatch(r"\d\d:\d\d:\d\d", text) for text in seen)


def add(page: Page, *texts: str) -> None:
    field = page.get_by_label("New task")
    for text in texts:
        field.fill(text)
        field.press("Enter")
        expect(field).to_have_value("")


def tasks(page: Page):
    return page.get_by_role("list", name="Tasks").get_by_role("listitem")


def test_enter_adds_a_task_clears_the_field_and_keeps_the_focus(page: Page, gallery: Server) -> None:
    page.goto(gallery.url + "/todo")
    field = page.get_by_label("New task")
    field.click()
    page.keyboard.type("water the plants")
    page.keyboard.press("Enter")
    expect(tasks(page)).to_have_count(1)
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    page.keyboard.type("feed the cat")
    page.keyboard.press("Enter")
    expect(tasks(page).locator("span")).to_have_text(["water the plants", "feed the cat"])
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    expect(page.locator("output")).to_have_text("2 tasks left")


def test_the_button_adds_and_nothing_is_added_for_an_empty_field(page: Page, gallery: Server) -> None:
    page.goto(gallery.url + "/todo")
    page.get_by_role("button", name="Add").click()
    page.get_by_label("New task").fill("  ")
    page.get_by_role("button", name="Add").click()
    page.get_by_label("New task").fill("one")
    page.get_by_role("button", name="Add").click()
    expect(tasks(page).locator("span")).to_have_text(["one"])


def test_tasks_are_ticked_off_filtered_and_removed(page: Page, gallery: Server) -> None:
    page.goto(gallery.url + "/todo")
    add(page, "one", "two", "three")
    page.get_by_label("two", exact=True).check()
    expect(tasks(page).nth(1)).to_have_class("done")
    expect(page.locator("output")).to_have_text("2 tasks left")

    for name, shown in {"Active": ["one", "three"], "Done": ["two"], "All": ["one", "two", "three"]}.items():
        button = page.get_by_role("button", name=name, exact=True)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(page.locator("[aria-pressed=true]")).to_have_count(1)
        expect(tasks(page).locator("span")).to_have_text(shown)
    expect(page.get_by_label("two", exact=True)).to_be_checked()
    expect(page.get_by_label("one", exact=True)).not_to_be_checked()

    page.get_by_role("button", name="Remove one").click()
    expect(tasks(page).locator("span")).to_have_text(["two", "three"])
    expect(page.locator("output")).to_have_text("1 task left")
    page.get_by_label("two", exact=True).uncheck()
    expect(page.locator("output")).to_have_text("2 tasks left")
