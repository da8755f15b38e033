"""Joins a Connection to the world: a page from a URL, transports, the time."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import Request, urlopen

from vango_client.connection import Connection
from vango_client.line import Close, Connect, Send, Tell
from vango_client.page import Page
from vango_client.transports import Ended, HttpTransport, WebSocketTransport

Transport = WebSocketTransport | HttpTransport


def load(url: str, cookie: str = "") -> tuple[Page, str]:
    """Return the page at a URL, and the session cookie that it came with."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError(f"{url!r} is no address of a page: write http://host/path")
    with urlopen(Request(url, headers={"Cookie": cookie} if cookie else {})) as answer:  # noqa: S310
        html = answer.read().decode("utf-8")
        given = [value.split(";")[0] for value in answer.headers.get_all("Set-Cookie") or []]
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Page.parse(html, path), "; ".join(given) or cookie


class Browser:
    """One page, kept live.

    Attributes:
        connection: The protocol's half.
        told: What it told, newest last.
    """

    def __init__(self, url: str, cookie: str = "", *, only: str = "") -> None:
        """Load the page at `url`; with `only`, "websocket" or "http", no other transport is used."""
        self.page, self._cookie = load(url, cookie)
        self._url = urljoin(url, self.page.url)
        self._only = only
        self.connection = Connection(self.page)
        self.told: list[Tell] = []
        self._inputs: asyncio.Queue[Callable[[float], object]] = asyncio.Queue()
        self._transports: dict[int, Transport] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Keep the page live until cancelled."""
        self.connection.start(time.monotonic())
        try:
            while True:
                await self._carry_out()
                wait = self.connection.deadline - time.monotonic()
                try:
                    step = await asyncio.wait_for(
                        self._inputs.get(), None if wait == math.inf else max(0.0, wait)
                    )
                except TimeoutError:
                    self.connection.tick(time.monotonic())
                else:
                    step(time.monotonic())
        finally:
            self.connection.leave(time.monotonic())
            await self._carry_out()
            for task in self._tasks:
                task.cancel()

    def event(self, hid: int, kind: int, fields: Sequence[Any] = ()) -> None:
        """Let an event happen."""
        node = self.connection.document.nodes[hid]
        self._inputs.put_nowait(lambda now: self.connection.happened(node, kind, now, fields))

    def drop(self) -> None:
        """Lose the connection, as a network does."""
        self._inputs.put_nowait(lambda now: self.connection.closed(self.connection.link, now))

    async def until(self, test: Callable[[Connection], bool]) -> None:
        """Return when a test holds."""
        while not test(self.connection):
            self._changed.clear()
            await self._changed.wait()

    async def _carry_out(self) -> None:
        for action in self.connection.take_actions():
            match action:
                case Connect():
                    self._start(self._open(action))
                case Send(link, data):
                    if link in self._transports:
                        with suppress(Ended):  # who receives notices it too
                            await self._transports[link].send(data)
                case Close(link):
                    transport = self._transports.pop(link, None)
                    if transport is not None:
                        await transport.close()
                case Tell():
                    self.told.append(action)
        self._changed.set()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _open(self, action: Connect) -> None:
        """Open a link, and hand over what comes."""
        put, link, connection = self._inputs.put_nowait, action.link, self.connection
        url = self._url + ("?" + urlencode(action.parameters) if action.parameters else "")
        transport: Transport
        try:
            if (self._only or action.via) == "http":
                transport = HttpTransport(url, self._cookie)
            else:
                transport = await WebSocketTransport.open(url, self._cookie)
            self._transports[link] = transport
            put(partial(connection.opened, link))
            while True:
                put(partial(connection.received, link, await transport.receive()))
        except Ended as ended:
            code, unreachable = ended.code, ended.unreachable
            put(lambda now: connection.closed(link, now, code, unreachable=unreachable))
