"""`Dynamic`: a component that is chosen while the page lives."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, overload

from vango._core import Tag, VNode
from vango.components.component import ComponentFunction, Key
from vango.components.description import Description
from vango.components.scope import Scope
from vango.components.states import as_node, run_body
from vango.naming import label, name, refuse_once

if TYPE_CHECKING:
    from vango.html import Child

    class Builder(Protocol):
        """What makes an element: `h.div`."""

        def __getitem__(self, children: Child, /) -> VNode: ...


__all__ = ["Dynamic"]

P = ParamSpec("P")


class Dynamic(Description):
    """Whatever component a signal holds, with these props: `Dynamic(view, start=3)[h.p["inside"]]`.

    Another component is a new instance; the same one goes on with its state when only props change.
    """

    __slots__ = ("args", "children", "chosen", "kwargs")
    chosen: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    children: tuple[Any, ...]

    @overload
    def __new__(
        cls, chosen: Callable[[], ComponentFunction[P] | None], *args: P.args, **kwargs: P.kwargs
    ) -> Dynamic: ...
    @overload
    def __new__(
        cls, chosen: Callable[[], Builder | None], *args: Child, key: Key = None, **kwargs: Any
    ) -> Dynamic: ...
    @overload
    def __new__(cls, chosen: Callable[[], Any], *args: Any, key: Key, **kwargs: Any) -> Dynamic: ...
    def __new__(cls, chosen: Any, *args: Any, **kwargs: Any) -> Dynamic:
        """Describe a place for one of several components.

        Args:
            chosen: A signal, memo or function that gives a component, an element's builder, or `None`
                for nothing.
            *args: Props, or the children of an element.
            **kwargs: Props, or the attributes of an element, and `key`, its identity among its siblings.

        Raises:
            TypeError: `chosen` cannot be called, or a prop can be read only once.
        """
        if not callable(chosen) or isinstance(chosen, (type, Tag)) or hasattr(chosen, "__vango_component__"):
            raise TypeError(
                f"Dynamic() takes a signal or function that gives a component, not {label(chosen)}; "
                "where it is always the same, call that: Counter(start=3)"
            )
        for prop, value in (*enumerate(args, 1), *kwargs.items()):
            refuse_once(value, f"Dynamic: argument {prop}")
        self = super().__new__(cls, kwargs.pop("key", None))
        self.chosen = chosen
        self.args = args
        self.kwargs = kwargs
        self.children = ()
        return self

    def __getitem__(self, children: Child, /) -> Dynamic:
        """Return the same with these children behind those it has."""
        more = Dynamic(self.chosen, *self.args, **self.kwargs, key=self.key)
        more.children = (*self.children, *(children if type(children) is tuple else (children,)))
        return more

    def mount(self, parent: Scope) -> Scope:
        """Return the scope of a new place."""
        return DynamicScope(parent.work, parent, self)


class DynamicScope(Scope):
    """A mounted place for one of several components."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """What chooses, with file and line."""
        return f"Dynamic with {name(self.thing.chosen)}"

    def continues(self, thing: object) -> bool:
        """Any such place continues the one at its path."""
        return type(thing) is Dynamic

    def receive(self, thing: Dynamic) -> bool:
        """Choose again, and hand the new props on."""
        self.thing = thing
        return True

    def _evaluate(self) -> VNode:
        return run_body(self.thing.chosen, (), {}, self._content_of)

    def _content_of(self, chosen: Any) -> VNode:
        thing: Dynamic = self.thing
        if chosen is None or chosen is False:
            return as_node(None)
        if not isinstance(chosen, Tag) and not hasattr(chosen, "__vango_component__"):
            raise TypeError(
                f"{self.name} gave {label(chosen) if callable(chosen) else repr(chosen)[:80]}; "
                "give a component or an element's builder, without calling it, or None"
            )
        made: Any = chosen(*thing.args, **thing.kwargs)
        return as_node(made[thing.children] if thing.children else made)
