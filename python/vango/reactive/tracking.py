"""What the running synchronous code is, per thread, and the graph that reading makes.

Invariants maintained here:
- reads are recorded only between `begin` and the `finally` of synchronous code: the frame lives in
  a thread local, never in a context variable, so tasks and threads do not inherit it;
- an observer holds what it read; a source holds only observers that are alive and want to be told;
- a notification runs no code of the application: memos and scopes only remember that they are
  stale, effects wait in a queue until the outermost batch ends.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from enum import Enum
from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

from vango._core import Slot

if TYPE_CHECKING:
    from vango.reactive.blocks import Block
    from vango.reactive.deferred import Writes
    from vango.reactive.effects import Effect
    from vango.reactive.signals import Memo

T = TypeVar("T")

MAX_ROUNDS = 100
"""Rounds of effects, or of renders, after which they are taken to feed themselves for ever."""


CONTAINED = (Exception, SystemExit)
"""What code of the application may raise without ending more than itself; an `exit()` is a mistake there."""

KNOWN = (*CONTAINED, KeyboardInterrupt)
"""What `call` raises."""


def call(fn: Callable[..., Any], *args: Any) -> Any:
    """Call synchronous code of the application.

    The rest of what can be raised belongs to the event loop: the result of a cancelled task raises
    `CancelledError`, which would cancel whatever runs here. It becomes a `RuntimeError`.
    """
    try:
        return fn(*args)
    except KNOWN:
        raise
    except BaseException as error:
        raise stray(error) from error


def stray(error: BaseException) -> RuntimeError:
    """Return the error that stands for one which is for the event loop."""
    return RuntimeError(
        f"{type(error).__name__} got out of code that is not async; catch it where it comes from"
    )


class CycleError(RuntimeError):
    """Memos that need each other, or effects and renders that keep writing what they read."""


_PLAIN = (str, int, float, bytes, tuple, list, dict, set, frozenset, Enum, type(None))


def _kind(value: object) -> str:
    return type(value).__name__.lower()


class Owner:
    """What cleanups are registered with: a scope or an effect."""

    __slots__ = ()

    if TYPE_CHECKING:  # the slot itself is that of each class below

        @property
        def _cleanups(self) -> list[Callable[[], object]] | None: ...
        @_cleanups.setter
        def _cleanups(self, value: list[Callable[[], object]] | None) -> None: ...

    def owning_scope(self) -> Any:
        """Return the scope of the body, slot or effect that runs, `None` outside a view."""
        raise NotImplementedError


class Frame:
    """What one piece of running synchronous code is."""

    __slots__ = ("body", "memo", "outer", "owner", "reads")

    def __init__(
        self,
        reads: dict[Source[Any], int] | None,
        owner: Owner | None,
        body: Any,
        memo: Memo[Any] | None,
        outer: Frame | None,
    ) -> None:
        self.reads = reads  # the versions of what it read; None: reading is not recorded
        self.owner = owner  # what its cleanups belong to
        self.body = body  # the scope in whose body state is found again
        self.memo = memo  # the memo being computed, which must not write
        self.outer = outer


_OUTSIDE = Frame(None, None, None, None, None)


class _Current(threading.local):
    """The state of one thread."""

    frame: Frame = _OUTSIDE
    depth: int = 0  # open batches
    tick: int = 0  # counts the ends of batches that woke effects
    block: Block | None = None  # the newest one of the blocks that are open
    writes: Writes | None = None  # where writes are collected instead of made

    def __init__(self) -> None:
        self.thread = threading.get_ident()
        self.queue: list[Effect] = []


current = _Current()


class Observer:
    """Something that runs again when what it read has changed."""

    __slots__ = ()

    if TYPE_CHECKING:  # the slot itself is that of each class below

        @property
        def _sources(self) -> tuple[Any, ...]:
            """Source, version, source, version, ..."""

        @_sources.setter
        def _sources(self, value: tuple[Any, ...]) -> None: ...

    def _notify(self) -> Iterable[Observer] | None:
        """Remember that something read may have changed, and return who has to hear of it next.

        Must not run code of the application.
        """
        raise NotImplementedError

    def _stale(self) -> bool:
        """Return whether anything read has another version now; computes the memos among it."""
        pairs = iter(self._sources)
        for source in pairs:
            try:
                source._refresh()
            except CONTAINED:
                return True  # who runs again meets the error where it reads
            if source._version != next(pairs):
                return True
        return False

    def _adopt(self, reads: dict[Source[Any], int]) -> None:
        """Subscribe to what was read in the last run, and to nothing else."""
        old = self._sources
        self._sources = new = tuple(chain.from_iterable(reads.items()))
        if old[::2] == new[::2]:
            return
        for source in reads:
            source._add(self)
        for source in old[::2]:
            if source not in reads:
                source._drop(self)

    def _unsubscribe(self) -> None:
        old, self._sources = self._sources, ()
        for source in old[::2]:
            source._drop(self)


def _refuse(operator: str, *, reflected: bool = False) -> Callable[[Any, object], NoReturn]:
    """Return the method of an operator for who means what a source holds."""

    def refuse(source: Any, _: object) -> NoReturn:
        kind = _kind(source)
        written = f"... {operator} {kind}()" if reflected else f"{kind}() {operator} ..."
        raise TypeError(f"a {kind} is not what it holds; ask it: `{written}`")

    return refuse


class Source(Slot, Generic[T]):
    """Something that can be read and tells its observers when it changes."""

    __slots__ = ("__weakref__", "_observers", "_thread", "_value", "_version")
    if TYPE_CHECKING:

        def __call__(self) -> T:
            """Return the value, and run the reader again when it changes."""

        @property
        def value(self) -> T:
            """The value; reading it subscribes."""

        def peek(self) -> T:
            """Return the value without subscribing."""

    _value: T
    _version: int  # counts the changes; what an observer remembers instead of the value
    _observers: dict[Observer, None] | None  # in the order in which they came
    _thread: int  # where they live; 0 when that is more than one thread

    if not TYPE_CHECKING:  # which finds these mistakes itself, as long as it sees no method for them

        def __bool__(self) -> bool:
            kind = _kind(self)
            raise TypeError(f"a {kind} is always true; ask what it holds: `if {kind}():`")

        def __eq__(self, other: object) -> bool:
            if isinstance(other, _PLAIN):
                kind = _kind(self)
                raise TypeError(f"a {kind} equals only itself; compare what it holds: `{kind}() == ...`")
            return NotImplemented

        __hash__ = Slot.__hash__

        def __format__(self, spec: str) -> str:
            kind = _kind(self)
            raise TypeError(
                f"a {kind} in an f-string shows nothing; write {{{kind}()}}, "
                'and lambda: f"..." for a text that changes with it'
            )

        __lt__, __le__ = _refuse("<"), _refuse("<=")
        __gt__, __ge__ = _refuse(">"), _refuse(">=")
        __add__, __radd__ = _refuse("+"), _refuse("+", reflected=True)
        __sub__, __rsub__ = _refuse("-"), _refuse("-", reflected=True)
        __mul__, __rmul__ = _refuse("*"), _refuse("*", reflected=True)
        __truediv__, __rtruediv__ = _refuse("/"), _refuse("/", reflected=True)
        __floordiv__, __mod__ = _refuse("//"), _refuse("%")
        __or__, __and__ = _refuse("|"), _refuse("&")

    def _refresh(self) -> None:
        """Bring `_version` up to date."""

    def _add(self, observer: Observer) -> None:
        observers = self._observers
        if not observers:
            self._observers = {observer: None}
            self._thread = current.thread
            return
        observers[observer] = None
        if self._thread != current.thread:
            self._thread = 0

    def _drop(self, observer: Observer) -> None:
        if self._observers:
            self._observers.pop(observer, None)
            if not self._observers:
                self._observers = None


def tell(observers: Iterable[Observer]) -> None:
    """Notify observers and theirs, each before the one beside it; a chain of any length takes one frame."""
    waiting = [iter(tuple(observers))]
    while waiting:
        for observer in waiting[-1]:
            further = observer._notify()
            if further:
                waiting.append(iter(tuple(further)))
                break
        else:
            waiting.pop()


def settle() -> None:
    """Run the effects that wait, and those that they wake.

    An effect that raises does not stop the others.

    Raises:
        CycleError: Effects keep waking each other.
        Exception: What an effect outside a view raised; several as an `ExceptionGroup`.
    """
    now = current
    errors: list[Exception] = []
    waking: dict[Effect, None] = {}  # who woke others late, when what belongs to no cycle has come to rest
    now.depth += 1
    now.tick += 1
    try:
        for turn in range(MAX_ROUNDS):
            if not now.queue:
                break
            waiting, now.queue = now.queue, []
            for effect in waiting:
                woken = len(now.queue)
                error = effect._settle()
                if error is not None:
                    errors.append(error)
                if turn >= MAX_ROUNDS // 2 and len(now.queue) > woken:
                    waking[effect] = None
        else:
            waiting, now.queue = now.queue, []
            for effect in waiting:
                effect._forget()
            errors.append(CycleError(_endless(list(waking))))
    finally:
        now.depth -= 1
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise ExceptionGroup("several effects raised", errors)


def _endless(effects: list[Effect]) -> str:
    path = " -> ".join(effect.name for effect in effects)
    return (
        f"effects keep writing what they read, {MAX_ROUNDS} rounds so far: {path}; "
        "read with .peek(), or compute the value with memo() instead of writing it"
    )
