"""What a scenario has shown: expected, seen, passed or failed, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

__all__ = ["Mismatch", "Outcome", "Report", "Unavailable", "expect", "expect_equal"]


class Mismatch(AssertionError):  # noqa: N818
    """Something is not as the protocol says.

    Attributes:
        expected: What it says, with the number of the rule.
        seen: What there was instead.
    """

    def __init__(self, expected: str, seen: object) -> None:
        super().__init__(expected, seen)
        self.expected = expected
        self.seen = seen if isinstance(seen, str) else repr(seen)

    def __str__(self) -> str:
        return f"expected: {self.expected}; seen: {self.seen}"


class Unavailable(Exception):  # noqa: N818
    """A subject cannot be asked for this, so a scenario that needs it shows nothing; the message says why."""


def expect(holds: object, expected: str, seen: object) -> None:
    """Raise `Mismatch` unless something holds."""
    if not holds:
        raise Mismatch(expected, seen)


def expect_equal(value: object, wanted: object, what: str) -> None:
    """Raise `Mismatch` unless two values are equal; `what` says what they are, with the rule."""
    if value != wanted:
        raise Mismatch(f"{what}: {wanted!r}", value)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one scenario.

    Attributes:
        scenario: Its id, "C01".
        title: What it shows.
        side: Who was tested, "server" or "client".
        subject: Its name.
        transport: What it was tested over.
        ring: How many bursts the server keeps for replay, `None` where that is not known.
        result: "passed", "failed", or "unavailable" where the subject could not be asked.
        expected: What was not met, or what is missing; "" if it passed.
        seen: What there was instead.
    """

    scenario: str
    title: str
    side: str
    subject: str
    transport: str
    ring: int | None
    result: str
    expected: str = ""
    seen: str = ""

    @property
    def passed(self) -> bool:
        """Whether all was as expected."""
        return self.result == "passed"

    def __str__(self) -> str:
        ring = "" if self.ring is None else f", ring {self.ring}"
        line = f"{self.scenario} {self.result:<11} {self.title} ({self.transport}{ring})"
        if self.expected:
            line += f"\n    expected: {self.expected}"
        return f"{line}\n    seen: {self.seen}" if self.seen else line


@dataclass(slots=True)
class Report:
    """The outcomes of several scenarios, in the order in which they ran."""

    outcomes: list[Outcome] = field(default_factory=list)

    def extend(self, outcomes: Iterable[Outcome]) -> None:
        """Add outcomes."""
        self.outcomes += outcomes

    @property
    def failed(self) -> list[Outcome]:
        """What did not pass because something was wrong."""
        return [outcome for outcome in self.outcomes if outcome.result == "failed"]

    def to_json(self) -> str:
        """Return the report as a JSON text: the count of each result, and every outcome."""
        results = [outcome.result for outcome in self.outcomes]
        counts = {name: results.count(name) for name in ("passed", "failed", "unavailable")}
        return json.dumps({**counts, "outcomes": [asdict(outcome) for outcome in self.outcomes]}, indent=2)
