"""What a view needs from outside: time, a reason to flush, and somebody to tell about errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Host(Protocol):
    """The session of a view, or a test in its place."""

    @property
    def debug(self) -> bool:
        """Whether error views show the traceback."""

    def wake(self) -> None:
        """Call `View.flush()` when the running stretch has ended; said once until then."""

    def within(self, fn: Callable[[], object]) -> object:
        """Call `fn` in the session's own context, whichever session's code runs now."""

    def every(self, seconds: float, callback: Callable[[], object]) -> Callable[[], None]:
        """Call `callback` each `seconds`; return how to stop it.

        What it returns is awaited if it can be.
        """

    def report(self, error: BaseException, where: str) -> str:
        """Take an error that was contained; return the reference that error views show."""
