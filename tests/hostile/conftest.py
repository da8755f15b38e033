"""Servers in processes of their own, and a good client beside every bad one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.serving import Server

from .raw import Witness, is_healthy

TESTS = Path(__file__).parents[1]


@pytest.fixture(scope="package")
def patient() -> Iterator[Server]:
    """The counter, served as by `vango run`."""
    with Server("hostile.raw_app:app", TESTS) as server:
        yield server


@pytest.fixture(scope="package")
def impatient() -> Iterator[Server]:
    """The same, with a short heartbeat."""
    with Server("hostile.raw_app:impatient", TESTS) as server:
        yield server


@pytest.fixture(scope="package")
def hasty() -> Iterator[Server]:
    """The same, with short deadlines for HELLO and for bodies."""
    with Server("hostile.raw_app:hasty", TESTS) as server:
        yield server


@pytest.fixture(scope="module")
def witness(patient: Server) -> Iterator[Witness]:
    """A good client that is there all the time; those that come after are served as well."""
    with Witness(patient) as witness:
        yield witness
        assert is_healthy(patient)


@pytest.fixture
def server(patient: Server, witness: Witness) -> Iterator[Server]:
    """A server that serves the good client after the test as before it, and has nothing to complain of."""
    before = len(patient.log)
    yield patient
    assert witness.is_served()
    assert "Traceback" not in "".join(patient.log[before:])
