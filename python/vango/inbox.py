"""Starts the events of one session in the order of their numbers (rule 5 of the component model).

    - A plain handler runs at once, as one stretch.
    - An `async` handler becomes a task of the application's root task group; the next event starts when its
      first stretch is over.
    - A `blocking` handler runs in a worker thread; its session waits, no other does.
    - An event for a handler that still runs waits, and with it those behind it.

Invariants: every event that was put here is finished in the ledger exactly once, unless the session ends;
no stretch of the session begins while `gate` is there.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Coroutine, Hashable
from types import CoroutineType
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread
from anyio import CancelScope

from vango.errors import ProtocolError
from vango.events import decode_event
from vango.protocol import Event
from vango.signals import deferred_writes
from vango.stretch import Stretches, call_in_batch

if TYPE_CHECKING:
    from vango.session import Session
    from vango.view import Target

__all__ = ["Inbox"]

# Of these only the newest value counts: input, scroll, resize (the policy `latest` of PROTOCOL rule 9).
_LATEST = frozenset({2, 17, 18})


class Inbox:
    """The events of one session that wait or run.

    Attributes:
        gate: Set when the handler in a worker thread returns; `None` where there is none.
    """

    __slots__ = ("_held", "_queue", "_running", "_session", "gate")

    def __init__(self, session: Session) -> None:
        self._session = session
        self._queue: deque[Event] | None = None  # an idle session has none: an empty deque is 760 bytes
        self._running: dict[Hashable, CancelScope] | None = None
        self._held = False
        self.gate: anyio.Event | None = None

    @property
    def waiting(self) -> int:
        """How many events have not started."""
        return len(self._queue) if self._queue else 0

    @property
    def running(self) -> int:
        """How many handlers have started and not finished."""
        return len(self._running) if self._running else 0

    def put(self, event: Event) -> None:
        """Start an event, now or when those before it have; it has been taken by the ledger."""
        if not self._queue and not self._held:
            if not self._start(event):
                self._queue = deque((event,))
            return
        if self._queue is None:
            self._queue = deque()
        if event.kind in _LATEST:
            self._supersede(event)
        if len(self._queue) >= self._session.limits.queued_events:
            self._session.finish(event.cseq, "QueueFull")
            return
        self._queue.append(event)

    def pump(self) -> None:
        """Start what may start."""
        while self._queue and not self._held:
            if not self._start(self._queue[0]):
                return
            self._queue.popleft()

    def call(self, fn: Callable[..., Any], name: str) -> None:
        """Run a function that is no event (a timer's, another thread's) as a stretch; it may be `async`."""
        session = self._session
        try:
            result = self._stretch(fn, (), name)
        except (Exception, SystemExit) as error:
            session.report(error, name)
            return
        if type(result) is CoroutineType:
            self._spawn(self._drive, result, object(), 0, name)

    def close(self) -> None:
        """Forget what waits and cancel what runs."""
        self._queue = None
        for scope in list((self._running or {}).values()):
            scope.cancel()

    def _supersede(self, event: Event) -> None:
        """Finish a waiting event of the same node and kind, unless another kind of event stands behind it."""
        queue = self._queue or ()
        for waiting in reversed(queue):
            if waiting.kind not in _LATEST:
                return
            if waiting.hid == event.hid and waiting.kind == event.kind:
                self._queue.remove(waiting)  # type: ignore[union-attr]
                self._session.finish(waiting.cseq)
                return

    def _start(self, event: Event) -> bool:
        """Start one event; False if it has to wait for its handler."""
        session = self._session
        if event.epoch != session.epoch:
            session.finish(event.cseq, "HandlerNotFound")
            return True
        target = session.view.target(event.hid, event.kind)
        if target is None:
            session.finish(event.cseq, "HandlerNotFound")
            return True
        if self._running and target.key in self._running:
            return False
        args = target.args
        if target.takes_event:
            try:
                args = (*args, decode_event(event.kind, event.payload))
            except ProtocolError as error:
                details = json.dumps({"offset": error.offset, "reason": error.reason})
                session.finish(event.cseq, "Validation", details)
                return True
        if getattr(target.fn, "__vango_blocking__", False):
            self.gate = anyio.Event()
            self._held = True
            self._spawn(self._run_in_thread, target, args, event.cseq)
            return True
        try:
            result = self._stretch(target.fn, args, target.name)
        except (Exception, SystemExit) as error:
            session.fail_event(event.cseq, error, target.name)
            return True
        if type(result) is CoroutineType:
            self._held = True
            self._spawn(self._drive, result, target.key, event.cseq, target.name)
        else:
            session.finish(event.cseq)
        return True

    def _stretch(self, fn: Callable[..., Any], args: tuple[Any, ...], name: str) -> Any:
        session = self._session
        began = session.begin()
        try:
            return session.context.run(call_in_batch, fn, args)
        finally:
            session.end(began, name)

    def _spawn(self, run: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> None:
        # The task copies the context that it is started in: the session's, never that of a request.
        self._session.context.run(self._session.registry.tasks.start_soon, run, *args)
