"""What the messages of a session would weigh as protobuf, beside what they weigh (the seed's open question).

The other side is counted by the rules of protobuf's wire format, not written by its library: a tag of one
byte for each field, since no message here has more than 15; varints; lengths in front of texts, messages and
lists of numbers; nothing for zeros and empty texts; and a length in front of each message of the stream.
Both sides are counted without compression.
"""

import sys
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import anyio
from examples.counter import Counter
from examples.table import Table

from benches.report import keep
from benches.wire import LIMITS
from vango import protocol
from vango.protocol import Diff, Event, Message, Snapshot
from vango.testing import Pilot
from vango.testing.client import Client

sys.path.insert(0, str(Path(__file__).parents[1] / "clients" / "python"))

from vango_client import ops

MAX_BYTES = 1 << 24
OPS = ["remove_attr", "move"]


@dataclass(frozen=True)
class Record:
    """A protobuf message: what its fields hold, in their order."""

    values: tuple[object, ...]


def varint(number: int) -> int:
    """The bytes of a varint: seven bits in each."""
    return max(1, -(-number.bit_length() // 7))


def weight(value: object) -> int:
    """The bytes of one field, its tag included."""
    match value:
        case None | 0 | "" | b"" | [] | () | False:
            return 0
        case int():
            return 1 + varint(value)
        case str():
            return framed(len(value.encode()))
        case bytes():
            return framed(len(value))
        case Record():
            return framed(body(value))
        case [int(), *_]:
            return framed(sum(map(varint, value)))  # packed
        case list() | tuple():
            # A repeated text is there even where it is empty.
            return sum(framed(len(one.encode())) if isinstance(one, str) else weight(one) for one in value)
    raise TypeError(f"{value!r} is no field of a message")


def framed(length: int) -> int:
    """The bytes of a field with a length: tag, length, content."""
    return 1 + varint(length) + length


def body(record: Record) -> int:
    """The bytes of a message without what frames it."""
    return sum(map(weight, record.values))


def of_node(node: ops.WireNode) -> Record:
    """A node: one of element, text, raw."""
    if node.kind != ops.ELEMENT:
        return Record((Record((node.hid, node.text)),))
    attrs = [Record(pair) for pair in node.attrs]
    return Record((Record((node.hid, node.tag, node.events, attrs, list(map(of_node, node.children)))),))


def of_op(op: ops.Op) -> Record:
    """An op: one of its kinds."""
    values = (getattr(op, one.name) for one in fields(op))
    return Record((Record(tuple(of_node(one) if isinstance(one, ops.WireNode) else one for one in values)),))


def of_message(message: Message) -> Record:
    """A message: one of the kinds of section 2, a payload as the ops that it holds."""
    values: list[object] = []
    for one in fields(message):  # type: ignore[arg-type]
        value = getattr(message, one.name)
        if one.name == "payload" and isinstance(message, Diff):
            value = list(map(of_op, ops.read_burst(value)))
        elif one.name == "payload" and isinstance(message, Snapshot):
            value = of_node(ops.read_snapshot(value))
        elif isinstance(value, list) and value and isinstance(value[0], tuple):
            value = [Record(pair) for pair in value]
        values.append(value)
    return Record((Record(tuple(values)),))


def streamed(message: Message) -> int:
    """The bytes of a message in a stream of protobuf messages."""
    length = body(of_message(message))
    return varint(length) + length


@dataclass
class Sum:
    """The messages of one kind."""

    messages: int = 0
    ours: int = 0
    theirs: int = 0


class Scales(Client):
    """A client that weighs what it says and hears."""

    def __init__(self, token: str, path: str) -> None:
        super().__init__(token=token, path=path, capabilities=OPS)
        self.sums: dict[str, Sum] = {}

    def weigh(self, data: bytes) -> bytes:
        """Add the messages of a transport's message, and give it back."""
        for message in protocol.decode(data, MAX_BYTES):
            found = self.sums.setdefault(type(message).__name__, Sum())
            found.messages += 1
            found.ours += len(protocol.encode(message))
            found.theirs += streamed(message)
        return data

    def hello(self) -> bytes:
        """Return the first message of a connection."""
        return self.weigh(super().hello())

    def event(self, *args: Any, **settings: Any) -> bytes:
        """Return the frame of the next event."""
        return self.weigh(super().event(*args, **settings))

    def receive(self, data: bytes) -> list[bytes]:
        """Take one message; returns what is to be sent now."""
        return [self.weigh(reply) for reply in super().receive(self.weigh(data))]


async def lead(root: object, *clicks: tuple[str, int]) -> dict[str, Sum]:
    """Open a page, click on what has these ids or texts, so many times each, and load all of it anew."""
    async with Pilot(root, limits=LIMITS, connect=False) as pilot:
        old = pilot.client
        pilot.client = scales = Scales(old.token, old.path)
        scales.model, scales.epoch, scales.rev = old.model, old.epoch, old.rev
        await pilot.reconnect()
        for name, times in clicks:
            for _ in range(times):
                found = pilot.find_all("button", id=name) or pilot.find_all("button", text=name)
                await pilot.click(found[0])
        scales.epoch = 0
        await pilot.reconnect()
        return scales.sums


async def measure() -> dict[str, dict[str, Sum]]:
    """Lead two sessions: many small messages, and few large ones."""
    table = [("run", 2), ("update", 5), ("swaprows", 5), ("add", 1), ("clear", 1), ("run", 1)]
    return {
        "a counter, 100 clicks": await lead(Counter(), ("+", 60), ("-", 40)),
        "the table, 15 operations": await lead(Table(), *table),
    }


def check() -> None:
    """Compare the counting with the examples of protobuf's own description of its encoding."""
    assert body(Record((150,))) == len(bytes.fromhex("089601"))
    assert body(Record((0, "testing"))) == len(bytes.fromhex("120774657374696e67"))
    assert body(Record((0, 0, Record((150,))))) == len(bytes.fromhex("1a03089601"))
    assert body(Record(([3, 270, 86942],))) == len(bytes.fromhex("3206038e029ea705"))
    assert of_message(Event(1, 1, 0, 7, 0)) == Record((Record((1, 1, 0, 7, 0, None, b"", 0)),))


def main() -> None:
    """Print both sides, by kind of message."""
    check()
    sessions = anyio.run(measure)
    print("\nbytes of all messages of a session, without compression\n")
    print(
        "| session | message | how many | vango | protobuf | protobuf over vango |\n|---|---|---|---|---|---|"
    )
    for name, sums in sessions.items():
        whole = Sum(*(sum(each) for each in zip(*(vars(one).values() for one in sums.values()), strict=True)))
        for kind, one in [*sums.items(), ("all", whole)]:
            ratio = one.theirs / one.ours
            print(f"| {name} | {kind} | {one.messages} | {one.ours} | {one.theirs} | {ratio:.2f} |")
    kept = {name: {kind: vars(one) for kind, one in sums.items()} for name, sums in sessions.items()}
    keep("bytes beside protobuf", {"sessions": kept})
