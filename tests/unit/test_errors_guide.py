"""docs/guide/errors.md: each error that it names is one, and each of its rows has a test that is there."""

import re
from pathlib import Path

import pytest
from test_behaviour import TESTS

from vango import errors, guards, protocol

GUIDE = (Path(__file__).parents[2] / "docs" / "guide" / "errors.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in GUIDE.splitlines()
    if line.startswith("|") and not line.startswith(("|---", "| what has"))
]
RESULTS = {"HandlerNotFound", "QueueFull"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_a_row_has_its_tests(row: list[str]) -> None:
    _, _, _, tests = row
    named = re.findall(r"`(test_\w+)(\*?)`", tests)
    assert named
    for name, star in named:
        assert any(test.startswith(name) for test in TESTS) if star else name in TESTS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_what_a_row_names_is_there(row: list[str]) -> None:
    _, seen, told, _ = row
    for name in re.findall(r"`([A-Z]\w+)(?:\(|`)", seen):
        assert hasattr(errors, name) or hasattr(guards, name) or name in ("App", "Session")
    for kind in re.findall(r'`Refused\("(\w+)"\)`', seen) + re.findall(r"`([A-Z]\w+)`", told):
        assert kind in RESULTS or kind in protocol.RULES
