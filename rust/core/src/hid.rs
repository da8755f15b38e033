//! Numbers of live nodes.
//!
//! Invariant: a hid is given once in the life of a tree; what has left keeps its number to itself,
//! so a late event can only hit the node it meant, or nothing.

use crate::limits::MAX_HID;
use crate::node::Hid;

/// Gives hids in ascending order and counts those that are live.
#[derive(Debug)]
pub struct Hids {
    next: Hid,
    live: u32,
}

impl Default for Hids {
    fn default() -> Self {
        Self { next: 1, live: 0 }
    }
}

impl Hids {
    /// Give `n` hids in a row and return the first. The caller has asked [`Hids::room`] before.
    pub(crate) fn take(&mut self, n: u32) -> Hid {
        let base = self.next;
        self.next += n;
        self.live += n;
        base
    }

    /// `n` live nodes have left.
    pub(crate) fn release(&mut self, n: u32) {
        self.live -= n;
    }

    /// As after `next - 1` hids that have all left.
    #[cfg(test)]
    pub(crate) fn starting_at(next: Hid) -> Self {
        Self { next, live: 0 }
    }

    /// Hids that can still be given.
    pub fn room(&self) -> u32 {
        MAX_HID - self.next
    }

    /// The hid that the next node gets.
    pub fn next(&self) -> Hid {
        self.next
    }

    /// Nodes that are live.
    pub fn live(&self) -> u32 {
        self.live
    }
}
