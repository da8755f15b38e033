//! A flush is checked whole before anything is touched.
//!
//! Invariant: a flush that passed [`Plan::check`] cannot fail, so a tree is never half-changed.

use std::hash::BuildHasherDefault;

use crate::atom::Atom;
use crate::attr::check_value;
use crate::error::TreeError;
use crate::hid::Hids;
use crate::limits::{MAX_DEPTH, MAX_HID};
use crate::node::{Child, Kind};
use crate::numbers::NumberMap;
use crate::place::{Berth, Content, Holds, PlaceId, Places, Update, ROOT};

/// The updates of one flush that wait for their turn.
#[derive(Default)]
pub(crate) struct Pending {
    updates: Vec<Option<Update>>,
    order: NumberMap<PlaceId, usize>,
}

impl Pending {
    /// The update of `id`, which a place takes when it is mounted before its turn.
    pub fn take(&mut self, id: PlaceId) -> Option<(Content, Box<[PlaceId]>)> {
        let update = self.updates[*self.order.get(&id)?].take()?;
        Some((update.content, update.places))
    }

    /// The update whose turn is `index`, if nobody took it.
    pub fn turn(&mut self, index: usize) -> Option<Update> {
        self.updates[index].take()
    }

    pub fn len(&self) -> usize {
        self.updates.len()
    }
}

/// A place as the nodes of this flush hold it.
struct Bound<'u> {
    owner: PlaceId,
    depth: usize,
    /// The attribute that it is a slot of.
    name: Option<&'u Atom>,
}

/// What is known while a flush is checked.
pub(crate) struct Plan<'t, 'u> {
    places: &'t Places,
    updates: &'u [Update],
    order: NumberMap<PlaceId, usize>,
    bound: NumberMap<PlaceId, Bound<'u>>,
    /// New depths of places that stay as they are below one that moves.
    depths: NumberMap<PlaceId, usize>,
}

impl<'u> Plan<'_, 'u> {
    /// Check all `updates` against the places that are mounted.
    ///
    /// # Errors
    /// See [`crate::tree::Tree::flush`].
    ///
    /// # Complexity
    /// O(updates and the places in their nodes), and what moves between parents.
    pub fn check(places: &Places, hids: &Hids, updates: Vec<Update>) -> Result<Pending, TreeError> {
        let mut order = NumberMap::with_capacity_and_hasher(updates.len(), BuildHasherDefault::default());
        let mut needed = u64::from(hids.live()) + 1;
        for (index, update) in updates.iter().enumerate() {
            if order.insert(update.place, index).is_some() {
                return Err(TreeError::BoundTwice(update.place));
            }
            if let Content::Node(node) = &update.content {
                needed += u64::from(node.count);
            }
        }
        if needed > u64::from(hids.room()) {
            let (limit, got) = (MAX_HID as usize, needed as usize + hids.next() as usize);
            return Err(TreeError::Limit { what: "nodes in the life of a tree", limit, got });
        }
        let mut plan =
            Plan { places, updates: &updates, order, bound: NumberMap::default(), depths: NumberMap::default() };
        for index in 0..updates.len() {
            plan.update(index)?;
        }
        plan.owners()?;
        let order = plan.order;
        Ok(Pending { updates: updates.into_iter().map(Some).collect(), order })
    }

    fn update(&mut self, index: usize) -> Result<(), TreeError> {
        let updates = self.updates;
        let Update { place, content, places } = &updates[index];
        let (depth, name) = self.target(*place)?;
        match (content, name) {
            (Content::Value(value), Some(name)) => {
                count(0, places.len())?;
                value.as_ref().map_or(Ok(()), |value| check_value(&name, value))
            }
            (Content::Node(node), None) => {
                count(node.places as usize, places.len())?;
                fits(depth, node)?;
                let mut ids = places.iter();
                each_place(node, depth, &mut |name, depth| match ids.next() {
                    Some(id) => self.bind(*id, Bound { owner: *place, depth, name }, index),
                    None => Ok(()),
                })
            }
            _ => Err(TreeError::WrongContent(*place)),
        }
    }

    /// Levels above the content of a place, and its attribute's name if it is a slot of one.
    fn target(&self, id: PlaceId) -> Result<(usize, Option<Atom>), TreeError> {
        if id == 0 {
            return Ok((0, None));
        }
        if let Some(bound) = self.bound.get(&id) {
            return Ok((bound.depth, bound.name.cloned()));
        }
        let berth = self.places.find(id).ok_or(TreeError::UnknownPlace(id))?;
        let place = self.places.get(berth);
        Ok(match &place.holds {
            Holds::Value { name, .. } => (0, Some(name.clone())),
            _ => (self.depths.get(&id).copied().unwrap_or(usize::from(place.depth)), None),
        })
    }

    /// `id` stands in the node of update `index` from now on.
    fn bind(&mut self, id: PlaceId, bound: Bound<'u>, index: usize) -> Result<(), TreeError> {
        let (depth, name) = (bound.depth, bound.name);
        if id == 0 || self.bound.insert(id, bound).is_some() {
            return Err(TreeError::BoundTwice(id));
        }
        match self.order.get(&id) {
            Some(turn) if *turn <= index => Err(TreeError::ChildFirst(id)),
            Some(_) => Ok(()),
            None => self.keep(id, depth, name),
        }
    }

    /// `id` keeps its content: check that it has one, and that it may stand there.
    fn keep(&mut self, id: PlaceId, depth: usize, name: Option<&Atom>) -> Result<(), TreeError> {
        let berth = self.places.find(id).ok_or(TreeError::NoContent(id))?;
        match (&self.places.get(berth).holds, name) {
            (Holds::Value { name: old, value: Some(value), .. }, Some(name)) if old != name => check_value(name, value),
            (Holds::Value { .. }, Some(_)) => Ok(()),
            (Holds::Node(_), None) => self.lower(berth, depth),
            _ => Err(TreeError::NoContent(id)),
        }
    }

    /// The content of `berth`, and what is below, will stand at another depth.
    fn lower(&mut self, berth: Berth, depth: usize) -> Result<(), TreeError> {
        let places = self.places;
        let place = places.get(berth);
        let (old, Some(live)) = (usize::from(place.depth), places.live(berth)) else { return Ok(()) };
        if old == depth {
            return Ok(());
        }
        self.depths.insert(place.id, depth);
        if self.order.contains_key(&place.id) {
            return Ok(());
        }
        fits(depth, live.node())?;
        let mut ids = Vec::new();
        live.place_ids(places, &mut ids);
        for berth in ids.into_iter().filter_map(|id| places.find(id)) {
            self.lower(berth, depth + usize::from(places.get(berth).depth).saturating_sub(old))?;
        }
        Ok(())
    }

    /// Refuse a place that a node which stays, and is not part of this flush, holds too.
    fn owners(&self) -> Result<(), TreeError> {
        for (id, bound) in &self.bound {
            let Some(berth) = self.places.find(*id) else { continue };
            let mut owner = self.places.get(berth).owner;
            if self.places.get(owner).id == bound.owner {
                continue;
            }
            // Its old owner must be updated, so that it lets go, or leave itself.
            while !self.order.contains_key(&self.places.get(owner).id) {
                if owner == ROOT || self.bound.contains_key(&self.places.get(owner).id) {
                    return Err(TreeError::BoundTwice(*id));
                }
                owner = self.places.get(owner).owner;
            }
        }
        Ok(())
    }
}

