"""docs/guide/deploying.md: its application has nothing left to settle, its nginx is that of the tests."""

import re
from pathlib import Path

import pytest

from vango import App
from vango.application.config import DEBUG_VARIABLE, SECRET_VARIABLE
from vango.cli.check import findings

from .nginx import CONFIG

GUIDE = (Path(__file__).parents[2] / "docs" / "guide" / "deploying.md").read_text()
BLOCKS = dict(re.findall(r"^```(python|nginx)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL))


def test_its_application_has_nothing_left_to_settle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET_VARIABLE, "s" * 32)
    monkeypatch.delenv(DEBUG_VARIABLE, raising=False)
    names: dict[str, App] = {}
    exec(BLOCKS["python"], names)
    assert findings(names["app"]) == []


def test_its_nginx_is_the_one_that_the_tests_have_in_front() -> None:
    tested = {line.strip() for line in CONFIG.format(folder="", port=0, path="", behind=8000).splitlines()}
    said = [line.strip() for line in BLOCKS["nginx"].splitlines()]
    assert [line for line in said if line not in tested] == ["proxy_pass http://127.0.0.1:8000;"]
