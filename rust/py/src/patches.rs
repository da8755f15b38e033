//! Patches as Python sees them: for tests, for the tap, and for who only wants the engine.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};
use vango_core::attr;
use vango_core::html::Html;
use vango_core::limits::MAX_NODES;
use vango_core::node::Hid;
use vango_core::patch::{self, PatchNode, Sink, Subtree};
use vango_core::patch_list::{PatchList, Whole};
use vango_core::tree;
use vango_core::wire::ops;

use crate::error::{caught, decode_error, describe, guarded, tree_error, type_error, value_error};
use crate::markup;
use crate::text::utf8;
use crate::vnode::VNode;

/// A patch, and the node that stands behind it where lowering needs one.
struct Item {
    patch: patch::Patch,
    whole: Option<Whole>,
}

impl Item {
    /// The names and values of its fields, in the order of the protocol.
    fn fields(&self) -> Vec<(&'static str, Field<'_>)> {
        use patch::Patch as P;
        use Field::{Number, Text};
        match &self.patch {
            P::SetText { hid, text } => vec![("hid", Number(*hid)), ("text", Text(text))],
            P::SetAttr { hid, name, value } => {
                vec![("hid", Number(*hid)), ("name", Text(name)), ("value", Text(value))]
            }
            P::Remove { hid } => vec![("hid", Number(*hid))],
            P::Insert { parent, before, node } => {
                vec![("parent", Number(*parent)), ("before", Number(*before)), ("hid", Number(node.hid))]
            }
            P::SetEvents { hid, events } => vec![("hid", Number(*hid)), ("events", Number(*events))],
            P::RemoveAttr { hid, name } => vec![("hid", Number(*hid)), ("name", Text(name))],
            P::Move { hid, parent, before } => {
                vec![("hid", Number(*hid)), ("parent", Number(*parent)), ("before", Number(*before))]
            }
        }
    }

    fn number(&self, name: &str) -> Option<u32> {
        self.fields().into_iter().find_map(|(known, field)| match field {
            Field::Number(number) if known == name => Some(number),
            _ => None,
        })
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.fields().into_iter().find_map(|(known, field)| match field {
            Field::Text(text) if known == name => Some(text),
            _ => None,
        })
    }

    fn html(&self) -> Option<String> {
        let patch::Patch::Insert { node, .. } = &self.patch else { return None };
        let mut out = Html::new(false);
        node.write(&mut out);
        Some(out.finish())
    }

    /// Append it to a burst.
    fn encode(&self, encoder: &mut ops::Encoder, lower: bool) -> PyResult<()> {
        match (&self.patch, &self.whole) {
            (patch::Patch::RemoveAttr { hid, name }, Some(whole)) => {
                encoder.remove_attr(*hid, name, whole.parent, &whole.node);
            }
            (patch::Patch::Move { hid, parent, before }, Some(whole)) => {
                encoder.shift(*hid, *parent, *before, &whole.node);
            }
            (patch::Patch::RemoveAttr { .. } | patch::Patch::Move { .. }, None) if lower => {
                return Err(value_error(
                    "a patch that was decoded or made by hand does not know the node that lowering writes out; \
                     encode what diff() or commit() returned",
                ));
            }
            (other, _) => encoder.patch(other),
        }
        Ok(())
    }
}

enum Field<'a> {
    Number(u32),
    Text(&'a str),
}

/// One change to a document; `op` names it, and has the fields that the protocol gives it.
///
/// `set_text(hid, text)`, `set_attr(hid, name, value)`, `remove(hid)`,
/// `insert(parent, before, hid, node)`, `set_events(hid, events)`, `remove_attr(hid, name)` and
/// `move(hid, parent, before)`. A field that the op does not have reads as `None`.
/// Nearly always it comes from `diff`, `Tree.commit` or `decode`. Made by hand, it takes its fields
/// by name: `Patch("remove", hid=7)`; the `node` of an `insert` is one element, text or raw HTML
/// without slots, whose hids run on from `hid` in document order.
///
/// Raises:
///     TypeError: A field is missing, is too much, or has another type.
///     ValueError: An unknown op, hid 0, or a name that is refused.
#[pyclass(frozen, module = "vango._core")]
pub struct Patch {
    item: Arc<Item>,
}

