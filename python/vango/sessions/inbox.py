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
import math
from collections import deque
from collections.abc import Callable, Coroutine, Hashable
from types import CoroutineType
from typing import TYPE_CHECKING, Any, TypeAlias

import anyio
from anyio import CancelScope

from vango._core import ANSWER_KIND, EVENT_KINDS
from vango.components.handlers import is_blocking, refuse_unrun
from vango.components.threads import call_deferred
from vango.errors import ProtocolError
from vango.events import decode_event
from vango.protocol import Event
from vango.reactive.tracking import call
from vango.sessions.navigation import NAVIGATE
from vango.sessions.once import EventId, running_event
from vango.sessions.stretch import Stretches, call_in_batch

if TYPE_CHECKING:
    from vango.components.view import Target
    from vango.sessions.session import Session

__all__ = ["Inbox"]

Edit: TypeAlias = tuple[int, "tuple[str, ...] | bytes"]
"""The hid of a control; what it said, or where its handler is not told, what its slots held in ops."""

# Of these only the newest value counts (the policy `latest` of PROTOCOL rule 9): input, scroll, resize,
# timeupdate, ratechange, volumechange, scrollend.
_HOOK = EVENT_KINDS["hook"]
_INPUT, _CHANGE = EVENT_KINDS["input"], EVENT_KINDS["change"]
_EDITS = frozenset({_INPUT, _CHANGE})
_LATEST = frozenset({2, 17, 18, 68, 70, 71, 76})


def _nothing() -> None:
    """Nobody waits for what is no event."""


