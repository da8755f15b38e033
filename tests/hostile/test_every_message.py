"""Each kind of message is known to server, client and tap, and each comes back from its bytes as it was.

A kind that is added to the table of PROTOCOL section 2 fails here until all of them know it.
"""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from protocol_text import messages as table

from vango import protocol
from vango.cli.tap import Reading
from vango.clock import VirtualClock
from vango.protocol import Error, HelloOk, Message

from .faults import BUTTON, make_app
from .lines import LINES, line_to

VECTORS = Path(__file__).parents[1] / "vectors"
KINDS = {str(row[1]): row for row in table()}
SERVED = {
    "EVENT": "taken",
    "ACK": "noted",
    "PING": "answered",
    "REFETCH": "answered",
    "BYE": "the end",
    "HELLO": "InvalidFrame",
    "HELLO_OK": "InvalidFrame",
    "SNAPSHOT": "InvalidFrame",
    "DIFF": "InvalidFrame",
    "CONT": "InvalidFrame",
    "RESULT": "InvalidFrame",
    "ERROR": "InvalidFrame",
    "GOAWAY": "InvalidFrame",
    "CHANNEL": "answered",
    "AUTH": "Unauthorized",
}
"""What the server does with each kind on a connection that is up."""

TEXT = st.text(max_size=20)
NUMBER = st.integers(0, 2**53 - 1)
FIELDS = {
    "uv": NUMBER,
    "u8": st.integers(0, 255),
    "hid": st.integers(0, 2**32 - 1),
    "str": TEXT,
    "json": st.recursive(st.none() | st.booleans() | NUMBER | TEXT, st.lists, max_leaves=5).map(json.dumps)
    | st.just(""),
    "list uv": st.lists(NUMBER, max_size=5),
    "list str": st.lists(TEXT, max_size=5),
    "list(str, str)": st.lists(st.tuples(TEXT, TEXT), max_size=5),
    "list(str, uv)": st.lists(st.tuples(TEXT, NUMBER), max_size=5),
    "[str]": st.none() | TEXT,
}


def class_of(name: str) -> type[Message]:
    """The class of a kind, by its name in the table."""
    return protocol.MESSAGES[int(KINDS[name][0])]


@st.composite
def any_message(draw: st.DrawFn, name: str) -> Message:
    """A message of one kind, with whatever its fields may hold."""
    _, _, _, flags, header, has_payload = KINDS[name]
    values = {field: draw(FIELDS[kind]) for field, kind in header}
    if has_payload:
        values["payload"] = draw(st.binary(max_size=40))
        names = {field.name for field in fields(class_of(name))}
        if "flags" in names:
            allowed = int(flags) & ~protocol.FLAG_ACTION
            values["flags"] = draw(st.integers(0, 15)) & allowed
            if values.get("action") is not None:
                values["flags"] |= protocol.FLAG_ACTION
    return class_of(name)(**values)


def golden(name: str) -> Message:
    """A message of one kind from the vectors."""
    vectors = json.loads((VECTORS / "messages.json").read_text())
    vector = next(vector for vector in vectors if vector["message"] == name)
    (message,) = protocol.decode(bytes.fromhex(vector["hex"]), 1 << 16)
    return message


def test_the_server_has_a_class_and_an_answer_for_each_kind() -> None:
    assert SERVED.keys() == KINDS.keys()
    assert {int(row[0]) for row in KINDS.values()} == protocol.MESSAGES.keys()


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=100, derandomize=True, database=None)
@given(st.data())
def test_every_message_comes_back_from_its_bytes(name: str, data: st.DataObject) -> None:
    one, other = data.draw(any_message(name)), data.draw(any_message(name))
    frames = [protocol.encode(one), protocol.LIVENESS, protocol.encode(other)]
    assert protocol.decode(b"".join(frames), 1 << 20) == [one, other]
    assert b"".join(map(protocol.encode, [one, other])) == frames[0] + frames[2]


