"""What one view has to do before its page is true again.

Invariants maintained here:
- a scope is rendered at most once a round, parents before children;
- what left the page is disposed after the engine has accepted the new one, children first;
- user code that raises never gets through to the caller.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from weakref import WeakKeyDictionary

from vango._core import VNode
from vango.components.host import Host
from vango.components.storms import Storms
from vango.guards import Outcome
from vango.reactive.onlooker import only_looks, refuse_early
from vango.reactive.tracking import CONTAINED, MAX_ROUNDS, CycleError, current

if TYPE_CHECKING:
    from vango.components.activities import Activity
    from vango.components.aside import AsideScope
    from vango.components.bind import Offer
    from vango.components.portal import Meeting
    from vango.components.refs import Ref
    from vango.components.scope import Scope
    from vango.components.view import View
    from vango.reactive.effects import Effect
    from vango.reactive.signals import Signal

_depth = attrgetter("depth")
_level = attrgetter("level")  # the same, but for what stands in portals

Act: TypeAlias = Callable[[Host, int], object]
"""Asks something of the element with a hid."""


_MAX_OWED = 64


def _nothing() -> None:
    """There is no view yet."""


class Work:
    """The to-do list that all scopes of a view share."""

    __slots__ = (
        "_awake",
        "_blamed",
        "_drafts",
        "_known",
        "_next_place",
        "_offers",
        "_put_off",
        "_storms",
        "activities",
        "asides",
        "changed",
        "dirty",
        "hidden",
        "host",
        "live",
        "loose",
        "make_slot",
        "meetings",
        "owed",
        "places",
        "rendered",
        "rendering",
        "restated",
        "vanished",
        "view",
        "written",
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
        self.dirty: list[Scope] = []  # to be rendered in the next flush
        self._awake = False
        self._blamed: tuple[BaseException, Scope] | None = None
        self._known: dict[int, tuple[str, Callable[[], object]]] = {}  # errors that somebody keeps
        self._next_place = 0
        self._put_off: list[Effect] = []  # over the budget of their tick
        self._storms: Storms | None = None
        self.owed: list[tuple[Ref, Act, str]] = []  # what is asked of elements when the page is true again
        self.view: Callable[[], View | None] = _nothing  # which knows the tree; a weak reference
        self._drafts: MutableMapping[Signal[Any], Signal[Any]] | None = None
        self._offers: MutableMapping[Signal[Any], MutableMapping[str, Offer]] | None = None
        self.rendering = False
        self.live = False  # a browser is there: timers and tasks may run
        self.loose: dict[Effect, None] = {}  # those of handlers, which end with the view
        self.asides = 0  # subtrees that are rendered before anybody asks for them
        self.hidden = 0  # subtrees that a fallback stands for, or that wait for their outlet
        self.meetings: dict[str, Meeting] = {}  # where portals find their outlets
        self.places: dict[int, Scope] = {}  # those that may hold handlers
        self.changed: dict[Scope, None] = {}
        self.rendered: list[Scope] = []  # with state to commit
        self.vanished: list[Scope] = []
        self.activities: dict[Activity, None] = {}
        self.restated: dict[Scope, object] = {}  # slots to be said once more if they hold this then
        self.written: tuple[Scope, str] | None = None  # the last body that wrote a signal, and its line

    def new_place(self) -> int:
        """Return a place number; none is given twice."""
        place = self._next_place
        self._next_place += 1
        return place

    def mark(self, scope: Scope) -> None:
        """Render `scope` in the next flush, or in the one that is going on."""
        self.dirty.append(scope)
        if not self.rendering:
            self.wake()

    @property
    def drafts(self) -> MutableMapping[Signal[Any], Signal[Any]]:
        """What was typed into controls with `bind=`, by their signals."""
        if self._drafts is None:
            self._drafts = WeakKeyDictionary()
        return self._drafts

    @property
    def offers(self) -> MutableMapping[Signal[Any], MutableMapping[str, Offer]]:
        """What options with `bind=` stand for, by their signals and their texts."""
        if self._offers is None:
            self._offers = WeakKeyDictionary()
        return self._offers

    def locate(self, ref: Ref) -> int:
        """Return the hid of the element that has a ref, 0 if none has."""
        view = self.view()
        return 0 if view is None else view.locate(ref)

    def act(self, ref: Ref, act: Act, name: str) -> None:
        """Ask something of an element, now or when the page is true again.

        Raises:
            LookupError: It is nowhere, and no change is on its way that could bring it.
        """
        refuse_early(f"{name}() of a ref was called")
        if self.rendering or self.dirty:
            self.owed = [*self.owed[1 - _MAX_OWED :], (ref, act, name)]
            if not self.rendering:
                self.wake()
            return
        self._perform(ref, act, name)
        self.host.wake()

    def perform(self) -> None:
        """Ask what elements were to be asked. The engine has accepted the page."""
        owed, self.owed = self.owed, []
        for ref, act, name in owed:
            try:
                self._perform(ref, act, name)
            except CONTAINED as error:
                self.report(error, f"{name}() of a ref")

    def _perform(self, ref: Ref, act: Act, name: str) -> None:
        hid = self.locate(ref)
        if not hid:
            raise LookupError(
                f"{name}() of a ref that no element of the page has; give it to one, h.input(ref=box), "
                "and call this while that is shown"
            )
        act(self.host, hid)

    def unsaid(self) -> list[int]:
        """Take the places of slots that are to be said once more, without those that a change says."""
        restated, self.restated = self.restated, {}
        return [scope.place for scope, content in restated.items() if scope._content == content]

    def wake(self) -> None:
        """Ask the host for a flush, once."""
        if not self._awake:
            self._awake = True
            self.host.wake()

    def aside_of(self, scope: Scope) -> AsideScope | None:
        """Return the root of what a scope is rendered ahead with, if it is. O(depth) where anything is."""
        within: Scope | None = scope if self.asides else None
        while within is not None and not within.is_ahead:
            within = within.parent
        return cast("AsideScope | None", within)

    def within(self, scope: Scope, fn: Callable[[], object]) -> object:
        """Call code that belongs to a scope in the context in which its body runs."""
        aside = self.aside_of(scope)
        return self.host.within(fn if aside is None else lambda: aside.run(fn))

    def blame(self, scope: Scope, error: BaseException) -> None:
        """Note in whose code an error began, on its way to the boundary that reports it."""
        self._blamed = error, scope

    def culprit(self, error: BaseException) -> Scope | None:
        """Return the scope in whose code an error began, once."""
        blamed, self._blamed = self._blamed, None
        return blamed[1] if blamed is not None and blamed[0] is error else None

    def report(self, error: BaseException, where: str, scope: Scope | None = None) -> str:
        """Tell the host of an error; return its reference, "" if even that fails."""
        known = self._known.get(id(error))
        if known is not None:
            return known[0]
        aside = self.aside_of(scope) if scope is not None else None
        if aside is not None:  # if it happens again when somebody asks for it, it is reported then
            aside.spoil(error)
            return ""
        if only_looks():
            return ""
        try:
            return self.host.report(error, where, scope.way if scope is not None else ())
        except CONTAINED:  # an error handler that raises must not take the session with it
            return ""

    def tell(self, error: BaseException, where: str, scope: Scope, again: Callable[[], object]) -> None:
        """Report an error that is kept and may show later, without being reported again; `forget` it.

        Args:
            error: What is kept.
            where: In whose code it began.
            scope: To which that belongs.
            again: Tries anew what raised it.
        """
        if isinstance(error, Outcome):
            return  # an answer: if it shows, the page is another one
        reference = self.report(error, where, scope)
        self._known[id(error)] = reference, again

    def retry(self, error: BaseException) -> None:
        """Try anew what raised an error, if somebody keeps it."""
        known = self._known.get(id(error))
        if known is not None:
            known[1]()

    def forget(self, error: BaseException) -> None:
        """An error that was told is not kept any more."""
        self._known.pop(id(error), None)

    @property
    def storms(self) -> Storms:
        """The budgets of what this view starts."""
        if self._storms is None:
            self._storms = Storms(self.host)
        return self._storms

    def admit(self, effect: Effect) -> bool:
        """Return whether an effect may run in this tick; else a later one runs it, unless that is to fail."""
        storms = self.storms
        if storms.may_run(current.tick, effect):
            return True
        if not storms.breaks:
            if not self._put_off:
                self.host.after(0, self._catch_up)
            self._put_off.append(effect)
        return False

    def _catch_up(self) -> None:
        effects, self._put_off = self._put_off, []
        for effect in effects:
            effect._notify()

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
            if not scope.is_due:
                continue
            if any(above in failing for above in scope.above()):
                self.dirty.append(scope)
            else:
                failing.add(scope)
                line = self.written[1] if self.written is not None and self.written[0] is scope else ""
                scope.fail(CycleError(_endless(scope.name, line)))

    def _settles(self) -> bool:
        for _ in range(MAX_ROUNDS):
            for scope in self._take():
                if scope.is_due:
                    aside = self.aside_of(scope) if self.asides else None
                    if aside is None:
                        scope.refresh()
                    else:
                        aside.run(scope.refresh)
            if not self.dirty:
                return True
        return False

    def _take(self) -> list[Scope]:
        scopes, self.dirty = self.dirty, []
        if len(scopes) > 1:
            scopes.sort(key=_depth)
        return scopes

    def updates(self) -> list[tuple[int, VNode | str | None, list[int]]]:
        """Take what `Tree.flush` has to know, parents before children."""
        scopes = list(self.changed)
        self.changed = {}
        if len(scopes) > 1:
            scopes.sort(key=_level if self.meetings else _depth)
        return [scope.update for scope in scopes if not (scope.is_gone or (self.hidden and scope.is_hidden))]

    def commit(self) -> None:
        """Dispose what left, and start the effects of what came. The engine has accepted the page."""
        rendered, self.rendered = self.rendered, []
        vanished, self.vanished = self.vanished, []
        for scope in vanished:
            scope.dispose()
        for scope in rendered:
            if scope.is_gone:
                continue
            if self.aside_of(scope) is None:
                scope.commit()
            else:
                scope.commit_ahead()

    def go_live(self) -> None:
        """Start the timers and tasks: a browser is there."""
        if not self.live:
            self.live = True
            for activity in tuple(self.activities):
                activity.start()

    def drop(self) -> None:
        """Forget everything."""
        self.dirty = []
        self.changed = {}
        self.restated = {}
        self.rendered = []
        self.vanished = []
        self.written = None
        self._put_off = []
        self.meetings = {}


def _endless(name: str, line: str) -> str:
    where = f" ({line})" if line else ""
    return (
        f"{name} was rendered {MAX_ROUNDS} times in one flush, because each render writes what it reads"
        f"{where}; write in a handler or an effect, or compute the value with memo()"
    )