class Inbox:
    """The events of one session that wait or run.

    Attributes:
        gate: Set when the handler in a worker thread returns; `None` where there is none.
    """

    __slots__ = ("_edits", "_held", "_queue", "_running", "_session", "gate")

    def __init__(self, session: Session) -> None:
        self._session = session
        self._queue: deque[Event] | None = None  # an idle session has none: an empty deque is 760 bytes
        self._running: dict[Hashable, CancelScope] | None = None
        self._edits: dict[int, Edit] | None = None  # of the controls whose events run
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
        if event.kind in _LATEST and self._counts_latest(event):
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

    def finish(self, cseq: int, error: str) -> None:
        """An event is over: its control shows what its slots hold, whatever somebody typed or chose.

        After an error that is so for boxes and radio buttons alone: a text is there to be sent once more.
        """
        edit = self._edits.pop(cseq, None) if self._edits else None
        if edit is not None:
            hid, said = edit
            self._session.answer(hid, b"" if error else said)

    def call(self, fn: Callable[..., Any], args: tuple[Any, ...], name: str) -> None:
        """Run a function that is no event (a timer's, another thread's) as a stretch; it may be `async`."""
        session = self._session
        try:
            result = self._stretch(fn, args, name)
            refuse_unrun(result)
        except (Exception, SystemExit) as error:
            session.report(error, name)
            return
        if type(result) is CoroutineType:
            self._become_task(result, name, 0, object())

    def start(
        self,
        coroutine: Coroutine[Any, Any, Any],
        name: str,
        failed: Callable[[BaseException], object] | None = None,
        over: Callable[[], None] = _nothing,
    ) -> CancelScope:
        """Run a coroutine that is no event, beginning soon, in stretches, until the session ends.

        Args:
            coroutine: What to run.
            name: What it is called in messages.
            failed: Takes what it raised, as a stretch; without it that is reported.
            over: Called when it has ended, in whatever way.

        Returns:
            What cancels it.
        """
        return self._become_task(coroutine, name, 0, object(), failed, over)

    def close(self) -> None:
        """Forget what waits and cancel what runs."""
        self._queue = None
        for scope in list((self._running or {}).values()):
            scope.cancel()

    def _counts_latest(self, event: Event) -> bool:
        target = self._session.view.target(event.hid, event.kind)
        return target is None or target.marks is None or target.marks.policy in (None, "latest")

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
        try:
            return self._try_start(event)
        except Exception as error:  # of the engine: a handler's own errors do not come here
            self._session.fail(error, "finding the handler of an event")
            return True

    def _try_start(self, event: Event) -> bool:
        session = self._session
        if event.kind == NAVIGATE and not event.hid:
            session.navigation.ask(event)
            return True
        if event.epoch == session.epoch:
            target = session.view.target(event.hid, event.kind)
        else:  # hids of another epoch say nothing here, a name does
            target = session.view.target_of(event.action, event.kind) if event.action else None
        if event.kind == _HOOK:
            target = self._hooked(event, target)
        if target is None:
            session.finish(event.cseq, "HandlerNotFound")
            return True
        if self._running and target.key in self._running:
            return False
        args = target.args
        if target.takes_event:
            try:
                args = (*args, decode_event(event.kind, event.payload, session.limits))
            except ProtocolError as error:
                details = json.dumps({"offset": error.offset, "reason": error.reason})
                session.finish(event.cseq, "Validation", details)
                return True
        if event.kind in _EDITS and event.epoch == session.epoch and not self._comes_again(event):
            if self._edits is None:
                self._edits = {}
            # Who is not told what was typed can neither take nor refuse it.
            said = args[-1].values if target.takes_event else session.view.answer(event.hid, None)
            self._edits[event.cseq] = event.hid, said
        if is_blocking(target.fn):
            self.gate = anyio.Event()
            self._held = True
            self._spawn(self._run_in_thread, target, args, event.cseq)
            return True
        try:
            result = self._stretch(target.fn, args, target, EventId(session.instance, event.cseq))
            refuse_unrun(result)
        except (Exception, SystemExit) as error:
            session.fail_event(event.cseq, error, str(target), target.scope)
            return True
        if type(result) is CoroutineType:
            self._held = True
            self._become_task(result, str(target), event.cseq, target.key)
        else:
            session.finish(event.cseq)
        return True

    def _comes_again(self, event: Event) -> bool:
        """Whether what an input says is answered by the change that follows it."""
        if event.kind != _INPUT:
            return False
        return self._session.view.tree.listener(event.hid, _CHANGE) is not None

    def _hooked(self, event: Event, target: Target | None) -> Target | None:
        """Return who takes what a script says: `target` if it asked for that name, else the element's ref."""
        try:
            said = decode_event(event.kind, event.payload, self._session.limits)
        except ProtocolError:
            return target  # the fields are looked at where the handler gets them
        if target is not None and target.marks is not None and said.name in target.marks.names:  # type: ignore[attr-defined]
            return target
        return (
            self._session.view.target(event.hid, ANSWER_KIND) if event.epoch == self._session.epoch else None
        )

    def _stretch(
        self, fn: Callable[..., Any], args: tuple[Any, ...], name: object, event: EventId | None = None
    ) -> Any:
        session = self._session
        began = session.begin()
        try:
            if event is None:
                return session.context.run(call_in_batch, fn, args)
            return session.context.run(_handle, event, fn, args)
        finally:
            session.end(began, name)

    def _become_task(
        self,
        coroutine: Coroutine[Any, Any, Any],
        name: str,
        cseq: int,
        key: Hashable,
        failed: Callable[[BaseException], object] | None = None,
        over: Callable[[], None] = _nothing,
    ) -> CancelScope:
        scope = CancelScope()
        if self._running is None:
            self._running = {}
        self._running[key] = scope
        self._spawn(self._drive, coroutine, name, cseq, key, scope, failed, over)
        return scope

    def _spawn(self, run: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> None:
        # The task copies the context that it is started in: the session's, never that of a request.
        self._session.within(lambda: self._session.registry.tasks.start_soon(run, *args))

    def _release(self) -> None:
        """The first stretch is over: the next event may start."""
        self._held = False
        self.pump()

    async def _drive(
        self,
        coroutine: Coroutine[Any, Any, Any],
        name: str,
        cseq: int,
        key: Hashable,
        scope: CancelScope,
        failed: Callable[[BaseException], object] | None,
        over: Callable[[], None],
    ) -> None:
        """Run an `async` handler, the task of one event (of none where `cseq` is 0)."""
        session = self._session
        if session.closed or scope.cancel_called:
            coroutine.close()
            self._forget(key, over)
            return
        if cseq:
            running_event.set(EventId(session.instance, cseq))
        failure: BaseException | None = None
        finished = False
        try:
            with scope:
                try:
                    await Stretches(coroutine, session, name, self._release if cseq else _nothing)
                except (Exception, SystemExit) as error:
                    failure = error
                finished = True
        except anyio.get_cancelled_exc_class() as error:
            # Something that the handler awaited was cancelled, not the handler: that is its failure.
            if anyio.current_effective_deadline() == -math.inf:
                raise
            failure, finished = error, True
        except (GeneratorExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            failure, finished = error, True
        finally:
            if failure is None or failed is None:
                self._forget(key, over)
        if not finished:
            return
        if failure is not None:
            if failed is None:
                session.fail_event(cseq, failure, name, key[0] if cseq else None)  # type: ignore[index]
            else:
                try:
                    if not scope.cancel_called and not session.closed:
                        self._stretch(failed, (failure,), name)
                except (Exception, SystemExit) as error:  # of an effect outside a view that this woke
                    session.report(error, name)
                finally:
                    self._forget(key, over)
        elif cseq:
            session.finish(cseq)
        failure = None
        self.pump()

    def _forget(self, key: Hashable, over: Callable[[], None]) -> None:
        if self._running is not None:
            self._running.pop(key, None)
        over()

    async def _run_in_thread(self, target: Target, args: tuple[Any, ...], cseq: int) -> None:
        """Run a `blocking` handler in a worker thread; its writes are made here when it returns."""
        session = self._session
        running_event.set(EventId(session.instance, cseq))
        failure: BaseException | None = None
        try:
            outcome = await session.in_thread(lambda: call_deferred(_run_whole, target.fn, args))
        finally:
            gate, self.gate = self.gate, None
            self._held = False
            if gate is not None:
                gate.set()
        if session.closed:
            return
        try:
            self._stretch(outcome.take, (), target)
        except (Exception, SystemExit) as error:
            failure = error
        if failure is not None:
            session.fail_event(cseq, failure, str(target), target.scope)
        else:
            session.finish(cseq)
        session.run_dispatched()
        self.pump()


def _handle(event: EventId, fn: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    token = running_event.set(event)
    try:
        return call_in_batch(fn, args)
    finally:
        running_event.reset(token)


def _run_whole(fn: Callable[..., Any], args: tuple[Any, ...]) -> None:
    refuse_unrun(call(fn, *args), in_thread=True)
