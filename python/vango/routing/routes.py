"""All routes of an application: what a path means.

Every way to a page asks here: a request, a socket that attaches, a navigation. So a page that one of them may
not show, none shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any, TypeAlias

from vango import html
from vango.guards import Forbidden, Guard, NotFound
from vango.routing.page import ErrorKind, ErrorPage, Layout, Page, Redirect
from vango.routing.pattern import Pattern

Entry: TypeAlias = Page | Redirect
Shown: TypeAlias = Page | Layout | ErrorPage


@dataclass(frozen=True)
class Step:
    """One component on the way from the site to the page, with its parameters."""

    shown: Shown
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Match:
    """What a path means.

    Attributes:
        entry: What is registered there: a page, a redirect, or the error page that stands for one.
        parameters: Those of the path.
        steps: The layouts around it, the boundaries between them, and itself: what the site shows.
        guards: All that have to let a request through, in the order in which they are asked.
    """

    entry: Page | Redirect | ErrorPage
    parameters: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    guards: tuple[Guard, ...] = ()

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The layouts around the page, from the outside."""
        return tuple(step.shown for step in self.steps if isinstance(step.shown, Layout))

    @property
    def title(self) -> str | None:
        """The title of its document, `None` for that of the application."""
        return None if isinstance(self.entry, Redirect) else self.entry.title

    @property
    def status(self) -> int:
        """The status of an answer that shows it."""
        if isinstance(self.entry, ErrorPage):
            return {"not_found": 404, "forbidden": 403, "failed": 500}[self.entry.kind]
        return self.entry.status


class Routes:
    """The routes of an application; the most specific one that fits is meant, however they are ordered."""

    def __init__(self) -> None:
        """Begin without any."""
        self._entries: list[Entry] = []  # as they are tried
        self._static: dict[str, Entry] = {}
        self._layouts: list[Layout] = []
        self._errors: list[ErrorPage] = []

    def __iter__(self) -> Iterator[Entry]:
        """Give the pages and redirects, the most specific first."""
        return iter(self._entries)

    @property
    def errors(self) -> tuple[ErrorPage, ...]:
        """What shows instead of pages."""
        return tuple(self._errors)

    def add(self, entry: Entry) -> None:
        """Register a page or a redirect.

        Raises:
            ValueError: Its path is taken, or matches what another one matches and neither is more specific.
        """
        for other in self._entries:
            if entry.pattern.ambiguous_with(other.pattern):
                raise ValueError(_taken(entry, other))
        self._entries.append(entry)
        self._entries.sort(key=lambda one: one.pattern.rank)
        if entry.pattern.is_static:
            self._static[str(entry.pattern)] = entry

    def surround(self, layout: Layout) -> None:
        """Register a layout.

        Raises:
            ValueError: The group has one at this path.
        """
        for other in self._layouts:
            if other.area is layout.area and other.pattern.same_start(layout.pattern):
                raise ValueError(f"there is a layout at '{other.pattern}' already")
        self._layouts.append(layout)

    def add_error(self, page: ErrorPage) -> None:
        """Register what shows instead of a page.

        Raises:
            ValueError: There is one at this path.
        """
        for other in self._errors:
            same_group = page.kind == "not_found" or other.area is page.area
            if other.kind == page.kind and same_group and other.pattern.same_start(page.pattern):
                raise ValueError(f"there is a {page.kind} page at '{other.pattern}' already")
        self._errors.append(page)

    def match(self, path: str) -> Match | None:
        """Return what a decoded path without its mount point means, `None` if nothing is there.

        Guards are not asked.
        """
        if "\0" in path or not path.startswith("/"):  # no page could show such a parameter
            return None
        entry = self._static.get(path)
        if entry is not None:
            return self._found(entry, {})
        for entry in self._entries:
            if not entry.pattern.is_static:
                parameters = entry.pattern.match(path)
                if parameters is not None:
                    return self._found(entry, parameters)
        return None

    def missing(self, path: str) -> Match | None:
        """Return what stands for a page that is not found, `None` if the application has none for this path.

        Guards of its group are to be asked as of any page: what is below a guarded path tells nobody else
        whether it is there.
        """
        nearest: tuple[tuple[Any, ...], ErrorPage, dict[str, Any]] | None = None
        for error in self._errors:
            parameters = error.pattern.match_start(path) if error.kind == "not_found" else None
            if parameters is not None:
                order = (-error.pattern.depth, error.pattern.rank)
                if nearest is None or order < nearest[0]:
                    nearest = order, error, parameters
        return None if nearest is None else self._found(nearest[1], nearest[2])

    def forbidden(self, match: Match, passed: int) -> Match | None:
        """Return what stands for a page that a guard has refused, `None` if the application has nothing.

        It shows no layout but those whose guards were asked before and let the request through.

        Args:
            match: What was asked for.
            passed: How many of its guards have let the request through.
        """
        refused = match.guards[passed : passed + 1]
        allowed = {guard for guard in match.guards[:passed] if guard not in refused}
        for error in self._around(match.entry, "forbidden"):
            if allowed.issuperset(error.area.all_guards):
                parameters = _of(error.pattern, match.entry.pattern, match.parameters)
                around = takewhile(lambda step: _may_show(step, allowed), self._steps(error, parameters))
                steps = (*around, _step(error, parameters))
                return Match(error, parameters, steps, match.guards[:passed])
        return None

    def instead(self, match: Match, path: str, refusal: Forbidden | NotFound) -> Match | None:
        """Return what stands for a page whose body says that it is none, or not for this user.

        Args:
            match: The page; all its guards have let the request through.
            path: Its decoded path, without the mount point.
            refusal: What its body says.

        Returns:
            `None` if the application has nothing for this, or nothing that asks no further guards.
        """
        if isinstance(refusal, Forbidden):
            return self.forbidden(match, len(match.guards))
        found = self.missing(path)
        return found if found is not None and set(match.guards).issuperset(found.guards) else None

    def layouts_of(self, entry: Page | Redirect | ErrorPage) -> list[Layout]:
        """Return the layouts around what is registered, from the outside."""
        found = [one for one in self._layouts if _is_around(one, entry)]
        return sorted(found, key=lambda one: (one.pattern.depth, one.area.level))

    def guards_of(self, entry: Page | Redirect | ErrorPage) -> tuple[Guard, ...]:
        """Return all guards of what is registered: of its groups, of its layouts, its own."""
        layouts = [] if isinstance(entry, Redirect) else self.layouts_of(entry)
        around = [guard for layout in layouts for guard in layout.guards]
        own = entry.guards if isinstance(entry, Page) else ()
        return (*entry.area.all_guards, *around, *own)

    def _found(self, entry: Page | Redirect | ErrorPage, parameters: Mapping[str, Any]) -> Match:
        guards = self.guards_of(entry)
        if isinstance(entry, Redirect):
            return Match(entry, parameters, (), guards)
        return Match(entry, parameters, (*self._steps(entry, parameters), _step(entry, parameters)), guards)

    def _steps(self, entry: Page | ErrorPage, parameters: Mapping[str, Any]) -> list[Step]:
        """Return the layouts around what is shown, and the boundaries between them, from the outside."""
        around: list[Layout | ErrorPage] = [*self.layouts_of(entry), *self._around(entry, "failed")]
        # A boundary stands inside the layout of its own path.
        around.sort(key=lambda one: (one.pattern.depth, one.area.level, isinstance(one, ErrorPage)))
        return [_step(one, _of(one.pattern, entry.pattern, parameters)) for one in around]

    def _around(self, entry: Page | Redirect | ErrorPage, kind: ErrorKind) -> list[ErrorPage]:
        """Return the error pages of one kind around what is registered, the nearest first."""
        found = [one for one in self._errors if one.kind == kind and _is_around(one, entry)]
        return sorted(found, key=lambda one: (one.pattern.depth, one.area.level), reverse=True)


