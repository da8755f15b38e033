"""Kinds of events, and what an EVENT carries of one: PROTOCOL 1.8 to 1.10 and 3.9."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from vango_client.document import Node
from vango_client.messages import WRITE
from vango_client.wire import sv, text, uv

NAMES = [
    *("click", "dblclick", "input", "change", "submit", "reset", "focus", "blur", "keydown", "keyup"),
    *("pointerdown", "pointerup", "pointermove", "pointerenter", "pointerleave", "contextmenu", "wheel"),
    *("scroll", "resize", "dragstart", "dragover", "drop", "dragend", "copy", "cut", "paste", "toggle"),
    *("load", "error", "in-view", "out-of-view"),
]
KIND_OF = {name: number for number, name in enumerate(NAMES)}

_MOUSE = {0, 1, *range(10, 17), *range(19, 23)}
_LATEST = {2, 16, 17, 18}
_DROP = {12, 13, 14, 20}


def policy_of(kind: int) -> str:
    """Return what becomes of an event of this kind while there is no connection, where nobody says more."""
    return "latest" if kind in _LATEST else "drop" if kind in _DROP else "queue"


def options_of(node: Node, kind: int) -> list[str]:
    """Return what the attribute `data-on` of a node says of a kind."""
    for entry in (node.shown("data-on") or "").split(" "):
        name, _, options = entry.partition(":")
        if name == NAMES[kind]:
            return options.split(",")
    return []


def traits(kind: int, options: list[str]) -> dict[str, Any]:
    """Return what options make of an event of a kind: its policy, whether it waits on, its action."""
    policy = next((one for one in options if one in ("queue", "latest", "drop")), policy_of(kind))
    action = next((one.removeprefix("action=") for one in options if one.startswith("action=")), "")
    return {"policy": policy, "offline": "offline" in options, "action": unquote(action)}


def encode_fields(kind: int, fields: Sequence[Any]) -> bytes:
    """Return the payload of an EVENT; `fields` stand in the order of 1.10."""
    if kind in (2, 3):
        return WRITE["list str"](fields[0])
    if kind == 4:
        return WRITE["pairs str"](fields[0])
    if kind in (8, 9):
        mods, key, code = fields
        return uv(mods) + text(key) + text(code)
    if kind in _MOUSE:
        mods, button, x, y = fields
        return uv(mods) + uv(button) + sv(x) + sv(y)
    if kind in (17, 18):
        x, y = fields
        return sv(x) + sv(y)
    return text(fields[0])


def listener(node: Node | None, kind: int) -> Node | None:
    """Return the nearest node, at or above this one, that listens to a kind."""
    while node is not None and not node.events >> kind & 1:
        node = node.parent
    return node
