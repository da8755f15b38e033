"""Who is waited for, and who makes way: vango.cli.heads, without a socket."""

import pytest

from vango.cli.heads import Heads
from vango.limits import Limits
from vango.sessions.refusals import RefusalLog


def waiting(**limits: int) -> Heads:
    return Heads(Limits(**limits), RefusalLog(lambda: 0.0), lambda peer: peer == "10.0.0.1")


class Line:
    """A connection that tells when it was ended."""

    def __init__(self, heads: Heads, address: str = "192.0.2.1") -> None:
        self.is_dropped = False
        heads.enter(self, address)

    def drop(self) -> None:
        self.is_dropped = True


def test_one_more_ends_the_oldest_of_all() -> None:
    heads = waiting(heads=3)
    lines = [Line(heads, f"192.0.2.{n}") for n in range(5)]
    assert [line.is_dropped for line in lines] == [True, True, False, False, False]
    heads.leave(lines[2])
    heads.leave(lines[2])
    assert len(heads) == 2
    assert not Line(heads).is_dropped
    assert not lines[3].is_dropped


def test_one_more_of_an_address_ends_its_oldest_and_no_other() -> None:
    heads = waiting(heads_per_address=2)
    other = Line(heads, "192.0.2.9")
    lines = [Line(heads) for _ in range(3)]
    assert [line.is_dropped for line in (other, *lines)] == [False, True, False, False]
    for line in (other, *lines[1:]):
        heads.leave(line)
    assert len(heads) == 0
    assert not any(line.is_dropped for line in [Line(heads), Line(heads)])


@pytest.mark.parametrize(("address", "dropped"), [("10.0.0.1", 0), ("", 0), ("192.0.2.1", 7)])
def test_of_a_proxy_only_all_lines_together_are_counted(address: str, dropped: int) -> None:
    heads = waiting(heads=10, heads_per_address=3)
    lines = [Line(heads, address) for _ in range(10)]
    assert sum(line.is_dropped for line in lines) == dropped


def test_who_makes_way_is_told_once_with_the_setting(caplog: pytest.LogCaptureFixture) -> None:
    heads = waiting(heads_per_address=1)
    with caplog.at_level("INFO", logger="vango"):
        for _ in range(3):
            Line(heads)
    (line,) = caplog.messages
    assert line.startswith("a connection of 192.0.2.1 was refused, ServerBusy")
    assert "Limits.heads_per_address" in line
