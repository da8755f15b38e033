"""A Django project with live pages and live parts: `vango run examples.inside.django_host:host`.

One file instead of the usual folder of them. `/` is a Django view whose template has two live parts in it,
which belong to one session; `/shop/` is a page of vango's, mounted beside Django.
"""

from pathlib import Path

import django
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from examples.inside.shelf import Basket, Shelf, stock
from starlette.applications import Starlette
from starlette.routing import Mount

from vango import App, html as h, signal

HERE = Path(__file__).parent

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1", "localhost"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="of the example only",  # noqa: S106
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [HERE / "templates"]}
        ],
    )
    django.setup()

app = App(title="The shop", stylesheets=["/static/style.css"])
app.static("/static", HERE.parent / "static")


@app.page("/")
def shop():
    return h.main[h.h1["The shop"], Shelf(), h.p[h.a(href="..")["Back to the front page"]]]


async def front(request: HttpRequest) -> HttpResponse:
    taken = signal([])
    live = await app.embed(request, mount="/shop", shelf=Shelf(taken), basket=Basket(taken))
    page = await sync_to_async(render)(request, "front.html", {"live": live, "fruits": len(stock)})
    return live.finish(page)


urlpatterns = [path("", front)]

host = Starlette(routes=[Mount("/shop", app), Mount("/", get_asgi_application())], lifespan=app.lifespan)
