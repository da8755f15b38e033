"""Rows 1 and 2 from Python: pytest-benchmark measures, this prints the ratios."""

import json
import subprocess
import sys
from pathlib import Path

from benches.report import RESULTS, Figure, table


def main() -> None:
    """Measure in a process of its own, then print."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / "pytest-benchmark.json"
    here = Path(__file__).parent
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", str(here / "test_rows.py")]
    command += [
        f"--benchmark-json={path}",
        "--benchmark-quiet",
        "--benchmark-save-data",
        "--benchmark-sort=name",
    ]
    subprocess.run(command, check=True, cwd=here.parent, stdout=subprocess.DEVNULL)
    groups: dict[str, list[Figure]] = {}
    for bench in json.loads(path.read_text())["benchmarks"]:
        samples = [seconds * 1e3 for seconds in bench["stats"]["data"]]
        groups.setdefault(bench["group"], []).append(Figure(bench["name"], "ms", samples))
    for group, figures in groups.items():
        goal = "called <= 1.5, bracketed <= 2" if group.startswith("build") else ""
        table(group, figures[0], *figures[1:], goal=goal)
