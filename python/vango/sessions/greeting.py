"""HELLO: who a client is, which session it gets, and how that one catches up (PROTOCOL rules 2, 3 and 14)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from vango import protocol
from vango.errors import ProtocolError, Refused
from vango.protocol import Hello, HelloOk, Message
from vango.sessions.standing import same_user

if TYPE_CHECKING:
    from vango.limits import Limits
    from vango.request import Request
    from vango.routing.site import Location
    from vango.sessions.registry import Registry
    from vango.sessions.session import Session
    from vango.transports.base import Transport

__all__ = ["Gate", "Greeting", "Handshake", "Named", "Opened", "admit", "first_hello"]

_MAX_EPOCH = 2**32
_MAX_INSTANCE = 64
_MAX_BURST_BYTES = 16 * 1024 * 1024  # what the protocol names where HELLO names nothing


@dataclass(frozen=True, slots=True)
class Handshake:
    """What the request of a connection proved; its origin was checked before.

    Attributes:
        browser: The value of the session cookie.
        request: What it said, whoever it is from; its address is not the page's.
    """

    browser: str
    request: Request

    @property
    def address(self) -> str:
        """The peer's address."""
        return self.request.client


class Named(NamedTuple):
    """What a token opens.

    Attributes:
        session: The id of a session.
        serial: Which one of its tokens it is; the newest that was used takes the place of those before.
        embedded: Whether somebody else serves its page, and knows who may have it.
    """

    session: str
    serial: int = 0
    embedded: bool = False


class Opened(NamedTuple):
    """A page that a connection may show.

    Attributes:
        request: What was asked, and who asks.
        root: Makes what a new session of this page mounts; raises `Refused` where there can be none.
        location: What the page shows, `None` where that is no page of an application.
    """

    request: Request
    root: Callable[[], object]
    location: Location | None = None


