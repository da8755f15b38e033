"""Refusals in the log: each check names itself, and nobody fills the log by being refused."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from vango.errors import Refused

__all__ = ["RefusalLog"]

_EVERY_S = 60.0
_MOST = 1_024
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")
# What all clients meet as things are: a server that stops, pages of another version, sessions that are gone.
_USUAL = frozenset(
    {"Draining", "RateLimited", "Rehome", "SchemaMismatch", "SessionNotFound", "VersionNotSupported"}
)

log = logging.getLogger("vango")


class RefusalLog:
    """Writes each refusal once for its check and its peer, and counts what follows within a minute.

    What a peer said, as its origin, stands in the line; what could not be printed is a question mark there.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        """Have written nothing; `now` tells the time in seconds."""
        self._now = now
        self._told: dict[tuple[str, str, str], list[float]] = {}  # until when it is counted only, how often

    def tell(self, what: str, address: str, refused: Refused, *, usual: bool = False) -> None:
        """Write that something was refused, unless the same was written of this peer within the last minute.

        Args:
            what: "a socket", "a request", "a HELLO".
            address: Of the peer.
            refused: Why.
            usual: Whether good clients meet that too, as their kind may tell; it is not written then.
        """
        if usual or refused.kind in _USUAL:
            log.debug("%s was refused, %s", what, refused)
            return
        now = self._now()
        # Where too many are counted, all others are counted as one.
        key = (address, refused.kind, refused.message)
        if key not in self._told and len(self._told) >= _MOST:
            self._told = {key: count for key, count in self._told.items() if count[0] > now}
            key = key if len(self._told) < _MOST else ("", refused.kind, refused.message)
        until, count = self._told.get(key, (0.0, 0.0))
        if now < until:
            self._told[key][1] += 1
            return
        self._told[key] = [now + _EVERY_S, 0]
        more = f", and {count:.0f} more since it was written last" if count else ""
        peer = f" of {address}" if address else ""
        log.info("%s", _UNPRINTABLE.sub("?", f"{what}{peer} was refused, {refused}{more}"))
