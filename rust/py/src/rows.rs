//! The rows of a list: what they refer to, without an object for each of them.
//!
//! Invariants:
//! - entry `n` is that of child `n` of the fragment;
//! - the refs of a row run on from its first one, one for each part of its recipe, and its objects stand side by
//!   side; what refers otherwise is *loose*;
//! - `(function, argument)` is taken apart where many rows have the function: then a row keeps its argument alone.

use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyTuple};
use pyo3::{PyTraverseError, PyVisit};
use vango_core::limits::MAX_CHILDREN;
use vango_core::node::{Child, Kind, Node, Ref};
use vango_core::weight::piece;

use crate::children::{self, known_len};
use crate::error::{caught, describe, tree_error, type_error, value_error};
use crate::held::{Gathered, Held, Kept, OBJECT};
use crate::keys;
use crate::vnode::VNode;

/// Rows of one function have one recipe, or one for each of its branches.
const MAX_RECIPES: usize = 16;
/// The recipe of a row without refs, or with loose ones only.
const NOTHING: u32 = 0;

/// What the rows of a list refer to.
pub struct Rows {
    each: Vec<Row>,
    objects: Vec<Py<PyAny>>,
    recipes: Vec<Recipe>,
    /// What no recipe says, with the row that refers to it, ascending by row.
    loose: Vec<(u32, Kept)>,
}

struct Row {
    /// Its first ref.
    first: Ref,
    /// Where its objects begin.
    start: u32,
    recipe: u32,
}

/// How the objects of a row make what its refs stand for.
#[derive(Default)]
struct Recipe {
    parts: Vec<Part>,
    /// Objects that a row has.
    objects: u32,
}

enum Part {
    /// The next object.
    Object,
    /// A tuple of this function and so many of the next objects.
    Call(Py<PyAny>, u32),
}

impl Part {
    fn of(object: &Bound<'_, PyAny>) -> Self {
        match object.cast_exact::<PyTuple>().map(|tuple| (tuple, tuple.get_borrowed_item(0))) {
            Ok((tuple, Ok(function))) => Self::Call(function.to_owned().unbind(), tuple.len() as u32 - 1),
            _ => Self::Object,
        }
    }

    fn objects(&self) -> u32 {
        match self {
            Self::Object => 1,
            Self::Call(_, arguments) => *arguments,
        }
    }

    fn is_of(&self, object: &Bound<'_, PyAny>) -> bool {
        match (self, object.cast_exact::<PyTuple>()) {
            (Self::Object, tuple) => tuple.is_err(),
            (Self::Call(function, arguments), Ok(tuple)) => {
                tuple.len() == *arguments as usize + 1
                    && tuple.get_borrowed_item(0).is_ok_and(|first| first.is(function))
            }
            (Self::Call(..), Err(_)) => false,
        }
    }
}

impl Recipe {
    fn is(&self, other: &Self) -> bool {
        let same = |(a, b): (&Part, &Part)| match (a, b) {
            (Part::Object, Part::Object) => true,
            (Part::Call(a, some), Part::Call(b, others)) => a.is(b) && some == others,
            _ => false,
        };
        self.parts.len() == other.parts.len() && self.parts.iter().zip(&other.parts).all(same)
    }

    fn clone_ref(&self, py: Python<'_>) -> Self {
        let part = |part: &Part| match part {
            Part::Object => Part::Object,
            Part::Call(function, arguments) => Part::Call(function.clone_ref(py), *arguments),
        };
        Self { parts: self.parts.iter().map(part).collect(), objects: self.objects }
    }
}

impl Rows {
    fn with_capacity(rows: usize) -> Self {
        Self {
            each: Vec::with_capacity(rows),
            objects: Vec::with_capacity(rows),
            recipes: vec![Recipe::default()],
            loose: Vec::new(),
        }
    }

