"""Each test that docs/BEHAVIOUR.md and docs/FEATURES.md name is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^\s*(?:async )?def (test_\w+)", path.read_text(), re.MULTILINE)
}


@pytest.mark.parametrize("page", ["BEHAVIOUR.md", "FEATURES.md"])
def test_what_is_said_to_be_tested_is(page: str) -> None:
    text = (ROOT / "docs" / page).read_text()
    named = re.findall(r"(?<![\w/.])(test_\w+)(\*?)(?![\w./])", text)
    assert named
    missing = [
        name + star
        for name, star in named
        if not (any(test.startswith(name) for test in TESTS) if star else name in TESTS)
    ]
    assert missing == []
