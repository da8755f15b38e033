//! The toy DOM: what a client holds after it applied what it was sent.
//!
//! It follows "Inside a burst" of PROTOCOL section 1 word for word and is the oracle of
//! the property tests, so it is simple before it is fast: a burst costs a copy of the document.
//!
//! Invariants maintained here:
//! - `nodes` holds exactly the nodes that can be reached from `root`, each once;
//! - the parent of a node lists it among its children, and the parent of the root is 0;
//! - between two bursts there is a root, and nothing is nested deeper than [`MAX_DEPTH`].

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use crate::error::DecodeError;
use crate::limits::MAX_DEPTH;
use crate::node::Hid;
use crate::patch::{NodeSink, Patch, PatchKind, PatchNode, Subtree};
use crate::wire::ops;

/// A document of live nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// The only child of the mount point; 0 while a burst has taken it away.
    root: Hid,
    nodes: HashMap<Hid, Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    parent: Hid,
    content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    Element(Element),
    Text(Box<str>),
    Raw(Box<str>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Element {
    tag: Box<str>,
    events: u32,
    /// A map of strings ascends by their bytes, as attributes do.
    attrs: BTreeMap<Box<str>, Box<str>>,
    children: Vec<Hid>,
}

/// A burst that has failed; nothing of it was applied. The client asks for a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelError {
    /// Which patch of the burst, from 0; the number of patches when the fault shows at the end.
    pub index: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "patch {}: {}", self.index, self.reason)
    }
}

impl std::error::Error for ModelError {}

type Step<T = ()> = Result<T, &'static str>;

impl Model {
    /// The document whose root is `node`.
    ///
    /// # Errors
    /// [`ModelError`] for a hid that stands twice, hid 0, or nesting deeper than [`MAX_DEPTH`].
    pub fn from_node(node: &PatchNode) -> Result<Self, ModelError> {
        let mut model = Self { root: node.hid, nodes: HashMap::new() };
        model.graft(node, 0, 1).map_err(|reason| ModelError { index: 0, reason })?;
        Ok(model)
    }

    /// The document that the payload of a SNAPSHOT describes.
    ///
    /// # Errors
    /// [`DecodeError`] as [`ops::decode_snapshot`], and at 0 for a hid that stands twice.
    pub fn from_snapshot(payload: &[u8]) -> Result<Self, DecodeError> {
        let node = ops::decode_snapshot(payload)?;
        Self::from_node(&node).map_err(|error| DecodeError { offset: 0, reason: error.reason })
    }

    /// Apply one burst, all of it or nothing.
    ///
    /// # Errors
    /// [`ModelError`] for the first patch that breaks a rule; the document is as it was.
    pub fn apply(&mut self, burst: &[Patch]) -> Result<(), ModelError> {
        let mut next = self.clone();
        for (index, patch) in burst.iter().enumerate() {
            next.step(patch).map_err(|reason| ModelError { index, reason })?;
        }
        if next.root == 0 {
            return Err(ModelError { index: burst.len(), reason: ONE_CHILD });
        }
        *self = next;
        Ok(())
    }

    /// Live hids: elements, texts, and raw HTML one each.
    pub fn count(&self) -> usize {
        self.nodes.len()
    }

    /// The document as a node that can travel.
    pub fn to_node(&self) -> PatchNode {
        self.node(self.root)
    }

    /// A live node, to be written whole.
    pub fn subtree(&self, hid: Hid) -> Option<LiveNode<'_>> {
        self.nodes.contains_key(&hid).then_some(LiveNode { model: self, hid })
    }

    /// The parent of a live node; 0 for the root.
    pub fn parent(&self, hid: Hid) -> Option<Hid> {
        self.nodes.get(&hid).map(|entry| entry.parent)
    }

    /// Write the document in its order.
    pub fn write<N: NodeSink>(&self, out: &mut N) {
        self.write_at(self.root, out);
    }

    fn write_at<N: NodeSink>(&self, hid: Hid, out: &mut N) {
        match &self.nodes[&hid].content {
            Content::Text(text) => out.text(hid, text),
            Content::Raw(html) => out.raw(hid, html),
            Content::Element(element) => {
                let attrs: Vec<_> = element.attrs.iter().map(|(name, value)| (&**name, &**value)).collect();
                out.element(hid, &element.tag, element.events, &attrs, element.children.len());
                element.children.iter().for_each(|child| self.write_at(*child, out));
            }
        }
    }

    fn node(&self, hid: Hid) -> PatchNode {
        let kind = match &self.nodes[&hid].content {
            Content::Text(text) => PatchKind::Text(text.clone()),
            Content::Raw(html) => PatchKind::Raw(html.clone()),
            Content::Element(element) => PatchKind::Element {
                tag: element.tag.clone(),
                events: element.events,
                attrs: element.attrs.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
                children: element.children.iter().map(|child| self.node(*child)).collect(),
            },
        };
        PatchNode { hid, kind }
    }
}

/// A node of a [`Model`] with what is below it.
#[derive(Clone, Copy, Debug)]
pub struct LiveNode<'a> {
    model: &'a Model,
    hid: Hid,
}

impl Subtree for LiveNode<'_> {
    fn hid(&self) -> Hid {
        self.hid
    }

    fn write<N: NodeSink>(&self, out: &mut N) {
        self.model.write_at(self.hid, out);
    }
}

const ONE_CHILD: &str = "the mount point has exactly one child";
const UNKNOWN: &str = "unknown hid";

