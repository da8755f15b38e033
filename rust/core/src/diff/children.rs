//! Lists of siblings.
//!
//! Lists that match one to one are walked forwards. Otherwise: peel what matches at both ends, match the
//! rest by key, place or index, remove what is left over, then walk backwards, so that the DOM node
//! behind the current one is always in its final position.

use std::collections::HashMap;

use super::{lis, same, At, Diff};
use crate::live::Live;
use crate::node::{Child, Hid, Key, Kind};
use crate::patch::Sink;
use crate::place::PlaceId;

/// New child without an old one.
const FRESH: u32 = u32::MAX;

/// What identifies a sibling wherever it stands.
#[derive(PartialEq, Eq, Hash)]
enum Identity<'a> {
    Key(&'a Key),
    Place(PlaceId),
}

/// Where each new child comes from.
struct Matching {
    /// Index of its old child, or [`FRESH`].
    sources: Vec<u32>,
    /// Whether it has to move.
    moves: Vec<bool>,
}

impl<S: Sink> Diff<'_, S> {
    /// Diff the children of a run, hids from `base`; `None` when they still are one.
    pub(super) fn run_children(&mut self, base: Hid, old: &[Child], new: &[Child], at: At) -> Option<Box<[Live]>> {
        if old.len() != new.len() || !old.iter().zip(new).all(|(old, new)| same(old, new)) {
            let mut next = base;
            let lives = old.iter().map(|node| {
                next += node.count;
                Live::Run { base: next - node.count, node: node.clone() }
            });
            return Some(self.rearrange(lives.collect(), new, &[], at));
        }
        let end = base + old.iter().map(|node| node.count).sum::<Hid>();
        let mut next = base;
        let mut opened: Option<Vec<Live>> = None;
        for (i, (was, is)) in old.iter().zip(new).enumerate() {
            let base = next;
            next += was.count;
            let here = at.before((next < end).then_some(next));
            let live = self.run(base, was, is, &[], here);
            if let (Some(lives), None) = (&mut opened, &live) {
                lives.push(Live::Run { base, node: is.clone() });
            }
            if let Some(live) = live {
                opened.get_or_insert_with(|| runs(base, old, &new[..i])).push(live);
            }
        }
        opened.map(Into::into)
    }

    /// Diff children that are known one by one.
    pub(super) fn children(&mut self, old: Box<[Live]>, new: &[Child], ids: &[PlaceId], at: At) -> Box<[Live]> {
        let mut rest = ids;
        let aligned = old.len() == new.len()
            && old.iter().zip(new).all(|(old, new)| {
                let id = rest.first();
                rest = &rest[new.places as usize..];
                self.matches(old, new, id)
            });
        if !aligned {
            return self.rearrange(old.into_vec(), new, ids, at);
        }
        let mut rest = ids;
        let mut lives = Vec::with_capacity(new.len());
        let mut old = old.into_vec().into_iter();
        for child in new {
            let Some(was) = old.next() else { break };
            let (own, others) = rest.split_at(child.places as usize);
            rest = others;
            // Only a fragment asks what is behind it.
            let here = match child.kind.outer() {
                Kind::Fragment(_) => {
                    at.before(old.as_slice().iter().find_map(|live| live.view().first_root(self.places)))
                }
                _ => at,
            };
            lives.push(self.node(was, child, own, here));
        }
        lives.into()
    }

    /// Diff children of which some enter, leave or move.
    fn rearrange(&mut self, old: Vec<Live>, new: &[Child], ids: &[PlaceId], at: At) -> Box<[Live]> {
        let at = self.pin(at);
        let Matching { sources, moves } = self.match_up(&old, new, ids);
        let mut stays = vec![false; old.len()];
        sources.iter().filter(|source| **source != FRESH).for_each(|source| stays[*source as usize] = true);
        old.iter().zip(&stays).filter(|(_, stays)| !**stays).for_each(|(live, _)| self.leave(live));

        let mut old: Vec<Option<Live>> = old.into_iter().map(Some).collect();
        let mut lives = Vec::with_capacity(new.len());
        let (mut rest, mut here, mut end) = (ids, at, new.len());
        while end > 0 {
            // What enters side by side enters forwards, in front of the same node.
            let entering = sources[..end].iter().rev().take_while(|source| **source == FRESH).count();
            let start = end - entering.max(1);
            let places: usize = new[start..end].iter().map(|child| child.places as usize).sum();
            let (others, own) = rest.split_at(rest.len() - places);
            rest = others;
            if entering > 0 {
                let fresh = self.enter_all(&new[start..end], own, here);
                here = here.before(fresh.iter().find_map(|live| live.view().first_root(self.places)));
                lives.extend(fresh.into_iter().rev());
            } else if let Some(was) = old[sources[start] as usize].take() {
                let shifts = moves[start] && !here.shifts;
                let fresh = self.hids.next();
                let live = self.node(was, &new[start], own, At { shifts: shifts || here.shifts, ..here });
                if shifts {
                    self.shift(&live, here, fresh);
                }
                here = here.before(live.view().first_root(self.places));
                lives.push(live);
            }
            end = start;
        }
        lives.reverse();
        lives.into()
    }

    fn enter_all(&mut self, new: &[Child], ids: &[PlaceId], at: At) -> Vec<Live> {
        let mut rest = ids;
        let mut lives = Vec::with_capacity(new.len());
        for child in new {
            let (own, others) = rest.split_at(child.places as usize);
            rest = others;
            lives.push(self.enter(child, own, at));
        }
        lives
    }

    fn match_up(&self, old: &[Live], new: &[Child], ids: &[PlaceId]) -> Matching {
        let mut sources = vec![FRESH; new.len()];
        let shorter = old.len().min(new.len());

        let mut front = ids;
        let mut head = 0;
        while head < shorter && self.matches(&old[head], &new[head], front.first()) {
            front = &front[new[head].places as usize..];
            sources[head] = head as u32;
            head += 1;
        }
        let mut tail = 0;
        let mut back = front;
        while tail < shorter - head {
            let (i, j) = (old.len() - 1 - tail, new.len() - 1 - tail);
            let (others, own) = back.split_at(back.len() - new[j].places as usize);
            // What has no identity of its own is known by its index.
            let indexed = new[j].key.is_none() && !matches!(new[j].kind, Kind::Place(_));
            if indexed && i != j || !self.matches(&old[i], &new[j], own.first()) {
                break;
            }
            back = others;
            sources[j] = i as u32;
            tail += 1;
        }
        let (old_end, new_end) = (old.len() - tail, new.len() - tail);
        if head < old_end && head < new_end {
            self.match_middle(&old[..old_end], &new[..new_end], head, back, &mut sources);
        }
        let moves = self.moves(old, &sources[..new_end], head);
        Matching { sources, moves: moves.into_iter().chain(std::iter::repeat_n(false, tail)).collect() }
    }

    /// Match what stands between the ends; `front` begins with the ids of the places in it.
    fn match_middle(&self, old: &[Live], new: &[Child], head: usize, front: &[PlaceId], sources: &mut [u32]) {
        let identity = |live: &Live| match live {
            Live::Place { berth, .. } => Some(Identity::Place(self.places.get(*berth).id)),
            _ => None,
        };
        let mut known: HashMap<Identity<'_>, usize> = HashMap::with_capacity(old.len() - head);
        for (i, live) in old.iter().enumerate().skip(head) {
            if let Some(identity) = identity(live).or_else(|| live.node().key.as_ref().map(Identity::Key)) {
                known.insert(identity, i);
            }
        }
        let mut rest = front;
        for (j, child) in new.iter().enumerate().skip(head) {
            let id = rest.first();
            rest = &rest[child.places as usize..];
            let source = match (&child.kind, child.key.as_ref()) {
                (Kind::Place(_), _) => id.and_then(|id| known.get(&Identity::Place(*id)).copied()),
                (_, Some(key)) => known.get(&Identity::Key(key)).copied(),
                (_, None) => (j < old.len()).then_some(j),
            };
            if let Some(i) = source.filter(|i| self.matches(&old[*i], child, id)) {
                sources[j] = i as u32;
            }
        }
    }

    /// Which of the new children have to move so that the fewest do; those before `head` stay.
    fn moves(&self, old: &[Live], sources: &[u32], head: usize) -> Vec<bool> {
        let mut moves = vec![false; sources.len()];
        let has_root = |i: u32| old[i as usize].view().first_root(self.places).is_some();
        // What has no DOM node cannot be in the way of what has.
        let movable: Vec<usize> =
            (head..sources.len()).filter(|j| sources[*j] != FRESH && has_root(sources[*j])).collect();
        let order: Vec<u32> = movable.iter().map(|j| sources[*j]).collect();
        for (j, stays) in movable.into_iter().zip(lis::longest_increasing(&order)) {
            moves[j] = !stays;
        }
        moves
    }
}

/// Runs of `new`, whose shape is that of the first of `old`; `end` is the first hid behind them.
fn runs(end: Hid, old: &[Child], new: &[Child]) -> Vec<Live> {
    let mut next = end - old[..new.len()].iter().map(|node| node.count).sum::<Hid>();
    let mut lives = Vec::with_capacity(old.len());
    for node in new {
        lives.push(Live::Run { base: next, node: node.clone() });
        next += node.count;
    }
    lives
}
