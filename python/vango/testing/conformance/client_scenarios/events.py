"""Events: numbered once, sent again as they were, settled, refused where anybody sees it."""

from __future__ import annotations

from vango import protocol
from vango.protocol import Ack, Event, Result
from vango.testing.conformance.bench import BUTTON, FIELD, INPUT, MOVE, connected, numbers, refusal
from vango.testing.conformance.client_scenarios.registry import MakeBench, scenario
from vango.testing.conformance.outcome import expect, expect_equal

__all__: list[str] = []  # each registers itself


@scenario("C03", "numbers rise without gaps, and a burst's ack settles all up to it", "3.7")
def in_order(make: MakeBench) -> None:
    bench = connected(make)
    for _ in range(3):
        bench.event()
    expect_equal(numbers(bench.taken(Event)), [1, 2, 3], "the numbers of three events (3.7)")
    bench.ack = 2
    bench.send(bench.change())
    bench.pass_time(0.3)
    acks = [(ack.epoch, ack.rev, ack.settled) for ack in bench.taken(Ack)]
    expect_equal(acks, [(1, 1, 2)], "the ACK after 250 ms (3.10)")
    bench.send(Result(3, "HandlerFailed", "{}"))
    bench.event()
    expect_equal(numbers(bench.taken(Event)), [4], "the number of the next event")


@scenario(
    "C15",
    "what is not settled is sent again after a reconnect, byte for byte, above what the server has",
    "3.7",
)
def again(make: MakeBench) -> None:
    bench = connected(make)
    for _ in range(3):
        bench.event()
    sent = bench.taken(Event)
    bench.change()
    bench.drop()
    bench.until_connecting()
    bench.rev = 0
    hello = bench.open()
    expect_equal(hello.settled, 0, "settled of HELLO (2.1)")
    bench.agree(last=1)
    expect_equal(bench.taken(Event), sent[1:], "the events sent again (3.7)")
    bench.send(Result(1, "HandlerFailed", "{}"), Result(2), Result(3))
    bench.pass_time(0.3)
    expect_equal([ack.settled for ack in bench.taken(Ack)][-1:], [3], "settled of the ACK (2.1)")
    bench.drop()
    bench.until_connecting()
    expect_equal(bench.open().settled, 3, "settled of the next HELLO")


@scenario("C16", "OutOfOrder settles nothing: everything unsettled is sent again, in order", "3.7")
def out_of_order(make: MakeBench) -> None:
    bench = connected(make)
    bench.event()
    bench.event()
    sent = bench.taken(Event)
    bench.send(Result(2, "OutOfOrder", '{"expected":1}'))
    expect_equal(bench.taken(Event), sent, "the events sent again (3.7)")


@scenario("C17", "the RESULT of a handler that failed settles its event, and the next one goes on", "3.7")
def failed(make: MakeBench) -> None:
    bench = connected(make)
    bench.event()
    bench.taken(Event)
    bench.send(Result(1, "HandlerFailed", "{}"))
    bench.pass_time(0.3)
    expect_equal([ack.settled for ack in bench.taken(Ack)], [1], "settled of the ACK (3.7)")
    bench.event()
    expect_equal(numbers(bench.taken(Event)), [2], "the number of the next event")
    expect_equal(bench.client.state, "connected", "the state")


@scenario(
    "C18", "offline, three `queue`, five `latest` and two `drop` events become three, one and none", "3.9"
)
def offline(make: MakeBench) -> None:
    bench = connected(make)
    bench.drop()
    for n in range(1, 6):
        if n < 4:
            bench.event(BUTTON)
        bench.event(FIELD, INPUT, bytes([1, 1, 0x30 + n]), policy="latest")
        if n < 3:
            bench.event(BUTTON, MOVE, policy="drop")
    bench.until_connecting()
    bench.welcome()
    events = [(one.cseq, one.hid, one.payload) for one in bench.taken(Event)]
    newest = (4, FIELD, b"\x01\x015")
    wanted = [(1, BUTTON, b""), (2, BUTTON, b""), (3, BUTTON, b""), newest]
    expect_equal(events, wanted, "the events delivered, in order (3.9)")


