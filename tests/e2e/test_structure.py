"""How things come, move and go on a page, and what they keep: B24 to B30, B37, and lists with a window."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from vango import html as h

from .conftest import TESTS
from .serving import Server
from .test_oracle import pair
from .watch import DIFF, HELLO_OK, SNAPSHOT, Watch

EXIT = """
const sheet = new CSSStyleSheet();
sheet.replaceSync('li, section { transition: opacity 1000s } .leaving { opacity: 0 }');
document.adoptedStyleSheets = [sheet];
"""
FINISH = "document.getAnimations().forEach((animation) => animation.finish())"


@pytest.fixture(scope="module")
def site() -> Iterator[Server]:
    """The pages of `structure_pages.py`, served."""
    with Server("e2e.structure_pages:app", TESTS) as server:
        yield server


def kept(page: Page, names: list[str]) -> list:
    return [page.locator(name).element_handle() for name in names]


# Keyed rows


def test_b24_a_move_leaves_frames_animations_focus_and_what_was_typed_alone(page: Page, site: Server) -> None:
    page.goto(site.url + "/moved")
    page.locator("#row1 input").fill("typed")
    page.locator("#row1 input").focus()
    page.evaluate(
        """() => {
          for (const frame of document.querySelectorAll('iframe')) frame.contentWindow.mark = frame.title;
          for (const row of document.querySelectorAll('li')) {
            row.animate({ opacity: [1, 0] }, 1e9).id = row.id;
          }
        }"""
    )
    for way, order in (
        ("reverse", "3 2 1 0"),
        ("sort", "2 0 3 1"),
        ("filter", "0 3 1"),
        ("reverse", "1 3 0"),
    ):
        page.locator(f"#{way}").evaluate("button => button.click()")
        expect(page.locator("#order")).to_have_text(order)
        rows = [int(n) for n in order.split()]
        assert page.locator("li").evaluate_all("rows => rows.map((row) => row.id)") == [
            f"row{n}" for n in rows
        ]
        assert page.locator("iframe").evaluate_all(
            "frames => frames.map((frame) => frame.contentWindow.mark)"
        ) == [f"frame {n}" for n in rows]
        assert page.locator("li").evaluate_all("rows => rows.map((row) => row.getAnimations()[0]?.id)") == [
            f"row{n}" for n in rows
        ]
        expect(page.locator("#row1 input")).to_be_focused()
        assert page.locator("#row1 input").input_value() == "typed"


def test_b24_the_same_key_under_another_parent_is_new(page: Page, site: Server) -> None:
    page.goto(site.url + "/parents")
    page.locator("#field").fill("typed")
    (old,) = kept(page, ["#left > li"])
    page.locator("#go").click()
    expect(page.locator("#right > li")).to_have_count(1)
    expect(page.locator("#left > li")).to_have_count(0)
    assert not page.evaluate("row => row.isConnected", old)
    expect(page.locator("#field")).to_have_value("")


def test_b24_without_movebefore_rows_keep_their_nodes_and_the_focus(page: Page, site: Server) -> None:
    page.add_init_script("delete Element.prototype.moveBefore")
    page.goto(site.url + "/moved")
    assert not page.evaluate("'moveBefore' in document.body")
    page.locator("#row1 input").fill("typed")
    rows = kept(page, [f"#row{n}" for n in range(4)])
    page.locator("#reverse").evaluate("button => button.click()")
    expect(page.locator("#order")).to_have_text("3 2 1 0")
    expect(page.locator("#row1 input")).to_be_focused()
    assert page.locator("#row1 input").input_value() == "typed"
    assert all(page.evaluate("row => row.isConnected", row) for row in rows)


# Scopes, attributes, kinds of nodes


def test_b26_a_parent_that_renders_after_its_child_did_shows_it_once_with_its_state(
    page: Page, site: Server
) -> None:
    page.goto(site.url + "/around")
    (child,) = kept(page, ["#child"])
    for times in range(1, 5):
        page.locator("#child").click()
        expect(page.locator("#child")).to_have_text(f"child {times}")
        page.locator("#again").click()
        expect(page.locator("#again")).to_have_text(f"again {times}")
        expect(page.locator("section")).to_have_text(f"child {times}text {times}")
        expect(page.locator("main > p")).to_have_count(times % 3)
    assert page.evaluate("node => node.isConnected", child)


@pytest.mark.parametrize("box", ["slots", "body"])
def test_b27_attributes_in_every_form_come_and_go(page: Page, site: Server, box: str) -> None:
    page.goto(site.url + "/attributes")
    read = """(box) => {
      const { className, hidden, style } = box;
      const named = ['title', 'data-some-name', 'aria-label'].map((name) => box.getAttribute(name));
      return [className, hidden, style.color, style.getPropertyValue('--size'), ...named];
    }"""
    off, on = (
        ["static", False, "red", "", None, None, None],
        ["static on", True, "red", "2px", "", "data", "label"],
    )
    for step in range(4):
        expect(page.locator("#count")).to_have_text(str(step))
        assert page.locator(f"#{box}").evaluate(read) == (on if step % 2 else off)
        page.locator("#step").click()


def test_b28_what_is_inserted_is_what_a_parser_would_make(page: Page, site: Server) -> None:
    page.goto(site.url + "/kinds")
    page.evaluate(
        """customElements.define('x-box', class extends HTMLElement {
          static observedAttributes = ['size'];
          attributeChangedCallback(name, old, value) { (this.seen ??= []).push(value); }
        })"""
    )
    for _ in range(2):
        page.locator("#show").click()
        expect(page.locator("#custom")).to_have_text("inside")
        names = [
            page.locator(name).evaluate("node => [node.namespaceURI.split('/').pop(), node.constructor.name]")
            for name in ("#svg > circle", "#math", "#tr", "#template")
        ]
        assert names == [
            ["svg", "SVGCircleElement"],
            ["MathML", "MathMLElement"],
            ["xhtml", "HTMLTableRowElement"],
            ["xhtml", "HTMLTemplateElement"],
        ]
        assert page.locator("#custom").evaluate("node => node.seen") == ["2"]
        assert page.locator("#tr").evaluate("row => row.parentNode.localName") == "tbody"
        page.locator("#show").click()
        expect(page.locator("#custom")).to_have_count(0)


# Nodes of others


def test_b29_foreign_nodes_survive_patches_around_them(page: Page, site: Server, watch: Watch) -> None:
    page.goto(site.url + "/foreign")
    page.evaluate(
        """() => {
          const box = document.querySelector('#box');
          const make = (id) => Object.assign(document.createElement('aside'), { id, textContent: id });
          box.prepend(make('first'));
          box.children[2].after(make('middle'), new Text('text'), new Comment('comment'));
          box.append(make('last'));
        }"""
    )
    foreign = kept(page, ["#first", "#middle", "#last"])
    now = [0, 1, 2]
    for way in ("push", "turn", "shift", "front", "turn", "shift", "push"):
        now = {
            "push": [*now, max(now) + 1],
            "shift": now[1:],
            "turn": now[::-1],
            "front": [max(now) + 1, *now],
        }[way]
        page.locator(f"#{way}").click()
        expect(page.locator("#said")).to_have_text(" ".join(map(str, now)))
        expect(page.locator("#box > li")).to_have_text([str(n) for n in now])
        assert all(page.evaluate("node => node.parentNode?.id === 'box'", node) for node in foreign)
        assert "text" in page.locator("#box").inner_text()
    assert watch.received(SNAPSHOT) == []


def test_b29_what_stands_in_a_copied_row_is_known_by_itself_whatever_others_put_there(
    page: Page, site: Server, watch: Watch
) -> None:
    page.goto(site.url + "/copies")
    page.locator("#one").click()
    expect(page.locator("li")).to_have_count(20)
    page.evaluate(
        """() => document.querySelectorAll('li').forEach((row) => {
          const make = (tag, fields) => Object.assign(document.createElement(tag), fields);
          row.prepend(make('b', { className: 'theirs', innerHTML: '<i>theirs</i>' }));
          row.querySelector('.word').prepend(make('i', { textContent: 'and ' }));
        })"""
    )
    page.locator("#two").click()
    expect(page.locator("li").nth(7)).to_have_text("theirsand twomenu")
    assert page.locator("li").all_inner_texts() == ["theirsand twomenu"] * 20
    page.locator("li").nth(11).locator(".theirs").click()
    page.locator("li").nth(12).get_by_text("two").click()
    expect(page.locator("#chosen")).to_have_text("two 12")
    assert watch.received(SNAPSHOT) == []


def test_every_copied_row_hears_what_happens_outside_of_it(page: Page, site: Server) -> None:
    page.goto(site.url + "/copies")
    page.locator("#one").click()
    expect(page.locator("li")).to_have_count(20)
    page.locator("h1").click()
    expect(page.locator("#outside")).to_have_text("20")


def test_b29_a_page_that_was_translated_goes_on_with_all_that_is_new(page: Page, site: Server) -> None:
    page.goto(site.url + "/foreign")
    (box,) = kept(page, ["#box"])
    for rows in ("0 1 2 3", "1 2 3", "3 2 1"):
        # As the translators of browsers do it: each text gives way to an element with another text.
        page.evaluate("""() => {
          const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
          const found = [];
          while (texts.nextNode()) found.push(texts.currentNode);
          for (const text of found.filter((text) => !text.parentNode.closest('font'))) {
            const font = document.createElement('font');
            font.textContent = `${text.data}!`;
            text.replaceWith(font);
          }
        }""")
        way = {"0 1 2 3": "push", "1 2 3": "shift", "3 2 1": "turn"}[rows]
        page.locator(f"#{way}").click()
        expect(page.locator("#said")).to_contain_text(rows)
        expect(page.locator("#box > li")).to_have_count(len(rows.split()))
    assert page.evaluate("node => node.isConnected", box)


@pytest.mark.parametrize("same_epoch", [True, False])
def test_b29_foreign_nodes_survive_a_snapshot(oracle: Page, same_epoch: bool) -> None:

    def items(*rows):
        return h.ul[[h.li(key=n)[n] for n in rows]]

    case = pair(items(1, 2, 3), items(4, 3, 1))
    left = oracle.evaluate(
        """([pair, same]) => {
          const view = oracle.served(pair.html, pair.old_count);
          const aside = document.createElement('aside');
          document.querySelector('ul').children[1].after(aside);
          oracle.resync(view, same ? pair.after : pair.fresh, same, same ? pair.count : pair.new_count);
          const rows = [...document.querySelectorAll('li')].map((row) => row.textContent);
          return [aside.parentNode.localName, rows, view.live.nodes.size];
        }""",
        [case, same_epoch],
    )
    assert left == ["ul", ["4", "3", "1"], case["count"]]


# Leaving


def test_b30_what_leaves_goes_when_its_transition_has_ended(page: Page, site: Server, watch: Watch) -> None:
    page.goto(site.url + "/exits")
    page.evaluate(EXIT)
    page.get_by_role("button", name="drop 1").click()
    expect(page.locator("#left")).to_have_text("0 2 3")
    row = page.locator("#row1")
    expect(row).to_have_class("leaving")
    assert row.evaluate("row => row.inert")
    page.get_by_role("button", name="drop 3").click()
    page.locator("#add").click()
    expect(page.locator("#left")).to_have_text("0 2 12")
    expect(page.locator("li:not(.leaving)")).to_have_count(3)
    page.evaluate(FINISH)
    expect(page.locator("li")).to_have_count(3)
    assert watch.received(SNAPSHOT) == []


def test_b30_without_a_transition_it_goes_at_once(page: Page, site: Server) -> None:
    page.goto(site.url + "/exits")
    page.get_by_role("button", name="drop 1").click()
    expect(page.locator("li")).to_have_count(3)


def test_b30_a_view_that_is_navigated_away_from_leaves_by_its_transition(page: Page, site: Server) -> None:
    page.goto(site.url + "/exits")
    page.evaluate(EXIT)
    page.locator("#go").click()
    expect(page.locator("#other")).to_be_visible()
    expect(page.locator("#list")).to_have_class("leaving")
    page.locator("#go").click()
    expect(page.locator("#other")).to_have_count(0)
    expect(page.locator("#list")).to_have_count(2)
    page.evaluate(FINISH)
    expect(page.locator("#list")).to_have_count(1)
    expect(page.locator("#list > ul > li")).to_have_count(4)
    page.get_by_role("button", name="drop 1").click()
    page.goto(site.url + "/moved")
    expect(page.locator("li")).to_have_count(4)


def test_b30_counts_match_at_once_and_a_snapshot_passes_what_leaves_by(oracle: Page) -> None:

    def items(*rows):
        return h.ul[[h.li(key=n, data_exit="leaving gone")[n] for n in rows]]

    case = pair(items(1, 2, 3), items(3, 4))
    left = oracle.evaluate(
        """async ([pair, style]) => {
          new Function(style)();
          const view = oracle.served(pair.html, pair.old_count);
          getComputedStyle(document.querySelector('li')).opacity;
          oracle.change(view, pair.diff, pair.count);
          const text = (row) => row.textContent + row.className;
          const read = () => [view.live.nodes.size, [...document.querySelectorAll('li')].map(text)];
          const after = read();
          oracle.resync(view, pair.after, true, pair.count);
          const again = read();
          document.getAnimations().forEach((animation) => animation.finish());
          await new Promise(requestAnimationFrame);
          return [after, again, read()];
        }""",
        [case, EXIT],
    )
    leaving = [case["count"], ["1leaving gone", "2leaving gone", "3", "4"]]
    assert left == [leaving, leaving, [case["count"], ["3", "4"]]]


def test_b30_a_burst_that_does_not_hold_begins_no_transition(oracle: Page) -> None:
    case = pair(h.ul[h.li(key=1, data_exit="leaving")["x"]], h.ul)
    left = oracle.evaluate(
        """([pair]) => {
          const view = oracle.served(pair.html, pair.old_count);
          try {
            oracle.change(view, pair.diff, pair.count + 1);
          } catch {
            return document.querySelector('li').className;
          }
        }""",
        [case],
    )
    assert left == ""


# What is open


def test_f6_what_people_open_and_close_stays_so_through_patches_until_the_server_says_otherwise(
    page: Page, site: Server, watch: Watch
) -> None:
    page.goto(site.url + "/opened")
    said, free, box, modal = (page.locator(f"#{name}") for name in ("said", "free", "box", "modal"))

    def stands(**opened: bool) -> None:
        """Each is open or closed, and goes on to be through a patch."""
        for _ in range(2):
            for name, is_open in opened.items():
                assert page.locator(f"#{name}").evaluate("node => node.open") is is_open, name
            counted = int(free.locator("p").text_content() or "")
            page.locator("#count").dispatch_event("click")
            expect(free.locator("p")).to_have_text(str(counted + 1))
            expect(said).to_have_class(f"n{counted + 1}")

    stands(free=False, said=True, box=False, modal=False)
    free.locator("summary").click()
    free.locator("input").fill("typed")
    said.locator("summary").click()
    stands(free=True, said=False)
    assert free.locator("input").input_value() == "typed"
    page.locator("#hide").click()
    expect(page.locator("#state")).to_have_text("False False")
    page.locator("#show").click()
    expect(page.locator("#state")).to_have_text("True False")
    stands(said=True)
    for _ in range(2):
        page.locator("#open").click()
        expect(box).to_be_visible()
        stands(box=True)
        box.get_by_role("button").click()
        expect(page.locator("#state")).to_have_text("True False")
        stands(box=False)
    modal.evaluate("dialog => dialog.showModal()")
    stands(modal=True)
    assert modal.evaluate("dialog => dialog.matches(':modal')"), "a script has opened it, above all else"
    modal.get_by_role("button").click()
    stands(modal=False, free=True)
    assert watch.received(SNAPSHOT) == []


@pytest.mark.parametrize("same_epoch", [True, False])
def test_f6_what_people_open_and_close_stays_so_through_a_snapshot(oracle: Page, same_epoch: bool) -> None:

    def boxes(text):
        return h.main[
            h.details(id="free")[h.summary["free"], text],
            h.details(id="said", open=True)[h.summary["said"], text],
            h.dialog(id="box")[text],
        ]

    case = pair(boxes("before"), boxes("after"))
    left = oracle.evaluate(
        """([pair, same]) => {
          const view = oracle.served(pair.html, pair.old_count);
          const [free, said, box] = document.querySelectorAll('details, dialog');
          free.open = true;
          box.showModal();
          oracle.resync(view, same ? pair.after : pair.fresh, same, same ? pair.count : pair.new_count);
          return [free, said, box].map((node) => [node.isConnected, node.open, node.textContent]);
        }""",
        [case, same_epoch],
    )
    assert left == [[True, True, "freeafter"], [True, True, "saidafter"], [True, True, "after"]]


# Errors


def test_b37_a_child_that_crashes_is_replaced_and_can_be_retried(page: Page, site: Server) -> None:
    page.goto(site.url + "/crash")
    page.locator("#beside").click()
    (beside,) = kept(page, ["#beside"])
    for _ in range(2):
        page.locator("#break-child").click()
        expect(page.locator("#fallback")).to_have_text("child broke" + "retry")
        page.locator("#retry").click()
        expect(page.locator("#break-child")).to_have_text("child is fine")
    expect(page.locator("#beside")).to_have_text("beside 1")
    assert page.evaluate("node => node.isConnected", beside)


def test_b37_a_page_that_crashes_shows_a_reference_and_others_live_on(page: Page, site: Server) -> None:
    other = page.context.new_page()
    other.goto(site.url + "/crash")
    page.goto(site.url + "/crash")
    page.locator("#break").click()
    expect(page.get_by_role("alert")).to_contain_text("This page could not be shown")
    reference = page.get_by_role("alert").locator("code").inner_text()
    assert len(reference) >= 6
    assert "the page broke" not in page.content(), "what broke is for the log"
    assert site.logs(reference)
    other.locator("#beside").click()
    expect(other.locator("#beside")).to_have_text("beside 1")
    page.reload()
    expect(page.locator("#break")).to_be_visible()


# A list with a window

COVERED = """([first, last]) => {
  const box = document.querySelector('.vango-window');
  const { top, bottom } = box.getBoundingClientRect();
  const rows = [...box.querySelectorAll('.row')].map((row) => [row.getBoundingClientRect(), row.textContent]);
  const seen = rows.filter(([at]) => at.bottom > top && at.top < bottom).map(([, text]) => text);
  return seen.at(0) === `row ${first}` && seen.at(-1) === `row ${last}`;
}"""
"""Whether the first and the last row in view are these: all between are, for nothing else could fill it."""


def scroll(page: Page, y: int) -> None:
    page.locator(".vango-window").evaluate("(box, y) => { box.scrollTop = y; }", y)


@pytest.fixture
def long(page: Page, site: Server, watch: Watch) -> Page:
    """The list of 100,000 rows, connected."""
    page.goto(site.url + "/long")
    watch.wait(page, lambda: watch.received(HELLO_OK))
    return page


def test_100000_rows_scroll_to_the_end_and_jump_with_a_few_on_the_page(long: Page) -> None:
    box = long.locator(".vango-window")
    assert box.evaluate("box => [box.scrollHeight, box.clientHeight]") == [2_000_000, 400]
    for y, first in ((2_000_000, 99_980), (1_000_000, 50_000), (0, 0), (123_460, 6_173)):
        scroll(long, y)
        long.wait_for_function(COVERED, arg=[first, first + 19])
        assert long.locator(".row").count() <= 80
        assert box.evaluate("box => box.scrollHeight") == 2_000_000


def test_a_row_in_view_keeps_its_node_while_the_list_scrolls(long: Page) -> None:
    (row,) = kept(long, [".row >> nth=30"])
    for y in range(0, 600, 50):
        scroll(long, y)
        long.wait_for_function(COVERED, arg=[y // 20, (y + 399) // 20])
    assert long.evaluate("row => row.isConnected && row.textContent", row) == "row 30"


def test_a_list_is_sorted_and_shortened_while_it_is_scrolled(long: Page) -> None:
    scroll(long, 1_000_000)
    long.wait_for_function(COVERED, arg=[50_000, 50_019])
    long.locator("#sort").click()
    long.wait_for_function(COVERED, arg=[49_999, 49_980])
    assert long.locator(".vango-window").evaluate("box => box.scrollTop") == 1_000_000
    long.locator("#few").click()
    long.wait_for_function(COVERED, arg=[19, 0])
    assert long.locator(".row").count() == 30
    long.locator("#few").click()
    expect(long.locator("#state")).to_have_text("100000 back")
    scroll(long, 2_000_000)
    long.wait_for_function(COVERED, arg=[19, 0])


def test_the_keyboard_scrolls_a_list_and_goes_on_when_the_focused_row_has_left(long: Page) -> None:
    box = long.get_by_role("region", name="Numbers")
    box.focus()
    long.keyboard.press("End")
    long.wait_for_function(COVERED, arg=[99_980, 99_999])
    long.get_by_role("button", name="row 99990").focus()
    scroll(long, 0)
    long.wait_for_function(COVERED, arg=[0, 19])
    expect(box).to_be_focused()
    long.keyboard.press("End")
    long.wait_for_function(COVERED, arg=[99_980, 99_999])


def test_small_scrolls_cost_an_event_and_steps_cost_a_burst_of_a_few_rows(long: Page, watch: Watch) -> None:
    before = len(watch.received(DIFF))
    for y in range(0, 2_020, 20):
        scroll(long, y)
        long.wait_for_function(COVERED, arg=[y // 20, y // 20 + 19])
    bursts = [len(frame.payload) for frame in watch.received(DIFF)[before:]]
    assert len(bursts) <= 12, "the window moves by ten rows"
    assert sum(bursts) < 100 * 120, "a row costs what a row costs"


def test_rows_of_other_heights_than_estimated_are_all_reached(page: Page, site: Server) -> None:
    page.goto(site.url + "/ledger")
    box = page.locator(".vango-window.ledger")
    assert box.evaluate("box => box.querySelector('tbody').parentNode.localName") == "table"
    for _ in range(20):
        box.evaluate("box => { box.scrollTop += 250; }")
        page.wait_for_function(
            """() => {
              const box = document.querySelector('.vango-window').getBoundingClientRect();
              const rows = document.querySelectorAll('tbody > tr');
              const [first, last] = [rows[0], rows[rows.length - 1]];
              if (first.getBoundingClientRect().top > box.top + 40) return false;
              return last.getBoundingClientRect().bottom >= box.bottom;
            }"""
        )
    texts = page.locator("tbody td").all_inner_texts()
    numbers = [int(re.match(r"(\d+): \1$", text)[1]) for text in texts]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert numbers[0] > 50


def test_a_scrolled_list_shows_its_rows_when_the_session_is_a_new_one(
    page: Page, site: Server, watch: Watch
) -> None:
    page.goto(site.url + "/long")
    watch.wait(page, lambda: watch.received(HELLO_OK))
    scroll(page, 1_000_000)
    page.wait_for_function(COVERED, arg=[50_000, 50_019])
    watch.allow("ERR_CONNECTION_REFUSED|WebSocket connection|status of 50|Failed to load resource")
    site.kill()
    site.start()
    page.wait_for_function(COVERED, arg=[50_000, 50_019])
    watch.wait(page, lambda: watch.received(SNAPSHOT))
