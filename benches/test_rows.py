"""Rows 1 and 2 of the plan, from Python, under pytest-benchmark."""

import pytest

from benches import plain_diff
from benches.rows import ROWS, WAYS, called, slots
from vango import core

LABELS = [f"pretty red chair {i}" for i in range(ROWS)]
CASES = {
    "nothing changed": (LABELS, LABELS),
    "every tenth label": (LABELS, [text + " !!!" if i % 10 == 0 else text for i, text in enumerate(LABELS)]),
    "create": ([], LABELS),
    "clear": (LABELS, []),
}


@pytest.mark.parametrize("way", WAYS)
def test_build(benchmark, way):
    benchmark.group = "build 1,000 rows with two handlers each"
    benchmark.name = way
    benchmark(WAYS[way], LABELS)


@pytest.mark.parametrize("case", CASES)
def test_plain_diff(benchmark, case):
    benchmark.group = f"diff and encode 1,000 rows: {case}"
    benchmark.name = "plain Python, JSON"
    old, new = map(slots, CASES[case])
    burst = benchmark(plain_diff.burst, old, new)
    assert (burst == b"[]") == (case == "nothing changed")


@pytest.mark.parametrize("case", CASES)
def test_vango_diff(benchmark, case):
    benchmark.group = f"diff and encode 1,000 rows: {case}"
    benchmark.name = "vango.core"
    old, new = map(called, CASES[case])

    def mounted():
        return (core.Tree(old),), {}

    burst = benchmark.pedantic(lambda tree: core.encode(tree.commit(new)), setup=mounted, rounds=100)
    assert (burst == b"") == (case == "nothing changed")
