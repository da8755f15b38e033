"""What must be true of a world, whatever happens in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from vango import protocol
from vango.errors import ErrorReport

from .board import Book, Deliberate

__all__ = ["INVARIANTS", "BrokenInvariantError", "Proof"]

INVARIANTS = {
    "once": "every event takes effect once, or is visibly rejected",
    "tried": "no session is asked twice to run an event",
    "numbers": "no event has a number that another one had, and its bytes never change",
    "same": "a page shows the tree of its session",
    "settled": "every event is settled in the end",
    "shown": "an event is settled only when the page shows its effect",
    "told": "a page is told of what went wrong, and of nothing else",
    "hids": "within one epoch of one session no hid is given to a second node",
    "repeated": "a request that is repeated gets the same bytes",
    "sound": "neither side meets an error that is not meant",
}
_EXPECTED = {"RateLimited", "Draining", "SessionExpired", "ServerBusy", "Rehome"}
"""What a page may be told of its session or connection."""


class BrokenInvariantError(AssertionError):
    """Something is not true that must be.

    Attributes:
        invariants: Which ones are broken, by their names.
    """

    def __init__(self, found: list[tuple[str, str]]) -> None:
        super().__init__("\n".join(f"{name} ({INVARIANTS[name]}): {what}" for name, what in found))
        self.invariants = {name for name, _ in found}


class Proof:
    """Looks at what happens in one world, and collects what may not.

    Attributes:
        met: How often which message, and which of its forms, was met.
    """

    def __init__(self, book: Book) -> None:
        self.met: Counter[str] = Counter()
        self._book = book
        self._found: list[tuple[str, str]] = []
        self._sent: dict[tuple[str, int], protocol.Event] = {}
        self._answers: dict[tuple[object, str], tuple[int, str | None, bytes]] = {}

    def broken(self, invariant: str, what: str) -> None:
        """Note what is not as it must be."""
        self._found.append((invariant, what))

    def check(self) -> None:
        """Raise what was noted.

        Raises:
            BrokenInvariantError: Something was.
        """
        if self._found:
            raise BrokenInvariantError(self._found)

    # What is said

    def said(self, instance: str, data: bytes) -> list[protocol.Message]:
        """A client says something: whole frames."""
        messages = protocol.decode(data, 1 << 24)
        for message in messages:
            self.met[f"up {_form(message)}"] += 1
            if isinstance(message, protocol.Event):
                self._number(instance, message)
        return messages

    def heard(self, data: bytes) -> list[protocol.Message]:
        """A client hears something."""
        messages = protocol.decode(data, 1 << 24)
        self.met.update(f"down {_form(each)}" for each in messages)
        return messages

    def _number(self, instance: str, event: protocol.Event) -> None:
        """The bytes of an event are always the same.

        Unless it becomes one that only consumes its number, or one that names no epoch and so no hid.
        """
        whose = instance, event.cseq
        before = self._sent.setdefault(whose, event)
        if before == event:
            return
        self._sent[whose] = event
        if not event.flags & protocol.FLAG_CANCEL and event != replace(before, epoch=0, rev=0):
            self.broken("numbers", f"event {event.cseq} of {instance} was {before!r}, and is {event!r}")

    def answered(self, server: object, request: str, response: Response) -> None:
        """A server answers a request; `request` is what it calls itself, "" for the first of a connection."""
        self.met[f"answer {response.status_code}"] += 1
        if not request:
            return
        now = response.status_code, response.headers.get("vango-close"), bytes(response.body)
        before = self._answers.setdefault((server, request), now)
        if before is now:
            return
        self.met["answer again"] += 1
        if before[0] == now[0] == 200 and before != now:
            self.broken("repeated", f"request {request} was answered {before!r}, and now {now!r}")

    # What a page is told

    def told(self, tab: int, kind: str, message: str) -> None:
        """A page is told of an error that is no event's."""
        self.met[f"told {kind}"] += 1
        if kind not in _EXPECTED:
            self.broken("told", f"tab {tab} was told {kind}: {message}")

    def state(self, tab: int, state: str) -> None:
        """The client of a page is in another state."""
        self.met[f"state {state}"] += 1
        if state in ("needs-auth", "error"):
            self.broken("told", f"tab {tab} is in the state {state}")

    # What came of it all

    def check_reports(self, reports: list[ErrorReport]) -> None:
        """Only what was meant to fail has failed."""
        for report in reports:
            if not isinstance(report.error, Deliberate):
                self.broken("sound", f"the server reports {report.where}: {report.error!r}")

    def check_tries(self) -> None:
        """No session ran an event twice."""
        for twice, times in Counter(self._book.tries).items():
            if times > 1:
                what = f"a session was asked {times} times to run event {twice[2]} of {twice[1]}"
                self.broken("tried", what)

    def check_events(self, tab: int, instance: str, ends: list[dict[str, Any]], *, is_loaded: bool) -> None:
        """Every event of a page took effect once, or the page was told that it did not."""
        runs: dict[int, list[tuple[str, str]]] = {}
        for run in self._book.runs():
            if run.instance == instance:
                runs.setdefault(run.cseq, []).append((run.label, run.value))
        numbers: set[int] = set()
        for end in ends:
            cseq, label = end["cseq"], end["label"]
            self.met[f"event {end['end']}"] += 1
            where = f"tab {tab}: event {cseq} ({label}, {end['end']})"
            effects = runs.get(cseq, []) if cseq else []
            may = _effects(end, is_loaded=is_loaded)
            if end["end"] == "open" and is_loaded:
                self.broken("settled", where)
            elif may is None:
                self.broken("told", f"{where} must not end so")
            elif len(effects) not in may:
                self.broken("once", f"{where} took effect {len(effects)} times")
            value = end["value"] if label == "text" else ""
            if any(effect != (label, value) for effect in effects):
                self.broken("once", f"{where} took effect as {effects}")
            if cseq in numbers:
                self.broken("numbers", f"{where} has a number that another event had")
            numbers |= {cseq} - {0}
        if is_loaded and (stray := set(runs) - numbers):
            self.broken("once", f"tab {tab}: nobody made the events {sorted(stray)}")


