//! One element while it is built from a Python call.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use vango_core::atom::Atom;
use vango_core::node::{Attr, Child, Element, Handler, Key, Kind, Node, Value};

use crate::error::{element_error, type_error, value_error};
use crate::handler::{self, Handlers};
use crate::held::Held;
use crate::keys;
use crate::names::{Names, Role};
use crate::slot::Component;
use crate::values;
use crate::vnode::VNode;

/// What is known of the element so far.
pub struct Draft {
    tag: Atom,
    attrs: Vec<Attr>,
    handlers: Vec<Handler>,
    key: Option<Key>,
    /// The objects behind its refs.
    pub held: Held,
}

impl Draft {
    /// An element without anything.
    pub fn new(tag: Atom) -> Self {
        Self { tag, attrs: Vec::new(), handlers: Vec::new(), key: None, held: Held::default() }
    }

    /// The element of a node once more, without its children.
    pub fn of(py: Python<'_>, element: &Element, key: Option<Key>, held: &Held) -> Self {
        let mut draft = Self {
            tag: element.tag.clone(),
            attrs: element.attrs.to_vec(),
            handlers: element.handlers.to_vec(),
            key,
            held: Held::default(),
        };
        draft.held.copy(py, held);
        draft
    }

    /// Take the keyword arguments of a call.
    ///
    /// # Errors
    /// `TypeError` and `ValueError` that name the keyword.
    pub fn take(&mut self, names: &Names, keywords: &Bound<'_, PyDict>) -> PyResult<()> {
        self.attrs.reserve(keywords.len());
        let mut handlers = Handlers::default();
        for (keyword, value) in keywords {
            let keyword = keyword.cast::<PyString>().map_err(PyErr::from)?;
            match &*names.role(keyword)? {
                Role::Key => self.key = keys::key(&value)?,
                Role::On(kind) => {
                    if let Some(checked) = handler::check(*kind, &value)? {
                        handlers.add(*kind, checked, |target| self.held.hold(target))?;
                    }
                }
                Role::Attr(name, form) => {
                    if let Some(value) = self.known(name, *form, &value)? {
                        self.push(name, value)?;
                    }
                }
            }
        }
        let (handlers, policy) = handlers.finish();
        self.handlers = handlers;
        if let Some(policy) = policy {
            self.push(&Atom::new("data-on"), Value::Text(policy.into()))?;
        }
        Ok(())
    }

    /// The value of an attribute, `None` where it is absent.
    fn known(&mut self, name: &Atom, form: values::Form, value: &Bound<'_, PyAny>) -> PyResult<Option<Value>> {
        // Strings are by far the most common and can be no slot.
        if !value.is_instance_of::<PyString>() && values::is_slot(name, value)? {
            return Ok(Some(Value::Slot(self.held.hold(value.clone()))));
        }
        Ok(values::convert(name, form, value)?.map(Value::Text))
    }

    fn push(&mut self, name: &Atom, value: Value) -> PyResult<()> {
        if self.attrs.iter().any(|attr| attr.name == *name) {
            return Err(type_error(format!("attribute {:?} is given twice", name.as_str())));
        }
        self.attrs.push(Attr { name: name.clone(), value });
        Ok(())
    }

    /// The element with these children; `tag` is its name once more, for the sentence of an error.
    ///
    /// # Errors
    /// `ValueError` for what the engine refuses.
    pub fn finish(mut self, py: Python<'_>, tag: &str, mut children: Vec<Child>) -> PyResult<VNode> {
        if tag == "textarea" && !children.is_empty() {
            self.take_content(py, &mut children)?;
        }
        let node = Node::element(self.tag, self.attrs, self.handlers, children, self.key)
            .map_err(|error| element_error(tag, &error))?;
        Ok(VNode::new(node, self.held))
    }

    /// What is written between the tags of a textarea is its value.
    fn take_content(&mut self, py: Python<'_>, children: &mut Vec<Child>) -> PyResult<()> {
        let value = match children.as_slice() {
            [only] => match only.kind {
                Kind::Place(slot) if self.held.find(py, slot).is_some_and(|it| it.cast::<Component>().is_err()) => {
                    Some(Value::Slot(slot))
                }
                _ => content(children),
            },
            _ => content(children),
        };
        let Some(value) = value else {
            return Err(value_error("the content of a textarea is text; write strings, or textarea(value=slot)"));
        };
        let name = Atom::new(".value");
        if self.attrs.iter().any(|attr| attr.name == name) {
            return Err(value_error("a textarea has value= or content, not both"));
        }
        children.clear();
        self.push(&name, value)
    }
}

/// The texts of children joined, `None` if one is no text.
fn content(children: &[Child]) -> Option<Value> {
    fn join(children: &[Child], out: &mut String) -> bool {
        children.iter().all(|child| match &child.kind {
            Kind::Nothing => true,
            Kind::Text(text) => {
                out.push_str(text);
                true
            }
            Kind::Fragment(children) => join(children, out),
            _ => false,
        })
    }
    let mut text = String::new();
    join(children, &mut text).then(|| Value::Text(text.into()))
}
