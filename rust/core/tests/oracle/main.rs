//! The oracle: whatever leads from page to page, a client that applies the patches has what a
//! fresh page would show, with the hids that the tree says, and no hid is ever given twice.

mod random;
mod spec;

use std::collections::HashSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use vango_core::model::Model;
use vango_core::node::{Child, Hid, Kind};
use vango_core::patch::{Patch, PatchKind, PatchNode};
use vango_core::patch_list::{Discard, NodeBuilder, PatchList};
use vango_core::tree::{Content, Tree};
use vango_core::wire;

use random::Dice;
use spec::{Builder, Dom, Spec};

/// One session: the tree, a client that knows all ops, and one that knows only 01 to 05.
struct Session {
    tree: Tree,
    client: Model,
    plain: Model,
    given: HashSet<Hid>,
    shown: Spec,
    builder: Builder,
}

fn document(tree: &Tree) -> PatchNode {
    let mut builder = NodeBuilder::default();
    tree.write(&mut builder);
    builder.finish().expect("a mounted tree writes one node")
}

fn hids(node: &PatchNode, out: &mut Vec<Hid>) {
    out.push(node.hid);
    if let PatchKind::Element { children, .. } = &node.kind {
        for child in children {
            hids(child, out);
        }
    }
}

/// Whatever a burst changes it changes once; what enters with it is not changed again, what leaves is left alone.
fn assert_once(patches: &[Patch]) {
    let (mut entered, mut changed) = (HashSet::new(), HashSet::new());
    for patch in patches {
        let (hid, what) = match patch {
            Patch::Insert { node, .. } => {
                entered.extend(hids_of(node));
                continue;
            }
            Patch::SetText { hid, .. } => (*hid, "the text"),
            Patch::SetAttr { hid, name, .. } | Patch::RemoveAttr { hid, name } => (*hid, &**name),
            Patch::SetEvents { hid, .. } => (*hid, "the events"),
            Patch::Move { hid, .. } => (*hid, "the position"),
            Patch::Remove { hid } => (*hid, "all"),
        };
        assert!(!entered.contains(&hid), "{what} of {hid}, which has just entered");
        assert!(!changed.contains(&(hid, "all")), "{what} of {hid}, which has left");
        assert!(changed.insert((hid, what)), "{what} of {hid} comes twice");
    }
}

fn hids_of(node: &PatchNode) -> Vec<Hid> {
    let mut all = vec![];
    hids(node, &mut all);
    all
}

fn lowered(node: &PatchNode) -> PatchNode {
    wire::node::decode(&wire::node::encode(node, true)).unwrap()
}

impl Session {
    fn mount(page: &Spec) -> Self {
        let mut builder = Builder::default();
        let mut tree = Tree::empty();
        let mut patches = PatchList::default();
        tree.flush(builder.updates(None, page, true), &mut patches).unwrap();
        assert!(patches.patches.is_empty(), "a mount writes no patches");
        let node = document(&tree);
        let order = hids_of(&node);
        assert_eq!((1..=order.len() as Hid).collect::<Vec<_>>(), order, "hids count in document order");
        let plain = Model::from_node(&lowered(&node)).unwrap();
        let client = Model::from_node(&node).unwrap();
        let session = Self { tree, client, plain, given: order.into_iter().collect(), shown: page.clone(), builder };
        session.check();
        session
    }

    fn show(&mut self, page: &Spec, every: bool) {
        let updates = self.builder.updates(Some(&self.shown), page, every);
        let mut list = PatchList::default();
        self.tree.flush(updates, &mut list).unwrap();
        for patch in &list.patches {
            if let Patch::Insert { node, .. } = patch {
                for hid in hids_of(node) {
                    assert!(self.given.insert(hid), "hid {hid} is given twice: {:?}", list.patches);
                }
            }
        }
        assert_once(&list.patches);
        let burst = wire::ops::decode(&wire::ops::encode_list(&list, false)).unwrap();
        assert_eq!(list.patches, burst);
        let applied = self.client.apply(&burst);
        assert_eq!(Ok(()), applied, "{burst:?}");
        let burst = wire::ops::decode(&wire::ops::encode_list(&list, true)).unwrap();
        let applied = self.plain.apply(&burst);
        assert_eq!(Ok(()), applied, "{burst:?}");
        self.shown = page.clone();
        self.check();
    }

    fn check(&self) {
        let node = document(&self.tree);
        assert_eq!(self.shown.document(), Dom::of(&node));
        assert_eq!(node, self.client.to_node());
        assert_eq!(lowered(&node), self.plain.to_node());
        assert_eq!(self.tree.count() as usize, self.client.count());
        let mut live = hids_of(&node);
        let found: Vec<Hid> = (0..=self.tree.next_hid()).filter(|hid| self.tree.is_live(*hid)).collect();
        live.sort_unstable();
        assert_eq!(live, found);
        let places: HashSet<_> = self.tree.places().collect();
        let fresh = Builder::default().updates(None, &self.shown, true);
        assert_eq!(fresh.iter().map(|update| update.place).collect::<HashSet<_>>(), places);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_page_becomes_any_other(a in random::page(), b in random::page(), c in random::page(), every: bool) {
        let mut session = Session::mount(&a);
        session.show(&b, every);
        session.show(&c, !every);
        session.show(&a, every);
    }

    #[test]
    fn a_page_lives_through_small_changes(
        a in random::page(),
        b in random::page(),
        seed: u64,
        steps in 1_usize..12,
    ) {
        let mut dice = Dice(seed);
        let mut session = Session::mount(&a);
        for _ in 0..steps {
            let next = random::evolve(&session.shown, &b, &mut dice);
            session.builder.reuse = dice.roll(2) == 0;
            session.show(&next, dice.roll(3) == 0);
        }
    }

    #[test]
    fn what_is_shown_again_needs_no_patch(a in random::page(), b in random::page(), reuse: bool) {
        let mut session = Session::mount(&a);
        session.show(&b, true);
        session.builder.reuse = reuse;
        let updates = session.builder.updates(None, &b, true);
        let mut patches = PatchList::default();
        session.tree.flush(updates, &mut patches).unwrap();
        prop_assert_eq!(Vec::<Patch>::new(), patches.patches);
        session.check();
    }

    #[test]
    fn a_refused_flush_changes_nothing(a in random::page(), b in random::page(), at: prop::sample::Index) {
        let mut session = Session::mount(&a);
        let mut updates = session.builder.updates(None, &b, true);
        let broken = at.index(updates.len());
        updates[broken].places = [1000; 3].into();
        prop_assert!(session.tree.flush(updates, &mut Discard).is_err());
        session.check();
        session.show(&b, false);
    }
}

/// How many nodes are instances, and how many could be but are written out.
fn instances(node: &Child) -> (usize, usize) {
    let own = match &node.kind {
        Kind::Instance(_) => (1, 0),
        _ => (0, usize::from(node.key.is_some() && node.places == 0 && node.count >= 4)),
    };
    node.kind.children().iter().map(instances).fold(own, |all, more| (all.0 + more.0, all.1 + more.1))
}

#[test]
fn random_pages_hold_instances_and_such_that_are_written_out() {
    let mut runner = TestRunner::deterministic();
    let (mut builder, mut found) = (Builder::default(), (0, 0));
    for _ in 0..500 {
        let page = random::page().new_tree(&mut runner).unwrap().current();
        for update in builder.updates(None, &page, true) {
            if let Content::Node(node) = update.content {
                let here = instances(&node);
                found = (found.0 + here.0, found.1 + here.1);
            }
        }
    }
    assert!(found.0 > 150 && found.1 > 75, "{found:?}");
}
