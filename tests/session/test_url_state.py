"""Signals in the address, where the page is, and links that know it."""

from enum import Enum
from typing import Any, Literal

import pytest

from vango import (
    App,
    Forbidden,
    Link,
    Principal,
    Redirect,
    Request,
    Signal,
    component,
    current_location,
    html as h,
    navigate,
    query_signal,
)
from vango.application.navigator import SiteNavigator
from vango.routing.site import Location, Site
from vango.sessions.navigation import with_query
from vango.testing import Pilot

pytestmark = pytest.mark.anyio


class Order(Enum):
    NEW = "new"
    OLD = "old"


def pilot_of(app: App, address: str = "/") -> Pilot:
    """A tab with a page of an application."""
    match = app._pages.match(address.partition("?")[0])
    assert match is not None
    navigator = SiteNavigator(app._gate, origins=())
    return Pilot(Site(Location(address, match)), path=address, navigator=navigator)


def navs(pilot: Pilot) -> list[tuple[int, str]]:
    found = [(mode, path) for name, mode, path in pilot.client.effects if name == "nav"]
    pilot.client.effects = []
    return found


def listing(made: list[str], **signals: Any) -> App:
    """An application whose page has these query signals, each shown in an output of its name."""
    app = App()

    @app.page("/")
    def page() -> object:
        made.append("page")
        bound = {name: query_signal(name, **options) for name, options in signals.items()}
        return h.main[
            [h.output(id=name)[lambda value=value: repr(value())] for name, value in bound.items()],
            [
                h.button(id=f"set-{name}", on_input=lambda event, value=value: value.set(eval(event.value)))
                for name, value in bound.items()
            ],
            h.button(id="both", on_click=lambda: [value.set(7) for value in bound.values()])["both"],
        ]

    @app.page("/other")
    def other() -> object:
        return h.h1["other"]

    return app


async def put(pilot: Pilot, name: str, text: str) -> None:
    await pilot.event(pilot.find(id=f"set-{name}"), "input", [text])


def shown(pilot: Pilot, name: str) -> str:
    return pilot.find("output", id=name).text


@pytest.mark.parametrize(
    ("options", "query", "value", "then", "written"),
    [
        ({"default": 1}, "v=2", "2", "3", "v=3"),
        ({"default": 1}, "v=x", "1", "1", None),
        ({"default": 0.5}, "v=1.5", "1.5", "2.0", "v=2.0"),
        ({"default": False}, "v=1", "True", "False", ""),
        ({"default": True}, "v=yes", "True", "False", "v=0"),
        ({"default": ""}, "v=a+b", "'a b'", "'\u00fc&='", "v=%C3%BC%26%3D"),
        ({"default": "new", "kind": Literal["new", "old"]}, "v=older", "'new'", "'old'", "v=old"),
        ({"default": [1]}, "v=2&v=3", "[2, 3]", "[4]", "v=4"),
        ({"default": [], "kind": list[str]}, "", "[]", "['x', 'y']", "v=x&v=y"),
    ],
)
async def test_a_signal_is_a_parameter_of_the_query(
    options: dict[str, Any], query: str, value: str, then: str, written: str | None
) -> None:
    app = listing([], v=options)
    start = f"/?{query}" if query else "/"
    async with pilot_of(app, start) as pilot:
        assert shown(pilot, "v") == value
        assert navs(pilot) == []
        await put(pilot, "v", then)
        assert (shown(pilot, "v"), navs(pilot)) == (then, [])
        await pilot.advance(0.2)
        address = "/" if not written else f"/?{written}"
        assert navs(pilot) == ([] if written is None else [(1 | 4, address)])
        assert pilot.reports == []


async def test_an_enum_is_named_by_its_value() -> None:
    seen: list[Signal[Order]] = []
    app = App()

    @app.page("/")
    def page() -> object:
        seen[:] = [query_signal("order", Order.NEW, debounce_s=0)]
        return h.output[lambda: seen[0]().name]

    async with pilot_of(app, "/?order=old") as pilot:
        assert pilot.find("output").text == "OLD"
        await pilot.send(pilot.client.navigate("/?order=new", 2))
        assert pilot.find("output").text == "NEW"


async def test_back_brings_the_value_back_and_the_page_stays_mounted(network: str) -> None:
    made: list[str] = []
    async with pilot_of(listing(made, page={"default": 1, "push": True, "debounce_s": 0})) as pilot:
        made.clear()
        await put(pilot, "page", "2")
        await pilot.advance(0)
        assert navs(pilot) == [(0 | 4, "/?page=2")]
        await put(pilot, "page", "3")
        await pilot.advance(0)
        assert navs(pilot) == [(0 | 4, "/?page=3")]
        await pilot.send(pilot.client.navigate("/?page=2", 2))
        assert (shown(pilot, "page"), navs(pilot)) == ("2", [(1, "/?page=2")])
        await pilot.send(pilot.client.navigate("/", 2))
        await pilot.advance(1)
        assert (shown(pilot, "page"), navs(pilot), made) == ("1", [(1, "/")], [])


