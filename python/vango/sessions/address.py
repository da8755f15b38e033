"""The address of a page as state: what it is, the link that leads to it, and signals bound to its query.

Invariants:
    - A signal follows the address, and the address the signal; what came from one is not told back to it.
    - Signals that change together are one navigation, and one entry of the history at most.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, get_args, get_origin
from urllib.parse import unquote, urlsplit

from vango import html as h
from vango._core import VNode
from vango.components.component import component
from vango.components.state import effect, memo, signal
from vango.reactive.signals import Memo, Signal
from vango.reactive.tracking import current
from vango.request import Fields, below, query_of
from vango.sessions.session import Session, current_session

if TYPE_CHECKING:
    from vango.html import Child

__all__ = ["Address", "Link", "current_location", "query_signal"]

T = TypeVar("T")

_MAX_OWN = 64


@dataclass(frozen=True, slots=True)
class Address:
    """Where a page is.

    Attributes:
        full: Path and query, as the address bar has them.
        params: The parameters of the path, converted.
        mount: Where the application is mounted, "" at the root.
    """

    full: str
    params: Mapping[str, Any] = field(default_factory=dict)
    mount: str = ""

    @property
    def path(self) -> str:
        """The decoded path, below the place where the application is mounted."""
        return below(self.mount, unquote(self.full.partition("?")[0]))

    @property
    def query(self) -> Fields:
        """The parameters of the query, decoded."""
        return query_of(self.full)


def current_location() -> Memo[Address]:
    """Return where the page is, to be read where it is needed: `h.p[lambda: here().path]`.

    ```python
    here = current_location()
    return h.nav[h.b[lambda: "Searching" if here().query.get("q") else "All"]]
    ```
    Who reads it in a body is rendered again when the page goes on to another address.

    Raises:
        RuntimeError: No session runs here, or it shows no pages of an application.
    """
    location = current_session().location
    return memo(lambda: _address(location()))


def _address(location: Any) -> Address:
    return Address(location.address, location.match.parameters, location.mount)


@component
def Link(href: str, children: Child = (), **attributes: Any) -> VNode:  # noqa: N802
    """A link with `aria-current="page"` while its page is shown: `Link("/issues")["Issues"]`.

    Args:
        href: Where it leads to, as in `h.a(href=...)`.
        children: What it shows.
        attributes: Others of the element.

    Raises:
        RuntimeError: The session shows no pages of an application.
    """
    location = current_session().location
    path = unquote(urlsplit(href).path)

    def is_current() -> str | None:
        return "page" if unquote(location().address.partition("?")[0]) == path else None

    return h.a(href=href, aria_current=is_current, **attributes)[children]


def query_signal(
    name: str, default: T, *, kind: Any = None, push: bool = False, debounce_s: float = 0.2
) -> Signal[T]:
    """Return a signal that is a parameter of the query, the same one at each render of the body.

    After `page = query_signal("page", 1)`, `page.set(2)` leads to `?page=2`, and back, forward and links set
    the signal; the page stays mounted. A value that is the default is left out of the address, and what is no
    such value there counts as the default.

    Args:
        name: Of the parameter.
        default: Its value where the address says nothing.
        kind: `int`, `float`, `bool`, `str`, an `Enum`, a `Literal`, or a `list` of one of these; without it
            the type of `default`, and of the first item of a list.
        push: Whether each change is an entry of the history, so that back leads to the value before.
        debounce_s: The address follows when nothing has changed for so long. 0 is the end of the stretch.

    Raises:
        RuntimeError: No body runs, or the session shows no pages of an application.
        TypeError: No text of an address could say values of this type.
    """
    if current.frame.body is None:
        raise RuntimeError("query_signal() belongs into a component's body, while it runs")
    session = current_session()
    bound = signal(init=lambda: Bound(session, name, default, _codec(kind, default), push, debounce_s)).peek()
    effect(bound.follow)
    effect(bound.lead)
    return bound.value


class Bound(Generic[T]):
    """A signal and a parameter of the query that say the same."""

    def __init__(
        self,
        session: Session,
        name: str,
        default: T,
        codec: tuple[Callable[[list[str]], T], Callable[[T], list[str]]],
        push: bool,
        debounce_s: float,
    ) -> None:
        self._session = session
        self._location = session.location
        self._name = name
        self._default = default
        self._decode, self._encode = codec
        self._push = push
        self._debounce_s = debounce_s
        self._seen = _address(self._location.peek()).query.all(name)
        self._own: deque[list[str]] = deque(maxlen=_MAX_OWN)  # what the address is going to say
        self.value = Signal(self._read(self._seen))
        self._said = self._written(self.value.peek())

    def follow(self) -> None:
        """Take what the address says."""
        texts = _address(self._location()).query.all(self._name)
        if texts == self._seen:
            return
        self._seen = texts
        if texts in self._own:  # and what was set since counts more
            while self._own.popleft() != texts:
                pass
            return
        value = self._read(texts)
        self._said = self._written(value)
        self.value.set(value)

    def lead(self) -> None:
        """Let the address say what was set."""
        texts = self._written(self.value())
        if texts == self._said:
            return
        self._said = texts
        self._own.append(texts)
        self._session.navigation.say(self._name, texts, push=self._push, after_s=self._debounce_s)

    def _read(self, texts: list[str]) -> T:
        try:
            return self._decode(texts) if texts else self._default
        except (ValueError, KeyError):
            return self._default

    def _written(self, value: T) -> list[str]:
        return [] if value == self._default else self._encode(value)


def _codec(kind: Any, default: Any) -> tuple[Callable[[list[str]], Any], Callable[[Any], list[str]]]:
    """Return how a value is read from texts, and written as texts."""
    if kind is None:
        kind = list[type(default[0])] if isinstance(default, list) and default else type(default)  # type: ignore[misc]
    if kind is list or get_origin(kind) is list:
        read, write = _one(*(get_args(kind) or (str,)))
        return lambda texts: [read(text) for text in texts], lambda values: [write(value) for value in values]
    read, write = _one(kind)
    return lambda texts: read(texts[0]), lambda value: [write(value)]


def _one(kind: Any) -> tuple[Callable[[str], Any], Callable[[Any], str]]:
    if get_origin(kind) is Literal:
        known = {str(value): value for value in get_args(kind)}
        return known.__getitem__, str
    if kind is bool:
        return {"1": True, "0": False}.__getitem__, lambda value: "1" if value else "0"
    if isinstance(kind, type) and issubclass(kind, Enum):
        values = {str(member.value): member for member in kind}
        return values.__getitem__, lambda member: str(member.value)
    if kind in (int, float, str):
        return kind, str
    raise TypeError(
        f"query_signal(kind={kind!r}): an address can say an int, a float, a bool, a str, an Enum, a Literal "
        "or a list of one of these"
    )
