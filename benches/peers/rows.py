"""Row 1 from Python: the operations of the js-framework-benchmark, all sides in turn."""

import shutil
import subprocess
import sys
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from benches.peers.operations import operations
from benches.peers.side import ROOT, Side
from benches.report import Figure, matrix

HERE = Path(__file__).parent
REACTPY = HERE / ".venv" / "bin" / "python"
GO = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
WARM_UP, ROUNDS = 2, 12
MODES = {
    "diff": "Diff and write the rows of the js-framework-benchmark, trees built before",
    "whole": "From a change of state to its bytes, rows of the js-framework-benchmark",
}


def main() -> None:
    """Measure, print and keep both modes."""
    with ExitStack() as stack:
        sides = [stack.enter_context(Side(command)) for command in commands()]
        for mode, title in MODES.items():
            cases = {operation: figures(sides, mode, operation) for operation in operations()}
            matrix(title, "ms", cases, goal="ReactPy's layout diff at least x 20" if mode == "diff" else "")


def commands() -> list[list[str]]:
    """Return how each side is started, ours first; Go's only where there is a toolchain."""
    python = [
        [str(interpreter), "-m", f"benches.peers.{name}"]
        for interpreter, name in (
            (sys.executable, "with_vango"),
            (sys.executable, "with_plain"),
            (REACTPY, "with_reactpy"),
        )
    ]
    if GO is None:
        print("no Go toolchain here: its side is left out")
        return python
    built = ROOT / "target" / "bench-peers-go"
    subprocess.run([GO, "build", "-o", str(built), "."], cwd=HERE / "go", check=True)
    return [*python, [str(built)]]


def figures(sides: list[Side], mode: str, operation: str) -> list[Figure]:
    """Let the sides take turns, in an order that changes with every round."""
    samples: dict[str, list[float]] = defaultdict(list)
    for turn in range(-WARM_UP, ROUNDS):
        answers = [side.play(mode, operation) for side in (sides if turn % 2 else sides[::-1])]
        for answer in answers if turn % 2 else answers[::-1]:
            for name, took_ms in answer.items():
                # The first one sets the order of the columns, the warm-up is forgotten.
                samples[name] += [took_ms] if turn >= 0 else []
    return [Figure(name, "ms", taken) for name, taken in samples.items()]
