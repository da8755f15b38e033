//! Random subtrees and patches, for the properties that hold for all of them.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use vango_core::node::Hid;
use vango_core::patch::{Patch, PatchKind, PatchNode};

const TAGS: [&str; 6] = ["div", "p", "svg", "foreignObject", "x-y", "input"];
/// No name stands here with and without a dot: lowering has one place for both.
const NAMES: [&str; 8] = [".checked", ".indeterminate", ".value", "Z", "a", "a-b", "class", "\u{e9}"];

/// A short text of any script.
pub fn word() -> impl Strategy<Value = String> {
    "\\PC{0,6}"
}

/// A subtree whose hids run on from 1 in document order.
pub fn subtree() -> impl Strategy<Value = PatchNode> {
    shape().prop_map(|mut node| {
        number(&mut node, &mut 1);
        node
    })
}

/// A subtree without hids yet.
pub fn shape() -> impl Strategy<Value = PatchNode> {
    let leaf = prop_oneof![
        word().prop_map(|text| PatchKind::Text(text.into())),
        word().prop_map(|html| PatchKind::Raw(html.into())),
        element(Just(Vec::new())),
    ];
    leaf.prop_recursive(4, 24, 5, |child| element(vec(child.prop_map(bare), 0..5))).prop_map(bare)
}

fn bare(kind: PatchKind) -> PatchNode {
    PatchNode { hid: 0, kind }
}

fn element(children: impl Strategy<Value = Vec<PatchNode>>) -> impl Strategy<Value = PatchKind> {
    let attrs = btree_map(select(&NAMES[..]), word(), 0..4);
    (select(&TAGS[..]), 0..1_u32 << 31, attrs, children).prop_map(|(tag, events, attrs, children)| PatchKind::Element {
        tag: tag.into(),
        events,
        attrs: attrs.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
        children,
    })
}

/// Give `node` and what is below it the hids from `next` on.
pub fn number(node: &mut PatchNode, next: &mut Hid) {
    node.hid = *next;
    *next += 1;
    if let PatchKind::Element { children, .. } = &mut node.kind {
        for child in children {
            number(child, next);
        }
    }
}

/// Every hid of a subtree, in document order.
pub fn hids(node: &PatchNode) -> Vec<Hid> {
    let mut all = vec![node.hid];
    if let PatchKind::Element { children, .. } = &node.kind {
        all.extend(children.iter().flat_map(hids));
    }
    all
}

/// What a patch will be, once the document that it meets is known.
#[derive(Clone, Debug)]
pub struct Plan {
    op: u8,
    at: [prop::sample::Index; 3],
    name: &'static str,
    text: String,
    node: PatchNode,
}

pub fn plan() -> impl Strategy<Value = Plan> {
    (0..9_u8, any::<[prop::sample::Index; 3]>(), select(&NAMES[..]), word(), shape())
        .prop_map(|(op, at, name, text, node)| Plan { op, at, name, text, node })
}

impl Plan {
    /// The patch, aimed at live hids and 0; it may still break a rule. New nodes take hids from `next` on.
    pub fn aim(mut self, live: &[Hid], next: &mut Hid) -> Patch {
        let [hid, parent, before] = self.at.map(|index| *index.get(live));
        let before = if self.at[2].index(3) == 0 { before } else { 0 };
        match self.op {
            0 => Patch::SetText { hid, text: self.text.into() },
            1 => Patch::SetAttr { hid, name: self.name.into(), value: self.text.into() },
            2 => Patch::Remove { hid },
            3 => Patch::SetEvents { hid, events: hid },
            4 => Patch::RemoveAttr { hid, name: self.name.into() },
            5 | 6 => Patch::Move { hid, parent, before },
            replace => {
                number(&mut self.node, next);
                if replace == 7 {
                    self.node.hid = hid;
                }
                let parent = if self.at[1].index(20) == 0 { 0 } else { parent };
                Patch::Insert { parent, before, node: self.node }
            }
        }
    }
}
