"""Who somebody is: what a provider answers, and what the rest of vango knows of a user."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vango.request import Request

__all__ = ["Principal", "Provider"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Somebody who has proved who they are.

    ```python
    Principal(id="7", name="Ada", roles={"admin"}, value=row)
    ```
    It lives in memory, as long as its session does, and is asked for anew whenever a page comes back; it is
    never written down.

    Attributes:
        id: What tells this user from all others; where it changes, the sessions of the page end.
        name: For people to read.
        roles: What `requires("admin")` looks for.
        claims: What else was proved, by name.
        expires_at: When this ceases to count, in seconds since the epoch; `None` where nobody said.
        value: The application's own object.
    """

    id: str
    name: str = ""
    roles: frozenset[str] = frozenset()
    claims: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    expires_at: float | None = None
    value: object = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not self.id:
            raise TypeError(
                f"Principal(id={self.id!r:.40}): the id is a text that is not empty; write id=str(...)"
            )
        if isinstance(self.roles, str):
            raise TypeError(f"Principal(roles={self.roles!r}): write roles={{{self.roles!r}}}")
        object.__setattr__(self, "roles", frozenset(self.roles))

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a Principal is never written down: store its id, and let the provider find it again")


Provider = Callable[["Request"], Awaitable[Principal | None]]
