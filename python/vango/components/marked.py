"""What a handler says beyond its function: which events it wants, when, and what becomes of them offline."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, Self, TypeAlias, get_args
from urllib.parse import quote

from vango._core import Marked
from vango.components.handlers import Handler, is_handler
from vango.reactive.equality import Stable

__all__ = ["On", "Policy", "on"]

Policy: TypeAlias = Literal["queue", "latest", "drop"]
"""What becomes of an event that cannot be sent now: all wait, the newest waits, none does."""

_MAX_ACTION_BYTES = 128
_MAX_PACE_MS = 60_000
_MODIFIERS = ("ctrl", "shift", "alt", "meta", "mod")


class On(Marked, Stable):
    """A handler with what its client and its session must know of it; `on()` makes one.

    Attributes:
        handler: The callable, or the tuple of a callable and its first arguments.
        options: What the client is told (PROTOCOL 1.9).
        action: The name by which a later session of the page finds it, "" if none does.
        policy: What becomes of its events while they cannot be sent, `None` for what suits their kind.
        names: Which events of scripts it takes; nothing else reaches an `on_hook`.
    """

    __slots__ = ("action", "names", "policy")
    action: str
    names: frozenset[str]
    policy: Policy | None

    def __new__(
        cls,
        handler: Handler,
        options: str,
        action: str,
        policy: Policy | None,
        names: frozenset[str] = frozenset(),
    ) -> Self:
        """Mark `handler`."""
        self = super().__new__(cls, handler, options)
        self.action = action
        self.names = names
        self.policy = policy
        return self

    def around(self, handler: Handler) -> On:
        """Return the same marks around another handler."""
        return On(handler, self.options, self.action, self.policy, self.names)

    def __repr__(self) -> str:
        return f"on({self.handler!r}, {self.options!r})"


def on(
    handler: Handler,
    *,
    prevent: bool = False,
    stop: bool = False,
    self: bool = False,
    once: bool = False,
    capture: bool = False,
    outside: bool = False,
    window: bool = False,
    keys: str | Iterable[str] = (),
    names: str | Iterable[str] = (),
    debounce: int = 0,
    throttle: int = 0,
    pending: bool = False,
    policy: Policy | None = None,
    offline: bool = False,
    action: str = "",
) -> On:
    """Say more of a handler than its function does: `on_keydown=on(save, keys="ctrl+s", prevent=True)`.

    An event goes to the nearest element that wants it; an element whose `self`, `once` or `keys` is not met
    does not, so that the next one around it is asked.

    Args:
        handler: A callable, or a tuple of a callable and its first arguments.
        prevent: Keep the browser from what it does by itself, as `preventDefault()`. A submit and a drop
            always do. Only with it the browser waits for the page while somebody scrolls by wheel or finger.
        stop: Nobody gets the event after this handler: neither elements with `window` or `outside`, nor
            scripts that listen at the window.
        self: Only events of the element itself, not of what is in it.
        once: Only the first event while the element is in the page.
        capture: Get the event before what is in the element does; also those that an element otherwise gets
            for itself alone: scroll, toggle, load, error, invalid, what media do.
        outside: Only events that happen outside of the element: a click that closes a menu.
        window: Events wherever they happen, while the element is in the page: keys, clicks; with `on_resize`
            and `on_scroll`, those of the window itself.
        keys: Only these keys, by what they mean: `"Enter"`, `"a"`, `"Space"`, with what must be held
            meanwhile: `"ctrl+s"`, `"shift+Tab"`; `mod` is cmd on a Mac and ctrl elsewhere. Never while a text
            is composed.
        names: Of `on_hook`, the types of the events that scripts dispatch: `"sl-change"`. No other is heard.
        debounce: Wait until there was no further event for so many ms; the last one counts. What waits is
            sent before any event that follows it, when the focus leaves, and when the page goes.
        throttle: Send at most one event in so many ms: the first at once, then the newest.
        pending: Until the server has finished with it, the element has the attribute `data-pending`, which
            names the kind of the event.
        policy: What becomes of its events while the browser has no connection. `"queue"` keeps all and sends
            them in order, `"latest"` keeps the newest, `"drop"` keeps none. By default what suits the kind:
            clicks, submits, keys and changes queue, of inputs, scrolls and sizes the latest counts, hovers
            and moves drop. With `"queue"` moves, wheels, scrolls and sizes are all told with a connection,
            too, of which else the newest counts while the server works on one.
        offline: Go on keeping events when the browser is offline for longer than 30 s; without it they are
            rejected then, which the page shows.
        action: A name for what the handler does, unique among those of its kind in the page and the same
            after a restart: `"save"`, `f"remove-{row.id}"`. When the server lost the session, the events that
            waited go to the handler of that name in the new one; without a name they are rejected, because
            their number says nothing there. At most 128 bytes.

    Raises:
        TypeError: `handler` cannot be called, or is marked already.
        ValueError: There is no such policy or modifier of a key, `action` or a name is too long, a name is a
            number, a time is not between 0 and 60,000 ms, or two options contradict each other.
    """
    if not is_handler(handler):
        raise TypeError(f"on() takes a function, or (function, argument), not {handler!r:.80}")
    if policy is not None and policy not in get_args(Policy):
        raise ValueError(f"there is no policy {policy!r}; write one of {', '.join(get_args(Policy))}")
    if len(action.encode()) > _MAX_ACTION_BYTES:
        raise ValueError(f"an action is a short name, at most {_MAX_ACTION_BYTES} bytes, not {action!r:.80}")
    for name, milliseconds in (("debounce", debounce), ("throttle", throttle)):
        if not 0 <= milliseconds <= _MAX_PACE_MS:
            raise ValueError(f"{name}={milliseconds!r}: a number of ms, at most {_MAX_PACE_MS:,}")
    _refuse_both("offline=True keeps events and policy='drop' does not", offline, policy == "drop")
    _refuse_both(
        "pending=True waits for the outcome and policy='drop' may have none", pending, policy == "drop"
    )
    _refuse_both("debounce= sends the last event and throttle= the first", debounce, throttle)
    _refuse_both("window=True takes events from everywhere, outside=True does not", window, outside)
    _refuse_both(
        "what is inside has no say with window=True or outside=True", window or outside, self or capture
    )
    flags = {
        "prevent": prevent,
        "stop": stop,
        "self": self,
        "once": once,
        "capture": capture,
        "outside": outside,
        "window": window,
        "pending": pending,
    }
    combinations = [_combination(keys)] if isinstance(keys, str) and keys else map(_combination, keys)
    keyed = "|".join(quote(combination, safe="") for combination in combinations)
    named = frozenset([names] if isinstance(names, str) and names else names)
    for name in named:
        if not 0 < len(name.encode()) <= _MAX_ACTION_BYTES or name.isdecimal():
            raise ValueError(
                f"names={name!r:.80}: the type of an event, at most {_MAX_ACTION_BYTES} bytes, no number"
            )
    options = [
        *(name for name, wanted in flags.items() if wanted),
        *([f"keys={keyed}"] if keyed else []),
        *([f"names={'|'.join(quote(name, safe='') for name in sorted(named))}"] if named else []),
        *([f"debounce={debounce}"] if debounce else []),
        *([f"throttle={throttle}"] if throttle else []),
        *([policy] if policy else []),
        *(["offline"] if offline else []),
        *([f"action={quote(action, safe='')}"] if action else []),
    ]
    return On(handler, ",".join(options), action, policy, named)


def _refuse_both(why: str, one: object, other: object) -> None:
    if one and other:
        raise ValueError(f"{why}; leave one of them out")


def _combination(keys: str) -> str:
    """Return a key and what is held with it, in the spelling of the wire: `"Ctrl+s"` is `"ctrl+s"`."""
    *held, key = re.split(r"\+(?=.)", keys, flags=re.DOTALL)
    held = [name.lower() for name in held]
    for name in held:
        if name not in _MODIFIERS:
            raise ValueError(f"{name!r} in keys={keys!r} cannot be held; write {', '.join(_MODIFIERS)}")
    if not key:
        raise ValueError('keys="" names no key; write keys="Enter", or leave it out')
    return "+".join([*held, " " if key.lower() == "space" else key])
