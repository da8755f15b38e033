"""The CSRF value: bound to its browser, masked in pages, asked of HELLO and of a host's own requests."""

import json
import re
from base64 import urlsafe_b64decode
from html import unescape

import pytest
from asgi_driver import request
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from vango import App, html as h
from vango.application.cookies import COOKIE
from vango.application.csrf import CSRF_COOKIE, Csrf
from vango.application.origins import OriginPolicy

OLD, NEW, OTHER = "a" * 32, "b" * 32, "c" * 32
ANN, BOB = "A" * 22, "B" * 22


def csrf(*keys: str) -> Csrf:
    return Csrf(keys or (NEW,), OriginPolicy())


def test_a_value_is_that_of_its_browser_alone() -> None:
    value = csrf().value(ANN)
    assert csrf().is_genuine(value, ANN)
    assert not csrf().is_genuine(value, BOB)
    assert not csrf(OTHER).is_genuine(value, ANN)


def test_a_value_lives_as_long_as_its_key_is_known() -> None:
    assert csrf(OLD, NEW).is_genuine(csrf(OLD).value(ANN), ANN)
    assert csrf(NEW).is_genuine(csrf(OLD, NEW).value(ANN), ANN)
    assert not csrf(NEW).is_genuine(csrf(OLD).value(ANN), ANN)


def test_a_page_carries_another_text_each_time_and_never_the_bare_one() -> None:
    bare, masked = csrf().value(ANN), [csrf().masked(ANN, session) for session in ("s1", "s2")]
    assert csrf().masked(ANN, "s1") == masked[0] != masked[1]
    assert all(csrf().is_genuine(text, ANN) and not csrf().is_genuine(text, BOB) for text in masked)
    halves = [urlsafe_b64decode(text)[24:] for text in masked]
    assert urlsafe_b64decode(bare) not in halves


@pytest.mark.parametrize("position", range(0, 64, 7))
def test_a_changed_value_is_none(position: int) -> None:
    value = csrf().masked(ANN, "s1")
    other = "A" if value[position] != "A" else "B"
    assert not csrf().is_genuine(value[:position] + other + value[position + 1 :], ANN)


@pytest.mark.parametrize(
    "value", ["", "x", "=", "A" * 32, "A" * 64, "A" * 128, "\N{SNOWMAN}" * 32, "A" * 65_536]
)
def test_what_is_no_value_is_refused(value: str) -> None:
    assert not csrf().is_genuine(value, ANN)


app = App(secret=NEW)


@app.page("/form")
def form() -> object:
    return h.form(method="post", action="/save")[app.csrf.field()]


async def save(asked: Request) -> PlainTextResponse:
    await app.csrf.check(asked)
    return PlainTextResponse(await asked.body())


host = Starlette(
    routes=[Route("/save", save, methods=["GET", "POST"]), Mount("/", app)], lifespan=app.lifespan
)
FORM = "application/x-www-form-urlencoded"


@pytest.mark.anyio
async def test_a_page_gives_the_cookie_and_the_field_and_says_the_value() -> None:
    async with app.lifespan():
        answer = await request(host, "/form", headers={"Cookie": f"{COOKIE}={ANN}"})
        (cookie,) = answer.all("set-cookie")
        live = json.loads(unescape(re.search(r'name="vango" content="([^"]*)"', answer.text)[1]))  # type: ignore[index]
        field = re.search(r'value="([^"]*)" name="csrf_token"', answer.text)
        assert cookie.partition(";")[0] == f"{CSRF_COOKIE}={app.csrf.value(ANN)}"
        assert "httponly" not in cookie.lower()
        assert app.csrf.is_genuine(live["csrf"], ANN)
        assert field is not None
        assert app.csrf.is_genuine(field[1], ANN)

        again = {"Cookie": f"{COOKIE}={ANN}; {CSRF_COOKIE}={app.csrf.value(ANN)}"}
        assert (await request(host, "/form", headers=again)).all("set-cookie") == []
        swapped = {"Cookie": f"{COOKIE}={ANN}; {CSRF_COOKIE}={app.csrf.value(BOB)}"}
        assert len((await request(host, "/form", headers=swapped)).all("set-cookie")) == 1


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"X-CSRF-Token": app.csrf.value(ANN), "Content-Type": FORM}, b"a=1", 200),
        ({"Content-Type": FORM}, b"a=1&csrf_token=" + app.csrf.masked(ANN, "s").encode(), 200),
        ({"Content-Type": FORM}, b"a=1", 403),
        ({"Content-Type": FORM}, b"a=1&csrf_token=" + app.csrf.value(BOB).encode(), 403),
        ({"X-CSRF-Token": app.csrf.value(BOB)}, b"", 403),
        ({"X-CSRF-Token": ""}, b"", 403),
        ({"X-CSRF-Token": app.csrf.value(ANN), "Origin": "http://evil.example"}, b"", 403),
        ({"X-CSRF-Token": app.csrf.value(ANN), "Origin": "null"}, b"", 403),
        ({"X-CSRF-Token": app.csrf.value(ANN), "Cookie": ""}, b"", 403),
        ({"Content-Type": "application/json"}, b'{"csrf_token": "x"}', 403),
    ],
)
async def test_a_post_of_a_host_needs_the_value(headers: dict[str, str], body: bytes, status: int) -> None:
    headers = {"Cookie": f"{COOKIE}={ANN}", **headers}
    assert (await request(host, "/save", "POST", body=(body,), headers=headers)).status == status


@pytest.mark.anyio
async def test_reading_needs_none() -> None:
    assert (await request(host, "/save", headers={"Origin": "http://evil.example"})).status == 200
