"""The life of an application's sessions: one root task group, started by whoever comes first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import Context

import anyio

from vango.sessions.drain import drain
from vango.sessions.registry import Registry


class Runner:
    """Runs a registry as long as the application lives.

    The root task group comes from a lifespan, the application's own or one that a host entered, or, where
    there is none, from a background task of asyncio that the first request starts: a mounted application is
    told nothing about the life of its server.
    """

    def __init__(self, make: Callable[[], Registry]) -> None:
        """Run what `make` returns, a new one each time."""
        self._make = make
        self._registry: Registry | None = None
        self._started: anyio.Event | None = None
        self._task: object = None

    @property
    def registry(self) -> Registry:
        """The registry that runs.

        Raises:
            RuntimeError: None does.
        """
        if self._registry is None:
            raise RuntimeError("the application does not run; enter `app.lifespan` first")
        return self._registry

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the registry while the block runs.

        Raises:
            RuntimeError: It runs already.
        """
        if self._registry is not None:
            raise RuntimeError("the application runs already: enter `app.lifespan` once")
        registry = self._make()
        async with anyio.create_task_group() as group:
            await group.start(registry.run)
            self._registry = registry
            try:
                yield
            finally:
                self._registry = None
                group.cancel_scope.cancel()

    async def drain(self) -> None:
        """Ask all connected clients to leave, and end the sessions of those that have not after a while."""
        if self._registry is not None:
            await drain(self._registry)

    async def ensure(self) -> None:
        """Return when the registry runs, in the background of asyncio where no lifespan runs it.

        Raises:
            RuntimeError: It cannot be started from here, which trio does not allow.
        """
        if self._registry is not None:
            return
        import asyncio

        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise RuntimeError(
                "no lifespan runs this application, and trio lets no request start one: "
                "write `async with app.lifespan():` around the server"
            ) from None
        if self._started is None:
            self._started = anyio.Event()
            # Not in the context of the request that happens to be the first: sessions inherit it.
            self._task = loop.create_task(self._run_in_background(self._started), context=Context())
        await self._started.wait()

    async def _run_in_background(self, started: anyio.Event) -> None:
        try:
            async with self.running():
                started.set()
                await anyio.Event().wait()
        finally:
            self._started = self._task = None
            started.set()
