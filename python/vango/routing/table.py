"""All routes of an application at a glance, as `vango routes` prints them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from math import prod

from vango.routing.convert import PATH, STR
from vango.routing.links import name_of, named
from vango.routing.page import ErrorPage, Page
from vango.routing.pattern import Pattern, Segment
from vango.routing.routes import Entry, Routes

_STATUS = {"not_found": 404, "forbidden": 403, "failed": 500}
_MOST_CHOICES = 1_000


def lines(routes: Routes, files: Iterable[str] = ()) -> Iterator[str]:
    """Give a line for each route, in the order in which they are tried: path, name, guards, layouts.

    Args:
        routes: The routes.
        files: The paths below which something else is served, whatever pages are there.
    """
    rows = [("PATH", "PAGE", "GUARDS", "LAYOUTS")]
    notes: list[str] = []
    for entry in routes:
        shown = name_of(entry) if isinstance(entry, Page) else f"-> {entry.target} ({entry.status})"
        rows.append((str(entry.pattern), shown, *_around(routes, entry)))
        if (other := shadow(routes, entry, files)) is not None:
            notes.append(f"'{entry.pattern}' is never shown: all its paths are those of '{other}'")
    for error in routes.errors:
        below = f"{str(error.pattern).rstrip('/')}/..."
        rows.append((below, f"{named(error.function)} ({_STATUS[error.kind]})", *_around(routes, error)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    yield from notes


def shadow(routes: Routes, entry: Entry, files: Iterable[str] = ()) -> str | None:
    """Return the path of what takes every path of a route, `None` if some path is left to it."""
    for path in files:
        if (served := Pattern.parse(path)).covers(entry.pattern) and not entry.pattern.same_start(served):
            return path
    before: list[Pattern] = []
    for other in routes:
        if other is entry:
            break
        before.append(other.pattern)
    taken: Pattern | None = None
    for part in _parts(entry.pattern):
        taken = next((pattern for pattern in before if _takes_all(pattern, part)), None)
        if taken is None:
            return None
    return str(taken)


def _around(routes: Routes, entry: Entry | ErrorPage) -> tuple[str, str]:
    guards = ", ".join(named(guard) for guard in routes.guards_of(entry))
    if not isinstance(entry, (Page, ErrorPage)):
        return guards or "-", "-"
    return guards or "-", " > ".join(named(layout.function) for layout in routes.layouts_of(entry)) or "-"


def _parts(pattern: Pattern) -> Iterator[Pattern]:
    """Give the paths of a pattern, with each of its choices as a text."""
    choices: list[list[Segment]] = []
    for one in pattern.segments:
        texts = sorted(one.convertor.texts) if one.name else []
        choices.append([Segment(one.before + text + one.after) for text in texts] or [one])
    if prod(map(len, choices)) > _MOST_CHOICES:
        yield pattern
        return
    for segments in product(*choices):
        yield replace(pattern, segments=segments)


def _takes_all(taker: Pattern, pattern: Pattern) -> bool:
    own, others = taker.segments, pattern.segments
    last = own[-1]
    if last.name and last.convertor is PATH and len(others) >= len(own):
        own, others = own[:-1], others[: len(own) - 1]
    return len(own) == len(others) and all(map(_takes, own, others))


def _takes(one: Segment, other: Segment) -> bool:
    if not other.name:
        return one.before == other.before if not one.name else one.read(other.before) is not None
    if one.same(other):
        return True
    return (
        bool(one.name)
        and not (one.before or one.after)
        and one.convertor is STR
        and other.convertor is not PATH
    )
