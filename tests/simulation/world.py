"""One seed: everything that happens, drawn from it, and what must be true of it."""

from __future__ import annotations

import base64
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any
from unittest import mock

import anyio

from vango import protocol
from vango.errors import ErrorReport
from vango.limits import Limits
from vango.sessions.attachment import Handshake, attach
from vango.sessions.greeting import Named
from vango.sessions.registry import Registry
from vango.sessions.session import Session

from .agenda import Agenda, QuietLoop, ServerClock
from .browsers import Browsers
from .network import Line
from .page import Board, Book, Deliberate

__all__ = ["BrokenInvariantError", "World"]

EVENTS = 200
FAULTS = 20
_HANDSHAKE = Handshake("a browser", "an address")
_CALM_S = 240.0
"""So long after the last fault all must be well."""
_SHOWN = {
    "epoch",
    "rev",
    "base",
    "ack",
    "cseq",
    "error",
    "settled",
    "last",
    "mode",
    "hid",
    "kind",
    "flags",
    "action",
    "session",
}
_EXPECTED = {"RateLimited", "Draining", "SessionExpired", "ServerBusy"}
"""What a page may be told of its session or connection."""


class BrokenInvariantError(AssertionError):
    """An invariant does not hold."""


class Gate:
    """Lets everybody in: who may open what is proved elsewhere."""

    def __init__(self, board: Callable[[], object]) -> None:
        self._board = board

    def verify(self, token: str, handshake: Handshake) -> Named:
        return Named(token)

    def token(self, session: Session) -> str:
        return session.id

    def page(self, path: str) -> object:
        return self._board()


class Server:
    """One process of the server: its sessions are forgotten with it."""

    def __init__(self, world: World) -> None:
        self.clock = ServerClock(world.agenda)
        self.reports: list[ErrorReport] = []
        self.registry = Registry(clock=self.clock, limits=world.limits, on_error=self.reports.append)
        self.board = lambda: Board(world.book, self.clock)
        self.lines: list[Line] = []
        self._gate = Gate(self.board)
        self._running: anyio.abc.TaskGroup | None = None
        self._task = world.loop.create_task(self._run())

    async def _run(self) -> None:
        async with anyio.create_task_group() as self._running:
            await self._running.start(self.registry.run)

    def connect(self, line: Line) -> None:
        """Serve a connection."""
        assert self._running is not None
        self.lines.append(line)
        self._running.start_soon(attach, line, _HANDSHAKE, self.registry, self._gate)

    def stop(self) -> None:
        """End, with all sessions."""
        assert self._running is not None
        self._running.cancel_scope.cancel()


@dataclass
class Tab:
    """A loaded page.

    Attributes:
        id: Its number among all.
        instance: What its client calls itself.
        token: What its page told it.
        served: What it was loaded from, for a tab that is duplicated.
        skew_s: By how much its clock is ahead.
        deadline_ms: When its client wants to be woken, by its own clock.
        lines: Its connections, by the number of the link.
        ends: What became of its events.
    """

    id: int
    instance: str
    token: str
    served: dict[str, object]
    skew_s: float = 0.0
    deadline_ms: float = math.inf
    lines: dict[int, Line] = field(default_factory=dict)
    ends: list[dict[str, Any]] = field(default_factory=list)
    is_loaded: bool = True

    @property
    def due(self) -> float:
        """When it is to be woken, in the time of the world."""
        return self.deadline_ms / 1000 - self.skew_s if self.is_loaded else math.inf


