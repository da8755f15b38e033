"""Seeds of the simulation: each is a few minutes of people, faults and restarts; all must end well."""

from collections.abc import Iterator

import pytest

from .agenda import QuietLoop
from .browsers import Browsers
from .world import EVENTS, FAULTS, World


@pytest.fixture(scope="module")
def browsers() -> Iterator[Browsers]:
    """One node process for all seeds."""
    with Browsers() as browsers:
        yield browsers


@pytest.fixture(scope="module")
def loop() -> Iterator[QuietLoop]:
    """One event loop for all seeds."""
    with QuietLoop() as loop:
        yield loop


@pytest.mark.parametrize("first", range(1, 201, 20))
def test_every_event_takes_effect_once_and_each_page_ends_as_its_tree(browsers, loop, first) -> None:
    for seed in range(first, first + 20):
        world = World(seed, browsers, loop)
        try:
            world.run()
        except Exception as error:
            pytest.fail(f"{error}\nrun it again: make soak-simulation SEEDS=1 FROM={seed} TRACE=1")
        assert world.events >= EVENTS
        assert world.faults.total() >= FAULTS


def test_a_seed_replays_exactly(browsers, loop) -> None:
    traces = []
    for _ in range(2):
        world = World(7, browsers, loop)
        world.run()
        traces.append(world.trace)
    assert traces[0] == traces[1]
