"""The address where a served page connects: what is checked before anything is accepted, and the sockets."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from anyio.lowlevel import checkpoint
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocket

from vango.application.blueprint import BlueprintEndpoint
from vango.application.cookies import COOKIE, browser_of
from vango.application.handshakes import HandshakeQueue, Seat
from vango.application.origins import origin_allowed
from vango.application.tokens import Tokens
from vango.errors import Refused
from vango.sessions.attachment import Handshake, attach
from vango.sessions.greeting import Named
from vango.sessions.registry import Registry
from vango.sessions.session import Session
from vango.transports.websocket import WebSocketTransport

SUBPROTOCOL = "vango.1"

_STATUS = {"Unauthorized": 403, "VersionNotSupported": 426, "ServerBusy": 503, "Draining": 503}

log = logging.getLogger("vango")


@dataclass(frozen=True)
class PageGate:
    """The gate of one connection: what its HELLO may open, the same as a request of its browser may.

    Attributes:
        tokens: Verifies the page's token, signs that of a session made anew.
        find: Returns the root of the page at a path, or raises `Refused`.
        seat: The connection's place in the queue before HELLO.
    """

    tokens: Tokens
    find: Callable[[str], object]
    seat: Seat

    def verify(self, token: str, handshake: Handshake) -> Named:
        """Return what a genuine token names; raises `Refused`."""
        named = Named(*self.tokens.verify(token, handshake.browser))
        self.seat.release()
        return named

    def token(self, session: Session) -> str:
        """Return the newest token of a session."""
        return self.tokens.sign(session.id, session.browser, session.serial)

    def page(self, path: str) -> object:
        """Return the root of the page at the path of the browser's address bar; raises `Refused`."""
        return self.find(path)


class Door:
    """Who may knock at the live address of an application, by whatever transport.

    Attributes:
        is_open: Whether it lets in anybody new; a server that is about to stop does not.
    """

    def __init__(self, *, tokens: Tokens, origins: frozenset[str], queue: HandshakeQueue) -> None:
        """Verify by `tokens`, let in the page's own origin and `origins`, let wait in `queue`."""
        self._tokens = tokens
        self._origins = origins
        self._queue = queue
        self.is_open = True

    def check(self, request: HTTPConnection) -> Handshake:
        """Return what a request proves, of a connection that is there or of one to come.

        Raises:
            Refused: `Unauthorized`; it comes from another origin, or without the session cookie.
        """
        scheme = "https" if request.scope.get("scheme") in ("wss", "https") else "http"
        origins, host = request.headers.getlist("origin"), request.headers.get("host", "")
        if not origin_allowed(origins, scheme=scheme, host=host, allowed=self._origins):
            raise Refused(
                "Unauthorized",
                f"The origin {', '.join(origins)} is not that of this server, {scheme}://{host}. Where a "
                "proxy changes the host or the scheme, name the outer origin in App(allowed_origins=[...]).",
            )
        browser = browser_of(request.cookies.get(COOKIE))
        if browser is None:
            raise Refused("Unauthorized", f"The session cookie {COOKIE} is missing or malformed.")
        return Handshake(browser=browser, address=request.client.host if request.client else "")

    def enter(self, request: HTTPConnection) -> tuple[Handshake, Seat]:
        """Return what the first request of a connection proves, and its place in the queue before HELLO.

        The place must be released.

        Raises:
            Refused: As `check`; or `Draining`, or `ServerBusy`.
        """
        if not self.is_open:
            raise Refused("Draining", "This server is about to stop.", retry_after_ms=1000)
        handshake = self.check(request)
        return handshake, self._queue.take(handshake.address)

    def gate(self, find: Callable[[str], object], seat: Seat) -> PageGate:
        """Return the gate of one connection, whose pages `find` finds."""
        return PageGate(self._tokens, find, seat)


class LiveEndpoint:
    """Opens sockets for the pages of one application."""

    def __init__(self, door: Door, *, blueprint: bool = True, websocket: bool = True) -> None:
        """Let in who passes `door`; serve those that ask for no subprotocol too, or not; or nobody."""
        self._serves = websocket
        self._door = door
        self._blueprints = BlueprintEndpoint(serves=blueprint)

    async def serve(self, socket: WebSocket, registry: Registry, find: Callable[[str], object]) -> None:
        """Refuse a socket by an HTTP answer, or accept it and serve it until it ends."""
        if not self._serves:
            off = "This server serves no sockets: POST the same frames to this address."
            await _refuse(socket, Refused("VersionNotSupported", off), 404)
            return
        try:
            handshake, seat = self._door.enter(socket)
        except Refused as refusal:
            await _refuse(socket, refusal)
            return
        try:
            wanted_protocols = socket.scope.get("subprotocols") or ()
            if not wanted_protocols:
                await self._blueprints.serve(socket, handshake, registry, seat)
                return
            if SUBPROTOCOL not in wanted_protocols:
                wanted = f"This server speaks the WebSocket subprotocol {SUBPROTOCOL}."
                await _refuse(socket, Refused("VersionNotSupported", wanted))
                return
            await socket.accept(subprotocol=SUBPROTOCOL)
            await attach(WebSocketTransport(socket), handshake, registry, self._door.gate(find, seat))
        finally:
            seat.release()


async def _refuse(socket: WebSocket, refusal: Refused, status: int | None = None) -> None:
    """Answer an upgrade request with an HTTP error, where the server can; a bare 403 where it cannot."""
    level = logging.DEBUG if refusal.kind == "Draining" else logging.INFO  # all clients meet that one
    log.log(level, "a socket was refused, %s", refusal)
    if "websocket.http.response" not in socket.scope.get("extensions", {}):
        await socket.close()
        return
    headers = {"Retry-After": str(-(-refusal.retry_after_ms // 1000))} if refusal.retry_after_ms else {}
    response = PlainTextResponse(refusal.message, status or _STATUS.get(refusal.kind, 403), headers)
    await socket.send_denial_response(response)
    # uvicorn counts an upgrade as answered when the connection has ended, which takes a turn of the loop, and
    # blames the application that returns before.
    await checkpoint()