@scenario("C19", "HandlerNotFound settles its event only, and is shown", "3.8, 5")
def not_found(make: MakeBench) -> None:
    bench = connected(make)
    for _ in range(3):
        bench.event()
    bench.taken(Event)
    bench.send(Result(2, "HandlerNotFound"))
    expect("error" in bench.told, "the page is told of it (5)", bench.told)
    bench.pass_time(0.3)
    expect_equal(
        [ack.settled for ack in bench.taken(Ack)][-1:], [0], "settled of the ACK: event 1 is not (2.1)"
    )
    bench.drop()
    bench.until_connecting()
    bench.welcome()
    expect_equal(numbers(bench.taken(Event)), [1, 3], "the events sent again: those not settled (3.7)")
    bench.send(Result(1), Result(3))
    bench.pass_time(0.3)
    expect_equal([ack.settled for ack in bench.taken(Ack)][-1:], [3], "settled of the ACK")
    bench.shows("the document, as before")


@scenario("C20", "under another epoch an event goes by its action; one without is rejected, visibly", "3.9")
def another_view(make: MakeBench) -> None:
    bench = connected(make)
    bench.event()
    bench.event(action="save")
    sent = bench.taken(Event)
    expect_equal([one.action for one in sent], [None, "save"], "the actions of two events (1.9)")
    bench.drop()
    bench.event(FIELD, INPUT, b"\x01\x01x")
    bench.until_connecting()
    bench.begin_epoch(2)
    bench.open()
    bench.agree(mode=protocol.MODE_SNAPSHOT, rev=1, session="s2")
    bench.send(bench.snapshot())
    letter, *rest = bench.taken(Event)
    dead = letter.cseq, letter.flags & protocol.FLAG_CANCEL, letter.payload
    expect_equal(dead, (1, protocol.FLAG_CANCEL, b""), "a dead letter for the event without an action (3.9)")
    expect_equal(rest, sent[1:], "the event with an action, byte for byte (3.9)")
    expect("rejected" in bench.told, "the page is told what was rejected (3.9)", bench.told)


@scenario(
    "C21", "an event above the server's limit never becomes a loop, and the next one goes on", "3.7, 3.9"
)
def too_big(make: MakeBench) -> None:
    _above_the_limit(make)
    _dead_letter(make)


def _above_the_limit(make: MakeBench) -> None:
    """Whoever knows the limit may refuse the event before it has a number."""
    bench = make()
    bench.welcome(limits=[("frame_bytes", 1_000)])
    bench.event(FIELD, INPUT, bytes(2_000))
    bench.event()
    if any(len(event.payload) > 1_000 for event in bench.events):
        return
    expect("refused" in bench.told, "the page is told what was refused (3.9)", bench.told)
    expect_equal(numbers(bench.taken(Event)), [1], "the numbers: what is refused has none (3.7)")


def _dead_letter(make: MakeBench) -> None:
    """An event that was sent, and that the server does not take, gives its number to a dead letter."""
    bench = make()
    bench.welcome(limits=[("frame_bytes", 65_536)])
    bench.event(FIELD, INPUT, bytes(2_000))
    bench.event()
    expect_equal(numbers(bench.taken(Event)), [1, 2], "the numbers of two events (3.7)")
    events: list[Event] = []
    for _ in range(3):
        bench.send(refusal("TooBig"))
        bench.drop(1009)
        bench.until_connecting()
        bench.welcome(limits=[("frame_bytes", 1_000)])
        events = bench.taken(Event)
        if not any(len(event.payload) > 1_000 for event in events):
            break
    expect_equal(numbers(events), [1, 2], "the numbers, when it was refused (3.7)")
    letter, after = events
    expect_equal(
        (letter.flags, letter.payload),
        (protocol.FLAG_CANCEL, b""),
        "flags and payload of a dead letter (3.7)",
    )
    expect_equal((after.flags, after.hid), (0, BUTTON), "flags and hid of the event behind it")
    expect("refused" in bench.told, "the page is told what was refused (3.9)", bench.told)
    bench.ack = 2
    bench.send(bench.change())
    bench.event()
    expect_equal(numbers(bench.taken(Event)), [3], "the number of the next event")
