//! How the engine's errors reach Python, and how an object is named in a sentence.

use std::any::Any;
use std::panic::{catch_unwind, AssertUnwindSafe};

use pyo3::exceptions::{PyException, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyType};
use vango_core::error::{DecodeError, TreeError};

pyo3::create_exception!(
    vango._core,
    EngineError,
    PyException,
    "A bug of the engine, caught at the boundary; the tree that raised it must not be used again."
);

/// Longest `repr` of a user's object in a sentence, in characters.
const MAX_REPR: usize = 60;

/// The class `DecodeError`, written in Python: under the stable ABI of 3.11 a Rust class
/// cannot extend `ValueError`.
pub fn decode_error_class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = CLASS.get_or_try_init(py, || -> PyResult<_> {
        let names = PyDict::new(py);
        names.set_item("__name__", "vango._core")?;
        py.run(pyo3::ffi::c_str!(include_str!("decode_error.py")), Some(&names), None)?;
        Ok(names.as_any().get_item("DecodeError")?.cast_into::<PyType>()?.unbind())
    })?;
    Ok(class.bind(py))
}

/// A sentence for a value of the wrong type.
pub fn type_error(sentence: impl Into<String>) -> PyErr {
    PyTypeError::new_err(sentence.into())
}

/// A sentence for a value of the right type that cannot be used.
pub fn value_error(sentence: impl Into<String>) -> PyErr {
    PyValueError::new_err(sentence.into())
}

/// A tree that cannot be built or committed.
pub fn tree_error(error: TreeError) -> PyErr {
    value_error(error.to_string())
}

/// As [`tree_error`], for the element that was to be built.
pub fn element_error(tag: &str, error: &TreeError) -> PyErr {
    let advice = if matches!(error, TreeError::DuplicateKey(_)) { "; give each its own" } else { "" };
    value_error(format!("{tag}: {error}{advice}"))
}

/// Bytes that break the protocol.
pub fn decode_error(py: Python<'_>, error: &DecodeError) -> PyErr {
    match decode_error_class(py) {
        Ok(class) => PyErr::from_type(class.clone(), (error.offset, error.reason)),
        Err(failure) => failure,
    }
}

/// What a caught panic said.
fn engine_error(panic: &(dyn Any + Send)) -> PyErr {
    let said = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    EngineError::new_err(format!("the engine failed, which is a bug of vango: {said}"))
}

/// An object as it is named in an error: its `repr`, cut, or its type where that fails.
pub fn describe(value: &Bound<'_, PyAny>) -> String {
    let repr = value.repr().ok().and_then(|repr| repr.to_str().map(str::to_owned).ok());
    match repr {
        Some(repr) if repr.chars().count() <= MAX_REPR => repr,
        Some(repr) => repr.chars().take(MAX_REPR).chain(['…']).collect(),
        None => format!("a {}", type_name(value)),
    }
}

/// The name of an object's type.
pub fn type_name(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map_or_else(|_| "object".into(), |name| name.to_string())
}

/// From so many nodes on, other Python threads run meanwhile: giving the interpreter up and
/// getting it back costs more than the diff of a small tree.
const MANY: u32 = 5_000;

/// Run the engine on `size` nodes: a panic becomes an `EngineError`.
///
/// # Errors
/// `EngineError`.
pub fn guarded<T: Send>(py: Python<'_>, size: u32, act: impl FnOnce() -> T + Send) -> PyResult<T> {
    let run = || catch_unwind(AssertUnwindSafe(act));
    let done = if size > MANY { py.detach(run) } else { run() };
    done.map_err(|panic| engine_error(&*panic))
}
