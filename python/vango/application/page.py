"""The document around a session's first render, and the plain documents that stand where there is no session.

Pure text: what a page says about itself goes in, HTML comes out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from vango.headtags import Tag

PROTOCOL_VERSION = 1


@dataclass(frozen=True)
class Head:
    """What all documents of an application have in common; every address is as the browser asks for it."""

    lang: str
    title: str
    stylesheets: Sequence[str]
    scripts: Sequence[str] = ()
    tags: Sequence[Tag] = ()
    prefetch: bool = True


@dataclass(frozen=True)
class Live:
    """What a served page tells its client: PROTOCOL 3.2, and whether a developer is looking at it."""

    url: str
    session: str
    epoch: int
    rev: int
    count: int
    token: str
    csrf: str
    dev: bool
    sockets: bool
    embeds: str = ""

    def meta(self) -> str:
        """Return the JSON text of the page's `<meta name="vango">`."""
        said = {name: value for name, value in vars(self).items() if value != ""}
        return json.dumps({"version": PROTOCOL_VERSION, **said}, separators=(",", ":"))


def document(head: Head, body: str, *, live: Live, modules: Sequence[str]) -> str:
    """Return the document of a served page.

    `body` is the session's HTML and the only content of the body element: a character more, behind the end
    tags included, would be a text node that the session does not know.

    Args:
        head: Language, title, stylesheets, and scripts, which run behind the client's modules.
        body: The HTML of the session, trusted.
        live: What the client reads.
        modules: The addresses of the client's modules; the first one starts it.
    """
    return _document(head, connecting(head, live=live, modules=modules), body)


def connecting(head: Head, *, live: Live, modules: Sequence[str]) -> list[str]:
    """Return what stands in the head of a document that connects, line by line; see `document`."""
    return [
        _meta(live),
        *_preloads(modules),
        *_stylesheets(head),
        *_scripts(modules, head.scripts),
        *(tag.html() for tag in head.tags),
    ]


def opening(head: Head, *, modules: Sequence[str]) -> str:
    """Return the beginning of a document that is sent before its session is whole; `closing` ends it.

    Its head stays open: what it loads begins to load, and what connects it comes with the rest.
    """
    lines = [*_preloads(modules), *_stylesheets(head), *(tag.html() for tag in head.tags)]
    return "\n".join([*_top(head), *lines, ""])


def closing(
    body: str, *, live: Live, modules: Sequence[str], scripts: Sequence[str], tags: Sequence[Tag]
) -> str:
    """Return the rest of a document that `opening` has begun.

    Args:
        body: The HTML of the session, trusted.
        live: What the client reads.
        modules: As in `opening`.
        scripts: Those of the head, behind the client's.
        tags: What the page says of itself since.
    """
    lines = [*(tag.html() for tag in tags), _meta(live), *_scripts(modules, scripts)]
    return "\n".join([*lines, "</head>"]) + f"\n<body>{body}</body></html>"


def failing(title: str, message: str, *, details: str = "") -> str:
    """Return the rest of a document that `opening` has begun and whose page has failed."""
    return f'</head>\n<body><main class="vango-notice">{_said(title, message, details)}</main></body></html>'


def notice(head: Head, message: str, *, details: str = "") -> str:
    """Return a plain document without a session: the title as its heading, a sentence, and details."""
    said = _said(head.title, message, details)
    return _document(head, _stylesheets(head), f'<main class="vango-notice">{said}</main>')


def _said(title: str, message: str, details: str) -> str:
    content = f"<h1>{escape(title)}</h1><p>{escape(message)}</p>"
    return f"{content}<pre>{escape(details)}</pre>" if details else content


def _meta(live: Live) -> str:
    return f'<meta name="vango" content="{escape(live.meta())}">'


def _preloads(modules: Sequence[str]) -> list[str]:
    return [f'<link rel="modulepreload" href="{escape(module)}">' for module in modules]


def _scripts(modules: Sequence[str], others: Sequence[str]) -> list[str]:
    addresses = (modules[0], *others)
    return [f'<script type="module" src="{escape(address)}"></script>' for address in addresses]


def _stylesheets(head: Head) -> list[str]:
    return [f'<link rel="stylesheet" href="{escape(address)}">' for address in head.stylesheets]


def _document(head: Head, lines: Sequence[str], body: str) -> str:
    top = [*_top(head), *lines, "</head>"]
    return "\n".join(top) + f"\n<body>{body}</body></html>"


def _top(head: Head) -> list[str]:
    return [
        "<!doctype html>",
        f'<html lang="{escape(head.lang)}"{"" if head.prefetch else " data-no-prefetch"}>',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(head.title)}</title>",
    ]
