"""Error boundaries: where the error of a render stays.

Invariants maintained here:
- while a fallback shows, what it stands for keeps its state and its subscriptions, hidden;
- what raised in its first render is not kept; what it read is remembered, and a change tries again;
- what says that there is no page here, or not for this user, is no error: it passes to who shows the page;
- the root of a view is a boundary whose fallback cannot raise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from vango import html as h
from vango._core import VNode, fragment
from vango.components.description import Description, Placed
from vango.components.portal import call_outlets
from vango.components.scope import Scope
from vango.components.states import as_node, run_body
from vango.components.work import Work
from vango.guards import Outcome
from vango.naming import name
from vango.reactive.tracking import CONTAINED, Source
from vango.tracebacks import shortened, told

Fallback: TypeAlias = Callable[[Any, Callable[[], None]], object]
"""`fallback(error, retry)` gives what shows instead; `retry()` mounts the child anew."""


class ErrorBoundary(Description):
    """Shows something else when a component or slot below raises.

    `ErrorBoundary(Chart(), fallback=lambda error, retry: h.button(on_click=retry)["Try again"])`.
    The child comes back by itself when something that it read changes and it renders well.
    """

    __slots__ = ("child", "fallback")
    child: object
    fallback: Fallback

    def __new__(cls, child: object, *, fallback: Fallback, key: object = None) -> ErrorBoundary:
        """Describe a boundary around `child`.

        Raises:
            TypeError: `fallback` cannot be called.
        """
        if not callable(fallback):
            raise TypeError("ErrorBoundary(fallback=...) is a function: lambda error, retry: h.p[str(error)]")
        self = super().__new__(cls, key)
        self.child = child
        self.fallback = fallback
        return self

    def mount(self, parent: Scope) -> Scope:
        """Return the scope of a new boundary."""
        return BoundaryScope(parent.work, parent, self)


class Failure(NamedTuple):
    """An error, in whose code it began, and the reference under which the host has recorded it."""

    error: BaseException
    where: str
    reference: str


class BoundaryScope(Scope):
    """A mounted boundary: shows its child, or the fallback in its place."""

    __slots__ = ("_failed_mount", "_failures", "_instead", "_within")

    catches = True

    def __init__(self, work: Work, parent: Scope | None, thing: ErrorBoundary) -> None:
        """Make a boundary that has not been rendered."""
        super().__init__(work, parent, thing)
        self._within: ChildScope | None = None
        self._instead: FallbackScope | None = None
        self._failures: dict[Scope, Failure] = {}  # scopes that are kept and whose last render raised
        self._failed_mount: Failure | None = None  # the first render of the child raised: nothing is kept

    @property
    def name(self) -> str:
        """The fallback, with file and line."""
        return f"ErrorBoundary with fallback={name(self.thing.fallback)}"

    def continues(self, thing: object) -> bool:
        """Any boundary continues the one at its path."""
        return type(thing) is ErrorBoundary

    def receive(self, thing: ErrorBoundary) -> bool:
        """Give the new child to what shows it."""
        old, self.thing = self.thing, thing
        if thing.child is old.child and self._failure is None:
            return False
        if self._within is not None:
            self._within.rerender()
        self._drop_fallback()
        return True

    def retry(self) -> None:
        """Mount the child anew; a resource whose error shows fetches again."""
        if not self.is_gone:
            failure = self._failure
            if failure is not None:
                self.work.retry(failure.error)
            self._drop_child()
            self.require()

    def answer(self, failure: Failure) -> object:
        """Return what shows instead of the child."""
        return self.thing.fallback(failure.error, self.retry)

    def catch(self, scope: Scope, error: BaseException) -> None:
        """Show the fallback: a scope below raised and is kept."""
        self._failures[scope] = self._record(scope, error)
        self.require()

    def forgive(self, scope: Scope) -> None:
        """Show the child again if no other failure is left."""
        if self._failures.pop(scope, None) is not None:
            self.require()

    def render(self) -> None:
        """Show the child if it can be shown, the fallback otherwise.

        Raises:
            Exception: What the fallback raised.
        """
        self._begin()
        reads: dict[Source[Any], int] = {}
        if self._within is None:
            self._mount_child(reads)
        self._adopt(reads)
        failure = self._failure
        if failure is None:
            self._show_child()
        elif self._instead is None or self._instead.failure is not failure:
            self._show_fallback(failure)
        self._end()

    @property
    def _failure(self) -> Failure | None:
        return next(iter(self._failures.values()), self._failed_mount)

    def _record(self, scope: Scope, error: BaseException) -> Failure:
        culprit = self.work.culprit(error) or scope
        return Failure(error, culprit.name, self.work.report(error, culprit.name, culprit))

    def _mount_child(self, reads: dict[Source[Any], int]) -> None:
        child = ChildScope(self)
        try:
            child.render()
        except CONTAINED as error:
            reads.update(child.reads())
            child.dispose()
            if isinstance(error, Outcome) and any(scope.diverts for scope in self.above()):
                raise  # it is about the page, not about what this is around
            self._failed_mount = self._record(child, error)
        else:
            self._within = child
            self._failed_mount = None

    def _show_child(self) -> None:
        child = self._within
        assert child is not None  # else its failure shows
        self._drop_fallback()
        if child.is_aside:
            child.unhide()
            call_outlets(self.work)
        self._put(child)

    def _show_fallback(self, failure: Failure) -> None:
        instead = FallbackScope(self, failure)
        try:
            instead.render()
        except BaseException:
            instead.dispose()
            raise
        self._drop_fallback()
        self._instead = instead
        if self._within is not None and not self._within.is_aside:
            self._within.hide()
            call_outlets(self.work)
        self._put(instead)

    def _put(self, shown: Scope) -> None:
        if self._children is None or self._children[0] is not shown:
            self._children = {0: shown}
            self._content = fragment((Placed(shown),))
            self.work.changed[self] = None

    def _drop_child(self) -> None:
        if self._within is not None:
            self._within.leave()
            self._within = None

    def _drop_fallback(self) -> None:
        if self._instead is not None:
            self._instead.leave()
            self._instead = None

    def _inner(self) -> list[Scope]:
        return [scope for scope in (self._within, self._instead) if scope is not None]

    def dispose(self) -> None:
        """End, with what is hidden."""
        super().dispose()
        self._within = self._instead = self._failed_mount = None
        self._failures = {}


class RootScope(BoundaryScope):
    """The top of a view: a boundary that nothing is above, and whose fallback cannot raise."""

    __slots__ = ()

    def __init__(self, work: Work, thing: object) -> None:
        """Make the root of a view that shows `thing`."""
        super().__init__(work, None, ErrorBoundary(thing, fallback=_nothing))

    @property
    def name(self) -> str:
        """The page."""
        return "the page"

    def fail(self, error: BaseException) -> None:
        """Show the error view: the engine refused the page, or the root never settles."""
        self._begin()
        reads: dict[Source[Any], int] = {}
        if self._within is not None:
            _collect_reads(self._within, reads)
            self._drop_child()
        self._adopt(reads)
        self._failed_mount = self._record(self, error)
        self._show_fallback(self._failed_mount)


class ChildScope(Scope):
    """What a boundary shows as long as all is well."""

    __slots__ = ("_around",)

    def __init__(self, around: BoundaryScope) -> None:
        """Make the scope of a boundary's child."""
        super().__init__(around.work, around, None)
        self._around = around

    @property
    def name(self) -> str:
        """What the boundary is around."""
        return f"child of {self._around.name}"

    def _evaluate(self) -> VNode:
        return as_node(self._around.thing.child)


