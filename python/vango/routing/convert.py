"""What a parameter of a path may be: how its text becomes a value, and a value a text again.

A text that is no such value is no match, so the page is not found. Nothing is ever guessed, cut or rounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args, get_origin
from uuid import UUID

MAX_CHARACTERS = 1_024
"""Of a parameter that is a text; a path as a whole has its own bound, in bytes."""

_MAX_INT = 2**63 - 1  # what a database takes


@dataclass(frozen=True)
class Convertor:
    """One kind of parameter.

    Attributes:
        name: As a path says it, `{id:int}`; of choices the name of the Enum, or `new|old`.
        kind: The type of its values.
        read: Returns the value of a text, `None` if it is none.
        write: Returns the text of a value; raises `ValueError` if it is none.
        narrowness: Of two typed parameters that fit, the lower one is taken. Two of the same narrowness
            have no text in common, unless they are the same or both are choices.
        texts: All texts that fit, if it is one of several choices.
    """

    name: str
    kind: type
    read: Callable[[str], Any]
    write: Callable[[Any], str]
    narrowness: int
    texts: frozenset[str] = frozenset()

    @property
    def is_typed(self) -> bool:
        """Whether it takes less than any text."""
        return self.kind is not str or bool(self.texts)


def _by_pattern(pattern: str, read: Callable[[str], Any]) -> Callable[[str], Any]:
    fits = re.compile(pattern, re.ASCII).fullmatch

    def checked(text: str) -> Any:
        if fits(text) is None:
            return None
        try:
            return read(text)
        except ValueError:
            return None

    return checked


def _int(text: str) -> int | None:
    value = int(text)
    return value if value <= _MAX_INT else None


def _text(text: str) -> str | None:
    return text if 0 < len(text) <= MAX_CHARACTERS else None


def _write_text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("it is no text")
    return value


def _write_int(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("it is no int")
    return str(value)


def _write_float(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("it is no float")
    return format(value, ".15f").rstrip("0").rstrip(".")


def _write_as(kind: type) -> Callable[[Any], str]:
    def write(value: Any) -> str:
        if type(value) is not kind:
            raise ValueError(f"it is no {kind.__name__}")
        return str(value)

    return write


STR = Convertor("str", str, _text, _write_text, 3)
PATH = Convertor("path", str, lambda text: text, _write_text, 4)
INT = Convertor("int", int, _by_pattern(r"[0-9]{1,19}", _int), _write_int, 1)
FLOAT = Convertor("float", float, _by_pattern(r"[0-9]{1,15}(\.[0-9]{1,15})?", float), _write_float, 2)
UUIDS = Convertor(
    "uuid", UUID, _by_pattern(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", UUID), _write_as(UUID), 1
)
DATE = Convertor(
    "date", date, _by_pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", date.fromisoformat), _write_as(date), 1
)

CONVERTORS: Mapping[str, Convertor] = MappingProxyType(
    {convertor.name: convertor for convertor in (STR, PATH, INT, FLOAT, UUIDS, DATE)}
)
"""What a path may name, `{id:int}`."""

_BY_TYPE = {convertor.kind: convertor for convertor in (STR, INT, FLOAT, UUIDS, DATE)}


def of_annotation(annotation: Any) -> Convertor | None:
    """Return how a parameter with this annotation is converted; `None` if an annotation says nothing of it.

    Raises:
        TypeError: It says something that no text of a path can be.
    """
    while get_origin(annotation) is Annotated or hasattr(annotation, "__supertype__"):
        is_annotated = get_origin(annotation) is Annotated
        annotation = get_args(annotation)[0] if is_annotated else annotation.__supertype__
    if annotation in (Any, object):
        return None
    if get_origin(annotation) is Literal:
        values = get_args(annotation)
        return _choices("|".join(map(str, values)), values, values)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _choices(annotation.__name__, [one.value for one in annotation], list(annotation))
    found = _BY_TYPE.get(annotation) if isinstance(annotation, type) else None
    if found is None:
        raise TypeError(
            "a part of a path becomes a str, int, float, UUID, date, a Literal or an Enum of texts or ints"
        )
    return found


def _choices(name: str, values: Any, members: Any) -> Convertor:
    if not all(type(value) in (str, int) for value in values):
        raise TypeError(f"{name} has values that are neither texts nor ints, so no path can hold them")
    if not values or any(not text or set(text) & {"/", "\\", "\0"} for text in map(str, values)):
        raise TypeError(f"{name} has no values, or one that no single part of a path can be")
    by_text = {str(value): member for value, member in zip(values, members, strict=True)}

    def write(value: Any) -> str:
        for text, member in by_text.items():
            if value is member or (type(value) is type(member) and value == member):
                return text
        raise ValueError(f"it is none of {', '.join(by_text)}")

    kinds = {type(member) for member in members}
    kind = kinds.pop() if len(kinds) == 1 else object
    return Convertor(name, kind, by_text.get, write, 0, frozenset(by_text))
