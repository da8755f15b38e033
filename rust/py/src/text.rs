//! Python's strings and numbers as text.

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt, PyString};

use crate::error::{describe, value_error};

/// The UTF-8 of a Python string, without a copy where CPython has it already.
///
/// # Errors
/// `ValueError` for a lone surrogate.
pub fn utf8<'a>(text: &'a Bound<'_, PyString>) -> PyResult<&'a str> {
    text.to_str().map_err(|_| {
        value_error(format!(
            "the text {} holds a lone surrogate, which UTF-8 cannot carry; \
             write text.encode(\"utf-8\", \"replace\").decode()",
            describe(text)
        ))
    })
}

/// The text of a number, `None` for anything else; booleans are no numbers here.
pub fn number(value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    if value.is_instance_of::<PyBool>() {
        return Ok(None);
    }
    if let Ok(int) = value.cast::<PyInt>() {
        // An enum of ints is shown as its number, like a plain int.
        return match int.extract::<i64>() {
            Ok(small) => Ok(Some(small.to_string())),
            Err(_) => Ok(Some(int.str()?.to_str()?.to_owned())),
        };
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
