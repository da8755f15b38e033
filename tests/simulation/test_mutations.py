"""The simulation can fail: within a few seeds it finds a fault, by the invariant that the fault breaks."""

from collections.abc import Iterator

import pytest

from .agenda import QuietLoop
from .browsers import Browsers
from .mutations import CLIENT, SERVER, ClientMutation, ServerMutation
from .proof import BrokenInvariantError
from .world import World

pytestmark = pytest.mark.slow

MOST_SEEDS = 40


@pytest.fixture(scope="module")
def loop() -> Iterator[QuietLoop]:
    """One event loop for all seeds."""
    with QuietLoop() as loop:
        yield loop


def found(browsers: Browsers, loop: QuietLoop) -> set[str]:
    """Return the invariants that the first seed breaks that breaks any."""
    for seed in range(1, MOST_SEEDS + 1):
        try:
            World(seed, browsers, loop).run()
        except BrokenInvariantError as broken:
            return broken.invariants
    return set()


@pytest.mark.parametrize("mutation", CLIENT, ids=lambda mutation: mutation.name)
def test_a_fault_of_the_client_is_found(mutation: ClientMutation, loop, tmp_path) -> None:
    with Browsers(client=mutation.write(tmp_path)) as browsers:
        assert found(browsers, loop) & mutation.breaks


@pytest.mark.parametrize("mutation", SERVER, ids=lambda mutation: mutation.name)
def test_a_fault_of_the_server_is_found(mutation: ServerMutation, loop) -> None:
    with Browsers() as browsers, mutation.made():
        assert found(browsers, loop) & mutation.breaks