async def test_signals_that_change_together_are_one_entry_and_typing_waits(network: str) -> None:
    app = listing([], a={"default": 0, "push": True}, b={"default": 0})
    async with pilot_of(app, "/?x=1") as pilot:
        await pilot.click(pilot.find(id="both"))
        await pilot.advance(0.2)
        assert navs(pilot) == [(0 | 4, "/?x=1&a=7&b=7")]
        for letter in "123":
            await put(pilot, "b", letter)
            await pilot.advance(0.1)
        assert navs(pilot) == []
        await pilot.advance(0.2)
        assert navs(pilot) == [(1 | 4, "/?x=1&a=7&b=3")]
        await put(pilot, "b", "4")
        await pilot.navigate("/other")
        await pilot.advance(1)
        assert navs(pilot) == [(0, "/other")]


async def test_a_type_that_no_address_can_say_is_refused() -> None:
    @component
    def Wrong() -> object:
        return h.p[query_signal("x", object())]

    app = App()
    app.page("/")(Wrong)
    async with pilot_of(app) as pilot:
        assert "an address can say an int" in str(pilot.reports[0].error)
    with pytest.raises(RuntimeError, match="belongs into a component's body"):
        query_signal("x", 1)


async def test_links_and_layouts_know_where_the_page_is(network: str) -> None:
    app = App()
    made: list[str] = []

    @app.layout("/")
    def frame(content: object) -> object:
        made.append("frame")
        here = current_location()
        return h.div[
            Link("/", class_="first")["home"],
            Link("/issues/3?x=1")["issue"],
            h.output[lambda: f"{here().path} {here().query.get('x')} {dict(here().params)}"],
            content,
        ]

    @app.page("/")
    def home() -> object:
        return h.button(on_click=lambda: navigate("/issues/3?x=2"))["go"]

    @app.page("/issues/{number:int}")
    def issue(number: int) -> object:
        return h.h1[number]

    def current(pilot: Pilot) -> list[str | None]:
        return [link.attrs.get("aria-current") for link in pilot.find_all("a")]

    async with pilot_of(app) as pilot:
        assert (current(pilot), pilot.find("a").attrs["class"]) == (["page", None], "first")
        assert pilot.find("output").text == "/ None {}"
        await pilot.click(pilot.find("button"))
        assert (current(pilot), made) == ([None, "page"], ["frame"])
        assert pilot.find("output").text == "/issues/3 2 {'number': 3}"


async def test_a_page_is_loaded_for_whom_it_is_not_or_who_has_become_somebody_else(network: str) -> None:
    who: list[Principal] = []
    app = App()

    async def provider(request: Request) -> Principal | None:
        return who[0] if who else None

    def nobody(request: Request) -> None:
        raise Forbidden("Not for you.")

    def elsewhere(request: Request) -> None:
        raise Redirect("/")

    app.auth(provider)
    app.page("/")(lambda: h.h1["home"])
    app.page("/open")(lambda: h.h1["open"])
    app.page("/closed", guards=[nobody])(lambda: h.h1["closed"])
    app.page("/moved", guards=[elsewhere])(lambda: h.h1["moved"])
    async with pilot_of(app) as pilot:
        for address in ("/closed", "/nothing", "/a//b", "//evil.example/", "/%"):
            await pilot.navigate(address)
            assert navs(pilot) == [(2, address)]
        await pilot.navigate("/moved")
        assert navs(pilot) == [(0, "/moved"), (1, "/")]
        await pilot.navigate("/open")
        assert (navs(pilot), pilot.session.request.path) == ([(0, "/open")], "/open")
        who.append(Principal(id="ada"))
        await pilot.navigate("/")
        assert (navs(pilot), pilot.find("h1").text) == ([(2, "/")], "open")


async def test_what_stands_in_somebody_elses_page_leads_to_a_load() -> None:
    app = App()
    app.page("/other")(lambda: h.h1["other"])
    navigator = SiteNavigator(app._gate, origins=())
    part = h.button(on_click=lambda: navigate("/other"))["go"]
    async with Pilot(part, navigator=navigator) as pilot:
        await pilot.click(pilot.find("button"))
        assert (navs(pilot), pilot.reports) == ([(2, "/other")], [])


@pytest.mark.parametrize(
    ("to", "allowed"),
    [
        ("/issues?x=1#top", True),
        ("https://pay.example/go", True),
        ("https://pay.example:8443/", False),
        ("https://pay.example@evil.example/", False),
        ("//evil.example/", False),
        ("/\\evil.example", False),
        ("javascript:alert(1)", False),
        ("issues", False),
    ],
)
def test_navigate_leads_nowhere_but_where_it_may(to: str, allowed: bool) -> None:
    app = App(allowed_redirects=["https://pay.example"])
    navigator = SiteNavigator(app._gate, origins=app.config.redirects)
    session: Any = None
    if allowed:
        assert navigator.check(session, to) == to
    else:
        with pytest.raises(ValueError, match=r": write (the|a) path"):
            navigator.check(session, to)


@pytest.mark.parametrize(
    ("address", "changes", "expected"),
    [
        ("/a", {}, "/a"),
        ("/a?x=1&y=2&x=3", {"x": ["4"]}, "/a?y=2&x=4"),
        ("/a?x=1", {"x": []}, "/a"),
        ("/a?x=", {"y": ["a b", "&"]}, "/a?x=&y=a+b&y=%26"),
    ],
)
def test_a_query_gets_other_values(address: str, changes: dict[str, list[str]], expected: str) -> None:
    assert with_query(address, changes) == expected
