"""The scenarios of the protocol, C01 and on, over every transport and on virtual time."""

import anyio
import pytest
from session_pages import Buttons, Counter, Rows, Tap, answers, hello

from vango import html as h, protocol, signal
from vango.errors import TransportClosed
from vango.protocol import Diff, Error, Event, Refetch, Result, Snapshot
from vango.testing import Pilot
from vango.testing.client import duplicate

# Over HTTP the transport itself speaks for a page that is silent, and nothing connects without a HELLO:
# tests/unit/test_live_http.py has the like of what runs over these alone.
SOCKETS = ("memory", "websocket")

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("ring", "network")]


def same(pilot):
    """Whether the client shows what the session has."""
    from vango.testing import Page

    return pilot.html(hids=True) == pilot.session.html() or (
        repr(pilot.page) == repr(Page(pilot.session.html()).root)
    )


async def plus(pilot, times=1):
    for _ in range(times):
        await pilot.click(pilot.find("button", text="+"))


async def test_c01_the_served_page_is_rev_0_and_is_resumed_without_a_snapshot() -> None:
    async with Pilot(Counter(start=3), connect=False) as pilot:
        assert pilot.session.rev == 0
        await pilot.reconnect()
        greeting = pilot.client.hello_ok
        assert (greeting.mode, greeting.epoch, greeting.rev, greeting.last) == (protocol.MODE_RESUME, 1, 0, 0)
        tap = Tap(pilot)
        await plus(pilot)
        (diff,) = tap.of(Diff)
        assert (diff.epoch, diff.base, diff.rev, diff.ack) == (1, 0, 1, 1)
        assert tap.of(Snapshot) == []
        assert pilot.find("output").text == "4"


async def test_c01_the_hello_ok_says_what_is_in_use() -> None:
    async with Pilot(Counter()) as pilot:
        greeting = pilot.client.hello_ok
        assert greeting.version == 1
        assert greeting.capabilities == list(protocol.CAPABILITIES)
        assert greeting.session == pilot.session.id
        assert greeting.heartbeat_ms == 25_000
        assert greeting.ladder_ms == [1_000, 2_000, 5_000, 10_000, 30_000]


async def test_c03_events_of_one_send_are_answered_in_order() -> None:
    def fail():
        raise ValueError("on purpose")

    count = signal(0)
    page = h.div[h.output[count], Buttons(add=lambda: count.update(lambda n: n + 1), fail=fail)]
    async with Pilot(page) as pilot:
        tap = Tap(pilot)
        add, bad = pilot.find("button", text="add").hid, pilot.find("button", text="fail").hid
        frames = [pilot.client.event(hid, 0) for hid in (add, bad, add, bad, add)]
        await pilot.send(*frames)
        results = [message.cseq for message in tap.of(Result)]
        assert results == sorted(results) == [2, 4]
        assert [message.ack for message in tap.of(Diff)][-1] == 5
        burst_of = {message.ack: i for i, message in enumerate(tap.messages) if type(message) is Diff}
        for i, message in enumerate(tap.messages):
            if type(message) is Result:
                assert any(ack >= message.cseq and at < i for ack, at in burst_of.items())
        assert pilot.find("output").text == "3"
        assert pilot.client.unsettled == {}


async def test_c20_a_session_that_a_late_hello_has_made_gives_way_to_one_that_goes_on_counting() -> None:
    async with Pilot(Counter(), connect=False) as pilot:
        # The page's client has had another session meanwhile, where three events were settled.
        (late,), _ = await answers(pilot, hello(pilot, settled=0))
        (greeting, whole, *_), _ = await answers(pilot, hello(pilot, settled=3))
        assert greeting.session != late.session
        assert (greeting.epoch, greeting.last, type(whole)) == (late.epoch + 1, 3, Snapshot)
        assert pilot.registry.get(late.session) is None


async def test_c05_missed_bursts_are_replayed_as_one_or_a_snapshot_shows_them(ring) -> None:
    async with Pilot(Counter()) as pilot:
        await plus(pilot)
        Tap(pilot).rule = lambda message: []
        await plus(pilot, 4)
        assert (pilot.client.rev, pilot.session.rev) == (1, 5)
        pilot.drop()
        await pilot.settle()
        bursts = pilot.client.bursts
        await pilot.reconnect()
        greeting = pilot.client.hello_ok
        mode, rev = (protocol.MODE_RESUME, 5) if ring else (protocol.MODE_SNAPSHOT, 6)
        assert (greeting.mode, greeting.epoch, greeting.rev, greeting.last) == (mode, 1, rev, 5)
        assert pilot.client.rev == rev
        assert pilot.client.bursts == bursts + 1
        assert pilot.find("output").text == "5"
        assert pilot.client.unsettled == {}
        await plus(pilot)
        assert pilot.find("output").text == "6"
        assert pilot.client.refetches == 0


