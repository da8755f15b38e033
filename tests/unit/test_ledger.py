"""vango.sessions.ledger: events take effect once (PROTOCOL rule 7)."""

import random

import pytest

from vango.protocol import Result
from vango.sessions.ledger import Ledger, Verdict

RUN = (Verdict.RUN, None)
SILENT = (Verdict.ANSWER, None)


def answer(*fields):
    return Verdict.ANSWER, Result(*fields)


@pytest.fixture
def ledger():
    return Ledger(keep=4)


def results(ledger, *, shown=0, all_is_shown=True):
    return ledger.results(shown=shown, all_is_shown=all_is_shown)


def taken(ledger, count):
    for cseq in range(ledger.accepted + 1, ledger.accepted + 1 + count):
        assert ledger.receive(cseq) == RUN


def test_events_are_taken_in_order(ledger) -> None:
    taken(ledger, 3)
    assert (ledger.accepted, ledger.ack, ledger.pending) == (3, 0, 3)


def test_an_event_too_early_is_told_once_until_the_gap_is_closed(ledger) -> None:
    taken(ledger, 2)
    assert ledger.receive(4) == answer(4, "OutOfOrder", '{"expected":3}')
    assert ledger.receive(5) == SILENT
    assert ledger.receive(3) == RUN
    assert ledger.receive(5) == answer(5, "OutOfOrder", '{"expected":4}')


def test_a_gap_is_told_again_when_what_would_have_closed_it_was_refused(ledger) -> None:
    assert ledger.receive(2) == answer(2, "OutOfOrder", '{"expected":1}')
    ledger.overlook()
    assert ledger.receive(2) == answer(2, "OutOfOrder", '{"expected":1}')


def test_a_running_event_that_comes_again_gets_no_second_run_and_no_answer_yet(ledger) -> None:
    taken(ledger, 1)
    assert ledger.receive(1) == SILENT


def test_a_finished_event_that_comes_again_gets_its_own_answer(ledger) -> None:
    taken(ledger, 3)
    ledger.finish(1)
    ledger.finish(2, "HandlerFailed", "{}")
    assert ledger.receive(1) == answer(1)
    assert ledger.receive(2) == answer(2, "HandlerFailed", "{}")
    assert ledger.receive(3) == SILENT


def test_a_settled_event_is_already_processed(ledger) -> None:
    taken(ledger, 2)
    ledger.finish(1)
    ledger.settle(1)
    assert ledger.receive(1) == answer(1, "AlreadyProcessed")


def test_nothing_above_what_was_taken_can_be_settled(ledger) -> None:
    taken(ledger, 1)
    ledger.settle(9)
    assert ledger.receive(2) == RUN


def test_no_more_is_remembered_than_asked_for(ledger) -> None:
    for cseq in range(1, 11):
        assert ledger.receive(cseq) == RUN
        ledger.finish(cseq, "HandlerFailed")
    assert ledger.receive(6) == answer(6, "AlreadyProcessed")
    assert ledger.receive(7) == answer(7, "HandlerFailed")


def test_ack_waits_for_the_first_unfinished_event(ledger) -> None:
    taken(ledger, 3)
    ledger.finish(3)
    ledger.finish(2)
    assert ledger.ack == 0
    ledger.finish(1)
    assert ledger.ack == 3
    assert ledger.pending == 0


def test_a_burst_settles_what_went_well_in_order(ledger) -> None:
    taken(ledger, 2)
    ledger.finish(1)
    ledger.finish(2)
    assert results(ledger, shown=2) == []
    assert results(ledger) == []


def test_without_a_burst_each_gets_a_result(ledger) -> None:
    taken(ledger, 2)
    ledger.finish(1)
    ledger.finish(2)
    assert results(ledger) == [Result(1), Result(2)]
    assert results(ledger) == []


def test_an_error_gets_a_result_although_a_burst_follows(ledger) -> None:
    taken(ledger, 2)
    ledger.finish(1, "HandlerFailed", '{"reference":"x"}')
    ledger.finish(2)
    assert results(ledger, shown=2) == [Result(1, "HandlerFailed", '{"reference":"x"}')]


def test_what_went_wrong_is_told_with_the_burst_that_acknowledges_it_although_more_is_to_come(ledger) -> None:
    taken(ledger, 4)
    ledger.finish(1, "HandlerFailed")
    ledger.finish(2)
    ledger.finish(4, "HandlerFailed")
    assert results(ledger, shown=2, all_is_shown=False) == [Result(1, "HandlerFailed")]
    assert results(ledger, shown=2, all_is_shown=False) == []
    ledger.finish(3)
    assert results(ledger, shown=4) == [Result(4, "HandlerFailed")]


def test_what_finishes_before_an_earlier_one_gets_a_result(ledger) -> None:
    taken(ledger, 2)
    ledger.finish(2)
    assert results(ledger) == [Result(2)]
    ledger.finish(1)
    assert results(ledger) == [Result(1)]


def test_a_new_connection_hears_again_what_its_client_has_not_settled(ledger) -> None:
    taken(ledger, 3)
    ledger.finish(1)
    ledger.finish(2, "HandlerFailed")
    ledger.finish(3)
    assert len(results(ledger)) == 3
    ledger.attach(settled=1)
    assert results(ledger) == [Result(2, "HandlerFailed"), Result(3)]


def test_a_session_in_place_goes_on_counting(ledger) -> None:
    ledger.begin(settled=7)
    assert ledger.receive(7) == answer(7, "AlreadyProcessed")
    assert ledger.receive(8) == RUN
    ledger.finish(8)
    assert ledger.ack == 8
    ledger.begin(settled=100)
    assert ledger.accepted == 8


def test_every_event_is_run_once_and_settled_whatever_order_it_finishes_in() -> None:
    for seed in range(300):
        rng = random.Random(seed)
        ledger = Ledger(keep=256)
        runs: list[int] = []
        open_: list[int] = []
        settled: set[int] = set()
        failed: set[int] = set()
        sent = shown = 0
        for _ in range(120):
            match rng.randrange(5):
                case 0 | 1:
                    cseq = rng.randint(max(1, sent - 3), sent + 2)
                    verdict, result = ledger.receive(cseq)
                    if verdict is Verdict.RUN:
                        assert cseq == sent + 1
                        sent = cseq
                        runs.append(cseq)
                        open_.append(cseq)
                    elif cseq <= sent:
                        assert (result is None) is (cseq in open_)
                case 2 if open_:
                    cseq, error = open_.pop(rng.randrange(len(open_))), rng.choice(["", "HandlerFailed"])
                    failed |= {cseq} if error else set()
                    ledger.finish(cseq, error)
                case 3:
                    if rng.random() < 0.5:
                        shown = ledger.ack
                    told = results(ledger, shown=shown, all_is_shown=rng.random() < 0.5)
                    settled.update(range(1, shown + 1), (result.cseq for result in told))
                    failed -= {result.cseq for result in told if result.error}
                    assert not any(cseq <= shown for cseq in failed)
        for cseq in open_:
            ledger.finish(cseq)
        settled.update(result.cseq for result in results(ledger, shown=shown))
        assert runs == list(range(1, sent + 1))
        assert settled == set(runs)
        assert ledger.ack == sent
