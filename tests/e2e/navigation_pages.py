"""A small application whose pages lead to each other."""

import anyio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Mount, Route

from vango import App, html as h, navigate, resource, signal

pages = App(title="Pages")
gates: dict[str, anyio.Event] = {}
ran: list[str] = []
"""What bodies and loaders have run, by name."""


async def gate(name: str) -> None:
    """Return when the test opens the gate of this name; at once if it has not closed it."""
    if name in gates:
        await gates[name].wait()


@pages.layout("/")
def frame(content: object) -> object:
    ran.append("frame")
    clicks = signal(0)
    return h.div[
        h.nav[
            h.a(id="to-home", href="/")["Home"],
            h.a(id="to-list", href="/list")["List"],
            h.a(id="to-item", href="/list/7#comments")["Comments"],
            h.a(id="to-old", href="/old")["Old"],
            h.a(id="to-slow", href="/slow")["Slow"],
            h.a(id="to-data", href="/data")["Data"],
            h.a(id="to-circle", href="/circle")["Circle"],
            h.a(id="to-form", href="/form")["Form"],
            h.a(id="to-file", href="/plain")["File"],
            h.a(id="to-tab", href="/list", target="_blank")["Tab"],
            h.a(id="to-download", href="/plain", download="plain.txt")["Download"],
            h.a(id="to-reload", href="/list", data_reload=True)["Reload"],
            h.a(id="to-other", href="http://127.0.0.1:9/")["Other"],
            h.a(id="to-hash", href="#end")["Hash"],
        ],
        h.button(id="clicks", on_click=lambda: clicks.update(lambda n: n + 1))[clicks],
        h.button(id="go", on_click=lambda: navigate("/list"))["Go"],
        content,
    ]


@pages.page("/", title="Home")
def home() -> object:
    ran.append("home")
    return h.main[h.h1["Home"], [h.p[f"line {n}"] for n in range(200)], h.p(id="end")["end"]]


@pages.page("/list", title="List")
def listing() -> object:
    ran.append("list")
    return h.main[
        h.h1["List"],
        [h.p[h.a(id=f"item-{n}", href=f"/list/{n}")[f"item {n}"]] for n in range(200)],
    ]


@pages.page("/list/{number:int}", title="Item")
def item(number: int) -> object:
    return h.main[
        h.h1[f"Item {number}"],
        [h.p[f"line {n}"] for n in range(100)],
        h.h2(id="comments")["Comments"],
        [h.p[f"comment {n}"] for n in range(100)],
    ]


pages.redirect("/old", "/list")
pages.redirect("/circle", "/circle/again")
pages.redirect("/circle/again", "/circle")


@pages.page("/slow", title="Slow")
async def slow() -> object:
    ran.append("slow")
    await gate("slow")
    return h.main[h.h1["Slow"]]


@pages.page("/data", title="Data")
def data() -> object:
    ran.append("data")
    return h.main[h.h1["Data"], h.p(id="data")[resource(load).match(lambda text: text)]]


async def load() -> str:
    ran.append("load")
    await gate("data")
    return "loaded"


@pages.page("/form", title="Form")
def form() -> object:
    dirty = signal(False)
    return h.main[
        h.h1["Form"],
        h.section(id="guarded", data_leave=lambda: "Leave without saving?" if dirty() else None)[
            h.input(id="field", aria_label="field", on_input=lambda: dirty.set(True)),
            h.button(id="save", on_click=lambda: navigate("/list"))["Save"],
        ],
    ]


async def plain(request: Request) -> PlainTextResponse:
    return PlainTextResponse("a file")


async def close_gate(request: Request) -> JSONResponse:
    gates[request.path_params["name"]] = anyio.Event()
    return JSONResponse(None)


async def open_gate(request: Request) -> JSONResponse:
    gates.pop(request.path_params["name"]).set()
    return JSONResponse(None)


async def what_ran(request: Request) -> JSONResponse:
    found, ran[:] = list(ran), []
    return JSONResponse(found)


app = Starlette(
    routes=[
        Route("/plain", plain),
        Route("/gate/close/{name}", close_gate),
        Route("/gate/open/{name}", open_gate),
        Route("/ran", what_ran),
        Mount("/", pages),
    ],
    lifespan=lambda _: pages.lifespan(),
)
