"""clients/python, the independent client: the golden vectors, the oracle, and what it shares: nothing."""

import ast
import json
import re
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from vango_client.bursts import inflate
from vango_client.document import BurstFailed, Document
from vango_client.fields import NAMES, encode_fields, listener, options_of, policy_of, traits
from vango_client.messages import KINDS, Message, UnknownKind, decode
from vango_client.ops import Insert, Move, Remove, SetAttr, SetEvents, SetText, read_burst, read_snapshot
from vango_client.page import Page
from vango_client.show import as_text
from vango_client.wire import Reader, WireError, sv, text, uv

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))

from strategies import PAIRS, click

from vango import core, html as h

CLIENT = Path(__file__).parents[2] / "clients" / "python" / "vango_client"
VECTORS = Path(__file__).parents[1] / "vectors"


def load(name: str) -> list:
    """Return the entries of a file, with readable test ids."""
    return [pytest.param(entry, id=entry["name"]) for entry in json.loads((VECTORS / name).read_text())]


def test_it_imports_nothing_but_the_standard_library_and_websockets() -> None:
    allowed = sys.stdlib_module_names | {"websockets", "vango_client"}
    for path in CLIENT.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {name.split(".")[0] for name in names} <= allowed, path.name


@pytest.mark.parametrize(("name", "write", "read"), [("uv", uv, Reader.uv), ("sv", sv, Reader.sv)])
def test_numbers(name, write, read) -> None:
    for vector in json.loads((VECTORS / "varint.json").read_text())[name]:
        data = bytes.fromhex(vector["hex"])
        assert write(vector["value"]) == data
        assert read(Reader(data)) == vector["value"]


def test_texts() -> None:
    vectors = json.loads((VECTORS / "strings.json").read_text())
    for vector in vectors["good"]:
        data = bytes.fromhex(vector["hex"])
        assert text(vector["text"]) == data
        assert Reader(data).text() == vector["text"]
    for vector in vectors["bad"]:
        with pytest.raises(WireError):
            Reader(bytes.fromhex(vector["hex"])).text()


@pytest.mark.parametrize("vector", load("messages.json"))
def test_messages(vector) -> None:
    frame = bytes.fromhex(vector["hex"])
    (one,) = decode(b"\0" + frame)
    header = {
        name: [tuple(item) if isinstance(item, list) else item for item in value]
        if isinstance(value, list)
        else value
        for name, value in vector["fields"].items()
    }
    assert one == Message(vector["message"], header, bytes.fromhex(vector["payload"]), vector["flags"])
    assert one.encode() == frame
    if "inflated" in vector:
        assert inflate(one.payload) == bytes.fromhex(vector["inflated"])
    for end in range(1, len(frame)):
        with pytest.raises(WireError):
            decode(frame[:end])


def op_of(patch: dict) -> object:
    """Return the client's op for a patch of the vectors."""
    match patch["op"]:
        case "set_text":
            return SetText(patch["hid"], patch["text"])
        case "set_attr":
            return SetAttr(patch["hid"], patch["name"], patch["value"])
        case "remove_attr":
            return SetAttr(patch["hid"], patch["name"], None)
        case "remove":
            return Remove(patch["hid"])
        case "set_events":
            return SetEvents(patch["hid"], patch["events"])
        case "move":
            return Move(patch["hid"], patch["parent"], patch["before"])
    return Insert(patch["parent"], patch["before"], wire_node(patch["node"]))


def node_bytes(node: dict) -> bytes:
    """Encode a node of the vectors by the text of the protocol."""
    if "text" in node or "raw" in node:
        return (
            (b"\x03" if "text" in node else b"\x04")
            + uv(node["hid"])
            + text(node.get("text", node.get("raw")))
        )
    attrs = b"".join(text(name) + text(value) for name, value in node["attrs"])
    children = b"".join(map(node_bytes, node["children"]))
    head = b"\x01" + uv(node["hid"]) + text(node["tag"]) + uv(node["events"])
    return head + uv(len(node["attrs"])) + attrs + uv(len(node["children"])) + children


def wire_node(node: dict) -> object:
    return read_snapshot(node_bytes(node))


@pytest.mark.parametrize("vector", load("ops.json"))
def test_ops(vector) -> None:
    data = bytes.fromhex(vector["hex"])
    assert read_burst(data) == ([op_of(vector["patch"])] if vector["patch"] else [])
    for end in range(1, len(data)):
        with pytest.raises(WireError):
            read_burst(data[:end])


