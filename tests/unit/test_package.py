"""What `import vango` gives, and what it does not drag in."""

import builtins
import re
import subprocess
import sys
from pathlib import Path

import pytest

import vango
from vango import errors

SERVER = ("anyio", "starlette", "uvicorn", "itsdangerous", "watchfiles", "websockets", "asyncio")


def run(code: str) -> str:
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return result.stdout.strip()


def test_the_engine_and_the_builders_need_no_server() -> None:
    code = "from vango import core, html; import sys; print([name for name in {} if name in sys.modules])"
    assert run(code.format(SERVER)) == "[]"


def test_the_server_names_no_event_loop_when_it_is_imported() -> None:
    assert run("import vango.application.app, sys; print('trio' in sys.modules)") == "False"


def test_every_public_name_is_there() -> None:
    for name in vango.__all__:
        assert getattr(vango, name) is not None
        assert name in dir(vango)
    with pytest.raises(AttributeError, match="module 'vango' has no attribute 'nothing'"):
        _ = vango.nothing


def test_every_error_of_the_guides_can_be_imported() -> None:
    guides = (Path(__file__).parents[2] / "docs" / "guide").glob("*.md")
    named = {name for guide in guides for name in re.findall(r"`(\w+Error)\b[`(]", guide.read_text())}
    assert {"CycleError", "StormError", "ValueError"} <= named
    known = (vango, vango.core, errors, builtins)
    assert [name for name in named if not any(hasattr(home, name) for home in known)] == []


def test_the_types_of_every_public_name_are_checked() -> None:
    written = (Path(__file__).parents[1] / "types" / "public_api.py").read_text().split("app = App(")[1]
    used = set(re.findall(r"\w+", written))
    assert set(vango.__all__) - used - {"App"} == set()


@pytest.mark.parametrize(
    "imports",
    [
        "from vango import component",
        "from vango import App, component",
        "import vango.components.component; from vango import component",
        "import vango.application.app; component = __import__('vango').component",
        "from vango.components.component import component",
    ],
)
def test_component_is_the_decorator_whatever_was_imported_before(imports: str) -> None:
    assert run(f"{imports}; print(component.__name__, type(component).__name__)") == "component function"
