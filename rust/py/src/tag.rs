//! The builder of one element.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use vango_core::atom::Atom;
use vango_core::attr;
use vango_core::node::{Child, Node};

use crate::children;
use crate::constants::Constants;
use crate::element::Draft;
use crate::error::{caught, tree_error};
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
    constants: Constants,
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
        Ok(Self { names: Names::new(name.clone()), constants: Constants::default(), name })
    }

    /// The element's name.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    #[pyo3(signature = (*children, **attrs))]
    fn __call__<'py>(
        &self,
        children: &Bound<'py, PyTuple>,
        attrs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, VNode>> {
        caught(|| {
            let py = children.py();
            let mut draft = Draft::new(self.name.clone());
            if let Some(attrs) = attrs {
                let constant = draft.take(&self.names, &self.constants, attrs)?;
                if let Some(element) = constant.filter(|_| children.is_empty()) {
                    return Ok(element);
                }
            }
            let nodes = children::children(children, &mut draft.held)?;
            Bound::new(py, draft.finish(py, &self.name, nodes)?)
        })
    }

    fn __getitem__(&self, children: &Bound<'_, PyAny>) -> PyResult<VNode> {
        caught(|| {
            let mut draft = Draft::new(self.name.clone());
            let nodes = children::bracketed(children, &mut draft.held)?;
            draft.finish(children.py(), &self.name, nodes)
        })
    }

    fn __repr__(&self) -> String {
        format!("<Tag {}>", &*self.name)
    }
}
