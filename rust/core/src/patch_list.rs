//! Sinks that keep patches as values, or not at all.

use std::collections::BTreeMap;

use crate::node::Hid;
use crate::patch::{NodeSink, Patch, PatchKind, PatchNode, Sink, Subtree};

/// Collects patches as values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PatchList {
    /// The patches, in order.
    pub patches: Vec<Patch>,
    /// By index into `patches`: what each MOVE and `REMOVE_ATTR` needs to be lowered.
    pub wholes: BTreeMap<usize, Whole>,
}

/// A node as it stands at one point of a burst.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// Its DOM parent, 0 for the mount point.
    pub parent: Hid,
    /// The node with its subtree.
    pub node: PatchNode,
}

impl PatchList {
    fn whole<S: Subtree>(&mut self, parent: Hid, node: &S, patch: Patch) {
        self.wholes.insert(self.patches.len(), Whole { parent, node: PatchNode::of(node) });
        self.patches.push(patch);
    }
}

impl Sink for PatchList {
    fn set_text(&mut self, hid: Hid, text: &str) {
        self.patches.push(Patch::SetText { hid, text: text.into() });
    }

    fn set_attr(&mut self, hid: Hid, name: &str, value: &str) {
        self.patches.push(Patch::SetAttr { hid, name: name.into(), value: value.into() });
    }

    fn remove(&mut self, hid: Hid) {
        self.patches.push(Patch::Remove { hid });
    }

    fn insert<S: Subtree>(&mut self, parent: Hid, before: Hid, node: &S) {
        self.patches.push(Patch::Insert { parent, before, node: PatchNode::of(node) });
    }

    fn set_events(&mut self, hid: Hid, events: u32) {
        self.patches.push(Patch::SetEvents { hid, events });
    }

    fn remove_attr<S: Subtree>(&mut self, hid: Hid, name: &str, parent: Hid, node: &S) {
        self.whole(parent, node, Patch::RemoveAttr { hid, name: name.into() });
    }

    fn shift<S: Subtree>(&mut self, hid: Hid, parent: Hid, before: Hid, node: &S) {
        self.whole(parent, node, Patch::Move { hid, parent, before });
    }
}

/// Forgets every patch.
#[derive(Clone, Copy, Debug, Default)]
pub struct Discard;

impl Sink for Discard {
    fn set_text(&mut self, _: Hid, _: &str) {}
    fn set_attr(&mut self, _: Hid, _: &str, _: &str) {}
    fn remove(&mut self, _: Hid) {}
    fn insert<S: Subtree>(&mut self, _: Hid, _: Hid, _: &S) {}
    fn set_events(&mut self, _: Hid, _: u32) {}
    fn remove_attr<S: Subtree>(&mut self, _: Hid, _: &str, _: Hid, _: &S) {}
    fn shift<S: Subtree>(&mut self, _: Hid, _: Hid, _: Hid, _: &S) {}
}

/// Builds the [`PatchNode`] of what is written into it.
#[derive(Debug, Default)]
pub struct NodeBuilder {
    /// Elements that still wait for children, with the number of them.
    open: Vec<(PatchNode, usize)>,
    done: Option<PatchNode>,
}

impl NodeBuilder {
    /// The node that was written; `None` before it is whole.
    pub fn finish(self) -> Option<PatchNode> {
        self.done
    }

    fn add(&mut self, mut node: PatchNode) {
        while let Some((mut parent, waits)) = self.open.pop() {
            if let PatchKind::Element { children, .. } = &mut parent.kind {
                children.push(node);
            }
            if waits > 1 {
                self.open.push((parent, waits - 1));
                return;
            }
            node = parent;
        }
        self.done = Some(node);
    }
}

impl NodeSink for NodeBuilder {
    fn element(&mut self, hid: Hid, tag: &str, events: u32, attrs: &[(&str, &str)], children: usize) {
        let attrs = attrs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let kind = PatchKind::Element { tag: tag.into(), events, attrs, children: Vec::new() };
        let node = PatchNode { hid, kind };
        if children == 0 {
            self.add(node);
        } else {
            self.open.push((node, children));
        }
    }

    fn text(&mut self, hid: Hid, text: &str) {
        self.add(PatchNode { hid, kind: PatchKind::Text(text.into()) });
    }

    fn raw(&mut self, hid: Hid, html: &str) {
        self.add(PatchNode { hid, kind: PatchKind::Raw(html.into()) });
    }
}

impl PatchNode {
    /// A subtree by itself.
    ///
    /// # Panics
    /// When `node` writes fewer children than it announces.
    pub fn of<S: Subtree>(node: &S) -> Self {
        let mut builder = NodeBuilder::default();
        node.write(&mut builder);
        builder.finish().expect("a subtree writes exactly one whole node")
    }
}

impl Subtree for PatchNode {
    fn hid(&self) -> Hid {
        self.hid
    }

    fn write<N: NodeSink>(&self, out: &mut N) {
        match &self.kind {
            PatchKind::Text(text) => out.text(self.hid, text),
            PatchKind::Raw(html) => out.raw(self.hid, html),
            PatchKind::Element { tag, events, attrs, children } => {
                let attrs: Vec<(&str, &str)> = attrs.iter().map(|(name, value)| (&**name, &**value)).collect();
                out.element(self.hid, tag, *events, &attrs, children.len());
                for child in children {
                    child.write(out);
                }
            }
        }
    }
}
