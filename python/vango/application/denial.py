"""How an upgrade request is denied before a socket is accepted."""

from __future__ import annotations

from anyio.lowlevel import checkpoint
from starlette.responses import Response
from starlette.websockets import WebSocket


async def deny(socket: WebSocket, response: Response) -> None:
    """Answer an upgrade request with an HTTP response where the server can, else with a bare 403."""
    if "websocket.http.response" not in socket.scope.get("extensions", {}):
        await socket.close()
        return
    await socket.send_denial_response(response)
    # uvicorn counts an upgrade as answered when the connection has ended, which takes a turn of the loop, and
    # blames the application that returns before.
    await checkpoint()
