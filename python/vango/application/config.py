"""What an application was told about itself, checked before it serves anything."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from vango.application.csp import Csp, csp as make_csp
from vango.application.headers import check_headers
from vango.application.hosts import HostPolicy
from vango.application.keys import check_secret
from vango.application.origins import normalize_origin
from vango.application.page import Head
from vango.headtags import Tag
from vango.limits import Limits

SECRET_VARIABLE = "VANGO_SECRET"  # noqa: S105
DEBUG_VARIABLE = "VANGO_DEBUG"
RECORD_VARIABLE = "VANGO_RECORD"

_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)+")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings of an application; `App` has the same names and says what they mean.

    Raises:
        TypeError: One string stands where several belong.
        ValueError: A value could never work; the sentence says what to write.
    """

    title: str = ""
    stylesheets: Sequence[str] = ()
    scripts: Sequence[str] = ()
    secret: str | Sequence[str] | None = None
    debug: bool | None = None
    limits: Limits = field(default_factory=Limits)
    allowed_hosts: Sequence[str] = ()
    canonical_host: str = ""
    allowed_origins: Sequence[str] = ()
    allowed_redirects: Sequence[str] = ()
    trusted_proxies: Sequence[str] = ()
    prefix: str = "/vango"
    lang: str = "en"
    headers: Mapping[str, str | None] = field(default_factory=dict)
    csp: Csp | str | None = field(default_factory=make_csp)
    blueprint: Literal["serve", "refuse"] = "serve"
    websocket: bool = True
    prefetch: bool = True

    def __post_init__(self) -> None:
        for name in (
            "stylesheets",
            "scripts",
            "allowed_hosts",
            "allowed_origins",
            "allowed_redirects",
            "trusted_proxies",
        ):
            value = getattr(self, name)
            if isinstance(value, str):
                raise TypeError(f"{name} takes several values: write {name}=[{value!r}]")
        if not isinstance(self.limits, Limits):
            raise TypeError(f"limits={self.limits!r:.80}: write limits=Limits(...), from vango.limits")
        for what, addresses in (("stylesheet", self.stylesheets), ("script", self.scripts)):
            for address in addresses:
                if not address.startswith(("/", "https://", "http://")):
                    raise ValueError(f"the {what} {address!r} begins with neither '/' nor 'https://'")
        for name in ("allowed_origins", "allowed_redirects"):
            for origin in getattr(self, name):
                if normalize_origin(origin) is None:
                    raise ValueError(f"{name}: {origin!r} is no origin; write 'https://example.com'")
        hosts = HostPolicy(self.allowed_hosts)
        if self.canonical_host and not hosts.names(self.canonical_host):
            raise ValueError(
                f"canonical_host={self.canonical_host!r} is none of allowed_hosts: write "
                f"allowed_hosts=[{self.canonical_host!r}, ...], with every name that leads there"
            )
        check_headers(self.headers)
        if self.csp is not None and not isinstance(self.csp, Csp | str):
            raise TypeError(f"csp={self.csp!r:.80}: write csp=vango.csp(), with changes, or its text")
        if isinstance(self.csp, str):
            check_headers({"Content-Security-Policy": self.csp})
        for proxy in self.trusted_proxies:
            _check_proxy(proxy)
        if not _PREFIX.fullmatch(self.prefix):
            raise ValueError(
                f"prefix={self.prefix!r}: write a path like '/vango', without a slash at its end"
            )
        if not _LANGUAGE.fullmatch(self.lang):
            raise ValueError(f"lang={self.lang!r} is no language tag; write 'en' or 'pt-BR'")
        if self.blueprint not in ("serve", "refuse"):
            raise ValueError(f"blueprint={self.blueprint!r}: write 'serve' or 'refuse'")
        _ = self.fixed_keys

    @property
    def fixed_keys(self) -> tuple[str, ...] | None:
        """The keys that sign tokens, oldest first, `None` if each process is to make its own."""
        if self.secret is not None:
            return check_secret(self.secret)
        text = os.environ.get(SECRET_VARIABLE, "")
        return check_secret([key.strip() for key in text.split(",")]) if text else None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that sign tokens, oldest first; a random one where none was given."""
        return self.fixed_keys or (secrets.token_urlsafe(32),)

    def warnings(self) -> list[str]:
        """Return what is to be settled before the application goes public, a sentence for each setting."""
        found = {
            f"{SECRET_VARIABLE} is not set: each process makes a key of its own, and open pages do not "
            "survive a restart": self.fixed_keys is None,
            "debug is on: pages show tracebacks to everybody": self.shows_errors,
            "trusted_proxies=['*'] believes what anybody sends; name the proxies": "*"
            in self.trusted_proxies,
            "allowed_hosts is empty: this server answers to every name that leads to it; write "
            "App(allowed_hosts=['example.com'])": not self.allowed_hosts,
            "allowed_hosts=['*'] answers to every name; name the hosts": "*" in self.allowed_hosts,
            "csp=None: pages have no policy of content unless something in front sends one": self.csp is None,
            "allowed_origins has an origin on plain http, which anybody on its way can be": any(
                origin.startswith("http://") for origin in self.origins
            ),
        }
        return [sentence for sentence, holds in found.items() if holds]

    @property
    def is_secure(self) -> bool:
        """Whether there is no warning."""
        return not self.warnings()

    @property
    def shows_errors(self) -> bool:
        """Whether pages show tracebacks: as `debug` says, else as `vango dev` says."""
        return os.environ.get(DEBUG_VARIABLE) == "1" if self.debug is None else self.debug

    @property
    def origins(self) -> frozenset[str]:
        """The allowed origins, normalized."""
        return frozenset(filter(None, map(normalize_origin, self.allowed_origins)))

    @property
    def redirects(self) -> frozenset[str]:
        """The origins to which `navigate()` may lead, normalized."""
        return frozenset(filter(None, map(normalize_origin, self.allowed_redirects)))

    def csp_header(self, styles: Sequence[str] = ()) -> tuple[str, str] | None:
        """Return name and value of the header that carries the policy of content, `None` where it has none.

        Args:
            styles: The `style` attributes of the page; a policy that was written as text says itself what it
                thinks of them.
        """
        if self.csp is None:
            return None
        if isinstance(self.csp, Csp):
            return self.csp.header, str(self.csp.allowing_styles(styles))
        return "Content-Security-Policy", self.csp

    @property
    def schema(self) -> str:
        """A hash of how pages are written: a page of another schema has to be loaded again."""
        written = [
            self.title,
            list(self.stylesheets),
            list(self.scripts),
            self.prefix,
            self.lang,
            None if self.csp is None else str(self.csp),
        ]
        return hashlib.sha256(json.dumps(written).encode()).hexdigest()[:12]

    def head(
        self,
        mount: str,
        own_stylesheet: str,
        title: str | None = None,
        tags: Sequence[Tag] = (),
        *,
        address: Callable[[str], str] = str,
    ) -> Head:
        """Return the head of a document of the application mounted at `mount`, with what its page says.

        `address` gives the path under which a file of the application is served now.
        """
        stylesheets = (own_stylesheet, *_local(mount, map(address, self.stylesheets)))
        scripts = _local(mount, map(address, self.scripts))
        named = title or self.title or "vango"
        return Head(self.lang, named, stylesheets, scripts, tags, prefetch=self.prefetch)


def _local(mount: str, addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(mount + path if path.startswith("/") else path for path in addresses)


def _check_proxy(proxy: str) -> None:
    if proxy == "*":
        return
    try:
        ipaddress.ip_network(proxy, strict=False)
    except ValueError:
        raise ValueError(
            f"trusted_proxies: {proxy!r} is no address; write '10.0.0.7', '10.0.0.0/8' or '*'"
        ) from None
