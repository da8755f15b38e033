"""What is registered at paths: pages, layouts, redirects and error pages.

Each belongs to a group, and is checked when it is registered: what could never be served is refused there.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial, wraps
from typing import Any, Literal, cast

from vango.components.component import ComponentFunction, component
from vango.components.resources import resource
from vango.guards import Guard, requires
from vango.naming import innermost, label
from vango.routing.convert import Convertor, of_annotation
from vango.routing.pattern import Pattern

PageFunction = Callable[..., object]

ErrorKind = Literal["not_found", "forbidden", "failed"]

_FAILED_TAKES = frozenset({"error", "reference", "retry"})


@dataclass(frozen=True, eq=False)
class Area:
    """What the things of one group have in common, and where it lies.

    Attributes:
        prefix: What its paths begin with, "" at the top.
        guards: Its own, without those of the groups around it.
        around: The group in which it is, if it is in one.
    """

    prefix: str = ""
    guards: tuple[Guard, ...] = ()
    around: Area | None = None

    @cached_property
    def all_guards(self) -> tuple[Guard, ...]:
        """Its guards, behind those of the groups around it."""
        return ((*self.around.all_guards, *self.guards)) if self.around is not None else self.guards

    def lies_in(self, other: Area) -> bool:
        """Tell whether it is `other` or in it."""
        area: Area | None = self
        while area is not None and area is not other:
            area = area.around
        return area is not None

    @cached_property
    def level(self) -> int:
        """In how many groups it is."""
        return 0 if self.around is None else self.around.level + 1


@dataclass(frozen=True, eq=False)
class Page:
    """A page: the function that renders its path, and what its document says.

    Attributes:
        pattern: Its path.
        function: What shows it.
        area: The group to which it belongs.
        title: Of its document, `None` for that of the application.
        status: Of the answer to a request.
        guards: Who may see it, besides those of its group and its layouts.
        name: What `url_for` calls it, "" for the name of the function.
        head_first: Whether the head of its document is sent before its data is there.
    """

    pattern: Pattern
    function: PageFunction
    area: Area = field(default_factory=Area)
    title: str | None = None
    status: int = 200
    guards: tuple[Guard, ...] = ()
    name: str = ""
    head_first: bool = False

    @classmethod
    def at(cls, path: str, function: PageFunction, **about: Any) -> Page:
        """Read the path, with the annotations of the function, and check that both fit each other.

        Raises:
            ValueError: The path is malformed.
            TypeError: There is no function, or it does not take the parameters of the path and nothing else.
        """
        _require_function(function, f"@app.page({path!r})")
        pattern = read_pattern(path, function)
        try:
            inspect.signature(function).bind(**dict.fromkeys(pattern.parameters))
        except TypeError as error:
            raise TypeError(
                f"the page {label(function)} does not fit its path {path!r}: {error}; "
                "it takes the path's parameters by name and nothing else"
            ) from None
        return cls(pattern, function, **about)

    @cached_property
    def component(self) -> Callable[..., object]:
        """The function as a component: it may make state, and an error of it stays in its session."""
        return _component(self.function)


@dataclass(frozen=True, eq=False)
class Layout:
    """A component around the pages of its group that lie at its path or below.

    Attributes:
        pattern: Where the pages begin.
        function: Takes `content`, and those parameters of the path that it names.
        area: The group to which it belongs.
        guards: Who may see what is in it, besides those of its group.
    """

    pattern: Pattern
    function: PageFunction
    area: Area = field(default_factory=Area)
    guards: tuple[Guard, ...] = ()

    @classmethod
    def at(cls, path: str, function: PageFunction, **about: Any) -> Layout:
        """Read the path and check that the function takes `content`.

        Raises:
            ValueError: The path is malformed, or takes all the rest.
            TypeError: There is no function, or it takes anything but `content` and what the path has.
        """
        _require_function(function, f"@app.layout({path!r})")
        if inspect.iscoroutinefunction(innermost(function)):
            raise TypeError(
                f"the layout {label(function)} is an async def; write def, and resource(load) in it"
            )
        pattern = _read_start(path, function, {"content"})
        if "content" not in taken(function, {"content"}):
            raise TypeError(
                f"the layout {label(function)} takes no content: write def {_called(function)}(content), and "
                "show that where the page belongs"
            )
        return cls(pattern, function, **about)

    @cached_property
    def component(self) -> Callable[..., object]:
        """The function as a component."""
        return _component(self.function)

    @cached_property
    def takes(self) -> frozenset[str]:
        """Those of the path's parameters that it takes."""
        return taken(self.function, self.pattern.parameters)


