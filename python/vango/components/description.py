"""What stands in a node for something that has a scope of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vango._core import Component

if TYPE_CHECKING:
    from vango.components.scope import Scope


class Description(Component):
    """What stands in a node for something that has a scope of its own."""

    __slots__ = ()

    def mount(self, parent: Scope) -> Scope:
        """Return the new scope of this description under `parent`."""
        raise NotImplementedError

    if not TYPE_CHECKING:

        def __getitem__(self, children: object) -> None:
            raise TypeError(
                f"{self!r:.80} takes no children in brackets, as elements do; give them as a prop, "
                "for example Card(body=h.p[...])"
            )


class Placed(Description):
    """Stands in a node for a scope that exists already."""

    __slots__ = ("scope",)
    scope: Scope

    def __new__(cls, scope: Scope, key: object = None) -> Placed:
        """Stand for `scope`."""
        self = super().__new__(cls, key)
        self.scope = scope
        return self

    def mount(self, parent: Scope) -> Scope:  # noqa: ARG002
        """Return the scope."""
        return self.scope
