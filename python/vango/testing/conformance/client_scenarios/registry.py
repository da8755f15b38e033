"""Where the scenarios of clients register; a module of scenarios begins with `from ... import scenario`."""

from __future__ import annotations

from collections.abc import Callable

from vango.testing.conformance.bench import Bench
from vango.testing.conformance.catalogue import Catalogue

__all__ = ["CATALOGUE", "MakeBench", "scenario"]

MakeBench = Callable[..., Bench]
"""Makes a bench with a client that has just loaded the page; takes what `Bench` takes by name."""

CATALOGUE: Catalogue[Callable[[MakeBench], None]] = Catalogue()

scenario = CATALOGUE.scenario
