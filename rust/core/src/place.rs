//! Places: where the contents of scopes and slots are mounted in one tree.
//!
//! Invariants maintained here:
//! - a mounted place stands in a *berth* (an index), and every [`Live`] leaf names its berth, not its id:
//!   an id that leaves one parent and enters another has two berths until the flush ends,
//!   so what leaves and what enters are never confused;
//! - berths that left stay readable until [`Places::sweep`], because their content may be mounted again;
//! - the root stands in berth [`ROOT`] for ever.

use std::sync::Arc;

use crate::atom::Atom;
use crate::live::Live;
use crate::node::{Child, Hid};
use crate::numbers::NumberMap;

/// The caller's name for a place; 0 is the root.
pub type PlaceId = u64;

/// Where a mounted place is kept.
pub(crate) type Berth = u32;

/// The berth of place 0.
pub(crate) const ROOT: Berth = 0;

/// What a place shows.
#[derive(Clone, Debug)]
pub enum Content {
    /// A node, for a place among children.
    Node(Child),
    /// The value of an attribute; `None` leaves it out.
    Value(Option<Arc<str>>),
}

/// New content of one place.
#[derive(Clone, Debug)]
pub struct Update {
    /// Which place.
    pub place: PlaceId,
    /// What it shows from now on.
    pub content: Content,
    /// The ids of the places within the content, in document order: of an element first its
    /// attribute slots by name, then its children.
    pub places: Box<[PlaceId]>,
}

/// What a berth holds.
#[derive(Debug)]
pub(crate) enum Holds {
    /// Nothing: free, or its content is just being diffed.
    Vacant,
    /// A place among children.
    Node(Live),
    /// A slot in an attribute of the element `hid`.
    Value { hid: Hid, name: Atom, value: Option<Arc<str>> },
}

/// One mounted place.
#[derive(Debug)]
pub(crate) struct Place {
    pub id: PlaceId,
    /// Berth of the place whose node holds this one; the root is its own.
    pub owner: Berth,
    /// Levels above its content, places counted.
    pub depth: u16,
    /// It left in the flush that is going on.
    pub dead: bool,
    pub holds: Holds,
}

/// All places of a tree.
#[derive(Debug, Default)]
pub(crate) struct Places {
    berths: Vec<Place>,
    free: Vec<Berth>,
    dead: Vec<Berth>,
    index: NumberMap<PlaceId, Berth>,
}

impl Places {
    /// Give `id` a berth, its newest from now on.
    pub fn add(&mut self, id: PlaceId, owner: Berth, depth: u16, holds: Holds) -> Berth {
        let place = Place { id, owner, depth, dead: false, holds };
        let berth = if let Some(berth) = self.free.pop() {
            self.berths[berth as usize] = place;
            berth
        } else {
            self.berths.push(place);
            (self.berths.len() - 1) as Berth
        };
        self.index.insert(id, berth);
        berth
    }

    /// Whether not even the root is mounted.
    pub fn is_empty(&self) -> bool {
        self.berths.is_empty()
    }

    pub fn get(&self, berth: Berth) -> &Place {
        &self.berths[berth as usize]
    }

    pub fn get_mut(&mut self, berth: Berth) -> &mut Place {
        &mut self.berths[berth as usize]
    }

    /// The mounted place `id`.
    pub fn find(&self, id: PlaceId) -> Option<Berth> {
        self.known(id).filter(|berth| !self.get(*berth).dead)
    }

    /// The place `id`, which may have left in this flush.
    pub fn known(&self, id: PlaceId) -> Option<Berth> {
        self.index.get(&id).copied()
    }

    /// The live content of a place among children.
    pub fn live(&self, berth: Berth) -> Option<&Live> {
        match &self.get(berth).holds {
            Holds::Node(live) => Some(live),
            _ => None,
        }
    }

    /// The value of an attribute slot.
    pub fn value(&self, berth: Berth) -> Option<&Arc<str>> {
        match &self.get(berth).holds {
            Holds::Value { value, .. } => value.as_ref(),
            _ => None,
        }
    }

    /// Take the content of a berth out, to diff it or to free what is below.
    pub fn vacate(&mut self, berth: Berth) -> Holds {
        std::mem::replace(&mut self.get_mut(berth).holds, Holds::Vacant)
    }

    /// Mark a place that leaves.
    pub fn bury(&mut self, berth: Berth) {
        self.get_mut(berth).dead = true;
        self.dead.push(berth);
    }

    /// End a flush: free the berths that were left.
    pub fn sweep(&mut self) {
        for berth in std::mem::take(&mut self.dead) {
            let id = self.get(berth).id;
            if self.index.get(&id) == Some(&berth) {
                self.index.remove(&id);
            }
            self.vacate(berth);
            self.free.push(berth);
        }
    }

    /// For how many places there is room, and in how large a map.
    pub fn room(&self) -> (usize, usize) {
        (self.berths.capacity(), self.index.capacity())
    }

    /// What stands in the berths.
    pub fn held(&self) -> impl Iterator<Item = &Holds> {
        self.berths.iter().map(|place| &place.holds)
    }

    /// The ids of all mounted places.
    pub fn ids(&self) -> impl Iterator<Item = PlaceId> + '_ {
        self.index.keys().copied()
    }
}
