"""The transports that a pilot's bytes can travel by, in process and on virtual time.

Each network serves the far end of a connection in memory. That end plays the browser's transport: what the
pilot sends leaves it as a message of a socket or as the body of a request, and what comes back goes to the
pilot. So the same test runs over every transport, with the server's whole way in between.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import anyio
from starlette.requests import Request
from starlette.websockets import WebSocket

from vango import protocol
from vango.application.cookies import COOKIE
from vango.application.csrf import Csrf
from vango.application.gate import Gatekeeper
from vango.application.handshakes import HandshakeQueue, Seat
from vango.application.http import MEDIA_TYPE, HttpEndpoint
from vango.application.live import Door, LiveEndpoint
from vango.application.origins import OriginPolicy
from vango.application.tokens import Tokens
from vango.clock import VirtualClock
from vango.errors import TransportBroken, TransportClosed
from vango.routing.routes import Routes
from vango.sessions.attachment import Gate, Handshake, attach
from vango.sessions.registry import Registry
from vango.transports.base import Transport

Scope = dict[str, Any]
Network = Callable[[Transport, Handshake, Registry, Gate], Awaitable[None]]

LOST = 1006
MOST_UNREAD = 40  # answers that the pilot has not read, above which nothing more is posted


class PilotDoor(Door):
    """Lets in by the gate of a pilot instead of by tokens."""

    def __init__(self, gate: Gate) -> None:
        tokens = Tokens(["k" * 32], process="", assets="", schema="")
        queue = HandshakeQueue(total=999, per_address=999)
        origins = OriginPolicy()
        super().__init__(
            tokens=tokens,
            csrf=Csrf(["k" * 32], origins),
            origins=origins,
            queue=queue,
            gatekeeper=Gatekeeper(Routes(), VirtualClock(), print),
        )
        self._gate = gate

    def gate(self, seat: Seat) -> Gate:
        return self._gate


def scope_of(kind: str, handshake: Handshake, **headers: str) -> Scope:
    headers = {"host": "pilot", "cookie": f"{COOKIE}={handshake.browser}", **headers}
    return {
        "type": kind,
        "scheme": "ws" if kind == "websocket" else "http",
        "method": "POST",
        "path": "/vango/live/x",
        "query_string": b"",
        "client": (handshake.address, 1),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "subprotocols": ["vango.1"],
    }


async def websocket(far: Transport, handshake: Handshake, registry: Registry, gate: Gate) -> None:
    """Be a server with a socket whose browser's end is `far`."""
    is_open = False

    async def receive() -> Scope:
        nonlocal is_open
        if not is_open:
            is_open = True
            return {"type": "websocket.connect"}
        try:
            return {"type": "websocket.receive", "bytes": await far.receive()}
        except TransportClosed as closed:
            return {"type": "websocket.disconnect", "code": closed.code, "reason": closed.reason}
        except TransportBroken:
            return {"type": "websocket.disconnect", "code": LOST}

    async def send(message: Scope) -> None:
        if message["type"] == "websocket.close":
            await far.close(message["code"], message["reason"])
        elif message["type"] == "websocket.send":
            try:
                await far.send(message["bytes"])
            except (TransportClosed, TransportBroken):
                raise OSError from None

    socket = WebSocket(scope_of("websocket", handshake), receive, send)
    await LiveEndpoint(PilotDoor(gate)).serve(socket, registry)


async def http(far: Transport, handshake: Handshake, registry: Registry, gate: Gate) -> None:
    """Be a server that answers requests, and a client that sends what comes to `far` by them."""
    async with anyio.create_task_group() as tasks:
        try:
            await Poster(far, handshake, registry, gate, tasks).run()
        except (TransportClosed, TransportBroken):
            tasks.cancel_scope.cancel()


class Poster:
    """A client over HTTP: one request is always open, at most two are."""

    def __init__(
        self,
        far: Transport,
        handshake: Handshake,
        registry: Registry,
        gate: Gate,
        tasks: anyio.abc.TaskGroup,
    ) -> None:
        self._far = far
        self._handshake = handshake
        self._registry = registry
        self._gate = gate
        self._endpoint = HttpEndpoint(PilotDoor(gate))
        self._tasks = tasks
        self._name = ""
        self._sent = 0
        self._answered = 0
        self._passed_on = 0
        self._changed = anyio.Event()

    async def run(self) -> None:
        """Send HELLO, the body of which comes when it comes; then all that is given."""
        await self._take(*await self._request(self._far.receive, {}))
        self._poll()
        while True:
            data = await self._far.receive()
            while self._sent - self._answered >= 2 or self._answered - self._passed_on > MOST_UNREAD:
                await self._changed.wait()
            self._post(data)

    def _poll(self) -> None:
        if self._sent == self._passed_on:
            self._post(b"")

    def _post(self, body: bytes) -> None:
        self._sent += 1
        self._tasks.start_soon(self._exchange, self._sent, body)

    async def _exchange(self, n: int, body: bytes) -> None:
        async def whole() -> bytes:
            return body

        answer = await self._request(whole, {"vango-request": f"{self._name} {n}"})
        self._answered += 1
        self._wake()
        while n > self._passed_on + 1:
            await self._changed.wait()  # answers may come in any order, what they say counts in that of n
        try:
            await self._take(*answer)
        except (TransportClosed, TransportBroken):
            self._tasks.cancel_scope.cancel()
        self._passed_on = n
        self._wake()
        self._poll()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    async def _take(self, body: bytes, code: int | None) -> None:
        """Pass on what was answered, and the end if that is what it says."""
        if not self._name and code is None:
            self._name = protocol.decode(body, 1 << 24)[0].attachment
        if body:
            await self._far.send(body)
        if code is not None:
            await self._far.close(code)
            raise TransportClosed(code)

    async def _request(
        self, body: Callable[[], Awaitable[bytes]], headers: dict[str, str]
    ) -> tuple[bytes, int | None]:
        """Send one request; returns the body of its answer, and the code if it says that this is the end."""
        is_read = False

        async def receive() -> Scope:
            nonlocal is_read
            if is_read:
                await anyio.Event().wait()
            is_read = True
            return {"type": "http.request", "body": await body(), "more_body": False}

        scope = scope_of("http", self._handshake, **{"content-type": MEDIA_TYPE, **headers})
        answer = await self._endpoint.respond(Request(scope, receive), self._registry)
        code = answer.headers.get("vango-close")
        return bytes(answer.body), None if code is None else int(code)


NETWORKS: dict[str, Network] = {"memory": attach, "websocket": websocket, "http": http}
