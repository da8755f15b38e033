"""Channels: bytes in both directions beside the page, by the connection of its session (PROTOCOL 3.20).

Invariants:
    - A number is used once in a connection; what comes for a channel that has ended is dropped.
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
from vango.errors import ChannelClosed, LimitExceeded, ProtocolError

if TYPE_CHECKING:
    from vango.sessions.session import Session

__all__ = ["Channel", "ChannelHandler", "Channels"]

_SHARE_BYTES = 16 * 1024  # of channels, in one message of the transport: a burst never waits for more
_SHARE_FRAMES = 256  # a peer reads at most 1,024 in one message
_MOST_TURNS = (
    1_024  # channels with something to say, above which the client is not read: it only breaks rules
)
_STEP = 2  # odd numbers are the client's
_OPENING = _core.EVENT_KINDS["hook"]  # whose fields have the same form: `str name, json`


class Channel:
    """One channel, the server's end; `async for data in channel` gives the messages of the browser.

    Attributes:
        id: Its number in its connection.
        name: What the browser asked for.
        params: What it said beside the name, read from JSON; `None` where that was nothing.
    """

    __slots__ = (
        "__weakref__",
        "_arrived",
        "_arrived_bytes",
        "_changed",
        "_channels",
        "_end",
        "_frames",
        "_scope",
        "_unacked",
        "_unacked_bytes",
        "id",
        "name",
        "params",
    )

    def __init__(self, channels: Channels, number: int, name: str, params: Any) -> None:
        self._channels = channels
        self.id = number
        self.name = name
        self.params = params
        self._end: str | None = None  # the error kind that ended it, "" where it ended in order
        self._changed = anyio.Event()
        self._scope: CancelScope | None = None
        self._arrived: deque[bytes] = deque()
        self._arrived_bytes = 0
        self._unacked: deque[int] = deque()  # the sizes of the messages that the browser has not taken
        self._unacked_bytes = 0
        self._frames: deque[bytes] = deque()

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
            said = _core.encode_fields(_OPENING, [error, text]) if error or text else b""
            self._post(said, protocol.FLAG_CANCEL)
            self._finish(error)

    def revoke(self) -> None:
        """End it because nobody serves it any more, and cancel its handler."""
        if self._end is None:
            self._give_up("HandlerNotFound", "")
        elif self._scope is not None:
            self._scope.cancel()

    # What the connection does with it

    @property
    def _has_room(self) -> bool:
        """Whether there is nothing to wait for before sending."""
        few = len(self._unacked) < self._channels.session.limits.channel_messages
        return self._end is not None or (few and self._unacked_bytes < self._channels.window_bytes)

    def _post(self, payload: bytes, flags: int = 0) -> None:
        self._frames.append(protocol.encode(protocol.Channel(self.id, payload, flags)))
        self._channels.post(self)

    def _take(self, frame: protocol.Channel) -> None:
        """Take a frame of the browser."""
        limits = self._channels.session.limits
        if frame.flags & protocol.FLAG_CANCEL:
            self._frames.clear()
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
        if self._scope is not None:
            self._scope.cancel()

    def _finish(self, error: str) -> None:
        self._end = error
        self._channels.unacked_bytes -= self._unacked_bytes
        self._unacked.clear()
        self._unacked_bytes = 0
        self._channels.forget(self)
        self._wake()

    def _lose(self) -> None:
        """The connection has ended."""
        if self._end is None:
            self._arrived.clear()
            self._frames.clear()
            self._finish("Lost")
            if self._scope is not None:
                self._scope.cancel()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    async def _run(self, handler: ChannelHandler) -> None:
        """Let the handler have the channel, which ends with it."""
        session = self._channels.session
        error, data = "HandlerFailed", None
        try:
            if self._scope is None or not self._scope.cancel_called:
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


class Channels:
    """All channels of one connection.

    Attributes:
        session: Whose connection it is.
        deflates: Whether its client inflates.
        window_bytes: What of one channel its client may not have taken.
        unacked_bytes: What of all channels it has not taken.
    """

    __slots__ = (
        "_highest",
        "_open",
        "_turns",
        "_wake",
        "deflates",
        "session",
        "unacked_bytes",
        "window_bytes",
    )

    def __init__(
        self,
        session: Session,
        wake: Callable[[], None],
        *,
        deflates: bool,
        window_bytes: int,
    ) -> None:
        """Serve what is opened; call `wake` when there is something to send."""
        self.session = session
        self.deflates = deflates
        self.window_bytes = min(window_bytes, session.limits.channel_bytes)
        self.unacked_bytes = 0
        self._wake = wake
        self._highest = -1
        self._open: dict[int, Channel] = {}
        self._turns: dict[Channel, None] = {}  # those with something to send, whose turn it is first

    @property
    def is_choked(self) -> bool:
        """Whether refusals pile up because the client does not read them."""
        return len(self._turns) > _MOST_TURNS

    def receive(self, frame: protocol.Channel) -> None:
        """Take a frame of the client.

        Raises:
            ProtocolError: It is compressed.
        """
        if frame.flags & protocol.FLAG_DEFLATE:
            raise ProtocolError(0, "only a server compresses what goes through a channel")
        channel = self._open.get(frame.id)
        if channel is not None:
            channel._take(frame)
        elif frame.id % _STEP == 0:
            self._refuse(frame.id, "InvalidFrame")
        elif frame.id > self._highest:
            self._highest = frame.id
            if not frame.flags & protocol.FLAG_CANCEL:
                self._begin(frame)
        # Else it has ended, which the client could not know yet.

    def take(self) -> list[bytes]:
        """Return the next frames to send: a share of what waits, from each channel in turn."""
        frames: list[bytes] = []
        size = 0
        while self._turns and size < _SHARE_BYTES and len(frames) < _SHARE_FRAMES:
            channel = next(iter(self._turns))
            del self._turns[channel]
            if channel._frames:
                frames.append(channel._frames.popleft())
                size += len(frames[-1])
                if channel._frames:
                    self._turns[channel] = None
        return frames

    def end(self) -> None:
        """The connection is over, and with it all channels; who serves an open one is cancelled."""
        for channel in list(self._open.values()):
            channel._lose()
        self._turns.clear()

    def post(self, channel: Channel) -> None:
        """Let a channel have its turn."""
        self._turns.setdefault(channel)
        self._wake()

    def forget(self, channel: Channel) -> None:
        """A channel has ended: its number stands for nothing any more."""
        self._open.pop(channel.id, None)
        self._wake()

    def _begin(self, frame: protocol.Channel) -> None:
        session = self.session
        empty = session.allow_event()
        if empty is not None:
            self._refuse(frame.id, "RateLimited", {"retry_after_ms": empty.retry_after_ms})
            return
        try:
            name, text = _core.decode_fields(_OPENING, frame.payload)
            params = json.loads(text) if text else None
        except ValueError:  # of the bytes, or of the JSON in them
            self._refuse(frame.id, "InvalidFrame")
            return
        handler = session.channel_handler(name)
        if handler is None:
            self._refuse(frame.id, "HandlerNotFound")
        elif session.channels >= session.limits.channels:
            self._refuse(frame.id, "QueueFull", {"limit": "channels"})
        else:
            channel = self._open[frame.id] = Channel(self, frame.id, name, params)
            session.channels += 1
            channel._scope = session.inbox.start(channel._run(handler), f"the channel {name!r}")

    def _refuse(self, number: int, error: str, data: Any = None) -> None:
        Channel(self, number, "", None).close(error, data)


def _report(session: Session, error: BaseException, name: str) -> tuple[str, Any]:
    return "HandlerFailed", {"reference": session.report(error, f"the channel {name!r}")}


def _reason(payload: bytes) -> str:
    """Return the error with which a peer closes a channel, "" in order."""
    if not payload:
        return ""
    try:
        error: str = _core.decode_fields(_OPENING, payload)[0]
    except ValueError:
        return "InvalidFrame"
    return error
