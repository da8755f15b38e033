//! Two instances of one template: only texts and attributes can be other.

use super::Diff;
use crate::atom::Atom;
use crate::node::{Attrs, Hid, Kind};
use crate::patch::Sink;
use crate::template::Instance;

impl<S: Sink> Diff<'_, S> {
    /// Diff two instances; `false`, and nothing done, where their trees have to be compared.
    ///
    /// # Complexity
    /// O(nodes with hids), without a look at the tags and events that they have in common.
    pub(super) fn instance(&mut self, base: Hid, old: &Instance, new: &Instance) -> bool {
        // With an attribute that is gone its whole subtree is written, when that is final: the long way does so.
        if !old.is_like(new) || !old.spots().all(|at| keeps(old, new, at)) {
            return false;
        }
        for (at, hid) in old.spots().zip(base..) {
            if let Kind::Text(_) = old.node(at).kind {
                let (was, is) = (old.text(at), new.text(at));
                if was != is {
                    self.sink.set_text(hid, is);
                }
            } else if !old.attrs(at).is(new.attrs(at)) {
                self.known(hid, old.attrs(at), new.attrs(at));
            }
        }
        true
    }
}

/// Whether the new node at a spot has all the attributes of the old one.
fn keeps(old: &Instance, new: &Instance, at: usize) -> bool {
    if let Kind::Text(_) = old.node(at).kind {
        return true;
    }
    let has = |attrs: &Attrs, name: &Atom| attrs.iter().any(|attr| attr.name == *name);
    let (old, new) = (old.attrs(at), new.attrs(at));
    old.is(new) || old.iter().all(|attr| has(new, &attr.name))
}
