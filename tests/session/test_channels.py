"""Channels (PROTOCOL 3.20), over each transport, on asyncio and trio, on virtual time."""

from __future__ import annotations

from itertools import pairwise

import anyio
import pytest
from session_pages import Counter, Go, Tap

from vango import _core, channel, component, current_session, html as h, protocol, signal
from vango.errors import ChannelClosed, LimitExceeded
from vango.limits import Limits
from vango.protocol import FLAG_CANCEL, FLAG_DEFLATE, Diff
from vango.sessions.channel import Channel
from vango.testing import Pilot

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("network")]

SHOWN = signal("")


@component
def Shown():
    """What channels have written, and a counter."""
    count = signal(0)
    return h.div[
        h.output(id="shown")[SHOWN],
        h.output(id="count")[count],
        h.button(on_click=lambda: count.update(lambda n: n + 1))["+"],
    ]


async def echo(channel: Channel) -> None:
    """Give back what comes."""
    async for data in channel:
        await channel.send(data)


async def count(channel: Channel) -> None:
    """Send as many numbers as the page asks for."""
    for n in range(channel.params["to"]):
        await channel.send(f"{channel.params['as']}{n}".encode())


async def hold(channel: Channel) -> None:
    """Take nothing, and never end."""
    await anyio.Event().wait()


async def test_what_is_sent_comes_back_in_its_order() -> None:
    async with Pilot(Counter(), channels={"echo": echo}) as pilot:
        channel = await pilot.channel("echo")
        await channel.send(b"one", b"two")
        await channel.send(b"three")
        assert channel.messages == [b"one", b"two", b"three"]
        assert channel.unacked == []
        assert channel.end is None


async def test_a_handler_is_told_the_name_and_what_was_said_beside_it() -> None:
    told: list[object] = []

    async def note(channel: Channel) -> None:
        told.append((channel.id, channel.name, channel.params))

    async with Pilot(Counter(), channels={"note": note}) as pilot:
        first = await pilot.channel("note")
        second = await pilot.channel("note", {"room": [1, "ä"]})
        assert told == [(1, "note", None), (3, "note", {"room": [1, "ä"]})]
        assert (first.end, second.end) == (("", None), ("", None))


async def test_s000_12_two_channels_and_patches_interleaved_keep_their_order() -> None:
    rounds = 40

    async def shout(channel: Channel) -> None:
        async for data in channel:
            SHOWN.set(data.decode())
            await channel.send(data.upper())

    async with Pilot(Shown(), channels={"echo": echo, "shout": shout}) as pilot:
        tap = Tap(pilot)
        one, other = await pilot.channel("echo"), await pilot.channel("shout")
        for n in range(rounds):
            said = one.frame(b"%d" % n) + other.frame(b"x%d" % n)
            one.unacked.append(1)
            other.unacked.append(1)
            click = pilot.client.event(pilot.find("button").hid, _core.EVENT_KINDS["click"])
            await pilot.send(said, click)
        assert one.messages == [b"%d" % n for n in range(rounds)]
        assert other.messages == [b"X%d" % n for n in range(rounds)]
        assert pilot.find(id="count").text == str(rounds)
        assert pilot.find(id="shown").text == f"x{rounds - 1}"
        kinds = [type(message).__name__ for message in tap.messages]
        runs = sum(here != there for here, there in pairwise(kinds))
        assert runs > rounds  # they took turns
        revs = [diff.rev for diff in tap.of(Diff)]
        assert revs == sorted(revs)


async def test_a_handler_runs_in_the_session_of_its_page() -> None:
    sessions: list[object] = []

    async def who(channel: Channel) -> None:
        sessions.append(current_session())

    async with Pilot(Counter(), channels={"who": who}) as pilot, Pilot(Counter(), beside=pilot) as other:
        await pilot.channel("who")
        await other.channel("who")
        assert sessions == [pilot.session, other.session]


async def test_what_a_handler_changes_before_it_waits_is_shown_while_it_waits() -> None:
    go = Go()

    async def load(channel: Channel) -> None:
        SHOWN.set("loading")
        await go.wait()
        SHOWN.set("done")

    async with Pilot(Shown(), channels={"load": load}) as pilot:
        await pilot.channel("load")
        assert pilot.find(id="shown").text == "loading"
        go()
        await pilot.settle()
        assert pilot.find(id="shown").text == "done"


