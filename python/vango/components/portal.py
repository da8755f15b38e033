"""`Portal` and `Outlet`: content that is written in one place and shown in another.

Invariants maintained here:
- a portal owns its content: context, error boundary, state and end are those of where it is written;
- the outlet only shows it, and the engine knows it by its place there;
- content without an outlet, or whose portal a fallback stands for, is aside: alive, and on no page;
- of several outlets of one name that are on the page the newest shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from vango._core import VNode, fragment
from vango.components.component import Key
from vango.components.description import Description, Placed
from vango.components.scope import Scope
from vango.components.states import as_node

if TYPE_CHECKING:
    from vango.components.work import Work
    from vango.html import Child

__all__ = ["Outlet", "Portal"]

_numbers = count(1)


class Portal(Description):
    """Content that shows at the outlet of this name: `Portal("dialogs")[h.dialog(open=True)["Sure?"]]`.

    It belongs to where it is written: to that context, that error boundary, and that life.
    """

    __slots__ = ("children", "to")
    children: tuple[object, ...]
    to: str

    def __new__(cls, to: str, *children: Child, key: Key = None) -> Portal:
        """Describe content for the outlet `to`; without one it waits, and that is reported.

        Raises:
            TypeError: `to` is no name.
        """
        _check_name(to, "Portal")
        self = super().__new__(cls, key)
        self.to = to
        self.children = children
        return self

    def __getitem__(self, children: Child, /) -> Portal:
        """Return the same with these children behind those it has."""
        more = children if type(children) is tuple else (children,)
        return Portal(self.to, *self.children, *more, key=self.key)  # type: ignore[arg-type]

    def mount(self, parent: Scope) -> Scope:
        """Return the scope of a new portal."""
        return PortalScope(parent, self)


class Outlet(Description):
    """Where the content of the portals of this name shows, in the order in which they came."""

    __slots__ = ("of",)
    of: str

    def __new__(cls, name: str, *, key: Key = None) -> Outlet:
        """Describe the place for the content of all `Portal(name)`.

        Raises:
            TypeError: `name` is no name.
        """
        _check_name(name, "Outlet")
        self = super().__new__(cls, key)
        self.of = name
        return self

    def mount(self, parent: Scope) -> Scope:
        """Return the scope of a new outlet."""
        return OutletScope(parent, self)


class Meeting:
    """The portals and the outlets of one name, each in the order in which they came."""

    __slots__ = ("outlets", "portals")

    def __init__(self) -> None:
        self.outlets: list[OutletScope] = []
        self.portals: list[PortalScope] = []

    def call(self) -> None:
        """Let the outlets look again at who is there."""
        for outlet in self.outlets:
            outlet.require()

    def shown_by(self, outlet: OutletScope) -> list[AwayScope]:
        """Return the contents that an outlet is to show."""
        shown = [other for other in self.outlets if not other.is_hidden]
        if not shown or outlet is not shown[-1]:
            return []
        around = set(_around(outlet))
        return [
            portal.away
            for portal in self.portals
            if portal.away is not None and portal.away not in around and not portal.is_hidden
        ]


def _around(scope: Scope) -> Iterator[Scope]:
    """Give what a scope stands in; what it shows must not be among it."""
    above = scope.stands_in
    while above is not None:
        yield above
        above = above.stands_in


def call_outlets(work: Work) -> None:
    """A fallback has taken the place of something, or given it back: look again at whose portals show."""
    for meeting in work.meetings.values():
        meeting.call()


def _meeting_of(scope: Scope, name: str) -> Meeting:
    meetings = scope.work.meetings
    if name not in meetings:
        meetings[name] = Meeting()
    return meetings[name]


class PortalScope(Scope):
    """A mounted portal: shows nothing where it stands."""

    __slots__ = ("_meeting", "_warned", "away")

    def __init__(self, parent: Scope, thing: Portal) -> None:
        """Make a portal that has not been rendered."""
        super().__init__(parent.work, parent, thing)
        self._meeting: Meeting | None = None
        self._warned = False
        self.away: AwayScope | None = None

    @property
    def name(self) -> str:
        """Where it leads, and in what it stands."""
        around = self.parent.name if self.parent is not None else "the page"
        return f"Portal({self.thing.to!r}) in {around}"

    def continues(self, thing: object) -> bool:
        """Any portal continues the one at its path."""
        return type(thing) is Portal

    def receive(self, thing: Portal) -> bool:
        """Render again: the content is new."""
        self.thing = thing
        return True

    def render(self) -> None:
        """Render the content, and bring it to its outlet.

        Raises:
            Exception: What the first render of the content raised.
        """
        self._begin()
        meeting = _meeting_of(self, self.thing.to)
        if meeting is not self._meeting:
            self._part()
            self._meeting = meeting
            meeting.portals.append(self)
            meeting.call()
        if self.away is None:
            self._render_first()
        else:
            self.away.rerender()
        self._show(None, {})
        self.work.rendered.append(self)
        self._end()

    def commit(self) -> None:
        """Say once that there is nowhere to show it."""
        if self._meeting is not None and not self._meeting.outlets and not self._warned:
            self._warned = True
            to = self.thing.to
            error = LookupError(f"there is no Outlet({to!r}) on this page; write one where this is to show")
            self.work.report(error, self.name)

    def _render_first(self) -> None:
        away = AwayScope(self)
        try:
            away.render()
        except BaseException:
            self._adopt(away.reads())  # what makes the parent try again
            away.dispose()
            raise
        away.hide()  # until its outlet takes it
        self.away = away

    def _part(self) -> None:
        """Leave the meeting: the outlet shows the content no longer."""
        meeting, self._meeting = self._meeting, None
        if meeting is not None:
            meeting.portals.remove(self)
            meeting.call()

    def _inner(self) -> list[Scope]:
        return [] if self.away is None else [self.away]

    def _mark_gone(self) -> None:
        super()._mark_gone()
        self._part()

    def dispose(self) -> None:
        """End, with the content."""
        self._part()
        super().dispose()
        self.away = None


class AwayScope(Scope):
    """The content of a portal."""

    __slots__ = ("number", "outlet")

    def __init__(self, portal: PortalScope) -> None:
        """Make content that has not been rendered and shows nowhere."""
        super().__init__(portal.work, portal, portal)
        self.number = next(_numbers)
        self.outlet: OutletScope | None = None

    @property
    def name(self) -> str:
        """The portal that it is the content of."""
        return f"content of {self.thing.name}"

    @property
    def stands_in(self) -> Scope | None:
        """The outlet that shows it."""
        return self.outlet

    def _evaluate(self) -> VNode:
        return as_node(self.thing.thing.children)


class OutletScope(Scope):
    """A mounted outlet: shows what is others' own."""

    __slots__ = ("_held", "_meeting")

    def __init__(self, parent: Scope, thing: Outlet) -> None:
        """Make an outlet that shows nothing yet."""
        super().__init__(parent.work, parent, thing)
        self._held: list[AwayScope] = []
        self._meeting: Meeting | None = None

    @property
    def name(self) -> str:
        """Its name, and in what it stands."""
        around = self.parent.name if self.parent is not None else "the page"
        return f"Outlet({self.thing.of!r}) in {around}"

    def continues(self, thing: object) -> bool:
        """An outlet of the same name is the same."""
        return type(thing) is Outlet and thing.of == self.thing.of

    def receive(self, thing: Outlet) -> bool:
        """Go on as before: there is nothing new to know."""
        self.thing = thing
        return False

    def render(self) -> None:
        """Show the contents that belong here."""
        self._begin()
        if self._meeting is None:
            self._meeting = _meeting_of(self, self.thing.of)
            self._meeting.outlets.append(self)
            self._meeting.call()  # the outlet before this one lets go
            self._begin()
        held = self._meeting.shown_by(self)
        if held != self._held or not isinstance(self._content, VNode):
            self._hold(held)
        self._end()

    def _hold(self, held: list[AwayScope]) -> None:
        for away in self._held:
            if away not in held:
                self._let_go(away)
        for away in held:
            if away.outlet is not self:
                if away.outlet is not None:
                    away.outlet._lose(away)
                away.outlet = self
                away.unhide()
                call_outlets(self.work)  # there may be portals in it
        self._held = held
        self._put(held)

    def _lose(self, away: AwayScope) -> None:
        """Another outlet takes a content."""
        self._let_go(away)
        self._held = [other for other in self._held if other is not away]
        self._put(self._held)

    def _let_go(self, away: AwayScope) -> None:
        if away.outlet is self:
            away.outlet = None
            if not away.is_gone:
                away.hide()
                call_outlets(self.work)

    def _put(self, held: list[AwayScope]) -> None:
        self._content = content = fragment(Placed(away, key=away.number) for away in held)
        self._children = {path: placed.scope for path, placed, _ in content.places()}  # type: ignore[attr-defined]
        self.work.changed[self] = None

    def _inner(self) -> list[Scope]:
        return []  # what it shows belongs to the portals

    def _leave_meeting(self) -> None:
        meeting, self._meeting = self._meeting, None
        if meeting is not None:
            meeting.outlets.remove(self)
            for away in self._held:
                self._let_go(away)
            self._held = []
            meeting.call()

    def _mark_gone(self) -> None:
        super()._mark_gone()
        self._leave_meeting()

    def dispose(self) -> None:
        """End; the contents live on."""
        self._leave_meeting()
        super().dispose()


def _check_name(name: object, use: str) -> None:
    if not isinstance(name, str) or not name:
        raise TypeError(
            f"{use}() takes the name of an outlet first, as in {use}('dialogs'), not {name!r:.80}"
        )
