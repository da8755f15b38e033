"""The graph of signals, memos and effects against a model that recomputes everything each time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings, strategies as st

from vango.components.state import effect
from vango.reactive.effects import Effect
from vango.reactive.signals import Memo, Signal, batch

SIGNALS = 4
MEMOS = 7


@dataclass(frozen=True)
class Rule:
    """How a memo computes: it reads `switch`, then one of two lists of nodes, and reduces modulo `base`."""

    switch: int
    odd: tuple[int, ...]
    even: tuple[int, ...]
    base: int


@st.composite
def graphs(draw: st.DrawFn) -> list[Rule]:
    """Memo n may read the signals and the memos before it."""
    rules = []
    for number in range(MEMOS):
        below = st.integers(0, SIGNALS + number - 1)
        few = st.lists(below, max_size=3).map(tuple)
        rules.append(Rule(draw(below), draw(few), draw(few), draw(st.integers(1, 5))))
    return rules


nodes = st.integers(0, SIGNALS + MEMOS - 1)
writes = st.lists(st.tuples(st.integers(0, SIGNALS - 1), st.integers(-3, 3)), min_size=1, max_size=3)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("write"), writes),
        st.tuples(st.just("read"), nodes),
        st.tuples(st.just("watch"), nodes),
        st.tuples(st.just("unwatch"), st.integers(0, 3)),
    ),
    max_size=25,
)


class FailedError(Exception):
    """A memo whose base is 5 raises for a sum of 4: errors are values too."""


def compute(rule: Rule, read: Any) -> int:
    total = sum(read(node) for node in (rule.odd if read(rule.switch) % 2 else rule.even))
    if rule.base == 5 and total % 5 == 4:
        raise FailedError
    return total % rule.base


def outcome(read: Any, node: int) -> object:
    try:
        return read(node)
    except FailedError:
        return "failed"


@dataclass
class Naive:
    """Recomputes everything for each read."""

    rules: list[Rule]
    values: list[int] = field(default_factory=lambda: [0] * SIGNALS)

    def read(self, node: int) -> int:
        if node < SIGNALS:
            return self.values[node]
        return compute(self.rules[node - SIGNALS], self.read)


class Graph:
    """The same on real signals and memos, counting what it computes."""

    def __init__(self, rules: list[Rule]) -> None:
        self.signals = [Signal(0) for _ in range(SIGNALS)]
        self.computed = [0] * MEMOS
        self.memos: list[Memo[int]] = []
        for number, rule in enumerate(rules):
            self.memos.append(Memo(lambda number=number, rule=rule: self._compute(number, rule)))

    def _compute(self, number: int, rule: Rule) -> int:
        self.computed[number] += 1
        return compute(rule, self.read)

    def read(self, node: int) -> int:
        return self.signals[node]() if node < SIGNALS else self.memos[node - SIGNALS]()


@settings(max_examples=300)
@given(graphs(), steps)
def test_agrees_with_recomputing_everything(rules: list[Rule], script: list[tuple[str, Any]]) -> None:
    graph, naive = Graph(rules), Naive(rules)
    watching: list[tuple[int, list[object], Effect]] = []
    expected: list[list[object]] = []
    for what, argument in script:
        if what == "read":
            assert outcome(naive.read, argument) == outcome(graph.read, argument)
        elif what == "watch":
            seen: list[object] = []
            running = effect(lambda node=argument, seen=seen: seen.append(outcome(graph.read, node)))
            watching.append((argument, seen, running))
            expected.append([outcome(naive.read, argument)])
        elif what == "unwatch" and argument < len(watching):
            watching[argument][2].dispose()
            watching.pop(argument)
            expected.pop(argument)
        elif what == "write":
            graph.computed = [0] * MEMOS
            with batch():
                for signal, value in argument:
                    naive.values[signal] = value
                    graph.signals[signal].set(value)
            assert max(graph.computed) <= 1, "a memo computed twice for one batch"
            for (node, _, _), values in zip(watching, expected, strict=True):
                now = outcome(naive.read, node)
                # A node read directly in an effect wakes it only when its value is another. An error is
                # always another one, and so is a signal that was written twice and put back.
                if now != values[-1]:
                    values.append(now)
    for (_, seen, _), values in zip(watching, expected, strict=True):
        assert values == [value for n, value in enumerate(seen) if n == 0 or value != seen[n - 1]]
    for _, _, running in watching:
        running.dispose()
    for node in (*graph.signals, *graph.memos):
        assert node._observers is None, "something still observes"
