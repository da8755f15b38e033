"""Events: in order, once, each with its outcome."""

from __future__ import annotations

from typing import Any

from vango import protocol
from vango.protocol import Diff, HelloOk, Result, Snapshot
from vango.testing.conformance.outcome import expect, expect_equal
from vango.testing.conformance.server import Server
from vango.testing.conformance.server_scenarios.registry import scenario
from vango.testing.conformance.visitor import CLICK, INPUT, Visitor

__all__: list[str] = []  # each registers itself


@scenario("C03", "events of one message are answered in their order, each ack covers them", "3.7")
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


@scenario("C15", "an event whose answer was lost is sent again, runs once, and gets the same RESULT", "3.7")
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


@scenario("C16", "an event above the next number is refused with that number, and runs in its turn", "3.7")
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


@scenario("C17", "a handler that raises gives an error, consumes its number, and the next event runs", "3.7")
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


@scenario("C18", "what waited while offline is delivered once, in order", "3.7")
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


@scenario("C19", "a click on a row that is gone is HandlerNotFound, and hits no other", "3.8")
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


@scenario("C20", "under another epoch an event goes to the handler of its action, or to nobody", "3.8")
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
    "C21",
    "an event above the limit is TooBig; its number is consumed by a dead letter, the session goes on",
    "3.7, 5",
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
