"""Pages that the session tests drive, and a tap on the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import anyio

from vango import component, html as h, protocol, signal
from vango.protocol import Message
from vango.testing import Pilot

MAX_BYTES = 1 << 24


@component
def Counter(start: int = 0):
    """Minus, the number, plus."""
    count = signal(start)
    return h.div(class_="counter")[
        h.button(on_click=lambda: count.update(lambda n: n - 1))["-"],
        h.output[count],
        h.button(on_click=lambda: count.update(lambda n: n + 1))["+"],
    ]


@component
def Rows(names: tuple[str, ...] = ("a", "b", "c")):
    """Rows that can be removed, by a click that says which one."""
    rows = signal(names)
    clicked = signal("")

    def remove(name: str) -> None:
        clicked.set(clicked.peek() + name)
        rows.set(tuple(row for row in rows.peek() if row != name))

    return h.div[
        h.output[clicked],
        h.ul[lambda: [h.li(key=name)[h.button(on_click=(remove, name))[name]] for name in rows()]],
    ]


@component
def Buttons(**handlers: Callable[..., object]):
    """One button for each handler."""
    return h.div[[h.button(key=name, on_click=handler)[name] for name, handler in handlers.items()]]


class Tap:
    """Listens to what the server sends to a pilot, and may change it on the way.

    Attributes:
        messages: What was sent, in order.
        rule: Gives what arrives instead of a message: nothing, twice the same, another one.
    """

    def __init__(self, pilot: Pilot) -> None:
        self.messages: list[Message] = []
        self.rule: Callable[[Message], Iterable[Message]] = lambda message: [message]
        assert pilot.link is not None
        pilot.link.on_receive = self._receive

    def _receive(self, data: bytes) -> list[bytes]:
        messages = protocol.decode(data, MAX_BYTES)
        self.messages += messages
        arrived = [protocol.encode(each) for message in messages for each in self.rule(message)]
        return [b"".join(arrived)] if arrived or not messages else []

    def of(self, kind: type[Message]) -> list[Message]:
        """Return the messages of one kind."""
        return [message for message in self.messages if type(message) is kind]


def hello(pilot: Pilot, **changes: object) -> bytes:
    """Return the HELLO that the pilot's client would say, with some fields changed."""
    (message,) = protocol.decode(pilot.client.hello(), MAX_BYTES)
    fields = {name: getattr(message, name) for name in message.__dataclass_fields__ if name != "KIND"}
    return protocol.encode(protocol.Hello(**{**fields, **changes}))


async def answers(pilot: Pilot, *data: bytes, browser: str | None = None) -> tuple[list[Message], object]:
    """Send messages over a connection of their own; returns what came back, and how it ended if it did."""
    link = pilot.connect_raw() if browser is None else pilot.connect_raw(browser=browser)
    for part in data:
        await link.send(part)
        await pilot.settle()
    received = b"".join(link.receive_all())
    return protocol.decode(received, MAX_BYTES), link.end


class Go:
    """A gate that a handler waits at."""

    def __init__(self) -> None:
        self.event = anyio.Event()

    async def wait(self) -> None:
        """Wait until the test says so."""
        await self.event.wait()

    def __call__(self) -> None:
        self.event.set()