    /// Add a row of what was gathered for it.
    fn add(&mut self, py: Python<'_>, mut held: Vec<Kept>) {
        held.sort_by_key(Kept::known);
        let first = held.first().map_or(0, Kept::known);
        let runs_on = first > 0 && (first..).zip(&held).all(|(known, kept)| kept.known() == known);
        let (start, recipe) = (self.objects.len() as u32, if runs_on { self.recipe(py, &held) } else { None });
        let Some(recipe) = recipe else { return self.add_loose(held) };
        for (part, kept) in self.recipes[recipe as usize].parts.iter().zip(held) {
            let Kept::Object(_, object) = kept else { continue };
            match (part, object.bind(py).cast_exact::<PyTuple>()) {
                (Part::Call(..), Ok(call)) => {
                    self.objects.extend(call.iter_borrowed().skip(1).map(|argument| argument.to_owned().unbind()));
                }
                _ => self.objects.push(object),
            }
        }
        self.each.push(Row { first, start, recipe });
    }

    fn add_loose(&mut self, held: Vec<Kept>) {
        let row = self.each.len() as u32;
        self.loose.extend(held.into_iter().map(|kept| (row, kept)));
        self.each.push(Row { first: 0, start: 0, recipe: NOTHING });
    }

    /// The recipe of these objects; `None` when there are too many already.
    fn recipe(&mut self, py: Python<'_>, held: &[Kept]) -> Option<u32> {
        let is_of = |(part, kept): (&Part, &Kept)| match kept {
            Kept::Object(_, object) => part.is_of(object.bind(py)),
            Kept::Below(_) => false,
        };
        let known = |recipe: &Recipe| recipe.parts.len() == held.len() && recipe.parts.iter().zip(held).all(is_of);
        if let Some(index) = self.recipes.iter().position(known) {
            return Some(index as u32);
        }
        if self.recipes.len() >= MAX_RECIPES {
            return None;
        }
        let part = |kept: &Kept| match kept {
            Kept::Object(_, object) => Some(Part::of(object.bind(py))),
            Kept::Below(_) => None,
        };
        let parts = held.iter().map(part).collect::<Option<Vec<_>>>()?;
        self.recipes.push(Recipe { objects: parts.iter().map(Part::objects).sum(), parts });
        Some(self.recipes.len() as u32 - 1)
    }

    /// The recipe of another list; `None` when there are too many already.
    fn recipe_like(&mut self, py: Python<'_>, other: &Recipe) -> Option<u32> {
        if let Some(index) = self.recipes.iter().position(|recipe| recipe.is(other)) {
            return Some(index as u32);
        }
        let has_room = self.recipes.len() < MAX_RECIPES;
        has_room.then(|| {
            self.recipes.push(other.clone_ref(py));
            self.recipes.len() as u32 - 1
        })
    }

    /// Add row `index` of another list; `known` says which recipe is which.
    fn copy(&mut self, py: Python<'_>, other: &Self, index: usize, known: &mut [Option<u32>]) {
        let Row { first, start, recipe } = other.each[index];
        let of = &other.recipes[recipe as usize];
        let known = &mut known[recipe as usize];
        *known = known.or_else(|| self.recipe_like(py, of));
        let Some(recipe) = *known else {
            let mut held = Gathered::default();
            other.each_of(py, &other.each[index], &mut |known, object| held.keep(known, object.unbind()));
            return self.add_loose(held.into_kept());
        };
        let objects = start as usize..(start + of.objects) as usize;
        let start = self.objects.len() as u32;
        self.objects.extend(other.objects[objects].iter().map(|object| object.clone_ref(py)));
        let (row, old) = (self.each.len() as u32, index as u32);
        let loose = other.loose.partition_point(|(row, _)| *row < old);
        let loose = other.loose[loose..].iter().take_while(|(row, _)| *row == old);
        self.loose.extend(loose.map(|(_, kept)| (row, kept.clone_ref(py))));
        self.each.push(Row { first, start, recipe });
    }

    /// All of it, without room for more.
    fn finish(mut self) -> Held {
        if self.objects.is_empty() && self.loose.is_empty() && self.recipes.len() == 1 {
            return Held::default();
        }
        self.each.shrink_to_fit();
        self.objects.shrink_to_fit();
        self.recipes.shrink_to_fit();
        self.loose.shrink_to_fit();
        Held::rows(self)
    }

