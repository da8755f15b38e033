"""A server at a URL, over real sockets and in wall time; it must show the reference page there.

Nothing of such a server can be asked but what its wire says: it has settled when it has answered a PING
behind what was sent, and been quiet for a moment. A restart is a command of who runs it.
"""

from __future__ import annotations

import http.client
import subprocess
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import AsyncExitStack
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen

import anyio
import anyio.to_thread
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from vango.clock import SystemClock
from vango.protocol import Ping, encode
from vango.testing.conformance.http_link import LOST, HttpAnswer, HttpLink
from vango.testing.conformance.outcome import Mismatch, NotApplicable
from vango.testing.conformance.server import BlueprintLink, Link, ServedPage, Server, merged

__all__ = ["RemoteServer"]

_SUBPROTOCOL = Subprotocol("vango.1")
_MEDIA_TYPE = "application/vnd.vango"
_MAX_BYTES = 1 << 25
_PATIENCE_S = 10.0  # for an answer to PING


class RemoteServer(Server):
    """A server that somebody runs."""

    transports = ("websocket", "http")
    ring = None
    slack_s = 5.0

    def __init__(
        self,
        url: str,
        transport: str = "websocket",
        *,
        quiet_s: float = 0.15,
        restart: Sequence[str] = (),
        blueprint: str = "",
    ) -> None:
        """Talk to the page at `url`.

        Args:
            url: The address of the reference page.
            transport: What `connect` opens: "websocket" or "http".
            quiet_s: How long it must be quiet to count as settled; more for a server that is far away.
            restart: The command that ends the server and starts it again, none if there is no such command.
            blueprint: "serve" or "refuse", what it does with the blueprint profile; "" where either is right.
        """
        self.name = url
        self.transport = transport
        self._url = url
        self.blueprint = blueprint
        self._quiet_s = quiet_s
        self._restart = restart
        self._clock = SystemClock()
        self._stack = AsyncExitStack()
        self._links: list[tuple[Link, _Traffic]] = []
        self._onlookers: list[_RemoteBlueprintLink] = []

    async def __aenter__(self) -> RemoteServer:
        await self._stack.__aenter__()
        self._tasks = await self._stack.enter_async_context(anyio.create_task_group())
        return self

    async def __aexit__(self, *_: object) -> None:
        for link, _traffic in self._links:
            link.cut()
        for onlooker in self._onlookers:
            onlooker.cut()
        self._tasks.cancel_scope.cancel()
        await self._stack.__aexit__(None, None, None)

    async def settle(self) -> None:
        """Wait for an answer on each link that was spoken to, and then until nothing has come for a moment.

        The moment is the longer, the longer the answer took: what follows it takes as long.
        """
        began = self._clock.now()
        for link, traffic in self._links:
            if traffic.asks and link.code is None:
                came, until = 0, self._clock.now() + _PATIENCE_S
                if traffic.greeted:  # nothing may follow HELLO before its answer, the first of all
                    came = traffic.came
                    await link.send(encode(Ping()))
                while traffic.came == came and link.code is None and self._clock.now() < until:
                    await self._clock.sleep(0.01)
                traffic.greeted = True
            traffic.asks = False
        moment = self._quiet_s + 3 * (self._clock.now() - began)
        came = -1
        while came != (came := sum(traffic.came for _, traffic in self._links)):
            await self._clock.sleep(moment)

    async def advance(self, seconds: float) -> None:
        """Wait."""
        await self._clock.sleep(seconds)

    async def visit(self, cookie: str = "", path: str = "/") -> ServedPage:
        """Load a page; another one than the reference page stands beside it."""
        url = self._url if path == "/" else urljoin(self._url, path[1:])
        return await anyio.to_thread.run_sync(self._load, url, cookie)

    def _load(self, url: str, cookie: str) -> ServedPage:
        try:
            request = Request(url, headers={"Cookie": cookie} if cookie else {})  # noqa: S310
            with urlopen(request, timeout=_PATIENCE_S) as answer:  # noqa: S310
                html = answer.read().decode("utf-8")
                given = [value.split(";")[0] for value in answer.headers.get_all("Set-Cookie") or []]
        except (OSError, ValueError) as error:
            if url != self._url:
                raise NotApplicable(f"there is no page at {url}: {error}") from None
            raise Mismatch(f"a page of HTML at {url} (3.2)", str(error)) from None
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return ServedPage.read(html, merged(cookie, given), path)

    async def restart(self) -> None:
        """Run the command, and wait until the page is there again."""
        if not self._restart:
            raise NotApplicable("the server cannot be restarted from here; --restart gives a command for it")
        ran = await anyio.to_thread.run_sync(_ran, self._restart)
        if ran:
            raise Mismatch("a command that restarts the server", ran)
        until = self._clock.now() + _PATIENCE_S
        while True:
            try:
                await self.visit()
                return
            except Mismatch:
                if self._clock.now() > until:
                    raise
                await self._clock.sleep(0.1)

    async def listen(self, page: ServedPage) -> BlueprintLink:
        """Open a socket that asks for no subprotocol."""
        if self.transport != "websocket":
            return await super().listen(page)
        link = await anyio.to_thread.run_sync(_RemoteBlueprintLink, *self._address(page))
        self._onlookers.append(link)
        return link

    def _address(self, page: ServedPage, origin: str = "") -> tuple[str, dict[str, str]]:
        url = urljoin(self._url, page.meta["url"])
        parts = urlsplit(url)
        said = {"Origin": origin or f"{parts.scheme}://{parts.netloc}"}
        return url, {**said, "Cookie": page.cookie} if page.cookie else said

    async def connect(self, page: ServedPage, *, transport: str = "", origin: str = "") -> Link:
        """Open a connection of a page; an upgrade that is refused is one that has ended."""
        url, headers = self._address(page, origin)
        traffic = _Traffic()
        link: Link
        if (transport or self.transport) == "http":
            link = _RemoteHttpLink(url, headers, self._tasks, traffic)
        else:
            try:
                link = await anyio.to_thread.run_sync(_RemoteSocketLink, url, headers, traffic)
            except _Refused:
                return _RefusedLink()
        self._links.append((link, traffic))
        return link


