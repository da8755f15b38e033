"""The client's first modules as one: fewer requests, and fewer bytes, since compression sees all of them.

This is no bundler: it knows the one style in which the client is written. Every import is
`import { a, b } from './name.js';` on a line of its own, without renaming; every export is a declaration; no
two modules declare the same name. What is written otherwise is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_IMPORT = re.compile(r"^import \{([^}]*)\} from '\./([\w.-]+)';\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:class|const|let|function)\b)", re.MULTILINE)
_OTHER = re.compile(
    r"^(?:import\b(?!\()|export\b(?! (?:class|const|let|async function|function)\b)).*", re.MULTILINE
)
_DECLARATION = re.compile(r"^(export )?(?:async )?(?:class|const|let|function)\*? ([\w$]+)", re.MULTILINE)


def joined(modules: Mapping[str, str], entry: str, apart: Sequence[str] = ()) -> dict[str, str]:
    """Return the modules with all that `entry` imports statically moved into `entry`.

    The others import from there; `entry` exports what any of its parts did. What became a part is left out.

    Args:
        modules: Texts by file name, without comments.
        entry: The file name of the module that takes in the others.
        apart: File names of modules that are never a part; `entry` imports from them as its parts did.

    Raises:
        ValueError: A part is written otherwise than this module knows, or two declare the same name.
    """
    parts = _order(modules, entry, apart)
    text = "".join(modules[name] for name in parts)
    imports = {other: _names(text, [other]) for _, other in _IMPORT.findall(text) if other in apart}
    text = _IMPORT.sub("", text)
    if odd := _OTHER.search(text):
        raise ValueError(f"{odd[0]!r} cannot be joined: write one import a line, and export declarations")
    declared = [name for _, name in _DECLARATION.findall(text)]
    declared += [name for names in imports.values() for name in names]
    if twice := {name for name in declared if declared.count(name) > 1}:
        raise ValueError(f"two modules of the client declare {', '.join(sorted(twice))}: rename one")
    out = {
        name: _import(entry, _names(other, parts))
        + _IMPORT.sub(lambda m: "" if m[2] in parts else m[0], other)
        for name, other in modules.items()
        if name not in parts
    }
    return out | {entry: "".join(_import(*each) for each in imports.items()) + text}


def _order(modules: Mapping[str, str], entry: str, apart: Sequence[str]) -> list[str]:
    """Return what `entry` needs, each after what it needs itself."""
    done: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ValueError(
                f"the client's modules import each other in a circle: {' -> '.join((*above, name))}"
            )
        if name not in done and name not in apart:
            for _, other in _IMPORT.findall(modules[name]):
                visit(other, (*above, name))
            done.append(name)

    visit(entry, ())
    return done


def _names(text: str, parts: Sequence[str]) -> list[str]:
    """Return what a module imports from `parts`, each name once."""
    imported = (names for names, other in _IMPORT.findall(text) if other in parts)
    return list(dict.fromkeys(name.strip() for names in imported for name in names.split(",")))


def _import(module: str, names: Sequence[str]) -> str:
    return f"import {{ {', '.join(names)} }} from './{module}';\n" if names else ""
