"""A session: the server state of one tab, with or without a connection.

Invariants:
    - Its stretches never overlap, and after each one what it changed is rendered, if a client waits for it.
    - Without a connection, or while the client is behind, nothing is rendered; signals still change.
    - What changes joins `outbox`, which outlives connections: `rev` and what is pending there make the tree.
    - An error is contained here: it never reaches another session.
"""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from contextvars import Context
from inspect import CORO_CLOSED, getcoroutinestate
from types import CoroutineType
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import unquote

import anyio
import anyio.lowlevel
import anyio.to_thread

from vango._core import Outbox
from vango.clock import Timer
from vango.components.host import running_host
from vango.components.view import View
from vango.errors import AlreadyProcessed, LimitExceeded
from vango.naming import name as name_of
from vango.reactive.blocks import tear
from vango.reactive.onlooker import refuse_early
from vango.routing.site import Site
from vango.sessions.ahead import page_ahead
from vango.sessions.bucket import Bucket
from vango.sessions.head import Heads
from vango.sessions.inbox import Inbox
from vango.sessions.ledger import Ledger
from vango.sessions.logger import SessionLogger
from vango.sessions.navigation import Navigation
from vango.sessions.paint import Paint
from vango.sessions.question import Question
from vango.sessions.reply import Reply
from vango.tracebacks import shortened, told

if TYPE_CHECKING:
    from vango.components.scope import Scope
    from vango.guards import Outcome
    from vango.limits import Limits
    from vango.reactive.signals import Signal
    from vango.reactive.tracking import Source
    from vango.request import Request
    from vango.routing.routes import Match
    from vango.routing.site import Location
    from vango.sessions.attachment import Attachment
    from vango.sessions.channel import ChannelHandler
    from vango.sessions.errands import Errand
    from vango.sessions.registry import Registry
    from vango.sessions.served import Served
    from vango.sessions.standing import Standing
    from vango.sessions.toasts import Toast

__all__ = ["Session", "current_session"]

T = TypeVar("T")

_BARE_BYTES = 4_000
"""What a session takes that shows next to nothing; `tests/unit/test_weight.py` weighs such ones."""

log = logging.getLogger("vango")


def current_session() -> Session:
    """Return the session whose code runs; its `dispatch` takes calls from other threads.

    Raises:
        RuntimeError: None does: the caller is neither a body nor a handler, nor was started by one.
    """
    try:
        return cast("Session", running_host.get())
    except LookupError:
        raise RuntimeError(
            "no session runs here; call current_session() in a body or a handler and keep what it returns"
        ) from None


