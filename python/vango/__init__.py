"""vango: components and signals in Python, small binary patches to the browser.

The names below are imported when they are first used, so that `from vango import core, html` stays free of
the server and its dependencies.
"""

from __future__ import annotations

from importlib import import_module, metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vango import core as core, html as html, svg as svg
    from vango.application.app import App as App
    from vango.components.boundary import ErrorBoundary as ErrorBoundary
    from vango.components.choice import Match as Match, Show as Show, Switch as Switch
    from vango.components.component import component as component
    from vango.components.context import Context as Context
    from vango.components.dynamic import Dynamic as Dynamic
    from vango.components.handlers import blocking as blocking
    from vango.components.lists import For as For
    from vango.components.marked import on as on
    from vango.components.selector import selector as selector
    from vango.components.state import (
        effect as effect,
        interval as interval,
        memo as memo,
        on_cleanup as on_cleanup,
        signal as signal,
    )
    from vango.components.window import Window as Window
    from vango.reactive.signals import Memo as Memo, Signal as Signal
    from vango.reactive.tracking import batch as batch, untracked as untracked
    from vango.sessions.channels import Channel as Channel
    from vango.sessions.once import current_event as current_event, once as once
    from vango.sessions.served import channel as channel
    from vango.sessions.session import current_session as current_session

    __version__: str

__all__ = [
    "App",
    "Channel",
    "Context",
    "Dynamic",
    "ErrorBoundary",
    "For",
    "Match",
    "Memo",
    "Show",
    "Signal",
    "Switch",
    "Window",
    "__version__",
    "batch",
    "blocking",
    "channel",
    "component",
    "core",
    "current_event",
    "current_session",
    "effect",
    "html",
    "interval",
    "memo",
    "on",
    "on_cleanup",
    "once",
    "selector",
    "signal",
    "svg",
    "untracked",
]

_MODULES = {"core", "html", "svg"}
_HOMES = {
    "App": "application.app",
    "Channel": "sessions.channels",
    "Context": "components.context",
    "Dynamic": "components.dynamic",
    "ErrorBoundary": "components.boundary",
    "For": "components.lists",
    "Match": "components.choice",
    "Memo": "reactive.signals",
    "Show": "components.choice",
    "Signal": "reactive.signals",
    "Switch": "components.choice",
    "Window": "components.window",
    "batch": "reactive.tracking",
    "blocking": "components.handlers",
    "channel": "sessions.served",
    "component": "components.component",
    "current_event": "sessions.once",
    "current_session": "sessions.session",
    "effect": "components.state",
    "interval": "components.state",
    "memo": "components.state",
    "on": "components.marked",
    "on_cleanup": "components.state",
    "once": "sessions.once",
    "selector": "components.selector",
    "signal": "components.state",
    "untracked": "reactive.tracking",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for."""
    value: object
    if name == "__version__":
        value = _version()
    elif name in _MODULES:
        value = import_module(f"vango.{name}")
    elif name in _HOMES:
        value = getattr(import_module(f"vango.{_HOMES[name]}"), name)
    else:
        raise AttributeError(f"module 'vango' has no attribute {name!r}")
    globals()[name] = value
    return value


def _version() -> str:
    try:
        return metadata.version("vango")
    except metadata.PackageNotFoundError:  # imported from a source tree that is not installed
        return "0+source"


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
