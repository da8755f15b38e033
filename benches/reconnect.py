"""Row 10: from the first try that reaches a listening server, or from `online`, to the first committed frame.

A relay stands between browser and server. It drops every connection and stops listening; the browser clicks
three times and waits; then the relay listens again and notes when it accepts.
"""

import asyncio
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benches.click import FLAGS, warm
from benches.report import Figure, table
from benches.served import served

ROUNDS = 20
CLICKS = 3

CONNECTED = """new Promise((resolve) => addEventListener("vango-state", function told({ detail }) {
    if (detail.state !== "connected") return;
    removeEventListener("vango-state", told);
    resolve(performance.timeOrigin + performance.now());
}))"""
OPENED = """(address) => new Promise((resolve, reject) => {
    const from = performance.now();
    const socket = new WebSocket(address);
    socket.onerror = reject;
    socket.onopen = () => socket.send('{"by":1}');
    socket.onmessage = () => { resolve(performance.now() - from); socket.close(); };
})"""
CLICK = '[...document.querySelectorAll("button")].at(-1).click()'
COUNT = 'Number(document.querySelector("output").textContent)'


class Relay:
    """Passes bytes on, in a thread of its own."""

    def __init__(self, target: str) -> None:
        self.accepted: list[float] = []
        self._host, self._port = target.removeprefix("http://").split(":")
        self._loop = asyncio.new_event_loop()
        self._links: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.port = 0
        self.listen()
        self.address = f"http://127.0.0.1:{self.port}"

    def _run(self, work: Callable[[], Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work(), self._loop).result()

    def listen(self) -> None:
        """Accept connections, at the same port as before."""

        async def listen() -> None:
            self._server = await asyncio.start_server(self._pass, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

        self._run(listen)

    def drop(self) -> None:
        """Refuse connections and end those that there are, without a word."""

        async def drop() -> None:
            assert self._server is not None
            self._server.close()
            for link in list(self._links):
                link.transport.abort()

        self._run(drop)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted.append(time.time())
        try:
            inner_reader, inner_writer = await asyncio.open_connection(self._host, int(self._port))
        except OSError:
            writer.transport.abort()
            return
        await asyncio.gather(self._copy(reader, inner_writer), self._copy(inner_reader, writer))

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._links.add(writer)
        try:
            while data := await reader.read(1 << 16):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            self._links.discard(writer)
            writer.close()


def interrupt(page: Page, relay: Relay, *, online: bool) -> float:
    """Drop, click, come back; return the milliseconds until the first committed frame."""
    before = page.evaluate(COUNT)
    relay.drop()
    page.wait_for_function('() => document.body.classList.contains("vango-offline")')
    for _ in range(CLICKS):
        page.evaluate(CLICK)
    page.evaluate(f"() => {{ window.back = {CONNECTED}; }}")
    relay.accepted.clear()
    relay.listen()
    started = 0.0
    if online:
        started = page.evaluate(
            'dispatchEvent(new Event("online")) && performance.timeOrigin + performance.now()'
        )
    connected: float = page.evaluate("window.back")
    page.wait_for_function(f"() => {COUNT} >= {before + CLICKS}")
    page.wait_for_timeout(50)  # what was done twice would show by now
    after = page.evaluate(COUNT)
    if after != before + CLICKS:
        raise RuntimeError(f"{CLICKS} clicks led from {before} to {after}")
    return connected - (started or relay.accepted[0] * 1e3)


def main() -> None:
    """Interrupt twenty times each way."""
    executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with served() as (address, _), sync_playwright() as playwright:
        relay = Relay(address)
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        page = browser.new_page()
        page.goto(f"{relay.address}/counter")
        warm(page)
        bare, tried, woken = [], [], []
        for _ in range(ROUNDS):
            bare.append(page.evaluate(OPENED, relay.address.replace("http", "ws") + "/plain/ws"))
            tried.append(interrupt(page, relay, online=False))
            woken.append(interrupt(page, relay, online=True))
        browser.close()
    table(
        f"reconnect on loopback, {CLICKS} clicks waiting, none lost and none done twice",
        Figure("a bare WebSocket, opened and answered", "ms", bare),
        Figure("vango, from the first try that is accepted", "ms", tried),
        Figure("vango, from `online`", "ms", woken),
        goal="< 500 ms",
    )
