"""The one place that says by which transports, and with which rings, the tests of the protocol run."""

import pytest
from networks import NETWORKS

from vango.limits import Limits
from vango.testing import Pilot


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "network" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("networks")
        metafunc.parametrize("network", marker.args if marker else NETWORKS, indirect=True)


@pytest.fixture
def network(request, monkeypatch) -> str:
    """All pilots of the test speak over this transport; a test that asks for it runs over each of them."""
    monkeypatch.setattr(Pilot, "network", staticmethod(NETWORKS[request.param]))
    return request.param


@pytest.fixture(params=[0, 100], ids="ring_{}".format)
def ring(request, monkeypatch):
    """The bursts that each session keeps: replay is an optimisation, so both have to do (PROTOCOL 3.1)."""
    monkeypatch.setitem(Limits.__init__.__kwdefaults__, "ring_bursts", request.param)
    return request.param
