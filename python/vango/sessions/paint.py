"""The first paint of a served page, and what it waits for: data comes with the page, not behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio

if TYPE_CHECKING:
    from vango.sessions.session import Session

__all__ = ["Paint"]


class Paint:
    """Counts the loads that a page waits for, from its first render until it is served.

    Nothing of the page has left the process, so what they change is rendered into it, not into a burst.
    """

    __slots__ = ("_news", "_session", "_waits_for")

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waits_for = 0
        self._news: anyio.Event | None = None

    @property
    def waits(self) -> bool:
        """Whether something loads."""
        return self._waits_for > 0

    def wait_for_one_more(self) -> None:
        """A load begins."""
        self._waits_for += 1

    def one_is_over(self) -> None:
        """A load has ended, whatever came of it."""
        self._waits_for -= 1
        if self._news is not None:
            self._news.set()

    async def finish(self) -> None:
        """Return when the page is ready to be served: all is loaded, or `Limits.ssr_wait_s` has passed.

        What still loads then goes on, and is shown when the page has connected.
        """
        session = self._session
        patience_s = session.limits.ssr_wait_s
        # Most pages load nothing: they are served without a timer.
        if patience_s and self._loads():
            with session.registry.clock.move_on_after(patience_s):
                while self._loads():
                    self._news = anyio.Event()
                    await self._news.wait()
        self._render()
        session.paint = None

    def _loads(self) -> bool:
        """Render until nothing changes any more; return whether something still loads."""
        while self._render():
            pass
        return self._waits_for > 0

    def _render(self) -> bool:
        """Render what has changed, which may begin to load more; return whether there was anything."""
        session = self._session
        if not session.view.dirty or session.closed:
            return False
        self._paint()
        return True

    def _paint(self) -> None:
        self._session.repaint()
