"""Rows 1 and 2 of the plan, from Python, under pytest-benchmark."""

import pytest

from benches.rows import ROWS, WAYS, called
from vango import core

LABELS = [f"pretty red chair {i}" for i in range(ROWS)]
CHANGED = [label + " !!!" if i % 10 == 0 else label for i, label in enumerate(LABELS)]
SWAPPED = [LABELS[0], LABELS[998], *LABELS[2:998], LABELS[1], LABELS[999]]


@pytest.mark.parametrize("way", WAYS)
def test_build(benchmark, way):
    benchmark.group = "build 1,000 rows with two handlers each"
    benchmark(WAYS[way], LABELS)


def commit(benchmark, name, before, after):
    benchmark.group = "commit and encode 1,000 rows"
    benchmark.name = name

    def setup():
        return (core.Tree(before), after), {}

    patches = benchmark.pedantic(lambda tree, new: core.encode(tree.commit(new)), setup=setup, rounds=50)
    assert patches is not None


def test_unchanged(benchmark):
    commit(benchmark, "rebuilt, nothing changed", called(LABELS), called(LABELS))


def test_tenth(benchmark):
    commit(benchmark, "every tenth text", called(LABELS), called(CHANGED))


def test_create(benchmark):
    commit(benchmark, "create 1,000", called([]), called(LABELS))


def test_clear(benchmark):
    commit(benchmark, "clear", called(LABELS), called([]))
