"""Clients that break a rule on purpose, for each scenario one: the independent one with something changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from python_subject import PythonClient

from vango_client import connection as connections
from vango_client.bursts import Bursts
from vango_client.connection import Connection
from vango_client.document import BurstFailed, Document
from vango_client.line import Line
from vango_client.outbox import Outbox

Break = Callable[[pytest.MonkeyPatch], None]

WRONG: dict[str, tuple[str, Break]] = {}


def wrong(name: str, how: str) -> Callable[[Break], Break]:
    """Note a wrong client for a scenario."""

    def note(breaks: Break) -> Break:
        WRONG[name] = how, breaks
        return breaks

    return note


@wrong("C01", "it sends events before the server has agreed")
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    greet = Connection.greet

    def and_go_on(connection):
        greet(connection)
        connection.ready = True
        connection._flush()

    monkeypatch.setattr(Connection, "greet", and_go_on)


@wrong("C02", "over HTTP it acknowledges nothing")
def differs(monkeypatch: pytest.MonkeyPatch) -> None:
    acknowledge = Connection._acknowledge

    def over_sockets(connection):
        if connection.via == "websocket":
            acknowledge(connection)

    monkeypatch.setattr(Connection, "_acknowledge", over_sockets)


def never_acknowledges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "_ack_soon", lambda connection: None)


wrong("C03", "it never says what it has settled")(never_acknowledges)
wrong("C28", "it never acknowledges")(never_acknowledges)


@wrong("C04", "it forgets which burst it has")
def forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Line.lost

    def and_forget(line, **how):
        line.rev = 0
        lost(line, **how)

    monkeypatch.setattr(Line, "lost", and_forget)


@wrong("C05", "it takes no SNAPSHOT of the epoch that it is in")
def stubborn(monkeypatch: pytest.MonkeyPatch) -> None:
    adopt = Connection._adopt
    monkeypatch.setattr(
        Connection, "_adopt", lambda it, whole: whole["epoch"] > it.epoch and adopt(it, whole)
    )


def with_header(monkeypatch: pytest.MonkeyPatch, change: Callable[[Connection, object], dict]) -> None:
    apply = Connection._apply

    def anyhow(connection, diff):
        return apply(connection, replace(diff, header={**diff.header, **change(connection, diff)}))

    monkeypatch.setattr(Connection, "_apply", anyhow)


@wrong("C06", "it does not mind the epoch of a DIFF")
def any_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    with_header(monkeypatch, lambda connection, diff: {"epoch": connection.epoch})


@wrong("C07", "it asks for everything when a burst comes twice")
def alarmed(monkeypatch: pytest.MonkeyPatch) -> None:
    with_header(monkeypatch, lambda connection, diff: {"rev": connection.rev + 1})


@wrong("C08", "it applies a DIFF to any base")
def any_base(monkeypatch: pytest.MonkeyPatch) -> None:
    with_header(monkeypatch, lambda connection, diff: {"base": connection.rev})


@wrong("C09", "it does not count")
def careless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Document, "_check", lambda document, count: None)


@wrong("C10", "it puts what replaces a node where the op says, at the end")
def misplaces(monkeypatch: pytest.MonkeyPatch) -> None:
    insert = Document._insert

    def anew(document, op):
        old = document.nodes.get(op.node.hid)
        if old is not None and op.parent:
            document._remove(old)
        insert(document, op)

    monkeypatch.setattr(Document, "_insert", anew)


@wrong("C11", "it does not slow down")
def restless(monkeypatch: pytest.MonkeyPatch) -> None:
    on_error = Connection._on_error

    def unless_limited(connection, error):
        if error["kind"] != "RateLimited":
            on_error(connection, error)

    monkeypatch.setattr(Connection, "_on_error", unless_limited)


def shows_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bursts, "take", lambda bursts, part: part if part.name != "CONT" else None)


wrong("C12", "it shows the first part of a burst")(shows_parts)


@wrong("C12", "it asks for a snapshot that is coming")
def insistent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bursts, "is_snapshot_open", False)


@wrong("C08", "it never loses patience")
def steady(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vango_client.connection.MAX_ASK_AGAIN_S", 5.0)


wrong("C13", "it keeps the first part of a burst that was cancelled")(shows_parts)


@wrong("C14", "it drops the first of two bursts that interleave, and takes the second")
def tolerant(monkeypatch: pytest.MonkeyPatch) -> None:
    take = Bursts.take

    def anyhow(bursts, part):
        if part.name != "CONT":
            bursts.drop()
        elif bursts._first is None:
            return None
        return take(bursts, part)

    monkeypatch.setattr(Bursts, "take", anyhow)


@wrong("C15", "it gives an event a new number when it sends it again")
def renumbers(monkeypatch: pytest.MonkeyPatch) -> None:
    def above(outbox, last):
        outbox.waiting = [*outbox._events.values(), *outbox.waiting]
        outbox.unsettled.clear()
        outbox._events.clear()
        return []

    monkeypatch.setattr(Outbox, "above", above)


def ignoring(error: str) -> Break:
    """Return what makes a client deaf to one RESULT."""

    def breaks(monkeypatch: pytest.MonkeyPatch) -> None:
        on_result = Connection._on_result

        def unless(connection, result):
            if result["error"] != error:
                on_result(connection, result)

        monkeypatch.setattr(Connection, "_on_result", unless)

    return breaks


wrong("C16", "it does not send again what is out of order")(ignoring("OutOfOrder"))
wrong("C17", "it waits for a handler that has failed")(ignoring("HandlerFailed"))


@wrong("C18", "it keeps only the newest while offline")
def short_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    add = Outbox.add
    monkeypatch.setattr(Outbox, "add", lambda outbox, event: add(outbox, replace(event, policy="latest")))


@wrong("C19", "it tells nobody that a click hit nothing")
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    tell = Connection._tell

    def unless_error(connection, name, **detail):
        if name != "error":
            tell(connection, name, **detail)

    monkeypatch.setattr(Connection, "_tell", unless_error)


@wrong("C20", "it sends what was meant for another view")
def mistakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Outbox, "begin", lambda outbox, last, **how: [])


@wrong("C21", "it sends what is too big again and again")
def loops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Outbox, "bury", lambda outbox, limit: [])


@wrong("C22", "it reloads in a circle")
def circles(monkeypatch: pytest.MonkeyPatch) -> None:
    def always(client, reason):
        client._reloaded = False
        return once(client, reason)

    once = PythonClient._reload
    monkeypatch.setattr(PythonClient, "_reload", always)


@wrong("C23", "it does not know that `04` may replace a node")
def literal(monkeypatch: pytest.MonkeyPatch) -> None:
    insert = Document._insert

    def unless_live(document, op):
        if op.node.hid in document.nodes:
            raise BurstFailed("it is there already")
        insert(document, op)

    monkeypatch.setattr(Document, "_insert", unless_live)


@wrong("C26", "it is the same instance in every tab")
def twins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections.secrets, "token_hex", lambda size: "a" * 2 * size)


@wrong("C29", "it knows no other way than a socket")
def one_way(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = Line._connect
    monkeypatch.setattr(Line, "_connect", lambda line, _: connect(line, "websocket"))


@wrong("C30", "it always comes back at once")
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    down = Line.down

    def at_once(line, *bounds):
        line.attempts = 0
        down(line, *bounds)

    monkeypatch.setattr(Line, "down", at_once)


@wrong("C24", "it does not say the CSRF value of its page")
def anonymous(monkeypatch: pytest.MonkeyPatch) -> None:
    greet = Connection.greet

    def without(connection):
        connection._csrf = ""
        greet(connection)

    monkeypatch.setattr(Connection, "greet", without)


@wrong("C25", "it goes on trying when it is not let in")
def insists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "NEEDS_AUTH", set())


@wrong("C27", "it goes at once, whatever it waits for")
def abrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    on_goaway = Connection._on_goaway

    def at_once(connection, goaway):
        on_goaway(connection, goaway)
        connection._send("BYE", reason="drained")

    monkeypatch.setattr(Connection, "_on_goaway", at_once)
