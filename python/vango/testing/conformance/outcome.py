"""What a scenario has shown: expected, seen, passed or failed, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

__all__ = ["RESULTS", "Mismatch", "NotApplicable", "Outcome", "Report", "expect", "expect_equal"]

RESULTS = ("passed", "failed", "not applicable")


_MOST = 1_000


class Mismatch(AssertionError):  # noqa: N818
    """Something is not as the protocol says.

    Attributes:
        expected: What it says, with the number of the rule.
        seen: What there was instead.
    """

    def __init__(self, expected: str, seen: object) -> None:
        super().__init__(expected, seen)
        self.expected = _short(expected)
        self.seen = _short(seen if isinstance(seen, str) else repr(seen))

    def __str__(self) -> str:
        return f"expected: {self.expected}; seen: {self.seen}"


def _short(text: str) -> str:
    """Return a text that a person can still read: its beginning and its end."""
    return text if len(text) <= _MOST else f"{text[: _MOST // 2]} ... {text[-_MOST // 2 :]}"


class NotApplicable(Exception):  # noqa: N818
    """A scenario cannot be put to this subject, or not over this transport; the message says why."""


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
        rules: The rules of docs/PROTOCOL.md that it is about, "3.2, 3.3".
        side: Who was tested, "server" or "client".
        subject: Its name.
        transport: What it was tested over.
        ring: How many bursts the server keeps for replay, `None` where that is not known.
        result: "passed", "failed" or "not applicable".
        expected: What was not met, a sentence that names its rule; "" unless it failed.
        seen: What there was instead; "" unless it failed.
        reason: Why it is not applicable, else "".
    """

    scenario: str
    title: str
    rules: str
    side: str
    subject: str
    transport: str
    ring: int | None
    result: str
    expected: str = ""
    seen: str = ""
    reason: str = ""

    @property
    def passed(self) -> bool:
        """Whether all was as expected."""
        return self.result == "passed"

    def __str__(self) -> str:
        ring = "" if self.ring is None else f", ring {self.ring}"
        lines = [f"{self.scenario} {self.result:<14} {self.title} ({self.transport}{ring})"]
        lines += [
            f"    {name}: {text}" for name in ("expected", "seen", "reason") if (text := getattr(self, name))
        ]
        return "\n".join(lines)


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

    @property
    def counts(self) -> dict[str, int]:
        """How many outcomes there are of each result."""
        results = [outcome.result for outcome in self.outcomes]
        return {name: results.count(name) for name in RESULTS}

    def to_json(self) -> str:
        """Return the report as a JSON text: the count of each result, and every outcome."""
        return json.dumps(
            {**self.counts, "outcomes": [asdict(outcome) for outcome in self.outcomes]}, indent=2
        )
