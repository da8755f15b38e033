"""Typed contract of the Rust engine; `vango.core` is its public face."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final, Self, SupportsIndex, final, overload

from typing_extensions import disjoint_base

__all__ = [
    "ANSWER_KIND",
    "BUILD_PROFILE",
    "EVENT_KINDS",
    "FLAG_ACTION",
    "FLAG_CANCEL",
    "FLAG_DEFLATE",
    "FLAG_MORE",
    "Component",
    "DecodeError",
    "EngineError",
    "FrameReader",
    "Marked",
    "Model",
    "Outbox",
    "Patch",
    "Patches",
    "Slot",
    "Tag",
    "Tree",
    "VNode",
    "attr_value",
    "decode",
    "decode_effects",
    "decode_fields",
    "decode_message",
    "decode_messages",
    "deflate",
    "diff",
    "encode",
    "encode_fields",
    "encode_frame",
    "encode_message",
    "fold",
    "fragment",
    "inflate",
    "inspect_handler",
    "node",
    "protocol_table",
    "raw",
    "rows",
]

class EngineError(Exception):
    """A bug of the engine, caught at the boundary; the tree that raised it must not be used again."""

class DecodeError(ValueError):
    """Bytes that break the protocol. Nothing of them was applied.

    Attributes:
        offset: Where the first wrong byte stands, from the start of what was given.
        reason: What is wrong there.
    """

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
    def key(self) -> object:
        """Its identity among its siblings, or `None`."""

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
    """What a render returns: an immutable tree, made by the builders of `vango.html`.

    `str(node)` is its HTML, `==` compares structure, and `node[children]` is the same node with
    more children at its end. It may be kept, shared, and shown in several places.
    """

    __hash__: ClassVar[None]  # type: ignore[assignment]
    @property
    def tag(self) -> str | None:
        """The element's name; `None` for a fragment, raw HTML, a text or a place."""
    @property
    def attrs(self) -> dict[str, str]:
        """The attributes and properties by their names on the wire; slots are left out."""
    @property
    def children(self) -> tuple[VNode | str, ...]:
        """The children: texts as `str`, all others as `VNode`; `None` and `False` are left out."""
    @property
    def key(self) -> object:
        """The identity among its siblings, or `None`."""
    def __getitem__(self, children: object, /) -> VNode: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __html__(self) -> str: ...
    @property
    def place_count(self) -> int:
        """How many slots and components stand in this tree."""
    def places(self) -> list[tuple[int, object, str | None]]:
        """What stands in this tree, in document order: `(path, object, attribute or None)`.

        The same path and the same function are the same instance, see docs/ARCHITECTURE.md.
        """

    def target(self, ref: int, /) -> object:
        """The object behind a ref (a handler, a slot or a component); `None` where there is none."""

@final
class Tag:
    """The builder of one element, `html.div`.

    Call it with children and attributes, or write the children in brackets:
    `div("text", class_="note")` and `div(class_="note")["text"]` are the same.
    """

    def __new__(cls, name: str) -> Tag: ...
    @property
    def name(self) -> str:
        """The element's name."""
    def __call__(self, *children: object, **attrs: object) -> VNode: ...
    def __getitem__(self, children: object, /) -> VNode: ...

def node(value: object, /) -> VNode:
    """Whatever a component may return, as a node.

    Raises:
        TypeError: `value` cannot be shown; the sentence says what to write.
    """

def fragment(children: Iterable[object], /, *, key: object = None) -> VNode:
    """Children without an element around them; they keep one index together.

    Raises:
        TypeError: A child cannot be shown, or the key is none.
    """

def raw(html: str, /, *, key: object = None) -> VNode:
    """HTML that is shown as it is, unescaped: the one way around escaping.

    Raises:
        TypeError: `html` is no str, or the key is none.
        ValueError: A text that HTML cannot hold.
    """

