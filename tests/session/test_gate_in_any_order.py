"""S001-50, B41: whatever happens in whatever order, nobody hears a byte of a page that they may not see.

A model of the accounts says who may see what, and when that was so. All that a browser hears holds a mark of
the page and of the user for whom it was made; each mark is put to the model, by the rule of its way:

- an answer to a request is for who the browser is now;
- so is the first that a connection says of a page: it was let in, or has navigated, just now;
- what a connection says of the page that it shows already is for who its browser was at most one interval of
  the checks ago: until then nobody has noticed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import anyio
import anyio.abc
import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from ways import Browser, Tab

from vango import App, Principal, Redirect, Request, current_user, download, html as h, requires, signal
from vango.application import gate
from vango.application.live import Door
from vango.clock import VirtualClock
from vango.limits import Limits
from vango.sessions import greeting, standing

CHECK_S = 10
NAMES = ["ada", "bob"]
PAGES = ["/public", "/account", "/admin", "/private/ada", "/private/bob"]
MARK = re.compile(rb"\[([\w/]+) of (\w+)\]")
ERRAND = re.compile(rb"/vango/errand/[\w.~=-]+")
FILE = b"a file with "
PHASES = [  # but not explain, which takes longer than all of these
    Phase.explicit,
    Phase.reuse,
    Phase.generate,
    Phase.shrink,
]


@dataclass(frozen=True)
class Account:
    """What the database says of somebody."""

    is_known: bool = True
    is_admin: bool = False
    expires_at: float | None = None


@dataclass(frozen=True)
class Accounts:
    """What it says of all, unless it is away."""

    of: dict[str, Account] = field(default_factory=lambda: dict.fromkeys(NAMES, Account()))
    is_away: bool = False

    def who(self, name: str, now: float) -> Account | None:
        account = self.of.get(name)
        if account is None or not account.is_known:
            return None
        return None if account.expires_at is not None and account.expires_at <= now else account

    def may(self, name: str, page: str, now: float) -> bool:
        """Say whether a browser with the login of `name` may see a page."""
        account = self.who(name, now)
        if page == "/public":
            return True
        if account is None:
            return False
        return {"/account": True, "/admin": account.is_admin}.get(page, page == f"/private/{name}")


class World:
    """An application, a browser, and what the model knows of both."""

    def __init__(self, tasks: anyio.abc.TaskGroup) -> None:
        self.clock = VirtualClock()
        self.accounts = Accounts()
        self.past: list[tuple[float, Accounts]] = [(0.0, self.accounts)]
        self.news = signal(0)
        self.app = self._application()
        self.browser = Browser(self.app, self.clock).be("")
        self.tasks = tasks
        self.tabs: list[Line] = []
        self.errands: list[str] = []
        self.shown = 0

    def _application(self) -> App:
        app = App(clock=self.clock, on_error=lambda report: None, limits=Limits(heartbeat_ms=3_600_000))

        async def who(request: Request) -> Principal | None:
            if self.accounts.is_away:
                raise OSError("the database is away")
            name = request.cookies.get("user", "")
            account = self.accounts.who(name, self.clock.wall())
            if account is None:
                return None
            roles = frozenset({"admin"} if account.is_admin else ())
            return Principal(id=name, roles=roles, expires_at=account.expires_at)

        app.auth(who, check_every_s=CHECK_S)

        def page(path: str) -> Callable[..., object]:
            def body(**parameters: object) -> object:
                mark = f"[{path} of {self._reader()}]"
                return h.p(title=mark)[lambda: f"{self.news()} {mark}"]

            return body

        app.page("/public")(page("/public"))
        app.page("/login")(lambda: h.p["log in"])
        app.page("/account", guards=[requires()])(page("/account"))
        app.page("/admin", guards=[requires("admin")])(page("/admin"))
        app.page("/moved", guards=[lambda request: Redirect("/admin")])(page("/admin"))
        for name in NAMES:
            is_own = partial(lambda name, user: user.id == name, name)
            app.page(f"/private/{name}", guards=[requires(is_own)])(page(f"/private/{name}"))
        return app

    def _reader(self) -> str:
        user = current_user()
        return user.id if user is not None else "nobody"

    # What the model says

    def change(self, accounts: Accounts) -> None:
        self.accounts = accounts
        self.past.append((self.clock.now(), accounts))

    def may_now(self, name: str, mark: tuple[str, str]) -> bool:
        """Say whether who has the login of `name` may hear a mark that a request asks for now."""
        page, reader = mark
        known = None if self.accounts.is_away else self.accounts.who(name, self.clock.wall())
        is_reader = reader == "nobody" or (known is not None and reader == name)
        return is_reader and (
            page == "/public" or (known is not None and self._may(self.accounts, name, page))
        )

    def may_still(self, name: str, mark: tuple[str, str]) -> bool:
        """Say whether they may hear it because nobody has noticed yet that they may not."""
        page, reader = mark
        if (page, reader) == ("/public", "nobody"):
            return True  # a guest's page needs no answer of the provider, so none that fails to come ends it
        now = self.clock.now()
        began = [when for when, _ in self.past[1:]] + [now + 1]
        lately = [
            (max(when, now - CHECK_S), known)
            for (when, known), until in zip(self.past, began, strict=True)
            if until >= now - CHECK_S
        ]
        for when, known in lately:
            if known.is_away:
                continue
            account = known.who(name, when)
            is_reader = reader == "nobody" or (account is not None and reader == name)
            if is_reader and known.may(name, page, when):
                return True
        return False

    def _may(self, accounts: Accounts, name: str, page: str) -> bool:
        return accounts.may(name, page, self.clock.wall())

    # What is checked after each step

    def judge(self) -> None:
        """Put all that was heard since the last step to the model."""
        name = self.browser.cookies["user"]
        for line in self.tabs:
            heard, line.tab.heard = line.tab.heard, b""
            self.errands += [address.decode() for address in ERRAND.findall(heard)]
            for mark in marks(heard):
                self.shown += 1
                is_new = line.shows != mark
                line.shows = mark
                # Over HTTP a granted page waits for the next request, which may come while nobody can tell.
                is_late = line.way == "http" and not line.is_asked
                if line.is_asked or (is_new and not is_late):
                    assert self.may_now(line.name, mark), f"{line.name!r} was shown {mark} by a connection"
                else:
                    assert self.may_still(line.name, mark), f"{line.name!r} was still told of {mark}"
            line.is_asked = False
        heard, self.browser.answers = self.browser.answers, b""
        for mark in marks(heard):
            self.shown += 1
            assert self.may_now(name, mark), f"{name!r} was answered with {mark}"

    # The steps

    async def settle(self) -> None:
        await self.browser.settle()

    async def request(self, page: str, method: str, *, ahead: bool) -> None:
        headers = {"Sec-Purpose": "prefetch"} if ahead else {}
        answer = await self.browser.ask(page, method, **headers)
        name = self.browser.cookies["user"]
        at = "/admin" if page == "/moved" else page
        reader = name if not self.accounts.is_away and self._known(name) else "nobody"
        if page != "/moved":
            assert (answer.status == 200) == self.may_now(name, (at, reader))

    def _known(self, name: str) -> bool:
        return self.accounts.who(name, self.clock.wall()) is not None

    async def open(self, page: str) -> None:
        if len(self.tabs) < 4 and self.may_now(self.browser.cookies["user"], (page, "nobody")):
            line = Line(self, await self.browser.load(page))
            line.shows = marks(self.browser.answers)[-1]
            self.tabs.append(line)

    async def wait(self, seconds: int) -> None:
        for _ in range(seconds):
            await self.clock.advance(1)
            await self.settle()


def marks(heard: bytes) -> list[tuple[str, str]]:
    return [(page.decode(), reader.decode()) for page, reader in MARK.findall(heard)]


class Line:
    """A tab, with its connection if it has one.

    Attributes:
        name: The login that its connection came with; over HTTP, that of its newest request of which somebody
            could tell.
        shows: The mark that it heard last.
        is_asked: Whether it has just connected, so that all it hears is an answer to that.
    """

    def __init__(self, world: World, tab: Tab) -> None:
        self.world = world
        self.tab = tab
        self.name = ""
        self.way = ""
        self.shows: tuple[str, str] | None = None
        self.is_asked = False
        self._say: Callable[..., Any] | None = None
        self._leave: anyio.Event | None = None

    async def connect(self, way: str) -> None:
        if self._leave is not None:
            return
        self._leave = anyio.Event()
        self.name, self.way, self.is_asked = self.world.browser.cookies["user"], way, True
        await self.world.tasks.start(self._hold, self._leave)

    async def _hold(self, leave: anyio.Event, *, task_status: anyio.abc.TaskStatus[None]) -> None:
        tab = self.tab
        ways = {
            "socket": tab.connected,
            "http": tab.posting,
            "blueprint": partial(tab.connected, blueprint=True),
        }
        async with ways[self.way]() as say:
            self._say = say
            if self.way == "blueprint":
                await say(f"HELLO resumable=true lastSeq={len(tab.messages)}")
            task_status.started()
            await leave.wait()

    async def drop(self) -> None:
        leave, self._leave, self._say = self._leave, None, None
        if leave is not None:
            leave.set()
            await self.world.settle()

    async def say(self, make: Callable[[], bytes]) -> None:
        """Send a frame, by a request of the browser as it is now where that is the way."""
        if self._say is None or self.way == "blueprint" or not self.tab.welcomed:
            return
        if self.way == "http" and not self.world.accounts.is_away:
            # While nobody can tell, nobody has noticed that the browser is somebody else's.
            self.name, self.is_asked = self.world.browser.cookies["user"], True
        await self._say(make())


def navigating(line: Line, page: str, mode: int) -> Callable[[], bytes]:
    return lambda: line.tab.client.event(0, 33, [mode, page])


WAYS = st.sampled_from(["socket", "http", "blueprint"])
TABS = st.integers(0, 2)
AT = st.sampled_from([*PAGES, "/moved"])
ACCOUNTS = [
    st.tuples(st.just("be"), st.sampled_from([*NAMES, "", "nobody"])),
    st.tuples(st.just("known"), st.sampled_from(NAMES), st.booleans()),
    st.tuples(st.just("admin"), st.sampled_from(NAMES), st.booleans()),
    st.tuples(st.just("expires"), st.sampled_from(NAMES), st.sampled_from([None, 3, 25])),
    st.tuples(st.just("away"), st.booleans()),
]
ASKING = [
    st.tuples(st.just("request"), AT, st.sampled_from(["GET", "HEAD"]), st.booleans()),
    st.tuples(st.just("open"), st.sampled_from(PAGES)),
    st.tuples(st.just("connect"), TABS, WAYS),
    st.tuples(st.just("drop"), TABS),
    st.tuples(st.just("elsewhere"), TABS, st.sampled_from(PAGES)),
    st.tuples(st.just("navigate"), TABS, AT, st.sampled_from([0, 1, 2, 3])),
    st.tuples(st.just("refetch"), TABS, st.sampled_from([0, 1, 3])),
    st.tuples(st.just("errand"), TABS),
    st.tuples(st.just("fetch"), st.integers(0, 3)),
]
GOING_ON = [st.tuples(st.just("news")), st.tuples(st.just("wait"), st.sampled_from([1, 4, CHECK_S]))]
STEPS = st.one_of(*ACCOUNTS, *ASKING, *GOING_ON, *GOING_ON)
# Who opens what first, and how it connects.
TABS_AT_FIRST = st.lists(
    st.tuples(st.sampled_from([*NAMES, ""]), st.sampled_from(PAGES), WAYS), min_size=3, max_size=3
)


def whole(first: list[tuple[str, str, str]], steps: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return all steps: ada is an admin, three tabs are opened, and then anything happens."""
    opening = [
        step
        for n, (name, page, way) in enumerate(first)
        for step in [("be", name), ("open", page), ("connect", n, way)]
    ]
    return [("admin", "ada", True), *opening, ("news",), *steps]


