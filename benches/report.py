"""One way to print and to keep figures."""

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Figure:
    """Several measurements of one thing, in `unit`."""

    name: str
    unit: str
    samples: Sequence[float]

    @property
    def median(self) -> float:
        """The middle sample."""
        return statistics.median(self.samples)

    def percentile(self, percent: int) -> float:
        """The sample that `percent` of all do not exceed."""
        ordered = sorted(self.samples)
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]

    def over(self, other: Self) -> str:
        """Say how many times `other` this is."""
        minima = min(self.samples) / min(other.samples)
        return f"x {self.median / other.median:.3g} (minima x {minima:.3g})"

    def __str__(self) -> str:
        return f"{self.median:.3g} ({min(self.samples):.3g} to {max(self.samples):.3g})"


def table(title: str, baseline: Figure, *ours: Figure, goal: str = "") -> None:
    """Print `ours` beside `baseline`, with ratios and ranges, and keep both as JSON."""
    figures = [baseline, *ours]
    width = max(len(figure.name) for figure in figures)
    print(f"\n{title}" + (f"  (goal: {goal})" if goal else ""))
    print(f"  {'':{width}}  {'median':>10}  {'p99':>10}  {'min .. max':>21}  ratio")
    for figure in figures:
        spread = f"{min(figure.samples):.3g} .. {max(figure.samples):.3g}"
        ratio = figure.median / baseline.median if baseline.median else float("nan")
        print(
            f"  {figure.name:{width}}  {figure.median:>8.3g} {figure.unit}  "
            f"{figure.percentile(99):>8.3g} {figure.unit}  {spread:>21}  {ratio:5.2f}"
        )
    keep(title, {"goal": goal, "baseline": asdict(baseline), "ours": [asdict(f) for f in ours]})


def matrix(title: str, unit: str, cases: Mapping[str, Sequence[Figure]], *, goal: str = "") -> None:
    """Print a line for each case, and keep it as JSON; the first figure of a case is ours.

    The others follow with their ratio to it, of the medians and of the minima, which other work on the
    machine disturbs least. What is printed is a table of Markdown.
    """
    columns = [figure.name for figure in next(iter(cases.values()))]
    print(f"\n{title}, {unit}: median (min to max)" + (f"  (goal: {goal})" if goal else "") + "\n")
    print(f"| | {' | '.join(columns)} |\n|{'---|' * (len(columns) + 1)}")
    for case, figures in cases.items():
        cells = [str(figures[0])]
        cells += [f"{other}: {other.over(figures[0])}" for other in figures[1:]]
        print(f"| {case} | {' | '.join(cells)} |")
    kept = {case: {figure.name: list(figure.samples) for figure in row} for case, row in cases.items()}
    keep(title, {"goal": goal, "unit": unit, "cases": kept})


def keep(title: str, measured: Mapping[str, object]) -> None:
    """Write what was measured to `results/`, named by its title."""
    RESULTS.mkdir(exist_ok=True)
    slug = "".join(c if c.isalnum() else "-" for c in title.lower()).strip("-")
    (RESULTS / f"{slug}.json").write_text(json.dumps({"title": title, **measured}, indent=1) + "\n")
