//! What a render returns: immutable nodes, shared by every session that shows them.
//!
//! Invariants maintained here:
//! - a node never changes after it was built, and holds no Python object:
//!   handlers, slots and components stand in it as a [`Ref`];
//! - `attrs` ascend by the bytes of their names, each name once;
//! - siblings with a key have different keys;
//! - `height`, `count` and `places` are those of the whole subtree, so no
//!   recursion over a built node is deeper than [`limits::MAX_DEPTH`].

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use crate::atom::Atom;
use crate::attr;
use crate::error::TreeError;
use crate::limits;

/// The number of a live node in one session: an element, a text or a raw HTML unit.
/// 0 names the mount point. Never reused within an epoch.
pub type Hid = u32;

/// Stands for a Python object (handler, slot, component); never reused in a process.
pub type Ref = u64;

/// A node as its parents share it.
pub type Child = Arc<Node>;

/// Identity of a node among its siblings. `Int(1)` and `Str("1")` differ.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// A string.
    Str(Arc<str>),
    /// An integer.
    Int(i128),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// A UUID as its number.
    Uuid(u128),
    /// Several keys together.
    Tuple(Arc<[Key]>),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Str(key) => write!(f, "{key:?}"),
            Self::Int(key) => write!(f, "{key}"),
            Self::Bytes(key) => write!(f, "b\"{}\"", key.escape_ascii()),
            Self::Uuid(key) => write!(f, "UUID({key:032x})"),
            Self::Tuple(keys) => {
                f.write_str("(")?;
                for (i, key) in keys.iter().enumerate() {
                    write!(f, "{}{key}", if i == 0 { "" } else { ", " })?;
                }
                f.write_str(")")
            }
        }
    }
}

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

/// One handler of an element: the bit of its event kind and the object to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    /// Event kind, 0 to 30 (PROTOCOL section 1).
    pub kind: u8,
    /// What to call.
    pub target: Ref,
}

/// An element.
#[derive(Debug)]
pub struct Element {
    /// Tag name, lower case except in SVG.
    pub tag: Atom,
    /// Attributes and properties, ascending by name.
    pub attrs: Box<[Attr]>,
    /// Handlers, ascending by kind, each kind once.
    pub handlers: Box<[Handler]>,
    /// Children in order.
    pub children: Box<[Child]>,
}

impl Element {
    /// The `eventbits` of the wire.
    pub fn events(&self) -> u32 {
        self.handlers.iter().fold(0, |bits, handler| bits | 1 << handler.kind)
    }
}

/// What a node is.
#[derive(Debug)]
pub enum Kind {
    /// Shows nothing and keeps an index among its siblings.
    Nothing,
    /// A text.
    Text(Arc<str>),
    /// HTML written by the application, one unit that is replaced whole.
    Raw(Arc<str>),
    /// An element.
    Element(Element),
    /// Children without an element around them; they keep one index together.
    Fragment(Box<[Child]>),
    /// Where a component or a slot is mounted.
    Place(Ref),
}

/// A node with what is known of its whole subtree.
#[derive(Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Its identity among its siblings, if it has one.
    pub key: Option<Key>,
    /// Levels below and including this one.
    pub height: u16,
    /// Hids that it takes, places not counted.
    pub count: u32,
    /// Places in it, in document order: slots of attributes (before the children) and of children.
    pub places: u32,
}

impl Node {
    /// Nothing.
    pub fn nothing() -> Child {
        Arc::new(Self { kind: Kind::Nothing, key: None, height: 1, count: 0, places: 0 })
    }

    /// A text.
    ///
    /// # Errors
    /// [`TreeError::Limit`] when it is over [`limits::MAX_TEXT_BYTES`], [`TreeError::Text`] when it holds NUL.
    pub fn text(text: impl Into<Arc<str>>) -> Result<Child, TreeError> {
        let text = text.into();
        check_text(&text)?;
        Ok(Arc::new(Self { kind: Kind::Text(text), key: None, height: 1, count: 1, places: 0 }))
    }