async def play(steps: list[tuple[Any, ...]], heard: list[int]) -> None:
    async with anyio.create_task_group() as tasks:
        world = World(tasks)
        async with world.app.lifespan():
            for step in steps:
                await take(world, *step)
                await world.settle()
                world.judge()
            heard.append(world.shown)
            for line in world.tabs:
                await line.drop()
        tasks.cancel_scope.cancel()


async def take(world: World, kind: str, *how: Any) -> None:
    accounts = world.accounts
    if kind in ("connect", "drop", "elsewhere", "navigate", "refetch", "errand"):
        if not world.tabs:
            return
        line = world.tabs[how[0] % len(world.tabs)]
    match kind, how:
        case "be", (name,):
            world.browser.be(name)
        case "known" | "admin" | "expires", (name, value):
            account = accounts.of[name]
            if kind == "expires":
                value = None if value is None else world.clock.wall() + value
                account = replace(account, expires_at=value)
            else:
                account = replace(account, **{f"is_{kind}": value})
            world.change(replace(accounts, of={**accounts.of, name: account}))
        case "away", (is_away,):
            world.change(replace(accounts, is_away=is_away))
        case "request", (page, method, ahead):
            await world.request(page, method, ahead=ahead)
        case "open", (page,):
            await world.open(page)
        case "connect", (_, way):
            await line.connect(way)
        case "drop", _:
            await line.drop()
        case "elsewhere", (_, page):
            line.tab.client.path = page  # a page that says that it is another one
        case "navigate", (_, page, mode):
            await line.say(navigating(line, page, mode))
        case "refetch", (_, hid):
            await line.say(lambda: line.tab.client.refetch(hid))
        case "news", _:
            world.news.update(lambda n: n + 1)
        case "errand", _:
            session = line.tab.session
            if session is not None and session.attachment is not None:
                session.dispatch(hand_out)
        case "fetch", (n,):
            if n < len(world.errands):
                await world.browser.ask(world.errands[n])
        case "wait", (seconds,):
            await world.wait(seconds)


