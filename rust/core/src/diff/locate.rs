//! Where a live node stands, found by walking from the place that owns it: only changes of
//! structure at the top of a place pay for this, changes of text and attributes never do.

use crate::live::{Live, Open, View};
use crate::node::Hid;
use crate::place::{Berth, Places, ROOT};

/// The DOM parent of the content of `berth`, and the DOM node behind that content (0: none).
///
/// # Complexity
/// O(opened nodes of the owners up to the first element around the place).
pub(crate) fn around(places: &Places, wrapper: Hid, berth: Berth) -> (Hid, Hid) {
    let (mut berth, mut before) = (berth, None);
    while berth != ROOT {
        let owner = places.get(berth).owner;
        let is_leaf = |live: &Live| matches!(live, Live::Place { berth: leaf, .. } if *leaf == berth);
        for (open, index) in trail(places, owner, &is_leaf).0.into_iter().rev() {
            if before.is_none() {
                before = open.children[index + 1..].iter().find_map(|live| live.view().first_root(places));
            }
            if open.hid != 0 {
                return (open.hid, before.unwrap_or(0));
            }
        }
        berth = owner;
    }
    (wrapper, before.unwrap_or(0))
}

/// The element that has `slot` as an attribute, and its DOM parent.
pub(crate) fn holder(places: &Places, wrapper: Hid, slot: Berth) -> Option<(View<'_>, Hid)> {
    let owner = places.get(slot).owner;
    let holds = |live: &Live| matches!(live, Live::Open(open) if open.slots.contains(&slot));
    let (path, found) = trail(places, owner, &holds);
    let parent = path.iter().rev().find(|(open, _)| open.hid != 0).map(|(open, _)| open.hid);
    Some((found?.view(), parent.unwrap_or_else(|| around(places, wrapper, owner).0)))
}

/// The nodes from the content of `owner` down to the first one that `is_it`, with the index of the way taken.
fn trail<'a>(
    places: &'a Places,
    owner: Berth,
    is_it: &dyn Fn(&Live) -> bool,
) -> (Vec<(&'a Open, usize)>, Option<&'a Live>) {
    fn descend<'a>(
        live: &'a Live,
        is_it: &dyn Fn(&Live) -> bool,
        path: &mut Vec<(&'a Open, usize)>,
    ) -> Option<&'a Live> {
        if is_it(live) {
            return Some(live);
        }
        let Live::Open(open) = live else { return None };
        if open.node.places == 0 {
            return None;
        }
        for (index, child) in open.children.iter().enumerate() {
            path.push((open, index));
            let found = descend(child, is_it, path);
            if found.is_some() {
                return found;
            }
            path.pop();
        }
        None
    }
    let mut path = Vec::new();
    let found = places.live(owner).and_then(|live| descend(live, is_it, &mut path));
    (path, found)
}