class FallbackScope(Scope):
    """What a boundary shows instead of its child."""

    __slots__ = ("_around", "failure")

    def __init__(self, around: BoundaryScope, failure: Failure) -> None:
        """Make the scope of a fallback for one failure."""
        super().__init__(around.work, around, around.thing.fallback)
        self._around = around
        self.failure = failure

    @property
    def name(self) -> str:
        """The fallback, with file and line."""
        return f"fallback {name(self.thing)}"

    def _evaluate(self) -> VNode:
        if self._around.parent is None:
            return error_view(self.failure, self.work.host.debug)
        return run_body(self._around.answer, (self.failure,), {}, as_node)

    def _boundary(self) -> Scope:
        return self._around._boundary()


def error_view(failure: Failure, debug: bool) -> VNode:
    """Return the default error view: a sentence, the reference, and for developers the traceback."""
    return h.section(class_="vango-error", role="alert")[
        h.p["This page could not be shown. The error has been recorded."],
        h.p["Reference: ", h.code[failure.reference]] if failure.reference else None,
        h.pre[failure.where, "\n", told(failure.error, shortened(failure.error))] if debug else None,
    ]


def _nothing(error: BaseException, retry: Callable[[], None]) -> object:  # noqa: ARG001
    """Stand for the fallback of the root, which shows the error view."""
    return None


def _collect_reads(scope: Scope, reads: dict[Source[Any], int]) -> None:
    reads.update(scope.reads())
    for child in scope._inner():
        _collect_reads(child, reads)
