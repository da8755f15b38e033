"""What goes wrong: each of these does it once to a world, and says whether it could."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from .exchange import FATES, Exchange
from .network import Lane, Line

if TYPE_CHECKING:
    from .world import Tab, World

__all__ = ["ALL"]


def _line(world: World) -> Line | None:
    lines = [line for tab in world.tabs for line in tab.lines.values() if line.is_open]
    return world.rng.choice(lines) if lines else None


def _lane(world: World) -> Lane | None:
    line = _line(world)
    return line and world.rng.choice((line.up, line.down))


def _loaded(world: World) -> list[Tab]:
    return [tab for tab in world.tabs if tab.is_loaded]


# The network of sockets


def cut(world: World) -> bool:
    """A connection breaks at some byte."""
    lane = _lane(world)
    if lane is not None:
        lane.cut_after = world.rng.randrange(200)
    return lane is not None


def break_(world: World) -> bool:
    """A connection breaks, and the client may or may not learn of it."""
    line = _line(world)
    if line is not None:
        line.break_(told=world.rng.random() < 0.7)
    return line is not None


def silence(world: World) -> bool:
    """One direction falls silent."""
    lane = _lane(world)
    if lane is not None:
        lane.silent = True
    return lane is not None


def hold(world: World) -> bool:
    """What is on its way waits, also longer than anybody waits for it."""
    lane = _lane(world)
    if lane is not None:
        longest_s = world.rng.choice((4, 4, 40, 400))
        lane.held_until = world.agenda.now + world.rng.uniform(0.2, longest_s)
    return lane is not None


def lose(world: World) -> bool:
    """Messages are lost, and others come twice."""
    lane = _lane(world)
    if lane is not None:
        lane.lossy = world.rng.choice((0.1, 0.4))
    return lane is not None


def dawdle(world: World) -> bool:
    """A client reads slowly."""
    line = _line(world)
    if line is not None:
        line.down.pace_s = world.rng.choice((0.1, 1.0))
    return line is not None


# The network of requests


def spoil(world: World) -> bool:
    """Something becomes of the next requests of a page."""
    tab = world.rng.choice(_loaded(world))
    if not tab.ways or tab.ways[-1] != "http":
        return False
    tab.fates.extend(world.rng.choices(FATES, k=world.rng.choice((1, 1, 2, 5))))
    return True


def forsake(world: World) -> bool:
    """A request that waits at the server is answered to nobody."""
    waiting = [each for tab in world.tabs for each in tab.exchanges.values() if each.is_open]
    if waiting:
        exchange: Exchange = world.rng.choice(waiting)
        exchange.break_(told=world.rng.random() < 0.7)
    return bool(waiting)


def block(world: World) -> bool:
    """For a while no socket gets through any more; or one does again."""
    if world.blocked_until == math.inf:
        return False
    world.block = world.rng.choice(("refuses", "hangs", "mute"))
    world.blocked_until = world.agenda.now + world.rng.choice((0.0, 10.0, 100.0))
    return True


# The server


def refuse(world: World) -> bool:
    """The server cannot be reached for a while."""
    world.refusing_until = world.agenda.now + world.rng.choice((0.5, 5, 20))
    return True


def restart(world: World) -> bool:
    """The server dies, and another one begins."""
    if world.server is None:
        return False
    world.end(world.server, told=world.rng.choice((0.0, 0.8)))
    return True


def drain(world: World) -> bool:
    """The server asks everybody to leave before it ends."""
    server = world.server
    if server is None or server.is_leaving:
        return False

    def gone() -> None:
        if world.server is server:
            world.end(server, told=1.0)

    server.drain(gone)
    return True


# Machines and people


def jump(world: World) -> bool:
    """A clock jumps ahead: that of a machine that slept."""
    seconds = world.rng.choice((0.5, 6.0, 31.0, 400.0))
    if world.rng.random() < 0.3 and world.server is not None:
        world.server.clock.skew += seconds
        world.note("the server's clock jumps by", seconds)
    else:
        tab = world.rng.choice(world.tabs)
        tab.skew_s += seconds
        world.note(f"the clock of tab {tab.id} jumps by", seconds)
    return True


def hide(world: World) -> bool:
    """A page is hidden for a while."""
    tab = world.rng.choice(world.tabs)
    world.tell(tab, "show", hidden=True)
    _show_later(world, tab)
    return True


def freeze(world: World) -> bool:
    """A page freezes for a while."""
    tab = world.rng.choice(world.tabs)
    world.tell(tab, "freeze")
    _show_later(world, tab)
    return True


def _show_later(world: World, tab: Tab) -> None:
    world.after(world.rng.choice((0.1, 3, 40)), lambda: world.tell(tab, "show", hidden=False))


def leave(world: World) -> bool:
    """A page is loaded again."""
    tab = world.rng.choice(_loaded(world))
    if not world.open_tab():
        return False
    world.close_tab(tab)
    return True


def duplicate(world: World) -> bool:
    """A tab is duplicated: the same page for another document."""
    if len(_loaded(world)) > 4:
        return False
    return world.open_tab(world.rng.choice(world.tabs).served)


ALL: list[Callable[[World], bool]] = [
    *(cut, cut, cut, break_, break_, silence, silence, hold, hold, lose, lose, dawdle),
    *(spoil, spoil, spoil, spoil, forsake, forsake, block),
    *(refuse, restart, drain, jump, jump, hide, freeze, leave, duplicate),
]
