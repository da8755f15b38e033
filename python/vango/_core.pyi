"""Typed contract of the Rust engine; `vango.core` is its public face."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final, Self, SupportsIndex, final, overload

from typing_extensions import disjoint_base

__all__ = [
    "BUILD_PROFILE",
    "EVENT_KINDS",
    "FLAG_ACTION",
    "FLAG_CANCEL",
    "FLAG_DEFLATE",
    "FLAG_MORE",
    "Component",
    "DecodeError",
    "EngineError",
    "Marked",
    "Model",
    "Patch",
    "Patches",
    "Slot",
    "Tag",
    "Tree",
    "VNode",
    "attr_value",
    "decode",
    "decode_fields",
    "decode_messages",
    "diff",
    "encode",
    "encode_fields",
    "encode_message",
    "fragment",
    "inspect_handler",
    "node",
    "protocol_table",
    "raw",
]

class EngineError(Exception):
    """A bug of the engine, caught at the boundary; the tree that raised it must not be used again."""

class DecodeError(ValueError):
    """Bytes that break the protocol. Nothing of them was applied."""

    offset: int
    reason: str
    def __init__(self, offset: int, reason: str) -> None: ...

class Slot:
    """Base of the objects that may stand as a child or attribute value and change later (signals, memos)."""

    def __new__(cls, *args: object, **kwargs: object) -> Self: ...

@disjoint_base
class Component:
    """Base of what a component call returns: a description that a session mounts."""

    def __new__(cls, key: object = None) -> Self: ...
    @property
    def key(self) -> object: ...

@disjoint_base
class Marked:
    """Base of a handler with options of its entry in `data-on` (PROTOCOL 1.9), separated by commas."""

    def __new__(cls, handler: object, options: str, /) -> Self: ...
    @property
    def handler(self) -> Any: ...
    @property
    def options(self) -> str: ...

@final
class VNode:
    """What a render returns: an immutable tree, made by the builders of `vango.html`."""

    __hash__: ClassVar[None]  # type: ignore[assignment]
    @property
    def tag(self) -> str | None: ...
    @property
    def attrs(self) -> dict[str, str]: ...
    @property
    def children(self) -> tuple[VNode | str, ...]: ...
    @property
    def key(self) -> object: ...
    def __getitem__(self, children: object, /) -> VNode: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __html__(self) -> str: ...
    @property
    def place_count(self) -> int: ...
    def places(self) -> list[tuple[int, object, str | None]]:
        """What stands in this tree, in document order: `(path, object, attribute or None)`."""

    def target(self, ref: int, /) -> object:
        """The object behind a ref, `None` when the tree has no such ref."""

@final
class Tag:
    """The builder of one element, `html.div`."""

    def __new__(cls, name: str) -> Tag: ...
    @property
    def name(self) -> str: ...
    def __call__(self, *children: object, **attrs: object) -> VNode: ...
    def __getitem__(self, children: object, /) -> VNode: ...

def node(value: object, /) -> VNode: ...
def fragment(children: Iterable[object], /, *, key: object = None) -> VNode: ...
def raw(html: str, /, *, key: object = None) -> VNode: ...
def attr_value(name: str, value: object, /) -> str | None: ...

@final
class Patch:
    """One change to a document; `op` names it, the other fields are those of the protocol.

    `op` is `set_text`, `set_attr`, `remove`, `insert`, `set_events`, `remove_attr` or `move`.
    An `insert` made by hand takes `node=`, whose hids run on from `hid` in document order.
    """

    def __new__(cls, op: str, /, **fields: object) -> Patch: ...
    @property
    def op(self) -> str: ...
    @property
    def hid(self) -> int: ...
    @property
    def parent(self) -> int | None: ...
    @property
    def before(self) -> int | None: ...
    @property
    def name(self) -> str | None: ...
    @property
    def value(self) -> str | None: ...
    @property
    def text(self) -> str | None: ...
    @property
    def events(self) -> int | None: ...
    @property
    def html(self) -> str | None: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Patches(Sequence[Patch]):
    """The patches of one commit, in the order in which they must be applied."""

    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, index: SupportsIndex, /) -> Patch: ...
    @overload
    def __getitem__(self, index: slice, /) -> list[Patch]: ...
    def __iter__(self) -> Iterator[Patch]: ...
    def __eq__(self, other: object, /) -> bool: ...

def diff(old: object, new: object, /) -> Patches: ...
def encode(patches: Iterable[Patch], /, *, lower: bool = False) -> bytes: ...
def decode(data: bytes, /) -> list[Patch]: ...

@final
class Tree:
    """A mounted document: nodes, their hids, and the places in it.

    `Tree()` waits for the flush that mounts place 0; `Tree(None)` shows nothing.
    """

    def __new__(cls, root: object = None, /) -> Tree: ...
    @property
    def count(self) -> int: ...
    def html(self, *, hids: bool = True) -> str: ...
    def snapshot(self, *, lower: bool = False) -> bytes: ...
    def commit(self, new: object, /) -> Patches: ...
    def flush(self, updates: Iterable[tuple[int, VNode | str | None, Sequence[int]]], /) -> bytes:
        """Give places their new contents and return the ops of the burst, see docs/ARCHITECTURE.md."""

    def element(self, hid: int, /) -> bytes | None:
        """The op `04 parent 0 node` that writes an element whole; for a text the element around it."""

    def listener(self, hid: int, kind: int, /) -> tuple[int, int] | None:
        """`(place, ref)` of the handler that the node has for events of this kind now."""

    def listeners(self, kind: int, /) -> list[tuple[int, int]]:
        """`(place, ref)` of every handler for events of this kind, in document order. O(nodes)."""

    def is_live(self, hid: int, /) -> bool: ...

@final
class Model:
    """The toy document of the proofs: what a client has after it applied what it was sent."""

    @classmethod
    def from_snapshot(cls, data: bytes, /) -> Model: ...
    @property
    def count(self) -> int: ...
    def apply(self, data: bytes, /) -> None: ...
    def html(self, *, hids: bool = True) -> str: ...

FLAG_DEFLATE: Final[int]
FLAG_MORE: Final[int]
FLAG_CANCEL: Final[int]
FLAG_ACTION: Final[int]
EVENT_KINDS: Final[Mapping[str, int]]
"""Numbers by name: 0 to 30 have a bit; 32 named, 33 navigate and 34 hook have none."""
BUILD_PROFILE: Final[str]
"""`release` or `debug`."""

def encode_message(kind: int, flags: int, fields: Sequence[Any], payload: bytes = ..., /) -> bytes: ...
def decode_messages(
    data: bytes, max_frame_bytes: int, /
) -> list[tuple[int, int, tuple[Any, ...], bytes]]: ...
def decode_fields(kind: int, payload: bytes, /) -> tuple[Any, ...]: ...
def encode_fields(kind: int, fields: Sequence[Any], /) -> bytes: ...
def protocol_table() -> list[tuple[int, str, str, int, list[tuple[str, str]], bool]]: ...
def inspect_handler(handler: Callable[..., object] | tuple[object, ...] | Marked, /) -> bool:
    """Whether a handler receives the event: it requires a positional argument, or takes `*args`."""
