"""S001-53: whether the user of a connected page is still who they were, on virtual time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from ways import Browser, Tab

from vango import App, Principal, Request, current_session, current_user, html as h, signal
from vango.clock import VirtualClock
from vango.errors import ErrorReport
from vango.limits import Limits
from vango.sessions.session import Session

pytestmark = pytest.mark.anyio


class Accounts:
    """Who there is; it may be slow, or away."""

    def __init__(self) -> None:
        self.user: Principal | None = Principal(id="1", name="Ada")
        self.error: BaseException | None = None
        self.go: anyio.Event | None = None
        self.asked = 0
        self.reports: list[ErrorReport] = []

    async def who(self, request: Request) -> Principal | None:
        self.asked += 1
        if self.go is not None:
            await self.go.wait()
        if self.error is not None:
            raise self.error
        return self.user

    @asynccontextmanager
    async def connected(self, **settings: Any) -> AsyncIterator[tuple[Tab, VirtualClock, Session]]:
        clock = VirtualClock()
        app = App(clock=clock, on_error=self.reports.append, limits=Limits(heartbeat_ms=3_600_000))
        app.auth(self.who, **{"check_every_s": 10, **settings})

        @app.page("/")
        def home() -> object:
            answer = signal("")

            async def ask() -> None:
                answer.set(str(await current_session().revalidate()))

            user = current_user()
            return h.button(on_click=ask)[user.name if user else "nobody", answer]

        async with app.lifespan():
            tab = await Browser(app, clock).load("/")
            async with tab.connected():
                assert tab.welcomed
                assert tab.session is not None
                yield tab, clock, tab.session


async def wait(clock: VirtualClock, seconds: float) -> None:
    for _ in range(int(seconds)):
        await clock.advance(1)
        await clock.settle()


async def test_s001_53_a_connected_page_asks_now_and_then_and_ends_with_its_user() -> None:
    accounts = Accounts()
    async with accounts.connected() as (tab, clock, session):
        await wait(clock, 20)
        assert accounts.asked == 4  # for the page, for its socket, and twice since
        accounts.user = Principal(id="1", name="Ada", roles={"admin"})  # type: ignore[arg-type]
        await wait(clock, 9)
        assert session.request.user == Principal(id="1", name="Ada")
        await wait(clock, 1)
        assert session.request.user == accounts.user
        accounts.user = None
        await wait(clock, 10)
        (error,) = tab.errors
        assert (error.kind, error.scope, tab.code) == ("AuthExpired", 1, 3000)
        assert error.parameters == [("action", "reload")]
        assert session.closed
        asked = accounts.asked
        await wait(clock, 30)
        assert accounts.asked == asked  # B40: nobody asks for what has ended


@pytest.mark.parametrize("failure", ["raises", "exits", "takes too long", "answers nonsense"])
@pytest.mark.parametrize("fail", ["open", "closed"])
async def test_s001_53_while_nobody_can_tell_a_page_goes_on_as_long_as_it_was_told_to(
    failure: str, fail: str
) -> None:
    accounts = Accounts()
    async with accounts.connected(fail=fail, grace_s=25) as (tab, clock, session):
        if failure == "raises":
            accounts.error = OSError("the database is away")
        elif failure == "exits":
            accounts.error = SystemExit("the database is away")
        elif failure == "takes too long":
            accounts.go = anyio.Event()
        else:
            accounts.user = "Ada"  # type: ignore[assignment]
        await wait(clock, 15)
        assert session.closed == (fail == "closed")
        assert len(accounts.reports) == 1
        if fail == "open":
            await wait(clock, 5)
            assert not session.closed
            await wait(clock, 25)
            assert session.closed
        assert [error.kind for error in tab.errors] == ["AuthExpired"]


async def test_s001_53_an_answer_in_the_time_of_grace_begins_it_anew() -> None:
    accounts = Accounts()
    async with accounts.connected(fail="open", grace_s=15) as (_, clock, session):
        for _ in range(3):
            accounts.error = OSError()
            await wait(clock, 10)
            accounts.error = None
            await wait(clock, 10)
        assert not session.closed


async def test_s001_53_a_slow_check_holds_no_handler_up() -> None:
    accounts = Accounts()
    async with accounts.connected() as (_, clock, session):
        accounts.go = anyio.Event()
        await wait(clock, 11)
        ran: list[int] = []
        session.dispatch(ran.append, 1)
        await clock.settle()
        assert ran == [1]
        accounts.go.set()
        accounts.go = None
        await clock.settle()
        assert not session.closed


async def test_what_was_proved_until_a_time_ends_then_unless_it_is_proved_anew() -> None:
    accounts = Accounts()
    accounts.user = Principal(id="1", expires_at=7.0)
    async with accounts.connected(check_every_s=1000) as (tab, clock, session):
        await wait(clock, 6)
        assert not session.closed
        accounts.user = Principal(id="1", expires_at=12.0)
        await wait(clock, 5)
        assert not session.closed
        await wait(clock, 1)
        assert session.closed
        assert [error.kind for error in tab.errors] == ["AuthExpired"]


@pytest.mark.parametrize(
    ("on_expiry", "parameters"),
    [
        ("reload", [("action", "reload")]),
        ("navigate", [("action", "navigate"), ("to", "/login?next=%2F")]),
        ("event", [("action", "event")]),
        (lambda request: "/bye?from=" + request.path[1:], [("action", "navigate"), ("to", "/bye?from=")]),
        (lambda request: None, [("action", "reload")]),
        (lambda request: "//evil.example", [("action", "reload")]),
    ],
)
async def test_s001_47_what_a_page_does_when_its_user_is_none_any_more(
    on_expiry: Any, parameters: Any
) -> None:
    accounts = Accounts()
    async with accounts.connected(on_expiry=on_expiry) as (tab, clock, _):
        accounts.user = None
        await wait(clock, 10)
        assert tab.errors[0].parameters == parameters


async def test_s001_53_a_session_asks_on_demand() -> None:
    accounts = Accounts()
    async with accounts.connected(check_every_s=1000) as (_, _clock, session):
        assert await session.revalidate()
        accounts.user = Principal(id="2")
        assert not await session.revalidate()
        assert session.closed
        assert not await session.revalidate()


@pytest.mark.parametrize(
    "settings",
    [
        {"login": "//evil.example"},
        {"host_login": "//evil.example"},
        {"login": None, "on_expiry": "navigate"},
        {"fail": "ajar"},
        {"grace_s": 901},
        {"check_every_s": 0},
        {"timeout_s": -1},
        {"on_expiry": "shrug"},
    ],
)
async def test_settings_that_could_never_work_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="write"):
        App().auth(Accounts().who, **settings)


async def test_there_is_one_provider_and_it_is_asynchronous() -> None:
    app = App()
    with pytest.raises(TypeError, match="async def"):
        app.auth(lambda request: None)  # type: ignore[arg-type, return-value]
    app.auth(Accounts().who)
    with pytest.raises(RuntimeError, match="twice"):
        app.auth(Accounts().who)
