"""What a view needs from outside: time, tasks, a reason to flush, and somebody to tell about errors."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from vango.limits import Limits

if TYPE_CHECKING:
    from vango._core import Outbox
    from vango.components.scope import Scope


T = TypeVar("T")


class Question(Protocol):
    """Something that the browser was asked."""

    def answer(self, value: object) -> None:
        """Give what it said."""

    async def wait(self) -> object:
        """Return what it said; raises TimeoutError where it is silent."""


class Host(Protocol):
    """The session of a view, or a test in its place."""

    @property
    def debug(self) -> bool:
        """Whether error views show the traceback."""

    @property
    def outbox(self) -> Outbox:
        """What takes effects beside the document; they leave at the next `wake`."""

    def question(self) -> Question:
        """Return what an answer of the browser is waited for with."""

    @property
    def limits(self) -> Limits:
        """Every bound."""

    @property
    def scope(self) -> Scope:
        """The scope of all that the view shows, which ends with the session."""

    def now(self) -> float:
        """Seconds since a moment that does not change."""

    def wake(self) -> None:
        """Call `View.flush()` when the running stretch has ended; said once until then."""

    def within(self, fn: Callable[[], object]) -> object:
        """Call `fn` in the session's own context, whichever session's code runs now."""

    def every(self, seconds: float, callback: Callable[[], object]) -> Callable[[], None]:
        """Call `callback` each `seconds`; return how to stop it.

        What it returns is awaited if it can be.
        """

    def after(self, seconds: float, callback: Callable[[], object]) -> Callable[[], None]:
        """Call `callback` once, after `seconds`; return how to take that back.

        What it returns is awaited if it can be.
        """

    def start(
        self,
        run: Callable[[], Coroutine[Any, Any, object]],
        name: str,
        failed: Callable[[BaseException], object] | None = None,
        *,
        for_paint: bool = False,
    ) -> Callable[[], None]:
        """Run `run()` as a task that no dropped connection ends; return how to cancel it.

        Args:
            run: Gives the coroutine.
            name: What it is called in messages.
            failed: Takes what it raised; without it that is reported. A cancelled task does not fail.
            for_paint: Whether the page is not served before it is over, if it does not take long.
        """

    async def in_thread(self, fn: Callable[[], T]) -> T:
        """Call `fn` in a worker thread and return what it gives.

        No thread can be stopped: who is cancelled meanwhile hears of it when the thread has come to its end.
        """

    def report(self, error: BaseException, where: str, component: tuple[str, ...] = ()) -> str:
        """Take an error that was contained; return the reference that error views show.

        Args:
            error: What was raised.
            where: By what, in words.
            component: The components around that, from the outside.
        """


running_host: ContextVar[Host] = ContextVar("vango.components.host")
"""The session whose code runs."""