async def test_c05_a_replay_is_followed_by_what_changed_meanwhile(ring) -> None:
    count = signal(0)
    async with Pilot(h.output[count]) as pilot:
        Tap(pilot).rule = lambda message: []
        for n in (1, 2, 3):
            count.set(n)
            await pilot.settle()
        pilot.drop()
        await pilot.advance(30)  # by then it is noticed, whatever the transport
        count.set(4)
        await pilot.settle()
        await pilot.reconnect()
        assert pilot.find("output").text == "4"
        assert pilot.client.bursts == (2 if ring else 1)
        assert pilot.client.refetches == 0
        assert pilot.session.outbox.held_bytes == 0


async def test_c05_an_event_that_changed_nothing_while_a_burst_was_lost_is_settled() -> None:
    count = signal(0)
    page = h.div[h.output[count], Buttons(nothing=lambda: None)]
    async with Pilot(page) as pilot:
        Tap(pilot).rule = lambda message: []
        count.set(1)
        await pilot.settle()
        await pilot.click(pilot.find("button"))
        assert len(pilot.client.unsettled) == 1
        pilot.drop()
        await pilot.settle()
        await pilot.reconnect()
        assert pilot.find("output").text == "1"
        assert pilot.client.unsettled == {}


async def test_c05_what_changed_while_nobody_was_there_is_one_diff_after_a_resume() -> None:
    count = signal(0)
    async with Pilot(h.output[count]) as pilot:
        session = pilot.session
        pilot.drop()
        await pilot.advance(30)  # by then it is noticed, whatever the transport
        for n in range(1, 9):
            count.set(n)
            await pilot.settle()
        assert session.view.dirty
        assert session.outbox.held_bytes == 0
        await pilot.reconnect()
        assert pilot.client.hello_ok.mode == protocol.MODE_RESUME
        assert len(pilot.patches) == 1
        assert pilot.html() == pilot.client.model.html(hids=False)
        assert pilot.find("output").text == "8"


async def test_c06_a_restarted_server_makes_a_session_in_place_with_a_higher_epoch() -> None:
    async with Pilot(Counter(start=3)) as pilot:
        await plus(pilot, 2)
        lost = pilot.session
        pilot.drop()
        await pilot.settle()
        pilot.registry.close(lost)
        await pilot.reconnect()
        assert pilot.session is not lost
        assert pilot.client.epoch == 2
        assert pilot.client.hello_ok.mode == protocol.MODE_SNAPSHOT
        assert pilot.client.hello_ok.last == 2
        assert pilot.find("output").text == "3"
        await plus(pilot)
        assert pilot.find("output").text == "4"
        in_place = pilot.session
        pilot.drop()
        await pilot.settle()
        await pilot.reconnect()
        assert pilot.session is in_place
        assert pilot.client.hello_ok.mode == protocol.MODE_RESUME


async def test_c07_a_diff_that_comes_twice_is_applied_once() -> None:
    async with Pilot(Counter()) as pilot:
        Tap(pilot).rule = lambda message: [message, message]
        await plus(pilot, 3)
        assert len(pilot.patches) == 3
        assert pilot.client.refetches == 0
        assert pilot.find("output").text == "3"


async def test_c08_a_lost_diff_is_noticed_at_the_next_one_and_repaired_once() -> None:
    async with Pilot(Counter()) as pilot:
        tap = Tap(pilot)
        tap.rule = lambda message: [] if type(message) is Diff and message.rev == 2 else [message]
        await plus(pilot, 2)
        assert pilot.find("output").text == "1"
        await plus(pilot)
        assert pilot.client.refetches == 1
        assert len(tap.of(Snapshot)) == 1
        assert pilot.find("output").text == "3"
        assert same(pilot)


