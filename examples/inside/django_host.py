"""A Django project with live pages and live parts: `vango run examples.inside.django_host:host`.

One file instead of the usual folder of them. `/` is a Django view whose template has two live parts in it,
which belong to one session; `/shop/` is a page of vango's, mounted beside Django. Django's own views log in
and out (as ada, with the password secret), and `/shop/till` is for whom they have logged in.
"""

import tempfile
from pathlib import Path

import django
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from examples.inside.shelf import Basket, Shelf, Till, stock
from starlette.applications import Starlette
from starlette.routing import Mount

from vango import App, csp, html as h, requires, signal
from vango.integrations.django import django_user

HERE = Path(__file__).parent

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1", "localhost"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="of the example only",  # noqa: S106
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{tempfile.mkdtemp()}/users.sqlite"}
        },
        LOGIN_REDIRECT_URL="/",
        LOGOUT_REDIRECT_URL="/",
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [HERE / "templates"]}
        ],
    )
    django.setup()
    from django.contrib.auth.models import User

    call_command("migrate", verbosity=0)
    User.objects.create_user("ada", password="secret")  # noqa: S106

policy = csp("hardened")
app = App(title="The shop", stylesheets=["/static/style.css"], csp=policy)
app.static("/static", HERE.parent / "static")
app.auth(django_user(), host_login="/accounts/login/")


@app.page("/")
def shop():
    return h.main[h.h1["The shop"], Shelf(), h.p[h.a(href="..")["Back to the front page"]]]


@app.page("/till", guards=[requires()])
def till():
    return h.main[h.h1["The till"], Till()]


async def front(request: HttpRequest) -> HttpResponse:
    taken = signal([])
    live = await app.embed(request, mount="/shop", shelf=Shelf(taken), basket=Basket(taken))
    page = await sync_to_async(render)(request, "front.html", {"live": live, "fruits": len(stock)})
    page.headers[policy.header] = str(policy)
    return live.finish(page)


urlpatterns = [path("", front), path("accounts/", include("django.contrib.auth.urls"))]

host = Starlette(routes=[Mount("/shop", app), Mount("/", get_asgi_application())], lifespan=app.lifespan)
