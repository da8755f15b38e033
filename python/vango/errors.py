"""Every error that vango raises on purpose.

    VangoError
        ProtocolError       a peer sent bytes, or an order of bytes, that the protocol does not allow
        LimitExceeded       a bound was passed; nothing else was lost
            StormError      code of a page starts more work than its budget
        Refused             a gate said no: wrong token, unknown session, too busy
        RedirectLoop        pages lead from one to the next and never to one that shows
        AlreadyProcessed    an event was committed by an earlier try: all is well, and nothing is to be done
        ChannelClosed       a channel ended, by the browser, by a limit, or with its connection
        TransportClosed     the connection ended as agreed, by us or by the peer
        TransportBroken     the connection ended by the world: cut, reset, silent

A peer's fault ends one connection, a handler's fault is reported and its session lives.
Wrong use of the Python API raises `TypeError`, `ValueError` or `RuntimeError` and says what to write.
"""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "AlreadyProcessed",
    "ChannelClosed",
    "ErrorReport",
    "LimitExceeded",
    "ProtocolError",
    "RedirectLoop",
    "Refused",
    "StormError",
    "TransportBroken",
    "TransportClosed",
    "VangoError",
]


class VangoError(Exception):
    """The root of all errors that vango raises on purpose."""


class ProtocolError(VangoError):
    """A peer broke the protocol. Nothing of the message was applied.

    Attributes:
        offset: The first wrong byte of the message, counted from its start.
        reason: What is wrong there.
        kind: The error kind of PROTOCOL section 5 that the peer is told.
    """

    def __init__(self, offset: int, reason: str, kind: str = "InvalidFrame") -> None:
        super().__init__(offset, reason, kind)
        self.offset = offset
        self.reason = reason
        self.kind = kind

    def __str__(self) -> str:
        return f"{self.kind} at byte {self.offset}: {self.reason}"


class LimitExceeded(VangoError):  # noqa: N818
    """A bound was passed.

    Attributes:
        name: The field of `Limits`.
        limit: Its value.
        got: What was asked for.
    """

    def __init__(self, name: str, limit: float, got: float) -> None:
        super().__init__(name, limit, got)
        self.name = name
        self.limit = limit
        self.got = got

    def __str__(self) -> str:
        return f"{self.name}: {self.got:,} is over the limit of {self.limit:,}"


class StormError(LimitExceeded):
    """Code of a page starts more work than the budget of its session, see `Limits.storms`.

    Attributes:
        culprit: Name and line of what was started last.
    """

    def __init__(self, name: str, limit: float, culprit: str) -> None:
        super().__init__(name, limit, limit + 1)
        self.args = (name, limit, culprit)
        self.culprit = culprit

    def __str__(self) -> str:
        what, per = _STORMS[self.name]
        return (
            f"more than {self.limit:,} {what} within {per} (Limits.{self.name}), the last one "
            f"{self.culprit}; is it started by a body or an effect that it wakes itself?"
        )


_STORMS = {
    "resource_starts_per_s": ("fetches of resources", "a second"),
    "action_starts_per_s": ("runs of actions", "a second"),
    "latest_starts_per_s": ("runs of actions with the policy 'latest'", "a second"),
    "effects_per_tick": ("runs of effects", "one tick"),
}


class Refused(VangoError):  # noqa: N818
    """A gate said no.

    Attributes:
        kind: The error kind of PROTOCOL section 5 that the peer is told.
        message: One sentence for the person who looks at the browser's console.
        retry_after_ms: When it is worth asking again; 0 if it is not.
        parameters: What the client is to do, as names and values.
        advice: What the operator may want to know or to set; it is for the log, the peer is not told.
        status: The status of HTTP, where it is not that of the kind.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        retry_after_ms: int = 0,
        parameters: Sequence[tuple[str, str]] = (),
        *,
        advice: str = "",
        status: int = 0,
    ) -> None:
        super().__init__(kind, message, retry_after_ms)
        self.status = status
        self.advice = advice
        self.kind = kind
        self.message = message
        self.retry_after_ms = retry_after_ms
        self.parameters = list(parameters)

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}" + (f" ({self.advice})" if self.advice else "")


class RedirectLoop(VangoError):  # noqa: N818
    """Pages lead from one to the next, and never to one that shows.

    Attributes:
        chain: The addresses, in their order.
    """

    def __init__(self, chain: list[str]) -> None:
        super().__init__(chain)
        self.chain = chain

    def __str__(self) -> str:
        return f"{len(self.chain) - 1} redirects, and none leads to a page: {' -> '.join(self.chain)}"


class AlreadyProcessed(VangoError):  # noqa: N818
    """An event was committed by an earlier try; let this go through the handler, for all is well.

    Attributes:
        cseq: The number of the event.
    """

    def __init__(self, cseq: int) -> None:
        super().__init__(cseq)
        self.cseq = cseq

    def __str__(self) -> str:
        return f"event {self.cseq} was committed before"


class ChannelClosed(VangoError):  # noqa: N818
    """A channel has ended. A handler lets this go through: it has nothing left to do.

    Attributes:
        error: The error kind or the word that the browser gave, "Lost" where the connection has ended, ""
            where the channel ended in order.
    """

    def __init__(self, error: str = "") -> None:
        super().__init__(error)
        self.error = error

    def __str__(self) -> str:
        return f"the channel has ended{': ' if self.error else ''}{self.error}"


class TransportClosed(VangoError):  # noqa: N818
    """The connection ended as agreed.

    Attributes:
        code: The WebSocket close code.
        reason: What the closing side said.
    """

    def __init__(self, code: int = 1000, reason: str = "") -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason

    def __str__(self) -> str:
        return f"closed with {self.code}{': ' if self.reason else ''}{self.reason}"


class TransportBroken(VangoError):  # noqa: N818
    """The connection ended by the world: it was cut, reset, or went silent."""


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """An error that was contained, as the application's `on_error` gets it.

    Attributes:
        reference: A short random name; the page shows it, the log has it.
        where: The handler, component or part of a session that raised, in words.
        error: What it raised.
        session: The id of the session, "" where there was none.
        path: The path of its page.
        component: The components around the code that raised, from the outside, by the names of their
            functions; empty where no component had to do with it.
        handler: File and line of the handler that raised, "" where none did.
        event: The number of the event that it handled, 0 where there was none.
    """

    reference: str
    where: str
    error: BaseException
    session: str
    path: str
    component: tuple[str, ...] = ()
    handler: str = ""
    event: int = 0
