"""The rows of a list: run beside each other in one frame, with a scope for those that need one.

Invariants maintained here:
- a row whose function made no state and read nothing has no scope: what it gave is all that is kept;
- what the rows of one render read until one of them gets a scope belongs to that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vango._core import VNode
from vango.components.description import Placed
from vango.components.scope import Scope
from vango.components.states import as_node, run_body, run_rows
from vango.reactive.tracking import Frame, Source, current

if TYPE_CHECKING:
    from vango.components.component import Key
    from vango.components.lists import For, ListScope


class Rows:
    """The rows that run in one render of a list."""

    __slots__ = ("_list", "_outer", "_spare", "placed")

    def __init__(self, list_scope: ListScope) -> None:
        self._list = list_scope
        self._outer = current.frame
        self._spare: RowScope | None = None
        self.placed: dict[Any, Placed] = {}  # those that got a scope of their own, by key

    def run(self, items: Sequence[Any], indexes: Sequence[int], keys: Sequence[Key]) -> list[VNode | Placed]:
        """Run a row for each item; those that need no scope share one that is thrown away."""
        call: For = self._list.thing
        shown: list[VNode | Placed] = []
        scope, reads = self._renew()
        try:
            for content in run_rows(call.row, items, indexes if call.takes_index else None):
                if not reads and scope.is_empty:
                    shown.append(content)
                    continue
                n = len(shown)
                scope.begin_with(content, reads, items[n], indexes[n])
                self.placed[keys[n]] = row = Placed(scope, keys[n])
                shown.append(row)
                scope, reads = self._renew()
        except BaseException:
            if self._outer.reads is not None:
                self._outer.reads.update(reads)  # what makes the list try again
            raise
        finally:
            current.frame = self._outer
        return shown

    def _renew(self) -> tuple[RowScope, dict[Source[Any], int]]:
        """Let what runs next do so in a scope of its own; return that, and where its reads go."""
        scope = self._spare = RowScope(self._list)
        reads: dict[Source[Any], int] = {}
        current.frame = Frame(reads, scope, scope, None, self._outer)
        return scope, reads

    def undo(self) -> None:
        """Dispose the rows that were made, because a later one raised."""
        for row in self.placed.values():
            row.scope.dispose()
        if self._spare is not None:
            self._spare.dispose()


class RowScope(Scope):
    """A row that made state or read something: it runs again alone."""

    __slots__ = ("_first", "_index", "_item", "_list", "_wanted")

    def __init__(self, parent: ListScope) -> None:
        """Make a row that has not run."""
        super().__init__(parent.work, parent, None)
        self._list = parent
        self._item: Any = None
        self._index = 0
        self._wanted = False
        self._first: tuple[VNode, dict[Source[Any], int]] | None = None

    @property
    def name(self) -> str:
        """The row function, with file and line."""
        return f"row {self._index} of {self._list.name}"

    @property
    def is_empty(self) -> bool:
        """Whether its function asked for nothing that needs a scope."""
        return self._states is None and self._cleanups is None and self._contexts is None

    def begin_with(self, content: VNode, reads: dict[Source[Any], int], item: object, index: int) -> None:
        """Take what its first run gave; `render` shows it."""
        self._item, self._index = item, index
        self._first = content, reads
        if self._states is not None:
            self._states.check()

    def give(self, item: object, index: int) -> None:
        """Take a new item; the list renders the row next."""
        self._item, self._index = item, index
        self._wanted = True

    def continues(self, thing: object) -> bool:
        """A row is its own."""
        return type(thing) is Placed and thing.scope is self

    def receive(self, thing: object) -> bool:  # noqa: ARG002
        """Render again for a new item."""
        wanted, self._wanted = self._wanted, False
        return wanted

    def render(self) -> None:
        """As `Scope.render`; the first run has taken place in the list."""
        if self._first is None:
            super().render()
            return
        (content, reads), self._first = self._first, None
        try:
            self._show(content, reads)
        finally:
            self._adopt(reads)
        self._end()
        if self._stale():
            self._notify()

    def _evaluate(self) -> VNode:
        call: For = self._list.thing
        args = (self._item, self._index) if call.takes_index else (self._item,)
        return run_body(call.row, args, {}, as_node)
