//! The oracle: whatever leads from page to page, a client that applies the patches has what a
//! fresh page would show, with the hids that the tree says, and no hid is ever given twice.

mod dice;
mod edits;
mod random;
mod session;
mod soak;
mod spec;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use vango_core::node::{Child, Kind};
use vango_core::patch::Patch;
use vango_core::patch_list::{Discard, PatchList};
use vango_core::tree::Content;

use dice::Dice;
use session::Session;
use spec::Builder;

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
        let mut dice = Dice::Seed(seed);
        let mut session = Session::mount(&a);
        for _ in 0..steps {
            let next = edits::evolve(&session.shown, &b, &mut dice);
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
