"""The table of what one body made, by where it was made.

Invariants maintained here:
- a place is found by the path of call sites, the key, and a counter where the path repeats;
- a render that raises changes nothing here that the next one would miss;
- call sites never leave the process.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from itertools import repeat
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from vango._core import VNode, node
from vango.components.activities import Activity
from vango.naming import LOAD_FIRST
from vango.reactive.effects import Effect
from vango.reactive.tracking import KNOWN, stray

if TYPE_CHECKING:
    from vango.components.scope import Scope

T = TypeVar("T")


def run_body(
    fn: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, Any], finish: Callable[[Any], T]
) -> T:
    """Call a body and `finish` what it returns: a generator still runs as part of the body.

    The frame of this call is where every path of call sites begins.
    """
    try:
        return finish(fn(*args, **kwargs))
    except KNOWN:
        raise
    except BaseException as error:
        raise stray(error) from error


def run_rows(
    row: Callable[..., object], items: Iterable[Any], indexes: Iterable[int] | None
) -> Iterator[VNode]:
    """Call one body after the other and give what they show; each runs when it is asked for.

    Args:
        row: The body of each.
        items: What each is called with.
        indexes: What else each is called with, if anything.

    A path of call sites begins here as it does in `run_body`, by which a row runs that runs alone.
    """
    numbered = repeat(0) if indexes is None else indexes
    for item, index in zip(items, numbered, strict=False):
        try:
            content = as_node(row(item) if indexes is None else row(item, index))
        except KNOWN:
            raise
        except BaseException as error:
            raise stray(error) from error
        yield content


_IN_LOOPS = "give each its own key: signal(0, key=item.id)"
"""What to write in a loop, for state of a kind that says nothing else as its `in_loops`."""

_ROOT, _ROOT_OF_ROWS = run_body.__code__, run_rows.__code__


def as_node(result: object) -> VNode:
    """Return what a body returned as a node.

    Raises:
        TypeError: It cannot be shown; the sentence says what to write.
    """
    if type(result) is VNode:
        return result
    refuse_coroutine(result)
    return node(result)


def refuse_coroutine(result: object) -> None:
    """Raise if a body or slot returned a coroutine.

    Raises:
        TypeError: It did; the sentence says what to write.
    """
    if inspect.iscoroutine(result):
        result.close()  # else Python warns that nobody awaited it
        raise TypeError(
            f"{result.__qualname__}() is a coroutine, and neither a body nor a slot can wait; {LOAD_FIRST}"
        )


class States:
    """The state of one body."""

    __slots__ = ("_codes", "_counts", "_entries", "_keyed", "_last", "_pending", "_scope")

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._entries: dict[Hashable, Any] = {}
        self._last: dict[Hashable, int] = {}  # how often each path was reached when it last was
        self._counts: dict[Hashable, int] = {}  # the same, in the render that runs
        self._keyed: set[Hashable] = set()  # keyed places reached in the render that runs
        self._pending: list[Effect | Activity] = []  # to start when the render is on the page
        self._codes: dict[int, CodeType] = {}  # kept alive, because a path names them by their address

    def begin(self) -> None:
        """Begin a render."""
        self._counts = {}
        self._keyed = set()
        self._pending = []

    def find(self, key: Hashable, what: str, *, up: int = 0) -> Hashable:
        """Return the place of the state being made by the caller of the caller, or of one `up` further up.

        Raises:
            RuntimeError: The place repeats more often than in the last render, or its key does.
            TypeError: The key has no hash.
        """
        path = self._path(key, what, 3 + up)
        if key is not None:
            place = ("key", path, key)
            try:
                again = place in self._keyed
            except TypeError:
                raise TypeError(
                    f"{what}(key={key!r:.80}): a key is what has a hash: a str, an int, a UUID or a tuple of "
                    "these"
                ) from None
            if again:
                raise RuntimeError(
                    f"{what}(key={key!r}) was made twice in {self._scope.name}; give each its own key"
                )
            self._keyed.add(place)
            return place
        count = self._counts.get(path, 0)
        self._counts[path] = count + 1
        if count == 0:
            return path
        if self._last.get(path, count + 1) <= count:
            raise RuntimeError(self._miscounted(path, count + 1))
        return (path, count)

    def check(self) -> None:
        """Check at the end of a body that each place was reached as often as the last time.

        Raises:
            RuntimeError: It was not, so nobody knows which state belongs to which call.
        """
        last = self._last
        for path, count in self._counts.items():
            if last.setdefault(path, count) != count:
                raise RuntimeError(self._miscounted(path, count))

    def get(self, place: Hashable, kind: type[T]) -> T | None:
        """Return what stands at a place, if it is of that kind."""
        found = self._entries.get(place)
        return found if isinstance(found, kind) else None

    def put(self, place: Hashable, entry: object) -> None:
        """Keep new state at a place."""
        self._stop(self._entries.get(place))
        self._entries[place] = entry

    def start_later(self, entry: Effect | Activity) -> None:
        """Start an effect or a timer when this render is on the page."""
        self._pending.append(entry)

    def commit(self) -> None:
        """Let go of what the render did not reach, and start what it made.

        Keyed state ends, effects and timers stop; signals and memos without a key are kept.
        """
        gone = [
            place
            for place, entry in self._entries.items()
            if not self._reached(place) and (_is_keyed(place) or isinstance(entry, (Effect, Activity)))
        ]
        for place in gone:
            self._stop(self._entries.pop(place))
        pending, self._pending = self._pending, []
        for entry in pending:
            entry.schedule()

    def commit_ahead(self) -> None:
        """Start what may run before anybody has asked for the page: fetches of its data."""
        waiting: list[Effect | Activity] = []
        for entry in self._pending:
            if isinstance(entry, Activity) and not entry.needs_browser:
                entry.schedule()
            else:
                waiting.append(entry)
        self._pending = waiting

    def entries(self) -> Collection[Any]:
        """Return all that was made and has not ended."""
        return self._entries.values()

    def dispose(self) -> None:
        """Stop everything."""
        entries, self._entries = self._entries, {}
        for entry in reversed(entries.values()):
            self._stop(entry)

    def _reached(self, place: Hashable) -> bool:
        if place in self._keyed or place in self._counts:
            return True
        return isinstance(place, tuple) and len(place) == 2 and self._counts.get(place[0], 0) > place[1]

    def _stop(self, entry: object) -> None:
        if isinstance(entry, (Effect, Activity)):
            entry.dispose()

    def _path(self, key: Hashable, what: str, up: int) -> Hashable:
        frame: FrameType = sys._getframe(up)
        code = frame.f_code
        if code is _ROOT or code is _ROOT_OF_ROWS:
            if key is None:
                raise RuntimeError(
                    f"{what}() was called by a body without Python frames, so it cannot be found again; "
                    "give it key="
                )
            return None
        back = cast("FrameType", frame.f_back)
        root = back.f_code
        if root is _ROOT or root is _ROOT_OF_ROWS:
            if not self._codes:
                self._codes[0] = code
            return frame.f_lasti
        path: list[int] = []
        while True:
            path.append(frame.f_lasti)
            if root is _ROOT or root is _ROOT_OF_ROWS:
                self._codes.setdefault(0, code)
                return tuple(path)
            self._codes.setdefault(id(code), code)
            path.append(id(code))
            frame, code = back, back.f_code
            back = cast("FrameType", frame.f_back)
            root = back.f_code

    def _miscounted(self, path: Hashable, count: int) -> str:
        parts = path if isinstance(path, tuple) else (path, 0)
        code, lasti = self._codes[parts[1]], parts[0]
        line = next(
            (line for start, end, line in code.co_lines() if start <= lasti < end and line),
            code.co_firstlineno,
        )
        in_loops = getattr(self._entries.get(path), "in_loops", _IN_LOOPS)
        return (
            f"{code.co_filename}:{line}: state is made {count} times here, {self._last[path]} times "
            f"in the last render of {self._scope.name}; in a loop, {in_loops}"
        )


def _is_keyed(place: Hashable) -> bool:
    return isinstance(place, tuple) and len(place) == 3 and place[0] == "key"
