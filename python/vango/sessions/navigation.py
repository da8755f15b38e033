"""Navigation: a session goes from page to page without a load (PROTOCOL 3.22).

    - A client asks by an event of kind 33, code of the page by `navigate()`: either is a `Trip`.
    - The `Navigator`, which the application gives, says what an address shows; it asks the gate.
    - The page is rendered where the old one was, and the burst waits until its data is there, for as long as
      the first paint would; then one burst changes the document and the address.

Invariants:
    - The newest trip wins: one before it that has not arrived changes nothing.
    - Whatever a client asked for is answered, or superseded by what the same client asked for later; the
      answer begins with the address as it was asked for, and what that was redirected to follows.
    - `Session.path` is that of the page which is rendered, and a client that has not got it yet may still
      name the one before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qsl, unquote, urlencode, urljoin

from anyio import CancelScope

from vango.errors import ProtocolError, RedirectLoop
from vango.events import Navigate, decode_event
from vango.protocol import Event
from vango.sessions.ahead import Ahead, Arrival, Awaited, Place

if TYPE_CHECKING:
    from vango.guards import Outcome
    from vango.routing.routes import Match
    from vango.sessions.session import Session

__all__ = ["NAVIGATE", "Elsewhere", "Found", "Moved", "Navigation", "Navigator", "Shown", "Turned"]

NAVIGATE = 33

# How an address is taken: by NAV, and with `_AHEAD`, as an event asks for it.
_PUSH, _REPLACE, _LOAD, _AHEAD = 0, 1, 2, 3
_KEEP = 4

_MAX_REDIRECTS = 10
_MAX_LEFT = 16  # pages of which a client may not know that it has left them


@dataclass(frozen=True, slots=True)
class Shown:
    """A page that this session may show.

    Attributes:
        enter: Makes the session show it; called once, as a stretch.
        place: What it is, where it can be rendered before somebody goes there.
    """

    enter: Callable[[], object]
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """Another address is to be asked for, of this application."""

    to: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Nothing that a session can show: the browser is to load it, and sees what there is."""

    to: str


Found = Shown | Moved | Elsewhere


@dataclass(frozen=True, slots=True)
class Turned:
    """What becomes of a page whose body has said that there is none.

    Attributes:
        to: Where it leads, `None` for nowhere.
        instead: What shows in its place.
        outcome: What the body said.
    """

    to: str | None
    instead: Match
    outcome: Outcome


class Navigator(Protocol):
    """What an application knows of its addresses."""

    async def find(self, session: Session, address: str) -> Found:
        """Return what an address shows to whoever looks at this session.

        Args:
            session: Who asks.
            address: Path and query as the address bar would have them, not checked in any way.
        """

    def turn(self, session: Session, outcome: Outcome) -> Turned:
        """Return what becomes of the page of a session whose body has raised an outcome."""

    def check(self, session: Session, to: str) -> str:
        """Return what `navigate(to)` leads to: a local address with its fragment, or another origin's.

        Raises:
            ValueError: It leads to where this application sends nobody.
        """


class Trip:
    """One navigation, until it has arrived or another one takes its place."""

    __slots__ = ("address", "answers", "cseq", "is_started", "mode", "scope")

    def __init__(self, address: str, mode: int, cseq: int, answers: tuple[int, str] | None) -> None:
        self.address = address
        self.mode = mode
        self.cseq = cseq
        self.answers = answers  # what a client asked for and was not told yet
        self.scope = CancelScope()
        self.is_started = False


