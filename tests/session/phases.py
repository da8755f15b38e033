"""A page that raises in each phase of a component's life (B13): the session tests and the browser's share it.

Each part raises at the first click on its button and does the same without an error at the second.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import anyio

from vango import (
    App,
    ErrorBoundary,
    For,
    action,
    component,
    effect,
    html as h,
    interval,
    memo,
    on_cleanup,
    on_mount,
    resource,
    signal,
    spawn,
    subscribe,
    timeout,
)

app = App(title="phases")

SOON = 0.01
"""Seconds until a timer fires."""


@dataclass(frozen=True)
class Try:
    """The clicks of one part, and what became of them."""

    phase: str
    clicks: Any = field(default_factory=lambda: signal(0))
    outcome: Any = field(default_factory=lambda: signal("idle"))

    def step(self) -> str:
        """Raise at the first click; say that all is well from the second on."""
        if self.clicks() == 1:
            raise ValueError(f"{self.phase} broke")
        return "well" if self.clicks() else "idle"

    def note(self) -> None:
        """Note what `step` says, in code that shows nothing."""
        self.outcome.set(self.step())

    def click(self) -> None:
        """Count a click."""
        self.clicks.update(lambda n: n + 1)


# What ends at the nearest boundary


@component
def Fresh(this: Try):
    return h.output[this.step()]


def first_render(this: Try):
    return h.div[lambda: Fresh(this, key=this.clicks()) if this.clicks() else h.output["idle"]]


@component
def Body(this: Try):
    return h.output[this.step()]


@component
def Above(this: Try):
    this.clicks()
    return h.div[Body(this)]


def slot(this: Try):
    return h.output[this.step]


def attribute(this: Try):
    return h.output(title=this.step)[lambda: "well" if this.clicks() else "idle"]


@component
def Computed(this: Try):
    return h.output[memo(this.step)]


def row(this: Try):
    return h.div[For((0,), key=lambda n: n, render=lambda n: h.output[this.step()])]


@component
def Fetched(this: Try):
    async def fetch(clicks: int) -> str:
        await anyio.lowlevel.checkpoint()
        return this.step()

    data = resource(fetch, key=this.clicks)
    return h.output[lambda: data() or "idle"]


# What is reported, and ends nothing


@component
def Effect(this: Try):
    effect(this.note)
    return h.output[this.outcome]


@component
def EffectCleanup(this: Try):
    def run() -> None:
        this.clicks()
        on_cleanup(this.note)

    effect(run)
    return h.output[this.outcome]


@component
def Leaving(this: Try):
    on_cleanup(this.note)
    return h.b["here"]


def cleanup(this: Try):
    return h.div[h.output[this.outcome], lambda: Leaving(this, key=this.clicks())]


@component
def Mounting(this: Try):
    on_mount(this.note)
    return h.b["here"]


def mounting(this: Try):
    return h.div[h.output[this.outcome], lambda: Mounting(this, key=this.clicks())]


def outcome(this: Try):
    return h.output[this.outcome]


def handler(this: Try) -> Callable[[], None]:
    def act() -> None:
        this.click()
        this.note()

    return act


def async_handler(this: Try) -> Callable[[], object]:
    async def act() -> None:
        this.click()
        await anyio.lowlevel.checkpoint()
        this.note()

    return act


def once_later(this: Try) -> Callable[[], None]:
    def act() -> None:
        this.click()
        timeout(SOON, this.note)

    return act


@component
def Ticking(this: Try):
    ticks = signal(0)

    def tick() -> None:
        if ticks.peek() < 2:
            ticks.update(lambda n: n + 1)
            if ticks.peek() == 1:
                raise ValueError(f"{this.phase} broke")
            this.outcome.set("well")

    interval(SOON, tick)
    return h.b[ticks]


def ticking(this: Try):
    return h.div[h.output[this.outcome], lambda: Ticking(this) if this.clicks() else None]


def tasked(this: Try) -> Callable[[], None]:
    async def work() -> None:
        await anyio.lowlevel.checkpoint()
        this.note()

    def act() -> None:
        this.click()
        spawn(work)

    return act


def subscribed(this: Try) -> Callable[[], None]:
    async def items() -> AsyncIterator[int]:
        for n in range(3):
            await anyio.lowlevel.checkpoint()
            yield n

    def act() -> None:
        this.click()
        subscribe(items, lambda _: this.note())

    return act


def acting(this: Try) -> Callable[[], None]:
    async def work() -> None:
        await anyio.lowlevel.checkpoint()
        this.click()
        this.note()

    return action(work)


CAUGHT: dict[str, Callable[[Try], Any]] = {
    "a first render": first_render,
    "a body": Body,
    "a body below": Above,
    "a slot": slot,
    "an attribute": attribute,
    "a memo": Computed,
    "a row": row,
    "a resource": Fetched,
}
"""Phases whose error shows at the nearest boundary, and on a page without one as an error view."""

CONTAINED: dict[str, Callable[[Try], Any]] = {
    "an effect": Effect,
    "a cleanup of an effect": EffectCleanup,
    "a cleanup": cleanup,
    "on_mount": mounting,
    "a handler": outcome,
    "an async handler": outcome,
    "a timeout": outcome,
    "an interval": ticking,
    "a task": outcome,
    "a subscription": outcome,
    "an action": outcome,
}
"""Phases whose error is reported and changes nothing on the page."""

_HANDLERS: dict[str, Callable[[Try], Callable[..., object]]] = {
    "a handler": handler,
    "an async handler": async_handler,
    "a timeout": once_later,
    "a task": tasked,
    "a subscription": subscribed,
    "an action": acting,
}


@component
def Part(phase: str, bounded: bool = True):
    """One phase, in a boundary or not, and a count beside it that nothing may disturb."""
    this = signal(init=lambda: Try(phase)).peek()
    beside = signal(0)
    content = {**CAUGHT, **CONTAINED}[phase](this)
    go = _HANDLERS[phase](this) if phase in _HANDLERS else this.click
    return h.section(id=ident(phase))[
        h.button(class_="go", on_click=go)[phase],
        h.button(class_="beside", on_click=lambda: beside.update(lambda n: n + 1))[beside],
        ErrorBoundary(content, fallback=lambda error, retry: h.em[str(error)]) if bounded else content,
    ]


def ident(phase: str) -> str:
    """The id of the section of a phase."""
    return phase.replace(" ", "-")


@app.page("/")
def all_phases():
    return h.main[[Part(phase, key=phase) for phase in (*CAUGHT, *CONTAINED)]]


for _phase in CAUGHT:
    app.page(f"/{ident(_phase)}")(lambda phase=_phase: Part(phase, bounded=False))
