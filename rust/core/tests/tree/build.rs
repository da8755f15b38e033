//! Short words for nodes, and patches in words.

use vango_core::atom::Atom;
use vango_core::html::Html;
use vango_core::node::{Attr, Child, Handler, Key, Node, Value};
use vango_core::patch::{Patch, Subtree};
use vango_core::patch_list::PatchList;
use vango_core::tree::{Content, PlaceId, Tree, Update};

pub fn text(text: &str) -> Child {
    Node::text(text).unwrap()
}

pub fn raw(html: &str) -> Child {
    Node::raw(html, None).unwrap()
}

pub fn slot() -> Child {
    Node::place(0, None)
}

pub fn fragment(children: impl Into<Vec<Child>>) -> Child {
    Node::fragment(children.into(), None).unwrap()
}

pub fn el(tag: &str, children: impl Into<Vec<Child>>) -> Child {
    with(tag, &[], children)
}

pub fn with(tag: &str, attrs: &[(&str, &str)], children: impl Into<Vec<Child>>) -> Child {
    Node::element(Atom::new(tag), list(attrs), vec![], children.into(), None).unwrap()
}

/// An element with `slots` as attributes besides.
pub fn slotted(tag: &str, slots: &[&str], children: impl Into<Vec<Child>>) -> Child {
    let attrs = slots.iter().map(|name| Attr { name: Atom::new(name), value: Value::Slot(0) }).collect();
    Node::element(Atom::new(tag), attrs, vec![], children.into(), None).unwrap()
}

pub fn keyed(tag: &str, key: impl Into<Id>, children: impl Into<Vec<Child>>) -> Child {
    Node::element(Atom::new(tag), vec![], vec![], children.into(), Some(key.into().0)).unwrap()
}

pub fn button(target: u64) -> Child {
    Node::element(Atom::new("button"), vec![], vec![Handler::new(0, target)], vec![], None).unwrap()
}

/// A key as tests write it.
pub struct Id(Key);

impl From<i128> for Id {
    fn from(key: i128) -> Self {
        Self(Key::int(key))
    }
}

impl From<&str> for Id {
    fn from(key: &str) -> Self {
        Self(Key::str(key))
    }
}

fn list(attrs: &[(&str, &str)]) -> Vec<Attr> {
    let attr = |(name, value): &(&str, &str)| Attr { name: Atom::new(name), value: Value::Text((*value).into()) };
    attrs.iter().map(attr).collect()
}

pub fn node(place: PlaceId, node: Child, places: &[PlaceId]) -> Update {
    Update { place, content: Content::Node(node), places: places.into() }
}

pub fn value(place: PlaceId, value: Option<&str>) -> Update {
    Update { place, content: Content::Value(value.map(Into::into)), places: Box::default() }
}

/// A tree of these updates.
pub fn tree(updates: Vec<Update>) -> Tree {
    let mut tree = Tree::empty();
    assert_eq!(Vec::<String>::new(), flush(&mut tree, updates));
    tree
}

pub fn flush(tree: &mut Tree, updates: Vec<Update>) -> Vec<String> {
    let mut list = PatchList::default();
    tree.flush(updates, &mut list).unwrap();
    list.patches.iter().map(words).collect()
}

pub fn commit(tree: &mut Tree, root: Child) -> Vec<String> {
    flush(tree, vec![node(0, root, &[])])
}

/// The patches from one root to another; hids of the first count from 1 in document order.
pub fn diff(old: Child, new: Child) -> Vec<String> {
    commit(&mut Tree::mount(old).unwrap(), new)
}

fn words(patch: &Patch) -> String {
    match patch {
        Patch::SetText { hid, text } => format!("text {hid} {text:?}"),
        Patch::SetAttr { hid, name, value } => format!("attr {hid} {name}={value:?}"),
        Patch::Remove { hid } => format!("remove {hid}"),
        Patch::Insert { parent, before, node } => {
            let mut html = Html::new(true);
            node.write(&mut html);
            format!("insert {parent} {before} {}", html.finish())
        }
        Patch::SetEvents { hid, events } => format!("events {hid} {events}"),
        Patch::RemoveAttr { hid, name } => format!("unset {hid} {name}"),
        Patch::Move { hid, parent, before } => format!("move {hid} {parent} {before}"),
    }
}
