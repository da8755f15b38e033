//! A mounted document.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::{PyBytes, PyString};
use vango_core::error::TreeError;
use vango_core::limits::MAX_NODES;
use vango_core::node::{Child, Hid, Node, Ref};
use vango_core::patch::Sink;
use vango_core::patch_list::PatchList;
use vango_core::tree::{self, Content, PlaceId, Update};
use vango_core::wire::node::NodeWriter;
use vango_core::wire::ops::Encoder;

use crate::children::known_len;
use crate::error::{describe, guarded, tree_error, type_error, value_error, EngineError};
use crate::patches::{plain, Patches};
use crate::places;
use crate::text::utf8;
use crate::vnode::VNode;

/// A mounted document: it knows what was shown last, and the hid of every node.
///
/// The hids of `root` count from 1 in document order; what enters later gets the next ones, and
/// none is given twice. Nothing and several nodes stand in an element `vango-root`. `Tree()` waits
/// for the flush that mounts its root, which is a session's way; `Tree(None)` shows nothing.
///
/// Args:
///     root: A `VNode`, or anything that a builder takes as a child.
///
/// Raises:
///     TypeError: A slot or a component stands in `root`, or something that cannot be shown.
///     ValueError: A limit of the engine.
#[pyclass(frozen, module = "vango._core")]
pub struct Tree {
    state: Mutex<State>,
}

struct State {
    tree: tree::Tree,
    /// A panic left it in the middle of a change.
    broken: bool,
}

impl Tree {
    /// Do something with the tree; `size` nodes are looked at.
    pub fn with<T: Send>(
        &self,
        py: Python<'_>,
        size: u32,
        act: impl FnOnce(&mut tree::Tree) -> Result<T, TreeError> + Send,
    ) -> PyResult<T> {
        let done = guarded(py, size, |py| {
            // `broken` says more than the poison: it is set before a panic can happen.
            let lock = py.map_or_else(|| self.state.lock(), |py| self.state.lock_py_attached(py));
            let mut state = lock.unwrap_or_else(PoisonError::into_inner);
            if state.broken {
                return None;
            }
            state.broken = true;
            let done = act(&mut state.tree);
            state.broken = false;
            Some(done)
        })?;
        match done {
            Some(done) => done.map_err(tree_error),
            None => Err(EngineError::new_err("this tree failed before and must not be used; mount a new one")),
        }
    }
}

/// `Tree(None)` shows nothing, `Tree()` waits for its root.
#[allow(clippy::unnecessary_wraps)] // the signature is that of a conversion
fn given<'py>(root: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    Ok(Some(root.clone()))
}

#[pymethods]
impl Tree {
    #[new]
    #[pyo3(signature = (root=None, /))]
    fn new(#[pyo3(from_py_with = given)] root: Option<Bound<'_, PyAny>>) -> PyResult<Self> {
        let made = Self { state: Mutex::new(State { tree: tree::Tree::empty(), broken: false }) };
        if let Some(root) = root {
            let node = plain(&root, "Tree()")?.get().node().clone();
            made.with(root.py(), node.count, |tree| {
                *tree = tree::Tree::mount(node)?;
                Ok(())
            })?;
        }
        Ok(made)
    }

    /// Live hids: elements, texts, and units of raw HTML, one each.
    #[getter]
    fn count(&self, py: Python<'_>) -> PyResult<u32> {
        self.with(py, 0, |tree| Ok(tree.count()))
    }

    /// Bytes that the engine keeps for it, with the nodes that it shows: an estimate, O(nodes).
    ///
    /// Nodes that other trees show too are part of each.
    #[getter]
    fn weight(&self, py: Python<'_>) -> PyResult<usize> {
        self.with(py, 0, |tree| Ok(tree.weight()))
    }

    /// The document as HTML.
    ///
    /// Args:
    ///     hids: Add what a client needs to adopt it (PROTOCOL 3.2): `data-hid`, `data-ev` and
    ///         comments. On by default.
    #[pyo3(signature = (*, hids=true))]
    fn html(&self, py: Python<'_>, hids: bool) -> PyResult<String> {
        self.with(py, 0, |tree| Ok(tree.html(hids)))
    }

    /// The children of the root element as HTML, one by one: for a page that shows each by itself.
    ///
    /// Empty where the root is no element.
    fn html_children(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        self.with(py, 0, |tree| Ok(tree.html_children(true)))
    }

    /// The values of the `style` attributes, each once, in document order, without those of raw HTML.
    fn styles(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        self.with(py, 0, |tree| Ok(tree.styles()))
    }

