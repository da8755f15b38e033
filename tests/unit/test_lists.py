"""For: rows that run again only where an item changed."""

from __future__ import annotations

import itertools
import random
from asyncio import CancelledError
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, strategies as st
from view_driver import Page

from vango import html as h
from vango.components.component import component
from vango.components.lists import For
from vango.components.state import effect, on_cleanup, signal
from vango.reactive.signals import Memo, Signal


@dataclass(eq=False)
class Item:
    id: Any
    text: str = ""


def items(*ids: Any) -> list[Item]:
    return [Item(each, f"item {each}") for each in ids]


class Rows:
    """A list on a page that records which rows run."""

    def __init__(self, *ids: Any, **options: Any) -> None:
        self.ran: list[Any] = []
        self.each: Signal[list[Item]] = Signal(items(*ids))
        self.page = Page(h.ul[For(self.each, key=lambda item: item.id, render=self.row, **options)])

    def row(self, item: Item) -> object:
        self.ran.append(item.id)
        return h.li[item.text]

    def set(self, *rows: Item) -> list[Any]:
        self.ran.clear()
        self.each.set(list(rows))
        self.page.flush()
        return self.ran

    @property
    def shown(self) -> list[str]:
        return [part.split("</li>")[0] for part in self.page.html.split("<li>")[1:]]


def test_runs_only_the_rows_whose_item_is_another_object() -> None:
    rows = Rows(1, 2, 3)
    one, _, three = rows.each.peek()
    assert rows.ran == [1, 2, 3]
    assert rows.set(one, Item(2, "changed"), three) == [2]
    assert rows.shown == ["item 1", "changed", "item 3"]
    assert rows.set(three, one) == []
    assert rows.shown == ["item 3", "item 1"]
    assert rows.set(three, Item(4, "new"), one) == [4]
    assert rows.set() == []
    assert rows.shown == []


def test_same_tells_which_items_show_the_same() -> None:
    rows = Rows(1, 2, same=lambda old, new: old.text == new.text)
    assert rows.set(*items(1, 2)) == []
    assert rows.set(Item(1, "item 1"), Item(2, "x")) == [2]

    def broken(old: Item, new: Item) -> bool:
        raise ValueError

    assert Rows(1, 2, same=broken).set(*items(1, 2)) == [1, 2]


def test_an_unchanged_list_patches_nothing() -> None:
    rows = Rows(*range(100))
    rows.each.set(list(rows.each.peek()))
    assert rows.page.flush() == b""


def test_random_changes_show_what_a_fresh_list_shows() -> None:
    chance = random.Random(4)
    rows = Rows(*range(12))
    for step in range(150):
        now = list(rows.each.peek())
        chance.shuffle(now)
        now = now[: chance.randrange(0, 14)]
        known = {item.id for item in now}
        now += [Item(each, f"{step}") for each in chance.sample(range(30), 5) if each not in known]
        expected = [item.id for item in now if item not in rows.each.peek()]
        chance.shuffle(now)
        assert sorted(expected) == sorted(rows.set(*now))
        assert [item.text for item in now] == rows.shown


@st.composite
def in_place(draw: st.DrawFn) -> list[list[tuple[int, int]]]:
    """Lists of one length, one after another, of (key, version): items anew, elsewhere, of other keys."""
    length = draw(st.integers(0, 8))
    now = [(key, 0) for key in range(length)]
    lists = [now]
    for version in range(1, draw(st.integers(2, 5))):
        now = list(now)
        for at in draw(st.sets(st.integers(0, length - 1))) if length else ():
            now[at] = now[at][0], version
        places = sorted(draw(st.sets(st.integers(0, length - 1)))) if length else []
        for at, item in zip(places, draw(st.permutations([now[at] for at in places])), strict=True):
            now[at] = item
        if length and draw(st.booleans()):
            now[draw(st.integers(0, length - 1))] = 100 + version, version
        lists.append(now)
    return lists


