"""What the browsers show: a page that moves, and writes down who ran it, and which event it shows."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from itertools import count

from vango import Signal, component, current_event, html as h, interval, on, once, signal
from vango.clock import Clock
from vango.events import Input
from vango.sessions.once import ONCE_TABLE

__all__ = ["Board", "Book", "Deliberate", "Run"]


class Deliberate(Exception):  # noqa: N818 - it is meant
    """Raised by the button that fails."""


@dataclass(frozen=True, slots=True)
class Run:
    """An effect, as it stands in the database: which event, of what button, with what value."""

    instance: str
    cseq: int
    label: str
    value: str


@dataclass
class Book:
    """What outlives a server: the database, and the numbers that nothing else may have.

    Attributes:
        tries: Which session was asked to run which event, each time that it was: session, instance, number.
        news: What every page of this server shows.
    """

    db: sqlite3.Connection = field(default_factory=lambda: sqlite3.connect(":memory:"))
    tries: list[tuple[int, str, int]] = field(default_factory=list)
    names: count[int] = field(default_factory=count)
    sessions: count[int] = field(default_factory=count)
    news: Signal[str] = field(default_factory=lambda: Signal(""))

    def __post_init__(self) -> None:
        with self.db:
            self.db.execute(ONCE_TABLE)
            self.db.execute("CREATE TABLE runs (instance TEXT, cseq INTEGER, label TEXT, value TEXT)")

    def attempt(self, session: int) -> None:
        """A handler begins."""
        event = current_event()
        self.tries.append((session, event.instance, event.cseq))

    def commit(self, label: str, value: str = "", *, marked: bool = False) -> None:
        """A handler has its effect; a `marked` one, which may come again to another session, only once."""
        event = current_event()
        with self.db:
            self.db.execute(
                "INSERT INTO runs VALUES (?, ?, ?, ?)", (event.instance, event.cseq, label, value)
            )
            if marked:
                once(self.db)

    def runs(self) -> list[Run]:
        """Every effect, in the order of the commits."""
        return [Run(*row) for row in self.db.execute("SELECT * FROM runs ORDER BY rowid")]


_COUNTED = ("plain", "named", "kept", "dropped", "slow", "slow-named", "fail", "add", "turn")
"""Buttons that say how often they have run: what is said once and never again shows which burst was lost."""


@component
def Board(book: Book, clock: Clock):
    """Buttons of every sort, rows that come, go and move, a field, and what changes by itself."""
    session = next(book.sessions)
    rows = signal(tuple(f"row-{next(book.names)}" for _ in range(3)))
    turns = signal(0)
    typed = signal("")
    ticks = signal(0)
    shown = signal(0)

    counts = {name: signal(0, key=name) for name in _COUNTED}

    def show(label: str = "") -> None:
        if label in counts:
            counts[label].update(lambda n: n + 1)
        turns.update(lambda n: n + 1)
        shown.update(lambda cseq: max(cseq, current_event().cseq))

    def run(label: str, marked: bool) -> None:
        book.attempt(session)
        book.commit(label, marked=marked)
        show(label)

    def silent() -> None:
        book.attempt(session)
        book.commit("silent")

    async def slow(label: str, marked: bool) -> None:
        book.attempt(session)
        turns.update(lambda n: n + 1)
        await clock.sleep(0.4)
        book.commit(label, marked=marked)
        show(label)

    def fail() -> None:
        run("fail", False)
        raise Deliberate

    def add() -> None:
        run("add", True)
        rows.set((*rows.peek(), f"row-{next(book.names)}")[-8:])

    def turn() -> None:
        run("turn", False)
        first, *others = rows.peek() or ("row-0",)
        rows.set((*others, first) if turns.peek() % 2 else (*reversed(others), first))

    def remove(name: str) -> None:
        run(name, False)
        rows.set(tuple(row for row in rows.peek() if row != name))

    def type_(event: Input) -> None:
        book.attempt(session)
        book.commit("text", event.value, marked=True)
        typed.set(event.value)

    def row(name: str):
        return h.li(key=name, class_=lambda: f"of-{len(rows())}")[
            h.button(data_name=name, on_click=(remove, name))[name],
            lambda: h.em[f"{turns()}"] if turns() % 3 == 0 else None,
        ]

    interval(7.0, lambda: ticks.update(lambda n: n + 1))
    buttons = {
        "plain": (run, "plain", False),
        "named": on((run, "named", True), action="named"),
        "kept": on((run, "kept", True), action="kept", offline=True),
        "dropped": on((run, "dropped", False), policy="drop"),
        "silent": silent,
        "slow": (slow, "slow", False),
        "slow-named": on((slow, "slow-named", True), action="slow named, é"),
        "fail": fail,
        "add": on(add, action="add"),
        "turn": turn,
    }
    return h.main(data_shown=shown)[
        [
            h.button(key=name, data_name=name, title=counts.get(name), on_click=handler)[name]
            for name, handler in buttons.items()
        ],
        h.input(data_name="text", value=typed, on_input=on(type_, action="text")),
        h.output(title=lambda: f"turn {turns()}")[turns],
        h.ul[lambda: [row(name) for name in rows()]],
        lambda: h.raw(f"<b>{turns()}</b><i></i>") if turns() % 4 == 1 else None,
        h.p[lambda: typed(), " ", ticks, " ", book.news],
        lambda: h.pre["x" * 600] if turns() % 5 == 2 else h.pre[h.b["small"]],
    ]
