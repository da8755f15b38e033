//! The live tree of one session: places, their contents, and the way from one state to the next.
//!
//! Invariants maintained here:
//! - the mount point has exactly one child: a root that is an element, a text or raw HTML stands bare,
//!   any other stands in a [`WRAPPER_TAG`] element;
//! - hids ascend in document order when a tree is mounted, and are never given twice;
//! - a flush changes everything or, on an error, nothing.

mod restate;

use crate::diff::{same, Diff, Positions};
use crate::error::TreeError;
use crate::hid::Hids;
use crate::html::Html;
use crate::live::{Live, Part, View};
use crate::node::{Child, Hid, Kind, Node, Ref};
use crate::patch::{NodeSink, Sink, Subtree};
use crate::patch_list::Discard;
use crate::place::{Berth, Holds, Places, ROOT};
use crate::plan::{Pending, Plan};
use crate::styles::Styles;
use crate::weigh;

pub use crate::live::WRAPPER_TAG;
pub use crate::place::{Content, PlaceId, Update};

/// An element, the place whose node it is part of, and what stands for its handler.
pub type Listener = (Hid, PlaceId, Ref);

/// What one session shows.
#[derive(Debug, Default)]
pub struct Tree {
    places: Places,
    hids: Hids,
    /// Hid of the element around the root, 0 when the root stands bare.
    wrapper: Hid,
}

impl Tree {
    /// A tree without a root; the first flush of place 0 mounts it.
    pub fn empty() -> Self {
        Self::default()
    }

    /// A tree of one node without places.
    ///
    /// # Errors
    /// As [`Tree::flush`].
    pub fn mount(root: Child) -> Result<Self, TreeError> {
        let mut tree = Self::empty();
        tree.commit(root, &mut Discard)?;
        Ok(tree)
    }

    /// Show another root, without places.
    ///
    /// # Errors
    /// As [`Tree::flush`].
    ///
    /// # Complexity
    /// As [`Tree::flush`].
    pub fn commit(&mut self, root: Child, sink: &mut impl Sink) -> Result<(), TreeError> {
        self.flush(vec![Update { place: 0, content: Content::Node(root), places: Box::default() }], sink)
    }

    /// Give places their new contents, parents before children, and write the changes into `sink`.
    ///
    /// A place that is mounted by this flush takes its update at that moment; one that vanishes is
    /// freed with all within it, and its update is dropped. A place that keeps its id but stands
    /// under another parent is mounted anew, with what it showed if it has no update.
    /// The first flush of place 0 mounts the tree and writes nothing.
    ///
    /// # Errors
    /// Nothing was changed on any of these:
    /// [`TreeError::UnknownPlace`] when a place is neither mounted nor bound by an earlier update,
    /// [`TreeError::PlaceCount`], [`TreeError::NoContent`], [`TreeError::WrongContent`],
    /// [`TreeError::BoundTwice`], [`TreeError::ChildFirst`] as they say,
    /// [`TreeError::Limit`] when nested places are too deep or the hids are used up,
    /// [`TreeError::Attr`] or [`TreeError::Text`] for a value that its attribute refuses.
    ///
    /// # Complexity
    /// O(size of the new contents); what is the same object as before, and holds no places, costs O(1).
    /// Siblings that change places cost O(n log n) once more.
    pub fn flush(&mut self, updates: Vec<Update>, sink: &mut impl Sink) -> Result<(), TreeError> {
        let mut pending = Plan::check(&self.places, &self.hids, updates)?;
        let mut positions = Positions::default();
        for index in 0..pending.len() {
            let Some(update) = pending.turn(index) else { continue };
            if update.place == 0 && self.replaces(&update) {
                self.replace(update, &mut pending, &mut positions, sink);
            } else if let Some(berth) = self.places.find(update.place) {
                self.diff(&mut pending, &mut positions, sink).update(berth, update);
            }
        }
        self.places.sweep();
        Ok(())
    }

    /// Whether the root cannot be continued by `update`.
    fn replaces(&self, update: &Update) -> bool {
        match (self.root(), &update.content) {
            (Some(Live::Place { berth, .. }), Content::Node(node)) => {
                !matches!(node.kind, Kind::Place(_)) || Some(&self.places.get(*berth).id) != update.places.first()
            }
            (Some(live), Content::Node(node)) => !same(live.node(), node),
            _ => true,
        }
    }

    /// Put another root in place of the old one, if there is one.
    fn replace(&mut self, update: Update, pending: &mut Pending, positions: &mut Positions, sink: &mut impl Sink) {
        let Content::Node(node) = update.content else { return };
        let first = self.places.is_empty();
        positions.forget(ROOT);
        if first {
            self.places.add(0, ROOT, 0, Holds::Vacant);
        } else if let Holds::Node(old) = self.places.vacate(ROOT) {
            self.hids.release(u32::from(self.wrapper != 0));
            self.diff(pending, positions, sink).unmount(&old);
        }
        self.wrapper = if stands_bare(&node) { 0 } else { self.hids.take(1) };
        let live = self.diff(pending, positions, sink).mount(&node, &update.places, ROOT, 0);
        self.places.get_mut(ROOT).holds = Holds::Node(live);
        if let (false, Some(view)) = (first, self.view()) {
            sink.insert(0, 0, &Part { view, places: &self.places });
        }
    }

