"""One way to print and to keep figures."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

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
    RESULTS.mkdir(exist_ok=True)
    slug = "".join(c if c.isalnum() else "-" for c in title.lower()).strip("-")
    kept = {"title": title, "goal": goal, "baseline": asdict(baseline), "ours": [asdict(f) for f in ours]}
    (RESULTS / f"{slug}.json").write_text(json.dumps(kept, indent=1) + "\n")
