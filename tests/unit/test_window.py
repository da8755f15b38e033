"""For with a window: the session holds the rows in view, and nothing grows with the list."""

from __future__ import annotations

import gc
import re
import tracemalloc
from collections.abc import Sequence
from typing import Any, overload

import pytest
from view_driver import Page

from vango import html as h
from vango._core import EVENT_KINDS
from vango.components.component import component
from vango.components.lists import For
from vango.components.state import on_cleanup, signal
from vango.components.window import Window
from vango.events import Scroll
from vango.reactive.signals import Signal

WINDOW = Window(row_height=10, height=50, overscan=4)
"""Six rows in view, four beyond each edge, steps of two: 16 rows."""


class Windowed:
    """A list with a window on a page, which can be scrolled."""

    def __init__(self, each: Any, render: Any = None, window: Window = WINDOW, **options: Any) -> None:
        self.ran: list[Any] = []
        render = render or self.row
        self.page = Page(For(each, key=lambda n: n, render=render, window=window, **options))

    def row(self, n: int) -> object:
        self.ran.append(n)
        return h.p[n]

    def scroll(self, y: float) -> None:
        self.ran.clear()
        (hid,) = [hid for hid in range(1, 9) if self.page.view.target(hid, EVENT_KINDS["scroll"])]
        target = self.page.view.target(hid, EVENT_KINDS["scroll"])
        assert target is not None
        target.fn(Scroll("scroll", y=round(y)))
        self.page.flush()

    @property
    def shown(self) -> list[str]:
        return re.findall(r"<p>(.*?)</p>", self.page.html)

    @property
    def padding(self) -> str:
        found = re.search(r"padding:([^\"]*)", self.page.html)
        assert found is not None
        return found[1]


def numbers(first: int, last: int) -> list[str]:
    return [str(n) for n in range(first, last)]


def test_only_the_window_is_on_the_page_and_the_rest_is_padding() -> None:
    rows = Windowed(range(1_000))
    assert rows.shown == numbers(0, 16)
    assert rows.padding == "0px 0 9840px"
    rows.scroll(500)
    assert rows.shown == numbers(46, 62)
    assert rows.padding == "460px 0 9380px"
    rows.scroll(9_950)
    assert rows.shown == numbers(984, 1_000)
    assert rows.padding == "9840px 0 0px"
    rows.scroll(-20)
    assert rows.shown == numbers(0, 16)


def test_the_padding_of_long_lists_is_exact() -> None:
    rows = Windowed(range(1_234_567), window=Window(row_height=10.25, height=50.5, overscan=0))
    assert rows.padding == "0px 0 12654240px"
    rows.scroll(6_000_000)
    assert rows.padding == "5999991.25px 0 6654248.75px"
    assert 'style="height:50.5px"' in rows.page.html


def test_a_scroll_runs_the_rows_that_come_and_a_small_one_none() -> None:
    rows = Windowed(range(1_000))
    rows.scroll(100)
    assert (rows.shown, rows.ran) == (numbers(6, 22), [16, 17, 18, 19, 20, 21])
    rows.scroll(119)
    assert rows.ran == []
    rows.scroll(120)
    assert rows.ran == [22, 23]


def test_a_list_shorter_than_the_window_is_all_there() -> None:
    each = Signal(list(range(3)))
    rows = Windowed(each)
    assert (rows.shown, rows.padding) == (numbers(0, 3), "0px 0 0px")
    each.set([])
    rows.page.flush()
    assert (rows.shown, rows.padding) == ([], "0px 0 0px")


def test_a_list_that_shrinks_under_the_window_shows_its_end_and_grows_back() -> None:
    each = Signal[Sequence[int]](range(1_000))
    rows = Windowed(each)
    rows.scroll(5_000)
    each.set(range(20))
    rows.page.flush()
    assert (rows.shown, rows.padding) == (numbers(4, 20), "40px 0 0px")
    each.set(range(1_000))
    rows.page.flush()
    assert rows.shown == numbers(496, 512)


def test_the_index_is_that_of_the_whole_list() -> None:
    each = Signal[Sequence[int]](range(1_000))
    rows = Windowed(each, lambda n, index: h.p[f"{index}:{n}"])
    rows.scroll(500)
    assert rows.shown[0] == "46:46"
    each.set(range(1_000)[::-1])
    rows.page.flush()
    assert rows.shown[:2] == ["46:953", "47:952"]


