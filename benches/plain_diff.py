"""A keyed diff in plain Python, as somebody would write it who needs one: the other side of row 1.

It walks two trees of `benches.rows.Element`, appends operations to a list, and leaves as JSON.
"""

import json
from typing import Any

from benches.rows import Element

Op = tuple[Any, ...]


def burst(old: Element, new: Element) -> bytes:
    """Diff two trees and encode what changed."""
    ops: list[Op] = []
    diff(old, new, (), ops)
    return json.dumps(ops).encode()


def diff(old: Element, new: Element, path: tuple[int, ...], ops: list[Op]) -> None:
    """Append what makes `new` out of `old`, two elements that stay the same node."""
    was, attrs = old.attrs or {}, new.attrs or {}
    if was != attrs:
        ops.extend(("attr", path, name, value) for name, value in attrs.items() if was.get(name) != value)
        ops.extend(("no attr", path, name) for name in was.keys() - attrs.keys())
    if (old.handlers or {}).keys() != (new.handlers or {}).keys():
        ops.append(("events", path, sorted(new.handlers or ())))
    before, after = old.children or [], new.children or []
    known = {identity(child, i): (i, child) for i, child in enumerate(before)}
    kept = [known.get(identity(child, i)) for i, child in enumerate(after)]
    stay = {found[0] for found in kept if found}
    ops.extend(("remove", (*path, i)) for i in range(len(before) - 1, -1, -1) if i not in stay)
    last = -1
    for i, (child, found) in enumerate(zip(after, kept, strict=True)):
        here = (*path, i)
        if found is None:
            ops.append(("insert", here, plain(child)))
            continue
        if found[0] < last:
            ops.append(("move", here, found[0]))
        last = max(last, found[0])
        if isinstance(child, Element):
            diff(found[1], child, here, ops)
        elif child != found[1]:
            ops.append(("text", here, child))


def identity(child: Element | str, index: int) -> object:
    """What makes two children of one parent the same node."""
    if isinstance(child, Element):
        return child.tag, index if child.key is None else ("key", child.key)
    return "text", index


def plain(child: Element | str) -> object:
    """A subtree as JSON can hold it."""
    if isinstance(child, str):
        return child
    children = [plain(below) for below in child.children or ()]
    return [child.tag, child.attrs, sorted(child.handlers or ()), children]