@dataclass(frozen=True, eq=False)
class ErrorPage:
    """What shows instead of a page, inside the layouts of its path.

    Attributes:
        kind: When it does.
        pattern: Where the pages begin for which it stands.
        function: Takes those parameters of the path that it names; of a failure also `reference`, `error`
            and `retry`.
        area: The group to which it belongs.
        title: Of the document, `None` for that of the application.
    """

    kind: ErrorKind
    pattern: Pattern
    function: PageFunction
    area: Area = field(default_factory=Area)
    title: str | None = None

    @classmethod
    def at(cls, kind: ErrorKind, path: str, function: PageFunction, **about: Any) -> ErrorPage:
        """Read the path and check that the function fits it.

        Raises:
            ValueError: The path is malformed, or takes all the rest.
            TypeError: There is no function, or it takes what nobody can give it.
        """
        _require_function(function, f"@app.{kind}")
        extra = _FAILED_TAKES if kind == "failed" else frozenset()
        return cls(kind, _read_start(path, function, extra), function, **about)

    @cached_property
    def component(self) -> Callable[..., object]:
        """The function as a component."""
        return _component(self.function)

    @cached_property
    def takes(self) -> frozenset[str]:
        """Those of the path's parameters that it takes."""
        return taken(self.function, self.pattern.parameters)

    @cached_property
    def takes_of_failure(self) -> frozenset[str]:
        """What it takes of a failure."""
        return taken(self.function, _FAILED_TAKES) - self.pattern.parameters.keys()


@dataclass(frozen=True, eq=False)
class Redirect:
    """A path that leads to another one.

    Attributes:
        pattern: The path.
        target: The other one, with parameters of the first.
        area: The group to which it belongs.
        status: 307, or 308 for good.
        query: A query that the target brings with it, "" for that of the request.
    """

    pattern: Pattern
    target: Pattern
    area: Area = field(default_factory=Area)
    status: Literal[307, 308] = 307
    query: str = ""

    @classmethod
    def at(cls, path: str, to: str, **about: Any) -> Redirect:
        """Read both paths.

        Raises:
            ValueError: One of them is malformed, or no path of this application, or the second has parameters
                that the first has not.
        """
        pattern = Pattern.parse(path)
        where, _, query = to.partition("?")
        if not where.startswith("/") or where.startswith("//"):
            raise ValueError(
                f"app.redirect({path!r}, {to!r}) leads within the application: write a path like '/new'; "
                "to another site redirect in a guard, whose targets have an allowlist"
            )
        target = Pattern.parse(where, pattern.parameters.get)
        for name, convertor in target.parameters.items():
            if pattern.parameters.get(name) is not convertor:
                raise ValueError(f"app.redirect({path!r}, {to!r}): {path!r} has no such parameter {{{name}}}")
        if str(target) == str(pattern):
            raise ValueError(f"app.redirect({path!r}, {to!r}) leads to itself")
        return cls(pattern, target, query=query, **about)

    def leads_to(self, parameters: Mapping[str, Any], query: str = "") -> str:
        """Return the address below the mount to which these parameters lead, with a query."""
        path = self.target.build({name: parameters[name] for name in self.target.parameters})
        query = self.query or query
        return f"{path}?{query}" if query else path


def read_pattern(path: str, function: PageFunction) -> Pattern:
    """Return the pattern of a path whose parameters a function takes, converted as its annotations say.

    Raises:
        ValueError: The path is malformed.
        TypeError: An annotation says what no part of a path can be, or something else than the path.
    """
    plain = innermost(function.fn if isinstance(function, ComponentFunction) else function)

    def annotated(name: str) -> Convertor | None:
        annotation = _annotation(plain, name, path)
        try:
            return of_annotation(annotation) if annotation is not inspect.Parameter.empty else None
        except TypeError as error:
            raise TypeError(f"{label(function)}: {name}: {annotation!r} at {path!r}: {error}") from None

    pattern = Pattern.parse(path, annotated)
    for segment in pattern.segments:
        if segment.name and f"{{{segment.name}:" in path:
            _compare(segment.name, segment.convertor, plain, path)
    return pattern


