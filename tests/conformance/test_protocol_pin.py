"""The protocol does not change behind the back of its peers: a change needs a version or a capability."""

import copy
import importlib.util
from itertools import pairwise
from pathlib import Path

import pytest

SPEC = importlib.util.spec_from_file_location(
    "pin_protocol", Path(__file__).parents[2] / "tools" / "pin_protocol.py"
)
assert SPEC is not None
assert SPEC.loader is not None
pin_protocol = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(pin_protocol)


def test_the_protocol_is_the_one_that_was_pinned() -> None:
    assert pin_protocol.judge(pin_protocol.current(), pin_protocol.pins()) == ""


@pytest.mark.parametrize(
    "change",
    [
        lambda pin: pin["messages"][0][4].append(["more", "uv"]),
        lambda pin: pin["ops"].pop(),
        lambda pin: pin["flags"].update(MORE=16),
        lambda pin: pin["events"].update(click=35),
        lambda pin: pin["errors"].pop("TooBig"),
    ],
    ids=["a field", "an op", "a flag", "a kind of event", "a kind of error"],
)
def test_a_change_without_a_new_name_is_noticed(change) -> None:
    pins = pin_protocol.pins()
    changed = copy.deepcopy(pins[-1])
    change(changed)
    assert pin_protocol.judge(changed, pins) == pin_protocol.CHANGED
    changed["capabilities"].append("a new one")
    assert pin_protocol.judge(changed, pins) == pin_protocol.NEW


def test_no_two_pins_have_one_name() -> None:
    names = [(pin["version"], tuple(pin["capabilities"])) for pin in pin_protocol.pins()]
    assert len(names) == len(set(names))


def test_the_messages_only_grow_at_the_end_within_a_version() -> None:
    """A reader of an older pin of the same version ignores further fields, and nothing else (1.2)."""
    pins = pin_protocol.pins()
    for older, newer in pairwise(pins):
        if older["version"] != newer["version"]:
            continue
        rows = {row[0]: row for row in newer["messages"]}
        for kind, name, sender, flags, fields, payload in older["messages"]:
            now = rows[kind]
            assert now[:3] == [kind, name, sender]
            assert flags & ~now[3] == 0
            assert now[4][: len(fields)] == fields
            assert now[5] == payload
