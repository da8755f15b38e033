//! The Python objects behind the refs of a tree.
//!
//! Invariants:
//! - a ref is given out once in a process;
//! - what a `VNode` holds is exactly what the refs in its tree stand for: its own
//!   pairs, and the `VNode`s below it that hold more. Each of those is a strict
//!   descendant in the tree, so the rope is no deeper than the tree.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use vango_core::node::Ref;

use crate::vnode::VNode;

/// Up to so many entries are copied into the parent, so that small elements are freed at once.
const COPIED: usize = 8;

static NEXT_REF: AtomicU64 = AtomicU64::new(1);

/// What a tree refers to.
#[derive(Default)]
pub struct Held {
    pairs: Vec<(Ref, Py<PyAny>)>,
    below: Vec<Py<VNode>>,
}

impl Held {
    /// Keep `object` and give it a ref.
    pub fn hold(&mut self, object: Bound<'_, PyAny>) -> Ref {
        // Only uniqueness matters, not order.
        let fresh = NEXT_REF.fetch_add(1, Ordering::Relaxed);
        self.pairs.push((fresh, object.unbind()));
        fresh
    }

    /// Keep an object under a ref that it has already.
    pub fn keep(&mut self, known: Ref, object: Py<PyAny>) {
        self.pairs.push((known, object));
    }

    /// Keep what a child holds.
    pub fn adopt(&mut self, child: &Bound<'_, VNode>) {
        let held = child.get().held();
        if held.is_empty() {
            return;
        }
        if held.pairs.len() + held.below.len() <= COPIED {
            self.copy(child.py(), held);
        } else {
            self.below.push(child.clone().unbind());
        }
    }

    /// Keep all that `other` keeps.
    pub fn copy(&mut self, py: Python<'_>, other: &Self) {
        self.pairs.extend(other.pairs.iter().map(|(known, object)| (*known, object.clone_ref(py))));
        self.below.extend(other.below.iter().map(|node| node.clone_ref(py)));
    }

    /// Whether no ref is known.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty() && self.below.is_empty()
    }

    /// The object behind a ref.
    ///
    /// # Complexity
    /// O(refs of the tree).
    pub fn find<'a, 'py>(&'a self, py: Python<'py>, wanted: Ref) -> Option<&'a Bound<'py, PyAny>> {
        if let Some((_, object)) = self.pairs.iter().find(|(known, _)| *known == wanted) {
            return Some(object.bind(py));
        }
        self.below.iter().find_map(|node| node.get().held().find(py, wanted))
    }

    /// All refs at once, for who looks up many.
    pub fn index<'a, 'py>(&'a self, py: Python<'py>) -> HashMap<Ref, &'a Bound<'py, PyAny>> {
        let mut all = HashMap::new();
        self.collect(py, &mut all);
        all
    }

    fn collect<'a, 'py>(&'a self, py: Python<'py>, all: &mut HashMap<Ref, &'a Bound<'py, PyAny>>) {
        all.extend(self.pairs.iter().map(|(known, object)| (*known, object.bind(py))));
        for node in &self.below {
            node.get().held().collect(py, all);
        }
    }

    /// Show the collector every object.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        for (_, object) in &self.pairs {
            visit.call(object)?;
        }
        for node in &self.below {
            visit.call(node)?;
        }
        Ok(())
    }
}