/// The rules, one patch at a time. A step that fails may leave the copy half changed: it is dropped.
impl Model {
    fn step(&mut self, patch: &Patch) -> Step {
        match patch {
            Patch::SetText { hid, text } => match &mut self.live(*hid)?.content {
                Content::Text(old) => old.clone_from(text),
                _ => return Err("not a text"),
            },
            Patch::SetAttr { hid, name, value } => {
                self.element(*hid)?.attrs.insert(name.clone(), value.clone());
            }
            Patch::Remove { hid } => {
                if self.nodes.contains_key(hid) {
                    self.unlink(*hid);
                    self.drop_subtree(*hid);
                }
            }
            Patch::Insert { parent, before, node } => self.insert(*parent, *before, node)?,
            Patch::SetEvents { hid, events } => self.element(*hid)?.events = *events,
            Patch::RemoveAttr { hid, name } => {
                self.element(*hid)?.attrs.remove(name);
            }
            Patch::Move { hid, parent, before } => self.shift(*hid, *parent, *before)?,
        }
        Ok(())
    }

    fn insert(&mut self, parent: Hid, before: Hid, node: &PatchNode) -> Step {
        if (parent, before) == (0, 0) {
            self.nodes.clear();
            self.root = node.hid;
            return self.graft(node, 0, 1);
        }
        if let Some(old) = self.nodes.get(&node.hid) {
            // It keeps its place: its parent, or the mount point, already names this hid.
            let parent = old.parent;
            self.drop_subtree(node.hid);
            return self.graft(node, parent, self.level(parent) + 1);
        }
        self.link(node.hid, parent, before)?;
        self.graft(node, parent, self.level(parent) + 1)
    }

    fn shift(&mut self, hid: Hid, parent: Hid, before: Hid) -> Step {
        self.live(hid)?;
        if (hid, parent, before) == (self.root, 0, 0) {
            return Ok(());
        }
        if self.path(parent).any(|above| above == hid) {
            return Err("a move into itself");
        }
        // Lowered it is 03 and 04: once gone, a node cannot be its own `before`.
        self.unlink(hid);
        self.link(hid, parent, before)?;
        self.live(hid)?.parent = parent;
        if self.level(parent) + self.height(hid) > MAX_DEPTH {
            return Err(TOO_DEEP);
        }
        Ok(())
    }

    /// Name `hid` among the children of `parent`, in front of `before`.
    fn link(&mut self, hid: Hid, parent: Hid, before: Hid) -> Step {
        if parent == 0 {
            return Err(ONE_CHILD);
        }
        let children = &mut self.element(parent)?.children;
        let at = match before {
            0 => children.len(),
            _ => children.iter().position(|child| *child == before).ok_or("`before` is not a child of the parent")?,
        };
        children.insert(at, hid);
        Ok(())
    }

    /// Take a live `hid` from the children of its parent.
    fn unlink(&mut self, hid: Hid) {
        let parent = self.nodes[&hid].parent;
        match self.nodes.get_mut(&parent).map(|entry| &mut entry.content) {
            Some(Content::Element(element)) => element.children.retain(|child| *child != hid),
            _ => self.root = 0,
        }
    }

    /// Forget `hid` and everything below it.
    fn drop_subtree(&mut self, hid: Hid) {
        if let Some(Entry { content: Content::Element(element), .. }) = self.nodes.remove(&hid) {
            element.children.iter().for_each(|child| self.drop_subtree(*child));
        }
    }

    /// Make `node` and everything below it live, the node itself at `level`.
    fn graft(&mut self, node: &PatchNode, parent: Hid, level: usize) -> Step {
        if level > MAX_DEPTH {
            return Err(TOO_DEEP);
        }
        if node.hid == 0 || self.nodes.contains_key(&node.hid) {
            return Err("a hid twice, or hid 0");
        }
        let content = match &node.kind {
            PatchKind::Text(text) => Content::Text(text.clone()),
            PatchKind::Raw(html) => Content::Raw(html.clone()),
            PatchKind::Element { tag, events, attrs, children } => Content::Element(Element {
                tag: tag.clone(),
                events: *events,
                attrs: attrs.iter().cloned().collect(),
                children: children.iter().map(|child| child.hid).collect(),
            }),
        };
        self.nodes.insert(node.hid, Entry { parent, content });
        if let PatchKind::Element { children, .. } = &node.kind {
            children.iter().try_for_each(|child| self.graft(child, node.hid, level + 1))?;
        }
        Ok(())
    }

    fn live(&mut self, hid: Hid) -> Step<&mut Entry> {
        self.nodes.get_mut(&hid).ok_or(UNKNOWN)
    }

    fn element(&mut self, hid: Hid) -> Step<&mut Element> {
        match &mut self.live(hid)?.content {
            Content::Element(element) => Ok(element),
            _ => Err("not an element"),
        }
    }

    /// `hid` and the nodes above it, up to the root.
    fn path(&self, hid: Hid) -> impl Iterator<Item = Hid> + '_ {
        let above = |hid: &Hid| self.nodes.get(hid).map(|entry| entry.parent);
        std::iter::successors(Some(hid), above).filter(|hid| *hid != 0)
    }

    /// Levels from the mount point (0) down to `hid`.
    fn level(&self, hid: Hid) -> usize {
        self.path(hid).count()
    }

    /// Levels of the subtree of `hid`.
    fn height(&self, hid: Hid) -> usize {
        match &self.nodes[&hid].content {
            Content::Element(element) => 1 + element.children.iter().map(|c| self.height(*c)).max().unwrap_or(0),
            _ => 1,
        }
    }
}

const TOO_DEEP: &str = "nested too deep";
