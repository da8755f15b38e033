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
        f'<meta name="vango" content="{escape(live.meta())}">',
        *(f'<link rel="modulepreload" href="{escape(module)}">' for module in modules),
        *_stylesheets(head),
        *(
            f'<script type="module" src="{escape(address)}"></script>'
            for address in (modules[0], *head.scripts)
        ),
        *(tag.html() for tag in head.tags),
    ]


def notice(head: Head, message: str, *, details: str = "") -> str:
    """Return a plain document without a session: the title as its heading, a sentence, and details."""
    content = f"<h1>{escape(head.title)}</h1><p>{escape(message)}</p>"
    if details:
        content += f"<pre>{escape(details)}</pre>"
    return _document(head, _stylesheets(head), f'<main class="vango-notice">{content}</main>')


def _stylesheets(head: Head) -> list[str]:
    return [f'<link rel="stylesheet" href="{escape(address)}">' for address in head.stylesheets]


def _document(head: Head, lines: Sequence[str], body: str) -> str:
    top = [
        "<!doctype html>",
        f'<html lang="{escape(head.lang)}"{"" if head.prefetch else " data-no-prefetch"}>',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(head.title)}</title>",
        *lines,
        "</head>",
    ]
    return "\n".join(top) + f"\n<body>{body}</body></html>"
