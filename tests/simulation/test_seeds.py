"""Seeds of the simulation: each is a few minutes of people, faults and restarts; all must end well."""

from collections import Counter
from collections.abc import Iterator

import pytest

from .agenda import QuietLoop
from .browsers import Browsers
from .world import EVENTS, FAULTS, World, replay


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


def test_every_event_takes_effect_once_and_each_page_ends_as_its_tree(browsers, loop) -> None:
    met: Counter[str] = Counter()
    for seed in range(1, 201):
        world = World(seed, browsers, loop)
        try:
            world.run()
        except Exception as error:
            pytest.fail(f"seed {seed}: {error}\n{replay(seed)}")
        assert world.events >= EVENTS
        assert world.faults.total() >= FAULTS
        met += world.proof.met + world.faults


def test_a_seed_replays_exactly(browsers, loop) -> None:
    traces = []
    for _ in range(2):
        world = World(7, browsers, loop, traces=True)
        world.run()
        traces.append(world.trace)
    assert len(traces[0]) > EVENTS
    assert traces[0] == traces[1]
