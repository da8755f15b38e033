"""One seed: everything that happens, drawn from it."""

from __future__ import annotations

import base64
import math
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any, Literal
from unittest import mock

from starlette.responses import Response

from vango import protocol
from vango.limits import Limits

from . import faults
from .agenda import Agenda, QuietLoop
from .board import Board, Book
from .browsers import Browsers
from .exchange import Exchange, Fate
from .network import Line
from .proof import Proof
from .server import Server

__all__ = ["EVENTS", "FAULTS", "Tab", "World", "replay"]

EVENTS = 200
FAULTS = 20
_CALM_S = 300.0
"""So long after the last fault all must be well."""
_SHOWN = {
    *("epoch", "rev", "base", "ack", "cseq", "error", "settled", "last", "mode", "hid", "kind", "flags"),
    *("action", "session"),
}
Block = Literal["refuses", "hangs", "mute"]
"""How no socket gets through: its upgrade is refused, or never answered, or nothing is carried after it."""


@dataclass
class Tab:
    """A loaded page.

    Attributes:
        id: Its number among all.
        instance: What its client calls itself.
        named: The session that its page was served for.
        served: What it was loaded from, for a tab that is duplicated.
        skew_s: By how much its clock is ahead.
        deadline_ms: When its client wants to be woken, by its own clock.
        lines: Its sockets, by the number of the link.
        exchanges: Its requests, by their number.
        fates: What is to become of its next requests.
        ways: By what its links connect, by their number.
        ends: What became of its events.
        is_loaded: It was neither closed nor loaded again.
    """

    id: int
    instance: str
    named: str
    served: dict[str, Any]
    skew_s: float = 0.0
    deadline_ms: float = math.inf
    lines: dict[int, Line] = field(default_factory=dict)
    exchanges: dict[int, Exchange] = field(default_factory=dict)
    fates: deque[Fate] = field(default_factory=deque)
    ways: list[str] = field(default_factory=list)
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
        proof: What was found not to be as it must.
        trace: What happened, line by line, if that is wanted.
        tabs: All pages that were ever loaded.
        server: The server that is there, if one is.
    """

    def __init__(self, seed: int, browsers: Browsers, loop: QuietLoop, *, traces: bool = False) -> None:
        """Prepare; `traces` fills `trace`."""
        rng = self.rng = Random(seed)
        self.browsers = browsers
        self.agenda = Agenda()
        self.book = Book()
        self.proof = Proof(self.book)
        self.faults: Counter[str] = Counter()
        self.events = 0
        self.trace: list[str] = []
        self.tabs: list[Tab] = []
        self.server: Server | None = None
        self.limits = Limits(
            window_bytes=rng.choice((700, 32 * 1024)),
            unsettled_events=rng.choice((8, 256)),
            resume_s=rng.choice((20.0, 300.0)),
            ring_bursts=rng.choice((0, 3, 100)),
            part_bytes=rng.choice((40, 120, 256 * 1024)),
        )
        self.delay_s = rng.choice((0.005, 0.05, 0.2, 1.0))
        self.blocked_until, self.block = rng.choice((0.0, 0.0, 0.0, 90.0, math.inf)), _any_block(rng)
        self.refusing_until = 0.0
        self._traces = traces
        self._loop = loop
        self._names = Random(rng.random())
        self._heard: list[tuple[str, str]] | None = None

    # Time

    def run(self) -> None:
        """Live through the seed.

        Raises:
            BrokenInvariantError: An invariant does not hold.
        """
        with mock.patch("secrets.token_urlsafe", self._name), mock.patch("secrets.token_hex", self._name):
            self.browsers.tell("begin")
            self._loop.set_exception_handler(self._on_error)
            try:
                self._do(self.begin)
                for _ in range(self.rng.randrange(2, 5)):
                    self._do(self.open_tab)
                while self.events < EVENTS or self.faults.total() < FAULTS:
                    self._do(self._step)
                    self._pass(self._pause())
                self._calm_down()
                self._do(self._check)
            finally:
                if self.server is not None:
                    self._loop.create_task(_call(self.server.stop))
                    self._loop.settle()
                self.book.db.close()
        self.proof.check()

    def _pass(self, seconds: float) -> None:
        """Let time pass, and happen what is due meanwhile."""
        end = self.agenda.now + seconds
        while True:
            who: Tab | Server | None = None
            when = self.agenda.next
            if self.server is not None and self.server.clock.due < when:
                when, who = self.server.clock.due, self.server
            for tab in self.tabs:
                if tab.due < when:
                    when, who = tab.due, tab
            if when > end:
                break
            self.agenda.now = max(self.agenda.now, when)
            if who is None:
                self._do(self.agenda.pop())
            elif isinstance(who, Tab):
                self._do(partial(self._tick, who))
            else:
                self._do(who.clock.deadlines.pop())
        self.agenda.now = end

    def _do(self, act: Callable[[], object]) -> None:
        """Let something happen, and what follows at once."""
        task = self._loop.create_task(_call(act))
        self._loop.settle()
        task.result()
        self.proof.check()

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """Let something happen later."""
        self.agenda.at(self.agenda.now + seconds, act)

    def _on_error(self, loop: object, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self.proof.broken("sound", f"{context['message']}: {error!r}")
        if isinstance(error, BaseException):
            raise error

    def note(self, *what: object) -> None:
        """Tell the trace what happens; messages are told by what they say."""
        if self._traces:
            words = (_told(each) if isinstance(each, list) else str(each) for each in what)
            self.trace.append(f"{self.agenda.now:9.3f} " + " ".join(words))

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
            fault = rng.choice(faults.ALL)
            if fault(self):
                self.note("fault:", fault.__name__)
                self.faults[fault.__name__] += 1
        elif fate < 0.28:
            self.book.news.set(f"news {rng.randrange(100)}")
        elif fate < 0.38:
            self._compare(rng.choice(self.tabs), final=False)
        else:
            tab = rng.choice([tab for tab in self.tabs if tab.is_loaded])
            for _ in range(rng.choice((1, 1, 1, 2, 3, 12))):
                text = f"text {next(self.book.names)}"
                self.events += 1
                self.tell(tab, "act", where=rng.random(), text=text)

    # Servers

    def begin(self) -> None:
        """A server begins."""
        self.note("a server begins")
        self.server = Server(self.agenda, self._loop, self.limits, partial(Board, self.book))

    def end(self, server: Server, told: float) -> None:
        """A server ends, and another one begins; `told` is the chance that a connection learns of it."""
        self.note("the server ends")
        self.server = None
        for line in server.lines:
            line.die(told=self.rng.random() < told)
        for tab in self.tabs:
            for exchange in tab.exchanges.values():
                exchange.break_(told=self.rng.random() < told)
        server.stop()
        self.proof.check_reports(server.reports)
        self.after(self.rng.choice((0.0, 1.0, 8.0)), self.begin)

    @property
    def reachable(self) -> Server | None:
        """The server, for who knocks now."""
        return self.server if self.agenda.now >= self.refusing_until else None

    # Pages

    def open_tab(self, served: dict[str, Any] | None = None) -> bool:
        """Load a page, or duplicate one; False if there is no server."""
        if served is None:
            if self.server is None:
                return False
            served = self.server.serve_page()
        tab = Tab(len(self.tabs), f"{self.rng.getrandbits(128):032x}", served["meta"]["session"], served)
        self.tabs.append(tab)
        seed, inflates = self.rng.getrandbits(31), self.rng.random() < 0.8
        html = served["html"] if self.rng.random() < 0.85 else _altered(served["html"], self.rng)
        self.tell(
            tab, "load", instance=tab.instance, seed=seed, inflates=inflates, **{**served, "html": html}
        )
        self.tell(tab, "start")
        self.after(self.rng.choice((0.0, 0.1, 3.0)), lambda: self.tell(tab, "complete"))
        return True

    def close_tab(self, tab: Tab) -> None:
        """A page goes away: what it has not settled is lost with it."""
        self.tell(tab, "leave")
        self.tell(tab, "ends")
        tab.is_loaded = False
        for exchange in tab.exchanges.values():
            exchange.abort()

    def _tick(self, tab: Tab) -> None:
        self.tell(tab, "tick", late=tab.deadline_ms)

    def tell(self, tab: Tab, does: str, late: float = 0.0, **rest: Any) -> None:
        """Let something happen to a page, and carry out what its client wants."""
        if not tab.is_loaded:
            return
        at = max(1000 * (self.agenda.now + tab.skew_s), late)
        if does not in ("tick", "load", "compare", "received", "answered"):
            self.note(f"tab {tab.id}", does, *rest.values())
        for kind, *said in self.browsers.tell(does, tab.id, at, **rest):
            getattr(self, f"_on_{kind}")(tab, *said)

    def _on_deadline(self, tab: Tab, deadline_ms: float | None) -> None:
        tab.deadline_ms = math.inf if deadline_ms is None else deadline_ms

    def _on_state(self, tab: Tab, state: str, offline: bool) -> None:
        self.note(f"tab {tab.id}: state", state, offline)
        self.proof.state(tab.id, state)

    def _on_told(self, tab: Tab, kind: str, message: str) -> None:
        self.note(f"tab {tab.id} is told", kind, message)
        self.proof.told(tab.id, kind, message)

    def _on_reload(self, tab: Tab, reason: str) -> None:
        self.proof.broken("told", f"tab {tab.id} was to be loaded again: {reason}")

    def _on_rejected(self, tab: Tab, count: int) -> None:
        """The events themselves say so."""

    def _on_failed(self, tab: Tab, cseq: int, kind: str) -> None:
        """What becomes of an event is asked for at the end."""
        self.note(f"tab {tab.id}: event", cseq, kind)

    def _on_met(self, tab: Tab, what: str) -> None:
        self.proof.met[what] += 1

    def _on_reused(self, tab: Tab, hids: list[int]) -> None:
        self.proof.broken("hids", f"tab {tab.id} has seen hids {hids} come back")

    def _on_unshown(self, tab: Tab, cseq: int, label: str, shown: int) -> None:
        if any(line.up.lossy or line.down.lossy for line in tab.lines.values()):
            return  # the effect may be in a burst that was lost
        self.proof.broken("shown", f"tab {tab.id} shows {shown} when event {cseq} ({label}) is settled")

    def _on_ends(self, tab: Tab, ends: list[dict[str, Any]]) -> None:
        tab.ends = ends

    def _on_contradicted(self, tab: Tab, cseq: int, was: str, now: str) -> None:
        self.proof.broken("told", f"tab {tab.id} was told {was} of event {cseq}, and now {now}")

    def _on_differs(self, tab: Tab, found: list[tuple[str, str]]) -> None:
        self._heard = found

    def _on_inflating(self, tab: Tab) -> None:
        self.after(self.rng.choice((0.0, 0.0, 0.02, 0.6)), lambda: self.tell(tab, "inflated"))

    # Connections

    def _on_open(self, tab: Tab, link: int, way: str) -> None:
        self.note(f"tab {tab.id}: opens", link, way)
        if "http" in tab.ways and way == "websocket":
            self.proof.met["a socket after HTTP"] += 1
        self.proof.met[f"open {way}"] += 1
        tab.ways.append(way)
        if way == "http":
            return

        def received(data: bytes) -> None:
            self.note(f"tab {tab.id} hears on", link, self.proof.heard(data))
            self.tell(tab, "received", link=link, data=_text(data))
            if self.rng.random() < 0.1:
                self._compare(tab, final=False)

        def closed(code: int | None) -> None:
            self.tell(tab, "closed", link=link, code=code)

        delay_s = self.delay_s * self.rng.choice((0.5, 1, 2))
        line = tab.lines[link] = Line(self.agenda, self.rng, delay_s, received, closed)
        self.after(self.rng.expovariate(1 / delay_s), lambda: self._accept(tab, link, line))

    def _accept(self, tab: Tab, link: int, line: Line) -> None:
        block = self.block if self.agenda.now < self.blocked_until else None
        if block == "hangs" or not line.is_open:
            return
        server = self.reachable
        if server is None or block == "refuses" or not server.connect(line):
            line.die(told=True)
            return
        if block == "mute":
            line.up.silent = line.down.silent = True
        self.tell(tab, "opened", link=link)

    def _on_send(self, tab: Tab, link: int, data: str) -> None:
        frames = base64.b64decode(data)
        self.note(f"tab {tab.id} says on", link, self.proof.said(tab.instance, frames))
        tab.lines[link].send_up(frames)

    def _on_close(self, tab: Tab, link: int) -> None:
        self.note(f"tab {tab.id}: closes", link)
        tab.lines[link].close_up()

    def _on_fetch(self, tab: Tab, n: int, headers: dict[str, str], data: str, last: bool) -> None:
        body = base64.b64decode(data)
        fate = tab.fates.popleft() if tab.fates else ""
        request = headers.get("Vango-Request", "")
        self.note(f"tab {tab.id} asks", n, f"({request})", fate, self.proof.said(tab.instance, body))
        self.proof.met[f"request {fate}".rstrip()] += 1
        server = self.server

        def answered(response: Response, size: int) -> None:
            self.note(f"tab {tab.id} is answered", n, response.status_code, _read(response))
            whole = size < 0 or size == len(response.body)
            answer = {"status": response.status_code, "headers": dict(response.headers), "whole": whole}
            self.tell(tab, "answered", request=n, body=_text(bytes(response.body)), **answer)

        def seen(response: Response) -> None:
            self.proof.answered(server, request, response)

        exchange = Exchange(
            *(self.agenda, self.rng, self.delay_s, headers, body, fate),
            answered=answered,
            failed=lambda: self.tell(tab, "failed", request=n),
            seen=seen,
        )
        tab.exchanges[n] = exchange
        exchange.send(lambda: self.reachable)

    def _on_abort(self, tab: Tab, n: int) -> None:
        self.note(f"tab {tab.id} gives up request", n)
        tab.exchanges[n].abort()

    def _on_hears(self, tab: Tab, link: int, data: str) -> None:
        self.note(f"tab {tab.id} hears on", link, self.proof.heard(base64.b64decode(data)))

    # What must be true

    def _calm_down(self) -> None:
        """End all faults, and wait until each page shows its session's tree."""
        self.note("from here on all is well")
        self.refusing_until = 0.0
        if self.blocked_until < math.inf:
            self.blocked_until = 0.0
        self.delay_s = min(self.delay_s, 0.02)  # over HTTP the smallest parts take a way each
        self._pass(10)
        for tab in self.tabs:
            tab.fates.clear()
            for line in tab.lines.values():
                line.calm()
            self._do(partial(self.tell, tab, "show", hidden=False))
        end = self.agenda.now + _CALM_S
        self._pass(20)
        while (differences := self._differences()) and self.agenda.now < end:
            self._pass(4.1)
        for invariant, what in differences:
            self.proof.broken(invariant, what)

    def _differences(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for tab in self.tabs:
            if tab.is_loaded:
                found += self._compare(tab, final=True)
        return found

    def _compare(self, tab: Tab, *, final: bool) -> list[tuple[str, str]]:
        """Return how a page differs from the tree of its session; `final`: it may not be behind either."""
        session = self.server and self.server.registry.find(tab.named, tab.instance)
        if not session or session.instance != tab.instance:
            return [("same", f"tab {tab.id} has no session")]
        if not final and (session.view.dirty or session.outbox.is_pending):
            return []
        self._heard = None
        about = {"session": session.id, "epoch": session.epoch, "rev": session.rev, "final": final}
        tree = _text(session.view.tree.snapshot())
        tell = partial(self.tell, tab, "compare", snapshot=tree, **about)
        if final:
            self._do(tell)
            return [(invariant, f"tab {tab.id}: {what}") for invariant, what in self._heard or ()]
        tell()
        if self._heard is not None:
            self.proof.met["compared on the way"] += 1
            for invariant, what in self._heard:
                self.proof.broken(invariant, f"tab {tab.id}: {what}")
        return []

    def _check(self) -> None:
        assert self.server is not None
        self.proof.check_reports(self.server.reports)
        self.proof.check_tries()
        for tab in self.tabs:
            self.tell(tab, "ends")
            self.proof.check_events(tab.id, tab.instance, tab.ends, is_loaded=tab.is_loaded)


def replay(seed: int) -> str:
    """Return what runs a seed again."""
    return f"run it again: make soak-simulation SEEDS=1 FROM={seed} TRACE=1"


def _any_block(rng: Random) -> Block:
    return rng.choice(("refuses", "hangs", "mute"))


def _altered(html: str, rng: Random) -> str:
    """Return a page as something on its way has written it: an element is gone, or one is there twice."""
    at = rng.choice([n for n in range(len(html)) if html.startswith("<button", n)])
    end = html.index("</button>", at) + len("</button>")
    return html[:at] + rng.choice(("", 2 * html[at:end])) + html[end:]


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _read(response: Response) -> list[protocol.Message]:
    is_ours = response.media_type == "application/vnd.vango"
    return protocol.decode(bytes(response.body), 1 << 24) if is_ours else []


def _told(messages: list[protocol.Message]) -> str:
    """Return what messages say, short, for people."""
    return " ".join(map(_short, messages)) or "a sign"


def _short(message: protocol.Message) -> str:
    fields = {name: getattr(message, name) for name in message.__dataclass_fields__}
    shown = [f"{name}={value!r:.40}" for name, value in fields.items() if name in _SHOWN]
    return f"{type(message).__name__}({', '.join(shown)})"


async def _call(act: Callable[[], object]) -> None:
    act()
