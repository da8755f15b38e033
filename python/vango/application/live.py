"""The address where a served page connects: what is checked before anything is accepted, and the sockets."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocket

from vango.application.asked import request_of
from vango.application.blueprint import BlueprintEndpoint
from vango.application.cookies import browser_in, session_cookie
from vango.application.csrf import Csrf
from vango.application.denial import deny
from vango.application.gate import Denied, Gatekeeper, Redirected
from vango.application.handshakes import HandshakeQueue, Seat
from vango.application.identity import Identity, ProviderFailed
from vango.application.origins import OriginPolicy
from vango.application.tokens import Tokens
from vango.errors import Refused
from vango.request import Request
from vango.routing.site import Site
from vango.sessions.attachment import Handshake, attach
from vango.sessions.greeting import Gate, Named, Opened
from vango.sessions.registry import Registry
from vango.sessions.session import Session
from vango.sessions.standing import Terms, expired, same_user
from vango.transports.websocket import WebSocketTransport

SUBPROTOCOL = "vango.1"

PreUpgradeCheck: TypeAlias = Callable[[Request], int | None]

_GATE = "check: gate"
_STATUS = {"Unauthorized": 403, "VersionNotSupported": 426, "ServerBusy": 503, "Draining": 503}

log = logging.getLogger("vango")


@dataclass(frozen=True)
class PageGate:
    """The gate of one connection: what its HELLO may open, the same as a request of its browser may.

    Attributes:
        tokens: Verifies the page's token, signs that of a session made anew.
        csrf: Checks the page's CSRF value.
        gatekeeper: Decides as for a request of the page.
        seat: The connection's place in the queue before HELLO.
    """

    tokens: Tokens
    csrf: Csrf
    gatekeeper: Gatekeeper
    seat: Seat

    def verify(self, token: str, handshake: Handshake) -> Named:
        """Return what a genuine token names; raises `Refused`."""
        named = Named(*self.tokens.verify(token, handshake.browser))
        self.seat.release()
        return named

    def check_csrf(self, value: str, handshake: Handshake) -> None:
        """Let pass the CSRF value that a page of this browser carries; raises `Refused`."""
        if not self.csrf.is_genuine(value, handshake.browser):
            raise Refused(
                "CsrfInvalid", "The page's CSRF value is not that of its browser.", advice="check: csrf"
            )

    def token(self, session: Session) -> str:
        """Return the newest token of a session."""
        embedded = session.site is None
        return self.tokens.sign(session.id, session.browser, session.serial, embedded=embedded)

    async def open(self, path: str, handshake: Handshake, named: Named) -> Opened:
        """Return the page at the path of the browser's address bar; raises `Refused`."""
        if named.embedded:
            return Opened(await self.gatekeeper.identify(path, handshake.request), _not_ours)
        return await opened(self.gatekeeper, path, handshake.request)


def _not_ours() -> object:
    """Say that only the page of a host has what an embedded session shows."""
    raise Refused("SchemaMismatch", "This session has ended; the page around it makes a new one.")


async def opened(gatekeeper: Gatekeeper, path: str, request: Request, *, strict: bool = False) -> Opened:
    """Return the page that a connection may show.

    Raises:
        ProviderFailed: Nobody can tell who this is, and that matters: `strict`.
        Refused: A request for it would be answered with something else.
    """
    verdict = await gatekeeper.admit(path, request, strict=strict)
    # A request for the page would be answered by another one: loading it is the way there.
    again = [("action", "reload")] if gatekeeper.identity is not None else []
    if isinstance(verdict, Redirected):
        raise Refused("Unauthorized", "This page is not for you now.", parameters=again, advice=_GATE)
    location = verdict.location
    if location is not None:
        return Opened(verdict.request, lambda: Site(location), location)
    if isinstance(verdict, Denied) and verdict.status == 403:
        raise Refused("Unauthorized", verdict.message, parameters=again, advice=_GATE)
    raise Refused("SchemaMismatch", "There is no page at this address any more.")


async def _proved(gatekeeper: Gatekeeper, session: Session, request: Request) -> Request:
    """Return what another request proves that is to have something of a session: by the checks of its page.

    Raises:
        ProviderFailed: Nobody can tell.
        Refused: A request of the page would be answered with something else.
    """
    if session.site is None:
        return await gatekeeper.identify(session.path, request, strict=True)
    return (await opened(gatekeeper, session.path, request, strict=True)).request


def terms_of(gatekeeper: Gatekeeper, identity: Identity) -> Terms:
    """Return how connected pages are to check their users."""

    async def again(session: Session) -> Request:
        return await _proved(gatekeeper, session, session.request)

    grace_s = identity.grace_s if identity.fail == "open" else 0.0
    return Terms(again=again, every_s=identity.check_every_s, grace_s=grace_s, action=identity.action)


def _pass(check: PreUpgradeCheck, request: Request) -> None:
    """Ask the application's own check; whoever raises, or says what is no status, lets nobody in.

    Raises:
        Refused: It said no.
    """
    advice = "check: pre_upgrade_check"
    try:
        status = check(request)
    except Exception:
        log.exception("pre_upgrade_check raised, so nobody is let in")
        raise Refused("Internal", "This connection was not checked.", advice=advice, status=500) from None
    if status is None:
        return
    if type(status) is not int or not 400 <= status < 600:
        log.error("pre_upgrade_check returned %r: None lets a request in, a status from 400 refuses", status)
        status = 500
    raise Refused("Unauthorized", "This connection was refused.", advice=advice, status=status)