def hand_out() -> None:
    """Offer a file with the mark of what the page shows."""
    from vango import current_session

    session = current_session()
    user = session.request.user
    mark = f"[{session.request.path} of {user.id if user is not None else 'nobody'}]"
    download(FILE + mark.encode(), filename="a.txt")


def run(steps: list[tuple[Any, ...]], backend: str) -> int:
    heard: list[int] = []
    anyio.run(play, steps, heard, backend=backend)
    return heard[0]


def hunt(backend: str, examples: int) -> list[int]:
    """Play generated sequences; returns how many marks each showed."""
    heard: list[int] = []

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck), phases=PHASES)
    @given(TABS_AT_FIRST, st.lists(STEPS, min_size=10, max_size=30))
    def always(first: list[tuple[str, str, str]], steps: list[tuple[Any, ...]]) -> None:
        heard.append(run(whole(first, steps), backend))

    always()
    return heard


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_nobody_hears_of_a_page_that_they_may_not_see(backend: str) -> None:
    heard = hunt(backend, 60)
    assert sum(heard) > 3 * len(heard)  # it is not silence that is safe


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_the_public_page_of_a_guest_goes_on_while_nobody_can_tell_and_that_of_a_user_does_not(
    backend: str,
) -> None:
    tabs = [("", "/public", "socket"), ("ada", "/public", "socket"), ("ada", "/private/ada", "socket")]
    steps: list[tuple[Any, ...]] = [("away", True), ("wait", CHECK_S), ("wait", 1)]
    quiet = run(whole(tabs, steps), backend)
    assert run(whole(tabs, [*steps, ("news",)]), backend) == quiet + 1


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_page_that_was_granted_over_http_comes_with_the_next_answer(backend: str) -> None:
    tabs = [("ada", "/public", "socket"), ("ada", "/public", "socket"), ("ada", "/public", "http")]
    steps: list[tuple[Any, ...]] = [("navigate", 2, "/account", 0), ("away", True)]
    asked = run(whole(tabs, steps), backend)
    assert run(whole(tabs, [*steps, ("navigate", 2, "/public", 0)]), backend) > asked


