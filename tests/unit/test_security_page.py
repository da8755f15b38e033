"""docs/SECURITY.md: each check has its default, its setting and its test, and each of these is there."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields
from pathlib import Path

import pytest
from test_behaviour import TESTS

from vango import App
from vango.limits import Limits

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "SECURITY.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("|") and not line.startswith(("|---", "| check "))
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_a_check_has_a_default_a_setting_and_a_test(row: list[str]) -> None:
    check, default, setting, test = row
    assert all((check, default, setting, test))
    files = re.findall(r"tests/[\w/]+\.py", test)
    names = re.findall(r"(?<![\w/])(test_\w+)(\*?)(?![\w./])", test)
    assert files or names
    assert [file for file in files if not (ROOT / file).is_file()] == []
    missing = [
        name + star
        for name, star in names
        if not (any(there.startswith(name) for there in TESTS) if star else name in TESTS)
    ]
    assert missing == []


def test_every_setting_that_is_named_is_one() -> None:
    limits = {field.name for field in fields(Limits)}
    assert set(re.findall(r"`Limits\.(\w+)`", PAGE)) <= limits
    assert set(re.findall(r"`App\((\w+)=", PAGE)) <= set(inspect.signature(App).parameters)
    for method, name in re.findall(r"`app\.(\w+)\((\w+)=", PAGE):
        assert name in inspect.signature(getattr(App, method)).parameters


def test_whatever_is_named_in_the_text_is_there() -> None:
    files = set(re.findall(r"tests/[\w/]+\.py", PAGE))
    assert {file for file in files if not (ROOT / file).is_file()} == set()
    names = set(re.findall(r"(?<![\w/.*])(test_\w+)(?![\w./*])", PAGE))
    assert names <= TESTS


def test_the_defaults_are_those_of_the_limits() -> None:
    said = {
        setting: default
        for _, default, settings, _ in ROWS
        for setting in re.findall(r"`Limits\.(\w+)`", settings)[:1]
    }
    for name, default in said.items():
        found = re.match(r"([\d,]+)( KiB)?", default)
        assert found is not None
        assert int(found[1].replace(",", "")) * (1024 if found[2] else 1) == getattr(Limits(), name), name
