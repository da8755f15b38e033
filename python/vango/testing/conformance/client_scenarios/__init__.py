"""The scenarios that a client is put to; each begins with a page that was just loaded."""

from __future__ import annotations

from collections.abc import Callable

from vango.testing.conformance.bench import Bench
from vango.testing.conformance.catalogue import Verdict, judged
from vango.testing.conformance.client import Client
from vango.testing.conformance.client_scenarios import arriving, bursts, connections, events, leaving, refused
from vango.testing.conformance.client_scenarios.registry import CATALOGUE
from vango.testing.conformance.outcome import NotApplicable

__all__ = ["CATALOGUE", "arriving", "bursts", "connections", "events", "leaving", "refused", "run"]


def run(name: str, make: Callable[[], Client], transport: str) -> Verdict:
    """Put clients to a scenario, over a network that lets through WebSockets too, or "http" only."""
    scenario = CATALOGUE[name]
    made: list[Client] = []

    def bench(*, transport: str = transport, adopted: bool = True) -> Bench:
        client = make()
        made.append(client)
        if transport not in client.transports:
            raise NotApplicable(f"the client does not connect by {transport}")
        return Bench(client, transport=transport, adopted=adopted)

    with judged(scenario.rules) as verdict:
        try:
            scenario.play(bench)
        finally:
            for client in made:
                client.stop()
    return verdict
