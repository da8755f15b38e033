"""From a page to its address, and all pages at a glance."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import date
from typing import Any, Literal
from uuid import UUID

import pytest
from asgi_driver import request
from hypothesis import given, strategies as st

from vango import App, component, html as h, requires
from vango.application.paths import canonical
from vango.routing.page import Page
from vango.routing.pattern import Pattern
from vango.routing.routes import Routes
from vango.routing.table import lines, shadow


class Color(enum.Enum):
    RED = "red"
    BLUE = "deep blue"


def app_of_pages() -> App:
    app = App()

    @app.page("/")
    def home() -> object:
        return h.p[""]

    @app.page("/projects/{number:int}", name="project")
    @component
    def show(number: int) -> object:
        return h.p[number]

    @app.page("/tags/{tag}/{color}")
    async def tagged(tag: str, color: Color) -> object:
        return h.p[tag, color.value]

    @app.page("/files/{rest:path}")
    def files(rest: str) -> object:
        return h.p[rest]

    @app.page("/on/{day}/{which}/v{ratio:float}")
    def on(day: date, which: UUID, ratio: float) -> object:
        return h.p[str(day), str(which), ratio]

    return app


@pytest.mark.parametrize(
    ("target", "parameters", "address"),
    [
        ("home", {}, "/"),
        ("project", {"number": 7}, "/projects/7"),
        (
            "tagged",
            {"tag": "a b&c+d?e#f%", "color": Color.BLUE},
            "/tags/a%20b%26c%2Bd%3Fe%23f%25/deep%20blue",
        ),
        ("tagged", {"tag": "ä", "color": Color.RED}, "/tags/%C3%A4/red"),
        ("files", {"rest": "a/b c.txt"}, "/files/a/b%20c.txt"),
        ("files", {"rest": ""}, "/files/"),
        (
            "on",
            {"day": date(2024, 1, 2), "which": UUID(int=7), "ratio": 2.50},
            "/on/2024-01-02/00000000-0000-0000-0000-000000000007/v2.5",
        ),
    ],
)
def test_an_address_is_made_of_quoted_values(target: str, parameters: Any, address: str) -> None:
    assert app_of_pages().url_for(target, **parameters) == address


def test_a_function_stands_for_its_page_decorated_or_not() -> None:
    app = App()

    @component
    def show(number: int) -> object:
        return h.p[number]

    app.page("/a/{number:int}")(show)
    app.page("/b")(lambda: None)
    assert app.url_for(show, {"tab": "x y", "id": [1, 2]}, number=3) == "/a/3?tab=x+y&id=1&id=2"
    assert app.url_for(show.fn, number=3) == "/a/3"


@pytest.mark.parametrize(
    ("target", "parameters", "error", "sentence"),
    [
        ("projects", {}, LookupError, "no page of this name; there are files, home, on, project, tagged"),
        (print, {}, LookupError, "url_for(print): this is no page"),
        ("project", {}, ValueError, "it is at '/projects/{number:int}'; give each parameter"),
        ("project", {"id": 7}, ValueError, "url_for('project', id=7): it is at"),
        (
            "project",
            {"number": "7"},
            ValueError,
            "number='7' does not fit '/projects/{number:int}': it is no",
        ),
        ("project", {"number": True}, ValueError, "it is no int"),
        ("project", {"number": -1}, ValueError, "no path holds it"),
        ("project", {"number": 2**63}, ValueError, "no path holds it"),
        ("tagged", {"tag": "a/b", "color": Color.RED}, ValueError, "no single part of a path holds it"),
        ("tagged", {"tag": "..", "color": Color.RED}, ValueError, "no single part of a path holds it"),
        ("tagged", {"tag": "", "color": Color.RED}, ValueError, "no path holds it"),
        ("tagged", {"tag": "a\0", "color": Color.RED}, ValueError, "no path holds it"),
        ("tagged", {"tag": "a", "color": "red"}, ValueError, "it is none of red, deep blue"),
        ("files", {"rest": "../secret"}, ValueError, "it is no canonical path"),
        ("files", {"rest": "a//b"}, ValueError, "it is no canonical path"),
        ("files", {"rest": "a/.."}, ValueError, "it is no canonical path"),
    ],
)
def test_what_no_page_has_is_refused(
    target: Any, parameters: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error) as caught:
        app_of_pages().url_for(target, **parameters)
    assert sentence in str(caught.value)


def test_two_pages_of_one_function_need_names() -> None:
    app = App()

    def page() -> object:
        return None

    app.page("/a")(page)
    app.page("/b", name="second")(page)
    with pytest.raises(ValueError, match="it is at '/a' and '/b'; give each page a name"):
        app.url_for(page)
    assert app.url_for("second") == "/b"


@given(st.text(min_size=1, max_size=20))
def test_an_address_leads_back_to_its_values(text: str) -> None:
    pattern = Pattern.parse("/a/{value}/b")
    try:
        address = pattern.build({"value": text})
    except ValueError:
        # What no segment of a canonical path can be.
        assert set(text) & {"/", "\\", "\0"} or text in (".", "..") or not text.isprintable()
        return
    try:
        found = canonical(address)
    except ValueError:
        assert not text.isprintable()  # control characters are refused before anything is matched
        return
    assert pattern.match(found.path) == {"value": text}
    assert not found.moved


@pytest.mark.anyio
async def test_in_a_page_the_address_begins_where_the_application_is_mounted() -> None:
    app = App()

    @app.page("/")
    def home() -> object:
        return h.a(href=app.url_for("home"))["home"]

    async with app.lifespan():
        assert 'href="/"' in (await request(app, "/")).text
        assert 'href="/my%20shop/"' in (await request(app, "/", root_path="/my shop")).text
    assert app.url_for("home") == "/"


def test_a_table_shows_all_routes_in_the_order_in_which_they_are_tried() -> None:
    app = App()

    def requires_admin(request: object) -> None: ...

    def is_paid(user: object) -> bool:
        return True

    @app.layout("/")
    def frame(content: object) -> object:
        return content

    app.page("/{rest:path}", name="rest")(lambda rest: rest)
    admin = app.group("/admin", guards=[requires_admin])
    admin.page("/", name="admin")(lambda: None)
    app.page("/paid", name="paid", guards=[requires("editor", {"b", "a"}, is_paid)])(lambda: None)
    app.redirect("/old/{number:int}", "/new/{number}")

    @app.not_found
    def lost() -> object:
        return None

    assert app.routes() == [
        "PATH               PAGE                        GUARDS                                   LAYOUTS",
        "/admin             admin                       requires_admin                           frame",
        "/paid              paid                        requires('editor', {'a', 'b'}, is_paid)  frame",
        "/old/{number:int}  -> /new/{number:int} (307)  -                                        -",
        "/{rest:path}       rest                        -                                        frame",
        "/...               lost (404)                  -                                        frame",
    ]


def choices(*texts: str) -> Any:
    def page(one: str) -> object:
        return one

    page.__annotations__["one"] = Literal[texts]  # type: ignore[valid-type]
    return page


@pytest.mark.parametrize(
    ("patterns", "choice", "expected"),
    [
        (["/a"], ("a",), "/a"),
        (["/a", "/b"], ("a", "b"), "/b"),
        (["/a"], ("a", "b"), None),
        (["/c"], ("a", "b"), None),
    ],
)
def test_a_page_is_shadowed_by_those_that_take_all_its_paths(
    patterns: Iterable[str], choice: tuple[str, ...], expected: str | None
) -> None:
    routes = Routes()
    for pattern in patterns:
        routes.add(Page.at(pattern, lambda: None))
    page = Page.at("/{one}", choices(*choice))
    routes.add(page)
    assert shadow(routes, page) == expected
    notes = [line for line in lines(routes) if "is never shown" in line]
    assert len(notes) == (expected is not None)


def test_what_takes_all_the_rest_shadows_what_is_less_specific_before_it() -> None:
    routes = Routes()
    routes.add(Page.at("/a/{rest:path}", lambda rest: rest))
    page = Page.at("/{one}/b", choices("a"))
    routes.add(page)
    assert shadow(routes, page) == "/a/{rest:path}"


def test_a_page_below_files_is_shadowed() -> None:
    routes = Routes()
    below, beside = Page.at("/static/{name}", lambda name: name), Page.at("/static", lambda: None)
    routes.add(below)
    routes.add(beside)
    assert shadow(routes, below, ["/static"]) == "/static"
    assert shadow(routes, beside, ["/static"]) is None


@pytest.mark.anyio
async def test_an_error_page_does_not_stand_for_the_icon_that_browsers_ask_for() -> None:
    app = App()
    app.not_found(lambda: h.p["lost"])
    async with app.lifespan():
        assert (await request(app, "/favicon.ico")).status == 204
        assert app.registry.statistics().waiting == 0
        assert (await request(app, "/other.ico")).status == 404
        assert app.registry.statistics().waiting == 1