async def test_c08_a_snapshot_that_was_lost_too_is_asked_for_again_after_five_seconds() -> None:
    async with Pilot(Counter()) as pilot:
        tap = Tap(pilot)
        tap.rule = lambda message: [] if type(message) in (Diff, Snapshot) else [message]
        await plus(pilot)
        tap.rule = lambda message: [] if type(message) is Snapshot else [message]
        await plus(pilot)
        tap.rule = lambda message: [message]
        await plus(pilot)
        await pilot.advance(4.9)
        assert pilot.find("output").text == "0"
        await pilot.advance(0.1)
        assert pilot.find("output").text == "3"
        assert pilot.client.refetches == 2
        await pilot.advance(60)
        assert pilot.client.refetches == 2


async def test_c09_a_diff_whose_count_is_wrong_is_repaired() -> None:
    async with Pilot(Counter()) as pilot:
        tap = Tap(pilot)

        def tamper(message):
            if type(message) is not Diff or message.rev != 1:
                return [message]
            return [Diff(message.epoch, 0, 1, message.ack, message.count + 1, message.payload)]

        tap.rule = tamper
        await plus(pilot)
        assert pilot.client.refetches == 1
        assert pilot.client.rev == 2
        assert same(pilot)


async def test_c10_the_refetch_of_an_element_replaces_that_element_only() -> None:
    async with Pilot(Counter(start=3)) as pilot:
        tap = Tap(pilot)
        hid = pilot.find("output").hid
        await pilot.send(pilot.client.refetch(hid))
        (diff,) = tap.of(Diff)
        ((patch,),) = pilot.patches
        assert patch.op == "insert"
        assert tap.of(Snapshot) == []
        assert pilot.find("output").hid == hid
        assert same(pilot)
        assert diff.count == pilot.session.count


async def test_c10_the_refetch_of_an_unknown_node_is_answered_by_a_snapshot() -> None:
    async with Pilot(Counter()) as pilot:
        tap = Tap(pilot)
        await pilot.send(pilot.client.refetch(999))
        assert len(tap.of(Snapshot)) == 1


async def test_c11_too_many_refetches_are_refused_and_the_connection_stays() -> None:
    async with Pilot(Counter()) as pilot:
        tap = Tap(pilot)
        for _ in range(20):
            await pilot.send(pilot.client.refetch(0))
            await pilot.advance(0.05)
        assert len(tap.of(Snapshot)) <= 7
        refused = [error for error in pilot.errors if error.kind == "RateLimited"]
        assert refused
        assert all(0 < error.retry_after_ms <= 500 for error in refused)
        await pilot.advance(2)
        await plus(pilot)
        assert pilot.find("output").text == "1"
        await pilot.send(pilot.client.refetch(0))
        assert same(pilot)


async def test_c11_a_refused_refetch_is_repeated_after_the_delay() -> None:
    async with Pilot(Counter()) as pilot:
        for _ in range(5):
            await pilot.send(pilot.client.refetch(0))
        Tap(pilot).rule = lambda message: [] if type(message) is Diff and message.base == 5 else [message]
        await plus(pilot, 2)
        assert [error.retry_after_ms for error in pilot.errors] == [500]
        assert pilot.find("output").text == "0"
        await pilot.advance(0.5)
        assert pilot.find("output").text == "2"


async def test_c15_an_event_whose_answer_was_lost_runs_once_and_gets_the_same_answer() -> None:
    runs = []

    def fail():
        runs.append(1)
        raise ValueError("on purpose")

    async with Pilot(Buttons(fail=fail)) as pilot:
        tap = Tap(pilot)
        tap.rule = lambda message: []
        await pilot.click(pilot.find("button"))
        (first,) = tap.of(Result)
        assert list(pilot.client.unsettled) == [1]
        pilot.drop()
        await pilot.settle()
        await pilot.reconnect()
        assert runs == [1]
        assert pilot.client.results[1] == first
        assert pilot.client.unsettled == {}


async def test_c15_an_event_sent_again_while_it_runs_is_answered_when_it_is_done() -> None:
    go = anyio.Event()
    runs = []

    async def slow():
        runs.append(1)
        await go.wait()

    async with Pilot(Buttons(slow=slow)) as pilot:
        await pilot.click(pilot.find("button"))
        pilot.drop()
        await pilot.settle()
        await pilot.reconnect()
        assert list(pilot.client.unsettled) == [1]
        assert pilot.client.results == {}
        go.set()
        await pilot.settle()
        assert pilot.client.results[1] == Result(1)
        assert runs == [1]


