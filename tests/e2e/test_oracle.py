"""The oracle in the browser: after any change, the document is what a fresh one would be.

The engine makes the bytes, the client's own modules apply them, the browser says what came out.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from vango import _core, core, html as h

from .trees import Trees

PAIRS = 100
SHOWN = 3
FROM_SNAPSHOT = ["built", "built_lowered", "resynced", "remounted"]
FROM_HTML = ["adopted", "adopted_lowered", "refused", "served", "served_later"]


def pair(old: object, new: object) -> dict:
    """All that the browser needs to go from one tree to another in each way."""
    tree, other = core.Tree(old), core.Tree(new)
    before = {"html": tree.html(), "before": tree.snapshot(), "old_count": tree.count}
    patches = tree.commit(new)
    return {
        name: b64encode(value).decode() if isinstance(value, bytes) else value
        for name, value in {
            **before,
            "diff": core.encode(patches),
            "lowered": core.encode(patches, lower=True),
            "after": tree.snapshot(),
            "after_html": tree.html(),
            "count": tree.count,
            "new_html": other.html(),
            "fresh": other.snapshot(),
            "new_count": other.count,
        }.items()
    }


def folded(made: dict) -> dict:
    """The same with what is alike written as examples and instances; without it, if nothing is."""
    payloads = {name: b64decode(made[name]) for name in ("diff", "before", "after", "fresh")}
    short = {name: _core.fold(data, snapshot=name != "diff") for name, data in payloads.items()}
    return made | {name: b64encode(data).decode() for name, data in short.items() if data}


def alike(seed: int) -> tuple[object, object]:
    """Rows around one random subtree; some stay, many come."""
    content, _ = Trees(seed, valid=True).pair()

    def rows(numbers: range) -> object:
        return h.main[(h.section(key=n, title=f"row {n}")[f"row {n}", content] for n in numbers)]

    return rows(range(10)), rows(range(5, 40))


def pairs(seed: int, *, valid: bool) -> Iterator[tuple[object, object]]:
    trees = Trees(seed, valid=valid)
    for _ in range(PAIRS):
        yield trees.pair()


@pytest.mark.parametrize("valid", [True, False], ids=["page", "snapshot"])
def test_any_change_ends_as_a_fresh_document(oracle: Page, valid: bool) -> None:
    ways = [*FROM_HTML, *FROM_SNAPSHOT] if valid else FROM_SNAPSHOT
    trees = list(pairs(2, valid=valid))
    wrong = oracle.evaluate(
        "([pairs, ways]) => pairs.map((pair) => oracle.check(pair, ways))",
        [[pair(old, new) for old, new in trees], ways],
    )
    report = [
        f"pair {number}: {way}\nold  {old}\nnew  {new}\nwant {want}\ngot  {got}"
        for number, ((old, new), failures) in enumerate(zip(trees, wrong, strict=True))
        for way, want, got in failures
    ]
    assert not report, f"{len(report)} failures\n" + "\n\n".join(report[:SHOWN])


def test_what_is_folded_ends_as_what_was_written_out(oracle: Page) -> None:
    trees = [alike(seed) for seed in range(40)]
    made = [pair(old, new) for old, new in trees]
    short = [folded(one) for one in made]
    assert sum(one["diff"] != whole["diff"] for one, whole in zip(short, made, strict=True)) > 20
    wrong = oracle.evaluate(
        "([pairs, ways]) => pairs.map((pair) => oracle.check(pair, ways))",
        [short, ["adopted", "refused", "built", "resynced", "remounted"]],
    )
    report = [f"{trees[n][1]}\n{failures}" for n, failures in enumerate(wrong) if failures]
    assert not report, f"{len(report)} failures\n" + "\n\n".join(report[:SHOWN])


def test_the_oracle_sees_a_difference(oracle: Page) -> None:
    wrong = pair(h.p["old"], h.p["new"]) | {"diff": pair(h.p["old"], h.p["other"])["diff"]}
    assert [
        way for way, _, _ in oracle.evaluate("(pair) => oracle.check(pair, ['built', 'resynced'])", wrong)
    ] == ["built"]
