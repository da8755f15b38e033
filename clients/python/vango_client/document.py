"""The document of a page: live nodes by their hids, changed by whole bursts (PROTOCOL 1.6, 3.4).

Invariants: `nodes` holds exactly the nodes that can be reached from `root`; a burst changes all or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from vango_client.ops import (
    ELEMENT,
    RAW,
    TEXT,
    Insert,
    Move,
    Op,
    Remove,
    SetAttr,
    SetEvents,
    SetText,
    WireNode,
)

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source"}
    | {"track", "wbr"}
)


class BurstFailed(Exception):  # noqa: N818
    """A burst cannot be applied; nothing of it was."""


class Node:
    """A live node.

    Attributes:
        hid: Its number.
        kind: ELEMENT, TEXT or RAW.
        parent: The element it stands in, `None` for the root.
        text: What a text says, or raw HTML.
        tag, events, attrs, children: Of an element. A property has its dot, `.value`; one that was adopted
            from HTML has lost it.
    """

    __slots__ = ("attrs", "children", "events", "hid", "kind", "parent", "tag", "text")

    def __init__(self, hid: int, kind: int, *, tag: str = "", events: int = 0, text: str = "") -> None:
        self.hid = hid
        self.kind = kind
        self.tag = tag
        self.events = events
        self.text = text
        self.attrs: dict[str, str] = {}
        self.children: list[Node] = []
        self.parent: Node | None = None

    def add(self, child: Node) -> None:
        """Append a child."""
        child.parent = self
        self.children.append(child)

    def walk(self) -> Iterator[Node]:
        """Give it and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def shown(self, name: str) -> str | None:
        """Return what an attribute shows: the property of that name where there is one."""
        return self.attrs.get("." + name, self.attrs.get(name))

    @property
    def content(self) -> str:
        """All text in it; that of raw HTML is not known."""
        if self.kind == TEXT:
            return self.text
        return "".join(child.content for child in self.children)