    /// What a ref stands for.
    ///
    /// # Complexity
    /// O(rows).
    pub fn find<'py>(&self, py: Python<'py>, wanted: Ref) -> Option<Bound<'py, PyAny>> {
        let has = |row: &&Row| wanted.wrapping_sub(row.first) < self.parts(row).len() as u64;
        match self.each.iter().find(has) {
            Some(row) => self.object(py, row, (wanted - row.first) as usize),
            None => self.loose.iter().find_map(|(_, kept)| kept.find(py, wanted)),
        }
    }

    /// Show what each ref stands for.
    pub fn each<'py>(&self, py: Python<'py>, see: &mut dyn FnMut(Ref, Bound<'py, PyAny>)) {
        self.each.iter().for_each(|row| self.each_of(py, row, see));
        self.loose.iter().for_each(|(_, kept)| kept.each(py, see));
    }

    fn each_of<'py>(&self, py: Python<'py>, row: &Row, see: &mut dyn FnMut(Ref, Bound<'py, PyAny>)) {
        for index in 0..self.parts(row).len() {
            if let Some(object) = self.object(py, row, index) {
                see(row.first + index as Ref, object);
            }
        }
    }

    fn parts(&self, row: &Row) -> &[Part] {
        &self.recipes[row.recipe as usize].parts
    }

    /// What a part of a row makes; a function and its arguments become a tuple again.
    fn object<'py>(&self, py: Python<'py>, row: &Row, index: usize) -> Option<Bound<'py, PyAny>> {
        let parts = self.parts(row);
        let start = (row.start + parts[..index].iter().map(Part::objects).sum::<u32>()) as usize;
        match &parts[index] {
            Part::Object => Some(self.objects[start].bind(py).clone()),
            Part::Call(function, arguments) => {
                let arguments = &self.objects[start..start + *arguments as usize];
                let call = std::iter::once(function).chain(arguments).collect::<Vec<_>>();
                PyTuple::new(py, call).ok().map(Bound::into_any)
            }
        }
    }

    /// Bytes beside its own, with the objects that no other row refers to.
    pub fn weight(&self) -> usize {
        let tables = piece(size_of_val(&*self.each)) + piece(size_of_val(&*self.objects));
        let objects = self.each.iter().flat_map(|row| self.parts(row)).filter(|part| matches!(part, Part::Object));
        tables + piece(size_of_val(&*self.loose)) + (objects.count() + self.loose.len()) * OBJECT
    }

    /// Show the collector every object.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.objects.iter().try_for_each(|object| visit.call(object))?;
        for part in self.recipes.iter().flat_map(|recipe| &recipe.parts) {
            if let Part::Call(function, _) = part {
                visit.call(function)?;
            }
        }
        self.loose.iter().try_for_each(|(_, kept)| kept.traverse(visit))
    }
}

/// The rows of a list after a change: some of those that stood there, and new ones.
///
/// Rows that stay are the same nodes as before, which a diff skips, and nothing in Python has to keep them.
///
/// Args:
///     before: What this gave last; `None` where no row stood.
///     head: So many rows at the beginning stay where they are.
///     between: The rows behind them: an int for the one that had this index, anything that can be shown for a
///         new one. Rows with a key have different ones.
///     tail: So many rows at the end stay behind all others.
///     keys: The key of each of `between`; a new row with another one, or none, stands in a fragment of this key.
///
/// Raises:
///     IndexError: There was no such row.
///     TypeError: A new row cannot be shown, or a key is none.
///     ValueError: Two rows have one key, there are not as many keys as rows, or a limit of the engine.
#[pyfunction]
#[pyo3(signature = (before, head, between, tail, keys=None, /))]
pub fn rows(
    before: Option<&Bound<'_, VNode>>,
    head: usize,
    between: &Bound<'_, PyAny>,
    tail: usize,
    keys: Option<&Bound<'_, PyAny>>,
) -> PyResult<VNode> {
    caught(|| {
        let py = between.py();
        let mut list = List::after(before, head.saturating_add(known_len(between)).saturating_add(tail))?;
        list.stay(py, 0..head)?;
        let mut keys = keys.map(PyAnyMethods::try_iter).transpose()?;
        for row in between.try_iter()? {
            let key = keys.as_mut().map(|keys| keys.next().ok_or_else(other_count)?).transpose()?;
            list.take(&row?, key.as_ref())?;
        }
        if keys.is_some_and(|mut keys| keys.next().is_some()) {
            return Err(other_count());
        }
        let end = list.nodes_before.len();
        list.stay(py, end.checked_sub(tail).ok_or_else(|| no_row(tail, end))?..end)?;
        Ok(VNode::new(Node::fragment(list.nodes, None).map_err(tree_error)?, list.held.finish()))
    })
}

