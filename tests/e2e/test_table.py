"""The operations of js-framework-benchmark on `/table`."""

import pytest
from playwright.sync_api import Page, expect

from .serving import Server

READ = """
() => Array.from(document.querySelectorAll("tbody > tr"), (row) => ({
  id: Number(row.cells[0].textContent),
  label: row.querySelector("a.lbl").textContent,
  danger: row.className === "danger",
}))
"""
MARK = 'document.querySelectorAll("tbody > tr").forEach((row, index) => { row.mark = index; })'
MARKS = '() => Array.from(document.querySelectorAll("tbody > tr"), (row) => row.mark ?? null)'
ROW = (
    '<td class="col-md-1">{id}</td>'
    '<td class="col-md-4"><a class="lbl">{label}</a></td>'
    '<td class="col-md-1"><a class="remove">'
    '<span aria-hidden="true" class="remove glyphicon glyphicon-remove"></span></a></td>'
    '<td class="col-md-6"></td>'
)


@pytest.fixture
def table(page: Page, gallery: Server) -> Page:
    """The page with its first 1,000 rows, each node marked with its index."""
    page.goto(gallery.url + "/table")
    press(page, "run", 1_000)
    page.evaluate(MARK)
    return page


def press(page: Page, button: str, rows: int) -> None:
    page.locator(f"#{button}").click()
    expect(page.locator("tbody > tr")).to_have_count(rows)


def rows(page: Page) -> list[dict]:
    return page.evaluate(READ)


def test_b45_create_makes_1000_rows_in_the_markup_of_the_benchmark(table: Page) -> None:
    made = rows(table)
    assert [row["id"] for row in made] == list(range(1, 1_001))
    assert all(len(row["label"].split()) == 3 for row in made)
    assert len({row["label"] for row in made}) > 700
    markup = table.evaluate(
        'document.querySelector("tbody > tr:nth-child(7)").outerHTML'
        '.replace(/ data-(hid|ev|on)="[^"]*"/g, "").replace(/<!--.*?-->/g, "")'
    )
    assert markup == f"<tr>{ROW.format(**made[6])}</tr>"


def test_b45_create_again_replaces_every_row(table: Page) -> None:
    table.locator("#run").click()
    expect(table.locator("tbody > tr:first-child > td:first-child")).to_have_text("1001")
    assert [row["id"] for row in rows(table)] == list(range(1_001, 2_001))
    assert table.evaluate(MARKS) == [None] * 1_000


def test_b45_create_many_makes_10000_rows(table: Page) -> None:
    press(table, "runlots", 10_000)
    made = rows(table)
    assert [row["id"] for row in made] == list(range(1_001, 11_001))
    assert table.evaluate("document.querySelectorAll('tbody > tr > td.col-md-6').length") == 10_000


def test_b45_append_adds_1000_rows_below(table: Page) -> None:
    press(table, "add", 2_000)
    assert [row["id"] for row in rows(table)] == list(range(1, 2_001))
    assert table.evaluate(MARKS) == [*range(1_000), *[None] * 1_000]


def test_b45_update_marks_every_tenth_label(table: Page) -> None:
    before = rows(table)
    for times in (1, 2):
        table.locator("#update").click()
        expect(table.locator("tbody > tr:nth-child(991) a.lbl")).to_have_text(
            before[990]["label"] + " !!!" * times
        )
        assert rows(table) == [
            row if index % 10 else {**row, "label": row["label"] + " !!!" * times}
            for index, row in enumerate(before)
        ]
    assert table.evaluate(MARKS) == list(range(1_000))


def test_b45_swap_exchanges_the_second_and_the_999th_row_and_keeps_their_nodes(table: Page) -> None:
    before = rows(table)
    expected = [before[0], before[998], *before[2:998], before[1], before[999]]
    table.locator("#swaprows").click()
    expect(table.locator("tbody > tr:nth-child(2) > td:first-child")).to_have_text("999")
    assert rows(table) == expected
    assert table.evaluate(MARKS) == [0, 998, *range(2, 998), 1, 999]
    table.locator("#swaprows").click()
    expect(table.locator("tbody > tr:nth-child(2) > td:first-child")).to_have_text("2")
    assert rows(table) == before
    assert table.evaluate(MARKS) == list(range(1_000))


def test_b45_select_marks_one_row(table: Page) -> None:
    for chosen in (5, 2, 999):
        row = table.locator("tbody > tr").nth(chosen)
        row.locator("a.lbl").click()
        expect(row).to_have_class("danger")
        assert [index for index, row in enumerate(rows(table)) if row["danger"]] == [chosen]
    assert table.evaluate(MARKS) == list(range(1_000))


def test_b45_remove_takes_one_row_out_and_no_other(table: Page) -> None:
    before = rows(table)
    table.locator("tbody > tr").nth(3).locator("span.remove").click()
    expect(table.locator("tbody > tr")).to_have_count(999)
    assert rows(table) == before[:3] + before[4:]
    assert table.evaluate(MARKS) == [0, 1, 2, *range(4, 1_000)]


def test_b45_clear_leaves_no_row(table: Page) -> None:
    press(table, "clear", 0)
    assert table.evaluate('document.querySelector("tbody").childElementCount') == 0
    press(table, "add", 1_000)
    assert [row["id"] for row in rows(table)] == list(range(1_001, 2_001))
