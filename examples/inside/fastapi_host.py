"""A FastAPI application with live pages and live parts: `vango run examples.inside.fastapi_host:host`.

`/shop/` is a page of vango's. `/` is a Jinja template of FastAPI's with two live parts in it, which belong to
one session. `/api/stock` is plain FastAPI, and what it changes all pages show. Users log in at `/login` (as
ada, with the password secret) and are known to a backend of Starlette's; `/shop/till` is for them.
"""

import secrets
from pathlib import Path
from urllib.parse import parse_qs

from examples.inside.shelf import Basket, Shelf, Till, stock
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader
from starlette.authentication import AuthCredentials, AuthenticationBackend, SimpleUser
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware

from vango import App, csp, html as h, requires, signal
from vango.application.paths import local_target
from vango.integrations.starlette import starlette_user

HERE = Path(__file__).parent
templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)


logged_in: dict[str, str] = {}  # names, by what the cookie says


class ByCookie(AuthenticationBackend):
    """Whom the cookie names; who has logged out is nobody, whatever a browser or a page has kept."""

    async def authenticate(self, conn):  # noqa: D102
        name = logged_in.get(conn.cookies.get("member"))
        return (AuthCredentials(["authenticated"]), SimpleUser(name)) if name else None


policy = csp("hardened")
app = App(title="The shop", stylesheets=["/static/style.css"], csp=policy)
app.static("/static", HERE.parent / "static")
app.auth(starlette_user(ByCookie()), host_login="/login")


@app.page("/")
def shop():
    return h.main[h.h1["The shop"], Shelf(), h.p[h.a(href="..")["Back to the front page"]]]


@app.page("/till", guards=[requires("authenticated")])
def till():
    return h.main[h.h1["The till"], Till()]


host = FastAPI(lifespan=app.lifespan, middleware=[Middleware(AuthenticationMiddleware, backend=ByCookie())])


@host.get("/")
async def front(request: Request) -> HTMLResponse:
    taken = signal([])
    live = await app.embed(request, mount="/shop", shelf=Shelf(taken), basket=Basket(taken))
    page = templates.get_template("front.html").render(live=live, fruits=len(stock))
    return live.finish(HTMLResponse(page, headers={policy.header: str(policy)}))


@host.get("/login")
async def login_page() -> HTMLResponse:
    return HTMLResponse(templates.get_template("login.html").render())


@host.post("/login")
async def log_in(request: Request, next: str = "/") -> RedirectResponse:  # noqa: A002
    fields = parse_qs((await request.body()).decode())
    answer = RedirectResponse(next if local_target(next) else "/", 303)
    if (fields.get("username"), fields.get("password")) == (["ada"], ["secret"]):
        member = secrets.token_urlsafe()
        logged_in[member] = "ada"
        answer.set_cookie("member", member, httponly=True)
    return answer


@host.post("/logout")
async def log_out(request: Request) -> RedirectResponse:
    logged_in.pop(request.cookies.get("member"), None)
    return RedirectResponse("/", 303)


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
