"""A page that clicks, typing and somebody else change, and the tree that its server has."""

import random

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from vango import App, For, component, current_session, html as h, signal
from vango.sessions.session import Session

live = App(title="live")
word, noise = signal("none"), signal("")
shown: list[Session] = []


@component
def Board():
    """A number, a log, rows that can be turned around, and a word that the server changes by itself."""
    shown[:] = [current_session()]
    number, log, typed = signal(0), signal(""), signal("")
    rows = signal(tuple("abcdef"))

    def ran(name: str) -> None:
        log.update(lambda before: f"{before}{name}")

    def plus() -> None:
        ran("+")
        number.update(lambda n: n + 1)

    def turn() -> None:
        ran("t")
        rows.update(lambda names: names[::-1])

    def write(value: str) -> None:
        ran("w")
        typed.set(value.upper())

    return h.main[
        h.output(id="number")[number],
        h.button(id="plus", on_click=plus)["+"],
        h.button(id="turn", on_click=turn)["turn"],
        h.input(id="field", aria_label="field", on_input=lambda e: write(e.value)),
        h.output(id="typed")[typed],
        h.ul(id="rows", title=lambda: rows()[0] if rows()[0] == "a" else None)[
            For(rows, key=str, render=lambda name: h.li(id=f"row-{name}")[h.b[name], " ", h.i[word]])
        ],
        h.output(id="word")[word],
        h.output(id="log")[log],
        h.output(id="noise")[noise],
        h.p["text ", h.b["beside"], " an element", "", "and", h.raw("<em>raw</em> html")],
    ]


live.page("/")(Board)


async def change(request: Request) -> JSONResponse:
    """Change the word."""
    word.set(request.path_params["word"])
    return JSONResponse(None)


async def make_noise(request: Request) -> JSONResponse:
    """Change the noise: so many letters, of which deflate leaves half."""
    noise.set(random.Random(1).randbytes(request.path_params["letters"] // 2).hex())
    return JSONResponse(None)


async def tree(request: Request) -> JSONResponse:
    """Tell what the server has, of the page that was opened last."""
    session = shown[-1]
    return JSONResponse({"html": session.view.tree.html(hids=False), "rev": session.outbox.rev})


app = Starlette(
    routes=[
        Route("/change/{word}", change),
        Route("/noise/{letters:int}", make_noise),
        Route("/tree", tree),
        Mount("/", live),
    ],
    lifespan=lambda _: live.lifespan(),
)
