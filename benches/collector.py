"""How long Python's collector stops everything with 1,000 live sessions of 100 rows, two handlers a row.

The clock is that of the thread: the pause on a machine that does nothing else.
"""

import gc
import json
import sys
from time import thread_time
from typing import Any

from benches.fresh import fresh
from benches.report import Figure, keep, matrix
from benches.rows import slots
from benches.tables import LABELS, Table, sessions

SESSIONS, ROWS, ROUNDS = 1_000, 100, 15
KINDS = {
    "pairs": "pairs `(function, row)`",
    "closures": "closures",
    "objects": "the rows as plain `__slots__` objects, no framework",
    "nothing": "no session",
}


def main() -> None:
    """Measure each kind in an interpreter of its own, print and keep."""
    measured = {label: fresh("benches.collector", kind) for kind, label in KINDS.items()}
    cases = {
        f"generation {generation}": [
            Figure(label, "ms", found["pauses_ms"][generation]) for label, found in measured.items()
        ]
        for generation in range(3)
    }
    matrix(f"Pause of the collector, {SESSIONS:,} sessions of {ROWS} rows", "ms", cases)
    base = measured[KINDS["nothing"]]["objects"]
    objects = {label: (found["objects"] - base) / SESSIONS for label, found in measured.items()}
    print("\nObjects that the collector sees, of each session\n\n| | objects |\n|---|---|")
    for label, count in objects.items():
        print(f"| {label} | {count:.1f} |")
    keep("Objects that the collector sees, of each session", {"objects": objects})


def pauses(kind: str) -> dict[str, Any]:
    """Milliseconds of `gc.collect(generation)`, each after a session has flushed, and the objects it sees."""
    live: list[Any] = []
    if kind == "objects":
        live = [slots(LABELS[:ROWS]) for _ in range(SESSIONS)]
    elif kind != "nothing":
        live = sessions(SESSIONS, lambda: Table(ROWS, closures=kind == "closures"))
    gc.collect()
    objects = len(gc.get_objects())
    gc.disable()
    taken: list[list[float]] = [[], [], []]
    for turn in range(ROUNDS):
        for generation in range(3):
            if kind in ("pairs", "closures"):
                click(live[turn])
            began = thread_time()
            gc.collect(generation)
            taken[generation].append((thread_time() - began) * 1e3)
    return {"pauses_ms": taken, "objects": objects}


def click(session: Any) -> None:
    """Choose a row, as a click does, and render."""
    tree = session.view.tree
    hids = (hid for hid in range(1, tree.count + 1) if tree.listener(hid, 0) is not None)
    target = session.view.target(next(hids), 0)
    session.context.run(target.fn, *target.args)
    session.render()
    session.outbox.seal(session.view.tree, 0)
    while session.outbox.take():
        pass
    session.outbox.acknowledge(session.outbox.rev)


if __name__ == "__main__":
    print(json.dumps(pauses(sys.argv[1])))
