//! Structural equality of trees.

use std::collections::HashMap;

use pyo3::prelude::*;
use vango_core::node::{Child, Element, Kind, Node, Ref, Value};

use crate::callable;
use crate::vnode::VNode;

type Index<'py> = HashMap<Ref, Bound<'py, PyAny>>;

/// Whether two trees have the same structure: handlers count by their kind only,
/// slots and components by the object that they stand for.
pub fn same(py: Python<'_>, a: &VNode, b: &VNode) -> PyResult<bool> {
    Compare { a: index(py, a), b: index(py, b) }.nodes(a.node(), b.node())
}

fn index<'py>(py: Python<'py>, node: &VNode) -> Index<'py> {
    if node.node().places > 0 {
        node.held().index(py)
    } else {
        Index::new()
    }
}

struct Compare<'py> {
    a: Index<'py>,
    b: Index<'py>,
}

impl Compare<'_> {
    fn nodes(&self, a: &Child, b: &Child) -> PyResult<bool> {
        if std::sync::Arc::ptr_eq(a, b) {
            return Ok(true);
        }
        if (&a.key, a.height, a.count, a.places) != (&b.key, b.height, b.count, b.places) {
            return Ok(false);
        }
        self.kinds(&a.written_out(), &b.written_out())
    }

    fn kinds(&self, a: &Node, b: &Node) -> PyResult<bool> {
        match (&a.kind, &b.kind) {
            (Kind::Nothing, Kind::Nothing) => Ok(true),
            (Kind::Text(a), Kind::Text(b)) | (Kind::Raw(a), Kind::Raw(b)) => Ok(a == b),
            (Kind::Fragment(a), Kind::Fragment(b)) => self.children(a, b),
            (Kind::Place(a), Kind::Place(b)) => self.objects(*a, *b),
            (Kind::Element(a), Kind::Element(b)) => Ok(a.tag == b.tag
                && a.listens_like(b)
                && self.attrs(a, b)?
                && self.children(&a.children, &b.children)?),
            _ => Ok(false),
        }
    }

    fn attrs(&self, a: &Element, b: &Element) -> PyResult<bool> {
        if a.attrs.len() != b.attrs.len() {
            return Ok(false);
        }
        for (a, b) in a.attrs.iter().zip(&b.attrs) {
            let equal = a.name == b.name
                && match (&a.value, &b.value) {
                    (Value::Text(a), Value::Text(b)) => a == b,
                    (Value::Slot(a), Value::Slot(b)) => self.objects(*a, *b)?,
                    _ => false,
                };
            if !equal {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn children(&self, a: &[Child], b: &[Child]) -> PyResult<bool> {
        if a.len() != b.len() {
            return Ok(false);
        }
        for (a, b) in a.iter().zip(b) {
            if !self.nodes(a, b)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn objects(&self, a: Ref, b: Ref) -> PyResult<bool> {
        let (Some(a), Some(b)) = (self.a.get(&a), self.b.get(&b)) else { return Ok(false) };
        // Python makes a new bound method at each access.
        let methods =
            callable::kind(a)? == Some(callable::Kind::Method) && callable::kind(b)? == Some(callable::Kind::Method);
        Ok(a.is(b) || (methods && a.eq(b)?))
    }
}