@given(in_place(), st.booleans(), st.booleans(), st.booleans())
def test_what_changes_in_place_shows_what_a_fresh_list_shows(
    lists: list[list[tuple[int, int]]], by_index: bool, has_state: bool, has_same: bool
) -> None:
    ran: list[int] = []
    made: dict[int, int] = {}

    def row(item: tuple[int, int], index: int) -> object:
        ran.append(item[0])
        text = f"{item} {index}"
        if has_state and item[0] % 2:
            state = signal(init=lambda: made.setdefault(item[0], len(made)))
            return h.li[text, " ", state]
        return h.li[text]

    def plain(item: tuple[int, int]) -> object:
        return row(item, -1)

    options: dict[str, Any] = {"render": row if by_index else plain, "key": lambda item: item[0]}
    if has_same:
        options["same"] = lambda old, new: old == new
    each = Signal(list(lists[0]))
    page = Page(h.ul[For(each, **options)])
    for before, now in itertools.pairwise(lists):
        ran.clear()
        there = {key: (index, (key, version)) for index, (key, version) in enumerate(before)}
        again = [
            item[0]
            for index, item in enumerate(now)
            if item[0] not in there or there[item[0]][1] != item or (by_index and there[item[0]][0] != index)
        ]
        for gone in there.keys() - {key for key, _ in now}:
            made.pop(gone, None)
        each.set(now)
        page.flush()
        assert sorted(ran) == sorted(again)
        fresh = Page(h.ul[For(Signal(now), **options)])
        assert page.html == fresh.html


@pytest.mark.parametrize("form", ["list", "tuple", "generator", "function", "memo"])
def test_each_may_be_anything_that_gives_items(form: str) -> None:
    source = Signal(items("a", "b"))
    forms: dict[str, Any] = {
        "list": source.peek(),
        "tuple": tuple(source.peek()),
        "generator": (item for item in source.peek()),
        "function": lambda: source(),
        "memo": Memo(lambda: source()),
    }
    page = Page(For(forms[form], key=lambda item: item.id, render=lambda item: h.li[item.text]))
    assert page.html == "<li>item a</li><li>item b</li>"
    source.set(items("b"))
    page.flush()
    assert (page.html == "<li>item b</li>") == (form in ("function", "memo"))


def test_a_new_render_of_the_owner_runs_all_rows() -> None:
    suffix = Signal("!")
    source = Signal(items(1, 2))
    ran: list[int] = []

    @component
    def Owner() -> object:
        mark = suffix()
        return For(
            source, key=lambda item: item.id, render=lambda item: ran.append(1) or h.li[item.text, mark]
        )

    page = Page(Owner())
    suffix.set("?")
    page.flush()
    assert page.html == "<li>item 1?</li><li>item 2?</li>"
    assert len(ran) == 4


def test_a_second_required_parameter_gets_the_index() -> None:
    ran: list[Any] = []

    def row(item: str, index: int, extra: str = ".") -> object:
        ran.append(item)
        return h.li[index, item, extra]

    source = Signal(["a", "b", "c"])
    page = Page(For(source, key=lambda item: item, render=row))
    source.set(["b", "c"])
    page.flush()
    assert page.html == "<li>0b.</li><li>1c.</li>"
    assert ran == ["a", "b", "c", "b", "c"]

    class Table:
        def row(self, item: str) -> object:
            return item

        def numbered(self, item: str, index: int) -> object:
            return f"{index}{item}"

    assert Page(For(source, key=str, render=Table().row)).html == "bc"
    assert Page(For(source, key=str, render=Table().numbered)).html == "0b1c"
    assert Page(For(source, key=str, render=str)).html == "bc"
    assert Page(For(source, key=str, render=lambda item, mark="": item + mark)).html == "bc"


def test_a_key_used_twice_raises_with_the_key() -> None:
    rows = Rows("a", "b")
    rows.set(*items("a", "b", "a"))
    assert "two items have the key 'a'; give each its own" in rows.page.errors[0]
    rows.set(*items("a", "b"))
    assert rows.shown == ["item a", "item b"]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ([1], "unhashable type: 'list'; a key is a str, int"),
        (1.5, "the key of 1 is 1.5 (float); a key is a str"),
    ],
)
def test_what_cannot_be_a_key_raises_and_names_the_list(key: Any, message: str) -> None:
    ((where, error),) = Page(For([1], key=lambda _: key, render=str)).host.errors
    assert message in str(error)
    assert where.startswith("For with render=")


