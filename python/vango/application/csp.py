"""The Content-Security-Policy of pages: built from a profile, checked when it is written, never assembled."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from hashlib import sha256
from types import MappingProxyType
from typing import Literal

__all__ = ["MOST_STYLES", "Csp", "csp"]

MOST_STYLES = 32
"""So many `style` attributes a policy names: 1.8 kB of a header, for which proxies keep 4 kB."""

_SOURCES = [
    "child-src",
    "connect-src",
    "default-src",
    "font-src",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "object-src",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "worker-src",
    "base-uri",
    "form-action",
    "frame-ancestors",
]
_OTHERS = [
    "report-to",
    "report-uri",
    "require-trusted-types-for",
    "sandbox",
    "trusted-types",
    "upgrade-insecure-requests",
]
_NAMES = frozenset(_SOURCES + _OTHERS)
_KEYWORDS = frozenset(
    [
        "'none'",
        "'self'",
        "'unsafe-inline'",
        "'unsafe-eval'",
        "'wasm-unsafe-eval'",
        "'unsafe-hashes'",
        "'strict-dynamic'",
        "'report-sample'",
        "'inline-speculation-rules'",
    ]
)
_HASH = re.compile(r"'(nonce|sha256|sha384|sha512)-[A-Za-z0-9+/_-]+={0,2}'")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")
_HOST = re.compile(
    r"(([a-z][a-z0-9+.-]*)://)?(\*|(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9a-f:]+\])(:(\d+|\*))?(/[^\s;,?#]*)?"
)
_TOKEN = re.compile(r"[^\s;,]+")

Sources = str | Sequence[str] | None


@dataclass(frozen=True)
class Csp:
    """A policy. It never changes; `with_` and `adding` return another one.

    ```python
    App(csp=csp("hardened").adding(img_src="https://images.example", connect_src="https://api.example"))
    ```
    `str(policy)` is the header.

    Attributes:
        directives: The sources of each directive, by its name.
        report_only: Whether violations are only reported.
    """

    directives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    report_only: bool = False

    def with_(self, **directives: Sources) -> Csp:
        """Return this policy with these directives in place of those that it has; `None` takes one away.

        Args:
            directives: Sources by the name of a directive with `_` for `-`: one string, or several.

        Raises:
            ValueError: There is no such directive, or what is given is no source.
        """
        wanted = dict(self.directives)
        for written, given in directives.items():
            name = _directive(written)
            wanted.pop(name, None)
            if given is not None:
                wanted[name] = _sources(name, given)
        return Csp(MappingProxyType(wanted), self.report_only)

    def adding(self, **directives: str | Sequence[str]) -> Csp:
        """Return this policy with these sources beside those that it has.

        A directive that it has not yet begins as its `default-src`, as a browser reads it.

        Raises:
            ValueError: As `with_`.
        """
        wanted: dict[str, Sources] = {}
        for written, given in directives.items():
            name = _directive(written)
            fallback = self.directives.get("default-src", ()) if name.endswith("-src") else ()
            before = [source for source in self.directives.get(name, fallback) if source != "'none'"]
            more = [given] if isinstance(given, str) else list(given)
            wanted[written] = list(dict.fromkeys(before + more))
        return self.with_(**wanted)

    def allowing_styles(self, values: Sequence[str]) -> Csp:
        """Return this policy as one under which elements may have these `style` attributes.

        By the hash of each: any other one stays forbidden. A policy that allows all of them is returned as
        it is, and so is one whose `style-src-attr` is `'none'`.

        Args:
            values: The attributes, as the page has them; at most `MOST_STYLES` are allowed, the first ones.
        """
        if not values or not self.names_styles:
            return self
        hashes = [f"'sha256-{b64encode(sha256(value.encode()).digest()).decode()}'" for value in values]
        own = [source for source in self.directives.get("style-src-attr", ()) if source != "'unsafe-hashes'"]
        return self.with_(style_src_attr=["'unsafe-hashes'", *own, *hashes[:MOST_STYLES]])

    @property
    def names_styles(self) -> bool:
        """Whether an element may have a `style` attribute only if this policy names it, and it may do so."""
        names = ("style-src-attr", "style-src", "default-src")
        read = next(
            (self.directives[name] for name in names if name in self.directives), ("'unsafe-inline'",)
        )
        # Beside a hash or a nonce, 'unsafe-inline' says nothing.
        allows_all = "'unsafe-inline'" in read and not any(map(_HASH.fullmatch, read))
        return not allows_all and self.directives.get("style-src-attr") != ("'none'",)

    def reporting(self) -> Csp:
        """Return this policy as one that forbids nothing and reports what it would forbid."""
        return Csp(self.directives, True)

    @property
    def header(self) -> str:
        """The name of the header that carries it."""
        return "Content-Security-Policy" + ("-Report-Only" if self.report_only else "")

    def __str__(self) -> str:
        return "; ".join(" ".join((name, *sources)) for name, sources in self.directives.items())


def csp(profile: Literal["default", "hardened"] = "default") -> Csp:
    """Return a policy to begin with.

    Both let a page load what its own origin serves, and no inline script, which vango needs nowhere.

    Args:
        profile: `"default"` lets a page carry any `style=` in its first paint, raw HTML included, and be
            framed by its own origin. `"hardened"` takes no style but from files, from the client, and those
            that elements of the first paint have, of which each page names the hashes, 32 at most; it lets
            nobody frame a page, sends forms to its own origin, and parses HTML by vango's own Trusted Types
            policy alone.

    Raises:
        ValueError: There is no such profile.
    """
    if profile not in _PROFILES:
        raise ValueError(f"csp({profile!r}): write csp('default') or csp('hardened')")
    return Csp().with_(**_PROFILES[profile])


_DEFAULT: Mapping[str, Sources] = {
    "default_src": "'self'",
    "script_src": "'self'",
    "style_src": "'self'",
    "style_src_attr": "'unsafe-inline'",
    "connect_src": "'self'",
    "object_src": "'none'",
    "base_uri": "'self'",
    "frame_ancestors": "'self'",
}
_PROFILES: Mapping[str, Mapping[str, Sources]] = {
    "default": _DEFAULT,
    "hardened": {
        **_DEFAULT,
        "style_src_attr": None,
        "base_uri": "'none'",
        "form_action": "'self'",
        "frame_ancestors": "'none'",
        "require_trusted_types_for": "'script'",
        "trusted_types": "vango",
    },
}


def _directive(written: str) -> str:
    name = written.strip("_").replace("_", "-")
    if name not in _NAMES:
        near = get_close_matches(name, _NAMES, 1)
        hint = f"; did you mean {near[0].replace('-', '_')}?" if near else ""
        raise ValueError(f"a Content-Security-Policy has no directive {name!r}{hint}")
    return name


def _sources(name: str, given: str | Sequence[str]) -> tuple[str, ...]:
    sources = (given,) if isinstance(given, str) else tuple(given)
    if name == "upgrade-insecure-requests":
        sources = tuple(source for source in sources if source)
    for source in sources:
        if not isinstance(source, str) or not _TOKEN.fullmatch(source):
            raise ValueError(f"{name}: {source!r} is not one source; write several as a list")
        if name in _SOURCES and not _is_source(source):
            quoted = f"; write \"'{source}'\"" if f"'{source}'" in _KEYWORDS else ""
            raise ValueError(f"{name}: {source!r} is no source{quoted}")
    if "'none'" in sources and len(sources) > 1:
        raise ValueError(f"{name}: 'none' stands alone")
    return sources


def _is_source(source: str) -> bool:
    if source.startswith("'"):
        return source in _KEYWORDS or _HASH.fullmatch(source) is not None
    if source in {keyword.strip("'") for keyword in _KEYWORDS}:
        return False
    return bool(_SCHEME.fullmatch(source) or _HOST.fullmatch(source))
