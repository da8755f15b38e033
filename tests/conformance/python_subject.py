"""The client of clients/python, as the kit sees it."""

from __future__ import annotations

from vango.testing.conformance.client import Action, Client, Close, Connect, Reload, Send, Tell
from vango.testing.conformance.server import ServedPage
from vango_client import line
from vango_client.connection import Connection
from vango_client.outbox import Event
from vango_client.page import Page


class PythonClient(Client):
    """The client in plain Python."""

    name = "clients/python"

    def __init__(self) -> None:
        self._reloads: list[Reload] = []
        self._reloaded = False  # as a tab remembers it

    def load(self, page: ServedPage, now: float) -> list[Action]:
        parsed = Page.parse(page.html, page.path)
        self.connection = Connection(parsed, chance=lambda: 0.5, reload=self._reload)
        self.connection.start(now)
        return self._actions()

    def _reload(self, reason: str) -> bool:
        if self._reloaded:
            return False
        self._reloaded = True
        self._reloads.append(Reload(reason))
        return True

    def opened(self, link: int, now: float) -> list[Action]:
        self.connection.opened(link, now)
        return self._actions()

    def received(self, link: int, data: bytes, now: float) -> list[Action]:
        self.connection.received(link, data, now)
        return self._actions()

    def closed(self, link: int, code: int | None, now: float) -> list[Action]:
        self.connection.closed(link, now, code)
        return self._actions()

    def tick(self, now: float) -> list[Action]:
        self.connection.tick(now)
        return self._actions()

    def event(
        self, hid: int, kind: int, payload: bytes, policy: str, action: str, now: float
    ) -> list[Action]:
        self.connection.event(Event(hid, kind, payload, policy, action=action), now)
        return self._actions()

    def _actions(self) -> list[Action]:
        if self.connection.state == "connected":
            self._reloaded = False
        actions: list[Action] = []
        for action in self.connection.take_actions():
            match action:
                case line.Connect(link, via, parameters):
                    actions.append(Connect(link, via, parameters))
                case line.Send(link, data):
                    actions.append(Send(link, data))
                case line.Close(link):
                    actions.append(Close(link))
                case line.Tell(name, _):
                    actions.append(Tell(name))
        actions += self._reloads
        self._reloads.clear()
        return actions

    @property
    def deadline(self) -> float:
        return self.connection.deadline

    @property
    def state(self) -> str:
        return self.connection.state

    def html(self) -> str:
        return self.connection.document.html()
