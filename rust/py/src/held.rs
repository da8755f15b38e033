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
use vango_core::weight::piece;

use crate::rows::Rows;
use crate::vnode::VNode;

/// Up to so many entries are copied into the parent, so that small elements are freed at once.
const COPIED: usize = 8;

/// What an object behind a ref takes: something between a pair and a function with its cell.
pub const OBJECT: usize = 96;

/// Never 0, so that a ref that no object stands behind is none.
static NEXT_REF: AtomicU64 = AtomicU64::new(1);

/// What a tree refers to.
pub struct Held(Holds);

enum Holds {
    Few(Few<Kept>),
    /// What the rows of a list refer to.
    Rows(Box<Rows>),
}

/// One thing that a tree refers to.
pub enum Kept {
    /// The object behind a ref.
    Object(NonZeroU64, Py<PyAny>),
    /// A tree below that holds more.
    Below(Py<VNode>),
}

impl Kept {
    /// The ref of an object, 0 of a tree.
    pub fn known(&self) -> Ref {
        match self {
            Self::Object(known, _) => known.get(),
            Self::Below(_) => 0,
        }
    }

    /// The object behind a ref.
    pub fn find<'py>(&self, py: Python<'py>, wanted: Ref) -> Option<Bound<'py, PyAny>> {
        match self {
            Self::Object(known, object) => (known.get() == wanted).then(|| object.bind(py).clone()),
            Self::Below(node) => node.get().held().find(py, wanted),
        }
    }

    /// Show what each ref stands for.
    pub fn each<'py>(&self, py: Python<'py>, see: &mut dyn FnMut(Ref, Bound<'py, PyAny>)) {
        match self {
            Self::Object(known, object) => see(known.get(), object.bind(py).clone()),
            Self::Below(node) => node.get().held().each(py, see),
        }
    }

    /// Show the collector the object.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self {
            Self::Object(_, object) => visit.call(object),
            Self::Below(node) => visit.call(node),
        }
    }

    /// The same once more.
    pub fn clone_ref(&self, py: Python<'_>) -> Self {
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
        match &child.get().held().0 {
            Holds::Few(few) if few.len() <= COPIED => self.extend(child.py(), few),
            _ => self.0.push(Kept::Below(child.clone().unbind())),
        }
    }

    /// Keep all that `other` keeps.
    pub fn copy(&mut self, py: Python<'_>, other: &Held) {
        match &other.0 {
            Holds::Few(few) => self.extend(py, few),
            Holds::Rows(rows) => rows.each(py, &mut |known, object| self.keep(known, object.unbind())),
        }
    }

    fn extend(&mut self, py: Python<'_>, few: &[Kept]) {
        self.0.extend(few.iter().map(|kept| kept.clone_ref(py)));
    }

    /// The object behind a ref.
    pub fn find<'py>(&self, py: Python<'py>, wanted: Ref) -> Option<Bound<'py, PyAny>> {
        self.0.iter().find_map(|kept| kept.find(py, wanted))
    }

    /// All of it, one by one.
    pub fn into_kept(self) -> Vec<Kept> {
        self.0
    }

    /// All of it.
    pub fn finish(self) -> Held {
        Held(Holds::Few(self.0.into()))
    }
}

impl Default for Held {
    fn default() -> Self {
        Gathered::default().finish()
    }
}

impl Held {
    /// What the rows of a list refer to.
    pub fn rows(rows: Rows) -> Self {
        Self(Holds::Rows(Box::new(rows)))
    }

    /// The rows, of a list that has some which refer to anything.
    pub fn of_rows(&self) -> Option<&Rows> {
        match &self.0 {
            Holds::Rows(rows) => Some(rows),
            Holds::Few(_) => None,
        }
    }

    /// Whether no ref is known.
    pub fn is_empty(&self) -> bool {
        matches!(&self.0, Holds::Few(few) if few.is_empty())
    }

    /// The object behind a ref.
    ///
    /// # Complexity
    /// O(refs of the tree).
    pub fn find<'py>(&self, py: Python<'py>, wanted: Ref) -> Option<Bound<'py, PyAny>> {
        match &self.0 {
            Holds::Few(few) => few.iter().find_map(|kept| kept.find(py, wanted)),
            Holds::Rows(rows) => rows.find(py, wanted),
        }
    }

    /// All refs at once, for who looks up many.
    pub fn index<'py>(&self, py: Python<'py>) -> HashMap<Ref, Bound<'py, PyAny>> {
        let mut all = HashMap::new();
        self.each(py, &mut |known, object| drop(all.insert(known, object)));
        all
    }

    fn each<'py>(&self, py: Python<'py>, see: &mut dyn FnMut(Ref, Bound<'py, PyAny>)) {
        match &self.0 {
            Holds::Few(few) => few.iter().for_each(|kept| kept.each(py, see)),
            Holds::Rows(rows) => rows.each(py, see),
        }
    }

    /// Bytes beside its own, with the objects.
    pub fn weight(&self) -> usize {
        match &self.0 {
            Holds::Few(Few::One(_)) => OBJECT,
            Holds::Few(few) => piece(size_of_val(&**few)) + few.len() * OBJECT,
            Holds::Rows(rows) => piece(size_of_val(&**rows)) + rows.weight(),
        }
    }

    /// Show the collector every object.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        match &self.0 {
            Holds::Few(few) => few.iter().try_for_each(|kept| kept.traverse(visit)),
            Holds::Rows(rows) => rows.traverse(visit),
        }
    }
}
