"""Users by Django's sessions: whom Django's own views, its admin or django-allauth have logged in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import anyio.to_thread

from vango.identity import Principal, Provider
from vango.request import Request

__all__ = ["django_user"]


def django_user(roles: Callable[[Any], Iterable[str]] | None = None) -> Provider:
    """Return a provider that finds the user of Django's session.

    ```python
    app.auth(django_user(), host_login="/accounts/login/")
    app.auth(django_user(roles=lambda user: user.get_all_permissions()))
    ```
    It asks as `AuthenticationMiddleware` does, so an inactive user, a changed password and a session that
    has expired count. It only reads: a look at a live page makes no session last longer. Django has to be set
    up when the first page is asked for, and its session cookie has to reach the application
    (`SESSION_COOKIE_PATH`).

    Args:
        roles: What `requires("...")` looks for in a user, who is Django's; it is called in the thread in
            which the database is asked. Without it, the names of the user's groups, and "is_staff" and
            "is_superuser".

    Django's user is the `value` of the `Principal`. What it fetches from the database only when it is asked
    has to be fetched in a thread (`vango.blocking`), as in any asynchronous view.
    """
    find_roles = roles or _roles

    def ask(key: str) -> Principal | None:
        from django.contrib.auth import get_user
        from django.db import close_old_connections

        # No request of Django's begins and ends here, which would do this.
        close_old_connections()
        try:
            user = get_user(SimpleNamespace(session=_Seen(_session(key))))
            if not user.is_authenticated:
                return None
            found = frozenset(find_roles(user))
            return Principal(id=str(user.pk), name=user.get_username(), roles=found, value=user)
        finally:
            close_old_connections()

    async def who(request: Request) -> Principal | None:
        from django.conf import settings

        key = request.cookies.get(settings.SESSION_COOKIE_NAME)
        if not key:
            return None
        # A database that does not answer holds a thread, but neither the loop nor the time that is given.
        return await anyio.to_thread.run_sync(ask, key, abandon_on_cancel=True)

    return who


class _Seen(dict[str, Any]):
    """The data of a session, to read: what Django mends in passing would need a cookie to get anywhere."""

    def flush(self) -> None:
        """Let a session be whose user is none; its next request ends it."""

    def cycle_key(self) -> None:
        """Let a session be that was signed by an older key; its next request signs it anew."""


def _session(key: str) -> dict[str, Any]:
    from django.conf import settings

    store = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return dict(store.items())


def _roles(user: Any) -> Iterable[str]:
    yield from user.groups.values_list("name", flat=True)
    for flag in ("is_staff", "is_superuser"):
        if getattr(user, flag, False):
            yield flag