impl Patch {
    fn of(item: &Arc<Item>) -> Self {
        Self { item: item.clone() }
    }
}

#[pymethods]
impl Patch {
    #[new]
    #[pyo3(signature = (op, /, **fields))]
    fn new(op: &str, fields: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let mut given = Given { op, fields, taken: 0 };
        let patch = match op {
            "set_text" => patch::Patch::SetText { hid: given.hid("hid")?, text: given.text("text")? },
            "set_attr" => {
                patch::Patch::SetAttr { hid: given.hid("hid")?, name: given.name()?, value: given.text("value")? }
            }
            "remove" => patch::Patch::Remove { hid: given.hid("hid")? },
            "insert" => {
                let (parent, before) = (given.number("parent")?, given.number("before")?);
                patch::Patch::Insert { parent, before, node: given.node()? }
            }
            "set_events" => patch::Patch::SetEvents { hid: given.hid("hid")?, events: given.events()? },
            "remove_attr" => patch::Patch::RemoveAttr { hid: given.hid("hid")?, name: given.name()? },
            "move" => {
                let (hid, parent) = (given.hid("hid")?, given.number("parent")?);
                patch::Patch::Move { hid, parent, before: given.number("before")? }
            }
            _ => {
                return Err(value_error(format!(
                    "{op:?} is no patch; write set_text, set_attr, remove, insert, set_events, remove_attr or move"
                )));
            }
        };
        given.finish()?;
        Ok(Self { item: Arc::new(Item { patch, whole: None }) })
    }

    /// Its name, `set_text` for example.
    #[getter]
    fn op(&self) -> &'static str {
        match self.item.patch {
            patch::Patch::SetText { .. } => "set_text",
            patch::Patch::SetAttr { .. } => "set_attr",
            patch::Patch::Remove { .. } => "remove",
            patch::Patch::Insert { .. } => "insert",
            patch::Patch::SetEvents { .. } => "set_events",
            patch::Patch::RemoveAttr { .. } => "remove_attr",
            patch::Patch::Move { .. } => "move",
        }
    }

    /// The node that changes, 1 to 2**32 - 1; of `insert` the one that enters.
    #[getter]
    fn hid(&self) -> Hid {
        self.item.number("hid").unwrap_or_default()
    }

    /// Of `insert` and `move`: the new parent, 0 for the mount point.
    #[getter]
    fn parent(&self) -> Option<Hid> {
        self.item.number("parent")
    }

    /// Of `insert` and `move`: the sibling behind it, 0 for the end.
    #[getter]
    fn before(&self) -> Option<Hid> {
        self.item.number("before")
    }

    /// Of `set_attr` and `remove_attr`: the attribute; a property begins with a dot (`.value`).
    #[getter]
    fn name(&self) -> Option<&str> {
        self.item.text("name")
    }

    /// Of `set_attr`: the new value, "" for an attribute that is only present.
    #[getter]
    fn value(&self) -> Option<&str> {
        self.item.text("value")
    }

    /// Of `set_text`: the whole new text, unescaped.
    #[getter]
    fn text(&self) -> Option<&str> {
        self.item.text("text")
    }

    /// Of `set_events`: a bit for each kind of event, PROTOCOL 1.8; 1 is click.
    #[getter]
    fn events(&self) -> Option<u32> {
        self.item.number("events")
    }

    /// Of `insert`: the HTML of the node that enters, without hids.
    #[getter]
    fn html(&self) -> Option<String> {
        self.item.html()
    }

    fn __eq__(&self, other: &Bound<'_, Self>) -> bool {
        self.item.patch == other.get().item.patch
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        ops::encode(std::slice::from_ref(&self.item.patch)).hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self) -> String {
        let mut parts = vec![format!("{:?}", self.op())];
        for (name, field) in self.item.fields() {
            parts.push(match field {
                Field::Number(number) => format!("{name}={number}"),
                Field::Text(text) => format!("{name}={text:?}"),
            });
        }
        parts.extend(self.item.html().map(|html| format!("html={html:?}")));
        format!("Patch({})", parts.join(", "))
    }
}

/// The fields of a patch made by hand.
struct Given<'a, 'py> {
    op: &'a str,
    fields: Option<&'a Bound<'py, PyDict>>,
    taken: usize,
}

