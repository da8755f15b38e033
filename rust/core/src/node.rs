//! What a render returns: immutable nodes, shared by every session that shows them.
//!
//! Invariants maintained here:
//! - a node never changes after it was built, and holds no Python object:
//!   handlers, slots and components stand in it as a [`Ref`];
//! - [`Attrs`] ascend by the bytes of their names, each name once;
//! - siblings with a key have different keys;
//! - `height`, `count` and `places` are those of the whole subtree, so no
//!   recursion over a built node is deeper than [`limits::MAX_DEPTH`].

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::atom::Atom;
use crate::attr::{check_tag, check_text, Content};
use crate::error::TreeError;
use crate::few::Few;
use crate::limits;
use crate::template::{Instance, Sum};
use crate::text::Text;

pub use crate::attrs::{Attr, Attrs, Ref, Value};

/// The number of a live node in one session: an element, a text or a raw HTML unit.
/// 0 names the mount point. Never reused within an epoch.
pub type Hid = u32;

/// A node as its parents share it.
pub type Child = Arc<Node>;

/// Identity of a node among its siblings. `Int(1)` and `Str("1")` differ.
///
/// Nearly all rows are numbered, so a number needs no memory beside its node; anything else is behind one pointer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// An integer.
    Int(i64),
    /// An integer that [`Key::Int`] does not hold; see [`Key::int`].
    Long(Arc<i128>),
    /// A string.
    Str(Arc<Box<str>>),
    /// Bytes.
    Bytes(Arc<Box<[u8]>>),
    /// A UUID as its number.
    Uuid(Arc<u128>),
    /// Several keys together.
    Tuple(Arc<Box<[Key]>>),
}

impl Key {
    /// The key of an integer: each has one.
    pub fn int(number: i128) -> Self {
        i64::try_from(number).map_or_else(|_| Self::Long(Arc::new(number)), Self::Int)
    }

    /// The key of a string.
    pub fn str(text: &str) -> Self {
        Self::Str(Arc::new(text.into()))
    }

    /// The key of bytes.
    pub fn bytes(bytes: &[u8]) -> Self {
        Self::Bytes(Arc::new(bytes.into()))
    }

    /// The key of a UUID.
    pub fn uuid(number: u128) -> Self {
        Self::Uuid(Arc::new(number))
    }

