//! What slots hold, said once more.

use crate::build::*;
use vango_core::atom::Atom;
use vango_core::node::{Attr, Child, Node, Value};
use vango_core::patch::Patch;
use vango_core::patch_list::PatchList;
use vango_core::tree::Tree;

#[test]
fn what_a_slot_holds_is_said_once_more_whether_or_not_it_holds_anything() {
    let page = el("p", [slotted("input", &[".checked", ".value"], []), slot()]);
    let tree = tree(vec![node(0, page, &[5, 6, 7]), value(5, None), value(6, Some("a")), node(7, text("b"), &[])]);
    let said = |place| {
        let mut list = PatchList::default();
        tree.restate(place, &mut list);
        list.patches
    };
    assert_eq!(vec![Patch::RemoveAttr { hid: 2, name: ".checked".into() }], said(5));
    assert_eq!(vec![Patch::SetAttr { hid: 2, name: ".value".into(), value: "a".into() }], said(6));
    assert!([0, 7, 8].map(said).iter().all(Vec::is_empty));
}

/// An element with one slot, and other attributes.
fn control(tag: &str, slot: &str, attrs: &[(&str, &str)], children: impl Into<Vec<Child>>) -> Child {
    let known = attrs.iter().map(|(name, value)| Attr { name: Atom::new(name), value: Value::Text((*value).into()) });
    let attrs = known.chain([Attr { name: Atom::new(slot), value: Value::Slot(0) }]).collect();
    Node::element(Atom::new(tag), attrs, vec![], children.into(), None).unwrap()
}

fn answer(tree: &Tree, hid: u32, said: Option<&[&str]>) -> Vec<String> {
    let mut list = PatchList::default();
    tree.answer(hid, said, &mut list);
    let word = |patch: &Patch| match patch {
        Patch::SetAttr { hid, name, value } => format!("{hid} {name}={value}"),
        Patch::RemoveAttr { hid, name } => format!("{hid} -{name}"),
        other => format!("{other:?}"),
    };
    list.patches.iter().map(word).collect()
}

#[test]
fn a_text_is_left_to_who_types_it() {
    let field = control("input", ".value", &[], []);
    let page = el("p", [field, control("textarea", ".value", &[], [])]);
    let tree = tree(vec![node(0, page, &[5, 6]), value(5, Some("12")), value(6, None)]);
    for (hid, said) in [(2, Some(&["12x"][..])), (2, None), (3, Some(&["x"])), (9, None)] {
        assert!(answer(&tree, hid, said).is_empty(), "{hid} {said:?}");
    }
}

#[test]
fn a_box_is_answered_also_where_nobody_knows_what_it_said() {
    let tree = tree(vec![node(0, control("input", ".checked", &[("type", "checkbox")], []), &[5]), value(5, None)]);
    assert_eq!(vec!["1 -.checked"], answer(&tree, 1, Some(&["on"])));
    assert_eq!(vec!["1 -.checked"], answer(&tree, 1, None));
    assert!(answer(&tree, 1, Some(&[])).is_empty());
}

#[test]
fn a_radio_button_is_answered_with_its_group() {
    let radio = |name| control("input", ".checked", &[("type", "radio"), ("name", name)], []);
    let form = |children: Vec<Child>| el("form", children);
    let page = el("div", [form(vec![radio("a"), radio("a"), radio("b")]), form(vec![radio("a")])]);
    let held = [Some(""), None, Some(""), Some("")];
    let values = (5..9).zip(held).map(|(place, held)| value(place, held));
    let tree = tree([node(0, page, &[5, 6, 7, 8])].into_iter().chain(values).collect());
    assert_eq!(vec!["4 -.checked", "3 .checked="], answer(&tree, 4, Some(&["on"])));
    assert!(answer(&tree, 3, Some(&["on"])).is_empty());
}

#[test]
fn a_list_is_answered_by_its_options() {
    let option = |value| control("option", ".selected", &[("value", value)], []);
    let page = el("select", [option("a"), el("optgroup", [option("b")]), slot(), el("option", [])]);
    let updates =
        vec![node(0, page, &[5, 6, 7]), value(5, None), value(6, None), node(7, option("c"), &[8]), value(8, Some(""))];
    let tree = tree(updates);
    assert_eq!(vec!["5 .selected=", "2 -.selected", "4 -.selected"], answer(&tree, 1, Some(&["a"])));
    assert!(answer(&tree, 1, Some(&["c"])).is_empty());
    assert!(answer(&tree, 1, None).is_empty());
}

#[test]
fn a_list_is_answered_by_its_value() {
    let page = control("select", ".value", &[], [with("option", &[("value", "1")], [])]);
    let tree = tree(vec![node(0, page, &[5]), value(5, Some("1"))]);
    assert_eq!(vec!["1 .value=1"], answer(&tree, 1, Some(&["2"])));
    assert!(answer(&tree, 1, Some(&["1"])).is_empty());
}

#[test]
fn a_constant_is_never_said_again() {
    let page = with("input", &[(".checked", ""), ("type", "checkbox")], []);
    let tree = tree(vec![node(0, page, &[])]);
    assert!(answer(&tree, 1, Some(&[])).is_empty());
}
