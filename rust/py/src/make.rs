//! Builders that need no tag.

use pyo3::prelude::*;
use pyo3::types::PyString;
use vango_core::node::{Kind, Node};

use crate::children;
use crate::error::{caught, describe, tree_error, type_error, type_name, value_error};
use crate::held::{Gathered, Held};
use crate::keys;
use crate::text::utf8;
use crate::values::{self, Form};
use crate::vnode::VNode;

/// Whatever a component may return, as a node.
///
/// Raises:
///     TypeError: `value` cannot be shown; the sentence says what to write.
#[pyfunction]
#[pyo3(signature = (value, /))]
pub fn node<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, VNode>> {
    if let Ok(node) = value.cast_exact::<VNode>() {
        return Ok(node.clone());
    }
    caught(|| {
        let mut held = Gathered::default();
        let node = children::child(value, &mut held, 0)?;
        Bound::new(value.py(), VNode::new(node, held.finish()))
    })
}

/// Children without an element around them; they keep one index together.
///
/// Raises:
///     TypeError: A child cannot be shown, or the key is none.
#[pyfunction]
#[pyo3(signature = (children, /, *, key=None))]
pub fn fragment(children: &Bound<'_, PyAny>, key: Option<&Bound<'_, PyAny>>) -> PyResult<VNode> {
    caught(|| fragment_of(children, key))
}

fn fragment_of(children: &Bound<'_, PyAny>, key: Option<&Bound<'_, PyAny>>) -> PyResult<VNode> {
    let mut held = Gathered::default();
    let key = key.map_or(Ok(None), keys::key)?;
    // One value that is no iterable is a fragment of it: what refuses a child decides.
    let nodes = match children::child(children, &mut held, 0)? {
        only if matches!(only.kind, Kind::Fragment(_)) && only.key.is_none() => match &only.kind {
            Kind::Fragment(nodes) => nodes.to_vec(),
            _ => Vec::new(),
        },
        only => vec![only],
    };
    Ok(VNode::new(Node::fragment(nodes, key).map_err(tree_error)?, held.finish()))
}

/// HTML that is shown as it is, unescaped: the one way around escaping.
///
/// Raises:
///     TypeError: `html` is no str, or the key is none.
///     ValueError: A text that HTML cannot hold.
#[pyfunction]
#[pyo3(signature = (html, /, *, key=None))]
pub fn raw(html: &Bound<'_, PyAny>, key: Option<&Bound<'_, PyAny>>) -> PyResult<VNode> {
    let html = html
        .cast::<PyString>()
        .map_err(|_| type_error(format!("raw() takes HTML as a str, not {} ({})", describe(html), type_name(html))))?;
    let key = key.map_or(Ok(None), keys::key)?;
    Ok(VNode::new(Node::raw(utf8(html)?, key).map_err(tree_error)?, Held::default()))
}

/// The text of `value` as the attribute `name`, `None` where it is absent: for slots.
///
/// Args:
///     name: As on the wire and as `VNode.places()` gives it (`class`, `.value`, `aria-hidden`).
///     value: What a builder takes for this attribute, slots excepted.
///
/// Raises:
///     TypeError: This attribute cannot have such a value.
///     ValueError: The value is refused, for example a URL that could run script.
#[pyfunction]
#[pyo3(signature = (name, value, /))]
pub fn attr_value(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let Some(text) = values::convert(name, Form::of(name), value)? else { return Ok(None) };
    vango_core::attr::check_value(name, &text).map_err(|error| value_error(error.to_string()))?;
    Ok(Some(text.to_string()))
}
