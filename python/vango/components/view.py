"""A view: the tree of scopes behind one page, and the only caller of the engine's `Tree`."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from vango._core import ANSWER_KIND, EngineError, Tree, VNode, inspect_handler
from vango.components.boundary import RootScope
from vango.components.handlers import resolve
from vango.components.host import Host
from vango.components.marked import On
from vango.components.refs import Ref
from vango.components.scope import Scope
from vango.components.slots import SlotScope
from vango.components.weight import weigh
from vango.components.work import Work
from vango.naming import innermost, site
from vango.reactive.tracking import CONTAINED, current, settle

"""What an element with a ref listens to."""


@dataclass(slots=True)
class Target:
    """The handler of one event.

    Attributes:
        scope: Where it stands; one handler of one scope runs at a time.
        fn: The newest function; blocking if it has `__vango_blocking__`.
        args: What it is given first, before the event.
        takes_event: Whether it is given the event after them.
        marks: What `on()` says of it.
        forwarded: Whether another event may find another function here, without a change of the page.
    """

    scope: Scope
    fn: Callable[..., Any]
    args: tuple[Any, ...]
    takes_event: bool
    marks: On | None
    forwarded: bool

    def __str__(self) -> str:
        """Where it was written, `"file:line"`; found out only when somebody wants to know."""
        return site(self.fn)

    @property
    def key(self) -> tuple[Scope, object]:
        """The scope and the code, for each render makes a closure anew: of one key, one runs at a time."""
        return self.scope, getattr(innermost(self.fn), "__code__", self.fn)


class View:
    """What one session shows.

    `mount()` renders the page, `flush()` brings it up to date after signals were written, `close()` ends it.
    No error of the application gets out of these: boundaries, and at last the error view, show it.

    Attributes:
        tree: The engine's tree.
        lower: Whether the client knows ops 01 to 05 only, so that `flush` has to lower all others.
    """

    def __init__(self, root: object, host: Host) -> None:
        """Prepare a view of `root`, anything that may be a child of an element."""
        self.tree = Tree()
        self.lower = False
        self._work = Work(host, SlotScope)
        self._work.view = weakref.ref(self)
        self._root = RootScope(self._work, root)
        self._closed = False
        self._newest: tuple[tuple[int, int], Target] | None = None  # whom an event reached last

    @property
    def dirty(self) -> bool:
        """Whether a flush is due."""
        return bool(self._work.dirty)

    @property
    def scope(self) -> Scope:
        """The scope of all that it shows."""
        return self._root

    @property
    def failed(self) -> bool:
        """Whether the error view shows in place of the page."""
        return self._root._failure is not None

    @property
    def scope_count(self) -> int:
        """How many scopes are mounted, those behind a fallback included. O(scopes)."""
        return 0 if self._closed else _count(self._root)

    @property
    def weight(self) -> int:
        """About how many bytes it takes, with its tree and what its signals hold. O(scopes and nodes).

        What sessions share, a node or a value at module level for one, is part of each.
        """
        return self.tree.weight + (0 if self._closed else weigh(self._root))

    def mount(self) -> None:
        """Render the page for the first time. Call `html()` or `tree.snapshot()` next."""
        self._root.require()
        self.flush()

    def html(self) -> str:
        """Return the page as HTML, with the hids that PROTOCOL 3.2 asks for."""
        return self.tree.html()

    def flush(self) -> bytes:
        """Render what is dirty and return the ops of one burst, `b""` if the page stays as it is.

        Raises:
            EngineError: A bug of the engine; this view must not be used again.
        """
        if self._closed:
            return b""
        now, work = current, self._work
        now.depth += 1
        try:
            work.rendering = True
            try:
                work.render()
                if self._newest is not None and (work.vanished or self._newest[1].scope in work.changed):
                    self._newest = None
                ops = self._update()
                for place in work.unsaid() if work.restated else ():
                    ops += self.tree.restate(place, lower=self.lower)
            finally:
                work.rendering = False
            if work.rendered or work.vanished:
                work.commit()
            if work.owed:
                work.perform()
        finally:
            now.depth -= 1
        if not now.depth and now.queue:
            try:
                settle()
            except CONTAINED as error:  # of an effect that belongs to no view
                self._work.report(error, "an effect")
        return ops

    def answer(self, hid: int, said: Sequence[str] | None) -> bytes:
        """Return the ops that show what the slots of a control hold, where it `said` something else."""
        return b"" if self._closed else self.tree.answer(hid, said, lower=self.lower)

    def target(self, hid: int, kind: int) -> Target | None:
        """Return the handler of an event kind on a node, `None` if it does not listen (any more)."""
        found = self.tree.listener(hid, kind)
        if found is None:
            return None
        if self._newest is not None and self._newest[0] == found:
            return self._newest[1]
        target = self._resolve(*found)
        # A function stays what it is as long as it has its ref; what forwards may come to lead elsewhere.
        self._newest = None if target is None or target.forwarded else (found, target)
        return target

    def target_of(self, action: str, kind: int) -> Target | None:
        """Return the one handler of an event kind that is named `action`; `None` if there is no one or two.

        O(nodes): only events that a session before this one has left over ask for it.
        """
        named = [
            target
            for _, place, ref in self.tree.listeners(kind)
            if (target := self._resolve(place, ref)) is not None
            and target.marks
            and target.marks.action == action
        ]
        return named[0] if len(named) == 1 else None

    def _resolve(self, place: int, ref: int) -> Target | None:
        scope = self._work.places.get(place)
        if scope is None:
            return None
        handler: Any = scope._content.target(ref)  # type: ignore[union-attr]  # that of a place is a node
        if handler is None:
            return None
        fn, args, forwarded = resolve(handler)
        marks = handler if isinstance(handler, On) else None
        takes_event = inspect_handler((fn, *args) if args else fn)
        return Target(scope, fn, args, takes_event, marks, forwarded)

    def locate(self, ref: Ref) -> int:
        """Return the hid of the element that has a ref, 0 if none has.

        O(nodes of the component that made it), or of the page where it was handed on.

        Raises:
            RuntimeError: Several have it.
        """
        places = self._work.places
        for within in (ref.place, None):
            found = [
                hid
                for hid, place, number in self.tree.listeners(ANSWER_KIND, within=within)
                if place in places and cast("VNode", places[place]._content).target(number) is ref
            ]
            if len(found) > 1:
                raise RuntimeError(
                    f"{len(found)} elements have the same ref; make one for each, in a loop by key="
                )
            if found:
                return found[0]
        return 0

    def go_live(self) -> None:
        """Start the timers: the first socket is there."""
        if not self._closed:
            self._work.go_live()

    def close(self) -> None:
        """End every scope, children first, with effects, timers and cleanups; then those of handlers."""
        if not self._closed:
            self._closed = True
            self._newest = None
            self._root.dispose()
            for effect in tuple(self._work.loose):
                effect.dispose()
            self._work.drop()

    def _update(self) -> bytes:
        updates = self._work.updates()
        if not updates:
            return b""
        try:
            return self.tree.flush(updates, lower=self.lower)
        except EngineError:
            raise
        except Exception as error:  # a bound of the engine that no single scope passed, the depth for one
            self._root.fail(error)
            return self.tree.flush(self._work.updates(), lower=self.lower)


def _count(scope: Scope) -> int:
    return 1 + sum(_count(child) for child in scope._inner())
