"""What leaves a session: parts, deflated payloads, what is owed, and what an unread connection costs."""

import random
import zlib

import pytest
from session_pages import MAX_BYTES, Tap, answers, hello

from vango import Signal, _core, html as h, protocol, signal
from vango.limits import Limits
from vango.protocol import Cont, Diff, HelloOk, Message, Result, Snapshot
from vango.testing import Pilot

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("ring")]

WINDOW = 32 * 1024


def noise(n: int) -> str:
    """A text of 1,000 letters that begins with its number and hardly deflates."""
    return f"{n} " + random.Random(n).randbytes(500).hex()


def failing(text: Signal[str]) -> h.VNode:
    """A page whose button changes a text by a long burst, and then fails."""

    def fail() -> None:
        text.set(noise(1))
        raise ValueError("on purpose")

    return h.main[h.button(on_click=fail)["fail"], h.output[text]]


async def test_1000_changes_cost_a_client_that_does_not_read_one_window_and_end_in_two_bursts() -> None:
    text = signal("")
    async with Pilot(h.output[text], connect=False) as pilot:
        link = pilot.connect_raw()
        await link.send(pilot.client.hello())
        await pilot.settle()
        for n in range(1, 1_001):
            text.set(noise(n))
            await pilot.settle()
        burst = len(noise(1_000)) + 20
        # What the transport has taken and what the session still holds, both counted.
        on_the_line = sum(len(message) for message in link._line.lanes[0].messages)
        assert on_the_line <= WINDOW + burst
        assert pilot.session.outbox.held_bytes <= WINDOW + burst
        bursts = []
        while arrived := link.receive_all():
            before = pilot.client.bursts
            for reply in [reply for message in arrived for reply in pilot.client.receive(message)]:
                await link.send(reply)
            await pilot.settle()
            bursts.append(pilot.client.bursts - before)
        # The first were on the line before anybody read.
        assert sum(bursts[1:]) <= 2
        assert pilot.find("output").text == noise(1_000)
        assert pilot.client.refetches == 0
        assert pilot.session.outbox.held_bytes == 0


async def test_what_a_dropped_client_did_not_read_is_not_kept_beyond_the_ring() -> None:
    text = signal("")
    async with Pilot(h.output[text], limits=Limits(ring_bytes=3_000)) as pilot:
        pilot.client.acks = False
        for n in range(100):
            text.set(noise(n))
            await pilot.settle()
        assert pilot.session.outbox.held_bytes <= 3_000
        assert pilot.session.outbox.kept <= 2
        await pilot.reconnect()
        assert pilot.find("output").text == noise(99)


async def test_a_long_burst_comes_in_parts_and_other_messages_between_them() -> None:
    text = signal("")
    async with Pilot(h.output[text], limits=Limits(part_bytes=300)) as pilot:
        tap = Tap(pilot)
        text.set(noise(1))
        await pilot.send(protocol.encode(protocol.Ping()))
        assert [type(message) for message in tap.messages] == [Diff, Cont, Cont, Cont][: len(tap.messages)]
        assert len(tap.messages) > 1
        assert pilot.client.bursts == 1
        assert pilot.find("output").text == noise(1)


async def test_what_went_wrong_is_told_with_the_last_part_of_the_burst_that_acknowledges_it() -> None:
    text = signal("")
    page = failing(text)
    async with Pilot(page, connect=False, limits=Limits(part_bytes=20)) as pilot:
        link = pilot.connect_raw()
        await link.send(pilot.client.hello())
        await pilot.settle()
        await link.send(pilot.client.event(pilot.find("button").hid, 0))
        await pilot.settle()
        # Not all parts have found room on the line; what changes now has to wait for them.
        text.set("later")
        heard: list[list[protocol.Message]] = []
        while arrived := link.receive_all():
            heard += [protocol.decode(message, MAX_BYTES) for message in arrived]
            await pilot.settle()
        ends = [
            n for n, messages in enumerate(heard) if any(type(m) is Cont and not m.flags for m in messages)
        ]
        assert len(ends) == 1
        assert [m.error for m in heard[ends[0]] if type(m) is Result] == ["HandlerFailed"]
        assert [m.ack for messages in heard for m in messages if type(m) is Diff] == [1, 1]


async def test_what_a_cancelled_burst_would_have_shown_is_settled_behind_the_snapshot_in_its_place() -> None:
    text = signal("")
    page = failing(text)
    async with Pilot(page, connect=False, limits=Limits(part_bytes=20)) as pilot:
        link = pilot.connect_raw()
        await link.send(pilot.client.hello())
        await pilot.settle()
        await link.send(pilot.client.event(pilot.find("button").hid, 0))
        await pilot.settle()
        heard = [message for data in link.receive_all() for message in protocol.decode(data, MAX_BYTES)]
        assert any(message.flags & protocol.FLAG_MORE for message in heard if type(message) is Diff)
        await link.send(protocol.encode(protocol.Refetch(1, 0, "lost")))
        await pilot.settle()
        while arrived := link.receive_all():
            heard += [message for data in arrived for message in protocol.decode(data, MAX_BYTES)]
            await pilot.settle()
        seen = [type(message) for message in heard]
        assert any(message.flags & protocol.FLAG_CANCEL for message in heard if type(message) is Cont)
        assert seen.count(Result) == 1
        # Its last part, too: nothing of a snapshot counts before it is whole.
        assert seen.index(Snapshot) < seen.index(Result)
        assert type(heard[seen.index(Result) - 1]) is Cont
        assert not heard[seen.index(Result) - 1].flags


