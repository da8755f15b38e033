"""Live parts of a page that somebody else renders: one session, shown at several places of their document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from vango.application.csrf import CSRF_COOKIE
from vango.components.boundary import BoundaryScope, ErrorBoundary, Failure, error_view
from vango.components.component import component
from vango.components.scope import Scope
from vango.html import Tag

__all__ = ["TAG", "Embedded", "Html", "Parts"]

TAG = "vango-embed"

_Embed = Tag(TAG)
_RESERVED = ("head", "finish", "get", "items", "keys", "values")


class Asked(Protocol):
    """A request of the host's: Starlette's, FastAPI's or Django's."""

    @property
    def scope(self) -> Any:
        """What the server said of it."""
        ...


class Answer(Protocol):
    """A response of the host's: Starlette's, FastAPI's or Django's."""

    @property
    def headers(self) -> Any:
        """What is said with it."""
        ...

    def set_cookie(self, *args: Any, **named: Any) -> object:
        """Hand out a cookie."""
        ...


R = TypeVar("R", bound=Answer)


class Html(str):
    """HTML that templates show as it is: Jinja and Django ask `__html__` before they escape."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return itself."""
        return self


class PartBoundary(ErrorBoundary):
    """Shows the error view where one part raises; the others live on."""

    __slots__ = ()

    def __new__(cls, child: object) -> PartBoundary:
        """Describe a boundary around one part."""
        self = super().__new__(cls, child, fallback=_never)
        assert isinstance(self, PartBoundary)
        return self

    def mount(self, parent: Scope) -> Scope:
        """Return the scope of a new boundary."""
        return PartScope(parent.work, parent, self)


class PartScope(BoundaryScope):
    """A mounted boundary around one part."""

    __slots__ = ()

    def answer(self, failure: Failure) -> object:
        """Return the error view."""
        return error_view(failure, self.work.host.debug)


@component
def Parts(parts: Mapping[str, object]) -> object:  # noqa: N802
    """The root of an embedded session: each part in an element that stays where the host put it."""
    return [_Embed(name=name)[PartBoundary(content)] for name, content in parts.items()]


def _never(error: BaseException, retry: Callable[[], None]) -> object:  # noqa: ARG001
    """Stand for the fallback, which `PartScope` answers by itself."""
    raise error


def check(parts: Mapping[str, object]) -> None:
    """Refuse what could not be shown.

    Raises:
        TypeError: There are no parts, or one has a name that means something else.
    """
    if not parts:
        raise TypeError("app.embed(request) shows nothing: name its parts, as in shelf=Shelf()")
    for name in parts:
        if name in _RESERVED or name.startswith("_"):
            raise TypeError(f"a part cannot be called {name!r}, which means something else in a template")


class Embedded(Mapping[str, Html]):
    """The live parts of one page of the host's, by their names, each to be shown once.

    Attributes:
        head: What belongs into the head of the document.
    """

    def __init__(
        self, head: str, parts: Mapping[str, str], cookies: Mapping[str, str], *, path: str, secure: bool
    ) -> None:
        """Hold the HTML, and the cookies that the browser is to have."""
        self.head = Html(head)
        self._parts = {name: Html(part) for name, part in parts.items()}
        self._cookies = cookies
        self._path = path
        self._secure = secure

    def __getitem__(self, name: str) -> Html:
        return self._parts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def __getattr__(self, name: str) -> Html:
        """Return a part: `live.shelf` is `live["shelf"]`."""
        try:
            return self.__dict__["_parts"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(f"there is no part {name!r}: app.embed was given none") from None

    def finish(self, response: R) -> R:
        """Let `response`, the page with the parts in it, connect; returns it.

        It gets the cookies that the browser lacks, and no cache may keep it.
        """
        response.headers["Cache-Control"] = "private, no-cache"
        for name, value in self._cookies.items():
            response.set_cookie(
                name,
                value,
                path=self._path or "/",
                secure=self._secure,
                httponly=name != CSRF_COOKIE,
                samesite="lax",
            )
        return response