    /// The whole document as bytes, the `node` of PROTOCOL 1.4: what `Model.from_snapshot` takes.
    ///
    /// Whoever got it can take the bursts of all later commits.
    ///
    /// Args:
    ///     lower: Write properties as attributes, for a client that knows ops 01 to 05 only; off
    ///         by default.
    #[pyo3(signature = (*, lower=false))]
    fn snapshot<'py>(&self, py: Python<'py>, lower: bool) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = self.with(py, 0, |tree| {
            let mut out = Vec::new();
            tree.write(&mut NodeWriter::new(&mut out, lower));
            Ok(out)
        })?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// Show another root and return what has changed since the last commit.
    ///
    /// Give the result to `encode` and send the bytes, in the order of the commits. Takes O(nodes
    /// of `new`), less what is the same object as last time.
    ///
    /// Args:
    ///     new: The whole of what shall be shown, as for `Tree(root)`.
    ///
    /// Raises:
    ///     TypeError: A slot or a component stands in `new`, or something that cannot be shown.
    ///     ValueError: A limit of the engine; nothing has changed.
    ///     EngineError: A bug of the engine; the tree must not be used again.
    #[pyo3(signature = (new, /))]
    fn commit(&self, new: &Bound<'_, PyAny>) -> PyResult<Patches> {
        let node = plain(new, "commit()")?.get().node().clone();
        self.with(new.py(), node.count, |tree| {
            let mut list = PatchList::default();
            tree.commit(node, &mut list)?;
            Ok(list.into())
        })
    }

    /// Give places their new contents and return the ops of the burst, see docs/ARCHITECTURE.md.
    ///
    /// Args:
    ///     updates: `(place, content, places)`, parents before children: the number of the place
    ///         (0 is the root), what it now holds (a `VNode`, a text, `None` for nothing; for an
    ///         attribute its value or `None`), and the numbers bound to the places of the node.
    ///     lower: Use ops 01 to 05 only, for a client that knows no others; off by default.
    ///
    /// Raises:
    ///     ValueError: A place that is not mounted, another number of places than the node has, or
    ///         a limit of the engine; nothing has changed.
    ///     EngineError: A bug of the engine; the tree must not be used again.
    #[pyo3(signature = (updates, /, *, lower=false))]
    fn flush<'py>(&self, updates: &Bound<'py, PyAny>, lower: bool) -> PyResult<Bound<'py, PyBytes>> {
        let mut drafts = Vec::with_capacity(known_len(updates));
        for update in updates.try_iter()? {
            if drafts.len() == MAX_NODES {
                return Err(value_error(format!("a flush of more than {MAX_NODES} updates")));
            }
            drafts.push(Draft::read(&update?)?);
        }
        let size = drafts.iter().map(Draft::size).fold(0, u32::saturating_add);
        let bytes = self.with(updates.py(), size, move |tree| {
            let mut burst = Encoder::new(lower);
            let updates = resolve(tree, drafts)?;
            tree.flush(updates, &mut burst)?;
            Ok(burst.finish())
        })?;
        Ok(PyBytes::new(updates.py(), &bytes))
    }

    /// The op that says once more what the slot of an attribute holds, `b""` for any other place.
    ///
    /// Args:
    ///     place: Of the slot.
    ///     lower: As for `flush`.
    #[pyo3(signature = (place, /, *, lower=false))]
    fn restate<'py>(&self, py: Python<'py>, place: PlaceId, lower: bool) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = self.with(py, 0, |tree| {
            let mut burst = Encoder::new(lower);
            tree.restate(place, &mut burst);
            Ok(burst.finish())
        })?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// The ops that say what a box, radio button or list holds, `b""` where that is what it said.
    ///
    /// Args:
    ///     hid: Of the control.
    ///     said: The `values` of its `input` or `change`; `None` where nobody knows them: no list is said.
    ///     lower: As for `flush`.
    #[pyo3(signature = (hid, said, /, *, lower=false))]
    fn answer<'py>(
        &self,
        py: Python<'py>,
        hid: Hid,
        said: Option<Vec<String>>,
        lower: bool,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = self.with(py, 0, move |tree| {
            let said: Option<Vec<&str>> = said.as_ref().map(|said| said.iter().map(String::as_str).collect());
            let mut burst = Encoder::new(lower);
            tree.answer(hid, said.as_deref(), &mut burst);
            Ok(burst.finish())
        })?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// The op that writes an element whole, `04 parent 0 node`: the answer to a REFETCH.
    ///
    /// For a text or raw HTML it is the element around it; `None` where there is none.
    #[pyo3(signature = (hid, /))]
    fn element<'py>(&self, py: Python<'py>, hid: Hid) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let bytes = self.with(py, 0, |tree| {
            Ok(tree.element_at(hid).map(|(node, parent)| {
                let mut burst = Encoder::new(false);
                burst.insert(parent, 0, &node);
                burst.finish()
            }))
        })?;
        Ok(bytes.map(|bytes| PyBytes::new(py, &bytes)))
    }

    /// `(place, ref)` of the handler that the node `hid` has for events of this kind now.
    #[pyo3(signature = (hid, kind, /))]
    fn listener(&self, py: Python<'_>, hid: Hid, kind: u8) -> PyResult<Option<(PlaceId, Ref)>> {
        self.with(py, 0, |tree| Ok(tree.listener(hid, kind)))
    }

    /// `(hid, place, ref)` of every handler for events of this kind, in document order. O(nodes).
    ///
    /// Args:
    ///     kind: Of the event.
    ///     within: Look only at what this place shows itself, without the places in it.
    #[pyo3(signature = (kind, /, *, within=None))]
    fn listeners(&self, py: Python<'_>, kind: u8, within: Option<PlaceId>) -> PyResult<Vec<(Hid, PlaceId, Ref)>> {
        self.with(py, 0, |tree| Ok(within.map_or_else(|| tree.listeners(kind), |place| tree.listeners_in(place, kind))))
    }

    /// Whether the node `hid` is shown now.
    #[pyo3(signature = (hid, /))]
    fn is_live(&self, py: Python<'_>, hid: Hid) -> PyResult<bool> {
        self.with(py, 0, |tree| Ok(tree.is_live(hid)))
    }
}

