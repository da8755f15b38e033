//! Templates: what the rows of a list have in common is kept once.
//!
//! Invariants maintained here:
//! - an instance stands for exactly one ordinary tree without places, without raw HTML and without
//!   keys below its root, and [`Instance::write_out`] gives that tree back;
//! - the spots of a template ascend in document order, as hids do, so the distance of a hid from
//!   the first one of its run is the number of its spot;
//! - a template holds no text and no ref of anybody, and lives as long as some node needs it.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use crate::attr::check_text;
use crate::attrs::{Attrs, Ref};
use crate::error::TreeError;
use crate::few::Few;
use crate::limits::{MAX_TEMPLATES, TEMPLATED};
use crate::node::{roots, Child, Element, Handler, Key, Kind, Node};
use crate::numbers::NumberMap;
use crate::own::Own;
use crate::text::Text;

/// What subtrees with the same tags, events and positions of texts have in common.
#[derive(Debug)]
struct Shape {
    /// The subtree with empty texts and refs 0.
    root: Child,
    spots: Box<[Spot]>,
    texts: u16,
    refs: u16,
}

/// One node of a template that has a hid.
#[derive(Debug)]
struct Spot {
    node: Child,
    /// Which of the texts it is, or which of the elements.
    own: u16,
    /// Which ref is that of its first handler.
    first_ref: u16,
    /// How many nodes its children are in the document.
    roots: u16,
}

/// A subtree by what it has for itself: a template, and what fills the holes.
#[derive(Debug)]
pub struct Instance {
    shape: Arc<Shape>,
    own: Own,
}

impl Instance {
    /// A subtree of `count` hids as an instance; `None` where nothing would be gained, or is not yet known to be.
    pub(crate) fn of(kind: &Kind, sum: Sum, count: u32) -> Option<Self> {
        let hash = sum.0.filter(|_| TEMPLATED.contains(&count))?;
        Self::fill(Shape::known(hash, || Shape::of(kind))?, kind)
    }

    /// Take what `kind` has for itself, if it has this shape.
    fn fill(shape: Arc<Shape>, kind: &Kind) -> Option<Self> {
        let mut holes = Holes {
            texts: Vec::with_capacity(usize::from(shape.texts)),
            refs: Vec::with_capacity(usize::from(shape.refs)),
            has_own_attrs: false,
        };
        if !holes.take(kind, &shape.root.kind) {
            return None;
        }
        let attrs = holes.has_own_attrs.then(|| {
            let mut attrs = Vec::with_capacity(shape.spots.len() - holes.texts.len());
            each_element(kind, &mut |element| attrs.push(element.attrs.clone()));
            attrs.into()
        });
        Some(Self { shape, own: Own::new(attrs, holes.texts, holes.refs) })
    }

    /// The ordinary tree that this stands for.
    pub(crate) fn write_out(&self) -> Kind {
        Writing { instance: self, at: 0 }.kind(&self.shape.root.kind)
    }

    /// What is outermost in it: the tags and events are those of this subtree, the texts, attributes and refs are not.
    pub(crate) fn root(&self) -> &Child {
        &self.shape.root
    }

    /// Whether what both show can be compared spot by spot.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shape, &other.shape)
    }

    /// The spots of its nodes with hids.
    pub(crate) fn spots(&self) -> std::ops::Range<usize> {
        0..self.shape.spots.len()
    }

    /// The node at a spot, as [`Instance::root`].
    pub(crate) fn node(&self, at: usize) -> &Child {
        &self.shape.spots[at].node
    }

    /// The text at a spot that is one.
    pub(crate) fn text(&self, at: usize) -> &str {
        self.own.text(usize::from(self.shape.spots[at].own), usize::from(self.shape.texts))
    }

    /// The attributes of the element at a spot.
    pub(crate) fn attrs(&self, at: usize) -> &Attrs {
        let spot = &self.shape.spots[at];
        match (self.own.attrs(), &spot.node.kind) {
            (Some(attrs), _) => &attrs[usize::from(spot.own)],
            (None, Kind::Element(element)) => &element.attrs,
            (None, _) => unreachable!("only elements have attributes"),
        }
    }

    /// What a handler of the element at a spot stands for: that with this index.
    pub(crate) fn target(&self, at: usize, index: usize) -> Ref {
        self.own.target(usize::from(self.shape.spots[at].first_ref) + index)
    }

    /// How many nodes the children of the element at a spot are in the document.
    pub(crate) fn roots(&self, at: usize) -> usize {
        usize::from(self.shape.spots[at].roots)
    }

    /// Bytes beside its own.
    pub(crate) fn beside(&self) -> usize {
        self.own.beside()
    }

    /// What all handlers stand for.
    pub fn refs(&self) -> impl Iterator<Item = Ref> + '_ {
        (0..usize::from(self.shape.refs)).map(|index| self.own.target(index))
    }
}

