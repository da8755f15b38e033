"""What decides whether a request may have a page, and what such a decision can be."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from vango.errors import VangoError
from vango.identity import Principal
from vango.naming import innermost
from vango.request import Request

__all__ = ["Forbidden", "Guard", "LoginRequired", "NotFound", "Outcome", "Redirect", "requires"]


class Outcome(VangoError):  # noqa: N818
    """What stands in the way of a page; a guard returns or raises it, the body of a page raises it."""


class Redirect(Outcome):
    """The browser is sent elsewhere.

    Attributes:
        to: A path of this application, with its query, as `local_target` lets pass; or an address at an
            origin that `App(allowed_redirects=[...])` names. Anything else shows nobody the page.
    """

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


class Forbidden(Outcome):
    """This user may not have the page.

    Attributes:
        message: A sentence for the person who asked.
    """

    def __init__(self, message: str = "You may not see this page.") -> None:
        super().__init__(message)
        self.message = message


class NotFound(Outcome):
    """For this user there is no such page."""


class LoginRequired(Outcome):
    """The page is for users, and this is a guest: the login page comes first, and leads back."""


def is_status_of_page(status: object) -> bool:
    """Tell whether an answer with a page may have this status: 200 to 599, but not that of a redirect."""
    return isinstance(status, int) and 200 <= status <= 599 and not 300 <= status < 400


Guard: TypeAlias = Callable[[Request], Outcome | Awaitable[Outcome | None] | None]

Wanted: TypeAlias = str | set[str] | frozenset[str] | Callable[[Principal], bool | Awaitable[bool]]


def requires(*wanted: Wanted) -> Guard:
    """Return a guard that lets in users, and of those whom it is told to; guests are led to the login page.

    ```python
    @app.page("/admin", guards=[requires("admin")])
    @app.page("/reports", guards=[requires({"editor", "admin"}, lambda user: user.claims["paid"])])
    @app.page("/account", guards=[requires()])
    ```

    Args:
        wanted: All of these must hold: a role; a set of roles, of which one is enough; a function of the
            user, `async` or not, that returns True.

    Raises:
        TypeError: One of them is something else.
    """
    for one in wanted:
        if not (isinstance(one, str | set | frozenset) or callable(one)):
            raise TypeError(f"requires({one!r:.40}): write a role, a set of roles, or a function of the user")

    async def guard(request: Request) -> Outcome | None:
        user = request.user
        if user is None:
            return LoginRequired()
        for one in wanted:
            if not await _holds(one, user):
                return Forbidden()
        return None

    guard.__name__ = guard.__qualname__ = f"requires({', '.join(map(_said, wanted))})"
    return guard


def _said(one: Wanted) -> str:
    """Return what is required as it was written, for tables and messages."""
    if isinstance(one, str):
        return repr(one)
    if isinstance(one, set | frozenset):
        return f"{{{', '.join(map(repr, sorted(one)))}}}"
    return getattr(innermost(one), "__name__", type(one).__name__)


async def _holds(one: Wanted, user: Principal) -> bool:
    if isinstance(one, str):
        return one in user.roles
    if isinstance(one, set | frozenset):
        return not one.isdisjoint(user.roles)
    answer = one(user)
    said = await answer if inspect.isawaitable(answer) else answer
    return said is True  # what is merely truthy may be a mistake: a function that was not called, say
