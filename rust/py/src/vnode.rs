//! What a render returns.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use pyo3::{PyTraverseError, PyVisit};
use vango_core::few::Few;
use vango_core::node::{Child, Kind, Node, Ref, Value};

use crate::children;
use crate::element::Draft;
use crate::error::{caught, tree_error, type_error};
use crate::held::{Gathered, Held};
use crate::keys;
use crate::markup;
use crate::places;
use crate::same;

/// Beyond so many places the objects are looked up in an index.
const FEW: usize = 8;
/// Longest text that a `repr` shows, in characters.
const MAX_SHOWN: usize = 40;

/// What Python keeps in front of an object; the collector's part is added by whoever asks.
const OBJECT: usize = 16;

/// One entry of `places()`: path, object, attribute.
type Standing<'a, 'py> = (u64, Option<Bound<'py, PyAny>>, Option<&'a str>);

/// What a render returns: an immutable tree, made by the builders of `vango.html`.
///
/// `str(node)` is its HTML, `==` compares structure, and `node[children]` is the same node with
/// more children at its end. It may be kept, shared, and shown in several places.
// The Rust node below holds no Python object; the objects of its refs are here, where the
// collector sees them. There is no `__clear__`, for the reason that a tuple has none: a
// `VNode` is made after all that it refers to, so every cycle through it also goes
// through an object that can change, and the collector clears that one.
#[pyclass(frozen, module = "vango._core")]
pub struct VNode {
    node: Child,
    held: Held,
}

impl VNode {
    /// A node with the objects behind its refs.
    pub fn new(node: Child, held: Held) -> Self {
        Self { node, held }
    }

    /// The node that the engine sees.
    pub fn node(&self) -> &Child {
        &self.node
    }

    /// The objects behind its refs.
    pub fn held(&self) -> &Held {
        &self.held
    }

    /// A part of this tree by itself, with just the objects that it needs.
    fn part(&self, py: Python<'_>, node: &Child) -> Self {
        let mut held = Gathered::default();
        if !self.held.is_empty() {
            let index = self.held.index(py);
            refs(node, &mut |known| {
                if let Some(object) = index.get(&known) {
                    held.keep(known, object.clone().unbind());
                }
            });
        }
        Self { node: node.clone(), held: held.finish() }
    }

    /// The same node with more children at its end.
    fn with_more(&self, children: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = children.py();
        let node = self.node.written_out();
        let key = node.key.clone();
        let nodes = |held: &mut Gathered| -> PyResult<Few<Child>> {
            let (first, more) = (node.kind.children(), children::bracketed(children, held)?);
            Ok(if first.is_empty() { more } else { first.iter().chain(&more).cloned().collect() })
        };
        match &node.kind {
            Kind::Element(element) => {
                let mut draft = Draft::of(py, element, key, &self.held);
                let nodes = nodes(&mut draft.held)?;
                draft.finish(py, &element.tag, nodes)
            }
            Kind::Fragment(_) => {
                let mut held = Gathered::default();
                held.copy(py, &self.held);
                let nodes = nodes(&mut held)?;
                Ok(Self::new(Node::fragment(nodes.to_vec(), key).map_err(tree_error)?, held.finish()))
            }
            _ => Err(type_error("only an element or a fragment takes children; write fragment([...])")),
        }
    }

    /// The first slot or component in it.
    pub fn first_place<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        let first = places::places(&self.node).into_iter().next()?;
        self.held.find(py, first.target)
    }
}

/// Every ref of a tree.
fn refs(node: &Node, see: &mut impl FnMut(Ref)) {
    match &node.kind {
        Kind::Place(target) => see(*target),
        Kind::Element(element) => {
            for handler in &element.handlers {
                see(handler.target());
            }
            for attr in &element.attrs {
                if let Value::Slot(target) = attr.value {
                    see(target);
                }
            }
            element.children.iter().for_each(|child| refs(child, see));
        }
        Kind::Fragment(children) => children.iter().for_each(|child| refs(child, see)),
        Kind::Instance(instance) => instance.refs().for_each(see),
        Kind::Nothing | Kind::Text(_) | Kind::Raw(_) => {}
    }
}

