"""What leaves by one connection, sans I/O: answers that wait for no burst, bursts, and in which order.

What a session has to send, and may have to send again, is the engine's `Outbox`; it outlives the connection.

Invariants:
    - The `ack` of a burst never covers an event whose effect is not in it or in an earlier one.
    - A RESULT stands behind the last part of the burst that shows the effect of its event. What went wrong is
      said in one message with that part: nobody can miss it and take the event for settled by the burst.
    - Bursts and channels take turns, and channels hold half of the window at most: neither stops the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vango.protocol import LIVENESS, Message, encode

if TYPE_CHECKING:
    from vango.sessions.channels import Channels
    from vango.sessions.session import Session

__all__ = ["Outlet"]


class Outlet:
    """The sending half of one attachment.

    Attributes:
        channels: Its channels, `None` before the first one is opened.
        ending: Whether nothing but the last words is to be sent any more.
    """

    __slots__ = (
        "_outbox",
        "_owes_sign",
        "_queue",
        "_queued_bytes",
        "_session",
        "_shown",
        "channels",
        "ending",
    )

    def __init__(self, session: Session, *, settled: int) -> None:
        """Send what `session` has; `Outbox.attach` was called for this connection.

        Args:
            session: Whose tree and events these are.
            settled: The client knows the outcome of all events up to this one.
        """
        self._session = session
        self._outbox = session.outbox
        self._shown = settled
        self._queue: list[bytes] = []
        self._queued_bytes = 0
        self._owes_sign = False
        self.channels: Channels | None = None
        self.ending = False

    @property
    def wants_more(self) -> bool:
        """Whether the window is open: what changes now is rendered now."""
        if self.ending:
            return False
        waiting = self._queued_bytes
        if self.channels is not None:
            waiting += min(self.channels.unacked_bytes, self._session.limits.window_bytes // 2)
        return self._outbox.is_open(waiting)

    @property
    def is_choked(self) -> bool:
        """Whether answers pile up because the client does not read them."""
        if self.channels is not None and self.channels.is_choked:
            return True
        return self._queued_bytes > 0 and self._queued_bytes > self._session.limits.backlog_bytes

    @property
    def may_have_more(self) -> bool:
        """Whether `take` may have something to send, right behind one that had something."""
        return bool(
            self._queue
            or self._owes_sign
            or self.channels is not None
            or self._session.view.dirty
            or self._outbox.has_more
        )

    def post(self, message: Message) -> None:
        """Queue a message that waits for no burst."""
        frame = encode(message)
        self._queue.append(frame)
        self._queued_bytes += len(frame)

    def owe_sign(self) -> None:
        """The client wants to hear something, anything."""
        self._owes_sign = True

    def take(self) -> bytes:
        """Return what is to be sent now, b"" if nothing is. What it holds counts as sent.

        Raises:
            ValueError: The burst is larger than the client takes.
        """
        frames, self._queue, self._queued_bytes = self._queue, [], 0
        if not self.ending:
            burst = self._burst()
            if burst:
                frames.append(burst)
            outbox, session = self._outbox, self._session
            if not outbox.is_partial:
                # A snapshot is due here when it takes the place of a burst that was cancelled just now.
                all_is_shown = not (session.is_held or session.view.dirty or outbox.has_more)
                results = session.ledger.results(shown=outbox.ack, all_is_shown=all_is_shown)
                frames.extend(map(encode, results))
            if self.channels is not None:
                frames.extend(self.channels.take())
        if self._owes_sign:
            self._owes_sign = False
            if not frames:
                return LIVENESS
        return frames[0] if len(frames) == 1 else b"".join(frames)

    def _burst(self) -> bytes:
        """Seal what has changed, and return the first part of that; or the next part of what was sealed."""
        session, outbox = self._session, self._outbox
        if not outbox.is_partial:
            if session.is_held:
                return b""
            view = session.view
            if view.dirty and session.gate is None and (outbox.is_whole or self.wants_more):
                session.catch_up()
                if session.closed:
                    return b""
            if not view.dirty:
                self._shown = session.ledger.ack
            if self.wants_more:
                session.heads.tell()
            outbox.seal(view.tree, self._shown)
        return outbox.take()
