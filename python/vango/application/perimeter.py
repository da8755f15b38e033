"""What a connection has to be before anything of the application looks at it: size, host and path."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from vango.application.config import Config
from vango.application.denial import deny
from vango.application.headers import insistence
from vango.application.hosts import HostPolicy
from vango.application.paths import MalformedPath, canonical
from vango.errors import Refused
from vango.sessions.refusals import RefusalLog

_PLAIN = {"X-Content-Type-Options": "nosniff"}

_PATH = "check: path"
_TOO_LONG = Refused(
    "TooBig", "No page has an address of this length.", advice="check: path_bytes; Limits.path_bytes"
)
_TOO_MANY = Refused(
    "TooBig", "These headers are too long.", advice="check: header_bytes; Limits.header_bytes"
)


class Perimeter:
    """Stands in front of an application, whose router then sees paths in their one spelling only."""

    def __init__(self, app: ASGIApp, hosts: HostPolicy, config: Config, refusals: RefusalLog) -> None:
        """Let pass to `app` who asks for one of `hosts`, in so many bytes.

        Args:
            app: The application.
            hosts: The names it answers to.
            config: How long an address and all headers may be, to which of the names all others are sent, and
                what is said of https.
            refusals: Is told who was refused.
        """
        self._refusals = refusals
        self._app = app
        self._hosts = hosts
        self._limits = config.limits
        self._canonical_host = config.canonical_host
        self._own_headers = config.headers

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
        try:
            host = self._hosts.check(scope)
        except Refused as refusal:
            return self._refuse(scope, refusal, 400, _PLAIN)
        headers = {**_PLAIN, **insistence(scope["scheme"], host, self._own_headers)}
        address = _address(scope)
        if len(address) > self._limits.path_bytes:
            return self._refuse(scope, _TOO_LONG, 414, headers)
        if sum(len(name) + len(value) for name, value in scope["headers"]) > self._limits.header_bytes:
            return self._refuse(scope, _TOO_MANY, 431, headers)
        try:
            found = canonical(address.decode("ascii"))
        except UnicodeDecodeError:
            return self._refuse(
                scope, Refused("InvalidFrame", "An address is ASCII.", advice=_PATH), 400, headers
            )
        except MalformedPath as fault:
            message = f"There can be no such address: {fault.reason}."
            return self._refuse(scope, Refused("InvalidFrame", message, advice=_PATH), 400, headers)
        elsewhere = self._canonical_host not in ("", host) and scope.get("method") in ("GET", "HEAD")
        if elsewhere:
            scheme = scope["scheme"]
            return RedirectResponse(f"{scheme}://{self._canonical_host}{found.address}", 308, headers)
        return RedirectResponse(found.address, 308, headers) if found.moved else None

    def _refuse(
        self, scope: Scope, refused: Refused, status: int, headers: Mapping[str, str]
    ) -> PlainTextResponse:
        self._refusals.tell("a request", scope["client"][0] if scope.get("client") else "", refused)
        return PlainTextResponse(refused.message, status, headers)


def _address(scope: Scope) -> bytes:
    """Return path and query as the first line of the request has them."""
    raw: bytes | None = scope.get("raw_path")
    path = raw.partition(b"?")[0] if raw else quote(scope["path"]).encode()
    query: bytes = scope.get("query_string", b"")
    return path + b"?" + query if query else path
