"""The client's first modules as one: fewer requests, and fewer bytes, since compression sees all of them.

This is no bundler: it knows the one style in which the client is written. Every import is
`import { a, b } from './name.js';` on a line of its own, without renaming; every export is a declaration; no
two modules declare the same name. What is written otherwise is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_IMPORT = re.compile(r"^import \{([^}]*)\} from '\./([\w.-]+)';\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:class|const|let|function)\b)", re.MULTILINE)
_OTHER = re.compile(
    r"^(?:import\b(?!\()|export\b(?! (?:class|const|let|async function|function)\b)).*", re.MULTILINE
)
_DECLARATION = re.compile(r"^(export )?(?:async )?(?:class|const|let|function)\*? ([\w$]+)", re.MULTILINE)


def joined(modules: Mapping[str, str], entry: str) -> dict[str, str]:
    """Return the modules with all that `entry` imports statically moved into `entry`.

    The others import from there; `entry` exports what any of its parts did. What became a part is left out.

    Args:
        modules: Texts by file name, without comments.
        entry: The file name of the module that takes in the others.

    Raises:
        ValueError: A part is written otherwise than this module knows, or two declare the same name.
    """
    parts = _order(modules, entry)
    text = "".join(_IMPORT.sub("", modules[name]) for name in parts)
    if odd := _OTHER.search(text):
        raise ValueError(f"{odd[0]!r} cannot be joined: write one import a line, and export declarations")
    declared = [name for _, name in _DECLARATION.findall(text)]
    if twice := {name for name in declared if declared.count(name) > 1}:
        raise ValueError(f"two modules of the client declare {', '.join(sorted(twice))}: rename one")
    out = {name: _redirected(text, parts, entry) for name, text in modules.items() if name not in parts}
    return out | {entry: text}


def _order(modules: Mapping[str, str], entry: str) -> list[str]:
    """Return what `entry` needs, each after what it needs itself."""
    done: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ValueError(
                f"the client's modules import each other in a circle: {' -> '.join((*above, name))}"
            )
        if name not in done:
            for _, other in _IMPORT.findall(modules[name]):
                visit(other, (*above, name))
            done.append(name)

    visit(entry, ())
    return done


def _redirected(text: str, parts: list[str], entry: str) -> str:
    """Return a module with its imports from parts turned into one from `entry`."""
    names: list[str] = []

    def take(match: re.Match[str]) -> str:
        if match[2] not in parts:
            return match[0]
        names.extend(name.strip() for name in match[1].split(","))
        return ""

    text = _IMPORT.sub(take, text)
    return f"import {{ {', '.join(dict.fromkeys(names))} }} from './{entry}';\n{text}" if names else text