def taken(function: PageFunction, names: Collection[str]) -> frozenset[str]:
    """Return those of some names that a function takes."""
    parameters = inspect.signature(function).parameters.values()
    if any(one.kind is one.VAR_KEYWORD for one in parameters):
        return frozenset(names)
    return frozenset(names) & {one.name for one in parameters}


def _read_start(path: str, function: PageFunction, extra: Collection[str]) -> Pattern:
    pattern = read_pattern(path, function)
    if any(segment.convertor.name == "path" for segment in pattern.segments):
        raise ValueError(f"{path!r}: what is around pages lies at their beginning; leave the last part away")
    known = {*pattern.parameters, *extra}
    for one in inspect.signature(function).parameters.values():
        is_needed = one.default is one.empty and one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL)
        if one.kind is one.POSITIONAL_ONLY or (is_needed and one.name not in known):
            raise TypeError(
                f"{label(function)} at {path!r} takes {one.name!r}, which nobody gives it; it takes by name "
                f"{', '.join(sorted(known)) or 'nothing'}"
            )
    return pattern


def _annotation(function: object, name: str, path: str) -> Any:
    """Return what an annotation says, also where it is written as a text."""
    written = getattr(function, "__annotations__", {}).get(name, inspect.Parameter.empty)
    if not isinstance(written, str):
        return written
    around = inspect.getclosurevars(function).nonlocals if inspect.isfunction(function) else {}
    try:
        return eval(written, getattr(function, "__globals__", {}), dict(around))  # noqa: S307
    except Exception:
        raise TypeError(
            f"{label(function)}: the annotation {name}: {written} at {path!r} means nothing where the module "
            "runs; import it at the top of the module, outside of TYPE_CHECKING, or name the convertor in "
            f"the path: {{{name}:int}}"
        ) from None


def _compare(name: str, convertor: Convertor, function: object, path: str) -> None:
    """Refuse an annotation that says something else than the path."""
    try:
        said = of_annotation(_annotation(function, name, path))
    except TypeError:
        return  # it may say more than a path can: `int | None`, say
    if said is None or said.name == convertor.name or {said.name, convertor.name} == {"str", "path"}:
        return
    raise TypeError(
        f"{path!r} says {convertor.name} of {{{name}}}, and {label(function)} says {said.name}; "
        "say it in one place"
    )


def _require_function(function: object, use: str) -> None:
    if not callable(function) or isinstance(function, type):
        raise TypeError(f"{use} decorates a function that returns what to show, not {function!r:.80}")


def _called(function: object) -> str:
    return getattr(function, "__name__", "layout")


def _component(function: PageFunction) -> Callable[..., object]:
    if isinstance(function, ComponentFunction):
        return function
    return component(_loaded(function) if inspect.iscoroutinefunction(function) else function)


def _loaded(function: Callable[..., Coroutine[Any, Any, object]]) -> PageFunction:
    """Return a page function that shows what an async one returns, called once for each visit."""

    @wraps(function)
    def page(**parameters: object) -> object:
        return resource(partial(function, **parameters)).match(lambda content: content)

    return page


def checked_guards(guards: Sequence[Guard], use: str) -> tuple[Guard, ...]:
    """Return guards as a tuple.

    Raises:
        TypeError: One stands where several belong, or one cannot be called.
    """
    if callable(guards) or isinstance(guards, str):
        raise TypeError(f"{use}: guards takes several: write guards=[...]")
    for guard in guards:
        if cast("object", guard) is requires:
            raise TypeError(f"{use}: write requires(), or requires('admin'), which gives a guard")
        if not callable(guard):
            raise TypeError(f"{use}: a guard is a function of the request, not {guard!r:.80}")
    return tuple(guards)
