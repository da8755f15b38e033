"""The client as the conformance kit wants it: `--client "python -m vango_client.kit"`, in lines of JSON."""

from __future__ import annotations

import json
import math
import sys
from typing import Any

from vango_client.connection import Connection
from vango_client.line import Action, Close, Connect, Send, Tell
from vango_client.outbox import Event
from vango_client.page import Page


class Subject:
    """One client, driven by objects and answering with objects."""

    def __init__(self) -> None:
        self._connection: Connection | None = None
        self._reloads: list[str] = []
        self._reloaded = False  # as a tab remembers it

    def do(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Do what the kit asks; returns what it is to know."""
        now = asked["now"] / 1000
        if asked["do"] == "load":
            page = Page.parse(asked["html"], asked["path"])
            self._connection = Connection(page, chance=lambda: 0.5, reload=self._reload)
        connection = self._connection
        if connection is None:
            raise ValueError("nothing was loaded yet")
        match asked["do"]:
            case "load":
                connection.start(now)
            case "opened":
                connection.opened(asked["link"], now)
            case "received":
                connection.received(asked["link"], bytes.fromhex(asked["hex"]), now)
            case "closed":
                connection.closed(asked["link"], now, asked["code"])
            case "tick":
                connection.tick(now)
            case "event":
                payload = bytes.fromhex(asked["hex"])
                event = Event(asked["hid"], asked["kind"], payload, asked["policy"], action=asked["action"])
                connection.event(event, now)
        if connection.state == "connected":
            self._reloaded = False
        actions = [_said(action) for action in connection.take_actions()]
        actions += [{"reload": reason} for reason in self._reloads]
        self._reloads.clear()
        due = connection.deadline
        return {
            "actions": actions,
            "deadline": None if due == math.inf else round(due * 1000, 3),
            "state": connection.state,
            "html": connection.document.html(),
        }

    def _reload(self, reason: str) -> bool:
        if self._reloaded:
            return False
        self._reloaded = True
        self._reloads.append(reason)
        return True


def _said(action: Action) -> dict[str, Any]:
    match action:
        case Connect(link, via, parameters):
            return {"connect": link, "transport": via, "parameters": parameters}
        case Send(link, data):
            return {"send": link, "hex": data.hex()}
        case Close(link):
            return {"close": link}
        case Tell(name, _):
            return {"tell": name}


def main() -> None:
    """Answer line by line."""
    subject = Subject()
    for line in sys.stdin:
        print(json.dumps(subject.do(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
