"""`stream`: rows that come and go, of which the server keeps only what stands on the page.

Invariants maintained here:
- an item is let go of when its row was rendered, once, for all pages that show the stream;
- at most `limit` rows stand on a page, so a stream that has run for days costs what its window costs;
- the tree holds the window, so a snapshot shows it and a handler in a row is found, as anywhere else.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from vango._core import VNode, fragment
from vango.components.component import Key
from vango.components.description import Description
from vango.components.scope import Scope
from vango.components.states import as_node, run_body
from vango.naming import name, require_function
from vango.reactive.equality import Stable
from vango.reactive.signals import Signal
from vango.reactive.tracking import Frame, current

if TYPE_CHECKING:
    from vango.components.states import States

__all__ = ["Stream", "stream"]

T = TypeVar("T")

_MOST = 100_000  # children of one node


class _Waiting(Generic[T]):
    """An item whose row has not been rendered."""

    __slots__ = ("item",)

    def __init__(self, item: T) -> None:
        self.item = item


class Stream(Description, Stable, Generic[T]):
    """Rows that come and go; `stream()` makes one, and it stands where its rows are to be: `h.ol[log]`.

    What adds rows raises `TypeError` or `ValueError` for what is no key, before anything changes.
    """

    __slots__ = ("__weakref__", "_changes", "_keys", "_known", "_limit", "_row", "_rows", "key_of")
    in_loops: ClassVar[str] = (
        "make it in a component that has a key, Log(item, key=item.id); that of a stream is for its rows"
    )
    key_of: Callable[[T], Key]
    _row: Callable[[T], object]
    _limit: int
    _changes: Signal[int]
    _keys: list[Key]
    _rows: list[VNode | _Waiting[T]]  # one for each key
    _known: set[Key]

    def __new__(cls, key: Callable[[T], Key], render: Callable[[T], object], limit: int) -> Stream[T]:
        """Make a stream without rows; `stream` is the name to use."""
        self = super().__new__(cls)
        self.key_of = key
        self._row = render
        self._limit = limit
        self._changes = Signal(0)
        self._keys, self._rows, self._known = [], [], set()
        return self

    def __len__(self) -> int:
        """How many rows stand on the page; reading it subscribes."""
        self._changes()
        return len(self._keys)

    def __bool__(self) -> bool:
        return True

    def __contains__(self, key: object) -> bool:
        self._changes()
        return key in self._known

    def append(self, item: T) -> None:
        """Add a row at the end; over the limit the first one leaves. One of its key is replaced in place."""
        self._insert(len(self._keys), (item,))

    def prepend(self, item: T) -> None:
        """Add a row at the start; over the limit the last leaves. One of its key is replaced in place."""
        self._insert(0, (item,))

    def insert(self, at: int, item: T) -> None:
        """Add a row in front of the one at `at`. A row of its key is replaced in place.

        Over the limit the first row leaves, or the last one if the new one is the first.
        """
        self._insert(at, (item,))

    def extend(self, items: Iterable[T]) -> None:
        """Add rows at the end, as `append` does."""
        self._insert(len(self._keys), items)

    def remove(self, key: Key) -> bool:
        """Take out the row of `key`; return whether there was one."""
        self._check()
        if key not in self._known:
            return False
        self._drop(self._keys.index(key))
        self._tell()
        return True

    def reset(self, items: Iterable[T] = ()) -> None:
        """Show these rows and no others; of more than the limit the last ones."""
        keyed = self._keyed(items)
        self._check()
        last = dict(keyed[-self._limit :])
        self._keys = list(last)
        self._rows = [_Waiting(item) for item in last.values()]
        self._known = set(last)
        self._tell()

    def renew(self, key: Callable[[T], Key], render: Callable[[T], object]) -> None:
        """Render the rows that come with the newest functions."""
        self.key_of = key
        self._row = render

    def mount(self, parent: Scope) -> Scope:
        """Return the scope of a page that shows it."""
        return StreamScope(parent.work, parent, self)

    def content(self) -> VNode | None:
        """Return the window, with the rows rendered that wait for it.

        Raises:
            Exception: What rendering a row raised; that row is taken out.
        """
        rows = self._rows
        for index, row in enumerate(rows):
            if isinstance(row, _Waiting):
                try:
                    rows[index] = self._rendered(row.item, self._keys[index])
                except BaseException:
                    self._drop(index)
                    raise
        return fragment(cast("list[VNode]", rows)) if rows else None

    @property
    def subject(self) -> str:
        """Name and line of the row's function."""
        return name(self._row)

    def changes(self) -> int:
        """Subscribe to what changes."""
        return self._changes()

    def _insert(self, at: int, items: Iterable[T]) -> None:
        keyed = self._keyed(items)
        self._check()
        if at < 0:
            at = max(0, at + len(self._keys))
        for key, item in keyed:
            if key in self._known:
                self._rows[self._keys.index(key)] = _Waiting(item)
                continue
            self._keys.insert(at, key)
            self._rows.insert(at, _Waiting(item))
            self._known.add(key)
            if len(self._keys) > self._limit:
                self._drop(-1 if at == 0 else 0)
            else:
                at += 1
        self._tell()

    def _keyed(self, items: Iterable[T]) -> list[tuple[Key, T]]:
        """Return the items with their keys; what is no key raises before anything changes."""
        keyed = [(self.key_of(item), item) for item in items]
        for key, _ in keyed:
            try:
                if key is None:
                    raise TypeError(
                        "key=None: each row needs one: a str, int, bytes, UUID or a tuple of these"
                    )
                fragment((), key=key)  # the engine knows what a key is
                hash(key)
            except (TypeError, ValueError) as error:
                raise type(error)(f"stream(key={name(self.key_of)}): {error}") from None
        return keyed

    def _drop(self, index: int) -> None:
        del self._rows[index]
        self._known.discard(self._keys.pop(index))

    def _check(self) -> None:
        if current.writes is not None:
            raise RuntimeError(
                "a stream changes on the loop; from a thread write session.dispatch(log.append, row), with "
                "session = current_session() taken before"
            )
        self._changes._check_writer()

    def _tell(self) -> None:
        self._changes.set(self._changes.peek() + 1)

    def _rendered(self, item: T, key: Key) -> VNode:
        now = current
        outer = now.frame
        now.frame = Frame(None, None, None, None, outer)  # rendered once, so nothing it reads counts
        try:
            content = run_body(self._row, (item,), {}, as_node)
        finally:
            now.frame = outer
        return content if content.key == key else fragment((content,), key=key)

    def __repr__(self) -> str:
        return f"<stream of {len(self._keys)} rows, {self.subject}>"


