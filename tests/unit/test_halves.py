"""`App.only`: the halves of an application, mounted apart."""

import pytest
from asgi_driver import request
from starlette.applications import Starlette
from starlette.routing import Mount

from vango import App, html as h

pytestmark = pytest.mark.anyio


def make_app() -> App:
    app = App(prefix="/own/live")
    app.page("/")(lambda: h.p["the front"])
    app.page("/own/page")(lambda: h.p["a page"])
    return app


@pytest.mark.parametrize(
    ("path", "pages", "live"),
    [("/", 200, 404), ("/own/page", 200, 404), ("/own/live/ready", 404, 200), ("/own/liveready", 404, 404)],
)
async def test_each_half_answers_for_itself_only(path, pages, live) -> None:
    app = make_app()
    async with app.lifespan():
        assert (await request(app.only("pages"), path)).status == pages
        assert (await request(app.only("live"), path)).status == live


@pytest.mark.parametrize("place", ["/shop", "/shop/own/live"])
async def test_the_live_half_stands_where_the_application_does_or_at_its_prefix(place) -> None:
    app = make_app()
    host = Starlette(routes=[Mount(place, app.only("live")), Mount("/shop", app.only("pages"))])
    async with app.lifespan():
        assert (await request(host, "/shop/own/live/ready")).text == "ready\n"
        front = await request(host, "/shop/")
        assert ("the front" in front.text) is (place != "/shop")
        if place != "/shop":
            assert 'src="/shop/own/live/' in front.text


def test_there_are_two_halves() -> None:
    with pytest.raises(ValueError, match="write 'pages' or 'live'"):
        App().only("sockets")  # type: ignore[arg-type]
