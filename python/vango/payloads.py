"""What scripts of a page and its session tell each other by name: how long that is, and how large the rest.

The rest is JSON, and data: texts, numbers, lists and dicts, never an object with a behaviour of its own. So
nothing of it becomes markup, unless an application writes `h.raw(...)` around it.
"""

from __future__ import annotations

import json
from typing import Any, Never

from vango.limits import Limits

__all__ = ["check_told", "read_json", "showable"]


def check_told(name: str, told: str, limits: Limits) -> None:
    """Refuse what is too much to be told at once.

    Args:
        name: Of the event or the channel.
        told: The JSON that goes with it.
        limits: `name_chars` and `detail_bytes`.

    Raises:
        ValueError: The name is too long or has a control character, or the JSON is too large.
    """
    if len(name) > limits.name_chars:
        raise ValueError(f"a name has {limits.name_chars} characters at most, not {len(name):,}")
    if not name.isprintable():
        raise ValueError("a name has no control character")
    size = len(told.encode("utf-8", "surrogatepass"))
    if size > limits.detail_bytes:
        raise ValueError(
            f"{size:,} bytes are over the limit of {limits.detail_bytes:,}; a channel takes more"
        )


def read_json(text: str) -> Any:
    """Read JSON whose depth the engine has looked at; nothing at all is null.

    Raises:
        ValueError: It is none; `NaN` and `Infinity` are none either, though Python reads them.
    """
    return showable(json.loads(text, parse_constant=_refuse)) if text else None


def _refuse(constant: str) -> Never:
    raise ValueError(f"{constant} is no JSON")


def showable(value: Any) -> Any:
    """Return what a client sent with U+FFFD for each character that no page could show.

    Without it, one client could send a text that breaks the page of everybody who is shown it.
    """
    if isinstance(value, str):
        text = value.replace("\0", "\ufffd")
        if text.isascii():
            return text
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")  # lone surrogates
    if isinstance(value, (list, tuple)):
        return type(value)(map(showable, value))
    if isinstance(value, dict):
        return {showable(key): showable(inner) for key, inner in value.items()}
    return value