/// Rows to be: a subtree whose texts and refs are given anew each time.
#[derive(Debug)]
pub struct Template {
    shape: Arc<Shape>,
    attrs: Option<Box<[Attrs]>>,
}

impl Template {
    /// The template of `example`, whose texts, refs and key are not looked at.
    ///
    /// `None` when it cannot have instances: a place, raw HTML or a key in it, or more or fewer
    /// nodes than [`TEMPLATED`].
    pub fn of(example: &Child) -> Option<Self> {
        let example = example.written_out();
        let hash = example.sum.0.filter(|_| TEMPLATED.contains(&example.count))?;
        let make = || Shape::of(&example.kind);
        let known = Shape::known(hash, make).and_then(|shape| Instance::fill(shape, &example.kind));
        let Instance { shape, own } = known.or_else(|| Instance::fill(Arc::new(make()), &example.kind))?;
        Some(Self { shape, attrs: own.attrs().map(Into::into) })
    }

    /// An instance, with what fills the holes in document order.
    ///
    /// # Errors
    /// [`TreeError::Shape`] for another number of texts or refs than the template has, and as [`Node::text`].
    pub fn fill(&self, texts: Vec<Text>, refs: Vec<Ref>, key: Option<Key>) -> Result<Child, TreeError> {
        if (texts.len(), refs.len()) != (usize::from(self.shape.texts), usize::from(self.shape.refs)) {
            return Err(TreeError::Shape("a template takes one text for each of its texts, one ref for each handler"));
        }
        texts.iter().try_for_each(|text| check_text("bytes of one text", text))?;
        let instance = Instance { shape: self.shape.clone(), own: Own::new(self.attrs.clone(), texts, refs) };
        Ok(Node::instance(instance, key))
    }
}

impl Shape {
    /// The shape with this hash, see [`Shapes::find`].
    fn known(hash: NonZeroU32, make: impl FnOnce() -> Self) -> Option<Arc<Self>> {
        static SHAPES: OnceLock<Mutex<Shapes>> = OnceLock::new();
        // What a panic left behind is whole: entries are independent of each other.
        let mut shapes = SHAPES.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
        shapes.find(hash, make)
    }

    fn of(kind: &Kind) -> Self {
        let mut shape = Self { root: blank(kind), spots: Box::default(), texts: 0, refs: 0 };
        let (mut spots, mut elements) = (Vec::new(), 0);
        each_node(&shape.root, &mut |node| {
            let (own, first_ref) = match &node.kind {
                Kind::Text(_) => (&mut shape.texts, shape.refs),
                Kind::Element(_) => (&mut elements, shape.refs),
                _ => return,
            };
            let roots = roots(node.kind.children()) as u16;
            spots.push(Spot { node: node.clone(), own: *own, first_ref, roots });
            *own += 1;
            if let Kind::Element(element) = &node.kind {
                shape.refs += element.handlers.len() as u16;
            }
        });
        shape.spots = spots.into();
        shape
    }
}

/// The shapes that a process knows, by their hash; of those that came once, the hash alone.
#[derive(Default)]
struct Shapes(NumberMap<NonZeroU32, Weak<Shape>>);

