"""The engine by itself: trees, their differences, and the bytes that carry them.

These names are stable, and need neither a session nor an event loop:

    from vango import core, html as h

    old = h.ul[h.li(key=1)["a"], h.li(key=2)["b"]]
    new = h.ul[h.li(key=2)["b"], h.li(key=1)["A"]]
    patches = core.diff(old, new)
    core.decode(core.encode(patches)) == list(patches)

A slot or a component raises here: only a session can run one. Handlers count by the event
that they listen to. A tree that was mounted by `Tree` keeps its hids from commit to commit.
"""

from vango._core import (
    BUILD_PROFILE,
    DecodeError,
    EngineError,
    FrameReader,
    Model,
    Patch,
    Patches,
    Tree,
    VNode,
    decode,
    diff,
    encode,
    encode_frame,
)

__all__ = [
    "BUILD_PROFILE",
    "DecodeError",
    "EngineError",
    "FrameReader",
    "Model",
    "Patch",
    "Patches",
    "Tree",
    "VNode",
    "decode",
    "diff",
    "encode",
    "encode_frame",
]
