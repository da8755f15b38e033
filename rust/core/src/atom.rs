//! Interned names: one allocation for all sessions of a process.

use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::limits::MAX_INTERNED;

/// A tag or attribute name. Equal names are nearly always the same pointer,
/// so comparing two atoms is one comparison of addresses.
#[derive(Clone, Eq)]
pub struct Atom(Arc<str>);

fn table() -> &'static Mutex<HashSet<Arc<str>>> {
    static TABLE: OnceLock<Mutex<HashSet<Arc<str>>>> = OnceLock::new();
    TABLE.get_or_init(Mutex::default)
}

impl Atom {
    /// The atom of `name`, shared while fewer than [`MAX_INTERNED`] names exist.
    pub fn new(name: &str) -> Self {
        // A poisoned table still holds only whole names.
        let mut table = table().lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = table.get(name) {
            return Self(known.clone());
        }
        let fresh: Arc<str> = name.into();
        if table.len() < MAX_INTERNED {
            table.insert(fresh.clone());
        }
        Self(fresh)
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Atom {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl Hash for Atom {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl Ord for Atom {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.as_bytes().cmp(other.0.as_bytes())
    }
}

impl PartialOrd for Atom {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Deref for Atom {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
