//! The builder of one element.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use vango_core::atom::Atom;
use vango_core::attr;
use vango_core::node::{Child, Node};

use crate::children;
use crate::element::Draft;
use crate::error::tree_error;
use crate::names::Names;
use crate::vnode::VNode;

/// The builder of one element, `html.div`.
///
/// Call it with children and attributes, or write the children in brackets:
/// `div("text", class_="note")` and `div(class_="note")["text"]` are the same.
#[pyclass(frozen, module = "vango._core")]
pub struct Tag {
    name: Atom,
    names: Names,
}

impl Tag {
    /// The element without attributes and children.
    pub fn empty(&self) -> PyResult<Child> {
        Node::element(self.name.clone(), Vec::new(), Vec::new(), Vec::new(), None).map_err(tree_error)
    }
}

#[pymethods]
impl Tag {
    #[new]
    #[pyo3(signature = (name))]
    fn new(name: &str) -> PyResult<Self> {
        attr::check_tag(name).map_err(tree_error)?;
        let name = Atom::new(name);
        Ok(Self { names: Names::new(name.clone()), name })
    }

    /// The element's name.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    #[pyo3(signature = (*children, **attrs))]
    fn __call__(&self, children: &Bound<'_, PyTuple>, attrs: Option<&Bound<'_, PyDict>>) -> PyResult<VNode> {
        let mut draft = Draft::new(self.name.clone());
        if let Some(attrs) = attrs {
            draft.take(&self.names, attrs)?;
        }
        let nodes = children::children(children, &mut draft.held)?;
        draft.finish(children.py(), &self.name, nodes)
    }

    fn __getitem__(&self, children: &Bound<'_, PyAny>) -> PyResult<VNode> {
        let mut draft = Draft::new(self.name.clone());
        let nodes = children::bracketed(children, &mut draft.held)?;
        draft.finish(children.py(), &self.name, nodes)
    }

    fn __repr__(&self) -> String {
        format!("<Tag {}>", &*self.name)
    }
}
