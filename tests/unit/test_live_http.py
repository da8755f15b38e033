"""The live address by HTTP, in process: the stream of a socket in bodies and answers, and what is refused."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from asgi_driver import Answer, request
from live_page import Visit, make_app, messages

from vango import App, protocol
from vango.application.http import MEDIA_TYPE
from vango.clock import VirtualClock
from vango.limits import Limits
from vango.protocol import Bye, Diff, Error, HelloOk, Ping, Refetch, Snapshot

pytestmark = pytest.mark.anyio


class Browser:
    """Posts by hand, and notes the answers in their order."""

    def __init__(self, app: App, visit: Visit, tasks: anyio.abc.TaskGroup, clock: VirtualClock) -> None:
        self.app = app
        self.visit = visit
        self.clock = clock
        self.name = ""
        self.answers: list[tuple[int, Answer]] = []
        self._tasks = tasks

    def headers(self, n: int, **changes: str) -> dict[str, str]:
        """The headers of request `n`, some of them changed and those set to "" left out."""
        numbered = {"Vango-Request": f"{self.name} {n}"} if n else {}
        headers = {**self.visit.headers, "Content-Type": MEDIA_TYPE, **numbered, **changes}
        return {name: value for name, value in headers.items() if value}

    async def post(self, n: int, *body: bytes | None, **changes: str) -> None:
        """Send request `n`, and settle."""
        self._tasks.start_soon(self._post, n, body or (b"",), self.headers(n, **changes))
        await self.clock.settle()

    async def _post(self, n: int, body: tuple[bytes | None, ...], headers: dict[str, str]) -> None:
        self.answers.append((n, await request(self.app, self.visit.url, "POST", body, headers=headers)))

    async def greet(self) -> HelloOk:
        """Say HELLO and keep the name of the connection."""
        await self.post(0, self.visit.client.hello())
        hello_ok = messages(self.last(0).body)[0]
        assert isinstance(hello_ok, HelloOk)
        self.name = hello_ok.attachment
        return hello_ok

    def click(self) -> bytes:
        """The frame of the next click on the button."""
        return self.visit.client.event(2, 0)

    def last(self, n: int) -> Answer:
        """The newest answer of request `n`."""
        return [answer for number, answer in self.answers if number == n][-1]

    def error(self, n: int) -> tuple[str, str, int]:
        """Kind, close code and status with which request `n` was answered."""
        answer = self.last(n)
        error = messages(answer.body)[-1]
        assert isinstance(error, Error)
        assert answer["content-type"] == MEDIA_TYPE
        return error.kind, answer["vango-close"], answer.status


@asynccontextmanager
async def browser(**settings: Any) -> AsyncIterator[Browser]:
    clock = VirtualClock()
    app = make_app(clock=clock, **settings)
    async with app.lifespan(), anyio.create_task_group() as tasks:
        yield Browser(app, await Visit.to(app), tasks, clock)
        tasks.cancel_scope.cancel()


def session_of(page: Browser):
    session = page.app.registry.get(page.visit.live["session"])
    assert session is not None
    return session


async def test_a_page_attaches_and_its_clicks_are_answered() -> None:
    async with browser() as page:
        hello_ok = await page.greet()
        assert hello_ok.session == page.visit.live["session"]
        assert hello_ok.mode == protocol.MODE_RESUME
        await page.post(1)
        assert len(page.answers) == 1
        await page.post(2, page.click())
        (diff,) = messages(page.last(2).body)
        assert isinstance(diff, Diff)
        assert (diff.base, diff.rev, diff.ack) == (0, 1, 1)
        assert page.answers[1][1].body == b""
        assert session_of(page).attachment is not None


async def test_answers_are_not_cached_buffered_or_changed_on_their_way() -> None:
    async with browser() as page:
        await page.greet()
        answer = page.last(0)
        assert answer.status == 200
        assert answer["cache-control"] == "no-store, no-transform"
        assert answer["x-accel-buffering"] == "no"
        assert answer["content-type"] == "application/vnd.vango"
        assert answer["content-length"] == str(len(answer.body))
        assert answer.all("vango-close") == answer.all("retry-after") == []


async def test_the_newest_request_is_held_for_a_heartbeat() -> None:
    async with browser() as page:
        await page.greet()
        await page.post(1)
        await page.clock.advance(24.9)
        assert len(page.answers) == 1
        await page.clock.advance(0.1)
        assert messages(page.last(1).body) == [Ping()]
        await page.post(2)
        await page.clock.advance(20)
        assert session_of(page).attachment is not None


@pytest.mark.parametrize("held", [True, False])
async def test_a_client_that_went_away_is_noticed_after_a_heartbeat_and_the_silence(held) -> None:
    async with browser() as page:
        await page.greet()
        if held:
            await page.post(1)
        await page.clock.advance(29.9)
        assert session_of(page).attachment is not None
        await page.clock.advance(0.1)
        assert session_of(page).attachment is None
        await page.clock.advance(5)
        assert page.app._requests._connections == {}


async def test_a_repeated_request_gets_the_same_bytes_and_runs_nothing_twice() -> None:
    async with browser() as page:
        await page.greet()
        click = page.click()
        await page.post(1, click)
        await page.post(1, click)
        assert page.answers[1][1].body == page.answers[2][1].body != b""
        assert session_of(page).ledger.accepted == 1


async def test_a_request_that_a_proxy_repeats_long_after_it_was_answered_ends_nothing() -> None:
    async with browser() as page:
        await page.greet()
        click = page.click()
        for n in range(1, 5):
            await page.post(n, click if n == 1 else page.click())
        await page.post(1, click)
        assert [answer.status for n, answer in page.answers if n == 1] == [200, 409]
        await page.post(5, page.click())
        assert page.last(5).status == 200
        assert session_of(page).ledger.accepted == 5


async def test_a_request_sent_again_while_it_is_held_takes_over() -> None:
    async with browser() as page:
        await page.greet()
        await page.post(1)
        await page.post(1)
        assert [answer.status for n, answer in page.answers if n == 1] == [409]
        await page.post(2, page.click())
        assert [n for n, _ in page.answers] == [0, 1, 1, 2]
        assert page.last(2).status == 200


@pytest.mark.parametrize("n", [3, 9])
async def test_a_number_out_of_order_ends_the_attachment(n) -> None:
    async with browser() as page:
        await page.greet()
        await page.post(1)
        await page.post(n, page.click())
        assert page.error(n) == ("InvalidFrame", "1002", 400)
        assert page.answers[1][1].status == 400
        assert session_of(page).attachment is None
        assert session_of(page).ledger.accepted == 0


@pytest.mark.parametrize("name", ["", "x", "unknown 1", "a 0", "a -1", "a 1 2", "a 01", "a " + "9" * 400])
async def test_a_request_of_no_attachment_is_told_to_say_hello(name) -> None:
    async with browser() as page:
        await page.greet()
        await page.post(1, **{"Vango-Request": name or " "})
        assert page.error(1) == ("Rehome", "1012", 503)
        assert session_of(page).attachment is not None


async def test_bye_is_answered_with_the_end() -> None:
    async with browser() as page:
        await page.greet()
        await page.post(1)
        await page.post(2, protocol.encode(Bye("pagehide")))
        answer = page.last(2)
        assert (answer.status, answer["vango-close"], answer.body) == (200, "1000", b"")
        assert list(page.app.registry.sessions) == []  # nobody comes back to it
        await page.post(3)
        assert page.error(3) == ("Rehome", "1012", 503)


async def test_a_take_over_ends_the_older_connection_and_carries_on() -> None:
    async with browser() as page:
        await page.greet()
        await page.post(1, page.click())
        await page.post(2)
        visit = page.visit.client
        visit.rev = 1
        await page.greet()
        ((n, old),) = [(n, answer) for n, answer in page.answers if answer.all("vango-close")]
        assert (n, old["vango-close"], old.status) == (2, "1000", 200)
        await page.post(1, page.click())
        (diff,) = messages(page.last(1).body)
        assert (diff.base, diff.rev, diff.ack) == (1, 2, 2)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"Origin": "http://evil.example"}, ("Unauthorized", "3000", 401)),
        ({"Origin": "null"}, ("Unauthorized", "3000", 401)),
        ({"Cookie": ""}, ("Unauthorized", "3000", 401)),
        ({"Cookie": "vango_session=truncated"}, ("Unauthorized", "3000", 401)),
        ({"Cookie": "vango_session=" + "a" * 22}, ("Unauthorized", "3000", 401)),
    ],
)
@pytest.mark.parametrize("n", [0, 1])
async def test_cookie_and_origin_are_checked_each_time(n, changes, error) -> None:
    async with browser() as page:
        await page.greet()
        click = page.click()
        await page.post(n, click if n else page.visit.client.hello(), **changes)
        assert page.error(n) == error
        assert session_of(page).ledger.accepted == 0
        await page.post(1, click)
        assert isinstance(messages(page.last(1).body)[0], Diff)


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json", "application/vnd.vangox"])
async def test_another_content_type_is_refused(content_type) -> None:
    async with browser() as page:
        await page.greet()
        await page.post(1, page.click(), **{"Content-Type": content_type})
        assert page.last(1).status == 415
        assert page.last(1)["accept-post"] == MEDIA_TYPE
        assert session_of(page).ledger.accepted == 0
        await page.post(1, page.click(), **{"Content-Type": "Application/VND.vango; charset=binary"})
        assert page.last(1).status == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
async def test_another_method_is_refused(method) -> None:
    async with browser() as page:
        answer = await request(page.app, page.visit.url, method, headers=page.headers(0))
        assert (answer.status, answer["allow"]) == (405, "POST")


BAD_BODIES = {
    "Content-Length above the limit": ([b""], {"Content-Length": "65537"}, "TooBig", "1009", 413),
    "endless Content-Length": ([b""], {"Content-Length": "9" * 5_000}, "TooBig", "1009", 413),
    "a body above the limit": ([b"\0"] * 1_000 + [bytes(64_537)], {}, "TooBig", "1009", 413),
    "less than its Content-Length": ([b"\0"], {"Content-Length": "2"}, "InvalidFrame", "1002", 400),
    "more than its Content-Length": ([b"\0\0"], {"Content-Length": "1"}, "InvalidFrame", "1002", 400),
    "no number": ([b"\0"], {"Content-Length": "+1"}, "InvalidFrame", "1002", 400),
    "deflated": ([b"\0"], {"Content-Encoding": "deflate"}, "InvalidFrame", "1002", 400),
    "gzip": ([b"\0"], {"Content-Encoding": "gzip"}, "InvalidFrame", "1002", 400),
    "truncated": ([b"\x05\x4e"], {}, "InvalidFrame", "1002", 400),
    "unknown kind": ([b"\x02\x66\x00"], {}, "UnknownKind", "1002", 400),
    "second HELLO": ([None], {}, "InvalidFrame", "1002", 400),
}


@pytest.mark.parametrize("case", BAD_BODIES)
@pytest.mark.parametrize("n", [0, 1])
async def test_a_bad_body_ends_its_attachment_with_kind_code_and_status(n, case) -> None:
    chunks, changes, kind, code, status = BAD_BODIES[case]
    async with browser() as page, browser() as other:
        if n:
            await page.greet()
            chunks = [page.visit.client.hello()] if chunks == [None] else chunks
        elif chunks == [None]:
            chunks = [page.visit.client.hello() * 2]
        await page.post(n, *chunks, **changes)
        assert page.error(n) == (kind, code, status)
        assert session_of(page).attachment is None
        await page.greet()
        await page.post(1, page.click())
        assert isinstance(messages(page.last(1).body)[0], Diff)
        await other.greet()


@pytest.mark.parametrize(("n", "seconds"), [(0, 5), (1, 10)])
async def test_a_slow_body_is_waited_for_until_a_deadline(n, seconds) -> None:
    async with browser() as page:
        if n:
            await page.greet()
        before = len(page.answers)
        await page.post(n, b"\0", b"", b"")
        await page.clock.advance(seconds - 0.1)
        assert len(page.answers) == before
        await page.clock.advance(0.1)
        # What is slow is the network, so the client is told to try again.
        assert page.error(n) == ("ServerBusy", "1013", 503)


async def test_a_body_may_come_byte_by_byte() -> None:
    async with browser() as page:
        hello = page.visit.client.hello()
        await page.post(0, *(hello[i : i + 1] for i in range(len(hello))))
        page.name = messages(page.last(0).body)[0].attachment
        click = page.click()
        await page.post(1, *(click[i : i + 1] for i in range(len(click))))
        assert isinstance(messages(page.last(1).body)[0], Diff)


@pytest.mark.parametrize("n", [0, 1])
async def test_a_body_that_is_cut_off_is_not_taken_and_may_come_again(n) -> None:
    async with browser() as page:
        if n:
            await page.greet()
        frames = page.click() if n else page.visit.client.hello()
        await page.post(n, frames[:5], None)
        assert session_of(page).ledger.accepted == 0
        await page.post(n, frames)
        assert type(messages(page.last(n).body)[0]) is (Diff if n else HelloOk)


async def test_a_hello_has_a_limit_of_its_own() -> None:
    async with browser() as page:
        await page.post(0, bytes(16_385))
        assert page.error(0) == ("TooBig", "1009", 413)


async def test_connections_that_say_nothing_are_bounded_for_each_address() -> None:
    async with browser(limits=Limits(handshakes_per_address=1)) as page:
        await page.post(0, b"\0", b"", b"")
        await page.post(0, page.visit.client.hello())
        assert page.error(0) == ("ServerBusy", "1013", 503)
        assert page.last(0)["retry-after"] == "1"
        await page.clock.advance(5)
        await page.greet()
        await page.greet()


async def test_a_hello_that_is_refused_for_a_while_says_when_to_come_back() -> None:
    async with browser() as page:
        page.visit.client.epoch = 0
        for _ in range(6):
            await page.post(0, page.visit.client.hello())
        assert page.error(0) == ("RateLimited", "1013", 429)
        assert page.last(0)["retry-after"] == "1"


async def test_a_session_that_ends_tells_the_request_that_is_held_and_the_next_one() -> None:
    for held in (True, False):
        async with browser() as page:
            await page.greet()
            if held:
                await page.post(1)
            page.app.registry.close(session_of(page), "SessionExpired")
            await page.clock.settle()
            if not held:
                await page.post(1)
            assert page.error(1) == ("SessionExpired", "3410", 410)


async def test_a_server_that_stops_answers_what_is_held() -> None:
    async with browser() as page:
        await page.greet()
        await page.post(1)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(page.app.drain)
            await page.clock.settle()
            assert messages(page.last(1).body)[0].reason == "Draining"
            await page.post(2, protocol.encode(Bye("Draining")))
            assert page.last(2)["vango-close"] == "1000"
            await page.clock.advance(1)
        await page.post(0, page.visit.client.hello())
        assert page.error(0) == ("Draining", "1012", 503)


async def test_a_server_that_is_gone_answers_what_is_held() -> None:
    clock = VirtualClock()
    app = make_app(clock=clock)
    async with anyio.create_task_group() as tasks:
        async with app.lifespan():
            page = Browser(app, await Visit.to(app), tasks, clock)
            await page.greet()
            await page.post(1)
        await clock.settle()
        assert page.last(1).status == 503


async def test_101_connections_of_one_session_leave_the_newest() -> None:
    async with browser() as page:
        for _ in range(101):
            await page.greet()
            await page.post(1)
        ended = [answer["vango-close"] for n, answer in page.answers if n == 1]
        assert ended == ["1000"] * 100
        await page.post(2, page.click())
        assert isinstance(messages(page.last(2).body)[0], Diff)
        assert len(page.app.registry.sessions) == 1
        assert len(page.app._requests._connections) == 1


async def test_a_thousand_refetches_are_answered_by_a_few_snapshots() -> None:
    async with browser() as page:
        await page.greet()
        for n in range(1, 11):
            await page.post(n, protocol.encode(Refetch(1, 0, "")) * 100)
        sent = [message for n, answer in page.answers if n for message in messages(answer.body)]
        assert len([message for message in sent if isinstance(message, Snapshot)]) == 1
        assert [message.kind for message in sent if isinstance(message, Error)] == ["RateLimited"]
        await page.post(11, page.click())
        assert isinstance(messages(page.last(11).body)[0], Diff)


async def test_what_waits_for_a_client_that_never_reads_is_one_message() -> None:
    async with browser() as page:
        await page.greet()
        await page.post(1)
        for n in range(2, 60):
            await page.post(n, page.click())
        held = session_of(page)
        assert held.ledger.accepted == 58
        assert held.attachment._outlet._queued_bytes == 0
        assert len(page.app._requests._connections[page.name].transport._requests) <= 2


async def test_a_mounted_page_attaches_where_it_is_mounted() -> None:
    clock = VirtualClock()
    app = make_app(clock=clock)
    async with app.lifespan(), anyio.create_task_group() as tasks:
        visit = await Visit.to(app, root_path="/shop")
        visit.client.path = "/shop/"
        below = visit.url.removeprefix("/shop")
        headers = Browser(app, visit, tasks, clock).headers(0)
        answer = await request(app, below, "POST", [visit.client.hello()], headers=headers, root_path="/shop")
        assert messages(answer.body)[0].session == visit.live["session"]


async def test_a_body_of_several_frames_may_be_cut_anywhere() -> None:
    async with browser() as page:
        await page.greet()
        for n, cut in enumerate(range(1, 30), 1):
            body = page.click() + protocol.LIVENESS + page.click() + protocol.encode(Ping())
            await page.post(n, body[: cut % len(body) or 1], body[cut % len(body) or 1 :])
            assert session_of(page).ledger.accepted == 2 * n
