"""Components: functions whose calls return descriptions that a view mounts."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeAlias, overload
from uuid import UUID

from vango._core import VNode
from vango.components.description import Description
from vango.components.handlers import Forwarder, Handler, is_handler
from vango.components.marked import On
from vango.components.scope import Scope
from vango.components.states import as_node, run_body
from vango.naming import LOAD_FIRST, ONCE, label, name, refuse_once
from vango.reactive.equality import same_prop, same_props

if TYPE_CHECKING:
    from vango.html import Child

P = ParamSpec("P")

Key: TypeAlias = str | int | bytes | UUID | tuple[Any, ...] | None
"""The identity of a child among its siblings."""


class ComponentFunction(Generic[P]):
    """A component: calling it returns a description, `Counter(start=3)`."""

    __vango_component__ = True

    def __init__(self, fn: Callable[P, object]) -> None:
        """Make a component of a function; `component` is the name to use."""
        functools.update_wrapper(self, fn)
        self.fn: Callable[..., object] = fn
        parameters = inspect.signature(fn).parameters.values()
        named = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.POSITIONAL_ONLY)]
        self._positional = tuple(p.name for p in named)
        self._names = frozenset(
            p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
        )
        self._required = {p.name for p in parameters if p.default is p.empty and p.name in self._names}
        self._takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters)
        self._takes_key = "key" in self._names
        self.takes_children = "children" in self._names
        self._needs_children = "children" in self._required
        self._required -= {"children"}
        self.takes_handlers = self._takes_any or any(
            n.startswith("on_") for n in (*self._positional, *self._names)
        )

    @overload
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Call: ...
    @overload
    def __call__(self, *args: Any, key: Key, **kwargs: Any) -> Call: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Call:
        """Describe an instance; the framework mounts it.

        A function with the parameter `children` takes them in brackets, `Card(title="Hi")[h.p["..."]]`, and
        gets them as one tuple, `()` where there are none. Any other prop may be a child, too: a named part.

        Args:
            *args: Props.
            **kwargs: Props, and `key`, the instance's identity among its siblings.

        Raises:
            TypeError: The function does not take these props, or one of them can be read only once.
        """
        key = None if self._takes_key else kwargs.pop("key", None)
        if args or not (
            self._required <= kwargs.keys() and (self._takes_any or kwargs.keys() <= self._names)
        ):
            self._check(args, kwargs)
        if self._needs_children and not self._has_children(args, kwargs):
            kwargs["children"] = ()
        for index, value in enumerate(args):
            refuse_once(value, f"{self.fn.__qualname__}: argument {index + 1}")
        for prop, value in kwargs.items():
            refuse_once(value, f"{self.fn.__qualname__}: {prop}=")
        return Call(self, args, kwargs, key)

    def prop_name(self, index: int) -> str:
        """Return the name of a prop given by position, "" for one of `*args`."""
        return self._positional[index] if index < len(self._positional) else ""

    def with_children(self, call: Call, children: object) -> Call:
        """Return a call with more children: those between its brackets.

        Raises:
            TypeError: The function has no parameter `children`, or has been given them by position.
        """
        what = self.fn.__qualname__
        if not self.takes_children:
            raise TypeError(
                f"{what} takes no children in brackets, as elements do; give its function the parameter "
                f"`children` and show it, def {what}(children=()), or give them as another prop"
            )
        if self._has_children(call.args, {}):
            raise TypeError(f"{what} was given its children by position; write them in brackets only")
        before = call.kwargs.get("children", ())
        before = before if type(before) is tuple else (before,)
        more = children if type(children) is tuple else (children,)
        kept = (tuple(child) if isinstance(child, ONCE) else child for child in more)
        return Call(self, call.args, {**call.kwargs, "children": (*before, *kept)}, call.key)

    def _has_children(self, args: tuple[object, ...], kwargs: dict[str, Any]) -> bool:
        return "children" in kwargs or "children" in self._positional[: len(args)]

    def _check(self, args: tuple[object, ...], kwargs: dict[str, Any]) -> None:
        if self._needs_children and not self._has_children(args, kwargs):
            kwargs = {**kwargs, "children": ()}
        signature = inspect.signature(self.fn)
        try:
            signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{self.fn.__qualname__}: {_unknown(signature, kwargs) or error}") from None

    def __repr__(self) -> str:
        return f"<component {name(self.fn)}>"


def _unknown(signature: inspect.Signature, kwargs: dict[str, Any]) -> str | None:
    """Return what to say of a prop that is none, which is told before that another one is missing."""
    known = signature.parameters
    if any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in known.values()):
        return None
    for prop in kwargs:
        if prop not in known:
            near = get_close_matches(prop, known, n=1)
            return f"there is no prop {prop!r}; " + (
                f"did you mean {near[0]!r}?" if near else f"its props are {', '.join(known) or 'none'}"
            )
    return None


def component(fn: Callable[P, object]) -> ComponentFunction[P]:
    """Make a component of a function whose parameters are the props and whose result is what it shows.

    Raises:
        TypeError: `fn` is no function, or an `async def`: a body runs on the loop and must be short.
    """
    if inspect.iscoroutinefunction(fn) or inspect.isasyncgenfunction(fn):
        raise TypeError(f"{name(fn)} is an async def, but a body cannot wait; write def, and {LOAD_FIRST}")
    if isinstance(fn, type) or not callable(fn):
        raise TypeError(f"@component belongs on a function, not on {fn!r}")
    return ComponentFunction(fn)


class Call(Description):
    """A component with its props, not mounted yet."""

    __slots__ = ("args", "component", "kwargs")
    component: ComponentFunction[Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def __new__(
        cls, component: ComponentFunction[Any], args: tuple[Any, ...], kwargs: dict[str, Any], key: object
    ) -> Call:
        """Describe an instance of `component`."""
        self = super().__new__(cls, key)
        self.component = component
        self.args = args
        self.kwargs = kwargs
        return self

    def mount(self, parent: Scope) -> Scope:
        """Return a new instance."""
        return ComponentScope(parent, self)

    def __getitem__(self, children: Child, /) -> Call:
        """Return the same with these children behind those it has.

        Raises:
            TypeError: The component takes none.
        """
        return self.component.with_children(self, children)

    def __repr__(self) -> str:
        props = [repr(value) for value in self.args] + [
            f"{name}={value!r}" for name, value in self.kwargs.items()
        ]
        return f"{self.component.fn.__qualname__}({', '.join(props)})"


class ComponentScope(Scope):
    """An instance of a component."""

    __slots__ = ("_args", "_forwarders", "_kwargs")

    def __init__(self, parent: Scope, call: Call) -> None:
        """Make an instance that has not been rendered."""
        super().__init__(parent.work, parent, call)
        self._forwarders: dict[int | str, tuple[Forwarder, On | None]] | None = None
        self._args, self._kwargs = call.args, call.kwargs
        if call.component.takes_handlers:
            self._take_handlers()

    @property
    def name(self) -> str:
        """The function, with file and line."""
        return name(self.thing.component.fn)

    @property
    def component(self) -> str:
        """The name of the function."""
        return label(self.thing.component.fn)

    def continues(self, thing: object) -> bool:
        """The same function at the same path is the same instance."""
        return type(thing) is Call and thing.component is self.thing.component

    def receive(self, thing: Call) -> bool:
        """Render again unless every prop is known to be unchanged."""
        old_args, old_kwargs = self._args, self._kwargs
        self.thing = thing
        self._args, self._kwargs = thing.args, thing.kwargs
        same_arity = not thing.component.takes_handlers or self._take_handlers()
        return (
            not same_arity
            or len(old_args) != len(self._args)
            or not all(map(same_prop, old_args, self._args))
            or not same_props(old_kwargs, self._kwargs)
        )

    def _evaluate(self) -> VNode:
        return run_body(self.thing.component.fn, self._args, self._kwargs, as_node)

    def _take_handlers(self) -> bool:
        """Put forwarders in place of the `on_*` props; return whether they take the event as before."""
        call: Call = self.thing
        same = True
        args = list(call.args)
        kwargs = dict(call.kwargs)
        for index, value in enumerate(args):
            if call.component.prop_name(index).startswith("on_") and is_handler(value):
                args[index], kept = self._forwarder(index, value)
                same = same and kept
        for prop, value in kwargs.items():
            if prop.startswith("on_") and is_handler(value):
                kwargs[prop], kept = self._forwarder(prop, value)
                same = same and kept
        self._args, self._kwargs = tuple(args), kwargs
        return same

    def _forwarder(self, prop: int | str, target: Any) -> tuple[Handler, bool]:
        """Return what stands for a handler, always the same object while its marks are the same."""
        marks = target if isinstance(target, On) else None
        inner = target if marks is None else marks.handler
        if self._forwarders is None:
            self._forwarders = {}
        known = self._forwarders.get(prop)
        kept = True
        if known is None:
            known = self._forwarders[prop] = Forwarder(inner), None
        else:
            kept = known[0].forward(inner)
        forwarder, marked = known
        if marks is None:
            return forwarder, kept
        if marked is None or marked.options != marks.options:
            marked = marks.around(forwarder)
            self._forwarders[prop] = forwarder, marked
        return marked, kept
