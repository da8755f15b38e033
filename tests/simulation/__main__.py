"""`make soak-simulation`: run seeds until one fails, which then says how to run it again."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections import Counter

from .agenda import QuietLoop
from .browsers import Browsers
from .world import World, replay


def main() -> int:
    """Run the seeds that the command line names; 1 if one failed."""
    parser = argparse.ArgumentParser(prog="simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many")
    parser.add_argument("--from", dest="first", type=int, default=1, help="the first")
    parser.add_argument("--trace", action="store_true", help="tell what happens")
    parser.add_argument("--go-on", action="store_true", help="also after a seed that failed")
    options = parser.parse_args()
    began = time.process_time()
    failed: list[int] = []
    faults: Counter[str] = Counter()
    met: Counter[str] = Counter()
    events = done = 0
    is_over = False

    def stop(*_: object) -> None:
        nonlocal is_over
        is_over = True

    signal.signal(signal.SIGTERM, stop)
    with QuietLoop() as loop, Browsers() as browsers:
        for seed in range(options.first, options.first + options.seeds):
            world = World(seed, browsers, loop, traces=options.trace)
            try:
                world.run()
            except Exception as error:
                failed.append(seed)
                print(f"seed {seed}: {error}\n{replay(seed)}", flush=True)
            if options.trace:
                print("\n".join(line[:400] for line in world.trace))
            done += 1
            events += world.events
            faults += world.faults
            met += world.proof.met
            if is_over or (failed and not options.go_on):
                break
    print(f"faults: {_listed(faults)}\nmet: {_listed(met)}")
    print(f"{time.process_time() - began:.1f} s of processor time in Python")
    print(
        f"{done:,} seeds from {options.first:,}, {len(failed):,} failed: "
        f"{events:,} events, {faults.total():,} faults"
    )
    return 1 if failed else 0


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))


if __name__ == "__main__":
    sys.exit(main())
