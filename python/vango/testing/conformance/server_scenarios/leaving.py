"""Leaving: a server that stops asks its clients to come back later, and cuts off nobody who obeys."""

from __future__ import annotations

from vango import protocol
from vango.protocol import GoAway, HelloOk
from vango.testing.conformance.outcome import Mismatch, expect, expect_equal
from vango.testing.conformance.server import Server
from vango.testing.conformance.server_scenarios.registry import scenario
from vango.testing.conformance.visitor import Visitor

__all__: list[str] = []  # each registers itself

_STEP_S = 0.25


@scenario("C27", "a server that stops says GOAWAY, delivers every outcome, and closes who stays", "3.15")
async def going_away(server: Server) -> None:
    visitors = [await Visitor.arrive(server, f"instance-of-the-kit-{n}") for n in range(5)]
    slow, late = visitors[0], visitors[1]
    await slow.click("slow")
    await server.drain()
    waited = 0.0
    while not all(one.of(GoAway) for one in visitors):
        expect(waited < 30, "GOAWAY for every client (3.15)", [one.kinds for one in visitors])
        await server.advance(_STEP_S)
        waited += _STEP_S
        for one in visitors:
            await one.rest()
    for one in visitors:
        (said,) = one.of(GoAway)
        in_order = 0 <= said.min_ms <= said.max_ms
        expect(in_order and said.deadline_ms > 0, "min_ms to max_ms, and a deadline (2, 3.15)", said)
        expect_equal(one.code, None, "the close code of who was only asked to leave (3.15)")
    await _is_closed(server)
    for one in visitors[2:]:
        await one.send(protocol.encode(protocol.Bye("drained")))
        expect_equal(one.code, 1000, "the close code after BYE (3.15)")
    # Whose outcome was lost on its way asks for it once more; it was taken before.
    await late.send(late.frame("plus"))
    expect_equal(late.text("number"), "4", "the number after an event that was on its way (3.15)")
    for _ in range(int(60 / _STEP_S)):
        await server.advance(_STEP_S)
        await slow.rest()
        await late.rest()
        if None not in (slow.code, late.code):
            break
    expect_equal((slow.code, late.code), (1012, 1012), "the close codes at the deadline (3.15)")


async def _is_closed(server: Server) -> None:
    """Check that nobody new is let in."""
    try:
        visitor = Visitor(server, await server.visit(), "instance-of-the-kit-new")
    except Mismatch:
        return
    await visitor.knock()
    expect_equal(visitor.of(HelloOk), [], "HELLO_OKs of a server that stops (3.15)")
    expect(set(visitor.errors) <= {"Draining"}, "Draining, if anything is said (5)", visitor.errors)