@pytest.mark.parametrize("vector", load("texts.json"))
def test_many_texts_at_once(vector) -> None:
    data = bytes.fromhex(vector["hex"])
    assert read_burst(data) == [SetText(hid, text) for hid, text in vector["texts"]]
    for end in range(1, len(data)):
        with pytest.raises(WireError):
            read_burst(data[:end])


def document_of(data: bytes) -> Document:
    """Return a document that shows a snapshot."""
    document, node = Document(), read_snapshot(data)
    document.replace(node, core.Model.from_snapshot(data).count)
    return document


@pytest.mark.parametrize("vector", load("nodes.json"))
def test_snapshots(vector) -> None:
    data = bytes.fromhex(vector["hex"])
    document = document_of(data)
    assert len(document.nodes) == core.Model.from_snapshot(data).count
    for end in range(len(data)):
        with pytest.raises(WireError):
            read_snapshot(data[:end])


@pytest.mark.parametrize("vector", load("apply.json"))
def test_the_rules_inside_a_burst(vector) -> None:
    document = document_of(node_bytes(vector["before"]))
    before, nodes = document.html(), dict(document.nodes)
    ops = [op_of(patch) for patch in vector["patches"]]
    if "error" in vector:
        with pytest.raises(BurstFailed):
            document.apply(ops, len(nodes))
        assert (document.html(), document.nodes) == (before, nodes)
        return
    after = document_of(node_bytes(vector["after"]))
    document.apply(ops, len(after.nodes))
    assert document.html() == after.html()
    assert document.nodes.keys() == after.nodes.keys()
    assert {hid: node.events for hid, node in document.nodes.items()} == {
        hid: node.events for hid, node in after.nodes.items()
    }


def test_a_burst_with_another_count_leaves_everything_as_it_was() -> None:
    document = document_of(core.Tree(h.ul[h.li(key=1)["a"], h.li(key=2)["b"]]).snapshot())
    before, nodes = document.html(), dict(document.nodes)
    with pytest.raises(BurstFailed, match="2 nodes, not 9"):
        document.apply([Move(4, 1, 2), Remove(2), SetAttr(4, "class", "x"), Remove(5)], 9)
    assert (document.html(), document.nodes) == (before, nodes)


READERS = {
    "varint": lambda data: Reader(data).uv(),
    "ops": read_burst,
    "snapshot": read_snapshot,
    "node": read_snapshot,
    "message": lambda data: decode(uv(len(data)) + data),
}
# What only a server has to refuse: it is the one who checks what a client may send.
SERVERS = {"event"}


@pytest.mark.parametrize("vector", load("bad.json"))
def test_bad_bytes_are_refused(vector) -> None:
    data = bytes.fromhex(vector["hex"])
    if vector["what"] in SERVERS or vector["what"] == "frame":
        return
    if vector["what"] == "message" and not data:
        assert decode(b"\0") == []
        return
    with pytest.raises(WireError):
        READERS[vector["what"]](data)


def test_a_kind_that_nobody_knows_has_an_error_of_its_own() -> None:
    with pytest.raises(UnknownKind):
        decode(bytes.fromhex("026600"))
    with pytest.raises(WireError):
        decode(b"\0" * 1_025)


@pytest.mark.parametrize("vector", load("event_fields.json"))
def test_event_fields(vector) -> None:
    if vector["fields"] is None or vector["kind"] > 30:
        return
    values = list(vector["fields"].values())
    assert encode_fields(vector["kind"], values).hex() == vector["hex"]


def test_the_kinds_of_events_and_of_messages_are_those_of_the_text() -> None:
    pinned = json.loads((VECTORS / "protocol.json").read_text())[-1]
    assert {name: number for number, name in enumerate(NAMES)} == {
        name: number for name, number in pinned["events"].items() if number < 31
    }
    short = {"list(str, str)": "pairs str", "list(str, uv)": "pairs uv", "[str]": "str"}
    assert [
        [kind.code, kind.name, kind.flags, [list(field) for field in kind.fields], kind.payload]
        for kind in KINDS.values()
    ] == [
        [code, name, flags, [[field, short.get(type_, type_)] for field, type_ in fields], payload]
        for code, name, _, flags, fields, payload in pinned["messages"]
    ]


