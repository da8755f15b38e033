"""The stubs are those of the table, they type what people write, and they match what runs."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from vango import html, svg
from vango._tags import HTML, SVG, python_name

ROOT = Path(__file__).parent.parent.parent
TOOL = ROOT / "tools" / "make_stubs.py"


def test_the_stubs_are_fresh():
    done = subprocess.run([sys.executable, TOOL, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("module", "table"), [(html, HTML), (svg, SVG)])
def test_every_tag_of_the_table_has_a_builder(module, table):
    for tag in table:
        assert tag == getattr(module, python_name(tag)).name
    assert {python_name(tag) for tag in table} <= set(module.__all__)
    assert sorted(table) == list(table)


def test_attributes_of_the_table_can_be_written():
    for module, table in ((html, HTML), (svg, SVG)):
        for tag, attributes in table.items():
            build = getattr(module, python_name(tag))
            element = build(**dict.fromkeys(attributes.split(), True))
            assert len(attributes.split()) == len(element.attrs)


def test_the_tool_says_what_is_stale(tmp_path, capsys):
    spec = importlib.util.spec_from_file_location("make_stubs", TOOL)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    tool.PACKAGE = tmp_path
    assert tool.main(["--check"]) == 1
    assert capsys.readouterr().err == "html.pyi, svg.pyi: stale; run python tools/make_stubs.py\n"
    assert 0 == tool.main([]) == tool.main(["--check"])
