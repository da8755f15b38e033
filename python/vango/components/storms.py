"""Storm budgets: how many loads, actions and effects a session may start before somebody is told.

A page that starts work again and again, by an effect that feeds itself for one, costs all sessions of the
process. Over its budget a start waits its turn (`storms="throttle"`), or fails (`storms="breaker"`); either
way the application hears once which line of code it was.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Literal

from vango.errors import StormError

if TYPE_CHECKING:
    from vango.components.host import Host
    from vango.reactive.effects import Effect

__all__ = ["Kind", "Storms"]

Kind = Literal["resource_starts_per_s", "action_starts_per_s", "latest_starts_per_s"]
"""The budget that a start is counted in, by its name in `Limits`."""


class Storms:
    """The budgets of one session."""

    __slots__ = ("_host", "_starts", "_tick", "_ticked", "_told")

    def __init__(self, host: Host) -> None:
        self._host = host
        self._starts: dict[Kind, deque[float]] = {}
        self._told: dict[str, float] = {}  # when a storm was last seen
        self._tick = 0
        self._ticked = 0

    def wait_s(self, kind: Kind, culprit: str) -> float:
        """Count a start; return after how many seconds it may happen, 0 for now.

        Args:
            kind: Its budget.
            culprit: Name and line of what starts.

        Raises:
            StormError: The budget is used up, and `Limits.storms` says that this fails.
        """
        rate: int = getattr(self._host.limits, kind)
        starts = self._starts.get(kind)
        if starts is None:
            starts = self._starts[kind] = deque(maxlen=rate)
        now = self._host.now()
        due = max(now, starts[0] + 1) if len(starts) == rate else now
        if due > now:
            error = self._tell(kind, rate, culprit, now)
            if self.breaks:
                raise error
        starts.append(due)
        return due - now

    def may_run(self, tick: int, effect: Effect) -> bool:
        """Count the run of an effect in a tick; return whether it may happen in this one."""
        if tick != self._tick:
            self._tick, self._ticked = tick, 0
        limit = self._host.limits.effects_per_tick
        if self._ticked >= limit:
            self._tell("effects_per_tick", limit, effect.name, self._host.now())
            return False
        self._ticked += 1
        return True

    @property
    def breaks(self) -> bool:
        """Whether what is over budget fails instead of waiting."""
        return self._host.limits.storms == "breaker"

    def _tell(self, limit_name: str, limit: int, culprit: str, now: float) -> StormError:
        error = StormError(limit_name, limit, culprit)
        last = self._told.get(limit_name)
        self._told[limit_name] = now
        if last is None or now > last + 1:
            self._host.report(error, culprit)
        return error
