"""A FastAPI application with live pages and live parts: `vango run examples.inside.fastapi_host:host`.

`/shop/` is a page of vango's. `/` is a Jinja template of FastAPI's with two live parts in it, which belong to
one session. `/api/stock` is plain FastAPI, and what it changes all pages show.
"""

from pathlib import Path

from examples.inside.shelf import Basket, Shelf, stock
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader

from vango import App, html as h, signal

HERE = Path(__file__).parent
templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)

app = App(title="The shop", stylesheets=["/static/style.css"])
app.static("/static", HERE.parent / "static")


@app.page("/")
def shop():
    return h.main[h.h1["The shop"], Shelf(), h.p[h.a(href="..")["Back to the front page"]]]


host = FastAPI(lifespan=app.lifespan)


@host.get("/")
async def front(request: Request) -> HTMLResponse:
    taken = signal([])
    live = await app.embed(request, mount="/shop", shelf=Shelf(taken), basket=Basket(taken))
    page = templates.get_template("front.html").render(live=live, fruits=len(stock))
    return live.finish(HTMLResponse(page))


@host.get("/api/stock")
async def read() -> dict[str, int]:
    return stock.peek()


@host.put("/api/stock/{name}")
async def restock(name: str, pieces: int) -> dict[str, int]:
    if name not in stock.peek():
        raise HTTPException(404, f"there are no {name} here")
    stock[name] = pieces
    return stock.peek()


host.mount("/shop", app)
