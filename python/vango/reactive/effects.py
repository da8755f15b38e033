"""Effects: code that runs when what it read has changed, and the cleanups that undo it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeAlias

from vango.naming import label, name, require_function
from vango.reactive.equality import Stable, same_function
from vango.reactive.signals import write_epoch
from vango.reactive.tracking import CONTAINED, Frame, Observer, Owner, call, current

Cleanup: TypeAlias = Callable[[], object]
Report: TypeAlias = Callable[[BaseException, str], object]

_CLOSE_LATER = "write spawn(use), where async def use() opens it by `async with` and is cancelled at the end"


class Effect(Stable, Observer, Owner):
    """A function that runs at once and again after each batch that changed something it read.

    A function that it returns is called before the next run and at the end; any other result is ignored.
    """

    __slots__ = (
        "__weakref__",
        "_cleanups",
        "_ended",
        "_fn",
        "_forced",
        "_queued",
        "_report",
        "_scope",
        "_sources",
        "started",
    )

    def __init__(self, fn: Callable[[], object], *, scope: Any = None, report: Report | None = None) -> None:
        """Prepare an effect; `run` or `schedule` starts it.

        Args:
            fn: Reads signals and does something; may return its cleanup, a function.
            scope: The scope that it belongs to, for contexts.
            report: Takes what it raises; by default the write that woke it raises.

        Raises:
            TypeError: `fn` is no function, or an `async def`.
        """
        require_function(fn, "effect()", "effect(lambda: print(count()))")
        if inspect.iscoroutinefunction(fn):
            raise TypeError(
                f"an effect cannot wait: {name(fn)} is an async def; write resource({label(fn)}) for data "
                f"that is loaded, or effect(lambda: spawn({label(fn)})), which its next run cancels"
            )
        self._fn = fn
        self._scope = scope
        self._report = report
        self._sources = ()
        self._cleanups: list[Cleanup] | None = None
        self._queued = False
        self._forced = True  # run even though nothing read has changed
        self._ended = False
        self.started = False

    @property
    def name(self) -> str:
        """Name and line of its function."""
        return name(self._fn)

    def dispose(self) -> None:
        """Run its cleanups and never run again."""
        if not self._ended:
            self._ended = True
            self._unsubscribe()
            run_cleanups(self, self._report)

    def schedule(self) -> None:
        """Run at the end of the batch."""
        self.started = True
        self._forced = True
        self._notify()

    def replace(self, fn: Callable[[], object]) -> bool:
        """Run `fn` from now on; return whether it does something else than the last one."""
        changed = not same_function(self._fn, fn)
        self._fn = fn
        return changed

    def owning_scope(self) -> Any:
        """Return the scope that it was made in."""
        return self._scope

    def _notify(self) -> None:
        if not self._queued and not self._ended:
            self._queued = True
            current.queue.append(self)

    def _forget(self) -> None:
        self._queued = False

    def _settle(self) -> Exception | None:
        """Run if there is a reason to; return what it raised, if nobody else takes it."""
        self._queued = False
        if self._ended:
            return None
        try:
            if not (self._forced or self._stale()):
                return None
            if self._scope is None:
                self.run()
            elif self._scope.work.admit(self):
                self._scope.work.within(self._scope, self.run)
        except CONTAINED as error:
            if self._report is not None:
                self._report(error, f"effect {self.name}")
            elif isinstance(error, Exception):
                return error
            else:
                raise
        return None

    def run(self) -> None:
        """Run now, whether or not something has changed."""
        self._forced = False
        run_cleanups(self, self._report)
        now = current
        outer = now.frame
        reads: dict[Any, int] = {}
        epoch = write_epoch()
        now.frame = Frame(reads, self, None, None, outer)
        try:
            cleanup = call(self._fn)
        finally:
            now.frame = outer
            if not self._ended:
                self._adopt(reads)
        if inspect.iscoroutine(cleanup):
            cleanup.close()
            raise TypeError(
                f"the effect {self.name} returned a coroutine, which nobody awaits; "
                "write spawn(function, argument) in it, without calling the function"
            )
        if epoch != write_epoch() and self._stale():
            self._notify()  # it wrote what it had read
        if callable(cleanup):
            self._cleanups = [*(self._cleanups or ()), cleanup]
            if self._ended:
                run_cleanups(self, self._report)


def on_cleanup(fn: Cleanup) -> None:
    """Call `fn` before the next run of the body, slot or effect that runs now, and at its end.

    Raises:
        RuntimeError: None of these runs.
        TypeError: `fn` is no function, or an `async def`.
    """
    require_function(fn, "on_cleanup()", "on_cleanup(connection.close), without calling it")
    if inspect.iscoroutinefunction(fn):
        raise TypeError(f"on_cleanup() cannot wait for {name(fn)}, an async def; {_CLOSE_LATER}")
    owner = current.frame.owner
    if owner is None:
        raise RuntimeError("on_cleanup() belongs into a component's body, a slot or an effect, while it runs")
    if owner._cleanups is None:
        owner._cleanups = [fn]
    else:
        owner._cleanups.append(fn)


def run_cleanups(owner: Owner, report: Report | None) -> None:
    """Run and forget what `on_cleanup` registered, the newest first.

    Raises:
        Exception: What they raised, after all have run, if there is no `report`.
    """
    cleanups = owner._cleanups
    if not cleanups:
        return
    owner._cleanups = None
    now = current
    outer = now.frame
    now.frame = Frame(None, None, None, None, outer)
    errors: list[Exception] = []
    try:
        for cleanup in reversed(cleanups):
            try:
                result = call(cleanup)
                if inspect.iscoroutine(result):
                    result.close()
                    raise TypeError(f"the cleanup {name(cleanup)} returned a coroutine; {_CLOSE_LATER}")
            except CONTAINED as error:
                if report is not None:
                    report(error, f"cleanup {name(cleanup)}")
                elif isinstance(error, Exception):
                    errors.append(error)
                else:
                    raise
    finally:
        now.frame = outer
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise ExceptionGroup("several cleanups raised", errors)
