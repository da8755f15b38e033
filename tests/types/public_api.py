"""The public API as a user writes it, for mypy and pyright in their strict modes; `make check` runs both.

Nothing here is ever run. `assert_type` stands where a type has to be inferred.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable, MutableMapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, assert_type
from uuid import UUID

import vango
from vango import (
    Action,
    Address,
    App,
    Binding,
    Channel,
    Context,
    CycleError,
    DictSignal,
    Dynamic,
    ErrorBoundary,
    For,
    Forbidden,
    Link,
    ListSignal,
    Match,
    Memo,
    NotFound,
    Outlet,
    Portal,
    Principal,
    Rect,
    Redirect,
    Ref,
    Request,
    Resource,
    SetSignal,
    Show,
    Signal,
    StormError,
    Stream,
    Switch,
    Toasts,
    Window,
    action,
    batch,
    bind,
    blocking,
    channel,
    component,
    core,
    current_event,
    current_location,
    current_request,
    current_session,
    current_user,
    delete_cookie,
    download,
    effect,
    emit,
    events,
    flash,
    head,
    html as h,
    interval,
    is_first_paint,
    lazy,
    login,
    logout,
    memo,
    navigate,
    next_page,
    on,
    on_cleanup,
    on_mount,
    once,
    query_signal,
    queue,
    redirect,
    ref,
    requires,
    resource,
    selector,
    session_data,
    set_cookie,
    signal,
    spawn,
    status,
    stream,
    subscribe,
    svg,
    timeout,
    toast,
    untracked,
)
from vango.errors import ErrorReport

app = App(title="types")
theme: Context[str] = Context("light")


@dataclass(frozen=True)
class Todo:
    """An item of a list."""

    id: int
    text: str
    done: bool = False


class Database(Protocol):
    """Something that takes long."""

    def load(self, key: str) -> list[Todo]:
        """Return what is stored, when the thread has waited for it."""
        ...


# State


def state() -> None:
    """Signals hold what they were made of; lists, dicts and sets get the signals that notify."""
    count = signal(0)
    assert_type(count, Signal[int])
    assert_type(count(), int)
    assert_type(count.value, int)
    assert_type(count.peek(), int)
    count.set(1)
    count.value = 2
    count.update(lambda n: n + 1)

    maybe: Signal[Todo | None] = signal(None)
    maybe.set(Todo(1, "write"))
    assert_type(signal(init=lambda: Decimal(1)), Signal[Decimal])

    todos = signal([Todo(1, "write")])
    assert_type(todos, ListSignal[Todo])
    assert_type(todos(), list[Todo])
    assert_type(todos[0], Todo)
    todos.append(Todo(2, "read"))
    todos.sort(key=lambda todo: todo.text)
    assert_type(todos.pop(), Todo)

    prices = signal({"tea": 1.5})
    assert_type(prices, DictSignal[str, float])
    assert_type(prices.get("tea"), float | None)
    assert_type(prices.get("tea", 0.0), float)
    prices["coffee"] = 2.0
    prices.merge({"water": 0.0})

    chosen = signal({1, 2})
    assert_type(chosen, SetSignal[int])
    chosen.toggle(3)
    made: ListSignal[str] = signal(init=list[str])
    made.extend(["a", "b"])

    double = memo(lambda: count() * 2)
    assert_type(double, Memo[int])
    assert_type(double(), int)
    is_chosen = selector(count)
    assert_type(is_chosen(3), bool)

    def log() -> None:
        print(double())
        on_cleanup(lambda: print("again"))

    assert_type(effect(log).started, bool)
    on_mount(log)
    with batch():
        count.set(3)
        with untracked():
            print(count())
    assert_type(theme(), str)
    theme.provide("dark")


# Time and tasks


async def prices_of(name: str) -> AsyncIterator[float]:
    """Give prices as they come."""
    for n in range(len(name)):
        yield n / 2


async def follow(name: str, *, often: bool = False) -> None:
    """Run beside the page."""
    print(name, often)


def beside() -> None:
    """What a component starts beside its page."""
    newest = signal(0.0)
    every = interval(1, lambda: newest.update(lambda n: n + 1))
    every.dispose()
    timeout(0.5, newest.peek).dispose()
    spawn(follow, "tea", often=True).dispose()
    subscribe(prices_of("tea"), newest.set)
    subscribe(lambda: prices_of("tea"), newest.set)


# Data


async def load_todo(number: int) -> Todo:
    """Load one."""
    return Todo(number, "loaded")


async def load_all() -> list[Todo]:
    """Load all."""
    return [await load_todo(1)]


def load_slowly(number: int) -> Todo:
    """Load one, while the thread waits."""
    return Todo(number, "slow")


def data() -> h.VNode:
    """Show what is fetched."""
    number = signal(1)
    todo = resource(load_todo, key=number, stale_s=10, retries=2)
    assert_type(todo, Resource[Todo])
    assert_type(todo(), Todo | None)
    assert_type(todo.loading(), bool)
    assert_type(todo.error(), BaseException | None)
    todo.mutate(Todo(1, "mine"))
    todo.refetch(if_stale=True)
    assert_type(resource(load_todo, key=3), Resource[Todo])
    assert_type(resource(load_todo, key=lambda: number() + 1), Resource[Todo])
    chosen: Signal[int | None] = signal(None)
    assert_type(resource(load_todo, key=chosen), Resource[Todo])
    assert_type(resource(load_todo, key=lambda: chosen() and number()), Resource[Todo])
    assert_type(resource(load_all), Resource[list[Todo]])
    assert_type(resource(blocking(load_slowly), key=number), Resource[Todo])
    if todo.state == "error":
        print("one of pending, loading, ready, error")
    try:
        todo()
    except CycleError as error:
        assert_type(str(error), str)
    return h.div[
        todo.match(
            lambda todo: h.b[todo.text],
            pending=lambda: "one moment",
            loading=lambda todo: h.i[todo.text],
            error=lambda error: h.p[str(error)],
        )
    ]


async def store(event: events.Submit) -> int:
    """Keep what was sent."""
    return len(event.form)


def actions() -> h.VNode:
    """Show what is under way."""
    save: Action[..., int] = action(store, policy=queue(3))
    assert_type(save.pending(), bool)
    assert_type(save.result(), int | None)
    assert_type(save.error(), BaseException | None)
    if isinstance(failure := save.error(), StormError):
        assert_type(failure.culprit, str)
    save.cancel()
    latest = action(load_todo, policy="latest")
    latest(3)
    slow = action(blocking(load_slowly), policy="drop")
    assert_type(slow.result(), Todo | None)
    slow(3)
    return h.form(on_submit=save, aria_busy=save.pending)[
        h.button(disabled=save.pending)["Save"], h.button(on_click=(latest, 3))["Load"]
    ]


def streams() -> h.VNode:
    """Show rows that the server does not keep."""
    rows = stream(key=lambda todo: todo.id, render=lambda todo: h.li[todo.text], items=[Todo(1, "first")])
    assert_type(rows, Stream[Todo])
    rows.append(Todo(2, "second"))
    rows.insert(0, Todo(3, "third"))
    assert_type(rows.remove(3), bool)
    rows.reset()
    return h.ol[rows]


# Events


def pointed(event: events.Click) -> None:
    """Take a click."""
    print(event.x, event.y, event.shift)


def removed(number: int, event: events.Click) -> None:
    """Take a click in a row."""
    print(number, event.button)


def any_event(event: events.DomEvent) -> None:
    """Take whatever comes."""
    print(event.type)


def handlers() -> h.VNode:
    """Each builder knows what its handlers are given."""
    draft, pressed = signal(""), signal("")
    at: Signal[tuple[float, float]] = signal((0, 0))
    held = signal(False)
    return h.main(
        h.button(on_click=pointed)["point"],
        h.button(on_click=any_event, data_id=3)["any"],
        h.button(on_click=(removed, 3), data_id=3)["remove"],
        h.button(on_click=lambda: draft.set(""))["clear"],
        h.button(on_click=lambda event: at.set((event.x, event.y)), data_row=1)["here"],
        h.button(on_click=blocking(pointed))["slow"],
        h.button(on_click=on(pointed, prevent=True, throttle=100))["calm"],
        h.button(on_click=False, disabled=held)["off"],
        h.input(on_input=lambda event: draft.set(event.value), value=draft),
        h.input(type="checkbox", on_change=lambda event: held.set(event.checked)),
        h.input(on_keydown=lambda event: pressed.set(event.key)),
        h.form(on_submit=lambda event: draft.set(event.form["name"])),
        h.div(on_pointermove=lambda event: at.set((event.x, event.y))),
        h.div(on_scroll=lambda event: at.set((event.x, event.y))),
        h.details(on_toggle=lambda event: held.set(event.open)),
        svg.circle(r=3, on_click=lambda event: at.set((event.x, event.y))),
    )


def controls() -> h.VNode:
    """Controls are bound to signals of what they hold."""
    name, age, born, tags = signal(""), signal(18), signal(date(2000, 1, 1)), signal(("a",))
    years = bind(age, parse=int, format=str, empty=0, debounce=200)
    assert_type(years, Binding[int])
    assert_type(years.error(), str)
    box = ref()
    assert_type(box, Ref)

    async def measure() -> None:
        rect = await box.measure()
        assert_type(rect, Rect)
        assert_type(rect.right, float)

    return h.form(on_click=measure)[
        h.input(bind=name, ref=box),
        h.input(type="number", bind=years),
        h.small[years.error],
        h.input(type="date", bind=born),
        [h.input(type="checkbox", value=tag, bind=tags) for tag in "ab"],
        h.button(on_click=box.focus)["focus"],
    ]


# Structure


@component
def Card(title: str, *, on_close: Callable[[], object] | None = None, children: h.Child = ()) -> h.VNode:
    """A component with a part, a handler and children."""
    return h.section[h.h2[title], children, h.button(on_click=on_close)["close"]]


@component
def Line(todo: Todo) -> h.VNode:
    """A row."""
    return h.li[todo.text]


def structure(user: Signal[Todo | None], todos: ListSignal[Todo]) -> h.VNode:
    """Conditions, lists, portals and boundaries know the types of what they are about."""
    shown = signal(True)
    view: Signal[Any] = signal(Line)
    chart = lazy("charts:Chart", fallback=h.p["loading"])
    return h.main[
        Card("Hello", on_close=lambda: shown.set(False), key="card")[h.p["inside"], None, 0, 1.5],
        Card(title="Hello"),
        Show(shown, h.p["shown"], h.p["hidden"]),
        Show(user, lambda todo: h.p[todo.text]),
        Switch(
            Match(user, lambda todo: h.p[todo.text]),
            Match(lambda: len(todos()) > 3, h.p["many"]),
            otherwise=h.p["few"],
        ),
        For(todos, key=lambda todo: todo.id, render=lambda todo: Line(todo)),
        For(todos, key=lambda todo: (todo.id, "row"), render=lambda todo, index: h.li[index, todo.text]),
        For(
            range(100_000),
            key=lambda n: n,
            render=lambda n: h.div[n],
            window=Window(row_height=20, around=lambda rows: h.div[rows]),
        ),
        Dynamic(view, Todo(1, "write"), key="view"),
        Portal("dialogs")[h.dialog(open=True)["hello"]],
        Outlet("dialogs"),
        ErrorBoundary(Line(Todo(1, "x")), fallback=lambda error, retry: h.button(on_click=retry)[str(error)]),
        chart(points=3),
        Toasts(),
        h.raw("<b>raw</b>"),
        h.fragment(h.li(key=UUID(int=n))[n] for n in range(3)),
        h.p(class_={"on": shown}, style={"color": "red"}, data_id=3, aria_label="text", hidden=False),
        h.p(class_=["a", shown() and "b", None]),
    ]


# The session, the page and the engine


def ordered(database: sqlite3.Connection) -> None:
    """Do something once, and tell of it."""
    once(database)
    print(current_event())
    emit("ordered", {"id": 3})
    assert_type(current_session().dispatch(print, "later"), bool)
    toast("Ordered", kind="success", seconds=3).dismiss()
    navigate("/orders", replace=True, scroll=False)


@component
def Paged() -> h.Child:
    """Keep the page of a list in the address."""
    page = query_signal("page", 1)
    assert_type(page, Signal[int])
    here = current_location()
    assert_type(here(), Address)
    return h.nav[Link("/orders")["Orders"], h.b[page], lambda: here().path]


async def serve(peer: Channel) -> None:
    """Carry bytes beside the page."""
    async for part in peer:
        assert_type(part, bytes)
        await peer.send(part, compress=False)


@app.page("/")
def home() -> h.VNode:
    """A page."""
    channel("echo", serve)
    return h.main[Card("home")]


@app.page("/todo", title="Todo", status=200)
async def page_with_data() -> h.VNode:
    """A page that loads first."""
    return h.main[[h.p[todo.text] for todo in await load_all()]]


async def who(request: Request) -> Principal | None:
    """Tell who somebody is."""
    name = request.cookies.get("name")
    return Principal(id=name, roles=frozenset({"editor"})) if name else None


def by_day(request: Request) -> Redirect | Forbidden | NotFound | None:
    """Let nobody in, by three ways."""
    return Redirect("/") if request.path == "/old" else Forbidden() if request.user else NotFound()


app.auth(who)


@app.page("/account", guards=[requires("editor", "owner"), by_day])
def account() -> h.VNode:
    """A page for some."""
    user = current_user()
    assert_type(user, Principal | None)
    return h.p[user.id if user else current_request().path]


@app.page("/login")
def login_page() -> h.VNode:
    """A page that sees to cookies, and to who somebody is."""
    if is_first_paint():
        status(200)
        if current_user() is not None:
            redirect(next_page("/account"))
    assert_type(next_page(), str)
    data: MutableMapping[str, Any] = session_data()

    def submit(event: events.Submit) -> None:
        set_cookie("theme", "dark", max_age_s=60, http_only=False, same_site="strict")
        delete_cookie("old")
        data["seen"] = len(data)
        login("7", to=next_page())

    return h.form(on_submit=submit)[
        h.button(type="button", on_click=lambda: logout(to="/", everywhere=True))["Log out"],
        h.button(type="button", on_click=lambda: download(b"x", filename="x", media_type="text/plain"))["x"],
    ]


def known(request: Request) -> NotFound | Forbidden | Redirect | None:
    """A guard, by what a request says."""
    if request.params["number"] == 0:
        return NotFound()
    if request.host == "old.example":
        return Redirect("/")
    return Forbidden() if request.method == "POST" else None


admin = app.group("/admin", guards=[known])
app.redirect("/old/{number:int}", "/new/{number}", status=308)


@admin.layout("/")
def frame(content: object) -> h.VNode:
    """What stands around the pages of a group."""
    return h.main[h.a(href=app.url_for("home"))["home"]]


@admin.page("/{number}", guards=[known], name="one")
def one(number: int) -> h.VNode:
    """A page that says what it is."""
    flash("Hello", kind="success")
    head(title=lambda: f"number {number}", meta={"robots": "noindex"}, scripts=["/a.js"])
    user = current_user()
    assert_type(user, Principal | None)
    assert_type(app.url_for("one", {"tab": 1}, number=3), str)
    app.only("pages")
    app.only("live")
    assert_type(app.asset("logo.png"), str)
    return h.p[current_request().path, user.name if user else "nobody"]


@app.not_found
def lost() -> h.VNode:
    """Where there is no page."""
    return h.p["nothing here"]


@app.failed("/admin", title="Sorry")
def broken(reference: str, retry: Callable[[], None]) -> h.VNode:
    """Where a page has raised."""
    return h.button(on_click=retry)[reference]


@app.on_error
def report(error: ErrorReport) -> None:
    """What an operator is told."""
    assert_type(error.component, tuple[str, ...])


@app.channel("numbers")
async def numbers(peer: Channel) -> None:
    """Serve all pages."""
    await peer.send(b"1")


async def members_only(request: Request) -> Redirect | Forbidden | NotFound | None:
    """Let in who may see the page."""
    if request.user is None:
        return Redirect("/login")
    if request.query.get("tab") == "secret":
        return NotFound()
    return None if "member" in request.user.roles else Forbidden("Members only.")


app.page("/members", guards=[members_only, requires("member", lambda user: bool(user.claims["paid"]))])


def greeting() -> h.VNode:
    """Greet who looks at the page."""
    user = current_user()
    assert_type(user, Principal | None)
    assert_type(current_request().path, str)
    return h.p["Hello ", user.name if user is not None else "guest"]


def engine() -> bytes:
    """The engine by itself."""
    old, new = h.ul[h.li(key=1)["a"]], h.ul[h.li(key=1)["b"]]
    patches = core.diff(old, new)
    tree = core.Tree(old)
    assert_type(tree.html(), str)
    assert_type(tree.count, int)
    return core.encode(patches)


assert_type(vango.csp("hardened").adding(img_src=["data:"]).with_(font_src=None), vango.Csp)
assert_type(vango.__version__, str)