/// An update before it is known whether its place is a child or an attribute.
struct Draft {
    place: PlaceId,
    content: Shown,
    places: Box<[PlaceId]>,
}

enum Shown {
    Nothing,
    Text(Box<str>),
    Node(Child),
}

impl Draft {
    fn read(update: &Bound<'_, PyAny>) -> PyResult<Self> {
        let (place, content, places): (PlaceId, Bound<'_, PyAny>, Bound<'_, PyAny>) =
            update.extract().map_err(|_| wrong(update))?;
        let places =
            numbers(&places).map_err(|error| if is_usual(update.py(), &error) { wrong(update) } else { error })?;
        let content = if content.is_none() {
            Shown::Nothing
        } else if let Ok(node) = content.cast::<VNode>() {
            Shown::Node(node.get().node().clone())
        } else if let Ok(text) = content.cast::<PyString>() {
            Shown::Text(utf8(text)?.into())
        } else {
            return Err(type_error(format!("place {place} cannot hold {}; write node(...)", describe(&content))));
        };
        Ok(Self { place, content, places: places.into() })
    }

    fn size(&self) -> u32 {
        match &self.content {
            Shown::Node(node) => node.count,
            _ => 1,
        }
    }
}

fn wrong(update: &Bound<'_, PyAny>) -> PyErr {
    type_error(format!("{}: an update is (place, content, places)", describe(update)))
}

/// Whether an error says that something is no number or no iterable.
fn is_usual(py: Python<'_>, error: &PyErr) -> bool {
    error.is_instance_of::<PyTypeError>(py) || error.is_instance_of::<PyOverflowError>(py)
}

/// The numbers of places. Their iterable is not asked how many there are: it may say anything.
fn numbers(places: &Bound<'_, PyAny>) -> PyResult<Vec<PlaceId>> {
    let mut numbers = Vec::with_capacity(known_len(places));
    for place in places.try_iter()? {
        if numbers.len() == MAX_NODES {
            return Err(value_error(format!("an update bound more than {MAX_NODES} places")));
        }
        numbers.push(place?.extract()?);
    }
    Ok(numbers)
}

/// Tell values of attributes from texts, by where their places stand after the flush.
fn resolve(tree: &tree::Tree, drafts: Vec<Draft>) -> Result<Vec<Update>, TreeError> {
    let mut bound: HashMap<PlaceId, bool> = HashMap::new();
    for draft in &drafts {
        if let Shown::Node(node) = &draft.content {
            if node.places > 0 {
                let standing = places::places(node);
                bound.extend(draft.places.iter().zip(standing).map(|(id, place)| (*id, place.attr.is_some())));
            }
        }
    }
    let of = |draft: Draft| {
        let is_value = || bound.get(&draft.place).copied().unwrap_or_else(|| tree.is_slot(draft.place));
        let content = match draft.content {
            Shown::Node(node) => Content::Node(node),
            Shown::Nothing if is_value() => Content::Value(None),
            Shown::Nothing => Content::Node(Node::nothing()),
            Shown::Text(text) if is_value() => Content::Value(Some(text.into())),
            Shown::Text(text) => Content::Node(Node::text(text)?),
        };
        Ok(Update { place: draft.place, content, places: draft.places })
    };
    drafts.into_iter().map(of).collect()
}
