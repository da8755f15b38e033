"""A host that mounts the halves of an application apart: only pages are compressed."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount

from vango import App, html as h, signal

app = App()


@app.page("/")
def Front() -> h.VNode:
    count = signal(0)
    return h.main[
        h.button(id="more", on_click=lambda: count.update(lambda n: n + 1))["more"], h.output[count]
    ]


host = Starlette(
    routes=[
        Mount("/shop/vango", app.only("live")),
        Mount("/shop", app.only("pages"), middleware=[Middleware(GZipMiddleware, minimum_size=1)]),
    ],
    lifespan=app.lifespan,
)
