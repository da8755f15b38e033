//! One session under the oracle: the tree, and what every kind of client has of it.

use std::collections::HashSet;

use vango_core::model::Model;
use vango_core::node::Hid;
use vango_core::patch::{Patch, PatchKind, PatchNode, Sink, Subtree};
use vango_core::patch_list::{NodeBuilder, PatchList};
use vango_core::tree::Tree;
use vango_core::wire::fold::{fold, Forms};
use vango_core::wire::{self, ops::Encoder};

use crate::dice::Dice;
use crate::spec::{Builder, Dom, Spec};

/// The most hids that are asked one by one after each change.
const PROBES: usize = 256;

/// The tree, a client that knows all ops, and one that knows only 01 to 05.
pub struct Session {
    pub tree: Tree,
    client: Model,
    plain: Model,
    /// Every hid below this one was given.
    given: Hid,
    pub shown: Spec,
    pub builder: Builder,
}

/// What a flush writes, as values, and as bytes written on the way.
struct Everything {
    list: PatchList,
    bytes: Encoder,
    lowered: Encoder,
}

impl Sink for Everything {
    fn set_text(&mut self, hid: Hid, text: &str) {
        self.list.set_text(hid, text);
        self.bytes.set_text(hid, text);
        self.lowered.set_text(hid, text);
    }

    fn set_attr(&mut self, hid: Hid, name: &str, value: &str) {
        self.list.set_attr(hid, name, value);
        self.bytes.set_attr(hid, name, value);
        self.lowered.set_attr(hid, name, value);
    }

    fn remove(&mut self, hid: Hid) {
        self.list.remove(hid);
        self.bytes.remove(hid);
        self.lowered.remove(hid);
    }

    fn insert<S: Subtree>(&mut self, parent: Hid, before: Hid, node: &S) {
        self.list.insert(parent, before, node);
        self.bytes.insert(parent, before, node);
        self.lowered.insert(parent, before, node);
    }

    fn set_events(&mut self, hid: Hid, events: u32) {
        self.list.set_events(hid, events);
        self.bytes.set_events(hid, events);
        self.lowered.set_events(hid, events);
    }

    fn remove_attr<S: Subtree>(&mut self, hid: Hid, name: &str, parent: Hid, node: &S) {
        self.list.remove_attr(hid, name, parent, node);
        self.bytes.remove_attr(hid, name, parent, node);
        self.lowered.remove_attr(hid, name, parent, node);
    }

    fn shift<S: Subtree>(&mut self, hid: Hid, parent: Hid, before: Hid, node: &S) {
        self.list.shift(hid, parent, before, node);
        self.bytes.shift(hid, parent, before, node);
        self.lowered.shift(hid, parent, before, node);
    }
}

fn document(tree: &Tree) -> PatchNode {
    let mut builder = NodeBuilder::default();
    tree.write(&mut builder);
    builder.finish().expect("a mounted tree writes one node")
}

/// Every hid of `node`, in document order.
fn hids(node: &PatchNode) -> Vec<Hid> {
    let mut all = vec![node.hid];
    if let PatchKind::Element { children, .. } = &node.kind {
        all.extend(children.iter().flat_map(hids));
    }
    all
}

/// Whatever a burst changes it changes once; what enters with it is not changed again, what leaves is left alone.
fn assert_once(patches: &[Patch]) {
    let (mut entered, mut changed) = (HashSet::new(), HashSet::new());
    for patch in patches {
        let (hid, what) = match patch {
            Patch::Insert { node, .. } => {
                entered.extend(hids(node));
                continue;
            }
            Patch::SetText { hid, .. } => (*hid, "the text"),
            Patch::SetAttr { hid, name, .. } | Patch::RemoveAttr { hid, name } => (*hid, &**name),
            Patch::SetEvents { hid, .. } => (*hid, "the events"),
            // A place moves with all that it shows; in its own turn something in it may move once more.
            Patch::Move { hid, .. } => {
                assert!(!entered.contains(hid) && !changed.contains(&(*hid, "all")), "a move of {hid}");
                continue;
            }
            Patch::Remove { hid } => (*hid, "all"),
        };
        assert!(!entered.contains(&hid), "{what} of {hid}, which has just entered");
        assert!(!changed.contains(&(hid, "all")), "{what} of {hid}, which has left");
        assert!(changed.insert((hid, what)), "{what} of {hid} comes twice");
    }
}

fn lowered(node: &PatchNode) -> PatchNode {
    wire::node::decode(&wire::node::encode(node, true)).unwrap()
}

fn apply(client: &mut Model, bytes: &[u8]) {
    let before = client.clone();
    let burst = wire::ops::decode(bytes).unwrap();
    let applied = client.apply(&burst);
    assert_eq!(Ok(()), applied, "{burst:?}");
    let folded = fold(bytes, false, Forms::ALL).map(|bytes| wire::ops::decode(&bytes).unwrap());
    for burst in std::iter::once(burst).chain(folded) {
        // Each op by itself may come twice in a row; whole bursts may not, which their rev is for.
        let doubled: Vec<Patch> = burst.iter().flat_map(|patch| [patch.clone(), patch.clone()]).collect();
        let mut stutterer = before.clone();
        assert_eq!(Ok(()), stutterer.apply(&doubled), "{doubled:?}");
        assert_eq!(*client, stutterer, "{burst:?}");
    }
}

