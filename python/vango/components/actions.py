"""`action`: an async function that people start, with a state to show and a policy for the next call.

Invariants maintained here:
- at most one run of an action is under way, beside cancelled ones that still clean up or whose thread
  still runs;
- a run that was superseded changes nothing, however it ends;
- who left the page does not cancel what was begun: only the session's end and `cancel()` do.
"""

from __future__ import annotations

import functools
import inspect
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from contextvars import Context, copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, ParamSpec, TypeAlias, TypeVar

from vango.components.handlers import is_blocking
from vango.components.tasks import not_awaitable
from vango.components.threads import Blocking, call_in_thread
from vango.errors import LimitExceeded, StormError
from vango.naming import name, require_function
from vango.reactive.blocks import batch
from vango.reactive.equality import Stable
from vango.reactive.onlooker import refuse_early
from vango.reactive.signals import Signal, put
from vango.reactive.tracking import Source, current

if TYPE_CHECKING:
    from vango.components.states import States
    from vango.components.storms import Kind
    from vango.components.work import Work

__all__ = ["Action", "Queue", "action", "queue"]

P = ParamSpec("P")
R = TypeVar("R")

Acts: TypeAlias = Callable[P, Awaitable[R]] | Blocking[P, R]
"""An async function, or one marked by `blocking`."""


@dataclass(frozen=True, slots=True)
class Queue:
    """The policy that lets calls wait, at most so many; `queue(n)` makes one."""

    most: int


def queue(most: int) -> Queue:
    """Let at most `most` calls of an action wait behind the one that runs.

    Raises:
        ValueError: `most` is below 1.
    """
    if most < 1:
        raise ValueError(f"queue({most}): at least one call can wait; policy='drop' lets none wait")
    return Queue(most)


class _Run(NamedTuple):
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    context: Context  # of the call: it says which event this is


