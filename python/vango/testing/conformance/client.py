"""What the kit asks of a client: its state machine without I/O. Any client can be put behind this.

Bytes, time and events go in, actions come out. Times are seconds of one clock, which the kit moves.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from vango.testing.conformance.server import ServedPage

__all__ = ["Action", "Client", "Close", "Connect", "Reload", "Send", "Tell"]


@dataclass(frozen=True, slots=True)
class Connect:
    """Open link number `link`, over "websocket" or "http", with `parameters` in the query."""

    link: int
    transport: str
    parameters: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Send:
    """Send one message over a link."""

    link: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Close:
    """Close a link."""

    link: int


@dataclass(frozen=True, slots=True)
class Reload:
    """The page is loaded again; what else it did counts no more."""

    reason: str


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell the page: "rejected", "refused" and "error" are the names that the kit looks for."""

    name: str


Action = Connect | Send | Close | Reload | Tell


class Client(ABC):
    """A client under test, fresh for each scenario.

    Attributes:
        name: What the report calls it.
        transports: What it can connect by; the first is what it begins with.
    """

    name: str
    transports: tuple[str, ...] = ("websocket", "http")

    @abstractmethod
    def load(self, page: ServedPage, now: float) -> list[Action]:
        """Load a page and begin, a second time where the tab was loaded again.

        What chance decides is its mean. `Reload` is what is granted: once, until the state was connected.
        """

    @abstractmethod
    def opened(self, link: int, now: float) -> list[Action]:
        """A link is open."""

    @abstractmethod
    def received(self, link: int, data: bytes, now: float) -> list[Action]:
        """One message has come."""

    @abstractmethod
    def closed(self, link: int, code: int | None, now: float) -> list[Action]:
        """A link has ended, or could not be opened."""

    @abstractmethod
    def tick(self, now: float) -> list[Action]:
        """It is the time that `deadline` named."""

    @abstractmethod
    def event(
        self, hid: int, kind: int, payload: bytes, policy: str, action: str, now: float
    ) -> list[Action]:
        """Something has happened at a node."""

    @property
    @abstractmethod
    def deadline(self) -> float:
        """When to call `tick`, infinity if nothing is due."""

    @property
    @abstractmethod
    def state(self) -> str:
        """One of the states of PROTOCOL 7.1."""

    @abstractmethod
    def html(self) -> str:
        """What it shows, as HTML; attributes in any order, hids or none."""

    def stop(self) -> None:  # noqa: B027
        """The scenario is over."""
