"""The scenarios that a server is put to, C01 and on; each begins with a server that nobody has visited."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import fields
from typing import Any

from vango import _core, protocol
from vango.protocol import Diff, Error, HelloOk, Result, Snapshot
from vango.testing.conformance.outcome import Mismatch, Unavailable, expect, expect_equal
from vango.testing.conformance.reference import FLOOD
from vango.testing.conformance.server import Server
from vango.testing.conformance.visitor import CLICK, INPUT, Visitor

__all__ = ["SCENARIOS"]

Scenario = Callable[[Server], Awaitable[None]]

SCENARIOS: dict[str, tuple[str, Scenario]] = {}

_WINDOW_BYTES = 32 * 1024
_CHANGE_BYTES = 2_000  # of one change of `flood`, and what frames it
_VOLATILE = ("session", "attachment")  # what differs from one run to the next


def scenario(name: str, title: str) -> Callable[[Scenario], Scenario]:
    """Register a scenario."""

    def register(run: Scenario) -> Scenario:
        SCENARIOS[name] = title, run
        return run

    return register


@scenario("C01", "the served page is rev 0: HELLO is answered by RESUME, the first DIFF leads from 0 to 1")
async def served_page(server: Server) -> None:
    visitor = Visitor(server, await server.visit())
    hello_ok = await visitor.greet()
    expect_equal(
        (hello_ok.mode, hello_ok.epoch, hello_ok.rev, hello_ok.last), (0, 1, 0, 0), "RESUME at rev 0 (3.2)"
    )
    await visitor.click("plus")
    expect_equal(visitor.of(Snapshot), [], "SNAPSHOTs (3.2)")
    diffs = [(diff.epoch, diff.base, diff.rev, diff.ack) for diff in visitor.of(Diff)]
    expect_equal(diffs, [(1, 0, 1, 1)], "epoch, base, rev and ack of the first DIFF")
    await visitor.converge()
    expect_equal(visitor.text("number"), "4", "the number after one click")


@scenario("C02", "one session, played again on every transport, gives the same frames")
async def same_stream(server: Server) -> None:
    if len(server.transports) < 2:
        raise Unavailable("the server is reached by one transport only")
    streams = {}
    for transport in server.transports:
        visitor = Visitor(server, await server.visit())
        await visitor.greet(transport=transport)
        visitor.acks = False
        await visitor.click("plus", "reverse")
        await visitor.send(visitor.frame("fail"), visitor.frame("plus"))
        await visitor.refetch(visitor.find("rows").hid)
        await visitor.send(protocol.encode(protocol.Ping()))
        streams[transport] = [_constant(message) for message in visitor.messages]
    first = streams.pop(server.transports[0])
    for transport, stream in streams.items():
        expect_equal(stream, first, f"the frames over {transport} beside {server.transports[0]} (3.16)")


def _constant(message: Any) -> tuple[object, ...]:
    """Return what of a message must be the same in each run."""
    names = [field.name for field in fields(message) if field.name not in _VOLATILE]
    values = tuple(getattr(message, name) for name in names)
    is_report = isinstance(message, Result) and message.error == "HandlerFailed"
    return type(message).__name__, *(values[:-1] if is_report else values)


@scenario("C03", "events of one message are answered in their order, each ack covers them")
async def in_order(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.send(
        visitor.frame("plus"), visitor.frame("fail"), visitor.frame("plus"), visitor.frame("fail")
    )
    results = visitor.results
    expect_equal(results, [(2, "HandlerFailed"), (4, "HandlerFailed")], "RESULTs, in order (3.7)")
    for result in visitor.of(Result):
        before = visitor.messages[: visitor.messages.index(result)]
        acks = [message.ack for message in before if isinstance(message, (Diff, Snapshot))]
        expect(
            max(acks) >= result.cseq, f"the burst of event {result.cseq} in front of its RESULT (3.7)", acks
        )
    expect_equal(visitor.settled, 4, "the events settled")
    expect_equal(visitor.text("log"), "plus fail plus fail", "what has run")


@scenario("C04", "bursts that were lost come again after a reconnect, or one that stands for all")
async def replay(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.click(*["plus"] * 4)
    rev, epoch, before = visitor.rev, visitor.epoch, visitor.text("number")
    for _ in range(4):
        if visitor.link is not None:
            await visitor.link.send(visitor.frame("plus"))
            await server.settle()
    await visitor.drop()
    expect_equal(
        (visitor.rev, visitor.text("number")), (rev, before), "what the client knows before it is back"
    )
    hello_ok = await visitor.greet()
    expect_equal((hello_ok.epoch, hello_ok.last), (epoch, 8), "epoch and last (3.1, 2.1)")
    if server.ring == 0:
        expect_equal(hello_ok.mode, protocol.MODE_SNAPSHOT, "mode with a ring of 0 (3.1)")
    elif server.ring:
        expect_equal(hello_ok.mode, protocol.MODE_RESUME, "mode with bursts in the ring (3.1)")
    if hello_ok.mode == protocol.MODE_RESUME:
        expect_equal(visitor.of(Snapshot), [], "SNAPSHOTs after RESUME (2.3)")
        expect(0 < len(visitor.of(Diff)) <= 4, "the lost bursts, or one for all of them", visitor.kinds)
    expect_equal(visitor.rev, hello_ok.rev, "the rev that HELLO_OK announced (2.3)")
    expect_equal(visitor.text("number"), "11", "the number after eight clicks")
    await visitor.converge()


@scenario("C05", "who has missed what is no longer kept gets a SNAPSHOT of the same epoch")
async def snapshot(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.click("plus")
    epoch, rev = visitor.epoch, visitor.rev
    await visitor.lose(visitor.frame("plus"))
    visitor.rev = 0  # it says that it knows the served page only
    hello_ok = await visitor.greet(epoch=epoch, rev=0)
    visitor.rev = 0
    expect_equal((hello_ok.epoch, hello_ok.last), (epoch, 2), "epoch and last")
    expect(hello_ok.rev > rev, f"a rev above {rev}, which was used (2.1)", hello_ok.rev)
    expect_equal(visitor.text("number"), "5", "the number after two clicks")
    await visitor.converge()


@scenario(
    "C06", "after a restart the view is another: a SNAPSHOT of a higher epoch, and nothing of the old one"
)
async def restarted(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.click("plus", "plus")
    epoch = visitor.epoch
    await server.restart()
    hello_ok = await visitor.greet()
    expect_equal(hello_ok.mode, protocol.MODE_SNAPSHOT, "mode")
    expect(hello_ok.epoch > epoch, f"an epoch above {epoch} (3.14)", hello_ok.epoch)
    expect_equal(
        {message.epoch for message in visitor.of(Diff)} - {hello_ok.epoch}, set(), "DIFFs of the old epoch"
    )
    await visitor.click("plus")
    expect_equal(visitor.text("number"), "4", "the number of the new view after one click")
    await visitor.drop()
    expect_equal((await visitor.greet()).session, hello_ok.session, "the session after another drop (3.14)")


@scenario("C07", "nothing is sent twice: each burst has a rev of its own")
async def each_once(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.click("plus", "plus", "reverse")
    revs = [diff.rev for diff in visitor.of(Diff)]
    expect_equal(revs, sorted(set(revs)), "the revs of the DIFFs, rising (2.1)")
    await visitor.converge()


@scenario("C08", "REFETCH 0 after a lost DIFF is answered by a SNAPSHOT that shows everything")
async def lost_diff(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.click("plus")
    rev = visitor.rev
    if visitor.link is not None:
        await visitor.link.send(visitor.frame("plus"))
        await server.settle()
        visitor.link.received()  # and it is lost
    visitor._waits = True
    await visitor.send(visitor.frame("plus"))
    await visitor.refetch(0, "base")
    expect_equal(len(visitor.of(Snapshot)), 2, "SNAPSHOTs: the first, and the answer (3.6)")
    expect(visitor.rev >= rev + 3, f"a rev above the lost one, {rev + 3} at least (3.3)", visitor.rev)
    expect_equal(visitor.text("number"), "6", "the number after three clicks")


@scenario("C10", "REFETCH of an element is answered by that element alone")
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
    "C11", "of twenty REFETCH in a second at most seven are answered, then RateLimited; the connection stays"
)
async def refetch_storm(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    before = len(visitor.of(Snapshot))
    for _ in range(20):
        await visitor.refetch()
        await server.advance(0.05)
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


@scenario("C13", "a connection that breaks in the middle takes nothing half: the next one is whole")
async def broken_off(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    if visitor.link is not None:
        visitor.link.pause()
    await visitor.lose(visitor.frame("fill"), visitor.frame("plus"))
    hello_ok = await visitor.greet()
    expect_equal(hello_ok.last, 2, "last (2.1)")
    expect_equal(
        (visitor.text("number"), len(visitor.text("text"))), ("4", 20_002), "what the two events did"
    )
    await visitor.converge()


@scenario("C15", "an event whose answer was lost is sent again, runs once, and gets the same RESULT")
async def once(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    fail, plus = visitor.frame("fail"), visitor.frame("plus")
    await visitor.lose(fail, plus)
    await visitor.greet()
    await visitor.send(fail, plus)
    expect_equal(visitor.text("log"), "fail plus", "what has run (3.7)")
    expect_equal(visitor.text("number"), "4", "the number after one click")
    expect((1, "HandlerFailed") in visitor.results, "the stored RESULT of event 1 (3.7)", visitor.results)
    expect(visitor.settled == 2, "both events settled", visitor.settled)
    stored = [result for result in visitor.of(Result) if result.cseq == 1]
    visitor.settled, visitor.acks = 0, False
    await visitor.drop()
    await visitor.greet(settled=2)
    await visitor.send(fail)
    known = {(result.cseq, result.error) for result in visitor.of(Result)} - {(1, "AlreadyProcessed")}
    expect(known <= {(1, stored[0].error)}, "AlreadyProcessed, or the same RESULT (3.7)", visitor.results)
    expect_equal(visitor.text("log"), "fail plus", "what has run")


@scenario("C16", "an event above the next number is refused with that number, and runs in its turn")
async def out_of_order(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.click("plus")
    second, third = visitor.frame("fail"), visitor.frame("reverse")
    await visitor.send(third)
    refused = [(one.cseq, one.error, one.data.replace(" ", "")) for one in visitor.of(Result)]
    expect_equal(refused, [(3, "OutOfOrder", '{"expected":2}')], "RESULTs (3.7)")
    expect_equal(visitor.text("log"), "plus", "what has run")
    await visitor.send(second, third)
    expect_equal(visitor.text("log"), "plus fail reverse", "what has run, in order (3.7)")
    await visitor.converge()


@scenario("C17", "a handler that raises gives an error, consumes its number, and the next event runs")
async def failing(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.click("fail")
    expect_equal(visitor.results, [(1, "HandlerFailed")], "RESULTs (3.7)")
    expect(
        "on purpose" not in visitor.of(Result)[0].data,
        "no words of the exception",
        visitor.of(Result)[0].data,
    )
    await visitor.click("plus")
    expect_equal(visitor.text("number"), "4", "the number after one click")
    expect_equal(visitor.settled, 2, "the events settled")


@scenario("C18", "what waited while offline is delivered once, in order")
async def offline(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.drop()
    await server.advance(10)
    waited = [visitor.frame("plus"), visitor.frame("reverse"), visitor.frame("plus")]
    waited.append(visitor.frame("field", INPUT, [["last"]]))
    hello_ok = await visitor.greet()
    expect_equal(hello_ok.last, 0, "last (2.1)")
    await visitor.send(*waited)
    await visitor.send(*waited)
    expect_equal(visitor.text("log"), "plus reverse plus field", "what has run (3.7)")
    expect_equal((visitor.text("number"), visitor.text("typed")), ("5", "last"), "what it did")
    await visitor.converge()


@scenario("C19", "a click on a row that is gone is HandlerNotFound, and hits no other")
async def gone(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    hid = visitor.find("remove-b").hid
    await visitor.send(visitor.frame(hid), visitor.frame(hid))
    expect_equal(visitor.results, [(2, "HandlerNotFound")], "RESULTs (3.8)")
    expect_equal(visitor.text("rows"), "ac", "the rows that are left")
    await visitor.send(visitor.frame("number"))
    await visitor.send(visitor.frame("plus", INPUT))
    await visitor.send(visitor.frame("plus", CLICK, epoch=visitor.epoch + 7))
    found = [(3, "HandlerNotFound"), (4, "HandlerNotFound"), (5, "HandlerNotFound")]
    expect_equal(visitor.results[1:], found, "RESULTs where nobody listens, or in another epoch (3.8)")
    expect_equal(visitor.text("log"), "row-b", "what has run")


@scenario("C20", "under another epoch an event goes to the handler of its action, or to nobody")
async def by_action(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    hid, epoch = visitor.find("order").hid, visitor.epoch
    await server.restart()
    hello_ok = await visitor.greet()
    expect(hello_ok.epoch > epoch, f"an epoch above {epoch}", hello_ok.epoch)
    action: dict[str, Any] = {"epoch": epoch, "flags": protocol.FLAG_ACTION}
    await visitor.send(
        visitor.frame(hid, action="order", **action), visitor.frame(hid, action="nothing", **action)
    )
    expect_equal(visitor.text("number"), "103", "the number after one order (3.8)")
    found = [(hello_ok.last + 2, "HandlerNotFound")]
    expect_equal(visitor.results, found, "RESULTs of an action that nobody has (3.8)")
    expect_equal(visitor.text("log"), "order", "what has run")


@scenario(
    "C21", "an event above the limit is TooBig; its number is consumed by a dead letter, the session goes on"
)
async def too_big(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    limit = dict(visitor.of(HelloOk)[0].limits).get("frame_bytes", 64 * 1024)
    hid = visitor.find("field").hid
    await visitor.send(visitor.frame(hid, INPUT, [["x" * (limit + 1)]]))
    expect_equal(set(visitor.errors), {"TooBig"}, "ERRORs; over HTTP every open request gets one (5, 3.16)")
    expect_equal(visitor.code, 1009, "the close code (5)")
    hello_ok = await visitor.greet()
    expect_equal(hello_ok.last, 0, "last: the event was not taken")
    letter = protocol.Event(visitor.epoch, 1, visitor.rev, hid, INPUT, flags=protocol.FLAG_CANCEL)
    await visitor.send(protocol.encode(letter))
    expect_equal(visitor.settled, 1, "the events settled: the dead letter (3.7)")
    await visitor.click("plus")
    expect_equal(visitor.text("log"), "plus", "what has run")


@scenario("C22", "no version in common is VersionNotSupported with those there are; one of several is taken")
async def versions(server: Server) -> None:
    visitor = Visitor(server, await server.visit())
    await visitor.connect()
    await visitor.send(visitor.hello(versions=[99]))
    expect_equal(visitor.errors, ["VersionNotSupported"], "ERRORs (3.19)")
    expect_equal(list(visitor.of(Error)[0].supported), [protocol.VERSION], "supported (2.6)")
    expect_equal(visitor.code, 1008, "the close code (5)")
    hello_ok = await visitor.greet(versions=[99, protocol.VERSION])
    expect_equal(hello_ok.version, protocol.VERSION, "the version in use (3.19)")


@scenario("C26", "a duplicated tab gets a session of its own, and both live on")
async def duplicated(server: Server) -> None:
    first = await Visitor.arrive(server)
    await first.click("plus")
    second = Visitor(server, first.page, "instance-of-the-kit-2")
    hello_ok = await second.greet()
    expect(hello_ok.session != first.of(HelloOk)[0].session, "a session of its own (3.14)", hello_ok.session)
    await second.click("plus", "plus", "plus")
    for _ in range(6):
        await server.advance(10)
        await first.send(protocol.LIVENESS)
        await second.send(protocol.LIVENESS)
    await first.click("plus")
    await second.click("plus")
    expect_equal((first.code, second.code), (None, None), "the close codes of both")
    expect_equal((first.text("number"), second.text("number")), ("5", "7"), "the numbers of both")


@scenario("C28", "who does not acknowledge costs one window and one burst, and then at most two bursts")
async def slow_reader(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.greet(capabilities=["remove_attr", "move"])  # what is deflated says little about windows
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


@scenario("C29", "rev, numbers and what is unsettled carry over from one transport to another")
async def other_transport(server: Server) -> None:
    if len(server.transports) < 2:
        raise Unavailable("the server is reached by one transport only")
    visitor = await Visitor.arrive(server)
    expected = 3
    for transport in (*server.transports, server.transports[0]):
        lost = visitor.frame("plus")
        await visitor.lose(lost)
        hello_ok = await visitor.greet(transport=transport)
        expect_equal(hello_ok.last, visitor.cseq, f"last over {transport} (3.16)")
        await visitor.send(lost)
        await visitor.click("plus")
        expected += 2
        expect_equal(visitor.text("number"), str(expected), f"the number over {transport}")
    await visitor.converge()


@scenario("C30", "who is silent is asked once, and given up five seconds later; who answers stays")
async def silence(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    hello_ok = visitor.of(HelloOk)[0]
    heartbeat = hello_ok.heartbeat_ms / 1000
    expect_equal(list(hello_ok.ladder_ms), [1_000, 2_000, 5_000, 10_000, 30_000], "ladder_ms (3.12)")
    await server.advance(heartbeat - 0.5)
    await visitor.rest()
    expect_equal(visitor.kinds.count("Ping"), 0, f"PINGs before {heartbeat:g} s (3.11)")
    await server.advance(1)
    await visitor.rest()
    expect_equal(visitor.kinds.count("Ping"), 1, f"PINGs after {heartbeat:g} s (3.11)")
    await visitor.send(protocol.LIVENESS)
    await server.advance(6)
    await visitor.rest()
    expect_equal(visitor.code, None, "the close code of one who answers")
    if visitor.link is not None:
        visitor.link.pause()
    await server.advance(heartbeat + 6)
    if visitor.link is not None:
        visitor.link.go_on()
    await server.settle()
    hello_again = await visitor.greet()
    expect_equal(hello_again.mode, protocol.MODE_RESUME, "mode: nothing has changed meanwhile")


async def run(name: str, server: Server) -> tuple[str, str, str]:
    """Put a fresh server to a scenario; returns result, expected and seen."""
    _, play = SCENARIOS[name]
    try:
        async with server:
            await play(server)
    except Mismatch as mismatch:
        return "failed", mismatch.expected, mismatch.seen
    except LookupError as missing:
        return "failed", "an element of the reference page", str(missing)
    except Unavailable as reason:
        return "unavailable", str(reason), ""
    return "passed", "", ""
