"""Write `html.pyi` and `svg.pyi` from the table of tags, so that editors complete attributes and events.

    python tools/make_stubs.py            write both
    python tools/make_stubs.py --check    say which is stale, and fail

Each builder has two overloads: the first lists what the element takes, with its types; the second
lets any further attribute through (`data_id=`, `hx_get=`), with the types that an attribute can have,
and still knows what the handlers of every day are given.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import vango.html
import vango.svg
from vango._core import EVENT_KINDS
from vango._tags import FLAGS, GLOBAL, HTML, SVG, SVG_GLOBAL, WORDS, python_name
from vango.events import decode_event

PACKAGE = Path(__file__).parent.parent / "python" / "vango"

LINE = 111
"""The longest line, its end included."""
UNHEARD = {"named", "navigate"}
"""The kinds of events that no element listens to."""
EVERYDAY = ("click", "input", "change", "submit", "keydown", "focus", "blur")
"""The kinds of events whose handlers are known beside any attribute."""

TYPES = {
    "bind": "_Bound",
    "class_": "ClassValue",
    "key": "Key",
    "ref": "Ref | None",
    "style": "StyleValue",
}

HEADER = '''\
"""{title}

Written by tools/make_stubs.py from the table in _tags.py.
"""
# ruff: noqa: {noqa}

'''

HTML_HEADER = (
    HEADER.format(title="Builders of HTML elements, and what stands beside them.", noqa="A001, RUF022")
    + '''\
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeAlias, TypedDict, TypeVar, Unpack, overload
from uuid import UUID

from vango import events as _events
from vango._core import Component, Marked, Slot, Tag as Tag, VNode as VNode, fragment as fragment, raw as raw
from vango.components.bind import Binding
from vango.components.refs import Ref
from vango.reactive.signals import Signal

{exports}
class SupportsHtml(Protocol):
    """An object of another library that knows its HTML, which is shown as it is."""

    def __html__(self) -> str: ...

Child: TypeAlias = (
    str | float | VNode | Tag | Slot | Component | SupportsHtml | Callable[[], Any] | Iterable[Child] | None
)
"""What may stand in an element: `None` and `False` are nothing, a function is a slot."""
Value: TypeAlias = str | float | Slot | Callable[[], Any] | None
"""The value of an attribute: `True` is present, `None` and `False` are absent, a function is a slot."""
Flag: TypeAlias = bool | Slot | Callable[[], Any] | None
"""The value of an attribute that is present or absent."""
ClassValue: TypeAlias = Value | Sequence[str | bool | None] | Mapping[str, Any]
"""Also a list of names, or a dict of those that are there when the value is true."""
StyleValue: TypeAlias = Value | Mapping[str, str | float | None]
"""Also a dict of declarations."""
Handler: TypeAlias = Callable[..., Any] | tuple[Any, ...] | Marked | Literal[False] | None
"""A function, a tuple of a function and its first arguments, or what `on()` gives."""
_Event = TypeVar("_Event")
_On: TypeAlias = (
    Callable[[_Event], Any] | Callable[[], Any] | tuple[Any, ...] | Marked | Literal[False] | None
)
"""A handler of one kind of events, which it is given if it asks for them."""
_Bound: TypeAlias = Binding[Any] | Signal[Any] | None
"""A signal that a control shows and writes, or what `bind()` says of one."""
Key: TypeAlias = str | int | bytes | UUID | tuple[Key, ...] | None
"""The identity of an element among its siblings."""

'''
)

SVG_HEADER = (
    HEADER.format(title="Builders of SVG elements.", noqa="A001, N815, N816")
    + """\
from typing import Literal, Protocol, Unpack, overload

from vango import events as _events
from vango._core import VNode
from vango.components.refs import Ref
from vango.html import Child, ClassValue, Handler, Key, StyleValue, Value, _Bound, _Builder, _Global, _On

{exports}
"""
)

BUILDER = """\
class _Builder(Protocol):
    @property
    def name(self) -> str: ...
    def __getitem__(self, children: Child, /) -> VNode: ...

