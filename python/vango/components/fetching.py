"""One fetch at a time: begun within the storm budget, tried again after an error, superseded by the next.

Invariants maintained here:
- at most one fetch is under way, beside cancelled ones that still clean up or whose thread still runs;
- a fetch that is no longer wanted is not heard of again, however it ends.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from vango.components.handlers import is_blocking
from vango.components.tasks import not_awaitable
from vango.components.threads import call_in_thread
from vango.errors import StormError
from vango.naming import name

if TYPE_CHECKING:
    from vango.components.scope import Scope

T = TypeVar("T")

_MAX_BACKOFF_S = 30.0


class Fetching(Generic[T]):
    """What calls the function of a resource.

    Attributes:
        fn: The newest function: an async one, or one that is marked by `blocking`.
    """

    __slots__ = (
        "_backoff_s",
        "_cancel",
        "_done",
        "_failed",
        "_for_paint",
        "_key",
        "_retries",
        "_run",
        "_scope",
        "_work",
        "fn",
    )

    def __init__(
        self,
        scope: Scope,
        fn: Callable[..., Any],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
        *,
        retries: int,
        backoff_s: float,
        for_paint: bool,
    ) -> None:
        """Prepare; `done` gets what a fetch gave, `failed` what the last of its tries raised."""
        self._scope = scope
        self._work = scope.work
        self.fn = fn
        self._done = done
        self._failed = failed
        self._retries = retries
        self._backoff_s = backoff_s
        self._for_paint = for_paint
        self._key: Any = None
        self._run = object()  # stands for the fetch whose outcome counts
        self._cancel: Callable[[], None] | None = None

    def begin(self, key: Any) -> None:
        """Fetch what a key stands for, `None` for no key, instead of what is under way."""
        self.stop()
        self._key = key
        self._start(0)

    def stop(self) -> None:
        """Cancel the fetch that is under way."""
        self._run = object()
        cancel, self._cancel = self._cancel, None
        if cancel is not None:
            cancel()

    def _start(self, attempt: int) -> None:
        self._run = run = object()
        try:
            wait_s = self._work.storms.wait_s("resource_starts_per_s", name(self.fn))
        except StormError as error:
            self._failed(error)
            return
        if wait_s > 0:
            self._later(wait_s, run, lambda: self._go(run, attempt))
        else:
            self._go(run, attempt)

    def _later(self, wait_s: float, run: object, act: Callable[[], None]) -> None:
        def again() -> None:
            if run is self._run:
                self._work.within(self._scope, act)

        self._cancel = self._work.host.after(wait_s, again)

    def _go(self, run: object, attempt: int) -> None:
        async def fetch() -> None:
            value = await self._call()
            if run is self._run:
                self._cancel = None
                self._done(value)

        def failed(error: BaseException) -> None:
            if run is self._run:
                self._cancel = None
                self._try_again(error, attempt)

        self._cancel = self._work.host.start(
            fetch, f"resource {name(self.fn)}", failed, for_paint=self._for_paint
        )

    async def _call(self) -> Any:
        fn = self.fn
        args = () if self._key is None else (self._key,)
        if is_blocking(fn):
            return await call_in_thread(self._work.host, fn, *args)
        fetching = fn(*args)
        if not inspect.isawaitable(fetching):
            raise TypeError(not_awaitable("resource", fn, fetching))
        return await fetching

    def _try_again(self, error: BaseException, attempt: int) -> None:
        if attempt >= self._retries or isinstance(error, TypeError):  # which no time mends
            self._failed(error)
            return
        wait_s = min(self._backoff_s * 2**attempt, _MAX_BACKOFF_S)
        self._later(wait_s, self._run, lambda: self._start(attempt + 1))
