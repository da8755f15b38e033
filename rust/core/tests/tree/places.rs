//! Places: what scopes and slots change by themselves.

use crate::build::*;
use vango_core::error::TreeError;
use vango_core::limits::MAX_DEPTH;
use vango_core::node::{Child, Node};
use vango_core::patch_list::Discard;
use vango_core::tree::Update;

const NONE: [&str; 0] = [];

#[test]
fn a_slot_that_changes_is_one_patch() {
    let mut tree = tree(vec![node(0, el("p", [slot(), text("!")]), &[1]), node(1, text("a"), &[])]);
    assert_eq!("<p data-hid=\"1\">a<!--3-->!</p>", tree.html(true));
    assert_eq!(vec!["text 2 \"b\""], flush(&mut tree, vec![node(1, text("b"), &[])]));
    assert_eq!(NONE.to_vec(), flush(&mut tree, vec![node(1, text("b"), &[])]));
}

#[test]
fn a_slot_that_changes_its_shape_stays_where_it_is() {
    let page = el("p", [el("i", []), fragment([slot(), fragment([slot()])]), el("b", [])]);
    let mut tree = tree(vec![node(0, page, &[1, 2]), node(1, Node::nothing(), &[]), node(2, text("a"), &[])]);
    assert_eq!(vec!["insert 1 3 <u data-hid=\"5\"></u>"], flush(&mut tree, vec![node(1, el("u", []), &[])]));
    let patches = flush(&mut tree, vec![node(2, Node::nothing(), &[])]);
    assert_eq!(vec!["remove 3"], patches);
    let patches = flush(&mut tree, vec![node(1, fragment([el("s", []), el("q", [])]), &[])]);
    let expected = ["remove 5", "insert 1 4 <s data-hid=\"6\"></s>", "insert 1 4 <q data-hid=\"7\"></q>"];
    assert_eq!(expected.to_vec(), patches);
    assert_eq!("<p><i></i><s></s><q></q><b></b></p>", tree.html(false));
}

#[test]
fn places_within_places_find_their_parent_and_what_is_behind() {
    let page = el("p", [slot(), el("b", [])]);
    let mut tree = tree(vec![node(0, page, &[1]), node(1, slot(), &[2]), node(2, fragment([]), &[])]);
    let patches = flush(&mut tree, vec![node(2, fragment([text("a")]), &[])]);
    assert_eq!(vec!["insert 1 2 <!--3-->a"], patches);
    assert_eq!("<p>a<b></b></p>", tree.html(false));
}

#[test]
fn a_root_that_is_a_place_stands_in_a_wrapper() {
    let mut tree = tree(vec![node(0, slot(), &[1]), node(1, el("p", []), &[])]);
    assert_eq!("<vango-root data-hid=\"1\"><p data-hid=\"2\"></p></vango-root>", tree.html(true));
    assert_eq!(2, tree.count());
    let patches = flush(&mut tree, vec![node(1, el("b", []), &[])]);
    assert_eq!(vec!["remove 2", "insert 1 0 <b data-hid=\"3\"></b>"], patches);
}

#[test]
fn an_attribute_slot_comes_and_goes() {
    let page = el("p", [slotted("a", &["href"], [text("x")])]);
    let mut tree = tree(vec![node(0, page, &[1]), value(1, None)]);
    assert_eq!("<p><a>x</a></p>", tree.html(false));
    assert_eq!(vec!["attr 2 href=\"/\""], flush(&mut tree, vec![value(1, Some("/"))]));
    assert_eq!(NONE.to_vec(), flush(&mut tree, vec![value(1, Some("/"))]));
    assert_eq!("<p><a href=\"/\">x</a></p>", tree.html(false));
    assert_eq!(vec!["unset 2 href"], flush(&mut tree, vec![value(1, None)]));
}

#[test]
fn a_child_that_its_parent_mounts_is_not_inserted_twice() {
    let mut tree = tree(vec![node(0, el("p", []), &[])]);
    let updates = vec![node(0, el("p", [slot()]), &[1]), node(1, el("b", [slot()]), &[2]), node(2, text("x"), &[])];
    assert_eq!(vec!["insert 1 0 <b data-hid=\"2\">x</b>"], flush(&mut tree, updates));
}

