"""A page whose text somebody else changes, however slowly it is read, and what the server holds for it."""

import random

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from vango import App, component, current_session, html as h, signal
from vango.sessions.session import Session

_NOISE = random.Random(1).randbytes(3_000_000).hex()

live = App()
text = signal("")
shown: list[Session] = []


def written(number: int, letters: int) -> str:
    """Return the text of a change: it begins with its number."""
    return f"{number} {_NOISE[:letters]}"


@component
def Board():
    """The text."""
    shown[:] = [current_session()]
    return h.output[text]


@live.page("/")
def board():
    """Serve the board."""
    return Board()


async def change(request: Request) -> JSONResponse:
    """Change the text, and tell what is kept for who opened the page last."""
    before = shown[-1].outbox
    held = {"rev": before.rev, "held": before.held_bytes}
    text.set(written(request.path_params["number"], request.path_params["letters"]))
    return JSONResponse(held)


app = Starlette(
    routes=[Route("/change/{number:int}/{letters:int}", change), Mount("/", live)],
    lifespan=lambda _: live.lifespan(),
)
