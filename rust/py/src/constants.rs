//! Elements without children that a program writes again and again: `td(class_="name")`, an icon.
//!
//! They are made and checked once. Each use of one is the same `VNode`, and what is written
//! between its brackets takes over its attributes, so a thousand rows hold them once.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyString;
use vango_core::atom::Atom;

use crate::vnode::VNode;

/// Where a tag looks for an element: the hash says in which of so many sets.
const SETS: usize = 16;
/// Elements that one set remembers.
const WAYS: usize = 4;

/// Elements of one tag whose attributes are plain strings.
#[derive(Default)]
pub struct Constants {
    sets: OnceLock<[Mutex<Set>; SETS]>,
}

/// A name and a value as they were written.
pub type Given<'py> = (Atom, Bound<'py, PyString>);

#[derive(Default)]
struct Set {
    known: [Option<Known>; WAYS],
    next_known: usize,
    /// Hashes that came once: who comes twice is remembered.
    missed: [u64; WAYS],
    next_missed: usize,
}

struct Known {
    hash: u64,
    given: Box<[(Atom, Py<PyString>)]>,
    element: Py<VNode>,
}

impl Constants {
    /// The element with these attributes; `None` where they come for the first time.
    /// `make` makes it when they come again.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn element<'py>(
        &self,
        py: Python<'py>,
        given: &[Given<'py>],
        make: impl FnOnce() -> PyResult<VNode>,
    ) -> PyResult<Option<Bound<'py, VNode>>> {
        let hash = sum(given)?;
        let set = &self.sets.get_or_init(Default::default)[(hash >> 32) as usize % SETS];
        {
            let mut set = lock(set);
            if let Some(known) = set.known.iter().flatten().find(|known| known.is(py, hash, given)) {
                return Ok(Some(known.element.bind(py).clone()));
            }
            if !set.missed.contains(&hash) {
                let at = set.next_missed;
                set.missed[at] = hash;
                set.next_missed = (at + 1) % WAYS;
                return Ok(None);
            }
        }
        let element = Bound::new(py, make()?)?;
        let given = given.iter().map(|(name, value)| (name.clone(), value.clone().unbind())).collect();
        let known = Known { hash, given, element: element.clone().unbind() };
        let mut set = lock(set);
        let at = set.next_known;
        set.next_known = (at + 1) % WAYS;
        let before = set.known[at].replace(known);
        // What makes room is freed when the lock is open again.
        drop(set);
        drop(before);
        Ok(Some(element))
    }
}

impl Known {
    fn is(&self, py: Python<'_>, hash: u64, given: &[Given<'_>]) -> bool {
        let same = |known: &Py<PyString>, value: &Bound<'_, PyString>| {
            // Constants of a program are nearly always one object.
            known.is(value) || matches!((known.bind(py).to_str(), value.to_str()), (Ok(a), Ok(b)) if a == b)
        };
        self.hash == hash
            && self.given.len() == given.len()
            && self.given.iter().zip(given).all(|(known, given)| known.0 == given.0 && same(&known.1, &given.1))
    }
}

/// No panic can leave a set half-changed.
fn lock(set: &Mutex<Set>) -> MutexGuard<'_, Set> {
    set.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A number of the names and values; CPython keeps the hash of a string in it.
fn sum(given: &[Given<'_>]) -> PyResult<u64> {
    let mut sum = 0_u64;
    for (name, value) in given {
        let hash = value.hash()? as i64;
        for word in [name.as_ptr() as usize as u64, u64::from_ne_bytes(hash.to_ne_bytes())] {
            sum = (sum.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }
    Ok(sum)
}
