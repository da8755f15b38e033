//! From a hid to its element, its place and its handler.

use crate::build::*;
use vango_core::html::Html;
use vango_core::patch::Subtree;
use vango_core::tree::Tree;

/// The element of a hid as HTML, and its DOM parent.
fn element(tree: &Tree, hid: u32) -> Option<(String, u32)> {
    let (node, parent) = tree.element_at(hid)?;
    let mut html = Html::new(false);
    node.write(&mut html);
    Some((html.finish(), parent))
}

#[test]
fn a_text_is_fetched_with_its_element() {
    let tree = Tree::mount(el("p", [el("b", [text("x"), raw("<i></i>")])])).unwrap();
    let bold = Some(("<b>x<i></i></b>".to_string(), 1));
    for hid in [2, 3, 4] {
        assert_eq!(bold, element(&tree, hid));
    }
    assert_eq!(Some(("<p><b>x<i></i></b></p>".to_string(), 0)), element(&tree, 1));
    assert_eq!(None, element(&tree, 5));
    assert_eq!(None, element(&tree, 0));
}

#[test]
fn the_wrapper_is_an_element_and_a_bare_text_has_none() {
    let tree = Tree::mount(fragment([text("x")])).unwrap();
    assert_eq!(Some(("<vango-root>x</vango-root>".to_string(), 0)), element(&tree, 2));
    assert_eq!(None, element(&Tree::mount(text("x")).unwrap(), 1));
}

#[test]
fn a_listener_is_found_in_the_place_that_holds_it() {
    let tree = tree(vec![
        node(0, el("p", [button(10), slot()]), &[5]),
        node(5, el("div", [button(11), slot(), button(12)]), &[6]),
        node(6, button(13), &[]),
    ]);
    let found: Vec<_> = (1..=6).map(|hid| tree.listener(hid, 0)).collect();
    assert_eq!(vec![None, Some((0, 10)), None, Some((5, 11)), Some((6, 13)), Some((5, 12))], found);
    assert_eq!(None, tree.listener(2, 1));
}

#[test]
fn slots_of_attributes_are_told_from_places_among_children() {
    let page = slotted("p", &["id"], [slot()]);
    let tree = tree(vec![node(0, page, &[5, 6]), value(5, None), node(6, text("a"), &[])]);
    assert_eq!(vec![false, true, false, false], [0, 5, 6, 7].map(|place| tree.is_slot(place)));
    assert_eq!(vec![true, true, true, false], [0, 5, 6, 7].map(|place| tree.is_mounted(place)));
}

#[test]
fn what_left_is_not_live() {
    let page = |keys: &[i128]| el("ul", keys.iter().map(|key| keyed("li", *key, [])).collect::<Vec<_>>());
    let mut tree = Tree::mount(page(&[1, 2, 3])).unwrap();
    commit(&mut tree, page(&[3, 4, 1]));
    let live: Vec<u32> = (0..9).filter(|hid| tree.is_live(*hid)).collect();
    assert_eq!(vec![1, 2, 4, 5], live);
    assert_eq!((4, 6), (tree.count(), tree.next_hid()));
}