impl Shapes {
    /// The shape with this hash: what is asked for a second time is probably one of many, and is made.
    fn find(&mut self, hash: NonZeroU32, make: impl FnOnce() -> Shape) -> Option<Arc<Shape>> {
        if let Some(known) = self.0.get_mut(&hash) {
            return Some(known.upgrade().unwrap_or_else(|| {
                let fresh = Arc::new(make());
                *known = Arc::downgrade(&fresh);
                fresh
            }));
        }
        if self.0.len() >= MAX_TEMPLATES {
            self.0.retain(|_, shape| shape.strong_count() > 0);
            // Instances keep their shape; forgetting even those in use keeps the cost of a search O(1).
            if self.0.len() > MAX_TEMPLATES / 2 {
                self.0.clear();
            }
        }
        self.0.insert(hash, Weak::new());
        None
    }
}

/// A node of a template.
fn blank(kind: &Kind) -> Child {
    let all = |children: &[Child]| children.iter().map(|child| blank(&child.kind)).collect();
    Node::whole(match kind {
        Kind::Element(element) => Kind::Element(Element {
            tag: element.tag.clone(),
            attrs: element.attrs.clone(),
            handlers: element.handlers.iter().map(|handler| Handler::new(handler.kind(), 0)).collect(),
            children: all(&element.children),
        }),
        Kind::Fragment(children) => Kind::Fragment(all(children)),
        Kind::Text(_) => Kind::Text("".into()),
        _ => Kind::Nothing,
    })
}

fn each_node<'a>(node: &'a Child, see: &mut dyn FnMut(&'a Child)) {
    see(node);
    node.kind.children().iter().for_each(|child| each_node(child, see));
}

fn each_element<'a>(kind: &'a Kind, see: &mut dyn FnMut(&'a Element)) {
    if let Kind::Element(element) = kind {
        see(element);
    }
    kind.children().iter().for_each(|child| each_element(&child.kind, see));
}

/// What an instance takes out of a subtree.
struct Holes {
    texts: Vec<Text>,
    refs: Vec<Ref>,
    has_own_attrs: bool,
}

impl Holes {
    /// Whether `kind` has the shape of `model`.
    fn take(&mut self, kind: &Kind, model: &Kind) -> bool {
        let (children, models) = match (kind, model) {
            (Kind::Nothing, Kind::Nothing) => return true,
            (Kind::Text(text), Kind::Text(_)) => {
                self.texts.push(text.clone());
                return true;
            }
            (Kind::Element(element), Kind::Element(model)) => {
                self.refs.extend(element.handlers.iter().map(|handler| handler.target()));
                self.has_own_attrs |= !element.attrs.is(&model.attrs);
                if element.tag != model.tag || !element.listens_like(model) {
                    return false;
                }
                (&element.children, &model.children)
            }
            (Kind::Fragment(children), Kind::Fragment(models)) => (children, models),
            _ => return false,
        };
        children.len() == models.len()
            && children.iter().zip(models).all(|(child, model)| self.take(&child.kind, &model.kind))
    }
}

/// An instance on its way back to an ordinary tree.
struct Writing<'a> {
    instance: &'a Instance,
    /// The next spot.
    at: usize,
}

impl Writing<'_> {
    fn kind(&mut self, model: &Kind) -> Kind {
        let at = self.at;
        match model {
            Kind::Element(element) => {
                self.at += 1;
                let handlers = element.handlers.iter().enumerate();
                let handlers =
                    handlers.map(|(index, handler)| Handler::new(handler.kind(), self.instance.target(at, index)));
                Kind::Element(Element {
                    tag: element.tag.clone(),
                    attrs: self.instance.attrs(at).clone(),
                    handlers: handlers.collect(),
                    children: self.children(&element.children),
                })
            }
            Kind::Fragment(children) => Kind::Fragment(self.children(children)),
            Kind::Text(_) => {
                self.at += 1;
                Kind::Text(self.instance.text(at).into())
            }
            _ => Kind::Nothing,
        }
    }

    fn children(&mut self, models: &[Child]) -> Few<Child> {
        models.iter().map(|model| Node::whole(self.kind(&model.kind))).collect()
    }
}

/// A number of the tags, events and positions of texts in a subtree; none for what cannot be part of an
/// instance. Of two shapes with one number, only the first one has instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sum(Option<NonZeroU32>);

