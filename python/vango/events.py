"""What a handler receives: typed events, decoded from the fields that the client sent (PROTOCOL section 1).

A handler that takes no argument gets none, and the client sends no fields.
A field that the client left out has its neutral value: a click by keyboard has no place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Never

from vango import _core
from vango.errors import ProtocolError

__all__ = [
    "Change",
    "Click",
    "Custom",
    "DomEvent",
    "Form",
    "Hook",
    "Input",
    "Key",
    "Named",
    "Navigate",
    "Pointer",
    "Resize",
    "Scroll",
    "Submit",
    "decode_event",
]

_SHIFT, _CTRL, _ALT, _META, _REPEAT = 1, 2, 4, 8, 16


@dataclass(frozen=True, slots=True)
class DomEvent:
    """The base of all events; `type` is the name in the browser ("click")."""

    type: str

    if not TYPE_CHECKING:  # which knows the attributes by itself

        def __getattr__(self, name: str) -> Never:
            public = [known for known in dir(type(self)) if not known.startswith("_")]
            message = f"{type(self).__name__} has no {name!r}; it has {', '.join(public)}"
            raise AttributeError(message, name=name, obj=self)

        def __html__(self) -> Never:
            kind = type(self).__name__
            raise TypeError(f"an event ({kind}) cannot be shown; show what it holds, as its value")


@dataclass(frozen=True, slots=True)
class Pointer(DomEvent):
    """A mouse, pen, finger or drag; `x` and `y` are CSS pixels of the window."""

    button: int = 0
    x: int = 0
    y: int = 0
    shift: bool = False
    ctrl: bool = False
    alt: bool = False
    meta: bool = False


@dataclass(frozen=True, slots=True)
class Click(Pointer):
    """A click or double click."""


@dataclass(frozen=True, slots=True)
class Key(DomEvent):
    """A key went down or up; `key` is what it means ("a", "Enter"), `code` which one it is ("KeyA")."""

    key: str = ""
    code: str = ""
    shift: bool = False
    ctrl: bool = False
    alt: bool = False
    meta: bool = False
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Input(DomEvent):
    """The value of a field while it is edited.

    `values` holds one string of a text field, none or one of a checkbox, all chosen ones of a select,
    and the names of chosen files.
    """

    values: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        """The value, "" where there is none."""
        return self.values[0] if self.values else ""

    @property
    def checked(self) -> bool:
        """Whether a checkbox is on."""
        return bool(self.values)


@dataclass(frozen=True, slots=True)
class Change(Input):
    """The value of a field after it was edited."""


class Form(Mapping[str, str]):
    """The fields of a form in the order of the page; a name may stand there more than once."""

    __slots__ = ("pairs",)

    def __init__(self, pairs: tuple[tuple[str, str], ...] = ()) -> None:
        self.pairs = pairs

    def __getitem__(self, name: str) -> str:
        for key, value in self.pairs:
            if key == name:
                return value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self.pairs))

    def __len__(self) -> int:
        return len(dict(self.pairs))

    def __eq__(self, other: object) -> bool:
        return self.pairs == other.pairs if isinstance(other, Form) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.pairs)

    def __repr__(self) -> str:
        return f"Form({self.pairs!r})"

    def getlist(self, name: str) -> list[str]:
        """Return all values of a name, in order."""
        return [value for key, value in self.pairs if key == name]


_EMPTY = Form()


@dataclass(frozen=True, slots=True)
class Submit(DomEvent):
    """A form was sent; the pressed button is its last pair."""

    form: Form = _EMPTY

    def __getitem__(self, name: str) -> str:
        return self.form[name]

    def get(self, name: str, default: str = "") -> str:
        """Return the first value of a name."""
        return self.form.get(name, default)

    def getlist(self, name: str) -> list[str]:
        """Return all values of a name, in order."""
        return self.form.getlist(name)


@dataclass(frozen=True, slots=True)
class Scroll(DomEvent):
    """A node or the window was scrolled, to CSS pixels."""

    x: int = 0
    y: int = 0


@dataclass(frozen=True, slots=True)
class Resize(DomEvent):
    """A node or the window has a new size in CSS pixels."""

    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Custom(DomEvent):
    """Any other event; `detail` is what its JSON says, `None` where it says nothing."""

    detail: Any = None


@dataclass(frozen=True, slots=True)
class Named(DomEvent):
    """An event that the application named."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Navigate(DomEvent):
    """The browser goes to another path."""

    mode: int = 0
    path: str = ""


