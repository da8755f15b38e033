"""What sessions say that they weigh, beside what malloc has handed out for them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from view_driver import Page
from weighed_pages import PAGES

from vango import component, html as h, memo, signal
from vango._core import Tree
from vango.components.weight import value
from vango.reactive.signals import Signal

FACTOR = 1.5


@pytest.mark.parametrize("name", PAGES)
def test_s001_3_a_session_weighs_what_it_says_within_a_factor(name: str) -> None:
    program = Path(__file__).parent / "weighed_pages.py"
    told = subprocess.run(
        [sys.executable, str(program), name],
        env={**os.environ, "PYTHONMALLOC": "malloc"},
        capture_output=True,
        text=True,
        check=True,
    )
    weighed, said, again = json.loads(told.stdout)
    assert said == again
    assert weighed / FACTOR < said < weighed * FACTOR


@component
def Two(first: Signal[object]):
    return h.main[Holder(key="first", given=first), Holder(key="second", given=Signal(None))]


@component
def Holder(given: Signal[object]):
    kept = signal(init=given.peek)
    return h.p[lambda: str(kept())[:1]]


def test_s001_3_a_component_weighs_what_its_signals_hold() -> None:
    page = Page(Two(Signal("x" * 100_000)))
    light = Page(Two(Signal("")))
    assert 100_000 <= page.view.weight - light.view.weight < 101_000
    scopes = page.view._root._inner()
    while len(scopes) == 1:
        scopes = scopes[0]._inner()
    heavy, empty = (scope.weight for scope in scopes)
    assert heavy - empty > 99_000


def test_a_memo_that_nobody_has_read_weighs_what_it_is_itself() -> None:
    @component
    def Unread() -> object:
        late = memo(lambda: "x" * 10_000)
        shown = signal(False)
        return h.p(id="p", on_click=lambda: shown.set(True))[lambda: late() if shown() else ""]

    page = Page(Unread())
    before = page.view.weight
    page.click("p")
    assert before < 10_000 < page.view.weight


def test_a_view_weighs_its_nodes_and_gives_them_back() -> None:
    count = Signal(0)
    page = Page(h.div[lambda: [h.p["paragraph ", str(n)] for n in range(count())]])
    empty = page.view.weight
    count.set(100)
    page.flush()
    assert page.view.weight - empty > 100 * 100
    count.set(0)
    page.flush()
    assert page.view.weight - empty < 2_000
    page.view.close()
    assert page.view.weight > 0


def test_a_tree_weighs_more_with_each_node_and_a_row_less_than_its_nodes() -> None:
    def row(key: int | None) -> Any:
        return h.tr(key=key)[h.td["one"], h.td["two"], h.td["three"]]

    Tree(h.table[[row(n) for n in range(2)]])  # rows are known from the second on
    rows, plain = Tree(h.table[[row(n) for n in range(50)]]), Tree(h.table[[row(None) for _ in range(50)]])
    assert Tree(h.table).weight < rows.weight < plain.weight / 2


@dataclass
class Item:
    name: str


@dataclass(slots=True)
class Slim:
    name: str


class Rude:
    def __sizeof__(self) -> int:
        raise RuntimeError("not today")


class Endless(list[Any]):
    """Not one of the types that are looked into."""

    def __iter__(self) -> Any:
        raise AssertionError("nobody may run code of the application for an estimate")


@pytest.mark.parametrize(
    ("thing", "least", "most"),
    [
        (None, 0, 0),
        (7, 0, 0),
        ("x" * 1_000, 1_000, 1_100),
        (["x" * 1_000] * 10_000, 10_000_000, 11_000_000),
        (dict.fromkeys(range(1000), "x" * 1000), 1_000_000, 1_300_000),
        ({str(n) * 100 for n in range(1_000, 2_000)}, 400_000, 600_000),
        ([Item("x" * 1_000) for _ in range(100)], 100_000, 140_000),
        ([Slim("x" * 1_000) for _ in range(100)], 100_000, 120_000),
        (Rude(), 16, 400),
        (Endless(), 50, 200),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_a_value_is_estimated_by_a_sample_of_what_is_in_it(thing: object, least: int, most: int) -> None:
    assert least <= value(thing) <= most


def test_a_value_that_holds_itself_is_looked_into_to_a_depth() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert 0 < value(loop) < 1_000