impl Sum {
    /// Of a place or a slot, of raw HTML, and of all that is around them.
    pub const NEVER: Self = Self(None);
    /// Of an empty list, and of nothing.
    pub const EMPTY: Self = Self(NonZeroU32::new(1));
    /// Of a text.
    pub const TEXT: Self = Self(NonZeroU32::new(2));

    /// Of an element, where this is that of its children.
    pub fn element(self, element: &Element) -> Self {
        let sum = self.word(element.tag.address()).word(element.handlers.len() as u32);
        element.handlers.iter().fold(sum, |sum, handler| sum.word(u32::from(handler.kind())))
    }

    fn word(self, word: u32) -> Self {
        let mixed = |sum: NonZeroU32| (sum.get().rotate_left(5) ^ word).wrapping_mul(0x9e37_79b1);
        Self(self.0.and_then(|sum| NonZeroU32::new(mixed(sum))))
    }

    /// With another child.
    pub fn child(self, child: &Node) -> Self {
        match child.sum.0 {
            Some(sum) if child.key.is_none() => self.word(sum.get()),
            _ => Self::NEVER,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atom::Atom;
    use crate::patch_list::PatchList;
    use crate::tree::Tree;

    fn cell(tag: &str, text: &str) -> Child {
        Node::element(Atom::new(tag), vec![], vec![], vec![Node::text(text).unwrap()], None).unwrap()
    }

    /// Three elements and two texts.
    fn row(tag: &str, text: &str) -> Child {
        Node::element(Atom::new("tr"), vec![], vec![], vec![cell(tag, text), cell(tag, text)], None).unwrap()
    }

    /// The row as an instance, if it has one where all shapes have the number `sum`.
    fn under(sum: Sum, row: &Child) -> Option<Child> {
        Instance::of(&row.kind, sum, row.count).map(|instance| Node::instance(instance, None))
    }

    #[test]
    fn of_two_shapes_with_one_number_the_first_one_has_instances() {
        let sum = Sum(NonZeroU32::new(u32::MAX));
        assert!(under(sum, &row("td", "a")).is_none(), "it came for the first time");
        let known = under(sum, &row("td", "a")).expect("it came again");
        assert!(under(sum, &row("th", "a")).is_none(), "it is another shape");
        let again = under(sum, &row("td", "b")).expect("the number is still its own");
        for (other, patches) in [(again, 2), (row("th", "a"), 4)] {
            let mut tree = Tree::mount(known.clone()).unwrap();
            let mut list = PatchList::default();
            tree.commit(other.clone(), &mut list).unwrap();
            assert_eq!(patches, list.patches.len());
            assert_eq!(Tree::mount(other).unwrap().html(false), tree.html(false));
        }
    }

    #[test]
    fn a_template_does_not_depend_on_the_number_of_its_shape() {
        let example = row("dt", "a");
        let (number, other) = (example.sum.0.unwrap(), || Shape::of(&row("th", "a").kind));
        assert!(Shape::known(number, other).is_none(), "it comes for the first time");
        let _other = Shape::known(number, other).expect("it comes again");
        let filled = Template::of(&example).unwrap().fill(vec!["b".into(), "c".into()], vec![], None).unwrap();
        assert_eq!("<tr><dt>b</dt><dt>c</dt></tr>", Tree::mount(filled).unwrap().html(false));
    }

    #[test]
    fn what_is_known_of_shapes_is_bounded() {
        let mut shapes = Shapes::default();
        let make = || Shape::of(&row("td", "a").kind);
        let number = |n: usize| NonZeroU32::new(n as u32).unwrap();
        let in_use: Vec<_> = (1..=3 * MAX_TEMPLATES)
            .map(|n| {
                assert!(shapes.find(number(n), make).is_none(), "it comes for the first time");
                assert!(shapes.0.len() <= MAX_TEMPLATES);
                shapes.find(number(n), make).expect("it comes again")
            })
            .collect();
        let last = in_use.last().expect("there are many");
        let known = shapes.find(number(in_use.len()), || unreachable!("it is known"));
        assert!(known.is_some_and(|known| Arc::ptr_eq(&known, last)));
    }
}
