"""`bind=`: a control that shows what a signal holds, and writes what somebody types or chooses into it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast, overload
from weakref import WeakValueDictionary

from vango._core import Slot, attr_value
from vango.components.marked import on
from vango.components.slots import SlotScope
from vango.events import Change, Input
from vango.naming import label
from vango.reactive.equality import Stable, same_value
from vango.reactive.signals import Signal
from vango.reactive.tracking import current

if TYPE_CHECKING:
    from vango.components.handlers import Handler
    from vango.components.work import Work

__all__ = ["Binding", "bind"]

E = TypeVar("E")
T = TypeVar("T")

_UNSET: Final[Any] = object()
_MANY = (list, tuple, set, frozenset)
_NO_FIELD = frozenset({"button", "file", "image", "reset", "submit"})
_NO_ZONE = frozenset({"datetime-local", "time"})
_PICKY = frozenset({"date", "datetime-local", "month", "number", "time", "week"})
"""Fields whose browser tells nothing of what it cannot read."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody typed while the signal held, or got, `value`; `error` says why it could not be read."""

    text: str
    value: object
    error: str


class Offer:
    """What a checkbox, a radio button or an option stands for, as it was given."""

    __slots__ = ("__weakref__", "text", "value")

    def __init__(self, what: str, attrs: Mapping[str, Any]) -> None:
        self.value = attrs.get("value")
        if self.value is None or isinstance(self.value, Slot) or callable(self.value):
            raise TypeError(f"a bound {what} says what it stands for: value=..., a string or number")
        self.text = _written(self.value)


