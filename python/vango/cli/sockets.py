"""The sockets of `vango run`: uvicorn's, with a short way for what is short."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import copy_context
from typing import cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState
from websockets.protocol import OPEN

from vango.application.live import SUBPROTOCOL
from vango.transports.websocket import HAND_TO, WRITE_NOW

try:
    from websockets.speedups import apply_mask
except ImportError:  # there is no C compiler everywhere
    from websockets.utils import apply_mask

# asyncio's own documentation, "Extending", names them for whoever runs something as a task.
_enter_task = asyncio.tasks._enter_task
_leave_task = asyncio.tasks._leave_task

# RFC 6455, 5.2
_WHOLE_BINARY = 0x82
_MASKED = 0x80
_MASK_BYTES = 4
_HEAD_BYTES = 2 + _MASK_BYTES  # of a short frame of a client
_SHORT = 125  # the longest payload whose length stands in the second byte
_LENGTH_BYTES = {126: 2, 127: 8}


class Sockets(WebSocketsSansIOProtocol):
    """uvicorn's sockets, with four differences.

    They ping those clients only whose protocol has no sign of life of its own, write at once if asked to, and
    hand over what they read at once to who asked for it. A short message that comes alone, as a click does,
    and a short answer to it do not pass through `websockets`, which takes as long as all else that is done
    about a click; everything else does.
    """

    _reader: Reader | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin where the first frame of the client will."""
        super().connection_made(transport)
        self._edge = Edge()

    def start_keepalive(self) -> None:
        """Begin to ping, unless the client speaks vango's protocol, which asks by itself."""
        if SUBPROTOCOL not in (self.scope.get("subprotocols") or ()):
            super().start_keepalive()

    async def run_asgi(self) -> None:
        """Run the application, which may write at once, and read at once, where that takes no waiting."""
        ours = {WRITE_NOW: self.write_now, HAND_TO: self.hand_to}
        extensions: dict[str, object] = {**self.scope["extensions"], **ours}
        cast("dict[str, object]", self.scope)["extensions"] = extensions
        await super().run_asgi()

    def write_now(self, data: bytes) -> bool:
        """Write one binary message unless the peer reads too slowly or the connection ends; say whether."""
        if self.disconnected or not (self.handshake_complete and self.writable.is_set()) or self.close_sent:
            return False
        if len(data) <= _SHORT and self.conn.state is OPEN:
            self.transport.write(bytes((_WHOLE_BINARY, len(data))) + data)
            return True
        try:
            self.conn.send_binary(data)
        except InvalidState:
            return False
        self.transport.write(b"".join(self.conn.data_to_send()))
        return True

    def hand_to(self, take: Callable[[bytes], bool]) -> None:
        """Offer what is read to `take`, as the task that calls this, before it goes the way of the queue."""
        self._reader = Reader(take)

    def data_received(self, data: bytes) -> None:
        """Take what was read: a short message as it lies there, all else by way of `websockets`."""
        length = len(data) - _HEAD_BYTES
        if (
            0 <= length <= _SHORT
            and data[0] == _WHOLE_BINARY
            and data[1] == _MASKED | length
            and self._edge.is_here
            and not self.frames
        ):
            message = apply_mask(data[_HEAD_BYTES:], data[2:_HEAD_BYTES])
            if not self._hands_over(message):
                self.curr_msg_data_type = "bytes"
                self.frames = [message]
                super().send_receive_event_to_app()
            return
        if self.handshake_initiated:  # by the request for it, which comes whole and alone
            self._edge.move(data)
        super().data_received(data)

    def send_receive_event_to_app(self) -> None:
        """Hand over a whole message: to the reader, unless another one waits for the application."""
        frames = self.frames
        if len(frames) == 1 and self.curr_msg_data_type == "bytes" and self._hands_over(bytes(frames[0])):
            self.frames = []
            return
        super().send_receive_event_to_app()

    def _hands_over(self, message: bytes) -> bool:
        """Offer a binary message to who asked for it, if none waits for the application."""
        reader = self._reader
        return reader is not None and self.queue.empty() and not self.close_sent and reader.takes(message)


class Edge:
    """Whether the bytes of a client, as far as they have come, end where one of its frames does."""

    __slots__ = ("_head", "_missing")

    def __init__(self) -> None:
        """Begin at the first byte of a frame."""
        self._head = b""  # of a frame whose length is not known yet
        self._missing = 0  # bytes of the frame that has begun

    @property
    def is_here(self) -> bool:
        """Whether the next byte is the first one of a frame."""
        return not self._missing and not self._head

    def move(self, data: bytes) -> None:
        """Go on behind `data`, which has just come."""
        data, at = self._head + data, self._missing
        while at + 1 < len(data):
            code = data[at + 1] & ~_MASKED
            start = at + 2 + _LENGTH_BYTES.get(code, 0)
            if start > len(data):
                break
            length = int.from_bytes(data[at + 2 : start], "big") if start > at + 2 else code
            at = start + (_MASK_BYTES if data[at + 1] & _MASKED else 0) + length
        self._head = data[at:]
        self._missing = max(at - len(data), 0)


class Reader:
    """Who takes messages out of the turn of the event loop that has read them, and as which task."""

    __slots__ = ("_context", "_loop", "_take", "_task")

    def __init__(self, take: Callable[[bytes], bool]) -> None:
        """Be the task that runs now."""
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._context = copy_context()
        self._take = take

    def takes(self, data: bytes) -> bool:
        """Offer one message. What runs finds itself in its own task, which waits meanwhile."""
        if self._task is None:
            return False
        try:
            _enter_task(self._loop, self._task)
        except RuntimeError:  # another task runs
            return False
        try:
            return self._context.run(self._take, data)
        finally:
            _leave_task(self._loop, self._task)
