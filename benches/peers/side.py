"""One side of a comparison: a process that plays rounds on request.

A request is a line `mode<TAB>operation`, the answer a line of JSON: milliseconds by the name of a figure.
So the sides take turns in one run, and none pays for the garbage of another.
The clock is the processor time of the process: on a machine that does other things too, a long round would
else wait more often than a short one.
"""

import gc
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from time import process_time
from typing import Self

from benches.peers.operations import Rows, operations

ROOT = Path(__file__).parents[2]
Play = Callable[[Rows, Rows], Mapping[str, float]]


def serve(modes: Mapping[str, Play]) -> None:
    """Play rounds until the input ends; each begins with nothing left for the collector."""
    known = operations()
    for line in sys.stdin:
        mode, operation = line.rstrip("\n").split("\t")
        gc.collect()
        print(json.dumps(modes[mode](*known[operation])), flush=True)


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Return the milliseconds of the processor that `work` takes, and what it gives, to die off the clock."""
    began = process_time()
    result = work()
    return (process_time() - began) * 1e3, result


class Side:
    """The parent's end."""

    def __init__(self, command: list[str]) -> None:
        """Start the process."""
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def play(self, mode: str, operation: str) -> dict[str, float]:
        """Let it play one round; returns milliseconds by the name of the figure."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{mode}\t{operation}\n")
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self._process.args} ended with {self._process.wait()}")
        return json.loads(answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
