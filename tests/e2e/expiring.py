"""A page of a user whose login runs out when `/expire` is asked for, and how often somebody asked for it."""

from collections import Counter

from starlette.applications import Starlette
from starlette.requests import Request as Asked
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from vango import App, Principal, Request, component, html as h, signal

asked: Counter[str] = Counter()
members = {"ada"}


async def who(request: Request) -> Principal | None:
    asked["provider"] += 1
    return Principal(id="ada") if "ada" in members else None


def make_app(path: str) -> App:
    made = App(title="expiring", on_error=None)
    made.auth(who, login=None, check_every_s=0.2, on_expiry="event" if path == "/quiet" else "reload")

    @component
    def Clicks():
        count = signal(0)
        return h.button(on_click=lambda: count.update(lambda n: n + 1))[count]

    made.page("/")(Clicks)
    return made


quiet, loud = make_app("/quiet"), make_app("/loud")


async def expire(request: Asked) -> JSONResponse:
    """End the session of the user."""
    members.clear()
    return JSONResponse(None)


async def count(request: Asked) -> JSONResponse:
    """Tell how often somebody was asked for."""
    return JSONResponse(asked["provider"])


class Lifespans:
    """Both applications, running."""

    def __init__(self, _: object) -> None: ...

    async def __aenter__(self) -> None:
        self._open = [made.lifespan() for made in (quiet, loud)]
        for one in self._open:
            await one.__aenter__()

    async def __aexit__(self, *_: object) -> None:
        for one in self._open:
            await one.__aexit__(None, None, None)


app = Starlette(
    routes=[
        Route("/expire", expire),
        Route("/count", count),
        Mount("/quiet", quiet),
        Mount("/loud", loud),
    ],
    lifespan=Lifespans,
)
