"""The cookie that binds a session to a browser."""

from __future__ import annotations

import re
import secrets

COOKIE = "vango_session"

_SHAPE = re.compile(r"[A-Za-z0-9_-]{22}")


def new_browser() -> str:
    """Return a new value of the session cookie: 128 random bits."""
    return secrets.token_urlsafe(16)


def browser_of(cookie: str | None) -> str | None:
    """Return the cookie's value where it has the shape that `new_browser` gives, else `None`."""
    return cookie if cookie is not None and _SHAPE.fullmatch(cookie) else None
