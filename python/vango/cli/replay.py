"""A recording applied to the engine's own model: the document that it leads to, or where it leads nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vango import _core, core, protocol
from vango.protocol import Cont, Diff, Message, Snapshot

MAX_BURST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class Whole:
    """A burst of which all parts are there.

    Attributes:
        burst: Its first part, with the header of all.
        payload: The payload of all parts, inflated.
    """

    burst: Snapshot | Diff
    payload: bytes


class Replay:
    """The client of a recording.

    Attributes:
        model: Its document; `None` as long as nothing says what that is.
        epoch: Of the document.
        rev: Of the document.
    """

    def __init__(self) -> None:
        self.model: core.Model | None = None
        self.epoch = self.rev = 0
        self._open: Snapshot | Diff | None = None
        self._parts: list[bytes] = []

    @property
    def count(self) -> int:
        """How many live nodes its document has."""
        return 0 if self.model is None else self.model.count

    @property
    def html(self) -> str:
        """Its document."""
        return "" if self.model is None else self.model.html(hids=False)

    def begin(self, entry: dict[str, Any]) -> None:
        """Have the document that a line of the recording names."""
        self.model = core.Model.from_snapshot(bytes.fromhex(entry["document"]))
        self.epoch, self.rev = entry["epoch"], entry["rev"]

    def collect(self, message: Message) -> Whole | None:
        """Take a message of the server; returns the burst whose last part it is.

        Raises:
            DecodeError: Its payload does not inflate.
        """
        if isinstance(message, (Snapshot, Diff)):
            self._open, self._parts = message, [message.payload]
        elif isinstance(message, Cont) and self._open is not None:
            self._parts.append(message.payload)
        else:
            return None
        if message.flags & protocol.FLAG_CANCEL:
            self._open = None
        if message.flags & protocol.FLAG_MORE or self._open is None:
            return None
        burst, self._open = self._open, None
        payload = b"".join(self._parts)
        if burst.flags & protocol.FLAG_DEFLATE:
            payload = _core.inflate(payload, MAX_BURST_BYTES)
        return Whole(burst, payload)

    def apply(self, whole: Whole) -> str:
        """Apply a burst; returns what is wrong then, "" where nothing is.

        A burst that the document shows already is dropped, as every client does.
        """
        burst, payload = whole.burst, whole.payload
        here = f"epoch {self.epoch}, rev {self.rev}"
        if isinstance(burst, Snapshot):
            self.model = core.Model.from_snapshot(payload)
        elif (burst.epoch, burst.rev) <= (self.epoch, self.rev) and burst.epoch == self.epoch:
            return ""
        elif self.model is None:
            return "what it changes is not in this recording"
        elif (burst.epoch, burst.base) != (self.epoch, self.rev):
            return f"it changes epoch {burst.epoch}, rev {burst.base}, and the document has {here}"
        else:
            try:
                self.model.apply(payload)
            except ValueError as error:
                return f"the document, which has {here}, cannot take it: {error}"
        self.epoch, self.rev = burst.epoch, burst.rev
        count = self.model.count
        return "" if count == burst.count else f"the document has {count} nodes, not {burst.count}"