def _effects(end: dict[str, Any], *, is_loaded: bool) -> range | None:
    """Return how many effects an event may have by what its page was told, `None` if that is wrong."""
    label, fate = end["label"], end["end"]
    once, never, perhaps = range(1, 2), range(1), range(2)
    match fate:
        case "done" if label == "text":
            return perhaps  # of several that wait behind a handler the newest counts
        case "done":
            return once
        case "open" if not is_loaded:
            return perhaps
        case "HandlerFailed" if label == "fail":
            return once
        case "HandlerNotFound" if label.startswith("row-") or (end["adrift"] and not end["action"]):
            return never
        case "rejected" if not end["action"]:
            return perhaps
        case "superseded" if label in ("text", "dropped"):
            return never
        case "refused offline" | "refused QueueFull":
            return never
    return None


_FLAGS = {
    protocol.FLAG_DEFLATE: "DEFLATE",
    protocol.FLAG_MORE: "MORE",
    protocol.FLAG_CANCEL: "CANCEL",
    protocol.FLAG_ACTION: "ACTION",
}


def _form(message: protocol.Message) -> str:
    """Return the kind of a message, and what makes it go another way."""
    flags = getattr(message, "flags", 0)
    words = [type(message).__name__, *(name for flag, name in _FLAGS.items() if flags & flag)]
    match message:
        case protocol.HelloOk():
            words.append("SNAPSHOT" if message.mode else "RESUME")
        case protocol.Result():
            words.append(message.error or "ok")
        case protocol.Error():
            words.append(message.kind)
        case protocol.Refetch():
            words.append("all" if message.hid == 0 else "one")
            words.append(message.reason.split()[0] if message.reason else "")
        case protocol.Bye():
            words.append(message.reason)
        case protocol.Hello() if message.epoch == 0:
            words.append("with nothing")
    return " ".join(words)
