"""vango's server, put to the kit: every scenario over every transport, with a ring and without."""

import pytest

from vango.testing.conformance import SERVER_SCENARIOS, run_server
from vango.testing.conformance.hosted import TRANSPORTS, HostedServer

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("ring", [0, 100])
@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("name", SERVER_SCENARIOS)
async def test_scenario(name, transport, ring) -> None:
    report = await run_server(lambda: HostedServer(transport, ring=ring), [name])
    (outcome,) = report.outcomes
    assert outcome.result == "passed", str(outcome)