impl<'py> Given<'_, 'py> {
    fn take(&mut self, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let value = self.fields.map_or(Ok(None), |fields| fields.get_item(name))?;
        self.taken += 1;
        value.ok_or_else(|| type_error(format!("a {} patch needs {name}=", self.op)))
    }

    fn number(&mut self, name: &str) -> PyResult<u32> {
        let value = self.take(name)?;
        value.extract().map_err(|_| type_error(format!("{name}={}: an int from 0 to 2**32 - 1", describe(&value))))
    }

    fn hid(&mut self, name: &str) -> PyResult<Hid> {
        match self.number(name)? {
            0 => Err(value_error(format!("{name}=0: hids count from 1"))),
            hid => Ok(hid),
        }
    }

    fn events(&mut self) -> PyResult<u32> {
        match self.number("events")? {
            events if events >> 31 != 0 => Err(value_error("events= has bits 0 to 30")),
            events => Ok(events),
        }
    }

    fn text(&mut self, name: &str) -> PyResult<Box<str>> {
        let value = self.take(name)?;
        let text = value.cast::<PyString>().map_err(|_| type_error(format!("{name}={}: a str", describe(&value))))?;
        Ok(utf8(text)?.into())
    }

    fn name(&mut self) -> PyResult<Box<str>> {
        let name = self.text("name")?;
        attr::check_name(&name).map_err(tree_error)?;
        Ok(name)
    }

    fn node(&mut self) -> PyResult<PatchNode> {
        let first = self.hid("hid")?;
        let value = self.take("node")?;
        let node = plain(&value, "a patch")?;
        let whole = markup::numbered(node.get().node(), first);
        whole.ok_or_else(|| type_error("node= is exactly one element, text or raw HTML"))
    }

    fn finish(self) -> PyResult<()> {
        let given = self.fields.map_or(0, pyo3::types::PyDictMethods::len);
        if given == self.taken {
            return Ok(());
        }
        Err(type_error(format!("a {} patch has {} fields, {given} were given", self.op, self.taken)))
    }
}

/// A node without slots and components, which only a session can mount.
///
/// # Errors
/// `TypeError` that names the first of them.
pub fn plain<'py>(value: &Bound<'py, PyAny>, what: &str) -> PyResult<Bound<'py, VNode>> {
    let node = crate::make::node(value)?;
    if node.get().node().places > 0 {
        let first = node.get().first_place(value.py()).map_or_else(String::new, |object| describe(&object));
        return Err(type_error(format!(
            "{what} takes a tree without slots and components, this one holds {first}; \
             write its content, or let a session mount it"
        )));
    }
    Ok(node)
}

/// The patches of one commit, in the order in which they must be applied: a sequence of `Patch`.
///
/// Empty where nothing has changed. `encode` makes bytes of it.
#[pyclass(frozen, sequence, module = "vango._core")]
pub struct Patches {
    items: Vec<Arc<Item>>,
}

impl From<PatchList> for Patches {
    fn from(list: PatchList) -> Self {
        let mut wholes = list.wholes;
        let item = |(index, patch)| Arc::new(Item { patch, whole: wholes.remove(&index) });
        Self { items: list.patches.into_iter().enumerate().map(item).collect() }
    }
}

impl Patches {
    fn list<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, self.items.iter().map(Patch::of).collect::<Vec<_>>())
    }
}

#[pymethods]
impl Patches {
    fn __len__(&self) -> usize {
        self.items.len()
    }

    fn __getitem__<'py>(&self, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = index.py();
        match index.extract().ok().and_then(|index: usize| self.items.get(index)) {
            Some(item) => Ok(Bound::new(py, Patch::of(item))?.into_any()),
            // A negative index, a slice, or an error: as a list does it.
            None => self.list(py)?.as_any().get_item(index),
        }
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.list(py)?.try_iter()?.into_any())
    }

    fn __eq__(&self, other: &Bound<'_, Self>) -> bool {
        let other = &other.get().items;
        self.items.len() == other.len() && self.items.iter().zip(other).all(|(a, b)| a.patch == b.patch)
    }

    /// How many patches equal `value`.
    #[pyo3(signature = (value, /))]
    fn count(&self, value: &Bound<'_, PyAny>) -> usize {
        value
            .cast::<Patch>()
            .map_or(0, |value| self.items.iter().filter(|item| item.patch == value.get().item.patch).count())
    }

    /// Where the first patch stands that equals `value`, as `list.index`.
    ///
    /// Raises:
    ///     ValueError: There is none.
    #[pyo3(signature = (value, /, *bounds))]
    fn index<'py>(&self, value: &Bound<'py, PyAny>, bounds: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
        let py = value.py();
        let arguments: Vec<_> = std::iter::once(value.clone()).chain(bounds.iter()).collect();
        self.list(py)?.call_method1("index", PyTuple::new(py, arguments)?)
    }

    fn __repr__(&self) -> String {
        format!("<Patches: {}>", self.items.len())
    }
}

