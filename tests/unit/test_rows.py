"""`rows`: a list as the engine keeps it, and the handlers of rows that Python keeps no object for."""

from __future__ import annotations

import gc
import random
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from view_driver import Page

from vango import For, component, html as h, on, signal
from vango._core import Tree, VNode, rows

CLICK = 0


def select(*_: object) -> None:
    """Stand for a handler."""


def remove(*_: object) -> None:
    """Stand for another one."""


Handlers = list[Any]


def fixed(number: int) -> Handlers:
    """What rows have as a rule: functions that all have, and an argument."""
    return [(select, number), (remove, number)]


def unlike(number: int) -> Handlers:
    """The same functions, each with an argument of its own."""
    return [(select, number), (remove, -number)]


def closures(number: int) -> Handlers:
    return [lambda: number, lambda: -number]


def functions(number: int) -> Handlers:
    """A function of the row's own in each pair."""
    return [(lambda row: row, number), (remove, number, "and", "more")]


def marked(number: int) -> Handlers:
    return [on((select, number), prevent=True), select]


def many(number: int) -> Handlers:
    """More than are copied into the parent."""
    return [(select, number, n) for n in range(12)]


def none(_: int) -> Handlers:
    return []


WAYS: list[Callable[[int], Handlers]] = [fixed, unlike, closures, functions, marked, many, none]


def row(key: int, handlers: Handlers) -> VNode:
    return h.li(key=key)[[h.button(on_click=handler)[str(key)] for handler in handlers], h.b["end"], h.i["x"]]


def heard(content: VNode) -> list[tuple[str, Any]]:
    """The handlers as a click finds them, in document order."""
    tree = Tree(None)
    tree.commit(h.ul[content])
    assert len(tree.listeners(CLICK)) == content.__str__().count("<button")
    return [content.target(ref) for _, _, ref in tree.listeners(CLICK)]


@pytest.mark.parametrize(
    "ways",
    [*([way] for way in WAYS), [fixed, unlike], WAYS],
    ids=lambda ways: "-".join(w.__name__ for w in ways),
)
def test_each_row_keeps_its_handlers_however_the_list_changes(ways: list[Callable[[int], Handlers]]) -> None:
    chance = random.Random(7)
    content, known, key = None, [], 0
    for _ in range(60):
        stays = len(known)
        head = chance.randint(0, stays)
        tail = chance.randint(0, stays - head)
        picked = list(range(head, stays - tail))
        chance.shuffle(picked)
        between: list[Any] = picked[: chance.randint(0, len(picked))]
        expected = [known[index] for index in between]
        for _ in range(chance.randint(0, 6)):
            key += 1
            handlers = chance.choice(ways)(key)
            at = chance.randint(0, len(between))
            between.insert(at, row(key, handlers))
            expected.insert(at, (key, handlers))
        content = rows(content, head, between, tail)
        known = [*known[:head], *expected, *known[stays - tail :]]
        assert [child.key for child in content.children] == [key for key, _ in known]
        assert heard(content) == [handler for _, handlers in known for handler in handlers]
        for child, (_, handlers) in zip(content.children, known, strict=True):
            assert heard(child) == handlers


def test_rows_that_stay_are_the_same_nodes() -> None:
    first = rows(None, 0, [row(n, fixed(n)) for n in range(4)], 0)
    tree = Tree(h.ul[first])
    assert len(tree.commit(h.ul[rows(first, 1, [2, 1], 1)])) == 1  # one move


@pytest.mark.parametrize(("head", "between", "tail"), [(3, [], 0), (0, [2], 0), (0, [], 3), (0, [10**9], 0)])
def test_a_row_that_never_stood_there_is_refused(head: int, between: list[int], tail: int) -> None:
    first = rows(None, 0, [row(1, fixed(1)), row(2, fixed(2))], 0)
    with pytest.raises(IndexError):
        rows(first, head, between, tail)
    with pytest.raises(IndexError):
        rows(None, head, between, tail)


def test_a_row_stands_under_the_key_that_its_list_has_for_it() -> None:
    own, other, none = h.li(key=1)["a"], h.li(key="x")["b"], h.li["c"]
    content = rows(None, 0, [own, other, none], 0, [1, 2, (3, "d")])
    assert [child.key for child in content.children] == [1, 2, (3, "d")]
    assert str(content) == "<li>a</li><li>b</li><li>c</li>"
    assert str(content.children[0]) == "<li>a</li>"
    tree = Tree(h.ul[content])
    patches = tree.commit(h.ul[rows(content, 0, [2, 1, 0], 0, [(3, "d"), 2, 1])])
    assert {patch.op for patch in patches} == {"move"}


@pytest.mark.parametrize("keys", [[], [1], [1, 2, 3]])
def test_a_list_has_as_many_keys_as_rows(keys: list[int]) -> None:
    with pytest.raises(ValueError, match="a key for each row"):
        rows(None, 0, [h.li["a"], h.li["b"]], 0, keys)


def test_what_is_no_key_is_refused_where_a_row_comes() -> None:
    with pytest.raises(TypeError, match="a key is a str"):
        rows(None, 0, [h.li["a"]], 0, [1.5])
    with pytest.raises(ValueError, match="key"):
        rows(None, 0, [h.li["a"], h.li["b"]], 0, [7, 7])


def test_what_is_no_list_of_rows_is_refused() -> None:
    with pytest.raises(TypeError, match="another node"):
        rows(h.p["a"], 0, [], 0)
    with pytest.raises(TypeError, match="another fragment"):
        rows(VNode.__getitem__(rows(None, 0, [], 0), h.button(on_click=select)), 0, [], 0)
    with pytest.raises(ValueError, match="no row"):
        rows(None, 0, [-1], 0)
    with pytest.raises(TypeError, match="cannot be shown"):
        rows(None, 0, [object()], 0)
    with pytest.raises(ValueError, match="key"):
        rows(None, 0, [row(1, []), row(1, [])], 0)


class Thing:
    """Something that handlers refer to."""


@pytest.mark.parametrize("way", [fixed, closures, many], ids=lambda way: way.__name__)
def test_the_collector_sees_what_the_handlers_of_rows_refer_to(way: Callable[[Any], Handlers]) -> None:
    thing: Any = Thing()
    gone = weakref.ref(thing)
    thing.content = rows(rows(None, 0, [row(1, way(thing))], 0), 0, [0], 0)
    del thing
    gc.collect()
    assert gone() is None


def test_what_no_row_refers_to_any_more_is_let_go_of() -> None:
    things = [Thing(), Thing()]
    gone = [weakref.ref(thing) for thing in things]
    content = rows(None, 0, [row(n, [(select, thing)]) for n, thing in enumerate(things)], 0)
    del things
    thing = None  # noqa: F841 of the loop
    content = rows(content, 0, [1], 0)
    gc.collect()
    assert (gone[0](), gone[1]() is None) == (None, False)
    assert len(content.children) == 1


@component
def Listed(count: int):
    numbers = signal(range(count))

    def pick(number: int) -> None:
        numbers.set([number])

    return h.ul[
        For(
            numbers,
            key=lambda number: number,
            render=lambda number: h.li[h.a(on_click=(pick, number))[number], "!"],
        )
    ]


def test_python_keeps_no_object_for_a_row_without_state() -> None:
    def made(count: int) -> tuple[Page, int]:
        gc.collect()
        before = len(gc.get_objects())
        page = Page(Listed(count))
        gc.collect()
        return page, len(gc.get_objects()) - before

    warm = made(1)
    few, many = made(10), made(500)
    assert warm
    assert many[1] - few[1] < 10
