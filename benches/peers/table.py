"""Row 5 beside the peers: the table of js-framework-benchmark through their whole stacks, all in turn."""

from contextlib import ExitStack

from benches.peers.started import PEERS, started
from benches.served import served
from benches.table import measured, show

ROUNDS = 5


def main() -> None:
    """Five rounds of each operation."""
    with ExitStack() as stack:
        address, ours = stack.enter_context(served())
        places = {
            "vango": (f"{address}/table", ours),
            "a page written by hand": (f"{address}/plain_table", ours),
            **{title: stack.enter_context(started("tables", name)) for name, title in PEERS.items()},
        }
        times, cpus = measured(places, ROUNDS)
    show("the table beside the peers, click to DOM", times, "vango ahead of every peer")
    show("server CPU an operation of the table, beside the peers", cpus)
