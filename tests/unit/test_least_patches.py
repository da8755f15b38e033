"""The number of patches is the least where that can be said; no clock is needed to see what a diff costs."""

from bisect import bisect_left
from collections import Counter

import pytest
from hypothesis import given, strategies as st

from vango import core, html as h

KEYS = list(range(200))


def page(keys: list[int], labels: dict[int, str] | None = None) -> core.VNode:
    return h.ul[(h.li(key=key, class_="item")[(labels or {}).get(key, "an item")] for key in keys)]


def ops(old: object, new: object) -> Counter[str]:
    return Counter(patch.op for patch in core.diff(old, new))


def longest_increasing(values: list[int]) -> int:
    """The length of a longest increasing subsequence: each value ends the shortest pile that it can."""
    ends: list[int] = []
    for value in values:
        at = bisect_left(ends, value)
        ends[at : at + 1] = [value]
    return len(ends)


@pytest.mark.parametrize(
    "new",
    [page(KEYS), page(KEYS.copy(), dict.fromkeys(KEYS, "an item"))],
    ids=["rebuilt", "rebuilt of other strings"],
)
def test_nothing_changed_is_no_patch(new: core.VNode) -> None:
    assert ops(page(KEYS), new) == {}


@pytest.mark.parametrize("at", [0, 1, 100, 198, 199])
def test_one_changed_text_is_one_patch(at: int) -> None:
    assert ops(page(KEYS), page(KEYS, {at: "another"})) == {"set_text": 1}


def test_ten_percent_of_the_texts_are_as_many_patches() -> None:
    assert ops(page(KEYS), page(KEYS, dict.fromkeys(KEYS[::10], "another"))) == {"set_text": 20}


def test_one_changed_attribute_is_one_patch() -> None:
    old, new = (h.div(id="a", class_=name, title="t")[page(KEYS)] for name in ("on", "off"))
    assert ops(old, new) == {"set_attr": 1}


def test_reversed_moves_all_but_one() -> None:
    assert ops(page(KEYS), page(KEYS[::-1])) == {"move": 199}


@pytest.mark.parametrize(("old_at", "new_at"), [(0, 199), (199, 0), (50, 150), (150, 50)])
def test_one_that_moves_far_is_one_move(old_at: int, new_at: int) -> None:
    keys = KEYS.copy()
    keys.insert(new_at, keys.pop(old_at))
    assert ops(page(KEYS), page(keys)) == {"move": 1}


def test_two_that_swap_are_two_moves() -> None:
    keys = KEYS.copy()
    keys[1], keys[198] = keys[198], keys[1]
    assert ops(page(KEYS), page(keys)) == {"move": 2}


@pytest.mark.parametrize("keys", [[*range(200, 220), *KEYS], [*KEYS, *range(200, 220)]], ids=["front", "end"])
def test_new_items_are_one_insert_each(keys: list[int]) -> None:
    assert ops(page(KEYS), page(keys)) == {"insert": 20}


def test_replaced_items_go_and_come_once_each() -> None:
    found = ops(page(KEYS), page([key + 200 for key in KEYS]))
    assert found == {"remove": 200, "insert": 200}


@given(order=st.permutations(range(40)))
def test_moves_are_the_least_for_any_order(order: list[int]) -> None:
    """All that is not in a longest increasing subsequence has to move, nothing else."""
    moved = len(order) - longest_increasing(order)
    assert ops(page(list(range(40))), page(order)) == ({"move": moved} if moved else {})


@given(
    old=st.lists(st.integers(0, 30), unique=True, max_size=20),
    new=st.lists(st.integers(0, 30), unique=True, max_size=20),
)
def test_patches_are_the_least_for_any_two_lists(old: list[int], new: list[int]) -> None:
    """What left is removed, what came is inserted, and of what stays the least moves."""
    place = {key: index for index, key in enumerate(old)}
    stayed = [place[key] for key in new if key in place]
    expected = {
        "remove": len(set(old) - set(new)),
        "insert": len(set(new) - set(old)),
        "move": len(stayed) - longest_increasing(stayed),
    }
    assert ops(page(old), page(new)) == {op: count for op, count in expected.items() if count}


@given(
    labels=st.dictionaries(st.integers(0, 39), st.sampled_from(["one", "two"])),
    order=st.permutations(range(40)),
)
def test_a_moved_item_is_changed_in_place(labels: dict[int, str], order: list[int]) -> None:
    """Moves and changes do not multiply: each is counted once."""
    found = ops(page(list(range(40))), page(order, labels))
    assert found["set_text"] == len(labels)
    assert found["move"] == len(order) - longest_increasing(order)
    assert found.total() == found["set_text"] + found["move"]
