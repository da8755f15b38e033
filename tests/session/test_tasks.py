"""What goes on beside the page: timers, tasks and subscriptions, and whose they are (B39, S000-28)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import anyio
import pytest
from session_pages import Go

from vango import (
    Context,
    action,
    blocking,
    component,
    current_session,
    effect,
    html as h,
    interval,
    on_mount,
    resource,
    signal,
    spawn,
    subscribe,
    timeout,
)
from vango.testing import Pilot

pytestmark = pytest.mark.anyio


def shows(*what: object) -> Any:
    """Return a page whose body calls `what` at each render, and the signal that makes it render again."""
    again = signal(0)

    @component
    def Page() -> object:
        again()
        for each in what:
            each()  # type: ignore[operator]
        return h.p["page"]

    return Page(), again


async def test_b39_a_task_goes_on_across_a_drop_and_the_page_catches_up() -> None:
    @component
    def Import(pilot: Callable[[], Pilot]) -> object:
        done = signal(0)

        async def work() -> None:
            for _ in range(10):
                await pilot().clock.sleep(1)
                done.update(lambda n: n + 1)

        return h.button(on_click=lambda: spawn(work))[done]

    async with Pilot(Import(lambda: pilot)) as pilot:
        await pilot.click(pilot.find("button"))
        await pilot.advance(2)
        assert pilot.find("button").text == "2"
        pilot.drop()
        await pilot.advance(5)
        assert pilot.find("button").text == "2"
        await pilot.reconnect()
        assert pilot.find("button").text == "7"
        await pilot.advance(10)
        assert pilot.find("button").text == "10"
        assert pilot.session.inbox.running == 0


async def test_a_task_of_a_body_starts_with_the_browser_runs_once_and_ends_with_the_scope() -> None:
    log: list[str] = []
    shown, again = signal(True), signal(0)

    async def work(name: str) -> None:
        log.append(f"begin {name}")
        try:
            await anyio.sleep_forever()
        finally:
            log.append(f"end {name}")

    @component
    def Worker() -> object:
        again()
        spawn(work, "one")
        return h.p["x"]

    @component
    def Page() -> object:
        return h.div[Worker() if shown() else None]

    async with Pilot(Page(), connect=False) as pilot:
        assert log == []
        await pilot.reconnect()
        assert log == ["begin one"]
        pilot.session.dispatch(again.set, 1)
        await pilot.settle()
        assert log == ["begin one"]
        pilot.drop()
        await pilot.advance(30)
        assert log == ["begin one"]
        await pilot.reconnect()
        pilot.session.dispatch(shown.set, False)
        await pilot.settle()
        assert log == ["begin one", "end one"]
        assert pilot.reports == []


async def test_a_task_of_an_effect_is_cancelled_by_its_next_run() -> None:
    log: list[tuple[str, int]] = []
    number = signal(1)

    async def follow(n: int) -> None:
        log.append(("begin", n))
        try:
            await anyio.sleep_forever()
        finally:
            log.append(("end", n))

    root, _ = shows(lambda: effect(lambda: spawn(follow, number()) and None))
    async with Pilot(root) as pilot:
        pilot.session.dispatch(number.set, 2)
        await pilot.settle()
        assert log[0] == ("begin", 1)
        assert sorted(log[1:]) == [("begin", 2), ("end", 1)]


async def test_a_task_that_raises_is_reported_by_name_and_ends_alone() -> None:
    async def work() -> None:
        raise ValueError("on purpose")

    root, _ = shows(lambda: spawn(work))
    async with Pilot(root) as pilot:
        (report,) = pilot.reports
        assert str(report.error) == "on purpose"
        assert "test_tasks.py:" in report.where
        assert pilot.find("p").text == "page"


async def test_a_task_can_be_cancelled_and_says_when_it_is_over() -> None:
    made: list[Any] = []
    root, _ = shows(lambda: made.append(spawn(anyio.sleep_forever)))
    async with Pilot(root) as pilot:
        (task,) = made
        assert not task.is_over
        task.dispose()
        assert task.is_over
        await pilot.settle()
        assert pilot.session.inbox.running == 0


async def test_spawn_says_what_to_write() -> None:
    async def work() -> None: ...

    with pytest.raises(TypeError, match=r"write spawn\(work, ...\), without calling work"):
        spawn(work())  # type: ignore[arg-type]
    with pytest.raises(
        RuntimeError, match=r"spawn\(\) belongs into a component's body, an effect or a handler"
    ):
        spawn(work)
    root, _ = shows(lambda: spawn(len, "x"))  # type: ignore[arg-type]
    async with Pilot(root) as pilot:
        assert "spawn(len): len gave nothing to await; write async def" in str(pilot.reports[0].error)


@pytest.mark.parametrize(
    ("use", "instead"),
    [
        ("spawn", "subscribe(follow, show), which calls show(item) for each"),
        (
            "resource",
            "subscribe(follow, show), which calls show(item) for each; with show=log.append the rows of "
            "log = stream(key=..., render=...) keep coming",
        ),
        ("action", "an async def that sets signals: each await shows what was set before it"),
    ],
)
async def test_what_yields_where_something_is_awaited_is_told_who_takes_each_item(
    use: str, instead: str
) -> None:
    async def follow() -> AsyncIterator[int]:
        yield 1

    uses: dict[str, Callable[[Any], Any]] = {"spawn": spawn, "resource": resource, "action": action}

    @component
    def Page() -> object:
        made = uses[use](follow)
        return h.button(on_click=made if use == "action" else lambda: None)["go"]

    async with Pilot(Page()) as pilot:
        await pilot.click(pilot.find("button"))
        (report,) = pilot.reports
        name, line = follow.__qualname__, follow.__code__.co_firstlineno
        assert str(report.error) == (
            f"{use}({name}): {name} ({__file__}:{line}) yields its items one by one; write "
            + instead.replace("follow", name)
        )


async def test_a_subscription_gives_each_item_to_the_newest_function() -> None:
    shown: list[str] = []
    again = signal("a")
    gates: dict[int, Go] = {n: Go() for n in range(4)}

    async def items() -> AsyncIterator[int]:
        try:
            for n, gate in gates.items():
                await gate.wait()
                yield n
        finally:
            shown.append("closed")

    @component
    def Page() -> object:
        name = again()
        last = signal(-1)

        def take(item: int) -> None:
            shown.append(f"{name}{item}")
            last.set(item)

        subscribe(items, take)
        return h.p[last]

    async with Pilot(Page()) as pilot:
        gates[0]()
        await pilot.settle()
        assert pilot.find("p").text == "0"
        pilot.session.dispatch(again.set, "b")
        await pilot.settle()
        gates[1]()
        await pilot.settle()
        pilot.drop()
        gates[2]()
        await pilot.settle()
        assert shown == ["a0", "b1", "b2"]
        await pilot.reconnect()
        assert pilot.find("p").text == "2"
        pilot.registry.close(pilot.session)
        await pilot.settle()
        assert shown == ["a0", "b1", "b2", "closed"]


async def test_an_async_function_of_a_subscription_is_awaited_before_the_next_item() -> None:
    send, receive = anyio.create_memory_object_stream[int](10)
    log: list[str] = []
    gate = Go()

    async def take(item: int) -> None:
        log.append(f"begin {item}")
        await gate.wait()
        log.append(f"end {item}")

    root, _ = shows(lambda: subscribe(receive, take))
    async with Pilot(root) as pilot:
        send.send_nowait(1)
        send.send_nowait(2)
        await pilot.settle()
        assert log == ["begin 1"]
        gate()
        await pilot.settle()
        assert log == ["begin 1", "end 1", "begin 2", "end 2"]
    send.close()
    receive.close()


async def test_subscribe_says_what_to_write() -> None:
    with pytest.raises(
        TypeError, match=r"follows what `async for` takes, and it was given \[1\]; write an async def"
    ):
        subscribe([1], print)  # type: ignore[arg-type]

    def plain() -> list[int]:
        return [1]

    root, _ = shows(lambda: subscribe(plain, print))  # type: ignore[arg-type]
    async with Pilot(root) as pilot:
        assert "plain() gave [1]; write an async def that yields" in str(pilot.reports[0].error)


async def test_a_timeout_of_a_body_fires_once_and_ends_with_the_scope() -> None:
    log: list[str] = []
    wait, shown, again = signal(5.0), signal(True), signal(0)

    @component
    def Reminder() -> object:
        number = again()
        timeout(wait(), lambda: log.append(f"{number}"))
        return None

    @component
    def Page() -> object:
        return h.div[Reminder() if shown() else None]

    async with Pilot(Page()) as pilot:
        await pilot.advance(4)
        pilot.session.dispatch(again.set, 1)
        await pilot.advance(1)
        assert log == ["1"]
        await pilot.advance(60)
        assert log == ["1"]
        pilot.session.dispatch(wait.set, 2.0)
        await pilot.settle()
        pilot.session.dispatch(shown.set, False)
        await pilot.advance(60)
        assert log == ["1"]


async def test_a_timeout_of_a_handler_belongs_to_the_session_and_can_be_taken_back() -> None:
    made: list[Any] = []

    @component
    def Save() -> object:
        message = signal("")

        def save() -> None:
            message.set("saved")
            made.append(timeout(3, lambda: message.set("")))

        return h.button(on_click=save)["save", message]

    async with Pilot(Save()) as pilot:
        await pilot.click(pilot.find("button"))
        assert pilot.find("button").text == "savesaved"
        await pilot.advance(3)
        assert pilot.find("button").text == "save"
        await pilot.click(pilot.find("button"))
        made[-1].dispose()
        await pilot.advance(10)
        assert pilot.find("button").text == "savesaved"
        assert not pilot.session._timed
        with pytest.raises(RuntimeError, match="with which it ends"):
            timeout(1, print)


async def test_a_timeout_may_be_async() -> None:
    text = signal("")

    async def late() -> None:
        text.set("one")
        await anyio.lowlevel.checkpoint()
        text.set("two")

    root, _ = shows(lambda: timeout(1, late))
    async with Pilot(h.div[root, h.output[text]]) as pilot:
        await pilot.advance(1)
        assert pilot.find("output").text == "two"


async def test_an_effect_of_a_handler_belongs_to_the_session_and_can_be_taken_back() -> None:
    shared = signal(0)
    made: list[Any] = []
    log: list[Any] = []

    def watch() -> Callable[[], None]:
        n = shared()
        log.append((current_session(), n))
        return lambda: log.append(("end", n))

    root = h.div[h.button(on_click=lambda: made.append(effect(watch)))["watch"]]
    async with Pilot(h.p["neighbour"]) as neighbour, Pilot(root, beside=neighbour) as pilot:
        await pilot.click(pilot.find("button"))
        neighbour.session.dispatch(shared.set, 1)
        await pilot.settle()
        mine = pilot.session
        assert log == [(mine, 0), ("end", 0), (mine, 1)]
        made[0].dispose()
        assert log[3:] == [("end", 1)]
        assert not shared._observers

        await pilot.click(pilot.find("button"))
        pilot.registry.close(mine)
        await pilot.settle()
        assert log[4:] == [(mine, 1), ("end", 1)]
        assert not shared._observers
        mine.context.run(effect, watch)
        assert log[6:] == [(mine, 1), ("end", 1)]
        assert not shared._observers
        assert pilot.reports == []


async def test_what_an_effect_of_a_handler_raises_is_reported_and_what_it_starts_ends_with_its_run() -> None:
    count, ticks = signal(0), signal(0)
    context = Context("default")

    def watch() -> None:
        interval(1, lambda: ticks.update(lambda n: n + 1))
        if count() == 2:
            context()

    @component
    def Page() -> object:
        context.provide("ours")
        add = h.button(on_click=lambda: count.update(lambda n: n + 1))["add"]
        return h.div[add, h.button(on_click=lambda: effect(watch) and None)["watch"], h.output[ticks]]

    async with Pilot(Page()) as pilot:
        await pilot.click(pilot.find("button", text="watch"))
        await pilot.click(pilot.find("button", text="add"))
        await pilot.advance(1)
        assert pilot.find("output").text == "1"
        assert pilot.reports == []
        await pilot.click(pilot.find("button", text="add"))
        (report,) = pilot.reports
        assert str(report.error) == (
            "a context is read in a body, slot or effect of a component; read it there and use the value here"
        )
        assert "effect " in report.where
        assert pilot.client.results[3].error == ""


async def test_an_effect_is_not_made_in_a_worker_thread() -> None:
    count = signal(0)
    add = h.button(on_click=lambda: count.update(lambda n: n + 1))[count]
    watch = h.button(on_click=blocking(lambda: effect(count)))["watch"]
    async with Pilot(h.div[add, watch]) as pilot:
        await pilot.click(pilot.find("button", text="watch"))
        assert [str(report.error) for report in pilot.reports] == [
            "effect() belongs on the loop; from a thread write session.dispatch(effect, ...)"
        ]
        await pilot.click(pilot.find("button", text="0"))
        assert pilot.find("button", text="1")


async def test_on_mount_runs_once_for_the_page_untracked_and_its_cleanup_at_the_end() -> None:
    log: list[str] = []
    read, again, shown = signal("x"), signal(0), signal(True)

    @component
    def Body() -> object:
        again()
        on_mount(lambda: log.append(read()) or (lambda: log.append("end")))
        log.append("body")
        return None

    @component
    def Page() -> object:
        return h.div[Body() if shown() else None]

    async with Pilot(Page(), connect=False) as pilot:
        assert log == ["body", "x"]
        await pilot.reconnect()
        pilot.session.dispatch(read.set, "y")
        pilot.session.dispatch(again.set, 1)
        await pilot.settle()
        assert log == ["body", "x", "body"]
        pilot.session.dispatch(shown.set, False)
        await pilot.settle()
        assert log == ["body", "x", "body", "end"]


async def test_on_mount_says_what_to_write() -> None:
    async def load() -> None: ...

    with pytest.raises(
        TypeError, match=r"cannot wait for .*load .*test_tasks.py:\d+\), an async def; write spawn\("
    ):
        on_mount(load)
    with pytest.raises(RuntimeError, match="belongs into a component's body"):
        on_mount(print)
