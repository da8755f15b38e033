"""What was fetched lately, by its keys, for as long as it is good."""

from __future__ import annotations

from typing import Any, Final, Generic, TypeVar

from vango.components.host import Host

T = TypeVar("T")

MISSING: Final[Any] = object()
"""What `Freshness.get` gives where there is nothing."""

_REMEMBERED = 32


class Freshness(Generic[T]):
    """The values of the last 32 keys, each for `stale_s` seconds; 0 remembers nothing."""

    __slots__ = ("_host", "_known", "_stale_s")

    def __init__(self, host: Host, stale_s: float) -> None:
        self._host = host
        self._stale_s = stale_s
        self._known: dict[Any, tuple[float, T]] = {}  # when each was fetched, and what

    def put(self, key: Any, value: T) -> None:
        """Remember what a key gave; a key that has no hash is fetched each time."""
        if self._stale_s <= 0:
            return
        try:
            self._known.pop(key, None)
            self._known[key] = self._host.now(), value
        except TypeError:
            return
        if len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]

    def get(self, key: Any) -> T:
        """Return what a key gave, `MISSING` if that is too long ago or never was."""
        try:
            then, value = self._known[key]
        except (KeyError, TypeError):
            return MISSING  # type: ignore[no-any-return]
        if self._host.now() - then < self._stale_s:
            return value
        del self._known[key]
        return MISSING  # type: ignore[no-any-return]

    def clear(self) -> None:
        """Forget everything."""
        self._known.clear()