    fn diff<'t, S: Sink>(
        &'t mut self,
        pending: &'t mut Pending,
        positions: &'t mut Positions,
        sink: &'t mut S,
    ) -> Diff<'t, S> {
        Diff { places: &mut self.places, hids: &mut self.hids, pending, positions, wrapper: self.wrapper, sink }
    }

    fn root(&self) -> Option<&Live> {
        (!self.places.is_empty()).then(|| self.places.live(ROOT))?
    }

    /// The one DOM node under the mount point.
    fn view(&self) -> Option<View<'_>> {
        let live = self.root()?;
        Some(if self.wrapper == 0 { live.view() } else { View::Wrapper(self.wrapper, live) })
    }

    /// Bytes that it takes, with the nodes that it shows: what nodes share is not part of it.
    ///
    /// # Complexity
    /// O(nodes), where an instance is one.
    pub fn weight(&self) -> usize {
        weigh::places(&self.places)
    }

    /// Live hids: elements, texts and units of raw HTML, the wrapper counted.
    pub fn count(&self) -> u32 {
        self.hids.live()
    }

    /// The hid that the next new node gets.
    pub fn next_hid(&self) -> Hid {
        self.hids.next()
    }

    /// Whether a place is mounted.
    pub fn is_mounted(&self, place: PlaceId) -> bool {
        self.places.find(place).is_some()
    }

    /// Whether a mounted place is a slot of an attribute, not one among children.
    pub fn is_slot(&self, place: PlaceId) -> bool {
        self.places.find(place).is_some_and(|berth| matches!(self.places.get(berth).holds, Holds::Value { .. }))
    }

    /// The mounted places, the root included, in no order.
    pub fn places(&self) -> impl Iterator<Item = PlaceId> + '_ {
        self.places.ids()
    }

    /// Write the whole document; an empty tree writes nothing.
    pub fn write<N: NodeSink>(&self, out: &mut N) {
        if let Some(view) = self.view() {
            Part { view, places: &self.places }.write(out);
        }
    }

    /// The document as HTML; `hids` adds what a client needs to adopt it (PROTOCOL 3.2).
    pub fn html(&self, hids: bool) -> String {
        let mut out = Html::new(hids);
        self.write(&mut out);
        out.finish()
    }

    /// The children of the root element as HTML, one by one; none where the root is no element.
    pub fn html_children(&self, hids: bool) -> Vec<String> {
        let mut out = Html::new(hids);
        self.write(&mut out);
        out.finish_children()
    }

    /// The values of the `style` attributes, each once, in document order, without those of raw HTML.
    pub fn styles(&self) -> Vec<String> {
        let mut out = Styles::default();
        self.write(&mut out);
        out.finish()
    }

    /// Whether `hid` is shown now.
    ///
    /// # Complexity
    /// As [`Tree::element_at`].
    pub fn is_live(&self, hid: Hid) -> bool {
        self.find(hid).is_some()
    }

    /// The element `hid` or, for a text or raw HTML, the element around it; with its DOM parent
    /// (0: the mount point). `None` for what is not live, and for a root that is no element.
    ///
    /// # Complexity
    /// O(nodes that were opened by changes of structure + depth).
    pub fn element_at(&self, hid: Hid) -> Option<(impl Subtree + '_, Hid)> {
        let found = self.find(hid)?;
        let (view, parent) = found.element?;
        Some((Part { view, places: &self.places }, parent))
    }

    /// The handler of the element `hid` for an event kind, and the place whose node holds it.
    ///
    /// # Complexity
    /// As [`Tree::element_at`].
    pub fn listener(&self, hid: Hid, kind: u8) -> Option<(PlaceId, Ref)> {
        let found = self.find(hid)?;
        let (view, _) = found.element.filter(|(view, _)| view.hid() == hid)?;
        Some((self.places.get(found.owner).id, view.target(kind)?))
    }

    /// Every handler for an event kind, in document order, with the element that has it and its place.
    ///
    /// # Complexity
    /// O(nodes).
    pub fn listeners(&self, kind: u8) -> Vec<Listener> {
        let mut found = Vec::new();
        if let Some(view) = self.view() {
            self.listening(ROOT, view, kind, true, &mut found);
        }
        found
    }

    /// As [`Tree::listeners`], of the elements that one place shows, without those of the places in them.
    ///
    /// # Complexity
    /// O(nodes that the place shows).
    pub fn listeners_in(&self, place: PlaceId, kind: u8) -> Vec<Listener> {
        let mut found = Vec::new();
        if let Some((berth, live)) = self.places.find(place).and_then(|berth| Some((berth, self.places.live(berth)?))) {
            self.listening(berth, live.view(), kind, false, &mut found);
        }
        found
    }

    fn listening(&self, owner: Berth, view: View<'_>, kind: u8, deep: bool, found: &mut Vec<Listener>) {
        found.extend(view.target(kind).map(|target| (view.hid(), self.places.get(owner).id, target)));
        if let View::Place(berth) = view {
            if let Some(live) = self.places.live(berth).filter(|_| deep) {
                self.listening(berth, live.view(), kind, deep, found);
            }
        } else {
            view.children().for_each(|child| self.listening(owner, child, kind, deep, found));
        }
    }

    fn find(&self, hid: Hid) -> Option<Found<'_>> {
        let mut found = Found { owner: ROOT, element: None };
        let view = self.view()?;
        (hid != 0 && found.descend(&self.places, view, 0, hid)).then_some(found)
    }
}

