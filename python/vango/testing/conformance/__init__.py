"""The conformance kit: the scenarios of the protocol, for any server and any client.

    report = await conformance.run_server(lambda: HostedServer("websocket"))
    print(report.to_json())

A server is put behind `Server`, a client behind `Client`; what they show is the reference page. From the
command line: `python -m vango.testing.conformance --server URL`, or `--client COMMAND`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from vango.testing.conformance import server_scenarios
from vango.testing.conformance.outcome import Mismatch, Outcome, Report, Unavailable
from vango.testing.conformance.reference import reference_page
from vango.testing.conformance.server import Link, ServedPage, Server

__all__ = [
    "SERVER_SCENARIOS",
    "Link",
    "Mismatch",
    "Outcome",
    "Report",
    "ServedPage",
    "Server",
    "Unavailable",
    "reference_page",
    "run_server",
]

SERVER_SCENARIOS = tuple(server_scenarios.SCENARIOS)


async def run_server(make: Callable[[], Server], names: Iterable[str] = SERVER_SCENARIOS) -> Report:
    """Put a server to scenarios and report.

    Args:
        make: Makes a server that nobody has visited, for each scenario one.
        names: The ids of the scenarios.
    """
    report = Report()
    for name in names:
        server = make()
        title, _ = server_scenarios.SCENARIOS[name]
        result, expected, seen = await server_scenarios.run(name, server)
        outcome = Outcome(
            name, title, "server", server.name, server.transport, server.ring, result, expected, seen
        )
        report.extend([outcome])
    return report
