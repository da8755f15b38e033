//! Keys: the identity of a node among its siblings.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyBytes, PyInt, PyString, PyTuple, PyType};
use vango_core::node::Key;

use crate::arrays;
use crate::error::{describe, type_error, value_error};
use crate::text::utf8;

/// Deepest nesting of tuples in a key.
const MAX_DEPTH: usize = 8;

fn uuid_class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "uuid", "UUID")
}

/// The key that `key=` gives; `None` is no key.
///
/// # Errors
/// `TypeError` for a type that is no key, `ValueError` for an int or a tuple out of bounds.
pub fn key(value: &Bound<'_, PyAny>) -> PyResult<Option<Key>> {
    if value.is_none() {
        return Ok(None);
    }
    read(value, 0).map(Some)
}

fn read(value: &Bound<'_, PyAny>, depth: usize) -> PyResult<Key> {
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(Key::str(utf8(text)?));
    }
    if value.is_instance_of::<PyBool>() {
        return Err(refuse(value));
    }
    if let Ok(int) = value.cast::<PyInt>() {
        // Nearly every key is small, and the long way is long.
        let key = int.extract::<i64>().map(Key::Int).or_else(|_| int.extract::<i128>().map(Key::int));
        return key.map_err(|_| value_error("a key is an int of at most 127 bits; write str(...)"));
    }
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(Key::bytes(bytes.as_bytes()));
    }
    if let Ok(tuple) = value.cast::<PyTuple>() {
        if depth == MAX_DEPTH {
            return Err(value_error(format!("the tuples of a key are nested deeper than {MAX_DEPTH} levels")));
        }
        let keys = tuple.iter().map(|item| read(&item, depth + 1)).collect::<PyResult<Vec<_>>>()?;
        return Ok(Key::tuple(keys));
    }
    if value.is_instance(uuid_class(value.py())?)? {
        return Ok(Key::uuid(value.getattr("int")?.extract()?));
    }
    Err(refuse(value))
}

fn refuse(value: &Bound<'_, PyAny>) -> PyErr {
    let sentence = format!("key={}: a key is a str, int, bytes, UUID or a tuple of these", describe(value));
    type_error(arrays::instead(value).map_or(sentence.clone(), |instead| format!("{sentence}; write {instead}")))
}

/// The Python object of a key.
pub fn to_python<'py>(py: Python<'py>, key: &Key) -> PyResult<Bound<'py, PyAny>> {
    Ok(match key {
        Key::Str(text) => PyString::new(py, text).into_any(),
        Key::Int(number) => number.into_pyobject(py)?.into_any(),
        Key::Long(number) => number.into_pyobject(py)?.into_any(),
        Key::Bytes(bytes) => PyBytes::new(py, bytes).into_any(),
        Key::Uuid(number) => {
            let kwargs = pyo3::types::PyDict::new(py);
            kwargs.set_item("int", **number)?;
            uuid_class(py)?.call((), Some(&kwargs))?
        }
        Key::Tuple(keys) => {
            let items = keys.iter().map(|key| to_python(py, key)).collect::<PyResult<Vec<_>>>()?;
            PyTuple::new(py, items)?.into_any()
        }
    })
}
