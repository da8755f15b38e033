"""The blueprint profile (PROTOCOL section 4), in process: bare bursts in one direction, text in both."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest
from asgi_driver import Socket, refusal, websocket
from live_page import Visit

from vango import App, _core, core, html as h, signal
from vango.clock import VirtualClock
from vango.limits import Limits

pytestmark = pytest.mark.anyio


class Page:
    """A page, its session, and a client of the blueprint profile that holds its document."""

    def __init__(self, app: App, visit: Visit, clock: VirtualClock, rows: signal) -> None:
        self.app = app
        self.visit = visit
        self.clock = clock
        self.rows = rows
        self.frames = 0
        self.said: list[str] = []
        self.closed: tuple[int, str] | None = None
        self.model = core.Model.from_snapshot(self.session.view.tree.snapshot(lower=True))

    @property
    def session(self):
        session = self.app.registry.get(self.visit.live["session"])
        assert session is not None
        return session

    @asynccontextmanager
    async def socket(self, **changes) -> AsyncIterator[Socket]:
        headers = changes.pop("headers", self.visit.headers)
        async with websocket(self.app, self.visit.url, headers=headers, subprotocols=[], **changes) as socket:
            assert await socket.event() == {"type": "websocket.accept", "subprotocol": None, "headers": []}
            yield socket

    async def settle(self, socket: Socket) -> None:
        """Take all that the server has sent."""
        await self.clock.settle()
        while socket._from_app.statistics().current_buffer_used:
            event = await socket.event()
            if event["type"] == "websocket.close":
                self.closed = event["code"], event["reason"]
            elif event.get("text") is not None:
                self.said.append(event["text"])
            else:
                self.take(event["bytes"])
            await self.clock.settle()

    def take(self, data: bytes) -> None:
        """Apply one burst: its length, then ops 01 to 05."""
        length, shift, at = 0, 0, 0
        while True:
            length |= (data[at] & 0x7F) << shift
            shift, at = shift + 7, at + 1
            if data[at - 1] < 0x80:
                break
        ops = data[at:]
        assert 0 < length == len(ops)
        assert {patch.op for patch in core.decode(ops)}.isdisjoint({"move", "remove_attr"})
        assert _core.decode_effects(ops) == []
        self.model.apply(ops)
        self.frames += 1

    def is_right(self) -> bool:
        shown = core.Model.from_snapshot(self.session.view.tree.snapshot(lower=True))
        return self.model.html() == shown.html()


@asynccontextmanager
async def page(blueprint="serve", **limits) -> AsyncIterator[Page]:
    clock = VirtualClock()
    rows = signal(("a", "b", "c"))
    app = App(clock=clock, blueprint=blueprint, limits=Limits(**limits))

    def home():
        return h.div[
            h.output(title=lambda: rows()[0] if len(rows()) > 3 else None)[lambda: " ".join(rows())],
            h.ul[lambda: [h.li(key=row)[row] for row in rows()]],
        ]

    app.page("/")(home)
    async with app.lifespan():
        yield Page(app, await Visit.to(app), clock, rows)


async def change(page: Page, socket: Socket, *rows: str) -> None:
    page.rows.set(rows)
    await page.settle(socket)


async def test_c23_a_silent_client_gets_bursts_of_ops_01_to_05() -> None:
    async with page() as it, it.socket() as socket:
        await it.settle(socket)
        assert (it.frames, it.said) == (0, [])
        for rows in (("c", "a", "b"), ("d", "c", "a", "b"), ("b",), ("x", "b", "y", "z")):
            await change(it, socket, *rows)
            assert it.is_right()
        assert it.frames == 4
        assert it.said == []


@pytest.mark.parametrize("whole", [False, True])
async def test_c23_what_does_more_than_change_the_document_is_left_out(whole) -> None:
    async with page() as it, it.socket() as socket:
        await it.settle(socket)
        outbox = it.session.outbox
        outbox.nav(1, "/é" + "x" * 200)
        outbox.emit("told", '{"a": 1}')
        outbox.focus(2)
        outbox.scroll(0, -70, 100_000)
        if whole:
            await socket.send("REFETCH 0")
        await change(it, socket, "b", "a")
        assert it.is_right()
        assert it.frames == 1 + whole
        assert it.said == (["FULL-RESYNC"] if whole else [])
        outbox.nav(0, "/alone")
        it.session.wake()
        await it.settle(socket)
        assert it.frames == 1 + whole
        await change(it, socket, "a", "c")
        assert it.is_right()


async def test_a_client_that_comes_back_gets_what_it_lacks() -> None:
    async with page() as it:
        async with it.socket() as socket:
            await socket.send("HELLO resumable=true lastSeq=0")
            await change(it, socket, "a", "b")
            await change(it, socket, "a")
            await socket.leave()
            await it.clock.settle()
        it.rows.set(("z", "a"))
        async with it.socket() as socket:
            await socket.send(f"HELLO resumable=true lastSeq={it.frames}")
            await it.settle(socket)
            assert it.is_right()
            assert (it.frames, it.said) == (3, [])
            await change(it, socket, "q")
            assert it.is_right()


@pytest.mark.parametrize(
    "hello", ["HELLO resumable=true lastSeq=99", "HELLO resumable=false lastSeq=2", None]
)
async def test_a_client_whose_count_means_nothing_gets_everything(hello) -> None:
    async with page() as it:
        async with it.socket() as socket:
            await change(it, socket, "a", "b")
            await change(it, socket, "a")
            await socket.leave()
            await it.clock.settle()
        async with it.socket() as socket:
            await (socket.send(hello) if hello else it.clock.advance(5))
            await it.settle(socket)
            assert it.said == ["FULL-RESYNC"]
            assert it.is_right()
            await change(it, socket, "q")
            assert it.is_right()


async def test_a_frame_that_was_lost_is_sent_again() -> None:
    async with page() as it:
        async with it.socket() as socket:
            await change(it, socket, "a", "b")
            kept = it.model.html()
            it.rows.set(("a",))
            await it.clock.settle()
            await socket.event()
            await socket.leave()
            await it.clock.settle()
        assert it.model.html() == kept
        async with it.socket() as socket:
            await socket.send("HELLO resumable=true lastSeq=1")
            await it.settle(socket)
            assert it.is_right()


async def test_refetch_is_answered_by_the_element_or_by_everything() -> None:
    async with page() as it, it.socket() as socket:
        await socket.send("REFETCH 2")
        await it.settle(socket)
        assert (it.frames, it.said) == (1, [])
        assert it.is_right()
        await socket.send("REFETCH 0")
        await it.settle(socket)
        assert (it.frames, it.said) == (2, ["FULL-RESYNC"])
        assert it.is_right()


async def test_a_thousand_refetches_are_slowed_down() -> None:
    async with page() as it, it.socket() as socket:
        for _ in range(1_000):
            await socket.send("REFETCH 0")
            await it.settle(socket)
        assert it.said.count("FULL-RESYNC") == 5
        assert [said for said in it.said if said != "FULL-RESYNC"] == [
            "ERROR RateLimited retry_after_ms=500 message=Too%20many%20REFETCH."
        ]
        assert it.closed is None


@pytest.mark.parametrize(
    "data", ["", "hello", "REFETCH -1", "REFETCH 99999999999", "HELLO", b"\0", b"\x02\x4e\x00"]
)
async def test_what_is_neither_hello_nor_refetch_ends_the_connection(data) -> None:
    async with page() as it, it.socket() as socket:
        await socket.send(data)
        await it.settle(socket)
        assert it.said[0].startswith("ERROR InvalidFrame message=")
        assert it.closed == (1002, "InvalidFrame")
        assert it.session.attachment is None


async def test_it_never_replaces_a_live_connection() -> None:
    async with page() as it, it.socket() as socket:
        await it.settle(socket)
        live = it.session.attachment
        async with it.socket() as second:
            await second.send("HELLO resumable=true lastSeq=0")
            await it.settle(second)
            assert it.said[0].startswith("ERROR ServerBusy retry_after_ms=1000")
            assert it.closed == (1013, "ServerBusy")
        assert it.session.attachment is live
        await change(it, socket, "a")
        assert it.is_right()


async def test_a_session_of_another_browser_opens_nothing() -> None:
    async with page() as it:
        other = await Visit.to(it.app)
        async with it.socket(headers=other.headers) as socket:
            await it.settle(socket)
            assert it.said[0].startswith("ERROR Unauthorized")
            assert it.closed == (3000, "Unauthorized")
        assert it.session.attachment is None


async def test_a_session_that_is_gone_is_told() -> None:
    async with page() as it:
        it.app.registry.close(it.session)
        async with it.socket() as socket:
            await it.settle(socket)
            assert it.said[0].startswith("ERROR SessionNotFound")
            assert it.closed == (3410, "SessionNotFound")


@pytest.mark.parametrize("changes", [{"Cookie": ""}, {"Origin": "http://evil.example"}])
async def test_cookie_and_origin_are_checked_before_anything_is_accepted(changes) -> None:
    async with page() as it:
        headers = {**it.visit.headers, **changes}
        assert (await refusal(it.app, it.visit.url, headers, subprotocols=[]))[0] == 403


async def test_c23_a_server_that_refuses_the_profile_says_so() -> None:
    async with page(blueprint="refuse") as it, it.socket() as socket:
        await it.settle(socket)
        assert it.said[0].startswith("ERROR VersionNotSupported supported=1")
        assert it.closed == (1008, "VersionNotSupported")


def test_another_choice_is_no_choice() -> None:
    with pytest.raises(ValueError, match="write 'serve' or 'refuse'"):
        App(blueprint="maybe")


async def test_a_server_that_stops_lets_it_go() -> None:
    async with page() as it, it.socket() as socket:
        await it.settle(socket)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(it.app.drain)
            await it.settle(socket)
            await it.clock.advance(1)
        assert it.said == ["ERROR Draining retry_after_ms=250 max_ms=2000"]
        assert it.closed == (1000, "")


async def test_a_client_that_only_listens_is_not_taken_for_dead() -> None:
    async with page() as it, it.socket() as socket:
        await it.clock.advance(300)
        await change(it, socket, "a")
        assert it.is_right()
