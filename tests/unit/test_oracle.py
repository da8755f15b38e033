"""The oracle: what a client has after a diff is what a fresh render would have given it."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from strategies import PAIRS

from vango import core

oracle = settings(
    max_examples=2_000,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def hids(html: str) -> list[int]:
    """Return the hids that elements carry, in document order."""
    return [int(hid) for hid in re.findall(r' data-hid="(\d+)"', html)]


@pytest.mark.slow
@oracle
@given(PAIRS)
def test_a_client_that_applied_the_diff_has_the_new_tree(pair):
    old, new = pair
    tree, fresh = core.Tree(old), core.Tree(new)
    served = tree.snapshot()
    model = core.Model.from_snapshot(served)
    assert tree.html() == model.html()
    simple = core.Model.from_snapshot(tree.snapshot(lower=True))

    patches = tree.commit(new)
    data = core.encode(patches)
    assert list(patches) == core.decode(data)
    stutterer = core.Model.from_snapshot(served)
    model.apply(data)
    assert fresh.html(hids=False) == model.html(hids=False)
    # Each op by itself may come twice in a row (PROTOCOL 1.6).
    stutterer.apply(core.encode([patch for patch in patches for _ in range(2)]))
    assert model.html() == stutterer.html()
    assert tree.html() == model.html()
    assert tree.count == model.count == fresh.count
    assert len(set(hids(model.html()))) == len(hids(model.html()))

    simple.apply(core.encode(patches, lower=True))
    lowered = core.Model.from_snapshot(fresh.snapshot(lower=True))
    assert lowered.html(hids=False) == simple.html(hids=False)
    assert tree.count == simple.count


@settings(oracle, max_examples=200)
@given(PAIRS)
def test_diff_is_the_first_commit_and_nothing_changes_without_a_change(pair):
    old, new = pair
    tree = core.Tree(old)
    assert core.diff(old, new) == tree.commit(new)
    assert list(tree.commit(new)) == []
