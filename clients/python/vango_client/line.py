"""One connection after another: when, by which transport, and whether it lives (PROTOCOL 3.11, 3.12, 3.16).

No I/O: time and chance come in, actions go out. Times are seconds of one clock; after every call its owner
carries out `take_actions()` and calls `tick` at `deadline`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

SOCKET_S = 3.0
HTTP_S = 10.0
STILLBORN = 3
UPGRADE_S = 60.0
DEATH_S = 5.0
STEADY_S = 10.0


@dataclass(frozen=True)
class Connect:
    """Open a link, a connection of this number; call `opened` or `closed`. `parameters` join the query."""

    link: int
    via: str = "websocket"
    parameters: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Send:
    """Send one message over a link."""

    link: int
    data: bytes


@dataclass(frozen=True)
class Close:
    """Close a link, behind what was sent; nothing of it counts any more."""

    link: int


@dataclass(frozen=True)
class Tell:
    """Tell whoever looks at the page."""

    name: str
    detail: dict[str, object]


Action = Connect | Send | Close | Tell


class Line:
    """When to connect, and by what. There is one link at a time; what an earlier one still says is not heard.

    Attributes:
        state: connecting, connected, disconnected, needs-auth, error or closed.
        phase: down, opening, greeting or up.
        via: The transport of the link that there is, or was.
        link: Its number, 0 while there is none.
    """

    def __init__(self, chance: Callable[[], float]) -> None:
        """Draw from `chance`, which gives numbers from 0 to 1."""
        self.state = "closed"
        self.phase = "down"
        self.via = "websocket"
        self.link = 0
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
        self._links = 0
        self._heir = 0  # a socket that may take over from HTTP
        self._stillborn = 0  # sockets in a row that died before a committed frame
        self._proven = False  # this link has brought one
        self._not_before = 0.0

    @property
    def deadline(self) -> float:
        """When to call `tick`; infinity if nothing is due."""
        return min(self.timers.values(), default=math.inf)

    def take_actions(self) -> list[Action]:
        """Return what is to be done now, in order."""
        actions, self._actions = self._actions, []
        return actions

    # What the owner of the links says

    def start(self, now: float) -> None:
        """Begin."""
        self.now = self.offline_since = now
        self.connect()

    def opened(self, link: int, now: float) -> None:
        """A link is open."""
        self.now = now
        if link and link == self._heir:
            self._heir = 0
            self._do(Close(self.link))
            self.link, self.via = link, "websocket"
            self.timers.clear()
            self.after(SOCKET_S, "greeting")
        if link == self.link:
            self.enter("greeting")
            self.greet()
        else:
            self._do(Close(link))  # it comes too late

    def closed(self, link: int, now: float, code: int | None = None, *, unreachable: bool = False) -> None:
        """A link has ended, or could not be opened; `unreachable` if nobody was there at all."""
        self.now = now
        if link and link == self._heir:
            self._disinherit()
        if link != self.link or not link:
            return
        if code == 3000:
            self.halt("needs-auth")
        else:
            self.lost(unreachable=unreachable)

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
        elif self.state == "disconnected" and self._not_before <= now:
            self.connect()

    # What follows

    def due(self, timer: str) -> None:
        """Do what a timer stands for."""
        match timer:
            case "retry":
                self.connect()
            case "ping":
                self.probe()
            case "upgrade":
                self._upgrade()
            case "greeting" if self.via == "websocket":
                self._stillborn = STILLBORN
                self.connect()
            case "greeting" | "death":
                self.lost()
            case "drained":
                self.down()

    def connect(self) -> None:
        """Open a link, by what has proved to work."""
        self._connect("http" if self._stillborn >= STILLBORN else "websocket")

    def _connect(self, via: str) -> None:
        self._cut()
        self.enter("opening")
        self.via = via
        self.after(HTTP_S if via == "http" else SOCKET_S, "greeting")
        self.become("connecting")
        self.link = self._open(via, self._parameters)

    def _open(self, via: str, parameters: list[tuple[str, str]]) -> int:
        self._links += 1
        self._do(Connect(self._links, via, parameters))
        return self._links

    def _cut(self) -> None:
        for link in (self.link, self._heir):
            if link:
                self._do(Close(link))
        self.link = self._heir = 0
        self.timers.clear()

    def agreed(self) -> None:
        """The server has agreed: HELLO_OK is there."""
        self.enter("up")
        self.timers.pop("greeting", None)
        self._parameters = []
        self._proven = False
        if self.via == "http":
            self.after(self.ladder_s[0] if self._stillborn < STILLBORN else UPGRADE_S, "upgrade")

    def committed(self) -> None:
        """A frame proves that this link works: the ladder begins anew."""
        self._proven = True
        self.attempts = 0
        if self.via == "websocket":
            self._stillborn = 0

    def lost(self, *, unreachable: bool = False) -> None:
        """The link has ended, or never was one."""
        young = self.phase != "up"
        if self.via == "http":
            self._stillborn = 0 if young else self._stillborn
        elif not unreachable and (young or not self._proven):
            self._stillborn += 1
            if young:
                # Where no socket gets through, the answer to a request says why, or is as good as one.
                self._connect("http")
                return
        self.down()

    def _upgrade(self) -> None:
        if self._heir:
            self._disinherit()
        else:
            self._heir = self._open("websocket", [])
            self.after(SOCKET_S, "upgrade")

    def _disinherit(self) -> None:
        self._do(Close(self._heir))
        self._heir = 0
        self._stillborn += 1
        self.after(UPGRADE_S, "upgrade")

    def down(
        self, least_s: float = 0.0, most_s: float = 0.0, parameters: list[tuple[str, str]] | None = None
    ) -> None:
        """The link is gone: come back within the given bounds, or by the ladder."""
        step = self.ladder_s[min(self.attempts, len(self.ladder_s) - 1)]
        self.attempts += 1
        low, high = (least_s, max(least_s, most_s)) if least_s or most_s else (0.8 * step, 1.2 * step)
        self.halt("disconnected")
        self._parameters = parameters or []
        self._not_before = self.now + least_s
        self.after(low + (high - low) * self._chance(), "retry")

    def halt(self, state: str) -> None:
        """No link, and no timer that would make one."""
        if self.state == "connected":
            self.offline_since = self.now
        self._cut()
        self.enter("down")
        self.become(state)

    def probe(self) -> None:
        """Ask for a sign of life, unless one is awaited."""
        if "death" not in self.timers:
            self.after(DEATH_S, "death")
            self.ask()

    def heard(self) -> None:
        """Bytes came."""
        self.timers.pop("death", None)
        self.after(self.heartbeat_s, "ping")

    def greet(self) -> None:
        """Say HELLO; the protocol half knows how."""

    def ask(self) -> None:
        """Send PING; the protocol half knows how."""

    def enter(self, phase: str) -> None:
        """Begin a phase."""
        self.phase, self.since = phase, self.now

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
