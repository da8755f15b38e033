"""The site: what every session mounts, layouts around the page of its location.

Invariants:
    - Another location disposes and mounts what differs, from the outermost step that differs on; the layouts
      before it are not even rendered, and keep their state and their nodes.
    - A step is the same where it shows the same function, registered at the same place, with the same
      parameters: the form of one project never shows in the page of another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from vango._core import VNode, fragment
from vango.components.boundary import BoundaryScope, ErrorBoundary, Failure
from vango.components.description import Description, Placed
from vango.components.scope import Scope
from vango.components.work import Work
from vango.guards import Outcome
from vango.naming import name
from vango.reactive.signals import Signal, put
from vango.reactive.tracking import Source
from vango.routing.page import ErrorPage, Layout
from vango.routing.routes import Match, Step


@dataclass(frozen=True)
class Location:
    """The address that a session shows, and what it means.

    Attributes:
        address: Path and query as the address bar has them.
        match: What shows there.
        status: What an answer with it has.
        mount: Where the application is mounted, "" at the root.
        instead: What shows in its place, where a body has found that there is no such page.
    """

    address: str
    match: Match
    status: int = 200
    mount: str = ""
    instead: Match | None = None

    @property
    def shown(self) -> Match:
        """What shows."""
        return self.instead or self.match


class Level(Description):
    """What stands at one depth of the way from the site to the page."""

    __slots__ = ("depth", "site")
    site: Site
    depth: int

    def __new__(cls, site: Site, depth: int) -> Level:
        """Describe the step at `depth`, with all that is in it."""
        self = super().__new__(cls, None)
        self.site = site
        self.depth = depth
        return self

    def mount(self, parent: Scope) -> Scope:
        """Return the scope of a new level."""
        return LevelScope(parent.work, parent, self)


class Prepared(Protocol):
    """What was rendered ahead of a navigation, for one level and all in it."""

    @property
    def at(self) -> Location:
        """Of which location."""

    @property
    def level(self) -> LevelScope:
        """Which one."""

    @property
    def step(self) -> Step:
        """What that is to show."""

    def place(self) -> Placed:
        """Return what stands for it, once."""

    def end(self) -> None:
        """It is not wanted any more."""


class Showing:
    """What of a site is mounted.

    Attributes:
        levels: Its levels, from the outside; behind the one of the page there may be some that have left.
        depth: How deep the page of the location is in the tree of scopes.
        failing: The boundaries in it that show an error page.
        prepared: What the next change of the location shows, if that was rendered ahead.
    """

    __slots__ = ("depth", "failing", "levels", "prepared")

    def __init__(self, levels: list[LevelScope]) -> None:
        """Begin within these levels."""
        self.levels = levels
        self.depth = 0
        self.failing: set[FailureScope] = set()
        self.prepared: Prepared | None = None


class Site(Description):
    """The root of a session: it shows its location, and what the location becomes.

    Attributes:
        location: What it shows; setting it shows another page.
        showing: What of it is mounted.
        turn: Takes what a body says of its page, that there is none for instance; returns what shows instead.
    """

    __slots__ = ("location", "showing", "turn")
    location: Source[Location]
    showing: Showing
    turn: Callable[[Outcome], Match | None] | None

    def __new__(cls, location: Location) -> Site:
        """Describe a site that begins at a location."""
        self = super().__new__(cls, None)
        self.location = Signal(location)
        self.showing = Showing([])
        self.turn = None
        return self

    @property
    def diverts(self) -> bool:
        """Whether something else may show in place of the page."""
        return self.turn is not None and self.location.peek().instead is None

    def divert(self, outcome: Outcome, depth: int) -> bool:
        """Show what stands for the page, of which something at a depth has said that there is none."""
        instead = self.turn(outcome) if self.turn is not None and self.diverts else None
        if instead is None:
            return False
        location = self.location.peek()
        own = location.match.steps[depth : depth + 1]
        if instead.steps[depth : depth + 1] == own:  # it was a layout
            instead = replace(instead, steps=(*instead.steps[:depth], instead.steps[-1]))
        self.go(replace(location, instead=instead))
        return True

    def go(self, location: Location) -> None:
        """Show another location, inside the layouts that both have."""
        prepared = self.showing.prepared
        if prepared is not None and prepared.at != location:
            self.showing.prepared = None
            prepared.end()
        put(self.location, location)

    def fork(self, location: Location) -> LevelScope | None:
        """Return the level from which on another location shows something else, `None` if there is none."""
        now, then = self.location.peek().shown.steps, location.shown.steps
        pairs = enumerate(zip(now, then, strict=False))
        depth = next((depth for depth, (one, other) in pairs if one != other), None)
        levels = self.showing.levels
        if depth is None or depth >= len(levels):
            return None
        level = levels[depth]
        return level if level.shows(now[depth]) and not (level.is_gone or level.is_hidden) else None

    def titles(self) -> list[tuple[float, str]]:
        """Return the titles that were registered with what shows, each with how deep that is."""
        title, depth = self.location.peek().shown.title, self.showing.depth
        found: list[tuple[float, str]] = [] if title is None else [(depth, title)]
        for boundary in self.showing.failing:
            shown = boundary.thing.step.shown
            if shown.title is not None:
                found.append((max(boundary.depth, depth) + 0.5, shown.title))
        return found

    def mount(self, parent: Scope) -> Scope:
        """Return the scope of the outermost level."""
        return Level(self, 0).mount(parent)


class LevelScope(Scope):
    """A mounted level.

    Attributes:
        ahead: What it may show soon, rendered aside.
    """

    __slots__ = ("_made", "_turns", "ahead")

    def __init__(self, work: Work, parent: Scope | None, thing: Level) -> None:
        """Make a level that has not been rendered."""
        super().__init__(work, parent, thing)
        self._made: tuple[Step, VNode] | None = None
        self._turns = 0
        self.ahead: tuple[Scope, ...] = ()
        thing.site.showing.levels[thing.depth :] = [self]

    def shows(self, step: Step) -> bool:
        """Tell whether this is what it shows."""
        return self._made is not None and self._made[0] == step

    @property
    def name(self) -> str:
        """What stands there."""
        return f"the site around {name(self._made[0].shown.function)}" if self._made else "the site"

    def continues(self, thing: object) -> bool:
        """The same depth of the same site is the same instance."""
        own: Level = self.thing
        return type(thing) is Level and thing.site is own.site and thing.depth == own.depth

    def receive(self, thing: Level) -> bool:
        """Take note; what is shown depends on the location alone."""
        self.thing = thing
        return False

    def _evaluate(self) -> VNode | None:
        thing: Level = self.thing
        steps = thing.site.location().shown.steps
        if thing.depth >= len(steps):
            return None
        step = steps[thing.depth]
        if thing.depth == len(steps) - 1:
            thing.site.showing.depth = self.depth
        if self._made is None or self._made[0] != step:
            self._turns += 1
            prepared = thing.site.showing.prepared
            if prepared is not None and prepared.level is self and prepared.step == step:
                thing.site.showing.prepared = None
                shown: object = prepared.place()
            else:
                shown = shown_at(thing.site, step, thing.depth)
            # The number keeps what is shown now apart from what was, were both the same component.
            self._made = step, fragment((shown,), key=self._turns)
        return self._made[1]

    def render(self) -> None:
        """Render; if what it shows says that it is no page, what stands for that.

        Raises:
            Exception: What something new in it raised.
        """
        try:
            super().render()
        except Outcome as outcome:
            if not self.divert(outcome):
                raise
            super().render()

    @property
    def diverts(self) -> bool:
        """Whether something else may show; not before anybody has asked for the page."""
        return self.thing.site.diverts and self.work.aside_of(self) is None

    def divert(self, outcome: Outcome) -> bool:
        """Show what stands for the page."""
        thing: Level = self.thing
        return self.diverts and thing.site.divert(outcome, thing.depth)

    def _inner(self) -> list[Scope]:
        return [*super()._inner(), *self.ahead]


class FailureBoundary(ErrorBoundary):
    """Shows the error page of a path when what is in it raises."""

    __slots__ = ("site", "step")
    site: Site
    step: Step

    def __new__(cls, site: Site, step: Step, child: Level) -> FailureBoundary:
        """Describe the boundary of a step around what is in it."""
        self = super().__new__(cls, child, fallback=step.shown.component)
        assert isinstance(self, FailureBoundary)
        self.site = site
        self.step = step
        return self

    def mount(self, parent: Scope) -> Scope:
        """Return the scope of a new boundary."""
        return FailureScope(parent.work, parent, self)


class FailureScope(BoundaryScope):
    """A mounted boundary with an error page."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The error page, with file and line."""
        return f"the error page {name(self.thing.step.shown.function)}"

    def continues(self, thing: object) -> bool:
        """Only the same one: another step has another key."""
        return thing is self.thing

    def answer(self, failure: Failure) -> object:
        """Return the error page, with what it takes of the failure."""
        step: Step = self.thing.step
        shown = step.shown
        assert isinstance(shown, ErrorPage)
        told = {"error": failure.error, "reference": failure.reference, "retry": self.retry}
        of_failure = {name: told[name] for name in shown.takes_of_failure}
        return shown.component(**step.parameters, **of_failure)

    def _show_child(self) -> None:
        self.thing.site.showing.failing.discard(self)
        super()._show_child()

    def _show_fallback(self, failure: Failure) -> None:
        super()._show_fallback(failure)
        self.thing.site.showing.failing.add(self)

    def dispose(self) -> None:
        """End, with what is hidden."""
        self.thing.site.showing.failing.discard(self)
        super().dispose()


def shown_at(site: Site, step: Step, depth: int) -> object:
    """Return what a step shows at a depth of a site, around what is in it."""
    shown, parameters, content = step.shown, step.parameters, Level(site, depth + 1)
    if isinstance(shown, Layout):
        return shown.component(content=content, **parameters)
    if isinstance(shown, ErrorPage) and shown.kind == "failed":
        return FailureBoundary(site, step, content)
    return shown.component(**parameters)
