"""Builders of HTML elements, `h.a` to `h.wbr`, and the types of what they take.

    from vango import html as h

    h.ul(class_="menu")[
        h.li[h.a("Home", href="/")],
        h.li(hidden=True)[h.a("More", href="/more")],
    ]

Call a builder with children and attributes, or write the children in brackets. Text is always
escaped; `raw(html)` is the one way around it. `Tag("my-element")` makes a builder for any other name.
The builders and their attributes are typed in `html.pyi`, which `tools/make_stubs.py` writes.
"""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Literal, Never, Protocol
from uuid import UUID

from vango._core import Component, Slot, Tag, VNode, fragment, raw
from vango._tags import HTML, python_name


class SupportsHtml(Protocol):
    """An object of another library that knows its HTML, which is shown as it is."""

    def __html__(self) -> str:
        """Return HTML that is safe to show."""
        ...


Child = (
    str | float | VNode | Tag | Slot | Component | SupportsHtml | Callable[[], Any] | Iterable["Child"] | None
)
Value = str | float | Slot | Callable[[], Any] | None
Flag = bool | Slot | Callable[[], Any] | None
ClassValue = Value | Sequence[str | bool | None] | Mapping[str, Any]
StyleValue = Value | Mapping[str, str | float | None]
Handler = Callable[..., Any] | tuple[Any, ...] | Literal[False] | None
Key = str | int | bytes | UUID | tuple["Key", ...] | None

_TAGS = {python_name(tag): Tag(tag) for tag in HTML}

__all__ = [
    "Child",
    "ClassValue",
    "Flag",
    "Handler",
    "Key",
    "StyleValue",
    "SupportsHtml",
    "Tag",
    "VNode",
    "Value",
    "fragment",
    "raw",
]
__all__ += list(_TAGS)


_ELSEWHERE = {
    "svg": "write `from vango import svg`, then svg.svg(...)",
    **dict.fromkeys(
        ("html", "head", "body", "base", "script"),
        "the document around a page is made by App(title=..., lang=..., stylesheets=[...])",
    ),
}


def __getattr__(name: str) -> Never:
    """Say what to write instead of a builder that is not there."""
    instead = _ELSEWHERE.get(name, f"for an element of your own write h.Tag({name.replace('_', '-')!r})")
    near = get_close_matches(name, _TAGS, n=1, cutoff=0.75)
    if near and name not in _ELSEWHERE:
        instead = f"did you mean h.{near[0]}? {instead[0].upper()}{instead[1:]}"
    raise AttributeError(f"there is no builder h.{name}; {instead}", name=name, obj=sys.modules[__name__])


# Last, because some tags have the names of builtins.
globals().update(_TAGS)
