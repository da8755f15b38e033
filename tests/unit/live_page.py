"""A page of an application, as its browser keeps it, and the messages that it speaks."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from asgi_driver import request

from vango import App, html as h, protocol, signal
from vango.application.cookies import COOKIE, new_browser
from vango.protocol import Message
from vango.testing import Client


def make_app(**settings: Any) -> App:
    """An application with a counter that clicks can raise, and another page."""
    app = App(**settings)

    def home() -> object:
        count = signal(0)
        return h.button(on_click=lambda: count.update(lambda n: n + 1))[count]

    app.page("/")(home)
    app.page("/other")(lambda: h.p["other"])
    return app


class Visit:
    """A page that was loaded.

    Attributes:
        headers: What its browser sends with each request.
        live: What its meta element says.
        client: What its script is on the wire; it holds no document, for the HTML is not parsed here.
    """

    def __init__(self, cookie: str, live: Mapping[str, Any]) -> None:
        self.headers = {"Cookie": f"{COOKIE}={cookie}", "Origin": "http://testserver"}
        self.live = live
        self.client = Client(token=live["token"], csrf=live["csrf"])
        self.client.epoch, self.client.rev = live["epoch"], live["rev"]

    @classmethod
    async def to(cls, app: App, path: str = "/", **changes: Any) -> Visit:
        """Load a page with a cookie of its own."""
        cookie = new_browser()
        answer = await request(app, path, headers={"Cookie": f"{COOKIE}={cookie}"}, **changes)
        meta = re.search(r'<meta name="vango" content="(.*)">', answer.text)
        assert meta is not None
        return cls(cookie, json.loads(unescape(meta[1])))

    @property
    def url(self) -> str:
        """The path of its live address."""
        return str(self.live["url"])


def messages(data: bytes) -> list[Message]:
    """The messages that the server sent."""
    return protocol.decode(data, 2**24)
