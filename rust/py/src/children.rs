//! Python values to child nodes.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDict, PyInt, PyList, PyMapping, PyMemoryView, PyString, PyTuple, PyType,
};
use vango_core::few::Few;
use vango_core::limits::{MAX_CHILDREN, MAX_DEPTH, MAX_NODES};
use vango_core::node::{Child, Node};

use crate::arrays;
use crate::callable;
use crate::error::{describe, tree_error, type_error, type_name, value_error};
use crate::held::Gathered;
use crate::slot::{Component, Slot};
use crate::tag::Tag;
use crate::text::{number, utf8};
use crate::vnode::VNode;

/// What to write where something would have to wait.
pub const LOAD_FIRST: &str = "give the async function to resource(load), which calls it, and show what it gave with \
     .match(lambda data: ...)";

/// The nodes of the arguments of a call.
///
/// # Errors
/// As [`child`].
pub fn children(arguments: &Bound<'_, PyTuple>, held: &mut Gathered) -> PyResult<Few<Child>> {
    if arguments.len() == 1 {
        return Ok(Few::One(child(&*arguments.get_borrowed_item(0)?, held, 0)?));
    }
    let mut nodes = Vec::with_capacity(arguments.len());
    for value in arguments.iter_borrowed() {
        nodes.push(child(&value, held, 0)?);
    }
    Ok(nodes.into())
}

/// The nodes between the brackets: a tuple is several children.
///
/// # Errors
/// As [`child`].
pub fn bracketed(value: &Bound<'_, PyAny>, held: &mut Gathered) -> PyResult<Few<Child>> {
    match value.cast_exact::<PyTuple>() {
        Ok(several) => children(several, held),
        Err(_) => Ok(Few::One(child(value, held, 0)?)),
    }
}

/// The nodes of an iterable.
///
/// # Errors
/// As [`child`], and what the iteration raises.
pub fn items(iterable: &Bound<'_, PyAny>, held: &mut Gathered, depth: usize) -> PyResult<Vec<Child>> {
    if depth > MAX_DEPTH {
        return Err(value_error(format!(
            "children are nested deeper than {MAX_DEPTH} levels; does a list contain itself?"
        )));
    }
    let mut nodes = Vec::with_capacity(known_len(iterable).min(MAX_CHILDREN));
    let mut below = 0;
    for item in iterable.try_iter()? {
        if nodes.len() == MAX_CHILDREN {
            return Err(value_error(format!("an iterable gave more than {MAX_CHILDREN} children")));
        }
        let node = child(&item?, held, depth)?;
        below += node.count as usize + node.places as usize;
        if below > MAX_NODES {
            return Err(value_error(format!("an iterable gave children of more than {MAX_NODES} nodes")));
        }
        nodes.push(node);
    }
    Ok(nodes)
}

/// The length of a list or a tuple; what others say of theirs may be anything, and cost anything.
pub fn known_len(iterable: &Bound<'_, PyAny>) -> usize {
    let list = iterable.cast_exact::<PyList>().map(PyListMethods::len);
    list.or_else(|_| iterable.cast_exact::<PyTuple>().map(PyTupleMethods::len)).unwrap_or(0)
}

/// The node of one value; the objects that it refers to go into `held`.
///
/// # Errors
/// `TypeError` for a value that cannot be shown, `ValueError` for a text or a nesting that cannot be.
pub fn child(value: &Bound<'_, PyAny>, held: &mut Gathered, depth: usize) -> PyResult<Child> {
    if let Ok(text) = value.cast_exact::<PyString>() {
        return Node::text(utf8(text)?).map_err(tree_error);
    }
    if let Ok(node) = value.cast_exact::<VNode>() {
        held.adopt(node);
        return Ok(node.get().node().clone());
    }
    if value.is_none() {
        return Ok(Node::nothing());
    }
    if value.is_exact_instance_of::<PyInt>() {
        return number(value)?.map_or_else(|| Ok(Node::nothing()), |text| Node::text(text).map_err(tree_error));
    }
    if let Ok(flag) = value.cast::<PyBool>() {
        return if flag.is_true() { Err(refuse(value)) } else { Ok(Node::nothing()) };
    }
    if value.is_exact_instance_of::<PyList>() || value.is_exact_instance_of::<PyTuple>() {
        return fragment(value, held, depth);
    }
    if value.cast::<Slot>().is_ok() {
        return Ok(Node::place(held.hold(value.clone()), None));
    }
    if let Ok(component) = value.cast::<Component>() {
        let key = component.get().identity();
        return Ok(Node::place(held.hold(value.clone()), key));
    }
    if callable::kind(value)?.is_some() {
        return function(value, held);
    }
    if let Some(number) = number(value)? {
        return Node::text(number).map_err(tree_error);
    }
    if let Ok(tag) = value.cast::<Tag>() {
        return tag.get().empty();
    }
    other(value, held, depth)
}

