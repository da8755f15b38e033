"""vango's server, put to the kit: every scenario over every transport, on virtual time."""

import pytest

from vango.testing.conformance import SERVER_SCENARIOS, run_server
from vango.testing.conformance.hosted import TRANSPORTS, HostedServer

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("name", SERVER_SCENARIOS)
async def test_scenario(name, transport) -> None:
    report = await run_server(lambda: HostedServer(transport), [name])
    (outcome,) = report.outcomes
    assert outcome.result == "passed", str(outcome)
