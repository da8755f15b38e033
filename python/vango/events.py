"""What a handler receives: typed events, decoded from the fields that the client sent (PROTOCOL section 1).

A handler that takes no argument gets none, and the client sends no fields.
A field that the client left out has its neutral value: a click by keyboard has no place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Never

from vango import _core
from vango.errors import ProtocolError
from vango.limits import Limits
from vango.payloads import check_told, read_json, showable

__all__ = [
    "Animation",
    "Change",
    "Click",
    "Clipboard",
    "Close",
    "DomEvent",
    "Drag",
    "Focus",
    "Form",
    "Hook",
    "Input",
    "Invalid",
    "Key",
    "Load",
    "Media",
    "Mouse",
    "Named",
    "Navigate",
    "Pointer",
    "Reset",
    "Resize",
    "Scroll",
    "Submit",
    "Toggle",
    "Touch",
    "TouchPoint",
    "Transition",
    "Visibility",
    "Wheel",
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
    """A mouse, pen or finger; `x` and `y` are CSS pixels of the window."""

    button: int = 0
    x: int = 0
    y: int = 0
    shift: bool = False
    ctrl: bool = False
    alt: bool = False
    meta: bool = False


@dataclass(frozen=True, slots=True)
class Mouse(Pointer):
    """A mouse, for pages that must know no other pointer."""


@dataclass(frozen=True, slots=True)
class Click(Mouse):
    """A click: single, double, with another button, or one that asks for a menu."""


@dataclass(frozen=True, slots=True)
class Drag(Mouse):
    """Something is dragged, or dropped."""


@dataclass(frozen=True, slots=True)
class Wheel(DomEvent):
    """A wheel was turned, or two fingers were moved: by `dx` and `dy` CSS pixels."""

    dx: int = 0
    dy: int = 0
    shift: bool = False
    ctrl: bool = False
    alt: bool = False
    meta: bool = False


@dataclass(frozen=True, slots=True)
class TouchPoint:
    """One finger: `id` tells it from the others while it is down, `x` and `y` are CSS pixels."""

    id: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Touch(DomEvent):
    """Fingers on the screen: `points` are down now, `changed` are those that this event is about."""

    points: tuple[TouchPoint, ...] = ()
    changed: tuple[TouchPoint, ...] = ()
    shift: bool = False
    ctrl: bool = False
    alt: bool = False
    meta: bool = False


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
    the names of chosen files, and none where what stands in the field is no number or date yet.
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
class Focus(DomEvent):
    """A control got the focus ("focus"), or lost it ("blur")."""


@dataclass(frozen=True, slots=True)
class Reset(DomEvent):
    """A form was set back to what it was served with."""


@dataclass(frozen=True, slots=True)
class Invalid(DomEvent):
    """A browser refused what stands in a control; `message` is its sentence."""

    name: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Clipboard(DomEvent):
    """A text was copied, cut or pasted."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Toggle(DomEvent):
    """`details`, a dialog or a popover was opened or closed, or is about to be."""

    open: bool = False


@dataclass(frozen=True, slots=True)
class Close(DomEvent):
    """A dialog was closed or left; `value` is its return value."""

    value: str = ""


@dataclass(frozen=True, slots=True)
class Load(DomEvent):
    """An image, frame or the like is there ("load"), or will not come ("error")."""


@dataclass(frozen=True, slots=True)
class Visibility(DomEvent):
    """An element came into view or left it; `ratio` of it is seen, from 0 to 1."""

    ratio: float = 0.0


@dataclass(frozen=True, slots=True)
class Animation(DomEvent):
    """A CSS animation began, began anew, ended or was cancelled `elapsed` seconds after its start."""

    name: str = ""
    elapsed: float = 0.0
    pseudo: str = ""


@dataclass(frozen=True, slots=True)
class Transition(DomEvent):
    """A CSS transition of the property `name` began, ended or was cancelled after `elapsed` seconds."""

    name: str = ""
    elapsed: float = 0.0
    pseudo: str = ""


@dataclass(frozen=True, slots=True)
class Media(DomEvent):
    """What a video or audio does: `time` and `duration` are seconds, a duration of 0 is not known."""

    time: float = 0.0
    duration: float = 0.0
    paused: bool = False
    ended: bool = False
    muted: bool = False
    volume: float = 0.0
    rate: float = 0.0


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


def _held(mods: int) -> tuple[bool, bool, bool, bool]:
    return bool(mods & _SHIFT), bool(mods & _CTRL), bool(mods & _ALT), bool(mods & _META)


def _pointer(cls: type[Pointer], type_: str) -> Callable[..., Pointer]:
    return lambda mods=0, button=0, x=0, y=0: cls(type_, button, x, y, *_held(mods))


