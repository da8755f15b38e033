//! What can be wrong, as data; sentences are made only when shown.

use std::fmt;

/// A tree that cannot be built or committed. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeError {
    /// A bound of [`crate::limits`] was passed.
    Limit {
        /// Which bound, in words ("children of one node").
        what: &'static str,
        /// The bound.
        limit: usize,
        /// What was asked for.
        got: usize,
    },
    /// A tag or attribute name that HTML could not carry.
    Name(Box<str>),
    /// An attribute that is refused, with what to write instead.
    Attr {
        /// The attribute's name.
        name: Box<str>,
        /// A sentence for the author of the page.
        reason: &'static str,
    },
    /// A text that no HTML document can hold (it contains NUL).
    Text,
    /// Two siblings have this key.
    DuplicateKey(Box<str>),
    /// A shape that HTML has no place for, with what to write instead.
    Shape(&'static str),
    /// A flush named a place that is not mounted.
    UnknownPlace(u64),
    /// A flush bound another number of places than its node has.
    PlaceCount {
        /// Places of the node.
        expected: usize,
        /// Places that were given.
        got: usize,
    },
    /// A flush bound a place that is not mounted, or holds another kind of content, without giving it any.
    NoContent(u64),
    /// A flush gave a node to an attribute slot, or a value to a place among children.
    WrongContent(u64),
    /// Two nodes, or one node twice, would hold this place; or a flush names it twice.
    BoundTwice(u64),
    /// A flush updated this place before the place that now holds it: parents come first.
    ChildFirst(u64),
}

impl fmt::Display for TreeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limit { what, limit, got } => write!(f, "{what}: {got} is over the limit of {limit}"),
            Self::Name(name) => write!(f, "{:?} cannot be a name in HTML", Cut(name)),
            Self::Attr { name, reason } => write!(f, "attribute {:?}: {reason}", Cut(name)),
            Self::Text => write!(f, "a text cannot contain NUL (U+0000): HTML has no way to write it"),
            Self::DuplicateKey(key) => write!(f, "two siblings have the key {}", Cut(key)),
            Self::Shape(reason) => f.write_str(reason),
            Self::UnknownPlace(place) => write!(f, "place {place} is not mounted in this tree"),
            Self::PlaceCount { expected, got } => {
                write!(f, "the node has {expected} places, {got} were bound")
            }
            Self::NoContent(place) => write!(f, "place {place} was bound without content"),
            Self::WrongContent(place) => {
                write!(f, "place {place}: an attribute slot shows a value, a place among children a node")
            }
            Self::BoundTwice(place) => write!(f, "place {place} would be in the tree twice"),
            Self::ChildFirst(place) => write!(f, "place {place} comes before its parent; update parents first"),
        }
    }
}

impl std::error::Error for TreeError {}

/// Longest name or key in a sentence, in characters.
const MAX_SHOWN: usize = 60;

/// A name or a key as it stands in a sentence: nobody reads the end of a long one.
struct Cut<'a>(&'a str);

impl Cut<'_> {
    fn parts(&self) -> (&str, &'static str) {
        match self.0.char_indices().nth(MAX_SHOWN) {
            Some((end, _)) => (&self.0[..end], "…"),
            None => (self.0, ""),
        }
    }
}

impl fmt::Display for Cut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (shown, end) = self.parts();
        write!(f, "{shown}{end}")
    }
}

impl fmt::Debug for Cut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (shown, end) = self.parts();
        write!(f, "{shown:?}{end}")
    }
}

/// Bytes that break the protocol. Nothing of them was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// Where the first wrong byte stands, from the start of what was given.
    pub offset: usize,
    /// What is wrong there.
    pub reason: &'static str,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}: {}", self.offset, self.reason)
    }
}

impl std::error::Error for DecodeError {}