def test_items_that_can_be_read_once_are_there_when_the_list_renders_again_alone() -> None:
    prefix = Signal("a")
    page = Page(For((n for n in range(2)), key=lambda n: f"{prefix()}{n}", render=str))
    prefix.set("b")
    page.flush()
    assert page.html == "01"


def test_one_and_the_string_one_are_two_keys() -> None:
    assert Rows(1, "1").shown == ["item 1", "item 1"]


@pytest.mark.parametrize(
    ("place", "key", "message"),
    [
        (1, 1, "two items have the key 1"),
        (0, True, "is True (bool)"),
        (1, 2.0, "(float)"),
        (1, [2], "unhashable"),
    ],
)
def test_a_key_that_goes_wrong_in_its_place_raises_and_the_rows_stand(
    place: int, key: Any, message: str
) -> None:
    rows = Rows(1, 2, 3)
    wrong = items(1, 2, 3)
    wrong[place] = Item(key, "wrong")
    rows.set(*wrong)
    assert message in rows.page.errors[-1]
    one, _, three = wrong = items(1, 2, 3)
    assert rows.set(*wrong) == [1, 2, 3]
    assert rows.set(one, Item(2, "right"), three) == [2]
    assert rows.shown == ["item 1", "right", "item 3"]


def test_a_key_must_be_one() -> None:
    assert "a key is a str, int, bytes, UUID or a tuple" in Rows(1.5).page.errors[0]


def test_misuse_says_what_to_write() -> None:
    with pytest.raises(TypeError, match=r"For\(key=...\) is a function of the item"):
        For([], key="id", render=str)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"For\(render=...\) is a function of the item"):
        For([], key=str, render=None)  # type: ignore[arg-type]
    page = Page(For(lambda: None, key=str, render=str))  # type: ignore[arg-type, return-value]
    assert "gave None, which has no items" in page.errors[0]


def test_a_row_gets_a_scope_only_when_it_makes_state_or_reads() -> None:
    source = Signal(items(*range(20)))
    other = Signal(0)

    def scopes(row: Any) -> int:
        return Page(For(source, key=lambda item: item.id, render=row)).view.scope_count

    bare = scopes(lambda item: h.li[item.text])
    assert bare == scopes(lambda item: h.li(on_click=(print, item.id))["x"])
    assert bare + 20 == scopes(lambda item: h.li[other()])
    assert bare + 40 == scopes(lambda item: h.li[signal(0)])
    assert bare + 20 == scopes(lambda item: on_cleanup(lambda: None))
    assert bare + 20 == scopes(lambda item: effect(lambda: None) and None)
    assert bare + 20 == scopes(lambda item: h.li[other]), "a slot in a row is a scope, the row is none"


def test_a_row_with_state_runs_alone_and_keeps_it_with_its_key() -> None:
    source = Signal(items("a", "b", "c"))
    ran: list[str] = []

    def row(item: Item) -> object:
        count = signal(0)
        ran.append(item.id)
        return h.li[
            h.button(id=item.id, on_click=lambda: count.update(lambda n: n + 1))[item.text, " ", count()]
        ]

    page = Page(h.ul[For(source, key=lambda item: item.id, render=row)])
    ran.clear()
    page.click("c")
    assert ran == ["c"]
    a, _, c = source.peek()
    source.set([c, Item("a", "new a")])
    page.flush()
    assert ran == ["c", "a"]
    page.click("a")
    assert "item c 1</button></li><li>" in page.html
    assert "new a 1</button>" in page.html
    assert a.text == "item a"


def test_rows_come_to_need_a_scope_when_their_item_changes() -> None:
    other = Signal("x")
    source = Signal(items(1, 2))
    page = Page(
        For(source, key=lambda i: i.id, render=lambda i: h.li[other() if "live" in i.text else i.text])
    )
    before = page.view.scope_count
    one, _ = source.peek()
    source.set([one, Item(2, "live")])
    page.flush()
    assert before + 1 == page.view.scope_count
    other.set("y")
    page.flush()
    assert page.html == "<li>item 1</li><li>y</li>"


