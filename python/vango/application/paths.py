"""The one spelling of a path, which is the only one that pages, files and guards ever see.

An address says the same in many ways: doubled slashes, dot segments, escapes. Who reads it differently from
who guarded it lets somebody in. So every address comes through `canonical` before anything is matched: what a
browser would write otherwise is moved to its one spelling, what could be read in two ways is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

from vango.errors import VangoError

__all__ = ["Canonical", "MalformedPath", "canonical", "local_target"]

# What a path and a query may hold unescaped (RFC 3986, 3.3 and 3.4, and what browsers leave as it is).
_PATH_SAFE = "%:@!$&'()*+,;=~|^[]{}`"
_QUERY_SAFE = _PATH_SAFE + '/?"\\<>'
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\x9f]")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ENCODED_DOT = re.compile(r"%2e", re.IGNORECASE)


class MalformedPath(VangoError, ValueError):  # noqa: N818
    """An address has no one meaning, and nothing is looked for there.

    Attributes:
        reason: What is wrong with it, for the one who wrote it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Canonical:
    """An address in its one spelling.

    Attributes:
        path: The path, decoded: what is matched.
        address: Path and query as an address bar has them, in ASCII.
        moved: Whether the address was spelled otherwise; a request of a page is then sent to `address`.
    """

    path: str
    address: str
    moved: bool


def canonical(address: str) -> Canonical:
    """Return an address in its one spelling.

    `/a//b/./c/../d` is moved to `/a/b/d`, with dots read as a browser reads them, encoded or not. Escapes
    that were not needed stay, since they decode to one path only.

    Args:
        address: Path and query as an address bar or the first line of a request has them.

    Raises:
        MalformedPath: It does not begin with a slash; or it holds a control character, a space, a backslash,
            a `#`, an encoded slash or backslash, a `%` that begins no escape, or escapes that are no UTF-8.
    """
    raw, mark, query = address.partition("?")
    if not raw.startswith("/"):
        raise MalformedPath("a path begins with a slash")
    if "#" in address:
        raise MalformedPath("a fragment stays in the browser")
    if "\\" in raw:
        raise MalformedPath("a path has no backslash")
    if _UNSEEN.search(address):
        raise MalformedPath("an address has no control character and no space")
    if _BROKEN_ESCAPE.search(raw):
        raise MalformedPath("a percent sign is written %25")
    segments = [segment for segment in _resolved(raw[1:].split("/")) if segment]
    path = "/" + "/".join(map(_decoded, segments))
    spelled = "/" + "/".join(segments)
    if len(segments) and _ends_open(raw):
        path, spelled = path + "/", spelled + "/"
    moved = spelled != raw
    return Canonical(
        path, quote(spelled, safe="/" + _PATH_SAFE) + mark + quote(query, safe=_QUERY_SAFE), moved
    )


def local_target(text: str) -> bool:
    r"""Tell whether a browser that follows `text` stays on this server, at the path that it reads as.

    `//evil.example`, `/\evil.example`, `https:evil.example` and their like with tabs, newlines and escapes
    lead elsewhere or may do so; so does every spelling but the one of `canonical`. A fragment may follow.
    """
    try:
        return not canonical(text.partition("#")[0]).moved and not _UNSEEN.search(text)
    except MalformedPath:
        return False


def _resolved(segments: Sequence[str]) -> list[str]:
    """Return segments without dot segments, by the rules of a browser: `..` takes away an empty one too."""
    done: list[str] = []
    for segment in segments:
        dots = _ENCODED_DOT.sub(".", segment)
        if dots == "..":
            del done[-1:]
        elif dots != ".":
            done.append(segment)
    return done


def _ends_open(raw: str) -> bool:
    """Tell whether a path ends in a slash once its last dot segment has gone."""
    return _ENCODED_DOT.sub(".", raw.rpartition("/")[2]) in ("", ".", "..")


def _decoded(segment: str) -> str:
    try:
        text = unquote_to_bytes(segment).decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedPath("escapes are UTF-8") from None
    except UnicodeEncodeError:  # half of a surrogate pair
        raise MalformedPath("a path is Unicode text") from None
    if "/" in text or "\\" in text:
        raise MalformedPath("a segment of a path holds no slash and no backslash, encoded ones included")
    if _CONTROL.search(text):
        raise MalformedPath("a path has no control character, encoded ones included")
    return text
