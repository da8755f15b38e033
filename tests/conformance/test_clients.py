"""The clients, put to the kit: the one in plain Python, and the shipped state machine under node."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from python_subject import PythonClient

from vango.testing.conformance import CLIENT_SCENARIOS, CLIENT_TRANSPORTS, run_client
from vango.testing.conformance.process import ProcessClient

HERE = Path(__file__).parent
NODE = ("node", str(HERE / "node_client.js"))


@pytest.mark.parametrize("transport", CLIENT_TRANSPORTS)
@pytest.mark.parametrize("name", CLIENT_SCENARIOS)
def test_python_client(name, transport) -> None:
    (outcome,) = run_client(PythonClient, [name], transport=transport).outcomes
    assert outcome.result == "passed", str(outcome)


@pytest.mark.parametrize("transport", CLIENT_TRANSPORTS)
@pytest.mark.parametrize("name", CLIENT_SCENARIOS)
def test_shipped_client(name, transport) -> None:
    (outcome,) = run_client(lambda: ProcessClient(NODE), [name], transport=transport).outcomes
    assert outcome.result == "passed", str(outcome)


def kit(*words: str) -> subprocess.CompletedProcess:
    """Run the command of the kit."""
    return subprocess.run(
        [sys.executable, "-m", "vango.testing.conformance", *words],
        cwd=HERE.parents[1] / "clients" / "python",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_command_reports_on_a_client_in_a_process(tmp_path) -> None:
    command = f"{sys.executable} -m vango_client.kit"
    ran = kit("--client", command, "--only", "C01,C20", "--json", str(tmp_path / "report.json"))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["passed"], report["failed"], report["not applicable"]) == (2, 0, 0)
    assert [one["scenario"] for one in report["outcomes"]] == ["C01", "C20"]
    assert {one["subject"] for one in report["outcomes"]} == {command}


def test_a_client_that_is_none_fails_and_says_so() -> None:
    ran = kit("--client", f"{sys.executable} -c pass", "--only", "C01")
    assert ran.returncode == 1
    assert "expected: one line of JSON for each line" in ran.stdout


def test_a_client_that_does_not_answer_fails_and_says_so() -> None:
    silent = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    (outcome,) = run_client(lambda: ProcessClient(silent, patience_s=0.1), ["C01"]).outcomes
    assert (outcome.result, outcome.seen) == ("failed", "none within 0.1 s, after load")


def test_a_client_whose_answer_lacks_something_fails_and_says_so() -> None:
    terse = [sys.executable, "-c", """input(); print('{"actions": [], "state": "connecting"}')"""]
    (outcome,) = run_client(lambda: ProcessClient(terse), ["C01"]).outcomes
    assert (outcome.result, outcome.expected) == ("failed", "deadline, html in the answer to load (3.2)")


def test_a_client_that_cannot_be_started_fails_and_says_so() -> None:
    (outcome,) = run_client(lambda: ProcessClient(["/no/such/client"]), ["C01"]).outcomes
    assert (outcome.result, outcome.expected) == ("failed", "a command that starts a client (3.2)")


def test_a_scenario_that_nobody_knows_is_an_error_of_the_command() -> None:
    ran = kit("--client", "x", "--only", "C99")
    assert ran.returncode == 2
    assert "C99" in ran.stderr
