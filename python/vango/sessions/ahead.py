"""Pages that are rendered before somebody goes there (PROTOCOL 3.22, mode 3).

    - A client says where a person may go soon; the gate is asked as for a navigation, and what that page
      shows besides the layouts which are there is rendered aside.
    - A navigation to the same page asks the gate again, and shows what is there then.

Invariants:
    - Nobody sees or hears of it before: it only reads, it is in no burst, and an error of it is no report.
    - It is for the one who looked at the page then, with the data and cookies of then; for anybody else, and
      from anywhere else, it is as if it had never been.
    - How many there are, how long, how often and how many at once is bounded, for a session and for all.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anyio import CancelScope

from vango.components.aside import TooEarlyError
from vango.routing.branch import Branch
from vango.sessions.bucket import Bucket
from vango.sessions.paint import Paint

if TYPE_CHECKING:
    from vango.request import Request
    from vango.routing.site import Location
    from vango.sessions.session import Session

__all__ = ["Ahead", "Allowance", "Arrival", "Awaited", "Place", "page_ahead"]

log = logging.getLogger("vango")

_running: ContextVar[Awaited | None] = ContextVar("vango.sessions.ahead", default=None)

_MAX_TOLD = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A page that a session may show, and who asked for it.

    Attributes:
        location: The page.
        request: As the gate let it through.
    """

    location: Location
    request: Request

    def is_for(self, other: Place) -> bool:
        """Tell whether another one is the same page, for somebody of whom the same is known."""
        mine, others = self.request, other.request
        return (
            self.location == other.location
            and mine.user == others.user
            and mine.data == others.data
            and mine.cookies == others.cookies
        )


class Allowance:
    """What all sessions of a registry render ahead together.

    Attributes:
        is_on: Whether they do.
        under_way: How many pages of them are being rendered, or wait for their data.
    """

    __slots__ = ("_told", "is_on", "under_way")

    def __init__(self, *, is_on: bool = True) -> None:
        self.is_on = is_on
        self.under_way = 0
        self._told: set[str] = set()

    def tell(self, address: str, error: TooEarlyError) -> None:
        """Say once, for a developer, what keeps a page from being rendered ahead."""
        said = str(error)
        if said not in self._told and len(self._told) < _MAX_TOLD:
            self._told.add(said)
            log.warning("%s is not rendered ahead: %s", address, said)


class Arrival(Paint):
    """What a page that is gone to waits for; it is rendered into the burst that is to come."""

    __slots__ = ()

    def _paint(self) -> None:
        self._session.catch_up()


