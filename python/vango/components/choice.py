"""`Show`, `Switch` and `Match`: one of several contents, by what holds.

Invariants maintained here:
- a branch stands in a fragment with its number as the key, so no two branches share state;
- a condition that changes without another branch holding patches nothing;
- the branch that left is disposed before anything of it could see that its condition no longer holds.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, TypeVar, overload

from vango._core import Slot, VNode, fragment
from vango.components.component import Key
from vango.components.description import Description
from vango.components.scope import Scope
from vango.components.states import refuse_coroutine, run_body
from vango.naming import label, name, required_arguments
from vango.reactive.signals import Signal

if TYPE_CHECKING:
    from vango.html import Child

__all__ = ["Match", "Show", "Switch"]

T = TypeVar("T")

_FUNCTIONS = (FunctionType, MethodType, functools.partial)


class Match:
    """One branch of a `Switch`: `Match(when, then)`.

    Attributes:
        when: What is asked.
        then: What shows while it holds.
        wants_value: Whether `then` is a function that is given what `when` gave.
    """

    __slots__ = ("then", "wants_value", "when")

    @overload
    def __init__(self, when: Callable[[], T | None], then: Callable[[T], object]) -> None: ...
    @overload
    def __init__(self, when: object, then: Child) -> None: ...
    def __init__(self, when: object, then: Any) -> None:
        """Show `then` while `when` holds.

        Args:
            when: A signal, memo or function, which is asked again when something it read changes, or a value.
            then: Anything that may be a child. A function with one required parameter gets what `when` gave,
                and runs again when that is another value.

        Raises:
            TypeError: `when` is a class or a component, which always holds.
        """
        if isinstance(when, type) or hasattr(when, "__vango_component__"):
            raise TypeError(
                f"{label(when)} is not called, so it always holds; "
                "write a condition: Show(lambda: count() > 0, ...)"
            )
        self.when = when
        self.then = then
        self.wants_value = isinstance(then, _FUNCTIONS) and required_arguments(then) == 1

    def ask(self) -> tuple[bool, object]:
        """Return whether it holds, and what was given."""
        given = self.when() if callable(self.when) else self.when
        refuse_coroutine(given)
        if isinstance(given, (Slot, *_FUNCTIONS)):
            what = f"a {type(given).__name__}" if isinstance(given, Slot) else name(given)
            raise TypeError(f"a condition gave {what}, which always holds; call it: lambda: wanted()")
        try:
            return bool(given), given
        except Exception as error:
            raise TypeError(
                f"a condition gave a {type(given).__name__}, which is neither true nor false ({error}); "
                "ask what is meant: lambda: len(rows()) > 0"
            ) from error


class Switch(Description):
    """The first branch whose condition holds.

    `Switch(Match(error, lambda error: h.p[str(error)]), Match(rows, Table()), otherwise=h.p["Loading"])`.
    """

    __slots__ = ("matches", "otherwise")
    matches: tuple[Match, ...]
    otherwise: object

    def __new__(cls, *matches: Match, otherwise: Child = None, key: Key = None) -> Switch:
        """Describe a choice.

        Args:
            *matches: Asked in this order until one holds.
            otherwise: What shows when none does.
            key: Its identity among its siblings.

        Raises:
            TypeError: One of `matches` is none.
        """
        for match in matches:
            if not isinstance(match, Match):
                raise TypeError(f"Switch takes Match(when, then), not {match!r:.80}")
        self = super().__new__(cls, key)
        self.matches = matches
        self.otherwise = otherwise
        return self

    def mount(self, parent: Scope) -> Scope:
        """Return the scope of a new choice."""
        return ChoiceScope(parent, self)


class Show(Switch):
    """Content that shows while a condition holds: `Show(user, lambda user: h.p[user.name], Login())`."""

    __slots__ = ()

    @overload
    def __new__(
        cls,
        when: Callable[[], T | None],
        then: Callable[[T], object],
        otherwise: Child = None,
        *,
        key: Key = None,
    ) -> Show: ...
    @overload
    def __new__(cls, when: object, then: Child, otherwise: Child = None, *, key: Key = None) -> Show: ...
    def __new__(cls, when: object, then: Any, otherwise: Child = None, *, key: Key = None) -> Show:
        """Describe content with a condition.

        Args:
            when: A signal, memo or function, which is asked again when something it read changes, or a value.
            then: Anything that may be a child. A function with one required parameter gets what `when` gave,
                and runs again when that is another value.
            otherwise: What shows while it does not hold.
            key: Its identity among its siblings.

        Raises:
            TypeError: `when` is a class or a component, which always holds.
        """
        self = super().__new__(cls, Match(when, then), otherwise=otherwise, key=key)
        assert isinstance(self, Show)
        return self


class ChoiceScope(Scope):
    """A mounted choice."""

    __slots__ = ("_branch", "_shown", "_value")

    def __init__(self, parent: Scope, thing: Switch) -> None:
        """Make a choice that has not been rendered."""
        super().__init__(parent.work, parent, thing)
        self._branch = -1
        self._shown: Switch | None = None  # what the content was made of
        self._value: Signal[Any] | None = None  # what the branch is given

    @property
    def name(self) -> str:
        """Its kind, and the first function in it, with file and line."""
        kind = type(self.thing).__name__
        parts = [part for match in self.thing.matches for part in (match.when, match.then)]
        function = next((part for part in parts if isinstance(part, _FUNCTIONS)), None)
        return kind if function is None else f"{kind} with {name(function)}"

    def continues(self, thing: object) -> bool:
        """A choice of the same kind continues the one at its path."""
        return type(thing) is type(self.thing)

    def receive(self, thing: Switch) -> bool:
        """Ask again: the conditions and contents may have captured something new."""
        self.thing = thing
        return True

    def _evaluate(self) -> VNode:
        return run_body(self._ask, (), {}, self._content_of)

    def _ask(self) -> tuple[int, object]:
        for branch, match in enumerate(self.thing.matches):
            holds, given = match.ask()
            if holds:
                return branch, given
        return -1, None

    def _content_of(self, found: tuple[int, object]) -> VNode:
        branch, given = found
        switch: Switch = self.thing
        if switch is self._shown and branch == self._branch:
            if self._value is not None:
                self._value.set(given)
            assert isinstance(self._content, VNode)
            return self._content
        self._shown = None  # until it stands
        then: Any = switch.otherwise if branch < 0 else switch.matches[branch].then
        if branch < 0 or not switch.matches[branch].wants_value:
            self._value = None
        else:
            if self._value is None or branch != self._branch:
                self._value = Signal(given)
            else:
                self._value.set(given)
            then = _given(then, self._value)
        self._branch = branch
        return fragment((then,), key=branch)

    def _end(self) -> None:
        self._shown = self.thing
        super()._end()


def _given(then: Callable[[Any], object], value: Signal[Any]) -> Callable[[], object]:
    """Return `then` as the function of a slot, which messages name by `then` itself."""

    def branch() -> object:
        return then(value())

    branch.__wrapped__ = then  # type: ignore[attr-defined]
    return branch