# Ends


async def test_the_page_closes_a_channel_and_its_handler_gets_what_came_before() -> None:
    got: list[bytes] = []

    async def collect(channel: Channel) -> None:
        got.extend([data async for data in channel])
        got.append(b"end")

    async with Pilot(Counter(), channels={"collect": collect}) as pilot:
        channel = await pilot.channel("collect")
        parts = [channel.frame(b"a"), channel.frame(b"b"), channel.frame(b"", FLAG_CANCEL)]
        await pilot.send(*parts)
        assert got == [b"a", b"b", b"end"]
        assert pilot.session.channels == 0
        assert pilot.reports == []


async def test_a_channel_that_is_given_up_is_told_from_one_that_is_closed() -> None:
    seen: list[str] = []

    async def collect(channel: Channel) -> None:
        try:
            seen.append((await channel.receive()).decode())
            await anext(channel)
        except ChannelClosed as closed:
            seen.append(f"given up: {closed.error}")
            raise

    async with Pilot(Counter(), channels={"collect": collect}) as pilot:
        channel = await pilot.channel("collect")
        await channel.send(b"half")
        await channel.close("aborted")
        assert seen == ["half", "given up: aborted"]
        assert pilot.reports == []


async def test_after_the_page_has_closed_nothing_can_be_sent() -> None:
    seen: list[object] = []
    go = Go()

    async def late(channel: Channel) -> None:
        await go.wait()
        seen.append(channel.is_open)
        await channel.send(b"late")
        seen.append("sent")

    async with Pilot(Counter(), channels={"late": late}) as pilot:
        channel = await pilot.channel("late")
        await channel.close()
        go()
        await pilot.settle()
        assert seen == [False]
        assert channel.messages == []
        assert pilot.reports == []  # a handler lets ChannelClosed go through


async def test_what_a_handler_sent_comes_before_its_end() -> None:
    async def speak(channel: Channel) -> None:
        await channel.send(b"last words")
        channel.close("Full", {"free": 0})
        with pytest.raises(ChannelClosed):
            await channel.send(b"more")

    async with Pilot(Counter(), channels={"speak": speak}) as pilot:
        channel = await pilot.channel("speak")
        assert channel.messages == [b"last words"]
        assert channel.end == ("Full", {"free": 0})


async def test_a_handler_that_raises_ends_its_channel_and_nothing_else() -> None:
    async def fail(channel: Channel) -> None:
        await channel.receive()
        raise ValueError("secret")

    async with Pilot(Counter(), channels={"fail": fail, "echo": echo}) as pilot:
        failing, other = await pilot.channel("fail"), await pilot.channel("echo")
        await failing.send(b"now")
        (report,) = pilot.reports
        assert failing.end == ("HandlerFailed", {"reference": report.reference})
        assert str(report.error) == "secret"
        assert "fail" in report.where
        await other.send(b"still there")
        assert other.messages == [b"still there"]
        await pilot.click(pilot.find("button", text="+"))
        assert pilot.find("output").text == "1"


async def test_a_lost_connection_cancels_who_serves_an_open_channel() -> None:
    ends: list[str] = []

    async def serve(channel: Channel) -> None:
        try:
            async for _ in channel:
                pass
        finally:
            ends.append(f"{channel.name}, open: {channel.is_open}")

    async with Pilot(Counter(), channels={"serve": serve}) as pilot:
        channel = await pilot.channel("serve")
        pilot.drop()
        await pilot.advance(31)  # over HTTP only silence says so
        assert ends == ["serve, open: False"]
        assert pilot.session.channels == 0
        await pilot.reconnect()
        assert channel.end == ("Lost", None)
        again = await pilot.channel("serve")
        assert again.id == 1  # numbers belong to the connection
        assert pilot.reports == []


