
    async def _drive(
        self, coroutine: Coroutine[Any, Any, Any], name: str, cseq: int, key: Hashable, scope: CancelScope
    ) -> None:
        """Run an `async` handler; the task of one event (of none, where `cseq` is 0)."""
        session = self._session
        failure: BaseException | None = None
        finished = False
        try:
            with scope:
                try:
                    await Stretches(coroutine, session, name, self._release)
                except (Exception, SystemExit) as error:
                    failure = error
                finished = True
        except anyio.get_cancelled_exc_class() as error:
            # Something that the handler awaited was cancelled, not the handler: that is its failure.
            if anyio.current_effective_deadline() == -math.inf:
                raise
            failure, finished = error, True
        finally:
            if self._running is not None:
                self._running.pop(key, None)
        if not finished:
            return
        if failure is not None:
            session.fail_event(cseq, failure, name)
        elif cseq:
            session.finish(cseq)
        failure = None
        self.pump()

    async def _run_in_thread(self, target: Target, args: tuple[Any, ...], cseq: int) -> None:
        """Run a `blocking` handler in a worker thread; its writes are made here when it returns."""
        session = self._session
        failure: BaseException | None = None
        writes = None
        try:
            writes, failure = await anyio.to_thread.run_sync(_call_deferred, target.fn, args)
        finally:
            gate, self.gate = self.gate, None
            self._held = False
            if gate is not None:
                gate.set()
        if session.closed:
            return
        try:
            self._stretch(writes.apply, (), target.name)
        except Exception as error:
            failure = failure or error
        if failure is not None:
            session.fail_event(cseq, failure, target.name)
        else:
            session.finish(cseq)
        session.run_dispatched()
        self.pump()


def _call_deferred(fn: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Writes, BaseException | None]:
    with deferred_writes() as writes:
        try:
            fn(*args)
        except (Exception, SystemExit) as error:
            return writes, error
    return writes, None
