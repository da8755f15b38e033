"""docs/PROTOCOL.md says what the code does: its tables, its examples in hex, the order of its rules."""

import json
import re

import pytest
from protocol_text import TEXT, Example, examples, fences, messages, section, tables

from vango import _core, component, core, html as h, protocol, signal
from vango.limits import Limits
from vango.testing import Pilot
from vango.testing.conformance import CLIENT_SCENARIOS, SERVER_SCENARIOS

pytestmark = pytest.mark.anyio

MAX_BYTES = 1 << 24


def uv(data: bytes) -> int:
    """Decode by the text of 1.1."""
    assert data[-1] < 0x80 <= min(data[:-1], default=0x80)
    return sum((byte & 0x7F) << 7 * i for i, byte in enumerate(data))


def says(words: str, name: str, value: object) -> bool:
    """Whether the words beside an example name this value of a field."""
    text = re.escape(json.dumps(value, ensure_ascii=False))
    return bool(re.search(rf"(^|[ ,]){re.escape(name)} {text}($|[ ,\n])", words, re.MULTILINE))


def plain(value: object) -> object:
    """Pairs are tuples here and lists in JSON."""
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def check_uv(example: Example) -> None:
    assert {uv(data): words for data, words in example.lines} == {
        int(words): words for _, words in example.lines
    }


def check_str(example: Example) -> None:
    for data, words in example.lines:
        assert data[1:].decode() == json.loads(words)
        assert data[0] == len(data) - 1


def check_node(example: Example) -> None:
    model = core.Model.from_snapshot(example.data)
    assert model.html(hids=True) == '<button data-hid="7" data-ev="1">+</button>'
    assert [words for _, words in example.lines][:4] == [
        "element, hid 7",
        'tag "button"',
        "eventbits 1",
        "no attributes",
    ]


def check_burst(example: Example) -> None:
    patches = core.decode(example.data)
    assert len(patches) == len(example.lines)
    for patch, (data, words) in zip(patches, example.lines, strict=True):
        assert words.startswith(patch.op)
        assert core.encode([patch]) == data
        for name in words.split()[1::2]:
            assert says(words, name, getattr(patch, name))


def check_rows(example: Example) -> None:
    model = core.Model.from_snapshot(example.data)
    words = [
        re.search(r'hid (\d+) tag "ul"|element, hid (\d+).* "(\w+)"$', line) for _, line in example.lines
    ]
    (root, _, _), *rows = [match.groups() for match in words]
    shown = "".join(f'<li data-hid="{hid}">{text}</li>' for _, hid, text in rows)
    assert model.html(hids=True) == f'<ul data-hid="{root}">{shown}</ul>'


def check_texts(example: Example) -> None:
    (_, head), (_, hids), *texts = example.lines
    assert head == f"set_texts, {len(example.data) - 2} bytes"
    assert hids == f"{len(texts)} hids: " + ", ".join(str(patch.hid) for patch in core.decode(example.data))
    assert [json.dumps(patch.text) for patch in core.decode(example.data)] == [words for _, words in texts]


def check_fields(example: Example) -> None:
    kind = int(example.what.split()[1])
    assert plain(_core.decode_fields(kind, example.data)) == json.loads(example.words)


def check_frame(example: Example) -> None:
    name = example.what.split()[1]
    ((kind, flags, header, payload),) = _core.decode_messages(example.data, MAX_BYTES)
    row = {row[0]: row for row in _core.protocol_table()}[kind]
    assert (row[1], flags) == (name, 0)
    assert "no flags" in example.words
    assert f"length {len(example.data) - 1}," in example.words
    for (field, _), value in zip(row[4], header, strict=False):
        assert says(example.words, field, plain(value)), f"{field} {value!r}"
    assert bool(payload) == ("payload:" in example.words)


def check_frames(example: Example) -> None:
    for data, words in example.lines:
        ((kind, flags, _, payload),) = _core.decode_messages(data, MAX_BYTES)
        name = {row[0]: row[1] for row in _core.protocol_table()}[kind]
        assert words == f"{name} flags {flags}, payload {payload.hex()}".rstrip()


CHECKS = {
    "uv": check_uv,
    "str": check_str,
    "node": check_node,
    "burst": check_burst,
    "rows": check_rows,
    "texts": check_texts,
    "fields": check_fields,
    "frame": check_frame,
    "frames": check_frames,
}


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.what)
def test_the_words_beside_an_example_are_what_its_bytes_mean(example) -> None:
    CHECKS[example.what.split()[0]](example)


def test_every_kind_of_example_is_there() -> None:
    assert {example.what.split()[0] for example in examples()} == set(CHECKS)