    /// The key of several keys together.
    pub fn tuple(keys: Vec<Self>) -> Self {
        Self::Tuple(Arc::new(keys.into()))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Str(key) => write!(f, "{key:?}"),
            Self::Int(key) => write!(f, "{key}"),
            Self::Long(key) => write!(f, "{key}"),
            Self::Bytes(key) => write!(f, "b\"{}\"", key.escape_ascii()),
            Self::Uuid(key) => write!(f, "UUID({:032x})", **key),
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

/// One handler of an element: its event kind and the object to call, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler(u64);

impl Handler {
    /// Bits of a [`Ref`]: at a million a millisecond they last for two years.
    const REF_BITS: u32 = 56;

    /// A handler of a kind up to [`limits::MAX_EVENT_KIND`] (PROTOCOL section 1).
    ///
    /// # Panics
    /// When `target` has more than 56 bits, which no counter reaches.
    pub fn new(kind: u8, target: Ref) -> Self {
        assert!(target >> Self::REF_BITS == 0, "a ref of more than {} bits", Self::REF_BITS);
        Self(u64::from(kind) << Self::REF_BITS | target)
    }

    /// Event kind.
    pub fn kind(self) -> u8 {
        (self.0 >> Self::REF_BITS) as u8
    }

    /// What to call.
    pub fn target(self) -> Ref {
        self.0 & ((1 << Self::REF_BITS) - 1)
    }
}

/// An element.
#[derive(Debug)]
pub struct Element {
    /// Tag name, lower case except in SVG.
    pub tag: Atom,
    /// Attributes and properties, ascending by name.
    pub attrs: Attrs,
    /// Handlers, ascending by kind, each kind once.
    pub handlers: Few<Handler>,
    /// Children in order.
    pub children: Few<Child>,
}

impl Element {
    /// The `eventbits` of the wire: of the kinds that have a bit. What listens to another kind says so in `data-on`.
    pub fn events(&self) -> u32 {
        let bit = |kind: u8| if kind < limits::EVENT_BITS { 1 << kind } else { 0 };
        self.handlers.iter().fold(0, |bits, handler| bits | bit(handler.kind()))
    }

    /// Whether both listen to the same kinds.
    pub fn listens_like(&self, other: &Self) -> bool {
        self.handlers.iter().map(|handler| handler.kind()).eq(other.handlers.iter().map(|handler| handler.kind()))
    }
}

/// What a node is.
#[derive(Debug)]
pub enum Kind {
    /// Shows nothing and keeps an index among its siblings.
    Nothing,
    /// A text.
    Text(Text),
    /// HTML written by the application, one unit that is replaced whole.
    Raw(Text),
    /// An element.
    Element(Element),
    /// Children without an element around them; they keep one index together.
    Fragment(Few<Child>),
    /// Where a component or a slot is mounted.
    Place(Ref),
    /// An element or a fragment with all that is in it, as one object: see [`crate::template`].
    Instance(Instance),
}

impl Kind {
    /// What this is for who does not look inside: the same for an instance and the tree that it stands for.
    pub fn outer(&self) -> &Self {
        match self {
            Self::Instance(instance) => &instance.root().kind,
            plain => plain,
        }
    }

    /// The children of an element or a fragment that is no instance.
    pub fn children(&self) -> &[Child] {
        match self {
            Self::Element(element) => &element.children,
            Self::Fragment(children) => children,
            _ => &[],
        }
    }
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
    /// What its shape is known by.
    pub(crate) sum: Sum,
}

impl Node {
    /// Nothing.
    pub fn nothing() -> Child {
        static NOTHING: OnceLock<Child> = OnceLock::new();
        NOTHING.get_or_init(|| Self::leaf(Kind::Nothing, None, 0, 0, Sum::EMPTY)).clone()
    }

    /// A text.
    ///
    /// # Errors
    /// [`TreeError::Limit`] when it is over [`limits::MAX_TEXT_BYTES`], [`TreeError::Text`] when it holds NUL.
    pub fn text(text: impl AsRef<str>) -> Result<Child, TreeError> {
        let text = text.as_ref();
        check_text("bytes of one text", text)?;
        Ok(Self::leaf(Kind::Text(text.into()), None, 1, 0, Sum::TEXT))
    }

    /// A unit of raw HTML.
    ///
    /// # Errors
    /// As [`Node::text`].
    pub fn raw(html: impl AsRef<str>, key: Option<Key>) -> Result<Child, TreeError> {
        let html = html.as_ref();
        check_text("bytes of one text", html)?;
        Ok(Self::leaf(Kind::Raw(html.into()), key, 1, 0, Sum::NEVER))
    }

    /// The place of a component or a slot.
    pub fn place(target: Ref, key: Option<Key>) -> Child {
        Self::leaf(Kind::Place(target), key, 0, 1, Sum::NEVER)
    }

    /// A fragment.
    ///
    /// # Errors
    /// [`TreeError::Limit`], [`TreeError::DuplicateKey`].
    pub fn fragment(children: Vec<Child>, key: Option<Key>) -> Result<Child, TreeError> {
        let below = Below::of(&children)?;
        Self::around(Kind::Fragment(children.into()), key, &below)
    }

    /// An element of parts that nothing is known of. Attributes and handlers are sorted here; the caller has given
    /// each name and each kind once.
    ///
    /// # Errors
    /// [`TreeError`] for a bad name, a refused attribute, a bound passed, a key or a kind of event used twice.
    pub fn element(
        tag: Atom,
        attrs: Vec<Attr>,
        mut handlers: Vec<Handler>,
        children: Vec<Child>,
        key: Option<Key>,
    ) -> Result<Child, TreeError> {
        handlers.sort_by_key(|handler| handler.kind());
        Self::of_parts(tag, Attrs::new(attrs)?, handlers.into(), children.into(), key)
    }

    /// An element of attributes that are checked; `handlers` ascend by kind.
    ///
    /// # Errors
    /// As [`Node::element`].
    pub fn of_parts(
        tag: Atom,
        attrs: Attrs,
        handlers: Few<Handler>,
        children: Few<Child>,
        key: Option<Key>,
    ) -> Result<Child, TreeError> {
        if !tag.verdict().is_tag {
            check_tag(&tag)?;
        }
        #[cfg(feature = "inject-panic")]
        crate::inject::panic_at("build", &tag);
        check_handlers(&handlers)?;
        check_children(&tag, &children)?;
        let mut below = Below::of(&children)?;
        below.count = below.count.saturating_add(1);
        let slots = attrs.slots() as u32;
        below.places = below.places.saturating_add(slots);
        let element = Element { tag, attrs, handlers, children };
        below.sum = if slots == 0 { below.sum.element(&element) } else { Sum::NEVER };
        Self::around(Kind::Element(element), key, &below)
    }

    fn leaf(kind: Kind, key: Option<Key>, count: u32, places: u32, sum: Sum) -> Child {
        Arc::new(Self { kind, key, height: 1, count, places, sum })
    }

    fn around(kind: Kind, key: Option<Key>, below: &Below) -> Result<Child, TreeError> {
        let height = below.height()?;
        let Below { count, places, sum, .. } = *below;
        let got = count as usize + places as usize;
        if got > limits::MAX_NODES {
            return Err(TreeError::Limit { what: "nodes of one tree", limit: limits::MAX_NODES, got });
        }
        // What has a key is probably one of many.
        if key.is_some() && places == 0 {
            if let Some(instance) = Instance::of(&kind, sum, count) {
                return Ok(Self::instance(instance, key));
            }
        }
        Ok(Arc::new(Self { kind, key, height, count, places, sum }))
    }

    pub(crate) fn instance(instance: Instance, key: Option<Key>) -> Child {
        let Self { height, count, sum, .. } = **instance.root();
        Arc::new(Self { kind: Kind::Instance(instance), key, height, count, places: 0, sum })
    }

    /// A node without key around what is checked already, and has neither keys nor places.
    pub(crate) fn whole(kind: Kind) -> Child {
        let mut below = Below::default();
        kind.children().iter().for_each(|child| below.add(child));
        match &kind {
            Kind::Element(element) => {
                below.count += 1;
                below.sum = below.sum.element(element);
            }
            Kind::Text(_) => (below.count, below.sum) = (1, Sum::TEXT),
            _ => {}
        }
        let Below { height, count, places, sum, .. } = below;
        Arc::new(Self { kind, key: None, height: height as u16 + 1, count, places, sum })
    }

    /// The same node as an ordinary tree.
    pub fn written_out(self: &Arc<Self>) -> Child {
        match &self.kind {
            Kind::Instance(instance) => Arc::new(Self { kind: instance.write_out(), key: self.key.clone(), ..**self }),
            _ => self.clone(),
        }
    }
}

/// Refuse a kind of event that is none, and one that comes twice.
fn check_handlers(handlers: &[Handler]) -> Result<(), TreeError> {
    let is_none = |kind: u8| kind > limits::MAX_EVENT_KIND || limits::UNHEARD_KINDS.contains(&kind);
    if let Some(wrong) = handlers.iter().find(|handler| is_none(handler.kind())) {
        let (limit, got) = (usize::from(limits::MAX_EVENT_KIND), usize::from(wrong.kind()));
        return Err(TreeError::Limit { what: "kind of an event", limit, got });
    }
    if handlers.windows(2).any(|two| two[0].kind() >= two[1].kind()) {
        return Err(TreeError::Shape("an element has one handler for a kind of event, ascending by kind"));
    }
    Ok(())
}

/// Refuse children that no HTML document could hold under `tag`.
fn check_children(tag: &Atom, children: &[Child]) -> Result<(), TreeError> {
    match tag.verdict().content {
        _ if children.is_empty() => Ok(()),
        Content::Nodes => Ok(()),
        Content::Nothing(reason) => Err(TreeError::Shape(reason)),
        Content::OneText => match children {
            [only] if matches!(&only.kind, Kind::Text(text) if !text.is_empty()) => Ok(()),
            _ => Err(TreeError::Shape("title and style hold exactly one text, no slots and no elements")),
        },
    }
}

/// How many nodes `children` without places are in the document.
pub(crate) fn roots(children: &[Child]) -> usize {
    let own = |child: &Child| match child.kind.outer() {
        Kind::Element(_) | Kind::Text(_) | Kind::Raw(_) => 1,
        fragment => roots(fragment.children()),
    };
    children.iter().map(own).sum()
}

/// What the children of a node add up to.
struct Below {
    height: usize,
    count: u32,
    places: u32,
    keyed: u32,
    sum: Sum,
}

impl Default for Below {
    fn default() -> Self {
        Self { height: 0, count: 0, places: 0, keyed: 0, sum: Sum::EMPTY }
    }
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
        let mut below = Self::default();
        for child in children {
            below.add(child);
        }
        if below.keyed > 1 {
            distinct(children)?;
        }
        Ok(below)
    }

    fn add(&mut self, child: &Node) {
        self.height = self.height.max(usize::from(child.height));
        self.count = self.count.saturating_add(child.count);
        self.places = self.places.saturating_add(child.places);
        self.keyed += u32::from(child.key.is_some());
        self.sum = self.sum.child(child);
    }

    fn height(&self) -> Result<u16, TreeError> {
        let height = self.height + 1;
        if height > limits::MAX_DEPTH {
            return Err(TreeError::Limit { what: "levels of a tree", limit: limits::MAX_DEPTH, got: height });
        }
        Ok(height as u16)
    }
}

/// Refuse a key that two of the children have.
fn distinct(children: &[Child]) -> Result<(), TreeError> {
    let keys = || children.iter().filter_map(|child| child.key.as_ref());
    // The rows of most lists are numbered.
    if keys().is_sorted_by(|a, b| a < b) {
        return Ok(());
    }
    let mut seen = HashSet::with_capacity(children.len());
    match keys().find(|key| !seen.insert(*key)) {
        Some(twice) => Err(TreeError::DuplicateKey(twice.to_string().into())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Handler, Key, Kind, Node};

    #[test]
    fn a_node_takes_88_bytes_with_its_key() {
        assert_eq!((56, 16, 88), (size_of::<Kind>(), size_of::<Option<Key>>(), size_of::<Node>()));
    }

    #[test]
    fn a_handler_is_what_it_was_made_of() {
        for (kind, target) in [(0, 0), (31, 1), (255, (1 << 56) - 1)] {
            let handler = Handler::new(kind, target);
            assert_eq!((kind, target), (handler.kind(), handler.target()));
        }
    }

    #[test]
    fn an_integer_has_one_key() {
        for number in [0, -1, i128::from(i64::MAX), i128::from(i64::MIN)] {
            assert!(matches!(Key::int(number), Key::Int(small) if i128::from(small) == number));
        }
        for number in [i128::from(i64::MAX) + 1, i128::from(i64::MIN) - 1, i128::MAX] {
            assert!(matches!(Key::int(number), Key::Long(long) if *long == number));
        }
    }
}
