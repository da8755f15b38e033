//! From what is shown to what shall be shown, in the fewest changes.
//!
//! Invariants maintained here:
//! - patches are valid in the order in which they leave: a `before` is a child of its `parent` then;
//! - a subtree handed to the sink for lowering is final, within this burst, but for places whose own turn comes;
//! - a node is matched with the node of the same key and kind among the same siblings, without keys with
//!   the node of the same index and kind, a place with the place of the same id; nothing else is matched;
//! - what is matched keeps its hid, what is not gets a new one;
//! - whatever a flush changes it changes once, and what enters is written when it is final; only what moves
//!   within a place that moves itself may move twice, in the turn of each.

mod attrs;
mod children;
mod instance;
pub(crate) mod lis;
mod locate;
mod mount;

use std::sync::Arc;

use crate::hid::Hids;
use crate::live::{Live, Open, Part, View};
use crate::node::{Child, Hid, Kind, Node};
use crate::patch::Sink;
use crate::place::{Berth, Content, Holds, PlaceId, Places, Update};
use crate::plan::Pending;
use attrs::Gone;

pub(crate) use locate::Positions;

/// One flush on its way.
pub(crate) struct Diff<'t, S> {
    pub places: &'t mut Places,
    pub hids: &'t mut Hids,
    pub pending: &'t mut Pending,
    pub positions: &'t mut Positions,
    /// Hid of the element around the root, 0 when there is none.
    pub wrapper: Hid,
    pub sink: &'t mut S,
}

/// A hid that may not be known yet.
#[derive(Clone, Copy, Debug)]
enum Lazy {
    Known(Hid),
    /// To be found by walking from this berth.
    Around(Berth),
}

impl Lazy {
    fn hid(self) -> Hid {
        match self {
            Self::Known(hid) => hid,
            Self::Around(_) => unreachable!("positions are pinned before they are used"),
        }
    }

    fn or(self, found: Hid) -> Self {
        match self {
            Self::Known(hid) => Self::Known(hid),
            Self::Around(_) => Self::Known(found),
        }
    }
}

/// Where a node stands.
#[derive(Clone, Copy, Debug)]
struct At {
    /// Berth of the place whose node it belongs to.
    owner: Berth,
    /// Levels above it.
    level: u16,
    /// DOM parent.
    parent: Lazy,
    /// The DOM node behind it.
    before: Lazy,
    /// A fragment around it moves, and takes what enters and what moves within it along when it is final.
    shifts: bool,
}

impl At {
    /// The end of the children of the element `hid` that stands here.
    fn inside(self, hid: Hid) -> Self {
        Self { level: self.level + 1, parent: Lazy::Known(hid), before: Lazy::Known(0), shifts: false, ..self }
    }

    /// The end of the children of the fragment that stands here.
    fn within(self) -> Self {
        Self { level: self.level + 1, ..self }
    }

    fn before(self, hid: Option<Hid>) -> Self {
        hid.map_or(self, |hid| Self { before: Lazy::Known(hid), ..self })
    }
}

/// Whether `new` may take the place of `old` among their siblings.
pub(crate) fn same(old: &Node, new: &Node) -> bool {
    std::ptr::eq(old, new)
        || old.key == new.key
            && match (old.kind.outer(), new.kind.outer()) {
                (Kind::Element(a), Kind::Element(b)) => a.tag == b.tag,
                (Kind::Raw(a), Kind::Raw(b)) => a == b,
                (Kind::Nothing, Kind::Nothing)
                | (Kind::Text(_), Kind::Text(_))
                | (Kind::Fragment(_), Kind::Fragment(_)) => true,
                _ => false,
            }
}

