"""A recording holds what was on the wire, without secrets, and `vango tap` tells what it says."""

import json
import zlib
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from strategies import PAIRS

from vango import _core, core, html as h, protocol
from vango.cli.command import main
from vango.cli.frames import bytes_of, readable
from vango.cli.tap import DivergedError, TapError, from_json, replay, tap, to_json
from vango.errors import TransportBroken, TransportClosed
from vango.testing import Client
from vango.transports.memory import memory_pair
from vango.transports.recording import FileRecorder

pytestmark = pytest.mark.anyio


def lines(path):
    """Everything that was written into the one file of a folder."""
    [file] = path.iterdir()
    return file, [json.loads(line) for line in file.read_text().splitlines()]


async def test_what_passes_is_written_and_passes_unchanged(tmp_path) -> None:
    times = iter([10.0, 10.25, 10.5, 10.75])
    ours, theirs = memory_pair()
    recorder = FileRecorder(tmp_path / "new", lambda: next(times))
    recorded = recorder.open(theirs)
    await ours.send(protocol.LIVENESS)
    assert await recorded.receive() == protocol.LIVENESS
    await recorded.send(protocol.encode(protocol.Ping()))
    assert await ours.receive() == protocol.encode(protocol.Ping())
    await recorded.close(1001)
    with pytest.raises(TransportClosed):
        await ours.receive()
    _, written = lines(tmp_path / "new")
    assert written == [
        {"vango": 1, "connection": theirs.name, "transport": "MemoryTransport"},
        {"ms": 250.0, "by": "client", "hex": "00"},
        {"ms": 500.0, "by": "server", "hex": "024e00"},
        {"ms": 750.0, "end": 1001},
    ]


async def test_what_attaches_a_browser_is_not_written(tmp_path) -> None:
    ours, theirs = memory_pair()
    recorded = FileRecorder(tmp_path, lambda: 0.0).open(theirs)
    for sent in (
        Client(token="a-secret").hello(),
        protocol.encode(protocol.Auth("a-secret")),
        b"\x60a-secret",
    ):
        await ours.send(sent)
        assert await recorded.receive() == sent
    file, written = lines(tmp_path)
    assert b"a-secret".hex() not in file.read_text()
    assert written[3] == {"ms": 0.0, "by": "client", "unreadable": 9}


async def test_a_connection_that_is_lost_ends_the_file(tmp_path) -> None:
    ours, theirs = memory_pair()
    recorded = FileRecorder(tmp_path, lambda: 0.0).open(theirs)
    ours.cut()
    with pytest.raises(TransportBroken):
        await recorded.receive()
    assert lines(tmp_path)[1][-1] == {"ms": 0.0, "end": 0}


def deflated(data):
    """One raw stream."""
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


@pytest.fixture
def file(tmp_path):
    """A recording with a served page, an event, and a burst in two deflated parts."""
    tree = core.Tree(h.output["0"])
    document = tree.snapshot()
    ops = deflated(core.encode(tree.commit(h.output["1"])))
    event = protocol.Event(1, 1, 0, 1, _core.EVENT_KINDS["click"])
    burst = [
        protocol.Diff(1, 0, 1, 1, 2, ops[:3], protocol.FLAG_DEFLATE | protocol.FLAG_MORE),
        protocol.Cont(ops[3:]),
    ]
    entries = [
        {"vango": 1, "connection": "a", "transport": "MemoryTransport"},
        {"ms": 1.0, "epoch": 1, "rev": 0, "document": document.hex()},
        {"ms": 2.0, "by": "client", "hex": protocol.encode(event).hex()},
        {"ms": 3.5, "by": "server", "hex": b"".join(map(protocol.encode, burst)).hex()},
        {"ms": 4.0, "by": "client", "hex": "00"},
        {"ms": 5.0, "end": 0},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    return path


async def test_a_recording_is_told_and_replayed(file) -> None:
    told = list(tap(file))
    assert told[0] == "connection a over MemoryTransport"
    assert "the client has epoch 1, rev 0, 2 nodes" in told[1]
    assert "-> Event epoch=1 cseq=1 hid=1" in told[2]
    assert "<- Diff epoch=1 rev=1 ack=1 count=2 payload=3 B DEFLATE MORE" in told[3]
    assert "<- Cont" in told[4]
    assert told[5].strip() == 'Patch("set_text", hid=2, text="1")'
    assert told[-1] == core.Model.from_snapshot(core.Tree(h.output["1"]).snapshot()).html()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: "", None),
        (lambda text: text.replace('"vango": 1', '"vango": 9'), "1: .*it has format 9"),
        (lambda text: text.replace('"hex": "', '"hex": "zz'), "3: this is no line of a recording"),
        (lambda text: "nothing\n" + text, "1: this is no line of a recording"),
        (lambda text: "[]\n", "1: this is no line of a recording"),
        (lambda text: text.replace('"hex": "', '"hex": "ff'), "3: this is no line of a recording"),
    ],
)
async def test_what_is_no_recording_is_refused_with_its_line(file, change, sentence) -> None:
    file.write_text(change(file.read_text()))
    if sentence is None:
        assert list(tap(file)) == ["client: 0 messages, 0 bytes", "server: 0 messages, 0 bytes"]
        return
    with pytest.raises(TapError, match=sentence):
        list(tap(file))


VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "messages.json").read_text())
NUMBERS = st.integers(0, 2**53 - 1)
WORDS = st.text(st.characters(codec="utf-8"), max_size=8)
KINDS = st.sampled_from(sorted(_core.EVENT_KINDS.values()))
FIELDS = {
    "uv": NUMBERS,
    "u8": st.integers(0, 255),
    "str": WORDS,
    "json": st.sampled_from(["", "1", '{"a":[1]}']),
    "list uv": st.lists(NUMBERS, max_size=3),
    "list str": st.lists(WORDS, max_size=3),
    "list(str, uv)": st.lists(st.tuples(WORDS, NUMBERS), max_size=3),
    "list(str, str)": st.lists(st.tuples(WORDS, WORDS), max_size=3),
}


@st.composite
def bursts(draw) -> protocol.Diff:
    """A DIFF of the engine, whole and not deflated."""
    old, new = draw(PAIRS)
    tree = core.Tree(old)
    return protocol.Diff(1, 0, 1, draw(NUMBERS), tree.count, core.encode(tree.commit(new)))


EVENTS = st.builds(
    lambda kind, action, payload: protocol.Event(1, 1, 0, 5, kind, action, payload),
    KINDS,
    st.none() | WORDS,
    st.binary(max_size=9)
    | st.lists(WORDS, max_size=3).map(lambda values: _core.encode_fields(2, [values]))
    | st.tuples(st.integers(0, 31), WORDS, WORDS).map(lambda fields: _core.encode_fields(8, fields)),
)
OTHERS = (
    st.builds(protocol.Result, NUMBERS, WORDS, st.just("[1]"))
    | st.builds(protocol.Channel, NUMBERS, st.binary(max_size=9), st.sampled_from([0, protocol.FLAG_CANCEL]))
    | st.builds(protocol.Refetch, NUMBERS, st.integers(0, 2**32 - 1), WORDS)
    | st.builds(protocol.GoAway, WORDS, NUMBERS, NUMBERS, FIELDS["list(str, str)"], NUMBERS)
    | st.builds(
        protocol.HelloOk,
        *(NUMBERS, FIELDS["list str"], WORDS, WORDS, NUMBERS, NUMBERS, st.integers(0, 1)),
        *(NUMBERS, NUMBERS, FIELDS["list uv"], FIELDS["list(str, uv)"]),
    )
)
FRAMES = (bursts() | EVENTS | OTHERS).map(protocol.encode) | st.just(protocol.LIVENESS)


@given(st.lists(FRAMES, max_size=4))
def test_frames_become_json_and_the_same_bytes_again(frames) -> None:
    data = b"".join(frames)
    told = json.loads(json.dumps(readable(data)))
    assert bytes_of(told) == data
    assert len(told) == len(frames)
    assert not [frame for frame in told if "hex" in frame]


@given(st.binary(max_size=40))
def test_bytes_that_are_no_frames_come_back_too(data) -> None:
    assert bytes_of(json.loads(json.dumps(readable(data)))) == data


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_golden_frame_is_written_out_and_comes_back(vector) -> None:
    [told] = json.loads(json.dumps(readable(bytes.fromhex(vector["hex"]))))
    assert told["frame"].upper() == vector["message"].replace("_", "")
    for name, value in vector["fields"].items():
        assert told[name] == value
    assert bytes_of([told]).hex() == vector["hex"]


async def test_a_burst_is_written_out_op_by_op(file) -> None:
    tree = core.Tree(h.ul[h.li(key=1)["a"]])
    ops = core.encode(tree.commit(h.ul(title="t")[h.li(key=2)["b"]]))
    [told] = readable(protocol.encode(protocol.Diff(1, 0, 1, 0, 3, ops)))
    assert sorted(op["op"] for op in told["ops"]) == ["insert", "remove", "set_attr"]
    [insert] = [op for op in told["ops"] if op["op"] == "insert"]
    assert insert["html"] == "<li>b</li>"
    assert "payload" not in told


async def test_a_burst_in_its_shorter_forms_is_written_out_and_comes_back(file) -> None:
    def page(words):
        return h.ul[
            (h.li[f"{word} {n * n * n}"] for n, word in enumerate(words.split())),
            (h.li(key=word, class_="a class that each of them has")[word] for word in words.split()),
        ]

    tree = core.Tree(page("nine ways to say that nothing here is amiss"))
    plain = core.encode(tree.commit(page("ten other words, quite as long, which shall come instead now")))
    frame = protocol.encode(protocol.Diff(1, 0, 1, 0, tree.count, _core.fold(plain) or b""))
    [told] = readable(frame)
    assert told["folded"] is True
    assert [op["op"] for op in told["ops"][:9]] == ["set_text"] * 9
    assert {op["op"] for op in told["ops"][9:]} == {"insert", "remove"}
    assert bytes_of([told]) == frame
    assert bytes_of([told | {"folded": False}]) > frame


