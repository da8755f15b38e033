//! Nodes 05 and 02: one subtree as an example, and others that differ from it in what they say (PROTOCOL 1.12).
//!
//! Invariants maintained here:
//! - an example has at most [`MAX_EXAMPLE`] nodes, none of them raw HTML, and hids that run on from its own;
//! - examples are known from where they stand to the end of their burst, no longer;
//! - what all instances of a burst stand for is bounded by [`MAX_NODES`].

use super::reader::{Pairs, Reader};
use crate::error::DecodeError;
use crate::limits::{MAX_DEPTH, MAX_EXAMPLE, MAX_NODES};
use crate::node::Hid;
use crate::patch::{PatchKind, PatchNode};

/// Fewest bytes of what fills a hole: its number, an empty text.
const MIN_HOLE: usize = 2;

/// The examples of one burst, by their numbers.
#[derive(Debug)]
pub struct Examples {
    known: Vec<Example>,
    /// Inside of an example stand neither examples nor instances.
    pub(super) are_allowed: bool,
    /// Nodes that instances stood for.
    nodes: usize,
}

#[derive(Debug)]
struct Example {
    node: PatchNode,
    /// Its nodes.
    count: usize,
    /// Levels of them.
    depth: usize,
    /// Its attributes and texts.
    holes: usize,
}

impl Default for Examples {
    fn default() -> Self {
        Self { known: Vec::new(), are_allowed: true, nodes: 0 }
    }
}

impl Examples {
    /// For bytes in which every node has to be written out.
    pub fn refused() -> Self {
        Self { are_allowed: false, ..Self::default() }
    }

    /// Remember `node`, which began at `start`.
    ///
    /// # Errors
    /// [`DecodeError`] for a node that can be no example.
    pub fn learn(&mut self, start: usize, node: &PatchNode) -> Result<(), DecodeError> {
        let mut example = Example { node: node.clone(), count: 0, depth: 0, holes: 0 };
        if !example.measure(node, 1) {
            return Reader::fail(start, "no example: raw HTML in it, or hids that do not run on");
        }
        if example.count > MAX_EXAMPLE {
            return Reader::fail(start, "an example of too many nodes");
        }
        self.known.push(example);
        Ok(())
    }

    /// Read an instance that stands at `level`, behind its kind.
    ///
    /// # Errors
    /// [`DecodeError`] for an example that is not known, holes that it has not or that do not ascend, hids
    /// that are used up, nesting that is too deep, and more than [`MAX_NODES`].
    pub fn read(&mut self, reader: &mut Reader<'_>, level: usize) -> Result<PatchNode, DecodeError> {
        let start = reader.offset();
        let hid = reader.hid()?;
        let number = reader.uv()?;
        let Some(example) = usize::try_from(number).ok().and_then(|number| self.known.get(number)) else {
            return Reader::fail(start, "an instance without its example");
        };
        self.nodes += example.count;
        if self.nodes > MAX_NODES {
            return Reader::fail(start, "too many nodes");
        }
        if level + example.depth - 1 > MAX_DEPTH {
            return Reader::fail(start, "nested too deep");
        }
        if hid.checked_add(example.count as Hid - 1).is_none() {
            return Reader::fail(start, "a hid above 2^32-1");
        }
        let mut filled = Vec::new();
        for _ in 0..reader.count(MIN_HOLE)? {
            let start = reader.offset();
            let hole = reader.uv()?;
            if hole >= example.holes as u64 || filled.last().is_some_and(|(last, _)| *last >= hole) {
                return Reader::fail(start, "a hole that the example has not, or out of order");
            }
            filled.push((hole, reader.str()?));
        }
        let mut filling = Filling { filled: filled.into_iter().peekable(), hid, hole: 0 };
        Ok(filling.node(&example.node))
    }
}

impl Example {
    /// Count nodes and holes; `false` for what can be no example.
    fn measure(&mut self, node: &PatchNode, level: usize) -> bool {
        let runs_on = node.hid.checked_sub(self.node.hid).is_some_and(|from| from as usize == self.count);
        self.count += 1;
        self.depth = self.depth.max(level);
        match &node.kind {
            PatchKind::Element { attrs, children, .. } => {
                self.holes += attrs.len();
                runs_on && children.iter().all(|child| self.measure(child, level + 1))
            }
            PatchKind::Text(_) => {
                self.holes += 1;
                runs_on
            }
            PatchKind::Raw(_) => false,
        }
    }
}

/// An instance on its way to an ordinary node.
struct Filling<'a, I: Iterator<Item = (u64, &'a str)>> {
    filled: std::iter::Peekable<I>,
    /// Of the next node.
    hid: Hid,
    /// The next hole.
    hole: u64,
}

impl<'a, I: Iterator<Item = (u64, &'a str)>> Filling<'a, I> {
    fn node(&mut self, like: &PatchNode) -> PatchNode {
        let hid = self.hid;
        // The last one may be the largest there is.
        self.hid = hid.wrapping_add(1);
        let kind = match &like.kind {
            PatchKind::Element { tag, events, attrs, children } => PatchKind::Element {
                tag: tag.clone(),
                events: *events,
                attrs: attrs.iter().map(|(name, value)| (name.clone(), self.fill(value))).collect::<Pairs>(),
                children: children.iter().map(|child| self.node(child)).collect(),
            },
            PatchKind::Text(text) | PatchKind::Raw(text) => PatchKind::Text(self.fill(text)),
        };
        PatchNode { hid, kind }
    }

    fn fill(&mut self, like: &str) -> Box<str> {
        let hole = self.hole;
        self.hole += 1;
        self.filled.next_if(|(filled, _)| *filled == hole).map_or(like, |(_, value)| value).into()
    }
}
