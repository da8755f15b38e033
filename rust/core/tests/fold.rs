//! Examples and instances (PROTOCOL 1.12): what is folded means what it meant.

mod common;

use common::random::subtree;
use proptest::collection::vec;
use proptest::prelude::*;
use vango_core::model::Model;
use vango_core::patch::{Patch, PatchKind, PatchNode};
use vango_core::wire::fold::{fold, Forms, MIN_BYTES};
use vango_core::wire::{node, ops};

const TEMPLATES: Forms = Forms { templates: true, texts: false };

/// The same subtree with other hids and other texts, and now and then another attribute, or a hid left out.
fn like(row: &PatchNode, next: &mut u32, word: &str) -> PatchNode {
    let hid = *next;
    *next += if hid % 23 == 0 { 2 } else { 1 };
    let kind = match &row.kind {
        PatchKind::Text(text) => PatchKind::Text(if hid % 3 == 0 { word.into() } else { text.clone() }),
        PatchKind::Raw(html) => PatchKind::Raw(html.clone()),
        PatchKind::Element { tag, events, attrs, children } => PatchKind::Element {
            tag: tag.clone(),
            events: *events,
            attrs: attrs
                .iter()
                .enumerate()
                .filter(|(index, _)| hid % 11 != 0 || *index != 0)
                .map(|(_, (name, value))| (name.clone(), if hid % 5 == 0 { word.into() } else { value.clone() }))
                .collect(),
            children: children.iter().map(|child| like(child, next, word)).collect(),
        },
    };
    PatchNode { hid, kind }
}

/// Rows of a few shapes, in any order.
fn rows() -> impl Strategy<Value = Vec<PatchNode>> {
    (vec(subtree(), 1..4), vec((any::<prop::sample::Index>(), "[a-z]{0,4}"), 0..60)).prop_map(|(shapes, rows)| {
        let mut next = 1_000;
        rows.iter().map(|(index, word)| like(index.get(&shapes), &mut next, word)).collect()
    })
}

fn list(hid: u32, children: Vec<PatchNode>) -> PatchNode {
    let kind = PatchKind::Element { tag: "ul".into(), events: 0, attrs: vec![], children };
    PatchNode { hid, kind }
}

/// A row of the benchmark's kind.
fn row(hid: u32, label: &str) -> PatchNode {
    let text = |hid, text: &str| PatchNode { hid, kind: PatchKind::Text(text.into()) };
    let el = |hid, tag: &str, children| {
        let attrs = vec![("class".into(), "col-md-1".into())];
        PatchNode { hid, kind: PatchKind::Element { tag: tag.into(), events: 1, attrs, children } }
    };
    el(hid, "tr", vec![el(hid + 1, "td", vec![text(hid + 2, label)]), el(hid + 3, "td", vec![])])
}

proptest! {
    #[test]
    fn a_folded_burst_is_the_burst(rows in rows(), texts in vec("[a-z]{0,200}", 0..5)) {
        let mut patches: Vec<Patch> =
            rows.into_iter().map(|node| Patch::Insert { parent: 1, before: 0, node }).collect();
        for (index, text) in texts.into_iter().enumerate() {
            patches.insert(index.min(patches.len()), Patch::SetText { hid: 2, text: text.into() });
        }
        let plain = ops::encode(&patches);
        if let Some(folded) = fold(&plain, false, TEMPLATES) {
            for end in (0..folded.len()).step_by(folded.len() / 16 + 1) {
                // An error, or the ops that are whole.
                prop_assert!(ops::decode(&folded[..end]).map_or(true, |cut| cut.len() < patches.len()));
            }
            prop_assert_eq!(Ok(patches), ops::decode(&folded));
        }
    }

    #[test]
    fn a_folded_snapshot_is_the_snapshot(rows in rows(), split in 0..60_usize) {
        let split = split.min(rows.len());
        let root = list(1, vec![list(2, rows[..split].to_vec()), list(3, rows[split..].to_vec())]);
        let mut payload = node::encode(&root, false);
        payload.extend([0x22, 1, 1]);
        if let Some(folded) = fold(&payload, true, TEMPLATES) {
            prop_assert_eq!(Ok(root), ops::decode_snapshot(&folded));
            prop_assert_eq!(ops::effects(&payload, true), ops::effects(&folded, true));
            prop_assert_eq!(Model::from_snapshot(&payload), Model::from_snapshot(&folded));
        }
    }
}

