"""Testing an application without a browser, a network or waiting: see `Pilot`."""

from vango.testing.client import Client
from vango.testing.document import Element, Page
from vango.testing.pilot import Pilot

__all__ = ["Client", "Element", "Page", "Pilot"]
