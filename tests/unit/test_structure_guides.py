"""The code of three pages of docs/guide is that of the examples, and their links lead somewhere."""

import re
from pathlib import Path

import pytest

import vango

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide"


EXAMPLES = {"structure": "structure", "lists": "lists", "pages": "bookcase"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_code_of_a_page_is_that_of_its_example(name: str) -> None:
    page = (GUIDE / f"{name}.md").read_text()
    example = (ROOT / "examples" / f"{EXAMPLES[name]}.py").read_text()
    blocks = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 3
    assert [block for block in blocks if block not in example] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_links_of_a_page_lead_somewhere(name: str) -> None:
    page = (GUIDE / f"{name}.md").read_text()
    for target, heading in re.findall(r"\]\(([^)#]+)#?([^)]*)\)", page):
        headings = re.findall(r"^#+ (.*)$", (GUIDE / target).read_text(), re.MULTILINE)
        assert heading in {text.lower().replace(" ", "-") for text in headings} | {""}


def test_every_name_of_structure_is_explained() -> None:
    text = (GUIDE / "structure.md").read_text() + (GUIDE / "lists.md").read_text()
    names = [
        "Dynamic",
        "ErrorBoundary",
        "For",
        "Match",
        "Outlet",
        "Portal",
        "Show",
        "Switch",
        "Toasts",
        "Window",
    ]
    assert [name for name in [*names, "lazy", "toast"] if not re.search(rf"\b{name}\(|`{name}`", text)] == []
    assert set(names) <= set(vango.__all__)
