"""A clock of 5 us for a measured page; known to the peers too, so it knows nothing of vango."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Isolated:
    """Add the headers that give a page the fine clock."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def isolated(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {
                    b"cross-origin-opener-policy": b"same-origin",
                    b"cross-origin-embedder-policy": b"require-corp",
                }
                theirs = [pair for pair in message["headers"] if pair[0].lower() not in ours]
                message["headers"] = [*theirs, *ours.items()]
            await send(message)

        await self.app(scope, receive, isolated if scope["type"] == "http" else send)
