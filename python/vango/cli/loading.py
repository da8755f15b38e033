"""Finding the application that a command names, and saying what is wrong where there is none."""

from __future__ import annotations

import inspect
import os
import sys
from importlib import import_module
from types import ModuleType

from starlette.types import ASGIApp

from vango.errors import VangoError


class LoadError(VangoError):
    """A command's `module:attribute` names no application; the message says what to write."""


def load(target: str) -> ASGIApp:
    """Import `module:attribute`, the working directory first, and return the ASGI application it names.

    Raises:
        LoadError: The text, the module or the attribute is wrong.
        Exception: What the module itself raised while it was imported.
    """
    name, _, attribute = target.partition(":")
    if not name or not attribute or name.endswith(".py") or "/" in name:
        raise LoadError(f"{target!r} names no application: write module:attribute, as in `counter:app`")
    return _application(_module(name), attribute)


def _module(name: str) -> ModuleType:
    directory = os.getcwd()
    if directory not in sys.path:
        sys.path.insert(0, directory)
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        # A module that is there but imports another that is not raises the same: that is its own error.
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise
        is_folder = name.startswith(f"{error.name}.")
        file = error.name.replace(".", os.sep) + ("" if is_folder else ".py")
        raise LoadError(f"there is no module {error.name!r}: run the command where {file} lies") from None


def _application(module: ModuleType, attribute: str) -> ASGIApp:
    name = f"{module.__name__}:{attribute}"
    missing = object()
    found: object = module
    for part in attribute.split("."):
        found = getattr(found, part, missing)
    if found is missing:
        offers = [other for other, value in vars(module).items() if _is_application(value)]
        hint = f"write {module.__name__}:{offers[0]}" if offers else f"write `{attribute} = App()` in it"
        raise LoadError(f"the module {module.__name__!r} has no {attribute!r}: {hint}")
    if not _is_application(found):
        kind = "a class" if inspect.isclass(found) else f"of type {type(found).__name__}"
        raise LoadError(f"{name} is {kind}, not an ASGI application: write `{attribute} = App()`")
    return found  # type: ignore[return-value]


def _is_application(value: object) -> bool:
    """Tell whether a value can be called as ASGI 3 wants it."""
    if inspect.isclass(value) or not callable(value):
        return False
    return inspect.iscoroutinefunction(value) or inspect.iscoroutinefunction(type(value).__call__)
