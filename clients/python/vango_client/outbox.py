"""Events that wait, and events whose outcome is not known: PROTOCOL 3.7, 3.9 and 7.4."""

from __future__ import annotations

from dataclasses import dataclass

from vango_client.messages import CANCEL, message

MAX_UNSETTLED = 256
MAX_WAITING = 256


@dataclass(frozen=True)
class Event:
    """Something that happened at a node; it has no number yet."""

    hid: int
    kind: int
    payload: bytes = b""
    policy: str = "queue"


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

    def number(self, epoch: int, rev: int) -> list[bytes]:
        """Give numbers to what waits, as far as the window allows; the frames must be sent at once."""
        frames = []
        while self.waiting and len(self.unsettled) < MAX_UNSETTLED:
            event, cseq = self.waiting.pop(0), self.next
            self.next += 1
            frame = message(
                "EVENT", event.payload, epoch=epoch, cseq=cseq, rev=rev, hid=event.hid, kind=event.kind
            ).encode()
            self.unsettled[cseq] = frame
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

    def bury(self, limit: int, epoch: int, rev: int) -> list[Event]:
        """Put dead letters in the place of the events whose frames are above `limit` bytes."""
        dead = []
        for cseq, frame in self.unsettled.items():
            if len(frame) > limit:
                event = self._events[cseq]
                dead.append(event)
                self.unsettled[cseq] = message(
                    "EVENT", b"", CANCEL, epoch=epoch, cseq=cseq, rev=rev, hid=event.hid, kind=event.kind
                ).encode()
        return dead

    def reject(self, next_number: int) -> list[Event]:
        """The view is another one: forget everything and count from here; returns what was pending."""
        gone = [*self._events.values(), *self.waiting]
        self.unsettled.clear()
        self._events.clear()
        self.waiting.clear()
        self.next = next_number
        return gone