"""

CALL = """\
class {builder}(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[{attrs}]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
{handlers}        **attrs: Value | Handler,
    ) -> VNode: ...

"""


def words_of(tag: str, name: str) -> list[str]:
    """Return the words that an attribute of this element takes, if they are known."""
    return WORDS.get(f"{tag}.{name}", WORDS.get(name, "")).split()


def attribute(tag: str, name: str) -> str:
    """Return the line of one attribute."""
    words = words_of(tag, name)
    if not words:
        kind = TYPES.get(name) or ("Flag" if name in FLAGS.split() else "Value")
        return f"    {name}: {kind}\n"
    # The words are completed; another value is as legal as ever.
    literals = [f'"{word}"' for word in words]
    line = f"    {name}: Literal[{', '.join(literals)}] | Value\n"
    if len(line) <= LINE:
        return line
    listed = "".join(f"            {literal},\n" for literal in literals)
    return f"    {name}: (\n        Literal[\n{listed}        ]\n        | Value\n    )\n"


def attributes(cls: str, base: str, tag: str, names: str, inherited: str = "") -> str:
    """Return the class that lists the attributes of an element."""
    own = sorted(set(names.split()) - set(inherited.split()))
    body = "".join(attribute(tag, name) for name in own)
    return f"class {cls}({base}, total=False):\n{body}\n"


def handler(kind: str) -> str:
    """Return the keyword by which a kind of events is listened to, and its type."""
    event = type(decode_event(EVENT_KINDS[kind], b"")).__name__
    return f"on_{kind.replace('-', '_')}: _On[_events.{event}]"


def events() -> str:
    """Return the lines of all events that an element can listen to."""
    return "".join(f"    {handler(kind)}\n" for kind in EVENT_KINDS if kind not in UNHEARD)


def call(builder: str, attrs: str) -> str:
    """Return the class of a builder."""
    handlers = "".join(f"        {handler(kind)} = ...,\n" for kind in EVERYDAY)
    return CALL.format(builder=builder, attrs=attrs, handlers=handlers)


def builders(table: Mapping[str, str], base: str, inherited: str) -> str:
    """Return a builder for each element; those without attributes of their own share one."""
    classes, names = [], []
    for tag, own in table.items():
        builder = "_Plain"
        if own:
            stem = tag[0].upper() + tag[1:]
            builder = f"_{stem}"
            classes.append(attributes(f"_{stem}Attrs", base, tag, own, inherited))
            classes.append(call(builder, f"_{stem}Attrs"))
        names.append(f"{python_name(tag)}: {builder}\n")
    return "".join(classes) + "".join(names)


def exports(module: ModuleType) -> str:
    """Return the lines of `__all__`."""
    names = "".join(f'    "{name}",\n' for name in module.__all__)
    return f"__all__ = [\n{names}]\n"


def html() -> str:
    """Return the text of `html.pyi`."""
    shared = attributes("_Global", "TypedDict", "", GLOBAL).rstrip("\n") + "\n" + events() + "\n"
    plain = call("_Plain", "_Global")
    return (
        HTML_HEADER.replace("{exports}", exports(vango.html))
        + BUILDER
        + shared
        + plain
        + builders(HTML, "_Global", GLOBAL)
    )


def svg() -> str:
    """Return the text of `svg.pyi`."""
    shared = attributes("_Shared", "_Global", "", SVG_GLOBAL, GLOBAL)
    plain = call("_Plain", "_Shared")
    return (
        SVG_HEADER.replace("{exports}", exports(vango.svg))
        + shared
        + plain
        + builders(SVG, "_Shared", f"{GLOBAL} {SVG_GLOBAL}")
    )


def main(arguments: list[str]) -> int:
    """Write the stubs, or with `--check` compare them."""
    stale = []
    for name, text in (("html.pyi", html()), ("svg.pyi", svg())):
        path = PACKAGE / name
        if not path.exists() or path.read_text() != text:
            stale.append(name)
            if "--check" not in arguments:
                path.write_text(text)
    if stale and "--check" in arguments:
        print(f"{', '.join(stale)}: stale; run python tools/make_stubs.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
