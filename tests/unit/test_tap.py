"""A recording holds what was on the wire, without secrets, and `vango tap` tells what it says."""

import json
import zlib

import pytest

from vango import _core, core, html as h, protocol
from vango.cli.command import main
from vango.cli.tap import TapError, tap
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


async def test_the_command_prints_it_and_says_what_is_wrong(file, capsys) -> None:
    assert main(["tap", str(file)]) == 0
    assert "<output" in capsys.readouterr().out
    assert main(["tap", str(file) + "x"]) == 2
    assert "No such file" in capsys.readouterr().err
