"""`For`: a list that runs its rows again only where an item changed.

Invariants maintained here:
- a row is known by its key; what it showed is named by its index in the last render and stays the same node,
  so the engine skips it and no Python object has to keep it;
- a row gets a scope of its own when its function made state or read something, and then keeps it;
- a render that raises leaves the rows of the last one standing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain, compress, count, islice
from operator import is_not
from typing import Any, TypeAlias, TypeVar, cast
from uuid import UUID

from vango._core import VNode, rows as rows_of
from vango.components.component import Key
from vango.components.description import Description, Placed
from vango.components.rows import Rows, RowScope
from vango.components.scope import _UNSET, Scope
from vango.components.states import run_body
from vango.components.window import Window, WindowScope
from vango.naming import name, required_arguments
from vango.reactive.equality import Same, same_value

T = TypeVar("T")

_KEYS = (str, int, bytes, UUID, tuple)

# Of the rows of a list: so many at the beginning stay, those behind them by index or anew, their keys, so
# many at the end stay; and the rows that have a scope, by key.
_Change: TypeAlias = "tuple[int, list[int | VNode | Placed], list[Any], int, dict[Any, Placed]]"


class For(Description):
    """A list of rows: `For(todos, key=lambda todo: todo.id, render=lambda todo: h.li[todo.text])`."""

    __slots__ = ("each", "first", "key_of", "row", "same", "takes_index", "window")
    each: Any
    key_of: Callable[[Any], Key]
    row: Callable[..., object]
    same: Same | None
    takes_index: bool
    window: Window | None
    first: Callable[[], int] | None  # the index of the first item, where these are part of a longer list

    def __new__(
        cls,
        each: Iterable[T] | Callable[[], Iterable[T]],
        *,
        key: Callable[[T], Key],
        render: Callable[[T], object] | Callable[[T, int], object],
        same: Callable[[T, T], object] | None = None,
        window: Window | None = None,
    ) -> For:
        """Describe a list.

        Args:
            each: A signal, memo or function that gives the items, or the items themselves.
            key: Gives the key of an item: a str, int, bytes, UUID or a tuple of these, each once.
            render: Gives what an item shows. It runs again when the item is another object, and for
                all items when the component around the list renders again. A second required
                parameter gets the index, and then it also runs when the index changes.
            same: `same(old, new)` says that two items of one key show the same, though they are two objects.
            window: Show only the rows in view, in an element that scrolls; `each` then gives a list, a tuple
                or another sequence, of which only the part that shows is asked for.

        Raises:
            TypeError: `key` or `render` cannot be called, or `window` is no `Window`.
        """
        for what, given in (("key", key), ("render", render)):
            if not callable(given):
                raise TypeError(
                    f"For({what}=...) is a function of the item, for example lambda item: item.id"
                )
        if window is not None and not isinstance(window, Window):
            raise TypeError(f"For(window=...) is a Window(row_height=32, height=480), not {window!r:.80}")
        self = super().__new__(cls)
        self.window = window
        self.first = None
        self.each = list(each) if isinstance(each, Iterator) else each  # the list may render alone, and again
        self.key_of = key
        self.row = render
        self.same = same
        self.takes_index = required_arguments(render) >= 2
        return self

    def mount(self, parent: Scope) -> Scope:
        """Return the scope of a new list."""
        return ListScope(parent, self) if self.window is None else WindowScope(parent, self)

    def part(self, each: Callable[[], Iterable[Any]], first: Callable[[], int]) -> For:
        """Return the list of a part of these items, which begins with item number `first()`."""
        part = For(each, key=self.key_of, render=self.row, same=self.same)
        part.first = first
        return part

    def items(self) -> Iterable[Any]:
        """Return the items as they are now.

        Raises:
            TypeError: `each` gave something else.
        """
        given = self.each() if callable(self.each) else self.each
        if hasattr(given, "itertuples") or hasattr(given, "iter_rows"):
            raise TypeError(
                f"For(each=...) gave a {type(given).__name__}, whose items are its columns; "
                "give its rows: list(table.itertuples())"
            )
        if not isinstance(given, Iterable):
            raise TypeError(
                f"For(each=...) gave {given!r:.80}, which has no items; give a list, or a signal of one"
            )
        return given


class ListScope(Scope):
    """A mounted list."""

    __slots__ = ("_everything", "_first", "_items", "_keys", "_next", "_placed")

    def __init__(self, parent: Scope, call: For) -> None:
        """Make a list that has not been rendered."""
        super().__init__(parent.work, parent, call)
        self._everything = True  # run all rows: their function may have captured something new
        self._items: list[Any] = []
        self._keys: list[Any] = []
        self._placed: dict[Any, Placed] = {}  # the rows that have a scope, by key
        self._first = 0  # the index of the first item
        self._next: tuple[int, list[Any], list[Any], dict[Any, Placed]] | None = None

    @property
    def name(self) -> str:
        """The row function, with file and line."""
        return f"For with render={name(self.thing.row)}"

    def continues(self, thing: object) -> bool:
        """Any list continues the one at its path; its keys say which rows do."""
        return type(thing) is For and thing.window is None

    def receive(self, thing: For) -> bool:
        """Run all rows again: their function may have captured something else."""
        self.thing = thing
        self._everything = True
        return True

    def _evaluate(self) -> VNode | str | None:
        return run_body(self._items_now, (), {}, self._rows)

    def _items_now(self) -> list[Any]:
        return list(self.thing.items())

    def _rows(self, items: list[Any]) -> VNode | str | None:
        call: For = self.thing
        first = 0 if call.first is None else call.first()
        moved = first - self._first if call.takes_index else 0
        changed = None if self._everything or moved else self._changed(items)
        rows = Rows(self)
        try:
            if changed is not None:
                keys, change = self._run_again(rows, items, changed, first)
            else:
                keys, change = self._run_moved(rows, items, first, moved)
        except BaseException:
            rows.undo()
            raise
        if change is None and self._content is not _UNSET:
            self._next = (first, items, keys, self._placed)
            return self._content
        head, shown, between, tail, placed = change or (0, [], [], 0, {})
        self._next = (first, items, keys, placed)
        stood = None if self._content is _UNSET else cast("VNode", self._content)
        return rows_of(stood, head, shown, tail, between)

    def _changed(self, items: list[Any]) -> dict[int, tuple[int, Any]] | None:
        """Return the items that are other objects: by index, where the key stood before, and the key.

        `None` if other keys stood there, so that all items have to be looked at.
        """
        known, keys, key_of = self._items, self._keys, self.thing.key_of
        if len(items) != len(known):
            return None
        changed = list(compress(count(), map(is_not, known, items)))
        stood = {keys[n]: n for n in changed}
        found: dict[int, tuple[int, Any]] = {}
        for n in changed:
            key = key_of(items[n])
            try:
                old = stood.pop(key, -1)
            except TypeError:  # no key at all
                return None
            if old < 0 or type(key) is not type(keys[old]):
                return None
            found[n] = old, key
        return found

    def _run_again(
        self, rows: Rows, items: list[Any], changed: dict[int, tuple[int, Any]], first: int
    ) -> tuple[list[Any], _Change | None]:
        """Run or move the rows of these items, all others stay; return all keys, and what changes."""
        before, keys, placed = self._items, self._keys.copy(), self._placed
        same, plain = self.thing.same, not self.thing.takes_index
        head, end = (min(changed), max(changed) + 1) if changed else (0, 0)
        shown: list[int | VNode | Placed] = list(range(head, end))
        again: list[int] = []
        moved = False
        for n, (old, key) in changed.items():
            item = items[n]
            keys[n] = key
            moved = moved or old != n
            shown[n - head] = old
            if (plain and before[old] is item) or (same is not None and self._same(old, item, n)):
                continue
            if key in placed:
                moved = True
                self._give(placed[key], item, first + n)
            else:
                again.append(n)
        if not moved and not again:
            return keys, None
        ran = rows.run([items[n] for n in again], [first + n for n in again], [keys[n] for n in again])
        for n, row in zip(again, ran, strict=True):
            shown[n - head] = row
        with_scope = self._in_order(keys, placed | rows.placed)
        return keys, (head, shown, keys[head:end], len(keys) - end, with_scope)

    @staticmethod
    def _in_order(keys: list[Any], placed: dict[Any, Placed]) -> dict[Any, Placed]:
        return {key: placed[key] for key in keys if key in placed} if placed else placed

    def _run_moved(
        self, rows: Rows, items: list[Any], first: int, moved: int
    ) -> tuple[list[Any], _Change | None]:
        """Match rows by their keys and run what is new or another item; return all keys, and what changes."""
        head, tail = self._ends(items, moved)
        end = len(items) - tail
        between = slice(head, len(self._items) - tail)  # of what stood there; rows around it stay as they are
        where = {key: head + n for n, key in enumerate(self._keys[between])}
        keys = self._keys_of(items, head, end, between, where)
        before, everything, placed = self._items, self._everything, self._placed
        plain = not self.thing.takes_index
        shown: list[int | VNode | Placed] = []
        again: list[int] = []
        moves = self._keys[between] != keys
        for index, item, key in zip(count(head), islice(items, head, end), keys, strict=False):
            old = where.get(key, -1)
            shown.append(old)
            if old >= 0:
                if not everything and (
                    (plain and before[old] is item) or self._same(old, item, index + moved)
                ):
                    continue
                if key in placed:
                    moves = True
                    self._give(placed[key], item, first + index)
                    continue
            if not isinstance(key, _KEYS) or key is True or key is False:
                raise TypeError(_no_key(self.name, item, key))
            again.append(index)
        if not moves and not again:
            return self._keys, None
        ran = rows.run([items[n] for n in again], [first + n for n in again], [keys[n - head] for n in again])
        for n, row in zip(again, ran, strict=True):
            shown[n - head] = row
        every = [*self._keys[:head], *keys, *self._keys[between.stop :]]
        return every, (head, shown, keys, tail, self._in_order(every, placed | rows.placed))

    @staticmethod
    def _give(row: Placed, item: object, index: int) -> None:
        assert isinstance(row.scope, RowScope)
        row.scope.give(item, index)

    def _ends(self, items: list[Any], moved: int) -> tuple[int, int]:
        """Return how many rows at the beginning and at the end show the same objects at the same index."""
        known = self._items
        if self._everything or moved:
            return 0, 0
        shorter = min(len(known), len(items))
        head = _alike(known, items)
        if head == shorter or (self.thing.takes_index and len(known) != len(items)):
            return head, 0
        return head, min(shorter - head, _alike(reversed(known), reversed(items)))

    def _keys_of(
        self, items: list[Any], head: int, end: int, between: slice, where: Collection[Any]
    ) -> list[Any]:
        """Return the keys of the items that are looked at; each differs from all others."""
        key_of = self.thing.key_of
        known, old = self._items[between], self._keys[between]
        now = items[head:end]
        if self._everything:
            keys = [key_of(item) for item in now]
        else:
            long = len(known)
            keys = [old[n] if n < long and item is known[n] else key_of(item) for n, item in enumerate(now)]
        try:
            different = set(keys)
            twice = len(different) < len(keys)
            if not twice and len(old) < len(self._keys) and (fresh := different.difference(where)):
                twice = not fresh.isdisjoint(chain(self._keys[:head], self._keys[between.stop :]))
        except TypeError as error:
            raise TypeError(
                f"{self.name}: {error}; a key is a str, int, bytes, UUID or a tuple of these"
            ) from None
        if twice:
            seen: set[Any] = set()
            every = chain(self._keys[:head], keys, self._keys[between.stop :])
            which = next(key for key in every if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            raise ValueError(f"{self.name}: two items have the key {which!r}; give each its own")
        return keys

    def _same(self, old: int, item: object, index: int) -> bool:
        if self.thing.takes_index and old != index:
            return False
        known, same = self._items[old], self.thing.same
        return known is item or (same is not None and same_value(same, known, item))

    def _end(self) -> None:
        if self._next is not None:
            self._first, self._items, self._keys, self._placed = self._next
            self._next = None
        self._everything = False
        super()._end()

    def dispose(self) -> None:
        """End, with all rows."""
        super().dispose()
        self._items, self._keys, self._placed = [], [], {}


def _alike(old: Iterable[object], new: Iterable[object]) -> int:
    """Return how many objects are the same from the beginning on; it takes a few ns for each."""
    differing = list(map(is_not, old, new))
    return differing.index(True) if True in differing else len(differing)


def _no_key(where: str, item: object, key: object) -> str:
    return (
        f"{where}: the key of {item!r:.80} is {key!r:.80} ({type(key).__name__}); a key is a str, int, "
        "bytes, UUID or a tuple of these: write int(...) or str(...) around it, or choose what tells the "
        "items apart"
    )
