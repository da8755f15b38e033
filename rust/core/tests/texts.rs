//! Many texts at once (PROTOCOL 1.13): a burst whose texts are gathered leads where it led.

mod common;

use common::random::{hids, plan, subtree};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use vango_core::deflate::deflate;
use vango_core::model::Model;
use vango_core::patch::{Patch, PatchKind, PatchNode};
use vango_core::wire::fold::{fold, Forms, MIN_BYTES};
use vango_core::wire::ops;
use vango_core::wire::texts::MIN_TEXTS;

const TEXTS: Forms = Forms { templates: false, texts: true };
const SET_TEXTS: u8 = 0x12;

fn set(hid: u32, text: &str) -> Patch {
    Patch::SetText { hid, text: text.into() }
}

/// A list of twenty texts, each in an element, and a subtree behind them.
fn page(mut last: PatchNode) -> PatchNode {
    let text = |hid| PatchNode { hid, kind: PatchKind::Text("".into()) };
    let el = |hid, children| PatchNode {
        hid,
        kind: PatchKind::Element { tag: "i".into(), events: 0, attrs: vec![], children },
    };
    let mut children: Vec<_> = (1..=20).map(|n| el(2 * n, vec![text(2 * n + 1)])).collect();
    common::random::number(&mut last, &mut 100);
    children.push(last);
    el(1, children)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_burst_leads_to_the_same_page(
        last in subtree(),
        steps in vec((prop::option::weighted(0.3, plan()), any::<Index>(), "[a-zß€]{0,60}"), 20..80),
    ) {
        let before = Model::from_node(&page(last)).expect("a page");
        let (mut after, mut burst, mut next) = (before.clone(), vec![], 1_000);
        for (plan, at, text) in steps {
            let live = hids(&after.to_node());
            let patch = plan.map_or_else(|| set(*at.get(&live), &text), |plan| plan.aim(&live, &mut next));
            // One that breaks a rule is no part of the burst.
            if after.apply(std::slice::from_ref(&patch)).is_ok() {
                burst.push(patch);
            }
        }
        let plain = ops::encode(&burst);
        for forms in [TEXTS, Forms::ALL] {
            if let Some(folded) = fold(&plain, false, forms) {
                prop_assert!(folded.len() < plain.len());
                let mut model = before.clone();
                prop_assert_eq!(Ok(()), model.apply(&ops::decode(&folded).expect("ops")));
                prop_assert_eq!(&after, &model);
            }
        }
    }
}

#[test]
fn texts_stand_in_front_by_their_hids_each_as_it_is_at_the_end() {
    let filler = "long ".repeat(100);
    let node = PatchNode { hid: 50, kind: PatchKind::Text("new".into()) };
    let mut burst: Vec<_> = (0..MIN_TEXTS as u32).map(|n| set(40 - n, &filler)).collect();
    burst.insert(3, Patch::Remove { hid: 90 });
    burst.extend([Patch::Insert { parent: 1, before: 0, node }, set(50, "newer"), set(40, "last")]);
    let rest: Vec<_> =
        burst.iter().filter(|patch| !matches!(patch, Patch::SetText { hid, .. } if *hid != 50)).cloned().collect();
    let folded = fold(&ops::encode(&burst), false, TEXTS).expect("texts");
    assert_eq!(SET_TEXTS, folded[0]);
    let mut expected: Vec<_> = (33..40).map(|hid| set(hid, &filler)).collect();
    expected.push(set(40, "last"));
    expected.extend(rest);
    assert_eq!(Ok(expected), ops::decode(&folded));
}

#[test]
fn texts_in_rows_that_come_stay_behind_them_also_where_rows_are_alike() {
    let text = |hid, text: &str| PatchNode { hid, kind: PatchKind::Text(text.into()) };
    let row = |hid| PatchNode {
        hid,
        kind: PatchKind::Element {
            tag: "li".into(),
            events: 0,
            attrs: vec![],
            children: vec![text(hid + 1, "a text of some length"), text(hid + 2, "and another")],
        },
    };
    let rows = (0..20).map(|n| Patch::Insert { parent: 1, before: 0, node: row(100 + 10 * n) });
    let within = (0..20).map(|n| set(102 + 10 * n, "set later"));
    let around = (1..=20).map(|n| set(2 * n + 1, "set at any time"));
    let burst: Vec<_> = rows.chain(within).chain(around).collect();
    let folded = fold(&ops::encode(&burst), false, Forms::ALL).expect("texts and rows");
    let decoded = ops::decode(&folded).expect("ops");
    let mut expected = burst[40..].to_vec();
    expected.extend_from_slice(&burst[..40]);
    assert_eq!(expected, decoded);
}

