"""Nodes and the ops of a burst: PROTOCOL 1.4 and 1.5, decoded."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from vango_client.wire import MAX_HID, Reader, WireError

MAX_DEPTH = 256
MAX_ATTRS = 256
MAX_CHILDREN = 100_000

ELEMENT, TEXT, RAW = 1, 3, 4
_TAG = re.compile(r"[A-Za-z][A-Za-z0-9._:-]*")
_NAME = re.compile(r"""[^\x00-\x20\x7f"'<>/=]+""")
PROPERTIES = frozenset({".value", ".checked", ".selected", ".open", ".muted", ".indeterminate"})


@dataclass(frozen=True)
class WireNode:
    """A subtree as it stands on the wire; `text` is that of a text, or raw HTML."""

    kind: int
    hid: int
    tag: str = ""
    events: int = 0
    attrs: tuple[tuple[str, str], ...] = ()
    children: tuple[WireNode, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class SetText:
    """01, or one of the texts of 12: the text of a text node."""

    hid: int
    text: str


@dataclass(frozen=True)
class SetAttr:
    """02: an attribute or a property; 10 takes it away, `value` is `None` then."""

    hid: int
    name: str
    value: str | None


@dataclass(frozen=True)
class Remove:
    """03: a subtree leaves."""

    hid: int


@dataclass(frozen=True)
class Insert:
    """04: a subtree enters."""

    parent: int
    before: int
    node: WireNode


@dataclass(frozen=True)
class SetEvents:
    """05: what an element listens to."""

    hid: int
    events: int


@dataclass(frozen=True)
class Move:
    """11: a subtree goes elsewhere."""

    hid: int
    parent: int
    before: int


Op = SetText | SetAttr | Remove | Insert | SetEvents | Move


def read_burst(payload: bytes) -> list[Op]:
    """Return the ops of the payload of a DIFF; those that may be skipped are left out."""
    reader = Reader(payload)
    ops: list[Op] = []
    while not reader.is_done:
        ops += _read_op(reader)
    return ops


def read_snapshot(payload: bytes) -> WireNode:
    """Return the node of the payload of a SNAPSHOT."""
    reader = Reader(payload)
    node = read_node(reader)
    while not reader.is_done:
        if not 0x20 <= reader.data[reader.at] <= 0x3F:
            raise reader.fail("only ops that may be skipped follow the node of a snapshot")
        _read_op(reader)
    return node


def read_node(reader: Reader, level: int = 1) -> WireNode:
    """Return one node and all below it."""
    if level > MAX_DEPTH:
        raise reader.fail("nested too deep")
    kind, hid = reader.u8(), reader.hid()
    if kind in (TEXT, RAW):
        return WireNode(kind, hid, text=reader.text())
    if kind != ELEMENT:
        raise reader.fail(f"no kind of node is {kind:02x}")
    tag, events = reader.text(), reader.uv(2**31 - 1)
    if not _TAG.fullmatch(tag) or tag.lower() == "script":
        raise reader.fail(f"no element is called {tag!r}")
    attrs: list[tuple[str, str]] = []
    for _ in range(_count(reader, MAX_ATTRS)):
        name = _attr_name(reader)
        if attrs and attrs[-1][0].encode() >= name.encode():
            raise reader.fail("attributes do not ascend")
        attrs.append((name, reader.text()))
    children = tuple(read_node(reader, level + 1) for _ in range(_count(reader, MAX_CHILDREN)))
    return WireNode(kind, hid, tag, events, tuple(attrs), children)


def _count(reader: Reader, most: int) -> int:
    count = reader.count()
    if count > most:
        raise reader.fail(f"{count} items, at most {most}")
    return count


def _attr_name(reader: Reader) -> str:
    name = reader.text()
    lower = name.lower()
    if not _NAME.fullmatch(name) or lower.startswith("on") or lower in ("data-hid", "data-ev"):
        raise reader.fail(f"no attribute is called {name!r}")
    if name[0] == "." and name not in PROPERTIES:
        raise reader.fail(f"{name} is no property of the wire")
    return name


def _read_op(reader: Reader) -> list[Op]:
    """Return what one op stands for: nothing where it may be skipped, several texts for 12."""
    code = reader.u8()
    if 0x10 <= code <= 0x3F:
        inner = Reader(reader.take(reader.uv()))
        extension = _EXTENSIONS.get(code)
        if extension is None:
            if code < 0x20:
                raise reader.fail(f"op {code:02x} must be understood")
            return []
        ops = extension(inner)
        if not inner.is_done:
            raise WireError(inner.at, f"op {code:02x} is longer than what it says")
        return ops
    read = _OPS.get(code)
    if read is None:
        raise reader.fail(f"no op is {code:02x}")
    return [read(reader)]


def _read_texts(reader: Reader) -> list[Op]:
    hids: list[int] = []
    for _ in range(reader.count()):
        hids.append(reader.hid() + (hids[-1] if hids else 0))
        if hids[-1] > MAX_HID:
            raise reader.fail(f"no node has hid {hids[-1]}")
    return [SetText(hid, reader.ended_text()) for hid in hids]


_OPS: dict[int, Callable[[Reader], Op]] = {
    0x01: lambda r: SetText(r.hid(), r.text()),
    0x02: lambda r: SetAttr(r.hid(), _attr_name(r), r.text()),
    0x03: lambda r: Remove(r.hid()),
    0x04: lambda r: Insert(r.hid(or_zero=True), r.hid(or_zero=True), read_node(r)),
    0x05: lambda r: SetEvents(r.hid(), r.uv(2**31 - 1)),
}
_EXTENSIONS: dict[int, Callable[[Reader], list[Op]]] = {
    0x10: lambda r: [SetAttr(r.hid(), _attr_name(r), None)],
    0x11: lambda r: [Move(r.hid(), r.hid(or_zero=True), r.hid(or_zero=True))],
    0x12: _read_texts,
}
