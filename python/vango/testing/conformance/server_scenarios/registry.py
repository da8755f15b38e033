"""Where the scenarios of servers register; a module of scenarios begins with `from ... import scenario`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from vango.testing.conformance.catalogue import Catalogue
from vango.testing.conformance.server import Server

__all__ = ["CATALOGUE", "scenario"]

CATALOGUE: Catalogue[Callable[[Server], Awaitable[None]]] = Catalogue()

scenario = CATALOGUE.scenario
