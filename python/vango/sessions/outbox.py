"""What is on its way to one client, sans I/O: the changes of the tree, sealed into bursts.

Invariants:
    - `rev` rises by one for each burst, and a DIFF's base is the burst sealed before it.
    - The `ack` of a burst never covers an event whose effect is not in it or in an earlier one.
    - A RESULT stands behind the burst that shows the effect of its event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vango.errors import LimitExceeded
from vango.protocol import LIVENESS, Diff, Message, Snapshot, encode

if TYPE_CHECKING:
    from vango.sessions.session import Session

__all__ = ["Outbox"]


class Outbox:
    """The sending half of one attachment."""

    __slots__ = (
        "_burst_bytes",
        "_diffs",
        "_owes_sign",
        "_queue",
        "_queued_bytes",
        "_refetch",
        "_session",
        "_shown",
        "_unacked",
        "_unacked_bytes",
        "_whole",
        "ending",
    )

    def __init__(self, session: Session, *, settled: int, whole: bool, diffs: bool, burst_bytes: int) -> None:
        """Take over what a session sends.

        Args:
            session: Whose tree and events these are.
            settled: The client knows the outcome of all events up to this one.
            whole: Whether the first burst has to be a SNAPSHOT.
            diffs: Whether the client understands all ops; else each burst is a SNAPSHOT.
            burst_bytes: The largest burst that the client takes.
        """
        self._session = session
        self._shown = settled
        self._whole = whole
        self._diffs = diffs
        self._burst_bytes = burst_bytes
        self._queue: list[bytes] = []
        self._queued_bytes = 0
        self._refetch: list[int] | None = None
        self._unacked: list[tuple[int, int]] = []
        self._unacked_bytes = 0
        self._owes_sign = False
        self.ending = False

    @property
    def wants_more(self) -> bool:
        """Whether the window is open: what changes now is rendered now."""
        session = self._session
        waiting = self._unacked_bytes + self._queued_bytes
        if session.pending:
            waiting += sum(map(len, session.pending))
        return waiting <= session.limits.window_bytes and not self.ending

    @property
    def is_choked(self) -> bool:
        """Whether answers pile up because the client does not read them."""
        return self._queued_bytes > self._session.limits.backlog_bytes

    def post(self, message: Message) -> None:
        """Queue a message that waits for no burst."""
        frame = encode(message)
        self._queue.append(frame)
        self._queued_bytes += len(frame)

    def owe_sign(self) -> None:
        """The client wants to hear something, anything."""
        self._owes_sign = True

    def refetch(self, hid: int) -> None:
        """Put an element into the next burst, or everything if `hid` is 0."""
        if hid == 0:
            self._whole = True
        elif self._refetch is None:
            self._refetch = [hid]
        elif hid not in self._refetch:
            self._refetch.append(hid)

    def acknowledge(self, rev: int) -> bool:
        """The client has applied the bursts up to `rev`; returns whether that opened the window."""
        unacked = self._unacked
        if not unacked or unacked[0][0] > rev:
            return False
        was_open = self.wants_more
        applied = (
            len(unacked)
            if unacked[-1][0] <= rev
            else next(i for i, (of, _) in enumerate(unacked) if of > rev)
        )
        self._unacked_bytes -= sum(size for _, size in unacked[:applied])
        del unacked[:applied]
        return not was_open and self.wants_more

    def take(self) -> bytes:
        """Return what is to be sent now, b"" if nothing is. What it holds counts as sent.

        Raises:
            LimitExceeded: The burst is larger than the client takes.
        """
        frames, self._queue, self._queued_bytes = self._queue, [], 0
        if not self.ending:
            burst = self._burst()
            if burst:
                frames.append(burst)
            ledger = self._session.ledger
            if not self._session.view.dirty:
                frames.extend(map(encode, ledger.results(shown=bool(burst))))
        if self._owes_sign:
            self._owes_sign = False
            if not frames:
                return LIVENESS
        return frames[0] if len(frames) == 1 else b"".join(frames)

    def _burst(self) -> bytes:
        """Seal what has changed into one frame."""
        session = self._session
        view = session.view
        if view.dirty and session.gate is None and (self._whole or self.wants_more):
            session.catch_up()
            if session.closed:
                return b""
        if not view.dirty:
            self._shown = session.ledger.ack
        if session.pending or self._whole or self._refetch:
            frame = encode(self._seal())
            if len(frame) > self._burst_bytes:
                raise LimitExceeded("burst_bytes", self._burst_bytes, len(frame))
            self._unacked.append((session.rev, len(frame)))
            self._unacked_bytes += len(frame)
            return frame
        return b""

    def _seal(self) -> Diff | Snapshot:
        session = self._session
        tree = session.view.tree
        ops, session.pending = session.pending, []
        for hid in self._refetch or ():
            element = tree.element(hid)
            if element is None:
                self._whole = True
            else:
                ops.append(element)
        self._refetch = None
        base = session.rev
        session.rev += 1
        if self._whole or not self._diffs:
            self._whole = False
            return Snapshot(session.epoch, session.rev, self._shown, tree.count, tree.snapshot())
        payload = ops[0] if len(ops) == 1 else b"".join(ops)
        return Diff(session.epoch, base, session.rev, self._shown, tree.count, payload)
