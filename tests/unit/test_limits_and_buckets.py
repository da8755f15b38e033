"""vango.limits and vango.sessions.bucket: bounds have units, and refusing is exact."""

import pytest

from vango.errors import LimitExceeded
from vango.limits import Limits
from vango.sessions.bucket import Bucket


def test_the_defaults_are_those_of_the_protocol() -> None:
    limits = Limits()
    assert (limits.hello_bytes, limits.hello_s) == (16_384, 5.0)
    assert (limits.message_bytes, limits.path_bytes) == (65_536, 8_192)
    assert (limits.unsettled_events, limits.queued_events, limits.dispatched) == (256, 256, 2_048)
    assert (limits.events_per_s, limits.event_burst) == (100, 200)
    assert (limits.resyncs_per_s, limits.resync_burst) == (2, 5)
    assert (limits.window_bytes, limits.backlog_bytes) == (32_768, 262_144)
    assert (limits.heartbeat_ms, limits.silence_s) == (25_000, 5.0)
    assert (limits.adopt_s, limits.waiting, limits.waiting_per_address) == (15.0, 1_000, 20)
    assert limits.resume_s == 300


@pytest.mark.parametrize(
    "wrong", [{"adopt_s": 0}, {"queued_events": -1}, {"ladder_ms": ()}, {"ladder_ms": (0,)}]
)
def test_a_bound_that_could_never_work_is_refused_with_its_name(wrong) -> None:
    with pytest.raises(ValueError, match=f"Limits.{next(iter(wrong))} must be above zero"):
        Limits(**wrong)


def test_an_exceeded_limit_says_which_and_by_how_much() -> None:
    assert str(LimitExceeded("dispatched", 2048, 2049)) == "dispatched: 2,049 is over the limit of 2,048"


def test_a_bucket_allows_a_burst_and_then_its_rate() -> None:
    bucket = Bucket(per_s=2, burst=5, now=0)
    assert [bucket.take(0) for _ in range(7)] == [True] * 5 + [False] * 2
    assert bucket.retry_after_ms == 500
    assert not bucket.take(0.4)
    assert bucket.take(0.5)
    assert not bucket.take(0.5)


def test_a_bucket_never_holds_more_than_its_burst() -> None:
    bucket = Bucket(per_s=100, burst=3, now=0)
    assert [bucket.take(1_000) for _ in range(4)] == [True, True, True, False]


def test_a_bucket_forgets_that_it_told_when_it_allows_again() -> None:
    bucket = Bucket(per_s=1, burst=1, now=0)
    assert bucket.take(0)
    bucket.told = True
    assert not bucket.take(0)
    assert bucket.told
    assert bucket.take(1)
    assert not bucket.told
