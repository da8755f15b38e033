//! What others got wrong in their diffs, by name.

use crate::build::*;
use vango_core::node::{Child, Node};
use vango_core::tree::Tree;

const NONE: [&str; 0] = [];

fn rows(keys: &[i128]) -> Child {
    let row = |key: &i128| keyed("li", *key, [text(&key.to_string())]);
    el("ul", keys.iter().map(row).collect::<Vec<_>>())
}

fn permutations(rest: &[i128]) -> Vec<Vec<i128>> {
    if rest.is_empty() {
        return vec![vec![]];
    }
    let without = |key: i128| rest.iter().copied().filter(|other| *other != key).collect::<Vec<_>>();
    let with = |key: i128, tail: Vec<i128>| [vec![key], tail].concat();
    rest.iter().flat_map(|key| permutations(&without(*key)).into_iter().map(|tail| with(*key, tail))).collect()
}

/// Length of the longest increasing subsequence, by its definition.
fn longest(keys: &[i128], above: i128) -> usize {
    let tail = |(i, key): (usize, &i128)| if *key > above { 1 + longest(&keys[i + 1..], *key) } else { 0 };
    keys.iter().enumerate().map(tail).max().unwrap_or(0)
}

#[test]
fn every_permutation_of_five_keyed_children_moves_the_least_and_keeps_each_hid() {
    for keys in permutations(&[1, 2, 3, 4, 5]) {
        let mut tree = Tree::mount(rows(&[1, 2, 3, 4, 5])).unwrap();
        let patches = commit(&mut tree, rows(&keys));
        assert!(patches.iter().all(|patch| patch.starts_with("move")), "{keys:?}: {patches:?}");
        assert_eq!(5 - longest(&keys, 0), patches.len(), "{keys:?}: {patches:?}");
        let items: String = keys.iter().map(|key| item(*key)).collect();
        assert_eq!(format!("<ul data-hid=\"1\">{items}</ul>"), tree.html(true));
    }
}

/// A row of [`rows`] of 1 to 5 that kept its hids: 2 and 3, 4 and 5, and so on.
fn item(key: i128) -> String {
    // The text is the node after its element, as a parser counts, so no comment names it.
    format!("<li data-hid=\"{}\">{key}</li>", key * 2)
}

#[test]
fn reversing_three_moves_two() {
    assert_eq!(vec!["move 4 1 2", "move 6 1 4"], diff(rows(&[1, 2, 3]), rows(&[3, 2, 1])));
}

#[test]
fn one_row_that_leaves_is_one_patch() {
    assert_eq!(vec!["remove 4"], diff(rows(&[1, 2, 3]), rows(&[1, 3])));
}

#[test]
fn one_row_that_enters_is_one_patch() {
    let html = "<li data-hid=\"6\">9</li>";
    assert_eq!(vec![format!("insert 1 4 {html}")], diff(rows(&[1, 2]), rows(&[1, 9, 2])));
    assert_eq!(vec![format!("insert 1 0 {html}")], diff(rows(&[1, 2]), rows(&[1, 2, 9])));
    assert_eq!(vec![format!("insert 1 2 {html}")], diff(rows(&[1, 2]), rows(&[9, 1, 2])));
}

#[test]
fn what_enters_side_by_side_enters_forwards() {
    let html = |hid: u32, key: &str| format!("<li data-hid=\"{hid}\">{key}</li>");
    let expected = vec![format!("insert 1 0 {}", html(4, "2")), format!("insert 1 0 {}", html(6, "3"))];
    assert_eq!(expected, diff(rows(&[1]), rows(&[1, 2, 3])));
}

#[test]
fn swapping_two_of_a_thousand_moves_two() {
    let keys: Vec<i128> = (0..1000).collect();
    let mut swapped = keys.clone();
    swapped.swap(1, 998);
    assert_eq!(2, diff(rows(&keys), rows(&swapped)).len());
}

#[test]
fn what_leaves_leaves_before_anything_enters_or_moves() {
    let patches = diff(rows(&[1, 2, 3, 4]), rows(&[4, 9, 1]));
    let expected = vec!["remove 4", "remove 6", "insert 1 2 <li data-hid=\"10\">9</li>", "move 8 1 10"];
    assert_eq!(expected, patches);
}

#[test]
fn a_text_beside_an_element_leaves_the_element_alone() {
    let page = |before: &str| el("p", [text(before), el("b", [text("x")])]);
    assert_eq!(vec!["text 2 \"bye\""], diff(page("hi"), page("bye")));
    let bold = || keyed("b", 1, [text("x")]);
    assert_eq!(vec!["insert 1 2 <!--4-->hi"], diff(el("p", [bold()]), el("p", [text("hi"), bold()])));
    assert_eq!(vec!["remove 2"], diff(el("p", [text("hi"), bold()]), el("p", [bold()])));
}

