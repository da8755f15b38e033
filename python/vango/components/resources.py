"""`resource`: data that is fetched, and what a page shows before, meanwhile and instead.

Invariants maintained here:
- at most one fetch of a resource is under way, beside cancelled ones that still clean up; a newer one
  cancels it, and so does the end of the scope;
- a fetch that is no longer wanted changes nothing, however it ends;
- what was fetched for the first paint is there when the browser has connected: it is one session;
- an error is reported once, though a boundary may show it too.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Hashable
from types import TracebackType
from typing import Any, Final, Generic, Literal, TypeVar, cast, overload

from vango.components.activities import Activity, begin
from vango.components.handlers import is_blocking
from vango.components.scope import Scope
from vango.components.tasks import not_awaitable
from vango.errors import StormError
from vango.naming import name, require_function
from vango.reactive.blocks import batch, untracked
from vango.reactive.effects import Effect
from vango.reactive.equality import same_function, same_value
from vango.reactive.signals import Signal, put
from vango.reactive.tracking import CONTAINED, Source, current, settle

__all__ = ["Resource", "State", "resource"]

T = TypeVar("T")
K = TypeVar("K")

State = Literal["pending", "loading", "ready", "error"]
"""Nothing is there yet; something is, and it is fetched again; it is there; the last fetch failed."""

_NOTHING: Final[Any] = object()
_REMEMBERED = 32  # keys whose values are kept while they are fresh
_MAX_BACKOFF_S = 30.0


class Resource(Activity, Generic[T]):
    """Fetched data; `resource()` makes one.

    `user()` is the value, `None` while there is none, and raises what the last fetch raised;
    `user.match(...)` shows it.

    Attributes:
        loading: Whether a fetch is under way or due, as a signal to pass or to call.
        error: What the last fetch raised, or `None`, as a signal to pass or to call.
    """

    __slots__ = (
        "_backoff_s",
        "_cancel_fetch",
        "_effect",
        "_fetch",
        "_fresh",
        "_has_value",
        "_key",
        "_key_now",
        "_phase",
        "_retries",
        "_run",
        "_stale_s",
        "_trace",
        "_value",
        "_work",
        "error",
        "loading",
    )

    def __init__(
        self,
        scope: Scope,
        fetch: Callable[..., Awaitable[T]],
        key: Any,
        *,
        ssr: bool,
        stale_s: float,
        retries: int,
        backoff_s: float,
    ) -> None:
        """Prepare; `resource` is the name to use."""
        super().__init__(scope.work)
        self._work = scope.work
        self._fetch = fetch
        self._key = key
        self._key_now: Any = _NOTHING  # the key of the value, or of the fetch that runs
        self.needs_browser = not ssr
        self._stale_s = stale_s
        self._retries = retries
        self._backoff_s = backoff_s
        self._value: Signal[T | None] = Signal(None)
        self._has_value = False
        self._phase: Signal[Literal["pending", "ready", "error"]] = Signal("pending")
        self.loading: Source[bool] = Signal(True)
        self.error: Source[BaseException | None] = Signal(None)
        self._fresh: dict[Any, tuple[float, T]] = {}  # when each was fetched, and what
        self._trace: TracebackType | None = None
        self._run = object()  # stands for the fetch whose outcome counts
        self._cancel_fetch: Callable[[], None] | None = None
        self._effect = Effect(self._follow, scope=scope, report=scope.work.report)

    def __repr__(self) -> str:
        return f"<resource {name(self._fetch)}>"

    # Reading

    def __call__(self) -> T | None:
        """Return the value, `None` while there is none, and run the reader again when it changes.

        Raises:
            Exception: What the last fetch raised.
        """
        if self._phase() == "error":
            raise self._failure()
        return self._value()

    @property
    def value(self) -> T | None:
        """The value; reading it subscribes, like calling the resource."""
        return self()

    def peek(self) -> T | None:
        """Return the last value, also behind an error, without subscribing."""
        return self._value.peek()

    @property
    def state(self) -> State:
        """What is there; reading it subscribes."""
        phase = self._phase()
        return "loading" if phase == "ready" and self.loading() else phase

    def match(
        self,
        ready: Callable[[T], object],
        *,
        pending: Callable[[], object] | None = None,
        loading: Callable[[T], object] | None = None,
        error: Callable[[BaseException], object] | None = None,
    ) -> Callable[[], object]:
        """Return a slot that shows what is there: `h.div[user.match(lambda user: h.b[user.name])]`.

        Args:
            ready: Shows the value.
            pending: Shows that there is none yet; by default nothing does.
            loading: Shows the last value while it is fetched again; by default `ready` goes on.
            error: Shows what the last fetch raised; by default the nearest error boundary does.

        Raises:
            TypeError: One of them is no function.
        """
        views = {"ready": ready, "pending": pending, "loading": loading, "error": error}
        for what, view in views.items():
            if view is not None or what == "ready":
                example = {"pending": "lambda: 'one moment'", "error": "lambda error: str(error)"}
                takes = example.get(what, "lambda value: value.name")
                require_function(view, f"match({what}=...)", f"{what}={takes}")

        def shown() -> object:
            match self._phase():
                case "pending":
                    return None if pending is None else pending()
                case "error" if error is not None:
                    return error(self._failure())
                case "error":
                    raise self._failure()
            view = ready if loading is None or not self.loading() else loading
            return view(self._value())  # type: ignore[arg-type]

        shown.__wrapped__ = ready  # type: ignore[attr-defined]  # whose name messages give
        return shown

    # Changing

    def refetch(self, *, if_stale: bool = False) -> None:
        """Fetch again; the last value stays until the new one is there.

        Args:
            if_stale: Only if the value is older than `stale_s`.
        """
        if self._ended or self._key_now is _NOTHING:
            return
        if not if_stale or self._fresh_value(self._key_now) is _NOTHING:
            self._load(self._key_now)

    def mutate(self, value: T) -> None:
        """Take `value` for what was fetched; a fetch under way is cancelled, for it knows nothing of this."""
        self._stop_fetch()
        self._settle(value)

    def renew(self, fetch: Callable[..., Awaitable[T]], key: Any) -> None:
        """Use the newest functions; the key is looked at again if its function may give another."""
        self._fetch = fetch
        old, self._key = self._key, key
        if callable(key) and self._effect.started and not (old is key or same_function(old, key)):
            self._effect.schedule()

    # The machine

    def _begin(self) -> Callable[[], None]:
        self._effect.schedule()
        if not current.depth and current.queue:
            settle()  # a browser came: outside a flush nobody else runs the effects that wait
        return self._end

    def _end(self) -> None:
        self._effect.dispose()
        self._stop_fetch()
        self._forget_error()
        self._fresh.clear()

    def _follow(self) -> None:
        """Load what the key says, if it says another thing than before. An effect runs this."""
        try:
            key = self._key() if callable(self._key) else self._key
        except CONTAINED as error:
            self._stop_fetch()
            self._fail(error)
            return
        if self._key_now is not _NOTHING and same_value(None, self._key_now, key):
            return
        with untracked():
            known = self._fresh_value(key)
            if known is _NOTHING:
                self._load(key)
            else:
                self._stop_fetch()
                self._key_now = key
                self._show(known)

    def _load(self, key: Any) -> None:
        self._stop_fetch()
        self._key_now = key
        with batch():
            put(self.loading, True)
            if self._phase.peek() == "error":
                self._forget_error()
                self._phase.set("ready" if self._has_value else "pending")
        self._start(0)

    def _start(self, attempt: int) -> None:
        self._run = run = object()
        host = self.around.host
        try:
            wait_s = self._work.storms.wait_s("resource_starts_per_s", name(self._fetch))
        except StormError as error:
            self._fail(error)
            return
        if wait_s > 0:
            self._cancel_fetch = host.after(wait_s, lambda: self._go(run, attempt))
        else:
            self._go(run, attempt)

    def _go(self, run: object, attempt: int) -> None:
        if run is not self._run:
            return

        async def fetch() -> None:
            key, function = self._key_now, self._fetch
            fetching = function() if self._key is None else function(key)
            if not inspect.isawaitable(fetching):
                raise TypeError(not_awaitable("resource", function))
            value = await fetching
            if run is self._run:
                self._cancel_fetch = None
                self._settle(value)

        def failed(error: BaseException) -> None:
            if run is self._run:
                self._cancel_fetch = None
                self._try_again(error, attempt)

        self._cancel_fetch = self.around.host.start(
            fetch, f"resource {name(self._fetch)}", failed, for_paint=not self.needs_browser
        )

    def _try_again(self, error: BaseException, attempt: int) -> None:
        if attempt >= self._retries or isinstance(error, TypeError):  # which no time mends
            self._fail(error)
            return
        wait_s = min(self._backoff_s * 2**attempt, _MAX_BACKOFF_S)
        run = self._run
        self._cancel_fetch = self.around.host.after(
            wait_s, lambda: self._start(attempt + 1) if run is self._run else None
        )

    def _settle(self, value: T) -> None:
        if self._stale_s > 0 and self._key_now is not _NOTHING:
            self._remember(self._key_now, value)
        self._show(value)

    def _show(self, value: T) -> None:
        self._has_value = True
        with batch():
            self._value.set(value)
            self._phase.set("ready")
            put(self.loading, False)
            self._forget_error()

    def _fail(self, error: BaseException) -> None:
        with batch():
            self._forget_error()
            self._work.tell(error, f"resource {name(self._fetch)}", self.refetch)
            put(self.error, error)
            self._trace = error.__traceback__
            self._phase.set("error")
            put(self.loading, False)

    def _failure(self) -> BaseException:
        return cast("BaseException", self.error()).with_traceback(self._trace)  # which reading would lengthen

    def _forget_error(self) -> None:
        error = self.error.peek()
        if error is not None:
            self._work.forget(error)
            put(self.error, None)

    def _stop_fetch(self) -> None:
        self._run = object()
        cancel, self._cancel_fetch = self._cancel_fetch, None
        if cancel is not None:
            cancel()

    # What is fresh

    def _remember(self, key: Any, value: T) -> None:
        try:
            self._fresh.pop(key, None)
            self._fresh[key] = self.around.host.now(), value
        except TypeError:  # a key that cannot be remembered is fetched each time
            return
        if len(self._fresh) > _REMEMBERED:
            del self._fresh[next(iter(self._fresh))]

    def _fresh_value(self, key: Any) -> Any:
        try:
            then, value = self._fresh[key]
        except (KeyError, TypeError):
            return _NOTHING
        if self.around.host.now() - then < self._stale_s:
            return value
        del self._fresh[key]
        return _NOTHING


@overload
def resource(
    fetch: Callable[[], Awaitable[T]],
    *,
    ssr: bool = True,
    stale_s: float = 0.0,
    retries: int = 0,
    backoff_s: float = 1.0,
) -> Resource[T]: ...
@overload
def resource(
    fetch: Callable[[K], Awaitable[T]],
    *,
    key: Callable[[], K],
    ssr: bool = True,
    stale_s: float = 0.0,
    retries: int = 0,
    backoff_s: float = 1.0,
) -> Resource[T]: ...
@overload
def resource(
    fetch: Callable[[K], Awaitable[T]],
    *,
    key: K,
    ssr: bool = True,
    stale_s: float = 0.0,
    retries: int = 0,
    backoff_s: float = 1.0,
) -> Resource[T]: ...
def resource(
    fetch: Callable[..., Awaitable[T]],
    *,
    key: Any = None,
    ssr: bool = True,
    stale_s: float = 0.0,
    retries: int = 0,
    backoff_s: float = 1.0,
) -> Resource[T]:
    """Return data that is fetched when the render is on the page: in a body the same at each render.

    ```python
    user = resource(load_user, key=user_id)  # async def load_user(user_id)
    return h.div[user.match(lambda user: h.b[user.name], pending=lambda: "one moment")]
    ```
    A page that is served waits for it, up to `Limits.ssr_wait_s`, and what was fetched then is what the
    connected page has. What `fetch` reads is not tracked: it is given what it depends on as its key.

    Args:
        fetch: An async function, called with the key, or with nothing if there is none. It is cancelled when
            the key changes, when the scope ends, and by `mutate` and `refetch`.
        key: A signal, memo or function: another value of it fetches again, and the last data stays until
            then. Or a value, a prop for one: another value is another resource, which begins anew.
        ssr: Whether to fetch for the served page. If not, fetching begins when a browser is there, which
            crawlers and previews never are.
        stale_s: For how long what was fetched is good: a key that comes back within that time is not fetched
            again. 0 remembers nothing.
        retries: How often to try again after an error, before it shows; a `TypeError`, which no time mends,
            shows at once.
        backoff_s: What to wait before the first of these; each later one waits twice as long, 30 s at most.

    Raises:
        RuntimeError: Neither a body nor an effect runs; or the place is reached more or less often than in
            the last render: in a loop, give each its own key, or make it in a component.
        TypeError: `fetch` cannot be called, or waits in a thread; `key` is a value that cannot be compared.
    """
    if inspect.iscoroutine(fetch):
        fetch.close()
        raise TypeError(
            f"resource() takes the function: write resource({fetch.__name__}), without calling it; "
            "what it depends on is its key, resource(load_user, key=user_id)"
        )
    require_function(fetch, "resource()", "resource(load), with async def load()")
    if is_blocking(fetch):
        raise TypeError(
            f"resource() awaits {name(fetch)} on the loop, where blocking() has no effect; write an "
            "async def that awaits anyio.to_thread.run_sync(function)"
        )
    identity: Hashable = None
    if key is not None and not callable(key):
        try:
            hash(key)
        except TypeError:
            raise TypeError(
                f"resource(key={key!r:.80}) cannot tell this value from another; write a tuple of strings "
                "and numbers, or key=lambda: value"
            ) from None
        identity = key
    return begin(
        "resource",
        Resource,
        identity,
        lambda _, scope: Resource(
            cast("Scope", scope),
            fetch,
            key,
            ssr=ssr,
            stale_s=stale_s,
            retries=retries,
            backoff_s=backoff_s,
        ),
        lambda found: found.renew(fetch, key),
        in_handlers=False,
    )
