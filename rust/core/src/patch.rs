//! Changes to a document, and the seams through which they leave the engine.
//!
//! The diff writes into a [`Sink`]; what is written may be a list of patches
//! ([`PatchList`]), the bytes of a burst (`wire`), or nothing. A subtree is written
//! through a [`NodeSink`] in document order, so HTML, snapshots, insertions and the
//! toy DOM share one walk.

use crate::node::Hid;

/// Receives a subtree in document order.
pub trait NodeSink {
    /// An element begins; `children` nodes follow, each with its own subtree.
    /// `attrs` ascend by name, slots resolved, absent ones left out.
    fn element(&mut self, hid: Hid, tag: &str, events: u32, attrs: &[(&str, &str)], children: usize);
    /// A text.
    fn text(&mut self, hid: Hid, text: &str);
    /// A unit of raw HTML.
    fn raw(&mut self, hid: Hid, html: &str);
}

/// A live node that can be written whole, exactly one DOM node with its subtree.
pub trait Subtree {
    /// Its hid.
    fn hid(&self) -> Hid;
    /// Write it and everything below.
    fn write<N: NodeSink>(&self, out: &mut N);
}

/// Receives the patches of a diff, in the order in which they must be applied.
///
/// `node` of [`Sink::remove_attr`] and [`Sink::shift`] is the node as it stands at that
/// point of the burst: what a sink needs to lower the op into 03 and 04.
pub trait Sink {
    /// 01: the text of a text node.
    fn set_text(&mut self, hid: Hid, text: &str);
    /// 02: an attribute or a property.
    fn set_attr(&mut self, hid: Hid, name: &str, value: &str);
    /// 03: a node and its subtree leave.
    fn remove(&mut self, hid: Hid);
    /// 04: a subtree enters under `parent` (0: the mount point), in front of `before` (0: at the end).
    /// With a hid that is live the node is replaced where it is; `parent` 0 and `before` 0 replaces the root.
    fn insert<S: Subtree>(&mut self, parent: Hid, before: Hid, node: &S);
    /// 05: the events that a node listens to.
    fn set_events(&mut self, hid: Hid, events: u32);
    /// 10 `REMOVE_ATTR`.
    fn remove_attr<S: Subtree>(&mut self, hid: Hid, name: &str, parent: Hid, node: &S);
    /// 11 MOVE.
    fn shift<S: Subtree>(&mut self, hid: Hid, parent: Hid, before: Hid, node: &S);
}

/// A subtree by itself, as it travels inside an insertion or a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatchNode {
    /// Its hid.
    pub hid: Hid,
    /// What it is.
    pub kind: PatchKind,
}

/// What a travelling node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatchKind {
    /// An element.
    Element {
        /// Tag name.
        tag: Box<str>,
        /// `eventbits`.
        events: u32,
        /// Attributes, ascending by name.
        attrs: Vec<(Box<str>, Box<str>)>,
        /// Children in order.
        children: Vec<PatchNode>,
    },
    /// A text.
    Text(Box<str>),
    /// A unit of raw HTML.
    Raw(Box<str>),
}

/// One change to a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the fields are those of the table in PROTOCOL section 1
pub enum Patch {
    SetText { hid: Hid, text: Box<str> },
    SetAttr { hid: Hid, name: Box<str>, value: Box<str> },
    Remove { hid: Hid },
    Insert { parent: Hid, before: Hid, node: PatchNode },
    SetEvents { hid: Hid, events: u32 },
    RemoveAttr { hid: Hid, name: Box<str> },
    Move { hid: Hid, parent: Hid, before: Hid },
}
