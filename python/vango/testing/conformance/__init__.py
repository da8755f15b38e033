"""The conformance kit: the scenarios of the protocol, for any server and any client.

    report = await conformance.run_server(lambda: HostedServer("websocket"))
    print(report.to_json())

A server is put behind `Server`, a client behind `Client`; what they show is the reference page. From the
command line: `python -m vango.testing.conformance --server URL`, or `--client COMMAND`; how a subject in
another language is written is said in docs/guide/conformance.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from vango.testing.conformance import client_scenarios, server_scenarios
from vango.testing.conformance.client import Client
from vango.testing.conformance.outcome import Mismatch, NotApplicable, Outcome, Report
from vango.testing.conformance.reference import reference_page
from vango.testing.conformance.reference_site import reference_site
from vango.testing.conformance.server import BlueprintLink, Link, ServedPage, Server

__all__ = [
    "CLIENT_SCENARIOS",
    "CLIENT_TRANSPORTS",
    "SERVER_SCENARIOS",
    "BlueprintLink",
    "Client",
    "Link",
    "Mismatch",
    "NotApplicable",
    "Outcome",
    "Report",
    "ServedPage",
    "Server",
    "reference_page",
    "reference_site",
    "run_client",
    "run_server",
]

SERVER_SCENARIOS = server_scenarios.CATALOGUE.names
CLIENT_SCENARIOS = client_scenarios.CATALOGUE.names
CLIENT_TRANSPORTS = ("websocket", "http")
"""What the network of a client lets through: everything, or requests only."""


async def run_server(make: Callable[[], Server], names: Iterable[str] = SERVER_SCENARIOS) -> Report:
    """Put a server to scenarios and report.

    Args:
        make: Makes a server that nobody has visited, for each scenario one.
        names: The ids of the scenarios.
    """
    report = Report()
    for name in names:
        server = make()
        scenario = server_scenarios.CATALOGUE[name]
        said = await server_scenarios.run(name, server)
        outcome = Outcome(
            name,
            scenario.title,
            scenario.rules,
            "server",
            server.name,
            server.transport,
            server.ring,
            said.result,
            said.expected,
            said.seen,
            said.reason,
        )
        report.extend([outcome])
    return report


def run_client(
    make: Callable[[], Client], names: Iterable[str] = CLIENT_SCENARIOS, *, transport: str = "websocket"
) -> Report:
    """Put a client to scenarios and report.

    Args:
        make: Makes a client that has loaded nothing yet; a scenario may want several.
        names: The ids of the scenarios.
        transport: "http" for a network that lets no WebSocket through.
    """
    report = Report()
    for name in names:
        subject = ""

        def made() -> Client:
            nonlocal subject
            client = make()
            subject = client.name
            return client

        scenario = client_scenarios.CATALOGUE[name]
        said = client_scenarios.run(name, made, transport)
        outcome = Outcome(
            name,
            scenario.title,
            scenario.rules,
            "client",
            subject,
            transport,
            None,
            said.result,
            said.expected,
            said.seen,
            said.reason,
        )
        report.extend([outcome])
    return report
