"""Events in the application's own transactions: what was committed is not done again, whatever was lost.

The memory of a session goes with its process. A document that had an event under way then sends it again to
the session that comes after, and only the database can tell that the first try was committed.
"""

from __future__ import annotations

import sys
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from vango.errors import AlreadyProcessed

__all__ = ["ONCE_TABLE", "EventId", "current_event", "once", "running_event"]

ONCE_TABLE = """\
CREATE TABLE IF NOT EXISTS vango_once (
    instance VARCHAR(64) NOT NULL,
    cseq BIGINT NOT NULL,
    at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (instance, cseq)
)"""
"""What makes the table that `once()` writes to: run it at start-up or put it into a migration.

Rows older than the time for which a browser may be away, a day for most, can be deleted.
"""

_MARKS = {
    "qmark": "?, ?",
    "numeric": ":1, :2",
    "named": ":instance, :cseq",
    "format": "%s, %s",
    "pyformat": "%s, %s",
}


@dataclass(frozen=True, slots=True)
class EventId:
    """Which event of which document; no two events of the world have the same.

    Attributes:
        instance: The loaded document, 128 random bits that it made itself.
        cseq: The number of the event in it. A document sends an event again under the number that it had.
    """

    instance: str
    cseq: int


running_event: ContextVar[EventId] = ContextVar("vango.sessions.event")
"""The event whose handler runs; the inbox sets it."""


class Connection(Protocol):
    """A connection of the Python database API (PEP 249), inside a transaction."""

    def cursor(self) -> Any:
        """Return a new cursor."""


def current_event() -> EventId:
    """Return the event whose handler runs; for databases that `once()` does not know.

    Write it under a unique constraint in the transaction of what the handler does, and raise
    `AlreadyProcessed` when it is there.

    Raises:
        RuntimeError: No event does: the caller is a body, a timer, or was called by other means.
    """
    try:
        return running_event.get()
    except LookupError:
        raise RuntimeError("no event is handled here; call this in the handler of an event") from None


def once(connection: Connection) -> None:
    """Do what a handler does in this transaction only once, also when the process dies in the middle.

    ```python
    def order(event):
        with sqlite3.connect(PATH) as db:  # a transaction
            once(db)
            db.execute("INSERT INTO orders ...")
    ```
    Give the handler a name, `on(order, action="order")`: events that a lost session has left over are sent
    again to the handler of that name. If the first try was committed, the second ends here, the transaction
    is rolled back, and the browser learns that all is well.

    Args:
        connection: A connection of the Python database API (sqlite3, psycopg, mysqlclient, ...) inside the
            transaction that writes what the handler does; `ONCE_TABLE` was run before. The caller commits.

    Raises:
        AlreadyProcessed: This event was committed before. Let it go through: it rolls the transaction back.
        RuntimeError: No event is handled here.
        TypeError: `connection` is of no driver of the Python database API; use `current_event()`.
    """
    event = current_event()
    driver = sys.modules.get(type(connection).__module__.partition(".")[0])
    style: str | None = getattr(driver, "paramstyle", None)
    duplicate: type[Exception] | None = getattr(driver, "IntegrityError", None)
    if style is None or duplicate is None:
        raise TypeError(
            f"{type(connection).__module__} has no paramstyle and IntegrityError, as PEP 249 asks; "
            "write current_event() under a unique constraint yourself"
        )
    values = asdict(event) if style == "named" else (event.instance, event.cseq)
    cursor = connection.cursor()
    try:
        cursor.execute(f"INSERT INTO vango_once (instance, cseq) VALUES ({_MARKS[style]})", values)  # noqa: S608
    except duplicate as error:
        raise AlreadyProcessed(event.cseq) from error
    finally:
        cursor.close()
