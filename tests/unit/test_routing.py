"""Pages by path: what matches, and what is refused when it is registered."""

import pytest

from vango.application.routing import Match, Page, Routes
from vango.components.component import component


def item(number: int, name: str) -> object:
    return f"{number} {name}"


def page(pattern: str, function: object = None) -> Page:
    return Page(pattern, function or (lambda **parameters: parameters))  # type: ignore[arg-type]


def test_parameters_reach_the_function_by_name_and_type() -> None:
    routes = Routes()
    routes.add(page("/item/{number:int}/{name}", item))
    match = routes.match("/item/7/blue")
    assert isinstance(match, Match)
    assert repr(match.root()) == "item(number=7, name='blue')"


def test_a_component_may_be_the_function_itself() -> None:
    assert (
        repr(Match(page("/", component(item)), {"number": 7, "name": "blue"}).root())
        == "item(number=7, name='blue')"
    )


def test_the_first_page_that_matches_is_shown() -> None:
    routes = Routes()
    routes.add(page("/item/new"))
    routes.add(page("/item/{name}"))
    matches = [routes.match(path) for path in ("/item/new", "/item/old", "/item/", "/item", "/other")]
    assert [match and match.page.pattern for match in matches] == [
        "/item/new",
        "/item/{name}",
        None,
        None,
        None,
    ]


def test_a_number_that_python_does_not_convert_is_no_match() -> None:
    assert page("/item/{number:int}").match("/item/" + "9" * 5000) is None


def test_a_path_that_no_page_could_show_is_no_match() -> None:
    routes = Routes()
    routes.add(page("/{name}"))
    assert routes.match("/ann") is not None
    assert routes.match("/an\0n") is None


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("home", "write '/home'"),
        ("/{name:strange}", "Unknown path convertor 'strange'"),
        ("/{name}/{name}", "Duplicated param name"),
    ],
)
def test_a_malformed_path_is_refused(pattern: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Routes().add(page(pattern))


def test_a_path_is_registered_once() -> None:
    routes = Routes()
    routes.add(page("/"))
    with pytest.raises(ValueError, match="a page at '/' already"):
        routes.add(page("/"))


async def late() -> None: ...


def test_an_async_function_may_be_a_page() -> None:
    routes = Routes()
    routes.add(page("/", late))
    match = routes.match("/")
    assert match is not None
    assert "late" in repr(match.root())


@pytest.mark.parametrize("pattern", ["/", "/{other}", "/{name}/{other}"])
def test_a_function_that_does_not_take_the_parameters_is_refused(pattern: str) -> None:
    with pytest.raises(TypeError, match="does not fit its path"):
        Routes().add(page(pattern, lambda name: name))


@pytest.mark.parametrize("wrong", ["home", Page, None])
def test_what_is_no_function_is_refused(wrong: object) -> None:
    with pytest.raises(TypeError, match="decorates a function"):
        Routes().add(Page("/", wrong))  # type: ignore[arg-type]