fn no_row(wanted: usize, had: usize) -> PyErr {
    PyIndexError::new_err(format!("{wanted} rows of a list that had {had}"))
}

fn other_count() -> PyErr {
    value_error("rows() takes a key for each row")
}

/// A list while it is made of the one before.
struct List<'a> {
    nodes_before: &'a [Child],
    held_before: Option<&'a Rows>,
    /// The recipes of the list before in this one.
    known: Vec<Option<u32>>,
    nodes: Vec<Child>,
    held: Rows,
}

impl<'a> List<'a> {
    fn after(before: Option<&'a Bound<'_, VNode>>, length: usize) -> PyResult<Self> {
        let before = before.map(Bound::get);
        let nodes_before = match before.map(|before| &before.node().kind) {
            None => &[][..],
            Some(Kind::Fragment(nodes)) => nodes,
            Some(_) => return Err(type_error("rows() continues what it gave before, and this is another node")),
        };
        let held_before = before.and_then(|before| before.held().of_rows());
        if before.is_some_and(|before| held_before.is_none() && !before.held().is_empty()) {
            return Err(type_error("rows() continues what it gave before, and this is another fragment"));
        }
        let known = vec![None; held_before.map_or(0, |held| held.recipes.len())];
        let length = length.min(MAX_CHILDREN);
        let (nodes, held) = (Vec::with_capacity(length), Rows::with_capacity(length));
        Ok(Self { nodes_before, held_before, known, nodes, held })
    }

    /// Rows that stood there before come next.
    fn stay(&mut self, py: Python<'_>, indexes: std::ops::Range<usize>) -> PyResult<()> {
        let Some(nodes) = self.nodes_before.get(indexes.clone()) else {
            return Err(no_row(indexes.end, self.nodes_before.len()));
        };
        self.nodes.extend_from_slice(nodes);
        for index in indexes {
            match self.held_before {
                Some(before) => self.held.copy(py, before, index, &mut self.known),
                None => self.held.add(py, Vec::new()),
            }
        }
        Ok(())
    }

    fn take(&mut self, row: &Bound<'_, PyAny>, key: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
        if self.nodes.len() == MAX_CHILDREN {
            return Err(value_error(format!("a list of more than {MAX_CHILDREN} rows")));
        }
        let py = row.py();
        if row.is_exact_instance_of::<PyInt>() {
            let index = row.extract::<usize>().map_err(|_| value_error(format!("{} is no row", describe(row))))?;
            return self.stay(py, index..index.saturating_add(1));
        }
        let mut held = Gathered::default();
        let node = match row.cast_exact::<VNode>() {
            Ok(node) => {
                held.copy(py, node.get().held());
                node.get().node().clone()
            }
            Err(_) => children::child(row, &mut held, 0)?,
        };
        let key = key.map_or(Ok(None), keys::key)?;
        let is_known = key.is_none() || node.key.as_deref() == key.as_ref();
        self.nodes.push(if is_known { node } else { Node::fragment(vec![node], key).map_err(tree_error)? });
        self.held.add(py, held.into_kept());
        Ok(())
    }
}
