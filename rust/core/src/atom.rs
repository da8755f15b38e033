//! Interned names, each with what the rules say about it: one copy for all sessions of a process.

use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::attr::Verdict;
use crate::limits::{MAX_INTERNED, MAX_NAME_BYTES};

/// A tag or attribute name. Two names that are interned are equal where they are the same object,
/// so comparing them is one comparison of addresses, and copying one costs nothing.
#[derive(Clone, Eq)]
pub struct Atom(Held);

#[derive(Clone, Eq, PartialEq)]
enum Held {
    /// Interned, as long as the process lives.
    Known(&'static Name),
    /// One too many to be interned.
    Own(Arc<Name>),
}

#[derive(Eq, PartialEq)]
struct Name {
    text: Box<str>,
    verdict: Verdict,
}

impl Name {
    fn new(text: &str) -> Self {
        Self { text: text.into(), verdict: Verdict::of(text) }
    }
}

fn table() -> &'static Mutex<HashMap<&'static str, &'static Name>> {
    static TABLE: OnceLock<Mutex<HashMap<&'static str, &'static Name>>> = OnceLock::new();
    TABLE.get_or_init(Mutex::default)
}

impl Atom {
    /// The atom of `name`, shared while fewer than [`MAX_INTERNED`] names exist.
    pub fn new(name: &str) -> Self {
        // What no element can carry is not kept for ever.
        if name.len() > MAX_NAME_BYTES {
            return Self(Held::Own(Arc::new(Name::new(name))));
        }
        // A poisoned table still holds only whole names.
        let mut table = table().lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = table.get(name) {
            return Self(Held::Known(known));
        }
        if table.len() >= MAX_INTERNED {
            return Self(Held::Own(Arc::new(Name::new(name))));
        }
        // The table gives nothing back, so what it holds need not be counted.
        let known: &'static Name = Box::leak(Box::new(Name::new(name)));
        table.insert(&known.text, known);
        Self(Held::Known(known))
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.name().text
    }

    /// What the rules say about it as a tag and as an attribute.
    pub fn verdict(&self) -> &Verdict {
        &self.name().verdict
    }

    /// A number that is the same for equal atoms, unless they are not interned, and rarely for others.
    pub(crate) fn address(&self) -> u32 {
        let address = self.as_str().as_ptr() as usize;
        (address >> 4 ^ address >> 36) as u32
    }

    fn name(&self) -> &Name {
        match &self.0 {
            Held::Known(name) => name,
            Held::Own(name) => name,
        }
    }
}

impl PartialEq for Atom {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Held::Known(a), Held::Known(b)) => std::ptr::eq(*a, *b),
            _ => self.as_str() == other.as_str(),
        }
    }
}

impl Hash for Atom {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Ord for Atom {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        if self == other {
            return std::cmp::Ordering::Equal;
        }
        self.as_str().as_bytes().cmp(other.as_str().as_bytes())
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
        self.as_str()
    }
}

impl fmt::Debug for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::{Atom, Held, MAX_NAME_BYTES};

    #[test]
    fn a_name_that_no_element_can_have_is_not_kept() {
        let long = "x".repeat(MAX_NAME_BYTES + 1);
        assert!(matches!(Atom::new(&long).0, Held::Own(_)));
        assert_eq!(Atom::new(&long), Atom::new(&long));
        assert!(matches!(Atom::new(&long[1..]).0, Held::Known(_)));
    }
}