fn count(expected: usize, got: usize) -> Result<(), TreeError> {
    if expected == got {
        Ok(())
    } else {
        Err(TreeError::PlaceCount { expected, got })
    }
}

/// Refuse a node that would reach too deep below `depth` levels.
fn fits(depth: usize, node: &Child) -> Result<(), TreeError> {
    let got = depth + usize::from(node.height);
    if got > MAX_DEPTH {
        return Err(TreeError::Limit { what: "levels of a tree", limit: MAX_DEPTH, got });
    }
    Ok(())
}

/// Show the places of `node`, which stands below `level` levels, in document order: the name of
/// the attribute for a slot of one, and the level of the content of a place.
fn each_place<'u>(
    node: &'u Child,
    level: usize,
    each: &mut dyn FnMut(Option<&'u Atom>, usize) -> Result<(), TreeError>,
) -> Result<(), TreeError> {
    if node.places == 0 {
        return Ok(());
    }
    let children = match &node.kind {
        Kind::Place(_) => return each(None, level + 1),
        Kind::Element(element) => {
            element.slots().try_for_each(|name| each(Some(name), 0))?;
            &element.children
        }
        Kind::Fragment(children) => children,
        Kind::Nothing | Kind::Text(_) | Kind::Raw(_) | Kind::Instance(_) => return Ok(()),
    };
    children.iter().try_for_each(|child| each_place(child, level + 1, each))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::Node;

    #[test]
    fn a_session_that_used_its_hids_up_is_told_so() {
        let check = |next| {
            let content = Content::Node(Node::text("a").unwrap());
            let update = Update { place: 0, content, places: Box::default() };
            Plan::check(&Places::default(), &Hids::starting_at(next), vec![update]).map(|_| ())
        };
        // A text, and the wrapper that a root may need.
        assert_eq!(Ok(()), check(MAX_HID - 2));
        let (what, limit) = ("nodes in the life of a tree", MAX_HID as usize);
        assert_eq!(Err(TreeError::Limit { what, limit, got: limit + 1 }), check(MAX_HID - 1));
    }
}