async def test_who_was_told_all_finishes_also_without_a_connection() -> None:
    stored: list[bytes] = []
    go = Go()

    async def store(channel: Channel) -> None:
        parts = [data async for data in channel]
        await go.wait()
        stored.append(b"".join(parts))

    async with Pilot(Counter(), channels={"store": store}) as pilot:
        channel = await pilot.channel("store")
        await channel.send(b"up", b"load")
        await channel.close()
        pilot.drop()
        await pilot.advance(31)
        go()
        await pilot.settle()
        assert stored == [b"upload"]


async def test_the_end_of_a_session_ends_what_serves_its_channels() -> None:
    ends: list[str] = []

    async def linger(channel: Channel) -> None:
        try:
            await anyio.Event().wait()
        finally:
            ends.append("cancelled")

    async with Pilot(Counter(), channels={"linger": linger}) as pilot:
        await (await pilot.channel("linger")).close()
        assert ends == []
        pilot.registry.close(pilot.session)
        await pilot.settle()
        assert ends == ["cancelled"]


# What is wrong with a channel


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        (_core.encode_fields(34, ["nobody", ""]), "HandlerNotFound"),
        (_core.encode_fields(34, ["", ""]), "HandlerNotFound"),
        (b"", "InvalidFrame"),
        (b"\x04ech", "InvalidFrame"),
        (b"\x02\xff\xfe\x00", "InvalidFrame"),
        (b"\x04echo\x01{", "InvalidFrame"),
        (b"\x04echo\x41" + b"[" * 65, "InvalidFrame"),
        (b"\x04echo\x00more", "InvalidFrame"),
    ],
)
async def test_an_opening_that_cannot_be_served_ends_only_itself(payload: bytes, error: str) -> None:
    async with Pilot(Counter(), channels={"echo": echo}) as pilot:
        channel, _ = pilot.client.channels.open("x", None, pilot.send)
        await pilot.send(channel.frame(payload))
        assert channel.end is not None
        assert channel.end[0] == error
        await check_all_is_well(pilot)


async def check_all_is_well(pilot: Pilot) -> None:
    """The page and another channel go on."""
    other = await pilot.channel("echo")
    await other.send(b"well")
    assert other.messages == [b"well"]
    await pilot.click(pilot.find("button", text="+"))
    assert pilot.find("output").text == "1"
    assert pilot.errors == []


@pytest.mark.parametrize("number", [0, 2])
async def test_numbers_of_the_server_are_not_taken_from_a_client(number: int) -> None:
    async with Pilot(Counter(), channels={"echo": echo}) as pilot:
        channel, opening = pilot.client.channels.open("echo", None, pilot.send)
        frame = protocol.decode(opening, 1_000)[0]
        pilot.client.channels._open[number] = channel
        channel.id = number
        await pilot.send(protocol.encode(protocol.Channel(number, frame.payload)))
        assert channel.end == ("InvalidFrame", None)
        await check_all_is_well(pilot)


async def test_numbers_rise_and_what_comes_for_an_ended_one_is_dropped() -> None:
    async with Pilot(Counter(), channels={"echo": echo}) as pilot:
        channel = await pilot.channel("echo")
        await channel.close()
        tap = Tap(pilot)
        await pilot.send(channel.frame(b"late"), channel.frame(b""), channel.frame(b"", FLAG_CANCEL))
        await pilot.send(channel.frame(_core.encode_fields(34, ["echo", ""])))  # no second life
        assert tap.of(protocol.Channel) == []
        await check_all_is_well(pilot)


async def test_taking_what_was_never_sent_ends_the_channel() -> None:
    async with Pilot(Counter(), channels={"hold": hold, "echo": echo}) as pilot:
        channel = await pilot.channel("hold")
        await pilot.send(channel.frame(b""))
        assert channel.end == ("InvalidFrame", None)
        assert pilot.session.channels == 0
        await check_all_is_well(pilot)


async def test_a_client_does_not_compress() -> None:
    async with Pilot(Counter(), channels={"echo": echo}) as pilot:
        channel = await pilot.channel("echo")
        await pilot.send(channel.frame(b"\x03\x00", FLAG_DEFLATE))
        assert [error.kind for error in pilot.errors] == ["InvalidFrame"]
        assert pilot.link is None


# Windows


