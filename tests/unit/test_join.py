"""The client's first modules as one text."""

import re
import subprocess
from pathlib import Path

import pytest

from vango.application.assets import Assets
from vango.application.join import joined

MAX_BYTES = 12_000
"""Of the first modules and the stylesheet, compressed; the goal is 12 kB."""

MODULES = {
    "boot.js": "import { start } from './main.js';\nstart();\n",
    "main.js": (
        "import { one } from './one.js';\nimport { two } from './two.js';\n"
        "export const start = () => one + two;\nimport('./later.js');\n"
    ),
    "one.js": "import { two } from './two.js';\nexport const one = two - 1;\n",
    "two.js": "export const two = 2;\nlet quiet = 0;\n",
    "later.js": (
        "import { start } from './main.js';\nimport { two } from './two.js';\n"
        "import { other } from './other.js';\nexport class Later {}\n"
    ),
    "other.js": "export const other = 3;\n",
}


def test_the_parts_stand_in_the_order_in_which_they_need_each_other() -> None:
    assert joined(MODULES, "main.js")["main.js"] == (
        "export const two = 2;\nlet quiet = 0;\nexport const one = two - 1;\n"
        "export const start = () => one + two;\nimport('./later.js');\n"
    )


def test_others_import_from_the_whole_what_they_imported_from_its_parts() -> None:
    out = joined(MODULES, "main.js")
    assert sorted(out) == ["boot.js", "later.js", "main.js", "other.js"]
    assert out["boot.js"] == MODULES["boot.js"]
    assert out["later.js"] == (
        "import { start, two } from './main.js';\n"
        "import { other } from './other.js';\nexport class Later {}\n"
    )


def test_a_second_whole_imports_from_the_first() -> None:
    out = joined(joined(MODULES, "main.js"), "later.js", apart=["main.js"])
    assert sorted(out) == ["boot.js", "later.js", "main.js"]
    assert out["later.js"] == (
        "import { start, two } from './main.js';\nexport const other = 3;\nexport class Later {}\n"
    )
    assert out["boot.js"] == MODULES["boot.js"]


@pytest.mark.parametrize(
    "line",
    [
        "import * as two from './two.js';",
        'import { two } from "./two.js";',
        "import './two.js';",
        "export { one };",
        "export default 1;",
        "export * from './two.js';",
    ],
)
def test_what_is_written_in_another_style_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=re.escape(line)):
        joined(MODULES | {"one.js": f"{line}\nexport const one = 1;\n"}, "main.js")


def test_a_name_that_a_part_declares_and_another_takes_from_the_first_whole_is_refused() -> None:
    first = joined(MODULES | {"other.js": "const two = 3;\nexport const other = two;\n"}, "main.js")
    with pytest.raises(ValueError, match="two modules of the client declare two"):
        joined(first, "later.js", apart=["main.js"])


def test_a_name_that_two_parts_declare_is_refused() -> None:
    with pytest.raises(ValueError, match="two modules of the client declare quiet"):
        joined(MODULES | {"one.js": "const quiet = 1;\nexport const one = 1;\n"}, "main.js")


def test_a_circle_is_refused() -> None:
    with pytest.raises(ValueError, match=r"main\.js -> two\.js -> main\.js"):
        joined(
            {
                "main.js": "import { two } from './two.js';\nexport const start = 1;\n",
                "two.js": "import { start } from './main.js';\nexport const two = 2;\n",
            },
            "main.js",
        )


def test_what_a_page_loads_until_it_answers_a_click_is_small() -> None:
    assets = Assets()
    weight = sum(len(assets.files[name].packed) for name in (*assets.modules, "vango.css"))
    assert weight <= MAX_BYTES


def test_no_text_of_the_client_goes_over_two_lines_where_it_would_lose_blanks() -> None:
    for name, asset in Assets(debug=True).files.items():
        broken = [
            line for line in asset.body.decode().splitlines() if line.count("`") % 2 or line.endswith("\\")
        ]
        assert broken == [], name


@pytest.mark.parametrize(
    ("debug", "modules"),
    [(False, ("boot.js", "runtime-dom.js")), (True, ("tap.js", "runtime-dom.js", "later.js"))],
)
def test_the_client_as_it_is_served_is_whole(tmp_path: Path, debug: bool, modules: tuple[str, ...]) -> None:
    assets = Assets(debug=debug)
    assert assets.modules == modules
    (tmp_path / "package.json").write_text('{"type": "module"}')
    files = {name: asset.body.decode() for name, asset in assets.files.items() if name.endswith(".js")}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
        for names, other in re.findall(r"^import \{(.*?)\} from '\./(.*?)';", text, re.MULTILINE):
            for word in names.split(","):
                declared = rf"^export (?:async )?(?:class|const|let|function)\*? {re.escape(word.strip())}\b"
                assert re.search(declared, files[other], re.MULTILINE), f"{name}: {word} from {other}"
        subprocess.run(["node", "--check", tmp_path / name], check=True)
