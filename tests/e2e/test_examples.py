"""Each example of the gallery, clicked through."""

import re

from playwright.sync_api import Page, expect

from .serving import Server

EXAMPLES = {
    "Counter": "/counter",
    "To-do list": "/todo",
    "Table": "/table",
    "Basket": "/basket",
    "Places": "/places",
    "Structure": "/structure",
    "Lists": "/lists",
    "Clock": "/clock",
}


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


def test_the_basket_counts_marks_and_forgets_its_message(page: Page, gallery: Server) -> None:
    page.goto(gallery.url + "/basket")
    total, basket = page.locator("output"), page.get_by_role("list", name="Basket")
    shelf, said = page.get_by_role("group", name="Shelf"), page.locator("p[role=status]")
    expect(total).to_have_text("Nothing yet")
    for name in ("Apples", "Cheese", "Apples"):
        shelf.get_by_role("button", name=name).click()
        expect(said).to_have_text(f"{name} taken")
    expect(basket.locator("span")).to_have_text(["2 Apples", "1 Cheese"])
    expect(total).to_have_text("10.60, 0 as a gift")
    basket.get_by_label("gift").nth(1).check()
    expect(total).to_have_text("10.60, 1 as a gift")
    page.get_by_role("button", name="Put back Apples").click()
    expect(basket.locator("span")).to_have_text(["1 Apples", "1 Cheese"])
    expect(basket.get_by_label("gift").nth(1)).to_be_checked()
    page.get_by_role("button", name="Put back Cheese").click()
    expect(total).to_have_text("2.40, 0 as a gift")
    expect(said).to_have_text("Cheese put back")
    expect(said).to_be_empty()


def test_the_places_come_with_the_page(page: Page, gallery: Server) -> None:
    response = page.goto(gallery.url + "/places")
    assert response is not None
    assert ">Athens</button>" in response.text()
    expect(page.get_by_role("list", name="Found").get_by_role("button")).to_have_count(10)


def test_places_are_searched_not_found_and_found_again(page: Page, gallery: Server) -> None:
    page.goto(gallery.url + "/places")
    found, search = page.get_by_role("list", name="Found").get_by_role("button"), page.get_by_label("Search")
    search.press_sequentially("or", delay=10)
    expect(found).to_have_text(["Cork", "Porto"])
    search.fill("Atlantis")
    expect(page.get_by_role("alert")).to_contain_text("Atlantis has not been seen for a while.")
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("alert")).to_contain_text("Atlantis has not been seen for a while.")
    search.fill("b")
    expect(found).to_have_text(["Bergen", "Bologna", "Bristol"])
    expect(search).to_have_value("b")


def test_a_place_is_booked_once_while_the_buttons_rest(page: Page, gallery: Server) -> None:
    page.goto(gallery.url + "/places")
    page.get_by_role("button", name="Turin").click()
    expect(page.get_by_role("status")).to_have_text("Booking ...")
    expect(page.get_by_role("button", name="Porto")).to_be_disabled()
    expect(page.get_by_role("status")).to_have_text("Turin is booked.")
    expect(page.get_by_role("button", name="Porto")).to_be_enabled()


def test_sightings_keep_coming_and_the_page_keeps_five(page: Page, gallery: Server) -> None:
    page.goto(gallery.url + "/places")
    rows = page.get_by_role("list", name="Sightings").get_by_role("listitem")
    expect(rows.first).to_have_text(re.compile(r"^([7-9]|\d\d)\. Somebody was seen in "))
    numbers = [int(text.partition(".")[0]) for text in rows.all_inner_texts()]
    assert numbers == list(range(numbers[0], numbers[0] - 5, -1))


def test_f15_conditions_views_a_dialog_and_a_toast_of_the_structure_example(
    page: Page, gallery: Server
) -> None:
    page.goto(gallery.url + "/structure")
    basket = page.locator(".card", has_text="Basket")
    expect(basket.get_by_text("Nothing in here.")).to_be_visible()
    for text in ("1 thing", "2 things", "3 things"):
        basket.get_by_role("button").click()
        expect(basket.get_by_text(text, exact=True)).to_be_visible()
    expect(basket.get_by_text("One more?")).to_be_visible()
    expect(basket.get_by_role("heading")).to_have_text("Basket (3)")

    views = page.locator(".card", has_text="Views")
    expect(views.locator("meter")).to_have_count(3)
    views.get_by_role("button", name="As words").click()
    expect(views.get_by_text("3, 5, 8")).to_be_visible()
    expect(views.locator("meter")).to_have_count(0)

    page.get_by_role("button", name="Delete it").click()
    dialog = page.get_by_role("dialog", name="Delete the account?")
    expect(dialog).to_be_visible()
    assert dialog.evaluate("dialog => dialog.closest('.card')") is None
    dialog.get_by_role("button", name="Yes").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("status")).to_contain_text("The account is gone.")
    assert (
        page.locator(".vango-toast").evaluate(
            "toast => getComputedStyle(toast.parentNode.parentNode).position"
        )
        == "fixed"
    )
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator(".vango-toast")).to_have_count(0)


def test_f17_an_error_of_the_structure_example_stays_in_its_box(page: Page, gallery: Server) -> None:
    page.goto(gallery.url + "/structure")
    weather = page.locator(".card", has_text="Weather")
    for _ in range(2):
        weather.get_by_role("button", name="Ask again").click()
        expect(weather).to_contain_text("Sorry, the weather service does not answer.")
        weather.get_by_role("button", name="Try again").click()
        expect(weather).to_contain_text("Sunny.")


def test_rows_of_the_lists_example_keep_what_was_typed_and_leave_gently(page: Page, gallery: Server) -> None:
    page.goto(gallery.url + "/lists")
    page.get_by_label("Note for Grace").fill("vegetarian")
    page.get_by_role("button", name="Turn around").click()
    rows = page.locator(".guests > li")
    expect(rows.locator("span")).to_have_text(["Barbara: 1", "Grace: 1", "Edsger: 1", "Ada: 1"])
    expect(page.get_by_label("Note for Grace")).to_have_value("vegetarian")
    rows.nth(1).get_by_role("button", name="+").click()
    expect(rows.nth(1).locator("span")).to_have_text("Grace: 2")
    for name in ("Grace", "Ada"):
        rows.locator("span", has_text=name).click()
        expect(page.locator(".guests > .chosen > span")).to_have_text(re.compile(name))
    expect(page.get_by_label("Note for Grace")).to_have_value("vegetarian")
    page.get_by_role("button", name="Remove Edsger").click()
    expect(rows.locator("span")).to_have_text(["Barbara: 1", "Grace: 2", "Ada: 1"])


def test_the_log_of_the_lists_example_scrolls_to_its_end(page: Page, gallery: Server) -> None:
    page.goto(gallery.url + "/lists")
    log = page.get_by_role("region", name="Log")
    log.scroll_into_view_if_needed()
    log.evaluate("box => { box.scrollTop = box.scrollHeight; }")
    expect(log.get_by_text("099999")).to_be_in_viewport()
    page.get_by_role("button", name="The other end first").click()
    expect(log.get_by_text("000000")).to_be_in_viewport()
    assert log.locator("tr").count() < 60
