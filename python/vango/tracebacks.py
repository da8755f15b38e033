"""Errors as the person reads them who wrote the code that raised."""

from __future__ import annotations

import importlib
import os
import traceback
from types import TracebackType

_OWN_FRAMES = (
    os.path.dirname(__file__) + os.sep,
    os.path.dirname(importlib.__file__) + os.sep,
    "<frozen importlib",
)
_MOST = 64 * 1024  # characters; an error may quote what it choked on


def theirs(error: BaseException) -> TracebackType | None:
    """Return the traceback of an error from the first frame that is neither vango's nor importlib's."""
    frame = error.__traceback__
    while frame is not None and frame.tb_frame.f_code.co_filename.startswith(_OWN_FRAMES):
        frame = frame.tb_next
    return frame


def shortened(error: BaseException) -> TracebackType | None:
    """Return as much of a traceback as helps: `theirs`, or all of it where the error is vango's own."""
    return theirs(error) or error.__traceback__


def told(error: BaseException, trace: TracebackType | None) -> str:
    """Return an error and its traceback as a text that every page can hold."""
    text = "".join(traceback.format_exception(type(error), error, trace))
    if len(text) > _MOST:
        text = f"{text[: _MOST // 2]}\n...\n{text[-_MOST // 2 :]}"
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
