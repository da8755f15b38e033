"""The counter as other frameworks write it: `python -m benches.peers.counters NAME PORT`.

It runs by the Python of the peers, which knows nothing of vango. Each page has an element of the class
`count`, and its last button adds one to it.
"""

import sys
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from benches.isolated import Isolated


def reactpy(port: int) -> None:
    """Serve ReactPy's."""
    from reactpy import component, html, use_state
    from reactpy.backend.starlette import configure
    from starlette.applications import Starlette

    @component
    def counter():  # type: ignore[no-untyped-def]
        count, set_count = use_state(0)
        return html.div(
            html.button({"on_click": lambda _: set_count(lambda n: n - 1)}, "-"),
            html.output({"class_name": "count"}, count),
            html.button({"on_click": lambda _: set_count(lambda n: n + 1)}, "+"),
        )

    app = Starlette()
    configure(app, counter)
    serve(app, port)


def pyview(port: int) -> None:
    """Serve pyview's."""
    from pyview import LiveView, PyView, defaultRootTemplate
    from pyview.template import LiveRender, LiveTemplate
    from pyview.vendor.ibis import Template
    from starlette.staticfiles import StaticFiles

    page = LiveTemplate(
        Template(
            '<div><button phx-click="minus">-</button><output class="count">{{count}}</output>'
            '<button phx-click="plus">+</button></div>'
        )
    )

    class Counter(LiveView):  # type: ignore[type-arg]
        async def mount(self, socket):  # type: ignore[no-untyped-def]
            socket.context = {"count": 0}

        async def handle_event(self, event, socket):  # type: ignore[no-untyped-def]
            socket.context["count"] += 1 if event == "plus" else -1

        async def render(self, assigns, meta):  # type: ignore[no-untyped-def]
            return LiveRender(page, assigns, meta)

    app = PyView()
    app.mount("/static", StaticFiles(packages=[("pyview", "static")]))
    app.rootTemplate = defaultRootTemplate()
    app.add_live_view("/", Counter)
    serve(app, port)


def nicegui(port: int) -> None:
    """Serve NiceGUI's."""
    from nicegui import app, ui

    @ui.page("/")
    def counter() -> None:
        def add(n: int) -> None:
            label.text = str(int(label.text) + n)

        ui.button("-", on_click=lambda: add(-1))
        label = ui.label("0").classes("count")
        ui.button("+", on_click=lambda: add(1))

    app.add_middleware(Isolated)
    ui.run(host="127.0.0.1", port=port, reload=False, show=False, show_welcome_message=False)


def serve(app: ASGIApp, port: int) -> None:
    """Serve one by uvicorn as it comes."""
    uvicorn.run(Isolated(app), host="127.0.0.1", port=port, log_level="warning")


PEERS: dict[str, Callable[[int], None]] = {"reactpy": reactpy, "pyview": pyview, "nicegui": nicegui}

if __name__ in {"__main__", "__mp_main__"}:
    PEERS[sys.argv[1]](int(sys.argv[2]))
