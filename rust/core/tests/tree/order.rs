//! Many places of one list in one flush, in any order.

use std::collections::BTreeMap;

use crate::build::*;
use proptest::prelude::*;
use vango_core::model::Model;
use vango_core::node::{Child, Node};
use vango_core::patch_list::{NodeBuilder, PatchList};
use vango_core::tree::{Tree, Update};

/// Groups of the list, each with so many leaves.
const GROUPS: u64 = 4;
const LEAVES: u64 = 3;

/// What a leaf shows.
#[derive(Clone, Copy, Debug, Default)]
enum Shown {
    #[default]
    Nothing,
    Text,
    Element,
    Two,
}

impl Shown {
    fn node(self) -> Child {
        match self {
            Self::Nothing => Node::nothing(),
            Self::Text => text("a"),
            Self::Element => el("b", []),
            Self::Two => fragment([text("c"), el("i", [])]),
        }
    }
}

fn leaf(group: u64, leaf: u64) -> u64 {
    group * 10 + leaf
}

/// A list of groups, of which every other one is in a fragment; a group is a place that holds leaves.
fn mounted() -> Tree {
    let group = |group: u64| if group & 1 == 0 { fragment([slot()]) } else { slot() };
    let groups: Vec<_> = (1..=GROUPS).collect();
    let list = el("ul", groups.iter().map(|id| group(*id)).chain([el("hr", [])]).collect::<Vec<_>>());
    let mut updates = vec![node(0, list, &groups)];
    for group in groups {
        let leaves: Vec<_> = (1..=LEAVES).map(|id| leaf(group, id)).collect();
        let content = [slot(), fragment([slot(), fragment([slot()])])];
        updates.push(node(group, fragment(content), &leaves));
        updates.extend(leaves.iter().map(|id| node(*id, Node::nothing(), &[])));
    }
    tree(updates)
}

fn client(tree: &Tree) -> Model {
    let mut builder = NodeBuilder::default();
    tree.write(&mut builder);
    Model::from_node(&builder.finish().unwrap()).unwrap()
}

fn step() -> impl Strategy<Value = Vec<(u64, Shown)>> {
    let shown = prop::sample::select(vec![Shown::Nothing, Shown::Text, Shown::Element, Shown::Two]);
    let leaves: Vec<_> = (1..=GROUPS).flat_map(|group| (1..=LEAVES).map(move |id| leaf(group, id))).collect();
    let all = leaves.len();
    let some = prop::sample::subsequence(leaves, 1..=all).prop_shuffle();
    (some, prop::collection::vec(shown, all)).prop_map(|(leaves, shown)| leaves.into_iter().zip(shown).collect())
}

#[test]
fn what_its_owner_rearranges_is_found_where_it_is_then() {
    let all = node(0, el("p", [slot(), el("hr", []), slot()]), &[1, 2]);
    let mut tree = tree(vec![all, node(1, Node::nothing(), &[]), node(2, Node::nothing(), &[])]);
    let root = node(0, el("p", [slot(), el("b", [])]), &[2]);
    let patches = flush(&mut tree, vec![node(1, el("i", []), &[]), root, node(2, el("u", []), &[])]);
    assert_eq!("<p><u></u><b></b></p>", tree.html(false));
    assert_eq!("insert 1 4 <u data-hid=\"5\"></u>", patches[patches.len() - 1], "{patches:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_comes_and_goes_in_any_order_stands_where_it_belongs(steps in prop::collection::vec(step(), 1..5)) {
        let mut tree = mounted();
        let mut client = client(&tree);
        let mut shown = BTreeMap::new();
        for step in steps {
            let mut list = PatchList::default();
            let updates: Vec<Update> = step.iter().map(|(leaf, shown)| node(*leaf, shown.node(), &[])).collect();
            tree.flush(updates, &mut list).unwrap();
            client.apply(&list.patches).unwrap();
            shown.extend(step);
            let mut fresh = mounted();
            flush(&mut fresh, shown.iter().map(|(leaf, shown)| node(*leaf, shown.node(), &[])).collect());
            prop_assert_eq!(fresh.html(false), tree.html(false));
            prop_assert_eq!(self::client(&tree), client.clone());
        }
    }
}
