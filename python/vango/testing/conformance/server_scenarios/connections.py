"""Connections: from one transport to another, and those that fall silent."""

from __future__ import annotations

from vango import protocol
from vango.protocol import HelloOk
from vango.testing.conformance.outcome import NotApplicable, expect, expect_equal
from vango.testing.conformance.server import Server
from vango.testing.conformance.server_scenarios.registry import scenario
from vango.testing.conformance.visitor import Visitor

__all__: list[str] = []  # each registers itself


@scenario("C29", "rev, numbers and what is unsettled carry over from one transport to another", "3.16")
async def other_transport(server: Server) -> None:
    if len(server.transports) < 2:
        raise NotApplicable("the server is reached by one transport only")
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


@scenario("C30", "who is silent is asked once, and given up five seconds later; who answers stays", "3.11")
async def silence(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    hello_ok = visitor.of(HelloOk)[0]
    heartbeat, slack = hello_ok.heartbeat_ms / 1000, server.slack_s
    expect_equal(list(hello_ok.ladder_ms), [1_000, 2_000, 5_000, 10_000, 30_000], "ladder_ms (3.12)")
    await server.advance(heartbeat - slack - 0.5)
    await visitor.rest()
    expect_equal(visitor.kinds.count("Ping"), 0, f"PINGs before {heartbeat:g} s (3.11)")
    await server.advance(slack + 1)
    await visitor.rest()
    expect_equal(visitor.kinds.count("Ping"), 1, f"PINGs after {heartbeat:g} s (3.11)")
    await visitor.send(protocol.LIVENESS)
    await server.advance(6)
    await visitor.rest()
    expect_equal(visitor.code, None, "the close code of one who answers")
    if visitor.link is not None:
        visitor.link.pause()
    await server.advance(heartbeat + slack + 6)
    if visitor.link is not None:
        visitor.link.go_on()
    await visitor.rest()
    expect(
        visitor.code is not None,
        "the end of a connection that was silent for five more seconds (3.11)",
        "none",
    )
    hello_again = await visitor.greet()
    expect_equal(hello_again.mode, protocol.MODE_RESUME, "mode: nothing has changed meanwhile")
