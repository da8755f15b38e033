"""The cookie that binds a session to a browser, and what every cookie of vango has in common."""

from __future__ import annotations

import re
import secrets

from starlette.requests import HTTPConnection
from starlette.responses import Response

from vango.application.asked import mount_of

COOKIE = "vango_session"

_SHAPE = re.compile(r"[A-Za-z0-9_-]{22}")


def new_browser() -> str:
    """Return a new value of the session cookie: 128 random bits."""
    return secrets.token_urlsafe(16)


def browser_of(cookie: str | None) -> str | None:
    """Return the cookie's value where it has the shape that `new_browser` gives, else `None`."""
    return cookie if cookie is not None and _SHAPE.fullmatch(cookie) else None


def is_secure(request: HTTPConnection) -> bool:
    """Tell whether a request came by https, as the server or a trusted proxy says."""
    return request.scope.get("scheme") in ("https", "wss")


def session_cookie(request: HTTPConnection) -> str:
    """Return the name of the session cookie.

    Over https it has a prefix by which a browser takes it from this very host alone, never from a neighbour
    below the same domain nor from plain http: `__Host-`, or `__Secure-` below a mount point.
    """
    return cookie_name(secure=is_secure(request), mount=mount_of(request.scope))


def cookie_name(*, secure: bool, mount: str) -> str:
    """Return the name of the session cookie of an application mounted at `mount`, over https or not."""
    if not secure:
        return COOKIE
    return f"__Secure-{COOKIE}" if mount else f"__Host-{COOKIE}"


def browser_in(request: HTTPConnection) -> str | None:
    """Return the value of the session cookie that a request carries, `None` if it has none that could be."""
    return browser_of(request.cookies.get(session_cookie(request)))


def give(
    response: Response, request: HTTPConnection, name: str, value: str, *, httponly: bool = True
) -> None:
    """Let a response set a cookie: for this mount point, `SameSite=Lax`, over https for https alone.

    Args:
        response: What is answered.
        request: What is asked.
        name: The cookie's name.
        value: Its value.
        httponly: Whether it is hidden from scripts.
    """
    path = mount_of(request.scope) or "/"
    response.set_cookie(name, value, path=path, secure=is_secure(request), httponly=httponly, samesite="lax")
