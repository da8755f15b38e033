"""B13: an exception in each phase ends or contains as specified, and the next event behaves accordingly."""

import json

import pytest
from phases import CAUGHT, CONTAINED, Part
from session_pages import Counter

from vango import protocol
from vango.testing import Pilot

pytestmark = pytest.mark.anyio

ANSWERED = {"a handler", "an async handler"}
"""Phases that are the event's own: its RESULT says that it failed."""


async def go(pilot: Pilot) -> None:
    await pilot.click(pilot.find("button", class_="go"))
    await pilot.advance(1)


async def use(pilot: Pilot, count: str) -> None:
    """Click what stands beside the phase."""
    button = pilot.find("button", class_="beside")
    await pilot.click(button)
    assert pilot.find("button", class_="beside").text == count


def failed(pilot: Pilot) -> list[protocol.Result]:
    """The answers that say that an event failed."""
    return [result for result in pilot.client.results.values() if result.error]


async def touch(neighbour: Pilot, count: str) -> None:
    await neighbour.click(neighbour.find("button", text="+"))
    assert neighbour.find("output").text == count
    assert neighbour.errors == []


@pytest.mark.parametrize("phase", CAUGHT)
async def test_b13_an_error_of_a_render_shows_at_its_boundary_until_it_is_mended(phase) -> None:
    async with Pilot(Counter()) as neighbour, Pilot(Part(phase), beside=neighbour) as pilot:
        assert pilot.find("output").text == "idle"
        await use(pilot, "1")
        await go(pilot)
        assert pilot.find("em").text == f"{phase} broke"
        assert pilot.find_all("output") == []
        assert [str(report.error) for report in pilot.reports] == [f"{phase} broke"]
        assert failed(pilot) == []
        await touch(neighbour, "1")
        await use(pilot, "2")
        await go(pilot)
        assert pilot.find("output").text == "well"
        assert pilot.find_all("em") == []
        await use(pilot, "3")
        assert len(pilot.reports) == 1
        await touch(neighbour, "2")


@pytest.mark.parametrize("phase", CAUGHT)
async def test_b13_an_error_of_a_render_without_a_boundary_is_an_error_view_with_its_reference(phase) -> None:
    async with Pilot(Counter()) as neighbour:
        async with Pilot(Part(phase, bounded=False), beside=neighbour) as pilot:
            await go(pilot)
            (report,) = pilot.reports
            assert str(report.error) == f"{phase} broke"
            assert report.reference
            assert report.reference == pilot.find("section", class_="vango-error").find("code").text
            assert "broke" not in pilot.html()
            assert pilot.session.attachment is not None
            await touch(neighbour, "1")
        await touch(neighbour, "2")


@pytest.mark.parametrize("phase", CONTAINED)
async def test_b13_an_error_beside_a_render_is_reported_and_the_next_run_goes_well(phase) -> None:
    async with Pilot(Counter()) as neighbour, Pilot(Part(phase), beside=neighbour) as pilot:
        await use(pilot, "1")
        await go(pilot)
        (report,) = pilot.reports
        assert str(report.error) == f"{phase} broke"
        assert pilot.find_all("em") == []
        assert pilot.find("output").text == ("well" if phase == "an interval" else "idle")
        told = [("HandlerFailed", report.reference)] if phase in ANSWERED else []
        assert [(result.error, json.loads(result.data)["reference"]) for result in failed(pilot)] == told
        await touch(neighbour, "1")
        await use(pilot, "2")
        await go(pilot)
        assert pilot.find("output").text == "well"
        await use(pilot, "3")
        assert len(pilot.reports) == 1
        await touch(neighbour, "2")
