"""The conformance kit: the scenarios of the protocol, for any server and any client.

    report = await conformance.run_server(lambda: HostedServer("websocket"))
    print(report.to_json())

A server is put behind `Server`, a client behind `Client`; what they show is the reference page. From the
command line: `python -m vango.testing.conformance --server URL`, or `--client COMMAND`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from vango.testing.conformance import client_scenarios, server_scenarios
from vango.testing.conformance.client import Client
from vango.testing.conformance.outcome import Mismatch, Outcome, Report, Unavailable
from vango.testing.conformance.reference import reference_page
from vango.testing.conformance.server import Link, ServedPage, Server

__all__ = [
    "CLIENT_SCENARIOS",
    "SERVER_SCENARIOS",
    "Client",
    "Link",
    "Mismatch",
    "Outcome",
    "Report",
    "ServedPage",
    "Server",
    "Unavailable",
    "reference_page",
    "run_client",
    "run_server",
]

SERVER_SCENARIOS = tuple(server_scenarios.SCENARIOS)
CLIENT_SCENARIOS = tuple(client_scenarios.SCENARIOS)


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


def run_client(make: Callable[[], Client], names: Iterable[str] = CLIENT_SCENARIOS) -> Report:
    """Put a client to scenarios and report.

    Args:
        make: Makes a client that has loaded nothing yet; a scenario may want several.
        names: The ids of the scenarios.
    """
    report = Report()
    for name in names:
        subject = ""

        def made() -> Client:
            nonlocal subject
            client = make()
            subject = client.name
            return client

        title, _ = client_scenarios.SCENARIOS[name]
        result, expected, seen = client_scenarios.run(name, made)
        report.extend([Outcome(name, title, "client", subject, "script", None, result, expected, seen)])
    return report