def rows(
    before: VNode | None,
    head: int,
    between: Iterable[int | VNode | Component],
    tail: int,
    keys: Iterable[object] | None = None,
    /,
) -> VNode:
    """The rows of a list after a change: some of those that stood there, and new ones.

    Rows that stay are the same nodes as before, which a diff skips, and nothing in Python has to keep them.

    Args:
        before: What this gave last; `None` where no row stood.
        head: So many rows at the beginning stay where they are.
        between: The rows behind them: an int for the one that had this index, anything that can be shown
            for a new one. Rows with a key have different ones.
        tail: So many rows at the end stay behind all others.
        keys: The key of each of `between`; a new row with another one, or none, stands in a fragment of
            this key.

    Raises:
        IndexError: There was no such row.
        TypeError: A new row cannot be shown, or a key is none.
        ValueError: Two rows have one key, there are not as many keys as rows, or a limit of the engine.
    """

def attr_value(name: str, value: object, /) -> str | None:
    """The text of `value` as the attribute `name`, `None` where it is absent: for slots.

    Args:
        name: As on the wire and as `VNode.places()` gives it (`class`, `.value`, `aria-hidden`).
        value: What a builder takes for this attribute, slots excepted.

    Raises:
        TypeError: This attribute cannot have such a value.
        ValueError: The value is refused, for example a URL that could run script.
    """

