//! What nodes and trees weigh, added up from their sizes.
//!
//! What nodes share is not part of it: sets of attributes, names and templates. A node that stands in several
//! trees is part of each.

use crate::few::Few;
use crate::live::Live;
use crate::node::{Child, Key, Kind, Node};
use crate::place::{Holds, Place, Places};
use crate::weight::{piece, shared};

/// What a node and all that is in it takes.
///
/// # Complexity
/// O(nodes); an instance is one, with its texts.
fn node(node: &Node) -> usize {
    let own = match &node.kind {
        Kind::Nothing => return 0,
        Kind::Text(text) | Kind::Raw(text) => text.beside(),
        Kind::Place(_) => 0,
        Kind::Element(element) => few(&element.handlers) + children(&element.children),
        Kind::Fragment(nodes) => children(nodes),
        Kind::Instance(instance) => instance.beside(),
    };
    shared(size_of::<Node>()) + node.key.as_ref().map_or(0, beside_key) + own
}

fn children(nodes: &Few<Child>) -> usize {
    few(nodes) + nodes.iter().map(|child| node(child)).sum::<usize>()
}

fn few<T>(items: &Few<T>) -> usize {
    match items {
        Few::One(_) => 0,
        Few::Many(items) => piece(size_of_val(&**items)),
    }
}

fn beside_key(key: &Key) -> usize {
    match key {
        Key::Int(_) => 0,
        Key::Long(number) => shared(size_of_val(&**number)),
        Key::Uuid(number) => shared(size_of_val(&**number)),
        Key::Str(text) => shared(size_of_val(&**text)) + piece(text.len()),
        Key::Bytes(bytes) => shared(size_of_val(&**bytes)) + piece(bytes.len()),
        Key::Tuple(keys) => {
            let own = shared(size_of_val(&**keys)) + piece(size_of_val(&***keys));
            own + keys.iter().map(beside_key).sum::<usize>()
        }
    }
}

/// What all places take, with what they show.
///
/// # Complexity
/// O(nodes), where an instance is one.
pub(crate) fn places(places: &Places) -> usize {
    let (berths, index) = places.room();
    // A map has a byte of its own for each entry that it has room for.
    let tables = piece(berths * size_of::<Place>()) + piece(index * (size_of::<(u64, u32)>() + 1));
    tables + places.held().map(holds).sum::<usize>()
}

fn holds(holds: &Holds) -> usize {
    match holds {
        Holds::Vacant => 0,
        Holds::Node(live) => node(live.node()) + beside(live),
        Holds::Value { value, .. } => value.as_ref().map_or(0, |value| shared(value.len())),
    }
}

/// What is known of a live node beside the node.
fn beside(live: &Live) -> usize {
    match live {
        Live::Run { .. } | Live::Place { .. } => 0,
        Live::Open(open) => {
            let lists = piece(size_of_val(&*open.slots)) + piece(size_of_val(&*open.children));
            piece(size_of_val(&**open)) + lists + open.children.iter().map(beside).sum::<usize>()
        }
    }
}
