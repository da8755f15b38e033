"""`make soak-simulation`: run seeds until one fails, which then says how to run it again."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from .agenda import QuietLoop
from .browsers import Browsers
from .world import World


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
    totals: Counter[str] = Counter()
    done = 0
    with QuietLoop() as loop, Browsers() as browsers:
        for seed in range(options.first, options.first + options.seeds):
            world = World(seed, browsers, loop)
            try:
                world.run()
            except Exception as error:
                failed.append(seed)
                print(
                    f"seed {seed}: {error}\nrun it again: make soak-simulation SEEDS=1 FROM={seed} TRACE=1",
                    flush=True,
                )
            if options.trace:
                print("\n".join(line[:400] for line in world.trace))
            done += 1
            totals.update(events=world.events, **world.faults)
            if failed and not options.go_on:
                break
    events = totals.pop("events", 0)
    print(
        f"{done:,} seeds, {len(failed):,} failed; {events:,} events, {totals.total():,} faults {dict(totals)}"
    )
    print(f"{time.process_time() - began:.1f} s of processor time in Python")
    return 1 if failed else 0


sys.exit(main())
