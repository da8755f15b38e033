"""What an ASGI scope says of a request, as vango's own value."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import HTTPConnection
from starlette.types import Scope

from vango.request import Headers, Request

__all__ = ["address_of", "enter", "mount_of", "request_of"]

_MOUNT = "vango.mount"
_ENCRYPTED = ("https", "wss")


def enter(scope: Scope) -> None:
    """Note in a scope where the application is mounted, before its router changes what the scope says."""
    scope[_MOUNT] = scope.get("root_path", "").rstrip("/")


def mount_of(scope: Scope) -> str:
    """Return where the application is mounted, "" at the root."""
    mount: str = scope.get(_MOUNT, "")
    return mount


def address_of(scope: Scope) -> str:
    """Return the path and the query of a request as the browser's address bar has them."""
    raw: bytes | None = scope.get("raw_path")
    path = raw.decode("latin-1").partition("?")[0] if raw else quote(scope["path"])
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{path}?{query}" if query else path


def request_of(asked: HTTPConnection) -> Request:
    """Return a request, or the one that opens a socket, whose address is its own and not yet a page's."""
    scope = asked.scope
    return Request(
        method=scope.get("method", "GET"),
        scheme="https" if scope.get("scheme") in _ENCRYPTED else "http",
        host=asked.headers.get("host", ""),
        mount=mount_of(scope),
        address=address_of(scope),
        headers=Headers(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
        ),
        cookies=asked.cookies,
        client=asked.client.host if asked.client else "",
        scope=scope,
    )
