"""How whole messages travel: over a WebSocket (PROTOCOL 3.14) and over HTTP (3.16)."""

from __future__ import annotations

import asyncio
import http.client
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Origin, Subprotocol

from vango_client.messages import decode

SUBPROTOCOL = Subprotocol("vango.1")
MAX_MESSAGE_BYTES = 16 * 1024 * 1024 + 1024


class Ended(Exception):  # noqa: N818
    """A connection has ended, or was not opened.

    Attributes:
        code: The code of a WebSocket's close, `None` where there was none.
        unreachable: Whether nobody was there at all.
    """

    def __init__(self, code: int | None = None, *, unreachable: bool = False) -> None:
        super().__init__(code, unreachable)
        self.code = code
        self.unreachable = unreachable


class WebSocketTransport:
    """A connection over a WebSocket."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    @classmethod
    async def open(cls, url: str, cookie: str) -> WebSocketTransport:
        """Open the socket of a page.

        Args:
            url: Its address, with `http` or `https`.
            cookie: What the page's answer set.

        Raises:
            Ended: It was refused, or nobody was there.
        """
        parts = urlsplit(url)
        try:
            socket = await connect(
                url.replace("http", "ws", 1),
                origin=Origin(f"{parts.scheme}://{parts.netloc}"),
                subprotocols=[SUBPROTOCOL],
                additional_headers={"Cookie": cookie},
                compression=None,
                ping_interval=None,
                max_size=MAX_MESSAGE_BYTES,
            )
        except InvalidHandshake:
            raise Ended from None
        except (OSError, TimeoutError):
            raise Ended(unreachable=True) from None
        return cls(socket)

    async def send(self, data: bytes) -> None:
        """Send one message."""
        try:
            await self._socket.send(data)
        except ConnectionClosed as closed:
            raise _ended(closed) from None

    async def receive(self) -> bytes:
        """Return the next message; raises Ended."""
        try:
            data = await self._socket.recv()
        except ConnectionClosed as closed:
            raise _ended(closed) from None
        return data if isinstance(data, bytes) else data.encode()

    async def close(self) -> None:
        """Close it behind what was sent."""
        await self._socket.close(1000)


def _ended(closed: ConnectionClosed) -> Ended:
    return Ended(closed.rcvd.code if closed.rcvd else None)


class HttpTransport:
    """A connection over requests: bodies are the client's stream, answers the server's."""

    def __init__(self, url: str, cookie: str) -> None:
        """Talk to the URL of a page's socket; nothing is sent yet."""
        self._url = urlsplit(url)
        self._cookie = cookie
        self._attachment = ""
        self._outgoing: list[bytes] = []
        self._answers: asyncio.Queue[bytes | Ended] = asyncio.Queue()
        self._open: set[asyncio.Task[None]] = set()
        self._last: asyncio.Event | None = None
        self._n = 0
        self._ended = False

    async def send(self, data: bytes) -> None:
        """Send one message; the first is HELLO, alone."""
        if self._ended:
            raise Ended
        self._outgoing.append(data)
        self._pump()

    async def receive(self) -> bytes:
        """Return the next answer that holds something; raises Ended."""
        answer = await self._answers.get()
        if isinstance(answer, Ended):
            raise answer
        return answer

    async def close(self) -> None:
        """Send what was to be sent, then ask no more."""
        while self._outgoing and self._attachment and not self._ended:
            await asyncio.wait(self._open, return_when=asyncio.FIRST_COMPLETED)
        self._ended = True

    def _pump(self) -> None:
        """Keep one request open for the server to answer, and a second while there is something to say."""
        greeting = not self._attachment
        if self._ended or (greeting and (self._open or not self._outgoing)):
            return
        if len(self._open) < 2 and (self._outgoing or not self._open):
            body, self._outgoing = b"".join(self._outgoing), []
            if not greeting:
                self._n += 1
            task = asyncio.create_task(self._exchange(body, self._n, self._last))
            self._last = done = asyncio.Event()
            self._open.add(task)
            task.add_done_callback(lambda task: self._closed(task, done))

    def _closed(self, task: asyncio.Task[None], done: asyncio.Event) -> None:
        self._open.discard(task)
        done.set()
        self._pump()

    async def _exchange(self, body: bytes, n: int, before: asyncio.Event | None) -> None:
        end: Ended | None = None
        answer = b""
        try:
            answer, code = await asyncio.to_thread(self._request, body, n)
            end = Ended(code) if code is not None else None
        except Ended as ended:
            end = ended
        if before is not None:
            await before.wait()
        if self._ended:
            return
        if n == 0 and end is None:
            self._attachment = decode(answer)[0]["attachment"]
        if answer:
            self._answers.put_nowait(answer)
        if end is not None:
            self._ended = True
            self._answers.put_nowait(end)

    def _request(self, body: bytes, n: int) -> tuple[bytes, int | None]:
        """Return what a request was answered with, and the code of the close if it was the end."""
        secure = self._url.scheme == "https"
        link = (http.client.HTTPSConnection if secure else http.client.HTTPConnection)(self._url.netloc)
        headers = {
            "Content-Type": "application/vnd.vango",
            "Cookie": self._cookie,
            "Origin": f"{self._url.scheme}://{self._url.netloc}",
        }
        if n:
            headers["Vango-Request"] = f"{self._attachment} {n}"
        query = f"?{self._url.query}" if self._url.query else ""
        try:
            link.request("POST", self._url.path + query, body, headers)
            answer = link.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException):
            raise Ended(unreachable=True) from None
        finally:
            link.close()
        if answer.getheader("Content-Type") != "application/vnd.vango":
            raise Ended
        code = answer.getheader("Vango-Close")
        return data, int(code) if code else None
