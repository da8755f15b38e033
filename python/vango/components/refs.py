"""Refs: by what the server speaks of one element, after it is in the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from vango.events import Hook
from vango.reactive.equality import Stable
from vango.reactive.tracking import current

if TYPE_CHECKING:
    from collections.abc import Hashable

    from vango.components.host import Host, Question
    from vango.components.scope import Scope

__all__ = ["Rect", "Ref", "ref"]


@dataclass(frozen=True, slots=True)
class Rect:
    """Where an element is in the window, in CSS pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Where it ends below."""
        return self.y + self.height


class Ref(Stable):
    """One element of the page: `box = ref()` in a body, `h.input(ref=box)`, and `box.focus()` in a handler.

    What is asked of the element happens when the page shows what was changed before. So a handler may show a
    field and give it the focus in one go.
    """

    __slots__ = ("__weakref__", "_asked", "_next", "_scope")

    __vango_ref__ = True

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._asked: dict[str, Question] = {}
        self._next = 0

    @property
    def place(self) -> int:
        """The place of the component that made it."""
        return self._scope.place

    @property
    def mounted(self) -> bool:
        """Whether an element of the page has it now."""
        return self._scope.work.locate(self) != 0

    def focus(self) -> None:
        """Give the element the focus.

        Raises:
            LookupError: No element of the page has this ref, and no change of the page is on its way.
        """
        self._act("focus", lambda host, hid: host.outbox.focus(hid))

    def scroll_to(self, x: int = 0, y: int = 0) -> None:
        """Scroll what is in the element to a point, in CSS pixels from its upper left.

        Raises:
            LookupError: As `focus`.
        """
        self._act("scroll_to", lambda host, hid: host.outbox.scroll(hid, int(x), int(y)))

    def select(self) -> None:
        """Select the text of a field.

        Raises:
            LookupError: As `focus`.
        """
        self._tell("select")

    def scroll_into_view(
        self, block: Literal["start", "center", "end", "nearest"] = "nearest", *, smooth: bool = False
    ) -> None:
        """Scroll what is around the element until it is seen.

        Args:
            block: Where it is to be then.
            smooth: Whether people see the way there.

        Raises:
            LookupError: As `focus`.
        """
        self._tell("scroll-into-view", block=block, behavior="smooth" if smooth else "auto")

    async def measure(self) -> Rect:
        """Ask the browser where the element is.

        Raises:
            LookupError: As `focus`, or the element has left the page meanwhile.
            TimeoutError: The browser did not answer within 5 s.
        """
        self._next += 1
        number = str(self._next)
        question = self._asked[number] = self._scope.work.host.question()
        try:
            self._tell("measure", id=number)
            told = await question.wait()
        finally:
            del self._asked[number]
        if not isinstance(told, Rect):
            raise LookupError("the element left the page before it was measured")
        return told

    def __call__(self, answer: Hook) -> None:
        """Take an answer of the browser; the page calls it."""
        question = self._asked.get(answer.name)
        if question is not None:
            question.answer(_rect(answer.detail))

    def _tell(self, name: str, **detail: object) -> None:
        def tell(host: Host, hid: int) -> None:
            if not host.outbox.emit(f"vango:{name}", json.dumps({"hid": hid, **detail})):
                raise RuntimeError(
                    f"too much that the page was told is not acknowledged; {name} was given up"
                )

        self._act(name.replace("-", "_"), tell)

    def _act(self, name: str, act: Callable[[Host, int], object]) -> None:
        if current.writes is not None:
            raise RuntimeError(
                f"{name}() belongs to the session's own thread; in a blocking handler write "
                f"current_session().dispatch(box.{name})"
            )
        self._scope.work.act(self, act, name)


def ref(*, key: Hashable = None) -> Ref:
    """Return a ref: in a body the same one at each render. Give it to one element: `h.input(ref=box)`.

    Args:
        key: Its identity where the place alone does not tell, in a loop.

    Raises:
        RuntimeError: No body runs, or the same place is reached more or less often than in the last render.
    """
    body: Scope | None = current.frame.body
    if body is None:
        raise RuntimeError("ref() belongs into a component's body, while it runs")
    states = body.states()
    place = states.find(key, "ref")
    found = states.get(place, Ref)
    if found is None:
        found = Ref(body)
        states.put(place, found)
    return found


def _rect(told: Any) -> Rect | None:
    sides: list[Any] = (
        [told.get(side) for side in ("x", "y", "width", "height")] if type(told) is dict else []
    )
    if not sides or any(type(side) not in (int, float) for side in sides):
        return None
    return Rect(*map(float, sides))
