"""Loading, attaching, coming back: what a client says of itself, and whose document it shows."""

from __future__ import annotations

from dataclasses import replace

from vango import core, protocol
from vango.protocol import Event, Ping, Refetch, Result
from vango.testing.conformance.bench import BUTTON, Bench, connected, numbers, refusal
from vango.testing.conformance.client_scenarios.registry import MakeBench, scenario
from vango.testing.conformance.outcome import expect, expect_equal

__all__: list[str] = []  # each registers itself


@scenario(
    "C01",
    "the served page is adopted: HELLO names it, events go after HELLO_OK, a DIFF from 0 is applied",
    "3.2",
)
def served_page(make: MakeBench) -> None:
    bench = make()
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
    late = make(adopted=False)
    expect_equal(late.open().epoch, 0, "epoch of a page that is not what it says (3.2)")


@scenario("C02", "whatever the transport, the client says the same", "3.16")
def same_stream(make: MakeBench) -> None:
    said = [_played(make(transport=transport)) for transport in ("websocket", "http")]
    expect_equal(said[1], said[0], "what is said over HTTP, beside WebSocket (3.16)")


def _played(bench: Bench) -> list[list[object]]:
    """Play one session; return what the client says at each step, HELLO without what is random."""
    said: list[list[object]] = [[replace(bench.open(), instance="")]]
    bench.event()
    bench.agree()
    said.append([*bench.taken(Event)])
    bench.ack = 1
    bench.send(bench.change(), Ping())
    bench.event(action="save")
    bench.pass_time(0.3)
    bench.event()
    said.append([*bench.sent])
    bench.send(bench.change(rows=("c", "a")), Result(2, "HandlerFailed", "{}"))
    bench.pass_time(0.3)
    said.append([*bench.sent])
    bench.change()
    bench.send(bench.change())
    said.append([*bench.taken(Refetch)])
    return said


@scenario(
    "C04", "a RESUME with the lost bursts, or with one for all of them, leads to the server's document", "3.1"
)
def replay(make: MakeBench) -> None:
    for composite in (False, True):
        bench = connected(make)
        bench.send(bench.change(), bench.change())
        lost = [bench.change(rows=("c", "a")), bench.change(rows=("d", "c", "a"))]
        bench.drop()
        bench.until_connecting()
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


@scenario("C05", "a SNAPSHOT of the same epoch takes the place of what was missed", "3.1")
def snapshot(make: MakeBench) -> None:
    bench = connected(make)
    bench.send(bench.change())
    bench.change(rows=("c", "b", "a"))
    bench.drop()
    bench.until_connecting()
    bench.open()
    bench.agree(mode=protocol.MODE_SNAPSHOT, rev=bench.rev + 1)
    bench.event()
    bench.nothing("no event before the snapshot is applied (3.8)")
    bench.send(bench.snapshot())
    bench.shows()
    expect_equal(numbers(bench.taken(Event)), [1], "the events that waited")


@scenario("C06", "of another epoch only its own bursts count", "3.3")
def another_epoch(make: MakeBench) -> None:
    bench = connected(make)
    bench.send(bench.change())
    old = bench.change(rows=("x",))
    bench.drop()
    bench.until_connecting()
    bench.begin_epoch(2)
    bench.open()
    bench.agree(mode=protocol.MODE_SNAPSHOT, rev=1, session="s2")
    bench.send(old, bench.snapshot())
    bench.shows()
    bench.send(replace(old, base=1, rev=2))
    bench.shows("the document, untouched by a DIFF of the old epoch (3.3)")
    bench.drop()
    bench.until_connecting()
    expect_equal(bench.open().epoch, 2, "epoch of the next HELLO")


@scenario(
    "C22",
    "another version asks for one reload; the second time it is an error state, not a circle",
    "3.19, 5",
)
def versions(make: MakeBench) -> None:
    bench = connected(make)
    bench.drop()
    bench.until_connecting()
    hello = bench.open()
    expect(
        protocol.VERSION in hello.versions,
        f"version {protocol.VERSION} among those of HELLO (3.19)",
        hello.versions,
    )
    bench.send(refusal("VersionNotSupported", supported=[99]))
    expect_equal(bench.reloads, ["VersionNotSupported"], "reloads (5)")
    before = len(bench.connects)
    bench.pass_time(60)
    expect_equal(len(bench.connects), before, "attempts to connect after that: none")
    bench.reload()
    bench.open()
    bench.send(refusal("VersionNotSupported", supported=[99]))
    expect_equal(bench.reloads, ["VersionNotSupported"], "reloads, when the new page is refused too (5)")
    expect_equal(bench.client.state, "error", "the state, when the new page is refused too (5, 7.1)")
    before = len(bench.connects)
    bench.pass_time(60)
    expect_equal(len(bench.connects), before, "attempts to connect in the error state: none (7.1)")


@scenario(
    "C23",
    "a server that lowers, and names no capability, is understood: the same document from ops 01 to 05",
    "1.7, 2.4",
)
def lowered(make: MakeBench) -> None:
    bench = make()
    bench.lower = True
    bench.welcome(capabilities=[])
    for rows in (("c", "a", "b"), ("b", "c"), ("d", "b", "e", "c")):
        diff = bench.change(rows=rows, hint=len(rows) % 2 == 0)
        kinds = {patch.op for patch in core.decode(diff.payload)}
        expect(kinds.isdisjoint({"move", "remove_attr"}), "ops 01 to 05, which the kit made", sorted(kinds))
        bench.send(diff)
        bench.shows(f"the document with the rows {', '.join(rows)} (1.7)")
    expect_equal(bench.taken(Refetch), [], "REFETCHes")
    bench.event()
    expect_equal(numbers(bench.taken(Event)), [1], "events")


@scenario("C26", "two documents of one page are two instances", "3.14")
def instances(make: MakeBench) -> None:
    first, second = make().open(), make().open()
    expect(first.instance != second.instance, "two instances (3.14)", first.instance)
    bench = make()
    mine = bench.open().instance
    bench.agree()
    bench.drop()
    bench.until_connecting()
    expect_equal(bench.open().instance, mine, "the instance after a reconnect (3.14)")
