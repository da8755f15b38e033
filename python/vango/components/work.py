"""What one view has to do before its page is true again.

Invariants maintained here:
- a scope is rendered at most once a round, parents before children;
- what left the page is disposed after the engine has accepted the new one, children first;
- user code that raises never gets through to the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING

from vango._core import VNode
from vango.components.host import Host
from vango.reactive.tracking import CONTAINED, MAX_ROUNDS, CycleError

if TYPE_CHECKING:
    from vango.components.scope import Scope
    from vango.components.timers import Interval

_depth = attrgetter("depth")


class Work:
    """The to-do list that all scopes of a view share."""

    __slots__ = (
        "_awake",
        "_blamed",
        "_dirty",
        "_next_place",
        "changed",
        "hidden",
        "host",
        "intervals",
        "live",
        "make_slot",
        "places",
        "rendered",
        "rendering",
        "vanished",
    )

    def __init__(self, host: Host, make_slot: Callable[[Scope, object, str | None], Scope]) -> None:
        """Prepare the work of one view.

        Args:
            host: Its session.
            make_slot: Makes the scope of a signal, memo or function at a place, given its parent,
                what stands there, and the attribute's name if it is one.
        """
        self.host = host
        self.make_slot = make_slot
        self._dirty: list[Scope] = []
        self._awake = False
        self._blamed: tuple[BaseException, str] | None = None
        self._next_place = 0
        self.rendering = False
        self.live = False  # a browser is there: timers may run
        self.hidden = 0  # subtrees that a fallback stands for
        self.places: dict[int, Scope] = {}  # those that may hold handlers
        self.changed: dict[Scope, None] = {}
        self.rendered: list[Scope] = []  # with state to commit
        self.vanished: list[Scope] = []
        self.intervals: dict[Interval, None] = {}

    @property
    def dirty(self) -> bool:
        """Whether a render is due."""
        return bool(self._dirty)

    def new_place(self) -> int:
        """Return a place number; none is given twice."""
        place = self._next_place
        self._next_place += 1
        return place

    def mark(self, scope: Scope) -> None:
        """Render `scope` in the next flush, or in the one that is going on."""
        self._dirty.append(scope)
        if not self.rendering:
            self.wake()

    def wake(self) -> None:
        """Ask the host for a flush, once."""
        if not self._awake:
            self._awake = True
            self.host.wake()

    def blame(self, scope: Scope, error: BaseException) -> None:
        """Note in whose code an error began, on its way to the boundary that reports it."""
        self._blamed = error, scope.name

    def culprit(self, error: BaseException) -> str | None:
        """Return the name of the scope in whose code an error began, once."""
        blamed, self._blamed = self._blamed, None
        return blamed[1] if blamed is not None and blamed[0] is error else None

    def report(self, error: BaseException, where: str) -> str:
        """Tell the host of an error; return its reference, "" if even that fails."""
        try:
            return self.host.report(error, where)
        except CONTAINED:  # an error handler that raises must not take the session with it
            return ""

    def render(self) -> None:
        """Render what is dirty until nothing is, parents before children.

        Scopes that never settle fail, each to its boundary.
        """
        self._awake = False
        if not self._settles():
            self._stop_endless()
            if not self._settles():
                for scope in self._take():
                    scope.give_up()  # a fallback that does not settle either: what it shows now stays

    def _stop_endless(self) -> None:
        """Fail the scopes that never settle; what is below them waits for what becomes of them."""
        failing: set[Scope] = set()
        for scope in self._take():
            if any(above in failing for above in scope.above()):
                self._dirty.append(scope)
            else:
                failing.add(scope)
                scope.fail(CycleError(_endless(scope.name)))

    def _settles(self) -> bool:
        for _ in range(MAX_ROUNDS):
            scopes = self._take()
            if not scopes:
                return True
            for scope in scopes:
                if scope.is_due:
                    scope.refresh()
        return not self._dirty

    def _take(self) -> list[Scope]:
        scopes, self._dirty = self._dirty, []
        if len(scopes) > 1:
            scopes.sort(key=_depth)
        return [scope for scope in scopes if scope.is_due]

    def updates(self) -> list[tuple[int, VNode | str | None, list[int]]]:
        """Take what `Tree.flush` has to know, parents before children."""
        scopes = list(self.changed)
        self.changed = {}
        if len(scopes) > 1:
            scopes.sort(key=_depth)
        return [scope.update for scope in scopes if not (scope.is_gone or (self.hidden and scope.is_hidden))]

    def commit(self) -> None:
        """Dispose what left, and start the effects of what came. The engine has accepted the page."""
        rendered, self.rendered = self.rendered, []
        vanished, self.vanished = self.vanished, []
        for scope in vanished:
            scope.dispose()
        for scope in rendered:
            if not scope.is_gone:
                scope.commit()

    def go_live(self) -> None:
        """Start the timers: a browser is there."""
        if not self.live:
            self.live = True
            for interval in tuple(self.intervals):
                interval.start()

    def drop(self) -> None:
        """Forget everything."""
        self._dirty = []
        self.changed = {}
        self.rendered = []
        self.vanished = []


def _endless(name: str) -> str:
    return (
        f"{name} was rendered {MAX_ROUNDS} times in one flush, because each render writes what it reads; "
        "write in a handler or an effect, or compute the value with memo()"
    )
