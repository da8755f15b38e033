"""A served page: what its head says, and the document adopted from its HTML (PROTOCOL 3.2)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from vango_client.document import VOID, Document, Node
from vango_client.ops import ELEMENT, RAW, TEXT

_TAG = re.compile(r"<([^\s/>]+)")
_ATTR = re.compile(r"\s([^\s=<>/]+)=\"[^\"]*\"")
_MARK = re.compile(r"(\d+)(\[?)")
_EATS_NEWLINE = frozenset({"pre", "listing", "textarea"})
_IMPLIED = frozenset({"tbody", "colgroup", "tr"})


@dataclass
class Page:
    """A page as it was served.

    Attributes:
        url: Where its socket is, a path.
        session, token, csrf: Who it is for.
        epoch, rev: What its HTML shows; epoch 0 if that could not be adopted.
        path: Its path and query.
        document: Its nodes.
    """

    url: str
    session: str
    token: str
    csrf: str
    epoch: int
    rev: int
    path: str
    document: Document

    @classmethod
    def parse(cls, html: str, path: str) -> Page:
        """Read a page.

        Raises:
            ValueError: It has no live session.
        """
        parser = _Adopter(html)
        if parser.meta is None:
            raise ValueError("the page has no <meta name=vango>: nothing of it is live")
        meta = parser.meta
        whole = not parser.broken and len(parser.document.nodes) == meta["count"]
        return cls(
            url=meta["url"],
            session=meta["session"],
            token=meta["token"],
            csrf=meta.get("csrf", ""),
            epoch=meta["epoch"] if whole else 0,
            rev=meta["rev"] if whole else 0,
            path=path,
            document=parser.document if whole else Document(),
        )


class _Adopter(HTMLParser):
    """Walks a page once, with the last hid in hand."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.document = Document()
        self.meta: dict[str, Any] | None = None
        self.broken = False
        self._html = html
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._in_body = False
        # The elements that are open: ours, or those of somebody else, below which nothing is ours.
        self._open: list[tuple[str, Node | None]] = []
        self._foreign = 0
        self._last = 0
        self._text: Node | None = None  # the one that further characters belong to
        self._marked = 0  # a comment has announced a text of this hid
        self._raw: tuple[Node, int] | None = None  # its node, and where it begins
        self._newline = False  # the parser of a browser would eat one here
        self.feed(html)
        self.close()
        self._flush_mark()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        if self._raw:
            return
        tag, attrs = self._as_written(tag, attrs)
        values = {name: value or "" for name, value in attrs}
        if tag == "meta" and values.get("name") == "vango":
            self.meta = json.loads(values["content"])
        if tag == "body":
            self._in_body = True
            return
        if not self._in_body:
            return
        self._flush_mark()
        self._text = None
        node = self._element(tag, values)
        if tag in VOID:
            return
        self._open.append((tag, node))
        self._newline = tag in _EATS_NEWLINE
        if node is None and tag not in _IMPLIED:
            self._foreign += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element that HTML would not close for a slash, unless it is SVG or MathML."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        if self._raw:
            return
        self._flush_mark()
        self._text = None
        self._newline = False
        if tag not in (name.lower() for name, _ in self._open):
            return
        while self._open:
            name, node = self._open.pop()
            if node is None and name not in _IMPLIED:
                self._foreign -= 1
            if name.lower() == tag:
                return

    def handle_data(self, data: str) -> None:
        """Take characters."""
        if self._raw or not self._in_body or self._foreign:
            return
        if self._newline:
            data = data.removeprefix("\n")
            self._newline = False
        up = self._up
        if up is not None and up.tag == "textarea":
            up.attrs[".value"] = up.attrs.get(".value", "") + data
        elif self._text is not None:
            self._text.text += data
        elif data and (up is not None or self._marked or (self.document.root is None and data.strip())):
            hid, self._marked = self._marked or self._last + 1, 0
            self._text = self._add(Node(hid, TEXT, text=data))

    def handle_comment(self, data: str) -> None:
        """Take a mark: of a text, or of raw HTML."""
        if self._raw:
            node, begin = self._raw
            if data == f"]{node.hid}":
                node.text = self._html[begin : self._offset()]
                self._raw = None
            return
        match = _MARK.fullmatch(data)
        if not self._in_body or self._foreign or not match:
            return
        self._flush_mark()
        self._text = None
        if match[2]:
            node = self._add(Node(int(match[1]), RAW))
            self._raw = node, self._offset() + len(f"<!--{data}-->")
        else:
            self._marked = int(match[1])

    @property
    def _up(self) -> Node | None:
        """The element of ours that stands open."""
        return next((node for _, node in reversed(self._open) if node is not None), None)

    def _element(self, tag: str, values: dict[str, str]) -> Node | None:
        hid = values.pop("data-hid", "")
        if not hid.isdecimal() or self._foreign:
            return None
        events = values.pop("data-ev", "0")
        node = Node(int(hid), ELEMENT, tag=tag, events=int(events))
        node.attrs = values
        if tag == "textarea":
            node.attrs[".value"] = ""
        return self._add(node)

    def _add(self, node: Node) -> Node:
        nodes, up = self.document.nodes, self._up
        if node.hid < 1 or node.hid in nodes or (up is None and self.document.root is not None):
            self.broken = True
        self._last = node.hid
        nodes[node.hid] = node
        if up is None:
            self.document.root = node
        else:
            up.add(node)
        return node

    def _flush_mark(self) -> None:
        """A text was announced, and no characters came: it is empty."""
        if self._marked:
            hid, self._marked = self._marked, 0
            self._add(Node(hid, TEXT))

    def _as_written(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> tuple[str, list[tuple[str, str | None]]]:
        """Give names back their capitals, which SVG needs and `HTMLParser` takes away."""
        start = self.get_starttag_text() or ""
        written = _TAG.match(start)
        names = _ATTR.findall(start)
        if written is None or len(names) != len(attrs):
            return tag, attrs
        return written[1], [(name, value) for name, (_, value) in zip(names, attrs, strict=True)]

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
