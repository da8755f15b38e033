"""What is rendered before anybody asks for it: alive, on no page, and without effect on anything.

Invariants maintained here:
- until it is adopted it only reads: what it would write outside of itself is refused, its effects, timers and
  tasks wait, and only the data that it shows is fetched;
- whatever goes wrong in it ends it, and nothing else: who asks for it later gets it as if it had never been;
- adopted, it is like anything else that has come onto the page: no body runs again, and what waited begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import Context
from typing import TYPE_CHECKING, TypeVar

from vango._core import VNode
from vango.components.portal import call_outlets
from vango.components.scope import _DISPOSED, Scope
from vango.components.states import as_node
from vango.reactive.onlooker import Onlooker
from vango.reactive.tracking import current

if TYPE_CHECKING:
    from vango.components.description import Description

T = TypeVar("T")


class TooEarlyError(RuntimeError):
    """Something has an effect while it is rendered ahead, before anybody has asked for it."""


class AsideScope(Scope):
    """The root of what is rendered aside.

    Attributes:
        failure: What went wrong in it, if something did: it ends then.
        is_adopted: Whether it has come onto the page.
    """

    __slots__ = ("_context", "_ended", "_looks", "_runs", "failure", "is_adopted")

    catches = True

    def __init__(
        self, parent: Scope, content: Description, context: Context, ended: Callable[[], object]
    ) -> None:
        """Prepare `content` under `parent`, which keeps it; the next flush renders it.

        Args:
            parent: In whose node it is going to stand.
            content: What it shows.
            context: In which its code runs until it is adopted.
            ended: Called at its end.
        """
        super().__init__(parent.work, parent, content)
        self._context = context
        self._looks = Onlooker(context, self.refuse)
        self._ended = ended
        self._runs = False
        self.failure: BaseException | None = None
        self.is_adopted = False
        self.work.asides += 1
        self.hide()
        self.require()

    @property
    def name(self) -> str:
        """What it holds."""
        return f"{self.thing!r:.80}, rendered ahead"

    @property
    def is_ahead(self) -> bool:
        """Whether nobody has asked for it yet."""
        return not self.is_adopted

    @property
    def is_ready(self) -> bool:
        """Whether it is rendered, and could be shown."""
        return not self.is_gone and self.failure is None and type(self._content) is VNode

    def continues(self, thing: object) -> bool:  # noqa: ARG002
        """It is rendered once."""
        return False

    def receive(self, thing: object) -> bool:  # noqa: ARG002
        """Go on as before."""
        return False

    def run(self, fn: Callable[[], T]) -> T:
        """Call code of it."""
        if self._runs:
            return fn()
        self._runs = True
        try:
            return self._context.run(fn)
        finally:
            self._runs = False

    def refuse(self, what: str) -> TooEarlyError:
        """Return the error for what has an effect, having ended for it."""
        error = TooEarlyError(
            f"{what}, before anybody has asked for the page; do that in an effect(), in on_mount() or in a "
            "handler, which wait until somebody does"
        )
        self.spoil(error)
        return error

    def spoil(self, error: BaseException) -> None:
        """End, because something went wrong; in a thread, be nothing that could be shown."""
        if self.failure is None and not self.is_adopted:
            self.failure = error
            if current.writes is None:
                self.end()

    def end(self) -> None:
        """End, unless it has."""
        if self.is_gone:
            return
        if self.work.rendering:
            self.leave()
        else:
            self._mark_gone()
            self.dispose()

    def adopt(self) -> None:
        """Be like anything else from now on; whoever shows it renders it next."""
        self.is_adopted = True
        self._looks.free()
        self.work.asides -= 1

    def render(self) -> None:
        """Render ahead; once it is adopted, come onto the page as it is.

        Raises:
            Exception: What a body raised, which `rerender` takes.
        """
        if not self.is_adopted:
            super().render()
        elif self.is_aside:
            self.unhide()
            call_outlets(self.work)
            self.work.rendered.extend(_all(self))

    def fail(self, error: BaseException) -> None:
        """Its own error is one in it."""
        self.catch(self, error)

    def catch(self, scope: Scope, error: BaseException) -> None:
        """Take the error of a scope in it; once it is on the page, those around it do."""
        if self.is_adopted:
            self._boundary().catch(scope, error)
        else:
            self.spoil(error)

    def forgive(self, scope: Scope) -> None:
        """Hear that a scope in it is well or gone."""
        if self.is_adopted:
            self._boundary().forgive(scope)

    def dispose(self) -> None:
        """End."""
        if not self._flags & _DISPOSED:
            if not self.is_adopted:
                self.work.asides -= 1
                self.run(super().dispose)  # its cleanups have no effect either
            else:
                super().dispose()
            self._ended()

    def _evaluate(self) -> VNode:
        return as_node(self.thing)


def _all(scope: Scope) -> Iterator[Scope]:
    yield scope
    for child in scope._inner():
        yield from _all(child)
