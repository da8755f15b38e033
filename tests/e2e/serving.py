"""A server in a process of its own, started as its users start it."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Self

ROOT = Path(__file__).parents[2]
ADDRESS = re.compile(r"serving (http://127\.0\.0\.1:(\d+))")


class Server:
    """`vango run TARGET` on a free port, ready once it has printed its address.

    Use it as a context manager; leaving stops the process.

    Args:
        target: The application, `module:attribute`, importable from `folder`.
        folder: The working directory.
        environment: More variables for the process; those of the next `start` may be others.
        options: More options of `vango run`.
    """

    def __init__(
        self,
        target: str,
        folder: Path = ROOT,
        environment: Mapping[str, str] = MappingProxyType({}),
        options: Sequence[str] = (),
    ) -> None:
        self.port = 0
        self.url = ""
        self.log: list[str] = []
        self._news = threading.Condition()
        self.target = target
        self._folder = folder
        self.environment = environment
        self._options = options
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process; again after `stop`, on the same port and with the same secret.

        Raises:
            RuntimeError: The process ended without an address; its output is in the message.
        """
        ready = threading.Event()
        self.log.clear()
        self._process = process = subprocess.Popen(
            [
                Path(sys.executable).with_name("vango"),
                *("run", self.target, "--port", str(self.port)),
                *self._options,
            ],
            cwd=self._folder,
            env={
                **os.environ,
                "VANGO_SECRET": "a-secret-that-only-the-tests-know",
                "PYTHONUNBUFFERED": "1",
                **self.environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, args=(process, ready))
        self._reader.start()
        ready.wait()
        address = ADDRESS.search("".join(self.log))
        if address is None:
            self.stop()
            raise RuntimeError("the server did not start:\n" + "".join(self.log))
        self.url, self.port = address[1], int(address[2])

    def logs(self, words: str) -> bool:
        """Wait until a line of the log has these words; whether one came."""
        with self._news:
            return self._news.wait_for(lambda: any(words in line for line in self.log), timeout=30)

    def stop(self) -> None:
        """End the process as an operator does, and wait until it is gone."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the process as a crash does."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        if self._process is None or self._reader is None:
            return
        self._process.send_signal(number)
        self._process.wait()
        self._reader.join()
        self._process = self._reader = None

    def _read(self, process: "subprocess.Popen[str]", ready: threading.Event) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                with self._news:
                    self.log.append(line)
                    self._news.notify_all()
                if ADDRESS.search(line):
                    ready.set()
        ready.set()
