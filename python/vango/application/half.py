"""One half of an application: its pages, or what keeps them alive."""

from __future__ import annotations

from typing import Literal, TypeAlias

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from vango.application.denial import deny

__all__ = ["Half", "Which"]

Which: TypeAlias = Literal["pages", "live"]
"""The pages and files of an application; or its sockets, its client and all else below its prefix."""


class Half:
    """An ASGI application that answers for one half of another, and with 404 for the other half.

    Attributes:
        app: The whole.
    """

    def __init__(self, whole: ASGIApp, which: Which, prefix: str) -> None:
        """Answer for a half of `whole`, whose live half is below `prefix`."""
        self.app = whole
        self._live = which == "live"
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection of the ASGI server."""
        if self._live:
            scope = self._above(scope)
        path: str = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        if scope["type"] == "lifespan" or path.startswith(f"{self._prefix}/") is self._live:
            await self.app(scope, receive, send)
            return
        nothing = PlainTextResponse("There is nothing here.", 404, {"X-Content-Type-Options": "nosniff"})
        if scope["type"] == "http":
            await nothing(scope, receive, send)
        else:
            await deny(WebSocket(scope, receive, send), nothing)

    def _above(self, scope: Scope) -> Scope:
        """Return the scope of who is mounted at the prefix, as the whole would have got it."""
        root = scope.get("root_path", "")
        if scope["type"] == "lifespan" or not root.endswith(self._prefix):
            return scope
        return {**scope, "root_path": root.removesuffix(self._prefix)}
