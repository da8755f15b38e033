//! What enters and what leaves.

use std::sync::Arc;

use super::{At, Diff};
use crate::atom::Atom;
use crate::live::{Live, Open, Part, View};
use crate::node::{Child, Element, Hid, Kind, Value};
use crate::patch::Sink;
use crate::place::{Berth, Content, Holds, PlaceId};

impl<S: Sink> Diff<'_, S> {
    /// Give hids to `node`, in document order over its places, which take their contents now.
    pub(crate) fn mount(&mut self, node: &Child, ids: &[PlaceId], owner: Berth, level: u16) -> Live {
        let (hid, slots, children, ids) = match &node.kind {
            _ if node.places == 0 => return Live::Run { base: self.hids.take(node.count), node: node.clone() },
            Kind::Place(_) => {
                return Live::Place { berth: self.mount_place(ids[0], owner, level + 1), node: node.clone() };
            }
            Kind::Element(element) => {
                let hid = self.hids.take(1);
                let (own, ids) = ids.split_at(element.slots().count());
                let slots = element.slots().zip(own).map(|(name, id)| self.mount_value(*id, hid, name, owner));
                (hid, slots.collect(), &element.children, ids)
            }
            Kind::Fragment(children) => (0, Box::default(), children, ids),
            Kind::Nothing | Kind::Text(_) | Kind::Raw(_) | Kind::Instance(_) => unreachable!("it has no places"),
        };
        let mut rest = ids;
        let mut lives = Vec::with_capacity(children.len());
        for child in children {
            let (own, others) = rest.split_at(child.places as usize);
            rest = others;
            lives.push(self.mount(child, own, owner, level + 1));
        }
        Live::Open(Box::new(Open { hid, node: node.clone(), slots, children: lives.into() }))
    }

    fn mount_place(&mut self, id: PlaceId, owner: Berth, depth: u16) -> Berth {
        let (node, ids) = self.node_of(id);
        let berth = self.places.add(id, owner, depth, Holds::Vacant);
        let live = self.mount(&node, &ids, berth, depth);
        self.places.get_mut(berth).holds = Holds::Node(live);
        berth
    }

    /// The node of a place that enters: its update, else what it showed elsewhere until now.
    fn node_of(&mut self, id: PlaceId) -> (Child, Box<[PlaceId]>) {
        if let Some((Content::Node(node), ids)) = self.pending.take(id) {
            return (node, ids);
        }
        let live = self.places.known(id).and_then(|berth| self.places.live(berth));
        let live = live.expect("the plan has checked that every place has content");
        let mut ids = Vec::new();
        live.place_ids(self.places, &mut ids);
        (live.node().clone(), ids.into())
    }

    /// Mount an attribute slot of the element `hid`.
    pub(super) fn mount_value(&mut self, id: PlaceId, hid: Hid, name: &Atom, owner: Berth) -> Berth {
        let value: Option<Arc<str>> = match self.pending.take(id) {
            Some((Content::Value(value), _)) => value,
            _ => self.places.known(id).and_then(|berth| self.places.value(berth)).cloned(),
        };
        self.places.add(id, owner, 0, Holds::Value { hid, name: name.clone(), value })
    }

    /// Free the hids and places of what left.
    pub(crate) fn unmount(&mut self, live: &Live) {
        match live {
            Live::Run { node, .. } => self.hids.release(node.count),
            Live::Open(open) => {
                self.hids.release(u32::from(open.hid != 0));
                open.slots.iter().for_each(|slot| self.places.bury(*slot));
                open.children.iter().for_each(|child| self.unmount(child));
            }
            Live::Place { berth, .. } => {
                // The content stays readable: it may be mounted again elsewhere in this flush.
                let holds = self.places.vacate(*berth);
                if let Holds::Node(live) = &holds {
                    self.unmount(live);
                }
                self.places.get_mut(*berth).holds = holds;
                self.places.bury(*berth);
            }
        }
    }

    /// Mount `node` and insert its DOM roots at `at`, which is pinned; where it shifts they are inserted later.
    pub(super) fn enter(&mut self, node: &Child, ids: &[PlaceId], at: At) -> Live {
        let live = self.mount(node, ids, at.owner, at.level);
        if at.shifts {
            return live;
        }
        let (places, sink) = (&*self.places, &mut *self.sink);
        let (parent, before) = (at.parent.hid(), at.before.hid());
        live.view().roots(places, &mut |view| sink.insert(parent, before, &Part { view, places }));
        live
    }

    /// Remove the DOM roots of `live` and free what it held.
    pub(super) fn leave(&mut self, live: &Live) {
        let sink = &mut *self.sink;
        live.view().roots(self.places, &mut |view| sink.remove(view.hid()));
        self.unmount(live);
    }

    /// Move the DOM roots of `live` to `at`, which is pinned; those from `fresh` on have entered just now.
    pub(super) fn shift(&mut self, live: &Live, at: At, fresh: Hid) {
        let (places, sink) = (&*self.places, &mut *self.sink);
        let (parent, before) = (at.parent.hid(), at.before.hid());
        live.view().roots(places, &mut |view: View<'_>| {
            let part = Part { view, places };
            if view.hid() < fresh {
                sink.shift(view.hid(), parent, before, &part);
            } else {
                sink.insert(parent, before, &part);
            }
        });
    }
}

impl Element {
    /// The names of the attributes that are slots, in order.
    pub(crate) fn slots(&self) -> impl Iterator<Item = &Atom> {
        self.attrs.iter().filter(|attr| matches!(attr.value, Value::Slot(_))).map(|attr| &attr.name)
    }
}
