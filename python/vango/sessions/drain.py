"""Taking leave of all clients before a process stops (PROTOCOL 3.15).

Invariants:
    - Who is told to go is told once, and is served until it has gone.
    - It ends by its deadline, whatever clients do.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from vango.protocol import GoAway

if TYPE_CHECKING:
    from vango.sessions.attachment import Attachment
    from vango.sessions.registry import Registry

__all__ = ["drain"]

_PACE_S = 0.05  # between two goodbyes; many have to follow each other faster
_LOOK_S = 0.05
_LAST_WORDS_S = 0.5  # for those who were cut off to hear of it, before the server closes in its own way


async def drain(registry: Registry) -> None:
    """Ask the connected clients to leave, over `drain_s` at most, and end who is there `goodbye_s` later.

    A client that was asked begins nothing new, waits for the outcome of what it began, and says BYE; it comes
    back after a delay that it draws itself, so who serves then is not met by all at once.
    """
    limits, clock = registry.limits, registry.clock
    connected = registry.statistics().attached
    pace_s = min(_PACE_S, limits.drain_s / max(1, connected))
    patience_s = connected * pace_s + limits.goodbye_s
    end = clock.now() + patience_s
    told: set[Attachment] = set()
    waiting: deque[Attachment] = deque()
    with clock.move_on_after(patience_s):
        while registry.statistics().attached:
            if not waiting:
                attachments = (session.attachment for session in registry.sessions)
                waiting.extend(one for one in attachments if one is not None and one not in told)
                told.update(waiting)
            if waiting:
                left_ms = max(0, round((end - clock.now()) * 1000))  # the machine may have slept
                waiting.popleft().post(GoAway("Draining", *limits.return_ms, [], left_ms))
            await clock.sleep(pace_s if waiting else _LOOK_S)
    for session in list(registry.sessions):
        registry.close(session, "Draining")
    with clock.move_on_after(_LAST_WORDS_S):
        while registry.connections:
            await clock.sleep(_LOOK_S)