async def test_a_channel_that_is_not_read_waits_and_stops_nobody_else() -> None:
    sent: list[int] = []

    async def flood(channel: Channel) -> None:
        for n in range(1_000):
            await channel.send(bytes(1_000), compress=False)
            sent.append(n)

    async with Pilot(Counter(), channels={"flood": flood, "echo": echo}) as pilot:
        channel, opening = pilot.client.channels.open("flood", None, pilot.send)
        channel.takes = False
        await pilot.send(opening)
        held = len(sent)
        assert held == 66  # 64 KiB, and one message more
        await pilot.advance(5)
        assert len(sent) == held
        await check_all_is_well(pilot)
        for clicks in range(2, 12):
            await pilot.click(pilot.find("button", text="+"))
            assert pilot.find("output").text == str(clicks)
        while channel.end is None:
            await channel.take()
        assert len(channel.messages) == 1_000
        assert channel.end == ("", None)


async def test_messages_that_are_not_taken_are_counted_too() -> None:
    sent: list[int] = []

    async def flood(channel: Channel) -> None:
        for n in range(1_000):
            await channel.send(b"x")
            sent.append(n)

    async with Pilot(Counter(), channels={"flood": flood}, limits=Limits(channel_messages=10)) as pilot:
        channel, opening = pilot.client.channels.open("flood", None, pilot.send)
        channel.takes = False
        await pilot.send(opening)
        assert len(sent) == len(channel.messages) == 10
        await channel.take()
        assert len(sent) == len(channel.messages) == 20


async def test_what_is_not_taken_counts_for_half_of_the_window_at_most() -> None:
    async def fill(channel: Channel) -> None:
        await channel.send(bytes(channel.params), compress=False)
        await anyio.Event().wait()

    async with Pilot(Counter(), channels={"fill": fill}, limits=Limits(window_bytes=2_000)) as pilot:
        outlet = pilot.session.attachment._outlet
        channels = []
        for size in (900, 5_000, 5_000):
            channel, opening = pilot.client.channels.open("fill", size, pilot.send)
            channel.takes = False
            channels.append(channel)
            await pilot.send(opening)
        assert outlet.channels.unacked_bytes == 10_900
        assert outlet.wants_more
        pilot.session.outbox.push(_core.encode([]) + bytes.fromhex("01 06") + b"\x88\x08" + bytes(1_032))
        assert not outlet.wants_more  # 1,000 of channels, and more than as many of the page
        for channel in channels:
            await channel.close()
        assert outlet.channels.unacked_bytes == 0


async def test_the_window_of_the_client_counts_where_it_is_smaller() -> None:
    async def flood(channel: Channel) -> None:
        while True:
            await channel.send(bytes(100))

    async with Pilot(Counter(), channels={"flood": flood}, connect=False) as pilot:
        pilot.client.limits = [("channel_bytes", 250)]
        await pilot.reconnect()
        channel, opening = pilot.client.channels.open("flood", None, pilot.send)
        channel.takes = False
        await pilot.send(opening)
        assert len(channel.messages) == 3


