//! The marker base classes that Python's reactive objects and component calls extend.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use vango_core::node::Key;

use crate::keys;

/// Base of the objects that may stand as a child or attribute value and change later (signals, memos).
#[pyclass(frozen, subclass, module = "vango._core")]
pub struct Slot;

#[pymethods]
impl Slot {
    /// Arguments are those of the subclass and are not looked at.
    #[new]
    #[pyo3(signature = (*args, **kwargs))]
    #[allow(unused_variables)] // the names are part of the signature that Python shows
    fn new(args: &Bound<'_, PyTuple>, kwargs: Option<&Bound<'_, PyDict>>) -> Self {
        Self
    }
}

/// Base of what a component call returns: a description that a session mounts.
#[pyclass(frozen, subclass, module = "vango._core")]
pub struct Component {
    key: Option<Key>,
}

impl Component {
    /// Its identity among its siblings.
    pub fn identity(&self) -> Option<Key> {
        self.key.clone()
    }
}

#[pymethods]
impl Component {
    #[new]
    #[pyo3(signature = (key=None))]
    fn new(key: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        Ok(Self { key: key.map_or(Ok(None), keys::key)? })
    }

    /// Its identity among its siblings, or `None`.
    #[getter]
    fn key<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.key.as_ref().map(|key| keys::to_python(py, key)).transpose()
    }
}
