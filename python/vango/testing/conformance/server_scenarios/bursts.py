"""Bursts: each once, whole, onto its base; asked for again; held back from who does not read."""

from __future__ import annotations

from vango import _core, protocol
from vango.protocol import Diff, Error, Result, Snapshot
from vango.testing.conformance.outcome import expect, expect_equal
from vango.testing.conformance.reference import FLOOD, HUGE
from vango.testing.conformance.server import Server
from vango.testing.conformance.server_scenarios.registry import scenario
from vango.testing.conformance.visitor import OPS, Visitor

__all__: list[str] = []  # each registers itself

_WINDOW_BYTES = 32 * 1024
_CHANGE_BYTES = 2_000  # of one change of `flood`, and what frames it
_PART_BYTES = 256 * 1024


@scenario("C07", "nothing is sent twice: each burst has a rev of its own", "2.1")
async def each_once(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.click("plus", "plus", "reverse")
    revs = [diff.rev for diff in visitor.of(Diff)]
    expect_equal(revs, sorted(set(revs)), "the revs of the DIFFs, rising (2.1)")
    await visitor.converge()


@scenario("C08", "REFETCH 0 after a lost DIFF is answered by a SNAPSHOT that shows everything", "3.6")
async def lost_diff(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.click("plus")
    rev = visitor.rev
    if visitor.link is not None:
        await visitor.link.send(visitor.frame("plus"))
        await server.settle()
        visitor.link.received()  # and it is lost
    visitor.waits = True
    await visitor.send(visitor.frame("plus"))
    await visitor.refetch(0, "base")
    expect_equal(len(visitor.of(Snapshot)), 2, "SNAPSHOTs: the first, and the answer (3.6)")
    expect(visitor.rev >= rev + 3, f"a rev above the lost one, {rev + 3} at least (3.3)", visitor.rev)
    expect_equal(visitor.text("number"), "6", "the number after three clicks")


@scenario("C09", "each burst counts right; who finds another count is answered by a SNAPSHOT", "3.4")
async def count(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.click("reverse", "remove-b", "fill", "remove-a")  # each is counted as it comes
    rev, epoch, document = visitor.rev, visitor.epoch, visitor.html()
    expect(rev > 1 and visitor.of(Diff), "DIFFs whose count is that of the document (3.4)", visitor.kinds)
    visitor.undo_next()
    await visitor.send(visitor.frame("plus"))
    expect_equal((visitor.rev, visitor.html()), (rev, document), "rev and document of who undid a burst")
    await visitor.acknowledge()
    await visitor.refetch(0, "count")
    whole = visitor.messages[-1]
    expect(
        isinstance(whole, Snapshot), "a SNAPSHOT for who found another count (3.4, 3.6)", visitor.kinds[-1:]
    )
    expect_equal(visitor.epoch, epoch, "epoch of the SNAPSHOT: the session goes on (3.6)")
    expect(
        visitor.rev > rev + 1, f"a rev above that of the burst that was undone, {rev + 1} (3.3)", visitor.rev
    )
    expect_equal(visitor.text("number"), "4", "the number after one click")
    await visitor.click("plus")
    expect_equal(visitor.text("number"), "5", "the number after another one, by a DIFF onto the SNAPSHOT")


@scenario("C10", "REFETCH of an element is answered by that element alone", "3.6")
async def element(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.click("plus")
    hid, seen = visitor.find("rows").hid, len(visitor.messages)
    await visitor.refetch(hid)
    bursts = [message for message in visitor.messages[seen:] if isinstance(message, (Diff, Snapshot))]
    expect([type(one) for one in bursts] == [Diff], "one DIFF (3.6)", [type(one).__name__ for one in bursts])
    patches = list(_core.decode(bursts[0].payload))
    expect_equal(
        [(patch.op, _node_hid(patch)) for patch in patches], [("insert", hid)], "its ops: one 04 (3.6)"
    )
    await visitor.refetch(4_000_000)
    expect(
        isinstance(visitor.messages[-1], Snapshot), "a SNAPSHOT for an unknown hid (3.6)", visitor.kinds[-1:]
    )


def _node_hid(patch: _core.Patch) -> int:
    """Return the hid of what a patch inserts."""
    data = _core.encode([patch])
    at = 1
    for _ in range(2):  # parent, before
        while data[at] & 0x80:
            at += 1
        at += 1
    hid, shift = 0, 0
    at += 1
    while True:
        hid |= (data[at] & 0x7F) << shift
        if data[at] < 0x80:
            return hid
        at, shift = at + 1, shift + 7


@scenario(
    "C11",
    "of twenty REFETCH in a second at most seven are answered, then RateLimited; the connection stays",
    "3.6",
)
async def refetch_storm(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    before = len(visitor.of(Snapshot))
    visitor.waits = True
    for _ in range(20):
        if visitor.link is not None:
            await visitor.link.send(protocol.encode(protocol.Refetch(visitor.epoch, 0, "kit")))
        await server.advance(0.05)
        visitor.take()
    await visitor.rest()
    answered = len(visitor.of(Snapshot)) - before
    expect(1 <= answered <= 7, "one to seven answers (3.6)", answered)
    limited = [error for error in visitor.of(Error) if error.kind == "RateLimited"]
    expect(limited, "RateLimited (3.6)", visitor.errors)
    expect(all(error.retry_after_ms > 0 for error in limited), "retry_after_ms", limited)
    expect_equal(visitor.code, None, "the close code of a connection that stays")
    await server.advance(3)
    await visitor.rest()
    await visitor.converge()
    await visitor.click("plus")
    expect_equal(visitor.text("number"), "4", "the number after one click")


@scenario(
    "C12", "a burst above 256 KiB comes in parts, and what it has done is told behind the last one", "3.5, 6"
)
async def parts(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.greet(capabilities=OPS)
    await visitor.send(visitor.frame("huge"), visitor.frame("fail"))
    bursts = [parts for parts in visitor.parts if len(parts) > 1]
    expect_equal(len(bursts), 1, "bursts in parts (3.5)")
    sizes = [len(part.payload) for part in bursts[0]]
    expect(max(sizes) <= _PART_BYTES, f"parts of at most {_PART_BYTES} bytes (6)", sizes)
    expect(sum(sizes) > HUGE, f"one burst of more than {HUGE} bytes", sizes)
    expect_equal(len(visitor.text("text")), HUGE + 2, "the letters of the text after the last part")
    seen = [message for message in visitor.messages if isinstance(message, (Diff, Result))]
    kinds = [type(message).__name__ for message in seen]
    expect_equal(kinds[-1:], ["Result"], "the RESULT of the second event, behind all its effects (3.7)")
    expect_equal(visitor.settled, 2, "the events settled")
    await visitor.converge()


@scenario("C13", "a connection that breaks in the middle takes nothing half: the next one is whole", "3.5")
async def broken_off(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.greet(capabilities=OPS)
    rev, document = visitor.rev, visitor.html()
    await visitor.break_off(visitor.frame("huge"), visitor.frame("plus"))
    expect_equal(
        (visitor.rev, visitor.html()), (rev, document), "rev and document after a part of a burst (3.5)"
    )
    hello_ok = await visitor.greet(capabilities=OPS)
    expect_equal((hello_ok.epoch, hello_ok.last), (visitor.epoch, 2), "epoch and last (2.1)")
    expect_equal(
        (visitor.text("number"), len(visitor.text("text"))), ("4", HUGE + 2), "what the two events did"
    )
    await visitor.converge()


@scenario(
    "C14",
    "a burst of which parts are to come gives way to a SNAPSHOT by CANCEL, or comes first, whole",
    "3.5, 3.6",
)
async def interleaved(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.greet(capabilities=OPS)
    for round_ in (1, 2):
        before = len(visitor.of(Snapshot))
        if visitor.link is not None:
            visitor.link.pause()
            await visitor.link.send(visitor.frame("huge"))
            await server.settle()
            await visitor.link.send(protocol.encode(protocol.Refetch(visitor.epoch, 0, "BurstInterleaved")))
            await server.settle()
            visitor.link.go_on()
        await visitor.rest()  # no burst begins inside another: the visitor looks at each part
        expect_equal(len(visitor.of(Snapshot)) - before, 1, "SNAPSHOTs for REFETCH 0 (3.6)")
        expect_equal(visitor.text("text")[:2], f"{round_} ", "the beginning of the text")
        expect_equal(len(visitor.text("text")), HUGE + 2, "the letters of the text")
        await server.advance(1)
    await visitor.click("plus")
    expect_equal(visitor.text("number"), "4", "the number after a click, by a DIFF onto the SNAPSHOT (3.3)")
    await visitor.send(protocol.encode(protocol.Bye("BurstInterleaved")))
    expect_equal(visitor.code, 1000, "the close code for who says BYE (3.15)")


@scenario(
    "C28", "who does not acknowledge costs one window and one burst, and then at most two bursts", "3.10"
)
async def slow_reader(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.greet(capabilities=OPS)  # what is deflated says little about windows
    visitor.acks = False
    begin = len(visitor.stream)
    await visitor.send(visitor.frame("flood"))
    for _ in range(FLOOD // 8):
        await visitor.rest()
    came = len(visitor.stream) - begin
    most = _WINDOW_BYTES + _CHANGE_BYTES
    expect(came <= most, f"at most {most} bytes: a window and the change that closes it (3.10)", came)
    bursts = len(visitor.of(Diff))
    visitor.acks = True
    await visitor.acknowledge()
    expect(
        len(visitor.of(Diff)) - bursts <= 2,
        "at most two bursts for all the rest",
        len(visitor.of(Diff)) - bursts,
    )
    expect(
        visitor.text("text").startswith(f"{FLOOD - 1} "), "the last of the changes", visitor.text("text")[:20]
    )
    await visitor.converge()
