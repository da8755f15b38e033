"""Contexts: values that a component gives to everything below it."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from vango.components.scope import Scope
from vango.reactive.equality import Stable
from vango.reactive.signals import Signal
from vango.reactive.tracking import current

T = TypeVar("T")


class Context(Stable, Generic[T]):
    """A value provided by one component and read by those below, without props in between.

    `theme = Context("light")`; in a body `theme.provide("dark")`; in a body, slot or effect below, `theme()`.
    """

    __slots__ = ("__weakref__", "default")

    def __init__(self, default: T) -> None:
        """Make a context that is `default` where nobody provides it."""
        self.default = default

    def provide(self, value: T) -> None:
        """Give `value` to everything below the body that runs; its own reads still see what is above.

        Who read it runs again when a later render provides another value. A body provides a context
        at each render or never.

        Raises:
            RuntimeError: No body runs.
        """
        scope: Scope | None = current.frame.body
        if scope is None:
            raise RuntimeError("provide() belongs into a component's body, while it runs")
        if scope._contexts is None:
            scope._contexts = {}
        provided = scope._contexts.get(self)
        if provided is None:
            scope._contexts[self] = Signal(value)
        else:
            provided.set(value)

    def __call__(self) -> T:
        """Return what the nearest component above provides, and run the reader again when it changes.

        Raises:
            RuntimeError: No body, slot or effect of a component runs.
        """
        owner = current.frame.owner
        scope: Any = owner.owning_scope() if owner is not None else None
        if scope is None or scope.parent is None:  # the root has no code, but handlers' effects are its own
            raise RuntimeError(
                "a context is read in a body, slot or effect of a component; read it there and use the value "
                "here"
            )
        above: Scope | None = scope.parent
        while above is not None:
            contexts = above._contexts
            if contexts is not None and self in contexts:
                value: T = contexts[self]()
                return value
            above = above.parent
        return self.default