#[pymethods]
impl VNode {
    /// The element's name; `None` for a fragment, raw HTML, a text or a place.
    #[getter]
    fn tag(&self) -> Option<&str> {
        match self.node.kind.outer() {
            Kind::Element(element) => Some(&element.tag),
            _ => None,
        }
    }

    /// The attributes and properties by their names on the wire; slots are left out.
    #[getter]
    fn attrs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let attrs = PyDict::new(py);
        if let Kind::Element(element) = &self.node.written_out().kind {
            for attr in &element.attrs {
                if let Value::Text(text) = &attr.value {
                    attrs.set_item(attr.name.as_str(), &**text)?;
                }
            }
        }
        Ok(attrs)
    }

    /// The children: texts as `str`, all others as `VNode`; `None` and `False` are left out.
    #[getter]
    fn children<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let node = self.node.written_out();
        let mut shown = Vec::with_capacity(node.kind.children().len());
        for child in node.kind.children() {
            match &child.kind {
                Kind::Nothing => {}
                Kind::Text(text) => shown.push(PyString::new(py, text).into_any()),
                _ => shown.push(Bound::new(py, self.part(py, child))?.into_any()),
            }
        }
        PyTuple::new(py, shown)
    }

    /// The identity among its siblings, or `None`.
    #[getter]
    fn key<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.node.key.as_ref().map(|key| keys::to_python(py, key)).transpose()
    }

    /// The same node with more children at its end.
    fn __getitem__(&self, children: &Bound<'_, PyAny>) -> PyResult<Self> {
        caught(|| self.with_more(children))
    }

    fn __str__(&self) -> PyResult<String> {
        caught(|| Ok(markup::html(&self.node)))
    }

    /// The HTML of this tree; slots and components, which only a session can run, are left out.
    fn __html__(&self) -> PyResult<String> {
        caught(|| Ok(markup::html(&self.node)))
    }

    fn __eq__(&self, py: Python<'_>, other: &Bound<'_, Self>) -> PyResult<bool> {
        caught(|| same::same(py, self, other.get()))
    }

    fn __repr__(&self) -> String {
        let shown = |text: &str| match text.char_indices().nth(MAX_SHOWN) {
            Some((end, _)) => format!("{:?}…", &text[..end]),
            None => format!("{text:?}"),
        };
        let what = match self.node.kind.outer() {
            Kind::Nothing => "nothing".into(),
            Kind::Text(text) => format!("text {}", shown(text)),
            Kind::Raw(html) => format!("raw {}", shown(html)),
            Kind::Element(element) => element.tag.to_string(),
            Kind::Fragment(_) => "fragment".into(),
            Kind::Place(_) | Kind::Instance(_) => "place".into(),
        };
        let key = self.node.key.as_ref().map_or_else(String::new, |key| format!(" key={key}"));
        let inner = match self.node.kind.outer().children().len() {
            0 => String::new(),
            1 => ": 1 child".into(),
            n => format!(": {n} children"),
        };
        format!("<{what}{key}{inner}>")
    }

    /// How many slots and components stand in this tree.
    #[getter]
    fn place_count(&self) -> u32 {
        self.node.places
    }

    /// What stands in this tree, in document order: `(path, object, attribute or None)`.
    ///
    /// The same path and the same function are the same instance, see docs/ARCHITECTURE.md.
    fn places<'py>(&self, py: Python<'py>) -> Vec<Standing<'_, 'py>> {
        let found = places::places(&self.node);
        let index = (found.len() > FEW).then(|| self.held.index(py));
        let object = |target| match &index {
            Some(index) => index.get(&target).cloned(),
            None => self.held.find(py, target),
        };
        found.iter().map(|place| (place.path, object(place.target), place.attr)).collect()
    }

    /// The object behind a ref (a handler, a slot or a component); `None` where there is none.
    #[pyo3(signature = (r#ref, /))]
    fn target<'py>(&self, py: Python<'py>, r#ref: Ref) -> Option<Bound<'py, PyAny>> {
        self.held.find(py, r#ref)
    }

    /// Bytes that it takes with the objects behind its refs, without its nodes: those belong to the trees.
    fn __sizeof__(&self) -> usize {
        size_of::<Self>() + OBJECT + self.held.weight()
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.held.traverse(&visit)
    }
}
