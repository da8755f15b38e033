"""Something that a browser is asked, while a handler waits for its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio

if TYPE_CHECKING:
    from vango.clock import Clock

__all__ = ["Question"]

_PATIENCE_S = 5


class Question:
    """A value that comes from elsewhere, once."""

    __slots__ = ("_answer", "_clock", "_come")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._come = anyio.Event()
        self._answer: object = None

    def answer(self, value: object) -> None:
        """Give the answer."""
        self._answer = value
        self._come.set()

    async def wait(self) -> object:
        """Return the answer.

        Raises:
            TimeoutError: There is none within 5 s.
        """
        with self._clock.move_on_after(_PATIENCE_S):
            await self._come.wait()
        if not self._come.is_set():
            raise TimeoutError(
                f"the browser did not answer within {_PATIENCE_S} s; it may be offline, or the page is gone"
            )
        return self._answer
