"""A batch or an untracked block that is open at an await would hold for whatever runs meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import anyio
import pytest
from session_pages import Buttons, Go

from vango import batch, effect, html as h, memo, signal, untracked
from vango.reactive.tracking import current
from vango.testing import Pilot

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("block", [batch, untracked])
async def test_a_block_that_is_open_at_an_await_raises_at_its_end_and_holds_nothing_back(
    block: Callable[[], object],
) -> None:
    gate, count = Go(), signal(0)
    seen: list[int] = []
    watch = effect(lambda: seen.append(count()))

    async def wrong() -> None:
        with block():  # type: ignore[attr-defined]
            count.set(1)
            await gate.wait()
            count.set(2)

    async with Pilot(Buttons(wrong=wrong, other=lambda: count.set(5))) as pilot:
        await pilot.click(pilot.find("button", text="wrong"))
        assert (current.depth, current.block) == (0, None)
        assert seen == [0, 1]
        await pilot.click(pilot.find("button", text="other"))
        assert seen == [0, 1, 5]
        assert memo(lambda: count() * 2)() == 10
        gate()
        await pilot.settle()
        (report,) = pilot.reports
        assert isinstance(report.error, RuntimeError)
        assert str(report.error).endswith(
            f"{block.__name__}() was still open at an await, where other code runs; "
            "end the block before it, and write another one behind it"
        )
        assert "test_batches.py:" in str(report.error)
        assert seen == [0, 1, 5, 2]
        assert (current.depth, current.block) == (0, None)
    watch.dispose()


async def test_the_handlers_own_error_comes_first() -> None:
    async def wrong() -> None:
        with batch():
            await anyio.lowlevel.checkpoint()
            raise ValueError("mine")

    async with Pilot(Buttons(wrong=wrong)) as pilot:
        await pilot.click(pilot.find("button"))
        assert [str(report.error) for report in pilot.reports] == ["mine"]


async def test_blocks_that_end_before_the_await_are_fine() -> None:
    count = signal(0)

    async def right() -> None:
        with batch():
            count.set(1)
            with untracked():
                count.set(count() + 1)
        await anyio.lowlevel.checkpoint()
        with batch():
            count.set(count.peek() + 1)

    async with Pilot(h.div[Buttons(right=right), h.output[count]]) as pilot:
        await pilot.click(pilot.find("button"))
        assert pilot.find("output").text == "3"
        assert pilot.reports == []


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_task_of_the_applications_own_cannot_hold_a_session_back(anyio_backend: str) -> None:
    count, raised = signal(0), []
    gate = asyncio.Event()

    async def own() -> None:
        try:
            with batch():
                count.set(1)
                await gate.wait()
        except RuntimeError as error:
            raised.append(str(error))

    async with Pilot(Buttons(add=lambda: count.update(lambda n: n + 1))) as pilot:
        seen: list[int] = []
        watch = effect(lambda: seen.append(count()))
        task = asyncio.get_running_loop().create_task(own())
        await pilot.settle()
        await pilot.click(pilot.find("button"))
        assert seen == [0, 2]
        gate.set()
        await task
        assert "batch() was still open at an await" in raised[0]
        assert current.depth == 0
        watch.dispose()