class Binding(Stable, Generic[T]):
    """A signal, and how its value becomes the text of a control and back; `bind()` makes one."""

    __slots__ = ("_debounce", "_draft", "_empty", "_format", "_parse", "_pending", "_sentence", "signal")

    def __init__(
        self,
        signal: Signal[T],
        *,
        parse: Callable[[str], T] | None = None,
        format: Callable[[T], str] | None = None,  # noqa: A002
        empty: T = _UNSET,
        debounce: int = 0,
        pending: bool = False,
    ) -> None:
        if not isinstance(signal, Signal):
            raise TypeError(f"bind= takes a signal, which it can write, not {signal!r:.80}")
        self.signal = signal
        self._parse = parse
        self._format: Callable[[T], str] = format or _written
        self._empty = empty
        self._debounce = debounce
        self._pending = pending
        self._sentence = ""
        self._draft = _draft_of(signal)

    def error(self) -> str:
        """Return why what stands in the control cannot be read, "" if it can; as a child it is a slot."""
        draft = self._draft()
        return draft.error if draft is not None and same_value(None, draft.value, self.signal()) else ""

    def text(self) -> str:
        """Return what the control shows: what was typed, or the value that was written since."""
        draft, value = self._draft(), self.signal()
        if draft is not None and same_value(None, draft.value, value):
            return draft.text
        return self._format(value)

    def reset(self) -> None:
        """Let the control show the value again, whatever was typed that could not be read."""
        if self._draft.peek() is not None:
            self._restate()
            self._draft.set(None)

    def read(self, event: Input) -> None:
        """Write what was typed into the signal; what cannot be read changes no more than `error`."""
        value = self.signal.peek()
        if not event.values:  # the browser knows no value for what stands in the control
            draft = self._draft.peek()
            text = draft.text if draft is not None else self._format(value)
            self._draft.set(Draft(text, value, self._sentence or "this cannot be read"))
            return
        text = event.value
        try:
            value = self._empty if not text and self._empty is not _UNSET else self._reader()(text)
        except (ValueError, ArithmeticError) as error:
            self._draft.set(Draft(text, value, self._sentence or str(error) or "this cannot be read"))
            return
        self._restate()
        self._draft.set(Draft(text, value, ""))
        self.signal.set(value)

    def _restate(self) -> None:
        """Let the fields be written also where an effect makes of the value what it was before."""
        for source in (self._draft, self.signal):
            for slot in source._observers or ():
                if isinstance(slot, SlotScope) and slot.fills("value"):
                    slot.restate()

    def _reader(self) -> Callable[[str], T]:
        """Return how a text is read: as asked for, or as a value of the kind that the signal holds."""
        if self._parse is None:
            held = type(self.signal.peek())
            if held not in _READERS:
                raise TypeError(
                    f"bind= cannot tell how the value of a {held.__name__} is read from a text; "
                    "write bind=bind(signal, parse=function)"
                )
            read, self._sentence = _READERS[held]
            self._parse = cast("Callable[[str], T]", read)
        return self._parse

    def keywords(self, tag: str, attrs: Mapping[str, Any]) -> dict[str, Any]:
        """Return what `bind=` stands for on an element with these keywords.

        Raises:
            TypeError: It is no control, or not one for what the signal holds.
        """
        if tag == "textarea":
            return self._field()
        if tag == "select":
            return self._list() if attrs.get("multiple") else self._chosen()
        if tag == "option":
            offer = Offer(tag, attrs)
            if type(offer.value) is not str:
                _offers_of(self.signal)[offer.text] = offer
            return {"selected": self._has(offer)}
        if tag == "input":
            return self._input(attrs)
        if attrs.get("contenteditable") not in (None, False, "false"):
            return {".value": self._shown(), "on_input": self._told(self.read)}
        raise TypeError(
            f"{tag} is nothing to type into; bind= belongs to input, textarea, select, option, "
            "or an element with contenteditable"
        )

    def _input(self, attrs: Mapping[str, Any]) -> dict[str, Any]:
        kind = attrs.get("type", "text")
        if not isinstance(kind, str):
            raise TypeError(f"the type of a bound input is a string, not {label(kind)}")
        if kind in _NO_FIELD:
            raise TypeError(
                f"an input of type {kind} holds no value to write; listen to it by on_click= or on_change="
            )
        if kind == "radio":
            if not attrs.get("name"):
                raise TypeError(
                    "radio buttons of one group share a name, by which browsers know it: name=..."
                )
            return {
                "checked": self._has(Offer("radio", attrs)),
                "on_change": self._told(self.read, typed=False),
            }
        if kind in _NO_ZONE and self._format is _written:
            _refuse_zone(self.signal.peek())
            return {**self._field(picky=True), "value": self._local}
        if kind != "checkbox":
            return self._field(picky=kind in _PICKY)
        held = self.signal.peek()
        if isinstance(held, _MANY):
            offer = Offer("checkbox", attrs)
            return {
                "checked": self._has(offer),
                "on_change": self._told((self._put, offer), typed=False),
            }
        if type(held) is not bool:
            raise TypeError(
                f"a checkbox is bound to a bool, or with others to a list of values, not to {held!r:.40}; "
                "write signal(False)"
            )
        return {"checked": self.signal, "on_change": self._told((_check, self.signal), typed=False)}

    def _field(self, *, picky: bool = False) -> dict[str, Any]:
        return {"value": self._shown(picky=picky), "on_input": self._told(self.read)}

    def _chosen(self) -> dict[str, Any]:
        return {"value": self._shown(), "on_change": self._told(self.read, typed=False)}

    def _list(self) -> dict[str, Any]:
        if not isinstance(self.signal.peek(), _MANY):
            raise TypeError(
                "a select with multiple is bound to a list, tuple or set of values, and so is each of its "
                "options: option(value=..., bind=chosen)"
            )
        return {"on_change": self._told((self._choose, _offers_of(self.signal)), typed=False)}

    def _shown(self, *, picky: bool = False) -> Callable[[], str] | Signal[T]:
        """Return the slot of the value: the signal itself where it holds the very text, whatever is typed."""
        plain = (
            not picky and self._parse is None and self._format is _written and type(self.signal.peek()) is str
        )
        if not plain:
            self._reader()
        return self.signal if plain else self.text

    def _local(self) -> str:
        _refuse_zone(self.signal())
        return self.text()

    def _has(self, offer: Offer) -> Callable[[], bool]:
        def has() -> bool:
            held: Any = self.signal()
            return any(self._is(offer, each) for each in (held if isinstance(held, _MANY) else (held,)))

        return has

    def _is(self, offer: Offer, value: Any) -> bool:
        return same_value(None, value, offer.value) or self._format(value) == offer.text

    def _put(self, offer: Offer, event: Change) -> None:
        """A checkbox of several was switched."""
        held: Any = self.signal.peek()
        others = [each for each in held if not self._is(offer, each)]
        self.signal.set(type(held)([*others, self._meant(offer.value)] if event.checked else others))

    def _choose(self, offers: Mapping[str, Offer], event: Change) -> None:
        """Options of a list were chosen."""
        held: Any = self.signal.peek()
        known = {self._format(each): each for each in held}  # by options that have left since, for some
        known.update((text, offer.value) for text, offer in offers.items())
        self.signal.set(type(held)([self._meant(known.get(text, text)) for text in event.values]))

    def _meant(self, value: Any) -> Any:
        return self._parse(value) if type(value) is str and self._parse is not None else value

    def _told(self, handler: Handler, *, typed: bool = True) -> Handler:
        debounce = self._debounce if typed else 0
        return on(handler, debounce=debounce, pending=self._pending) if debounce or self._pending else handler