impl<S: Sink> Diff<'_, S> {
    /// Give a mounted place its new content.
    pub(crate) fn update(&mut self, berth: Berth, update: Update) {
        self.positions.forget(berth);
        match (self.places.vacate(berth), update.content) {
            (Holds::Node(old), Content::Node(new)) => {
                let around = Lazy::Around(berth);
                let level = self.places.get(berth).depth;
                let at = At { owner: berth, level, parent: around, before: around, shifts: false };
                let live = if self.matches(&old, &new, update.places.first()) {
                    self.node(old, &new, &update.places, at)
                } else {
                    let at = self.pin(at);
                    self.leave(&old);
                    self.enter(&new, &update.places, at)
                };
                self.places.get_mut(berth).holds = Holds::Node(live);
            }
            (Holds::Value { hid, name, value: old }, Content::Value(new)) => {
                let holds = Holds::Value { hid, name: name.clone(), value: new.clone() };
                self.places.get_mut(berth).holds = holds;
                match new {
                    Some(new) if old.as_ref() != Some(&new) => self.sink.set_attr(hid, &name, &new),
                    None if old.is_some() => {
                        if let Some((view, parent)) = self.positions.holder(self.places, self.wrapper, berth) {
                            self.sink.remove_attr(hid, &name, parent, &Part { view, places: self.places });
                        }
                    }
                    _ => {}
                }
            }
            _ => unreachable!("the plan has checked what each place holds"),
        }
    }

    /// Whether `new` continues `old`; `id` is that of `new` when it is a place.
    pub(crate) fn matches(&self, old: &Live, new: &Node, id: Option<&PlaceId>) -> bool {
        match (old, &new.kind) {
            (Live::Place { berth, .. }, Kind::Place(_)) => Some(&self.places.get(*berth).id) == id,
            (Live::Place { .. }, _) => false,
            _ => same(old.node(), new),
        }
    }

    /// Diff two nodes that match.
    fn node(&mut self, old: Live, new: &Child, ids: &[PlaceId], at: At) -> Live {
        match old {
            Live::Run { base, node } => {
                self.run(base, &node, new, ids, at).unwrap_or_else(|| Live::Run { base, node: new.clone() })
            }
            Live::Open(open) => self.open(*open, new, ids, at),
            Live::Place { berth, .. } => Live::Place { berth, node: new.clone() },
        }
    }

    /// Diff a run; `None` when it still is one.
    fn run(&mut self, base: Hid, old: &Child, new: &Child, ids: &[PlaceId], at: At) -> Option<Live> {
        if Arc::ptr_eq(old, new) {
            return None;
        }
        if new.places > 0 {
            return Some(self.open(Open::of(base, old), new, ids, at));
        }
        match (&old.kind, &new.kind) {
            (Kind::Text(was), Kind::Text(is)) => {
                if was != is {
                    self.sink.set_text(base, is);
                }
                None
            }
            (Kind::Element(was), Kind::Element(is)) => {
                let gone = self.plain(base, was, is);
                let children = self.run_children(base + 1, &was.children, &is.children, at.inside(base));
                let live = children.map(|children| {
                    Live::Open(Box::new(Open { hid: base, node: new.clone(), slots: Box::default(), children }))
                });
                self.remove_attrs(live.as_ref().map_or(View::run(base, new), Live::view), &gone, at);
                live
            }
            (Kind::Fragment(was), Kind::Fragment(is)) => {
                let children = self.run_children(base, was, is, at.within())?;
                Some(Live::Open(Box::new(Open { hid: 0, node: new.clone(), slots: Box::default(), children })))
            }
            (Kind::Instance(was), Kind::Instance(is)) if self.instance(base, was, is) => None,
            (Kind::Instance(_), _) | (_, Kind::Instance(_)) => {
                self.run(base, &old.written_out(), &new.written_out(), ids, at)
            }
            _ => None,
        }
    }

    /// Diff an element or fragment whose children are known one by one.
    fn open(&mut self, old: Open, new: &Child, ids: &[PlaceId], at: At) -> Live {
        let new = &new.written_out();
        let hid = old.hid;
        let (slots, gone, children) = match (&old.node.kind, &new.kind) {
            (Kind::Element(was), Kind::Element(is)) => {
                let (own, ids) = ids.split_at(is.slots().count());
                let (slots, gone) = if own.is_empty() && old.slots.is_empty() {
                    (Box::default(), self.plain(hid, was, is))
                } else {
                    self.slotted(hid, (was, &old.slots), (is, own), at.owner)
                };
                (slots, gone, self.children(old.children, &is.children, ids, at.inside(hid)))
            }
            (_, Kind::Fragment(is)) => (Box::default(), Gone::new(), self.children(old.children, is, ids, at.within())),
            _ => unreachable!("only elements and fragments are opened"),
        };
        let live = Live::Open(Box::new(Open { hid, node: new.clone(), slots, children }));
        self.remove_attrs(live.view(), &gone, at);
        live
    }

    fn remove_attrs(&mut self, view: View<'_>, gone: &Gone, at: At) {
        if gone.is_empty() {
            return;
        }
        let parent = self.pin(at).parent.hid();
        for name in gone {
            self.sink.remove_attr(view.hid(), name, parent, &Part { view, places: self.places });
        }
    }

    /// Find the hids of a position that are not known yet.
    fn pin(&mut self, at: At) -> At {
        let ((Lazy::Around(berth), _) | (_, Lazy::Around(berth))) = (at.parent, at.before) else { return at };
        let (parent, before) = self.positions.around(self.places, self.wrapper, berth);
        At { parent: at.parent.or(parent), before: at.before.or(before), ..at }
    }
}
