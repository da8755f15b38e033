"""Which names this server answers to.

A site can let its own name lead to a server on the visitor's machine, and what is there is then of its own
origin (DNS rebinding). So a server on loopback answers to the names of loopback alone, and every other one to
those that it was told.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from starlette.types import Scope

from vango.application.origins import normalize_origin
from vango.errors import Refused

__all__ = ["HostPolicy", "normalize_host"]


def normalize_host(text: str) -> str | None:
    """Return a host in lower case and ASCII, without its port; `None` if it is none, `[::1]` for ::1."""
    origin = normalize_origin(f"http://{text}") if text and "/" not in text else None
    return origin and origin.removeprefix("http://").rpartition(":")[0].removesuffix(".")


class HostPolicy:
    """The names of one application."""

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        """Answer to these names; `*.example.com` stands for all below it, `*` for any.

        Raises:
            ValueError: One is no name.
        """
        self._any = "*" in allowed
        self._exact: set[str] = set()
        self._below: list[str] = []
        for name in allowed:
            host = normalize_host(name.removeprefix("*."))
            if name == "*":
                continue
            if host is None or "*" in host or ":" in name.rpartition("]")[2]:
                raise ValueError(
                    f"allowed_hosts: {name!r} is no host; write 'example.com' or '*.example.com', without a "
                    "scheme or a port"
                )
            if name.startswith("*."):
                self._below.append(f".{host}")
            else:
                self._exact.add(host)

    def check(self, scope: Scope) -> str:
        """Return the host that a connection asks for.

        Raises:
            Refused: `InvalidFrame`; it has no host, several, one that is none, or one that is not ours.
        """
        said = [value for name, value in scope["headers"] if name == b"host"]
        text = said[0].decode("latin-1") if len(said) == 1 else ""
        host = normalize_host(text)
        if host is None:
            raise Refused(
                "InvalidFrame", "A request has one Host.", advice=f"check: host; it had {said!r:.200}"
            )
        server = scope["server"][0] if scope.get("server") else ""
        if not self._allows(host, server):
            raise Refused(
                "InvalidFrame",
                "This server does not answer to this name.",
                advice=f"check: host; {text[:200]!r} is not ours; if that is a name of this server, write "
                f"App(allowed_hosts=[{host[:200]!r}])",
            )
        return host

    def names(self, host: str) -> bool:
        """Tell whether a host, in lower case and without a port, is one that the application was told."""
        return self._any or host in self._exact or any(host.endswith(end) for end in self._below)

    def _allows(self, host: str, server: str) -> bool:
        if self.names(host):
            return True
        if self._exact or self._below:
            return False
        return is_loopback_name(host) or _is_address(host) or not _is_loopback(server)


def is_loopback_name(host: str) -> bool:
    """Tell whether a host is one of the names that lead to this machine everywhere."""
    return host == "localhost" or host.endswith(".localhost")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _is_loopback(server: str) -> bool:
    return _is_address(server) and ipaddress.ip_address(server).is_loopback