class Door:
    """Who may knock at the live address of an application, by whatever transport.

    Attributes:
        is_open: Whether it lets in anybody new; a server that is about to stop does not.
        gatekeeper: Decides who may have which page.
        before: The application's own check of who connects, before all others.
    """

    def __init__(
        self,
        *,
        tokens: Tokens,
        csrf: Csrf,
        origins: OriginPolicy,
        queue: HandshakeQueue,
        gatekeeper: Gatekeeper,
    ) -> None:
        """Check by `tokens`, `csrf`, `origins` and `gatekeeper`, let wait in `queue`."""
        self._tokens = tokens
        self._csrf = csrf
        self._origins = origins
        self._queue = queue
        self.gatekeeper = gatekeeper
        self.before: PreUpgradeCheck | None = None
        self.is_open = True

    def check(self, request: HTTPConnection) -> Handshake:
        """Return what a request proves, of a connection that is there or of one to come.

        Raises:
            Refused: `Unauthorized`; it comes from another origin, or without the session cookie.
        """
        self._origins.check(request)
        browser = browser_in(request)
        if browser is None:
            name = session_cookie(request)
            raise Refused("Unauthorized", "The session cookie is missing.", advice=f"check: cookie {name}")
        return Handshake(browser, request_of(request))

    def enter(self, request: HTTPConnection) -> tuple[Handshake, Seat]:
        """Return what the first request of a connection proves, and its place in the queue before HELLO.

        The place must be released.

        Raises:
            Refused: As `check`; or `Draining`, or `ServerBusy`; or as the application's own check says.
        """
        if not self.is_open:
            raise Refused("Draining", "This server is about to stop.", retry_after_ms=1000)
        if self.before is not None:
            _pass(self.before, request_of(request))
        handshake = self.check(request)
        return handshake, self._queue.take(handshake.address)

    async def may(self, session: Session, request: Request) -> bool:
        """Tell whether a request of its own may have something of a session: who may have its page."""
        try:
            said = await _proved(self.gatekeeper, session, request)
        except (Refused, ProviderFailed):
            return False
        return same_user(session.request.user, said.user)

    async def goes_on(self, registry: Registry, attachment: str, request: Request) -> bool:
        """Tell whether a connection may go on with a request of its own; its session ends if not.

        A connection that has not come as far as a session, or has ended, is none that this could tell.
        """
        session, terms = registry.connected(attachment), registry.terms
        if session is None or terms is None:
            return True
        try:
            said = await _proved(self.gatekeeper, session, request)
        except ProviderFailed:
            return True  # nobody can tell: how long that is borne, the checks of the connection decide
        except Refused as refused:
            reason = refused.message
        else:
            if same_user(session.request.user, said.user):
                return True
            reason = "the user has changed"
        if not session.closed:
            registry.expire(session, expired(session, terms), reason)
        return False

    def gate(self, seat: Seat) -> Gate:
        """Return the gate of one connection."""
        return PageGate(self._tokens, self._csrf, self.gatekeeper, seat)


class LiveEndpoint:
    """Opens sockets for the pages of one application."""

    def __init__(self, door: Door, *, blueprint: bool = True, websocket: bool = True) -> None:
        """Let in who passes `door`; serve those that ask for no subprotocol too, or not; or nobody."""
        self._serves = websocket
        self._door = door
        self._blueprints = BlueprintEndpoint(door.gatekeeper, serves=blueprint)

    async def serve(self, socket: WebSocket, registry: Registry) -> None:
        """Refuse a socket by an HTTP answer, or accept it and serve it until it ends."""
        if not self._serves:
            off = "This server serves no sockets: POST the same frames to this address."
            await _refuse(socket, Refused("VersionNotSupported", off, status=404), registry)
            return
        try:
            handshake, seat = self._door.enter(socket)
        except Refused as refusal:
            await _refuse(socket, refusal, registry)
            return
        try:
            wanted_protocols = socket.scope.get("subprotocols") or ()
            if not wanted_protocols:
                await self._blueprints.serve(socket, handshake, registry, seat)
                return
            if SUBPROTOCOL not in wanted_protocols:
                wanted = f"This server speaks the WebSocket subprotocol {SUBPROTOCOL}."
                await _refuse(socket, Refused("VersionNotSupported", wanted), registry)
                return
            await socket.accept(subprotocol=SUBPROTOCOL)
            await attach(WebSocketTransport(socket), handshake, registry, self._door.gate(seat))
        finally:
            seat.release()


async def _refuse(socket: WebSocket, refusal: Refused, registry: Registry) -> None:
    """Answer an upgrade request with an HTTP error, where the server can; a bare 403 where it cannot."""
    registry.refusals.tell("a socket", socket.client.host if socket.client else "", refusal)
    headers = {"Retry-After": str(-(-refusal.retry_after_ms // 1000))} if refusal.retry_after_ms else {}
    response = PlainTextResponse(refusal.message, refusal.status or _STATUS.get(refusal.kind, 403), headers)
    await deny(socket, response)