class _Traffic:
    """What went over a link since somebody looked.

    Attributes:
        asks: Whether something was sent that an answer may follow.
        came: How many messages have come.
        greeted: Whether HELLO was answered.
    """

    def __init__(self) -> None:
        self.asks = False
        self.came = 0
        self.greeted = False


class _Refused(Mismatch):
    """An upgrade was answered with another status."""


class _RefusedLink(Link):
    """A connection that never opened."""

    code = LOST

    async def send(self, data: bytes) -> None:
        """Send nothing."""

    def received(self) -> list[bytes]:
        """Return nothing."""
        return []

    def pause(self) -> None:
        """Read no further."""

    def go_on(self) -> None:
        """Read again."""

    def cut(self) -> None:
        """Break nothing."""


def _ran(command: Sequence[str]) -> str:
    """Run a command; returns what went wrong, "" if nothing did."""
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError as error:
        return str(error)
    return f"{ran.stdout}{ran.stderr}".strip() or f"its status {ran.returncode}" if ran.returncode else ""


def _open(url: str, headers: dict[str, str], subprotocols: list[Subprotocol] | None) -> ClientConnection:
    try:
        return connect(
            url.replace("http", "ws", 1),
            origin=Origin(headers["Origin"]),
            subprotocols=subprotocols,
            additional_headers={name: value for name, value in headers.items() if name == "Cookie"},
            compression=None,
            ping_interval=None,
            max_size=_MAX_BYTES,
        )
    except InvalidStatus as error:
        raise _Refused("a WebSocket that opens (3.14)", str(error)) from None
    except (InvalidHandshake, OSError) as error:
        raise Mismatch("a WebSocket that opens (3.14)", str(error)) from None


