"""The kit can fail: for each scenario and each side there is a subject that is wrong, and is caught."""

import ast
import re
from pathlib import Path

import pytest
import wrong_clients
import wrong_servers
from protocol_text import section
from python_subject import PythonClient

from vango.testing import conformance
from vango.testing.conformance import CLIENT_SCENARIOS, SERVER_SCENARIOS, Outcome, run_client, run_server

GATES = {f"C{n:02}" for n in range(1, 31)}
RULE = re.compile(r"\((\d+(?:\.\d+)?(?:, \d+(?:\.\d+)?)*)\)")
KIT = Path(conformance.__file__).parent


def is_caught(outcome: Outcome) -> bool:
    """Whether a scenario failed, with a sentence that names a rule of the text."""
    named = RULE.search(outcome.expected)
    return bool(outcome.result == "failed" and named and all(map(section, named[1].split(", "))))


def test_each_release_gate_is_a_scenario_of_both_sides() -> None:
    assert set(SERVER_SCENARIOS) >= GATES
    assert set(CLIENT_SCENARIOS) >= GATES


def test_there_is_a_wrong_subject_for_each_scenario() -> None:
    assert tuple(sorted(wrong_servers.WRONG)) == SERVER_SCENARIOS
    assert tuple(sorted(wrong_clients.WRONG)) == CLIENT_SCENARIOS


@pytest.mark.anyio
@pytest.mark.parametrize("name", SERVER_SCENARIOS)
async def test_a_wrong_server_is_caught(name, monkeypatch) -> None:
    how, make = wrong_servers.WRONG[name]
    server = make(monkeypatch)
    (outcome,) = (await run_server(lambda: server, [name])).outcomes
    assert is_caught(outcome), f"{how}: {outcome}"


@pytest.mark.parametrize("name", CLIENT_SCENARIOS)
def test_a_wrong_client_is_caught(name, monkeypatch) -> None:
    how, breaks = wrong_clients.WRONG[name]
    breaks(monkeypatch)
    (outcome,) = run_client(PythonClient, [name]).outcomes
    assert is_caught(outcome), f"{how}: {outcome}"


def test_every_rule_that_the_kit_names_is_one_of_the_text() -> None:
    named = {
        number
        for file in KIT.rglob("*.py")
        for text in ast.walk(ast.parse(file.read_text()))
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
        for numbers in RULE.findall(text.value)
        for number in numbers.split(", ")
    }
    assert len(named) > 30
    for number in named:
        assert section(number), number
