"""The scenarios of one side, by their ids: registered where they are written, run one at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from vango.testing.conformance.outcome import Mismatch, NotApplicable

__all__ = ["Catalogue", "Scenario", "Verdict", "judged"]

P = TypeVar("P", bound=Callable[..., Any])

_RULE = re.compile(r"\(\d+(\.\d+)?(, \d+(\.\d+)?)*\)")


@dataclass(frozen=True, slots=True)
class Scenario(Generic[P]):
    """One scenario.

    Attributes:
        name: Its id, "C01".
        title: What it shows.
        rules: The rules that it is about, by their numbers in docs/PROTOCOL.md.
        play: Puts a subject to it; raises `Mismatch` or `NotApplicable`.
    """

    name: str
    title: str
    rules: str
    play: P


class Catalogue(Generic[P]):
    """Scenarios by their ids."""

    def __init__(self) -> None:
        self._scenarios: dict[str, Scenario[P]] = {}

    def scenario(self, name: str, title: str, rules: str) -> Callable[[P], P]:
        """Register a scenario.

        Raises:
            ValueError: There is one of this name.
        """
        if name in self._scenarios:
            raise ValueError(f"there are two scenarios {name}; give one another name")

        def register(play: P) -> P:
            self._scenarios[name] = Scenario(name, title, rules, play)
            return play

        return register

    @property
    def names(self) -> tuple[str, ...]:
        """The ids, ascending."""
        return tuple(sorted(self._scenarios))

    def __getitem__(self, name: str) -> Scenario[P]:
        return self._scenarios[name]


@dataclass(slots=True)
class Verdict:
    """What one run has shown: fields of an `Outcome`."""

    result: str = "passed"
    expected: str = ""
    seen: str = ""
    reason: str = ""


@contextmanager
def judged(rules: str) -> Iterator[Verdict]:
    """Give a verdict, which is that of the block when it is over."""
    verdict = Verdict()
    try:
        yield verdict
    except Mismatch as mismatch:
        verdict.result, verdict.seen = "failed", mismatch.seen
        named = _RULE.search(mismatch.expected)
        verdict.expected = mismatch.expected if named else f"{mismatch.expected} ({rules})"
    except NotApplicable as reason:
        verdict.result, verdict.reason = "not applicable", str(reason)
