"""A document as text, for a terminal."""

from __future__ import annotations

import re

from vango_client.document import Document, Node
from vango_client.ops import ELEMENT, RAW, TEXT

_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "fieldset", "figure", "footer"}
    | {"form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre"}
    | {"section", "table", "tr", "ul", "vango-root"}
)
_FIELDS = frozenset({"input", "textarea", "select"})
_HIDDEN = frozenset({"style", "title", "template"})


def as_text(document: Document) -> str:
    """Return what a document shows: one line for each block, `#hid` where somebody listens."""
    text = "".join(_show(document.root)) if document.root else ""
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _show(node: Node) -> list[str]:
    if node.kind == TEXT:
        return [
            node.text if node.parent and node.parent.tag in ("pre", "code") else node.text.replace("\n", " ")
        ]
    if node.kind == RAW:
        return [re.sub(r"<[^>]*>", " ", node.text)]
    if node.kind != ELEMENT or node.tag in _HIDDEN:
        return []
    inner = [part for child in node.children for part in _show(child)]
    mark = f"#{node.hid} " if node.events else ""
    if node.tag in _FIELDS:
        value = "x" if node.shown("checked") is not None else node.shown("value") or ""
        return [f" [{mark}{value}] "]
    if node.tag in ("button", "a"):
        return [f" [{mark}", *inner, "] "]
    if node.tag in _BLOCKS:
        return ["\n", mark, *inner, "\n"]
    return [mark, *inner, " " if node.tag == "td" else ""]