class Document:
    """The nodes of a page.

    Attributes:
        root: The one child of the mount point, `None` before anything is known.
        nodes: All live nodes, by hid.
    """

    def __init__(self) -> None:
        self.root: Node | None = None
        self.nodes: dict[int, Node] = {}
        self._undo: list[Callable[[], object]] = []

    def find(self, test: Callable[[Node], bool]) -> Node:
        """Return the first node, in document order, that passes a test; LookupError if none does."""
        for node in self.root.walk() if self.root else ():
            if test(node):
                return node
        raise LookupError("no node of the document is like that")

    # Changing

    def apply(self, ops: list[Op], count: int) -> None:
        """Apply a burst, all or nothing.

        Raises:
            BurstFailed: An op does not fit, or there are not `count` nodes afterwards.
        """
        self._undo = []
        try:
            for op in ops:
                self._apply(op)
            self._check(count)
        except BurstFailed:
            for step in reversed(self._undo):
                step()
            raise
        finally:
            self._undo = []

    def replace(self, snapshot: WireNode, count: int) -> None:
        """Show another tree; raises BurstFailed if it does not hold `count` nodes."""
        old = self.root, self.nodes
        self.root, self.nodes = None, {}
        try:
            self.apply([Insert(0, 0, snapshot)], count)
        except BurstFailed:
            self.root, self.nodes = old
            raise

    def _check(self, count: int) -> None:
        if self.root is None:
            raise BurstFailed("the mount point has one child")
        if len(self.nodes) != count:
            raise BurstFailed(f"{len(self.nodes)} nodes, not {count}")

    def _apply(self, op: Op) -> None:
        match op:
            case SetText():
                self._set_text(op)
            case SetAttr():
                self._set_attr(op)
            case SetEvents():
                node = self._element(op.hid)
                self._keep(node, "events", node.events)
                node.events = op.events
            case Remove():
                if op.hid in self.nodes:
                    self._remove(self.nodes[op.hid])
            case Insert():
                self._insert(op)
            case Move():
                self._move(op)

    def _set_text(self, op: SetText) -> None:
        node = self._live(op.hid)
        if node.kind != TEXT:
            raise BurstFailed(f"{op.hid} is no text")
        self._keep(node, "text", node.text)
        node.text = op.text

    def _set_attr(self, op: SetAttr) -> None:
        node = self._element(op.hid)
        self._keep(node, "attrs", dict(node.attrs))
        if op.value is not None:
            node.attrs[op.name] = op.value
        elif op.name in node.attrs:
            del node.attrs[op.name]
        elif op.name.startswith("."):
            node.attrs.pop(op.name[1:], None)  # the page wrote this property as an attribute

    def _insert(self, op: Insert) -> None:
        old = self.nodes.get(op.node.hid)
        if old is None and op.parent == 0:
            if op.before:
                raise BurstFailed("the mount point has one child")
            old = self.root
        if old is not None:
            parent, at = self._remove(old)
        elif op.parent == 0:
            parent, at = None, 0
        else:
            parent, at = self._gap(op.parent, op.before)
        self._put(self._build(op.node), parent, at)

    def _move(self, op: Move) -> None:
        node = self._live(op.hid)
        if op.parent == 0 and op.before == 0 and node is self.root:
            return
        above: Node | None = self._element(op.parent)
        while above is not None:
            if above is node:
                raise BurstFailed(f"{op.hid} cannot move into itself")
            above = above.parent
        if op.before == op.hid:
            raise BurstFailed(f"{op.hid} cannot stand in front of itself")
        self._gap(op.parent, op.before)
        self._take_out(node)
        parent, at = self._gap(op.parent, op.before)
        self._put(node, parent, at)

    # Steps, each of which can be taken back

    def _keep(self, node: Node, name: str, old: object) -> None:
        self._undo.append(lambda: setattr(node, name, old))

    def _gap(self, parent: int, before: int) -> tuple[Node | None, int]:
        element = self._element(parent)
        if before == 0:
            return element, len(element.children)
        node = self._live(before)
        if node.parent is not element:
            raise BurstFailed(f"{before} is no child of {parent}")
        return element, element.children.index(node)

    def _put(self, node: Node, parent: Node | None, at: int) -> None:
        node.parent = parent
        if parent is None:
            self.root = node
            self._undo.append(lambda: setattr(self, "root", None))
        else:
            parent.children.insert(at, node)
            self._undo.append(lambda: parent.children.remove(node))

    def _take_out(self, node: Node) -> tuple[Node | None, int]:
        parent = node.parent
        if parent is None:
            self.root = None
            self._undo.append(lambda: setattr(self, "root", node))
            return None, 0
        at = parent.children.index(node)
        del parent.children[at]

        def put_back() -> None:
            node.parent = parent
            parent.children.insert(at, node)

        self._undo.append(put_back)
        return parent, at

    def _remove(self, node: Node) -> tuple[Node | None, int]:
        gap = self._take_out(node)
        gone = {below.hid: below for below in node.walk()}
        for hid in gone:
            del self.nodes[hid]
        self._undo.append(lambda: self.nodes.update(gone))
        return gap

    def _build(self, wire: WireNode) -> Node:
        if wire.hid in self.nodes:
            raise BurstFailed(f"hid {wire.hid} twice")
        node = Node(wire.hid, wire.kind, tag=wire.tag, events=wire.events, text=wire.text)
        node.attrs.update(wire.attrs)
        self.nodes[wire.hid] = node
        self._undo.append(lambda: self.nodes.pop(wire.hid))
        for child in wire.children:
            node.add(self._build(child))
        return node

    def _live(self, hid: int) -> Node:
        if hid not in self.nodes:
            raise BurstFailed(f"no node has hid {hid}")
        return self.nodes[hid]

    def _element(self, hid: int) -> Node:
        node = self._live(hid)
        if node.kind != ELEMENT:
            raise BurstFailed(f"{hid} is no element")
        return node

    # Showing

    def html(self) -> str:
        """Return it as HTML without hids, the attributes in the order of their names."""
        return _html(self.root) if self.root else ""


def _html(node: Node) -> str:
    if node.kind == TEXT:
        is_css = node.parent is not None and node.parent.tag == "style"
        return node.text if is_css else escape(node.text, quote=False)
    if node.kind == RAW:
        return node.text
    names = sorted({name.lstrip(".") for name in node.attrs} - {"indeterminate"})
    inner = "".join(map(_html, node.children))
    if node.tag == "textarea":
        inner = escape(node.shown("value") or "", quote=False)
        names = [name for name in names if name != "value"]
    attrs = "".join(f' {name}="{escape(node.shown(name) or "")}"' for name in names)
    return f"<{node.tag}{attrs}>" + ("" if node.tag in VOID else f"{inner}</{node.tag}>")
