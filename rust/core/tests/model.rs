//! The toy DOM beyond the rules that `tests/vectors/apply.json` holds one by one.

mod common;

use common::random::{hids, plan, subtree};
use proptest::collection::vec;
use proptest::prelude::*;
use vango_core::limits::MAX_DEPTH;
use vango_core::model::{Model, ModelError};
use vango_core::patch::{Patch, PatchKind, PatchNode};
use vango_core::patch_list::NodeBuilder;
use vango_core::wire::node;

fn text(hid: u32) -> PatchNode {
    PatchNode { hid, kind: PatchKind::Text("x".into()) }
}

fn element(hid: u32, children: Vec<PatchNode>) -> PatchNode {
    PatchNode { hid, kind: PatchKind::Element { tag: "i".into(), events: 0, attrs: Vec::new(), children } }
}

/// `levels` elements inside each other, with the hids from `first` on.
fn chain(first: u32, levels: u32) -> PatchNode {
    (first..first + levels - 1)
        .rev()
        .fold(element(first + levels - 1, Vec::new()), |node, hid| element(hid, vec![node]))
}

fn insert(parent: u32, node: PatchNode) -> Patch {
    Patch::Insert { parent, before: 0, node }
}

proptest! {
    #[test]
    fn a_document_is_what_was_put_in(root in subtree()) {
        let model = Model::from_node(&root).expect("a tree with a hid each");
        prop_assert_eq!(&root, &model.to_node());
        prop_assert_eq!(hids(&root).len(), model.count());
        let mut written = NodeBuilder::default();
        model.write(&mut written);
        prop_assert_eq!(Some(root.clone()), written.finish());
        prop_assert_eq!(Ok(model), Model::from_snapshot(&node::encode(&root, false)));
    }

    #[test]
    fn a_burst_that_fails_changes_nothing(root in subtree(), plans in vec(plan(), 0..8)) {
        let before = Model::from_node(&root).expect("a tree");
        let (mut burst, mut next) = (Vec::new(), 1_000);
        for plan in plans {
            burst.push(plan.aim(&hids(&root), &mut next));
        }
        burst.push(Patch::SetText { hid: u32::MAX, text: "x".into() });
        let mut model = before.clone();
        prop_assert!(model.apply(&burst).is_err());
        prop_assert_eq!(before, model);
    }
}

#[test]
fn an_error_names_the_patch() {
    let mut model = Model::from_node(&element(1, vec![text(2)])).expect("a tree");
    let error = model.apply(&[insert(1, text(3)), insert(9, text(4))]);
    assert_eq!(Err(ModelError { index: 1, reason: "unknown hid" }), error);
    let error = model.apply(&[Patch::Remove { hid: 1 }]);
    assert_eq!(Err(ModelError { index: 1, reason: "the mount point has exactly one child" }), error);
    assert_eq!(2, model.count());
}

#[test]
fn a_snapshot_with_a_hid_twice_is_refused() {
    let payload = node::encode(&element(1, vec![text(1)]), false);
    assert!(Model::from_snapshot(&payload).is_err());
    assert!(Model::from_node(&text(0)).is_err());
}

#[test]
fn a_snapshot_may_carry_extensions_after_its_node() {
    let payload = [node::encode(&text(1), false), vec![0x20, 2, 0, 0, 0x3f, 0]].concat();
    assert_eq!(Ok(text(1)), Model::from_snapshot(&payload).map(|model| model.to_node()));
}

#[test]
fn nesting_ends_at_the_limit() {
    let limit = MAX_DEPTH as u32;
    assert!(Model::from_node(&chain(1, limit)).is_ok());
    assert!(Model::from_node(&chain(1, limit + 1)).is_err());

    let mut model = Model::from_node(&chain(1, limit - 1)).expect("within the limit");
    assert!(model.apply(&[insert(limit - 1, chain(1_000, 2))]).is_err());
    assert_eq!(Ok(()), model.apply(&[insert(limit - 1, text(1_000))]));
    // A subtree of two levels fits at the root, but not below the deepest but one.
    assert_eq!(Ok(()), model.apply(&[insert(1, chain(2_000, 2))]));
    let below = |parent| Patch::Move { hid: 2_000, parent, before: 0 };
    assert!(model.apply(&[below(limit - 1)]).is_err());
    assert_eq!(Ok(()), model.apply(&[below(limit - 2)]));
}

#[test]
fn where_a_node_is_can_be_asked() {
    let model = Model::from_node(&element(1, vec![text(2)])).expect("a tree");
    assert_eq!((Some(0), Some(1), None), (model.parent(1), model.parent(2), model.parent(3)));
    let kept = model.subtree(2).map(|node| PatchNode::of(&node));
    assert_eq!(Some(text(2)), kept);
    assert!(model.subtree(3).is_none());
}
