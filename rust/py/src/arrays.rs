//! Values of numpy, pandas and their kin, which look like Python's numbers and lists and are neither.
//!
//! None of these libraries is imported: they are known by what such a value has.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyType;

/// What to write instead of a table, an array or a number of such a library; `None` for any other value.
pub fn instead(value: &Bound<'_, PyAny>) -> Option<&'static str> {
    if value.is_instance_of::<PyType>() {
        return None;
    }
    let py = value.py();
    let has = |name: &Bound<'_, _>| value.hasattr(name).unwrap_or(false);
    if has(intern!(py, "itertuples")) {
        return Some("its rows, [h.tr[...] for row in table.itertuples()]");
    }
    if has(intern!(py, "iter_rows")) {
        return Some("its rows, [h.tr[...] for row in table.iter_rows()]");
    }
    if !has(intern!(py, "dtype")) {
        return None;
    }
    let dimensions = value.getattr(intern!(py, "ndim")).and_then(|ndim| ndim.extract::<usize>());
    Some(if dimensions.is_ok_and(|n| n == 0) {
        "the number itself, value.item()"
    } else if has(intern!(py, "tolist")) {
        "its items, values.tolist()"
    } else {
        "its items, values.to_list()"
    })
}