#[test]
fn raw_html_is_replaced_whole_under_a_new_hid() {
    let page = |html: &str| el("p", [text("a"), raw(html), text("b")]);
    assert_eq!(NONE.to_vec(), diff(page("<i>1</i>"), page("<i>1</i>")));
    let expected = vec!["remove 3", "insert 1 4 <!--5[--><i>2</i><!--]5-->"];
    assert_eq!(expected, diff(page("<i>1</i>"), page("<i>2</i>")));
}

#[test]
fn a_fragment_grows_in_its_place() {
    let page = |items: &[&str]| {
        let items: Vec<Child> = items.iter().map(|item| el("li", [text(item)])).collect();
        el("ul", [fragment(items), el("li", [text("last")])])
    };
    assert_eq!(vec!["insert 1 2 <li data-hid=\"4\">a</li>"], diff(page(&[]), page(&["a"])));
    assert_eq!(vec!["insert 1 4 <li data-hid=\"6\">b</li>"], diff(page(&["a"]), page(&["a", "b"])));
    assert_eq!(vec!["remove 4"], diff(page(&["a", "b"]), page(&["a"])));
}

#[test]
fn fragments_have_keys_and_indexes_of_their_own() {
    let page = |first: &[i128], second: &[i128]| {
        let group = |keys: &[i128]| fragment(keys.iter().map(|key| keyed("i", *key, [])).collect::<Vec<_>>());
        el("p", [group(first), group(second)])
    };
    assert_eq!(vec!["move 3 1 2", "move 5 1 4"], diff(page(&[1, 2], &[1, 2]), page(&[2, 1], &[2, 1])));
    let patches = diff(page(&[1], &[]), page(&[], &[1]));
    assert_eq!(vec!["remove 2", "insert 1 0 <i data-hid=\"3\"></i>"], patches);
}

#[test]
fn a_fragment_that_moves_takes_all_its_nodes() {
    let group = |key: i128, items: &[&str]| {
        let items = items.iter().map(|item| text(item)).collect();
        Node::fragment(items, Some(vango_core::node::Key::int(key))).unwrap()
    };
    let a = || group(1, &["a", "A"]);
    let b = || group(2, &["b", "B"]);
    let c = || group(3, &["c", "C"]);
    let mut tree = Tree::mount(el("p", [a(), b(), c()])).unwrap();
    let patches = commit(&mut tree, el("p", [c(), a(), b()]));
    assert_eq!(vec!["move 6 1 2", "move 7 1 2"], patches);
    assert_eq!("<p>cCaAbB</p>", tree.html(false));
}

#[test]
fn what_enters_a_fragment_that_moves_is_inserted_once_and_what_moves_in_it_moves_once() {
    let group = |key: i128, items: Vec<Child>| Node::fragment(items, Some(vango_core::node::Key::int(key))).unwrap();
    let (b, i, u) = (|| keyed("b", 1, []), || keyed("i", 2, []), || keyed("u", 3, []));
    let line = || keyed("hr", 4, []);
    let mut tree = Tree::mount(el("p", [group(1, vec![b(), i()]), group(2, vec![text("x")]), line()])).unwrap();
    let patches = commit(&mut tree, el("p", [group(2, vec![text("x")]), line(), group(1, vec![i(), u(), b()])]));
    assert_eq!(vec!["move 3 1 0", "insert 1 0 <u data-hid=\"6\"></u>", "move 2 1 0"], patches);
    assert_eq!("<p>x<hr><i></i><u></u><b></b></p>", tree.html(false));
}

#[test]
fn without_keys_the_index_counts() {
    let page = |items: &[&str]| el("p", items.iter().map(|item| el("i", [text(item)])).collect::<Vec<_>>());
    assert_eq!(vec!["remove 6", "text 5 \"c\"", "text 3 \"b\""], diff(page(&["a", "b", "c"]), page(&["b", "c"])));
    // The b is the second child of one and the first of the other: not the same.
    let patches = diff(el("p", [el("a", []), el("b", [])]), el("p", [el("b", [])]));
    assert_eq!(vec!["remove 2", "remove 3", "insert 1 0 <b data-hid=\"4\"></b>"], patches);
}

#[test]
fn nothing_keeps_an_index() {
    let page = |first: Child| el("p", [first, el("b", [text("x")])]);
    assert_eq!(vec!["insert 1 2 <i data-hid=\"4\"></i>"], diff(page(Node::nothing()), page(el("i", []))));
    assert_eq!(vec!["remove 2"], diff(page(el("i", [])), page(Node::nothing())));
}

#[test]
fn nothing_between_keyed_children_is_not_in_the_way() {
    let page = |keys: [i128; 2]| el("p", [keyed("i", keys[0], []), Node::nothing(), keyed("i", keys[1], [])]);
    assert_eq!(vec!["move 3 1 2"], diff(page([1, 2]), page([2, 1])));
}

#[test]
fn keyed_and_unkeyed_siblings_mix() {
    let old = el("p", [text("a"), keyed("i", 1, []), text("b"), keyed("i", 2, [])]);
    let new = el("p", [text("a"), keyed("i", 2, []), text("B"), keyed("i", 1, [])]);
    assert_eq!(vec!["text 4 \"B\"", "move 4 1 3", "move 5 1 4"], diff(old, new));
}

