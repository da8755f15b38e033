"""Malformed, truncated, oversized, early, unexpected: a clear ERROR, a close code, nothing applied."""

import random

import anyio
import pytest
from session_pages import Counter, Tap, answers, hello

from vango import html as h, protocol
from vango.limits import Limits
from vango.protocol import (
    Ack,
    Auth,
    Bye,
    Channel,
    Diff,
    Event,
    HelloOk,
    Ping,
    Refetch,
    Result,
    Snapshot,
    encode,
)
from vango.testing import Pilot

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("network")]

PING = encode(Ping())


def event(hid, cseq, **changes):
    """The frame of a click in epoch 1."""
    return encode(Event(**{"epoch": 1, "cseq": cseq, "rev": 0, "hid": hid, "kind": 0, **changes}))


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        pytest.param(b"\x05\x4e", "InvalidFrame", 1002, id="truncated"),
        pytest.param(b"\x80", "InvalidFrame", 1002, id="cut in its length"),
        pytest.param(b"\x03\x62\x00\x01", "InvalidFrame", 1002, id="a header that is cut"),
        pytest.param(b"\x02\x4e\x80", "InvalidFrame", 1002, id="unknown flag"),
        pytest.param(b"\x02\x66\x00", "UnknownKind", 1002, id="unknown kind"),
        pytest.param(b"\x05\x62\x01\x01\x00\x00", "InvalidFrame", 1002, id="deflated"),
        pytest.param(b"\x04\x65\x00\x01\xff", "InvalidFrame", 1002, id="invalid UTF-8"),
        pytest.param(b"\x02\x01\x00", "UnknownKind", 1002, id="an op of a bare burst"),
        pytest.param(b"\xff\xff\x7f", "TooBig", 1009, id="a length above the limit"),
        pytest.param(bytes(65_537), "TooBig", 1009, id="a message above the limit"),
        pytest.param(bytes(1_025), "InvalidFrame", 1002, id="too many frames"),
        pytest.param(encode(Diff(1, 0, 1, 0, 1)), "InvalidFrame", 1002, id="a message of servers"),
        pytest.param(encode(Snapshot(1, 1, 0, 1)), "InvalidFrame", 1002, id="a snapshot"),
        pytest.param(encode(Result(1)), "InvalidFrame", 1002, id="a result"),
        pytest.param(encode(Channel(1, b"x", 1)), "InvalidFrame", 1002, id="compressed by a client"),
        pytest.param(encode(Auth("x")), "Unauthorized", 3000, id="a token of another session"),
        pytest.param(encode(Ack(1, 5, 0)), "InvalidFrame", 1002, id="an ack of a burst to come"),
        pytest.param(encode(Ack(1, 0, 5)), "InvalidFrame", 1002, id="settling an event to come"),
        pytest.param(event(4, 1, rev=9), "InvalidFrame", 1002, id="an event on a burst to come"),
    ],
)
async def test_bad_message(data, kind, code) -> None:
    async with Pilot(Counter()) as pilot, Pilot(Counter(), beside=pilot) as neighbour:
        link, session = pilot.link, pilot.session
        button = pilot.find("button", text="+").hid
        good = event(button, 1)
        await link.send(data)
        await pilot.settle()
        assert [error.kind for error in pilot.errors] == [kind]
        assert link.end.code == code
        assert session.attachment is None
        assert not session.closed
        assert session.ledger.accepted == 0
        await neighbour.click(neighbour.find("button", text="+"))
        assert neighbour.find("output").text == "1"
        await pilot.reconnect()
        await pilot.send(good)
        assert pilot.find("output").text == "1"
        assert pilot.reports == []


async def test_every_truncation_of_every_message_ends_the_connection_and_nothing_else() -> None:
    async with Pilot(Counter()) as neighbour, Pilot(Counter(), beside=neighbour, connect=False) as pilot:
        greeting, button = hello(pilot), neighbour.find("button", text="+").hid
        whole = [event(button, 1), encode(Ack(1, 0, 0)), encode(Refetch(1, 0, "x")), PING, encode(Bye("x"))]
        for frame in whole:
            for cut in range(1, len(frame)):
                messages, end = await answers(pilot, greeting, frame[:cut])
                assert [type(message) for message in messages] == [HelloOk, protocol.Error]
                assert (messages[1].kind, end.code) == ("InvalidFrame", 1002)
        for cut in range(len(greeting)):
            (error,), end = await answers(pilot, greeting[:cut])
            assert (error.kind, end.code) == ("InvalidFrame", 1002)
        assert pilot.session.ledger.accepted == 0
        await neighbour.click(neighbour.find("button", text="+"))
        assert neighbour.find("output").text == "1"


