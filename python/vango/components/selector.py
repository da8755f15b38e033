"""`selector`: a choice that tells only the one that was chosen and the one that is."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from vango.components.state import effect, memo
from vango.naming import require_function
from vango.reactive.equality import Stable
from vango.reactive.signals import Memo, Signal
from vango.reactive.tracking import current

K = TypeVar("K", bound=Hashable)


class Selector(Stable, Generic[K]):
    """Says whether a key is chosen; a change wakes the readers of two keys, not those of all."""

    __slots__ = ("__weakref__", "_flags", "_source", "_told")

    def __init__(self, source: Signal[K] | Memo[K] | Callable[[], K]) -> None:
        """Make a selector that nobody tells of changes; `selector` is the name to use."""
        require_function(source, "selector()", "selector(chosen), with the signal itself")
        self._source = source if isinstance(source, (Signal, Memo)) else Memo(source)
        self._flags: WeakValueDictionary[K, Signal[bool]] = WeakValueDictionary()  # those that are read
        self._told = self._source.peek()  # the key whose flag is set

    def __call__(self, key: K) -> bool:
        """Return whether `key` is chosen, and run the reader again when that changes."""
        if current.frame.reads is not None:
            flag = self._flags.get(key)
            if flag is None:
                flag = self._flags[key] = Signal(self._told == key)
            flag()
        return self._source.peek() == key

    def follow(self) -> None:
        """Tell the readers of the key that was chosen and of the one that is. An effect calls this."""
        was, self._told = self._told, self._source()
        if was != self._told:
            for key in (was, self._told):
                flag = self._flags.get(key)
                if flag is not None:
                    flag.set(key == self._told)


def selector(source: Signal[K] | Memo[K] | Callable[[], K], *, key: Hashable = None) -> Selector[K]:
    """Return `is_selected`, where `is_selected(key)` says whether `source` holds that key.

    In a body the same one at each render, else a new one. In a list of a thousand rows, each with
    `class_=lambda: "on" if is_selected(row.id) else None`, a change patches two.

    Args:
        source: A signal, memo or function that gives the chosen key, or `None`.
        key: Its identity where the place alone does not tell, in a loop.

    Raises:
        RuntimeError: The same place is reached more or less often than in the last render.
    """
    made = memo(lambda: Selector(source), key=key).peek()
    effect(made.follow, key=key)
    return made