impl Session {
    pub fn mount(page: &Spec) -> Self {
        let mut builder = Builder::default();
        let mut tree = Tree::empty();
        let mut patches = PatchList::default();
        tree.flush(builder.updates(None, page, true), &mut patches).unwrap();
        assert!(patches.patches.is_empty(), "a mount writes no patches");
        let node = document(&tree);
        let given = tree.next_hid();
        assert_eq!((1..given).collect::<Vec<_>>(), hids(&node), "hids count in document order");
        let plain = Model::from_node(&lowered(&node)).unwrap();
        let client = Model::from_node(&node).unwrap();
        let session = Self { tree, client, plain, given, shown: page.clone(), builder };
        session.check();
        session
    }

    /// Show another page: all places are given their contents, or only those that changed.
    pub fn show(&mut self, page: &Spec, every: bool) {
        let updates = self.builder.updates(Some(&self.shown), page, every);
        let list = PatchList::default();
        let mut all = Everything { list, bytes: Encoder::new(false), lowered: Encoder::new(true) };
        self.tree.flush(updates, &mut all).unwrap();
        let Everything { list, bytes, lowered } = all;
        let (bytes, lowered) = (bytes.finish(), lowered.finish());
        assert_eq!(wire::ops::encode_list(&list, false), bytes);
        assert_eq!(wire::ops::encode_list(&list, true), lowered);
        assert_eq!(Ok(&list.patches), wire::ops::decode(&bytes).as_ref());
        self.never_twice(&list.patches);
        assert_once(&list.patches);
        apply(&mut self.client, &bytes);
        apply(&mut self.plain, &lowered);
        self.shown = page.clone();
        self.check();
    }

    /// What enters has a hid that nothing had before.
    fn never_twice(&mut self, patches: &[Patch]) {
        let entering = patches.iter().filter_map(|patch| match patch {
            Patch::Insert { node, .. } => Some(hids(node)),
            _ => None,
        });
        let mut seen = HashSet::new();
        for hid in entering.flatten() {
            assert!(hid >= self.given && seen.insert(hid), "hid {hid} is given twice: {patches:?}");
        }
        self.given = self.tree.next_hid();
        assert!(seen.iter().all(|hid| *hid < self.given));
    }

    /// A client that lost something in one element asks for it, and has all again.
    pub fn refetch(&self, dice: &mut Dice<'_>) {
        let live = hids(&document(&self.tree));
        let hid = live[dice.roll(live.len())];
        let Some((node, parent)) = self.tree.element_at(hid) else {
            assert_eq!(1, live.len(), "only a root that is no element cannot be fetched");
            return;
        };
        let mut burst = Encoder::new(false);
        burst.insert(parent, 0, &node);
        let within = hids(&PatchNode::of(&node));
        assert!(within.contains(&hid));
        let mut client = self.client.clone();
        let lost = within[dice.roll(within.len())];
        if lost != node.hid() {
            client.apply(&[Patch::Remove { hid: lost }]).unwrap();
        }
        client.apply(&[Patch::SetAttr { hid: node.hid(), name: "lost".into(), value: "".into() }]).unwrap();
        assert_ne!(self.client, client);
        apply(&mut client, &burst.finish());
        assert_eq!(self.client, client);
    }

    /// Who comes back gets a snapshot, and goes on from it as if nothing had been.
    pub fn resume(&mut self) {
        let read = |lower| {
            let mut bytes = Vec::new();
            self.tree.write(&mut wire::node::NodeWriter::new(&mut bytes, lower));
            Model::from_snapshot(&bytes).unwrap()
        };
        let (client, plain) = (read(false), read(true));
        assert_eq!((&self.client, &self.plain), (&client, &plain));
        (self.client, self.plain) = (client, plain);
    }

    pub fn check(&self) {
        let node = document(&self.tree);
        assert_eq!(self.shown.document(), Dom::of(&node));
        assert_eq!(node, self.client.to_node());
        assert_eq!(lowered(&node), self.plain.to_node());
        assert_eq!(self.tree.count() as usize, self.client.count());
        let order = hids(&node);
        let live: HashSet<_> = order.iter().copied().collect();
        assert_eq!(order.len(), live.len(), "a hid stands twice: {order:?}");
        let end = self.tree.next_hid();
        let probes = (0..=end).step_by(end as usize / PROBES + 1);
        for hid in probes.chain(order) {
            assert_eq!(live.contains(&hid), self.tree.is_live(hid), "hid {hid}");
        }
        let places: HashSet<_> = self.tree.places().collect();
        let fresh = Builder::default().updates(None, &self.shown, true);
        assert_eq!(fresh.iter().map(|update| update.place).collect::<HashSet<_>>(), places);
    }
}
