"""What may stand in the head of a document: checked, escaped, the same in a page and on the wire."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import NamedTuple

__all__ = ["MARK", "Tag", "link", "meta", "require_text", "script"]

MARK = "data-vango-head"
"""What marks those tags of a head that a page said itself; the client replaces no others."""

_LINK = frozenset(
    [
        "rel",
        "href",
        "hreflang",
        "type",
        "media",
        "sizes",
        "title",
        "as",
        "crossorigin",
        "integrity",
        "referrerpolicy",
        "color",
    ]
)
_SCRIPT = frozenset(["src", "type", "integrity", "crossorigin", "async", "referrerpolicy", "fetchpriority"])
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._:-]{0,99}")
_INTEGRITY = re.compile(
    r"(sha(256|384|512)-[A-Za-z0-9+/]{43,86}={0,2})( sha(256|384|512)-[A-Za-z0-9+/]{43,86}={0,2})*"
)
_ADDRESS = re.compile(r"(/(?![/\\])|https?://[^/\\])[^\0-\x20\x7f\\<>\"]*|/")
_CROSSORIGIN = ("anonymous", "use-credentials")


class Tag(NamedTuple):
    """One element of a head.

    Attributes:
        name: `meta`, `link` or `script`.
        attributes: Their names and values, by name.
        identity: Of the tags with the same one, that of the nearest component shows.
    """

    name: str
    attributes: tuple[tuple[str, str], ...]
    identity: tuple[str, ...]

    def html(self) -> str:
        """Return it as HTML."""
        written = "".join(f' {name}="{escape(value)}"' for name, value in self.attributes)
        end = "</script>" if self.name == "script" else ""
        return f"<{self.name} {MARK}{written}>{end}"


def meta(name: str, content: str) -> Tag:
    """Return a `meta`; names of Open Graph and their like, `og:title`, are a `property`.

    Raises:
        ValueError: The name is none, or vango's own.
        TypeError: The content is no text.
    """
    require_text(content, f"head(meta={{{name!r}: ...}})")
    if not _NAME.fullmatch(name) or name.lower().startswith("vango"):
        raise ValueError(f"head(meta={{{name!r:.80}: ...}}): this is no name of a meta of yours")
    kind = "property" if ":" in name and not name.startswith("twitter:") else "name"
    return Tag("meta", (("content", content), (kind, name)), ("meta", name.lower()))


def link(said: Mapping[str, str]) -> Tag:
    """Return a `link`: `{"rel": "canonical", "href": "https://example.com/a"}`.

    Raises:
        ValueError: It lacks `rel` or `href`, has an attribute that a link has not, or leads nowhere.
        TypeError: A value is no text.
    """
    attributes = _checked("link", said, _LINK, ("rel", "href"))
    same = ("canonical",) if said["rel"].lower() == "canonical" else tuple(map("=".join, attributes))
    return Tag("link", attributes, ("link", *same))


def script(said: Mapping[str, str] | str) -> Tag:
    """Return a `script`: its address, or `{"src": ..., "integrity": ..., "crossorigin": "anonymous"}`.

    It is a module unless `type` says otherwise. One of another site that has its `integrity` is asked for
    anonymously: a browser does not check it else.

    Raises:
        ValueError: It lacks `src`, has an attribute that a script has not, or leads nowhere.
        TypeError: A value is no text.
    """
    given = {"src": said} if isinstance(said, str) else dict(said)
    given.setdefault("type", "module")
    if "integrity" in given:
        given.setdefault("crossorigin", "anonymous")
    attributes = _checked("script", given, _SCRIPT, ("src",))
    return Tag("script", attributes, ("script", given["src"]))


def _checked(
    kind: str, said: Mapping[str, str], known: frozenset[str], needed: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    use = f"head({kind}s=[...])"
    if not isinstance(said, Mapping):
        raise TypeError(f"{use} takes dicts of attributes, not {said!r:.80}")
    for name, value in said.items():
        if name not in known:
            raise ValueError(f"{use}: a {kind} of a page has no {name!r}; it has {', '.join(sorted(known))}")
        require_text(value, f"{use}: {name}")
    for name in needed:
        if not said.get(name):
            raise ValueError(f"{use}: a {kind} needs its {name!r}")
    address = said[needed[-1]]
    if not _ADDRESS.fullmatch(address):
        raise ValueError(
            f"{use}: {address!r:.200} is no address here; write a path like '/a.png', by app.url_for or "
            "app.asset, or one that begins with https://"
        )
    if "integrity" in said and not _INTEGRITY.fullmatch(said["integrity"]):
        raise ValueError(
            f"{use}: integrity is 'sha384-' and the hash in base64, not {said['integrity']!r:.80}"
        )
    if said.get("crossorigin", "anonymous") not in _CROSSORIGIN:
        raise ValueError(f"{use}: crossorigin is 'anonymous' or 'use-credentials'")
    return tuple(sorted(said.items()))


def require_text(value: object, use: str) -> None:
    """Raise `TypeError` for what is no text, `ValueError` for one that no document can hold."""
    if not isinstance(value, str):
        raise TypeError(f"{use} is a text, not {value!r:.80}")
    if "\0" in value:
        raise ValueError(f"{use} holds a NUL, which no document can")
