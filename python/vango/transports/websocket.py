"""A WebSocket of the ASGI server as a transport."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from vango.errors import ProtocolError, TransportBroken, TransportClosed
from vango.transports.base import Transport

T = TypeVar("T", bytes, str)

WRITE_NOW = "vango.write_now"
"""The extension of a server that can write at once: `(message) -> whether it was written`, without a wait."""

HAND_TO = "vango.hand_to"
"""The extension of a server that can hand over at once what it reads: `(take) -> None`, see `Transport`."""

_LOST = 1006  # RFC 6455, 7.1.5: the connection ended without a close frame
_MAX_REASON_BYTES = 123  # RFC 6455, 5.5: a control frame carries 125 bytes, two of them are the code


class WebSocketTransport(Transport):
    """An accepted socket; each binary message is one message of the transport."""

    __slots__ = ("_end", "_hand_to", "_socket", "_write")

    def __init__(self, socket: WebSocket) -> None:
        """Take over `socket`, which must have been accepted."""
        super().__init__()
        self._socket = socket
        self._end: tuple[int, str] | None = None
        extensions = socket.scope.get("extensions") or {}
        self._write: Callable[[bytes], bool] | None = extensions.get(WRITE_NOW)
        self._hand_to: Callable[[Callable[[bytes], bool]], None] | None = extensions.get(HAND_TO)

    async def receive(self) -> bytes:
        """Return the next message.

        Raises:
            TransportClosed: The connection was closed in order, by us or by the peer.
            TransportBroken: The connection was lost.
            ProtocolError: The message is text; the protocol is binary.
        """
        data = await self.receive_any()
        if isinstance(data, str):
            raise ProtocolError(0, "a text message on a connection that speaks vango.1")
        return data

    async def receive_any(self) -> bytes | str:
        """Return the next message, binary or text.

        Raises:
            TransportClosed: The connection was closed in order, by us or by the peer.
            TransportBroken: The connection was lost.
        """
        if self._end is not None:
            raise _ended(*self._end)
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            self._end = self._end or (message.get("code", 1005), message.get("reason") or "")
            raise _ended(*self._end)
        data = message.get("bytes")
        return str(message["text"]) if data is None else bytes(data)

    def hand_to(self, take: Callable[[bytes], bool]) -> None:
        """Offer `take` each binary message at once, where the server can do that; `vango run` can."""
        if self._hand_to is not None:
            self._hand_to(take)

    async def send(self, data: bytes) -> None:
        """Send one message, waiting while the server's buffer is full.

        Raises:
            TransportClosed: The connection was closed in order, by us or by the peer.
            TransportBroken: The connection was lost.
        """
        await self._send(self._socket.send_bytes, data)

    def send_now(self, data: bytes) -> bool:
        """Send one message if the server can do so at once; `vango run` can while its buffer is not full."""
        return self._write is not None and self._end is None and self._write(data)

    async def send_text(self, text: str) -> None:
        """Send one message of text; raises as `send`."""
        await self._send(self._socket.send_text, text)

    async def _send(self, send: Callable[[T], Awaitable[None]], data: T) -> None:
        if self._end is not None:
            raise _ended(*self._end)
        try:
            await send(data)
        except WebSocketDisconnect as error:
            self._end = self._end or (error.code, error.reason)
            raise _ended(*self._end) from None

    async def close(
        self,
        code: int = 1000,
        reason: str = "",
        *,
        last: bytes = b"",
        retry_after_ms: int = 0,  # noqa: ARG002
    ) -> None:
        """Say the last words and close; a connection that has ended already is left as it is."""
        if last and self._end is None:
            with suppress(TransportClosed, TransportBroken):
                await self.send(last)
        if self._end is not None:
            return
        self._end = (code, reason)
        if self._socket.application_state is WebSocketState.CONNECTED:
            short = reason.encode()[:_MAX_REASON_BYTES].decode(errors="ignore")
            try:
                await self._socket.close(code, short)
            except WebSocketDisconnect:
                return


def _ended(code: int, reason: str) -> TransportClosed | TransportBroken:
    return TransportBroken("the connection was lost") if code == _LOST else TransportClosed(code, reason)