def test_rows_may_hold_components_that_follow_their_key() -> None:
    @component
    def Counter(name: str) -> object:
        count = signal(0)
        return h.button(id=name, on_click=lambda: count.update(lambda n: n + 1))[name, count]

    source = Signal(["a", "b", "c"])
    page = Page(For(source, key=str, render=lambda name: h.li[Counter(name)]))
    page.click("b")
    source.set(["c", "b", "d"])
    page.flush()
    assert [part.split("<")[0] for part in page.html.split('">')[1:]] == ["c0", "b1", "d0"]


def test_rows_that_leave_are_disposed() -> None:
    source = Signal(items(1, 2, 3))
    log: list[str] = []

    def row(item: Item) -> object:
        on_cleanup(lambda: log.append(f"-{item.id}"))
        effect(lambda: log.append(f"+{item.id}"))
        return h.li[item.text]

    page = Page(For(source, key=lambda item: item.id, render=row))
    one, _, three = source.peek()
    source.set([three, one])
    page.flush()
    assert log == ["+1", "+2", "+3", "-2"]
    page.close()
    assert sorted(log[4:]) == ["-1", "-3"]


def test_a_row_that_raises_leaves_the_list_as_it_was_until_it_renders() -> None:
    broken = Signal(False)
    source = Signal(items(1, 2))
    log: list[str] = []

    def row(item: Item) -> object:
        on_cleanup(lambda: log.append(f"-{item.id}"))
        if item.id == 3 and broken():
            raise ValueError("row 3")
        return h.li[item.text]

    page = Page(For(source, key=lambda item: item.id, render=row))
    broken.set(True)
    source.set([*source.peek(), *items(3)])
    page.flush()
    assert page.errors == ["row 3"]
    assert "vango-error" in page.html
    assert log == ["-3"], "what the failed run made is gone"
    broken.set(False)
    page.flush()
    assert page.html == "<li>item 1</li><li>item 2</li><li>item 3</li>"
    assert log == ["-3"]


def test_what_is_for_the_event_loop_does_not_get_out_of_a_row() -> None:
    def row(item: Item) -> object:
        if item.id == 2:
            raise CancelledError
        return h.li[item.text]

    page = Page(For(items(1, 2, 3), key=lambda item: item.id, render=row))
    assert page.errors == ["CancelledError got out of code that is not async; catch it where it comes from"]


def test_rows_that_ran_before_one_that_raised_are_let_go_of() -> None:
    log: list[str] = []

    def row(item: Item, index: int) -> object:
        on_cleanup(lambda: log.append(f"-{item.id}"))
        log.append(f"{item.id} at {index}")
        if item.id == 3:
            raise ValueError("row 3")
        return h.li[item.text]

    page = Page(For(items(1, 2, 3, 4), key=lambda item: item.id, render=row))
    assert page.errors == ["row 3"]
    assert log[:3] == ["1 at 0", "2 at 1", "3 at 2"]
    assert sorted(log[3:]) == ["-1", "-2", "-3"]


def test_a_row_may_show_any_child() -> None:
    source = Signal([("a", "text"), ("b", None), ("c", [h.i["x"], "y"]), ("d", 4), ("e", lambda: "slot")])
    page = Page(h.p[For(source, key=lambda item: item[0], render=lambda item: item[1])])
    assert page.html == "<p>text<i>x</i>y4slot</p>"
    source.set(source.peek()[::-1])
    page.flush()
    assert page.html == "<p>slot4<i>x</i>ytext</p>"


def test_the_key_of_an_item_that_did_not_change_is_not_asked_again() -> None:
    asked: list[int] = []
    source = Signal(items(*range(10)))
    page = Page(For(source, key=lambda item: asked.append(item.id) or item.id, render=lambda item: item.text))
    asked.clear()
    now = list(source.peek())
    now[3] = Item(3, "new")
    source.set(now)
    page.flush()
    assert asked == [3]


def test_lists_in_lists() -> None:
    outer = Signal([("x", Signal(["1", "2"])), ("y", Signal(["3"]))])

    def group(entry: tuple[str, Signal[list[str]]]) -> object:
        return h.ul[entry[0], For(entry[1], key=str, render=lambda leaf: h.li[leaf])]

    page = Page(For(outer, key=lambda entry: entry[0], render=group))
    x, y = outer.peek()
    outer.set([y, x])
    x[1].set(["2", "1"])
    page.flush()
    assert page.html == "<ul>y<li>3</li></ul><ul>x<li>2</li><li>1</li></ul>"
