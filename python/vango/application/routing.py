"""Pages by path: which function renders a path, with which parameters.

Every way to a page asks here: a request, a socket that attaches, a session made anew in its place. So a
page that one of them may not show, none shows.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial, wraps
from re import Pattern
from typing import Any

from starlette.convertors import Convertor
from starlette.routing import compile_path

from vango.components.component import ComponentFunction, component
from vango.components.resources import resource

PageFunction = Callable[..., object]


@dataclass(frozen=True)
class Page:
    """A registered page: the path pattern, the function that renders it, and what its document says."""

    pattern: str
    function: PageFunction
    title: str | None = None
    status: int = 200

    @cached_property
    def _compiled(self) -> tuple[Pattern[str], Mapping[str, Convertor[Any]]]:
        regex, _, convertors = compile_path(self.pattern)
        return regex, convertors

    def check(self) -> None:
        """Refuse what could never be served.

        Raises:
            ValueError: The pattern is malformed.
            TypeError: There is no function, or its parameters are not those of the pattern.
        """
        if not self.pattern.startswith("/"):
            raise ValueError(f"a page's path begins with '/': write {'/' + self.pattern!r}")
        try:
            convertors = self._compiled[1]
        except AssertionError as error:  # so Starlette says that it knows no such convertor
            raise ValueError(f"{self.pattern!r}: {error}") from None
        name = getattr(self.function, "__name__", repr(self.function))
        if not callable(self.function) or isinstance(self.function, type):
            raise TypeError(f"@app.page({self.pattern!r}) decorates a function that returns what to show")
        try:
            inspect.signature(self.function).bind(**dict.fromkeys(convertors))
        except TypeError as error:
            raise TypeError(
                f"the page {name!r} does not fit its path {self.pattern!r}: {error}; "
                "it takes the path's parameters by name and nothing else"
            ) from None

    @cached_property
    def component(self) -> Callable[..., object]:
        """The function as a component: it may make state, and an error of it stays in its session."""
        made = self.function
        if isinstance(made, ComponentFunction):
            return made
        return component(_loaded(made) if inspect.iscoroutinefunction(made) else made)

    def match(self, path: str) -> dict[str, Any] | None:
        """Return the parameters that `path` gives, `None` if it is not this page's."""
        regex, convertors = self._compiled
        found = regex.match(path)
        if found is None:
            return None
        try:
            return {name: convertors[name].convert(text) for name, text in found.groupdict().items()}
        except ValueError:  # a number longer than Python converts
            return None


@dataclass(frozen=True)
class Match:
    """A page found for a path, ready to be called."""

    page: Page
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def root(self) -> object:
        """Return what a session mounts: the page's function with its parameters."""
        return self.page.component(**self.parameters)


def _loaded(function: Callable[..., Coroutine[Any, Any, object]]) -> PageFunction:
    """Return a page function that shows what an async one returns, called once for each visit."""

    @wraps(function)
    def page(**parameters: object) -> object:
        return resource(partial(function, **parameters)).match(lambda content: content)

    return page


class Routes:
    """The pages of an application, in the order in which they were registered: the first match wins."""

    def __init__(self) -> None:
        self._pages: list[Page] = []

    def __iter__(self) -> Iterator[Page]:
        return iter(self._pages)

    def add(self, page: Page) -> None:
        """Register a page.

        Raises:
            ValueError: The pattern is malformed or registered already.
            TypeError: The function does not fit the pattern.
        """
        page.check()
        if any(page.pattern == other.pattern for other in self._pages):
            raise ValueError(f"there is a page at {page.pattern!r} already")
        self._pages.append(page)

    def match(self, path: str) -> Match | None:
        """Return the page of a decoded path without its mount point, `None` if there is none."""
        if "\0" in path:  # no page could show such a parameter
            return None
        for page in self._pages:
            parameters = page.match(path)
            if parameters is not None:
                return Match(page, parameters)
        return None