async def test_who_asks_again_while_a_snapshot_comes_gets_that_one_to_its_end() -> None:
    text = "".join(map(noise, range(10)))
    async with Pilot(h.output[text], connect=False, limits=Limits(part_bytes=20)) as pilot:
        link = pilot.connect_raw()
        await link.send(hello(pilot, epoch=0))
        heard = []
        again = protocol.encode(protocol.Refetch(1, 0, "again"))
        for asks in (True, True, True, *[False] * 100):
            await pilot.settle()
            arrived = link.receive_all()
            heard += [message for data in arrived for message in protocol.decode(data, MAX_BYTES)]
            if asks:
                assert type(heard[-1]) in (Snapshot, Cont)
                assert heard[-1].flags & protocol.FLAG_MORE
                await link.send(again)
        assert [type(message) for message in heard].count(Snapshot) == 1
        assert [message.flags for message in heard if type(message) is Cont].count(protocol.FLAG_CANCEL) == 0
        assert not heard[-1].flags & protocol.FLAG_MORE


@pytest.mark.parametrize("messages", [1, 2, 3, 16])
async def test_answers_keep_their_order_whoever_sends_them(messages: int) -> None:
    count = signal(0)
    page = h.main[h.button(on_click=lambda: count.update(lambda n: n + 1))["more"], h.output[count]]
    async with Pilot(page, connect=False) as pilot:
        ours = pilot.connect_raw()
        ours._line.capacity = messages
        await ours.send(pilot.client.hello())
        await pilot.settle()
        heard: list[Message] = []
        for round_ in range(30):
            # Some are answered where they were read; those that find the line full, by the task that sends.
            for _ in range(round_ % 4):
                await ours.send(pilot.client.event(pilot.find("button").hid, 0))
                await pilot.settle()
            heard += [m for data in ours.receive_all() for m in protocol.decode(data, MAX_BYTES)]
            acks = [m for m in heard if type(m) is Diff]
            if acks:
                await ours.send(protocol.encode(protocol.Ack(1, acks[-1].rev, acks[-1].ack)))
        # What the line had no room for comes when it has been read.
        await pilot.settle()
        while data := ours.receive_all():
            heard += [m for frame in data for m in protocol.decode(frame, MAX_BYTES)]
            await pilot.settle()
        diffs = [m for m in heard if type(m) is Diff]
        assert [m.base for m in diffs] == [0, *(m.rev for m in diffs[:-1])]
        assert diffs[-1].ack == sum(round_ % 4 for round_ in range(30))
        assert count() == diffs[-1].ack


async def test_a_burst_that_was_cut_between_its_parts_arrives_whole_after_a_resume() -> None:
    text = signal("")
    async with Pilot(h.output[text], limits=Limits(part_bytes=300)) as pilot:
        seen = []
        Tap(pilot).rule = lambda message: (seen.append(message), [message] if len(seen) == 1 else [])[1]
        text.set(noise(1))
        await pilot.settle()
        assert pilot.client.bursts == 0
        await pilot.reconnect()
        assert pilot.client.bursts == 1
        assert pilot.find("output").text == noise(1)
        assert pilot.client.refetches == 0


async def test_only_a_client_that_inflates_gets_deflated_payloads() -> None:
    text = "again and again " * 100
    for capabilities in (["remove_attr", "move"], ["remove_attr", "move", "deflate"]):
        async with Pilot(h.p[text], connect=False) as pilot:
            said = hello(pilot, epoch=0, capabilities=capabilities)
            (greeting, snapshot), _ = await answers(pilot, said)
            assert (type(greeting), type(snapshot)) == (HelloOk, Snapshot)
            deflated = "deflate" in capabilities
            assert snapshot.flags == (protocol.FLAG_DEFLATE if deflated else 0)
            # Any inflater of the world will do.
            payload = zlib.decompress(snapshot.payload, -15) if deflated else snapshot.payload
            assert payload == pilot.session.view.tree.snapshot()
            assert len(snapshot.payload) < 200 or not deflated


async def test_hello_ok_is_never_deflated() -> None:
    async with Pilot(h.p["a page " * 1_000], connect=False) as pilot:
        link = pilot.connect_raw()
        await link.send(hello(pilot, epoch=0))
        await pilot.settle()
        data = b"".join(link.receive_all())
        assert pilot.session.id.encode() in data
        first = _core.decode_messages(data, MAX_BYTES)[0]
        assert (first[0], first[1]) == (HelloOk.KIND, 0)


async def test_what_is_owed_arrives_once_whatever_is_lost() -> None:
    count = signal(0)
    async with Pilot(h.output[count]) as pilot:
        outbox = pilot.session.outbox
        for n in range(1, 6):
            if n == 2:
                Tap(pilot).rule = lambda message: []
            assert outbox.emit("saved", str(n))
            count.set(n)
            await pilot.settle()
        await pilot.reconnect()
        assert pilot.client.effects == [("emit", "saved", str(n)) for n in range(1, 6)]
        await pilot.send(pilot.client.refetch(0))
        await pilot.reconnect()
        assert len(pilot.client.effects) == 5
        assert outbox.nav(1, "/elsewhere?a=b")
        outbox.focus(1)
        outbox.scroll(0, 0, -7)
        count.set(6)
        await pilot.settle()
        assert pilot.client.effects[5:] == [("nav", 1, "/elsewhere?a=b"), ("focus", 1), ("scroll", 0, 0, -7)]


async def test_a_burst_larger_than_its_client_takes_ends_the_session_and_says_so() -> None:
    async with Pilot(h.p["x" * 1_000], connect=False) as pilot:
        messages, end = await answers(pilot, hello(pilot, epoch=0, limits=[("burst_bytes", 500)]))
        assert end.code == 1011
        assert "burst_bytes: a burst of 1" in str(pilot.reports[0].error)
        assert not any(isinstance(message, Snapshot) for message in messages)