@pytest.mark.anyio
@pytest.mark.parametrize("way", LINES)
@pytest.mark.parametrize("name", KINDS)
async def test_the_server_handles_each_kind(way: str, name: str) -> None:
    clock = VirtualClock()
    app = make_app(clock=clock)
    async with app.lifespan(), line_to(way, app, clock) as line:
        await line.greet()
        session = line.session
        said = golden(name)
        fitting = {
            "epoch": 1,
            "cseq": 1,
            "rev": 0,
            "hid": BUTTON,
            "kind": 0,
            "settled": 0,
            "flags": 0,
            "action": None,
        }
        if SERVED[name] != "InvalidFrame":
            own = {field.name for field in fields(said)}
            said = replace(said, **{key: value for key, value in fitting.items() if key in own})
        await line.say(protocol.encode(said))
        if SERVED[name] in protocol.RULES:
            (error,) = line.wrongs
            assert isinstance(error, Error)
            code = protocol.close_code(error.kind)
            assert (error.kind, error.scope, line.code) == (SERVED[name], protocol.SCOPE_CONNECTION, code)
        else:
            assert line.wrongs == []
            assert line.code == (1000 if SERVED[name] == "the end" else None)
        assert session.ledger.accepted == (SERVED[name] == "taken")
        assert session.closed == (SERVED[name] == "the end")
        assert len(line.heard) > 1 or SERVED[name] in ("noted", "the end", "answered")


@pytest.mark.parametrize("name", KINDS)
def test_the_tap_tells_of_each_kind_and_of_all_its_fields(name: str) -> None:
    said = golden(name)
    by = "client" if KINDS[name][2] == "client" else "server"
    (line, *_) = Reading().take({"ms": 1, "by": by, "hex": protocol.encode(said).hex()})
    assert type(said).__name__ in line
    for field in fields(said):
        value = getattr(said, field.name)
        if value not in ("", None, [], 0, b"") and field.name != "flags":
            assert f"{field.name}=" in line


@pytest.mark.anyio
@pytest.mark.parametrize("way", LINES)
@pytest.mark.parametrize(
    ("versions", "spoken"),
    [
        pytest.param([1], True, id="this one"),
        pytest.param([1, 2], True, id="this one and the next"),
        pytest.param([2, 1], True, id="the next one rather"),
        pytest.param([0, 1], True, id="this one and the one before"),
        pytest.param([3, 1, 1, 2**53 - 1], True, id="many"),
        pytest.param([0], False, id="the one before"),
        pytest.param([2], False, id="the next"),
        pytest.param([], False, id="none"),
    ],
)
async def test_a_client_of_another_version_is_served_where_one_is_in_common(
    way: str, versions: list[int], spoken: bool
) -> None:
    clock = VirtualClock()
    app = make_app(clock=clock)
    async with app.lifespan(), line_to(way, app, clock) as line:
        await line.greet(versions=versions)
        first = line.heard[0]
        if spoken:
            assert isinstance(first, HelloOk)
            assert first.version == protocol.VERSION == 1
        else:
            assert isinstance(first, Error)
            assert (first.kind, first.supported, line.code) == ("VersionNotSupported", [1], 1008)
            # A client that speaks another one too says so on its next connection.
            await line.greet(versions=[*versions, *first.supported])
            assert isinstance(line.heard[0], HelloOk)


@pytest.mark.anyio
@pytest.mark.parametrize("way", LINES)
async def test_a_client_of_the_next_version_may_say_more_in_each_header(way: str) -> None:
    """1.2: what stands behind the known fields of a header without payload is ignored."""
    clock = VirtualClock()
    app = make_app(clock=clock)

    def longer(frame: bytes) -> bytes:
        assert frame[0] & 0x80 == 0 or frame[1] & 0x80 == 0
        length, at = (frame[0], 1) if frame[0] < 0x80 else (frame[0] & 0x7F | frame[1] << 7, 2)
        length += 3
        return bytes([length & 0x7F | 0x80, length >> 7]) + frame[at:] + b"new"

    async with app.lifespan(), line_to(way, app, clock) as line:
        await line.connect()
        await line.say(longer(line.hello()))
        assert isinstance(line.heard[0], HelloOk)
        await line.say(longer(protocol.encode(protocol.Refetch(1, 0, "x" * 130))))
        assert line.wrongs == []
        assert any(isinstance(message, protocol.Snapshot) for message in line.heard)