class StreamScope(Scope):
    """A stream on a page."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The row function, with file and line."""
        return f"stream with render={self.thing.subject}"

    def continues(self, thing: object) -> bool:
        """Another stream is other rows."""
        return thing is self.thing

    def receive(self, thing: Any) -> bool:  # noqa: ARG002
        """What is new came by itself."""
        return False

    def _evaluate(self) -> VNode | None:
        self.thing.changes()
        return cast("VNode | None", self.thing.content())


def stream(
    *,
    key: Callable[[T], Key],
    render: Callable[[T], object],
    limit: int = 1_000,
    items: Iterable[T] = (),
) -> Stream[T]:
    """Return rows that come and go, of which the server keeps only what stands on the page.

    ```python
    log = stream(key=lambda line: line.id, render=lambda line: h.li[line.text], limit=500)
    subscribe(lines, log.append)
    return h.ol[log]
    ```
    In a body the same one at each render, else a new one: one of the module shows in all sessions, and each
    row is rendered once for all of them.

    Args:
        key: Gives the key of an item, each once: a str, int, bytes, UUID or a tuple of these.
        render: Gives what an item shows, once: what changes in a row later is a signal or a component in it.
        limit: How many rows stand on the page at most.
        items: The first rows. In a body, those of its first render.

    Raises:
        RuntimeError: The same place is reached more or less often than in the last render.
        TypeError: `key` or `render` cannot be called, or an item has what is no key.
        ValueError: `limit` is below 1 or above 100,000, or an int of a key is too long.
    """
    require_function(key, "stream(key=...)", "key=lambda line: line.id")
    require_function(render, "stream(render=...)", "render=lambda line: h.li[line.text]")
    if inspect.iscoroutinefunction(render):
        raise TypeError(
            f"a row cannot wait: {name(render)} is an async def; load first, then append what came"
        )
    if not 1 <= limit <= _MOST:
        raise ValueError(f"stream(limit={limit}): a window of 1 to {_MOST:,} rows")
    body = current.frame.body
    if body is None:
        return _made(key, render, limit, items)
    states: States = body.states()
    place = states.find(None, "stream")
    found = states.get(place, Stream)
    if found is None:
        found = _made(key, render, limit, items)
        states.put(place, found)
    else:
        found.renew(key, render)
    return found


def _made(
    key: Callable[[T], Key], render: Callable[[T], object], limit: int, items: Iterable[T]
) -> Stream[T]:
    made = Stream(key, render, limit)
    made.reset(items)
    return made
