"""All sessions of a process: who waits for a socket, who is connected, who may come back.

Invariants:
    - A session is in exactly one of three states: waiting for its first connection, attached, detached.
    - The first and the last end by time and by number, the oldest first; one timer serves each.
    - What a session started lives in the root task group and ends with its session or with `run`.
"""

from __future__ import annotations

import contextvars
import logging
import secrets
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
from anyio.abc import TaskGroup, TaskStatus

from vango import protocol
from vango.clock import Clock, Timers
from vango.errors import ErrorReport, Refused
from vango.limits import Limits
from vango.sessions.ahead import Allowance
from vango.sessions.hooks import SessionHooks
from vango.sessions.refusals import RefusalLog
from vango.sessions.session import Session
from vango.sessions.standing import Standing, Terms
from vango.tracebacks import shortened

if TYPE_CHECKING:
    from vango.request import Request
    from vango.sessions.attachment import Attachment
    from vango.sessions.channel import ChannelHandler
    from vango.sessions.navigation import Navigator
    from vango.transports.base import Recorder

__all__ = ["Registry", "Statistics"]

log = logging.getLogger("vango")


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many sessions there are, by state, and about how many bytes the detached ones take."""

    waiting: int
    attached: int
    detached: int
    detached_bytes: int = field(default=0, compare=False)  # an estimate: it makes no difference between two


class Registry:
    """All sessions of an application in this process.

    Attributes:
        clock: The time.
        limits: Every bound.
        debug: Whether pages show errors in full.
        recorder: Writes every connection down, if there is one.
        title: Of documents whose pages say none.
        channels: What serves the channels of all pages, by their names.
        websocket: Whether clients are told that they may come by WebSocket.
        navigator: What knows the addresses of the application, if anything does.
        errand: Returns where a browser fetches an errand, by its session and key; `None` where nowhere.
        terms: How users are checked, `None` where there are only guests.
        hooks: What the application wants to be told of its sessions.
        refusals: Writes into the log who was refused.
        connections: How many connections there are, those included that say their last words.
        timers: All timers of all sessions.
        context: What the context of each session is copied from: that of `run`.
        lock: Guards what other threads touch.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        limits: Limits | None = None,
        debug: bool = False,
        on_error: Callable[[ErrorReport], None] | None = None,
        recorder: Recorder | None = None,
        channels: Mapping[str, ChannelHandler] = MappingProxyType({}),
        websocket: bool = True,
        navigator: Navigator | None = None,
        prefetch: bool = True,
        title: str = "vango",
    ) -> None:
        """Prepare; nothing runs before `run`.

        Args:
            clock: The time.
            limits: Every bound.
            debug: Whether pages show errors in full.
            on_error: Called with each error that was contained; without it they are logged.
            recorder: Writes every connection down, for a developer.
            channels: What serves channels, by their names.
            websocket: Whether clients are told that they may come by WebSocket.
            navigator: What knows the addresses of the application; without it sessions stay where they are.
            prefetch: Whether they render pages before somebody goes there.
            title: Of documents whose pages say none.
        """
        self.clock = clock
        self.limits = limits or Limits()
        self.debug = debug
        self.recorder = recorder
        self.channels = channels
        self.title = title
        self.websocket = websocket
        self.navigator = navigator
        self.ahead = Allowance(is_on=prefetch)
        self.terms: Terms | None = None
        self.errand: Callable[[Session, str], str] | None = None
        self.hooks = SessionHooks()
        self.refusals = RefusalLog(clock.now)
        self.connections = 0
        self.timers = Timers(clock)
        self.context = contextvars.copy_context()
        self.lock = threading.Lock()
        self._on_error = on_error
        self._sessions: dict[str, Session] = {}
        self._connected: dict[str, Session] = {}
        self._aliases: dict[tuple[str, str], str] = {}
        self._waiting = _Line(self, self.limits.adopt_s, self.limits.waiting)
        self._detached = _Line(self, self.limits.resume_s, self.limits.detached, self.limits.detached_bytes)
        self._addresses: dict[str, list[Session]] = {}
        self._peers: Counter[str] = Counter()
        self._tasks: TaskGroup | None = None
        self._handed: deque[Callable[[], object]] = deque()  # by other threads
        self._news: anyio.Event | None = None
        self._interrupt: Callable[..., object] | None = None
        self._thread = 0
        self._turn = 0

    async def run(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Run what sessions need, until cancelled; all sessions end then.

        Enter it once: `await group.start(registry.run)`.
        """
        self.context = contextvars.copy_context()
        self._thread = threading.get_ident()
        try:
            async with anyio.create_task_group() as tasks:
                self._tasks, self._interrupt = tasks, _interrupt()
                tasks.start_soon(self._take_handed)
                task_status.started()
                await self.timers.run()
        finally:
            for session in list(self._sessions.values()):
                self.close(session, "Draining")
            self._tasks = self._interrupt = None
            self._handed.clear()

    @property
    def tasks(self) -> TaskGroup:
        """The root task group: what a session starts lives here, not in a connection.

        Raises:
            RuntimeError: The registry does not run.
        """
        if self._tasks is None:
            raise RuntimeError("the registry does not run; write `await group.start(registry.run)` first")
        return self._tasks

    def call_soon(self, fn: Callable[[], object]) -> None:
        """Call `fn` on the loop, from any thread; without a running loop it is never called.

        It waits for nothing: the loop itself may be waiting for the thread that calls.
        """
        interrupt = self._interrupt
        if threading.get_ident() == self._thread:
            if self._tasks is not None:
                self._tasks.start_soon(_call, fn)
        elif interrupt is not None:
            self._handed.append(fn)
            with suppress(RuntimeError):  # the loop stopped meanwhile, and so did the session
                interrupt(self._hear)

    def _hear(self) -> None:
        if self._news is not None:
            self._news.set()

    async def _take_handed(self) -> None:
        """Call what other threads hand over, until cancelled."""
        while True:
            self._news = anyio.Event()
            while self._handed:
                self._handed.popleft()()
            await self._news.wait()

    # Sessions

    @property
    def sessions(self) -> Collection[Session]:
        """All sessions."""
        return self._sessions.values()

    def statistics(self) -> Statistics:
        """Count the sessions by state."""
        waiting, detached = len(self._waiting), len(self._detached)
        attached = len(self._sessions) - waiting - detached
        return Statistics(waiting, attached, detached, self._detached.bytes)

    def open(self, root: object, *, request: Request, browser: str) -> Session:
        """Make the session of a page and render it. It waits `adopt_s` for its socket.

        Await `session.paint.finish()` next, and serve the page as it is then.

        Args:
            root: What the page shows.
            request: What asked for the page.
            browser: The session cookie's value, to which the session is bound.

        Raises:
            Exception: What the first render raised and could not contain.
        """
        session = self._make(root, request, browser, paints=True)
        address = session.address
        neighbours = self._addresses.setdefault(address, [])
        if len(neighbours) >= self.limits.waiting_per_address:
            self.close(neighbours[0], "SessionExpired")
            neighbours = self._addresses.setdefault(address, [])
        neighbours.append(session)
        self._waiting.add(session)
        return session

    def replace(self, named: str, instance: str, root: object, request: Request, browser: str) -> Session:
        """Make a session in the place of one that is gone or belongs to another document.

        As long as it lives, `find` answers with it for the page that still names the old one.
        """
        session = self._make(root, request, browser)
        session.alias = (named, instance)
        self._aliases[session.alias] = session.id
        return session

    def get(self, session_id: str) -> Session | None:
        """Return the session of this id."""
        return self._sessions.get(session_id)

    def find(self, named: str, instance: str) -> Session | None:
        """Return the session that a document belongs to whose page names the session `named`."""
        stand_in = self._aliases.get((named, instance))
        return self._sessions.get(stand_in if stand_in is not None else named)

    def close(
        self,
        session: Session,
        reason: str = "SessionExpired",
        message: str = "The session has ended.",
        parameters: Sequence[tuple[str, str]] = (),
    ) -> None:
        """End a session and free all of it.

        Args:
            session: One of this registry; nothing happens if it has ended already.
            reason: The error kind that its client is told, if it has one and the kind is known.
            message: One sentence for who looks at the browser's console.
            parameters: What the client is to do.
        """
        if self._sessions.pop(session.id, None) is None:
            return
        self._peers[session.address] -= 1
        if not self._peers[session.address]:
            del self._peers[session.address]
        self._forget_waiting(session)
        self._detached.remove(session)
        if session.alias is not None and self._aliases.get(session.alias) == session.id:
            del self._aliases[session.alias]
        attachment = session.attachment
        if attachment is not None:
            kind = reason if reason in protocol.RULES else "SessionExpired"
            error = protocol.Error(
                kind,
                protocol.ORIGIN_SERVER,
                protocol.SCOPE_SESSION,
                message,
                parameters=list(parameters),
            )
            attachment.end(protocol.close_code(kind), error)
        session.close()
        if session.begun:
            self.hooks.finish(session)

    def expire(self, session: Session, refused: Refused, reason: str) -> None:
        """End a session whose user is none any more, and tell its client what to do."""
        log.info("session %s: %s", session.id, reason)
        self.close(session, refused.kind, refused.message, refused.parameters)

    # Connections

    def next_turn(self) -> int:
        """Number a connection that asks to be let in, above all before it."""
        self._turn += 1
        return self._turn

    def connected(self, attachment: str) -> Session | None:
        """Return the session of a connection by the name that HELLO_OK gave it; `None` once it has ended."""
        return self._connected.get(attachment)

    def attach(self, session: Session, attachment: Attachment) -> None:
        """Connect a session; the connection that it had is replaced."""
        old, session.attachment = session.attachment, attachment
        self._connected[attachment.name] = session
        session.end_standing()
        if old is not None:
            old.end(1000)
        self._forget_waiting(session)
        self._detached.remove(session)
        session.paint = session.reply = None
        if self.terms is not None and session.request.user is not None:
            session.standing = Standing(session, self.terms)
        if not session.begun:
            session.begun = True
            self.hooks.begin(session)
        session.connected()

    def detach(self, session: Session, attachment: Attachment) -> None:
        """Disconnect a session from this connection, if it is still the one that it has."""
        self._connected.pop(attachment.name, None)
        if session.attachment is attachment:
            session.attachment = None
            session.end_standing()
            session.disconnected()
            if session.id in self._sessions:
                self._detached.add(session)

    # Errors

    def report(
        self,
        error: BaseException,
        where: str,
        *,
        session: str = "",
        path: str = "",
        component: tuple[str, ...] = (),
        handler: str = "",
        event: int = 0,
    ) -> str:
        """Tell the application of an error that was contained; returns the reference that a page may show."""
        reference = secrets.token_hex(4)
        if self._on_error is None:
            trace = type(error), error, shortened(error)
            log.error("%s failed (reference %s, %s)", where, reference, path or "no page", exc_info=trace)
            return reference
        try:
            self._on_error(ErrorReport(reference, where, error, session, path, component, handler, event))
        except Exception:
            log.exception("on_error raised while it took the report %s of %s", reference, where)
        return reference

    def _make(self, root: object, request: Request, browser: str, *, paints: bool = False) -> Session:
        self._make_room(request.client)
        session = Session(
            self,
            secrets.token_urlsafe(16),
            root,
            request=request,
            browser=browser,
            paints=paints,
        )
        self._sessions[session.id] = session
        self._peers[session.address] += 1
        return session

    def _make_room(self, address: str) -> None:
        """Let one more session of an address in, in the place of its oldest one without a connection.

        Raises:
            Refused: `ServerBusy`; all of them are connected.
        """
        if self._peers[address] < self.limits.sessions_per_address or is_local(address):
            return
        for line in (self._detached, self._waiting):
            oldest = line.oldest(address)
            if oldest is not None:
                self.close(oldest, "SessionExpired")
                return
        raise Refused("ServerBusy", "Too many pages are open.", 1000, advice="check: sessions_per_address")

    def _forget_waiting(self, session: Session) -> None:
        if self._waiting.remove(session):
            neighbours = self._addresses[session.address]
            neighbours.remove(session)
            if not neighbours:
                del self._addresses[session.address]


class _Line:
    """Sessions that end after the same time, the oldest first.

    Attributes:
        bytes: What they took when they came, where there is a bound for that.
    """

    __slots__ = ("_armed", "_due", "_most", "_most_bytes", "_registry", "_seconds", "bytes")

    def __init__(self, registry: Registry, seconds: float, most: int, most_bytes: int | None = None) -> None:
        self._registry = registry
        self._seconds = seconds
        self._most = most
        self._most_bytes = most_bytes
        self._due: OrderedDict[Session, tuple[float, int]] = OrderedDict()  # when, and how heavy
        self._armed = False
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._due)

    def add(self, session: Session) -> None:
        """Let a session wait; the oldest ones leave if there are too many, or they are too heavy."""
        if len(self._due) >= self._most:
            self._registry.close(next(iter(self._due)), "SessionExpired")
        weight = 0 if self._most_bytes is None else session.weight
        self._due[session] = self._registry.clock.now() + self._seconds, weight
        self.bytes += weight
        while self._most_bytes is not None and self.bytes > self._most_bytes:
            self._registry.close(next(iter(self._due)), "SessionExpired")
        self._arm()

    def oldest(self, address: str) -> Session | None:
        """Return the session of an address that has waited longest; O(sessions that wait)."""
        return next((session for session in self._due if session.address == address), None)

    def remove(self, session: Session) -> bool:
        """Let a session wait no longer; returns whether it did."""
        known = self._due.pop(session, None)
        if known is None:
            return False
        self.bytes -= known[1]
        return True

    def _arm(self) -> None:
        if not self._armed and self._due:
            self._armed = True
            first, _ = next(iter(self._due.values()))
            self._registry.timers.after(first - self._registry.clock.now(), self._sweep)

    def _sweep(self) -> None:
        self._armed = False
        now = self._registry.clock.now()
        while self._due:
            session, (due, _) = next(iter(self._due.items()))
            if due > now:
                break
            self._registry.close(session, "SessionExpired")
        self._arm()


def is_local(address: str) -> bool:
    """Tell whether a peer is on this machine, or has no address."""
    return address in ("", "::1") or address.startswith("127.")


async def _call(fn: Callable[[], object]) -> None:
    fn()


def _interrupt() -> Callable[..., object]:
    """Return how another thread calls a function in the loop that runs, without waiting for it.

    anyio has only calls that wait, so asyncio's loop or trio's token is asked.
    """
    token: Any = anyio.lowlevel.current_token()
    native = getattr(token, "native_token", token)
    found: Callable[..., object] = getattr(native, "call_soon_threadsafe", None) or native.run_sync_soon
    return found
