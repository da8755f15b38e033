"""The way back: from a page to its address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from vango.components.component import ComponentFunction
from vango.components.host import running_host
from vango.naming import innermost, label
from vango.routing.page import Page
from vango.routing.routes import Routes
from vango.routing.site import Site


def url_of(
    routes: Routes, target: object, query: Mapping[str, Any] | None, parameters: Mapping[str, Any]
) -> str:
    """Return the address of a page, as `App.url_for` says it."""
    pages = [entry for entry in routes if isinstance(entry, Page)]
    found = _named(pages, target) if isinstance(target, str) else _of_function(pages, target)
    fitting = [page for page in found if page.pattern.parameters.keys() == parameters.keys()]
    if len(fitting) != 1:
        raise ValueError(_unfit(target, found, parameters))
    pattern = fitting[0].pattern
    for name, value in parameters.items():
        try:
            pattern.write(name, value)
        except ValueError as error:
            raise ValueError(
                f"url_for({_said(target)}): {name}={value!r:.80} does not fit '{pattern}': {error}"
            ) from None
    asked = "?" + urlencode(query, doseq=True) if query else ""
    return quote(mount()) + pattern.build(parameters) + asked


def name_of(page: Page) -> str:
    """Return what `url_for` calls a page."""
    return page.name or named(page.function)


def named(function: object) -> str:
    """Return the bare name of a function, without what it was defined in."""
    return getattr(_plain(function), "__name__", None) or repr(function)


def _named(pages: list[Page], target: str) -> list[Page]:
    found = [page for page in pages if page.name == target] or [p for p in pages if name_of(p) == target]
    if not found:
        known = ", ".join(sorted({name_of(page) for page in pages}))
        raise LookupError(f"url_for({target!r}): there is no page of this name; there are {known or 'none'}")
    return found


def _of_function(pages: list[Page], target: object) -> list[Page]:
    found = [page for page in pages if _plain(page.function) is _plain(target)]
    if not found:
        raise LookupError(
            f"url_for({_said(target)}): this is no page; give a function below @app.page, or the name of one"
        )
    return found


def _plain(function: object) -> object:
    return innermost(function.fn if isinstance(function, ComponentFunction) else function)


def _said(target: object) -> str:
    return repr(target) if isinstance(target, str) else label(target)


def _unfit(target: object, found: list[Page], parameters: Mapping[str, Any]) -> str:
    given = ", ".join(f"{name}={value!r:.80}" for name, value in parameters.items())
    paths = " and ".join(f"'{page.pattern}'" for page in found)
    if all(page.pattern.parameters.keys() != parameters.keys() for page in found):
        advice = "give each parameter of the path by name, and a query as a dict behind the page"
    else:
        advice = "give each page a name of its own, @app.page(..., name='...'), and ask for that"
    return f"url_for({_said(target)}{', ' if given else ''}{given}): it is at {paths}; {advice}"


def mount() -> str:
    """Return where the application is mounted, as the page knows whose code runs; "" where none does."""
    site = getattr(running_host.get(None), "site", None)
    return site.location.peek().mount if isinstance(site, Site) else ""
