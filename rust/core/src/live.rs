//! Live nodes: what one session knows about the nodes that it shows.
//!
//! Invariants maintained here:
//! - [`Live::Run`] has no places in it, and its hids run on in document order from `base`, so a
//!   subtree of any size that came as a unit takes 16 bytes for as long as its shape does not change;
//! - [`Live::Open`] is an element or a fragment;
//! - a DOM *root* of a node is a topmost node that the document has of it: one of an element, text
//!   or raw HTML, none of nothing, any number of a fragment or a place.

use crate::node::{Child, Element, Hid, Kind, Node, Value};
use crate::patch::{NodeSink, Subtree};
use crate::place::{Berth, PlaceId, Places};

/// The element around a root that has no DOM node of its own.
pub const WRAPPER_TAG: &str = "vango-root";

/// A node with its hids.
#[derive(Debug)]
pub(crate) enum Live {
    /// A subtree whose hids run on from `base`.
    Run { base: Hid, node: Child },
    /// An element or fragment whose children are known one by one.
    Open(Box<Open>),
    /// A place; its content is in [`Places`].
    Place { berth: Berth, node: Child },
}

/// A node whose children are known one by one.
#[derive(Debug)]
pub(crate) struct Open {
    /// 0 of a fragment.
    pub hid: Hid,
    pub node: Child,
    /// Berths of its attribute slots, in attribute order.
    pub slots: Box<[Berth]>,
    pub children: Box<[Live]>,
}

impl Open {
    /// A node of a run, with runs as its children.
    pub fn of(base: Hid, node: &Child) -> Self {
        let view = View::Run(base, node);
        let children = view
            .children()
            .filter_map(|child| match child {
                View::Run(base, node) => Some(Live::Run { base, node: node.clone() }),
                _ => None,
            })
            .collect();
        Self { hid: view.hid(), node: node.clone(), slots: Box::default(), children }
    }
}

impl Live {
    pub fn node(&self) -> &Child {
        match self {
            Self::Run { node, .. } | Self::Place { node, .. } => node,
            Self::Open(open) => &open.node,
        }
    }

    pub fn view(&self) -> View<'_> {
        match self {
            Self::Run { base, node } => View::Run(*base, node),
            Self::Open(open) => View::Open(open),
            Self::Place { berth, .. } => View::Place(*berth),
        }
    }

    /// The ids of the places in it, in document order, without those within their contents.
    pub fn place_ids(&self, places: &Places, out: &mut Vec<PlaceId>) {
        match self {
            Self::Run { .. } => {}
            Self::Place { berth, .. } => out.push(places.get(*berth).id),
            Self::Open(open) => {
                out.extend(open.slots.iter().map(|berth| places.get(*berth).id));
                open.children.iter().for_each(|child| child.place_ids(places, out));
            }
        }
    }
}

/// A live node as it is looked at, alike for runs and opened nodes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum View<'a> {
    Run(Hid, &'a Child),
    Open(&'a Open),
    Place(Berth),
    /// The element around a root without a DOM node of its own.
    Wrapper(Hid, &'a Live),
}

impl<'a> View<'a> {
    /// Its own hid, 0 when it has none.
    pub fn hid(self) -> Hid {
        match self {
            Self::Run(base, node) => match node.kind {
                Kind::Element(_) | Kind::Text(_) | Kind::Raw(_) => base,
                _ => 0,
            },
            Self::Open(open) => open.hid,
            Self::Place(_) => 0,
            Self::Wrapper(hid, _) => hid,
        }
    }

    /// The node itself; places and the wrapper have none of their own.
    pub fn node(self) -> Option<&'a Node> {
        match self {
            Self::Run(_, node) => Some(node),
            Self::Open(open) => Some(&open.node),
            Self::Place(_) | Self::Wrapper(..) => None,
        }
    }

    /// Its element, if it is one.
    pub fn element(self) -> Option<&'a Element> {
        match &self.node()?.kind {
            Kind::Element(element) => Some(element),
            _ => None,
        }
    }

    /// Its children as nodes, not as DOM nodes.
    pub fn children(self) -> Children<'a> {
        match self {
            Self::Run(base, node) => match &node.kind {
                Kind::Element(element) => Children::Run(base + 1, element.children.iter()),
                Kind::Fragment(children) => Children::Run(base, children.iter()),
                _ => Children::Open([].iter()),
            },
            Self::Open(open) => Children::Open(open.children.iter()),
            Self::Place(_) => Children::Open([].iter()),
            Self::Wrapper(_, live) => Children::Open(std::slice::from_ref(live).iter()),
        }
    }

    /// The hid of its first DOM root.
    pub fn first_root(self, places: &Places) -> Option<Hid> {
        match self {
            Self::Run(base, node) => (node.count > 0).then_some(base),
            Self::Open(open) if open.hid != 0 => Some(open.hid),
            Self::Wrapper(hid, _) => Some(hid),
            Self::Open(_) => self.children().find_map(|child| child.first_root(places)),
            Self::Place(berth) => places.live(berth)?.view().first_root(places),
        }
    }

    /// Show each DOM root, in document order.
    pub fn roots(self, places: &'a Places, each: &mut dyn FnMut(View<'a>)) {
        if self.hid() != 0 {
            each(self);
        } else if let Self::Place(berth) = self {
            if let Some(live) = places.live(berth) {
                live.view().roots(places, each);
            }
        } else {
            self.children().for_each(|child| child.roots(places, each));
        }
    }
}

