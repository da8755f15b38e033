"""All channels of one connection: who is opened, whose turn it is, and their end with it (PROTOCOL 3.20).

Invariant: a number is used once in a connection; what comes for a channel that has ended is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from vango import _core, protocol
from vango.errors import ProtocolError
from vango.payloads import check_told, read_json
from vango.sessions.channel import OPENING, Channel

if TYPE_CHECKING:
    from vango.sessions.session import Session

__all__ = ["Channels"]

_SHARE_BYTES = 16 * 1024  # of channels, in one message of the transport: a burst never waits for more
_SHARE_FRAMES = 256  # a peer reads at most 1,024 in one message
_MOST_TURNS = (
    1_024  # channels with something to say, above which the client is not read: it only breaks rules
)
_STEP = 2  # odd numbers are the client's


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
            channel.take(frame)
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
            if channel.frames:
                frames.append(channel.frames.popleft())
                size += len(frames[-1])
                if channel.frames:
                    self._turns[channel] = None
        return frames

    def end(self) -> None:
        """The connection is over, and with it all channels; who serves an open one is cancelled."""
        for channel in list(self._open.values()):
            channel.lose()
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
            name, text = _core.decode_fields(OPENING, frame.payload)
            check_told(name, text, session.limits)
            params = read_json(text)
        except ValueError:  # of the bytes, of the JSON in them, or of their limits
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
            channel.scope = session.inbox.start(channel.run(handler), f"the channel {name!r}")

    def _refuse(self, number: int, error: str, data: Any = None) -> None:
        Channel(self, number, "", None).close(error, data)
