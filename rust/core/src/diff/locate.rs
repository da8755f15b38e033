//! Where a live node stands: only changes of structure at the top of a place ask this, changes of
//! text and attributes never do.
//!
//! Who asks first about a place of an owner is told what was found on the way; from the second time on,
//! all its places are remembered. So a thousand siblings that change their structure cost two walks.
//!
//! Invariants maintained here:
//! - what is remembered of an owner is forgotten when its own content changes;
//! - between the ends of a gap, both left out, no sibling is shown: what comes to be shown asks where
//!   it stands first, and the gap of who asks begins with it.

use std::collections::hash_map::Entry;
use std::ops::Range;

use crate::live::{Live, Open, View};
use crate::node::Hid;
use crate::numbers::NumberMap;
use crate::place::{Berth, Places, ROOT};

/// What one flush has found out.
#[derive(Default)]
pub(crate) struct Positions {
    /// By owner; nothing yet of those that were asked for once.
    owners: NumberMap<Berth, Option<Sites>>,
    /// Nodes that were looked at.
    #[cfg(test)]
    pub looks: usize,
}

/// The opened nodes of one owner, and the places in them.
#[derive(Default)]
struct Sites {
    opens: Vec<Site>,
    /// Places and slots of attributes, ascending by berth.
    leaves: Vec<Leaf>,
}

/// An opened node.
struct Site {
    at: Option<Index>,
    /// From the child that asked last to the next one that is shown.
    gap: Range<usize>,
}

/// A position among the children of an opened node.
#[derive(Clone, Copy)]
struct Index {
    site: usize,
    child: usize,
}

struct Leaf {
    berth: Berth,
    at: Option<Index>,
}

/// A node on the way to a leaf, and where the way goes on.
struct Step<'a> {
    open: &'a Open,
    child: usize,
    /// Which of the sites it is, where they are known.
    site: Option<usize>,
}

impl Positions {
    /// The DOM parent of the content of `berth`, and the DOM node behind that content (0: none).
    ///
    /// # Complexity
    /// O(opened nodes of the owners up to the first element around the place), twice in a flush; then
    /// O(depth), and one look at each sibling between the place and the node behind it, which is
    /// saved for siblings that change from the first to the last.
    pub fn around(&mut self, places: &Places, wrapper: Hid, berth: Berth) -> (Hid, Hid) {
        let (mut berth, mut before) = (berth, None);
        while berth != ROOT {
            let owner = places.get(berth).owner;
            for step in self.way(places, owner, berth).into_iter().rev() {
                before = before.or_else(|| self.behind(places, owner, &step));
                if step.open.hid != 0 {
                    return (step.open.hid, before.unwrap_or(0));
                }
            }
            berth = owner;
        }
        (wrapper, before.unwrap_or(0))
    }

    /// The element that has `slot` as an attribute, and its DOM parent.
    pub fn holder<'a>(&mut self, places: &'a Places, wrapper: Hid, slot: Berth) -> Option<(View<'a>, Hid)> {
        let owner = places.get(slot).owner;
        let mut way = self.way(places, owner, slot).into_iter().rev().map(|step| step.open);
        let view = View::Open(way.next()?);
        let parent = way.find(|open| open.hid != 0).map(|open| open.hid);
        Some((view, parent.unwrap_or_else(|| self.around(places, wrapper, owner).0)))
    }

    /// The content of `owner` changes.
    pub fn forget(&mut self, owner: Berth) {
        self.owners.remove(&owner);
    }

    /// The opened nodes from the content of `owner` down to the leaf `berth`.
    fn way<'a>(&mut self, places: &'a Places, owner: Berth, berth: Berth) -> Vec<Step<'a>> {
        let Some(content) = places.live(owner) else { return Vec::new() };
        let sites = match self.owners.entry(owner) {
            Entry::Vacant(entry) => entry.insert(None).as_ref(),
            Entry::Occupied(entry) => Some(&*entry.into_mut().get_or_insert_with(|| Sites::of(content))),
        };
        #[cfg(test)]
        (self.looks += 1);
        let mut way = Vec::new();
        match sites {
            Some(sites) => sites.way(content, berth, &mut way),
            None => drop(search(content, berth, &mut way)),
        }
        way
    }

    /// The first DOM node behind where the way goes on.
    fn behind(&mut self, places: &Places, owner: Berth, step: &Step<'_>) -> Option<Hid> {
        let sites = self.owners.get_mut(&owner).and_then(Option::as_mut);
        let gap = sites.zip(step.site).map(|(sites, site)| &mut sites.opens[site].gap);
        let start = match &gap {
            Some(gap) if gap.contains(&step.child) => gap.end,
            _ => step.child + 1,
        };
        let mut roots = step.open.children[start..].iter().map(|live| live.view().first_root(places));
        let hidden = roots.by_ref().take_while(Option::is_none).count();
        #[cfg(test)]
        (self.looks += hidden + 1);
        let end = start + hidden;
        if let Some(gap) = gap {
            *gap = step.child..end;
        }
        step.open.children.get(end)?.view().first_root(places)
    }
}

/// Look for `berth` in `live`; the way that was taken stays in `way`.
fn search<'a>(live: &'a Live, berth: Berth, way: &mut Vec<Step<'a>>) -> bool {
    let open = match live {
        Live::Place { berth: leaf, .. } => return *leaf == berth,
        Live::Open(open) if open.node.places > 0 => open,
        Live::Open(_) | Live::Run { .. } => return false,
    };
    let step = |child| Step { open, child, site: None };
    if open.slots.contains(&berth) {
        way.push(step(0));
        return true;
    }
    open.children.iter().enumerate().any(|(child, live)| {
        way.push(step(child));
        search(live, berth, way) || way.pop().is_none()
    })
}

impl Sites {
    fn of(content: &Live) -> Self {
        let mut sites = Self::default();
        sites.add(content, None);
        sites.leaves.sort_unstable_by_key(|leaf| leaf.berth);
        sites
    }

    fn add(&mut self, live: &Live, at: Option<Index>) {
        match live {
            Live::Place { berth, .. } => self.leaves.push(Leaf { berth: *berth, at }),
            Live::Open(open) if open.node.places > 0 => {
                let site = self.opens.len();
                self.opens.push(Site { at, gap: 0..0 });
                let inside = |child| Some(Index { site, child });
                self.leaves.extend(open.slots.iter().map(|slot| Leaf { berth: *slot, at: inside(0) }));
                for (child, live) in open.children.iter().enumerate() {
                    self.add(live, inside(child));
                }
            }
            Live::Open(_) | Live::Run { .. } => {}
        }
    }

    fn way<'a>(&self, content: &'a Live, berth: Berth, way: &mut Vec<Step<'a>>) {
        let Ok(leaf) = self.leaves.binary_search_by_key(&berth, |leaf| leaf.berth) else { return };
        let upwards = std::iter::successors(self.leaves[leaf].at, |index| self.opens[index.site].at);
        let mut live = content;
        for Index { site, child } in upwards.collect::<Vec<_>>().into_iter().rev() {
            let Live::Open(open) = live else { return };
            way.push(Step { open, child, site: Some(site) });
            live = open.children.get(child).unwrap_or(live);
        }
    }
}
