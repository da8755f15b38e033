//! Lowering (PROTOCOL section 1, "Extension rule"): ops 01 to 05 have the same result.

mod common;

use common::random::{hids, plan, subtree, Plan};
use proptest::collection::vec;
use proptest::prelude::*;
use vango_core::model::{LiveNode, Model};
use vango_core::patch::{Patch, PatchKind, PatchNode, Sink};
use vango_core::patch_list::PatchList;
use vango_core::wire::node;
use vango_core::wire::ops::{self, Encoder};

/// Feed one patch, which `after` has applied, into a sink.
fn feed<S: Sink>(sink: &mut S, patch: &Patch, after: &Model) {
    let live = |hid: u32| -> LiveNode<'_> { after.subtree(hid).expect("the hid of a patch that was applied") };
    match patch {
        Patch::SetText { hid, text } => sink.set_text(*hid, text),
        Patch::SetAttr { hid, name, value } => sink.set_attr(*hid, name, value),
        Patch::Remove { hid } => sink.remove(*hid),
        Patch::Insert { parent, before, node } => sink.insert(*parent, *before, node),
        Patch::SetEvents { hid, events } => sink.set_events(*hid, *events),
        Patch::RemoveAttr { hid, name } => {
            sink.remove_attr(*hid, name, after.parent(*hid).expect("a live hid"), &live(*hid));
        }
        Patch::Move { hid, parent, before } => sink.shift(*hid, *parent, *before, &live(*hid)),
    }
}

/// What a client sees that knows no properties.
fn plain(node: &PatchNode) -> PatchNode {
    node::decode(&node::encode(node, true)).expect("a lowered node is a node")
}

struct Run {
    after: Model,
    patches: Vec<Patch>,
    list: PatchList,
    lowered: Vec<u8>,
}

/// Apply those patches of `plans` that follow the rules, one by one.
fn run(root: &PatchNode, plans: Vec<Plan>) -> Run {
    let mut after = Model::from_node(root).expect("a tree with a hid each");
    let (mut patches, mut list, mut encoder) = (Vec::new(), PatchList::default(), Encoder::new(true));
    let mut next = 1_000;
    for plan in plans {
        let patch = plan.aim(&hids(&after.to_node()), &mut next);
        if after.apply(std::slice::from_ref(&patch)).is_ok() {
            feed(&mut list, &patch, &after);
            feed(&mut encoder, &patch, &after);
            patches.push(patch);
        }
    }
    Run { after, patches, list, lowered: encoder.finish() }
}

proptest! {
    #[test]
    fn a_burst_is_its_patches_one_after_another(root in subtree(), plans in vec(plan(), 0..12)) {
        let run = run(&root, plans);
        let mut model = Model::from_node(&root).expect("a tree");
        prop_assert_eq!(Ok(()), model.apply(&ops::decode(&ops::encode(&run.patches)).expect("ops")));
        prop_assert_eq!(model.to_node(), run.after.to_node());
        prop_assert_eq!(model.count(), hids(&model.to_node()).len());
    }

    #[test]
    fn lowered_ops_have_the_same_result(root in subtree(), plans in vec(plan(), 0..12)) {
        let run = run(&root, plans);
        let lowered = ops::decode(&run.lowered).expect("lowered ops are ops");
        let extended = |op: &Patch| matches!(op, Patch::RemoveAttr { .. } | Patch::Move { .. });
        prop_assert!(!lowered.iter().any(extended));
        let mut model = Model::from_node(&plain(&root)).expect("a tree");
        prop_assert_eq!(Ok(()), model.apply(&lowered));
        prop_assert_eq!(plain(&run.after.to_node()), model.to_node());
    }

    #[test]
    fn a_list_of_patches_lowers_as_the_diff_does(root in subtree(), plans in vec(plan(), 0..12)) {
        let run = run(&root, plans);
        prop_assert_eq!(run.lowered, ops::encode_list(&run.list, true));
        prop_assert_eq!(ops::encode(&run.patches), ops::encode_list(&run.list, false));
    }
}

fn element(attrs: &[(&str, &str)]) -> PatchNode {
    let attrs = attrs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    PatchNode { hid: 1, kind: PatchKind::Element { tag: "input".into(), events: 0, attrs, children: Vec::new() } }
}

#[test]
fn properties_lose_their_dot_and_find_their_place() {
    let node = element(&[(".checked", ""), (".indeterminate", ""), (".value", "v"), ("a", "1"), ("class", "c")]);
    assert_eq!(element(&[("a", "1"), ("checked", ""), ("class", "c"), ("value", "v")]), plain(&node));
}

#[test]
fn a_property_wins_over_the_attribute_of_its_name() {
    let node = element(&[(".value", "typed"), ("value", "default")]);
    assert_eq!(element(&[("value", "typed")]), plain(&node));
}

#[test]
fn indeterminate_vanishes() {
    let mut encoder = Encoder::new(true);
    encoder.set_attr(1, ".indeterminate", "");
    encoder.remove_attr(1, ".indeterminate", 0, &element(&[]));
    assert!(encoder.is_empty());
}

#[test]
fn remove_attr_replaces_the_node_where_it_is() {
    let mut encoder = Encoder::new(true);
    encoder.remove_attr(1, "class", 7, &element(&[]));
    let insert = Patch::Insert { parent: 7, before: 0, node: element(&[]) };
    assert_eq!(Ok(vec![insert]), ops::decode(&encoder.finish()));
}

#[test]
fn move_takes_the_node_out_and_puts_it_in() {
    let mut encoder = Encoder::new(true);
    encoder.shift(1, 7, 8, &element(&[]));
    let insert = Patch::Insert { parent: 7, before: 8, node: element(&[]) };
    assert_eq!(Ok(vec![Patch::Remove { hid: 1 }, insert]), ops::decode(&encoder.finish()));
}