@dataclass(frozen=True, slots=True)
class Hook(DomEvent):
    """A script of the page sends a message."""

    name: str = ""
    detail: Any = None


def _pointer(cls: type[Pointer], type_: str) -> Callable[..., Pointer]:
    def build(mods: int = 0, button: int = 0, x: int = 0, y: int = 0) -> Pointer:
        held = (bool(mods & _SHIFT), bool(mods & _CTRL), bool(mods & _ALT), bool(mods & _META))
        return cls(type_, button, x, y, *held)

    return build


def _key(type_: str) -> Callable[..., Key]:
    def build(mods: int = 0, key: str = "", code: str = "") -> Key:
        held = (bool(mods & bit) for bit in (_SHIFT, _CTRL, _ALT, _META, _REPEAT))
        return Key(type_, key, code, *held)

    return build


def _showable(value: Any) -> Any:
    """Return what a client sent with U+FFFD for each character that no page could show.

    Without it, one client could send a text that breaks the page of everybody who is shown it.
    """
    if isinstance(value, str):
        text = value.replace("\0", "\ufffd")
        if text.isascii():
            return text
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")  # lone surrogates
    if isinstance(value, (list, tuple)):
        return type(value)(map(_showable, value))
    if isinstance(value, dict):
        return {_showable(key): _showable(inner) for key, inner in value.items()}
    return value


def _detail(text: str) -> Any:
    return _showable(json.loads(text or "null"))


def _builder(type_: str, kind: int) -> Callable[..., DomEvent]:
    match kind:
        case 0 | 1:
            return _pointer(Click, type_)
        case 2:
            return lambda values=(): Input(type_, tuple(values))
        case 3:
            return lambda values=(): Change(type_, tuple(values))
        case 4:
            return lambda pairs=(): Submit(type_, Form(tuple(pairs)))
        case 8 | 9:
            return _key(type_)
        case 10 | 11 | 12 | 13 | 14 | 15 | 16 | 19 | 20 | 21 | 22:
            return _pointer(Pointer, type_)
        case 17:
            return lambda x=0, y=0: Scroll(type_, x, y)
        case 18:
            return lambda x=0, y=0: Resize(type_, x, y)
        case 32:
            return lambda name="": Named(type_, name)
        case 33:
            return lambda mode=0, path="": Navigate(type_, mode, path)
        case 34:
            return lambda name="", text="": Hook(type_, name, _detail(text))
        case _:
            return lambda text="": Custom(type_, _detail(text))


_BUILDERS: Mapping[int, Callable[..., DomEvent]] = MappingProxyType(
    {kind: _builder(type_, kind) for type_, kind in _core.EVENT_KINDS.items()}
)


def decode_event(kind: int, payload: bytes) -> DomEvent:
    """Decode the fields of an EVENT.

    Args:
        kind: The number of the event's kind.
        payload: Its fields; b"" where none were sent.

    Raises:
        ProtocolError: The fields are malformed, or there is no such kind (`Validation`).
    """
    build = _BUILDERS.get(kind)
    if build is None:
        raise ProtocolError(0, f"there is no event kind {kind}", "Validation")
    if not payload:
        return build()
    try:
        return build(*map(_showable, _core.decode_fields(kind, payload)))
    except _core.DecodeError as error:
        raise ProtocolError(error.offset, error.reason, "Validation") from None
    except (ValueError, RecursionError) as error:
        raise ProtocolError(0, f"JSON: {error}", "Validation") from None
