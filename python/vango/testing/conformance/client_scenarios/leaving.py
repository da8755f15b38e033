"""Leaving: a client that is asked to go finishes what it began, and comes back after a while."""

from __future__ import annotations

from vango.protocol import Bye, Event, GoAway
from vango.testing.conformance.bench import Bench, connected, numbers
from vango.testing.conformance.client_scenarios.registry import MakeBench, scenario
from vango.testing.conformance.outcome import expect, expect_equal

__all__: list[str] = []  # each registers itself

_MIN_S, _MAX_S, _DEADLINE_S = 4, 6, 20
_GOAWAY = GoAway("Draining", _MIN_S * 1000, _MAX_S * 1000, [("worker", "2")], _DEADLINE_S * 1000)


@scenario(
    "C27", "who is told to go begins nothing, waits for outcomes, says BYE, and comes back later", "3.15"
)
def goes(make: MakeBench) -> None:
    bench = connected(make)
    bench.event()
    expect_equal(numbers(bench.taken(Event)), [1], "events before GOAWAY")
    bench.send(_GOAWAY)
    bench.event()
    bench.pass_time(1)
    early = [type(one).__name__ for one in bench.sent if isinstance(one, (Event, Bye))]
    expect_equal(early, [], "events after GOAWAY, or BYE before the outcome is known (3.15)")
    bench.sent = []
    expect(bench.link, "a connection until the outcome is known (3.15)", bench.client.state)
    bench.ack = 1
    bench.send(bench.change())
    bench.shows()
    bench.pass_time(1)
    expect_equal([one.reason for one in bench.taken(Bye)], ["drained"], "BYE when it is known (3.15)")
    _comes_back(bench)
    expect_equal(numbers(bench.taken(Event)), [2], "the event that was made meanwhile")
    # Without an outcome it goes at the deadline.
    bench = connected(make)
    bench.event()
    bench.send(_GOAWAY)
    bench.sent = []
    bench.pass_time(_DEADLINE_S - 1)
    expect_equal(bench.taken(Bye), [], "BYE before the deadline, without the outcome (3.15)")
    bench.pass_time(2)
    gone = not bench.link or bool(bench.taken(Bye))
    expect(gone, "a client that goes at the deadline, whatever it waits for (3.15)", bench.client.state)
    _comes_back(bench)
    expect_equal(numbers(bench.taken(Event)), [1], "the event whose outcome was lost, sent again (3.7)")


def _comes_back(bench: Bench) -> None:
    """Close what has said BYE, and check when and how the client is back."""
    left = bench.now
    if bench.link:
        bench.drop(1000)
    bench.until_connecting(_MAX_S + 2, 0.1)
    waited = bench.now - left
    expect(waited > _MIN_S - 2, f"{_MIN_S} to {_MAX_S} s before it comes back (3.15)", f"{waited:.1f} s")
    expect_equal(bench.connects[-1].parameters, [("worker", "2")], "the parameters in the query (3.15)")
    bench.welcome()