#[test]
fn parent_and_child_change_in_one_flush() {
    let page = |class: &str| with("p", &[("class", class)], [slot()]);
    let mut tree = tree(vec![node(0, page("a"), &[1]), node(1, text("x"), &[])]);
    let patches = flush(&mut tree, vec![node(0, page("b"), &[1]), node(1, text("y"), &[])]);
    assert_eq!(vec!["attr 1 class=\"b\"", "text 2 \"y\""], patches);
}

#[test]
fn what_vanishes_is_freed_with_all_within_it() {
    let mut tree = tree(vec![
        node(0, el("p", [slot()]), &[1]),
        node(1, slotted("b", &["id"], [slot()]), &[2, 3]),
        value(2, Some("x")),
        node(3, text("y"), &[]),
    ]);
    assert_eq!(4, tree.places().count());
    // Its updates of the same flush are dropped.
    let updates = vec![node(0, el("p", []), &[]), value(2, Some("z")), node(3, text("z"), &[])];
    assert_eq!(vec!["remove 2"], flush(&mut tree, updates));
    assert_eq!(vec![0], tree.places().collect::<Vec<_>>());
    assert_eq!(1, tree.count());
}

#[test]
fn a_place_follows_its_id_among_its_siblings() {
    let page = || el("p", [slot(), slot(), slot()]);
    let mut tree = tree(vec![
        node(0, page(), &[1, 2, 3]),
        node(1, fragment([text("a"), text("A")]), &[]),
        node(2, text("b"), &[]),
        node(3, text("c"), &[]),
    ]);
    assert_eq!(vec!["move 5 1 2"], flush(&mut tree, vec![node(0, page(), &[3, 1, 2])]));
    assert_eq!("<p>caAb</p>", tree.html(false));
    assert_eq!(vec!["text 4 \"B\""], flush(&mut tree, vec![node(2, text("B"), &[])]));
}

#[test]
fn another_id_in_the_same_spot_is_another_place() {
    let mut tree = tree(vec![node(0, el("p", [slot()]), &[1]), node(1, text("a"), &[])]);
    let patches = flush(&mut tree, vec![node(0, el("p", [slot()]), &[2]), node(2, el("b", []), &[])]);
    assert_eq!(vec!["remove 2", "insert 1 0 <b data-hid=\"3\"></b>"], patches);
    assert!(!tree.is_mounted(1));
}

#[test]
fn a_place_under_another_parent_is_mounted_anew_with_what_it_showed() {
    let page = |left: &[Child], right: &[Child]| el("p", [el("i", left.to_vec()), el("b", right.to_vec())]);
    for (from, to) in [("left", "right"), ("right", "left")] {
        let at = |side: &str| {
            if side == "left" {
                page(&[slot()], &[])
            } else {
                page(&[], &[slot()])
            }
        };
        let mut tree = tree(vec![
            node(0, at(from), &[1]),
            node(1, slotted("u", &["id"], [slot()]), &[2, 3]),
            value(2, Some("x")),
            node(3, text("y"), &[]),
        ]);
        let patches = flush(&mut tree, vec![node(0, at(to), &[1])]);
        assert_eq!(2, patches.len(), "{patches:?}");
        assert_eq!(5, tree.count());
        assert_eq!(4, tree.places().count());
        assert!(tree.html(false).contains("<u id=\"x\">y</u>"));
        assert_eq!(vec!["text 7 \"z\""], flush(&mut tree, vec![node(3, text("z"), &[])]));
    }
}

#[test]
fn a_slot_that_changes_its_attribute_leaves_the_old_one() {
    let mut tree = tree(vec![node(0, slotted("p", &["id"], []), &[1]), value(1, Some("x"))]);
    let patches = flush(&mut tree, vec![node(0, slotted("p", &["title"], []), &[1])]);
    assert_eq!(vec!["attr 1 title=\"x\"", "unset 1 id"], patches);
}

