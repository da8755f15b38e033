"""Writes the protocol as it is now into tests/vectors/protocol.json, under its version and capabilities.

What is pinned there already is never changed: peers in the field were built to it. A change of the table
of messages, the ops, the flags, the kinds of events or the kinds of errors needs a new version, or a
capability that announces it; then `python tools/pin_protocol.py` adds a pin beside the older ones.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PINS = ROOT / "tests" / "vectors" / "protocol.json"
sys.path.insert(0, str(ROOT / "tests" / "conformance"))

from protocol_text import messages, tables  # noqa: E402

from vango import _core, protocol  # noqa: E402


def current() -> dict[str, object]:
    """Return the protocol as it is now, as the JSON of a pin."""
    ops = [[row[1].split()[0], row[0], row[1].split()[1:]] for row in tables("1.5")]
    return {
        "version": protocol.VERSION,
        "capabilities": list(protocol.CAPABILITIES),
        "messages": messages(),
        "ops": ops,
        "flags": {row[1]: int(row[0]) for row in tables("1.3")},
        "events": dict(_core.EVENT_KINDS),
        "errors": {kind: [rule.close, rule.http] for kind, rule in protocol.RULES.items()},
    }


def pins() -> list[dict[str, object]]:
    """Return all pins, the oldest first."""
    found: list[dict[str, object]] = json.loads(PINS.read_text()) if PINS.exists() else []
    return found


NEW = "a new version or capability: run `python tools/pin_protocol.py`"
CHANGED = "peers in the field were built to what is pinned: raise the version, or name a capability"


def judge(now: dict[str, object], known: list[dict[str, object]]) -> str:
    """Say what is wrong with the protocol as it is now, "" if it is one of those that are pinned."""
    pinned = [pin for pin in known if same_name(now, pin)]
    if not pinned:
        return NEW
    return "" if pinned == [now] else CHANGED


def main() -> None:
    """Add a pin, unless this version with these capabilities has one."""
    now, known = current(), pins()
    verdict = judge(now, known)
    if verdict != NEW:
        sys.exit(verdict or "nothing has changed")
    lines = [json.dumps(pin) for pin in [*known, now]]
    PINS.write_text("[\n  " + ",\n  ".join(lines) + "\n]\n")


def same_name(one: dict[str, object], other: dict[str, object]) -> bool:
    """Tell whether a peer could not tell these two from each other."""
    return all(one[name] == other[name] for name in ("version", "capabilities"))


if __name__ == "__main__":
    main()
