//! The Python objects behind the refs of a tree.
//!
//! Invariants:
//! - a ref is given out once in a process;
//! - what a `VNode` holds is exactly what the refs in its tree stand for: its own
//!   pairs, and the `VNode`s below it that hold more. Each of those is a strict
//!   descendant in the tree, so the rope is no deeper than the tree.

use std::collections::HashMap;
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering};

use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use vango_core::few::Few;
use vango_core::node::Ref;

use crate::vnode::VNode;

/// Up to so many entries are copied into the parent, so that small elements are freed at once.
const COPIED: usize = 8;

/// Never 0, so that a ref that no object stands behind is none.
static NEXT_REF: AtomicU64 = AtomicU64::new(1);

/// What a tree refers to.
#[derive(Default)]
pub struct Held(Few<Kept>);

enum Kept {
    /// The object behind a ref.
    Object(NonZeroU64, Py<PyAny>),
    /// A tree below that holds more.
    Below(Py<VNode>),
}

impl Kept {
    fn clone_ref(&self, py: Python<'_>) -> Self {
        match self {
            Self::Object(known, object) => Self::Object(*known, object.clone_ref(py)),
            Self::Below(node) => Self::Below(node.clone_ref(py)),
        }
    }
}

/// What a tree refers to, while it is built.
#[derive(Default)]
pub struct Gathered(Vec<Kept>);

impl Gathered {
    /// Keep `object` and give it a ref.
    pub fn hold(&mut self, object: Bound<'_, PyAny>) -> Ref {
        // Only uniqueness matters, not order.
        let fresh = NEXT_REF.fetch_add(1, Ordering::Relaxed);
        self.keep(fresh, object.unbind());
        fresh
    }

    /// Keep an object under a ref that it has already.
    pub fn keep(&mut self, known: Ref, object: Py<PyAny>) {
        if let Some(known) = NonZeroU64::new(known) {
            self.0.push(Kept::Object(known, object));
        }
    }

    /// Keep what a child holds.
    pub fn adopt(&mut self, child: &Bound<'_, VNode>) {
        let held = child.get().held();
        if held.0.len() <= COPIED {
            self.copy(child.py(), held);
        } else {
            self.0.push(Kept::Below(child.clone().unbind()));
        }
    }

    /// Keep all that `other` keeps.
    pub fn copy(&mut self, py: Python<'_>, other: &Held) {
        self.0.extend(other.0.iter().map(|kept| kept.clone_ref(py)));
    }

    /// The object behind a ref.
    pub fn find<'a, 'py>(&'a self, py: Python<'py>, wanted: Ref) -> Option<&'a Bound<'py, PyAny>> {
        find(&self.0, py, wanted)
    }

    /// All of it.
    pub fn finish(self) -> Held {
        Held(self.0.into())
    }
}

impl Held {
    /// Whether no ref is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The object behind a ref.
    ///
    /// # Complexity
    /// O(refs of the tree).
    pub fn find<'a, 'py>(&'a self, py: Python<'py>, wanted: Ref) -> Option<&'a Bound<'py, PyAny>> {
        find(&self.0, py, wanted)
    }

    /// All refs at once, for who looks up many.
    pub fn index<'a, 'py>(&'a self, py: Python<'py>) -> HashMap<Ref, &'a Bound<'py, PyAny>> {
        let mut all = HashMap::new();
        self.collect(py, &mut all);
        all
    }

    fn collect<'a, 'py>(&'a self, py: Python<'py>, all: &mut HashMap<Ref, &'a Bound<'py, PyAny>>) {
        for kept in &self.0 {
            match kept {
                Kept::Object(known, object) => drop(all.insert(known.get(), object.bind(py))),
                Kept::Below(node) => node.get().held().collect(py, all),
            }
        }
    }

    /// Show the collector every object.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        for kept in &self.0 {
            match kept {
                Kept::Object(_, object) => visit.call(object)?,
                Kept::Below(node) => visit.call(node)?,
            }
        }
        Ok(())
    }
}

fn find<'a, 'py>(all: &'a [Kept], py: Python<'py>, wanted: Ref) -> Option<&'a Bound<'py, PyAny>> {
    all.iter().find_map(|kept| match kept {
        Kept::Object(known, object) => (known.get() == wanted).then(|| object.bind(py)),
        Kept::Below(node) => node.get().held().find(py, wanted),
    })
}
