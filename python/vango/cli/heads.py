"""Connections of which no whole request has come yet: how long they are waited for, and how many there are.

uvicorn waits for the head of a request without end, so that whoever sends a byte of it now and then keeps a
connection for nothing. Here a head comes within its time, and where too many have not come, the connection
that has been waited for the longest makes way: who sends a request at once is always let in.

Invariant: a line is waited for, or a request of it is being answered, or uvicorn's own timer between two
requests runs.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable
from typing import Any, Protocol

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from vango.clock import SystemClock
from vango.errors import Refused
from vango.limits import Limits
from vango.sessions.refusals import RefusalLog

__all__ = ["Heads", "Line", "patient"]


_TOO_MANY = Refused(
    "ServerBusy",
    "Too many connections have not sent a request.",
    advice="check: heads; Limits.heads, Limits.heads_per_address",
)


class Line(Protocol):
    """A connection that can be ended."""

    def drop(self) -> None:
        """End it."""


class Heads:
    """The lines that are waited for, the longest first."""

    def __init__(self, limits: Limits, refusals: RefusalLog, uncounted: Callable[[str], bool]) -> None:
        """Wait as `limits` says; lines of `uncounted` addresses count in all only, not for their address."""
        self._limits = limits
        self._refusals = refusals
        self._uncounted = uncounted
        self._waiting: dict[Line, str] = {}
        self._of: dict[str, dict[Line, None]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def patience_s(self) -> float:
        """For how long a line is waited for."""
        return self._limits.head_s

    def enter(self, line: Line, address: str) -> None:
        """Wait for a line; where there are too many, the one that was waited for the longest is dropped."""
        address = "" if self._uncounted(address) else address
        same = self._of.get(address, {})
        if address and len(same) >= self._limits.heads_per_address:
            self._drop(next(iter(same)))
        if len(self) >= self._limits.heads:
            self._drop(next(iter(self._waiting)))
        self._waiting[line] = address
        self._of.setdefault(address, {})[line] = None

    def leave(self, line: Line) -> None:
        """Wait for a line no more: a request has come, or it has ended. One that is not there is none."""
        address = self._waiting.pop(line, None)
        if address is not None:
            same = self._of[address]
            del same[line]
            if not same:
                del self._of[address]

    def _drop(self, line: Line) -> None:
        self._refusals.tell("a connection", self._waiting[line], _TOO_MANY)
        self.leave(line)
        line.drop()


class _Patient(AutoHTTPProtocol):  # type: ignore[valid-type, misc]
    """uvicorn's HTTP, of which each head has its time."""

    def __init__(self, heads: Heads, **settings: Any) -> None:
        super().__init__(**settings)
        self._heads = heads
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Go on to wait, or no more."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()
        elif self._timer is None and self.transport.get_protocol() is self:
            self._wait()

    def handle_websocket_upgrade(self, *request: Any) -> None:
        """Hand the connection on, whose head has come."""
        self._stop_waiting()
        super().handle_websocket_upgrade(*request)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def drop(self) -> None:
        """End the connection, which has no answer to come."""
        self._stop_waiting()
        self.transport.close()

    def _wait(self) -> None:
        if not self.transport.is_closing():
            self._heads.enter(self, self.client[0] if self.client else "")
            self._timer = self.loop.call_later(self._heads.patience_s, self.drop)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._heads.leave(self)


def patient(limits: Limits, trusted: Callable[[str], bool]) -> Callable[..., asyncio.Protocol]:
    """Return what makes uvicorn's HTTP wait as `limits` says: its `http=`.

    Args:
        limits: `head_s`, `heads` and `heads_per_address`.
        trusted: Tells of an address whether it is that of a proxy, through which anybody comes.
    """
    refusals = RefusalLog(SystemClock.now)
    heads = Heads(limits, refusals, lambda address: trusted(address) or _is_loopback(address))

    def make(**settings: Any) -> asyncio.Protocol:
        return _Patient(heads, **settings)

    return make


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
