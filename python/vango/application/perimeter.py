"""What a connection has to be before anything of the application looks at it: size, host and path."""

from __future__ import annotations

import logging
from urllib.parse import quote

from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from vango.application.denial import deny
from vango.application.hosts import HostPolicy
from vango.application.paths import MalformedPath, canonical
from vango.errors import Refused
from vango.limits import Limits

log = logging.getLogger("vango")


class Perimeter:
    """Stands in front of an application, whose router then sees paths in their one spelling only."""

    def __init__(self, app: ASGIApp, hosts: HostPolicy, limits: Limits, canonical_host: str = "") -> None:
        """Let pass to `app` who asks for one of `hosts`, in so many bytes.

        Args:
            app: The application.
            hosts: The names it answers to.
            limits: How long an address and all headers may be.
            canonical_host: Where requests for another one of `hosts` are sent, if it is not empty.
        """
        self._app = app
        self._hosts = hosts
        self._limits = limits
        self._canonical_host = canonical_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a connection on, or answer it."""
        answer = None if scope["type"] == "lifespan" else self._answer(scope)
        if answer is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await answer(scope, receive, send)
        else:
            await deny(WebSocket(scope, receive, send), answer)

    def _answer(self, scope: Scope) -> Response | None:
        """Return the answer to who may not pass, or not by this address."""
        if len(_address(scope)) > self._limits.path_bytes:
            return PlainTextResponse("No page has an address of this length.", 414)
        if sum(len(name) + len(value) for name, value in scope["headers"]) > self._limits.header_bytes:
            return PlainTextResponse("These headers are too long.", 431)
        try:
            host = self._hosts.check(scope)
            found = canonical(_address(scope).decode("ascii"))
        except Refused as refusal:
            log.info("a request was refused, %s", refusal)
            return PlainTextResponse(refusal.message, 400)
        except UnicodeDecodeError:
            return PlainTextResponse("An address is ASCII.", 400)
        except MalformedPath as fault:
            return PlainTextResponse(f"There can be no such address: {fault.reason}.", 400)
        elsewhere = self._canonical_host not in ("", host) and scope.get("method") in ("GET", "HEAD")
        if elsewhere:
            scheme = scope["scheme"]
            return RedirectResponse(f"{scheme}://{self._canonical_host}{found.address}", 308)
        return RedirectResponse(found.address, 308) if found.moved else None


def _address(scope: Scope) -> bytes:
    """Return path and query as the first line of the request has them."""
    raw: bytes | None = scope.get("raw_path")
    path = raw.partition(b"?")[0] if raw else quote(scope["path"]).encode()
    query: bytes = scope.get("query_string", b"")
    return path + b"?" + query if query else path