class Gate(Protocol):
    """Who may open what: the application's side of HELLO."""

    def verify(self, token: str, handshake: Handshake) -> Named:
        """Return what a genuine token of this browser names; raises `Refused`."""

    def check_csrf(self, value: str, handshake: Handshake) -> None:
        """Let the CSRF value pass that a page of this browser carries; raises `Refused`."""

    def token(self, session: Session) -> str:
        """Return the token of a session whose serial is the one that it has."""

    async def open(self, path: str, handshake: Handshake, named: Named) -> Opened:
        """Return the page at a path, by the checks of a page request; raises `Refused`."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """A HELLO that was accepted.

    Attributes:
        session: Which session it gets.
        hello: What it said.
        whole: Whether it needs a SNAPSHOT first.
    """

    session: Session
    hello: Hello
    whole: bool

    def attach(self) -> None:
        """Begin the connection: what the session sends is for this client from now on."""
        session, hello = self.session, self.hello
        lower = is_lowered(hello)
        session.view.lower = lower
        session.outbox.attach(
            hello.rev if hello.epoch == session.epoch else None,
            deflate="deflate" in hello.capabilities,
            templates="templates" in hello.capabilities,
            texts="texts" in hello.capabilities,
            lower=lower,
            burst_bytes=dict(hello.limits).get("burst_bytes", _MAX_BURST_BYTES),
        )

    def record(self, transport: Transport) -> None:
        """Note the document that the client has, for a recorder that sees only what follows."""
        session, recorder = self.session, self.session.registry.recorder
        if (
            recorder is not None
            and self.hello.rev == session.rev
            and not (self.whole or session.outbox.is_pending)
        ):
            recorder.document(transport, session.epoch, session.rev, session.view.tree.snapshot())

    def reply(self, attachment: str) -> HelloOk:
        """Return the HELLO_OK; the burst that it announces comes next."""
        session, limits = self.session, self.session.limits
        return HelloOk(
            version=protocol.VERSION,
            capabilities=in_use(self.hello, session.registry),
            session=session.id,
            attachment=attachment,
            epoch=session.epoch,
            rev=session.rev + self.whole,
            mode=protocol.MODE_SNAPSHOT if self.whole else protocol.MODE_RESUME,
            last=session.ledger.accepted,
            heartbeat_ms=limits.heartbeat_ms,
            ladder_ms=list(limits.ladder_ms),
            limits=[
                ("frame_bytes", limits.message_bytes),
                ("unsettled_events", limits.unsettled_events),
                ("channels", limits.channels),
                ("channel_bytes", limits.channel_bytes),
                ("channel_messages", limits.channel_messages),
            ],
        )


def first_hello(messages: list[Message], limits: Limits) -> Hello:
    """Return the HELLO that a connection begins with.

    Raises:
        ProtocolError: It is not one HELLO, or says what cannot be.
        Refused: There is no version in common.
    """
    if len(messages) != 1 or not isinstance(messages[0], Hello):
        raise ProtocolError(0, "the first message is one HELLO, and nothing else")
    hello = messages[0]
    if protocol.VERSION not in hello.versions:
        raise Refused("VersionNotSupported", f"This server speaks version {protocol.VERSION}.")
    if not 0 < len(hello.instance) <= _MAX_INSTANCE:
        raise ProtocolError(0, "HELLO needs an instance: 128 random bits, made when the script is loaded")
    if hello.epoch >= _MAX_EPOCH:
        raise ProtocolError(0, f"no view has had {hello.epoch:,} epochs")
    if len(hello.path.encode()) > limits.path_bytes:
        raise ProtocolError(0, f"the path is over the limit of {limits.path_bytes:,} bytes")
    return hello


def page_of(hello: Hello, named: Named, registry: Registry) -> str:
    """Return the address that the gate is asked for.

    That is the page which the session of this document shows. The document may name one before it, if it
    lacks the burst that tells it.
    """
    session = registry.find(named.session, hello.instance)
    if session is None or session.instance != hello.instance or not _shows(session, hello):
        return hello.path
    return session.shown


def admit(
    hello: Hello, named: Named, opened: Opened, handshake: Handshake, registry: Registry, turn: int
) -> Greeting:
    """Find or make the session of a HELLO, in one step.

    Args:
        hello: What the client said.
        named: What its token opens.
        opened: Its page, which the gate let through a moment ago.
        handshake: What its connection proved.
        registry: All sessions.
        turn: When the gate was asked: of two connections of one document the later one counts.

    Raises:
        Refused: This browser may not have the session, or not now.
    """
    session = registry.find(named.session, hello.instance)
    if session is not None and session.browser != handshake.browser:
        raise Refused("Unauthorized", "This session belongs to another browser.", advice="check: token")
    for one in (registry.get(named.session), session):
        if one is not None and named.serial < one.least:
            raise replaced()
    if session is not None and session.instance == hello.instance and turn < session.turn:
        raise Refused("Rehome", "A newer connection has taken the place of this one.")
    if session is not None:
        _require_same_user(session, opened, registry)
    if session is None or not _fits(session, hello, opened):
        session = _in_place(session, named.session, hello, opened, handshake, registry)
        whole = True
    else:
        whole = not _goes_on(session, hello)
        empty = session.allow_resync() if whole else None
        if empty is not None:
            raise Refused("RateLimited", "Too many snapshots were asked for.", empty.retry_after_ms)
    session.request = opened.request
    session.renew(named.serial)
    session.turn = turn
    session.instance = hello.instance
    session.ledger.attach(hello.settled)
    return Greeting(session, hello, whole)


def _require_same_user(session: Session, opened: Opened, registry: Registry) -> None:
    """Let a session be taken up only by who it was for (PROTOCOL 3.14).

    Raises:
        Refused: It is somebody else, or nobody has proved to be anybody. A session that knows a user waits
            for them to come back; one that another user asks for, or that was a guest's, ends.
    """
    terms = registry.terms
    if terms is None or same_user(session.request.user, opened.request.user):
        return
    parameters = terms.action(opened.request)
    if opened.request.user is None:
        raise Refused(
            "Unauthorized", "You are not logged in any more.", parameters=parameters, advice="check: gate"
        )
    registry.close(session, "AuthExpired")
    raise Refused("AuthExpired", "This page was somebody else's.", parameters=[("action", "reload")])


def replaced() -> Refused:
    """Return what is said to a token that a newer one has taken the place of."""
    return Refused("Unauthorized", "A newer token has taken the place of this one.", advice="check: token")


def is_lowered(hello: Hello) -> bool:
    """Tell whether a client knows ops 01 to 05 only; one that knows some of the others counts as such."""
    return not protocol.OPS.issubset(hello.capabilities)


def in_use(hello: Hello, registry: Registry) -> list[str]:
    """Return the capabilities that both sides have."""
    known = set(protocol.CAPABILITIES) - (protocol.OPS if is_lowered(hello) else set())
    if not registry.websocket:
        known.discard("websocket")
    return [name for name in hello.capabilities if name in known]


def _fits(session: Session, hello: Hello, opened: Opened) -> bool:
    """Tell whether this document may go on with the session."""
    same_document = session.instance in ("", hello.instance)
    same_page = _shows(session, hello)
    if opened.location is not None and session.site is not None:
        # What may be shown has become another page: the one that says so, for instance.
        same_page &= session.site.location.peek().match == opened.location.match
    # It knows of an epoch or of events that we do not: our copy is stale, or a late HELLO has made it.
    is_ahead = hello.epoch > session.epoch or hello.settled > session.ledger.accepted
    return same_document and same_page and not is_ahead


def _shows(session: Session, hello: Hello) -> bool:
    """Tell whether a client that has what this one has may be at the page that it names."""
    return session.shows(hello.path, hello.rev if hello.epoch == session.epoch else 0)


def _goes_on(session: Session, hello: Hello) -> bool:
    """Tell whether the client has all that was ever sent, or what it lacks can be sent again."""
    if hello.epoch != session.epoch:
        return False
    goes_on = session.outbox.resumes(hello.rev, lower=is_lowered(hello))
    if hello.rev > session.rev:
        # It holds a burst that this session never sealed: only a higher epoch takes it from there.
        session.begin_epoch(session.epoch + 1)
    return goes_on


def _in_place(
    old: Session | None, named: str, hello: Hello, opened: Opened, handshake: Handshake, registry: Registry
) -> Session:
    """Make a session where the document is: it mounts the page anew and goes on counting its events."""
    session = registry.replace(named, hello.instance, opened.root(), opened.request, handshake.browser)
    session.begin_epoch(hello.epoch + 1)
    session.ledger.begin(hello.settled)
    if old is not None and old.instance in ("", hello.instance):
        registry.close(old, "SessionExpired")
    return session