class Session:
    """The state of one tab. The registry makes it; an attachment connects it.

    Attributes:
        id: 128 random bits, url-safe.
        browser: The value of the session cookie that it is bound to.
        alias: The session and the document in whose place it stands, if it does.
        address: The peer that asked for the page.
        instance: The loaded document that it belongs to, "" before its first HELLO.
        epoch: The incarnation of its view; `begin_epoch` begins another.
        view: Its scopes and its tree.
        ledger: Its events, by their numbers.
        heads: What its page says of its document.
        inbox: Its events that wait or run.
        outbox: What waits to be sent to its client, and what may have to be sent again.
        attachment: Its connection, if there is one.
        channels: How many handlers of channels run.
        served: What serves the channels of its own page, by their names.
        paint: The first paint, until the page is served.
        begun: Whether a browser has ever connected to it.
        standing: The checks of its user, while it is connected and has one.
        site: What it mounts, the root of its pages; `None` where it shows something else.
        reply: What bodies say of the answer, until the page is served.
        errands: What its browser is to fetch, by keys; `None` where there was never any.
        serial: The number of its newest token, from 0, the served page's.
        least: The number of the oldest token that still opens it.
        turn: When its newest connection asked to be let in.
        toasts: What `toast()` has said and nobody has dismissed; `None` where it was never asked.
        closed: Whether it has ended.
    """

    __slots__ = (
        "__weakref__",
        "_calls",
        "_channel_messages",
        "_events",
        "_navigation",
        "_request",
        "_resyncs",
        "_timed",
        "address",
        "alias",
        "attachment",
        "begun",
        "browser",
        "channels",
        "closed",
        "context",
        "epoch",
        "errands",
        "heads",
        "id",
        "inbox",
        "instance",
        "least",
        "ledger",
        "outbox",
        "paint",
        "registry",
        "reply",
        "serial",
        "served",
        "site",
        "standing",
        "toasts",
        "turn",
        "view",
    )

    def __init__(
        self,
        registry: Registry,
        session_id: str,
        root: object,
        *,
        request: Request,
        browser: str,
        paints: bool = False,
    ) -> None:
        """Render `root` for the first time, as a page that is served next if it `paints`.

        Raises:
            Exception: What the view could not contain.
        """
        self.registry = registry
        self.id = session_id
        self.browser = browser
        self._request = request
        self.address = request.client
        self.alias: tuple[str, str] | None = None
        self.instance = ""
        limits = registry.limits
        self.epoch = 1
        self.outbox = Outbox(
            self.epoch,
            ring_bursts=limits.ring_bursts,
            ring_bytes=limits.ring_bytes,
            window_bytes=limits.window_bytes,
            part_bytes=limits.part_bytes,
        )
        self.ledger = Ledger(limits.unsettled_events)
        self.inbox = Inbox(self)
        self.heads = Heads(self)
        self.attachment: Attachment | None = None
        self._navigation: Navigation | None = None
        self.toasts: Signal[tuple[Toast, ...]] | None = None
        self.closed = False
        self._calls: deque[tuple[Callable[..., Any], tuple[Any, ...]]] | None = None
        self._timed: set[_TimedCall] | None = None
        self._events: Bucket | None = None
        self._resyncs: Bucket | None = None
        self._channel_messages: Bucket | None = None
        self.channels = 0
        self.serial = self.least = self.turn = 0
        self.served: dict[str, Served] | None = None
        self.standing: Standing | None = None
        self.begun = False
        self.errands: dict[str, Errand] | None = None
        self.reply: Reply | None = Reply() if paints else None
        self.paint: Paint | None = Paint(self) if paints else None
        self.site = root if isinstance(root, Site) else None
        if self.site is not None:
            self.site.turn = self._turn
        self.context: Context = registry.context.copy()
        self.context.run(running_host.set, self)
        self.view: View = self.context.run(View, root, self)
        self.context.run(self.view.mount)

    @property
    def limits(self) -> Limits:
        """The bounds of the application."""
        return self.registry.limits

    @property
    def request(self) -> Request:
        """What asked for its page, as the newest connection proved it; or for the page rendered ahead."""
        page = page_ahead(self)
        return self._request if page is None or page.place is None else page.place.request

    @request.setter
    def request(self, request: Request) -> None:
        self._request = request

    @property
    def path(self) -> str:
        """The path and query of its page, as the browser's address bar has them."""
        return self.request.address

    @property
    def rev(self) -> int:
        """The last burst that was sealed; 0 is the served page."""
        return self.outbox.rev

    @property
    def location(self) -> Source[Location]:
        """What its page is; `site.go` shows another one, inside the layouts that both have.

        Raises:
            RuntimeError: It shows no site: it was opened with a component alone.
        """
        if self.site is None:
            raise RuntimeError("this session shows no pages of an application, so it has no location")
        page = page_ahead(self)
        return self.site.location if page is None or page.branch is None else page.branch.location

    def begin_epoch(self, epoch: int) -> None:
        """Begin another incarnation of the view: only a snapshot leads there."""
        self.epoch = epoch
        self.outbox.renew(epoch)

    @property
    def logger(self) -> SessionLogger:
        """What logs with the session, the path and the user: `current_session().logger.info("saved")`."""
        return SessionLogger(self)

    @property
    def count(self) -> int:
        """How many hids are live."""
        return self.view.tree.count

    @property
    def weight(self) -> int:
        """About how many bytes it takes: an estimate within a factor of 1.5 for pages of an ordinary kind.

        Counted are scopes, nodes, handlers, what signals hold (long lists by a sample of their items) and
        what may have to be sent again; not what else functions and objects of the application keep. What
        sessions share is part of each. O(scopes and nodes) at the time of asking; nothing is counted before.
        """
        return _BARE_BYTES + self.outbox.held_bytes + self.view.weight

    @property
    def navigation(self) -> Navigation:
        """Where it goes."""
        if self._navigation is None:
            self._navigation = Navigation(self)
        return self._navigation

    @property
    def is_held(self) -> bool:
        """Whether the page that it goes to is rendered and not to be seen yet."""
        return self._navigation is not None and self._navigation.holds

    @property
    def shown(self) -> str:
        """The address of what it renders, which its client may not have got yet."""
        return self.path if self.site is None else self.site.location.peek().address

    def shows(self, path: str, rev: int) -> bool:
        """Tell whether a client that has the burst `rev` may say that its page is at `path`."""
        if self._navigation is None:
            return unquote(path) == unquote(self.path)
        return self._navigation.shows(path, rev)

    def connected(self) -> None:
        """A browser is there: what waited for one begins."""
        try:
            self.context.run(self.view.go_live)
        except Exception as error:
            self.fail(error, "starting the page's timers")
        if self._navigation is not None:
            self._navigation.connected()

    def disconnected(self) -> None:
        """Its connection has ended."""
        if self._navigation is not None:
            self._navigation.disconnected()

    def _turn(self, outcome: Outcome) -> Match | None:
        """A body has said that there is no page, or not here: see to it, and return what shows instead."""
        navigator = self.registry.navigator
        if navigator is None:
            return None
        try:
            turned = navigator.turn(self, outcome)
        except Exception as error:
            self.report(error, f"leading on from {self.path}")
            return None
        if self.reply is not None:
            self.reply.turned = self.reply.turned or turned
        else:
            self.navigation.turn(turned)
        return turned.instead

    def new_token(self) -> str:
        """Return a token that can take the place of the one that the page has.

        As soon as the page has used it (`socket.signIn(token)` in the browser, AUTH on the wire, or its next
        HELLO), no earlier one opens this session any more. Until then both do, so one that gets lost on its
        way locks nobody out. Hand it over by something that is not compressed together with page content: a
        channel, with `compress=False`, or an answer of HTTP.

        Raises:
            RuntimeError: The page is not connected, so there is nobody to hand it to.
        """
        if self.attachment is None:
            raise RuntimeError(
                "new_token() is for a page that is connected; call it in a handler or a channel"
            )
        self.serial += 1
        return self.attachment.token()

    def renew(self, serial: int) -> None:
        """A token of this number was used: those before it open nothing any more."""
        self.least = serial
        self.serial = max(self.serial, serial)

    def html(self) -> str:
        """Return the page as it stands."""
        return self.view.html()

    async def revalidate(self) -> bool:
        """Ask at once whether the user of this page is still who they were.

        `if await current_session().revalidate(): transfer()` in a handler. A session whose user is none any
        more ends, and its page does what `App.auth(on_expiry=...)` says.

        Returns:
            Whether the session goes on; that of a guest does, and that of a page without a connection, whose
            user is asked for when it comes back.
        """
        return await self.standing.check() if self.standing is not None else not self.closed

    def end_standing(self) -> None:
        """The connection whose user was checked has ended."""
        standing, self.standing = self.standing, None
        if standing is not None:
            standing.end()

    # What a view asks of its host

    @property
    def debug(self) -> bool:
        """Whether error views show the traceback."""
        return self.registry.debug

    @property
    def scope(self) -> Scope:
        """The scope of all that its view shows."""
        return self.view.scope

    def wake(self) -> None:
        """Something of the page has changed outside a stretch: the sender renders it, if there is one."""
        if self.attachment is not None:
            self.attachment.wake()

    def question(self) -> Question:
        """Return what an answer of the browser is waited for with."""
        return Question(self.registry.clock)

    def within(self, fn: Callable[[], object]) -> object:
        """Call `fn` in this session's context: an effect may be woken by the code of another one."""
        return fn() if running_host.get(None) is self else self.context.run(fn)

    def now(self) -> float:
        """Seconds by the application's clock."""
        return self.registry.clock.now()

    def every(self, seconds: float, callback: Callable[[], object]) -> Callable[[], None]:
        """Call `callback` each `seconds` as a stretch, until the returned function is called or this ends."""
        return self._call_later(seconds, callback, again=True)

    def after(self, seconds: float, callback: Callable[[], object]) -> Callable[[], None]:
        """Call `callback` once, after `seconds`, as a stretch, unless that is taken back or this ends."""
        return self._call_later(seconds, callback, again=False)

    def _call_later(
        self, seconds: float, callback: Callable[[], object], *, again: bool
    ) -> Callable[[], None]:
        if self.closed:
            return _nothing
        call = _TimedCall(self, seconds, callback, again=again)
        if self._timed is None:
            self._timed = set()
        self._timed.add(call)
        return call.cancel

    def start(
        self,
        run: Callable[[], Coroutine[Any, Any, object]],
        name: str,
        failed: Callable[[BaseException], object] | None = None,
        *,
        for_paint: bool = False,
    ) -> Callable[[], None]:
        """Run `run()` as a task, stretch by stretch, until it is over or this ends; see `Host`."""
        if self.closed:
            return _nothing
        paint = (page_ahead(self) or self.paint) if for_paint else None
        if paint is not None:
            paint.wait_for_one_more()
        over = paint.one_is_over if paint is not None else _nothing
        return self.inbox.start(run(), name, failed, over).cancel

    async def in_thread(self, fn: Callable[[], T]) -> T:
        """Call `fn` in a worker thread, which no cancellation stops; see `Host`."""
        given = await anyio.to_thread.run_sync(fn)
        await anyio.lowlevel.checkpoint_if_cancelled()
        return given

    def report(self, error: BaseException, where: str, component: tuple[str, ...] = ()) -> str:
        """Tell the application of an error that was contained; returns the reference that the page shows."""
        return self.registry.report(error, where, session=self.id, path=self.path, component=component)

    # Stretches

    @property
    def gate(self) -> anyio.Event | None:
        """What is set when the handler in a worker thread returns; `None` where there is none."""
        return self.inbox.gate

    def begin(self) -> float:
        """A stretch begins; a block that a task of the application's own left open ends here."""
        tear()
        return self.registry.clock.now()

    def end(self, began: float, name: object) -> None:
        """A stretch is over: render what it changed if a client waits for it, and say if it took too long."""
        attachment = self.attachment
        if attachment is not None:
            if self.view.dirty and attachment.wants_more:
                self.render()
            attachment.wake()
        self._watch(began, name)

    def catch_up(self) -> None:
        """Render what was changed from elsewhere; the sender does this."""
        began = self.begin()
        self.render()
        self._watch(began, f"rendering {self.path}")

    def render(self) -> None:
        """Bring the tree up to date; what changes joins `outbox`. A view that breaks ends the session."""
        try:
            ops = self.context.run(self.view.flush)
        except Exception as error:
            self.fail(error, "rendering")
            return
        if ops:
            self.outbox.push(ops)

    def repaint(self) -> None:
        """Render what has changed into the page, which nobody has seen yet: there is no burst to send."""
        began = self.begin()
        try:
            self.context.run(self.view.flush)
        except Exception as error:
            self.fail(error, "rendering")
        self._watch(began, f"rendering {self.path}")

    def answer(self, hid: int, said: Sequence[str] | bytes) -> None:
        """An event of a control is over: let it show what its slots hold, if it `said` something else.

        Where nobody was told what it said, `said` is what they held before, in ops: a change says itself.
        """
        known = None if isinstance(said, bytes) else said
        try:
            ops = self.view.answer(hid, known)
        except Exception as error:
            self.fail(error, "answering an event")
            return
        if ops and (known is not None or said in (b"", ops)):
            self.outbox.push(ops)

    # Events

    def finish(self, cseq: int, error: str = "", details: str = "") -> None:
        """Note the outcome of an event; its RESULT goes out behind the burst that shows its effect."""
        if not self.closed:
            self.inbox.finish(cseq, error)
            self.ledger.finish(cseq, error, details)
            if self.attachment is not None:
                self.attachment.wake()

    def fail_event(self, cseq: int, error: BaseException, name: str, scope: Scope | None = None) -> None:
        """A handler in `scope` raised: report it, and tell the page no more than a reference."""
        if isinstance(error, AlreadyProcessed) and cseq:
            self.finish(cseq, "AlreadyProcessed")
            return
        reference = self.registry.report(
            error,
            name,
            session=self.id,
            path=self.path,
            component=scope.way if scope is not None else (),
            handler=name if cseq else "",
            event=cseq,
        )
        details = {"reference": reference}
        if self.debug:
            details["error"] = told(error, shortened(error))
        if cseq:
            self.finish(cseq, "HandlerFailed", json.dumps(details))

    def allow_event(self) -> Bucket | None:
        """Count one event; returns the bucket if it is empty."""
        now = self.registry.clock.now()
        if self._events is None:
            self._events = Bucket(self.limits.events_per_s, self.limits.event_burst, now)
        return None if self._events.take(now) else self._events

    def allow_resync(self) -> Bucket | None:
        """Count one REFETCH or snapshot; returns the bucket if it is empty."""
        now = self.registry.clock.now()
        if self._resyncs is None:
            self._resyncs = Bucket(self.limits.resyncs_per_s, self.limits.resync_burst, now)
        return None if self._resyncs.take(now) else self._resyncs

    def channel_handler(self, name: str) -> ChannelHandler | None:
        """Return what serves the channels of a name: a component of the page, or the application."""
        served = self.served.get(name) if self.served else None
        return served.serve if served is not None else self.registry.channels.get(name)

    def allow_channel_message(self) -> Bucket | None:
        """Count one message of a channel; returns the bucket if it is empty."""
        now, limits = self.registry.clock.now(), self.limits
        if self._channel_messages is None:
            self._channel_messages = Bucket(limits.channel_messages_per_s, limits.channel_message_burst, now)
        return None if self._channel_messages.take(now) else self._channel_messages

    # Calls from elsewhere

    def dispatch(self, fn: Callable[..., Any], *args: Any) -> bool:
        """Call `fn(*args)` soon, as a stretch of this session; from any thread.

        None of these calls is ever dropped: when more than `Limits.dispatched` wait, the session ends.

        Returns:
            Whether the session is there; False means that nobody will ever call `fn`.

        Raises:
            LimitExceeded: Too many calls wait. The session has ended.
            TooEarlyError: The caller is rendered before anybody has asked for it.
        """
        refuse_early("session.dispatch(...) was called")
        limit = self.limits.dispatched
        with self.registry.lock:
            if self.closed:
                return False
            if self._calls is None:
                self._calls = deque()
            waiting = len(self._calls)
            if waiting < limit:
                self._calls.append((fn, args))
        if waiting >= limit:
            error = LimitExceeded("dispatched", limit, waiting + 1)
            self.registry.call_soon(lambda: self.fail(error, "Session.dispatch"))
            raise error
        if waiting == 0:
            self.registry.call_soon(self.run_dispatched)
        return True

    def run_dispatched(self) -> None:
        """Make the calls that wait, unless a handler in a worker thread still runs."""
        for _ in range(len(self._calls or ())):
            if self._calls and self.gate is None:
                fn, args = self._calls.popleft()
                self.inbox.call(fn, args, name_of(fn))
        if not self._calls:
            with self.registry.lock:
                if not self._calls:
                    self._calls = None
        elif self.gate is None:
            self.registry.call_soon(self.run_dispatched)

    # The end

    def fail(self, error: BaseException, where: str) -> None:
        """End because of an error that leaves no session to go on with; the client gets a fresh page."""
        if not self.closed:
            self.report(error, where)
            self.registry.close(self, "Internal")

    def close(self) -> None:
        """Free everything; only the registry calls this."""
        if self.closed:
            return
        with self.registry.lock:
            self.closed = True
            self._calls = None
        self.paint = None
        self.end_standing()
        for call in list(self._timed or ()):
            call.cancel()
        self.inbox.close()
        if self._navigation is not None:
            self._navigation.close()
        try:
            self.within(self.view.close)  # which a handler of its own may ask for
        except Exception as error:
            self.report(error, "closing the session")

    def _watch(self, began: float, name: object) -> None:
        held = self.registry.clock.now() - began
        if held > self.limits.slow_stretch_s:
            log.warning(
                "%s held the loop for %d ms; slow code belongs into blocking(handler)", name, held * 1000
            )

    def _forget_call(self, call: _TimedCall) -> None:
        if self._timed is not None:
            self._timed.discard(call)