#[test]
fn rows_that_are_alike_are_an_example_and_instances_of_it() {
    let labels = ["a", "b", "b", ""];
    let rows: Vec<_> = (0..200).map(|n| row(10 * n + 10, labels[n as usize % 4])).collect();
    let payload = node::encode(&list(1, rows.clone()), false);
    let folded = fold(&payload, true, TEMPLATES).expect("200 rows are alike");
    assert_eq!(Some(&0x05), folded.get(9), "the first row is the example");
    // Kind, hid, example, one hole, a letter.
    assert!(folded.len() < 100 + 200 * 8, "{}", folded.len());
    assert_eq!(Ok(list(1, rows)), node::decode(&folded));
}

#[test]
fn a_row_whose_hids_do_not_run_on_is_written_out_among_others() {
    let apart = |hid| {
        let mut row = row(hid, "a");
        if let PatchKind::Element { children, .. } = &mut row.kind {
            children[1].hid += 1;
        }
        row
    };
    let rows: Vec<_> = (0..50).map(|n| if n % 7 == 3 { apart(10 * n + 10) } else { row(10 * n + 10, "b") }).collect();
    let folded = fold(&node::encode(&list(1, rows.clone()), false), true, TEMPLATES).expect("most are alike");
    assert_eq!(Ok(list(1, rows)), node::decode(&folded));
}

#[test]
fn what_is_short_or_not_alike_is_left_alone() {
    let words: String = "long ".repeat(200);
    assert_eq!(None, fold(&node::encode(&list(1, vec![row(2, &words)]), false), true, TEMPLATES), "one row");
    let few = node::encode(&list(1, vec![row(2, "a"), row(6, "b")]), false);
    assert!(few.len() < MIN_BYTES);
    assert_eq!(None, fold(&few, true, TEMPLATES), "a few bytes");
    let apart = |hid| list(hid, vec![list(hid + 1, vec![]), list(hid + 7, vec![])]);
    let rows = (0..100).map(|n| apart(10 * n + 10)).collect();
    assert_eq!(None, fold(&node::encode(&list(1, rows), false), true, TEMPLATES), "hids do not run on");
}

/// An example of two nodes, `05 01 10 "i" events attrs 1 child: 03 11 "x"`, in a list of two.
fn two(second: &[u8]) -> Vec<u8> {
    let mut bytes = vec![1, 1, 2, b'u', b'l', 0, 0, 2];
    bytes.extend([5, 1, 10, 1, b'i', 0, 1, 1, b'a', 1, b'b', 1, 3, 11, 1, b'x']);
    bytes.extend(second);
    bytes
}

#[test]
fn an_instance_says_what_is_other_and_its_hids_run_on() {
    let decoded = node::decode(&two(&[2, 20, 0, 1, 1, 1, b'y'])).expect("an instance");
    let plain = |hid, value: &str, text: &str| PatchNode {
        hid,
        kind: PatchKind::Element {
            tag: "i".into(),
            events: 0,
            attrs: vec![("a".into(), value.into())],
            children: vec![PatchNode { hid: hid + 1, kind: PatchKind::Text(text.into()) }],
        },
    };
    assert_eq!(list(1, vec![plain(10, "b", "x"), plain(20, "b", "y")]), decoded);
}

#[test]
fn bad_instances_are_refused_at_their_byte() {
    for (second, offset, reason) in [
        (&[2, 20, 1, 0][..], 25, "an instance without its example"),
        (&[2, 20, 0, 1, 2, 0], 28, "a hole that the example has not, or out of order"),
        (&[2, 20, 0, 2, 1, 0, 0, 0], 30, "a hole that the example has not, or out of order"),
        (&[2, 20, 0, 2, 0, 0, 0, 0], 30, "a hole that the example has not, or out of order"),
        (&[2, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0], 25, "a hid above 2^32-1"),
        (&[5, 2, 20, 0, 0], 25, "unknown node"),
        (&[5, 4, 20, 0], 24, "no example: raw HTML in it, or hids that do not run on"),
        (&[5, 1, 20, 1, b'i', 0, 0, 1, 3, 22, 0], 24, "no example: raw HTML in it, or hids that do not run on"),
    ] {
        let error = node::decode(&two(second)).expect_err("it is refused");
        assert_eq!((offset, reason), (error.offset, error.reason), "{second:?}");
    }
    let mut children = vec![];
    (0..64).for_each(|n| children.push(PatchNode { hid: 2 + n, kind: PatchKind::Text("".into()) }));
    let mut large = vec![5];
    large.extend(node::encode(&list(1, children), false));
    assert_eq!("an example of too many nodes", node::decode(&large).expect_err("65 nodes").reason);
}