async def test_what_was_written_by_hand_is_a_frame_too() -> None:
    event = {"frame": "Event", "epoch": 1, "cseq": 1, "rev": 0, "hid": 5, "kind": 2, "fields": [["abc"]]}
    assert bytes_of([event]) == protocol.encode(
        protocol.Event(1, 1, 0, 5, 2, payload=_core.encode_fields(2, [["abc"]]))
    )
    diff = {"frame": "Diff", "epoch": 1, "base": 0, "rev": 1, "ack": 0, "count": 2}
    ops = [{"op": "set_text", "hid": 2, "text": "x"}]
    assert bytes_of([{**diff, "ops": ops}]).hex() == "0b4200010001000201020178"


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        ({"frame": "Dif"}, "there is no frame 'Dif': write one of HelloOk,"),
        ({"frame": "Ack", "epoch": 1}, "this is no Ack: "),
        ({"frame": "Ack", "epoch": 1, "rev": 1, "settled": 1, "more": 1}, "this is no Ack: .*'more'"),
        ({"frame": "Cont", "flags": ["MOST"]}, "this is no Cont: 'MOST'"),
        ({"frame": "Ack", "epoch": -1, "rev": 1, "settled": 1}, "-1 is no number"),
        ({}, "there is no frame None"),
    ],
)
async def test_what_is_no_frame_is_refused_with_a_sentence(frame, sentence, tmp_path) -> None:
    with pytest.raises(ValueError, match=sentence):
        bytes_of([frame])
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"ms": 0, "by": "client", "frames": [frame]}) + "\n")
    with pytest.raises(TapError, match=r"a\.json:1: this is no line of a recording"):
        list(from_json(path))


async def test_a_recording_becomes_json_and_the_same_text_again(file, tmp_path, capsys) -> None:
    written = tmp_path / "written.json"
    assert main(["tap", "--json", str(file)]) == 0
    written.write_text(capsys.readouterr().out)
    assert '"frame": "Event"' in written.read_text()
    assert list(to_json(file)) == written.read_text().splitlines()
    assert main(["tap", "--from-json", str(written)]) == 0
    assert capsys.readouterr().out == file.read_text()


async def test_a_replay_ends_with_the_document(file, capsys) -> None:
    assert main(["tap", "--replay", str(file)]) == 0
    out, err = capsys.readouterr()
    assert out == "<output>1</output>\n"
    assert err == "vango: epoch 1, rev 1, 2 nodes\n"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"count": 3}, r":4: the document has 2 nodes, not 3"),
        ({"base": 7, "rev": 8}, r":4: it changes epoch 1, rev 7, and the document has epoch 1, rev 0"),
        ({"payload": b"\x03\x01"}, r":4: "),
        ({"payload": b"\x01\x09\x00"}, r":4: the document, which has epoch 1, rev 0, cannot take it"),
    ],
)
async def test_a_replay_names_where_it_diverges(file, change, sentence, capsys) -> None:
    entries = [json.loads(line) for line in file.read_text().splitlines()]
    header = {"epoch": 1, "base": 0, "rev": 1, "ack": 1, "count": 2, "payload": b"\x01\x02\x011"}
    entries[3]["hex"] = protocol.encode(protocol.Diff(**{**header, **change})).hex()
    file.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    with pytest.raises(DivergedError, match=sentence):
        replay(file)
    assert main(["tap", "--replay", str(file)]) == 2
    assert "a.jsonl:4: " in capsys.readouterr().err
    assert [
        line for line in tap(file) if "nodes, not" in line or "cannot take" in line or "it changes" in line
    ]


async def test_a_recording_without_a_document_is_not_replayed(file) -> None:
    entries = file.read_text().splitlines(keepends=True)
    file.write_text("".join(entries[:1] + entries[2:]))
    with pytest.raises(DivergedError, match=":3: what it changes is not in this recording"):
        replay(file)
    file.write_text(entries[0])
    with pytest.raises(TapError, match="no line of it says what the document is"):
        replay(file)


async def test_a_burst_that_comes_twice_changes_nothing(file) -> None:
    entries = file.read_text().splitlines(keepends=True)
    file.write_text("".join([*entries, entries[3]]))
    assert replay(file).html == "<output>1</output>"


async def test_the_command_prints_it_and_says_what_is_wrong(file, capsys) -> None:
    assert main(["tap", str(file)]) == 0
    assert "<output" in capsys.readouterr().out
    assert main(["tap", str(file) + "x"]) == 2
    assert "No such file" in capsys.readouterr().err