class World:
    """One seed.

    Attributes:
        faults: How often which fault was made.
        events: How many events the people have made.
        trace: What happened, line by line.
    """

    def __init__(self, seed: int, browsers: Browsers, loop: QuietLoop) -> None:
        self.rng = Random(seed)
        self.browsers = browsers
        self.loop = loop
        self.agenda = Agenda()
        self.book = Book()
        self.faults: Counter[str] = Counter()
        self.events = 0
        self.trace: list[str] = []
        self.tabs: list[Tab] = []
        self.limits = Limits(
            window_bytes=self.rng.choice((700, 32 * 1024)),
            unsettled_events=self.rng.choice((8, 256)),
            resume_s=self.rng.choice((20.0, 300.0)),
        )
        self._delay_s = self.rng.choice((0.005, 0.05, 0.2))
        self._refusing_until = 0.0
        self._names = Random(self.rng.random())
        self._errors: list[str] = []
        self._is_quiet = False
        self.server: Server | None = None

    # Time

    def run(self) -> None:
        """Live through the seed.

        Raises:
            BrokenInvariantError: An invariant does not hold.
        """
        with mock.patch("secrets.token_urlsafe", self._name), mock.patch("secrets.token_hex", self._name):
            self.browsers.tell("begin")
            self.loop.set_exception_handler(self._on_error)
            try:
                self._do(self._begin)
                for _ in range(self.rng.randrange(2, 5)):
                    self._do(self._open_tab)
                while self.events < EVENTS or self.faults.total() < FAULTS:
                    self._do(self._step)
                    self._pass(self._pause())
                self._calm_down()
                for tab in self.tabs:
                    self._do(partial(self._tell, tab, "ends"))
                self._check_events()
            finally:
                if self.server is not None:
                    self.loop.create_task(_call(self.server.stop))
                    self.loop.settle()
                self.book.db.close()
        self._complain()

    def _pass(self, seconds: float) -> None:
        """Let time pass, and happen what is due meanwhile."""
        end = self.agenda.now + seconds
        while True:
            due: list[tuple[float, int]] = [(self.agenda.next, 0), (self._server_due, 1)]
            due += [(tab.due, 2 + n) for n, tab in enumerate(self.tabs)]
            when, who = min(due)
            if when > end:
                break
            self.agenda.now = max(self.agenda.now, when)
            if who == 0:
                self._do(self.agenda.pop())
            elif who == 1 and self.server is not None:
                self._do(self.server.clock.deadlines.pop())
            else:
                self._do(partial(self._tick, self.tabs[who - 2]))
        self.agenda.now = end

    @property
    def _server_due(self) -> float:
        return self.server.clock.due if self.server is not None else math.inf

    def _do(self, act: Callable[[], object]) -> None:
        """Let something happen, and what follows at once."""
        task = self.loop.create_task(_call(act))
        self.loop.settle()
        task.result()
        self._complain()

    def _complain(self) -> None:
        if self._errors:
            raise BrokenInvariantError("\n".join(self._errors))

    def _on_error(self, loop: object, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self._errors.append(f"{context['message']}: {error!r}")
        if isinstance(error, BaseException):
            raise error

    def _note(self, *what: object) -> None:
        self.trace.append(f"{self.agenda.now:9.3f} " + " ".join(map(str, what)))

    def _name(self, size: int = 16) -> str:
        return f"{self._names.getrandbits(64):016x}"[:size]

    # People

    def _pause(self) -> float:
        fate = self.rng.random()
        if fate < 0.03:
            return self.rng.uniform(15, 70)
        if fate < 0.15:
            return self.rng.uniform(0.5, 5)
        return self.rng.expovariate(1 / 0.1)

    def _step(self) -> None:
        rng = self.rng
        fate = rng.random()
        if fate < 0.25:
            fault = rng.choice(_FAULTS)
            if fault(self):
                self._note("fault:", fault.__name__.strip("_"))
                self.faults[fault.__name__.strip("_")] += 1
        elif fate < 0.28:
            self.book.news.set(f"news {rng.randrange(100)}")
        else:
            tab = rng.choice([tab for tab in self.tabs if tab.is_loaded])
            for _ in range(rng.choice((1, 1, 1, 2, 3, 12))):
                text = f"text {next(self.book.names)}"
                self.events += 1
                self._tell(tab, "act", where=rng.random(), text=text)

    # Pages

    def _open_tab(self, served: dict[str, object] | None = None) -> bool:
        """Load a page, or duplicate one; False if there is no server."""
        if served is None:
            if self.server is None:
                return False
            session = self.server.registry.open(
                self.server.board(), path="/", browser=_HANDSHAKE.browser, address=_HANDSHAKE.address
            )
            meta = {
                "session": session.id,
                "token": session.id,
                "epoch": session.epoch,
                "rev": session.rev,
                "count": session.count,
            }
            html = f"<!doctype html><html><body>{session.html()}</body></html>"
            served = {"html": html, "meta": meta, "path": "/"}
        meta = dict(served["meta"])
        tab = Tab(len(self.tabs), f"{self.rng.getrandbits(128):032x}", str(meta["token"]), served)
        self.tabs.append(tab)
        self._tell(tab, "load", instance=tab.instance, seed=self.rng.getrandbits(31), **served)
        self._tell(tab, "start")
        self.agenda.at(
            self.agenda.now + self.rng.choice((0.0, 0.1, 3.0)), lambda: self._tell(tab, "complete")
        )
        return True

    def _tick(self, tab: Tab) -> None:
        self._tell(tab, "tick", late=tab.deadline_ms)

    def _tell(self, tab: Tab, does: str, late: float = 0.0, **rest: object) -> None:
        """Let something happen to a page, and carry out what its client wants."""
        if not tab.is_loaded:
            return
        at = max(1000 * (self.agenda.now + tab.skew_s), late)
        if does == "received":
            self._note(f"tab {tab.id} hears on", rest["link"], _told(str(rest["data"])))
        elif does not in ("tick", "load", "compare"):
            self._note(f"tab {tab.id}", does, *rest.values())
        for kind, *said in self.browsers.tell(does, tab.id, at, **rest):
            if kind == "send":
                self._note(f"tab {tab.id} says on", said[0], _told(said[1]))
            elif kind not in ("deadline", "ends"):
                self._note(f"tab {tab.id}:", kind, *said)
            getattr(self, f"_on_{kind}")(tab, *said)

    def _on_deadline(self, tab: Tab, deadline_ms: float | None) -> None:
        tab.deadline_ms = math.inf if deadline_ms is None else deadline_ms

    def _on_state(self, tab: Tab, state: str, offline: bool) -> None:
        if state in ("needs-auth", "error"):
            self._errors.append(f"tab {tab.id} is in the state {state}")

    def _on_told(self, tab: Tab, kind: str, message: str) -> None:
        if kind not in _EXPECTED:
            self._errors.append(f"tab {tab.id} was told {kind}: {message}")

    def _on_reload(self, tab: Tab, reason: str) -> None:
        self._errors.append(f"tab {tab.id} was to be loaded again: {reason}")

    def _on_rejected(self, tab: Tab, count: int) -> None:
        """The events themselves say so."""

    def _on_reused(self, tab: Tab, hids: list[int]) -> None:
        self._errors.append(f"tab {tab.id} has seen hids {hids} come back")

    def _on_failed(self, tab: Tab, cseq: int, kind: str) -> None:
        """What becomes of an event is asked for at the end."""

    def _on_ends(self, tab: Tab, ends: list[dict[str, Any]]) -> None:
        tab.ends = ends

    def _on_differs(self, tab: Tab, found: list[str]) -> None:
        self._found = found

    # Connections

    def _on_open(self, tab: Tab, link: int, way: str) -> None:
        def received(data: bytes) -> None:
            self._tell(tab, "received", link=link, data=base64.b64encode(data).decode())

        def closed(code: int | None) -> None:
            self._tell(tab, "closed", link=link, code=code)

        delay_s = self._delay_s * self.rng.choice((0.5, 1, 2))
        line = tab.lines[link] = Line(self.agenda, self.rng, delay_s, received, closed)
        at = self.agenda.now + self.rng.expovariate(1 / delay_s)
        if way == "http":
            at = self.agenda.now
        self.agenda.at(at, lambda: self._accept(tab, link, line))

    def _accept(self, tab: Tab, link: int, line: Line) -> None:
        if self.server is None or self.agenda.now < self._refusing_until:
            line.die(told=True)
        elif line.is_open:
            self.server.connect(line)
            self._tell(tab, "opened", link=link)

    def _on_send(self, tab: Tab, link: int, data: str) -> None:
        tab.lines[link].send_up(base64.b64decode(data))

    def _on_close(self, tab: Tab, link: int) -> None:
        tab.lines[link].close_up()

    # Faults; each says whether it could be made

    def _line(self) -> Line | None:
        lines = [line for tab in self.tabs for line in tab.lines.values() if line.is_open]
        return self.rng.choice(lines) if lines else None

    def _lane(self) -> Any:
        line = self._line()
        return line and self.rng.choice((line.up, line.down))

    def _cut(self) -> bool:
        lane = self._lane()
        if lane is not None:
            lane.cut_after = self.rng.randrange(200)
        return lane is not None

    def _break(self) -> bool:
        line = self._line()
        if line is not None:
            line.break_(told=self.rng.random() < 0.7)
        return line is not None

    def _silence(self) -> bool:
        lane = self._lane()
        if lane is not None:
            lane.silent = True
        return lane is not None

    def _hold(self) -> bool:
        lane = self._lane()
        if lane is not None:
            lane.held_until = self.agenda.now + self.rng.uniform(0.2, 4)
        return lane is not None

    def _lose(self) -> bool:
        lane = self._lane()
        if lane is not None:
            lane.lossy = self.rng.choice((0.1, 0.4))
        return lane is not None

    def _refuse(self) -> bool:
        self._refusing_until = self.agenda.now + self.rng.choice((0.5, 5, 20))
        return True

    def _restart(self) -> bool:
        """The server ends, with or without a word, and another one begins."""
        server, self.server = self.server, None
        if server is None:
            return False
        self._note("the server ends")
        if self.rng.random() < 0.7:
            for line in server.lines:
                line.die(told=self.rng.random() < 0.8)
        server.stop()
        self._check_reports(server)
        self.agenda.at(self.agenda.now + self.rng.choice((0.0, 1.0, 8.0)), self._begin)
        return True

    def _begin(self) -> None:
        self._note("a server begins")
        self.server = Server(self)

    def _jump(self) -> bool:
        """A clock jumps ahead: that of a machine that slept."""
        seconds = self.rng.choice((0.5, 6.0, 31.0, 400.0))
        if self.rng.random() < 0.3 and self.server is not None:
            self.server.clock.skew += seconds
            self._note("the server's clock jumps by", seconds)
        else:
            tab = self.rng.choice(self.tabs)
            tab.skew_s += seconds
            self._note(f"the clock of tab {tab.id} jumps by", seconds)
        return True

    def _hide(self) -> bool:
        tab = self.rng.choice(self.tabs)
        self._tell(tab, "show", hidden=True)
        self._show_later(tab)
        return True

    def _freeze(self) -> bool:
        tab = self.rng.choice(self.tabs)
        self._tell(tab, "freeze")
        self._show_later(tab)
        return True

    def _show_later(self, tab: Tab) -> None:
        when = self.agenda.now + self.rng.choice((0.1, 3, 40))
        self.agenda.at(when, lambda: self._tell(tab, "show", hidden=False))

    def _leave(self) -> bool:
        """A page is loaded again: what it had not settled is lost with it."""
        tab = self.rng.choice([tab for tab in self.tabs if tab.is_loaded])
        if not self._open_tab():
            return False
        self._tell(tab, "leave")
        self._tell(tab, "ends")
        tab.is_loaded = False
        return True

    def _duplicate(self) -> bool:
        if sum(tab.is_loaded for tab in self.tabs) > 4:
            return False
        return self._open_tab(self.rng.choice(self.tabs).served)

    # What must be true

    def _calm_down(self) -> None:
        """End all faults, and wait until each page shows its session's tree."""
        self._note("from here on all is well")
        self._refusing_until = 0.0
        self._pass(10)
        for tab in self.tabs:
            for line in tab.lines.values():
                if line.is_open and (line.up.silent or line.down.silent or line.up.lossy or line.down.lossy):
                    line.break_()
                line.up.cut_after = line.down.cut_after = None
            self._do(partial(self._tell, tab, "show", hidden=False))
        end = self.agenda.now + _CALM_S
        self._pass(20)
        while differences := self._differences():
            if self.agenda.now > end:
                raise BrokenInvariantError("\n".join(differences))
            self._pass(4.1)

    def _differences(self) -> list[str]:
        found: list[str] = []
        assert self.server is not None
        for tab in self.tabs:
            if not tab.is_loaded:
                continue
            session = self.server.registry.find(tab.token, tab.instance)
            if session is None:
                found.append(f"tab {tab.id} has no session")
                continue
            self._do(
                partial(
                    self._tell,
                    tab,
                    "compare",
                    snapshot=base64.b64encode(session.view.tree.snapshot()).decode(),
                    session=session.id,
                    epoch=session.epoch,
                    rev=session.rev,
                )
            )
            found += [f"tab {tab.id}: {each}" for each in self._found]
        return found

    def _check_reports(self, server: Server) -> None:
        for report in server.reports:
            if not isinstance(report.error, Deliberate):
                self._errors.append(f"the server reports {report.where}: {report.error!r}")

    def _check_events(self) -> None:
        """Every event took effect once, or was visibly rejected."""
        assert self.server is not None
        self._check_reports(self.server)
        wrong = self._errors
        runs: dict[tuple[str, int], list[tuple[str, str]]] = {}
        for run in self.book.runs():
            runs.setdefault((run.instance, run.cseq), []).append((run.label, run.value))
        for twice, times in Counter(self.book.tries).items():
            if times > 1:
                wrong.append(f"a session was asked {times} times to run event {twice[2]} of {twice[1]}")
        for tab in self.tabs:
            numbers: set[int] = set()
            for end in tab.ends:
                cseq, label = end["cseq"], end["label"]
                effects = runs.get((tab.instance, cseq), []) if cseq else []
                at_least, at_most = _effects(end, is_loaded=tab.is_loaded)
                where = f"tab {tab.id}: event {cseq} ({label}, {end['end']})"
                if not at_least <= len(effects) <= at_most:
                    wrong.append(f"{where} took effect {len(effects)} times")
                value = end["value"] if label == "text" else ""
                if any(effect != (label, value) for effect in effects):
                    wrong.append(f"{where} took effect as {effects}")
                if cseq in numbers:
                    wrong.append(f"{where} has a number that another event had")
                numbers |= {cseq} - {0}
            if tab.is_loaded and (stray := {n for (who, n) in runs if who == tab.instance} - numbers):
                wrong.append(f"tab {tab.id}: nobody made the events {sorted(stray)}")


def _told(data: str) -> str:
    """Return what a message says, short, for people."""
    return " ".join(_short(each) for each in protocol.decode(base64.b64decode(data), 1 << 24)) or "a sign"


def _short(message: protocol.Message) -> str:
    fields = {name: getattr(message, name) for name in message.__dataclass_fields__}
    shown = [f"{name}={value!r:.40}" for name, value in fields.items() if name in _SHOWN]
    return f"{type(message).__name__}({', '.join(shown)})"


async def _call(act: Callable[[], object]) -> None:
    act()


def _effects(end: dict[str, Any], *, is_loaded: bool) -> tuple[int, int]:
    """Return how many effects an event must and may have, by what the page was told.

    What no page may be told has none that would be right: at least 1, at most 0.
    """
    label, fate = end["label"], end["end"]
    match fate:
        case "done" if label == "text":
            return 0, 1  # of several that wait behind a handler the newest counts
        case "done":
            return 1, 1
        case "open" if not is_loaded:
            return 0, 1
        case "HandlerFailed" if label == "fail":
            return 1, 1
        case "HandlerNotFound" if label.startswith("row-"):
            return 0, 0
        case "rejected" if not end["action"]:
            return 0, 1
        case "superseded" if label in ("text", "dropped"):
            return 0, 0
        case "refused offline" | "refused QueueFull":
            return 0, 0
    return 1, 0


_FAULTS: list[Callable[[World], bool]] = [
    *(World._cut, World._cut, World._cut, World._break, World._break, World._silence, World._silence),
    *(World._hold, World._hold, World._lose, World._lose, World._refuse, World._restart, World._jump),
    *(World._jump, World._hide, World._freeze, World._leave, World._duplicate),
]
