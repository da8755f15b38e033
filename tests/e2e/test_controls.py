"""Form controls: whatever way a page takes, they show what a fresh document would show."""

import pytest
from playwright.sync_api import Page

from vango import html as h

from .test_oracle import pair

DIFFS = ["built", "adopted"]
SNAPSHOTS = ["resynced", "remounted", "adopted_resynced", "adopted_remounted"]
BOTH = [False, True]


def controls(oracle: Page, way: str, old: object, new: object) -> list:
    """What each control says after `way`: value, for boxes two booleans, whether it has a `value=`."""
    return oracle.evaluate("([pair, way]) => oracle.controls(pair, way)", [pair(old, new), way])


def options(*values: str, chosen: str = ""):
    return [h.option(value=value, key=value, selected=value == chosen)[value] for value in values]


@pytest.mark.parametrize("way", [*DIFFS, *SNAPSHOTS])
def test_a_value_that_is_no_longer_said_is_gone(oracle: Page, way: str) -> None:
    old = h.div[h.textarea(value="x"), h.input(value="x"), h.input(type="checkbox", checked=True, value="x")]
    new = h.div[h.textarea(), h.input(), h.input(type="checkbox")]
    assert controls(oracle, way, old, new) == [["", False], ["", False], ["on", False, False, False]]


@pytest.mark.parametrize("way", [*DIFFS, *SNAPSHOTS])
def test_a_box_that_was_a_field_has_the_value_of_a_box(oracle: Page, way: str) -> None:
    old, new = h.div[h.input(value="typed", type="text")], h.div[h.input(type="checkbox")]
    assert controls(oracle, way, old, new) == [["on", False, False, False]]


@pytest.mark.parametrize("way", [*DIFFS, *SNAPSHOTS])
def test_a_list_chooses_among_the_options_of_its_own_burst(oracle: Page, way: str) -> None:
    old = h.div[h.select(value="a")[options("a", "b")]]
    new = h.div[h.select(value="d")[options("c", "d", "a")]]
    assert controls(oracle, way, old, new) == [["d", False]]


@pytest.mark.parametrize("way", [*DIFFS, *SNAPSHOTS])
def test_a_list_keeps_its_choice_when_its_options_are_made_again(oracle: Page, way: str) -> None:
    old = h.div[h.select(value="b")[[h.option(value=name)[name] for name in "abc"]]]
    new = h.div[h.select(value="b")[[h.option(value=name, key=name)[name] for name in "cab"]]]
    assert controls(oracle, way, old, new) == [["b", False]]


@pytest.mark.parametrize("way", [*DIFFS, *SNAPSHOTS])
def test_a_list_finds_a_choice_whose_option_comes_later(oracle: Page, way: str) -> None:
    old = h.div[h.select(value="c")[options("c", "a")]]
    new = h.div[h.select(value="c")[options("a", "b"), h.optgroup(label="more")[options("c")]]]
    assert controls(oracle, way, old, new) == [["c", False]]


@pytest.mark.parametrize("way", [*DIFFS, *SNAPSHOTS])
def test_a_list_without_a_choice_shows_its_first_option(oracle: Page, way: str) -> None:
    old = h.div[h.select(value="b")[options("a", "b")]]
    new = h.div[h.select[options("a", "b")]]
    assert controls(oracle, way, old, new) == [["a", False]]


@pytest.mark.parametrize("way", [*DIFFS, *SNAPSHOTS])
def test_an_option_takes_the_choice_over_from_its_list(oracle: Page, way: str) -> None:
    old = h.div[h.select(value="b")[options("a", "b")]]
    new = h.div[h.select[options("a", "b", chosen="a")]]
    assert controls(oracle, way, old, new) == [["a", False]]


@pytest.mark.parametrize("way", [*DIFFS, *SNAPSHOTS])
def test_a_list_takes_the_choice_over_from_an_option(oracle: Page, way: str) -> None:
    old = h.div[h.select[options("a", "b", "c", chosen="b")]]
    new = h.div[h.select(value="c")[options("a", "b", "c")]]
    assert controls(oracle, way, old, new) == [["c", False]]


@pytest.mark.parametrize("way", [*DIFFS, *SNAPSHOTS])
def test_a_choice_that_an_option_made_ends_with_it(oracle: Page, way: str) -> None:
    old = h.div[h.select[options("a", "b", chosen="b")]]
    new = h.div[h.select[options("a", "b")]]
    assert controls(oracle, way, old, new) == [["a", False]]


@pytest.mark.parametrize("way", [*DIFFS, *SNAPSHOTS])
def test_boxes_are_what_is_said_of_them(oracle: Page, way: str) -> None:
    old = h.div[[h.input(type="checkbox", checked=c, indeterminate=i) for c in BOTH for i in BOTH]]
    new = h.div[[h.input(type="checkbox", checked=not c, indeterminate=not i) for c in BOTH for i in BOTH]]
    wanted = [["on", not c, not i, False] for c in BOTH for i in BOTH]
    assert controls(oracle, way, old, new) == wanted


@pytest.mark.parametrize(("way", "shown"), [("served", True), ("adopted_resynced", False)])
def test_a_page_says_which_box_is_undecided(oracle: Page, way: str, shown: bool) -> None:
    page = '<input data-hid="1" indeterminate="" type="checkbox">'
    case = pair(h.input(type="checkbox", indeterminate=True), h.input(type="checkbox"))
    case |= {"html": page, "new_html": page}
    assert oracle.evaluate("([pair, way]) => oracle.controls(pair, way)", [case, way]) == [
        ["on", False, shown, False]
    ]
