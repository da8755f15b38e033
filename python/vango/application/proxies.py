"""Forwarding headers: believed of the proxies that the application trusts, and of nobody else."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_DONE = "vango.proxies"
_FORWARDING = (
    b"x-forwarded-for",
    b"x-forwarded-proto",
    b"x-forwarded-host",
    b"x-forwarded-port",
    b"forwarded",
)

log = logging.getLogger("vango")


class Proxies:
    """Makes the peer and the scheme of a connection those that a trusted proxy reports.

    Of `X-Forwarded-For` and `X-Forwarded-Proto` only; the host is always the `Host` header, which a proxy has
    to pass on. Where somebody else sends such headers, the log says once what to write if that is a proxy.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[str]) -> None:
        """Stand in front of `app`, trusting these addresses and networks; `*` stands for all."""
        self._app = app
        self._believing = ProxyHeadersMiddleware(app, list(trusted))  # type: ignore[arg-type]
        self._has_told = False

    def trusts(self, peer: str) -> bool:
        """Tell whether an address is one of them."""
        return peer in self._believing.trusted_hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a connection on; one that came through another of these already is left as it is."""
        if scope["type"] == "lifespan" or _DONE in scope:
            await self._app(scope, receive, send)
            return
        scope[_DONE] = True
        peer = scope["client"][0] if scope.get("client") else ""
        if self.trusts(peer):
            await self._believing(scope, receive, send)  # type: ignore[arg-type]
            return
        if not self._has_told:
            self._tell(scope, peer)
        await self._app(scope, receive, send)

    def _tell(self, scope: Scope, peer: str) -> None:
        said = next((name for name, _ in scope["headers"] if name in _FORWARDING), None)
        if said is not None:
            self._has_told = True
            log.warning(
                "%s sends %s, which is believed of trusted proxies only; if it is one of yours, write "
                "App(trusted_proxies=[%r])",
                peer or "a peer without an address",
                said.decode("ascii").title(),
                peer,
            )
