"""A bug of the engine, made to order: an engine that panics is built beside the real one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


@pytest.fixture(scope="module")
def panicking(tmp_path_factory):
    """Build the engine with the feature `inject-panic` and return a folder to import it from.

    It has a target directory of its own, so that only the first run takes long, and the wheel never sees it.
    """
    target = ROOT / "target" / "inject-panic"
    build = ["cargo", "build", "--quiet", "--package", "vango-py", "--features", "inject-panic"]
    extension = {"PYO3_PYTHON": sys.executable, "PYO3_BUILD_EXTENSION_MODULE": "1"}
    subprocess.run([*build, "--target-dir", target], cwd=ROOT, env=os.environ | extension, check=True)
    folder = tmp_path_factory.mktemp("panicking")
    without = shutil.ignore_patterns("_core*.so", "_core*.pyd", "__pycache__")
    shutil.copytree(ROOT / "python" / "vango", folder / "vango", ignore=without)
    shutil.copy(target / "debug" / "lib_core.so", folder / "vango" / "_core.so")
    return folder


@pytest.mark.slow
def test_a_panic_ends_one_session_and_no_other(panicking):
    done = subprocess.run(
        [sys.executable, HERE / "panic_program.py"],
        env=os.environ | {"PYTHONPATH": str(panicking), "RUST_BACKTRACE": "0"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "all went on\n"), done.stderr
    assert "x-panic-diff was injected" in done.stderr


def test_what_ships_panics_for_nobody():
    code = "from vango import core, html as h; t = h.Tag('x-panic-diff'); core.diff(t(), t(title='a'))"
    subprocess.run([sys.executable, "-c", code], check=True)
