"""The endpoint for pages that connect by HTTP requests: the stream of a socket, in bodies and answers.

A POST to the live address without `Vango-Request` carries HELLO; every later one names the attachment and its
own number, from 1. What a connection does with a request is `HttpTransport`'s part; this file reads bodies
under limits and writes answers (PROTOCOL section 5).
"""

from __future__ import annotations

import re
from contextlib import aclosing
from typing import NamedTuple

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from vango import protocol
from vango.application.handshakes import Seat
from vango.application.live import Door
from vango.errors import ProtocolError, Refused
from vango.sessions.attachment import Gate, Handshake, attach, refusal
from vango.sessions.registry import Registry
from vango.transports.http import Answer, HttpTransport, Request as Numbered

MEDIA_TYPE = "application/vnd.vango"
REQUEST_HEADER = "Vango-Request"
CLOSE_HEADER = "Vango-Close"

_UNAVAILABLE = 503
_NAMED = re.compile(r"([A-Za-z0-9_-]{1,64}) ([1-9][0-9]{0,14})")
_HEADERS = {
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
}


class _Connection(NamedTuple):
    """A connection that is being served."""

    transport: HttpTransport
    browser: str


class HttpEndpoint:
    """Answers the requests of the pages of one application that connect by HTTP."""

    def __init__(self, door: Door) -> None:
        """Let in who passes `door`."""
        self._door = door
        self._connections: dict[str, _Connection] = {}

    async def respond(self, request: Request, registry: Registry) -> Response:
        """Answer one request; it may wait until there is something to say."""
        if _media_type(request) != MEDIA_TYPE:
            return PlainTextResponse(f"Send {MEDIA_TYPE}.", 415, {"Accept-Post": MEDIA_TYPE})
        status = 0
        try:
            if REQUEST_HEADER in request.headers:
                answer = await self._go_on(request, registry)
            else:
                answer = await self._greet(request, registry)
        except Refused as refused:
            registry.refusals.tell("a request", request.client.host if request.client else "", refused)
            said = protocol.encode(refusal(refused))
            code = protocol.close_code(refused.kind)
            answer = Answer(said, code, refused.kind, refused.retry_after_ms)
            status = refused.status
        except ClientDisconnect:
            return Response(status_code=400)  # which nobody gets
        if answer is None:
            return Response(status_code=409, headers=_HEADERS)
        return _response(answer, status)

    async def _greet(self, request: Request, registry: Registry) -> Answer | None:
        """Open a connection by its HELLO."""
        handshake, seat = self._door.enter(request)
        limits = registry.limits
        try:
            transport = HttpTransport(limits.open_requests)
            numbered = transport.enter(0)
            assert numbered is not None  # nothing was answered yet
            await _carry(request, transport, numbered, registry, limits.hello_bytes, limits.hello_s)
            registry.tasks.start_soon(
                self._serve, transport, handshake, registry, self._door.gate(seat), seat
            )
        except BaseException:
            seat.release()
            raise
        return await transport.answer(numbered, 1)

    async def _serve(
        self, transport: HttpTransport, handshake: Handshake, registry: Registry, gate: Gate, seat: Seat
    ) -> None:
        """Serve a connection, beside the requests that make it."""
        self._connections[transport.name] = _Connection(transport, handshake.browser)
        try:
            await attach(transport, handshake, registry, gate)
        finally:
            transport.cut()
            seat.release()
            del self._connections[transport.name]

    async def _go_on(self, request: Request, registry: Registry) -> Answer | None:
        """Answer a later request of a connection.

        Raises:
            Refused: The request may not, or its connection is not known here.
        """
        handshake = self._door.check(request)
        named = _NAMED.fullmatch(",".join(request.headers.getlist(REQUEST_HEADER)))
        connection = self._connections.get(named[1]) if named is not None else None
        if named is None or connection is None:
            raise Refused("Rehome", "This connection has ended, or is another server's. Say HELLO.")
        if connection.browser != handshake.browser:
            raise Refused(
                "Unauthorized", "This connection belongs to another browser.", advice="check: cookie"
            )
        transport = connection.transport
        if not await self._door.goes_on(registry, transport.name, handshake.request):
            return await transport.ended()
        try:
            numbered = transport.enter(int(named[2]))
        except ProtocolError as fault:
            transport.fail(fault)
            return await transport.ended()
        if numbered is None:
            return None
        time, limits = numbered.times, registry.limits
        await _carry(request, transport, numbered, registry, limits.message_bytes, limits.body_s)
        return await transport.answer(numbered, time)


def _media_type(request: Request) -> str:
    """Return what a body is said to be; a header that comes twice is of no type."""
    said = request.headers.getlist("content-type")
    return said[0].partition(";")[0].strip().lower() if len(said) == 1 else ""


async def _carry(
    request: Request,
    transport: HttpTransport,
    numbered: Numbered,
    registry: Registry,
    most_bytes: int,
    most_s: float,
) -> None:
    """Hand the body of a request over to its connection, or what is wrong with it.

    Raises:
        ClientDisconnect: The client left before its body was whole.
    """
    body = b""
    try:
        with registry.clock.move_on_after(most_s) as reading:
            body = await _read(request, most_bytes)
        if reading.cancelled_caught:
            raise ProtocolError(0, f"the body did not come within {most_s:g} s", "ServerBusy")
    except ProtocolError as fault:
        transport.fail(fault)
    else:
        transport.deliver(numbered, body)


async def _read(request: Request, most_bytes: int) -> bytes:
    """Read a body; what is too long is not read to its end.

    Raises:
        ProtocolError: It is too long (`TooBig`), encoded, or not as long as it says.
        ClientDisconnect: The client left.
    """
    # A header that comes twice says both: a proxy may have read the other one.
    coding = ",".join(request.headers.getlist("content-encoding")) or "identity"
    if coding.strip().lower() != "identity":
        raise ProtocolError(0, f"the body is encoded ({coding[:40]}), which only answers may be")
    said = request.headers.get("content-length")
    if said is not None and not (said.isascii() and said.isdigit()):
        raise ProtocolError(0, "Content-Length is no number")
    if said is not None and (len(said) > 15 or int(said) > most_bytes):
        raise _too_big(most_bytes)
    body = bytearray()
    async with aclosing(request.stream()) as chunks:
        async for chunk in chunks:
            if len(body) + len(chunk) > most_bytes:
                raise _too_big(most_bytes)
            body += chunk
    if said is not None and len(body) != int(said):
        raise ProtocolError(len(body), f"the body has {len(body):,} bytes, its Content-Length says {said}")
    return bytes(body)


def _too_big(most_bytes: int) -> ProtocolError:
    return ProtocolError(most_bytes, f"a body of more than {most_bytes:,} bytes is not read", "TooBig")


def _response(answer: Answer, status: int = 0) -> Response:
    headers = dict(_HEADERS)
    if answer.code is not None:
        headers[CLOSE_HEADER] = str(answer.code)
    if answer.retry_after_ms or answer.status == _UNAVAILABLE:
        headers["Retry-After"] = str(max(1, -(-answer.retry_after_ms // 1000)))
    return Response(answer.body, status or answer.status, headers, MEDIA_TYPE)
