"""What the stable ABI costs: 1,000 rows built and diffed with both builds of the engine."""

import gc
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from time import perf_counter

from benches.report import Figure, table

ROOT = Path(__file__).parent.parent
BUILDS = {"version-specific": [], "abi3": ["--features", "abi3"]}
PROCESSES = 6
ROUNDS = 25


def work() -> None:
    """Measure the vango that this interpreter imports; prints the milliseconds of each case as JSON."""
    from benches.rows import ROWS, WAYS
    from vango import core

    before = [f"row {i}" for i in range(ROWS)]
    after = [label + "!" if i % 10 == 0 else label for i, label in enumerate(before)]
    samples: dict[str, list[float]] = {}

    def took(case: str, start: float) -> None:
        samples.setdefault(case, []).append((perf_counter() - start) * 1e3)

    for _ in range(ROUNDS):
        trees = {}
        for way in ("called", "bracketed"):
            gc.collect()
            start = perf_counter()
            trees[way] = WAYS[way](before)
            took(f"build 1,000 rows, {way}", start)
        tree, new = core.Tree(trees["called"]), WAYS["called"](after)
        start = perf_counter()
        core.encode(tree.commit(new))
        took("diff and encode, every tenth label", start)
    print(json.dumps(samples))


def main() -> None:
    """Build both, let processes of both measure in turn, print the ratios."""
    places = {name: unpacked(name, options) for name, options in BUILDS.items()}
    samples: dict[str, dict[str, list[float]]] = {}
    for _ in range(PROCESSES):
        for name, place in places.items():
            environment = os.environ | {"PYTHONPATH": f"{place}{os.pathsep}{ROOT}"}
            command = [sys.executable, "-c", "from benches.abi3 import work; work()"]
            done = subprocess.run(
                command, env=environment, cwd=place, check=True, capture_output=True, text=True
            )
            for case, took in json.loads(done.stdout).items():
                samples.setdefault(case, {}).setdefault(name, []).extend(took)
    for case, sides in samples.items():
        figures = [Figure(name, "ms", sides[name]) for name in BUILDS]
        table(f"abi3: {case}", *figures)


def unpacked(name: str, options: list[str]) -> Path:
    """A folder that holds vango with this build of the engine."""
    place = ROOT / "target" / "bench-abi3" / name
    maturin = Path(sys.executable).with_name("maturin")
    build = [str(maturin), "build", "--release", "--quiet", "--out", str(place / "wheel"), *options]
    # A folder of its own: the builds of `make` go on beside it.
    build += ["--target-dir", str(ROOT / "target" / "bench-abi3" / "cargo")]
    subprocess.run([*build, "--interpreter", sys.executable], cwd=ROOT, check=True)
    (wheel,) = (place / "wheel").glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(place)
    return place
