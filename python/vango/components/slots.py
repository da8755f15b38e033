"""Slots: a signal, a memo or a function in place of a child or an attribute value."""

from __future__ import annotations

from typing import Any, cast

from vango._core import Component, Slot, Tag, VNode, attr_value, node
from vango.components.scope import Scope
from vango.components.states import as_node, refuse_coroutine, run_body
from vango.naming import label, name
from vango.reactive.signals import Signal

_LONG = 4_096  # characters; beyond, the engine's own limit has to look


class SlotScope(Scope):
    """A reactive place: when what it reads changes, only this text, attribute or subtree does."""

    __slots__ = ("_attr",)

    def __init__(self, parent: Scope, source: object, attr: str | None) -> None:
        """Make the scope of `source`, which stands as a child or as the value of `attr`."""
        super().__init__(parent.work, parent, source)
        self._attr = attr

    @property
    def name(self) -> str:
        """The function that fills it, or whose place a signal or memo fills."""
        what = "slot" if self._attr is None else f"slot {self._attr}="
        if not isinstance(self.thing, Slot):
            return f"{what} {name(self.thing)}"
        around = self.parent.name if self.parent is not None else "the page"
        return f"{what} of a {type(self.thing).__name__} in {around}"

    def continues(self, thing: object) -> bool:
        """Any slot continues the one at its path."""
        return not isinstance(thing, Component)

    def receive(self, thing: Any) -> bool:
        """Render again: another function may show something else."""
        self.thing = thing
        return True

    def fills(self, attr: str) -> bool:
        """Whether it is the value of an attribute or property of this name."""
        return self._attr is not None and self._attr.lstrip(".") == attr

    def restate(self) -> None:
        """Let the next burst say its attribute once more, also where that stays what it is."""
        self.work.restated[self] = self._content

    def render(self) -> None:
        """As `Scope.render`, without ceremony for a signal that holds a text or number."""
        source = self.thing
        if type(source) is not Signal or type(source._value) not in (str, int, float, VNode):
            super().render()
            return
        self._begin()
        if self._sources[::2] == (source,):
            self._sources = (source, source._version)
        else:
            self._adopt({source: source._version})
        self._show(self._content_of(source._value), {})
        self._end()

    def _evaluate(self) -> VNode | str | None:
        return run_body(self.thing, (), {}, self._content_of)

    def _content_of(self, value: Any) -> VNode | str | None:
        kind = type(value)
        if self._attr is not None:
            refuse_coroutine(value)
            if callable(value):
                raise TypeError(self._returned(value))
            return attr_value(self._attr, value)
        if kind is str:
            if len(value) > _LONG or not value.isascii() or "\0" in value:
                node(value)  # raises for a text that no page can hold
            return cast("str", value)
        if kind is int or kind is float:
            return str(value)
        if value is None or value is False:
            return None
        if isinstance(value, Slot) or (
            callable(value)
            and not isinstance(value, (type, Tag))
            and not hasattr(value, "__vango_component__")
        ):
            raise TypeError(self._returned(value))
        return as_node(value)  # raises for a class and a component not called

    def _returned(self, value: object) -> str:
        if isinstance(value, Slot):
            return f"the {self.name} returned a {type(value).__name__}; return its value, by calling it"
        what = label(value)
        if isinstance(self.thing, Slot):
            return (
                f"the {self.name} holds {what}, which is a function; write update({what}) where it was set, "
                "if it makes the next value of the last one"
            )
        return f"the {self.name} returned {what}, which is not called; return what it gives: {what}()"
