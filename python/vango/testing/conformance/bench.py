"""The server that a client is put to: a script, a network that it owns, and a clock that it moves."""

from __future__ import annotations

import json
from html import escape
from typing import Any, TypeVar

from vango import core, html as h, protocol
from vango._core import Patch
from vango.core import VNode
from vango.errors import ProtocolError
from vango.protocol import Diff, HelloOk, Message, Snapshot
from vango.testing.conformance.client import Action, Client, Close, Connect, Reload, Send, Tell
from vango.testing.conformance.outcome import Mismatch, expect, expect_equal
from vango.testing.conformance.server import ServedPage
from vango.testing.document import Page

__all__ = ["BUTTON", "FIELD", "Bench"]

M = TypeVar("M", bound=Message)

_MAX_BYTES = 1 << 25


def _click() -> None:
    """Stand for a handler."""


def _view(number: int, rows: tuple[str, ...]) -> VNode:
    return h.main[
        h.button(on_click=_click)["+"],
        h.input(on_input=_click, aria_label="field"),
        h.output[str(number)],
        h.ul[[h.li(key=row, title=f"row {row}")[row] for row in rows]],
    ]


BUTTON, FIELD = 2, 4


class Bench:
    """One client, the page that it has loaded, and a server that says what a scenario wants said.

    Attributes:
        client: Who is tested.
        now: The time.
        sent: What the client has sent on its link, decoded, "" for a sign of life.
        link: The number of the link that is open or opening, 0 for none.
        via: What it was asked to be.
        connects: Every Connect, in order.
        told: What the page was told.
        reloads: Why it was to be loaded again.
        epoch, rev, ack: What the next burst says.
    """

    def __init__(self, client: Client, *, adopted: bool = True) -> None:
        """Let the client load the page; with `adopted` false its HTML is not what the page says of itself."""
        self.client = client
        self.now = 1_000.0
        self.sent: list[Message | str] = []
        self.link = 0
        self.via = ""
        self.connects: list[Connect] = []
        self.told: list[str] = []
        self.reloads: list[str] = []
        self.tree = core.Tree(_view(0, ("a", "b", "c")))
        self.epoch, self.rev, self.ack = 1, 0, 0
        self._number = 0
        self._rows: tuple[str, ...] = ("a", "b", "c")
        count = self.tree.count + (0 if adopted else 1)
        meta = {
            "version": 1,
            "url": "/live/s",
            "session": "s",
            "epoch": 1,
            "rev": 0,
            "count": count,
            "token": "t",
        }
        page = (
            f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>kit</title>\n'
            f'<meta name="vango" content="{escape(json.dumps(meta))}">\n</head>\n'
            f"<body>{self.tree.html()}</body></html>"
        )
        self._do(
            client.load(
                ServedPage(page, meta, "c=1", "/?q=1", self.tree.snapshot() if adopted else b""), self.now
            )
        )

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
        for _ in range(10):
            if not self.link:
                return
            self.drop()
        raise Mismatch("a client that waits when its links fail (3.12)", "ten links without a pause")

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
                case Connect():
                    self.connects.append(action)
                    self.link, self.via = action.link, action.transport
                case Send(link, data):
                    if link == self.link:
                        self.sent += self._decode(data)
                case Close(link):
                    self.link = 0 if link == self.link else self.link
                case Reload(reason):
                    self.reloads.append(reason)
                case Tell(name):
                    self.told.append(name)

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

    def change(self, number: int | None = None, rows: tuple[str, ...] | None = None) -> Diff:
        """Change the page and return the DIFF that says so; it is not sent."""
        self._number = self._number + 1 if number is None else number
        self._rows = rows or self._rows
        patches: list[Patch] = list(self.tree.commit(_view(self._number, self._rows)))
        base, self.rev = self.rev, self.rev + 1
        return Diff(self.epoch, base, self.rev, self.ack, self.tree.count, core.encode(patches))

    def snapshot(self) -> Snapshot:
        """Return a SNAPSHOT of the page as it is, with the next rev."""
        self.rev += 1
        return Snapshot(self.epoch, self.rev, self.ack, self.tree.count, self.tree.snapshot())

    def begin_epoch(self, epoch: int) -> None:
        """Let the view be another one: the page from its beginning, with hids of its own."""
        self.epoch, self.rev, self.ack = epoch, 0, 0
        self._number, self._rows = 0, ("a", "b", "c")
        self.tree = core.Tree(_view(0, self._rows))

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


def _plain(html: str) -> str:
    """Return HTML without hids and marks, the attributes in order: what two clients may write differently."""
    root = Page(html).root
    for element in root.walk():
        element.attrs = dict(sorted(element.attrs.items()))
    return repr(root)


def _names(sent: list[Message | str]) -> list[str]:
    return [type(message).__name__ if not isinstance(message, str) else "a sign of life" for message in sent]
