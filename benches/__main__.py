"""Run the benches and print one table a row of the plan; `python -m benches [NAME ...]`.

Every bench writes its figures as JSON under benches/results/ too.
"""

import argparse
import importlib
import os
import platform
import sys

BENCHES = (
    "build",
    "complexity",
    "scan",
    "click",
    "resident",
    "collector",
    "memory",
    "wire",
    "protobuf",
    "reconnect",
    "table",
    "navigation",
    "handshakes",
)
# Asked for by name only: they build the engine once more.
FURTHER = ("abi3",)


def main() -> None:
    """Run the named benches, all of them by default."""
    parser = argparse.ArgumentParser(prog="python -m benches", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of: {', '.join(BENCHES + FURTHER)}")
    names = parser.parse_args().names or BENCHES
    if unknown := set(names) - set(BENCHES + FURTHER):
        sys.exit(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES + FURTHER)}")
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{python}, {os.cpu_count()} cores, {platform.machine()}")
    for name in names:
        importlib.import_module(f"benches.{name}").main()


main()
