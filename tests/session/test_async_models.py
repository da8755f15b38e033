"""Resources and actions beside models of what they should be, over random histories."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import anyio
import pytest
from hypothesis import given, settings, strategies as st
from session_pages import Go

from vango import action, component, html as h, queue, resource, signal
from vango.errors import LimitExceeded
from vango.limits import Limits
from vango.testing import Pilot

BACKENDS = ["asyncio", "trio"]
LIMITS = Limits(resource_starts_per_s=100_000, action_starts_per_s=100_000, latest_starts_per_s=100_000)
STALE_S = 5.0


class Calls:
    """An async function whose newest call a test ends."""

    def __init__(self) -> None:
        self.args: list[Any] = []
        self._open: list[tuple[Go, list[Any]]] = []

    async def __call__(self, arg: Any) -> Any:
        self.args.append(arg)
        gate, outcome = Go(), []
        self._open.append((gate, outcome))
        await gate.wait()
        if isinstance(outcome[0], Exception):
            raise outcome[0]
        return outcome[0]

    def end(self, outcome: Any) -> None:
        """Let the newest call return, or raise, `outcome`."""
        gate, given = self._open[-1]
        given.append(outcome)
        gate()


@dataclass
class Loading:
    """What a resource with a time for which data is fresh should be."""

    key: int = 0
    now: float = 0.0
    value: Any = None
    has_value: bool = False
    failed: str = ""
    loading: bool = True
    calls: list[int] = field(default_factory=lambda: [0])
    fresh: dict[int, tuple[float, Any]] = field(default_factory=dict)

    @property
    def state(self) -> str:
        if self.failed:
            return "error"
        if not self.has_value:
            return "pending"
        return "loading" if self.loading else "ready"

    def load(self) -> None:
        self.loading, self.failed = True, ""
        self.calls.append(self.key)

    def choose(self, key: int) -> None:
        if key == self.key:
            return
        self.key = key
        then, value = self.fresh.get(key, (-STALE_S, None))
        if self.now - then < STALE_S:
            self.show(value)
        else:
            self.load()

    def settle(self, value: Any) -> None:
        self.fresh[self.key] = self.now, value
        self.show(value)

    def show(self, value: Any) -> None:
        self.value, self.has_value, self.loading, self.failed = value, True, False, ""

    def fail(self, text: str) -> None:
        self.loading, self.failed = False, text


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("choose"), st.integers(0, 2)),
        st.tuples(st.just("settle"), st.integers(0, 1_000)),
        st.tuples(st.just("fail"), st.integers(0, 1_000)),
        st.tuples(st.just("refetch"), st.booleans()),
        st.tuples(st.just("mutate"), st.integers(0, 1_000)),
        st.tuples(st.just("wait"), st.integers(1, 4)),
    ),
    max_size=14,
)


async def follow_resource(steps: list[tuple[str, Any]]) -> None:
    model, calls, key = Loading(), Calls(), signal(0)
    made: list[Any] = []

    @component
    def Page() -> object:
        data = resource(calls, key=key, stale_s=STALE_S, ssr=False)
        made.append(data)
        return h.p[
            data.match(
                lambda value: f"ready {value}",
                pending=lambda: "pending",
                loading=lambda value: f"loading {value}",
                error=lambda error: f"error {error}",
            )
        ]

    async with Pilot(Page(), limits=LIMITS) as pilot:
        data = made[0]
        for what, value in steps:
            if what == "choose":
                model.choose(value)
                pilot.session.dispatch(key.set, value)
            elif what == "settle" and model.loading:
                model.settle(value)
                calls.end(value)
            elif what == "fail" and model.loading:
                model.fail(str(value))
                calls.end(ValueError(str(value)))
            elif what == "refetch":
                then, _ = model.fresh.get(model.key, (-STALE_S, None))
                if not (value and model.now - then < STALE_S):
                    model.load()
                pilot.session.dispatch(lambda value=value: data.refetch(if_stale=value))
            elif what == "mutate":
                model.settle(value)
                pilot.session.dispatch(data.mutate, value)
            elif what == "wait":
                model.now += value
                await pilot.advance(value)
            await pilot.settle()
            with_value = {"ready": model.value, "loading": model.value, "error": model.failed}
            shown = " ".join([model.state, *(str(with_value[s]) for s in [model.state] if s in with_value)])
            assert pilot.find("p").text == shown
            assert data.state == model.state
            assert data.loading.peek() == model.loading
            assert calls.args == model.calls
            assert pilot.session.inbox.running == int(model.loading)


@pytest.mark.parametrize("backend", BACKENDS)
@settings(max_examples=20)
@given(steps=STEPS)
def test_a_resource_is_as_its_model_says(backend: str, steps: list[tuple[str, Any]]) -> None:
    anyio.run(follow_resource, steps, backend=backend)


@dataclass
class Acting:
    """What an action should be."""

    policy: Any
    running: Any = None
    waiting: list[Any] = field(default_factory=list)
    begun: list[Any] = field(default_factory=list)
    result: Any = None
    error: str = "None"
    refused: int = 0

    def call(self, arg: int) -> None:
        if self.running is None or self.policy == "latest":
            self.start(arg)
        elif self.policy != "drop":
            if len(self.waiting) == 2:
                self.refused += 1
            else:
                self.waiting.append(arg)

    def start(self, arg: int) -> None:
        self.running, self.error = arg, "None"
        self.begun.append(arg)

    def end(self, result: Any, error: str = "None") -> None:
        if error == "None":
            self.result = result
        self.running, self.error = None, error
        if self.waiting:
            self.start(self.waiting.pop(0))

    def cancel(self) -> None:
        self.waiting, self.running = [], None


CALLS = st.lists(
    st.one_of(
        st.tuples(st.just("call"), st.integers(0, 9)),
        st.tuples(st.just("end"), st.integers(0, 9)),
        st.tuples(st.just("fail"), st.integers(0, 9)),
        st.tuples(st.just("cancel"), st.none()),
    ),
    max_size=14,
)


async def follow_action(policy: Any, steps: list[tuple[str, Any]]) -> None:
    model, calls, made = Acting(policy), Calls(), []

    @component
    def Page() -> object:
        act = action(calls, policy=queue(2) if policy == "queue" else policy)
        made.append(act)
        return h.p[lambda: f"{act.pending()} {act.result()} {act.error()} {act.calls()}"]

    async with Pilot(Page(), limits=LIMITS) as pilot:
        for what, value in steps:
            if what == "call":
                model.call(value)
                pilot.session.dispatch(made[0], value)
            elif what == "end" and model.running is not None:
                model.end(value)
                calls.end(value)
            elif what == "fail" and model.running is not None:
                model.end(None, str(value))
                calls.end(ValueError(str(value)))
            elif what == "cancel":
                model.cancel()
                pilot.session.dispatch(made[0].cancel)
            await pilot.settle()
            pending = model.running is not None
            assert pilot.find("p").text == f"{pending} {model.result} {model.error} {len(model.begun)}"
            assert calls.args == model.begun
            assert pilot.session.inbox.running == int(pending)
            refused = [r for r in pilot.reports if isinstance(r.error, LimitExceeded)]
            assert len(refused) == model.refused


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("policy", ["queue", "drop", "latest"])
@settings(max_examples=12)
@given(steps=CALLS)
def test_an_action_is_as_its_model_says(backend: str, policy: str, steps: list[tuple[str, Any]]) -> None:
    anyio.run(follow_action, policy, steps, backend=backend)
