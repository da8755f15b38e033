"""A measurement in an interpreter of its own, so that it weighs nothing but itself."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def fresh(module: str, *arguments: str, **environment: str) -> Any:
    """Run `python -m module arguments` and return what it prints, which is JSON."""
    command = [sys.executable, "-m", module, *arguments]
    env = {**os.environ, **environment}
    return json.loads(subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE).stdout)
