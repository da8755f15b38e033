"""Channels that a component serves: as long as it is on the page, and with its own signals at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vango.components.state import effect, on_cleanup, signal
from vango.naming import require_async
from vango.reactive.tracking import current
from vango.sessions.session import current_session

if TYPE_CHECKING:
    from vango.sessions.channel import Channel, ChannelHandler
    from vango.sessions.session import Session

__all__ = ["Served", "channel"]


def channel(name: str, handler: ChannelHandler) -> None:
    """Serve the channels of this name that the page opens, as long as the component is on the page.

    ```python
    @component
    def Upload():
        received = signal(0)

        async def receive(channel):
            async for part in channel:
                received.update(lambda n: n + len(part))

        channel("upload", receive)
        return h.output[received]
    ```
    A page opens one by `channel("upload")` of `/vango/runtime-dom.js`. It ends when the handler returns; the
    handler is cancelled when the component leaves the page, or the connection is lost. `App.channel` serves
    all pages; this comes before it, and of two on one page the newest.

    Args:
        name: What the page asks for.
        handler: An `async def` that takes the channel. In a body, the newest one serves what is opened next.

    Raises:
        RuntimeError: No body runs, so nothing could end it.
        TypeError: `handler` is no `async def`, or `name` no text.
        ValueError: The name is empty.
    """
    if not isinstance(name, str):
        raise TypeError(f"channel({name!r:.80}, ...): the name comes first, as in channel('feed', serve)")
    if not name:
        raise ValueError("channel('', ...): a channel needs a name")
    require_async(handler, f"channel({name!r}, ...)")
    if current.frame.body is None:
        raise RuntimeError(
            f"channel({name!r}, ...) belongs into a component's body; @app.channel({name!r}) serves all pages"
        )
    session = current_session()
    served = signal(init=lambda: Served(session, name), key=name).peek()
    served.handler = handler
    effect(served.start, key=name)


class Served:
    """What serves the channels of one name for one component."""

    def __init__(self, session: Session, name: str) -> None:
        self._session = session
        self._name = name
        self._open: set[Channel] = set()
        self.handler: ChannelHandler | None = None

    def start(self) -> None:
        """Serve from now on, until the effect that this is ends."""
        served = self._session.served
        if served is None:
            served = self._session.served = {}
        served[self._name] = self
        on_cleanup(self._stop)

    async def serve(self, opened: Channel) -> None:
        """Let the newest handler have a channel."""
        handler = self.handler
        assert handler is not None
        self._open.add(opened)
        try:
            await handler(opened)
        finally:
            self._open.discard(opened)

    def _stop(self) -> None:
        served = self._session.served
        if served is not None and served.get(self._name) is self:
            del served[self._name]
        for opened in list(self._open):
            opened.revoke()
