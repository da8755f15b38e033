"""`App.embed`: what it takes, and what a host's templates and responses get."""

from typing import Any

import pytest
from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse

from vango import App, component, html as h, signal
from vango.application.embed import Embedded

pytestmark = pytest.mark.anyio


def asked(**more: Any) -> Request:
    """A request of the host's."""
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", b"host.example")], **more}
    return Request({"scheme": "http", "query_string": b"", "root_path": "", **scope})


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def app():
    app = App()
    async with app.lifespan():
        yield app


async def embedded(app: App, **parts: object) -> Embedded:
    return await app.embed(asked(), **parts)


async def test_each_part_is_an_element_of_its_own(app) -> None:
    live = await embedded(app, a=h.b["<one>"], b="two")
    assert list(live) == ["a", "b"]
    assert live.a == '<vango-embed data-hid="2" name="a"><b data-hid="3">&lt;one&gt;</b></vango-embed>'
    assert live["b"] == '<vango-embed data-hid="5" name="b">two</vango-embed>'
    assert live.head.startswith('<meta name="vango" content="')


async def test_templates_show_parts_as_they_are(app) -> None:
    live = await embedded(app, a=h.b["&"])
    assert Environment(autoescape=True).from_string("{{ live.a }}").render(live=live) == live.a


async def test_a_part_that_raises_shows_the_error_view_and_the_others_live(app, caplog) -> None:
    @component
    def Broken():
        raise ValueError("on purpose")

    live = await embedded(app, broken=Broken(), whole="text")
    assert 'class="vango-error"' in live.broken
    assert ">text</vango-embed>" in live.whole
    assert "on purpose" in caplog.text


async def test_parts_share_a_session(app) -> None:
    name = signal("Ann")
    await embedded(app, a=h.b[name], b=h.i[name])
    (session,) = app.registry.sessions
    name.set("Bob")
    session.repaint()
    assert session.html().count("Bob") == 2


async def test_the_response_hands_out_the_cookie_and_is_not_cached(app) -> None:
    response = HTMLResponse("page")
    live = await app.embed(asked(scheme="https", root_path="/outer"), mount="/shop", a="text")
    assert live.finish(response) is response
    cookie, csrf = response.headers.getlist("set-cookie")
    assert cookie.startswith("__Secure-vango_session=")
    assert csrf.startswith("__vango_csrf=")
    assert "HttpOnly" not in csrf
    assert {"HttpOnly", "Path=/outer/shop", "Secure"} <= set(cookie.split("; "))
    assert "samesite=lax" in cookie.lower()
    assert response.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("parts", "message"), [({}, "name its parts"), ({"head": "x"}, "'head'"), ({"_x": "x"}, "'_x'")]
)
async def test_parts_need_names_that_a_template_can_tell_apart(app, parts, message) -> None:
    with pytest.raises(TypeError, match=message):
        await embedded(app, **parts)


async def test_a_request_that_is_none_is_refused(app) -> None:
    with pytest.raises(TypeError, match="came by ASGI"):
        await app.embed(object(), a="text")
    with pytest.raises(ValueError, match="write a path like '/shop'"):
        await app.embed(asked(), mount="shop/", a="text")


async def test_a_part_that_was_not_given_is_named(app) -> None:
    live = await embedded(app, a="text")
    with pytest.raises(AttributeError, match="no part 'b'"):
        _ = live.b
