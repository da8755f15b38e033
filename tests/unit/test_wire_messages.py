"""vango.protocol: the messages of the table, to bytes and back."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from vango import _core, protocol
from vango.errors import ProtocolError

VECTORS = Path(__file__).parents[1] / "vectors"
MESSAGES = json.loads((VECTORS / "messages.json").read_text())
BAD = [row for row in json.loads((VECTORS / "bad.json").read_text()) if row["what"] in ("frame", "message")]
MAX_BYTES = 1 << 24

# The protocol table of version 1. Whoever changes it adds a version or a capability, and then this.
PINNED = {
    "HELLO_OK": "version capabilities session attachment epoch rev mode last heartbeat_ms ladder_ms limits",
    "SNAPSHOT": "epoch rev ack count",
    "DIFF": "epoch base rev ack count",
    "CONT": "",
    "RESULT": "cseq error data",
    "ERROR": "kind origin scope message retry_after_ms max_ms parameters supported details",
    "GOAWAY": "reason min_ms max_ms parameters deadline_ms",
    "PING": "",
    "CHANNEL": "id",
    "HELLO": "versions capabilities token csrf instance epoch rev settled path width height time_zone limits",
    "EVENT": "epoch cseq rev hid kind action",
    "ACK": "epoch rev settled",
    "REFETCH": "epoch hid reason",
    "AUTH": "token",
    "BYE": "reason",
}


def test_the_table_is_pinned() -> None:
    table = _core.protocol_table()
    assert {name: " ".join(field for field, _ in header) for _, name, _, _, header, _ in table} == PINNED


def test_every_row_of_the_table_has_its_class() -> None:
    for kind, name, _, _, header, has_payload in _core.protocol_table():
        cls = protocol.MESSAGES[kind]
        assert cls.__name__.upper() == name.replace("_", "")
        expected = [field for field, _ in header]
        names = [field.name for field in fields(cls)]
        assert [name for name in names if name not in ("payload", "flags")] == expected
        assert ("payload" in names) is has_payload


@pytest.mark.parametrize("vector", MESSAGES, ids=lambda vector: vector["name"])
def test_golden_vector(vector) -> None:
    frame = bytes.fromhex(vector["hex"])
    (message,) = protocol.decode(frame, MAX_BYTES)
    assert type(message) is protocol.MESSAGES[vector["kind"]]
    for name, value in vector["fields"].items():
        got = getattr(message, name)
        assert json.loads(json.dumps(got)) == value
    assert getattr(message, "payload", b"") == bytes.fromhex(vector["payload"])
    assert protocol.encode(message) == frame


@pytest.mark.parametrize("vector", MESSAGES, ids=lambda vector: vector["name"])
def test_every_truncation_is_a_clean_error(vector) -> None:
    frame = bytes.fromhex(vector["hex"])
    for length in range(1, len(frame)):
        with pytest.raises(ProtocolError) as caught:
            protocol.decode(frame[:length], MAX_BYTES)
        assert caught.value.kind == "InvalidFrame"


@pytest.mark.parametrize("vector", BAD, ids=lambda vector: vector["name"])
def test_bad_bytes_are_refused(vector) -> None:
    data = bytes.fromhex(vector["hex"])
    if vector["what"] == "message":
        data = len(data).to_bytes(1) + data if 0 < len(data) < 128 else data
    if data:
        with pytest.raises(ProtocolError):
            protocol.decode(data, vector.get("limit", MAX_BYTES))


def test_several_frames_come_in_order_and_empty_ones_are_left_out() -> None:
    frames = [protocol.Ping(), protocol.Bye("a"), protocol.Bye("b")]
    data = protocol.LIVENESS.join([b"", *map(protocol.encode, frames), b""])
    assert protocol.decode(data, MAX_BYTES) == frames


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x02\x66\x00", "UnknownKind"),
        (protocol.encode(protocol.Ping()) + b"\x02\x01\x00", "UnknownKind"),
        (b"\x02\x4e\x01", "InvalidFrame"),
        (b"\x05\x4e", "InvalidFrame"),
        (b"\xff\xff\x7f\x4e", "TooBig"),
        (bytes(101), "TooBig"),
    ],
)
def test_the_error_kind_says_what_is_wrong(data, kind) -> None:
    with pytest.raises(ProtocolError) as caught:
        protocol.decode(data, 100)
    assert caught.value.kind == kind
    assert caught.value.reason


def test_a_bad_frame_at_the_end_leaves_nothing_of_the_good_ones() -> None:
    with pytest.raises(ProtocolError) as caught:
        protocol.decode(protocol.encode(protocol.Ping()) + b"\x01\x4e", MAX_BYTES)
    assert caught.value.offset == 5


@pytest.mark.parametrize(
    ("kind", "close"),
    [
        ("Unauthorized", 3000),
        ("VersionNotSupported", 1008),
        ("SessionExpired", 3410),
        ("Rehome", 1012),
        ("ServerBusy", 1013),
        ("InvalidFrame", 1002),
        ("TooBig", 1009),
        ("Internal", 1011),
        ("RateLimited", 1013),
        ("a kind of tomorrow", 1013),
    ],
)
def test_close_codes_follow_the_table(kind, close) -> None:
    assert protocol.close_code(kind) == close


def test_results_leave_the_connection_open() -> None:
    for kind in ("HandlerNotFound", "HandlerFailed", "OutOfOrder", "QueueFull", "Validation"):
        assert protocol.RULES[kind].close is None
        assert protocol.RULES[kind].http == 200
