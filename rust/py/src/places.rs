//! The places of a node, with the paths by which they are found again.

use std::hash::{DefaultHasher, Hash, Hasher};

use vango_core::node::{Child, Kind, Node, Ref, Value};

/// A slot or a component in a tree.
pub struct Place<'a> {
    /// Made from the tags, keys and indexes between the root and the place.
    pub path: u64,
    /// What stands there.
    pub target: Ref,
    /// The attribute whose value it is, `None` for a child.
    pub attr: Option<&'a str>,
}

/// The places of a node, in document order: the slots of an element's attributes, then its children.
///
/// # Complexity
/// Subtrees without a place are not entered.
pub fn places(node: &Node) -> Vec<Place<'_>> {
    let mut found = Vec::with_capacity(node.places as usize);
    walk(node, step(0, 0, node), &mut found);
    found
}

fn walk<'a>(node: &'a Node, path: u64, found: &mut Vec<Place<'a>>) {
    match &node.kind {
        Kind::Place(target) => found.push(Place { path, target: *target, attr: None }),
        Kind::Element(element) => {
            for attr in &element.attrs {
                if let Value::Slot(target) = attr.value {
                    found.push(Place { path: mix(path, &*attr.name), target, attr: Some(&attr.name) });
                }
            }
            walk_children(&element.children, path, found);
        }
        Kind::Fragment(children) => walk_children(children, path, found),
        Kind::Nothing | Kind::Text(_) | Kind::Raw(_) | Kind::Instance(_) => {}
    }
}

fn walk_children<'a>(children: &'a [Child], path: u64, found: &mut Vec<Place<'a>>) {
    for (index, child) in children.iter().enumerate() {
        if child.places > 0 {
            walk(child, step(path, index, child), found);
        }
    }
}

/// The path of a child: by its key, else by its index; another kind of node is another path.
fn step(parent: u64, index: usize, child: &Node) -> u64 {
    let shape = match &child.kind {
        Kind::Element(element) => Some(&*element.tag),
        _ => None,
    };
    let kind = std::mem::discriminant(&child.kind);
    match &child.key {
        Some(key) => mix(parent, (key, kind, shape)),
        None => mix(parent, (index, kind, shape)),
    }
}

fn mix(parent: u64, part: impl Hash) -> u64 {
    // The keys of this hasher are fixed: equal paths are equal numbers.
    let mut hasher = DefaultHasher::new();
    parent.hash(&mut hasher);
    part.hash(&mut hasher);
    hasher.finish()
}