class Action(Stable, Generic[P, R]):
    """An async function with a state; `action()` makes one, calling it starts a run.

    The attributes are signals, to pass (`disabled=save.pending`) or to call (`save.error()`).

    Attributes:
        pending: Whether a run is under way or waits.
        result: What the last run that went well returned, `None` before.
        error: What the last run raised; `None` when it went well or another is under way.
        calls: How many runs have begun.
    """

    __slots__ = (
        "__weakref__",
        "_cancel",
        "_fn",
        "_now",
        "_policy",
        "_waiting",
        "_work",
        "calls",
        "error",
        "pending",
        "result",
    )

    def __init__(self, work: Work, fn: Acts[P, R], policy: Literal["latest", "drop"] | Queue) -> None:
        """Prepare; `action` is the name to use."""
        self._work = work
        self._fn = fn
        self._policy = policy
        self._now: _Run | None = None
        self._cancel: Callable[[], None] | None = None
        self._waiting: deque[_Run] = deque()
        self.pending: Source[bool] = Signal(False)
        self.result: Source[R | None] = Signal(None)
        self.error: Source[BaseException | None] = Signal(None)
        self.calls: Source[int] = Signal(0)

    def __repr__(self) -> str:
        return f"<action {name(self._fn)}>"

    @property
    def __wrapped__(self) -> Acts[P, R]:
        """The function, by which everybody sees how many arguments it takes."""
        return self._fn

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Start a run, or do what the policy says while one is under way. Nothing is waited for.

        Raises:
            LimitExceeded: As many calls wait as the policy allows.
            RuntimeError: Something renders, or this is not the thread of the session.
        """
        if current.frame.body is not None or current.frame.memo is not None:
            raise RuntimeError(
                f"the action {name(self._fn)} was called while something renders; give it as a handler, "
                "on_click=save or on_click=(save, row.id), without calling it"
            )
        refuse_early(f"the action {name(self._fn)} was called")
        if current.writes is not None:
            raise RuntimeError("an action starts on the loop; from a thread write session.dispatch(save)")
        run = _Run(args, kwargs, copy_context())
        if self._now is not None:
            if self._policy == "drop":
                return
            if isinstance(self._policy, Queue):
                if len(self._waiting) >= self._policy.most:
                    what = f"calls that wait for the action {name(self._fn)}"
                    raise LimitExceeded(what, self._policy.most, len(self._waiting) + 1)
                self._waiting.append(run)
                return
            self._stop()
        refused = self._start(run)
        if refused is not None:
            self._over(run, error=refused)

    def cancel(self) -> None:
        """Cancel the run that is under way, and forget those that wait."""
        self._waiting.clear()
        self._stop()
        put(self.pending, False)

    def renew(self, fn: Acts[P, R]) -> None:
        """Call `fn` from now on."""
        self._fn = fn

    def _start(self, run: _Run) -> StormError | None:
        """Begin a run; return why it may not begin, with which it is to be over."""
        self._now = run
        with batch():
            put(self.pending, True)
            put(self.error, None)
            put(self.calls, self.calls.peek() + 1)
        kind: Kind = "latest_starts_per_s" if self._policy == "latest" else "action_starts_per_s"
        try:
            wait_s = self._work.storms.wait_s(kind, name(self._fn))
        except StormError as error:
            return error
        if wait_s > 0:
            self._cancel = self._work.host.after(wait_s, lambda: self._go(run))
        else:
            self._go(run)
        return None

    def _go(self, run: _Run) -> None:
        if run is not self._now:
            return

        async def work() -> None:
            self._over(run, await self._call(run))

        def failed(error: BaseException) -> None:
            if run is self._now:
                self._work.report(error, f"action {name(self._fn)}")
                self._over(run, error=error)

        self._cancel = run.context.run(self._work.host.start, work, f"action {name(self._fn)}", failed)

    async def _call(self, run: _Run) -> R:
        fn: Callable[..., Any] = self._fn
        if is_blocking(fn):
            calling: Callable[[], R] = functools.partial(fn, *run.args, **run.kwargs)
            return await call_in_thread(self._work.host, calling)
        working = fn(*run.args, **run.kwargs)
        if not inspect.isawaitable(working):
            raise TypeError(not_awaitable("action", fn, working))
        result: R = await working
        return result

    def _over(self, run: _Run, result: R | None = None, *, error: BaseException | None = None) -> None:
        if run is not self._now:
            return
        with batch():
            if error is None:
                put(self.result, result)  # it may refuse this, and then the run is the one that fails
            self._cancel = None
            while self._waiting:
                error = self._start(self._waiting.popleft())
                if error is None:
                    return
            self._now = None
            put(self.pending, False)
            put(self.error, error)

    def _stop(self) -> None:
        cancel, self._cancel, self._now = self._cancel, None, None
        if cancel is not None:
            cancel()


def action(
    fn: Acts[P, R],
    *,
    policy: Literal["latest", "drop", "queue"] | Queue = "queue",
    key: Hashable = None,
) -> Action[P, R]:
    """Return an async function with a state to show: in a body the same at each render.

    ```python
    save = action(store, policy="drop")  # async def store(event)
    return h.button(on_click=save, disabled=save.pending)["Save"]
    ```
    The event that starts a run is answered at once, with what shows that it is under way. What a person
    began goes on though the component leaves the page. What it raises is reported.

    Args:
        fn: An async function; as a handler, it is given the event if it asks for one. The newest is called.
            Or `blocking(store)`, for a plain function that waits: it runs in a worker thread, while the
            session goes on; what it writes to signals is shown when it returns. A run that is cancelled or
            superseded goes on in its thread, and nothing comes of it on the page.
        policy: What becomes of a call while a run is under way. `"queue"`, the default, lets it wait its
            turn, and `queue(n)` at most `n` of them; `"drop"` ignores it; `"latest"` cancels the run and
            starts anew.
        key: Its identity where the place alone does not tell, in a loop.

    Raises:
        RuntimeError: No body runs, or the place is reached more or less often than in the last render.
        TypeError: `fn` cannot be called.
        ValueError: There is no such policy.
    """
    require_function(fn, "action()", "action(save), with async def save()")
    if policy not in ("latest", "drop", "queue") and not isinstance(policy, Queue):
        raise ValueError(f"there is no policy {policy!r}; write 'latest', 'drop', 'queue' or queue(10)")
    body = current.frame.body
    if body is None:
        raise RuntimeError("action() belongs into a component's body, while it runs")
    states: States = body.states()
    place = states.find(key, "action")
    found = states.get(place, Action)
    if found is None:
        work: Work = body.work
        bound = Queue(work.host.limits.queued_events) if policy == "queue" else policy
        found = Action(work, fn, bound)
        states.put(place, found)
    else:
        found.renew(fn)
    return found
