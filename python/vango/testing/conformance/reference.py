"""The reference page: what a server shows that is put to the test.

Its elements are found by their ids; whoever tests another server writes a page that behaves so.

| id | what it does |
|---|---|
| `number` | shows a number, at first 3 |
| `plus` | click: the number rises by one |
| `fail` | click: the handler raises |
| `slow` | click: begins, and finishes when `go` is clicked; the number rises by ten then |
| `go` | click: lets what waits at `slow` finish |
| `field` | input, with its fields: `typed` shows the value |
| `typed` | shows what was typed last |
| `rows` | a keyed list of `li`, at first a, b, c, each with a button that removes it |
| `reverse` | click: turns the list around |
| `fill` | click: `text` becomes 20,000 characters, others each time |
| `huge` | click: `text` becomes a number (1, 2 and on), a space and 1,000,000 letters |
| `flood` | click: `text` changes 1,000 times, each about 1,000 characters, each a change of its own |
| `itself` | click: begins what then happens by itself, a step a second, whoever is connected |
| `hint` | has a title until the second step |
| `order` | click, with the action `order`: the number rises by 100 |
| `text` | shows a text |
| `log` | shows what has run, in order: the ids of what was clicked, and `field` |

What happens by itself: first the list turns around, so that nodes move; then `hint` loses its title; then the
address becomes `?itself`, in place of the present one, and `text` becomes "there"; last, the first row goes.
"""

from __future__ import annotations

import anyio
import anyio.lowlevel

from vango import For, component, current_session, html as h, on, signal
from vango.core import VNode
from vango.reactive.signals import Signal

__all__ = ["FLOOD", "HUGE", "STEPS", "reference_page"]

FLOOD = 1_000
HUGE = 1_000_000
STEPS = 4
"""Of what happens by itself."""

_REPLACE = 1  # a NAV that makes no entry in the history


@component
def Reference() -> VNode:  # noqa: N802
    """The reference page."""
    number, typed, text, log = signal(3), signal(""), signal(""), signal("")
    rows: Signal[tuple[str, ...]] = signal(("a", "b", "c"))
    go = signal(init=anyio.Event)
    fills, hint = signal(0), signal("a hint")
    session = current_session()

    def ran(name: str) -> None:
        log.update(lambda before: f"{before} {name}".strip())

    def plus() -> None:
        ran("plus")
        number.update(lambda n: n + 1)

    def fail() -> None:
        ran("fail")
        raise ValueError("the reference page fails on purpose")

    async def slow() -> None:
        ran("slow")
        await go.peek().wait()
        number.update(lambda n: n + 10)

    def let_go() -> None:
        ran("go")
        go.peek().set()
        go.set(anyio.Event())

    def write(value: str) -> None:
        ran("field")
        typed.set(value)

    def remove(name: str) -> None:
        ran(f"row-{name}")
        rows.update(lambda names: tuple(row for row in names if row != name))

    def reverse() -> None:
        ran("reverse")
        turn()

    def fill() -> None:
        ran("fill")
        fills.update(lambda n: n + 1)
        text.set(f"{fills.peek()} " + "x" * 20_000)

    def huge() -> None:
        ran("huge")
        fills.update(lambda n: n + 1)
        text.set(f"{fills.peek()} " + "z" * HUGE)

    def turn() -> None:
        rows.update(lambda names: names[::-1])

    def arrive() -> None:
        session.outbox.nav(_REPLACE, "/?itself")
        text.set("there")

    async def itself() -> None:
        ran("itself")
        for step in (turn, lambda: hint.set(""), arrive, lambda: rows.update(lambda names: names[1:])):
            await session.registry.clock.sleep(1)
            step()

    def order() -> None:
        ran("order")
        number.update(lambda n: n + 100)

    async def flood() -> None:
        ran("flood")
        for n in range(FLOOD):
            text.set(f"{n} " + "y" * 1_000)
            await anyio.lowlevel.checkpoint()

    def row(name: str) -> VNode:
        return h.li(id=f"row-{name}")[h.button(id=f"remove-{name}", on_click=(remove, name))[name]]

    return h.main[
        h.output(id="number")[number],
        h.button(id="plus", on_click=plus)["plus"],
        h.button(id="fail", on_click=fail)["fail"],
        h.button(id="slow", on_click=slow)["slow"],
        h.button(id="go", on_click=let_go)["go"],
        h.input(id="field", aria_label="field", on_input=lambda e: write(e.value)),
        h.output(id="typed")[typed],
        h.ul(id="rows")[For(rows, key=lambda name: name, render=row)],
        h.button(id="reverse", on_click=reverse)["reverse"],
        h.button(id="fill", on_click=fill)["fill"],
        h.button(id="huge", on_click=huge)["huge"],
        h.button(id="itself", on_click=itself)["itself"],
        h.p(id="hint", title=lambda: hint() or None)["a hint"],
        h.button(id="flood", on_click=flood)["flood"],
        h.button(id="order", on_click=on(order, action="order"))["order"],
        h.output(id="text")[text],
        h.output(id="log")[log],
    ]


def reference_page() -> object:
    """Return the root of the reference page, for `app.page("/")`."""
    return Reference()
