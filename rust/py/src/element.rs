//! One element while it is built from a Python call.

use std::sync::OnceLock;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use vango_core::atom::Atom;
use vango_core::few::Few;
use vango_core::node::{Attr, Attrs, Child, Element, Handler, Key, Kind, Node, Value};

use crate::constants::{Constants, Given};
use crate::error::{element_error, tree_error, type_error, value_error};
use crate::handler::{self, Handlers};
use crate::held::{Gathered, Held};
use crate::keys;
use crate::names::{Names, Role};
use crate::slot::Component;
use crate::values::{self, Form};
use crate::vnode::VNode;

/// What is known of the element so far.
pub struct Draft {
    tag: Atom,
    attrs: Attrs,
    handlers: Few<Handler>,
    key: Option<Key>,
    /// The objects behind its refs.
    pub held: Gathered,
}

impl Draft {
    /// An element without anything.
    pub fn new(tag: Atom) -> Self {
        Self { tag, attrs: Attrs::default(), handlers: Few::default(), key: None, held: Gathered::default() }
    }

    /// The element of a node once more, without its children.
    pub fn of(py: Python<'_>, element: &Element, key: Option<Key>, held: &Held) -> Self {
        let mut draft = Self {
            tag: element.tag.clone(),
            attrs: element.attrs.clone(),
            handlers: element.handlers.clone(),
            key,
            held: Gathered::default(),
        };
        draft.held.copy(py, held);
        draft
    }

    /// Take the keyword arguments of a call. Gives the element without children, if it is one of `constants`.
    ///
    /// # Errors
    /// `TypeError` and `ValueError` that name the keyword.
    pub fn take<'py>(
        &mut self,
        names: &Names,
        constants: &Constants,
        keywords: &Bound<'py, PyDict>,
    ) -> PyResult<Option<Bound<'py, VNode>>> {
        let py = keywords.py();
        let mut given = Taken { strings: Vec::with_capacity(keywords.len()), ..Taken::default() };
        for (keyword, value) in keywords {
            self.keyword(names, &keyword, value, &mut given)?;
        }
        if let Some(bound) = given.bound.take() {
            let more = bind(py, &self.tag, &bound, keywords)?;
            for (keyword, value) in &more {
                self.keyword(names, &keyword, value, &mut given)?;
            }
        }
        let Taken { mut strings, others, handlers, .. } = given;
        let (handlers, policy) = handlers.finish();
        self.handlers = handlers;
        if let Some(policy) = policy {
            strings.push((data_on(), PyString::new(py, &policy)));
        }
        if !others.is_empty() {
            self.attrs = attrs(&self.tag, &strings, others)?;
            return Ok(None);
        }
        let make = || {
            let bare =
                Node::of_parts(self.tag.clone(), attrs(&self.tag, &strings, vec![])?, [].into(), [].into(), None);
            Ok(VNode::new(bare.map_err(|error| element_error(&self.tag, &error))?, Held::default()))
        };
        let constant = constants.element(py, &strings, make)?;
        self.attrs = match constant.as_ref().map(|constant| &constant.get().node().kind) {
            Some(Kind::Element(element)) => element.attrs.clone(),
            _ => attrs(&self.tag, &strings, others)?,
        };
        Ok(constant.filter(|_| self.key.is_none() && self.handlers.is_empty()))
    }

    /// Take one keyword argument of a call.
    fn keyword<'py>(
        &mut self,
        names: &Names,
        keyword: &Bound<'py, PyAny>,
        value: Bound<'py, PyAny>,
        given: &mut Taken<'py>,
    ) -> PyResult<()> {
        match &*names.role(keyword.cast::<PyString>().map_err(PyErr::from)?)? {
            Role::Key => self.key = keys::key(&value)?,
            Role::On(kind) => {
                if let Some(checked) = handler::check(*kind, &value)? {
                    given.handlers.add(*kind, checked, |target| self.held.hold(target))?;
                }
            }
            Role::Ref => {
                if let Some(checked) = handler::check_ref(&value)? {
                    given.handlers.add(handler::ANSWER, checked, |target| self.held.hold(target))?;
                }
            }
            Role::Bind => given.bound = (!value.is_none()).then_some(value),
            Role::Attr(name, form) => match value.cast_into_exact::<PyString>() {
                Ok(text) => given.strings.push((name.clone(), text)),
                Err(other) => {
                    let known = self.known(name, *form, &other.into_inner())?;
                    given.others.extend(known.map(|value| Attr { name: name.clone(), value }));
                }
            },
        }
        Ok(())
    }

    /// The value of an attribute, `None` where it is absent.
    fn known(&mut self, name: &Atom, form: Form, value: &Bound<'_, PyAny>) -> PyResult<Option<Value>> {
        if values::is_slot(name, value)? {
            return Ok(Some(Value::Slot(self.held.hold(value.clone()))));
        }
        Ok(values::convert(name, form, value)?.map(Value::Text))
    }

    /// The element with these children; `tag` is its name once more, for the sentence of an error.
    ///
    /// # Errors
    /// `ValueError` for what the engine refuses.
    pub fn finish(mut self, py: Python<'_>, tag: &str, mut children: Few<Child>) -> PyResult<VNode> {
        if tag == "textarea" && !children.is_empty() {
            self.take_content(py, &children)?;
            children = Few::default();
        }
        let node = Node::of_parts(self.tag, self.attrs, self.handlers, children, self.key)
            .map_err(|error| element_error(tag, &error))?;
        Ok(VNode::new(node, self.held.finish()))
    }

    /// What is written between the tags of a textarea is its value.
    fn take_content(&mut self, py: Python<'_>, children: &[Child]) -> PyResult<()> {
        let value = match children {
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
        let attrs = self.attrs.iter().cloned().chain([Attr { name, value }]).collect();
        self.attrs = Attrs::new(attrs).map_err(tree_error)?;
        Ok(())
    }
}

/// What the keyword arguments of a call have given so far.
#[derive(Default)]
struct Taken<'py> {
    strings: Vec<Given<'py>>,
    others: Vec<Attr>,
    handlers: Handlers,
    bound: Option<Bound<'py, PyAny>>,
}

/// The keywords that `bind=` stands for on this element; what a control is, the framework knows.
fn bind<'py>(
    py: Python<'py>,
    tag: &Atom,
    bound: &Bound<'py, PyAny>,
    keywords: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyDict>> {
    let expand = py.import("vango.components.bind")?.getattr("expand")?;
    expand.call1((tag.as_str(), bound, keywords))?.cast_into::<PyDict>().map_err(PyErr::from)
}

/// The attribute that tells the client what a handler wants.
fn data_on() -> Atom {
    static NAME: OnceLock<Atom> = OnceLock::new();
    NAME.get_or_init(|| Atom::new("data-on")).clone()
}

/// All attributes of a call, checked.
fn attrs(tag: &str, strings: &[Given<'_>], mut others: Vec<Attr>) -> PyResult<Attrs> {
    for (name, value) in strings {
        let value = values::convert(name, Form::of(name), value)?.map(Value::Text);
        others.extend(value.map(|value| Attr { name: name.clone(), value }));
    }
    for (index, attr) in others.iter().enumerate() {
        if others[..index].iter().any(|other| other.name == attr.name) {
            return Err(type_error(format!("attribute {:?} is given twice", attr.name.as_str())));
        }
    }
    Attrs::new(others).map_err(|error| element_error(tag, &error))
}

/// The texts of children joined, `None` if one is no text.
fn content(children: &[Child]) -> Option<Value> {
    fn join(children: &[Child], out: &mut String) -> bool {
        children.iter().all(|child| match &child.written_out().kind {
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
