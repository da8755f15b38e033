"""Connections: by which transport, after how long, and when one is dead."""

from __future__ import annotations

from vango import protocol
from vango.protocol import Event, Ping
from vango.testing.conformance.bench import Bench, connected, numbers
from vango.testing.conformance.client_scenarios.registry import MakeBench, scenario
from vango.testing.conformance.outcome import NotApplicable, expect, expect_equal

__all__: list[str] = []  # each registers itself

_LADDER = (1, 2, 5, 10, 30, 30)


@scenario(
    "C29",
    "sockets that die young, or never agree, lead to HTTP; a restart does not; WebSocket comes back",
    "3.16",
)
def transports(make: MakeBench) -> None:
    if "http" not in make().client.transports:
        raise NotApplicable("the client has no HTTP, so WebSocket is all that it can try")
    bench = make(transport="websocket")
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
    blocked = make(transport="websocket")
    blocked.pass_time(3.1)
    expect_equal(blocked.via, "http", "what is tried when nothing came within 3 s (3.16)")
    restarted = connected(make, transport="websocket")
    restarted.send(restarted.change())
    for _ in range(6):
        restarted.fail()  # the socket, and the request that asks why
        restarted.until_connecting()
    expect_equal(restarted.via, "websocket", "what is tried after a restart (3.16)")


@scenario(
    "C30",
    "silence is probed, then it is death; the ladder is 1, 2, 5, 10, 30 s, anew after a burst",
    "3.11, 3.12",
)
def silence(make: MakeBench) -> None:
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
    bench.drop()
    bench.pass_time(1)
    expect(not bench.link, "no new ladder after HELLO_OK alone (3.12)", bench.connects[-1])
    bench.until_connecting()
    bench.welcome()
    bench.send(bench.change())
    bench.drop()
    _climb(bench, attempts=2)
    bench.welcome()
    bench.send(Ping())
    expect("" in bench.sent, "an answer to PING (2)", bench.sent)
    bench.pass_time(10.5)
    bench.send(Ping())
    bench.drop()
    _climb(bench, attempts=2)


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
