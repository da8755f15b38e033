"""What bodies say of the answer that their first paint becomes part of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from vango.sessions.navigation import Turned

__all__ = ["CookieChange", "Reply", "SameSite"]

SameSite = Literal["lax", "strict", "none"]


@dataclass(frozen=True, slots=True)
class CookieChange:
    """A cookie that is set, or deleted where `value` is `None`."""

    name: str
    value: str | None
    max_age_s: int | None = None
    http_only: bool = True
    same_site: SameSite = "lax"


@dataclass(slots=True)
class Reply:
    """What bodies have said of the answer.

    Attributes:
        status: Its status, `None` for that of the page.
        to: Where it leads instead of showing the page.
        cookies: What it sets.
        data: Whether it brings the data of the session.
        turned: What the page is, whose body has said that there is none.
    """

    status: int | None = None
    to: str | None = None
    cookies: list[CookieChange] = field(default_factory=list)
    data: bool = False
    turned: Turned | None = None
