"""A browser's request for a page, as a value: what it said, and what it proved.

The request of a page, of a socket and of an HTTP body all become one of these; the ones that only connect a
page carry the address of that page. Whoever decides by a request decides alike for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, unquote

from vango.payloads import showable

if TYPE_CHECKING:
    from vango.identity import Principal

__all__ = ["Fields", "Headers", "Request", "query_of"]

_NOTHING: Mapping[str, Any] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return _NOTHING


class Fields(Mapping[str, str]):
    """Names with values, of which one may come more than once; `[name]` is the first."""

    __slots__ = ("_pairs",)

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        """Keep `pairs` in their order."""
        self._pairs = tuple(pairs)

    def all(self, name: str) -> list[str]:
        """Return all values of a name, in their order."""
        return [value for known, value in self._pairs if known == name]

    def __getitem__(self, name: str) -> str:
        for known, value in self._pairs:
            if known == name:
                return value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self._pairs))

    def __len__(self) -> int:
        return len(dict(self._pairs))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self._pairs)!r})"


class Headers(Fields):
    """Headers by their names, however they are capitalised."""

    __slots__ = ()

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        """Keep `pairs` in their order."""
        super().__init__((name.lower(), value) for name, value in pairs)

    def all(self, name: str) -> list[str]:
        """Return all values of a name, in their order."""
        return super().all(name.lower())

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())

    def __repr__(self) -> str:
        return f"Headers({list(self)!r})"  # their values may be secrets


def query_of(address: str) -> Fields:
    """Return the parameters of an address, decoded; what no page could show is U+FFFD."""
    return Fields(showable(parse_qsl(address.partition("?")[2], keep_blank_values=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a browser asked for.

    Attributes:
        method: "GET" or "HEAD" where it asked for a page; that of the connection where a page came back.
        scheme: "http" or "https", as the browser sees the server.
        host: The `Host` header.
        mount: Where the application is mounted, "" at the root.
        address: Path and query of the page, as the browser's address bar has them.
        params: The parameters of the page's path, converted.
        headers: What the request said.
        cookies: Its cookies.
        client: The address of the peer.
        user: Who it is, `None` for a guest.
        data: The small data of the browser, which this application has signed.
        values: What guards, providers and whoever stands in front of the application add.
        scope: The ASGI scope while the request is being decided; empty in what a session keeps.
    """

    method: str = "GET"
    scheme: str = "http"
    host: str = ""
    mount: str = ""
    address: str = "/"
    params: Mapping[str, Any] = field(default_factory=_nothing)
    headers: Headers = field(default_factory=Headers, repr=False)
    cookies: Mapping[str, str] = field(default_factory=_nothing, repr=False)
    client: str = ""
    user: Principal | None = None
    data: Mapping[str, Any] = field(default_factory=_nothing, repr=False)
    values: dict[str, Any] = field(default_factory=dict, repr=False)
    scope: Mapping[str, Any] = field(default_factory=_nothing, repr=False, compare=False)

    @property
    def path(self) -> str:
        """The decoded path of the page, below the place where the application is mounted."""
        return below(self.mount, unquote(self.address.partition("?")[0]))

    @property
    def query(self) -> Fields:
        """The parameters of the query, decoded."""
        return query_of(self.address)

    def at(self, address: str) -> Self:
        """Return the same request for the page at another address."""
        return self if address == self.address else replace(self, address=address, params=_NOTHING)

    def kept(self) -> Self:
        """Return the request as a session keeps it, without what belongs to one connection."""
        return replace(self, scope=_NOTHING)


def below(mount: str, path: str) -> str:
    """Return a decoded path as the application mounted at `mount` sees it."""
    return (path[len(mount) :] if f"{path}/".startswith(f"{mount}/") else path) or "/"