#[test]
fn what_is_short_few_or_not_there_yet_is_left_alone() {
    let few: Vec<_> = (1..MIN_TEXTS as u32).map(|hid| set(hid, &"x".repeat(MIN_BYTES))).collect();
    assert_eq!(None, fold(&ops::encode(&few), false, Forms::ALL), "few");
    let short: Vec<_> = (1..50).map(|hid| set(hid, "short")).collect();
    assert!(ops::encode(&short).len() < MIN_BYTES);
    assert_eq!(None, fold(&ops::encode(&short), false, Forms::ALL), "a few bytes");
    let text = |hid| PatchNode { hid, kind: PatchKind::Text("".into()) };
    let coming: Vec<_> = (1..50)
        .flat_map(|hid| [Patch::Insert { parent: 1, before: 0, node: text(hid) }, set(hid, "as it is at the end")])
        .collect();
    assert_eq!(None, fold(&ops::encode(&coming), false, TEXTS), "texts that come");
    let many: Vec<_> = (1..50).map(|hid| set(hid, "as it is at the end")).collect();
    assert!(fold(&ops::encode(&many), false, TEXTS).is_some());
    assert_eq!(
        None,
        fold(&ops::encode(&many), false, Forms { templates: true, texts: false }),
        "a client of another age"
    );
}

#[test]
fn a_label_of_every_tenth_of_1000_rows_takes_few_bytes() {
    let words = ["pretty", "large", "big", "small", "red", "yellow", "blue", "table", "chair", "house", "desk"];
    let label = |n: usize| [n * 7 % 11, n * n % 11, n * 5 % 7].map(|word| words[word]).join(" ") + " !!!";
    let burst: Vec<_> = (0..100).map(|n| set(40 + 110 * n as u32, &label(n))).collect();
    let plain = ops::encode(&burst);
    let folded = fold(&plain, false, TEXTS).expect("texts");
    let [plain, folded] = [plain, folded].map(|ops| deflate(&ops).expect("it shrinks").len());
    assert!(2 * folded < plain, "{folded} bytes beside {plain}");
}

#[test]
fn bad_texts_are_refused_at_their_byte() {
    for (bytes, offset, reason) in [
        (&[0x12, 0][..], 2, "truncated"),
        (&[0x12, 4, 2, 1, 0xff, 0xff], 4, "truncated"),
        (&[0x12, 3, 1, 0, 0xff], 3, "hids that do not ascend"),
        (&[0x12, 5, 2, 5, 0, 0xff, 0xff], 4, "hids that do not ascend"),
        (&[0x12, 8, 1, 0x80, 0x80, 0x80, 0x80, 0x10, 0xff, 0xff], 3, "a hid above 2^32-1"),
        (&[0x12, 9, 2, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 0xff, 0xff], 8, "a hid above 2^32-1"),
        (&[0x12, 3, 3, 1, 0xff], 2, "truncated: a list longer than what is there"),
        (&[0x12, 4, 1, 1, b'a', b'b'], 6, "truncated: a text without its end"),
        (&[0x12, 5, 2, 1, 1, b'a', 0xff], 7, "truncated: a text without its end"),
        (&[0x12, 5, 1, 1, 0xe2, 0x82, 0xff], 4, "not UTF-8"),
        (&[0x12, 8, 2, 1, 1, b'a', 0xc3, 0xff, 0xa9, 0xff], 6, "not UTF-8"),
        (&[0x12, 5, 1, 1, b'a', 0xff, 0], 6, "trailing bytes"),
        (&[0x12, 5, 1, 1, b'a', 0xff, 0xff], 6, "trailing bytes"),
        (&[0x12, 9, 1, 1, b'a', 0xff], 2, "truncated: longer than what is there"),
    ] {
        let error = ops::decode(bytes).expect_err("it is refused");
        assert_eq!((offset, reason), (error.offset, error.reason), "{bytes:x?}");
    }
    assert_eq!(Ok(vec![]), ops::decode(&[0x12, 1, 0]), "no texts");
}