async def _yes(*_: Any, **__: Any) -> bool:
    return True


async def _nobody_stands_in_the_way(*_: Any) -> None:
    return None


TAB = ("ada", "/account", "socket")
BY_HTTP = ("ada", "/account", "http")
# What is taken away, and steps that show what it was for.
BROKEN: dict[str, tuple[object, str, Any, tuple[str, str, str], list[tuple[Any, ...]]]] = {
    "the guards": (gate, "_ask", _nobody_stands_in_the_way, TAB, [("request", "/private/bob", "GET", True)]),
    "the checks of who is connected": (
        standing.Standing,
        "check",
        _yes,
        TAB,
        [("known", "ada", False), ("wait", CHECK_S), ("wait", 1), ("news",)],
    ),
    "the checks of requests": (Door, "goes_on", _yes, BY_HTTP, [("be", "bob"), ("refetch", 0, 0)]),
    "the user of a session": (
        greeting,
        "_require_same_user",
        lambda *_: None,
        TAB,
        [("drop", 0), ("be", "bob"), ("connect", 0, "http"), ("refetch", 0, 0)],
    ),
    "the user of an errand": (Door, "may", _yes, TAB, [("errand", 0), ("be", "bob"), ("fetch", 0)]),
}


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_what_waited_for_a_request_is_not_told_to_one_that_comes_after_the_end(backend: str) -> None:
    tab = ("ada", "/public", "http")
    ended = [("away", True), ("wait", 1), ("wait", CHECK_S), ("refetch", 0, 0)]
    assert run(whole([tab, tab, tab], ended), backend) > 0


@pytest.mark.parametrize("what", BROKEN)
def test_the_model_notices_when_a_check_is_missing(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, name, instead, tab, steps = BROKEN[what]
    played = whole([tab, ("bob", "/public", "socket"), ("", "/public", "socket")], [("be", "ada"), *steps])
    assert run(played, "asyncio") > 0
    monkeypatch.setattr(place, name, instead)
    with pytest.raises(BaseExceptionGroup) as raised:
        run(played, "asyncio")
    assert raised.group_contains(AssertionError)
