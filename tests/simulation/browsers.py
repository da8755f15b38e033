"""The browsers: pages in one node process, asked and answered line by line."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

__all__ = ["Browsers"]

HERE = Path(__file__).parent


class Browsers:
    """One node process for as many seeds as wanted."""

    def __init__(self, client: Path | None = None) -> None:
        """Prepare.

        Args:
            client: The folder of the client's modules, where it is not the shipped one.
        """
        self._environ = {**os.environ, **({"CLIENT": str(client)} if client else {})}

    def __enter__(self) -> Self:
        self._node = subprocess.Popen(
            ["node", str(HERE / "browsers.js")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=self._environ,
            bufsize=0,
        )
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        self._in = self._node.stdin
        self._out = open(self._node.stdout.fileno(), "rb", closefd=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._in.close()
        self._out.close()
        self._node.wait()
        assert self._node.stdout is not None
        self._node.stdout.close()

    def tell(self, does: str, page: int = 0, at: float = 0.0, **rest: object) -> list[list[Any]]:
        """Let something happen to a page at a time, in ms of its clock; returns what came of it."""
        self._in.write(json.dumps({"does": does, "page": page, "at": at, **rest}).encode() + b"\n")
        answer: list[list[Any]] = json.loads(self._out.readline())
        for kind, *said in answer:
            if kind == "broken":
                raise AssertionError(said[0])
        return answer