async def test_c16_an_event_that_comes_too_early_is_refused_until_the_gap_is_closed() -> None:
    ran = []
    page = Buttons(**{name: (lambda name=name: ran.append(name)) for name in "abcd"})
    async with Pilot(page) as pilot:
        hids = {button.text: button.hid for button in pilot.find_all("button")}
        frames = [pilot.client.event(hids[name], 0) for name in "abcd"]
        await pilot.send(frames[0], frames[1])
        tap = Tap(pilot)
        pilot.client.resend = lambda first=1: []
        await pilot.send(frames[3])
        (refused,) = tap.of(Result)
        assert (refused.cseq, refused.error, refused.data) == (4, "OutOfOrder", '{"expected":3}')
        await pilot.send(frames[3])
        assert tap.of(Result) == [refused]
        assert ran == ["a", "b"]
        await pilot.send(frames[2], frames[3])
        assert ran == ["a", "b", "c", "d"]


async def test_c17_a_handler_that_raises_gives_an_error_and_the_next_event_runs() -> None:
    count = signal(0)

    def fail():
        count.set(10)
        raise ValueError("a secret")

    page = h.div[h.output[count], Buttons(fail=fail, add=lambda: count.update(lambda n: n + 1))]
    async with Pilot(page) as pilot:
        await pilot.click(pilot.find("button", text="fail"))
        result = pilot.client.results[1]
        (report,) = pilot.reports
        assert result.error == "HandlerFailed"
        assert result.data == f'{{"reference": "{report.reference}"}}'
        assert "secret" not in result.data
        assert str(report.error) == "a secret"
        assert report.session == pilot.session.id
        await pilot.click(pilot.find("button", text="add"))
        assert pilot.find("output").text == "11"
        assert pilot.session.ledger.ack == 2


async def test_c17_with_debug_the_page_is_told_what_was_raised() -> None:
    def fail():
        raise ValueError("the reason")

    async with Pilot(Buttons(fail=fail), debug=True) as pilot:
        await pilot.click(pilot.find("button"))
        assert "ValueError: the reason" in pilot.client.results[1].data


async def test_c19_a_click_on_a_row_that_is_gone_hits_nothing() -> None:
    async with Pilot(Rows()) as pilot:
        hids = {button.text: button.hid for button in pilot.find_all("button")}
        await pilot.send(pilot.client.event(hids["b"], 0), pilot.client.event(hids["b"], 0))
        assert pilot.client.results[2].error == "HandlerNotFound"
        assert [button.text for button in pilot.find_all("button")] == ["a", "c"]
        assert pilot.find("output").text == "b"


@pytest.mark.parametrize(("hid", "kind"), [(4_000, 0), (1, 0), (2, 5), (0, 33), (2, 77)])
async def test_c19_a_node_that_does_not_listen_gives_handler_not_found(hid, kind) -> None:
    async with Pilot(Counter()) as pilot:
        await pilot.send(pilot.client.event(hid, kind))
        assert pilot.client.results[1].error == "HandlerNotFound"
        await plus(pilot)
        assert pilot.find("output").text == "1"


async def test_c19_an_event_of_another_epoch_hits_nothing() -> None:
    async with Pilot(Counter()) as pilot:
        button = pilot.find("button", text="+")
        pilot.client.epoch = 7
        frame = pilot.client.event(button.hid, 0)
        pilot.client.epoch = 1
        await pilot.send(frame)
        assert pilot.client.results[1].error == "HandlerNotFound"
        assert pilot.find("output").text == "0"


async def test_c21_an_event_that_is_too_big_ends_the_connection_not_the_session() -> None:
    async with Pilot(Counter()) as pilot:
        button = pilot.find("button", text="+")
        pilot.client.event(button.hid, 32, ["x" * 70_000])
        link = pilot.link
        await pilot.send(*pilot.client.resend())
        assert pilot.errors[-1].kind == "TooBig"
        assert isinstance(link.end, TransportClosed)
        assert link.end.code == 1009
        # The dead letter: the number is consumed, the bytes are not sent again.
        pilot.client.unsettled.clear()
        pilot.client.unsettled[1] = protocol.encode(
            Event(1, 1, 0, button.hid, 32, flags=protocol.FLAG_CANCEL)
        )
        await pilot.reconnect()
        assert pilot.client.results[1] == Result(1)
        await plus(pilot)
        assert pilot.find("output").text == "1"
        assert pilot.reports == []


async def test_c22_a_version_that_nobody_speaks_is_refused_with_those_that_are() -> None:
    async with Pilot(Counter(), connect=False) as pilot:
        (error,), end = await answers(pilot, hello(pilot, versions=[99]))
        assert (error.kind, error.supported) == ("VersionNotSupported", [1])
        assert end.code == 1008
        messages, end = await answers(pilot, hello(pilot, versions=[99, 1]))
        assert messages[0].version == 1
        assert end is None


