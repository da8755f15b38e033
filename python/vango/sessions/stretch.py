"""Stretches: the code of a handler between two suspensions (rule 5 of the component model).

A coroutine is driven by hand: each of its steps runs in a batch of signal writes, and when the step is over
its owner renders what changed. So a `loading` flag set before an `await` is shown while the handler waits.
What the coroutine yields to the event loop is passed on untouched, so this works on any loop.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from typing import Any, Protocol

import anyio

from vango.reactive.blocks import batch, tear
from vango.reactive.tracking import KNOWN, current, settle, stray

__all__ = ["StretchOwner", "Stretches", "call_in_batch"]


class StretchOwner(Protocol):
    """Whose stretches these are: they never overlap within one owner."""

    @property
    def gate(self) -> anyio.Event | None:
        """What is set when the next stretch may begin; `None` when it may now."""

    def begin(self) -> float:
        """A stretch begins; what is returned is given to `end`."""

    def end(self, began: float, name: str) -> None:
        """The stretch of the handler `name` is over: render what it changed."""

    def report(self, error: Exception, where: str) -> str:
        """Take an error that is not the handler's own."""


class Stretches:
    """Awaiting this runs a coroutine, stretch by stretch, and gives its result."""

    __slots__ = ("_coroutine", "_name", "_on_first", "_owner")

    def __init__(
        self,
        coroutine: Coroutine[Any, Any, Any],
        owner: StretchOwner,
        name: str,
        on_first: Callable[[], None],
    ) -> None:
        """Prepare; `on_first` is called once, after the first stretch, also if that never comes."""
        self._coroutine = coroutine
        self._owner = owner
        self._name = name
        self._on_first: Callable[[], None] | None = on_first

    def __await__(self) -> Generator[Any, Any, Any]:
        value: Any = None
        error: BaseException | None = None
        try:
            while True:
                while error is None and (gate := self._owner.gate) is not None:
                    try:
                        yield from gate.wait().__await__()
                    except GeneratorExit:
                        raise
                    except BaseException as cancelled:
                        error = cancelled  # a cancelled handler does not wait: it only has to clean up
                is_last, outcome = self._step(value, error)
                if is_last:
                    return outcome
                value = error = None
                try:
                    value = yield outcome
                except GeneratorExit:
                    raise
                except BaseException as thrown:
                    error = thrown
        finally:
            self._coroutine.close()
            self._first_is_over()

    def _step(self, value: Any, error: BaseException | None) -> tuple[bool, Any]:
        """Run one stretch; returns whether it is the last one, and its result or what to yield."""
        is_last, outcome = False, None
        raised: BaseException | None = None
        began = self._owner.begin()
        try:
            with batch() as block:
                try:
                    outcome = self._coroutine.send(value) if error is None else self._coroutine.throw(error)
                except StopIteration as stop:
                    is_last, outcome = True, stop.value
                except GeneratorExit as mine:
                    # Nobody throws one in: who closes this closes the coroutine. The loop would take it for
                    # a task that was closed, which ends with all that stands around it.
                    raised = RuntimeError(
                        "GeneratorExit got out of an async function; catch it where it comes from"
                    )
                    raised.__cause__ = mine
                except BaseException as mine:
                    raised = mine
                tear(block)  # what it left open while it waits
        except Exception as effects:
            # Effects outside a view ran at the end of the batch: the handler goes on without their error.
            self._owner.report(effects, f"an effect that {self._name} woke")
        self._owner.end(began, self._name)
        self._first_is_over()
        if raised is not None:
            try:
                raise raised
            finally:
                raised = error = None  # else the error's frames and this one keep each other alive
        return is_last, outcome

    def _first_is_over(self) -> None:
        on_first, self._on_first = self._on_first, None
        if on_first is not None:
            on_first()


def call_in_batch(fn: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Call a plain function as `call` does, as one batch of writes; it cannot wait, so nothing is torn."""
    now = current
    now.depth += 1
    try:
        return fn(*args)
    except KNOWN:
        raise
    except BaseException as error:
        raise stray(error) from error
    finally:
        now.depth -= 1
        if not now.depth and now.queue:
            settle()
