"""Sockets of the blueprint profile: who may attach without a HELLO, and where its count of frames stands."""

from __future__ import annotations

from dataclasses import dataclass

import anyio
from starlette.websockets import WebSocket

from vango import protocol
from vango.application.gate import Gatekeeper, Redirected
from vango.application.handshakes import Seat
from vango.errors import ProtocolError, Refused, TransportBroken, TransportClosed
from vango.protocol import Hello
from vango.sessions.attachment import Handshake, attach, refusal
from vango.sessions.greeting import Named, Opened
from vango.sessions.registry import Registry
from vango.sessions.session import Session
from vango.transports.blueprint import BlueprintTransport, Count, hello_of, words
from vango.transports.websocket import WebSocketTransport

_INSTANCE = "blueprint"


@dataclass(frozen=True)
class BlueprintGate:
    """Opens the session that the address names to the browser that it is bound to, unless it is connected."""

    registry: Registry
    gatekeeper: Gatekeeper
    seat: Seat

    def verify(self, token: str, handshake: Handshake) -> Named:
        """Return the session whose id stands for its token; raises `Refused`."""
        self.seat.release()
        session = self.registry.get(token)
        if session is None:
            raise Refused("SessionNotFound", "There is no such session.")
        if session.browser != handshake.browser:
            raise Refused("Unauthorized", "This session belongs to another browser.", advice="check: cookie")
        if session.attachment is not None:
            raise Refused("ServerBusy", "This session is connected already.", retry_after_ms=1000)
        return Named(token, session.least)

    def check_csrf(self, value: str, handshake: Handshake) -> None:
        """Ask for none: such a client has no HELLO, and its origin was checked."""

    def token(self, session: Session) -> str:
        """Return what stands for the token of a session."""
        return session.id

    async def open(self, path: str, handshake: Handshake, named: Named) -> Opened:  # noqa: ARG002
        """Return the page, but make none anew: such a client could not find it again; raises `Refused`."""
        verdict = await self.gatekeeper.admit(path, handshake.request)
        if isinstance(verdict, Redirected) or verdict.location is None:
            raise Refused("Unauthorized", "This page is not for you now.", advice="check: gate")
        return Opened(verdict.request, _gone, verdict.location)


def _gone() -> object:
    raise Refused("SessionNotFound", "The session is gone.")


class BlueprintEndpoint:
    """Serves or refuses the sockets that ask for no subprotocol."""

    def __init__(self, gatekeeper: Gatekeeper, *, serves: bool) -> None:
        """Serve them their pages by `gatekeeper`, or refuse each with a sentence."""
        self._gatekeeper = gatekeeper
        self._serves = serves
        self._counts: dict[str, Count] = {}

    async def serve(self, socket: WebSocket, handshake: Handshake, registry: Registry, seat: Seat) -> None:
        """Accept a socket, whose origin and cookie were checked, and serve it until it ends."""
        await socket.accept()
        wire = WebSocketTransport(socket)
        if not self._serves:
            refused = Refused("VersionNotSupported", "This server speaks the subprotocol vango.1 only.")
            await wire.send_text(words(refusal(refused)))
            await wire.close(protocol.close_code(refused.kind), refused.kind)
            return
        name = socket.path_params["session"]
        session = registry.get(name)
        frames, goes_on = 0, True
        if session is not None and session.instance:
            # It was connected before, so its client says what it has; if it does not, it gets all.
            frames, goes_on = await _greeting(wire, registry)
        count = self._count(name, registry)
        hello = _hello(name, session, count, frames, goes_on=goes_on)
        transport = BlueprintTransport(wire, count, hello, frames)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(transport.read)
            await attach(transport, handshake, registry, BlueprintGate(registry, self._gatekeeper, seat))
            tasks.cancel_scope.cancel()

    def _count(self, name: str, registry: Registry) -> Count:
        for gone in [known for known in self._counts if registry.get(known) is None]:
            del self._counts[gone]
        return self._counts.setdefault(name, Count()) if registry.get(name) is not None else Count()


async def _greeting(wire: WebSocketTransport, registry: Registry) -> tuple[int, bool]:
    with registry.clock.move_on_after(registry.limits.hello_s):
        try:
            return hello_of(await wire.receive_any()) or (0, False)
        except (TransportClosed, TransportBroken, ProtocolError):
            return 0, False
    return 0, False


def _hello(name: str, session: Session | None, count: Count, frames: int, *, goes_on: bool) -> Hello:
    """Return what the client would say if it could; epoch 0 asks for the whole document."""
    epoch = rev = 0
    if session is not None and goes_on:
        known = count.rev(frames)
        if known is not None:
            epoch, rev = count.epoch, known
        elif not session.instance:
            epoch = session.epoch
    return Hello(
        versions=[protocol.VERSION],
        capabilities=[],
        token=name,
        csrf="",
        instance=(session.instance if session is not None else "") or _INSTANCE,
        epoch=epoch,
        rev=rev,
        settled=0,
        path=session.path if session is not None else "/",
        width=0,
        height=0,
        time_zone="",
        limits=[],
    )
