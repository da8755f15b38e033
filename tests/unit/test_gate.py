"""vango.application.gate: one answer for whoever asks."""

from __future__ import annotations

import pytest

from vango import Forbidden, NotFound, Redirect, Request
from vango.application.gate import Admitted, Denied, Gatekeeper, Redirected
from vango.clock import VirtualClock
from vango.guards import Guard, Outcome
from vango.routing.page import Page
from vango.routing.routes import Routes

pytestmark = pytest.mark.anyio


def gate(*guards: Guard, pattern: str = "/a/{n:int}") -> Gatekeeper:
    routes = Routes()

    def page(n: int) -> str:
        return f"page {n}"

    routes.add(Page.at(pattern, page, guards=guards))
    return Gatekeeper(routes, VirtualClock(), print)


async def test_a_page_without_guards_is_for_everybody_and_the_request_says_which_it_is() -> None:
    verdict = await gate().admit("/app/a/7?x=1", Request(mount="/app", scope={"type": "http"}))
    assert isinstance(verdict, Admitted)
    request = verdict.request
    assert (request.address, request.path, dict(request.params)) == ("/app/a/7?x=1", "/a/7", {"n": 7})
    assert request.scope == {}


async def test_guards_are_asked_in_their_order_until_one_says_no() -> None:
    asked: list[str] = []

    def first(request: Request) -> None:
        asked.append(f"first {request.params['n']}")
        assert request.scope == {"type": "http"}

    async def second(request: Request) -> Outcome:
        asked.append("second")
        return Forbidden("Not on Mondays.")

    def third(request: Request) -> None:
        asked.append("third")

    verdict = await gate(first, second, third).admit("/a/7", Request(scope={"type": "http"}))
    assert isinstance(verdict, Denied)
    assert (verdict.status, verdict.message) == (403, "Not on Mondays.")
    assert asked == ["first 7", "second"]


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Redirect("/login?next=%2Fa"), Redirected("/app/login?next=%2Fa")),
        (NotFound(), (404, "")),
        (Forbidden(), (403, "You may not see this page.")),
    ],
)
@pytest.mark.parametrize("way", ["returned", "raised"])
async def test_an_outcome_may_be_returned_or_raised(outcome: Outcome, expected: object, way: str) -> None:
    def guard(request: Request) -> Outcome:
        if way == "raised":
            raise outcome
        return outcome

    verdict = await gate(guard).admit("/app/a/7", Request(mount="/app"))
    assert (verdict if isinstance(verdict, Redirected) else (verdict.status, verdict.message)) == expected


@pytest.mark.parametrize("answer", [True, False, 403, "no"])
async def test_a_guard_that_answers_nonsense_lets_nobody_in(answer: object) -> None:
    with pytest.raises(TypeError, match="return None to let a request through"):
        await gate(lambda request: answer).admit("/a/7", Request())  # type: ignore[arg-type, return-value]


async def test_what_a_guard_raises_lets_nobody_in() -> None:
    def guard(request: Request) -> None:
        raise KeyError("secret")

    with pytest.raises(KeyError):
        await gate(guard).admit("/a/7", Request())


@pytest.mark.parametrize("address", ["/b", "/a/x", "/a/%2F7", "/a\\7", "/a/7%00", ""])
async def test_where_there_is_no_page_no_guard_is_asked(address: str) -> None:
    def guard(request: Request) -> None:
        raise AssertionError

    verdict = await gate(guard).admit(address, Request())
    assert isinstance(verdict, Denied)
    assert verdict.status == 404


async def test_an_address_that_is_spelled_otherwise_is_sent_to_its_one_spelling() -> None:
    assert await gate().admit("//a/./7?x=1", Request()) == Redirected("/a/7?x=1", 307)


@pytest.mark.parametrize(
    "to",
    [
        *(
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/%2f/evil.example",
            "https://evil.example/",
        ),
        *(
            "https:evil.example",
            "javascript:alert(1)",
            "",
            "evil",
            "/a\r\nSet-Cookie: a=b",
            "https://@evil.example",
        ),
        *(
            "https://pay.example@evil.example/",
            "https://pay.example:444/",
            "http://pay.example/",
            "/a//b/../c",
        ),
        *(
            "https://pay.example.evil.example/",
            "https://pay.example/\r\nX: y",
            "https://p\N{CYRILLIC SMALL LETTER A}y.example/",
        ),
    ],
)
async def test_s001_49_a_guard_that_leads_astray_lets_nobody_go_there(to: str) -> None:
    keeper = gate(lambda request: Redirect(to))
    keeper.redirects = {"https://pay.example:443"}
    with pytest.raises(ValueError, match="allowed_redirects"):
        await keeper.admit("/a/7", Request())


async def test_s001_49_a_guard_leads_to_origins_that_are_named() -> None:
    for to in ("https://pay.example/a?b#c", "https://PAY.example:443/"):
        keeper = gate(lambda request, to=to: Redirect(to))
        keeper.redirects = {"https://pay.example:443"}
        assert await keeper.admit("/app/a/7", Request(mount="/app")) == Redirected(to)
