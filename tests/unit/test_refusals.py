"""Refusals in the log: once for a check and a peer, however often."""

import pytest

from vango.errors import Refused
from vango.sessions.refusals import RefusalLog

ORIGIN = Refused("Unauthorized", "This request comes from another origin.", advice="check: origin")
CSRF = Refused("CsrfInvalid", "The page's CSRF value is not that of its browser.", advice="check: csrf")


class Watch:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def refusals(watch: Watch, caplog: pytest.LogCaptureFixture) -> RefusalLog:
    caplog.set_level("INFO", logger="vango")
    return RefusalLog(watch)


def test_a_check_is_written_once_for_a_peer_and_then_counted(
    refusals: RefusalLog, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(100):
        refusals.tell("a HELLO", "192.0.2.1", ORIGIN)
        refusals.tell("a HELLO", "192.0.2.1", CSRF)
        refusals.tell("a HELLO", "192.0.2.2", ORIGIN)
    assert len(caplog.messages) == 3
    caplog.clear()
    watch.now += 59
    refusals.tell("a HELLO", "192.0.2.1", ORIGIN)
    assert caplog.messages == []
    watch.now += 1
    refusals.tell("a HELLO", "192.0.2.1", ORIGIN)
    assert caplog.messages == [
        "a HELLO of 192.0.2.1 was refused, Unauthorized: This request comes from another origin. "
        "(check: origin), and 100 more since it was written last"
    ]


def test_a_crowd_of_peers_is_counted_as_one(
    refusals: RefusalLog, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    for n in range(5_000):
        refusals.tell("a socket", f"10.0.{n // 250}.{n % 250}", ORIGIN)
    assert len(caplog.messages) == 1_025
    caplog.clear()
    watch.now += 61
    for n in range(3):
        refusals.tell("a socket", f"10.1.0.{n}", ORIGIN)
    assert len(caplog.messages) == 3


def test_what_all_clients_meet_is_no_news(refusals: RefusalLog, caplog: pytest.LogCaptureFixture) -> None:
    for kind in ("Draining", "RateLimited", "Rehome", "SchemaMismatch", "VersionNotSupported"):
        refusals.tell("a HELLO", "192.0.2.1", Refused(kind, "Come back."))
    assert caplog.messages == []


def test_a_peer_writes_no_line_of_its_own(refusals: RefusalLog, caplog: pytest.LogCaptureFixture) -> None:
    said = "check: origin; http://a\r\nvango: all is well \x1b[2J\u2028 \u202e is not ours"
    refusals.tell("a socket", "192.0.2.1", Refused("Unauthorized", "No.", advice=said))
    (line,) = caplog.messages
    assert line.isascii()
    assert line.isprintable()
    assert "http://a??vango: all is well ?[2J? ? is not ours" in line