@pytest.mark.parametrize(
    ("size", "count", "limit"), [(30_000, 4, "channel_bytes"), (1, 260, "channel_messages")]
)
async def test_a_client_that_passes_its_window_loses_that_channel(size, count, limit) -> None:
    async with Pilot(Counter(), channels={"hold": hold, "echo": echo}) as pilot:
        channel = await pilot.channel("hold")
        for _ in range(4):
            await channel.send(*[bytes(size)] * (count // 4))
        assert channel.end == ("QueueFull", {"limit": limit})
        assert pilot.session.channels == 0
        assert pilot.reports == []
        await check_all_is_well(pilot)


async def test_so_many_channels_and_no_more() -> None:
    async with Pilot(Counter(), channels={"echo": echo}, limits=Limits(channels=2)) as pilot:
        first, second, third = [await pilot.channel("echo") for _ in range(3)]
        assert (first.end, second.end) == (None, None)
        assert third.end == ("QueueFull", {"limit": "channels"})
        await first.close()
        await check_all_is_well(pilot)


async def test_who_still_runs_counts_after_its_channel_was_closed() -> None:
    async with Pilot(Counter(), channels={"hold": hold}, limits=Limits(channels=1)) as pilot:
        await (await pilot.channel("hold")).close()
        second = await pilot.channel("hold")
        assert second.end == ("QueueFull", {"limit": "channels"})


async def test_opening_is_counted_like_an_event() -> None:
    limits = Limits(events_per_s=1, event_burst=2)
    async with Pilot(Counter(), channels={"echo": echo}, limits=limits) as pilot:
        channels = [await pilot.channel("echo") for _ in range(3)]
        assert [channel.end for channel in channels] == [
            None,
            None,
            ("RateLimited", {"retry_after_ms": 1_000}),
        ]
        await pilot.advance(1)
        assert (await pilot.channel("echo")).end is None


async def test_messages_are_taken_no_faster_than_the_limit_says() -> None:
    limits = Limits(channel_messages_per_s=10, channel_message_burst=5)
    async with Pilot(Counter(), channels={"echo": echo}, limits=limits) as pilot:
        channel = await pilot.channel("echo")
        await channel.send(*[b"x"] * 20)
        assert len(channel.messages) == 5
        assert len(channel.unacked) == 15
        await pilot.advance(0.55)
        assert len(channel.messages) == 10
        await pilot.advance(1)
        assert len(channel.messages) == 20


async def test_refusals_that_nobody_reads_stop_the_reading() -> None:
    async with Pilot(Counter()) as pilot:
        assert pilot.link is not None
        assert pilot.session.attachment is not None
        outlet, (link, pilot.link) = pilot.session.attachment._outlet, (pilot.link, None)
        opening = _core.encode_fields(34, ["nobody", ""])
        frames = [protocol.encode(protocol.Channel(2 * n + 1, opening)) for n in range(100_000)]
        sent = 0

        async def send() -> None:  # and read nothing
            nonlocal sent
            for at in range(0, len(frames), 1_000):
                await link.send(b"".join(frames[at : at + 1_000]))
                sent += 1

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(send)
            await pilot.clock.settle()
            tasks.cancel_scope.cancel()
        assert sent < 100
        assert outlet.is_choked
        assert len(outlet.channels._turns) <= 2_100


async def test_no_message_of_the_server_holds_more_frames_than_a_client_reads() -> None:
    async def chatter(channel: Channel) -> None:
        for _ in range(256):
            await channel.send(b"x")

    async with Pilot(Counter(), channels={"chatter": chatter}) as pilot:
        counts: list[int] = []
        assert pilot.link is not None

        def note(data: bytes) -> list[bytes]:
            counts.append(len(protocol.decode(data, 1 << 24)))
            return [data]

        pilot.link.on_receive = note
        opened = [pilot.client.channels.open("chatter", None, pilot.send) for _ in range(16)]
        await pilot.send(*(opening for _, opening in opened))
        assert [len(channel.messages) for channel, _ in opened] == [256] * 16
        assert max(counts) <= 1_024


# Bytes


async def test_what_shrinks_is_compressed_for_a_client_that_inflates() -> None:
    text = b"the same words again and again, " * 100

    async def speak(channel: Channel) -> None:
        await channel.send(text)
        await channel.send(text, compress=False)
        await channel.send(b"short")

    async with Pilot(Counter(), channels={"speak": speak}) as pilot:
        tap = Tap(pilot)
        channel = await pilot.channel("speak")
        assert channel.messages == [text, text, b"short"]
        frames = [frame for frame in tap.of(protocol.Channel) if not frame.flags & FLAG_CANCEL]
        assert [frame.flags for frame in frames] == [FLAG_DEFLATE, 0, 0]
        assert len(frames[0].payload) < len(text) // 10
        pilot.client.capabilities = ("remove_attr", "move")
        await pilot.reconnect()
        plain = Tap(pilot)
        await pilot.channel("speak")
        assert [frame.flags & FLAG_DEFLATE for frame in plain.of(protocol.Channel)] == [0] * 4


async def test_a_message_has_a_byte_at_least_and_a_limit() -> None:
    seen: list[BaseException] = []

    async def wrong(channel: Channel) -> None:
        for data in (b"", bytes(101)):
            try:
                await channel.send(data)
            except (ValueError, LimitExceeded) as error:
                seen.append(error)
        await channel.send(bytearray(100))
        await channel.send(memoryview(b"view"))

    limits = Limits(channel_message_bytes=100)
    async with Pilot(Counter(), channels={"wrong": wrong}, limits=limits) as pilot:
        channel = await pilot.channel("wrong")
        assert [str(error) for error in seen] == [
            "a channel carries no empty messages: send one byte or more",
            "channel_message_bytes: 101 is over the limit of 100",
        ]
        assert channel.messages == [bytes(100), b"view"]


async def test_two_tasks_of_a_handler_share_a_channel() -> None:
    async def both(channel: Channel) -> None:
        async def speak(word: bytes) -> None:
            for n in range(50):
                await channel.send(word + b"%d" % n)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(speak, b"a")
            tasks.start_soon(speak, b"b")

    limits = Limits(channel_messages=4)
    async with Pilot(Counter(), channels={"both": both}, limits=limits) as pilot:
        channel = await pilot.channel("both")
        for word in (b"a", b"b"):
            said = [message for message in channel.messages if message.startswith(word)]
            assert said == [word + b"%d" % n for n in range(50)]
        assert channel.end == ("", None)


# Served by a component


@component
def Inbox():
    """Shows what comes, while it is there."""
    shown, turns = signal(True), signal(0)
    return h.div[
        h.button(id="toggle", on_click=lambda: shown.update(lambda on: not on))["toggle"],
        h.button(id="turn", on_click=lambda: turns.update(lambda n: n + 1))["turn"],
        lambda: Collector(turns()) if shown() else None,
    ]


@component
def Collector(turn: int):
    """Shows what comes through its channel, with the number that it was rendered with last."""
    got = signal("")

    async def collect(opened: Channel) -> None:
        async for data in opened:
            got.set(f"{got.peek()}{turn}{data.decode()} ")

    channel("inbox", collect)
    return h.output[got]


async def test_a_component_serves_channels_with_its_own_signals() -> None:
    async with Pilot(Inbox()) as pilot:
        first = await pilot.channel("inbox")
        await first.send(b"a", b"b")
        assert pilot.find("output").text == "0a 0b "
        await pilot.click(pilot.find(id="turn"))
        second = await pilot.channel("inbox")
        await second.send(b"c")
        await first.send(b"d")
        assert pilot.find("output").text == "0a 0b 1c 0d "


async def test_a_component_that_leaves_takes_its_channels_with_it() -> None:
    async with Pilot(Inbox()) as pilot:
        opened = await pilot.channel("inbox")
        await pilot.click(pilot.find(id="toggle"))
        assert opened.end == ("HandlerNotFound", None)
        assert pilot.session.channels == 0
        assert (await pilot.channel("inbox")).end == ("HandlerNotFound", None)
        await pilot.click(pilot.find(id="toggle"))
        again = await pilot.channel("inbox")
        await again.send(b"x")
        assert pilot.find("output").text == "0x "
        assert pilot.reports == []


async def test_a_component_comes_before_the_application_and_only_on_its_page() -> None:
    async with Pilot(Inbox(), channels={"inbox": echo}) as pilot, Pilot(Counter(), beside=pilot) as other:
        ours, theirs = await pilot.channel("inbox"), await other.channel("inbox")
        await ours.send(b"a")
        await theirs.send(b"a")
        assert (ours.messages, theirs.messages) == ([], [b"a"])


@pytest.mark.networks("memory")
@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        (("", echo), ValueError, "needs a name"),
        ((echo, "feed"), TypeError, "the name comes first"),
        (("feed", lambda opened: None), TypeError, "is served by an `async def`"),
    ],
)
async def test_what_cannot_serve_is_refused(arguments, error, sentence) -> None:
    @component
    def wrong():
        channel(*arguments)

    async with Pilot(wrong(), connect=False) as pilot:
        (report,) = pilot.reports
        assert type(report.error) is error
        assert sentence in str(report.error)


@pytest.mark.networks("memory")
async def test_a_handler_cannot_begin_to_serve() -> None:
    @component
    def late():
        return h.button(on_click=lambda: channel("late", echo))["serve"]

    async with Pilot(late()) as pilot:
        await pilot.click(pilot.find("button"))
        (report,) = pilot.reports
        assert "belongs into a component's body" in str(report.error)