def test_rows_whose_place_in_the_window_is_the_same_but_not_in_the_list_are_numbered_anew() -> None:
    each = Signal[Sequence[int]](range(100))
    rows = Windowed(each, lambda n, index: h.p[f"{index}:{n}"], Window(row_height=10, height=10, overscan=0))
    rows.scroll(500)
    assert rows.shown == ["50:50", "51:51", "52:52"]
    each.set([-1, *range(100)])
    rows.scroll(510)
    assert rows.shown == ["51:50", "52:51", "53:52"]


def test_a_row_that_leaves_the_window_ends_and_a_row_in_it_keeps_its_state() -> None:
    ended: list[int] = []

    @component
    def Row(n: int) -> object:
        count = signal(0)
        on_cleanup(lambda: ended.append(n))
        return h.p[h.button(on_click=lambda: count.update(lambda c: c + 1))[lambda: f"{n}: {count()}"]]

    rows = Windowed(range(100), lambda n: Row(n, key=n))
    rows.page.click("8: 0")
    rows.scroll(100)
    assert "8: 1" in rows.page.html
    assert ended == [0, 1, 2, 3, 4, 5]
    rows.scroll(900)
    assert "8: 1" not in rows.page.html
    rows.scroll(0)
    assert "8: 0" in rows.page.html


def test_an_owner_that_renders_again_keeps_the_window_where_it_is() -> None:
    suffix = Signal("a")

    @component
    def Owner() -> object:
        text = suffix()
        return h.main[text, For(range(99), key=str, render=lambda n: h.p[f"{n}{text}"], window=WINDOW)]

    rows = Windowed([])
    rows.page = Page(Owner())
    rows.scroll(500)
    assert rows.shown[0] == "46a"
    suffix.set("b")
    rows.page.flush()
    assert rows.shown[0] == "46b"
    assert rows.page.errors == []


def test_what_stands_around_the_rows_is_the_applications() -> None:
    window = Window(row_height=10, height=20, label="Log", class_="log", around=lambda rows: h.ol[rows])
    page = Page(For("ab", key=lambda c: c, render=lambda c: h.li[c], window=window))
    assert page.html == (
        '<div aria-label="Log" class="vango-window log" data-on="scroll:fields" role="region" '
        'style="height:20px" tabindex="0"><div style="padding:0px 0 0px">'
        "<ol><li>a</li><li>b</li></ol></div></div>"
    )


class Virtual(Sequence[int]):
    """A million rows that exist when they are asked for."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def __len__(self) -> int:
        return 1_000_000

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[int]: ...
    def __getitem__(self, at: Any) -> Any:
        self.asked.append(at)
        return range(1_000_000)[at]


def test_of_a_sequence_only_the_window_is_asked_for() -> None:
    each = Virtual()
    rows = Windowed(each)
    rows.scroll(5_000_000)
    assert each.asked == [slice(0, 16), slice(499_996, 500_012)]


def test_the_memory_of_a_session_stays_flat_while_100000_rows_scroll_by() -> None:
    rows = Windowed(range(100_000), lambda n: h.p(on_click=(print, n))[n])

    def weigh() -> int:
        for y in range(0, 1_000_000, 5_000):
            rows.scroll(y)
        rows.scroll(0)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    weigh()
    tracemalloc.start()
    try:
        first = weigh()
        assert weigh() - first < 2_000, "bytes, after 200 windows more"
    finally:
        tracemalloc.stop()
    assert rows.page.view.tree.count < 60


@pytest.mark.parametrize(
    ("measures", "message"),
    [
        ({"row_height": 0}, r"Window\(row_height=0\): a number of CSS pixels above 0"),
        ({"row_height": 10, "height": -1}, r"Window\(height=-1\)"),
        ({"row_height": float("inf")}, r"Window\(row_height=inf\)"),
        ({"row_height": 10, "overscan": -1}, r"Window\(overscan=-1\): a number of rows, 0 or more"),
    ],
)
def test_measures_that_cannot_be_are_refused(measures: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Window(**measures)


def test_a_window_is_one() -> None:
    with pytest.raises(
        TypeError, match=r"For\(window=...\) is a Window\(row_height=32, height=480\), not 400"
    ):
        For([], key=str, render=str, window=400)  # type: ignore[arg-type]
