"""Who may import whom (docs/ARCHITECTURE.md): a new arrow in the wrong direction fails here."""

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PYTHON = ROOT / "python" / "vango"
RUST = ROOT / "rust" / "core" / "src"

# Each line may import itself and the lines above it, never one below.
PYTHON_LAYERS = [
    "_core _tags errors headtags limits naming tracebacks",
    "core html svg",
    "clock events identity payloads protocol request",
    "guards",
    "reactive",
    "components",
    "routing",
    "transports.base transports.http transports.memory transports.recording",
    "sessions",
    "transports.blueprint transports.websocket application integrations",
    "cli testing",
]

# Other packages, and the only places that may know them.
ONLY_IN = {
    "starlette": "application cli integrations.starlette transports.websocket",
    "django": "integrations.django",
    "uvicorn": "application.proxies cli.heads cli.server cli.sockets",
    "asyncio": "application.runner cli.heads cli.server cli.sockets",
    "anyio": "application clock integrations.django sessions testing transports",
    "time": "clock",
    "itsdangerous": "application.errands application.tokens",
    "watchfiles": "cli.dev",
}

RUST_LAYERS = [
    "limits inject weight",
    "error varint",
    "attr few numbers text",
    "atom",
    "attrs",
    "own",
    "node template",
    "hid patch",
    "patch_list live place wire",
    "deflate plan model weigh",
    "diff html styles",
    "tree",
    "outbox",
]


def module_of(path: Path) -> str:
    name = ".".join(path.relative_to(PYTHON).with_suffix("").parts)
    return name.removesuffix(".__init__")


MODULES = {module_of(path): ast.parse(path.read_text()) for path in PYTHON.rglob("*.py")}


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module that is imported when this code runs, by its dotted name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        yield from imports(node)


def own_imports(name: str) -> set[str]:
    """The modules of vango that `name` imports."""
    found = {
        target.removeprefix("vango.") for target in imports(MODULES[name]) if target.startswith("vango.")
    }
    return {target for target in found if target in MODULES or target == "_core"}


def within(name: str, places: str) -> bool:
    return any(name == place or name.startswith(place + ".") for place in places.split())


def rank(name: str, layers: list[str]) -> int:
    return next(i for i, layer in enumerate(layers) if within(name, layer))


# The package's own module only names things; the folders' modules only describe them.
RANKED = sorted(set(MODULES) - {"__init__", "transports", ""})


@pytest.mark.parametrize("name", RANKED)
def test_a_python_module_imports_its_own_layer_and_those_above(name):
    wrong = {other for other in own_imports(name) if other in RANKED} - {
        other for other in RANKED if rank(other, PYTHON_LAYERS) <= rank(name, PYTHON_LAYERS)
    }
    assert wrong == set()


def test_no_python_modules_import_each_other_in_a_circle():
    graph = {name: own_imports(name) - {name} for name in RANKED}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))
    assert set(order) >= set(RANKED)


@pytest.mark.parametrize("package", ONLY_IN)
def test_a_package_is_known_only_where_it_belongs(package):
    knowing = {
        name for name, tree in MODULES.items() if any(i.split(".")[0] == package for i in imports(tree))
    }
    assert knowing, f"nobody imports {package}: take it off the list"
    assert {name for name in knowing if not within(name, ONLY_IN[package])} == set()


def test_only_the_clock_names_sleep_and_deadlines():
    deadlines = re.compile(r"\b(sleep|sleep_until|move_on_after|fail_after|move_on_at|current_time)\b")
    naming = {
        name
        for name, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in {"anyio", "asyncio", "time", "trio"}
        and deadlines.fullmatch(node.attr)
    }
    assert naming == {"clock"}


def rust_modules() -> dict[str, set[str]]:
    """The modules of the crate, each with those that it names outside its tests."""
    found: dict[str, set[str]] = {}
    for path in RUST.rglob("*.rs"):
        name = path.relative_to(RUST).parts[0].removesuffix(".rs")
        code = re.split(r"#\[cfg\(test\)\]", path.read_text())[0]
        code = "\n".join(line for line in code.splitlines() if not line.lstrip().startswith("//"))
        found.setdefault(name, set()).update(re.findall(r"\bcrate::([a-z_]+)", code))
    del found["lib"]
    return found


@pytest.mark.parametrize(("name", "named"), sorted(rust_modules().items()))
def test_a_rust_module_names_its_own_layer_and_those_above(name, named):
    allowed = {other for other in rust_modules() if rank(other, RUST_LAYERS) <= rank(name, RUST_LAYERS)}
    assert named - allowed == set()


def test_the_diff_and_the_wire_do_not_know_each_other():
    modules = rust_modules()
    assert modules["diff"] & {"wire", "model", "tree"} == set()
    assert modules["wire"] & {"tree", "diff", "live", "place", "plan"} == set()


def test_the_engine_knows_no_python_and_holds_no_unsafe_code():
    for path in RUST.rglob("*.rs"):
        assert not re.search(r"\b(pyo3|unsafe)\b", re.sub(r"//.*", "", path.read_text())), path.name
    manifest = (ROOT / "rust" / "core" / "Cargo.toml").read_text()
    assert "pyo3" not in manifest
    assert 'unsafe_code = "forbid"' in (ROOT / "Cargo.toml").read_text()


def test_every_class_of_the_binding_is_frozen():
    """No call can then meet an object that another thread has borrowed."""
    sources = [path.read_text() for path in (ROOT / "rust" / "py" / "src").rglob("*.rs")]
    classes = re.findall(r"#\[pyclass\b([^]]*)\]", "".join(sources))
    assert classes
    assert [options for options in classes if not re.search(r"\bfrozen\b", options)] == []
