"""Every page of every example, and styles of the first paint, under the hardened policy of content."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from vango import csp

from .conftest import TESTS
from .serving import ROOT, Server
from .test_examples import EXAMPLES as GALLERY
from .watch import HELLO_OK, Watch

EXAMPLES = {
    "examples.gallery:app": ["/", *GALLERY.values(), "/signup", "/nowhere"],
    "examples.board.app:app": ["/", "/new", "/login", "/issues/1", "/issues/1/edit", "/nowhere"],
    "examples.members:app": ["/", "/login", "/members", "/admin"],
    "examples.channels.app:app": ["/"],
    "examples.library:app": ["/", "/about", "/books/1"],
    "examples.bookcase:app": ["/", "/staff", "/kinds/novel", "/books/1", "/books/1/notes", "/nowhere"],
    "examples.signup:app": ["/"],
    "examples.inside.fastapi_host:host": ["/", "/shop/"],
    "examples.inside.django_host:host": ["/", "/shop/"],
}
# What an answer that is no page at all has to say for itself.
STATUS = re.compile(r"the server responded with a status of (404|403|500)|favicon.ico")


@pytest.fixture(scope="module", params=EXAMPLES)
def example(request: pytest.FixtureRequest) -> Iterator[tuple[Server, list[str]]]:
    """An example with the paths of its pages."""
    with Server(request.param) as server:
        yield server, EXAMPLES[request.param]


def policy_of(headers: dict[str, str]) -> dict[str, str]:
    parts = re.split(r";\s*", headers["content-security-policy"])
    return dict(part.split(maxsplit=1) for part in parts)


def test_every_example_is_tried() -> None:
    written = {
        ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for file in (ROOT / "examples").rglob("*.py")
        if re.search(r"^(app|host) = ", file.read_text(), re.MULTILINE)
    }
    assert {target.partition(":")[0] for target in EXAMPLES} == written


def test_every_page_of_an_example_is_tried() -> None:
    for target, paths in EXAMPLES.items():
        source = (ROOT / target.partition(":")[0].replace(".", "/")).with_suffix(".py").read_text()
        static = set(re.findall(r'\.page\("(/[^{"]*)"', source)) if target.endswith(":app") else set()
        assert static <= set(paths), target


def test_every_example_is_served_under_a_strict_policy(
    page: Page, example: tuple[Server, list[str]], watch: Watch
) -> None:
    watch.allow(STATUS.pattern)
    server, paths = example
    for path in paths:
        response = page.goto(server.url + path)
        assert response is not None
        policy = policy_of(response.headers)
        styles = policy.pop("style-src-attr", "'unsafe-hashes'").split()
        assert policy == policy_of({"content-security-policy": str(csp("hardened"))}), path
        assert styles[0] == "'unsafe-hashes'"
        assert all(source.startswith("'sha256-") for source in styles[1:])
        if page.locator('meta[name="vango"]').count():
            expect(page.locator("html")).to_have_attribute("data-vango", "connected")
        else:
            assert response.status in (403, 404, 500), path
    assert watch.received(HELLO_OK)


@pytest.fixture(scope="module")
def styled() -> Iterator[Server]:
    """`styled_pages.py`, served."""
    with Server("e2e.styled_pages:app", TESTS) as server:
        yield server


def computed(page: Page, selector: str, name: str) -> str:
    return str(
        page.locator(selector).evaluate(
            "(element, name) => getComputedStyle(element).getPropertyValue(name)", name
        )
    )


def test_styles_of_the_first_paint_show_before_any_script_runs(page: Page, styled: Server) -> None:
    page.route("**/*.js", lambda route: route.abort())
    page.route("**/vango/client/**", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(styled.url)
    assert computed(page, "#fixed", "width") == "123px"
    assert computed(page, "#odd", "--said") == '"a&<>\'b"'


def test_styles_change_live(page: Page, styled: Server) -> None:
    page.goto(styled.url)
    assert computed(page, "#moving", "left") == "0px"
    page.get_by_role("button").click()
    expect(page.locator("#moving")).to_have_css("left", "10px")
    expect(page.locator("#later")).to_have_css("width", "77px")


def test_a_style_that_no_element_was_given_does_not_show(page: Page, styled: Server, watch: Watch) -> None:
    page.goto(styled.url + "/raw")
    expect(page.locator("html")).to_have_attribute("data-vango", "connected")
    assert computed(page, "#given", "width") == "50px"
    assert computed(page, "#smuggled", "position") == "static"
    assert len(watch.problems) == 2  # as the event says it, and as the console does
    assert all("style-src-attr" in problem for problem in watch.problems)
    watch.problems.clear()


def test_more_styles_than_a_policy_names_are_told_in_the_log(
    page: Page, styled: Server, watch: Watch
) -> None:
    watch.allow("style-src-attr")
    page.goto(styled.url + "/many")
    assert computed(page, "#n31", "margin-left") == "31px"
    assert computed(page, "#n32", "margin-left") == "0px"
    assert styled.logs("has 40 different style= attributes")
