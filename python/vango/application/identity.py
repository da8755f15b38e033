"""What an application says of its users: who tells who they are, how often, and what an expired page does."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from vango.application.paths import local_target
from vango.clock import Clock
from vango.identity import Principal, Provider
from vango.naming import require_async
from vango.request import Request

__all__ = ["MAX_STALE_S", "Expiry", "Identity", "ProviderFailed"]

MAX_STALE_S = 15 * 60.0

Expiry = Literal["reload", "navigate", "event"] | Callable[[Request], str | None]

log = logging.getLogger("vango")


class ProviderFailed(Exception):  # noqa: N818
    """The provider raised, took too long, or answered nonsense: nothing is proved."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """The settings of `App.auth`, which says what they mean.

    Raises:
        TypeError: The provider is no `async def`.
        ValueError: A value could never work; the sentence says what to write.
    """

    provider: Provider
    login: str | None = "/login"
    host_login: str | None = None
    check_every_s: float = 60.0
    timeout_s: float = 5.0
    fail: Literal["closed", "open"] = "closed"
    grace_s: float = 5 * 60.0
    on_expiry: Expiry = "reload"

    def __post_init__(self) -> None:
        require_async(self.provider, "app.auth(...)")
        if self.login is not None and not local_target(self.login):
            raise ValueError(f"login={self.login!r}: write a path of this application, like '/login'")
        if self.host_login is not None and not local_target(self.host_login):
            raise ValueError(f"host_login={self.host_login!r}: write a path of this server, like '/login/'")
        if self.fail not in ("closed", "open"):
            raise ValueError(f"fail={self.fail!r}: write 'closed' or 'open'")
        for name in ("check_every_s", "timeout_s"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name}={getattr(self, name)!r}: write seconds above 0")
        if not 0 <= self.grace_s <= MAX_STALE_S:
            raise ValueError(f"grace_s={self.grace_s!r}: write 0 to {MAX_STALE_S:g} seconds")
        if not callable(self.on_expiry) and self.on_expiry not in ("reload", "navigate", "event"):
            raise ValueError(
                f"on_expiry={self.on_expiry!r}: write 'reload', 'navigate', 'event' or a function"
            )
        if self.on_expiry == "navigate" and self.login is None and self.host_login is None:
            raise ValueError("on_expiry='navigate' goes to the login page: write login='/login' too")

    async def who(self, request: Request, clock: Clock) -> Principal | None:
        """Return who is behind a request, `None` for a guest; who has expired is one.

        Raises:
            ProviderFailed: Nobody can tell.
        """
        user: object = None
        try:
            with clock.move_on_after(self.timeout_s) as asking:
                user = await self.provider(request)
        except (Exception, SystemExit) as error:
            raise ProviderFailed(f"the provider raised {type(error).__name__}") from error
        if asking.cancelled_caught:
            raise ProviderFailed(f"the provider did not answer within {self.timeout_s:g} s")
        if user is None:
            return None
        if not isinstance(user, Principal):
            raise ProviderFailed(
                f"the provider returned {user!r:.40}: return a Principal, or None for a guest"
            )
        return None if user.expires_at is not None and user.expires_at <= clock.wall() else user

    def login_address(self, request: Request) -> str | None:
        """Return the login page, which comes back to what was asked for; `None` where it is that itself."""
        if self.host_login is not None:
            return _with_next(self.host_login, request.address)
        if self.login is None or request.path == self.login.partition("?")[0]:
            return None
        return request.mount + _with_next(self.login, request.address[len(request.mount) :] or "/")

    def action(self, request: Request) -> list[tuple[str, str]]:
        """Return what the client of a page does when its user is none any more: parameters of its ERROR."""
        if callable(self.on_expiry):
            to = self.on_expiry(request)
            if to is not None and not local_target(to):
                log.error("on_expiry returned %r, which is no path of this application", to)
                to = None
            return [("action", "reload")] if to is None else _navigate(request.mount + to)
        address = self.login_address(request) if self.on_expiry == "navigate" else None
        if address is not None:
            return _navigate(address)
        return [("action", "reload" if self.on_expiry == "navigate" else self.on_expiry)]


def _with_next(login: str, back: str) -> str:
    mark = "&" if "?" in login else "?"
    return f"{login}{mark}next={quote(back, safe='')}"


def _navigate(to: str) -> list[tuple[str, str]]:
    return [("action", "navigate"), ("to", to)]
