"""Being refused: who may not come in says so once, and asks no more."""

from __future__ import annotations

from vango.testing.conformance.bench import Bench, connected, refusal
from vango.testing.conformance.client_scenarios.registry import MakeBench, scenario
from vango.testing.conformance.outcome import expect_equal

__all__: list[str] = []  # each registers itself

_TEN_MINUTES_S = 600


@scenario("C24", "HELLO proves the page that it comes from; who is refused for that stays away", "2.2, 3.14")
def proves(make: MakeBench) -> None:
    bench = make()
    hello = bench.open()
    expect_equal((hello.token, hello.csrf), ("t", "c"), "token and csrf of the page (2.2)")
    _stays_away(bench, "CsrfInvalid")


@scenario("C25", "who is logged in no more is told, and does not try again by itself", "5, 7.1")
def logged_out(make: MakeBench) -> None:
    for kind in ("Unauthorized", "AuthExpired"):
        bench = connected(make)
        bench.drop()
        bench.until_connecting()
        bench.open()
        _stays_away(bench, kind)
    bench = connected(make)
    bench.event()
    bench.sent = []
    _stays_away(bench, "AuthExpired", scope=1)


def _stays_away(bench: Bench, kind: str, scope: int = 2) -> None:
    """Refuse, close, and check that nothing is tried for ten minutes."""
    bench.send(refusal(kind, scope))
    if bench.link:
        bench.drop(3000)
    expect_equal(bench.client.state, "needs-auth", f"the state after {kind} (5, 7.1)")
    before = len(bench.connects)
    bench.pass_time(_TEN_MINUTES_S)
    expect_equal(bench.connects[before:], [], f"attempts in the ten minutes after {kind} (5)")
    expect_equal(bench.client.state, "needs-auth", f"the state ten minutes after {kind} (7.1)")
