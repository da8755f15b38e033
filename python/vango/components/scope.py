"""A scope: the life of one component or slot on a page.

Invariants maintained here:
- a scope has state, cleanups, children, and what it shows; its parent is the scope in whose node it stands;
- what a scope shows changes only when its body and all that is new below have rendered;
- a first render that raises is the parent's to answer for, which disposes the scope and retries
  when something the scope read has changed; a later one goes to the nearest error boundary, and
  the scope keeps its state;
- a scope that is gone is subscribed to nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from vango._core import VNode
from vango.components.description import Description
from vango.components.states import States
from vango.components.weight import weigh
from vango.guards import Outcome
from vango.reactive.effects import run_cleanups
from vango.reactive.signals import Signal, write_epoch
from vango.reactive.tracking import CONTAINED, Frame, Observer, Owner, Source, current

if TYPE_CHECKING:
    from vango.components.work import Work

# The flags of a scope; one int, because a page may have thousands of scopes.
_DUE = 1  # a render is waiting
_FORCED = 2  # that render is needed even if nothing read has changed
_READY = 4  # the first render went well
_FAILED = 8  # the last render raised, and a boundary shows
_HIDDEN = 16  # a fallback stands for it
_GONE = 32  # it left the page
_DISPOSED = 64

_UNSET: Any = object()

_MAX_DEPTH = 200  # a scope in a scope takes up to four frames, of which Python allows a thousand


class Scope(Observer, Owner):
    """The base of what is mounted at a place."""

    __slots__ = (
        "__weakref__",
        "_children",
        "_cleanups",
        "_content",
        "_contexts",
        "_flags",
        "_sources",
        "_states",
        "depth",
        "parent",
        "place",
        "thing",
        "work",
    )

    catches: ClassVar[bool] = False
    """Whether it is an error boundary."""

    def __init__(self, work: Work, parent: Scope | None, thing: Any) -> None:
        """Make a scope of `thing`, what stands in the parent's node, that has not been rendered."""
        if parent is not None and parent.depth >= _MAX_DEPTH:
            error = RecursionError(_too_deep(parent))
            work.blame(parent, error)
            raise error
        self.work = work
        self.thing = thing
        self.parent = parent
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.place = work.new_place()
        self._flags = 0
        self._sources = ()
        self._cleanups = None
        self._states: States | None = None
        self._contexts: dict[Any, Signal[Any]] | None = None
        self._children: dict[int, Scope] | None = None  # by path
        self._content: VNode | str | None = _UNSET

    # What each kind of scope says about itself.

    @property
    def name(self) -> str:
        """What it is, with file and line, for messages."""
        raise NotImplementedError

    def continues(self, thing: object) -> bool:
        """Return whether `thing`, found at its path, is the same instance."""
        raise NotImplementedError

    def receive(self, thing: Any) -> bool:
        """Take another object for what stands at its path; return whether to render again."""
        raise NotImplementedError

    def _evaluate(self) -> VNode | str | None:
        """Run the code of the application and return what it shows."""
        raise NotImplementedError

    @property
    def weight(self) -> int:
        """About how many bytes it takes with all that is mounted in it, without its nodes. O(scopes)."""
        return weigh(self)

    # Rendering.

    @property
    def is_due(self) -> bool:
        """Whether a render is waiting."""
        return self._flags & (_DUE | _GONE) == _DUE

    @property
    def is_gone(self) -> bool:
        """Whether it left the page."""
        return bool(self._flags & _GONE)

    @property
    def is_ahead(self) -> bool:
        """Whether what is in it is rendered before anybody asks for it."""
        return False

    @property
    def is_hidden(self) -> bool:
        """Whether it is on no page: a fallback stands for it, or its portal has no outlet. O(depth)."""
        scope: Scope | None = self
        while scope is not None:
            if scope._flags & _HIDDEN:
                return True
            scope = scope.stands_in
        return False

    @property
    def stands_in(self) -> Scope | None:
        """The scope in whose node it stands: its parent, but for the content of a portal."""
        return self.parent

    @property
    def level(self) -> int:
        """In how many scopes it stands. O(level)."""
        scope, level = self.stands_in, 0
        while scope is not None:
            scope, level = scope.stands_in, level + 1
        return level

    def above(self) -> Iterator[Scope]:
        """Give the scopes around it, the nearest first."""
        scope = self.parent
        while scope is not None:
            yield scope
            scope = scope.parent

    @property
    def component(self) -> str:
        """The name of its function, if it is a component's."""
        return ""

    @property
    def way(self) -> tuple[str, ...]:
        """The components around it and itself, from the outside. O(depth)."""
        scopes = (self, *self.above())
        return tuple(scope.component for scope in reversed(scopes) if scope.component)

    @property
    def update(self) -> tuple[int, VNode | str | None, list[int]]:
        """What `Tree.flush` has to know: place, content, and the places bound in it."""
        children = self._children
        return self.place, self._content, [child.place for child in children.values()] if children else []

    def _notify(self) -> None:
        if not self._flags & (_DUE | _GONE):
            self._flags |= _DUE
            self.work.mark(self)

    def require(self) -> None:
        """Render in the next flush, whether or not anything read has changed."""
        self._notify()
        self._flags |= _FORCED

    def refresh(self) -> None:
        """Render if anything read has changed."""
        if self._flags & _FORCED or self._stale():
            self.rerender()
        else:
            self._flags &= ~_DUE

    def wrote(self) -> None:
        """Note where its body is about to write a signal, for the message if it never settles."""
        frame = sys._getframe(2)
        while frame.f_globals.get("__name__", "").startswith("vango.reactive.") and frame.f_back is not None:
            frame = frame.f_back
        self.work.written = self, f"{frame.f_code.co_filename}:{frame.f_lineno}"

    def give_up(self) -> None:
        """Stay as it is until something read changes again."""
        self._flags &= ~(_DUE | _FORCED)

    def rerender(self) -> None:
        """Render; an error goes to the nearest boundary."""
        try:
            self.render()
        except CONTAINED as error:
            self.fail(error)

    def render(self) -> None:
        """Run the body and match what it shows with what is there.

        Raises:
            Exception: What the body, or the first render of something new below, raised. What the
                scope showed before still stands.
        """
        self._begin()
        now = current
        outer = now.frame
        reads: dict[Source[Any], int] = {}
        epoch = write_epoch()
        try:
            now.frame = Frame(reads, self, self, None, outer)
            try:
                content = self._evaluate()
                if self._states is not None:
                    self._states.check()
            except CONTAINED as error:
                self.work.blame(self, error)
                raise
            finally:
                now.frame = outer
            self._show(content, reads)
        finally:
            if not self._flags & _GONE:
                self._adopt(reads)
        self._end()
        if epoch != write_epoch() and self._stale():
            self._notify()  # the render wrote what it had read

    def _begin(self) -> None:
        self._flags &= ~(_DUE | _FORCED)
        if self._cleanups is not None:
            run_cleanups(self, self.work.report)
        if self._states is not None:
            self._states.begin()

    def _end(self) -> None:
        if self._states is not None:
            self.work.rendered.append(self)
        if self._flags & _FAILED:
            self._recover()
        self._flags |= _READY

    def _show(self, content: VNode | str | None, reads: dict[Source[Any], int]) -> None:
        """Show `content` from now on; `reads` gets what a new child read before it raised."""
        shown = self._content
        if content is shown or (type(content) is str and content == shown):
            return
        old = self._children
        if type(content) is VNode:
            self.work.places[self.place] = self
            self._children = self._match(content, old, reads) if content.place_count else None
        else:
            self._children = None
        self._content = content
        self.work.changed[self] = None
        if old:
            children = self._children or {}
            for path, child in old.items():
                if children.get(path) is not child:
                    child.leave()

    def _match(
        self, content: VNode, old: dict[int, Scope] | None, reads: dict[Source[Any], int]
    ) -> dict[int, Scope]:
        """Return the scopes of the places in `content`, all rendered: those that continue, and new ones."""
        children: dict[int, Scope] = {}
        fresh: list[Scope] = []
        again: list[Scope] = []
        try:
            for path, thing, attr in content.places():
                child = old.get(path) if old else None
                if child is not None and child.thing is thing:
                    if child._flags & _FAILED:
                        again.append(child)
                elif child is not None and child.continues(thing):
                    if child.receive(thing) or child._flags & _FAILED:
                        again.append(child)
                elif isinstance(thing, Description):
                    child = thing.mount(self)
                    fresh.append(child)
                else:
                    child = self.work.make_slot(self, thing, attr)
                    fresh.append(child)
                children[path] = child
            for child in fresh:
                child.render()
        except BaseException:
            for child in fresh:
                reads.update(child.reads())
                child.dispose()
            self._take_back(old)
            raise
        for child in again:
            child.rerender()
        return children

    def _take_back(self, old: dict[int, Scope] | None) -> None:
        """Give the scopes below what they had before: what this one showed still stands."""
        if old and type(self._content) is VNode:
            for path, thing, _ in self._content.places():
                if old[path].thing is not thing:
                    old[path].receive(thing)

    # Errors.

    @property
    def diverts(self) -> bool:
        """Whether what is in it may turn out to be no page: it shows another one then."""
        return False

    def divert(self, outcome: Outcome) -> bool:  # noqa: ARG002
        """Show what stands for the page in it; return whether it does."""
        return False

    def fail(self, error: BaseException) -> None:
        """Show the nearest error boundary instead, until a render goes well."""
        if isinstance(error, Outcome) and any(scope.divert(error) for scope in self.above()):
            self._flags &= ~(_DUE | _FORCED)
            return
        self._flags = self._flags & ~(_DUE | _FORCED) | _FAILED
        self._boundary().catch(self, error)

    def catch(self, scope: Scope, error: BaseException) -> None:
        """Take the error of a scope below; only boundaries do."""
        raise NotImplementedError

    def forgive(self, scope: Scope) -> None:
        """Hear that a scope below, whose error was taken, is well or gone; only boundaries do."""
        raise NotImplementedError

    def _recover(self) -> None:
        self._flags &= ~_FAILED
        self._boundary().forgive(self)

    def reads(self) -> dict[Source[Any], int]:
        """Return what its last render read, with the versions it saw."""
        return dict(zip(self._sources[::2], self._sources[1::2], strict=True))

    def _boundary(self) -> Scope:
        return next(scope for scope in self.above() if scope.catches)  # the root does

    # State and the end.

    def owning_scope(self) -> Scope:
        """Return itself: what its body registers belongs to it."""
        return self

    def states(self) -> States:
        """Return the table of what its body makes."""
        if self._states is None:
            self._states = States(self)
        return self._states

    def commit(self) -> None:
        """Let go of the state that the last render did not reach, start the effects it made."""
        if self._states is not None:
            self._states.commit()

    def commit_ahead(self) -> None:
        """Start the data that the last render has asked for; all else waits for `commit`."""
        if self._states is not None:
            self._states.commit_ahead()

    def leave(self) -> None:
        """Leave the page; the end comes when the engine has accepted the new one."""
        self._mark_gone()
        self.work.vanished.append(self)

    def _mark_gone(self) -> None:
        if self._flags & _FAILED:
            self._recover()
        self._flags |= _GONE
        for child in self._inner():
            child._mark_gone()

    def _inner(self) -> list[Scope]:
        """The scopes below that this one keeps."""
        return list(self._children.values()) if self._children else []

    def dispose(self) -> None:
        """End: children first, then effects and timers, then cleanups."""
        if self._flags & _DISPOSED:
            return
        if self._flags & _FAILED:
            self._recover()
        if self._flags & _HIDDEN:
            self.work.hidden -= 1
        self._flags |= _GONE | _DISPOSED
        for child in reversed(self._inner()):
            child.dispose()
        self._children = None
        if self._states is not None:
            self._states.dispose()
            self._states = None
        if self._cleanups is not None:
            run_cleanups(self, self.work.report)
        self._unsubscribe()
        self._contexts = None
        self._content = None
        self.work.places.pop(self.place, None)

    # Behind a fallback.

    @property
    def is_aside(self) -> bool:
        """Whether a fallback stands for this very scope."""
        return bool(self._flags & _HIDDEN)

    def hide(self) -> None:
        """Let a fallback stand for it."""
        self._flags |= _HIDDEN
        self.work.hidden += 1

    def unhide(self) -> None:
        """Come back, at places that the engine has not seen."""
        self._flags &= ~_HIDDEN
        self.work.hidden -= 1
        self._place_again()

    def _place_again(self) -> None:
        work = self.work
        work.places.pop(self.place, None)
        self.place = work.new_place()
        if type(self._content) is VNode:
            work.places[self.place] = self
        work.changed[self] = None
        for child in (self._children or {}).values():
            child._place_again()


def _too_deep(scope: Scope) -> str:
    return (
        f"{scope.name} stands in {_MAX_DEPTH} components and slots; "
        "does a component show itself, without a condition that ends it?"
    )