class Navigation:
    """Where one session goes.

    Attributes:
        holds: Whether a page has been rendered that is not to be seen yet: nothing is sealed meanwhile.
    """

    __slots__ = ("_ahead", "_forget", "_left", "_said", "_session", "_trip", "_turned", "holds")

    def __init__(self, session: Session) -> None:
        self._session = session
        self._trip: Trip | None = None
        self._ahead: Ahead | None = None
        self._turned: Turned | None = None  # what the page that is gone to has turned out to be
        self._left: list[tuple[int, str]] = []
        self._said: tuple[dict[str, list[str]], bool] | None = (
            None  # what the query is to say, whether pushed
        )
        self._forget: Callable[[], None] | None = None
        self.holds = False

    def ask(self, event: Event) -> None:
        """Take an event of kind 33, which the ledger has taken; it is finished when it has been answered."""
        session = self._session
        if session.registry.navigator is None:
            session.finish(event.cseq, "HandlerNotFound")
            return
        try:
            asked = decode_event(event.kind, event.payload)
            assert isinstance(asked, Navigate)
            too_long = len(asked.path.encode()) > session.limits.path_bytes
            if asked.mode > _AHEAD or too_long or not asked.path.startswith("/"):
                raise ProtocolError(0, "there is no such navigation")
        except ProtocolError as error:
            details = json.dumps({"offset": error.offset, "reason": error.reason})
            session.finish(event.cseq, "Validation", details)
            return
        if asked.mode == _AHEAD:
            session.finish(event.cseq)
            if session.registry.ahead.is_on:
                if self._ahead is None:
                    self._ahead = Ahead(session)
                self._ahead.ask(asked.path, self._place)
            return
        # The client has gone through its history by itself already: its present entry is the one to name.
        mode = _REPLACE if asked.mode == _LOAD else asked.mode
        self._begin(Trip(asked.path, mode, event.cseq, (mode, asked.path)))

    def go(self, address: str, *, replace: bool, scroll: bool) -> None:
        """Go to an address of the application: what code of the page asks for."""
        mode = (_REPLACE if replace else _PUSH) | (0 if scroll else _KEEP)
        self._begin(Trip(address, mode, 0, None))

    def leave(self, address: str) -> None:
        """Let the browser load what lies elsewhere."""
        self._supersede()
        self.holds = False
        self._session.outbox.nav(_LOAD, address)
        self._session.wake()

    def turn(self, turned: Turned) -> None:
        """The page that shows, or is gone to, has said that it is none."""
        if self.holds and self._trip is not None:
            self._turned = self._turned or turned
        elif turned.to is not None and turned.to.startswith("/"):
            self.go(turned.to, replace=True, scroll=True)
        elif turned.to is not None:
            self.leave(turned.to)

    def say(self, name: str, texts: list[str], *, push: bool, after_s: float) -> None:
        """Let the query of the page say something else soon, together with what else it is to say then."""
        said, pushes = self._said or ({}, False)
        self._said = {**said, name: texts}, pushes or push
        if self._forget is not None:
            self._forget()
        self._forget = self._session.after(after_s, self._say)

    def _say(self) -> None:
        said, self._said, self._forget = self._said, None, None
        if said is None:
            return
        changes, push = said
        address, trip = self._session.path, self._trip
        if trip is not None and trip.mode & _KEEP and _same_page(trip.address, address):
            # What it would have said goes with this one.
            address, push = trip.address, push or trip.mode == _PUSH | _KEEP
        self.go(with_query(address, changes), replace=not push, scroll=False)

    def shows(self, path: str, rev: int) -> bool:
        """Tell whether a client that has the burst `rev` may say that it is at `path`."""
        known = [self._session.path, *(left for after, left in self._left if after > rev)]
        return unquote(path) in map(unquote, known)

    def connected(self) -> None:
        """The first connection is there: what the page asked for while it was painted begins."""
        if self._trip is not None and not self._trip.is_started:
            self._start(self._trip)

    def disconnected(self) -> None:
        """Nobody looks at the page, so nobody goes anywhere soon."""
        if self._ahead is not None:
            self._ahead.clear()

    def close(self) -> None:
        """The session has ended."""
        self.disconnected()
        if self._trip is not None:
            self._trip.scope.cancel()

    def _begin(self, trip: Trip) -> None:
        if trip.answers is None:
            trip.answers = self._trip.answers if self._trip is not None else None
        self._supersede()
        self._trip = trip
        session = self._session
        if not _same_page(trip.address, session.path):
            self._said = None  # that was the query of a page which is left
        # A page that is being painted is served at the address that was asked for.
        if session.paint is None or session.attachment is not None:
            self._start(trip)

    def _supersede(self) -> None:
        trip, self._trip = self._trip, None
        if trip is not None:
            trip.scope.cancel()
            if trip.cseq:
                self._session.finish(trip.cseq)

    def _start(self, trip: Trip) -> None:
        trip.is_started = True
        session = self._session
        session.within(lambda: session.registry.tasks.start_soon(self._run, trip))

    async def _run(self, trip: Trip) -> None:
        session = self._session
        with trip.scope:
            try:
                chain = [trip.address]
                while True:
                    found = await self._find(chain)
                    while (gate := session.gate) is not None:
                        await gate.wait()
                    if self._trip is not trip:
                        return  # superseded, and not yet anywhere where that is felt
                    if isinstance(found, Elsewhere):
                        self._load(trip, found.to)
                        return
                    to = await self._show(trip, found, chain[-1])
                    if to is None:
                        return
                    _extend(chain, to)
            except RedirectLoop as error:
                self._end(trip)
                session.fail_event(trip.cseq, error, "a navigation")
            except Exception as error:
                session.report(error, f"going to {trip.address}")
                self._load(trip, trip.address)

    async def _place(self, address: str) -> Place | None:
        """Return the page that an address shows, if it can be rendered ahead."""
        found = await self._find([address])
        return found.place if isinstance(found, Shown) else None

    async def _find(self, chain: list[str]) -> Shown | Elsewhere:
        """Return what the last address of a chain shows; those to which it is redirected join the chain."""
        session = self._session
        navigator = session.registry.navigator
        assert navigator is not None
        while True:
            found = await navigator.find(session, chain[-1].partition("#")[0])
            if not isinstance(found, Moved):
                return found
            _extend(chain, found.to)

    async def _show(self, trip: Trip, found: Shown, address: str) -> str | None:
        """Show a page and arrive there; return where it leads to instead, if it does."""
        session = self._session
        self._left = [*self._left, (session.outbox.rev + 1, session.path)][-_MAX_LEFT:]
        page = self._ahead.take(trip.address, found.place) if self._ahead is not None else None
        paint: Arrival | None = None
        if session.attachment is not None:
            self.holds = True
            session.paint = paint = page or Arrival(session)
        session.inbox.call(_enter, (found, page), f"going to {address}")
        session.request = session.request.at(address.partition("#")[0])
        if paint is not None:
            await paint.finish()
        if self._trip is not trip:  # an effect of the page leads on
            return None
        turned, self._turned = self._turned, None
        if turned is None:
            self._arrive(trip, address)
        elif turned.to is not None and turned.to.startswith("/"):
            return turned.to
        else:  # a request for it has the right status, or leads to another origin
            self._load(trip, address)
        return None

    def _arrive(self, trip: Trip, address: str) -> None:
        """The page is there: say so in the burst that shows it."""
        session = self._session
        keep = trip.mode & _KEEP
        if trip.answers is None:
            says = [(trip.mode, address)]
        elif trip.answers[1] == address:
            says = [trip.answers]
        else:
            says = [trip.answers, (_REPLACE | keep, address)]
        is_told = all(session.outbox.nav(mode, path) for mode, path in says)
        if self._ahead is not None:
            self._ahead.prune()
        self._end(trip)
        if trip.cseq:
            # A client that has not acknowledged 64 of these loads the page.
            session.finish(trip.cseq, "" if is_told else "QueueFull")
        session.wake()

    def _load(self, trip: Trip, to: str) -> None:
        """Let the browser load a page that cannot be shown here."""
        session = self._session
        # It knows its own question by its address.
        asked = trip.answers[1] if trip.answers is not None else to
        session.outbox.nav(_LOAD, asked if trip.cseq else to)
        self._end(trip)
        if trip.cseq:
            session.finish(trip.cseq)
        session.wake()

    def _end(self, trip: Trip) -> None:
        if self._trip is trip:
            self._trip = None
        self.holds = False
        self._session.wake()


def _extend(chain: list[str], to: str) -> None:
    """Join a redirect to the addresses before, as a browser does."""
    path, mark, fragment = chain[-1].partition("#")
    to = urljoin(path, to)
    chain.append(to if "#" in to else to + mark + fragment)
    if len(chain) > _MAX_REDIRECTS + 1:
        raise RedirectLoop(chain)


def _enter(found: Shown, page: Awaited | None) -> None:
    if page is not None and page.branch is not None:
        page.is_ahead = False
        page.branch.take()
    found.enter()


def with_query(address: str, changes: Mapping[str, list[str]]) -> str:
    """Return an address with other values of these parameters, in the place of those it had."""
    path, _, query = address.partition("?")
    kept = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] not in changes]
    pairs = kept + [(name, text) for name, texts in changes.items() for text in texts]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _same_page(one: str, other: str) -> bool:
    return one.partition("?")[0] == other.partition("?")[0]
