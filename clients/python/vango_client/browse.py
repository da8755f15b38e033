"""Joins a Connection to the world: a page from a URL, transports, the time."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Sequence
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
        self._transport: Transport | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._attempt = 0
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
        self._inputs.put_nowait(lambda now: self.connection.event(hid, kind, now, fields))

    def drop(self) -> None:
        """Lose the connection, as a network does."""
        self._inputs.put_nowait(lambda now: self.connection.closed(now))

    async def until(self, test: Callable[[Connection], bool]) -> None:
        """Return when a test holds."""
        while not test(self.connection):
            self._changed.clear()
            await self._changed.wait()

    async def _carry_out(self) -> None:
        for action in self.connection.take_actions():
            match action:
                case Connect():
                    self._attempt += 1
                    self._start(self._open(action, self._attempt))
                case Send():
                    if self._transport is not None:
                        try:
                            await self._transport.send(action.data)
                        except Ended:
                            continue  # who receives notices it too
                case Close():
                    transport, self._transport = self._transport, None
                    self._attempt += 1
                    if transport is not None:
                        await transport.close()
                case Tell():
                    self.told.append(action)
        self._changed.set()

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _open(self, action: Connect, attempt: int) -> None:
        """Open a connection, and hand over what comes: what belongs to an older attempt counts no more."""

        def put(step: Callable[[float], object]) -> None:
            self._inputs.put_nowait(lambda now: step(now) if attempt == self._attempt else None)

        url = self._url + ("?" + urlencode(action.parameters) if action.parameters else "")
        transport: Transport | None = None
        try:
            if (self._only or action.via) == "http":
                transport = HttpTransport(url, self._cookie)
            else:
                transport = await WebSocketTransport.open(url, self._cookie)
            if attempt != self._attempt:
                await transport.close()
                return
            self._transport = transport
            put(self.connection.opened)
            while True:
                data = await transport.receive()
                put(partial(self.connection.received, data))
        except Ended as ended:
            code, unreachable = ended.code, ended.unreachable
            put(lambda now: self.connection.closed(now, code, unreachable=unreachable))