async def test_c24_another_browser_is_refused_and_the_connection_that_is_there_stays() -> None:
    async with Pilot(Counter()) as pilot, Pilot(Counter(), beside=pilot, connect=False) as thief:
        thief.client = duplicate(pilot.client)
        (error,), end = await answers(pilot, thief.client.hello(), browser="the-browser-of-a-thief")
        assert error.kind == "Unauthorized"
        assert end.code == 3000
        await plus(pilot)
        assert pilot.find("output").text == "1"


async def test_c26_a_duplicated_tab_gets_a_session_of_its_own() -> None:
    async with Pilot(Counter()) as first, Pilot(Counter(), beside=first, connect=False) as second:
        await plus(first)
        second.client = duplicate(first.client)
        await second.reconnect()
        assert first.session is not second.session
        await plus(second, 5)
        for _ in range(6):
            await first.advance(10)
        await plus(first)
        await plus(second)
        assert first.find("output").text == "2"
        assert second.find("output").text == "6"
        first.drop()
        second.drop()
        await first.settle()
        await first.reconnect()
        await second.reconnect()
        assert first.find("output").text == "2"
        assert second.find("output").text == "6"


async def test_c28_a_client_that_does_not_read_costs_one_window_and_then_one_diff() -> None:
    text = signal("")
    async with Pilot(h.output[text]) as pilot:
        pilot.client.acks = False
        tap = Tap(pilot)
        for n in range(1_000):
            text.set(f"{n} " + "x" * 1_000)
            await pilot.settle()
        sent = sum(len(protocol.encode(message)) for message in tap.messages)
        assert sent <= 32 * 1024 + 1_100
        assert not pilot.session.outbox.is_pending
        tap.messages.clear()
        await pilot.send(pilot.client.acknowledge())
        assert len(tap.of(Diff)) == 1
        assert pilot.find("output").text.startswith("999 ")


async def test_c28_events_go_on_while_the_window_is_closed() -> None:
    text = signal("")
    seen = []

    def add():
        seen.append(1)
        text.set("y" * 20_000 + str(len(seen)))

    async with Pilot(h.div[h.output[text], Buttons(add=add)], connect=False) as pilot:
        pilot.client.acks = False
        pilot.client.capabilities = ("remove_attr", "move")  # 20,000 letters y deflate to a few bytes
        await pilot.reconnect()
        button = pilot.find("button").hid
        rev = pilot.client.rev
        for _ in range(8):
            event = Event(1, len(seen) + 1, rev, button, 0)
            await pilot.send(protocol.encode(event))
        assert len(seen) == 8
        assert pilot.session.rev == 2
        await pilot.send(pilot.client.acknowledge())
        assert pilot.session.rev == 3
        assert pilot.find("output").text.endswith("8")


@pytest.mark.networks(*SOCKETS)
async def test_c30_a_silent_client_is_asked_once_and_given_up_five_seconds_later() -> None:
    async with Pilot(Counter()) as pilot:
        session, link = pilot.session, pilot.link
        tap = Tap(pilot)
        tap.rule = lambda message: []
        await pilot.advance(24.9)
        assert tap.of(protocol.Ping) == []
        await pilot.advance(0.1)
        assert len(tap.of(protocol.Ping)) == 1
        await pilot.advance(4.9)
        assert session.attachment is not None
        await pilot.advance(0.1)
        assert session.attachment is None
        assert link.end is not None


@pytest.mark.networks(*SOCKETS)
async def test_c30_connections_that_come_and_go_are_no_news(caplog) -> None:
    caplog.set_level("INFO")
    async with Pilot(Counter()) as pilot:
        pilot.link.on_receive = lambda data: []
        await pilot.advance(31)
        await pilot.reconnect()
        pilot.drop()
        silent = pilot.connect_raw()
        await pilot.advance(6)
        # It may be the network that is slow: whoever it is may try again.
        assert (silent.end.code, silent.end.reason) == (1013, "ServerBusy")
        await pilot.reconnect()
        await plus(pilot)
        assert pilot.find("output").text == "1"
    assert caplog.records == []


