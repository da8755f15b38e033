"""One connection after another: when, by which transport, and whether it lives (PROTOCOL 3.11, 3.12, 3.16).

No I/O: time and chance come in, actions go out. Times are seconds of one clock; after every call its owner
carries out `take_actions()` and calls `tick` at `deadline`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

GREETING_S = 10.0
HTTP_AFTER_S = 3.0
HTTP_AFTER_DEATHS = 3
SOCKET_AGAIN_S = 60.0
DEATH_S = 5.0
STEADY_S = 10.0


@dataclass(frozen=True)
class Connect:
    """Open a connection; call `opened` or `closed`. `parameters` are added to the query."""

    via: str = "websocket"
    parameters: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Send:
    """Send one message over the connection that is open."""

    data: bytes


@dataclass(frozen=True)
class Close:
    """Close the connection, behind what was sent; nothing of it counts any more."""


@dataclass(frozen=True)
class Tell:
    """Tell whoever looks at the page."""

    name: str
    detail: dict[str, object]


Action = Connect | Send | Close | Tell


class Line:
    """When to connect, and by what.

    Attributes:
        state: connecting, connected, disconnected, needs-auth, error or closed.
        phase: down, opening, greeting or up.
        via: The transport of the connection that there is, or was.
    """

    def __init__(self, chance: Callable[[], float]) -> None:
        """Draw from `chance`, which gives numbers from 0 to 1."""
        self.state = "closed"
        self.phase = "down"
        self.via = "websocket"
        self.now = 0.0
        self.since = 0.0
        self.offline_since = 0.0
        self.attempts = 0
        self.ladder_s = [1.0, 2.0, 5.0, 10.0, 30.0]
        self.heartbeat_s = 25.0
        self.timers: dict[str, float] = {}
        self._chance = chance
        self._actions: list[Action] = []
        self._parameters: list[tuple[str, str]] = []
        self._deaths = 0
        self._committed = False

    @property
    def deadline(self) -> float:
        """When to call `tick`; infinity if nothing is due."""
        return min(self.timers.values(), default=math.inf)

    def take_actions(self) -> list[Action]:
        """Return what is to be done now, in order."""
        actions, self._actions = self._actions, []
        return actions

    def start(self, now: float) -> None:
        """Begin."""
        self.now = self.offline_since = now
        self.connect()

    def closed(self, now: float, code: int | None = None, *, unreachable: bool = False) -> None:
        """The connection has ended, or could not be opened; `unreachable` if nobody was there at all."""
        self.now = now
        if self.phase == "down":
            return
        if code == 3000:
            self.halt("needs-auth")
            return
        if self.via == "websocket" and not self._committed and not unreachable:
            self._deaths += 1
        self.down()

    def tick(self, now: float) -> None:
        """Do what is due."""
        self.now = now
        for timer, at in list(self.timers.items()):
            if at <= now and self.timers.pop(timer, None) is not None:
                self.due(timer)

    def wake(self, now: float) -> None:
        """Somebody looks again: see at once whether the server is there."""
        self.now = now
        if self.phase == "up":
            self.probe()
        elif self.state == "disconnected" and self.timers.get("not before", 0) <= now:
            self.connect()

    def due(self, timer: str) -> None:
        """Do what a timer stands for."""
        match timer:
            case "retry":
                self.connect()
            case "ping":
                self.probe()
            case "no socket":
                self._deaths = HTTP_AFTER_DEATHS
                self._do(Close())
                self.connect()
            case "socket again":
                self._deaths = 0
                if self.phase == "up":
                    self._do(Close())
                    self.connect()
            case "greeting" | "death" | "drained":
                self.down()

    def connect(self) -> None:
        """Open a connection."""
        self.via = "http" if self._deaths >= HTTP_AFTER_DEATHS else "websocket"
        again = self.timers.get("socket again")
        self.timers.clear()
        self.phase, self.since = "opening", self.now
        self._committed = False
        self.after(GREETING_S, "greeting")
        if self.via == "websocket":
            self.after(HTTP_AFTER_S, "no socket")
        else:
            self.timers["socket again"] = again if again is not None else self.now + SOCKET_AGAIN_S
        self.become("connecting")
        self._do(Connect(self.via, self._parameters))
        self._parameters = []

    def probe(self) -> None:
        """Ask for a sign of life, unless one is awaited."""
        if "death" not in self.timers:
            self.after(DEATH_S, "death")
            self.ask()

    def ask(self) -> None:
        """Send the question; the protocol half knows how."""

    def heard(self) -> None:
        """Bytes came."""
        self.timers.pop("death", None)
        self.after(self.heartbeat_s, "ping")

    def committed(self) -> None:
        """A frame proves that this connection works: the ladder begins anew."""
        self._committed = True
        self.attempts = 0
        if self.via == "websocket":
            self._deaths = 0

    def down(
        self, least_s: float = 0.0, most_s: float = 0.0, parameters: list[tuple[str, str]] | None = None
    ) -> None:
        """The connection is gone: come back within the given bounds, or by the ladder."""
        step = self.ladder_s[min(self.attempts, len(self.ladder_s) - 1)]
        self.attempts += 1
        low, high = (least_s, max(least_s, most_s)) if least_s or most_s else (0.8 * step, 1.2 * step)
        again = self.timers.get("socket again")
        self.halt("disconnected")
        if again is not None:
            self.timers["socket again"] = again
        self._parameters = parameters or []
        self.after(low + (high - low) * self._chance(), "retry")
        if least_s:
            self.after(least_s, "not before")

    def halt(self, state: str) -> None:
        """No connection, and no timer that would make one."""
        if self.state == "connected":
            self.offline_since = self.now
        self.phase, self.since = "down", self.now
        self.timers.clear()
        self._do(Close())
        self.become(state)

    def become(self, state: str) -> None:
        """Change the state, and tell."""
        if state != self.state:
            self.state = state
            self._do(Tell("state", {"state": state}))

    def after(self, seconds: float, timer: str) -> None:
        """Set a timer."""
        self.timers[timer] = self.now + seconds

    def _do(self, action: Action) -> None:
        self._actions.append(action)
