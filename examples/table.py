"""The table of js-framework-benchmark: its eight operations, its ids and its row markup."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count, islice
from random import Random

from vango import For, component, html as h, signal

ADJECTIVES = (
    "pretty large big small tall short long handsome plain quaint clean elegant easy angry crazy helpful "
    "mushy odd unsightly adorable important inexpensive cheap expensive fancy"
)
COLOURS = "red yellow blue green pink brown purple brown white black orange"
NOUNS = "table chair house bbq desk car pony cookie sandwich burger pizza mouse keyboard"
WORDS = [words.split() for words in (ADJECTIVES, COLOURS, NOUNS)]


@dataclass(frozen=True)
class Row:
    """One row of the table; a changed row is a new object, so only it renders again."""

    id: int
    label: str
    selected: bool = False


def row_source(seed: int = 1) -> Iterator[Row]:
    """Rows without end, the same ones for each seed."""
    random = Random(seed)
    for row_id in count(1):
        yield Row(row_id, " ".join(map(random.choice, WORDS)))


@component
def Table():
    """A table that can be filled, changed, reordered and cleared."""
    source = signal(init=row_source)
    rows = signal([])

    def make(number: int) -> list[Row]:
        return list(islice(source.value, number))

    def run(number: int) -> None:
        rows.set(make(number))

    def add() -> None:
        rows.update(lambda old: old + make(1_000))

    def update() -> None:
        new = rows.value.copy()
        new[::10] = [replace(row, label=f"{row.label} !!!") for row in new[::10]]
        rows.set(new)

    def clear() -> None:
        rows.set([])

    def swap() -> None:
        new = rows.value.copy()
        if len(new) > 998:
            new[1], new[998] = new[998], new[1]
            rows.set(new)

    def select(row_id: int) -> None:
        rows.update(
            lambda old: [
                replace(row, selected=not row.selected) if row.selected != (row.id == row_id) else row
                for row in old
            ]
        )

    def remove(row_id: int) -> None:
        rows.update(lambda old: [row for row in old if row.id != row_id])

    def show(row: Row):
        return h.tr(class_="danger" if row.selected else None)[
            h.td(class_="col-md-1")[row.id],
            h.td(class_="col-md-4")[h.a(class_="lbl", on_click=(select, row.id))[row.label]],
            h.td(class_="col-md-1")[
                h.a(class_="remove", on_click=(remove, row.id))[
                    h.span(class_="remove glyphicon glyphicon-remove", aria_hidden="true")
                ]
            ],
            h.td(class_="col-md-6"),
        ]

    def button(name: str, text: str, *handler: object):
        return h.button(id=name, type="button", on_click=handler)[text]

    return h.section(class_="rows")[
        h.div(class_="buttons")[
            button("run", "Create 1,000 rows", run, 1_000),
            button("runlots", "Create 10,000 rows", run, 10_000),
            button("add", "Append 1,000 rows", add),
            button("update", "Update every 10th row", update),
            button("clear", "Clear", clear),
            button("swaprows", "Swap rows", swap),
        ],
        h.table(class_="table test-data")[
            h.tbody(id="tbody")[For(rows, key=lambda row: row.id, render=show)],
        ],
    ]