def _members(cls: type[DomEvent], type_: str) -> Callable[..., DomEvent]:
    """Return what makes an event of a JSON object; any other JSON stands for the first field."""
    known = {field.name: type(field.default) for field in fields(cls)[1:]}
    first = next(iter(known), "")

    def build(text: str = "") -> DomEvent:
        told = read_json(text)
        given = told if isinstance(told, dict) else {} if told is None else {first: told}
        values: dict[str, Any] = {}
        for name, kind in known.items():
            value = given.get(name)
            if value is None:
                continue
            if kind is float and type(value) is int:
                value = float(value)
            if type(value) is not kind:
                raise ValueError(f"{name} is no {kind.__name__}")
            values[name] = value
        return cls(type_, **values)

    return build


def _touch(type_: str) -> Callable[..., Touch]:
    def points(told: object) -> tuple[TouchPoint, ...]:
        if not isinstance(told, list):
            raise ValueError("fingers come in a list")
        for point in told:
            numbers = isinstance(point, list) and {type(number) for number in point} <= {int, float}
            if not numbers or len(point) != 3:
                raise ValueError("a finger is a list of three numbers")
        return tuple(TouchPoint(*point) for point in told)

    def build(text: str = "") -> Touch:
        told = read_json(text)
        if told is None:
            told = {}
        if not isinstance(told, dict) or type(told.get("mods", 0)) is not int:
            raise ValueError("not what is told of fingers")
        return Touch(
            type_,
            points(told.get("points", [])),
            points(told.get("changed", [])),
            *_held(told.get("mods", 0)),
        )

    return build


def _builder(type_: str, kind: int) -> Callable[..., DomEvent]:
    """Return what makes an event of its fields, for which PROTOCOL 1.10 gives the kinds."""
    match kind:
        case 0 | 1 | 15 | 40:
            return _pointer(Click, type_)
        case 2:
            return lambda values=(): Input(type_, tuple(values))
        case 3:
            return lambda values=(): Change(type_, tuple(values))
        case 4:
            return lambda pairs=(): Submit(type_, Form(tuple(pairs)))
        case 8 | 9:
            return lambda mods=0, key="", code="": Key(type_, key, code, *_held(mods), bool(mods & _REPEAT))
        case 10 | 11 | 12 | 13 | 14 | 41:
            return _pointer(Pointer, type_)
        case 16:
            return lambda mods=0, button=0, x=0, y=0: Wheel(type_, x, y, *_held(mods))  # noqa: ARG005
        case 17 | 76:
            return lambda x=0, y=0: Scroll(type_, x, y)
        case 18:
            return lambda x=0, y=0: Resize(type_, x, y)
        case 19 | 20 | 21 | 22 | 42 | 43 | 44:
            return _pointer(Drag, type_)
        case 32:
            return lambda name="": Named(type_, name)
        case 33:
            return lambda mode=0, path="": Navigate(type_, mode, path)
        case 34:
            return lambda name="", text="": Hook(type_, name, read_json(text))
        case 35 | 36 | 37 | 38 | 39:
            return _pointer(Mouse, type_)
        case 45 | 46 | 47 | 48:
            return _touch(type_)
        case _:
            return _members(_TOLD[kind], type_)


_TOLD: Mapping[int, type[DomEvent]] = MappingProxyType(
    {
        5: Reset,
        **dict.fromkeys((6, 7), Focus),
        **dict.fromkeys((23, 24, 25), Clipboard),
        **dict.fromkeys((26, 50), Toggle),
        **dict.fromkeys((27, 28), Load),
        **dict.fromkeys((29, 30), Visibility),
        49: Invalid,
        **dict.fromkeys((51, 52), Close),
        **dict.fromkeys(range(53, 57), Animation),
        **dict.fromkeys(range(57, 61), Transition),
        **dict.fromkeys(range(61, 76), Media),
    }
)
"""The events whose fields are the members of a JSON object."""

_NAMED, _HOOK = 32, 34
_BY_NAME = (_NAMED, _HOOK)
_LIMITS = Limits()

_BUILDERS: Mapping[int, Callable[..., DomEvent]] = MappingProxyType(
    {kind: _builder(type_, kind) for type_, kind in _core.EVENT_KINDS.items()}
)


def decode_event(kind: int, payload: bytes, limits: Limits = _LIMITS) -> DomEvent:
    """Decode the fields of an EVENT.

    Args:
        kind: The number of the event's kind.
        payload: Its fields; b"" where none were sent.
        limits: What a script may say at once.

    Raises:
        ProtocolError: The fields are malformed or over a limit, or there is no such kind (`Validation`).
    """
    build = _BUILDERS.get(kind)
    if build is None:
        raise ProtocolError(0, f"there is no event kind {kind}", "Validation")
    if not payload:
        return build()
    try:
        fields = _core.decode_fields(kind, payload)
        if kind in _BY_NAME:
            check_told(fields[0], fields[-1] if kind == _HOOK else "", limits)
        return build(*map(showable, fields))
    except _core.DecodeError as error:
        raise ProtocolError(error.offset, error.reason, "Validation") from None
    except (ValueError, RecursionError) as error:
        raise ProtocolError(0, str(error), "Validation") from None
