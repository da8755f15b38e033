"""The scenarios that a client is put to, C01 and on; each begins with a page that was just loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from vango import _core, protocol
from vango.protocol import Ack, Cont, Error, Event, Ping, Refetch, Result
from vango.testing.conformance.bench import BUTTON, FIELD, Bench
from vango.testing.conformance.client import Client
from vango.testing.conformance.outcome import Mismatch, Unavailable, expect, expect_equal

__all__ = ["SCENARIOS"]

Scenario = Callable[[Callable[[], Client]], None]

SCENARIOS: dict[str, tuple[str, Scenario]] = {}

INPUT, MOVE = 2, 12
_LADDER = (1, 2, 5, 10, 30, 30)


def scenario(name: str, title: str) -> Callable[[Scenario], Scenario]:
    """Register a scenario."""

    def register(run: Scenario) -> Scenario:
        SCENARIOS[name] = title, run
        return run

    return register


def connected(make: Callable[[], Client]) -> Bench:
    """Return a bench whose client is connected at rev 0, with nothing said yet."""
    bench = Bench(make())
    bench.welcome()
    expect_equal(bench.client.state, "connected", "the state after HELLO_OK (7.1)")
    return bench


def refusal(kind: str, scope: int = 2, **fields: object) -> Error:
    """Return an ERROR."""
    return replace(Error(kind, 0, scope, "the kit says so"), **fields)  # type: ignore[arg-type]


def numbers(events: list[Event]) -> list[int]:
    """Return the numbers of events."""
    return [event.cseq for event in events]


@scenario(
    "C01", "the served page is adopted: HELLO names it, events go after HELLO_OK, a DIFF from 0 is applied"
)
def served_page(make: Callable[[], Client]) -> None:
    bench = Bench(make())
    bench.event()
    bench.nothing("nothing before the link is open (7.2)")
    hello = bench.open()
    expect_equal((hello.epoch, hello.rev, hello.settled), (1, 0, 0), "epoch, rev and settled of HELLO (2.2)")
    expect_equal((hello.token, hello.path), ("t", "/?q=1"), "token and path of HELLO (2.2)")
    expect(0 < len(hello.instance) <= 64, "an instance of 1 to 64 characters (2.2)", hello.instance)
    bench.event()
    bench.nothing("nothing between HELLO and HELLO_OK (3.8)")
    bench.agree()
    events = bench.taken(Event)
    expect_equal(
        [(one.epoch, one.cseq, one.rev, one.hid, one.kind) for one in events],
        [(1, 1, 0, BUTTON, 0), (1, 2, 0, BUTTON, 0)],
        "the events that waited",
    )
    bench.ack = 2
    bench.send(bench.change())
    bench.shows("the document after the first DIFF")
    late = Bench(make(), adopted=False)
    expect_equal(late.open().epoch, 0, "epoch of a page that is not what it says (3.2)")


@scenario("C03", "numbers rise without gaps, and a burst's ack settles all up to it")
def in_order(make: Callable[[], Client]) -> None:
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


@scenario("C04", "a RESUME with the lost bursts, or with one for all of them, leads to the server's document")
def replay(make: Callable[[], Client]) -> None:
    for composite in (False, True):
        bench = connected(make)
        bench.send(bench.change(), bench.change())
        lost = [bench.change(rows=("c", "a")), bench.change(rows=("d", "c", "a"))]
        bench.drop()
        bench.pass_time(1.3)
        hello = bench.open()
        expect_equal((hello.epoch, hello.rev), (1, 2), "epoch and rev of HELLO (2.2)")
        bench.agree()
        if composite:
            payload = b"".join(diff.payload for diff in lost)
            bench.send(replace(lost[-1], base=lost[0].base, payload=payload))
        else:
            bench.send(*lost)
        bench.shows()
        expect_equal(bench.taken(Refetch), [], "REFETCHes")
        expect_equal(bench.client.state, "connected", "the state")


@scenario("C05", "a SNAPSHOT of the same epoch takes the place of what was missed")
def snapshot(make: Callable[[], Client]) -> None:
    bench = connected(make)
    bench.send(bench.change())
    bench.change(rows=("c", "b", "a"))
    bench.drop()
    bench.pass_time(1.3)
    bench.open()
    bench.agree(mode=protocol.MODE_SNAPSHOT, rev=bench.rev + 1)
    bench.event()
    bench.nothing("no event before the snapshot is applied (3.8)")
    bench.send(bench.snapshot())
    bench.shows()
    expect_equal(numbers(bench.taken(Event)), [1], "the events that waited")


@scenario("C06", "of another epoch only its own bursts count")
def another_epoch(make: Callable[[], Client]) -> None:
    bench = connected(make)
    bench.send(bench.change())
    old = bench.change(rows=("x",))
    bench.drop()
    bench.pass_time(1.3)
    bench.begin_epoch(2)
    bench.open()
    bench.agree(mode=protocol.MODE_SNAPSHOT, rev=1, session="s2")
    bench.send(old, bench.snapshot())
    bench.shows()
    bench.send(replace(old, base=1, rev=2))
    bench.shows("the document, untouched by a DIFF of the old epoch (3.3)")
    bench.drop()
    bench.pass_time(1.3)
    expect_equal(bench.open().epoch, 2, "epoch of the next HELLO")


@scenario("C07", "a burst that comes twice is applied once")
def twice(make: Callable[[], Client]) -> None:
    bench = connected(make)
    diff = bench.change(rows=("c", "a", "b"))
    bench.send(diff, diff)
    bench.send(diff)
    bench.shows()
    whole = bench.snapshot()
    bench.send(whole, whole)
    bench.shows()
    expect_equal(bench.taken(Refetch), [], "REFETCHes (3.3)")


@scenario("C08", "a lost DIFF leads to one REFETCH 0, again after five seconds, and to no other DIFF")
def lost(make: Callable[[], Client]) -> None:
    bench = connected(make)
    bench.change()
    second, third = bench.change(), bench.change(rows=("b",))
    bench.send(second, third)
    asked = [(one.epoch, one.hid) for one in bench.taken(Refetch)]
    expect_equal(asked, [(1, 0)], "REFETCHes for two DIFFs that do not fit (3.3)")
    bench.pass_time(4.9)
    expect_equal(bench.taken(Refetch), [], "REFETCHes before five seconds (3.3)")
    bench.pass_time(0.2)
    expect_equal(len(bench.taken(Refetch)), 1, "REFETCHes after five seconds (3.3)")
    bench.send(bench.snapshot())
    bench.shows()
    bench.send(bench.change())
    bench.shows("the document, after the DIFF that follows the snapshot")
    bench.pass_time(10)
    expect_equal(bench.taken(Refetch), [], "REFETCHes once the snapshot is there")


@scenario("C09", "a DIFF whose count is wrong is undone and leads to REFETCH 0")
def count(make: Callable[[], Client]) -> None:
    bench = connected(make)
    before = bench.client.html()
    diff = bench.change(rows=("b", "a"))
    bench.send(replace(diff, count=diff.count + 1))
    expect_equal(bench.client.html(), before, "the document, as before (3.4)")
    expect_equal([one.hid for one in bench.taken(Refetch)], [0], "REFETCHes (3.4)")
    bench.send(bench.snapshot())
    bench.shows()
    broken = connected(make)
    whole = broken.snapshot()
    broken.send(replace(whole, count=whole.count + 1))
    expect_equal(broken.client.state, "error", "the state after a SNAPSHOT of a wrong count (3.4)")


@scenario("C11", "RateLimited puts the next REFETCH off, and lets refused events be sent once more")
def slowed_down(make: Callable[[], Client]) -> None:
    bench = connected(make)
    bench.change()
    bench.send(bench.change())
    bench.taken(Refetch)
    bench.send(refusal("RateLimited", retry_after_ms=9_000))
    bench.pass_time(8.9)
    expect_equal(bench.taken(Refetch), [], "REFETCHes before the given delay (3.3)")
    bench.pass_time(0.5)
    expect_equal(len(bench.taken(Refetch)), 1, "REFETCHes after the given delay")
    events = connected(make)
    events.event()
    (first,) = events.taken(Event)
    events.send(refusal("RateLimited", 0, retry_after_ms=1_000))
    events.event()
    events.pass_time(0.9)
    expect_equal(events.taken(Event), [], "events before the given delay (3.7)")
    events.pass_time(1)
    again = events.taken(Event)
    expect_equal(again[:1], [first], "the refused event, byte for byte (3.7)")
    expect_equal(numbers(again), [1, 2], "and the new one behind it")


@scenario("C12", "a burst in parts shows nothing before its end, then everything")
def parts(make: Callable[[], Client]) -> None:
    bench = connected(make)
    diff = bench.change(rows=("z", "b", "y"))
    first = replace(diff, payload=b"", flags=_core.FLAG_MORE)
    before = bench.client.html()
    bench.send(first)
    for byte in diff.payload[:-1]:
        bench.send(Cont(bytes([byte]), _core.FLAG_MORE))
        expect_equal(bench.client.html(), before, "the document before the end of a burst (3.5)")
    bench.send(Ping())
    bench.send(Cont(diff.payload[-1:]))
    bench.shows("the document after the end of the burst")
    expect_equal(bench.taken(Refetch), [], "REFETCHes")


@scenario("C13", "a burst that is cancelled or cut off changes nothing, and its rev is used again")
def cancelled(make: Callable[[], Client]) -> None:
    bench = connected(make)
    before = bench.client.html()
    diff = bench.change(rows=("q",))
    op = _core.encode([_core.decode(diff.payload)[0]])
    part = replace(diff, payload=op, flags=_core.FLAG_MORE)
    bench.send(part, Cont(b"", protocol.FLAG_CANCEL))
    expect_equal(bench.client.html(), before, "the document after CANCEL (3.5)")
    expect_equal(bench.taken(Refetch), [], "REFETCHes: nothing is missing")
    bench.send(part)
    bench.drop()
    bench.pass_time(1.3)
    hello = bench.open()
    expect_equal((hello.epoch, hello.rev), (1, 0), "epoch and rev of HELLO after a burst that was cut off")
    bench.agree(rev=diff.rev)
    bench.send(diff)
    bench.shows("the document, once the same rev comes whole")


@scenario("C14", "bursts that interleave are both dropped: one REFETCH 0, the second time an error state")
def interleaved(make: Callable[[], Client]) -> None:
    bench = connected(make)
    before = bench.client.html()
    first, second = bench.change(rows=("m",)), bench.change(rows=("n",))
    open_ = replace(first, payload=first.payload[:2], flags=_core.FLAG_MORE)
    bench.send(open_, second, Cont(first.payload[2:]))
    expect_equal(bench.client.html(), before, "the document (3.5)")
    expect_equal([one.hid for one in bench.taken(Refetch)], [0], "REFETCHes (3.5)")
    bench.send(bench.snapshot())
    bench.shows("the document after the snapshot")
    third = bench.change()
    bench.send(replace(third, flags=_core.FLAG_MORE), third)
    expect_equal(bench.client.state, "error", "the state, the second time (3.5)")


@scenario(
    "C15", "what is not settled is sent again after a reconnect, byte for byte, above what the server has"
)
def again(make: Callable[[], Client]) -> None:
    bench = connected(make)
    for _ in range(3):
        bench.event()
    sent = bench.taken(Event)
    bench.change()
    bench.drop()
    bench.pass_time(1.3)
    bench.rev = 0
    hello = bench.open()
    expect_equal(hello.settled, 0, "settled of HELLO (2.1)")
    bench.agree(last=1)
    expect_equal(bench.taken(Event), sent[1:], "the events sent again (3.7)")
    bench.send(Result(1, "HandlerFailed", "{}"), Result(2), Result(3))
    bench.pass_time(0.3)
    expect_equal([ack.settled for ack in bench.taken(Ack)][-1:], [3], "settled of the ACK (2.1)")
    bench.drop()
    bench.pass_time(30)
    expect_equal(bench.open().settled, 3, "settled of the next HELLO")


@scenario("C16", "OutOfOrder settles nothing: everything unsettled is sent again, in order")
def out_of_order(make: Callable[[], Client]) -> None:
    bench = connected(make)
    bench.event()
    bench.event()
    sent = bench.taken(Event)
    bench.send(Result(2, "OutOfOrder", '{"expected":1}'))
    expect_equal(bench.taken(Event), sent, "the events sent again (3.7)")


@scenario("C17", "the RESULT of a handler that failed settles its event, and the next one goes on")
def failed(make: Callable[[], Client]) -> None:
    bench = connected(make)
    bench.event()
    bench.taken(Event)
    bench.send(Result(1, "HandlerFailed", "{}"))
    bench.pass_time(0.3)
    expect_equal([ack.settled for ack in bench.taken(Ack)], [1], "settled of the ACK (3.7)")
    bench.event()
    expect_equal(numbers(bench.taken(Event)), [2], "the number of the next event")
    expect_equal(bench.client.state, "connected", "the state")


@scenario("C18", "offline, three `queue`, five `latest` and two `drop` events become three, one and none")
def offline(make: Callable[[], Client]) -> None:
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


@scenario("C20", "under another epoch an event goes by its action; one without is rejected, visibly")
def another_view(make: Callable[[], Client]) -> None:
    bench = connected(make)
    bench.event()
    bench.event(action="save")
    sent = bench.taken(Event)
    expect_equal([one.action for one in sent], [None, "save"], "the actions of two events (1.9)")
    bench.drop()
    bench.event(FIELD, INPUT, b"\x01\x01x")
    bench.pass_time(1.3)
    bench.begin_epoch(2)
    bench.open()
    bench.agree(mode=protocol.MODE_SNAPSHOT, rev=1, session="s2")
    bench.send(bench.snapshot())
    letter, *rest = bench.taken(Event)
    dead = letter.cseq, letter.flags & protocol.FLAG_CANCEL, letter.payload
    expect_equal(dead, (1, protocol.FLAG_CANCEL, b""), "a dead letter for the event without an action (3.9)")
    expect_equal(rest, sent[1:], "the event with an action, byte for byte (3.9)")
    expect("rejected" in bench.told, "the page is told what was rejected (3.9)", bench.told)


@scenario("C21", "an event above the server's limit never becomes a loop, and the next one goes on")
def too_big(make: Callable[[], Client]) -> None:
    bench = Bench(make())
    bench.open()
    bench.agree(limits=[("frame_bytes", 1_000)])
    bench.event(FIELD, INPUT, bytes(2_000))
    bench.event()
    events = bench.taken(Event)
    big = [event for event in events if len(event.payload) > 1_000]
    if big:
        bench.send(refusal("TooBig"))
        bench.drop(1009)
        bench.until_connecting()
        bench.open()
        bench.agree(limits=[("frame_bytes", 1_000)])
        events = bench.taken(Event)
        expect(
            not any(len(event.payload) > 1_000 for event in events), "a dead letter (3.7)", numbers(events)
        )
        expect_equal(
            [one.flags for one in events[:1]], [protocol.FLAG_CANCEL], "the flags of the dead letter"
        )
        expect_equal(numbers(events), [1, 2], "the numbers")
    else:
        expect("refused" in bench.told, "the page is told what was refused (3.9)", bench.told)
        expect_equal(numbers(events), [1], "the numbers")


@scenario("C22", "another version asks for one reload, and connects no more")
def versions(make: Callable[[], Client]) -> None:
    bench = connected(make)
    bench.drop()
    bench.pass_time(1.3)
    bench.open()
    bench.send(refusal("VersionNotSupported", supported=[99]))
    expect_equal(bench.reloads, ["VersionNotSupported"], "reloads (5)")
    bench.pass_time(60)
    expect_equal(len(bench.connects), 2, "attempts to connect: none after that")


@scenario("C26", "two documents of one page are two instances")
def instances(make: Callable[[], Client]) -> None:
    first, second = Bench(make()).open(), Bench(make()).open()
    expect(first.instance != second.instance, "two instances (3.14)", first.instance)
    bench = Bench(make())
    mine = bench.open().instance
    bench.agree()
    bench.drop()
    bench.pass_time(1.3)
    expect_equal(bench.open().instance, mine, "the instance after a reconnect (3.14)")


@scenario("C28", "bursts are acknowledged after 250 ms, at once above 16 KiB, or by the next event")
def acknowledged(make: Callable[[], Client]) -> None:
    bench = connected(make)
    bench.send(bench.change())
    bench.pass_time(0.2)
    expect_equal(bench.taken(Ack), [], "ACKs before 250 ms (3.10)")
    bench.pass_time(0.1)
    expect_equal([ack.rev for ack in bench.taken(Ack)], [1], "ACKs after 250 ms (3.10)")
    bench.send(bench.change(rows=("x" * 17_000,)))
    expect_equal([ack.rev for ack in bench.taken(Ack)], [2], "ACKs at once above 16 KiB (3.10)")
    bench.send(bench.change(rows=("a",)))
    bench.event()
    expect_equal([event.rev for event in bench.taken(Event)], [3], "rev of the event (3.10)")
    bench.pass_time(1)
    expect_equal(bench.taken(Ack), [], "ACKs: the event has said it")


@scenario(
    "C29", "sockets that die young, or never agree, lead to HTTP; a restart does not; WebSocket comes back"
)
def transports(make: Callable[[], Client]) -> None:
    client = make()
    if "http" not in client.transports:
        raise Unavailable("the client has no HTTP")
    bench = Bench(client)
    for _ in range(3):
        expect_equal(bench.via, "websocket", "what is tried before three have died (3.16)")
        bench.welcome()
        bench.pass_time(0.2)
        bench.drop()
        bench.until_connecting()
    expect_equal(bench.via, "http", "what is tried when three sockets have died (3.16)")
    bench.welcome()
    bench.event()
    expect_equal(numbers(bench.taken(Event)), [1], "events over HTTP")
    before = len(bench.connects)
    for _ in range(7):
        bench.pass_time(10)
        if len(bench.connects) > before:
            break
        bench.send(Ping())
    again = [connect.transport for connect in bench.connects[before : before + 1]]
    expect_equal(again, ["websocket"], "what is tried again within 60 s (3.16)")
    hello = bench.open()
    expect_equal(hello.settled, 0, "settled of HELLO: the event carries over")
    blocked = Bench(make())
    blocked.pass_time(3.1)
    expect_equal(blocked.via, "http", "what is tried when nothing came within 3 s (3.16)")
    restarted = connected(make)
    restarted.send(restarted.change())
    for _ in range(6):
        restarted.fail()  # the socket, and the request that asks why
        restarted.until_connecting()
    expect_equal(restarted.via, "websocket", "what is tried after a restart (3.16)")


@scenario("C30", "silence is probed, then it is death; the ladder is 1, 2, 5, 10, 30 s, anew after a burst")
def silence(make: Callable[[], Client]) -> None:
    bench = connected(make)
    bench.pass_time(24.9)
    expect_equal(bench.taken(Ping), [], "PINGs before the heartbeat (3.11)")
    bench.pass_time(0.2)
    expect_equal(len(bench.taken(Ping)), 1, "PINGs after the heartbeat (3.11)")
    bench.send(protocol.LIVENESS)
    bench.pass_time(25 + 4.8)
    expect_equal(bench.client.state, "connected", "the state before the silence is death (3.11)")
    bench.pass_time(0.3)
    expect_equal(bench.client.state, "disconnected", "the state after five seconds of silence (3.11)")
    _climb(bench)
    bench.welcome()
    bench.send(bench.change())
    bench.drop()
    _climb(bench, attempts=2)
    bench.welcome()
    bench.send(Ping())
    expect("" in bench.sent, "an answer to PING (2)", bench.sent)


def _climb(bench: Bench, attempts: int = len(_LADDER)) -> None:
    """Let every attempt fail, by whatever transport, and check what lies between them."""
    for step in _LADDER[:attempts]:
        began = bench.now
        bench.until_connecting(1.2 * step + 0.2, 0.1)
        waited = bench.now - began
        expect(
            waited > 0.8 * step - 0.2,
            f"{step} s before an attempt, 20 % less at least (3.12)",
            f"{waited:.1f} s",
        )
        if step == _LADDER[attempts - 1] and attempts < len(_LADDER):
            return
        bench.fail()
    bench.until_connecting()


def run(name: str, make: Callable[[], Client]) -> tuple[str, str, str]:
    """Put clients to a scenario; returns result, expected and seen."""
    _, play = SCENARIOS[name]
    made: list[Client] = []

    def tracked() -> Client:
        made.append(make())
        return made[-1]

    try:
        play(tracked)
    except Mismatch as mismatch:
        return "failed", mismatch.expected, mismatch.seen
    except Unavailable as reason:
        return "unavailable", str(reason), ""
    finally:
        for client in made:
            client.stop()
    return "passed", "", ""