/// Children of a view.
#[derive(Clone)]
pub(crate) enum Children<'a> {
    Run(Hid, std::slice::Iter<'a, Child>),
    Open(std::slice::Iter<'a, Live>),
}

impl<'a> Iterator for Children<'a> {
    type Item = View<'a>;

    fn next(&mut self) -> Option<View<'a>> {
        match self {
            Self::Open(lives) => lives.next().map(Live::view),
            Self::Run(next, nodes) => {
                let node = nodes.next()?;
                let base = *next;
                *next += node.count;
                Some(View::Run(base, node))
            }
        }
    }
}

/// A live DOM node that can be written whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a> {
    pub view: View<'a>,
    pub places: &'a Places,
}

impl Subtree for Part<'_> {
    fn hid(&self) -> Hid {
        self.view.hid()
    }

    fn write<N: NodeSink>(&self, out: &mut N) {
        Writer { places: self.places, out, attrs: Vec::new() }.view(self.view);
    }
}

/// The one walk over a live subtree.
struct Writer<'a, 'n, N> {
    places: &'a Places,
    out: &'n mut N,
    /// Kept from element to element, so that a walk allocates once.
    attrs: Vec<(&'a str, &'a str)>,
}

impl<'a, N: NodeSink> Writer<'a, '_, N> {
    fn view(&mut self, view: View<'a>) {
        match view {
            View::Run(hid, node) => self.node(hid, node, &[], view.children()),
            View::Open(open) => self.node(open.hid, &open.node, &open.slots, view.children()),
            View::Place(berth) => {
                if let Some(live) = self.places.live(berth) {
                    self.view(live.view());
                }
            }
            View::Wrapper(hid, _) => {
                let children = view.children();
                self.out.element(hid, WRAPPER_TAG, 0, &[], self.count(children.clone()));
                self.all(children);
            }
        }
    }

    fn node(&mut self, hid: Hid, node: &'a Node, slots: &'a [Berth], children: Children<'a>) {
        match &node.kind {
            Kind::Text(text) => self.out.text(hid, text),
            Kind::Raw(html) => self.out.raw(hid, html),
            Kind::Element(element) => {
                self.attrs.clear();
                self.attrs.extend(element.attr_values(slots, self.places));
                let count = self.count(children.clone());
                self.out.element(hid, &element.tag, element.events(), &self.attrs, count);
                self.all(children);
            }
            Kind::Fragment(_) => self.all(children),
            Kind::Nothing | Kind::Place(_) => {}
        }
    }

    fn all(&mut self, children: Children<'a>) {
        children.for_each(|child| self.view(child));
    }

    /// DOM roots of `children`.
    fn count(&self, children: Children<'a>) -> usize {
        let mut count = 0;
        children.for_each(|child| child.roots(self.places, &mut |_| count += 1));
        count
    }
}

impl Element {
    /// Names and values of the attributes that are present, slots resolved.
    fn attr_values<'a>(&'a self, slots: &'a [Berth], places: &'a Places) -> impl Iterator<Item = (&'a str, &'a str)> {
        let mut slots = slots.iter();
        self.attrs.iter().filter_map(move |attr| {
            let value = match &attr.value {
                Value::Text(text) => Some(text),
                Value::Slot(_) => slots.next().and_then(|berth| places.value(*berth)),
            };
            value.map(|value| (attr.name.as_str(), &**value))
        })
    }
}
