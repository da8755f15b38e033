//! Python's strings and numbers as text.

use std::borrow::Cow;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt, PyString};
use vango_core::error::TreeError;
use vango_core::limits::MAX_TEXT_BYTES;

use crate::error::{describe, tree_error, value_error};

/// The UTF-8 of a Python string, without a copy where CPython has it already.
///
/// # Errors
/// `ValueError` for a lone surrogate, and for what is longer than any text of a tree.
pub fn utf8<'a>(text: &'a Bound<'_, PyString>) -> PyResult<&'a str> {
    // Asked before CPython makes the UTF-8 of it, and keeps that.
    let length = length(text)?;
    if length > MAX_TEXT_BYTES {
        let (what, limit) = ("characters of one text", MAX_TEXT_BYTES);
        return Err(tree_error(TreeError::Limit { what, limit, got: length }));
    }
    text.to_str().map_err(|_| {
        value_error(format!(
            "the text {} holds a lone surrogate, which UTF-8 cannot carry; \
             write text.encode(\"utf-8\", \"replace\").decode()",
            describe(text)
        ))
    })
}

/// Code points, whatever the `__len__` of a subclass says.
fn length(text: &Bound<'_, PyString>) -> PyResult<usize> {
    if text.is_exact_instance_of::<PyString>() {
        return text.len();
    }
    text.py().get_type::<PyString>().call_method1(intern!(text.py(), "__len__"), (text,))?.extract()
}

/// The text of a number, `None` for anything else; booleans are no numbers here.
pub fn number(value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    if value.is_instance_of::<PyBool>() {
        return Ok(None);
    }
    if let Ok(int) = value.cast::<PyInt>() {
        // An enum of ints is shown as its number, like a plain int.
        if let Ok(small) = int.extract::<i64>() {
            return Ok(Some(small.to_string()));
        }
        let plain = value.py().get_type::<PyInt>().call_method1(intern!(value.py(), "__repr__"), (int,))?;
        return Ok(Some(plain.extract()?));
    }
    if let Ok(float) = value.cast::<PyFloat>() {
        // A subclass may print itself differently; a plain float prints what Python prints.
        return Ok(Some(PyFloat::new(value.py(), float.value()).str()?.to_str()?.to_owned()));
    }
    Ok(None)
}

/// The text of a string or a number, `None` for anything else.
pub fn text<'a>(value: &'a Bound<'_, PyAny>) -> PyResult<Option<Cow<'a, str>>> {
    match value.cast::<PyString>() {
        Ok(string) => Ok(Some(utf8(string)?.into())),
        Err(_) => Ok(number(value)?.map(Cow::Owned)),
    }
}
