"""Events that wait, and events whose outcome is not known: PROTOCOL 3.7, 3.9 and 7.4."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vango_client.messages import ACTION, CANCEL, message

MAX_UNSETTLED = 256
MAX_WAITING = 256


@dataclass(frozen=True)
class Event:
    """Something that happened at a node; it has no number yet.

    Attributes:
        hid, kind, payload: What, where, and what is sent of it.
        policy: What becomes of it while there is no connection: queue, latest or drop.
        offline: Whether it waits however long that takes.
        action: The name of what its handler does, "" if it has none.
        epoch: The view that `hid` belongs to.
    """

    hid: int
    kind: int
    payload: bytes = b""
    policy: str = "queue"
    offline: bool = False
    action: str = ""
    epoch: int = 0


class Outbox:
    """The events of one document.

    Invariant: numbers are given without gaps, and the bytes of a numbered event change only when it dies.
    """

    def __init__(self) -> None:
        self.next = 1
        self.waiting: list[Event] = []
        self.unsettled: dict[int, bytes] = {}
        self._events: dict[int, Event] = {}

    @property
    def settled(self) -> int:
        """Nothing is kept of this number and below."""
        return min(self.unsettled, default=self.next) - 1

    def add(self, event: Event) -> bool:
        """Let an event wait; False if too many do."""
        if event.policy == "latest":
            self.waiting = [one for one in self.waiting if (one.hid, one.kind) != (event.hid, event.kind)]
        if len(self.waiting) >= MAX_WAITING:
            return False
        self.waiting.append(event)
        return True

    def number(self, rev: int) -> list[bytes]:
        """Give numbers to what waits, as far as the window allows; the frames must be sent at once."""
        frames = []
        while self.waiting and len(self.unsettled) < MAX_UNSETTLED:
            event, cseq = self.waiting.pop(0), self.next
            self.next += 1
            self.unsettled[cseq] = frame = _frame(event, cseq, rev)
            self._events[cseq] = event
            frames.append(frame)
        return frames

    def above(self, last: int) -> list[bytes]:
        """Return the frames above `last`, in order, byte for byte as they were."""
        return [frame for cseq, frame in sorted(self.unsettled.items()) if cseq > last]

    def settle(self, ack: int) -> None:
        """All events up to `ack` have finished."""
        for cseq in [one for one in self.unsettled if one <= ack]:
            self.forget(cseq)

    def forget(self, cseq: int) -> bool:
        """One event has its outcome; returns whether it was waited for."""
        self._events.pop(cseq, None)
        return self.unsettled.pop(cseq, None) is not None

    def bury(self, limit: int) -> list[Event]:
        """Put dead letters in the place of the events whose frames are above `limit` bytes."""
        dead = []
        for cseq, frame in self.unsettled.items():
            if len(frame) > limit:
                event = self._events[cseq]
                dead.append(event)
                self.unsettled[cseq] = _frame(replace(event, payload=b"", action=""), cseq, 0, CANCEL)
        return dead

    def begin(self, last: int, *, epoch: int, moved: bool) -> list[Event]:
        """The view is another one, that has taken the events up to `last`; returns those that are rejected.

        Where numbers can go on, what was sent goes again as it was if it has an action: who has done it knows
        it by its number. What has none becomes a dead letter.

        Args:
            last: What HELLO_OK says.
            epoch: That of the view.
            moved: Whether the session is another one too, which cannot tell the outcome of what it took.
        """
        goes_on = last >= self.settled
        gone, again = [], []
        for cseq, event in list(self._events.items()):
            if cseq <= last and not moved:
                continue
            if not event.action:
                gone.append(event)
            if not goes_on or cseq <= last:
                self.forget(cseq)
                if event.action and cseq > last:
                    again.append(event)
            elif not event.action:
                self.unsettled[cseq] = _frame(replace(event, payload=b""), cseq, 0, CANCEL)
            elif moved and event.epoch >= epoch:
                # Its epochs come to this one, and the hid would be taken for one of its own.
                self._events[cseq] = unbound = replace(event, epoch=0)
                self.unsettled[cseq] = _frame(unbound, cseq, 0)
        if not goes_on:
            self.next = last + 1
        waiting = again + self.waiting
        self.waiting = [
            replace(event, epoch=0 if moved else event.epoch) for event in waiting if event.action
        ]
        return gone + [event for event in waiting if not event.action]


def _frame(event: Event, cseq: int, rev: int, flags: int = 0) -> bytes:
    header = {"epoch": event.epoch, "cseq": cseq, "rev": rev, "hid": event.hid, "kind": event.kind}
    if event.action:
        return message("EVENT", event.payload, flags | ACTION, **header, action=event.action).encode()
    return message("EVENT", event.payload, flags, **header).encode()
