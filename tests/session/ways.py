"""A browser with cookies, and every way by which it may ask an application for a page."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import anyio
import anyio.lowlevel
import anyio.to_thread
from asgi_driver import Answer, request, websocket

from vango import App, protocol
from vango.application.cookies import COOKIE, new_browser
from vango.application.http import MEDIA_TYPE
from vango.clock import VirtualClock
from vango.protocol import Error, HelloOk, Message
from vango.testing import Client

META = re.compile(r'<meta name="vango" content="(.*)">')


@dataclass
class Browser:
    """Asks an application, with its cookies, and keeps all bytes that came.

    Attributes:
        cookies: What it sends.
        heard: All that was ever sent to it.
        answers: What its requests were answered.
        host: What serves the application, where that is another one.
        origin: From where its pages come.
    """

    app: App
    clock: VirtualClock
    cookies: dict[str, str] = field(default_factory=lambda: {COOKIE: new_browser()})
    heard: bytes = b""
    answers: bytes = b""
    host: Any = None
    origin: str = "http://testserver"

    @property
    def server(self) -> Any:
        """What it asks."""
        return self.app if self.host is None else self.host

    async def settle(self) -> None:
        """Wait until nothing happens any more, in threads neither."""
        await self.clock.settle(threads=True)

    def be(self, user: str) -> Browser:
        """Carry the login of somebody from now on."""
        self.cookies["user"] = user
        return self

    @property
    def headers(self) -> dict[str, str]:
        """What each request says."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookie, "Origin": self.origin}

    async def ask(self, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
        """Send one request, and keep the cookies of the answer."""
        answer = await request(self.server, path, method, [body], headers={**self.headers, **headers})
        said = repr(answer.headers).encode() + answer.body
        self.heard += said
        self.answers += said
        for cookie in answer.all("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            if "Max-Age=0" in cookie:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return answer

    async def load(self, path: str) -> Tab:
        """Load a page that can be shown."""
        answer = await self.ask(path)
        meta = META.search(answer.text)
        assert meta is not None, answer.text
        return Tab(self, path, json.loads(unescape(meta[1])))


class Tab:
    """A page that was loaded, with its script's half of the protocol.

    Attributes:
        live: What its meta element says.
        client: What its script is on the wire; it holds no document.
        errors: The ERRORs that it was told.
        welcomed: Whether the newest connection was let in.
        code: With what the newest connection was closed, `None` while it is open.
        heard: All that its connections were sent.
    """

    def __init__(self, browser: Browser, path: str, live: dict[str, Any]) -> None:
        self.browser = browser
        self.live = live
        self.client = Client(token=live["token"], csrf=live["csrf"], path=path)
        self.client.epoch, self.client.rev = live["epoch"], live["rev"]
        self.errors: list[Error] = []
        self.messages: list[Message] = []
        self.welcomed = False
        self.code: int | None = None
        self.heard = b""

    @property
    def session(self) -> Any:
        """Its session, `None` once it has ended."""
        return self.browser.app.registry.get(self.live["session"])

    def _hear(self, data: bytes) -> None:
        self.browser.heard += data
        self.heard += data
        for message in protocol.decode(data, 1 << 24):
            self.messages.append(message)
            self.welcomed = self.welcomed or isinstance(message, HelloOk)
            if isinstance(message, Error):
                self.errors.append(message)

    def _begin(self) -> None:
        self.errors, self.messages, self.welcomed, self.code = [], [], False, None

    @asynccontextmanager
    async def connected(self, *, blueprint: bool = False) -> AsyncIterator[Callable[..., Any]]:
        """Be connected by a socket; gives a function that sends frames and settles."""
        self._begin()
        browser = self.browser
        protocols = [] if blueprint else ["vango.1"]
        async with websocket(
            browser.server, self.live["url"], headers=browser.headers, subprotocols=protocols
        ) as socket:

            async def listen() -> None:
                while True:
                    try:
                        event = await socket.event()
                    except anyio.EndOfStream:
                        return
                    if event["type"] == "websocket.close":
                        self.code = event.get("code", 1000)
                    elif event["type"] == "websocket.http.response.start":
                        self.code = event["status"]
                    elif event.get("bytes") is not None and not blueprint:
                        self._hear(event["bytes"])
                    else:
                        browser.heard += repr(event).encode()
                        self.heard += repr(event).encode()
                        self.welcomed = self.welcomed or (blueprint and event["type"] == "websocket.accept")

            async def say(*frames: bytes) -> None:
                for frame in frames:
                    await socket.send(frame)
                await browser.settle()

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(listen)
                await say(*([] if blueprint else [self.client.hello()]))
                yield say
                tasks.cancel_scope.cancel()

    @asynccontextmanager
    async def posting(self) -> AsyncIterator[Callable[..., Any]]:
        """Be connected by HTTP; gives a function that posts frames and settles."""
        self._begin()
        browser, n, name = self.browser, -1, ""

        async def post(tasks: anyio.abc.TaskGroup, body: bytes) -> None:
            nonlocal n
            n += 1
            numbered = {"Vango-Request": f"{name} {n}"} if n else {}
            headers = {**browser.headers, "Content-Type": MEDIA_TYPE, **numbered}
            tasks.start_soon(answered, body, headers)
            await browser.settle()

        async def answered(body: bytes, headers: dict[str, str]) -> None:
            answer = await request(browser.server, self.live["url"], "POST", [body], headers=headers)
            self._hear(answer.body)
            if answer.all("vango-close"):
                self.code = int(answer["vango-close"])

        async with anyio.create_task_group() as tasks:
            await post(tasks, self.client.hello())
            for message in self.messages:
                if isinstance(message, HelloOk):
                    name = message.attachment

            async def say(*frames: bytes) -> None:
                await post(tasks, b"".join(frames))

            yield say
            tasks.cancel_scope.cancel()
