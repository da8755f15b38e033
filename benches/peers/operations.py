"""The rows of the js-framework-benchmark, before and after each of its operations."""

from typing import NamedTuple


class Row(NamedTuple):
    """One row; a row that an operation leaves alone stays the same object."""

    id: int
    label: str
    selected: bool = False


Rows = list[Row]


def rows(start: int, count: int) -> Rows:
    """Return `count` rows with ids from `start`."""
    return [Row(number, f"pretty red chair {number}") for number in range(start, start + count)]


def operations() -> dict[str, tuple[Rows, Rows]]:
    """Return the rows before and after, by the name of the operation."""
    thousand = rows(1, 1_000)
    updated = [
        row if index % 10 else row._replace(label=f"{row.label} !!!") for index, row in enumerate(thousand)
    ]
    selected = [row._replace(selected=True) if row.id == 500 else row for row in thousand]
    swapped = [thousand[0], thousand[998], *thousand[2:998], thousand[1], thousand[999]]
    return {
        "create 1,000": ([], thousand),
        "replace 1,000": (thousand, rows(1_001, 1_000)),
        "update every tenth": (thousand, updated),
        "select": (thousand, selected),
        "swap": (thousand, swapped),
        "remove": (thousand, thousand[:400] + thousand[401:]),
        "append 1,000": (thousand, thousand + rows(1_001, 1_000)),
        "clear 1,000": (thousand, []),
    }
