"""vango: components and signals in Python, small binary patches to the browser.

The names below are imported when they are first used, so that `from vango import core, html` stays free of
the server and its dependencies.
"""

from __future__ import annotations

from importlib import import_module, metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vango import core as core, events as events, html as html, svg as svg
    from vango.application.app import App as App
    from vango.application.csp import Csp as Csp, csp as csp
    from vango.components.actions import Action as Action, action as action, queue as queue
    from vango.components.bind import Binding as Binding, bind as bind
    from vango.components.boundary import ErrorBoundary as ErrorBoundary
    from vango.components.choice import Match as Match, Show as Show, Switch as Switch
    from vango.components.component import component as component
    from vango.components.context import Context as Context
    from vango.components.dynamic import Dynamic as Dynamic
    from vango.components.handlers import blocking as blocking
    from vango.components.lists import For as For
    from vango.components.marked import on as on
    from vango.components.portal import Outlet as Outlet, Portal as Portal
    from vango.components.refs import Rect as Rect, Ref as Ref, ref as ref
    from vango.components.resources import Resource as Resource, resource as resource
    from vango.components.selector import selector as selector
    from vango.components.state import (
        effect as effect,
        memo as memo,
        on_cleanup as on_cleanup,
        on_mount as on_mount,
        signal as signal,
    )
    from vango.components.streams import Stream as Stream, stream as stream
    from vango.components.tasks import spawn as spawn, subscribe as subscribe
    from vango.components.timers import interval as interval, timeout as timeout
    from vango.components.window import Window as Window
    from vango.errors import StormError as StormError
    from vango.guards import (
        Forbidden as Forbidden,
        NotFound as NotFound,
        Redirect as Redirect,
        requires as requires,
    )
    from vango.identity import Principal as Principal
    from vango.reactive.blocks import batch as batch, untracked as untracked
    from vango.reactive.collections import (
        DictSignal as DictSignal,
        ListSignal as ListSignal,
        SetSignal as SetSignal,
    )
    from vango.reactive.signals import Memo as Memo, Signal as Signal
    from vango.reactive.tracking import CycleError as CycleError
    from vango.request import Request as Request
    from vango.sessions.address import (
        Address as Address,
        Link as Link,
        current_location as current_location,
        query_signal as query_signal,
    )
    from vango.sessions.answer import (
        is_first_paint as is_first_paint,
        next_page as next_page,
        redirect as redirect,
        status as status,
    )
    from vango.sessions.asker import current_request as current_request, current_user as current_user
    from vango.sessions.channel import Channel as Channel
    from vango.sessions.emit import emit as emit
    from vango.sessions.errands import (
        delete_cookie as delete_cookie,
        download as download,
        login as login,
        logout as logout,
        session_data as session_data,
        set_cookie as set_cookie,
    )
    from vango.sessions.flash import flash as flash
    from vango.sessions.head import head as head
    from vango.sessions.lazy import lazy as lazy
    from vango.sessions.navigate import navigate as navigate
    from vango.sessions.once import current_event as current_event, once as once
    from vango.sessions.served import channel as channel
    from vango.sessions.session import current_session as current_session
    from vango.sessions.toasts import Toasts as Toasts, toast as toast

    __version__: str

__all__ = [
    "Action",
    "Address",
    "App",
    "Binding",
    "Channel",
    "Context",
    "Csp",
    "CycleError",
    "DictSignal",
    "Dynamic",
    "ErrorBoundary",
    "For",
    "Forbidden",
    "Link",
    "ListSignal",
    "Match",
    "Memo",
    "NotFound",
    "Outlet",
    "Portal",
    "Principal",
    "Rect",
    "Redirect",
    "Ref",
    "Request",
    "Resource",
    "SetSignal",
    "Show",
    "Signal",
    "StormError",
    "Stream",
    "Switch",
    "Toasts",
    "Window",
    "__version__",
    "action",
    "batch",
    "bind",
    "blocking",
    "channel",
    "component",
    "core",
    "csp",
    "current_event",
    "current_location",
    "current_request",
    "current_session",
    "current_user",
    "delete_cookie",
    "download",
    "effect",
    "emit",
    "events",
    "flash",
    "head",
    "html",
    "interval",
    "is_first_paint",
    "lazy",
    "login",
    "logout",
    "memo",
    "navigate",
    "next_page",
    "on",
    "on_cleanup",
    "on_mount",
    "once",
    "query_signal",
    "queue",
    "redirect",
    "ref",
    "requires",
    "resource",
    "selector",
    "session_data",
    "set_cookie",
    "signal",
    "spawn",
    "status",
    "stream",
    "subscribe",
    "svg",
    "timeout",
    "toast",
    "untracked",
]

_MODULES = {"core", "events", "html", "svg"}
_HOMES = {
    "Action": "components.actions",
    "Address": "sessions.address",
    "App": "application.app",
    "Binding": "components.bind",
    "Channel": "sessions.channel",
    "Context": "components.context",
    "Csp": "application.csp",
    "CycleError": "reactive.tracking",
    "DictSignal": "reactive.collections",
    "Dynamic": "components.dynamic",
    "ErrorBoundary": "components.boundary",
    "For": "components.lists",
    "Forbidden": "guards",
    "Link": "sessions.address",
    "ListSignal": "reactive.collections",
    "Match": "components.choice",
    "Memo": "reactive.signals",
    "NotFound": "guards",
    "Outlet": "components.portal",
    "Portal": "components.portal",
    "Principal": "identity",
    "Rect": "components.refs",
    "Redirect": "guards",
    "Ref": "components.refs",
    "Request": "request",
    "Resource": "components.resources",
    "SetSignal": "reactive.collections",
    "Show": "components.choice",
    "Signal": "reactive.signals",
    "StormError": "errors",
    "Stream": "components.streams",
    "Switch": "components.choice",
    "Toasts": "sessions.toasts",
    "Window": "components.window",
    "action": "components.actions",
    "batch": "reactive.blocks",
    "bind": "components.bind",
    "blocking": "components.handlers",
    "channel": "sessions.served",
    "component": "components.component",
    "csp": "application.csp",
    "current_event": "sessions.once",
    "current_location": "sessions.address",
    "current_request": "sessions.asker",
    "current_session": "sessions.session",
    "current_user": "sessions.asker",
    "delete_cookie": "sessions.errands",
    "download": "sessions.errands",
    "effect": "components.state",
    "emit": "sessions.emit",
    "flash": "sessions.flash",
    "head": "sessions.head",
    "interval": "components.timers",
    "is_first_paint": "sessions.answer",
    "lazy": "sessions.lazy",
    "login": "sessions.errands",
    "logout": "sessions.errands",
    "memo": "components.state",
    "navigate": "sessions.navigate",
    "next_page": "sessions.answer",
    "on": "components.marked",
    "on_cleanup": "components.state",
    "on_mount": "components.state",
    "once": "sessions.once",
    "query_signal": "sessions.address",
    "queue": "components.actions",
    "redirect": "sessions.answer",
    "ref": "components.refs",
    "requires": "guards",
    "resource": "components.resources",
    "selector": "components.selector",
    "session_data": "sessions.errands",
    "set_cookie": "sessions.errands",
    "signal": "components.state",
    "spawn": "components.tasks",
    "status": "sessions.answer",
    "stream": "components.streams",
    "subscribe": "components.tasks",
    "timeout": "components.timers",
    "toast": "sessions.toasts",
    "untracked": "reactive.blocks",
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