async def test_after_bye_nothing_is_taken() -> None:
    async with Pilot(Counter()) as pilot:
        button = pilot.find("button", text="+").hid
        await pilot.send(encode(Bye("drained")), event(button, 1))
        assert pilot.session.ledger.accepted == 0
        assert pilot.session.attachment is None


async def test_nothing_of_a_message_takes_effect_if_its_last_frame_is_bad() -> None:
    async with Pilot(Counter()) as pilot:
        button = pilot.find("button", text="+").hid
        await pilot.send(event(button, 1), event(button, 2), b"\x02\x4e\x01")
        assert pilot.session.ledger.accepted == 0
        assert pilot.session.rev == 0
        assert pilot.errors[0].details.startswith('{"offset": ')


async def test_a_second_hello_ends_the_connection() -> None:
    async with Pilot(Counter()) as pilot:
        again = hello(pilot)
        link = pilot.link
        await link.send(again)
        await pilot.settle()
        assert pilot.errors[0].kind == "InvalidFrame"
        assert link.end.code == 1002


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(PING, id="PING"),
        pytest.param(b"\x00", id="liveness"),
        pytest.param(event(4, 1), id="an event before HELLO"),
        pytest.param(encode(Ack(1, 0, 0)), id="an ack before HELLO"),
        pytest.param(encode(Refetch(1, 0, "")), id="REFETCH"),
        pytest.param(encode(Bye("")), id="BYE"),
        pytest.param(b"", id="nothing at all"),
        pytest.param(b"HELLO resumable=true lastSeq=1", id="text of another protocol"),
    ],
)
async def test_the_first_message_is_hello(first) -> None:
    async with Pilot(Counter(), connect=False) as pilot:
        (error,), end = await answers(pilot, first)
        assert error.kind in ("InvalidFrame", "UnknownKind")
        assert end.code == 1002
        assert pilot.session.attachment is None
        assert pilot.session.instance == ""


async def test_hello_comes_alone() -> None:
    async with Pilot(Counter(), connect=False) as pilot:
        (error,), end = await answers(pilot, hello(pilot) + PING)
        assert (error.kind, end.code) == ("InvalidFrame", 1002)


async def test_hello_has_a_limit_of_its_own() -> None:
    async with Pilot(Counter(), connect=False) as pilot:
        (error,), end = await answers(pilot, hello(pilot, csrf="x" * 16_384))
        assert (error.kind, end.code) == ("TooBig", 1009)


async def test_hello_comes_within_five_seconds() -> None:
    async with Pilot(Counter(), connect=False) as pilot:
        link = pilot.connect_raw()
        await pilot.advance(4.9)
        assert link.end is None
        await pilot.advance(0.1)
        (error,) = protocol.decode(b"".join(link.receive_all()), 1_000)
        assert error.kind == "ServerBusy"
        assert link.end.code == 1013


@pytest.mark.parametrize(
    "changes",
    [
        {"instance": ""},
        {"instance": "x" * 65},
        {"path": "/" + "x" * 8_192},
        {"epoch": 2**53 - 1},
    ],
    ids=["no instance", "endless instance", "endless path", "endless epochs"],
)
async def test_hello_that_cannot_be(changes) -> None:
    async with Pilot(Counter(), connect=False) as pilot:
        (error,), end = await answers(pilot, hello(pilot, **changes))
        assert (error.kind, end.code) == ("InvalidFrame", 1002)


async def test_a_hello_that_holds_bursts_never_sent_gets_a_higher_epoch() -> None:
    async with Pilot(Counter(), connect=False) as pilot:
        pilot.client.rev = 2**53 - 1
        await pilot.reconnect()
        assert pilot.client.hello_ok.mode == protocol.MODE_SNAPSHOT
        assert (pilot.client.epoch, pilot.client.rev) == (2, 1)
        await pilot.click(pilot.find("button", text="+"))
        assert pilot.find("output").text == "1"


