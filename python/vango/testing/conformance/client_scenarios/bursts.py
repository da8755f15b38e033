"""Bursts: onto their base, all or nothing, each once; and what a client says when one does not fit."""

from __future__ import annotations

from dataclasses import replace

from vango import _core, protocol
from vango.protocol import Ack, Cont, Event, Ping, Refetch
from vango.testing.conformance.bench import BUTTON, OUTPUT, connected, numbers, refusal
from vango.testing.conformance.client_scenarios.registry import MakeBench, scenario
from vango.testing.conformance.outcome import expect, expect_equal

__all__: list[str] = []  # each registers itself


@scenario("C07", "a burst that comes twice is applied once", "3.3")
def twice(make: MakeBench) -> None:
    bench = connected(make)
    diff = bench.change(rows=("c", "a", "b"))
    bench.send(diff, diff)
    bench.send(diff)
    bench.shows()
    whole = bench.snapshot()
    bench.send(whole, whole)
    bench.shows()
    expect_equal(bench.taken(Refetch), [], "REFETCHes (3.3)")


@scenario("C08", "a lost DIFF leads to one REFETCH 0, again after five seconds, and to no other DIFF", "3.3")
def lost(make: MakeBench) -> None:
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
    bench.pass_time(9.7)
    expect_equal(bench.taken(Refetch), [], "REFETCHes before ten more seconds (3.3)")
    bench.pass_time(0.5)
    expect_equal(len(bench.taken(Refetch)), 1, "REFETCHes after ten more seconds (3.3)")
    bench.send(bench.snapshot())
    bench.shows()
    bench.send(bench.change())
    bench.shows("the document, after the DIFF that follows the snapshot")
    bench.pass_time(10)
    expect_equal(bench.taken(Refetch), [], "REFETCHes once the snapshot is there")


@scenario("C09", "a DIFF whose count is wrong is undone and leads to REFETCH 0", "3.4")
def count(make: MakeBench) -> None:
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


@scenario(
    "C10", "`04` with a live hid replaces that node where it is, and leaves its neighbours alone", "1.5, 3.6"
)
def element(make: MakeBench) -> None:
    bench = connected(make)
    bench.send(replace(bench.change(number=7), payload=_output("7")))
    bench.shows("the document, the element in its old place (1.5)")
    bench.send(bench.change())
    bench.shows("the document after a change of the new text, whose hid is that of the old one")
    bench.event()
    expect_equal([one.hid for one in bench.taken(Event)], [BUTTON], "the hid of an event beside it")
    before = bench.client.html()
    gone = bench.change(rows=("a", "b"))
    bench.send(gone)
    expect(bench.client.html() != before, "the document without a row", before)
    late = bench.change()
    row = _core.decode(gone.payload)[0].hid
    bench.send(replace(late, payload=_core.encode(_core.decode(late.payload)) + bytes([2, row, 1, 0x61, 0])))
    expect_equal(
        [one.hid for one in bench.taken(Refetch)], [0], "REFETCHes for an op at a hid that is gone (1.6)"
    )
    bench.send(bench.snapshot())
    bench.shows("the document after the snapshot")


def _output(text: str) -> bytes:
    """Return the op that writes the element OUTPUT anew, as the answer to REFETCH does: it names no place."""
    data = text.encode()
    return bytes([4, 1, 0, 1, OUTPUT, 6]) + b"output" + bytes([0, 0, 1, 3, OUTPUT + 1, len(data)]) + data


@scenario(
    "C11", "RateLimited puts the next REFETCH off, and lets refused events be sent once more", "3.6, 3.7"
)
def slowed_down(make: MakeBench) -> None:
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


@scenario("C12", "a burst in parts shows nothing before its end, then everything", "3.5")
def parts(make: MakeBench) -> None:
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
    slow = connected(make)
    slow.change()
    slow.send(slow.change())
    expect_equal(len(slow.taken(Refetch)), 1, "REFETCHes for a DIFF that does not fit (3.3)")
    whole = slow.snapshot()
    slow.pass_time(4)
    slow.send(replace(whole, payload=whole.payload[:1], flags=_core.FLAG_MORE))
    for byte in whole.payload[1:4]:
        slow.pass_time(4)
        slow.send(Cont(bytes([byte]), _core.FLAG_MORE))
    slow.send(Cont(whole.payload[4:]))
    slow.shows("the document after a snapshot that came slowly")
    expect_equal(slow.taken(Refetch), [], "REFETCHes while parts of the snapshot come (3.3)")


@scenario("C13", "a burst that is cancelled or cut off changes nothing, and its rev is used again", "3.5")
def cancelled(make: MakeBench) -> None:
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
    bench.until_connecting()
    hello = bench.open()
    expect_equal((hello.epoch, hello.rev), (1, 0), "epoch and rev of HELLO after a burst that was cut off")
    bench.agree(rev=diff.rev)
    bench.send(diff)
    bench.shows("the document, once the same rev comes whole")


@scenario(
    "C14", "bursts that interleave are both dropped: one REFETCH 0, the second time an error state", "3.5"
)
def interleaved(make: MakeBench) -> None:
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


@scenario("C28", "bursts are acknowledged after 250 ms, at once above 16 KiB, or by the next event", "3.10")
def acknowledged(make: MakeBench) -> None:
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
