"""The measured server in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil


@contextmanager
def served() -> Iterator[tuple[str, psutil.Process]]:
    """Serve `benches.pages` as `vango run` does; give its address and its process."""
    command = [sys.executable, "-m", "vango.cli", "run", "benches.pages:app", "--port", "0"]
    root = Path(__file__).parent.parent
    env = {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "VANGO_SECRET": "a secret for measurements that nobody keeps",
    }
    with subprocess.Popen(command, cwd=root, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if "http://" in line:
                    break
            else:
                raise RuntimeError("the measured server did not start")
            yield "http://" + line.split("http://")[1].split()[0].rstrip("/"), psutil.Process(process.pid)
        finally:
            process.terminate()
