"""`resource`: data that is fetched, and what a page shows before, meanwhile and instead.

Invariants maintained here:
- a newer key cancels the fetch that is under way, and so does the end of the scope;
- what was fetched for the first paint is there when the browser has connected: it is one session;
- an error is reported once, though a boundary may show it too.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Hashable
from types import TracebackType
from typing import Any, ClassVar, Generic, Literal, TypeAlias, TypedDict, TypeVar, Unpack, cast, overload

from vango.components.activities import Activity, begin
from vango.components.fetching import Fetching
from vango.components.freshness import MISSING, Freshness
from vango.components.scope import Scope
from vango.components.threads import Blocking
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

Fetch: TypeAlias = Callable[[], Awaitable[T]] | Blocking[[], T]
"""An async function, or one marked by `blocking`."""
FetchBy: TypeAlias = Callable[[K], Awaitable[T]] | Blocking[[K], T]
"""The same with a key."""


class Options(TypedDict, total=False):
    """How a resource fetches; `resource` says what each of these does."""

    ssr: bool
    stale_s: float
    retries: int
    backoff_s: float


class Resource(Activity, Generic[T]):
    """Fetched data; `resource()` makes one.

    `user()` is the value, `None` while there is none, and raises what the last fetch raised;
    `user.match(...)` shows it.

    Attributes:
        loading: Whether a fetch is under way or due, as a signal to pass or to call.
        error: What the last fetch raised, or `None`, as a signal to pass or to call.
    """

    __slots__ = (
        "_effect",
        "_fetching",
        "_fresh",
        "_has_value",
        "_key",
        "_key_now",
        "_phase",
        "_scope",
        "_trace",
        "_value",
        "_work",
        "error",
        "loading",
    )

    in_loops: ClassVar[str] = (
        "give each a value as its key, resource(load, key=item.id), or make it in a component that has one, "
        "Row(item, key=item.id)"
    )

    def __init__(
        self,
        scope: Scope,
        fetch: Callable[..., Any],
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
        self._scope = scope
        self._fetching: Fetching[T] = Fetching(
            scope,
            fetch,
            self._settle,
            self._fail,
            retries=retries,
            backoff_s=backoff_s,
            for_paint=ssr,
        )
        self._key = key
        self._key_now: Any = MISSING  # the key of the value, or of the fetch that runs
        self.needs_browser = not ssr
        self._value: Signal[T | None] = Signal(None)
        self._has_value = False
        self._phase: Signal[Literal["pending", "ready", "error"]] = Signal("pending")
        self.loading: Source[bool] = Signal(True)
        self.error: Source[BaseException | None] = Signal(None)
        self._fresh: Freshness[T] = Freshness(scope.work.host, stale_s)
        self._trace: TracebackType | None = None
        self._effect = Effect(self._follow, scope=scope, report=scope.work.report)

    def __repr__(self) -> str:
        return f"<resource {name(self._fetching.fn)}>"

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
        if self._ended or self._key_now is MISSING:
            return
        if not if_stale or self._fresh.get(self._key_now) is MISSING:
            self._load(self._key_now)

    def mutate(self, value: T) -> None:
        """Take `value` for what was fetched; a fetch under way is cancelled, for it knows nothing of this."""
        self._fetching.stop()
        self._settle(value)

    def renew(self, fetch: Callable[..., Any], key: Any) -> None:
        """Use the newest functions; the key is looked at again if its function may give another."""
        self._fetching.fn = fetch
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
        self._fetching.stop()
        self._forget_error()
        self._fresh.clear()

    def _follow(self) -> None:
        """Load what the key says, if it says another thing than before. An effect runs this."""
        try:
            key = self._key() if callable(self._key) else self._key
        except CONTAINED as error:
            self._fetching.stop()
            self._fail(error)
            return
        if key is None and self._key is not None:
            with untracked():
                self._wait()
            return
        if self._key_now is not MISSING and same_value(None, self._key_now, key):
            return
        with untracked():
            known = self._fresh.get(key)
            if known is MISSING:
                self._load(key)
            else:
                self._fetching.stop()
                self._key_now = key
                self._show(known)

    def _wait(self) -> None:
        """Be as at the beginning: there is no key yet, or none any more."""
        self._fetching.stop()
        self._key_now = MISSING
        self._has_value = False
        with batch():
            self._forget_error()
            self._value.set(None)
            self._phase.set("pending")
            put(self.loading, False)

    def _load(self, key: Any) -> None:
        self._fetching.stop()
        self._key_now = key
        with batch():
            put(self.loading, True)
            if self._phase.peek() == "error":
                self._forget_error()
                self._phase.set("ready" if self._has_value else "pending")
        self._fetching.begin(key)

    def _settle(self, value: T) -> None:
        self._show(value)
        if self._key_now is not MISSING:
            self._fresh.put(self._key_now, value)

    def _show(self, value: T) -> None:
        with batch():
            self._value.set(value)  # it may refuse this
            self._has_value = True
            self._phase.set("ready")
            put(self.loading, False)
            self._forget_error()

    def _fail(self, error: BaseException) -> None:
        with batch():
            self._forget_error()
            self._work.tell(error, f"resource {name(self._fetching.fn)}", self._scope, self.refetch)
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


@overload
def resource(fetch: Fetch[T], **options: Unpack[Options]) -> Resource[T]: ...
@overload
def resource(
    fetch: FetchBy[K, T], *, key: Callable[[], K | None], **options: Unpack[Options]
) -> Resource[T]: ...
@overload
def resource(fetch: FetchBy[K, T], *, key: K, **options: Unpack[Options]) -> Resource[T]: ...
def resource(
    fetch: Callable[..., Any],
    *,
    key: Any = None,
    ssr: bool = True,
    stale_s: float = 0.0,
    retries: int = 0,
    backoff_s: float = 1.0,
) -> Resource[Any]:
    """Return data that is fetched when the render is on the page: in a body the same at each render.

    ```python
    user = resource(load_user, key=user_id)  # async def load_user(user_id)
    return h.div[user.match(lambda user: h.b[user.name], pending=lambda: "one moment")]
    ```
    A page that is served waits for it, up to `Limits.ssr_wait_s`, and what was fetched then is what the
    connected page has. What `fetch` reads is not tracked: it is given what it depends on as its key.

    Args:
        fetch: An async function, called with the key, or with nothing if there is none. It is cancelled when
            the key changes, when the scope ends, and by `mutate` and `refetch`. Or `blocking(load)`, for a
            plain function that waits: it runs in a worker thread, which nothing stops. What it gives is
            dropped then, and the next one runs beside it.
        key: A signal, memo or function: another value of it fetches again, and the last data stays until
            then. While it gives `None` nothing is fetched and nothing is there, as in
            `key=lambda: (found := user()) and found.id` until another resource is. Or a value, a prop for
            one: another value is another resource, which begins anew; `None` is no key.
        ssr: Whether to fetch for the served page. If not, fetching begins when a browser is there, which
            crawlers and previews never are.
        stale_s: For how long what was fetched is good: a key that comes back within that time is not fetched
            again. 0 remembers nothing.
        retries: How often to try again after an error, before it shows; a `TypeError`, which no time mends,
            shows at once.
        backoff_s: What to wait before the first of these; each later one waits twice as long, 30 s at most.

    Raises:
        RuntimeError: Neither a body nor an effect runs; or the place is reached more or less often than in
            the last render: in a loop, give each a value as its key, or make it in a component that has one.
        TypeError: `fetch` cannot be called; `key` is a value that cannot be compared.
    """
    if inspect.iscoroutine(fetch):
        fetch.close()
        raise TypeError(
            f"resource() takes the function: write resource({fetch.__name__}), without calling it; "
            "what it depends on is its key, resource(load_user, key=user_id)"
        )
    require_function(fetch, "resource()", "resource(load), with async def load()")
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
