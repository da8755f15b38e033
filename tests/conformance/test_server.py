"""vango's server, put to the kit: every scenario over every transport, with a ring and without."""

import pytest

from vango.testing.conformance import SERVER_SCENARIOS, run_server
from vango.testing.conformance.hosted import TRANSPORTS, HostedServer

pytestmark = pytest.mark.anyio

SOCKETS_ONLY = {"C23"}
BY_REQUESTS = {"C24"}


@pytest.mark.parametrize("ring", [0, 100])
@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("name", SERVER_SCENARIOS)
async def test_scenario(name, transport, ring) -> None:
    report = await run_server(lambda: HostedServer(transport, ring=ring), [name])
    (outcome,) = report.outcomes
    applies = transport == "websocket" or name not in SOCKETS_ONLY
    applies &= transport != "memory" or name not in BY_REQUESTS
    assert outcome.result == ("passed" if applies else "not applicable"), str(outcome)


@pytest.mark.parametrize("ring", [0, 100])
async def test_c23_a_server_that_refuses_the_profile(ring) -> None:
    report = await run_server(lambda: HostedServer("websocket", ring=ring, blueprint="refuse"), ["C23"])
    (outcome,) = report.outcomes
    assert outcome.passed, str(outcome)