async def test_the_example_page_is_what_a_counter_is_served_as() -> None:
    @component
    def counter():
        count = signal(3)
        return h.div(class_="counter")[
            h.button(on_click=lambda: count.update(lambda n: n - 1))["-"],
            h.output[count],
            h.button(on_click=lambda: count.update(lambda n: n + 1))["+"],
        ]

    (example,) = [content for _, content in fences("html")]
    async with Pilot(counter()) as pilot:
        assert pilot.session.html() == example.replace("\n", "")
        assert pilot.session.count == 8
        (hello, event, diff, ack) = (
            next(one.data for one in examples() if one.what == f"frame {name}")
            for name in ("HELLO", "EVENT", "DIFF", "ACK")
        )
        assert pilot.client.event(7, 0) == event
        received: list[bytes] = []
        pilot.link.on_receive = lambda data: received.append(data) or [data]
        await pilot.send(event)
        assert received == [diff]
        assert pilot.client.acknowledge() == ack
        assert type(protocol.decode(hello, MAX_BYTES)[0]) is protocol.Hello


def test_the_table_of_messages_is_that_of_the_codec() -> None:
    table = [
        [kind, name, sender, flags, [list(field) for field in fields], payload]
        for kind, name, sender, flags, fields, payload in _core.protocol_table()
    ]
    assert messages() == table


def test_the_flags_are_those_of_the_codec() -> None:
    assert {row[1]: int(row[0]) for row in tables("1.3")} == {
        "DEFLATE": _core.FLAG_DEFLATE,
        "MORE": _core.FLAG_MORE,
        "CANCEL": _core.FLAG_CANCEL,
        "ACTION": _core.FLAG_ACTION,
    }
    for name, kinds in ((row[1], re.findall(r"[A-Z]{3,}", row[2])) for row in tables("1.3")):
        flag = getattr(_core, f"FLAG_{name}")
        assert kinds == [row[1] for row in messages() if row[3] & flag]


def test_the_kinds_of_events_are_those_of_the_codec() -> None:
    listed = {row[i + 1]: int(row[i]) for row in tables("1.8") for i in range(0, len(row), 2) if row[i]}
    for number, name in re.findall(r"(\d+) ([a-z]+)", section("1.8").split("Kinds without a bit:")[1][:60]):
        listed[name] = int(number)
    assert listed == dict(_core.EVENT_KINDS)


def test_the_errors_are_those_of_the_server() -> None:
    listed = {row[0]: (int(row[2]) if row[2] else None, int(row[3])) for row in tables("5")}
    assert listed == {kind: (rule.close, rule.http) for kind, rule in protocol.RULES.items()}


def test_the_capabilities_are_those_of_the_server() -> None:
    assert tuple(row[0] for row in tables("2.4")) == protocol.CAPABILITIES


def test_the_limits_are_those_of_the_server() -> None:
    limits, listed = Limits(), dict(tables("6"))
    assert listed["before HELLO_OK"] == f"one message, {limits.hello_bytes >> 10} KiB, {limits.hello_s:g} s"
    assert listed["message of a client"].startswith(f"{limits.message_bytes >> 10} KiB ")
    assert listed["path"] == f"{limits.path_bytes >> 10} KiB"
    assert listed["unsettled events"].startswith(f"{limits.unsettled_events} ")
    assert listed["events that wait behind a handler"] == str(limits.queued_events)
    assert listed["events"] == f"{limits.events_per_s:g} a second, {limits.event_burst} at once"
    assert listed["bursts kept for a replay"] == f"{limits.ring_bursts}, and {limits.ring_bytes >> 10} KiB"
    assert listed["payload of a frame of the server"] == f"{limits.part_bytes >> 10} KiB, then in parts"
    resyncs = f"{limits.resyncs_per_s:g} a second, {limits.resync_burst} at once"
    assert listed["REFETCH and snapshots"] == resyncs
    assert listed["coming back to a session"] == f"within {limits.resume_s / 60:g} min"
    assert f"{limits.heartbeat_ms:,}" in section("3.11")
    ladder = [round(ms / 1000) for ms in limits.ladder_ms]
    assert re.findall(r"\d+", section("3.12"))[:5] == [str(step) for step in ladder]


def test_the_scenarios_are_those_of_the_kit() -> None:
    listed = {row[0]: tuple(row[1].split(", ")) for row in tables("8")}
    assert listed == {"server": SERVER_SCENARIOS, "client": CLIENT_SCENARIOS}


def test_the_rules_are_numbered_without_gaps() -> None:
    for chapter in range(1, 10):
        numbers = [int(n) for n in re.findall(rf"^{chapter}\.(\d+)\. ", TEXT, re.MULTILINE)]
        assert numbers == list(range(1, len(numbers) + 1))


def test_what_the_text_refers_to_is_there() -> None:
    prose = re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)
    for number in set(re.findall(r"\((\d+\.\d+)[),]", prose)):
        assert section(number)


def test_the_bodies_of_the_example_over_http_are_the_frames_that_it_names():
    ((_, block),) = fences("http")
    bodies = re.findall(r"^([0-9a-f ]+?) {4}([A-Z_]+)", block, re.MULTILINE)
    assert [name for _, name in bodies] == ["HELLO", "HELLO_OK", "EVENT", "DIFF", "BYE"]
    for data, name in bodies:
        (message,) = protocol.decode(bytes.fromhex(data), MAX_BYTES)
        assert type(message).__name__.upper() == name.replace("_", "")
        assert getattr(message, "attachment", "a1") == "a1"
