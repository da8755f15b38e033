"""Pages by path: what matches, which of several is meant, and what is refused when it is registered."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from datetime import date
from random import Random
from typing import Annotated, Any, Literal, NewType
from uuid import UUID

import pytest
from hypothesis import example, given, strategies as st

from vango.components.component import component
from vango.guards import requires
from vango.routing.group import Group
from vango.routing.page import Area, Layout, Page
from vango.routing.pattern import Pattern
from vango.routing.routes import Match, Routes


def item(number: int, name: str) -> object:
    return f"{number} {name}"


class State(enum.Enum):
    OPEN = "open"
    DONE = "done"


Number = NewType("Number", int)
Key = UUID("12345678-1234-5678-1234-567812345678")


def anything(**parameters: object) -> object:
    return parameters


def routes_of(*patterns: str) -> Routes:
    routes = Routes()
    for pattern in patterns:
        routes.add(Page.at(pattern, anything))
    return routes


def shown(routes: Routes, path: str) -> str | None:
    match = routes.match(path)
    return None if match is None else str(match.entry.pattern)


def test_parameters_reach_the_function_by_name_and_type() -> None:
    routes = Routes()
    routes.add(Page.at("/item/{number:int}/{name}", item))
    match = routes.match("/item/7/blue")
    assert isinstance(match, Match)
    assert match.parameters == {"number": 7, "name": "blue"}


def test_a_component_may_be_the_function_itself() -> None:
    assert Page.at("/{number}/{name}", component(item)).pattern.match("/7/a") == {"number": 7, "name": "a"}


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("/item/new", "/item/new"),
        ("/item/7", "/item/{number:int}"),
        ("/item/v7", "/item/v{version:int}"),
        ("/item/seven", "/item/{name}"),
        ("/item/7/x", "/item/{rest:path}"),
        ("/item/", "/item/{rest:path}"),
        ("/item", None),
        ("/7/edit", "/{name}/edit"),
        ("/item/edit", "/item/{name}"),
        ("/", None),
    ],
)
def test_static_comes_before_typed_before_plain_before_all_the_rest(path: str, pattern: str | None) -> None:
    patterns = [
        "/item/{rest:path}",
        "/{name}/edit",
        "/item/{name}",
        "/item/v{version:int}",
        "/item/{number:int}",
        "/item/new",
    ]
    assert shown(routes_of(*patterns), path) == pattern
    assert shown(routes_of(*reversed(patterns)), path) == pattern


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int", "0", 0),
        ("int", "007", 7),
        ("int", "9223372036854775807", 2**63 - 1),
        ("int", "9223372036854775808", None),
        ("int", "9" * 5000, None),
        ("int", "-1", None),
        ("int", "+1", None),
        ("int", "1_0", None),
        ("int", "1.0", None),
        ("int", " 1", None),
        ("int", "1\n", None),
        ("int", "\u0661", None),  # a digit, but not one of ASCII
        ("int", "", None),
        ("int", "x", None),
        ("int", "1/2", None),
        ("float", "1.5", 1.5),
        ("float", "2", 2.0),
        ("float", "1e5", None),
        ("float", "nan", None),
        ("float", "inf", None),
        ("float", ".5", None),
        ("float", "1.", None),
        ("uuid", str(Key), Key),
        ("uuid", str(Key).upper(), Key),
        ("uuid", Key.hex, None),
        ("uuid", "{" + str(Key) + "}", None),
        ("date", "2024-02-29", date(2024, 2, 29)),
        ("date", "2023-02-29", None),
        ("date", "2024-W01-1", None),
        ("date", "20240229", None),
        ("str", "a" * 1024, "a" * 1024),
        ("str", "a" * 1025, None),
        ("str", "", None),
        ("str", "a/b", None),
        ("str", "a\0b", None),
        ("path", "a/b", "a/b"),
        ("path", "", ""),
        ("path", "a\0b", None),
    ],
)
def test_what_is_no_such_value_is_no_match(kind: str, text: str, value: object) -> None:
    match = routes_of(f"/{{value:{kind}}}").match(f"/{text}")
    assert (None if match is None else match.parameters["value"]) == value
    if match is not None:
        assert type(match.parameters["value"]) is type(value)


@pytest.mark.parametrize(
    ("annotation", "text", "value"),
    [
        (int, "7", 7),
        (int, "x", None),
        (str, "x", "x"),
        (float, "1.5", 1.5),
        (UUID, str(Key), Key),
        (date, "2024-01-31", date(2024, 1, 31)),
        (date, "2024-01-32", None),
        (State, "open", State.OPEN),
        (State, "OPEN", None),
        (Literal["new", "old"], "old", "old"),
        (Literal["new", "old"], "olds", None),
        (Literal[1, 2], "2", 2),
        (Literal[1, 2], "02", None),
        (Number, "7", 7),
        (Annotated[int, "an id"], "7", 7),
        (Any, "7", "7"),
    ],
)
def test_an_annotation_says_what_a_parameter_is(annotation: Any, text: str, value: object) -> None:
    def page(value: object) -> object:
        return value

    page.__annotations__["value"] = annotation
    found = Page.at("/{value}", page).pattern.match(f"/{text}")
    assert (None if found is None else found["value"]) == value


def test_annotations_that_are_texts_are_read_where_they_were_written() -> None:
    local = Literal["a", "b"]

    def page(day: date, state: State, choice: local) -> object:  # type: ignore[valid-type]
        return local, day, state, choice

    pattern = Page.at("/{day}/{state}/{choice}", page).pattern
    assert pattern.match("/2024-01-02/done/b") == {
        "day": date(2024, 1, 2),
        "state": State.DONE,
        "choice": "b",
    }


@pytest.mark.parametrize("annotation", [bool, "int | None", bytes, list, Literal[True], enum.IntFlag])
def test_an_annotation_that_no_text_can_be_is_refused(annotation: Any) -> None:
    def page(value: object) -> object:
        return value

    page.__annotations__["value"] = annotation
    with pytest.raises(TypeError, match="value"):
        Page.at("/{value}", page)


def test_an_annotation_that_means_nothing_is_refused_and_a_convertor_helps() -> None:
    def page(value: Elsewhere) -> object:  # type: ignore[name-defined]  # noqa: F821
        return value

    with pytest.raises(TypeError, match=r"name the convertor in the path: \{value:int\}"):
        Page.at("/{value}", page)
    assert Page.at("/{value:int}", page).pattern.match("/7") == {"value": 7}


def test_a_path_and_an_annotation_that_differ_are_refused() -> None:
    def page(value: UUID) -> object:
        return value

    with pytest.raises(TypeError, match=r"says int of \{value\}, and .*page.* says uuid"):
        Page.at("/{value:int}", page)


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("home", "write '/home'"),
        ("/{name:strange}", "no convertor 'strange'; there are str, path, int"),
        ("/{name}/{name}", "names {name} twice"),
        ("/{a}{b}", "put a slash between them"),
        ("/{a", "a brace alone"),
        ("/{not-a-name}", "is no name of a parameter"),
        ("/{}", "is no name of a parameter"),
        ("/a//b", "no canonical path has"),
        ("/a/../b", "no canonical path has"),
        ("/{rest:path}/edit", "stands last"),
        ("/files{rest:path}", "put a slash before it"),
        ("/a?b", "without its query"),
        ("/a%20b", "write the path decoded"),
        ("/a\\b", "write the path decoded"),
    ],
)
def test_a_malformed_path_is_refused(pattern: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        Page.at(pattern, anything)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("/", "/"),
        ("/item/{name}", "/item/{other}"),
        ("/{a:int}/x", "/{b:int}/x"),
        ("/a{x}", "/{x}b"),
        ("/{rest:path}", "/{other:path}"),
    ],
)
def test_paths_that_may_both_match_and_of_which_none_is_more_specific_are_refused(
    first: str, second: str
) -> None:
    routes = routes_of(first)
    with pytest.raises(ValueError, match=r"already|neither is more specific"):
        routes.add(Page.at(second, anything))
    assert [str(entry.pattern) for entry in routes] == [first]


@pytest.mark.parametrize(
    ("first", "second"),
    [("/{a:int}", "/{b:uuid}"), ("/{a:int}", "/{b:float}"), ("/a{x}", "/b{x}"), ("/{x}/a", "/{x}/b")],
)
def test_paths_that_differ_may_stand_side_by_side(first: str, second: str) -> None:
    assert len(list(routes_of(first, second))) == 2


def test_choices_that_have_one_in_common_are_ambiguous() -> None:
    def one(kind: Literal["a", "b"]) -> object:
        return kind

    def two(kind: Literal["b", "c"]) -> object:
        return kind

    def three(kind: Literal["c", "d"]) -> object:
        return kind

    routes = Routes()
    routes.add(Page.at("/{kind}", one))
    routes.add(Page.at("/{kind}", three))
    with pytest.raises(ValueError, match="neither is more specific"):
        routes.add(Page.at("/{kind}", two))


# Of random patterns, the most specific one that fits is meant, however they were registered.

TEXTS = ["a", "b", "1", "12", "1.5", "x1", "2024-01-02", ""]
SEGMENTS = ["a", "b", "1", "{0:int}", "{0:float}", "{0:date}", "{0}", "x{0:int}", "x{0}", "{0}1"]


@st.composite
def patterns(draw: st.DrawFn) -> str:
    count = draw(st.integers(1, 3))
    parts = [draw(st.sampled_from(SEGMENTS)).replace("{0", f"{{p{index}") for index in range(count)]
    if draw(st.booleans()):
        parts.append(draw(st.sampled_from(["", "{rest:path}"])))
    return "/" + "/".join(parts)


def kind_of(segment: str) -> int:
    if "{" not in segment:
        return 0
    return 3 if ":path" in segment else 1 if ":" in segment else 2


@example(["/{p0:int}/{rest:path}", "/{p0:float}/1"], [["1", "1"]], Random(0))
@example(["/x{p0}/{p1}", "/{p0}/1"], [["x1", "1"]], Random(0))
@given(
    st.lists(patterns(), min_size=1, max_size=8, unique=True),
    st.lists(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4), min_size=1, max_size=8),
    st.randoms(use_true_random=False),
)
def test_the_most_specific_pattern_is_meant_whatever_the_order(
    found: list[str], paths: list[list[str]], dice: Any
) -> None:
    routes = Routes()
    kept = []
    for text in found:
        try:
            routes.add(Page.at(text, anything))
        except ValueError:
            continue
        kept.append(text)
    again = list(kept)
    dice.shuffle(again)
    others = routes_of(*again)
    for parts in paths:
        path = "/" + "/".join(parts)
        fitting = [text for text in kept if Pattern.parse(text).match(path) is not None]
        meant = shown(routes, path)
        assert meant == shown(others, path)
        assert (meant is None) == (not fitting)
        if meant is not None:
            # No other that fits is of a lower kind in the first segment in which the kinds differ.
            kinds = [[kind_of(part) for part in text[1:].split("/")] for text in fitting]
            assert [kind_of(part) for part in meant[1:].split("/")] == min(kinds)


@given(st.lists(patterns(), min_size=1, max_size=3, unique=True), st.lists(st.text(max_size=5), max_size=4))
def test_no_path_raises(found: list[str], parts: list[str]) -> None:
    routes = Routes()
    for text in found:
        try:
            routes.add(Page.at(text, anything))
        except ValueError:
            continue
    match = routes.match("/" + "/".join(parts))
    assert match is None or match.entry in list(routes)


# What a page function has to be.


async def late() -> None: ...


def test_an_async_function_may_be_a_page() -> None:
    page = Page.at("/", late)
    assert "late" in repr(page.component())


@pytest.mark.parametrize("pattern", ["/", "/{other}", "/{name}/{other}"])
def test_a_function_that_does_not_take_the_parameters_is_refused(pattern: str) -> None:
    with pytest.raises(TypeError, match="does not fit its path"):
        Page.at(pattern, lambda name: name)


@pytest.mark.parametrize("wrong", ["home", Page, None])
def test_what_is_no_function_is_refused(wrong: object) -> None:
    with pytest.raises(TypeError, match="decorates a function"):
        Page.at("/", wrong)  # type: ignore[arg-type]


# Layouts and groups.


def group() -> tuple[Group, Routes]:
    routes = Routes()
    return Group(routes, Area()), routes


def frame(content: object) -> object:
    return content


def around(routes: Routes, path: str) -> list[str]:
    match = routes.match(path)
    assert match is not None
    return [f"{layout.pattern}" for layout in match.layouts]


def test_layouts_are_those_of_the_path_from_the_outside() -> None:
    app, routes = group()
    for path in ("/projects/{number:int}", "/", "/projects", "/other"):
        app.layout(path)(lambda content: content)
    for path in ("/", "/projects", "/projects/{n:int}/edit", "/projects/new", "/projectsx"):
        app.page(path)(anything)
    assert around(routes, "/") == ["/"]
    assert around(routes, "/projects") == ["/", "/projects"]
    assert around(routes, "/projects/7/edit") == ["/", "/projects", "/projects/{number:int}"]
    assert around(routes, "/projects/new") == ["/", "/projects"]
    assert around(routes, "/projectsx") == ["/"]


def test_a_layout_gets_those_parameters_that_it_names_by_its_own_names() -> None:
    app, routes = group()

    @app.layout("/p/{number:int}")
    def named(content: object, number: int) -> object:
        return content, number

    @app.layout("/p/{number:int}/{tab}")
    def unnamed(content: object) -> object:
        return content

    app.page("/p/{n:int}/{which}/x")(anything)
    match = routes.match("/p/7/notes/x")
    assert match is not None
    parameters: list[Mapping[str, object]] = [step.parameters for step in match.steps]
    assert parameters == [{"number": 7}, {}, {"n": 7, "which": "notes"}]


def guard(name: str) -> Callable[[object], None]:
    def asked(request: object) -> None: ...

    asked.__name__ = name
    return asked


def names(match: Match | None) -> list[str]:
    assert match is not None
    return [guard.__name__ for guard in match.guards]


def test_a_group_has_its_path_its_guards_and_its_layout_and_nobody_else_has_them() -> None:
    app, routes = group()
    app.layout("/")(frame)
    admin = app.group("/admin", guards=[guard("outer")], layout=lambda content: content)
    admin.layout("/users", guards=[guard("around")])(lambda content: content)
    inner = admin.group("/users", guards=[guard("inner")])
    app.page("/admin/login")(anything)
    admin.page("/")(anything)
    inner.page("/{number:int}", guards=[guard("own")])(anything)
    assert names(routes.match("/admin/login")) == []
    assert around(routes, "/admin/login") == ["/"]
    assert names(routes.match("/admin")) == ["outer"]
    assert around(routes, "/admin") == ["/", "/admin"]
    assert names(routes.match("/admin/users/7")) == ["outer", "inner", "around", "own"]
    assert around(routes, "/admin/users/7") == ["/", "/admin", "/admin/users"]


@pytest.mark.parametrize(
    ("register", "kind", "sentence"),
    [
        (lambda app: app.layout("/x")(lambda: None), TypeError, "takes no content: write def"),
        (lambda app: app.layout("/x")(lambda content, other: None), TypeError, "takes 'other', which nobody"),
        (lambda app: app.layout("/{rest:path}")(lambda content: None), ValueError, "lies at their beginning"),
        (lambda app: app.layout("/x")(late), TypeError, "is an async def"),
        (lambda app: [app.layout("/x")(frame) for _ in range(2)], ValueError, "a layout at '/x' already"),
        (lambda app: app.layout(frame), TypeError, "needs its path"),
        (lambda app: app.page(anything), TypeError, "needs its path"),
        (lambda app: app.page("/x", guards=guard("one"))(anything), TypeError, "write guards="),
        (lambda app: app.page("/x", guards=["admin"])(anything), TypeError, "a function of the request"),
        (lambda app: app.page("/x", guards=[requires])(anything), TypeError, "write requires()"),
        (lambda app: app.page("/x", status=700)(anything), ValueError, "404 for instance"),
        (lambda app: app.page("/x", status=302)(anything), ValueError, "404 for instance"),
        (lambda app: app.page("/x", status="404")(anything), ValueError, "404 for instance"),
        (lambda app: app.group("admin"), ValueError, "write '/admin'"),
        (lambda app: app.group("/admin/"), ValueError, "leave the slash"),
        (lambda app: app.not_found(lambda number: number), TypeError, "takes 'number', which nobody gives"),
        (lambda app: [app.not_found(lambda: None) for _ in range(2)], ValueError, "not_found page at '/'"),
        (lambda app: app.redirect("/a", "https://example.com"), ValueError, "leads within the application"),
        (lambda app: app.redirect("/a", "//example.com"), ValueError, "leads within the application"),
        (lambda app: app.redirect("/a", "/b/{id}"), ValueError, "no such parameter {id}"),
        (lambda app: app.redirect("/{number:int}", "/b/{id:uuid}"), ValueError, "no such parameter {id}"),
        (lambda app: app.redirect("/a", "/a"), ValueError, "leads to itself"),
        (lambda app: app.redirect("/a", "/b", status=301), ValueError, "write 307, or 308"),
    ],
)
def test_what_could_never_work_is_refused(
    register: Callable[[Group], object], kind: type[Exception], sentence: str
) -> None:
    app, _ = group()
    with pytest.raises(kind) as caught:
        register(app)
    assert sentence in str(caught.value)


def test_a_redirect_is_found_like_a_page_and_takes_the_query_along() -> None:
    app, routes = group()
    app.redirect("/item/{number:int}", "/products/{number}")
    app.redirect("/latest", "/products?sort=new", status=308)
    match, latest = routes.match("/item/07"), routes.match("/latest")
    assert match is not None
    assert latest is not None
    assert match.entry.leads_to(match.parameters, "a=1") == "/products/7?a=1"  # type: ignore[union-attr]
    assert latest.entry.leads_to({}, "a=1") == "/products?sort=new"  # type: ignore[union-attr]
    assert (match.status, latest.status) == (307, 308)
    assert routes.match("/item/x") is None


def test_the_nearest_page_stands_for_what_is_missing() -> None:
    app, routes = group()
    app.layout("/")(frame)
    app.layout("/projects")(lambda content: content)
    assert routes.missing("/anything") is None
    app.not_found(lambda: "nothing")
    admin = app.group("/admin", guards=[guard("outer")])
    admin.not_found(lambda: "nothing of an admin")
    app.not_found("/projects/{number:int}")(lambda number: number)
    top, inner, guarded = map(routes.missing, ("/projects/x", "/projects/7/x/y", "/admin/x"))
    assert top is not None
    assert inner is not None
    assert guarded is not None
    assert (top.status, [str(step.shown.pattern) for step in top.steps]) == (404, ["/", "/"])
    assert [str(step.shown.pattern) for step in inner.steps] == ["/", "/projects", "/projects/{number:int}"]
    assert inner.steps[-1].parameters == {"number": 7}
    assert names(guarded) == ["outer"]


def test_what_is_forbidden_shows_only_layouts_whose_guards_let_the_request_through() -> None:
    app, routes = group()
    app.layout("/")(frame)
    app.forbidden(lambda: "no")
    first, second = guard("first"), guard("second")
    admin = app.group("/admin", guards=[first], layout=lambda content: content)
    admin.forbidden(lambda: "not you either")
    admin.page("/users", guards=[second])(anything)
    match = routes.match("/admin/users")
    assert match is not None
    outside, inside = routes.forbidden(match, 0), routes.forbidden(match, 1)
    assert outside is not None
    assert inside is not None
    assert [str(step.shown.pattern) for step in outside.steps] == ["/", "/"]
    assert [str(step.shown.pattern) for step in inside.steps] == ["/", "/admin", "/admin"]
    assert (outside.status, inside.status) == (403, 403)
    assert [type(step.shown) for step in inside.steps[:2]] == [Layout, Layout]