@final
class Patch:
    """One change to a document; `op` names it, and has the fields that the protocol gives it.

    `set_text(hid, text)`, `set_attr(hid, name, value)`, `remove(hid)`,
    `insert(parent, before, hid, node)`, `set_events(hid, events)`, `remove_attr(hid, name)` and
    `move(hid, parent, before)`. A field that the op does not have reads as `None`.
    Nearly always it comes from `diff`, `Tree.commit` or `decode`. Made by hand, it takes its fields
    by name: `Patch("remove", hid=7)`; the `node` of an `insert` is one element, text or raw HTML
    without slots, whose hids run on from `hid` in document order.

    Raises:
        TypeError: A field is missing, is too much, or has another type.
        ValueError: An unknown op, hid 0, or a name that is refused.
    """

    def __new__(cls, op: str, /, **fields: object) -> Patch: ...
    @property
    def op(self) -> str:
        """Its name, `set_text` for example."""
    @property
    def hid(self) -> int:
        """The node that changes, 1 to 2**32 - 1; of `insert` the one that enters."""
    @property
    def parent(self) -> int | None:
        """Of `insert` and `move`: the new parent, 0 for the mount point."""
    @property
    def before(self) -> int | None:
        """Of `insert` and `move`: the sibling behind it, 0 for the end."""
    @property
    def name(self) -> str | None:
        """Of `set_attr` and `remove_attr`: the attribute; a property begins with a dot (`.value`)."""
    @property
    def value(self) -> str | None:
        """Of `set_attr`: the new value, "" for an attribute that is only present."""
    @property
    def text(self) -> str | None:
        """Of `set_text`: the whole new text, unescaped."""
    @property
    def events(self) -> int | None:
        """Of `set_events`: a bit for each kind of event, PROTOCOL 1.8; 1 is click."""
    @property
    def html(self) -> str | None:
        """Of `insert`: the HTML of the node that enters, without hids."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Patches(Sequence[Patch]):
    """The patches of one commit, in the order in which they must be applied: a sequence of `Patch`.

    Empty where nothing has changed. `encode` makes bytes of it.
    """

    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, index: SupportsIndex, /) -> Patch: ...
    @overload
    def __getitem__(self, index: slice, /) -> list[Patch]: ...
    def __iter__(self) -> Iterator[Patch]: ...
    def __eq__(self, other: object, /) -> bool: ...

def diff(old: object, new: object, /) -> Patches:
    """What turns `old` into `new`; the hids of `old` count from 1 in document order.

    It mounts `old` anew each time; for a series of changes keep a `Tree` and call its `commit`.
    Takes O(nodes of both); the very same object in both costs O(1).

    Args:
        old: What is shown: a `VNode`, or anything that a builder takes as a child.
        new: What shall be shown.

    Raises:
        TypeError: A slot or a component stands in a tree, or something that cannot be shown.
        ValueError: A tree over a limit of the engine.
        EngineError: A bug of the engine.
    """

def encode(patches: Iterable[Patch], /, *, lower: bool = False) -> bytes:
    """The ops of one burst as bytes: what `Model.apply` and the payload of a DIFF take.

    They do not say how long they are; on a stream put them into a frame, `encode_frame(...)`.

    Args:
        patches: What `diff` or `commit` returned, or patches decoded or made by hand.
        lower: Use ops 01 to 05 only, for a client that knows no others; off by default.

    Raises:
        TypeError: Something that is no `Patch`.
        ValueError: `lower` was asked of a MOVE or REMOVE_ATTR that was decoded or made by hand.
    """

def decode(data: bytes, /) -> list[Patch]:
    """The patches in the ops of one burst, in order; optional ops (20 to 3F) are skipped.

    Args:
        data: What `encode` made, or the payload of a DIFF: whole, and inflated.

    Raises:
        DecodeError: Bytes that break the protocol; `.offset` is the first bad one.
    """

@final
class Tree:
    """A mounted document: it knows what was shown last, and the hid of every node.

    The hids of `root` count from 1 in document order; what enters later gets the next ones, and
    none is given twice. Nothing and several nodes stand in an element `vango-root`. `Tree()` waits
    for the flush that mounts its root, which is a session's way; `Tree(None)` shows nothing.

    Args:
        root: A `VNode`, or anything that a builder takes as a child.

    Raises:
        TypeError: A slot or a component stands in `root`, or something that cannot be shown.
        ValueError: A limit of the engine.
    """

    def __new__(cls, root: object = None, /) -> Tree: ...
    @property
    def count(self) -> int:
        """Live hids: elements, texts, and units of raw HTML, one each."""
    @property
    def weight(self) -> int:
        """Bytes that the engine keeps for it, with the nodes that it shows: an estimate, O(nodes).

        Nodes that other trees show too are part of each.
        """

    def html(self, *, hids: bool = True) -> str:
        """The document as HTML.

        Args:
            hids: Add what a client needs to adopt it (PROTOCOL 3.2): `data-hid`, `data-ev` and
                comments. On by default.
        """
    def html_children(self) -> list[str]:
        """The children of the root element as HTML, one by one: for a page that shows each by itself.

        Empty where the root is no element.
        """
    def styles(self) -> list[str]:
        """The values of the `style` attributes, each once, in document order, without those of raw HTML."""
    def snapshot(self, *, lower: bool = False) -> bytes:
        """The whole document as bytes, the `node` of PROTOCOL 1.4: what `Model.from_snapshot` takes.

        Whoever got it can take the bursts of all later commits.

        Args:
            lower: Write properties as attributes, for a client that knows ops 01 to 05 only; off
                by default.
        """
    def commit(self, new: object, /) -> Patches:
        """Show another root and return what has changed since the last commit.

        Give the result to `encode` and send the bytes, in the order of the commits. Takes O(nodes
        of `new`), less what is the same object as last time.

        Args:
            new: The whole of what shall be shown, as for `Tree(root)`.

        Raises:
            TypeError: A slot or a component stands in `new`, or something that cannot be shown.
            ValueError: A limit of the engine; nothing has changed.
            EngineError: A bug of the engine; the tree must not be used again.
        """
    def flush(
        self, updates: Iterable[tuple[int, VNode | str | None, Sequence[int]]], /, *, lower: bool = False
    ) -> bytes:
        """Give places their new contents and return the ops of the burst, see docs/ARCHITECTURE.md.

        Args:
            updates: `(place, content, places)`, parents before children: the number of the place
                (0 is the root), what it now holds (a `VNode`, a text, `None` for nothing; for an
                attribute its value or `None`), and the numbers bound to the places of the node.
            lower: Use ops 01 to 05 only, for a client that knows no others; off by default.

        Raises:
            ValueError: A place that is not mounted, another number of places than the node has, or
                a limit of the engine; nothing has changed.
            EngineError: A bug of the engine; the tree must not be used again.
        """

    def element(self, hid: int, /) -> bytes | None:
        """The op that writes an element whole, `04 parent 0 node`: the answer to a REFETCH.

        For a text or raw HTML it is the element around it; `None` where there is none.
        """

    def listener(self, hid: int, kind: int, /) -> tuple[int, int] | None:
        """`(place, ref)` of the handler that the node `hid` has for events of this kind now."""

    def listeners(self, kind: int, /, *, within: int | None = None) -> list[tuple[int, int, int]]:
        """`(hid, place, ref)` of every handler for events of this kind, in document order. O(nodes).

        Args:
            kind: Of the event.
            within: Look only at what this place shows itself, without the places in it.
        """

    def restate(self, place: int, /, *, lower: bool = False) -> bytes:
        """The op that says once more what the slot of an attribute holds, `b""` for any other place.

        Args:
            place: Of the slot.
            lower: As for `flush`.
        """

    def answer(self, hid: int, said: Sequence[str] | None, /, *, lower: bool = False) -> bytes:
        """The ops that say what a box, radio button or list holds, `b""` where that is what it said.

        Args:
            hid: Of the control.
            said: The `values` of its `input` or `change`; `None` where nobody knows them: no list is said.
            lower: As for `flush`.
        """

    def is_live(self, hid: int, /) -> bool:
        """Whether the node `hid` is shown now."""

def encode_frame(body: bytes, /) -> bytes:
    """`body` as one frame: its length in front, as a `uv` of 1 to 4 bytes for the usual sizes.

    Args:
        body: Any bytes: a snapshot, the ops of a burst, or nothing, which is a sign of life.
    """

@final
class FrameReader:
    """Takes the frames out of a stream that cuts them anywhere: a socket, a pipe, a file.

    One reader belongs to one stream. It holds at most one frame that is not whole yet.

    Args:
        max_frame_bytes: Longest body that is taken, 16 MiB by default: what one burst may hold.
    """

    def __new__(cls, *, max_frame_bytes: int = ...) -> FrameReader: ...
    def feed(self, data: bytes, /) -> list[bytes]:
        """Take what came next and return the bodies that are whole now, in order.

        The bodies are the same however the stream was cut. A stream cannot be followed beyond
        a fault: close the connection.

        Args:
            data: Any number of bytes.

        Raises:
            DecodeError: A length that is none or is above `max_frame_bytes`; `.offset` counts from
                the start of the stream. Raised when the bodies before it have been returned, so
                perhaps by the next call, and by every later one.
        """
    def close(self) -> None:
        """Say that the stream has ended.

        Raises:
            DecodeError: It ended inside a frame, or had a fault before; `.offset` counts from the
                start of the stream.
        """

@final
class Model:
    """What a client has after it applied what it was sent: the other side of a `Tree`.

    It is the document of the proofs, made to be right and not to be fast.
    """

    @classmethod
    def from_snapshot(cls, data: bytes, /) -> Model:
        """The document of a snapshot.

        Args:
            data: What `Tree.snapshot` made, or the payload of a SNAPSHOT: whole, and inflated.

        Raises:
            DecodeError: Bytes that break the protocol; `.offset` is the first bad one.
        """
    @property
    def count(self) -> int:
        """Live hids: elements, texts, and units of raw HTML, one each."""
    def apply(self, data: bytes, /) -> None:
        """Apply the ops of one burst, all of them or none. Takes O(nodes of the document).

        After an error the document is as it was; what would repair it is a new snapshot.

        Args:
            data: What `encode` made of the next commit of the tree.

        Raises:
            DecodeError: Bytes that break the protocol; `.offset` is the first bad one.
            ValueError: A patch that this document cannot take, as the burst of another tree.
        """
    def html(self, *, hids: bool = True) -> str:
        """The document as HTML, as `Tree.html`."""

@final
class Outbox:
    """What waits to be sent to the client of one session, and what may have to be sent again.

    It outlives connections: `attach` begins one. A flush is given to `push`, `seal` makes one burst of all
    that is due, and `take` gives it part by part. Spec: PROTOCOL section 3.
    """

    def __new__(
        cls, epoch: int, /, *, ring_bursts: int, ring_bytes: int, window_bytes: int, part_bytes: int
    ) -> Outbox: ...
    @property
    def epoch(self) -> int: ...
    @property
    def rev(self) -> int: ...
    @property
    def ack(self) -> int: ...
    @property
    def is_whole(self) -> bool: ...
    @property
    def is_pending(self) -> bool: ...
    @property
    def is_partial(self) -> bool: ...
    @property
    def has_more(self) -> bool: ...
    @property
    def held_bytes(self) -> int: ...
    @property
    def kept(self) -> int: ...
    def renew(self, epoch: int, /) -> None:
        """Begin another epoch: only a snapshot leads there."""

    def resumes(self, rev: int, /, *, lower: bool) -> bool:
        """Whether a client that has `rev` of this epoch can go on from there; call `attach` next."""

    def attach(
        self,
        rev: int | None,
        /,
        *,
        deflate: bool,
        templates: bool,
        texts: bool,
        lower: bool,
        burst_bytes: int,
    ) -> bool:
        """Begin a connection; returns whether its client goes on from `rev`, else a snapshot comes first."""

    def acknowledge(self, rev: int, /) -> bool:
        """Its client has the bursts up to `rev`; False, and nothing has changed, if that was never sealed."""

    def refetch(self, hid: int, /) -> None:
        """Put an element into the next burst, or everything if `hid` is 0."""

    def push(self, ops: bytes, /) -> None:
        """The tree has changed by these ops, lowered if the client needs that."""

    def nav(self, mode: int, path: str, /) -> bool: ...
    def emit(self, name: str, json: str, /) -> bool: ...
    def focus(self, hid: int, /) -> None: ...
    def scroll(self, hid: int, x: int, y: int, /) -> None: ...
    def is_open(self, queued_bytes: int, /) -> bool:
        """Whether what changes now is to be rendered now."""

    def seal(self, tree: Tree, ack: int, /) -> bool:
        """Make one burst of what is due, of the tree as it is now; False if nothing is, or parts still wait.

        Raises:
            ValueError: The burst is larger than the client takes; the session has to end.
            EngineError: A bug of the engine; neither may be used again.
        """

    def take(self) -> bytes:
        """The next bytes for the transport, one or more whole frames; b"" if there are none."""

def fold(payload: bytes, /, *, snapshot: bool = False) -> bytes | None:
    """A payload with examples, instances and many texts at once; `None` where that gains nothing."""

def deflate(data: bytes, /) -> bytes | None:
    """One complete raw-deflate stream of `data`; `None` where it would not be shorter."""

def inflate(data: bytes, max_bytes: int, /) -> bytes:
    """What one complete raw-deflate stream holds; raises `DecodeError`, above `max_bytes` too."""

def decode_effects(payload: bytes, /, *, snapshot: bool = False) -> list[tuple[Any, ...]]:
    """What a burst does beside changing the document: its NAV, EMIT, FOCUS and SCROLL, in order."""

FLAG_DEFLATE: Final[int]
FLAG_MORE: Final[int]
FLAG_CANCEL: Final[int]
FLAG_ACTION: Final[int]
ANSWER_KIND: Final[int]
"""What an element with a `ref=` listens to; no event is of this kind."""
EVENT_KINDS: Final[Mapping[str, int]]
"""Numbers by name: 0 to 30 have a bit; 32 named, 33 navigate and 34 hook have none."""
BUILD_PROFILE: Final[str]
"""`release` or `debug`."""

def encode_message(kind: int, flags: int, fields: Sequence[Any], payload: bytes = ..., /) -> bytes: ...
def decode_message(body: bytes, /) -> tuple[int, int, tuple[Any, ...], bytes]: ...
def decode_messages(
    data: bytes, max_frame_bytes: int, /
) -> list[tuple[int, int, tuple[Any, ...], bytes]]: ...
def decode_fields(kind: int, payload: bytes, /) -> tuple[Any, ...]: ...
def encode_fields(kind: int, fields: Sequence[Any], /) -> bytes: ...
def protocol_table() -> list[tuple[int, str, str, int, list[tuple[str, str]], bool]]: ...
def inspect_handler(handler: Callable[..., object] | tuple[object, ...] | Marked, /) -> bool:
    """Whether a handler receives the event: it requires a positional argument, or takes `*args`."""
