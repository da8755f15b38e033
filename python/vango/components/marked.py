"""What a handler says beyond its function: what becomes of its events while there is no connection."""

from __future__ import annotations

from typing import Literal, Self, TypeAlias, get_args
from urllib.parse import quote

from vango._core import Marked
from vango.components.handlers import Handler, is_handler
from vango.reactive.equality import Stable

__all__ = ["On", "Policy", "on"]

Policy: TypeAlias = Literal["queue", "latest", "drop"]
"""What becomes of an event that cannot be sent now: all wait, the newest waits, none does."""

_MAX_ACTION_BYTES = 128


class On(Marked, Stable):
    """A handler with what its client and its session must know of it; `on()` makes one.

    Attributes:
        handler: The callable, or the tuple of a callable and its first arguments.
        options: What the client is told (PROTOCOL 1.9).
        action: The name by which a later session of the page finds it, "" if none does.
        policy: What becomes of its events while they cannot be sent, `None` for what suits their kind.
    """

    __slots__ = ("action", "policy")
    action: str
    policy: Policy | None

    def __new__(cls, handler: Handler, options: str, action: str, policy: Policy | None) -> Self:
        """Mark `handler`."""
        self = super().__new__(cls, handler, options)
        self.action = action
        self.policy = policy
        return self

    def around(self, handler: Handler) -> On:
        """Return the same marks around another handler."""
        return On(handler, self.options, self.action, self.policy)

    def __repr__(self) -> str:
        return f"on({self.handler!r}, {self.options!r})"


def on(
    handler: Handler,
    *,
    policy: Policy | None = None,
    offline: bool = False,
    action: str = "",
    prevent: bool = False,
) -> On:
    """Say more of a handler than its function does: `on_click=on(save, action="save", offline=True)`.

    Args:
        handler: A callable, or a tuple of a callable and its first arguments.
        policy: What becomes of its events while the browser has no connection. `"queue"` keeps all and sends
            them in order, `"latest"` keeps the newest, `"drop"` keeps none. By default what suits the kind:
            clicks, submits, keys and changes queue, of inputs, scrolls and sizes the latest counts, hovers
            and moves drop.
        offline: Go on keeping events when the browser is offline for longer than 30 s; without it they are
            rejected then, which the page shows.
        action: A name for what the handler does, unique among those of its kind in the page and the same
            after a restart: `"save"`, `f"remove-{row.id}"`. When the server lost the session, the events that
            waited go to the handler of that name in the new one; without a name they are rejected, because
            their number says nothing there. At most 128 bytes.
        prevent: Keep the browser from what it does by itself, as `preventDefault()`. A submit always does.

    Raises:
        TypeError: `handler` cannot be called, or is marked already.
        ValueError: There is no such policy, `action` is too long, or `offline` is asked of events that drop.
    """
    if not is_handler(handler):
        raise TypeError(f"on() takes a function, or (function, argument), not {handler!r:.80}")
    if policy is not None and policy not in get_args(Policy):
        raise ValueError(f"there is no policy {policy!r}; write one of {', '.join(get_args(Policy))}")
    if len(action.encode()) > _MAX_ACTION_BYTES:
        raise ValueError(f"an action is a short name, at most {_MAX_ACTION_BYTES} bytes, not {action!r:.80}")
    if offline and policy == "drop":
        raise ValueError("offline=True keeps events and policy='drop' does not; leave one of them out")
    options = [
        *(["prevent"] if prevent else []),
        *([policy] if policy else []),
        *(["offline"] if offline else []),
        *([f"action={quote(action, safe='')}"] if action else []),
    ]
    return On(handler, ",".join(options), action, policy)
