"""A page that is rendered before somebody goes there.

Invariants maintained here:
- it is rendered below the layouts that it would have in common with the page that is shown, as of then;
- its location is its own until it is taken, and from then on that of its site, for whoever has read it too;
- it is taken for the same location from the same place, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from typing import cast

from vango.components.aside import AsideScope
from vango.components.description import Description, Placed
from vango.reactive.signals import Memo, Signal
from vango.routing.routes import Step
from vango.routing.site import LevelScope, Location, Showing, Site, shown_at

__all__ = ["Branch"]


class Branch(Site):
    """What a site would show at another location, from where that parts with the present one.

    Attributes:
        at: That location.
        level: Where it parts.
        step: What it begins with there.
        scope: What is rendered of it.
    """

    __slots__ = ("_is_taken", "_of", "at", "level", "scope", "step")
    at: Location
    level: LevelScope
    step: Step
    scope: AsideScope
    _of: Site
    _is_taken: Signal[bool]

    @classmethod
    def begin(cls, site: Site, at: Location, context: Context, ended: Callable[[], object]) -> Branch | None:
        """Begin to render what another location would show; the next flush does it.

        Args:
            site: Where it would.
            at: The location.
            context: In which its code runs until it is taken.
            ended: Called at its end, taken or not.

        Returns:
            What `take` lets the site show; `None` where that location shows nothing else.
        """
        level = site.fork(at)
        if level is None:
            return None
        self = cls(at)
        depth = level.thing.depth
        self._of, self.at, self.level, self.step = site, at, level, at.match.steps[depth]
        self.turn = site.turn
        self._is_taken = taken = Signal(False)
        self.location = Whereabouts(site, lambda: site.location() if taken() else at)
        self.showing = Showing(site.showing.levels[: depth + 1])
        shown = cast("Description", shown_at(self, self.step, depth))

        def end() -> None:
            self._let_go()
            ended()

        self.scope = AsideScope(level, shown, context, end)
        level.ahead = (*level.ahead, self.scope)
        return self

    @property
    def fits(self) -> bool:
        """Whether what is shown now would part with it at the same place."""
        return self.scope.is_ready and self._of.fork(self.at) is self.level

    def take(self) -> None:
        """Be what the site shows when it goes to this location next, in this stretch."""
        showing = self._of.showing
        showing.levels = self.showing.levels
        showing.depth = self.showing.depth or showing.depth
        if showing.prepared is not None:
            showing.prepared.end()
        showing.prepared = self
        self.showing = showing
        self.scope.adopt()
        self._is_taken.set(True)

    def place(self) -> Placed:
        """Return what stands for it where it shows."""
        self._let_go()
        return Placed(self.scope)

    def end(self) -> None:
        """It is not wanted any more, or not from here."""
        self.scope.end()

    def _let_go(self) -> None:
        self.level.ahead = tuple(scope for scope in self.level.ahead if scope is not self.scope)


class Whereabouts(Memo[Location]):
    """Where a page is: for code that has taken it for the signal of its site, it is that."""

    __slots__ = ("_site",)
    _site: Site

    def __new__(cls, site: Site, where: Callable[[], Location]) -> Whereabouts:
        """Make it for a page of `site`."""
        self = cast("Whereabouts", super().__new__(cls, where))
        self._site = site
        return self

    def set(self, location: Location) -> None:
        """Show another page."""
        self._site.go(location)
