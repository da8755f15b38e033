"""The golden vectors of the wire, through the Python face of the engine."""

import json
from pathlib import Path

import pytest

from vango import _core, core

VECTORS = Path(__file__).parent.parent / "vectors"


def load(name):
    """Return the entries of a file, with readable test ids."""
    entries = json.loads((VECTORS / name).read_text())
    return [pytest.param(entry, id=entry["name"]) for entry in entries]


def uv(number):
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def string(text):
    data = text.encode()
    return uv(len(data)) + data


def node_bytes(node):
    """Encode a node of the vectors by the text of the protocol, not by the engine."""
    hid = uv(node["hid"])
    if "text" in node:
        return b"\x03" + hid + string(node["text"])
    if "raw" in node:
        return b"\x04" + hid + string(node["raw"])
    attrs = b"".join(string(name) + string(value) for name, value in node["attrs"])
    children = b"".join(map(node_bytes, node["children"]))
    return (
        b"\x01" + hid + string(node["tag"]) + uv(node["events"])
        + uv(len(node["attrs"])) + attrs + uv(len(node["children"])) + children
    )  # fmt: skip


def patch_bytes(patch):
    """Encode a patch of the vectors by the text of the protocol."""

    def ext(opcode, payload):
        return opcode + uv(len(payload)) + payload

    match patch["op"]:
        case "set_text":
            return b"\x01" + uv(patch["hid"]) + string(patch["text"])
        case "set_attr":
            return b"\x02" + uv(patch["hid"]) + string(patch["name"]) + string(patch["value"])
        case "remove":
            return b"\x03" + uv(patch["hid"])
        case "insert":
            return b"\x04" + uv(patch["parent"]) + uv(patch["before"]) + node_bytes(patch["node"])
        case "set_events":
            return b"\x05" + uv(patch["hid"]) + uv(patch["events"])
        case "remove_attr":
            return ext(b"\x10", uv(patch["hid"]) + string(patch["name"]))
        case "move":
            return ext(b"\x11", uv(patch["hid"]) + uv(patch["parent"]) + uv(patch["before"]))


@pytest.mark.parametrize("vector", load("ops.json"))
def test_ops(vector):
    data = bytes.fromhex(vector["hex"])
    decoded = core.decode(data)
    if vector["patch"] is None:
        assert decoded == []
        return
    (patch,) = decoded
    assert data == core.encode([patch])
    fields = {name: value for name, value in vector["patch"].items() if name != "node"}
    assert fields == {name: getattr(patch, name) for name in fields}
    if "node" not in vector["patch"]:
        fields.pop("op")
        assert patch == core.Patch(vector["patch"]["op"], **fields)


@pytest.mark.parametrize("vector", load("ops.json"))
def test_a_burst_cut_short_is_an_error(vector):
    data = bytes.fromhex(vector["hex"])
    for end in range(1, len(data)):
        with pytest.raises(core.DecodeError) as error:
            core.decode(data[:end])
        assert 0 <= error.value.offset <= end


@pytest.mark.parametrize("vector", load("nodes.json"))
def test_snapshots(vector):
    data = bytes.fromhex(vector["hex"])
    assert node_bytes(vector["node"]) == data
    assert core.Model.from_snapshot(data).count >= 1
    for end in range(len(data)):
        with pytest.raises(core.DecodeError):
            core.Model.from_snapshot(data[:end])


@pytest.mark.parametrize("vector", load("examples.json"))
def test_examples_and_instances(vector):
    """They are another way to write the same document, in a snapshot and in a burst."""
    data, plain = bytes.fromhex(vector["hex"]), node_bytes(vector["node"])
    assert len(data) != len(plain)
    written, read = core.Model.from_snapshot(plain), core.Model.from_snapshot(data)
    assert (read.html(), read.count) == (written.html(), written.count)
    replace = b"\x04\x00\x00"
    assert core.decode(replace + data) == core.decode(replace + plain)


@pytest.mark.parametrize("vector", load("texts.json"))
def test_many_texts_at_once(vector):
    """They are another way to write one SET_TEXT after another."""
    data = bytes.fromhex(vector["hex"])
    plain = [core.Patch("set_text", hid=hid, text=text) for hid, text in vector["texts"]]
    assert core.decode(data) == plain
    for end in range(1, len(data)):
        with pytest.raises(core.DecodeError):
            core.decode(data[:end])


@pytest.mark.parametrize("vector", load("apply.json"))
def test_the_rules_inside_a_burst(vector):
    before = node_bytes(vector["before"])
    model = core.Model.from_snapshot(before)
    burst = b"".join(map(patch_bytes, vector["patches"]))
    if "error" in vector:
        with pytest.raises(ValueError, match=r"^patch \d+: "):
            model.apply(burst)
        after = before
    else:
        model.apply(burst)
        after = node_bytes(vector["after"])
    expected = core.Model.from_snapshot(after)
    assert (expected.html(), expected.count) == (model.html(), model.count)


