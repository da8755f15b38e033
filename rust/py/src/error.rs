//! How the engine's errors reach Python, and how an object is named in a sentence.

use std::any::Any;
use std::panic::{catch_unwind, AssertUnwindSafe};

use pyo3::exceptions::{PyException, PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple, PyType};
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
    match repr(value).ok() {
        Some(repr) if repr.chars().count() <= MAX_REPR => repr,
        Some(repr) => repr.chars().take(MAX_REPR).chain(['…']).collect(),
        None => format!("a {}", type_name(value)),
    }
}

fn repr(value: &Bound<'_, PyAny>) -> PyResult<String> {
    // Each of these may be large; none is written whole only to be cut.
    if let Ok(bytes) = value.cast_exact::<PyBytes>() {
        let start = &bytes.as_bytes()[..bytes.as_bytes().len().min(MAX_REPR)];
        return PyBytes::new(value.py(), start).repr()?.extract();
    }
    let holds_many = value.is_exact_instance_of::<PyString>()
        || value.is_exact_instance_of::<PyList>()
        || value.is_exact_instance_of::<PyTuple>()
        || value.is_exact_instance_of::<PyDict>();
    if holds_many {
        return brief(value.py())?.call_method1(intern!(value.py(), "repr"), (value,))?.extract();
    }
    value.repr()?.extract()
}

/// What shows the beginning of something large.
fn brief(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static BRIEF: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let brief = BRIEF.get_or_try_init(py, || -> PyResult<_> {
        let brief = py.import("reprlib")?.getattr("Repr")?.call0()?;
        for limit in ["maxlist", "maxtuple", "maxdict"] {
            brief.setattr(limit, MAX_REPR)?;
        }
        // It leaves out the middle of a text, the sentence leaves out the end.
        brief.setattr("maxstring", 4 * MAX_REPR)?;
        brief.setattr("maxother", 4 * MAX_REPR)?;
        Ok(brief.unbind())
    })?;
    Ok(brief.bind(py))
}

/// The name of an object's type.
pub fn type_name(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map_or_else(|_| "object".into(), |name| name.to_string())
}

/// Run a part of the engine that looks at Python objects: a panic becomes an `EngineError`.
///
/// # Errors
/// Those of `act`, and `EngineError`.
pub fn caught<T>(act: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    catch_unwind(AssertUnwindSafe(act)).unwrap_or_else(|panic| Err(engine_error(&*panic)))
}

/// From so many nodes on, other Python threads run meanwhile: giving the interpreter up and
/// getting it back costs more than the diff of a small tree.
const MANY: u32 = 5_000;

/// Run the engine on `size` nodes: a panic becomes an `EngineError`. `act` is told whether this
/// thread still holds the interpreter, which nobody may do who waits for a lock.
///
/// # Errors
/// `EngineError`.
pub fn guarded<T: Send>(py: Python<'_>, size: u32, act: impl FnOnce(Option<Python<'_>>) -> T + Send) -> PyResult<T> {
    let run = |py: Option<Python<'_>>| catch_unwind(AssertUnwindSafe(|| act(py)));
    let done = if size > MANY { py.detach(|| run(None)) } else { run(Some(py)) };
    done.map_err(|panic| engine_error(&*panic))
}
