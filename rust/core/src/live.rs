//! Live nodes: what one session knows about the nodes that it shows.
//!
//! Invariants maintained here:
//! - [`Live::Run`] has no places in it, and its hids run on in document order from `base`, so a
//!   subtree of any size that came as a unit takes 16 bytes for as long as its shape does not change;
//! - [`Live::Open`] is an element or a fragment;
//! - a DOM *root* of a node is a topmost node that the document has of it: one of an element, text
//!   or raw HTML, none of nothing, any number of a fragment or a place.

use crate::node::{roots, Attrs, Child, Element, Hid, Kind, Node, Ref, Value};
use crate::patch::{NodeSink, Subtree};
use crate::place::{Berth, PlaceId, Places};
use crate::template::Instance;

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
        let node = node.written_out();
        let is_element = matches!(node.kind, Kind::Element(_));
        let mut next = base + u32::from(is_element);
        let children = node.kind.children().iter().map(|child| {
            next += child.count;
            Live::Run { base: next - child.count, node: child.clone() }
        });
        Self { hid: if is_element { base } else { 0 }, children: children.collect(), node, slots: Box::default() }
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
            Self::Run { base, node } => View::run(*base, node),
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

/// A live node as it is looked at, alike for runs, instances and opened nodes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum View<'a> {
    Run(Hid, &'a Node),
    Instance(Spot<'a>),
    Open(&'a Open),
    Place(Berth),
    /// The element around a root without a DOM node of its own.
    Wrapper(Hid, &'a Live),
}

/// A node within an instance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot<'a> {
    instance: &'a Instance,
    /// The first hid of the instance.
    base: Hid,
    /// Which of its nodes comes next in document order; this one, if it has a hid.
    at: u32,
    /// The node of the template.
    node: &'a Node,
}

impl Spot<'_> {
    fn hid(self) -> Hid {
        self.base + self.at
    }

    fn index(self) -> usize {
        self.at as usize
    }
}

impl<'a> View<'a> {
    /// A node whose hids run on from `base`.
    pub fn run(base: Hid, node: &'a Node) -> Self {
        match &node.kind {
            Kind::Instance(instance) => Self::Instance(Spot { instance, base, at: 0, node: instance.root() }),
            _ => Self::Run(base, node),
        }
    }

    /// Its own hid, 0 when it has none.
    pub fn hid(self) -> Hid {
        let own = |hid, node: &Node| match node.kind {
            Kind::Element(_) | Kind::Text(_) | Kind::Raw(_) => hid,
            _ => 0,
        };
        match self {
            Self::Run(base, node) => own(base, node),
            Self::Instance(spot) => own(spot.hid(), spot.node),
            Self::Open(open) => open.hid,
            Self::Place(_) => 0,
            Self::Wrapper(hid, _) => hid,
        }
    }

    /// Whether `hid` can be in it, where that can be said without looking.
    pub fn may_hold(self, hid: Hid) -> bool {
        match self {
            Self::Run(base, node) => hid >= base && hid - base < node.count,
            Self::Instance(spot) => hid >= spot.hid() && hid - spot.hid() < spot.node.count,
            Self::Open(_) | Self::Place(_) | Self::Wrapper(..) => true,
        }
    }

    /// Whether it is an element.
    pub fn is_element(self) -> bool {
        match self {
            Self::Run(_, node) => matches!(node.kind, Kind::Element(_)),
            Self::Instance(spot) => matches!(spot.node.kind, Kind::Element(_)),
            Self::Open(open) => open.hid != 0,
            Self::Wrapper(..) => true,
            Self::Place(_) => false,
        }
    }

    /// What its handler for an event kind stands for.
    pub fn target(self, kind: u8) -> Option<Ref> {
        let node = match self {
            Self::Run(_, node) => node,
            Self::Instance(spot) => spot.node,
            Self::Open(open) => &open.node,
            Self::Place(_) | Self::Wrapper(..) => return None,
        };
        let Kind::Element(element) = &node.kind else { return None };
        let index = element.handlers.iter().position(|handler| handler.kind() == kind)?;
        Some(match self {
            Self::Instance(spot) => spot.instance.target(spot.index(), index),
            _ => element.handlers[index].target(),
        })
    }

    /// Its children as nodes, not as DOM nodes.
    pub fn children(self) -> Children<'a> {
        match self {
            Self::Run(base, node) => {
                let own = u32::from(matches!(node.kind, Kind::Element(_)));
                Children::Run(base + own, node.kind.children().iter())
            }
            Self::Instance(spot) => {
                let own = u32::from(matches!(spot.node.kind, Kind::Element(_)));
                Children::Instance(Spot { at: spot.at + own, ..spot }, spot.node.kind.children().iter())
            }
            Self::Open(open) => Children::Open(open.children.iter()),
            Self::Place(_) => Children::Open([].iter()),
            Self::Wrapper(_, live) => Children::Open(std::slice::from_ref(live).iter()),
        }
    }

    /// The hid of its first DOM root.
    pub fn first_root(self, places: &Places) -> Option<Hid> {
        match self {
            Self::Run(base, node) => (node.count > 0).then_some(base),
            Self::Instance(spot) => (spot.node.count > 0).then_some(spot.hid()),
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
    /// `at` of the spot is that of the next child.
    Instance(Spot<'a>, std::slice::Iter<'a, Child>),
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
                Some(View::run(base, node))
            }
            Self::Instance(next, nodes) => {
                let node = nodes.next()?;
                let at = next.at;
                next.at += node.count;
                Some(View::Instance(Spot { at, node, ..*next }))
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
            View::Run(base, node) => self.run(base, node),
            View::Instance(spot) => self.instance(spot),
            View::Open(open) => {
                if let Kind::Element(element) = &open.node.kind {
                    self.element(open.hid, element, &element.attrs, &open.slots, self.roots(&open.children));
                }
                open.children.iter().for_each(|child| self.view(child.view()));
            }
            View::Place(berth) => {
                if let Some(live) = self.places.live(berth) {
                    self.view(live.view());
                }
            }
            View::Wrapper(hid, live) => {
                self.out.element(hid, WRAPPER_TAG, 0, &[], self.roots(std::slice::from_ref(live)));
                self.view(live.view());
            }
        }
    }

    fn run(&mut self, base: Hid, node: &'a Node) {
        let mut next = base;
        match &node.kind {
            Kind::Text(text) => self.out.text(base, text),
            Kind::Raw(html) => self.out.raw(base, html),
            Kind::Element(element) => {
                self.element(base, element, &element.attrs, &[], roots(&element.children));
                next += 1;
            }
            Kind::Instance(_) => self.view(View::run(base, node)),
            Kind::Nothing | Kind::Place(_) | Kind::Fragment(_) => {}
        }
        for child in node.kind.children() {
            self.run(next, child);
            next += child.count;
        }
    }

    fn instance(&mut self, Spot { instance, base, at, node }: Spot<'a>) {
        for at in at..at + node.count {
            let index = at as usize;
            match &instance.node(index).kind {
                Kind::Element(element) => {
                    self.element(base + at, element, instance.attrs(index), &[], instance.roots(index));
                }
                _ => self.out.text(base + at, instance.text(index)),
            }
        }
    }

    fn element(&mut self, hid: Hid, element: &Element, attrs: &'a Attrs, slots: &'a [Berth], roots: usize) {
        self.attrs.clear();
        self.attrs.extend(present(attrs, slots, self.places));
        self.out.element(hid, &element.tag, element.events(), &self.attrs, roots);
    }

    /// DOM roots of live nodes.
    fn roots(&self, lives: &[Live]) -> usize {
        let mut count = 0;
        for live in lives {
            live.view().roots(self.places, &mut |_| count += 1);
        }
        count
    }
}

/// Names and values of the attributes that are present, slots resolved.
pub(crate) fn present<'a>(
    attrs: &'a Attrs,
    slots: &'a [Berth],
    places: &'a Places,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let mut slots = slots.iter();
    attrs.iter().filter_map(move |attr| {
        let value = match &attr.value {
            Value::Text(text) => Some(text),
            Value::Slot(_) => slots.next().and_then(|berth| places.value(*berth)),
        };
        value.map(|value| (attr.name.as_str(), &**value))
    })
}
