"""The rows of a list: run beside each other in one frame, with a scope for those that need one.

Invariants maintained here:
- a row whose function made no state and read nothing has no scope: what it gave is all that is kept;
- what the rows of one render read until one of them gets a scope belongs to that one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vango._core import VNode, fragment
from vango.components.description import Placed
from vango.components.scope import Scope
from vango.components.states import as_node, run_body
from vango.reactive.tracking import Frame, Source, current

if TYPE_CHECKING:
    from vango.components.component import Key
    from vango.components.lists import For, ListScope


class Rows:
    """The rows that run in one render of a list."""

    __slots__ = ("_frame", "_list", "_outer", "_promoted", "_reads", "_spare")

    def __init__(self, list_scope: ListScope) -> None:
        self._list = list_scope
        self._promoted: list[RowScope] = []
        self._renew()

    def _renew(self) -> None:
        self._spare = RowScope(self._list)
        self._reads: dict[Source[Any], int] = {}
        self._outer = current.frame
        self._frame = Frame(self._reads, self._spare, self._spare, None, self._outer)

    def run(self, item: object, index: int, key: Key) -> VNode | Placed:
        """Run a row; what needs no scope shares one that is thrown away."""
        row = self._spare
        call: For = self._list.thing
        current.frame = self._frame
        try:
            content = run_body(call.row, (item, index) if call.takes_index else (item,), {}, as_node)
        except BaseException:
            if self._outer.reads is not None:
                self._outer.reads.update(self._reads)  # what makes the list try again
            raise
        finally:
            current.frame = self._outer
        if not self._reads and row.is_empty:
            return content if content.key == key else fragment((content,), key=key)
        row.begin_with(content, self._reads, item, index)
        self._promoted.append(row)
        self._renew()
        return Placed(row, key)

    def undo(self) -> None:
        """Dispose the rows that were made, because a later one raised."""
        for row in (*self._promoted, self._spare):
            row.dispose()


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
