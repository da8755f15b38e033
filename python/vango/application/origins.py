"""Origins: whose pages may connect."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from urllib.parse import SplitResult, urlsplit

from starlette.requests import HTTPConnection

from vango.application.cookies import is_secure
from vango.errors import Refused

_HOST_SHAPE = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]")
# Which browsers keep, and the codec of Python turns into others or takes away: another host, that is.
_DEVIATING = frozenset("\u00df\u03c2\u200c\u200d")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def normalize_origin(text: str) -> str | None:
    """Return `scheme://host:port` of an origin in lower case and with its port, `None` if it is not one.

    `null`, a path, a query, a user or a scheme other than http and https make it no origin.
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port
        host = _host(parts)
    except ValueError:
        return None
    default = _DEFAULT_PORTS.get(parts.scheme)
    bare = parts.path in ("", "/") and not (parts.query or parts.fragment or "@" in parts.netloc)
    if default is None or host is None or not bare:
        return None
    return f"{parts.scheme}://{host}:{default if port is None else port}"


def _host(parts: SplitResult) -> str | None:
    host = parts.hostname or ""
    if not _DEVIATING.isdisjoint(host):
        return None
    host = f"[{host}]" if ":" in host else host.encode("idna").decode() if not host.isascii() else host
    return host if _HOST_SHAPE.fullmatch(host) else None


def origin_allowed(origins: Sequence[str], *, scheme: str, host: str, allowed: Collection[str]) -> bool:
    """Tell whether a request's `Origin` headers let it attach to a page of this server.

    Args:
        origins: The values of all its `Origin` headers. None is allowed: every browser sends one with a
            socket, and what is no browser still has to show the token and the cookie.
        scheme: `http` or `https`, as the browser sees the server.
        host: The `Host` header.
        allowed: Further origins, normalized.
    """
    if not origins:
        return True
    if len(origins) > 1:
        return False
    origin = normalize_origin(origins[0])
    return origin is not None and (origin == normalize_origin(f"{scheme}://{host}") or origin in allowed)


class OriginPolicy:
    """Which origins may connect to one application: its own, and those that it names."""

    def __init__(self, allowed: Collection[str] = ()) -> None:
        """Let in `allowed` too, which are normalized."""
        self._allowed = frozenset(allowed)

    def check(self, request: HTTPConnection) -> None:
        """Let a request pass that a page of an allowed origin made, or what is no browser.

        Raises:
            Refused: `Unauthorized`; it comes from another origin.
        """
        scheme = "https" if is_secure(request) else "http"
        origins, host = request.headers.getlist("origin"), request.headers.get("host", "")
        if not origin_allowed(origins, scheme=scheme, host=host, allowed=self._allowed):
            raise Refused(
                "Unauthorized",
                "This request comes from another origin.",
                advice=f"check: origin; {', '.join(origins)[:200]} is not {scheme}://{host[:200]}. Where a "
                "proxy changes the scheme, name it in App(trusted_proxies=[...]); where it changes the host, "
                "name the outer origin in App(allowed_origins=[...])",
            )
