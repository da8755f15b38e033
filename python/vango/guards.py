"""What decides whether a request may have a page, and what such a decision can be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from vango.errors import VangoError
from vango.request import Request

__all__ = ["Forbidden", "Guard", "NotFound", "Outcome", "Redirect"]


class Outcome(VangoError):  # noqa: N818
    """What stands in the way of a page; a guard returns it, or raises it."""


class Redirect(Outcome):
    """The browser is sent elsewhere.

    Attributes:
        to: A path of this application, with its query.
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


Guard: TypeAlias = Callable[[Request], Outcome | Awaitable[Outcome | None] | None]