def served(tree: core.Tree) -> Page:
    """Return a tree as a page that was served and adopted."""
    meta = {"url": "/l", "session": "s", "token": "t", "epoch": 1, "rev": 0, "count": tree.count}
    content = json.dumps(meta).replace('"', "&quot;")
    return Page.parse(
        f'<!doctype html><html><head><meta charset="utf-8"><title>x</title><meta name="vango" '
        f'content="{content}"></head>\n<body>{tree.html()}</body></html>',
        "/",
    )


@pytest.mark.slow
@settings(
    max_examples=500,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(PAIRS)
def test_an_adopted_page_that_followed_a_diff_shows_the_new_tree(pair) -> None:
    old, new = pair
    tree = core.Tree(old)
    page = served(tree)
    document = page.document
    assert page.epoch == 1, "the page was not adopted"
    assert document.html() == document_of(tree.snapshot()).html()
    assert document.nodes.keys() == document_of(tree.snapshot()).nodes.keys()
    document.apply(read_burst(core.encode(tree.commit(new))), tree.count)
    assert document.html() == document_of(tree.snapshot()).html()


@given(PAIRS)
def test_a_page_that_changed_while_it_was_made_is_adopted(pair) -> None:
    old, new = pair
    tree = core.Tree(old)
    tree.commit(new)
    page = served(tree)
    assert page.epoch == 1, "the page was not adopted"
    assert page.document.html() == document_of(tree.snapshot()).html()
    assert page.document.nodes.keys() == document_of(tree.snapshot()).nodes.keys()


@pytest.mark.parametrize(
    "html",
    [
        '<p data-hid="1">a</p>',
        '<p data-hid="2">a</p>',
        '<p data-hid="1"><b data-hid="3">a</b><i data-hid="3"></i></p>',
        '<p data-hid="1"><b data-hid="0">a</b><i data-hid="2"></i></p>',
        "",
    ],
    ids=["too few", "too few, another number", "one twice", "no number", "nothing"],
)
def test_a_page_that_is_not_what_the_server_wrote_is_not_adopted(html) -> None:
    meta = '{"url":"/","session":"s","token":"t","epoch":1,"rev":0,"count":4}'
    page = Page.parse(f"<head><meta name='vango' content='{meta}'></head><body>{html}</body>", "/")
    assert (page.epoch, page.rev, page.document.root) == (0, 0, None)


def test_raw_html_is_one_unit_whatever_it_says_of_itself() -> None:
    raw = '<p data-hid="7">x<!--9--><br>y'
    page = served(core.Tree(h.div[h.raw(raw), "after"]))
    assert page.epoch == 1
    assert [node.text for node in page.document.root.children] == [raw, "after"]


def test_a_page_without_a_session_says_so() -> None:
    with pytest.raises(ValueError, match="nothing of it is live"):
        Page.parse("<body><p>hello</p></body>", "/")


def test_who_listens_and_what_is_sent() -> None:
    tree = core.Tree(h.form(on_submit=click)[h.input(on_input=click), h.button["go"]])
    document = served(tree).document
    form, field, button = (
        document.find(lambda n, tag=tag: n.tag == tag) for tag in ("form", "input", "button")
    )
    assert listener(button, 4) is form
    assert listener(button, 0) is None
    assert listener(field, 2) is field
    field.attrs["data-on"] = "change:prevent input:prevent,fields,queue,offline,action=a%2Cb"
    assert options_of(form, 4) == ["prevent"]
    assert options_of(form, 0) == []
    assert options_of(field, 3) == ["prevent"]
    assert "fields" in options_of(field, 2)
    assert traits(2, options_of(field, 2)) == {"policy": "queue", "offline": True, "action": "a,b"}
    assert traits(12, []) == {"policy": "drop", "offline": False, "action": ""}
    assert [policy_of(kind) for kind in (0, 2, 12, 17)] == ["queue", "latest", "drop", "latest"]


def test_a_document_as_text() -> None:
    tree = core.Tree(
        h.main[
            h.h1["To do"],
            h.ul[h.li[h.input(type="checkbox", checked=True), "milk"], h.li["bread"]],
            h.button(on_click=click)["add"],
            h.style["p {}"],
        ]
    )
    shown = as_text(served(tree).document)
    assert re.sub(r"#\d+", "#n", shown).splitlines() == ["To do", "[x] milk", "bread", "[#n add]"]