class Awaited(Arrival):
    """One page that is rendered aside, and the loads that it waits for.

    Attributes:
        address: Where it was asked for.
        place: What that has turned out to be, `None` before.
        branch: What is rendered of it, `None` before.
        is_ahead: Whether nobody has asked for it yet.
    """

    __slots__ = ("_forget", "_is_under_way", "_left", "_task", "address", "branch", "is_ahead", "place")

    def __init__(self, session: Session, address: str, left: Callable[[Awaited], object]) -> None:
        """Prepare; `left` is called when nobody will ask for it any more, or somebody has."""
        super().__init__(session)
        self.address = address
        self.place: Place | None = None
        self.branch: Branch | None = None
        self.is_ahead = True
        self._left = left
        self._task = CancelScope()
        self._is_under_way = True
        session.registry.ahead.under_way += 1
        self._forget = session.after(session.limits.prefetch_s, self.end)

    @property
    def is_under_way(self) -> bool:
        """Whether it is being rendered, or waits for data."""
        return self._is_under_way

    def is_of(self, session: Session) -> bool:
        """Tell whether it is that session's, and nobody has asked for it yet."""
        return self.is_ahead and self._session is session

    def one_is_over(self) -> None:
        """A load has ended, whatever came of it."""
        super().one_is_over()
        self._rest()

    async def run(self, find: Callable[[str], Awaitable[Place | None]]) -> None:
        """Ask for it and render it, in the time that there is."""
        session = self._session
        with self._task:
            try:
                with session.registry.clock.move_on_after(session.limits.prefetch_render_s):
                    place = await find(self.address)
                    while (gate := session.gate) is not None:
                        await gate.wait()
                    if place is not None:
                        session.inbox.call(self._mount, (place,), f"rendering {self.address} ahead")
            except Exception:
                log.debug("asking for %s ahead failed", self.address, exc_info=True)
            if self.branch is not None and self.branch.scope.is_ready:
                self._rest()
            else:
                self.end()

    def take(self) -> Branch | None:
        """Somebody goes there: return what there is, if it fits what they see now."""
        branch = self.branch
        if branch is None or not branch.fits:
            self.end()
            return None
        self._leave()
        return branch

    def end(self) -> None:
        """Let go of it."""
        self._task.cancel()
        if self.branch is not None:
            self.branch.end()
        self._leave()

    def _mount(self, place: Place) -> None:
        session = self._session
        if session.site is not None and not self._task.cancel_called:
            context = session.context.copy()
            context.run(_running.set, self)
            self.place = place
            self.branch = Branch.begin(session.site, place.location, context, self._ended)

    def _ended(self) -> None:
        """What was rendered of it has ended by itself, or its page was left."""
        error = self.branch.scope.failure if self.branch is not None else None
        if isinstance(error, TooEarlyError):
            self._session.registry.ahead.tell(self.address, error)
        self._leave()

    def _rest(self) -> None:
        if self._is_under_way and self.branch is not None and not self.waits:
            self._is_under_way = False
            self._session.registry.ahead.under_way -= 1

    def _leave(self) -> None:
        if self._is_under_way:
            self._is_under_way = False
            self._session.registry.ahead.under_way -= 1
        self._forget()
        self._left(self)


class Ahead:
    """The pages that one session has rendered ahead, the one that was asked for last at the end."""

    __slots__ = ("_bucket", "_pages", "_session")

    def __init__(self, session: Session) -> None:
        """Begin with none."""
        self._session = session
        self._pages: OrderedDict[str, Awaited] = OrderedDict()
        limits = session.limits
        burst = max(1, round(limits.prefetches_per_s))
        self._bucket = Bucket(limits.prefetches_per_s, burst, session.now())

    def __len__(self) -> int:
        return len(self._pages)

    def ask(self, address: str, find: Callable[[str], Awaitable[Place | None]]) -> None:
        """Somebody may go to an address soon; what is too much is not done.

        Args:
            address: Where.
            find: Asks the gate what it shows.
        """
        session, pages, limits = self._session, self._pages, self._session.limits
        if address in pages:
            pages.move_to_end(address)
            return
        registry = session.registry
        mine = sum(page.is_under_way for page in pages.values())
        if mine >= limits.prefetches or registry.ahead.under_way >= limits.prefetches_in_all:
            return
        if session.site is None or not self._bucket.take(session.now()):
            return
        if len(pages) >= limits.prefetch_pages:
            next(iter(pages.values())).end()
        pages[address] = page = Awaited(session, address, self._forget)
        session.within(lambda: registry.tasks.start_soon(page.run, find))

    def take(self, address: str, place: Place | None) -> Awaited | None:
        """Return what is there for a page that the gate has let through now, ready to be shown.

        Its `branch` is to be taken in the stretch in which the session goes there.
        """
        for page in list(self._pages.values()):
            if page.place is not None and place is not None and page.place.is_for(place):
                return page if page.take() is not None else None
            if page.address == address:
                page.end()
        return None

    def prune(self) -> None:
        """Another page shows: let go of what would part with that at another place."""
        for page in list(self._pages.values()):
            if page.branch is not None and not page.branch.fits:
                page.end()

    def clear(self) -> None:
        """Let go of all."""
        for page in list(self._pages.values()):
            page.end()

    def _forget(self, page: Awaited) -> None:
        if self._pages.get(page.address) is page:
            del self._pages[page.address]


def page_ahead(session: Session) -> Awaited | None:
    """Return the page of this session whose code runs before anybody has asked for it; `None` elsewhere."""
    page = _running.get()
    return page if page is not None and page.is_of(session) else None