def tuples(value):
    """Pairs are lists in JSON and tuples in Python."""
    if isinstance(value, list):
        return [tuple(item) if isinstance(item, list) else item for item in value]
    return value


@pytest.mark.parametrize("vector", load("messages.json"))
def test_messages(vector):
    frame, payload = bytes.fromhex(vector["hex"]), bytes.fromhex(vector["payload"])
    fields = tuple(tuples(value) for value in vector["fields"].values())
    expected = (vector["kind"], vector["flags"], fields, payload)
    assert [expected, expected] == _core.decode_messages(b"\0" + frame + b"\0" + frame, len(frame))
    assert frame == _core.encode_message(vector["kind"], vector["flags"], fields, payload)
    for end in range(1, len(frame)):
        with pytest.raises(core.DecodeError):
            _core.decode_messages(frame[:end], len(frame))


def test_the_table_names_every_message_and_its_fields():
    table = {row[0]: row for row in _core.protocol_table()}
    for entry in json.loads((VECTORS / "messages.json").read_text()):
        _kind, name, sender, flags, fields, payload = table[entry["kind"]]
        names = [field for field, type_ in fields if type_[0] != "[" or entry["flags"] & _core.FLAG_ACTION]
        assert (entry["message"], names) == (name, list(entry["fields"]))
        assert sender in (entry["from"], "both")
        assert entry["flags"] & ~flags == 0
        assert payload or not entry["payload"]


@pytest.mark.parametrize("vector", load("event_fields.json"))
def test_event_fields(vector):
    kind, data = vector["kind"], bytes.fromhex(vector["hex"])
    fields = tuple(tuples(value) for value in (vector["fields"] or {}).values())
    assert fields == _core.decode_fields(kind, data)
    assert data == _core.encode_fields(kind, fields)


READERS = {
    "ops": lambda entry, data: core.decode(data),
    "snapshot": lambda entry, data: core.Model.from_snapshot(data),
    "node": lambda entry, data: core.Model.from_snapshot(data),
    "frame": lambda entry, data: _core.decode_messages(data, entry.get("limit", 1 << 16)),
    "message": lambda entry, data: _core.decode_messages(uv(len(data)) + data, 1 << 16),
    "event": lambda entry, data: _core.decode_fields(entry["event_kind"], data),
}
BAD = [param for param in load("bad.json") if param.values[0]["what"] in READERS]


@pytest.mark.parametrize("vector", BAD)
def test_bad_bytes_are_refused(vector):
    data = bytes.fromhex(vector["hex"])
    if vector["what"] == "message" and not data:
        assert _core.decode_messages(b"\0", 1) == []  # an empty frame is liveness
        return
    with pytest.raises(core.DecodeError) as error:
        READERS[vector["what"]](vector, data)
    assert f"byte {error.value.offset}: {error.value.reason}" == str(error.value)


WRONG = [
    (lambda: _core.encode_message(0x3F, 0, ()), ValueError, "0x3f is no kind of message"),
    (lambda: _core.encode_message(0x62, 0, (1, 2)), ValueError, "another number of fields"),
    (lambda: _core.encode_message(0x62, 0, (1, 2, 3, 4)), ValueError, "ACK has fewer fields than were given"),
    (lambda: _core.encode_message(0x62, 0, (1, "x", 3)), TypeError, "ACK.rev: 'x' is no uv"),
    (lambda: _core.encode_message(0x62, 0, (1, -1, 3)), ValueError, "-1 is no number from 0 to 2**53 - 1"),
    (lambda: _core.encode_message(0x62, 0, (1, 2**53, 3)), ValueError, "above what this field can hold"),
    (lambda: _core.encode_message(0x64, 0, (b"x",)), TypeError, "AUTH.token: b'x' is no str"),
    (lambda: _core.encode_message(0x64, 0, ("\ud800",)), ValueError, "holds a lone surrogate"),
    (lambda: _core.encode_message(0x64, 1, ("x",)), ValueError, "flags that this kind does not have"),
    (lambda: _core.encode_message(0x64, 0, ("x",), b"y"), ValueError, "this kind has no payload"),
    (lambda: _core.encode_fields(0, ("x",)), ValueError, "not those of this kind"),
    (lambda: _core.encode_fields(8, (1, "a")), ValueError, "the fields given are not those of"),
    (lambda: _core.encode_fields(99, ()), ValueError, "unknown event kind"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "sentence"), WRONG)
def test_what_cannot_be_written_says_why(call, error, sentence):
    with pytest.raises(error) as raised:
        call()
    assert sentence in str(raised.value)
