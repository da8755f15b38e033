"""Run the comparisons: `python -m benches.peers [rows browser counter table]`.

`make bench-peers` installs what they need.
"""

import argparse
import importlib
import sys

PARTS = ("rows", "browser", "counter", "table")


def main() -> None:
    """Run the named parts, all by default."""
    parser = argparse.ArgumentParser(prog="python -m benches.peers", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of: {', '.join(PARTS)}")
    names = parser.parse_args().names or PARTS
    if unknown := set(names) - set(PARTS):
        sys.exit(f"no such comparison: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    for name in names:
        importlib.import_module(f"benches.peers.{name}").main()


main()
