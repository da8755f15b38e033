"""vango: components and signals in Python, small binary patches to the browser.

The names below are imported when they are first used, so that `from vango import core, html` stays free of
the server and its dependencies.
"""

from __future__ import annotations

import sys
from importlib import import_module, metadata
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vango import core as core, html as html, svg as svg
    from vango.app import App as App
    from vango.boundary import ErrorBoundary as ErrorBoundary
    from vango.component import component as component
    from vango.context import Context as Context
    from vango.handlers import blocking as blocking
    from vango.lists import For as For
    from vango.signals import Memo as Memo, Signal as Signal
    from vango.state import (
        effect as effect,
        interval as interval,
        memo as memo,
        on_cleanup as on_cleanup,
        signal as signal,
    )
    from vango.tracking import batch as batch, untracked as untracked

    __version__: str

__all__ = [
    "App",
    "Context",
    "ErrorBoundary",
    "For",
    "Memo",
    "Signal",
    "__version__",
    "batch",
    "blocking",
    "component",
    "core",
    "effect",
    "html",
    "interval",
    "memo",
    "on_cleanup",
    "signal",
    "svg",
    "untracked",
]

_MODULES = {"core", "html", "svg"}
_HOMES = {
    "App": "app",
    "Context": "context",
    "ErrorBoundary": "boundary",
    "For": "lists",
    "Memo": "signals",
    "Signal": "signals",
    "batch": "tracking",
    "blocking": "handlers",
    "component": "component",
    "effect": "state",
    "interval": "state",
    "memo": "state",
    "on_cleanup": "state",
    "signal": "state",
    "untracked": "tracking",
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


class _Package(ModuleType):
    """Keeps `vango.component` the decorator: an imported module binds its own name in its package."""

    def __setattr__(self, name: str, value: object) -> None:
        if name == "component" and isinstance(value, ModuleType):
            value = value.component
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