class _TimedCall:
    """A function that is called later, once or again and again."""

    __slots__ = ("_again", "_callback", "_running", "_seconds", "_session", "_timer", "_waits")

    def __init__(
        self, session: Session, seconds: float, callback: Callable[[], object], *, again: bool
    ) -> None:
        self._session = session
        self._seconds = seconds
        self._callback = callback
        self._again = again
        self._waits = False
        self._running: CoroutineType[Any, Any, Any] | None = None
        self._timer: Timer | None = session.registry.timers.after(seconds, self._fire)

    def cancel(self) -> None:
        """Call it never again."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
            self._session._forget_call(self)

    def _fire(self) -> None:
        session = self._session
        if self._again:
            # A tick that comes late does not push the later ones back, a missed one is not made up for.
            late = session.registry.timers.lag % self._seconds
            self._timer = session.registry.timers.after(self._seconds - late, self._fire)
        if session.gate is None:
            session.inbox.call(self._tick, (), name_of(self._callback))
        elif not self._waits:
            self._waits = session.dispatch(self._tick)

    def _tick(self) -> object:
        self._waits = False
        if self._timer is None or self._is_running:
            return None
        if not self._again:
            self.cancel()
        result = self._callback()
        self._running = result if type(result) is CoroutineType else None
        return result

    @property
    def _is_running(self) -> bool:
        """Whether the last tick, a coroutine, still runs: ticks do not pile up behind a slow one."""
        return self._running is not None and getcoroutinestate(self._running) != CORO_CLOSED


def _nothing() -> None:
    """Stand for taking back what was never begun."""
