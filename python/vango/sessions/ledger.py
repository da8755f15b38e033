"""Which events of a session were taken, have finished and were answered (PROTOCOL rule 7: each runs once).

Sans I/O. Invariants:
    - `ack <= accepted`; all events up to `ack` have finished, those in `_done` above it too.
    - `floor <= ack` or the client is more than `keep` events ahead of its own settling;
      at or below `floor` nothing is remembered.
    - A RESULT never changes once it was made.
"""

from __future__ import annotations

from enum import Enum

from vango.protocol import Result

__all__ = ["Ledger", "Verdict"]


class Verdict(Enum):
    """What is to be done with an EVENT."""

    RUN = "it is the next one: it has been taken, finish it once"
    ANSWER = "it is not: send the answer, if there is one"


_TAKEN = Verdict.RUN, None


class Ledger:
    """The events of one session, by their numbers.

    Attributes:
        accepted: The highest event taken.
        ack: All events up to this one have finished.
    """

    __slots__ = (
        "_done",
        "_gap_told",
        "_keep",
        "_reported",
        "_results",
        "_unsent",
        "accepted",
        "ack",
        "floor",
    )

    def __init__(self, keep: int) -> None:
        """Remember the outcome of at most `keep` events that the client has not settled."""
        self._keep = keep
        self._gap_told = False
        self._done: set[int] = set()
        self._results: dict[int, Result] = {}
        self._unsent: list[int] = []
        self.accepted = self.ack = self.floor = self._reported = 0

    def begin(self, settled: int) -> None:
        """Start counting above `settled`: what a client brings that had another session before.

        Only a ledger that has taken nothing may be told so.
        """
        if self.accepted == 0:
            self.accepted = self.ack = self.floor = self._reported = settled

    def attach(self, settled: int) -> None:
        """Note a new connection, whose client knows the outcome of all events up to `settled`."""
        self.settle(settled)
        self._gap_told = False
        self._reported = min(settled, self.ack)
        self._unsent = sorted(self._results)

    def settle(self, cseq: int) -> None:
        """Forget the outcomes up to `cseq`: the client will not ask for them again."""
        self._forget(min(cseq, self.accepted))

    def receive(self, cseq: int) -> tuple[Verdict, Result | None]:
        """Judge an EVENT by its number.

        `RUN` takes it: call `finish` for it, once. `ANSWER` comes with the RESULT to send, or with `None`
        where an answer is on its way or was given already.
        """
        if cseq == self.accepted + 1:
            self.accepted = cseq
            self._gap_told = False
            if cseq - self.floor > self._keep:
                self._forget(cseq - self._keep)
            return _TAKEN
        if cseq > self.accepted:
            if self._gap_told:
                return Verdict.ANSWER, None
            self._gap_told = True
            return Verdict.ANSWER, Result(cseq, "OutOfOrder", f'{{"expected":{self.accepted + 1}}}')
        if cseq <= self.floor:
            return Verdict.ANSWER, Result(cseq, "AlreadyProcessed")
        if cseq > self.ack and cseq not in self._done:
            return Verdict.ANSWER, None
        return Verdict.ANSWER, self._results.get(cseq) or Result(cseq)

    def overlook(self) -> None:
        """Note that an EVENT was refused before it was judged: the gap it leaves has to be told again."""
        self._gap_told = False

    def finish(self, cseq: int, error: str = "", details: str = "") -> None:
        """Note the outcome of an event that was taken; `details` is one JSON text.

        Call `results()` when its effects are on their way: a RESULT may be due.
        """
        in_order = cseq == self.ack + 1
        if in_order:
            self.ack = cseq
            while self._done and self.ack + 1 in self._done:
                self.ack += 1
                self._done.remove(self.ack)
        else:
            self._done.add(cseq)
        if (error or not in_order) and cseq > self.floor:
            self._results[cseq] = Result(cseq, error, details)
            self._unsent.append(cseq)

    def results(self, *, shown: int, all_is_shown: bool) -> list[Result]:
        """Return the RESULTs that are due, each once for a connection.

        Args:
            shown: The `ack` of the newest burst that went out in front of them.
            all_is_shown: Whether the effects of later events are shown too; else those wait.
        """
        if not self._unsent and (self._reported == self.ack or (all_is_shown and shown >= self.ack)):
            self._reported = self.ack
            return []
        due = {
            cseq: self._results[cseq]
            for cseq in self._unsent
            if cseq in self._results and (all_is_shown or cseq <= shown)
        }
        if all_is_shown:
            for cseq in range(max(self._reported, self.floor, shown) + 1, self.ack + 1):
                if cseq not in self._results:
                    due[cseq] = Result(cseq)
            self._reported = self.ack
            self._unsent.clear()
        elif due:
            self._unsent = [cseq for cseq in self._unsent if cseq > shown]
        return [due[cseq] for cseq in sorted(due)]

    @property
    def pending(self) -> int:
        """How many events were taken and have not finished."""
        return self.accepted - self.ack - len(self._done)

    def _forget(self, cseq: int) -> None:
        if cseq <= self.floor:
            return
        self.floor = cseq
        if self._results:
            for old in [known for known in self._results if known <= cseq]:
                del self._results[old]
