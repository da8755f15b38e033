"""`lazy`: a component whose module is imported when it is first shown.

Invariants maintained here:
- the import runs in a worker thread, so no session waits for it but the place that shows the component;
- what is imported already shows at once, in the first paint too;
- an import that fails raises in the place, where an error boundary can retry it.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Any

import anyio.to_thread

from vango import html as h
from vango._core import VNode, node
from vango.components.component import Call, Key, component
from vango.components.state import effect, signal
from vango.reactive.equality import Stable
from vango.reactive.signals import Signal
from vango.sessions.session import current_session

__all__ = ["Lazy", "lazy"]


class Lazy(Stable):
    """A component to be imported; calling it returns a description, as calling the component does."""

    __vango_component__ = True

    def __init__(self, target: str, fallback: h.Child) -> None:
        """Stand for the component `target`; `lazy` is the name to use."""
        self.module, _, self.attribute = target.partition(":")
        if not (self.module and self.attribute):
            raise ValueError(f"lazy({target!r}): write module and name, as in lazy('app.charts:Chart')")
        self.__name__ = self.attribute
        self.fallback = node(fallback)

    def __call__(self, *args: Any, key: Key = None, **kwargs: Any) -> Call:
        """Describe an instance; its module is imported when it is mounted."""
        return Later(self, args, kwargs, key=key)

    def loaded(self) -> Any:
        """Return the component if its module is imported, else `None`."""
        module = sys.modules.get(self.module)
        if module is None or getattr(module.__spec__, "_initializing", False):
            return None
        return self._component_of(module)

    def load(self) -> Any:
        """Import the module and return the component. It may take long: call it in a thread.

        Raises:
            Exception: What the module raised.
            TypeError: There is no component of this name in it.
        """
        return self._component_of(importlib.import_module(self.module))

    def _component_of(self, module: object) -> Any:
        found = getattr(module, self.attribute, None)
        if not hasattr(found, "__vango_component__"):
            raise TypeError(f"{self.module}:{self.attribute} is {found!r:.80}, not a component")
        return found

    def __repr__(self) -> str:
        return f"lazy({self.module}:{self.attribute})"


def lazy(target: str, *, fallback: h.Child = None) -> Lazy:
    """Stand for a component whose module is imported when it is first shown.

    `Chart = lazy("app.charts:Chart", fallback=h.p["Loading"])`, and `Chart(data=...)` as ever.

    Args:
        target: Module and name, `"app.charts:Chart"`.
        fallback: What shows until it is there.

    Raises:
        TypeError: `fallback` cannot be shown.
        ValueError: `target` names no module or no component.
    """
    return Lazy(target, fallback)


@component
def Later(of: Lazy, args: tuple[Any, ...], kwargs: Mapping[str, Any], children: Any = ()) -> VNode:  # noqa: N802
    """Show a component once its module is there."""
    session = current_session()
    found = signal(init=of.loaded)
    failed: Signal[Exception | None] = signal(None)

    async def load() -> None:
        try:
            found.set(await anyio.to_thread.run_sync(of.load))
        except Exception as error:
            failed.set(error)

    def begin() -> None:
        if found.peek() is None:
            session.dispatch(load)

    effect(begin)
    error, made = failed(), found()
    if error is not None:
        raise error
    if made is None:
        return of.fallback
    shown = made(*args, **kwargs)
    return node(shown[children] if children else shown)
