"""Patterns of paths: what they match, and which of two is the more specific one.

Invariants:
    - Segments are compared from the left: static over typed over plain over catch-all. Where that tells
      nothing, they are compared again: more text around a parameter over less, `int` over `float`. So it is
      told from two patterns alone which of them is shown.
    - Two patterns that no rank tells apart have no path in common, or the second one is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias
from urllib.parse import quote

from vango.routing.convert import CONVERTORS, PATH, STR, Convertor

Rank: TypeAlias = tuple[tuple[int, ...], tuple[tuple[int, int], ...]]

_PARAMETER = re.compile(r"\{([^{}:]*)(?::([^{}]*))?\}")
_SAFE = "-._~!$'()*,;=:@"  # what a segment holds as it is; "&" and "+" are left to queries


@dataclass(frozen=True)
class Segment:
    """What stands between two slashes: a text, or one parameter with text around it.

    Attributes:
        before: The text, or what stands in front of the parameter.
        name: The parameter, "" where there is none.
        convertor: What it is.
        after: What stands behind it.
    """

    before: str
    name: str = ""
    convertor: Convertor = STR
    after: str = ""

    @property
    def kind(self) -> int:
        """0 static, 1 typed, 2 plain, 3 all the rest."""
        if not self.name:
            return 0
        return 3 if self.convertor is PATH else 1 if self.convertor.is_typed else 2

    @property
    def fineness(self) -> tuple[int, int]:
        """How specific it is among those of its kind; the lower one is shown."""
        if not self.name:
            return 0, 0
        return -len(self.before) - len(self.after), self.convertor.narrowness

    def read(self, text: str) -> Any:
        """Return the value of the parameter in a segment of a path, `None` if this is no match."""
        before, after = self.before, self.after
        if not (text.startswith(before) and text.endswith(after) and len(text) >= len(before) + len(after)):
            return None
        return self.convertor.read(text[len(before) : len(text) - len(after)])

    def same(self, other: Segment) -> bool:
        """Tell whether both match the same, whatever the parameter is called."""
        own, others = self.convertor, other.convertor
        return (
            (self.before, self.after, bool(self.name)) == (other.before, other.after, bool(other.name))
            and own.name == others.name
            and own.texts == others.texts
        )

    def overlaps(self, other: Segment) -> bool:
        """Tell whether a text may match both; they are of one kind and fineness."""
        if not self.name:
            return self.before == other.before
        own, others = self.convertor, other.convertor
        bare = not (self.before or self.after)
        if bare and own.texts and others.texts:
            return bool(own.texts & others.texts)
        if bare and own.kind is not others.kind:
            return False  # those of one narrowness have nothing in common
        fronts, backs = (self.before, other.before), (self.after, other.after)
        return max(fronts).startswith(min(fronts)) and (
            backs[0].endswith(backs[1]) or backs[1].endswith(backs[0])
        )

    def __str__(self) -> str:
        if not self.name:
            return self.before
        kind = "" if self.convertor is STR else f":{self.convertor.name}"
        return f"{self.before}{{{self.name}{kind}}}{self.after}"


@dataclass(frozen=True)
class Pattern:
    """The path of a page, or where the pages of a layout begin: its segments behind the first slash."""

    segments: tuple[Segment, ...]

    @classmethod
    def parse(cls, text: str, of_parameter: Callable[[str], Convertor | None] | None = None) -> Pattern:
        """Read `"/projects/{id:int}"`.

        Args:
            text: The path.
            of_parameter: Says what a parameter is whose convertor the path does not name.

        Raises:
            ValueError: It is malformed; the sentence says what to write.
        """
        if not text.startswith("/"):
            raise ValueError(f"a path begins with '/': write {'/' + text!r}")
        if "//" in text or any(part in (".", "..") for part in text.split("/")):
            raise ValueError(f"{text!r} has a segment that no canonical path has: '', '.' or '..'")
        if found := re.search(r"[\0-\x20\x7f?#%\\]", text):
            raise ValueError(f"{text!r} holds {found[0]!r}; write the path decoded, without its query")
        segments = tuple(_segment(part, text, of_parameter) for part in text[1:].split("/"))
        names = [segment.name for segment in segments if segment.name]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"{text!r} names {{{name}}} twice; give each parameter a name of its own")
        if any(segment.convertor is PATH for segment in segments[:-1]):
            raise ValueError(f"{text!r}: a parameter of kind path takes all the rest, so it stands last")
        return cls(segments)

    @cached_property
    def parameters(self) -> Mapping[str, Convertor]:
        """What its parameters are, by their names."""
        return {segment.name: segment.convertor for segment in self.segments if segment.name}

    @cached_property
    def rank(self) -> Rank:
        """How specific it is: of the patterns that match a path, the lowest is shown."""
        segments = self.segments
        return tuple(one.kind for one in segments), tuple(one.fineness for one in segments)

    @property
    def is_static(self) -> bool:
        """Whether it matches one path only."""
        return not self.parameters

    @cached_property
    def depth(self) -> int:
        """How many segments it fixes for what is below: 0 for "/"."""
        return len(self.below)

    @cached_property
    def below(self) -> tuple[Segment, ...]:
        """Its segments without the empty one at the end, for what begins here."""
        last = self.segments[-1]
        return self.segments if last.name or last.before else self.segments[:-1]

    def match(self, path: str) -> dict[str, Any] | None:
        """Return the parameters that a decoded path gives, `None` if it is no match."""
        return self._read(path[1:].split("/"), self.segments)

    def match_start(self, path: str) -> dict[str, Any] | None:
        """Return the parameters of the beginning of a path, `None` if the path does not lie here."""
        texts = path[1:].split("/")
        return self._read(texts[: self.depth], self.below)

    def covers(self, other: Pattern) -> bool:
        """Tell whether every path of `other` lies here, whatever the parameters are called."""
        own = self.below
        return len(own) <= len(other.segments) and all(
            mine.same(theirs) for mine, theirs in zip(own, other.segments, strict=False)
        )

    def same_start(self, other: Pattern) -> bool:
        """Tell whether the same paths lie here and there."""
        return len(self.below) == len(other.below) and self.covers(other)

    def ambiguous_with(self, other: Pattern) -> bool:
        """Tell whether a path may match both, and nothing says which one is meant."""
        return self.rank == other.rank and all(
            mine.overlaps(theirs) for mine, theirs in zip(self.segments, other.segments, strict=True)
        )

    def positions(self, other: Pattern) -> dict[str, str]:
        """Return how its own parameters are called in `other`, which it covers."""
        return {
            mine.name: theirs.name
            for mine, theirs in zip(self.below, other.segments, strict=False)
            if mine.name
        }

    def build(self, values: Mapping[str, Any]) -> str:
        """Return the path of these values, quoted for an address.

        Raises:
            ValueError: A value is none that this path can hold.
        """
        return "/" + "/".join(_written(segment, values) for segment in self.segments)

    def write(self, name: str, value: Any) -> str:
        """Return the segment of one parameter, quoted; raises `ValueError` if no path can hold the value."""
        return next(_written(one, {name: value}) for one in self.segments if one.name == name)

    def _read(self, texts: list[str], segments: tuple[Segment, ...]) -> dict[str, Any] | None:
        last = segments[-1] if segments else None
        if last is not None and last.name and last.convertor is PATH and len(texts) >= len(segments):
            head = len(segments) - 1
            texts = [*texts[:head], "/".join(texts[head:])]
        if len(texts) != len(segments):
            return None
        values: dict[str, Any] = {}
        for text, segment in zip(texts, segments, strict=True):
            if not segment.name:
                if text != segment.before:
                    return None
                continue
            value = segment.read(text)
            if value is None:
                return None
            values[segment.name] = value
        return values

    def __str__(self) -> str:
        return "/" + "/".join(map(str, self.segments))


def _segment(part: str, text: str, of_parameter: Callable[[str], Convertor | None] | None) -> Segment:
    found = list(_PARAMETER.finditer(part))
    if not found:
        if "{" in part or "}" in part:
            raise ValueError(f"{text!r}: {part!r} has a brace alone; a parameter is {{name}} or {{name:int}}")
        return Segment(part)
    if len(found) > 1:
        raise ValueError(f"{text!r}: {part!r} has two parameters; put a slash between them")
    name, kind = found[0][1], found[0][2]
    before, after = part[: found[0].start()], part[found[0].end() :]
    if not name.isidentifier():
        raise ValueError(f"{text!r}: {name!r} is no name of a parameter; write {{name}} or {{name:int}}")
    if set(before + after) & {"{", "}"}:
        raise ValueError(f"{text!r}: {part!r} has a brace alone; a parameter is {{name}} or {{name:int}}")
    if kind is None:
        convertor = (of_parameter(name) if of_parameter is not None else None) or STR
    elif kind in CONVERTORS:
        convertor = CONVERTORS[kind]
    else:
        raise ValueError(
            f"{text!r}: there is no convertor {kind!r}; there are {', '.join(CONVERTORS)}, and annotations "
            "of the function for Literal and Enum"
        )
    if convertor is PATH and (before or after):
        raise ValueError(f"{text!r}: a parameter of kind path takes all the rest; put a slash before it")
    return Segment(before, name, convertor, after)


def _written(segment: Segment, values: Mapping[str, Any]) -> str:
    if not segment.name:
        return quote(segment.before, safe=_SAFE)
    value = values[segment.name]
    text = segment.convertor.write(value)
    whole = segment.before + text + segment.after
    if segment.read(whole) != value or "\0" in text:
        raise ValueError("no path holds it")
    if segment.convertor is not PATH:
        if "/" in text or "\\" in text or whole in (".", ".."):
            raise ValueError("no single part of a path holds it; a parameter of kind path may have slashes")
        return quote(whole, safe=_SAFE)
    if "\\" in text or "" in text.split("/")[:-1] or {".", ".."} & set(text.split("/")):
        raise ValueError("it is no canonical path")
    return quote(whole, safe=_SAFE + "/")