/// What turns `old` into `new`; the hids of `old` count from 1 in document order.
///
/// It mounts `old` anew each time; for a series of changes keep a `Tree` and call its `commit`.
/// Takes O(nodes of both); the very same object in both costs O(1).
///
/// Args:
///     old: What is shown: a `VNode`, or anything that a builder takes as a child.
///     new: What shall be shown.
///
/// Raises:
///     TypeError: A slot or a component stands in a tree, or something that cannot be shown.
///     ValueError: A tree over a limit of the engine.
///     EngineError: A bug of the engine.
#[pyfunction]
#[pyo3(signature = (old, new, /))]
pub fn diff(old: &Bound<'_, PyAny>, new: &Bound<'_, PyAny>) -> PyResult<Patches> {
    let py = old.py();
    let (old, new) = (plain(old, "diff()")?, plain(new, "diff()")?);
    let (old, new) = (old.get().node().clone(), new.get().node().clone());
    let large = old.count.max(new.count);
    guarded(py, large, move |_| {
        let mut list = PatchList::default();
        tree::Tree::mount(old)?.commit(new, &mut list)?;
        Ok(list.into())
    })?
    .map_err(tree_error)
}

/// The ops of one burst as bytes: what `Model.apply` and the payload of a DIFF take.
///
/// They do not say how long they are; on a stream put them into a frame, `encode_frame(...)`.
///
/// Args:
///     patches: What `diff` or `commit` returned, or patches decoded or made by hand.
///     lower: Use ops 01 to 05 only, for a client that knows no others; off by default.
///
/// Raises:
///     TypeError: Something that is no `Patch`.
///     ValueError: `lower` was asked of a MOVE or REMOVE_ATTR that was decoded or made by hand.
#[pyfunction]
#[pyo3(signature = (patches, /, *, lower=false))]
pub fn encode<'py>(patches: &Bound<'py, PyAny>, lower: bool) -> PyResult<Bound<'py, PyBytes>> {
    caught(|| encode_all(patches, lower))
}

fn encode_all<'py>(patches: &Bound<'py, PyAny>, lower: bool) -> PyResult<Bound<'py, PyBytes>> {
    let mut encoder = ops::Encoder::new(lower);
    if let Ok(all) = patches.cast::<Patches>() {
        all.get().items.iter().try_for_each(|item| item.encode(&mut encoder, lower))?;
    } else {
        for (count, patch) in patches.try_iter()?.enumerate() {
            if count == MAX_NODES {
                return Err(value_error(format!("a burst of more than {MAX_NODES} patches")));
            }
            let patch = patch?;
            let patch =
                patch.cast::<Patch>().map_err(|_| PyTypeError::new_err(format!("{} is no Patch", describe(&patch))))?;
            patch.get().item.encode(&mut encoder, lower)?;
        }
    }
    Ok(PyBytes::new(patches.py(), &encoder.finish()))
}

/// The patches in the ops of one burst, in order; optional ops (20 to 3F) are skipped.
///
/// Args:
///     data: What `encode` made, or the payload of a DIFF: whole, and inflated.
///
/// Raises:
///     DecodeError: Bytes that break the protocol; `.offset` is the first bad one.
#[pyfunction]
#[pyo3(signature = (data, /))]
pub fn decode(py: Python<'_>, data: &[u8]) -> PyResult<Vec<Patch>> {
    let patches = caught(|| ops::decode(data).map_err(|error| decode_error(py, &error)))?;
    Ok(patches.into_iter().map(|patch| Patch { item: Arc::new(Item { patch, whole: None }) }).collect())
}
