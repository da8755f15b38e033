"""`with batch():` and `with untracked():`, blocks of synchronous code that no `await` may cut in two.

Both change what their thread does, so while a coroutine waited inside of one it would hold for whatever runs
meanwhile. Who drives coroutines calls `tear` at each suspension: the block ends there, and says so at its own
end.
"""

from __future__ import annotations

import sys
from types import CodeType, TracebackType
from typing import Self

from vango.reactive.tracking import Frame, current, settle

__all__ = ["Block", "batch", "tear", "untracked"]


class Block:
    """An open block of the running thread; the newest one is `current.block`."""

    __slots__ = ("_code", "_line", "_outer", "_torn")

    what = ""

    def __enter__(self) -> Self:
        caller = sys._getframe(1)
        self._code: CodeType = caller.f_code
        self._line = caller.f_lineno
        self._torn = False
        self._outer: Block | None = current.block
        current.block = self
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._torn:
            current.block = self._outer
            self._close()
        elif kind is None:
            raise RuntimeError(
                f"{self._code.co_filename}:{self._line}: {self.what} was still open at an await, where other "
                "code runs; end the block before it, and write another one behind it"
            )

    def _open(self) -> None:
        raise NotImplementedError

    def _close(self) -> None:
        raise NotImplementedError


class _Batch(Block):
    __slots__ = ()

    what = "batch()"

    def _open(self) -> None:
        current.depth += 1

    def _close(self) -> None:
        now = current
        now.depth -= 1
        if not now.depth and now.queue:
            settle()


class _Untracked(Block):
    __slots__ = ("_frame",)

    what = "untracked()"

    def _open(self) -> None:
        now = current
        self._frame = outer = now.frame
        now.frame = Frame(None, outer.owner, outer.body, outer.memo, outer)

    def _close(self) -> None:
        current.frame = self._frame


def batch() -> Block:
    """Hold effects back until the outermost batch ends, so that they see all writes at once.

    Raises:
        RuntimeError: At its end, if there was an `await` inside.
    """
    return _Batch()


def untracked() -> Block:
    """Read without subscribing.

    Raises:
        RuntimeError: At its end, if there was an `await` inside.
    """
    return _Untracked()


def tear(keep: Block | None = None) -> None:
    """End the blocks inside of `keep`, all if it is `None`: the coroutine that opened them waits.

    The effects that a torn batch held back run when the next batch ends.
    """
    now = current
    block = now.block
    while block is not None and block is not keep:
        block._torn = True
        if isinstance(block, _Batch):
            now.depth -= 1
        elif isinstance(block, _Untracked):
            now.frame = block._frame
        block = block._outer
    now.block = keep
