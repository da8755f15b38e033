"""The blueprint profile: sockets without a subprotocol, bare bursts in one direction and text in both."""

from __future__ import annotations

from vango import _core
from vango.testing.conformance.onlooker import Onlooker
from vango.testing.conformance.outcome import expect, expect_equal
from vango.testing.conformance.reference import STEPS
from vango.testing.conformance.server import Server
from vango.testing.conformance.server_scenarios.registry import scenario
from vango.testing.conformance.visitor import Visitor

__all__: list[str] = []  # each registers itself

_PATIENCE_S = STEPS + 6.0


@scenario(
    "C23", "a client of ops 01 to 05 sees the same document; or it is refused, with a sentence", "4, 1.7"
)
async def blueprint(server: Server) -> None:
    onlooker = Onlooker(server, await server.visit())
    await onlooker.connect()
    if server.blueprint == "refuse" or (not server.blueprint and onlooker.told):
        _is_refused(onlooker)
        return
    await _asks(onlooker)
    await _never_replaces(onlooker)
    await _follows(server)


def _is_refused(onlooker: Onlooker) -> None:
    said = [text.split()[:3] for text in onlooker.told]
    expect_equal(
        said, [["ERROR", "VersionNotSupported", "supported=1"]], "what is said to who is refused (4)"
    )
    expect_equal(onlooker.code, 1008, "the close code of who is refused (4)")


async def _asks(onlooker: Onlooker) -> None:
    """The page is what was served; whoever asks gets it all, or an element."""
    expect_equal(
        (onlooker.told, onlooker.bursts), ([], []), "what is said to who was just served the page (4)"
    )
    await onlooker.say("REFETCH 0")
    expect_equal(onlooker.told, ["FULL-RESYNC, answered"], "FULL-RESYNC, and then `04 0 0 node` (4)")
    await onlooker.say("REFETCH 2")
    patches = [patch.op for burst in onlooker.bursts[1:] for patch in _core.decode(burst)]
    expect_equal(patches, ["insert"], "the ops that answer REFETCH of an element: one 04 (4)")
    expect_equal(onlooker.code, None, "the close code of who asked twice")


async def _never_replaces(onlooker: Onlooker) -> None:
    second = Onlooker(onlooker.server, onlooker.page)
    await second.come_back(resumable=False)
    said = [text.split()[:2] for text in second.told]
    expect_equal(said, [["ERROR", "ServerBusy"]], "what is said to a second connection (4)")
    expect_equal(
        (second.code, onlooker.code), (1013, None), "the close codes of the second and the first (4)"
    )


async def _follows(server: Server) -> None:
    """Nodes move, an attribute goes, the address changes, before its eyes and while it is away."""
    visitor = await Visitor.arrive(server)
    await visitor.click("itself")
    await visitor.drop()
    onlooker = Onlooker(server, visitor.page)
    await onlooker.come_back(resumable=False)
    await onlooker.wait(lambda: onlooker.model, _PATIENCE_S, "FULL-RESYNC for who cannot resume (4)")
    begin = onlooker.frames
    await onlooker.wait(
        lambda: onlooker.frames > begin or _is_last(onlooker), _PATIENCE_S, "a burst for what has changed (4)"
    )
    await onlooker.leave()
    await server.advance(1.5)
    await onlooker.come_back()
    await onlooker.wait(lambda: _is_last(onlooker), _PATIENCE_S, "the document of the last step (4)")
    shown = onlooker.html()
    await onlooker.leave()
    visitor.epoch = visitor.rev = 0
    await visitor.greet()
    truth = visitor.model
    expect(truth is not None, "a SNAPSHOT for a HELLO of epoch 0 (3.2)", visitor.kinds)
    expect_equal(
        shown, truth.html() if truth is not None else "", "the document that followed bare bursts (4)"
    )


def _is_last(onlooker: Onlooker) -> bool:
    """Tell whether what happens by itself is over, as far as this one sees."""
    return ">there<" in onlooker.html() and 'id="row-c"' not in onlooker.html()