/// Where a lookup by hid ended.
struct Found<'a> {
    /// Berth of the place whose node holds it.
    owner: Berth,
    /// The element itself or the one around it, with its DOM parent.
    element: Option<(View<'a>, Hid)>,
}

impl<'a> Found<'a> {
    /// Look for `hid` in `view`, whose DOM parent is `parent`.
    fn descend(&mut self, places: &'a Places, view: View<'a>, parent: Hid, hid: Hid) -> bool {
        if !view.may_hold(hid) {
            return false;
        }
        let outer = (self.owner, self.element);
        let own = view.hid();
        let is_element = view.is_element();
        if is_element {
            self.element = Some((view, parent));
        }
        if own != 0 && own == hid {
            return true;
        }
        let inside = if is_element { own } else { parent };
        let found = if let View::Place(berth) = view {
            self.owner = berth;
            places.live(berth).is_some_and(|live| self.descend(places, live.view(), inside, hid))
        } else {
            view.children().any(|child| self.descend(places, child, inside, hid))
        };
        if !found {
            (self.owner, self.element) = outer;
        }
        found
    }
}

fn stands_bare(node: &Node) -> bool {
    matches!(node.kind.outer(), Kind::Element(_) | Kind::Text(_) | Kind::Raw(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atom::Atom;

    fn el(tag: &str, children: Vec<Child>) -> Child {
        Node::element(Atom::new(tag), vec![], vec![], children, None).unwrap()
    }

    fn list(items: &[&str]) -> Child {
        el("ul", items.iter().map(|item| el("li", vec![Node::text(*item).unwrap()])).collect())
    }

    #[test]
    fn a_live_node_takes_16_bytes() {
        assert_eq!(16, size_of::<Live>());
    }

    #[test]
    fn a_subtree_is_opened_only_along_the_way_to_a_change_of_shape() {
        let mut tree = Tree::mount(list(&["a", "b"])).unwrap();
        tree.commit(list(&["a", "B"]), &mut Discard).unwrap();
        assert!(matches!(tree.root(), Some(Live::Run { base: 1, .. })));
        tree.commit(list(&["a", "B", "c"]), &mut Discard).unwrap();
        let Some(Live::Open(open)) = tree.root() else { panic!("the list has grown") };
        let bases: Vec<_> = open.children.iter().map(|child| (child.view().hid(), child.node().count)).collect();
        assert_eq!(vec![(2, 2), (4, 2), (6, 2)], bases);
        assert!(open.children.iter().all(|child| matches!(child, Live::Run { .. })));
    }

    /// A list of `count` places, each showing `content`.
    fn places(count: u64, content: &Child) -> Tree {
        let root = el("ul", (0..count).map(|_| Node::place(0, None)).collect());
        let mut updates = vec![Update { place: 0, content: Content::Node(root), places: (1..=count).collect() }];
        let show = |place| Update { place, content: Content::Node(content.clone()), places: Box::default() };
        updates.extend((1..=count).map(show));
        let mut tree = Tree::empty();
        tree.flush(updates, &mut Discard).unwrap();
        tree
    }

    /// Show an element in each place in turn, as a flush does, and count the nodes that were looked at.
    fn looks(mut tree: Tree, order: impl Iterator<Item = PlaceId>) -> usize {
        let mut positions = Positions::default();
        for place in order {
            let berth = tree.places.find(place).unwrap();
            let update = Update { place, content: Content::Node(el("li", vec![])), places: Box::default() };
            tree.diff(&mut Pending::default(), &mut positions, &mut Discard).update(berth, update);
        }
        positions.looks
    }

    #[test]
    fn a_thousand_siblings_that_change_their_shape_are_looked_at_a_few_times_each() {
        for content in [Node::nothing(), el("b", vec![])] {
            assert!(looks(places(1_000, &content), 1..=1_000) < 5_000);
            assert!(looks(places(1_000, &content), (1..=1_000).rev()) < 5_000);
        }
    }
}