#[test]
fn a_number_and_its_digits_are_two_keys() {
    let patches = diff(el("p", [keyed("i", 1, [])]), el("p", [keyed("i", "1", [])]));
    assert_eq!(vec!["remove 2", "insert 1 0 <i data-hid=\"3\"></i>"], patches);
}

#[test]
fn a_key_does_not_hold_another_tag() {
    let patches = diff(el("p", [keyed("i", 1, [])]), el("p", [keyed("b", 1, [])]));
    assert_eq!(vec!["remove 2", "insert 1 0 <b data-hid=\"3\"></b>"], patches);
}

#[test]
fn one_text_that_changes_is_one_patch_however_deep() {
    let deep = |leaf: &str| (0..200).fold(text(leaf), |inner, _| el("div", [inner]));
    assert_eq!(vec!["text 201 \"b\""], diff(deep("a"), deep("b")));
}

#[test]
fn a_shape_may_change_at_the_greatest_depth() {
    let deep = |leaf: Child| (0..255).fold(leaf, |inner, _| el("div", [inner]));
    let expected = vec!["remove 256", "insert 255 0 <b data-hid=\"257\"></b>"];
    assert_eq!(expected, diff(deep(text("a")), deep(el("b", []))));
}

#[test]
fn attributes_are_set_and_lost_attributes_go_last() {
    let old = with("input", &[(".checked", ""), ("class", "a"), ("id", "x")], []);
    let new = with("input", &[("class", "b"), ("title", "")], []);
    let expected = vec!["attr 1 class=\"b\"", "attr 1 title=\"\"", "unset 1 .checked", "unset 1 id"];
    assert_eq!(expected, diff(old, new));
    let old = with("p", &[("id", "x")], [text("a")]);
    assert_eq!(vec!["text 2 \"b\"", "unset 1 id"], diff(old, el("p", [text("b")])));
}

#[test]
fn an_empty_attribute_is_kept_everywhere() {
    assert_eq!("<a href=\"\"></a>", Tree::mount(with("a", &[("href", "")], [])).unwrap().html(false));
    assert_eq!(vec!["attr 1 href=\"\""], diff(el("a", []), with("a", &[("href", "")], [])));
}

#[test]
fn other_handlers_are_no_patch_and_the_newest_is_found() {
    let mut tree = Tree::mount(el("p", [button(7)])).unwrap();
    assert_eq!(Some((0, 7)), tree.listener(2, 0));
    assert_eq!(NONE.to_vec(), commit(&mut tree, el("p", [button(8)])));
    assert_eq!(Some((0, 8)), tree.listener(2, 0));
    assert_eq!(vec!["events 2 0"], commit(&mut tree, el("p", [el("button", [])])));
    assert_eq!(None, tree.listener(2, 0));
}

#[test]
fn the_same_object_is_no_patch() {
    let page = rows(&[1, 2, 3]);
    assert_eq!(NONE.to_vec(), diff(page.clone(), page));
    assert_eq!(NONE.to_vec(), diff(rows(&[1, 2, 3]), rows(&[1, 2, 3])));
}

#[test]
fn the_root_is_replaced_when_it_cannot_go_on() {
    let cases: [(&str, Child, Child, &[&str]); 8] = [
        ("text", text("a"), text("b"), &["text 1 \"b\""]),
        ("tag", el("p", []), el("b", []), &["insert 0 0 <b data-hid=\"2\"></b>"]),
        ("key", keyed("p", 1, []), keyed("p", 2, []), &["insert 0 0 <p data-hid=\"2\"></p>"]),
        ("raw", raw("a"), raw("b"), &["insert 0 0 <!--2[-->b<!--]2-->"]),
        ("kind", text("a"), el("p", []), &["insert 0 0 <p data-hid=\"2\"></p>"]),
        ("wrapped", el("p", []), Node::nothing(), &["insert 0 0 <vango-root data-hid=\"2\"></vango-root>"]),
        ("in the wrapper", fragment([]), fragment([el("p", [])]), &["insert 1 0 <p data-hid=\"2\"></p>"]),
        ("bare", fragment([el("p", [])]), el("p", []), &["insert 0 0 <p data-hid=\"3\"></p>"]),
    ];
    for (name, old, new, expected) in cases {
        let mut tree = Tree::mount(old).unwrap();
        assert_eq!(expected.to_vec(), commit(&mut tree, new.clone()), "{name}");
        assert_eq!(Tree::mount(new).unwrap().html(false), tree.html(false), "{name}");
    }
}

#[test]
fn an_attribute_that_the_root_loses_has_the_mount_point_as_its_parent() {
    let mut tree = Tree::mount(with("p", &[("id", "x")], [])).unwrap();
    let mut list = vango_core::patch_list::PatchList::default();
    tree.commit(el("p", []), &mut list).unwrap();
    assert_eq!(0, list.wholes[&0].parent);
}