@overload
def bind(
    signal: Signal[list[E]] | Signal[tuple[E, ...]] | Signal[set[E]] | Signal[frozenset[E]],
    *,
    parse: Callable[[str], E] | None = None,
    format: Callable[[E], str] | None = None,
    pending: bool = False,
) -> Binding[Any]: ...


@overload
def bind(
    signal: Signal[T],
    *,
    parse: Callable[[str], T] | None = None,
    format: Callable[[T], str] | None = None,
    empty: T = _UNSET,
    debounce: int = 0,
    pending: bool = False,
) -> Binding[T]: ...


def bind(
    signal: Signal[Any],
    *,
    parse: Callable[[str], Any] | None = None,
    format: Callable[[Any], str] | None = None,  # noqa: A002
    empty: Any = _UNSET,
    debounce: int = 0,
    pending: bool = False,
) -> Binding[Any]:
    """Say more of a bound control than its signal does: `h.input(bind=bind(age, empty=None, debounce=200))`.

    Made again in the same page for the same signal, it knows what was typed: `bind(age).error` may stand
    anywhere beside the control.

    Args:
        signal: What the control shows and writes.
        parse: Makes the value of what was typed; raises ValueError, whose words are the `error`, where it
            cannot. By default what suits the value that the signal holds: str, int, float, Decimal, date,
            time, datetime; of a list, tuple or set it makes one of the values.
        format: Makes the text of a value; by default `str`, ISO for dates and times with milliseconds, for
            browsers take no more, "" for `None`. A time or datetime with a zone needs one in a field of the
            type time or datetime-local, which shows none: it says in whose zone the page is.
        empty: The value of an empty control; without it, `parse` is asked.
        debounce: Tell the server when nothing was typed for so many ms; see `on()`.
        pending: Mark the control with `data-pending` while the server has not taken it; see `on()`.

    Raises:
        TypeError: `signal` is no signal.
    """
    return Binding(signal, parse=parse, format=format, empty=empty, debounce=debounce, pending=pending)


def expand(tag: str, bound: object, attrs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords that `bind=` stands for; the engine asks when it builds the element."""
    binding = bound if isinstance(bound, Binding) else Binding(cast("Signal[Any]", bound))
    return binding.keywords(tag, attrs)


def _draft_of(signal: Signal[Any]) -> Signal[Draft | None]:
    """Return what was typed for a signal in the page that runs; outside of one, something new."""
    owner = current.frame.owner
    scope = owner.owning_scope() if owner is not None else None
    if scope is None:
        return Signal(None)
    work: Work = scope.work
    draft = work.drafts.get(signal)
    if draft is None:
        draft = work.drafts[signal] = Signal(None)
    return draft


def _offers_of(signal: Signal[Any]) -> MutableMapping[str, Offer]:
    """Return what the options of a list that are no strings stand for, by their texts, while they last."""
    owner = current.frame.owner
    scope = owner.owning_scope() if owner is not None else None
    if scope is None:
        return WeakValueDictionary()
    work: Work = scope.work
    return work.offers.setdefault(signal, WeakValueDictionary())


def _check(signal: Signal[bool], event: Change) -> None:
    """A checkbox was switched."""
    signal.set(event.checked)


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (datetime, time)):
        return value.isoformat(timespec="milliseconds" if value.microsecond else "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum) and isinstance(value, (str, int, float)):
        return attr_value("value", value) or ""
    return str(value)


def _refuse_zone(value: object) -> None:
    """Refuse what the field of a browser has no room for.

    Raises:
        TypeError: A time in a zone.
    """
    if isinstance(value, (datetime, time)) and value.tzinfo is not None:
        raise TypeError(
            f"{value!r:.80} has a zone, and a field of a browser shows a time without one; "
            "write bind=bind(signal, format=function, parse=function), which say in whose zone the page is"
        )


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _decimal(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError(text)
    return value


_READERS: Mapping[type, tuple[Callable[[str], object], str]] = MappingProxyType(
    {
        str: (str, ""),
        int: (int, "write a whole number"),
        float: (_number, "write a number"),
        Decimal: (_decimal, "write a number"),
        date: (date.fromisoformat, "write a date, as 2026-12-31"),
        time: (time.fromisoformat, "write a time, as 23:59"),
        datetime: (datetime.fromisoformat, "write a date and a time, as 2026-12-31T23:59"),
    }
)
"""How a text is read by default, by the type of what the signal holds, and what is said where it cannot."""
