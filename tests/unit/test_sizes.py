"""What a change costs on the wire: itself where the structure stays, the subtree where it does not."""

import pytest
from hypothesis import HealthCheck, given, settings
from strategies import PAIRS

from vango import core, html as h
from vango.core import VNode

OP_BYTES = 16
"""Of an op beside what it carries: code and length, and three numbers, which are short in trees this size."""
ROWS = 1_000


def page(word: str = "word", *, tag: type[VNode] | object = h.td, at: int = -1) -> VNode:
    """A page of about 90 KB, with something else at one row."""
    rows = [
        h.tr(key=n, class_="row", data_note=f"a note of row {n}")[
            (tag if n == at else h.td)[word if n == at else "text"], h.td["a longer text that stays as it is"]
        ]
        for n in range(ROWS)
    ]
    return h.table[h.tbody[rows]]


def test_one_text_of_a_large_page_costs_itself() -> None:
    tree = core.Tree(page())
    assert len(tree.snapshot()) > 90_000
    data = core.encode(tree.commit(page("other", at=700)))
    assert len(data) <= len("other") + 5


def test_a_changed_element_costs_its_subtree_and_nothing_around_it() -> None:
    tree = core.Tree(page())
    patches = tree.commit(page("text", tag=h.th, at=700))
    subtree = core.Tree(h.th["text"]).snapshot()
    assert [patch.op for patch in patches] in (["insert"], ["remove", "insert"], ["insert", "remove"])
    assert len(core.encode(patches)) <= len(subtree) + 2 * OP_BYTES


def test_what_enters_is_written_once_and_whole() -> None:
    tree = core.Tree(h.main)
    rows = page()
    data = core.encode(tree.commit(h.main[rows]))
    assert (
        len(data) <= len(core.Tree(rows).snapshot()) + 2 * ROWS * 5 + OP_BYTES
    )  # numbers of two bytes, not one


def test_unkeyed_siblings_that_all_change_cost_their_texts() -> None:
    tree = core.Tree(h.ul[(h.li[f"old {n}"] for n in range(ROWS))])
    data = core.encode(tree.commit(h.ul[(h.li[f"new {n}"] for n in range(ROWS))]))
    texts = sum(len(f"new {n}") for n in range(ROWS))
    assert len(data) <= texts + 5 * ROWS < len(tree.snapshot())


@pytest.mark.slow
@settings(
    max_examples=1_000,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(PAIRS)
def test_no_change_costs_more_than_the_new_tree_and_its_ops(pair: tuple[object, object]) -> None:
    """What both trees have is never sent; what is new is sent once, in one op for each subtree."""
    old, new = pair
    tree = core.Tree(old)
    patches = tree.commit(new)
    assert len(core.encode(patches)) <= len(core.Tree(new).snapshot()) + OP_BYTES * len(patches)
