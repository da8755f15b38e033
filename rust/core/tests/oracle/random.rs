//! Random pages for proptest, which makes them smaller when one fails.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;

use crate::edits::{NAMES, TAGS};
use crate::spec::{Spec, Worth};

pub fn page() -> impl Strategy<Value = Spec> {
    let leaf = prop_oneof![
        1 => Just(Spec::Nothing),
        3 => text().prop_map(Spec::Text),
        1 => (select(vec!["<b>x</b>", "y<i></i>"]), key()).prop_map(|(html, key)| Spec::Raw(html.into(), key)),
        2 => (select(TAGS.to_vec()), key(), attrs()).prop_map(|(tag, key, attrs)| {
            Spec::Element { tag, key, events: 0, attrs, children: vec![] }
        }),
        1 => row(),
        2 => rows(),
    ];
    let node = leaf.prop_recursive(5, 48, 6, |inner| {
        let children = prop::collection::vec(inner.clone(), 0..6);
        prop_oneof![
            5 => (select(TAGS.to_vec()), key(), 0_u8..3, attrs(), children.clone()).prop_map(
                |(tag, key, events, attrs, children)| Spec::Element { tag, key, events, attrs, children }
            ),
            2 => (key(), children).prop_map(|(key, children)| Spec::Fragment { key, children }),
            2 => (1_u64..9, inner).prop_map(|(id, content)| Spec::Place { id, content: Box::new(content) }),
        ]
    });
    node.prop_map(|mut page| {
        page.tidy();
        page
    })
}

/// A list of rows, with slots beside some.
fn rows() -> impl Strategy<Value = Spec> {
    let slot = (1_u64..9, text()).prop_map(|(id, text)| Spec::Place { id, content: Box::new(Spec::Text(text)) });
    let children = prop::collection::vec(prop_oneof![6 => row(), 1 => slot], 1..4);
    children.prop_map(|children| Spec::Element { tag: "div", key: None, events: 0, attrs: BTreeMap::new(), children })
}

/// One of three shapes that come again and again: those of instances, where the row has a key.
fn row() -> impl Strategy<Value = Spec> {
    let known = || prop::collection::btree_map(select(NAMES.to_vec()), text().prop_map(Worth::Text), 0..3);
    (key(), 0_u8..3, [known(), known(), known()], [text(), text()]).prop_map(|(key, shape, attrs, texts)| {
        let [first, second] = texts.map(Spec::Text);
        let [outer, inner, link] = attrs;
        let element = |tag, events, attrs, children| Spec::Element { tag, key: None, events, attrs, children };
        let link = element("p", shape % 2, link, vec![second]);
        let mut children = vec![element("div", 0, inner, vec![first]), link, Spec::Nothing];
        if shape == 2 {
            return Spec::Fragment { key, children };
        }
        children.push(element("input-x", 0, BTreeMap::new(), vec![]));
        Spec::Element { tag: "div", key, events: 2, attrs: outer, children }
    })
}

fn text() -> impl Strategy<Value = String> {
    select(vec!["", "a", "b", "<&>\r\n"]).prop_map(Into::into)
}

fn key() -> impl Strategy<Value = Option<u8>> {
    prop_oneof![Just(None), (0_u8..5).prop_map(Some)]
}

fn attrs() -> impl Strategy<Value = BTreeMap<&'static str, Worth>> {
    let worth = prop_oneof![
        3 => text().prop_map(Worth::Text),
        1 => (1_u64..9, prop::option::of(text())).prop_map(|(id, value)| Worth::Slot { id, value }),
    ];
    prop::collection::btree_map(select(NAMES.to_vec()), worth, 0..3)
}
