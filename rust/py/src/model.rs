//! The toy document of the proofs.

use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::PyType;
use vango_core::html::Html;
use vango_core::model;
use vango_core::wire::ops;

use crate::error::{caught, decode_error, value_error};

/// What a client has after it applied what it was sent: the other side of a `Tree`.
///
/// It is the document of the proofs, made to be right and not to be fast.
#[pyclass(frozen, module = "vango._core")]
pub struct Model {
    document: Mutex<model::Model>,
}

impl Model {
    fn with<T>(&self, py: Python<'_>, act: impl FnOnce(&mut model::Model) -> T) -> PyResult<T> {
        // A burst is applied to a copy, so the document is whole even after a panic.
        let document = self.document.lock_py_attached(py);
        caught(|| Ok(act(&mut document.unwrap_or_else(PoisonError::into_inner))))
    }
}

#[pymethods]
impl Model {
    /// The document of a snapshot.
    ///
    /// Args:
    ///     data: What `Tree.snapshot` made, or the payload of a SNAPSHOT: whole, and inflated.
    ///
    /// Raises:
    ///     DecodeError: Bytes that break the protocol; `.offset` is the first bad one.
    #[classmethod]
    #[pyo3(signature = (data, /))]
    fn from_snapshot(class: &Bound<'_, PyType>, data: &[u8]) -> PyResult<Self> {
        let read = || model::Model::from_snapshot(data).map_err(|error| decode_error(class.py(), &error));
        Ok(Self { document: Mutex::new(caught(read)?) })
    }

    /// Live hids: elements, texts, and units of raw HTML, one each.
    #[getter]
    fn count(&self, py: Python<'_>) -> PyResult<usize> {
        self.with(py, |document| document.count())
    }

    /// Apply the ops of one burst, all of them or none. Takes O(nodes of the document).
    ///
    /// After an error the document is as it was; what would repair it is a new snapshot.
    ///
    /// Args:
    ///     data: What `encode` made of the next commit of the tree.
    ///
    /// Raises:
    ///     DecodeError: Bytes that break the protocol; `.offset` is the first bad one.
    ///     ValueError: A patch that this document cannot take, as the burst of another tree.
    #[pyo3(signature = (data, /))]
    fn apply(&self, py: Python<'_>, data: &[u8]) -> PyResult<()> {
        let burst = caught(|| ops::decode(data).map_err(|error| decode_error(py, &error)))?;
        self.with(py, |document| document.apply(&burst))?.map_err(|error| value_error(error.to_string()))
    }

    /// The document as HTML, as `Tree.html`.
    #[pyo3(signature = (*, hids=true))]
    fn html(&self, py: Python<'_>, hids: bool) -> PyResult<String> {
        self.with(py, |document| {
            let mut out = Html::new(hids);
            document.write(&mut out);
            out.finish()
        })
    }
}
