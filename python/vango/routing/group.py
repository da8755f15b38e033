"""Groups: where pages, layouts and error pages are registered. The application is the outermost one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar, overload

from vango.guards import Guard, is_status_of_page
from vango.routing.page import (
    Area,
    ErrorKind,
    ErrorPage,
    Layout,
    Page,
    PageFunction,
    Redirect,
    checked_guards,
)
from vango.routing.pattern import Pattern
from vango.routing.routes import Routes

F = TypeVar("F", bound=PageFunction)


class Group:
    """Pages with a path, guards and layouts in common; `app.group("/admin")` makes one."""

    def __init__(self, routes: Routes, area: Area) -> None:
        """Register in `routes` what belongs to `area`."""
        self._routes = routes
        self._area = area

    def page(
        self,
        path: str,
        *,
        title: str | None = None,
        status: int = 200,
        guards: Sequence[Guard] = (),
        name: str = "",
        head_first: bool = False,
    ) -> Callable[[F], F]:
        """Register the function below as the page at `path`.

        ```python
        @app.page("/projects/{id:int}", title="Project")
        def project(id: int):
            return h.h1["Project ", id]
        ```
        It is a component, decorated or not: mounted for each visit, it returns what the page shows. An
        `async def` is awaited once for each visit, before the page is served if it does not take longer than
        `limits.ssr_wait_s`.

        `{name}` in the path is a parameter, which the function takes by name. It is a text without slashes,
        unless the path says `{name:int}` (or `float`, `uuid`, `date`; `path` takes all the rest, slashes
        included) or the function's annotation does: `int`, `float`, `UUID`, `date`, a `Literal` or an `Enum`
        of texts or ints. What is no such value is no page: a 404. Of pages that match the same path the most
        specific one is shown, segment by segment from the left: a text over a typed parameter over any
        text over all the rest. In which order they are registered does not matter.

        Args:
            path: The path below that of the group, decoded; "/" is the group itself.
            title: The title of the document; without it, that of the application.
            status: The HTTP status, 200 to 599 but not that of a redirect.
            guards: Who may see it, asked behind those of the group and of the layouts.
            name: What `url_for` calls it; without it, the name of the function.
            head_first: Whether the head of the document is sent before the data of the page is there, so that
                the browser loads stylesheets and scripts meanwhile. What is only known with the data can then
                change neither status nor cookies of the answer, nor redirect it.

        Raises:
            ValueError: The path is malformed or taken, or it is ambiguous with another one; or no page has
                such a status.
            TypeError: There is no path; or the function does not take its parameters.
        """
        self._require_path(path, "page")
        if not is_status_of_page(status):
            raise ValueError(
                f"@app.page({path!r}, status={status!r}): write the status of an answer with a page, 404 for "
                "instance"
            )

        def register(function: F) -> F:
            own = checked_guards(guards, f"@app.page({path!r})")
            page = Page.at(
                self._start(path),
                function,
                area=self._area,
                title=title,
                status=status,
                guards=own,
                name=name,
                head_first=head_first,
            )
            self._routes.add(page)
            return function

        return register

    def layout(self, path: str = "/", *, guards: Sequence[Guard] = ()) -> Callable[[F], F]:
        """Register the function below as a component around the pages at `path` and below it.

        ```python
        @app.layout("/projects")
        def projects(content):
            return h.main[h.nav["..."], content]
        ```
        It takes `content`, which it shows where the page belongs, and those parameters of its path that it
        names. It surrounds the pages of its group, and of the groups in that, and stays mounted while a
        person goes from one of them to another: its state and its elements are kept.

        Args:
            path: Where the pages begin, below the path of the group.
            guards: Who may see what is in it, asked behind those of the group.

        Raises:
            ValueError: The path is malformed, or has a layout of this group already.
            TypeError: The function does not take `content`.
        """
        self._require_path(path, "layout")

        def register(function: F) -> F:
            own = checked_guards(guards, f"@app.layout({path!r})")
            self._routes.surround(Layout.at(self._start(path), function, area=self._area, guards=own))
            return function

        return register

    def group(
        self, path: str = "", *, guards: Sequence[Guard] = (), layout: PageFunction | None = None
    ) -> Group:
        """Return a group of pages that begin with `path` and have guards and a layout in common.

        ```python
        admin = app.group("/admin", guards=[requires("admin")], layout=admin_frame)

        @admin.page("/users")
        def users(): ...
        ```
        Only what is registered by the group belongs to it: `@app.page("/admin/login")` has neither its
        guards nor its layout.

        Args:
            path: What the paths of its pages begin with, "" for nothing.
            guards: Who may see its pages, asked behind those of the group around it.
            layout: A component around its pages, as `layout` takes one.

        Raises:
            ValueError: The path is malformed.
            TypeError: A guard is no function, or the layout does not take `content`.
        """
        if path:
            self._require_path(path, "group")
            if path.endswith("/"):
                raise ValueError(f"app.group({path!r}): leave the slash at its end away")
            Pattern.parse(path)
        area = Area(self._area.prefix + path, checked_guards(guards, f"app.group({path!r})"), self._area)
        made = Group(self._routes, area)
        if layout is not None:
            made.layout()(layout)
        return made

    def redirect(self, path: str, to: str, *, status: Literal[307, 308] = 307) -> None:
        """Lead from one path to another one: `app.redirect("/item/{id:int}", "/products/{id}")`.

        A query goes along, unless `to` brings its own.

        Args:
            path: The path below that of the group.
            to: The path below the place where the application is mounted, with parameters of the first.
            status: 307, or 308 for good: browsers do not ask again.

        Raises:
            ValueError: A path is malformed or taken, leads out of the application or to itself, or the status
                is another one.
        """
        self._require_path(path, "redirect")
        if status not in (307, 308):
            raise ValueError(f"app.redirect({path!r}, status={status!r}): write 307, or 308 for good")
        self._routes.add(Redirect.at(self._start(path), to, area=self._area, status=status))

    @overload
    def not_found(self, path: F, /) -> F: ...
    @overload
    def not_found(self, path: str = "/", *, title: str | None = None) -> Callable[[F], F]: ...
    def not_found(self, path: Any = "/", *, title: str | None = None) -> Any:
        """Register the function below as what shows where there is no page, with status 404.

        ```python
        @app.not_found
        def lost():
            return h.h1["There is nothing here"]
        ```
        It stands inside the layouts of its path, for all addresses there that have no page; the nearest one
        does. The guards of its group are asked before it shows.

        Args:
            path: Where the addresses begin, below the path of the group.
            title: The title of the document; without it, that of the application.

        Raises:
            ValueError: The path is malformed, or has one already.
            TypeError: The function takes anything but parameters of the path.
        """
        return self._error("not_found", path, title)

    @overload
    def forbidden(self, path: F, /) -> F: ...
    @overload
    def forbidden(self, path: str = "/", *, title: str | None = None) -> Callable[[F], F]: ...
    def forbidden(self, path: Any = "/", *, title: str | None = None) -> Any:
        """Register the function below as what shows where a guard has said no, with status 403.

        It is like `not_found`, for the pages of its group; the layouts around it are those whose guards have
        let the request through.
        """
        return self._error("forbidden", path, title)

    @overload
    def failed(self, path: F, /) -> F: ...
    @overload
    def failed(self, path: str = "/", *, title: str | None = None) -> Callable[[F], F]: ...
    def failed(self, path: Any = "/", *, title: str | None = None) -> Any:
        """Register the function below as what shows where a page raises, with status 500.

        ```python
        @app.failed
        def broken(reference: str, retry):
            return h.main[h.h1["That did not work"], h.code[reference], h.button(on_click=retry)["Again"]]
        ```
        It is like `not_found`, for the pages of its group, and what it surrounds comes back when something
        that it read changes. It may take `reference`, under which the error was reported, `retry()`, which
        mounts the page anew, and `error`, which is not for everybody's eyes.
        """
        return self._error("failed", path, title)

    def _error(self, kind: ErrorKind, path: Any, title: str | None) -> Any:
        if callable(path):
            return self._error(kind, "/", title)(path)
        self._require_path(path, kind)

        def register(function: F) -> F:
            found = ErrorPage.at(kind, self._start(path), function, area=self._area, title=title)
            self._routes.add_error(found)
            return function

        return register

    def _start(self, path: str) -> str:
        """Return a whole path; "/" is that of the group itself."""
        return self._area.prefix + path if path != "/" else self._area.prefix or "/"

    def _require_path(self, path: object, what: str) -> None:
        if not isinstance(path, str):
            example = f"@app.{what}('/')" if what != "redirect" else "app.redirect('/old', '/new')"
            raise TypeError(f"a {what} needs its path: write {example}, not @app.{what} on {path!r:.80}")
        if not path.startswith("/"):
            raise ValueError(f"a path begins with '/': write {'/' + path!r}")
