//! Attributes of one element: checked and sorted once, then shared by all elements that have the same.

use std::ops::Deref;
use std::sync::Arc;

use crate::atom::Atom;
use crate::attr;
use crate::error::TreeError;
use crate::few::Few;
use crate::limits;

/// Stands for a Python object (handler, slot, component); never reused in a process.
pub type Ref = u64;

/// The value of an attribute. A boolean attribute that is present is `Text("")`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A value that is known.
    Text(Arc<str>),
    /// A slot: the value is what its place holds.
    Slot(Ref),
}

/// One attribute of an element; a name that begins with `.` is a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attr {
    /// Name as on the wire.
    pub name: Atom,
    /// Value as on the wire.
    pub value: Value,
}

/// Attributes and properties that [`attr`] lets pass, ascending by the bytes of their names.
#[derive(Clone, Debug, Default)]
pub struct Attrs(Option<Arc<Few<Attr>>>);

impl Attrs {
    /// The caller has given each name once, in any order.
    ///
    /// # Errors
    /// [`TreeError`] for a name or a value that is refused, or too many of them.
    pub fn new(mut attrs: Vec<Attr>) -> Result<Self, TreeError> {
        if attrs.is_empty() {
            return Ok(Self::default());
        }
        if attrs.len() > limits::MAX_ATTRS {
            return Err(TreeError::Limit {
                what: "attributes of one element",
                limit: limits::MAX_ATTRS,
                got: attrs.len(),
            });
        }
        attrs.iter().try_for_each(check)?;
        if attrs.len() > 1 {
            attrs.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Ok(Self(Some(Arc::new(attrs.into()))))
    }

    /// Whether both are one object: then they are equal.
    pub fn is(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        }
    }

    /// How many are slots.
    pub fn slots(&self) -> usize {
        self.iter().filter(|attr| matches!(attr.value, Value::Slot(_))).count()
    }
}

impl Deref for Attrs {
    type Target = [Attr];

    fn deref(&self) -> &[Attr] {
        self.0.as_deref().map_or(&[], |attrs| attrs)
    }
}

impl<'a> IntoIterator for &'a Attrs {
    type Item = &'a Attr;
    type IntoIter = std::slice::Iter<'a, Attr>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

fn check(attr: &Attr) -> Result<(), TreeError> {
    let verdict = attr.name.verdict();
    if !verdict.is_attr {
        attr::check_name(&attr.name)?;
    }
    if let Value::Text(text) = &attr.value {
        attr::check_text("bytes of one attribute", text)?;
        if verdict.is_url {
            attr::check_url(&attr.name, text)?;
        }
    }
    Ok(())
}