fn fragment(iterable: &Bound<'_, PyAny>, held: &mut Gathered, depth: usize) -> PyResult<Child> {
    Node::fragment(items(iterable, held, depth + 1)?, None).map_err(tree_error)
}

/// A function is a slot: it runs where it is mounted.
fn function(value: &Bound<'_, PyAny>, held: &mut Gathered) -> PyResult<Child> {
    if callable::is_async(value)? {
        return Err(type_error(format!("{} is async, and a child cannot wait; {LOAD_FIRST}", describe(value))));
    }
    if callable::is_component(value)? {
        return Err(uncalled(value));
    }
    Ok(Node::place(held.hold(value.clone()), None))
}

fn uncalled(component: &Bound<'_, PyAny>) -> PyErr {
    let name = component.getattr("__name__").map_or_else(|_| type_name(component), |name| name.to_string());
    type_error(format!("{name} is a component that was not called; write {name}()"))
}

fn other(value: &Bound<'_, PyAny>, held: &mut Gathered, depth: usize) -> PyResult<Child> {
    let py = value.py();
    if value.is_instance_of::<PyType>() {
        return Err(refuse(value));
    }
    if callable::is_component(value)? {
        return Err(uncalled(value));
    }
    if let Some(method) = value.getattr_opt(intern!(py, "__html__"))? {
        let html = method.call0()?;
        let html = html.cast::<PyString>().map_err(|_| {
            type_error(format!("{}.__html__() gave a {}, not a str", type_name(value), type_name(&html)))
        })?;
        return Node::raw(utf8(html)?, None).map_err(tree_error);
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Node::text(utf8(text)?).map_err(tree_error);
    }
    if used_up(value)? {
        return Err(type_error("a generator gives its items once, and this one has; write a list, [... for ...]"));
    }
    let refused = value.is_instance_of::<PyBytes>()
        || value.is_instance_of::<PyByteArray>()
        || value.is_instance_of::<PyMemoryView>()
        || value.cast::<PyMapping>().is_ok();
    if refused || arrays::instead(value).is_some() || !value.hasattr(intern!(py, "__iter__"))? {
        return Err(refuse(value));
    }
    fragment(value, held, depth)
}

/// Whether `value` is a generator that has come to its end.
fn used_up(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    let frame = value.getattr_opt(intern!(value.py(), "gi_frame"))?;
    Ok(frame.is_some_and(|frame| frame.is_none()))
}

/// The sentence for what cannot be shown.
fn refuse(value: &Bound<'_, PyAny>) -> PyErr {
    if let Some(instead) = arrays::instead(value) {
        return type_error(format!("a value of the type {} cannot be shown; write {instead}", type_name(value)));
    }
    let shown = describe(value);
    type_error(if value.is_instance_of::<PyBool>() {
        "True cannot be shown; write condition and element, or None for nothing".into()
    } else if value.is_instance_of::<PyType>() {
        format!("{shown} is a class and cannot be shown; write an instance, a string or an element")
    } else if value.is_instance_of::<PyBytes>() || value.is_instance_of::<PyByteArray>() {
        format!("bytes cannot be shown; write {shown}.decode()")
    } else if value.is_instance_of::<PyDict>() {
        "a dict cannot be shown; attributes are keywords, div(class_=...), and a dict's values() are children".into()
    } else if value.hasattr("__await__").unwrap_or(false) {
        callable::close(value);
        format!("{shown} is not awaited, and a child cannot wait; {LOAD_FIRST}")
    } else if value.is_callable() {
        format!("{shown} ({}) cannot be shown; write lambda: {}()", type_name(value), "it")
    } else {
        format!("{shown} ({}) cannot be shown; write str(...), an element or a list", type_name(value))
    })
}
