"""How each error kind is brought about from outside, and which kinds one process alone cannot have."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import anyio
from live_page import Visit

from vango import App, component, html as h, protocol, signal
from vango.limits import Limits
from vango.protocol import Ack, Bye, Channel, Diff, Ping, Refetch

from .lines import HttpLine, Line

BUTTON, FIELD, FAILING, WAITING = 3, 5, 6, 8
PING = protocol.encode(Ping())


@component
def Board():
    """A button that counts, a field, a button whose handler fails, and one whose handler never returns."""
    count = signal(0)

    def fail() -> None:
        raise ValueError("on purpose")

    return h.main[
        h.button(on_click=lambda: count.update(lambda n: n + 1))[count],
        h.input(on_input=lambda event: None),
        h.button(on_click=fail)["fail"],
        h.button(on_click=anyio.sleep_forever)["wait"],
    ]


def make_app(**settings: Any) -> App:
    """An application with the board at two addresses."""
    app = App(on_error=lambda report: None, **settings)
    app.page("/")(Board)
    app.page("/other")(Board)
    return app


@dataclass(frozen=True)
class Fault:
    """One way to be wrong.

    Attributes:
        name: What is wrong, in words.
        kind: The error kind that answers it.
        scope: That of its ERROR; 0 with a RESULT.
        act: Does it; what came back is on the line then.
        ways: By which it can be done.
        code: The close code, where the table names none and the text beside it does.
        settings: Those of the application.
    """

    name: str
    kind: str
    scope: int
    act: Callable[[Any], Awaitable[None]]
    ways: tuple[str, ...] = ("websocket", "http")
    code: int | None = None
    settings: dict[str, Any] = field(default_factory=dict)


def says(*messages: bytes, **hello: object) -> Callable[[Line], Awaitable[None]]:
    """Connect, and say this, each a message of its own."""

    async def act(line: Line) -> None:
        await line.greet(**hello)
        for message in messages:
            if line.code is None:
                await line.say(message)

    return act


def begins(*first: bytes) -> Callable[[Line], Awaitable[None]]:
    """Say this instead of HELLO."""

    async def act(line: Line) -> None:
        await line.connect()
        await line.say(b"".join(first))

    return act


def click(cseq: int = 1, hid: int = BUTTON, **changes: Any) -> bytes:
    """The frame of a click."""
    fields = {"epoch": 1, "cseq": cseq, "rev": 0, "hid": hid, "kind": 0, **changes}
    return protocol.encode(protocol.Event(**fields))


async def _more_than_hello(line: Line) -> None:
    await line.connect()
    await line.say(line.hello() + PING)


async def _second_hello(line: Line) -> None:
    await line.greet()
    await line.say(line.hello())


async def _foreign_token(line: Line) -> None:
    other = await Visit.to(line.app)
    await line.greet(token=other.live["token"])


async def _forged_token(line: Line) -> None:
    await line.greet(token=line.visit.live["token"][:-1])


async def _foreign_csrf(line: Line) -> None:
    other = await Visit.to(line.app)
    await line.greet(csrf=other.live["csrf"])


async def _foreign_browser(line: Line) -> None:
    other = await Visit.to(line.app)
    line.visit.headers["Cookie"] = other.headers["Cookie"]
    await line.greet()


async def _page_that_is_gone(line: Line) -> None:
    line.app.registry.close(line.session)
    await line.greet(path="/gone")


async def _no_hello(line: Line) -> None:
    await line.connect()
    if isinstance(line, HttpLine):
        line.post(b"\0", b"", b"")  # a body that does not come to its end
        line.n += 1
    await line.wait(5)


async def _session_ends(line: Line) -> None:
    await line.greet()
    line.app.registry.close(line.session)
    await line.wait(0)


async def _drained(line: Line) -> None:
    await line.greet()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(line.app.drain)
        await line.wait(6)


async def _thousand_hellos(line: Line) -> None:
    refused = 0
    for _ in range(1_000):
        await line.greet(epoch=0)
        refused += bool(line.wrongs)
    assert refused == 995


async def _thousand_refetches(line: Line) -> None:
    await line.greet()
    for _ in range(1_000 // 250):
        await line.say(protocol.encode(Refetch(1, 0, "more")) * 250)
    await line.say(click())
    assert line.session.ledger.accepted == 1


async def _event_flood(line: Line) -> None:
    await line.greet()
    await line.say(b"".join(click(cseq) for cseq in range(1, 1_000)))
    assert line.session.ledger.accepted == 200


async def _settled_and_sent_again(line: Line) -> None:
    await says(click(), protocol.encode(Ack(1, 1, 1)), click())(line)


async def _other_attachment(line: HttpLine) -> None:
    await line.greet()
    line.post(n=9, **{"Vango-Request": "unknown 9"})
    await line.clock.settle()
    await line._take(line._answers[9])


def _body(*parts: bytes, **headers: str) -> Callable[[HttpLine], Awaitable[None]]:
    async def act(line: HttpLine) -> None:
        await line.greet()
        line.n += 1
        line.post(*parts, n=line.n, **headers)
        await line._hear()

    return act


async def _number_out_of_order(line: HttpLine) -> None:
    await line.greet()
    line.post(PING, n=7)
    await line._hear()


BROKEN = {
    "a frame that is cut": b"\x05\x4e",
    "a length that is cut": b"\x80",
    "a header that is cut": b"\x03\x62\x00\x01",
    "an unknown flag": b"\x02\x4e\x80",
    "a deflated message of a client": b"\x05\x62\x01\x01\x00\x00",
    "a deflate bomb of a client": protocol.encode(Channel(1, b"\xff" * 60_000)).replace(
        b"\x50\0", b"\x50\1", 1
    ),
    "invalid UTF-8": b"\x04\x65\x00\x01\xff",
    "too many frames": bytes(1_025),
    "a message of servers": protocol.encode(Diff(1, 0, 1, 0, 1)),
    "an ack of a burst to come": protocol.encode(Ack(1, 5, 0)),
    "settling an event to come": protocol.encode(Ack(1, 0, 5)),
    "an event on a burst to come": click(rev=9),
}
UNASKED = {
    "PING": PING,
    "a sign of life": protocol.LIVENESS,
    "an EVENT": click(),
    "an ACK": protocol.encode(Ack(1, 0, 0)),
    "REFETCH": protocol.encode(Refetch(1, 0, "")),
    "BYE": protocol.encode(Bye("")),
    "nothing at all": b"",
    "text of another protocol": b"GET / HTTP/1.1\r\n\r\n",
}
HTTP = ("http",)

FAULTS = [
    Fault("a token of another browser", "Unauthorized", 2, _foreign_token),
    Fault("a token that is not genuine", "Unauthorized", 2, _forged_token),
    Fault("the CSRF value of another browser", "CsrfInvalid", 2, _foreign_csrf),
    Fault("a CSRF value that is none", "CsrfInvalid", 2, says(csrf="")),
    Fault("a cookie of another browser", "Unauthorized", 2, _foreign_browser),
    Fault("a version to come", "VersionNotSupported", 2, says(versions=[2])),
    Fault("no version at all", "VersionNotSupported", 2, says(versions=[])),
    Fault("a page that is gone", "SchemaMismatch", 2, _page_that_is_gone),
    Fault("a session that ends", "SessionExpired", 1, _session_ends),
    Fault("a request of no attachment", "Rehome", 2, _other_attachment, HTTP),
    Fault("a server that stops", "Draining", 1, _drained),
    Fault("no HELLO within 5 s", "ServerBusy", 2, _no_hello),
    Fault("a thousand HELLO", "RateLimited", 2, _thousand_hellos, code=1013),
    Fault("a thousand REFETCH", "RateLimited", 2, _thousand_refetches),
    Fault("a thousand events", "RateLimited", 0, _event_flood),
    *(Fault(name, "InvalidFrame", 2, says(data)) for name, data in BROKEN.items()),
    *(Fault(f"{name} before HELLO", "InvalidFrame", 2, begins(data)) for name, data in UNASKED.items()),
    Fault("something behind HELLO", "InvalidFrame", 2, _more_than_hello),
    Fault("a second HELLO", "InvalidFrame", 2, _second_hello),
    Fault("no instance", "InvalidFrame", 2, says(instance="")),
    Fault("an endless instance", "InvalidFrame", 2, says(instance="x" * 65)),
    Fault("an endless path", "InvalidFrame", 2, says(path="/" + "x" * 8_192)),
    Fault("endless epochs", "InvalidFrame", 2, says(epoch=2**53 - 1)),
    Fault("a body longer than it says", "InvalidFrame", 2, _body(b"\0\0", **{"Content-Length": "1"}), HTTP),
    Fault("a body shorter than it says", "InvalidFrame", 2, _body(b"\0", **{"Content-Length": "2"}), HTTP),
    Fault("an encoded body", "InvalidFrame", 2, _body(b"\0", **{"Content-Encoding": "gzip"}), HTTP),
    Fault("a number out of order", "InvalidFrame", 2, _number_out_of_order, HTTP),
    Fault("an unknown kind", "UnknownKind", 2, says(b"\x02\x66\x00")),
    Fault("an op of a bare burst", "UnknownKind", 2, says(b"\x02\x01\x00")),
    Fault("an unknown kind before HELLO", "UnknownKind", 2, begins(b"\x02\x66\x00")),
    Fault("a length above the limit", "TooBig", 2, says(b"\xff\xff\x7f")),
    Fault("a message above the limit", "TooBig", 2, says(bytes(65_537))),
    Fault("a HELLO above its limit", "TooBig", 2, says(csrf="x" * 16_384)),
    Fault(
        "a page above what its client takes", "Internal", 1, says(b"\0", epoch=0, limits=[("burst_bytes", 9)])
    ),
    Fault("a node that listens to nothing", "HandlerNotFound", 0, says(click(hid=1))),
    Fault("a handler that raises", "HandlerFailed", 0, says(click(hid=FAILING))),
    Fault("fields that are none", "Validation", 0, says(click(hid=FIELD, kind=2, payload=b"\x05"))),
    Fault(
        "more than may wait behind a handler",
        "QueueFull",
        0,
        says(b"".join(click(cseq, hid=WAITING) for cseq in (1, 2, 3))),
        settings={"limits": Limits(queued_events=1)},
    ),
    Fault("an event that is long settled", "AlreadyProcessed", 0, _settled_and_sent_again),
    Fault("an event that leaves a gap", "OutOfOrder", 0, says(click(cseq=5))),
]

UNREACHED = {
    "AuthExpired": "there are no identities yet that could expire",
    "SessionNotFound": "a genuine token always gets a session; only the blueprint profile says it",
    "Rebalance": "one process has no other one to send its clients to",
    "BurstInterleaved": "only servers send bursts, so only a client can meet it; it says so in its BYE",
    "Interrupted": "sessions live in memory and end with their process, so nothing is found unfinished",
}
"""Kinds that a server of today has no cause to say, and why; they are shown by injecting them."""