async def test_c30_a_client_that_answers_stays() -> None:
    async with Pilot(Counter()) as pilot:
        tap = Tap(pilot)
        await pilot.advance(300)
        assert 9 <= len(tap.of(protocol.Ping)) <= 12
        assert pilot.session.attachment is not None
        await plus(pilot)
        assert pilot.find("output").text == "1"


async def test_c30_what_the_server_slept_itself_is_not_held_against_the_client() -> None:
    async with Pilot(Counter()) as pilot:
        pilot.clock.elapse(120)
        await pilot.advance(0)
        assert pilot.session.attachment is not None
        await pilot.advance(100)
        assert pilot.session.attachment is not None


async def test_a_ping_is_answered_by_any_frame() -> None:
    async with Pilot(Counter()) as pilot:
        heard = []
        pilot.link.on_receive = lambda data: heard.append(data) or [data]
        await pilot.send(protocol.encode(protocol.Ping()))
        assert heard == [protocol.LIVENESS]


async def test_who_was_asked_to_leave_is_closed_with_1000_and_can_come_back() -> None:
    async with Pilot(Counter()) as pilot:
        await plus(pilot)
        session, link = pilot.session, pilot.link
        await pilot.send(protocol.encode(protocol.Bye("drained")))
        assert link.end.code == 1000
        assert session.attachment is None
        await pilot.reconnect()
        assert pilot.session is session
        assert pilot.client.hello_ok.mode == protocol.MODE_RESUME


async def test_a_new_connection_replaces_the_old_one_in_one_step() -> None:
    async with Pilot(Counter()) as pilot:
        await plus(pilot)
        old = pilot.link
        frame = pilot.client.event(pilot.find("button", text="+").hid, 0)
        await pilot.reconnect()
        assert old.end.code == 1000
        assert pilot.session.attachment is not None
        assert pilot.client.hello_ok.mode == protocol.MODE_RESUME
        assert pilot.find("output").text == "2"
        assert frame
        await plus(pilot)
        assert pilot.find("output").text == "3"


@pytest.mark.parametrize("capabilities", [(), ("move",), ("remove_attr", "deflate")])
async def test_a_client_that_lacks_an_op_gets_lowered_diffs(capabilities) -> None:
    async with Pilot(Rows(), connect=False) as pilot:
        pilot.client.capabilities = capabilities
        await pilot.reconnect()
        assert pilot.client.hello_ok.capabilities == [name for name in capabilities if name == "deflate"]
        tap = Tap(pilot)
        await pilot.click(pilot.find("button", text="b"))
        assert [type(message) for message in tap.messages] == [Diff]
        assert {patch.op for burst in pilot.patches for patch in burst} <= {
            "set_text",
            "set_attr",
            "remove",
            "insert",
            "set_events",
        }
        assert same(pilot)


async def test_lowered_diffs_end_in_the_same_page() -> None:
    order, mark = signal("abcdef"), signal(True)
    rows = lambda: [h.li(key=name)[name] for name in order()]  # noqa: E731
    page = h.ul(title=lambda: "marked" if mark() else None)[rows]
    async with Pilot(page, connect=False) as pilot:
        pilot.client.capabilities = ()
        await pilot.reconnect()
        for text in ("fabcde", "bdf", "fdbxyz", ""):
            order.set(text)
            mark.set(len(text) % 2 == 0)
            await pilot.settle()
            assert same(pilot)
        assert pilot.client.bursts == 4
        assert pilot.client.refetches == 0


async def test_a_client_that_knows_other_ops_than_before_gets_a_snapshot() -> None:
    count = signal(0)
    async with Pilot(h.output[count]) as pilot:
        count.set(1)
        await pilot.settle()
        pilot.client.capabilities = ("deflate",)
        await pilot.reconnect()
        assert pilot.client.hello_ok.mode == protocol.MODE_SNAPSHOT
        count.set(2)
        await pilot.settle()
        assert pilot.find("output").text == "2"


async def test_a_refetch_or_an_ack_of_another_epoch_is_dropped() -> None:
    async with Pilot(Counter()) as pilot:
        tap = Tap(pilot)
        await pilot.send(protocol.encode(Refetch(9, 0, "old")), protocol.encode(protocol.Ack(9, 99, 99)))
        assert tap.messages == []
        assert pilot.session.attachment is not None


async def test_errors_of_the_connection_come_before_its_close() -> None:
    async with Pilot(Counter()) as pilot:
        await pilot.send(b"\x02\x66\x00")
        assert [type(error) for error in pilot.errors] == [Error]
        assert pilot.errors[0].kind == "UnknownKind"
