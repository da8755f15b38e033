"""Users by an `AuthenticationBackend` of Starlette, as `AuthenticationMiddleware` takes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http.cookies import SimpleCookie

from starlette.authentication import AuthenticationBackend, AuthenticationError, BaseUser, SimpleUser
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from vango.identity import Principal, Provider
from vango.request import Request

__all__ = ["starlette_user"]


def starlette_user(
    backend: AuthenticationBackend,
    *,
    middleware: Sequence[Middleware] = (),
    id: Callable[[BaseUser], str] | None = None,  # noqa: A002
) -> Provider:
    """Return a provider that asks a backend of Starlette.

    ```python
    app.auth(starlette_user(ByCookie()))
    app.auth(starlette_user(BySession(), middleware=[Middleware(SessionMiddleware, secret_key=KEY)]))
    ```
    A live page is asked for its user while no request passes by. So the backend always gets a connection
    that is made anew from headers, cookies and address; what the host's middleware has written into its own
    scope is not in it, and what the backend needs of that is named by `middleware`.

    The scopes of the credentials are the roles of the `Principal`, and the backend's user is its `value`. An
    `AuthenticationError` makes whoever asks a guest.

    Args:
        backend: Whose `authenticate` is asked, each time.
        middleware: What stands in front of the backend, the outermost first, as in `Starlette(middleware=)`.
        id: What tells a user from all others; without it the user's `identity`, or the name of a
            `SimpleUser`.

    Raises:
        TypeError: The backend is none.
    """
    if not isinstance(backend, AuthenticationBackend):
        raise TypeError(f"starlette_user({backend!r:.60}): write an AuthenticationBackend, as in MyBackend()")

    async def who(request: Request) -> Principal | None:
        connection = await _through(middleware, _scope(request))
        try:
            answer = None if connection is None else await backend.authenticate(connection)
        except AuthenticationError:
            return None
        if answer is None:
            return None
        credentials, user = answer
        if not user.is_authenticated:
            return None
        name = user.display_name
        return Principal(
            id=str((id or _identity)(user)), name=name, roles=frozenset(credentials.scopes), value=user
        )

    return who


def _identity(user: BaseUser) -> str:
    if isinstance(user, SimpleUser):
        return user.username
    try:
        return user.identity
    except NotImplementedError:
        raise TypeError(
            f"{type(user).__name__} has no identity: write starlette_user(backend, id=lambda user: user.key) "
            "with what tells a user from all others"
        ) from None


def _scope(request: Request) -> Scope:
    """Return the scope of a request for the page, whose cookies are those that the browser has by now."""
    path, _, query = request.address.partition("?")
    quoted = SimpleCookie().value_encode
    cookies = "; ".join(f"{name}={quoted(value)[1]}" for name, value in request.cookies.items())
    headers = [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name in request.headers
        for value in request.headers.all(name)
        if name != "cookie"
    ]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": request.scheme,
        "server": None,
        "client": (request.client, 0) if request.client else None,
        "root_path": request.mount,
        "path": request.mount + request.path,
        "raw_path": path.encode("latin-1", "replace"),
        "query_string": query.encode("latin-1", "replace"),
        "headers": [*headers, (b"cookie", cookies.encode("latin-1"))] if cookies else headers,
    }


async def _through(middleware: Sequence[Middleware], scope: Scope) -> HTTPConnection | None:
    """Return the connection as it comes out of the middleware, `None` where one of these answers itself."""
    arrived: list[Scope] = []

    async def end(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        arrived.append(scope)

    async def nothing(message: object = None) -> dict[str, object]:  # noqa: ARG001
        return {"type": "http.request", "body": b"", "more_body": False}

    asked: ASGIApp = end
    for one in reversed(middleware):
        asked = one.cls(asked, *one.args, **one.kwargs)
    await asked(scope, nothing, nothing)  # type: ignore[arg-type]
    return HTTPConnection(arrived[0]) if arrived else None