class _RemoteBlueprintLink(BlueprintLink):
    """A WebSocket without a subprotocol that a thread reads."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self._socket = _open(url, headers, None)
        self._came: deque[str | bytes] = deque()
        self._code: int | None = None
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            while True:
                self._came.append(self._socket.recv())
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else LOST
            self._code = code if self._code is None else self._code

    async def say(self, text: str) -> None:
        """Send one message."""
        try:
            await anyio.to_thread.run_sync(self._socket.send, text)
        except ConnectionClosed:
            return

    def heard(self) -> list[str | bytes]:
        """Return what has come."""
        return [self._came.popleft() for _ in range(len(self._came))]

    def cut(self) -> None:
        """Break the connection."""
        self._code = LOST if self._code is None else self._code
        self._socket.socket.close()

    @property
    def code(self) -> int | None:
        """How the server has closed."""
        return self._code


class _RemoteSocketLink(Link):
    """A connection by a WebSocket that a thread reads."""

    def __init__(self, url: str, headers: dict[str, str], traffic: _Traffic) -> None:
        self._traffic = traffic
        self._socket = _open(url, headers, [_SUBPROTOCOL])
        self._came: deque[bytes] = deque()
        self._code: int | None = None
        self._reading = threading.Event()
        self._reading.set()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            while self._reading.wait():
                data = self._socket.recv()
                self._came.append(data if isinstance(data, bytes) else data.encode())
                self._traffic.came += 1
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else LOST
            self._code = code if self._code is None else self._code

    async def send(self, data: bytes) -> None:
        """Send one message."""
        if self._code is None:
            self._traffic.asks = self._reading.is_set()
            try:
                await anyio.to_thread.run_sync(self._socket.send, data)
            except ConnectionClosed:
                return

    def received(self) -> list[bytes]:
        """Return what has come."""
        return [self._came.popleft() for _ in range(len(self._came))] if self._reading.is_set() else []

    def pause(self) -> None:
        """Read no further."""
        self._reading.clear()

    def go_on(self) -> None:
        """Read again."""
        self._reading.set()

    def cut(self) -> None:
        """Break the connection."""
        self._code = LOST if self._code is None else self._code
        self._reading.set()
        self._socket.socket.close()

    @property
    def code(self) -> int | None:
        """How the server has closed."""
        return self._code


class _RemoteHttpLink(HttpLink):
    """A connection by requests, each in a thread."""

    def __init__(
        self, url: str, headers: dict[str, str], tasks: anyio.abc.TaskGroup, traffic: _Traffic
    ) -> None:
        super().__init__(tasks)
        self._traffic = traffic
        self._url = urlsplit(url)
        self._headers = {**headers, "Content-Type": _MEDIA_TYPE}

    async def send(self, data: bytes) -> None:
        """Send one message."""
        self._traffic.asks = not self._paused
        await super().send(data)

    async def post(self, body: bytes, request: str, hang_up: anyio.Event) -> HttpAnswer:
        """Send one request."""
        secure = self._url.scheme == "https"
        link = (http.client.HTTPSConnection if secure else http.client.HTTPConnection)(self._url.netloc)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_close_when, hang_up, link)
            answer = await anyio.to_thread.run_sync(self._ask, link, body, request, abandon_on_cancel=True)
            tasks.cancel_scope.cancel()
        self._traffic.came += bool(answer.body)
        return answer

    def _ask(self, link: http.client.HTTPConnection, body: bytes, request: str) -> HttpAnswer:
        headers = {**self._headers, **({"Vango-Request": request} if request else {})}
        try:
            link.request("POST", self._url.path, body, headers)
            answer = link.getresponse()
            data, code = answer.read(), answer.getheader("Vango-Close")
        except (OSError, http.client.HTTPException, AttributeError):
            return HttpAnswer(b"", LOST)
        finally:
            link.close()
        return HttpAnswer(data, int(code) if code else None)


async def _close_when(hang_up: anyio.Event, link: http.client.HTTPConnection) -> None:
    await hang_up.wait()
    if link.sock is not None:
        link.sock.close()
