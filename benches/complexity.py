"""What a flush costs against the size of the page: lists of 100 to 100,000 nodes, changed in ten ways.

Half of the nodes are keyed elements, half are the texts in them.
Nodes are built and trees mounted before the clock runs; on it are diff, commit and the bytes of the burst.
The clock is that of the thread: only its own work counts, not how long it waited for a processor.
"""

import gc
import random
from collections.abc import Callable
from time import thread_time

from benches.report import Figure, keep
from vango import core, html as h

SIZES = (100, 1_000, 10_000, 100_000)
BUDGET_NODES = 2_000_000
"""Each case flushes about as many nodes as this, and at least five times."""

Keys = list[int]
Labels = dict[int, str]


def page(keys: Keys, labels: Labels) -> core.VNode:
    """Return a list with an item for each key."""
    return h.ul[(h.li(key=key)[labels.get(key, "an item")] for key in keys)]


def changed(keys: Keys, every: int) -> Labels:
    """Return other labels for each `every`-th key, from the middle of the first stretch on."""
    return dict.fromkeys(keys[every // 2 :: every], "another item")


def shuffled(keys: Keys, seed: int = 1) -> Keys:
    """Return the keys in an order that is always the same."""
    keys = keys.copy()
    random.Random(seed).shuffle(keys)
    return keys


def middle(keys: Keys) -> Keys:
    """Return the keys with twenty neighbours in the middle shuffled."""
    start = len(keys) // 2 - 10
    return keys[:start] + shuffled(keys[start : start + 20]) + keys[start + 20 :]


def more(keys: Keys) -> Keys:
    """Return new keys, a tenth as many."""
    return list(range(len(keys), len(keys) + len(keys) // 10))


CASES: dict[str, Callable[[Keys], tuple[Keys, Labels]]] = {
    "unchanged, rebuilt": lambda keys: (keys, {}),
    "one text changed": lambda keys: (keys, changed(keys, len(keys))),
    "10 % of texts changed": lambda keys: (keys, changed(keys, 10)),
    "20 moved in the middle": lambda keys: (middle(keys), {}),
    "reversed": lambda keys: (keys[::-1], {}),
    "shuffled": lambda keys: (shuffled(keys), {}),
    "10 % prepended": lambda keys: (more(keys) + keys, {}),
    "10 % appended": lambda keys: (keys + more(keys), {}),
    "replaced": lambda keys: ([key + len(keys) for key in keys], {}),
}


def main() -> None:
    """Print nanoseconds a node, and keep all samples."""
    names = ["unchanged, same object", *CASES]
    kept = {name: {size: measure(name, size) for size in SIZES} for name in names}
    print("\nCost of a flush against the size of the page, ns a node: median (min to max)\n")
    print(f"| | {' | '.join(f'{size:,} nodes' for size in SIZES)} |\n|{'---|' * (len(SIZES) + 1)}")
    for name, sizes in kept.items():
        print(f"| {name} | {' | '.join(str(figure) for figure in sizes.values())} |")
    samples = {
        name: {size: list(figure.samples) for size, figure in row.items()} for name, row in kept.items()
    }
    keep("Cost of a flush against the size of the page", {"unit": "ns a node", "cases": samples})


def measure(name: str, nodes: int) -> Figure:
    """Nanoseconds a node of several flushes, each of a tree that was just mounted."""
    keys = list(range(nodes // 2))
    old = page(keys, {})
    new = old if name not in CASES else page(*CASES[name](keys))
    samples = []
    for _ in range(max(5, min(200, BUDGET_NODES // nodes))):
        tree = core.Tree(old)
        gc.collect(0)
        began = thread_time()
        burst = tree.flush([(0, new, ())])
        took = thread_time() - began
        assert (burst == b"") == name.startswith("unchanged")
        samples.append(took * 1e9 / nodes)
    return Figure(name, "ns a node", samples)
