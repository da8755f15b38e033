"""What is to be settled before an application goes public, the application around it included."""

from __future__ import annotations

from collections.abc import Iterator

from vango.application.app import App

__all__ = ["findings"]


def findings(target: object) -> list[str]:
    """Return a sentence for each thing, of an `App` or of a host that mounts some.

    Args:
        target: What an ASGI server would be given.
    """
    if isinstance(target, App):
        return [*target.config.warnings(), *_of_users(target)]
    found: dict[str, None] = {}
    for app in _mounted(target):
        found |= dict.fromkeys([*app.config.warnings(), *_of_users(app), *_of_host(target, app)])
    return list(found)


def _of_users(app: App) -> Iterator[str]:
    if app.has_users and not app.config.trusted_proxies:
        yield (
            "app.auth(...) is used and trusted_proxies is empty: behind a proxy that speaks https, cookies "
            "go without Secure; write App(trusted_proxies=['10.0.0.7'])"
        )


def _of_host(host: object, app: App) -> Iterator[str]:
    """Say where a host knows users of whom the pages that it mounts know nothing."""
    for layer in getattr(host, "user_middleware", ()):
        name = getattr(layer.cls, "__name__", repr(layer.cls))
        if "auth" in name.lower() and not app.has_users:
            yield (
                f"{name} of the host sees requests, and a live page goes on without any: say who somebody "
                "is by app.auth(...), as in app.auth(starlette_user(backend)), and guard pages by requires()"
            )


def _mounted(host: object) -> Iterator[App]:
    """Return the applications that a host mounts, however deep."""
    for route in getattr(host, "routes", None) or ():
        inner = getattr(route, "app", None)
        while not (inner is None or isinstance(inner, App) or hasattr(inner, "routes")):
            inner = getattr(inner, "app", None)  # what a middleware is around
        if isinstance(inner, App):
            yield inner
        else:
            yield from _mounted(inner)
