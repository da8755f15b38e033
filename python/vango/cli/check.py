"""What is to be settled before an application goes public, the application around it included."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from vango.application.app import App

__all__ = ["findings"]

_DJANGO = "django.core.handlers.asgi"


def findings(target: object) -> list[str]:
    """Return a sentence for each thing, of an `App`, or of all that a host has in it.

    Args:
        target: What an ASGI server would be given.
    """
    found: dict[str, None] = {}
    apps = list(_apps(target, ()))
    for app, layers in apps:
        found |= dict.fromkeys([*app.config.warnings(), *_of_users(app), *_of_layers(app, layers)])
    if not apps:
        found["no vango.App was found in this; name one by itself, as in `vango check shop:app`"] = None
    return list(found)


def _of_users(app: App) -> Iterator[str]:
    if app.has_users and not app.config.trusted_proxies:
        yield (
            "app.auth(...) is used and trusted_proxies is empty: behind a proxy that speaks https, cookies "
            "go without Secure; write App(trusted_proxies=['10.0.0.7'])"
        )


def _of_layers(app: App, layers: tuple[str, ...]) -> Iterator[str]:
    """Say where a host knows users of whom the pages in it know nothing."""
    for name in layers:
        if "auth" in name.lower() and not app.has_users:
            provider = "django_user()" if name.startswith("django.") else "starlette_user(backend)"
            yield (
                f"{name.rpartition('.')[2]} of the host sees requests, and a live page goes on without any: "
                f"say who somebody is by app.auth(...), as in app.auth({provider}), and guard pages by "
                "requires()"
            )


def _apps(target: object, layers: tuple[str, ...]) -> Iterator[tuple[App, tuple[str, ...]]]:
    """Return the applications in a host, however deep, each with the names of the layers around it."""
    while not (target is None or isinstance(target, App) or hasattr(target, "routes")):
        layers = (*layers, type(target).__name__)
        target = getattr(target, "app", None)  # what a middleware is around
    if isinstance(target, App):
        yield target, layers
        return
    inner = [getattr(route, "app", None) for route in getattr(target, "routes", None) or ()]
    own = [
        getattr(layer.cls, "__name__", repr(layer.cls)) for layer in getattr(target, "user_middleware", ())
    ]
    if any(type(one).__module__ == _DJANGO for one in inner):
        own += _of_django()
    for one in inner:
        if one is not None:
            yield from _apps(one, (*layers, *own))


def _of_django() -> list[str]:
    """Return the middleware of Django, which is beside the pages: its users may be those of the pages."""
    conf: Any = sys.modules.get("django.conf")
    return list(conf.settings.MIDDLEWARE) if conf is not None and conf.settings.configured else []