    /// A unit of raw HTML.
    ///
    /// # Errors
    /// As [`Node::text`].
    pub fn raw(html: impl Into<Arc<str>>, key: Option<Key>) -> Result<Child, TreeError> {
        let html = html.into();
        check_text(&html)?;
        Ok(Arc::new(Self { kind: Kind::Raw(html), key, height: 1, count: 1, places: 0 }))
    }

    /// The place of a component or a slot.
    pub fn place(target: Ref, key: Option<Key>) -> Child {
        Arc::new(Self { kind: Kind::Place(target), key, height: 1, count: 0, places: 1 })
    }

    /// A fragment.
    ///
    /// # Errors
    /// [`TreeError::Limit`], [`TreeError::DuplicateKey`].
    pub fn fragment(children: Vec<Child>, key: Option<Key>) -> Result<Child, TreeError> {
        let below = Below::of(&children)?;
        Ok(Arc::new(Self {
            height: below.height()?,
            count: below.count,
            places: below.places,
            kind: Kind::Fragment(children.into()),
            key,
        }))
    }

    /// An element. Attributes are sorted here; the caller has given each name once.
    ///
    /// # Errors
    /// [`TreeError`] for a bad name, a refused attribute, a bound passed or a key used twice.
    pub fn element(
        tag: Atom,
        mut attrs: Vec<Attr>,
        mut handlers: Vec<Handler>,
        children: Vec<Child>,
        key: Option<Key>,
    ) -> Result<Child, TreeError> {
        attr::check_tag(&tag)?;
        if attrs.len() > limits::MAX_ATTRS {
            return Err(TreeError::Limit {
                what: "attributes of one element",
                limit: limits::MAX_ATTRS,
                got: attrs.len(),
            });
        }
        for attr in &attrs {
            attr::check(&attr.name, &attr.value)?;
        }
        if attrs.len() > 1 {
            attrs.sort_by(|a, b| a.name.cmp(&b.name));
        }
        handlers.sort_by_key(|handler| handler.kind);
        attr::check_children(&tag, &children)?;
        let below = Below::of(&children)?;
        let slots = attrs.iter().filter(|attr| matches!(attr.value, Value::Slot(_))).count();
        Ok(Arc::new(Self {
            height: below.height()?,
            count: below.count.saturating_add(1),
            places: below.places + slots as u32,
            kind: Kind::Element(Element {
                tag,
                attrs: attrs.into(),
                handlers: handlers.into(),
                children: children.into(),
            }),
            key,
        }))
    }
}

/// What the children of a node add up to.
struct Below {
    height: usize,
    count: u32,
    places: u32,
}

impl Below {
    fn of(children: &[Child]) -> Result<Self, TreeError> {
        if children.len() > limits::MAX_CHILDREN {
            return Err(TreeError::Limit {
                what: "children of one node",
                limit: limits::MAX_CHILDREN,
                got: children.len(),
            });
        }
        let mut below = Self { height: 0, count: 0, places: 0 };
        let mut keyed = 0;
        for child in children {
            below.height = below.height.max(usize::from(child.height));
            below.count = below.count.saturating_add(child.count);
            below.places = below.places.saturating_add(child.places);
            keyed += usize::from(child.key.is_some());
        }
        if keyed > 1 {
            let mut seen = HashSet::with_capacity(keyed);
            for key in children.iter().filter_map(|child| child.key.as_ref()) {
                if !seen.insert(key) {
                    return Err(TreeError::DuplicateKey(key.to_string().into()));
                }
            }
        }
        Ok(below)
    }

    fn height(&self) -> Result<u16, TreeError> {
        let height = self.height + 1;
        if height > limits::MAX_DEPTH {
            return Err(TreeError::Limit { what: "levels of a tree", limit: limits::MAX_DEPTH, got: height });
        }
        Ok(height as u16)
    }
}

fn check_text(text: &str) -> Result<(), TreeError> {
    if text.len() > limits::MAX_TEXT_BYTES {
        return Err(TreeError::Limit { what: "bytes of one text", limit: limits::MAX_TEXT_BYTES, got: text.len() });
    }
    if text.as_bytes().contains(&0) {
        return Err(TreeError::Text);
    }
    Ok(())
}
