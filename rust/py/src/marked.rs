//! A handler with what its client must know: what `vango.on()` makes.

use pyo3::prelude::*;

use crate::error::type_error;

/// Base of a handler that says more than its function does.
#[pyclass(frozen, subclass, module = "vango._core")]
pub struct Marked {
    #[pyo3(get)]
    handler: Py<PyAny>,
    /// Options of its entry in `data-on`, separated by commas (PROTOCOL 1.9).
    #[pyo3(get)]
    options: String,
}

impl Marked {
    /// The callable, or the tuple of a callable and its first arguments.
    pub fn handler<'py>(&self, py: Python<'py>) -> &Bound<'py, PyAny> {
        self.handler.bind(py)
    }

    /// Options of its entry in `data-on`, as they are written there.
    pub fn options(&self) -> &str {
        &self.options
    }
}

#[pymethods]
impl Marked {
    /// Raises:
    ///     TypeError: `handler` is marked already.
    #[new]
    #[pyo3(signature = (handler, options, /))]
    fn new(handler: &Bound<'_, PyAny>, options: String) -> PyResult<Self> {
        if handler.cast::<Self>().is_ok() {
            return Err(type_error("on() around on() is one too many; give all options to one of them"));
        }
        Ok(Self { handler: handler.clone().unbind(), options })
    }
}
