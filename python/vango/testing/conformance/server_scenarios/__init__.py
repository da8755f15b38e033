"""The scenarios that a server is put to; each begins with a server that nobody has visited."""

from __future__ import annotations

from vango.testing.conformance.catalogue import Verdict, judged
from vango.testing.conformance.server import Server
from vango.testing.conformance.server_scenarios import (
    arriving,
    blueprint,
    bursts,
    channels,
    connections,
    events,
    leaving,
    navigation,
    users,
)
from vango.testing.conformance.server_scenarios.registry import CATALOGUE

__all__ = [
    "CATALOGUE",
    "arriving",
    "blueprint",
    "bursts",
    "channels",
    "connections",
    "events",
    "leaving",
    "navigation",
    "run",
    "users",
]


async def run(name: str, server: Server) -> Verdict:
    """Put a fresh server to a scenario."""
    scenario = CATALOGUE[name]
    with judged(scenario.rules) as verdict:
        async with server:
            await scenario.play(server)
    return verdict
