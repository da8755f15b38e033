"""The server that a client is put to: a script, a network that it owns, and a clock that it moves."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any, TypeVar

from vango import core, html as h, protocol
from vango._core import Patch
from vango.core import VNode
from vango.errors import ProtocolError
from vango.protocol import Diff, Error, Event, HelloOk, Message, Snapshot
from vango.testing.conformance.client import Action, Client, Close, Connect, Reload, Send, Tell
from vango.testing.conformance.outcome import Mismatch, expect, expect_equal
from vango.testing.conformance.server import ServedPage
from vango.testing.document import Page

__all__ = ["BUTTON", "FIELD", "INPUT", "MOVE", "OUTPUT", "Bench", "connected", "numbers", "refusal"]

M = TypeVar("M", bound=Message)

_MAX_BYTES = 1 << 25
_MOST_REFUSED = 10


def _click() -> None:
    """Stand for a handler."""


def _view(number: int, rows: tuple[str, ...], *, hint: bool) -> VNode:
    return h.main(title="a hint" if hint else None)[
        h.button(on_click=_click)["+"],
        h.input(on_input=_click, aria_label="field"),
        h.output[str(number)],
        h.ul[[h.li(key=row, title=f"row {row}")[row] for row in rows]],
    ]


BUTTON, FIELD, OUTPUT = 2, 4, 5
"""The hids of elements; the text of OUTPUT is the next one."""
INPUT, MOVE = 2, 12
"""Kinds of events."""


class Bench:
    """One client, the page that it has loaded, and a server that says what a scenario wants said.

    Attributes:
        client: Who is tested.
        now: The time.
        sent: What the client has sent on its link, decoded, "" for a sign of life.
        link: The number of the link that is open or opening, 0 for none.
        via: What it was asked to be.
        connects: Every Connect, in order, also of links that the network lets nobody open.
        told: What the page was told.
        reloads: Why it was to be loaded again.
        epoch, rev, ack: What the next burst says.
        lower: Whether bursts are made of ops 01 to 05 only.
    """

    def __init__(self, client: Client, *, transport: str = "websocket", adopted: bool = True) -> None:
        """Let the client load the page.

        Args:
            client: Who is tested.
            transport: "http" for a network that lets no WebSocket through.
            adopted: Whether the HTML of the page is what the page says of itself.
        """
        self.client = client
        self.lower = False
        self._blocked = {"websocket"} - {transport}
        self._refused: list[float] = []
        self.now = 1_000.0
        self.sent: list[Message | str] = []
        self.link = 0
        self.via = ""
        self.connects: list[Connect] = []
        self.told: list[str] = []
        self.reloads: list[str] = []
        self.tree = core.Tree(_view(0, ("a", "b", "c"), hint=True))
        self.epoch, self.rev, self.ack = 1, 0, 0
        self._number = 0
        self._rows: tuple[str, ...] = ("a", "b", "c")
        self._hint = True
        count = self.tree.count + (0 if adopted else 1)
        meta = {
            "version": 1,
            "url": "/live/s",
            "session": "s",
            "epoch": 1,
            "rev": 0,
            "count": count,
            "token": "t",
            "csrf": "c",
        }
        page = (
            f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>kit</title>\n'
            f'<meta name="vango" content="{escape(json.dumps(meta))}">\n</head>\n'
            f"<body>{self.tree.html()}</body></html>"
        )
        snapshot = self.tree.snapshot() if adopted else b""
        self._page = ServedPage(page, meta, "c=1", "/?q=1", snapshot)
        self._begin(lambda: client.load(self._page, self.now))

    def reload(self) -> None:
        """Let the tab load the page once more, as it was."""
        self.link = 0
        self.begin_epoch(1)
        self._begin(lambda: self.client.load(self._page, self.now))

    def _begin(self, load: Callable[[], list[Action]]) -> None:
        """Load, and let time pass until a way is tried that the network lets through."""
        self._do(load())
        if not self.link and self._blocked:
            self.until_connecting()

    # The network and the time

    def open(self) -> protocol.Hello:
        """Let the link open; returns the HELLO."""
        expect(self.link, "Connect", self.client.state)
        self.sent = []
        self._do(self.client.opened(self.link, self.now))
        (hello,) = self.take(protocol.Hello, "HELLO, alone (2.2)")
        return hello

    def send(self, *messages: Message | bytes) -> None:
        """Send messages to the client as one."""
        data = b"".join(one if isinstance(one, bytes) else protocol.encode(one) for one in messages)
        self._do(self.client.received(self.link, data, self.now))

    def drop(self, code: int | None = None) -> None:
        """Let the link end."""
        link, self.link = self.link, 0
        self._do(self.client.closed(link, code, self.now))

    def pass_time(self, seconds: float) -> None:
        """Move the clock, deadline by deadline."""
        end = self.now + seconds
        for _ in range(1_000):
            due = self.client.deadline
            if due > end:
                self.now = end
                return
            self.now = max(self.now, due)
            self._do(self.client.tick(self.now))
        raise Mismatch(f"a client that rests within {seconds:g} s", "a thousand deadlines")

    def until_connecting(self, seconds: float = 60.0, step: float = 1.0) -> None:
        """Let time pass until the client connects; after so many seconds it should have."""
        begun = self.now
        while not self.link:
            expect(self.now - begun < seconds, f"Connect within {seconds:g} s (3.12)", self.client.state)
            self.pass_time(step)

    def fail(self) -> None:
        """Let link after link fail at once, until the client waits."""
        for _ in range(_MOST_REFUSED):
            if not self.link:
                return
            self.drop()
        raise Mismatch("a client that waits when its links fail (3.12)", f"{_MOST_REFUSED} links at once")

    def event(
        self,
        hid: int = BUTTON,
        kind: int = 0,
        payload: bytes = b"",
        *,
        policy: str = "queue",
        action: str = "",
    ) -> None:
        """Let something happen at a node of the page."""
        self._do(self.client.event(hid, kind, payload, policy, action, self.now))

    def _do(self, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case Connect(link, transport):
                    self.connects.append(action)
                    if transport in self._blocked:
                        self._refuse(link)
                    else:
                        self.link, self.via = link, transport
                case Send(link, data):
                    if link == self.link:
                        self.sent += self._decode(data)
                case Close(link):
                    self.link = 0 if link == self.link else self.link
                case Reload(reason):
                    self.reloads.append(reason)
                case Tell(name):
                    self.told.append(name)

    def _refuse(self, link: int) -> None:
        """Let a link fail; a client that opens the next one at once, again and again, never waits."""
        self._refused = [at for at in self._refused if at == self.now] + [self.now]
        if len(self._refused) > _MOST_REFUSED:
            raise Mismatch("a client that waits when its links fail (3.12)", f"{_MOST_REFUSED} links at once")
        self._do(self.client.closed(link, None, self.now))

    @staticmethod
    def _decode(data: bytes) -> list[Message | str]:
        try:
            messages = protocol.decode(data, _MAX_BYTES)
        except ProtocolError as error:
            raise Mismatch("whole frames of known kinds (1.2)", str(error)) from None
        return [*messages] if messages else [""]

    # What the server says

    def welcome(self, **terms: Any) -> protocol.Hello:
        """Let the link open and agree; returns the HELLO."""
        hello = self.open()
        self.agree(**terms)
        return hello

    def agree(self, **terms: Any) -> None:
        """Send HELLO_OK: RESUME at the rev that was sent last, unless terms say otherwise."""
        values = {
            "version": 1,
            "capabilities": list(protocol.CAPABILITIES),
            "session": "s",
            "attachment": "a",
            "epoch": self.epoch,
            "rev": self.rev,
            "mode": protocol.MODE_RESUME,
            "last": self.ack,
            "heartbeat_ms": 25_000,
            "ladder_ms": [1_000, 2_000, 5_000, 10_000, 30_000],
            "limits": [("frame_bytes", 65_536), ("unsettled_events", 256)],
        }
        self.send(HelloOk(**{**values, **terms}))

    def change(
        self, number: int | None = None, rows: tuple[str, ...] | None = None, *, hint: bool | None = None
    ) -> Diff:
        """Change the page and return the DIFF that says so; it is not sent."""
        self._number = self._number + 1 if number is None else number
        self._rows = rows or self._rows
        self._hint = self._hint if hint is None else hint
        patches: list[Patch] = list(self.tree.commit(_view(self._number, self._rows, hint=self._hint)))
        base, self.rev = self.rev, self.rev + 1
        return Diff(
            self.epoch, base, self.rev, self.ack, self.tree.count, core.encode(patches, lower=self.lower)
        )

    def snapshot(self) -> Snapshot:
        """Return a SNAPSHOT of the page as it is, with the next rev."""
        self.rev += 1
        return Snapshot(self.epoch, self.rev, self.ack, self.tree.count, self.tree.snapshot())

    def begin_epoch(self, epoch: int) -> None:
        """Let the view be another one: the page from its beginning, with hids of its own."""
        self.epoch, self.rev, self.ack = epoch, 0, 0
        self._number, self._rows, self._hint = 0, ("a", "b", "c"), True
        self.tree = core.Tree(_view(0, self._rows, hint=True))

    # What the client has said and shows

    def take(self, kind: type[M], what: str) -> list[M]:
        """Take all that was sent; it must be one message of this kind, or `what` was expected."""
        sent, self.sent = self.sent, []
        found = [message for message in sent if isinstance(message, kind)]
        if len(found) != 1 or len(sent) != 1:
            raise Mismatch(what, _names(sent))
        return found

    def taken(self, kind: type[M]) -> list[M]:
        """Take all that was sent; returns what is of this kind."""
        sent, self.sent = self.sent, []
        return [message for message in sent if isinstance(message, kind)]

    @property
    def events(self) -> list[Event]:
        """The EVENTs that were sent, which stay."""
        return [message for message in self.sent if isinstance(message, Event)]

    def nothing(self, what: str) -> None:
        """Check that nothing was sent."""
        expect(not self.sent, what, _names(self.sent))

    def shows(self, what: str = "the document of the server") -> None:
        """Check that the client shows what the server has."""
        expect_equal(_plain(self.client.html()), _plain(self.tree.html(hids=False)), what)

    def shows_not_yet(self, what: str) -> None:
        """Check that the client does not show the newest."""
        shown = _plain(self.client.html())
        expect(shown != _plain(self.tree.html(hids=False)), what, shown)


def connected(make: Callable[..., Bench], **terms: Any) -> Bench:
    """Return a bench whose client is connected at rev 0, with nothing said yet; `make` takes the terms."""
    bench = make(**terms)
    bench.welcome()
    expect_equal(bench.client.state, "connected", "the state after HELLO_OK (7.1)")
    return bench


def refusal(kind: str, scope: int = 2, **fields: Any) -> Error:
    """Return an ERROR."""
    return replace(Error(kind, 0, scope, "the kit says so"), **fields)


def numbers(events: list[Event]) -> list[int]:
    """Return the numbers of events."""
    return [event.cseq for event in events]


def _plain(html: str) -> str:
    """Return HTML without hids and marks, the attributes in order: what two clients may write differently."""
    root = Page(html).root
    for element in root.walk():
        element.attrs = dict(sorted(element.attrs.items()))
    return repr(root)


def _names(sent: list[Message | str]) -> list[str]:
    return [type(message).__name__ if not isinstance(message, str) else "a sign of life" for message in sent]