def blank(match: Match, message: str) -> Match:
    """Return what stands for a page for which the application has nothing: its layouts, around a sentence."""
    page = Page(match.entry.pattern, lambda: html.p[message] if message else None, title=match.title)
    return replace(match, steps=(*match.steps[:-1], Step(page, {})))


def _step(shown: Shown, parameters: Mapping[str, Any]) -> Step:
    """Return the step of a component, with those parameters that it takes."""
    if isinstance(shown, Page):
        return Step(shown, parameters)
    return Step(shown, {name: value for name, value in parameters.items() if name in shown.takes})


def _is_around(one: Layout | ErrorPage, entry: Page | Redirect | ErrorPage) -> bool:
    return entry.area.lies_in(one.area) and one.pattern.covers(entry.pattern)


def _of(own: Pattern, inner: Pattern, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of what is around, by its own names."""
    return {name: parameters[theirs] for name, theirs in own.positions(inner).items()}


def _may_show(step: Step, allowed: set[Guard]) -> bool:
    """Tell whether all guards of something around a page have let the request through."""
    shown = step.shown
    guards = shown.guards if isinstance(shown, Layout) else ()
    return allowed.issuperset((*shown.area.all_guards, *guards))


def _taken(entry: Entry, other: Entry) -> str:
    what = "a redirect" if isinstance(other, Redirect) else "a page"
    if str(entry.pattern) == str(other.pattern):
        return f"there is {what} at '{other.pattern}' already"
    return (
        f"'{entry.pattern}' and '{other.pattern}' may both match one path, and neither is more specific; "
        "give one of them a typed parameter, or text of its own"
    )
