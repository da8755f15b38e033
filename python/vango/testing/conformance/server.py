"""What the kit asks of a server: a page, connections to it, the time. Any server can be put behind this.

The server shows the kit's reference page (`reference.py`), in vango or in anything else that behaves so.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from vango.testing.conformance.outcome import Mismatch, NotApplicable

__all__ = ["BlueprintLink", "Link", "ServedPage", "Server", "merged"]


_META = ("version", "url", "session", "epoch", "rev", "count", "token")


@dataclass(frozen=True, slots=True)
class ServedPage:
    """A page as it was served to one browser.

    Attributes:
        html: The document.
        meta: What `<meta name="vango">` says.
        cookie: The session cookie, as a `Cookie` header has it.
        path: Its path and query.
        snapshot: The document as a SNAPSHOT has it, where the kit wrote the page and it is what it says.
    """

    html: str
    meta: dict[str, Any]
    cookie: str
    path: str
    snapshot: bytes = b""

    @classmethod
    def read(cls, html: str, cookie: str, path: str) -> ServedPage:
        """Read the head of a document.

        Raises:
            Mismatch: It is not live, or does not say where and which.
        """
        finder = _MetaFinder()
        finder.feed(html)
        if finder.content is None:
            raise Mismatch('<meta name="vango"> in the page (3.2)', html[:200])
        try:
            meta = json.loads(finder.content)
        except json.JSONDecodeError as error:
            raise Mismatch('one JSON text in <meta name="vango"> (3.2)', str(error)) from None
        missing = [name for name in _META if not isinstance(meta, dict) or name not in meta]
        if missing:
            raise Mismatch(f'{", ".join(missing)} in <meta name="vango"> (3.2)', finder.content)
        return cls(html, meta, cookie, path)


def merged(cookie: str, given: list[str]) -> str:
    """Return a `Cookie` header with what a browser sent and what it was given for that."""
    pairs = [pair.partition("=") for pair in [*filter(None, cookie.split("; ")), *given]]
    return "; ".join(f"{name}={value}" for name, value in {name: value for name, _, value in pairs}.items())


class _MetaFinder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.content: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "meta" and values.get("name") == "vango":
            self.content = values.get("content")


class Link(ABC):
    """The client's end of one connection."""

    @abstractmethod
    async def send(self, data: bytes) -> None:
        """Send one message; nothing happens on a connection that has ended."""

    @abstractmethod
    def received(self) -> list[bytes]:
        """Return what has come since the last call, without waiting."""

    @abstractmethod
    def pause(self) -> None:
        """Read no further: what the server sends stays where it is."""

    @abstractmethod
    def go_on(self) -> None:
        """Read again."""

    @abstractmethod
    def cut(self) -> None:
        """Break the connection at once; what is on its way is lost."""

    @property
    @abstractmethod
    def code(self) -> int | None:
        """The code with which the server has closed, 1006 where it just went; `None` while it is there."""


class BlueprintLink(ABC):
    """The client's end of a socket without a subprotocol (PROTOCOL section 4)."""

    @abstractmethod
    async def say(self, text: str) -> None:
        """Send one message; nothing happens on a connection that has ended."""

    @abstractmethod
    def heard(self) -> list[str | bytes]:
        """Return what has come since the last call, text and bursts, without waiting."""

    @abstractmethod
    def cut(self) -> None:
        """Break the connection at once; what is on its way is lost."""

    @property
    @abstractmethod
    def code(self) -> int | None:
        """The code with which the server has closed, 1006 where it just went; `None` while it is there."""


class Server(ABC):
    """A server under test, fresh for each scenario: `async with server:`.

    Attributes:
        name: What the report calls it.
        transport: What `connect` opens.
        ring: How many bursts it keeps for replay, `None` where that is not known.
        transports: All that it can be reached by.
        blueprint: "serve" or "refuse", what it does with the blueprint profile; "" where either is right.
        slack_s: How late may be seen what it does by its clock; 0 where that is the kit's own.
    """

    name: str
    transport: str
    ring: int | None
    transports: tuple[str, ...]
    blueprint: str = ""
    slack_s: float = 0.0

    async def __aenter__(self) -> Server:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    @abstractmethod
    async def visit(self, cookie: str = "", path: str = "/") -> ServedPage:
        """Load a page, as a browser without a cookie or with those that are given; "/" is the reference page.

        Raises:
            NotApplicable: There is no other page at this path.
        """

    @abstractmethod
    async def connect(self, page: ServedPage, *, transport: str = "", origin: str = "") -> Link:
        """Open a connection of a page, or try to; nothing is said on it yet.

        Args:
            page: Whose.
            transport: One of `transports`, that of the server without it.
            origin: What the request says that it comes from, the server's own without it.

        Raises:
            NotApplicable: No request opens a connection of this transport, so it has no origin and no cookie.
        """

    @abstractmethod
    async def settle(self) -> None:
        """Return when nothing moves any more."""

    @abstractmethod
    async def advance(self, seconds: float) -> None:
        """Let time pass."""

    async def listen(self, page: ServedPage) -> BlueprintLink:  # noqa: ARG002
        """Open a socket of a page that asks for no subprotocol.

        Raises:
            NotApplicable: There are none over this transport.
        """
        raise NotApplicable(f"the blueprint profile is one of WebSockets, which {self.transport} is not")

    async def drain(self) -> None:
        """Let the server begin to stop; returns at once.

        Raises:
            NotApplicable: This server cannot be stopped from here.
        """
        raise NotApplicable("the server cannot be stopped from here")

    async def restart(self) -> None:
        """Let the process end as a crash ends it, and start it again: its sessions are gone.

        Raises:
            NotApplicable: This server cannot be restarted from here.
        """
        raise NotApplicable("the server cannot be restarted from here")
