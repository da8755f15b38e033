"""One channel: bytes in both directions beside the page, the server's end (PROTOCOL 3.20).

Invariants:
    - Within a channel everything keeps its order. Between channels, and beside bursts, nothing does.
    - A sender holds no more than a window of what the other side has not taken: who is slow fills its own
      channel, and no other.
    - What is wrong with a channel ends that channel; the page and the other channels go on.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
from anyio import CancelScope

from vango import _core, protocol
from vango.errors import ChannelClosed, LimitExceeded

if TYPE_CHECKING:
    from vango.sessions.channels import Channels
    from vango.sessions.session import Session

__all__ = ["OPENING", "Channel", "ChannelHandler"]

OPENING = _core.EVENT_KINDS["hook"]
"""The kind of events whose fields have the form of what opens and ends a channel: `str name, json`."""


class Channel:
    """One channel, the server's end; `async for data in channel` gives the messages of the browser.

    Attributes:
        id: Its number in its connection.
        name: What the browser asked for.
        params: What it said beside the name, read from JSON; `None` where that was nothing.
        frames: What waits to be sent.
        scope: What its handler runs in.
    """

    __slots__ = (
        "__weakref__",
        "_arrived",
        "_arrived_bytes",
        "_changed",
        "_channels",
        "_end",
        "_unacked",
        "_unacked_bytes",
        "frames",
        "id",
        "name",
        "params",
        "scope",
    )

    def __init__(self, channels: Channels, number: int, name: str, params: Any) -> None:
        self._channels = channels
        self.id = number
        self.name = name
        self.params = params
        self._end: str | None = None  # the error kind that ended it, "" where it ended in order
        self._changed = anyio.Event()
        self.scope: CancelScope | None = None
        self._arrived: deque[bytes] = deque()
        self._arrived_bytes = 0
        self._unacked: deque[int] = deque()  # the sizes of the messages that the browser has not taken
        self._unacked_bytes = 0
        self.frames: deque[bytes] = deque()

    @property
    def is_open(self) -> bool:
        """Whether something can still be sent."""
        return self._end is None

    async def send(self, data: bytes | bytearray | memoryview, *, compress: bool = True) -> None:
        """Send one message; waits while the browser has not taken enough of the earlier ones.

        Args:
            data: 1 byte to `Limits.channel_message_bytes`. It arrives as one message.
            compress: Whether to deflate it where that makes it shorter. Write False for what is compressed
                already, and for a secret that stands beside what a stranger wrote.

        Raises:
            ChannelClosed: The channel has ended.
            LimitExceeded: The message is too long; send it in several.
            ValueError: It is empty.
        """
        message = bytes(data)
        most = self._channels.session.limits.channel_message_bytes
        if not message:
            raise ValueError("a channel carries no empty messages: send one byte or more")
        if len(message) > most:
            raise LimitExceeded("channel_message_bytes", most, len(message))
        await anyio.lowlevel.checkpoint()
        while not self._has_room:
            await self._changed.wait()
        if self._end is not None:
            raise ChannelClosed(self._end)
        self._unacked.append(len(message))
        self._unacked_bytes += len(message)
        self._channels.unacked_bytes += len(message)
        packed = _core.deflate(message) if compress and self._channels.deflates else None
        if packed is None:
            self._post(message)
        else:
            self._post(packed, protocol.FLAG_DEFLATE)

    async def receive(self) -> bytes:
        """Return the next message of the browser, which learns by this that there is room for another one.

        It takes as many in a second as `Limits.channel_messages_per_s` says.

        Raises:
            ChannelClosed: The channel has ended, and all that came before was returned.
        """
        session = self._channels.session
        await anyio.lowlevel.checkpoint()
        while True:
            empty = session.allow_channel_message() if self._arrived else None
            if empty is not None:
                await session.registry.clock.sleep(max(1, empty.retry_after_ms) / 1000)
            elif self._arrived:
                break
            elif self._end is not None:
                raise ChannelClosed(self._end)
            else:
                await self._changed.wait()
        data = self._arrived.popleft()
        self._arrived_bytes -= len(data)
        if self._end is None:
            self._post(b"")  # taken
        return data

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Iterate over the messages of the browser, until it closes the channel.

        Raises:
            ChannelClosed: It gave the channel up instead of closing it in order.
        """
        return self

    async def __anext__(self) -> bytes:
        try:
            return await self.receive()
        except ChannelClosed as closed:
            if closed.error:
                raise
            raise StopAsyncIteration from None

    def close(self, error: str = "", data: Any = None) -> None:
        """End the channel behind what was sent; nothing happens where it has ended.

        Args:
            error: Why, in a word that the browser is told; "" in order.
            data: What it is told besides, written as JSON.
        """
        if self._end is None:
            text = "" if data is None else json.dumps(data)
            said = _core.encode_fields(OPENING, [error, text]) if error or text else b""
            self._post(said, protocol.FLAG_CANCEL)
            self._finish(error)

    def revoke(self) -> None:
        """End it because nobody serves it any more, and cancel its handler."""
        if self._end is None:
            self._give_up("HandlerNotFound", "")
        elif self.scope is not None:
            self.scope.cancel()

    # What the connection does with it

    @property
    def _has_room(self) -> bool:
        """Whether there is nothing to wait for before sending."""
        few = len(self._unacked) < self._channels.session.limits.channel_messages
        return self._end is not None or (few and self._unacked_bytes < self._channels.window_bytes)

    def _post(self, payload: bytes, flags: int = 0) -> None:
        self.frames.append(protocol.encode(protocol.Channel(self.id, payload, flags)))
        self._channels.post(self)

    def take(self, frame: protocol.Channel) -> None:
        """Take a frame of the browser."""
        limits = self._channels.session.limits
        if frame.flags & protocol.FLAG_CANCEL:
            self.frames.clear()
            self._finish(_reason(frame.payload))
        elif frame.payload:
            full = self._arrived_bytes >= limits.channel_bytes
            if full or len(self._arrived) >= limits.channel_messages:
                self._give_up("QueueFull", "channel_bytes" if full else "channel_messages")
            else:
                self._arrived.append(frame.payload)
                self._arrived_bytes += len(frame.payload)
                self._wake()
        elif self._unacked:
            size = self._unacked.popleft()
            self._unacked_bytes -= size
            self._channels.unacked_bytes -= size
            self._wake()
        else:
            self._give_up("InvalidFrame", "")

    def _give_up(self, error: str, limit: str) -> None:
        """The browser broke a rule of this channel: its handler has nothing left to do."""
        self._arrived.clear()
        self.close(error, {"limit": limit} if limit else None)
        if self.scope is not None:
            self.scope.cancel()

    def _finish(self, error: str) -> None:
        self._end = error
        self._channels.unacked_bytes -= self._unacked_bytes
        self._unacked.clear()
        self._unacked_bytes = 0
        self._channels.forget(self)
        self._wake()

    def lose(self) -> None:
        """The connection has ended."""
        if self._end is None:
            self._arrived.clear()
            self.frames.clear()
            self._finish("Lost")
            if self.scope is not None:
                self.scope.cancel()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    async def run(self, handler: ChannelHandler) -> None:
        """Let the handler have the channel, which ends with it."""
        session = self._channels.session
        error, data = "HandlerFailed", None
        try:
            if self.scope is None or not self.scope.cancel_called:
                await handler(self)
            error = ""
        except ChannelClosed as closed:
            error = ""
            if self._end is None:  # of another one
                error, data = _report(session, closed, self.name)
        except (Exception, SystemExit) as failure:
            error, data = _report(session, failure, self.name)
        finally:
            session.channels -= 1
            self._arrived.clear()
            self.close(error, data)


ChannelHandler = Callable[[Channel], Awaitable[None]]
"""What serves a channel."""


def _report(session: Session, error: BaseException, name: str) -> tuple[str, Any]:
    return "HandlerFailed", {"reference": session.report(error, f"the channel {name!r}")}


def _reason(payload: bytes) -> str:
    """Return the error with which a peer closes a channel, "" in order."""
    if not payload:
        return ""
    try:
        error: str = _core.decode_fields(OPENING, payload)[0]
    except ValueError:
        return "InvalidFrame"
    return error
