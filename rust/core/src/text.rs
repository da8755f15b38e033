//! Texts of nodes: nearly all are a word, a number or a label.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::weight;

/// Bytes that a text keeps in place: a text is then 24 bytes, as small as a pointer, a length and a mark allow.
const SHORT: usize = 22;

/// A text that never changes; a short one needs no memory beside it, a longer one is shared by its copies.
#[derive(Clone)]
pub struct Text(Repr);

#[derive(Clone)]
enum Repr {
    /// The first `len` of `bytes`, which are UTF-8; the others are 0.
    Short {
        len: u8,
        bytes: [u8; SHORT],
    },
    Long(Arc<str>),
}

impl Text {
    /// Its UTF-8.
    pub fn bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Short { len, bytes } => &bytes[..usize::from(*len)],
            Repr::Long(text) => text.as_bytes(),
        }
    }
}

impl Text {
    /// Bytes beside its own.
    pub(crate) fn beside(&self) -> usize {
        match &self.0 {
            Repr::Short { .. } => 0,
            Repr::Long(text) => weight::shared(text.len()),
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        if text.len() > SHORT {
            return Self(Repr::Long(text.into()));
        }
        let mut bytes = [0; SHORT];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Self(Repr::Short { len: text.len() as u8, bytes })
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            Repr::Short { .. } => std::str::from_utf8(self.bytes()).expect("a text was made of UTF-8"),
            Repr::Long(text) => text,
        }
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::{Text, SHORT};

    #[test]
    fn a_text_of_any_length_is_what_it_was_made_of() {
        for text in ["", "a", "é", &"x".repeat(SHORT), &"x".repeat(SHORT + 1), &"é".repeat(SHORT / 2 + 1)] {
            assert_eq!(text, &*Text::from(text));
            assert_eq!(Text::from(text), Text::from(text));
            assert_ne!(Text::from("b"), Text::from(text));
        }
    }
}