async def test_a_hello_of_a_higher_epoch_says_that_our_copy_is_stale() -> None:
    async with Pilot(Counter(start=5)) as pilot:
        await pilot.click(pilot.find("button", text="+"))
        stale = pilot.session
        pilot.client.epoch = 7
        await pilot.reconnect()
        assert stale.closed
        assert pilot.client.epoch == 8
        assert pilot.find("output").text == "5"
        assert len(pilot.registry.sessions) == 1


async def test_a_client_that_asks_for_snapshots_all_the_time_is_slowed_down() -> None:
    async with Pilot(Counter()) as pilot:
        kinds = []
        for _ in range(8):
            messages, end = await answers(pilot, hello(pilot, epoch=0, instance=pilot.client.instance))
            kinds.append(type(messages[0]) if type(messages[0]) is HelloOk else messages[0].kind)
        assert kinds == [HelloOk] * 5 + ["RateLimited"] * 3
        assert messages[0].retry_after_ms == 500
        assert end.code == 1013


@pytest.mark.parametrize("payload", [b"\x05", b"\x01\xff", b"\x01\x02\xff\xff"])
async def test_malformed_fields_are_the_error_of_that_event_alone(payload) -> None:
    seen = []
    async with Pilot(h.input(on_input=lambda e: seen.append(e.value))) as pilot:
        field = pilot.find("input")
        await pilot.send(event(field.hid, 1, kind=2, payload=payload))
        result = pilot.client.results[1]
        assert result.error == "Validation"
        assert '"offset"' in result.data
        pilot.client._cseq = 1
        await pilot.type(field, "x")
        assert seen == ["x"]
        assert pilot.errors == []


async def test_a_form_with_too_many_fields_is_the_error_of_that_event_alone() -> None:
    async with Pilot(h.form(on_submit=lambda e: None)[h.input(name="a")]) as pilot:
        payload = b"\xe9\x07" + b"\x01a\x00" * 1_001
        await pilot.send(event(pilot.find("form").hid, 1, kind=4, payload=payload))
        assert pilot.client.results[1].error == "Validation"


async def test_a_page_that_is_larger_than_the_client_takes_ends_its_session() -> None:
    async with Pilot(h.p["x" * 500], connect=False) as pilot:
        messages, end = await answers(pilot, hello(pilot, epoch=0, limits=[("burst_bytes", 100)]))
        assert messages[-1].kind == "Internal"
        assert end.code == 1011
        assert "burst_bytes" in str(pilot.reports[0].error)


async def test_a_client_that_never_reads_its_answers_is_not_read_either() -> None:
    limits = Limits(backlog_bytes=200, event_burst=5_000)
    async with Pilot(Counter(), limits=limits, connect=False) as pilot:
        link = pilot.connect_raw()
        await link.send(hello(pilot))
        sent = []

        async def flood():
            # Each of them is answered, because it comes again.
            while True:
                await link.send(event(999, 1))
                sent.append(1)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(flood)
            for _ in range(50):
                await pilot.settle()
            assert 16 < len(sent) < 200
            stuck = len(sent)
            assert pilot.session.attachment is not None
            link.receive_all()
            await pilot.settle()
            assert len(sent) > stuck
            tasks.cancel_scope.cancel()


async def test_random_bytes_never_leave_attach_and_never_touch_a_neighbour() -> None:
    rng = random.Random(7)
    async with Pilot(Counter()) as neighbour, Pilot(Counter(), beside=neighbour, connect=False) as pilot:
        greeting = hello(pilot)
        for n in range(150):
            noise = bytearray(rng.choice([greeting, event(4, 1), encode(Ack(1, 0, 0)), rng.randbytes(40)]))
            for _ in range(rng.randrange(4)):
                noise[rng.randrange(len(noise))] = rng.randrange(256)
            data = [bytes(noise)] if n % 2 else [greeting, bytes(noise)]
            link = pilot.connect_raw()
            for part in data:
                if link.end is None:
                    await link.send(part)
                    await pilot.settle()
            link.cut()
            await pilot.settle()
            await pilot.advance(1)
        await neighbour.click(neighbour.find("button", text="+"))
        assert neighbour.find("output").text == "1"
        assert neighbour.reports == []


async def test_what_a_client_is_told_after_an_error_is_an_error_and_nothing_else() -> None:
    async with Pilot(Counter()) as pilot:
        tap = Tap(pilot)
        await pilot.send(event(pilot.find("button", text="+").hid, 1) + b"\x01\x4e")
        assert [type(message) for message in tap.messages] == [protocol.Error]
