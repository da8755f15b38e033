"""The clients, put to the kit: the one in plain Python."""

import pytest
from python_subject import PythonClient

from vango.testing.conformance import CLIENT_SCENARIOS, run_client


@pytest.mark.parametrize("name", CLIENT_SCENARIOS)
def test_python_client(name) -> None:
    (outcome,) = run_client(PythonClient, [name]).outcomes
    assert outcome.result == "passed", str(outcome)
