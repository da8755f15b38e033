"""The pages of `test_routed.py`: handlers that show another location."""

import anyio.lowlevel

from vango import App, NotFound, Toasts, current_session, flash, head, html as h, navigate, signal
from vango.routing.site import Location

app = App(title="routed")


def go(address):
    """Show another location, as a navigation does."""
    path = address.partition("?")[0]
    match = app._pages.match(path) or app._pages.missing(path)
    current_session().site.go(Location(address, match, match.status))


def flash_and_leave():
    """Say something and go to a page that is loaded."""
    flash("You may not go there")
    navigate("/nowhere")


@app.layout("/")
def frame(content):
    """Around all pages."""
    head(title="Frame", meta={"theme-color": "#ffffff"}, links=[{"rel": "help", "href": "/help"}])
    clicks = signal(0)
    return h.main[
        Toasts(),
        h.button(id="flash", on_click=flash_and_leave)["flash"],
        h.button(id="count", on_click=lambda: clicks.update(lambda n: n + 1))["clicked ", clicks],
        h.input(id="note"),
        [
            h.button(id=name, on_click=(go, address))[name]
            for name, address in [
                ("one", "/items/1"),
                ("two", "/items/2"),
                ("home", "/"),
                ("lost", "/nowhere"),
                ("broken", "/broken"),
            ]
        ],
        content,
    ]


@app.page("/", title="Home")
def home():
    """A page without a head of its own."""
    return h.p(id="page")["home"]


@app.page("/items/{number:int}")
def item(number):
    """A page with state and a head."""
    clicks = signal(0)
    head(
        title=lambda: f"Item {number}, {clicks()} clicks",
        description=f"All of item {number}",
        meta={"theme-color": "#000000"},
    )
    return h.p(id="page")[
        f"item {number} ", h.button(id="more", on_click=lambda: clicks.update(lambda n: n + 1))[clicks]
    ]


@app.page("/broken", title="Never")
def broken():
    """A page that raises."""
    raise ValueError("on purpose")


@app.page("/late", title="Late", head_first=True)
async def late():
    """A page whose head is sent before it is there."""
    await anyio.lowlevel.checkpoint()
    return h.p(id="page")["late"]


@app.page("/gone", title="Never")
def gone():
    """A page that is none."""
    raise NotFound


@app.failed(title="Sorry")
def failed(reference):
    """Where a page has raised."""
    return h.p(id="page")["failed ", h.code[reference]]


@app.not_found(title="Lost")
def lost():
    """Where there is no page."""
    return h.p(id="page")["lost"]
