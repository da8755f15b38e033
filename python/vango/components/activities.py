"""What goes on beside a scope or a session: the base of timers, tasks and subscriptions.

Invariants maintained here:
- what a body asks for starts when its render is on the page and a browser is there, so a crawler starts
  nothing, and ends with its scope;
- what an effect asks for ends with its run, what a handler asks for with its session;
- a connection that drops ends nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from vango.components.host import Host, running_host
from vango.reactive.effects import on_cleanup
from vango.reactive.equality import Stable
from vango.reactive.onlooker import refuse_early
from vango.reactive.tracking import current

if TYPE_CHECKING:
    from vango.components.scope import Scope
    from vango.components.states import States

A = TypeVar("A", bound="Activity")


class Surroundings(Protocol):
    """Where an activity belongs: the work of a view, or a session."""

    @property
    def host(self) -> Host:
        """The session."""

    @property
    def live(self) -> bool:
        """Whether a browser is there."""

    @property
    def activities(self) -> dict[Activity, None]:
        """What to start when one comes."""


class _Session:
    """The surroundings of what a handler starts."""

    __slots__ = ("activities", "host", "live")

    def __init__(self, host: Host) -> None:
        self.host = host
        self.live = True
        self.activities: dict[Activity, None] = {}


class Activity(Stable):
    """Something that runs until it is over or `dispose()` is called.

    Attributes:
        around: Where it belongs.
        started: Whether it was asked to run.
        needs_browser: Whether it waits for one.
    """

    __slots__ = ("__weakref__", "_cancel", "_ended", "around", "needs_browser", "started")

    def __init__(self, around: Surroundings) -> None:
        """Prepare; `schedule` starts it."""
        self.around = around
        self._cancel: Callable[[], None] | None = None
        self._ended = False
        self.started = False
        self.needs_browser = True

    def schedule(self) -> None:
        """Start as soon as a browser is there."""
        if not self._ended:
            self.started = True
            self.around.activities[self] = None
            self.start()

    def start(self) -> None:
        """Start, if it may."""
        if self._cancel is None and not self._ended and (self.around.live or not self.needs_browser):
            self._cancel = self._begin()

    def dispose(self) -> None:
        """Stop, for good."""
        self._ended = True
        self.around.activities.pop(self, None)
        cancel, self._cancel = self._cancel, None
        if cancel is not None:
            cancel()

    def _begin(self) -> Callable[[], None]:
        """Run from now on; return how to stop it."""
        raise NotImplementedError


def begin(
    what: str,
    kind: type[A],
    key: Hashable,
    make: Callable[[Surroundings, Scope | None], A],
    renew: Callable[[A], object],
    *,
    in_handlers: bool = True,
) -> A:
    """Return the activity of the place that calls what calls this: found again in a body, else a new one.

    Args:
        what: The name of the public function, for messages.
        kind: The class.
        key: Its identity where the place alone does not tell.
        make: Makes it, given its surroundings and the scope of the body or effect.
        renew: Brings one that was found up to date.
        in_handlers: Whether a handler may start it too.

    Raises:
        RuntimeError: Nothing here could end it, or the place is reached more or less often than last time.
    """
    frame = current.frame
    body = frame.body
    if body is not None:
        states: States = body.states()
        place = states.find(key, what, up=1)
        found = states.get(place, kind)
        if found is None:
            found = make(body.work, body)
            states.put(place, found)
        else:
            renew(found)
        if not found.started:
            states.start_later(found)
        return found
    scope = frame.owner.owning_scope() if frame.owner is not None else None
    host = running_host.get(None) if in_handlers else None
    if frame.memo is not None or (scope is None and host is None):
        places = "body, an effect or a handler" if in_handlers else "body or an effect"
        raise RuntimeError(f"{what}() belongs into a component's {places}, with which it ends")
    refuse_early(f"{what}() was called")
    if current.writes is not None:
        raise RuntimeError(f"{what}() belongs on the loop; from a thread write session.dispatch({what}, ...)")
    made = make(scope.work if scope is not None else _Session(cast("Host", host)), scope)
    if frame.owner is not None and scope is not None:
        on_cleanup(made.dispose)
    made.schedule()
    return made
