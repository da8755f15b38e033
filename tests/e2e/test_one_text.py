"""A burst that sets one text takes a short way through the client; nothing may be seen of that."""

from typing import Any

import pytest
from playwright.sync_api import Page

from vango import core, html as h

SET_TEXT, SET_ATTR = 1, 2
MAIN, PARAGRAPH, TEXT, SECOND = 1, 2, 3, 5

# Applies a burst to a page, and says what came of it.
APPLY = """([html, known, burst, count, before]) => {
    const view = oracle.served(html, known);
    new Function('view', before)(view);
    const said = () => [...document.querySelectorAll('p')].map((p) => p.textContent);
    try {
        return {strays: [...view.apply(Uint8Array.from(burst), {count})], texts: said()};
    } catch (error) {
        return {error: `${error.constructor.name}: ${error.message}`, texts: said()};
    }
}"""


def apply(oracle: Page, burst: bytes, *, count: int = 0, before: str = "") -> Any:
    """Apply a burst to two paragraphs; `count` is what the server says beyond what there is."""
    tree = core.Tree(h.main[h.p["one"], h.p["two"]])
    return oracle.evaluate(APPLY, [tree.html(), tree.count, list(burst), tree.count + count, before])


def text(hid: int, said: bytes) -> bytes:
    return bytes([SET_TEXT, hid, len(said)]) + said


def test_one_text_is_set(oracle: Page) -> None:
    assert apply(oracle, text(TEXT, "zwölf".encode())) == {"strays": [], "texts": ["zwölf", "two"]}


@pytest.mark.parametrize(
    ("burst", "error"),
    [
        (text(PARAGRAPH, b"x"), "Error: 2 is not a text"),
        (text(99, b"x"), "Error: unknown hid 99"),
        (text(0, b"x"), "DecodeError: hid 0 at byte 2"),
        (text(TEXT, b"\xff"), "DecodeError: invalid UTF-8 at byte 4"),
        (text(TEXT, b"xy")[:-1], "DecodeError: truncated at byte 3"),
        (text(TEXT, b"x") + text(PARAGRAPH, b"y"), "Error: 2 is not a text"),
        (
            text(TEXT, b"x") + bytes([SET_ATTR, PARAGRAPH, 7]) + b"onclick" + b"\0",
            "DecodeError: attribute name at byte 14",
        ),
    ],
    ids=["an element", "nobody", "hid 0", "no UTF-8", "cut", "a bad one behind it", "a bad name behind it"],
)
def test_a_bad_one_changes_nothing(oracle: Page, burst: bytes, error: str) -> None:
    assert apply(oracle, burst) == {"error": error, "texts": ["one", "two"]}


def test_another_count_changes_nothing(oracle: Page) -> None:
    said = apply(oracle, text(TEXT, b"x"), count=1)
    assert said == {"error": "Error: 5 nodes, not 6", "texts": ["one", "two"]}


def test_what_stands_behind_it_is_set_too(oracle: Page) -> None:
    both = apply(oracle, text(TEXT, b"x") + text(SECOND, b"y"))
    assert both == {"strays": [], "texts": ["x", "y"]}


def test_a_text_that_others_have_moved_is_asked_for(oracle: Page) -> None:
    moved = "document.body.append(document.querySelector('p').firstChild)"
    assert apply(oracle, text(TEXT, b"x"), before=moved) == {"strays": [PARAGRAPH], "texts": ["", "two"]}


def test_what_is_chosen_stays_chosen_when_an_option_comes_to_say_it(oracle: Page) -> None:
    tree = core.Tree(h.main[h.select(value="b")[h.option["a"], h.option["c"]]])
    new = h.main[h.select(value="b")[h.option["a"], h.option["b"]]]
    chosen = oracle.evaluate(
        """([html, known, burst]) => {
            const view = oracle.served(html, known);
            // The value of a list, as the server says it.
            view.apply(Uint8Array.from([2, 2, 6, 46, 118, 97, 108, 117, 101, 1, 98]), {count: known});
            const before = document.querySelector('select').value;
            view.apply(Uint8Array.from(burst), {count: known});
            return [before, document.querySelector('select').value];
        }""",
        [tree.html(), tree.count, list(core.encode(tree.commit(new)))],
    )
    assert chosen == ["", "b"]
