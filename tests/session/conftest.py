"""What the tests of sessions share."""

import pytest

from vango.limits import Limits


@pytest.fixture(params=[0, 100], ids="ring_{}".format)
def ring(request, monkeypatch):
    """The bursts that each session keeps: replay is an optimisation, so both have to do (PROTOCOL 3.1)."""
    monkeypatch.setitem(Limits.__init__.__kwdefaults__, "ring_bursts", request.param)
    return request.param
