"""The engine from eight threads at once, and from Python code that it calls itself.

Each program runs in a process of its own: a lock that is held while Python runs would stop
every thread for ever, and the process with them.
"""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = ["shared_nodes", "names_and_constants", "templates", "one_tree", "python_within", "last_words"]
LONGEST_S = 120
"""What a deadlock is told by; the programs take a second or two."""


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_engine_in_many_threads(name):
    program = Path(__file__).parent / "thread_programs.py"
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-W", "error", program, name],
        capture_output=True, text=True, check=False, timeout=LONGEST_S,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
