"""Signal and Memo: values that know who reads them.

Invariants maintained here:
- a memo computes at most once between two writes, and only when somebody asks;
- a memo that nobody observes is subscribed to nothing, so it leaks nothing; versions tell it
  whether what it computed is still right;
- whoever reads sees a state that all memos agree on.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from copy import copy
from itertools import count
from types import CoroutineType, TracebackType
from typing import Any, Generic, Self, TypeVar, cast

from vango.naming import label, name, require_function
from vango.reactive.blocks import batch, untracked
from vango.reactive.equality import Same, changes_in_place, same_function, same_value
from vango.reactive.onlooker import onlooker
from vango.reactive.tracking import (
    CONTAINED,
    CycleError,
    Frame,
    Observer,
    Source,
    call,
    current,
    settle,
    tell,
)

__all__ = ["CycleError", "Memo", "Signal", "batch", "put", "untracked", "write_epoch"]

T = TypeVar("T")

_writes = count(1)
_epoch = 0  # moves with every write in the process; while it stands, no memo needs a look at its sources


def write_epoch() -> int:
    """Return a number that is another after each write."""
    return _epoch


class Signal(Source[T], Generic[T]):
    """A value that can be written; whoever read it hears of it.

    `signal()` and `signal.value` read and subscribe the reader, `peek()` only reads.
    As a child or attribute value it is a slot: only that place changes.
    """

    __slots__ = ("_same",)
    _same: Same | None

    def __new__(cls, value: T, *, same: Same | None = None) -> Self:
        """Make a signal that holds `value`.

        Args:
            value: What it holds.
            same: `same(old, new)` says whether a write changes nothing; by default values are the
                same when they have one type and are equal.
        """
        self = super().__new__(cls)
        self._value = value
        self._version = 1
        self._observers = None
        self._thread = 0
        self._same = same
        looking = onlooker.get()
        if looking is not None:
            looking.made(self)
        return self

    def __call__(self) -> T:
        """Return the value, and run the reader again when it changes."""
        now = current
        reads = now.frame.reads
        if reads is not None:
            reads.setdefault(self, self._version)
        elif now.writes is not None:
            return now.writes.read(self)
        return self._value

    @property
    def value(self) -> T:
        """The value; reading it subscribes, like calling the signal, and setting it is `set`."""
        return self()

    @value.setter
    def value(self, value: T) -> None:
        self.set(value)

    def peek(self) -> T:
        """Return the value without subscribing."""
        writes = current.writes
        return self._value if writes is None else writes.read(self)

    def set(self, value: T) -> None:
        """Write a value; nothing happens when it is the same.

        A list, dict or set that is written again counts as changed, because it may hold something else now.

        Raises:
            RuntimeError: In a memo, or in another thread than the one that observes the signal.
            TypeError: `value` is a coroutine that nobody awaited.
        """
        now = current
        frame = now.frame
        if now.writes is not None:
            now.writes.write(self, value, lambda: self.set(value))
            return
        if frame.memo is not None or (self._observers and self._thread != now.thread):
            self._check_writer()
        if same_value(self._same, self._value, value) and (
            value is not self._value or self._same is not None or not changes_in_place(value)
        ):
            return
        if isinstance(value, CoroutineType):
            value.close()
            raise TypeError(
                f"a signal was given the coroutine {label(value)}(); write await {label(value)}()"
            )
        if frame.body is not None:
            frame.body.wrote()
        self._hold(value)

    def _check_writer(self) -> None:
        """Raise where nobody may write: in a memo, in a thread that does not observe it, and too early."""
        now = current
        looking = onlooker.get()
        if looking is not None and now.writes is None:
            looking.check(self)
        if now.frame.memo is not None:
            raise RuntimeError(_written_in_memo(now.frame.memo))
        if self._observers and self._thread != now.thread and now.writes is None:
            raise RuntimeError(
                "a signal was written in another thread than the one where it is observed; write "
                "session.dispatch(signal.set, value) with session = current_session() taken in the body "
                "or handler, or blocking(handler) for a slow handler"
            )

    def _put(self, value: T) -> None:
        """Write a value that is another one; `_check_writer` was called, and writes are not deferred."""
        body = current.frame.body
        if body is not None:
            body.wrote()
        self._hold(value)

    def _hold(self, value: T) -> None:
        """Hold another value and tell the observers."""
        looking = onlooker.get()
        if looking is not None:
            looking.check(self)
        self._value = value
        self._version += 1
        global _epoch
        _epoch = next(_writes)  # another number even if two threads write at once
        observers = self._observers
        if observers:
            for observer in tuple(observers):
                further = observer._notify()
                if further:
                    tell(further)
            now = current
            if not now.depth and now.queue:
                settle()

    def update(self, change: Callable[[T], T]) -> None:
        """Write `change(value)`: `count.update(lambda n: n + 1)`.

        In a `blocking` function, `change` is called once more, on the loop, where somebody else has written
        meanwhile.

        Raises:
            TypeError: `change` is no function, or gave `None` for a list, dict or set: it changed that in
                place.
        """
        if not callable(change):
            raise TypeError(f"update() takes a function of the value; write {self._instead_of_update}")
        writes = current.writes
        old = self._to_change()
        new = change(old)
        if new is None and changes_in_place(old):
            raise TypeError(
                f"update() writes what its function returns, and {name(change)} returned None; "
                "write update(lambda items: [*items, new]), which makes a new list"
            )
        if writes is None:
            self.set(new)
        else:
            writes.write(self, new, lambda: self.update(change))

    _instead_of_update = "set(value), or update(lambda old: old + 1)"

    def _to_change(self) -> T:
        """Return the value for a function that makes another one of it."""
        writes = current.writes
        return self._value if writes is None else writes.read(self)

    def mutate(self, change: Callable[[T], object]) -> None:
        """Write a copy that `change` has changed in place: `shape.mutate(lambda shape: shape.move(1, 0))`.

        The copy is shallow, as `copy.copy` makes it, so who has read the value keeps what it was; what
        `change` returns is ignored. In a `blocking` function it may be called twice, as in `update`.

        Raises:
            RuntimeError: As `set`.
        """
        self._check_writer()
        value = copy(self.peek())
        change(value)
        writes = current.writes
        if writes is None:
            self._put(value)
        else:
            writes.write(self, value, lambda: self.mutate(change))

    def __repr__(self) -> str:
        return f"Signal({self._value!r})"


def put(source: Source[T], value: T) -> None:
    """Write a signal that others are only given to read."""
    cast("Signal[T]", source).set(value)


class Memo(Source[T], Observer, Generic[T]):
    """A value computed from others, on demand, once for each change of what it read.

    An error is kept like a value: every read raises it until something read has changed.
    """

    __slots__ = ("_dirty", "_error", "_fn", "_running", "_same", "_seen", "_sources", "_told", "_trace")
    _fn: Callable[[], T]
    _same: Same | None
    _dirty: bool  # something read may have changed; kept up to date only while observed
    _told: bool  # and the observers know
    _running: bool
    _seen: int  # the epoch in which it was last known to be right
    _error: BaseException | None
    _trace: TracebackType | None

    def __new__(cls, fn: Callable[[], T], *, same: Same | None = None) -> Memo[T]:
        """Make a memo of `fn`, which is called on the first read.

        Args:
            fn: Reads signals and memos and returns the value; must not write signals.
            same: As for `Signal`; a result that is the same wakes nobody.

        Raises:
            TypeError: `fn` is no function, or an `async def`.
        """
        require_function(fn, "memo()", "memo(lambda: count() * 2)")
        if inspect.iscoroutinefunction(fn):
            raise TypeError(
                f"a memo cannot wait: {name(fn)} is an async def; write resource({label(fn)}, key=...), "
                "which calls it again when its key changes"
            )
        self = super().__new__(cls)
        self._fn = fn
        self._same = same
        self._version = 0
        self._observers = None
        self._thread = 0
        self._sources = ()
        self._error = self._trace = None
        self._dirty = self._told = self._running = False
        self._seen = -1
        return self

    def __call__(self) -> T:
        """Return the value, computed if it must be, and run the reader again when it changes."""
        now = current
        if now.writes is not None:
            return now.writes.compute(self, _epoch)  # another thread: what it reads may differ
        reads = now.frame.reads
        try:
            self._refresh()
        except BaseException:
            if reads is not None:
                reads.setdefault(self, -1)  # whatever it comes to is another value
            raise
        if reads is not None:
            reads.setdefault(self, self._version)
        return self._result()

    @property
    def value(self) -> T:
        """The value; reading it subscribes, like calling the memo."""
        return self()

    def peek(self) -> T:
        """Return the value, computed if it must be, without subscribing."""
        writes = current.writes
        if writes is not None:
            return writes.compute(self, _epoch)
        self._refresh()
        return self._result()

    def __repr__(self) -> str:
        return f"Memo({name(self._fn)})"

    def _result(self) -> T:
        if self._error is not None:
            raise self._error.with_traceback(self._trace)  # else each read would lengthen the traceback
        return self._value

    def _refresh(self) -> None:
        if self._running:
            raise CycleError(_cycle(self))
        if self._observers and not self._dirty:
            return
        if self._seen == _epoch:
            self._dirty = self._told = False
            return
        _bring_up_to_date(self)

    def _begin(self) -> _Refresh:
        """Look at what was read: it is right unless that shows otherwise."""
        begun = _Refresh(self)  # which may raise where the stack ends, so before anything is changed
        self._dirty = self._told = False
        self._seen = _epoch
        self._running = True
        return begun

    def _needs_a_look(self) -> bool:
        return not self._running and self._seen != _epoch and (self._dirty or not self._observers)

    def _compute(self) -> None:
        now = current
        outer = now.frame
        reads: dict[Source[Any], int] = {}
        now.frame = Frame(reads, None, None, self, outer)
        try:
            value: T = call(self._fn)
        except RecursionError:  # of who asked, as much as its own: asked from elsewhere it may succeed
            self._seen = -1
            self._dirty = True
            raise
        except CONTAINED as error:
            self._error = error
            self._trace = error.__traceback__
            self._version += 1
        except BaseException:
            self._seen = -1
            self._dirty = True
            raise
        else:
            if self._error is not None or not self._version or not same_value(self._same, self._value, value):
                self._value = value
                self._error = self._trace = None
                self._version += 1
        finally:
            now.frame = outer
            if self._observers:
                self._adopt(reads)
            else:
                self._sources = tuple(part for pair in reads.items() for part in pair)

    def _replace(self, fn: Callable[[], T]) -> None:
        """Compute with `fn` from now on; what has been computed stays right if it does the same."""
        if fn is self._fn:
            return
        if not same_function(self._fn, fn):
            self._seen = -1
            tell((self,))
        self._fn = fn

    def _notify(self) -> Iterable[Observer] | None:
        self._dirty = True
        if self._told:
            return None
        self._told = True
        return self._observers

    def _add(self, observer: Observer) -> None:
        first = not self._observers
        super()._add(observer)
        if first:
            self._dirty, self._told = True, False  # nobody told it anything so far
            for source in self._sources[::2]:
                source._add(self)

    def _drop(self, observer: Observer) -> None:
        super()._drop(observer)
        if not self._observers:
            for source in self._sources[::2]:
                source._drop(self)


class _Refresh:
    """A memo whose sources are looked at, as far as that has come."""

    __slots__ = ("at", "memo", "seen", "sources")

    def __init__(self, memo: Memo[Any]) -> None:
        self.memo = memo
        self.seen = memo._seen
        self.sources = memo._sources
        self.at = 0

    def next_memo(self) -> Memo[Any] | None:
        """Return the next source to be looked at first; else `at` is where one has changed, or the end."""
        sources = self.sources
        while self.at < len(sources):
            source = sources[self.at]
            if isinstance(source, Memo):
                if source._running:
                    break  # it needs itself: computing says so
                if source._needs_a_look():
                    return source
            else:
                source._refresh()
            if source._version != sources[self.at + 1]:
                break
            self.at += 2
        return None


def _bring_up_to_date(memo: Memo[Any]) -> None:
    """Refresh a memo and what it was computed from, the deepest first: a long chain is no deep recursion."""
    path = [memo._begin()]
    try:
        while path:
            now = path[-1]
            below = now.next_memo() if now.seen >= 0 else None
            if below is not None:
                path.append(below._begin())
                continue
            if now.seen < 0 or now.at < len(now.sources):
                now.memo._compute()
            now.memo._running = False
            path.pop()
    except BaseException:
        for open_ in path:
            open_.memo._running = False
            open_.memo._seen = -1
            open_.memo._dirty = True
        raise


def _written_in_memo(memo: Memo[Any]) -> str:
    return (
        f"the memo {name(memo._fn)} writes a signal; a memo only computes: "
        "return the value, or write in an effect or a handler"
    )


def _cycle(memo: Memo[Any]) -> str:
    path: list[Memo[Any]] = []
    frame: Frame | None = current.frame
    while frame is not None and memo not in path:
        if frame.memo is not None and frame.memo not in path:
            path.insert(0, frame.memo)
        frame = frame.outer
    around = [memo, *(other for other in path if other is not memo), memo]
    names = " -> ".join(name(other._fn) for other in around)
    return f"memos need each other: {names}; let one of them read a signal instead"