#[test]
fn a_flush_that_is_refused_changes_nothing() {
    let deep = |levels: usize| (0..levels).fold(slot(), |inner, _| el("i", [inner]));
    let cases: Vec<(&str, Vec<Update>, TreeError)> = vec![
        ("unknown", vec![node(9, text("a"), &[])], TreeError::UnknownPlace(9)),
        ("too few", vec![node(0, el("p", [slot(), slot()]), &[1])], TreeError::PlaceCount { expected: 2, got: 1 }),
        ("too many", vec![node(0, el("p", []), &[1])], TreeError::PlaceCount { expected: 0, got: 1 }),
        ("no content", vec![node(0, el("p", [slot()]), &[9])], TreeError::NoContent(9)),
        ("a value kept as a node", vec![node(0, el("p", [slot()]), &[2])], TreeError::NoContent(2)),
        ("a value for a node", vec![value(1, None)], TreeError::WrongContent(1)),
        ("a node for a value", vec![node(2, text("a"), &[])], TreeError::WrongContent(2)),
        ("a value for the root", vec![value(0, None)], TreeError::WrongContent(0)),
        ("twice in one node", vec![node(0, el("p", [slot(), slot()]), &[1, 1])], TreeError::BoundTwice(1)),
        ("in the wrong hands", vec![node(1, slot(), &[2]), node(2, text(""), &[])], TreeError::BoundTwice(2)),
        ("the root within", vec![node(0, el("p", [slot()]), &[0])], TreeError::BoundTwice(0)),
        ("within itself", vec![node(1, slot(), &[1])], TreeError::ChildFirst(1)),
        ("two updates", vec![node(1, text("b"), &[]), node(1, text("c"), &[])], TreeError::BoundTwice(1)),
        ("children first", vec![node(1, text("b"), &[]), node(0, el("p", [slot()]), &[1])], TreeError::ChildFirst(1)),
        (
            "too deep",
            vec![node(0, deep(200), &[9]), node(9, deep(54), &[10]), node(10, text("a"), &[])],
            TreeError::Limit { what: "levels of a tree", limit: MAX_DEPTH, got: 257 },
        ),
        (
            "too deep with what stays",
            vec![node(0, deep(255), &[1])],
            TreeError::Limit { what: "levels of a tree", limit: MAX_DEPTH, got: 257 },
        ),
    ];
    for (name, updates, expected) in cases {
        let page = slotted("p", &["href"], [slot()]);
        let mut tree = tree(vec![node(0, page, &[2, 1]), value(2, Some("/")), node(1, text("a"), &[])]);
        let before = (tree.html(true), tree.next_hid(), tree.count());
        assert_eq!(Err(expected), tree.flush(updates, &mut Discard), "{name}");
        assert_eq!(before, (tree.html(true), tree.next_hid(), tree.count()), "{name}");
    }
}

#[test]
fn a_slot_is_checked_like_an_attribute() {
    let mut page = tree(vec![
        node(0, el("p", [slotted("a", &["href", "title"], [])]), &[1, 2]),
        value(1, Some("/")),
        value(2, Some("javascript:alert(1)")),
    ]);
    let is_refused = |result| matches!(result, Err(TreeError::Attr { .. }));
    assert!(is_refused(page.flush(vec![value(1, Some("javascript:alert(1)"))], &mut Discard)));
    // A value that one attribute may have is checked again when it is to be another's.
    let swapped = node(0, el("p", [slotted("a", &["href", "title"], [])]), &[2, 1]);
    assert!(is_refused(page.flush(vec![swapped], &mut Discard)));
}

#[test]
fn nesting_as_deep_as_allowed_is_allowed() {
    let deep = |levels: usize| (0..levels).fold(slot(), |inner, _| el("i", [inner]));
    let mut tree = tree(vec![node(0, deep(200), &[9]), node(9, deep(53), &[10]), node(10, text("a"), &[])]);
    assert_eq!(254, tree.count());
    assert_eq!(vec!["text 254 \"b\""], flush(&mut tree, vec![node(10, text("b"), &[])]));
}

#[test]
fn a_tree_without_a_root_has_no_places() {
    let mut tree = vango_core::tree::Tree::empty();
    assert_eq!(Err(TreeError::UnknownPlace(1)), tree.flush(vec![node(1, text("a"), &[])], &mut Discard));
    assert_eq!(NONE.to_vec(), flush(&mut tree, vec![]));
    assert_eq!((0, ""), (tree.count(), tree.html(true).as_str()));
}
