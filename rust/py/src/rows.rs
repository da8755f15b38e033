//! The rows of a list: what they refer to, without an object for each of them.
//!
//! Invariants:
//! - row `n` is child `n` of the fragment;
//! - the refs of a row run on from its first one, one for each part of its recipe, and its objects stand side by
//!   side; what refers otherwise is *loose*, and its row has the recipe of nothing;
//! - `(function, argument)` is taken apart where many rows have the function: then a row keeps its argument alone,
//!   and that once where several functions have it;
//! - rows of one recipe whose refs and objects run on from one row to the next are one run.

use std::ops::Range;

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
    /// How many there are.
    len: u32,
    runs: Vec<Run>,
    objects: Vec<Py<PyAny>>,
    recipes: Vec<Recipe>,
    /// What no recipe says, with the row that refers to it, ascending by row.
    loose: Vec<(u32, Kept)>,
}

/// Rows that stand one behind the other, as far as the next run.
struct Run {
    /// The first of them.
    row: u32,
    /// Where the objects of that one begin.
    start: u32,
    /// Its first ref.
    first: Ref,
    recipe: u32,
}

/// How the objects of a row make what its refs stand for.
#[derive(Default)]
struct Recipe {
    parts: Vec<Part>,
    /// Objects that a row has.
    objects: u32,
}

struct Part {
    /// What begins the tuple; without it, the part is its only object.
    function: Option<Py<PyAny>>,
    /// Which of the row's objects are in it.
    objects: Range<u32>,
}

/// A tuple of a function and its arguments; `None` for any other object.
fn call<'a, 'py>(object: &'a Bound<'py, PyAny>) -> Option<&'a Bound<'py, PyTuple>> {
    object.cast_exact::<PyTuple>().ok().filter(|tuple| !tuple.is_empty())
}

impl Part {
    /// Add what this takes of `object` to the objects of a row, which begin at `start`; `false` where it is of
    /// another part.
    fn take(&self, object: &Bound<'_, PyAny>, objects: &mut Vec<Py<PyAny>>, start: usize) -> bool {
        let (function, tuple) = match (&self.function, call(object)) {
            (Some(function), Some(tuple)) => (function, tuple),
            (None, None) => {
                objects.push(object.clone().unbind());
                return true;
            }
            _ => return false,
        };
        let Range { start: from, end } = self.objects;
        if tuple.len() as u32 != 1 + end - from || !tuple.get_borrowed_item(0).is_ok_and(|first| first.is(function)) {
            return false;
        }
        let arguments = tuple.iter_borrowed().skip(1);
        if let Some(there) = objects.get(start + from as usize..start + end as usize) {
            return there.iter().zip(arguments).all(|(there, argument)| argument.is(there));
        }
        objects.extend(arguments.map(|argument| argument.to_owned().unbind()));
        true
    }

    fn is(&self, other: &Self) -> bool {
        let same = match (&self.function, &other.function) {
            (Some(one), Some(other)) => one.is(other),
            (one, other) => one.is_none() && other.is_none(),
        };
        same && self.objects == other.objects
    }
}

impl Recipe {
    /// The recipe of these objects; `None` where one of them is not there yet.
    fn of(py: Python<'_>, held: &[Kept]) -> Option<Self> {
        let mut recipe = Self::default();
        let mut calls: Vec<(&Bound<'_, PyTuple>, Range<u32>)> = Vec::new();
        for kept in held {
            let Kept::Object(_, object) = kept else { return None };
            let Some(tuple) = call(object.bind(py)) else {
                recipe.add(None, 1);
                continue;
            };
            let function = tuple.get_borrowed_item(0).ok()?.to_owned().unbind();
            let shared = calls.iter().find(|(known, _)| same_arguments(known, tuple));
            match shared {
                Some((_, objects)) => recipe.parts.push(Part { function: Some(function), objects: objects.clone() }),
                None => calls.push((tuple, recipe.add(Some(function), tuple.len() as u32 - 1))),
            }
        }
        Some(recipe)
    }

    /// Add a part of so many further objects.
    fn add(&mut self, function: Option<Py<PyAny>>, count: u32) -> Range<u32> {
        let objects = self.objects..self.objects + count;
        self.objects = objects.end;
        self.parts.push(Part { function, objects: objects.clone() });
        objects
    }

    /// Add the objects of a row; `false`, and nothing is added, where it has another recipe.
    fn take(&self, py: Python<'_>, held: &[Kept], objects: &mut Vec<Py<PyAny>>) -> bool {
        let start = objects.len();
        let fits = self.parts.len() == held.len()
            && self.parts.iter().zip(held).all(|(part, kept)| match kept {
                Kept::Object(_, object) => part.take(object.bind(py), objects, start),
                Kept::Below(_) => false,
            });
        if !fits {
            objects.truncate(start);
        }
        fits
    }

    fn is(&self, other: &Self) -> bool {
        self.parts.len() == other.parts.len() && self.parts.iter().zip(&other.parts).all(|(a, b)| a.is(b))
    }

    fn clone_ref(&self, py: Python<'_>) -> Self {
        let part = |part: &Part| Part {
            function: part.function.as_ref().map(|function| function.clone_ref(py)),
            objects: part.objects.clone(),
        };
        Self { parts: self.parts.iter().map(part).collect(), objects: self.objects }
    }
}

fn same_arguments(one: &Bound<'_, PyTuple>, other: &Bound<'_, PyTuple>) -> bool {
    one.len() == other.len() && one.iter_borrowed().zip(other.iter_borrowed()).skip(1).all(|(a, b)| a.is(b))
}

impl Rows {
    fn with_capacity(rows: usize) -> Self {
        Self {
            len: 0,
            runs: Vec::new(),
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
        let start = self.objects.len() as u32;
        match if runs_on { self.take(py, &held) } else { None } {
            Some(recipe) => self.push(1, recipe, first, start),
            None => self.add_loose(held),
        }
    }

    fn add_loose(&mut self, held: Vec<Kept>) {
        let row = self.len;
        self.loose.extend(held.into_iter().map(|kept| (row, kept)));
        self.push(1, NOTHING, 0, 0);
    }

    /// Count rows whose objects are there.
    fn push(&mut self, rows: u32, recipe: u32, first: Ref, start: u32) {
        let next = self.runs.last().map(|last| (last.recipe, self.at(last, self.len)));
        if next != Some((recipe, (first, start))) {
            self.runs.push(Run { row: self.len, start, first, recipe });
        }
        self.len += rows;
    }

    /// The first ref of a row of a run, and where its objects begin.
    fn at(&self, run: &Run, row: u32) -> (Ref, u32) {
        let Recipe { parts, objects } = &self.recipes[run.recipe as usize];
        let before = row - run.row;
        (run.first + Ref::from(before) * parts.len() as Ref, run.start + before * objects)
    }

    /// Take the objects of a row by a recipe; `None` when there are too many of these already.
    fn take(&mut self, py: Python<'_>, held: &[Kept]) -> Option<u32> {
        if let Some(index) = self.recipes.iter().position(|recipe| recipe.take(py, held, &mut self.objects)) {
            return Some(index as u32);
        }
        if self.recipes.len() >= MAX_RECIPES {
            return None;
        }
        let recipe = Recipe::of(py, held).filter(|recipe| recipe.take(py, held, &mut self.objects))?;
        self.recipes.push(recipe);
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

    /// Add rows of another list; `known` says which recipe is which.
    fn copy(&mut self, py: Python<'_>, other: &Self, rows: Range<usize>, known: &mut [Option<u32>]) {
        let (mut row, end) = (rows.start as u32, rows.end as u32);
        let mut index = other.runs.partition_point(|run| run.row <= row);
        while row < end {
            // What begins behind a row is not the run that it is in.
            let run = &other.runs[index - 1];
            let until = other.runs.get(index).map_or(other.len, |next| next.row).min(end);
            self.copy_run(py, other, run, row..until, known);
            (row, index) = (until, index + 1);
        }
    }

    fn copy_run(&mut self, py: Python<'_>, other: &Self, run: &Run, rows: Range<u32>, known: &mut [Option<u32>]) {
        let of = &other.recipes[run.recipe as usize];
        let known = &mut known[run.recipe as usize];
        *known = known.or_else(|| self.recipe_like(py, of));
        let Some(recipe) = *known else {
            for row in rows {
                let mut held = Gathered::default();
                other.each_of(py, run, row, &mut |known, object| held.keep(known, object.unbind()));
                self.add_loose(held.into_kept());
            }
            return;
        };
        if run.recipe == NOTHING {
            let begin = other.loose.partition_point(|(row, _)| *row < rows.start);
            let loose = other.loose[begin..].iter().take_while(|(row, _)| *row < rows.end);
            let to = self.len;
            self.loose.extend(loose.map(|(row, kept)| (row - rows.start + to, kept.clone_ref(py))));
            return self.push(rows.len() as u32, NOTHING, 0, 0);
        }
        let ((first, from), (_, to)) = (other.at(run, rows.start), other.at(run, rows.end));
        let start = self.objects.len() as u32;
        let objects = &other.objects[from as usize..to as usize];
        self.objects.extend(objects.iter().map(|object| object.clone_ref(py)));
        self.push(rows.len() as u32, recipe, first, start);
    }

    /// All of it, without room for more.
    fn finish(mut self) -> Held {
        if self.objects.is_empty() && self.loose.is_empty() && self.recipes.len() == 1 {
            return Held::default();
        }
        self.runs.shrink_to_fit();
        self.objects.shrink_to_fit();
        self.recipes.shrink_to_fit();
        self.loose.shrink_to_fit();
        Held::rows(self)
    }

    /// Each run with its rows.
    fn runs(&self) -> impl Iterator<Item = (&Run, Range<u32>)> {
        let ends = self.runs.iter().skip(1).map(|next| next.row).chain([self.len]);
        self.runs.iter().zip(ends).map(|(run, end)| (run, run.row..end))
    }

    /// What a ref stands for.
    ///
    /// # Complexity
    /// O(runs).
    pub fn find<'py>(&self, py: Python<'py>, wanted: Ref) -> Option<Bound<'py, PyAny>> {
        let known = self.runs().find_map(|(run, rows)| {
            let parts = self.parts(run).len() as Ref;
            let index = wanted.wrapping_sub(run.first);
            (index < rows.len() as Ref * parts).then(|| (run, rows.start + (index / parts) as u32, index % parts))
        });
        match known {
            Some((run, row, index)) => self.object(py, run, row, index as usize),
            None => self.loose.iter().find_map(|(_, kept)| kept.find(py, wanted)),
        }
    }

    /// Show what each ref stands for.
    pub fn each<'py>(&self, py: Python<'py>, see: &mut dyn FnMut(Ref, Bound<'py, PyAny>)) {
        for (run, rows) in self.runs() {
            rows.for_each(|row| self.each_of(py, run, row, see));
        }
        self.loose.iter().for_each(|(_, kept)| kept.each(py, see));
    }

    fn each_of<'py>(&self, py: Python<'py>, run: &Run, row: u32, see: &mut dyn FnMut(Ref, Bound<'py, PyAny>)) {
        let (first, _) = self.at(run, row);
        for index in 0..self.parts(run).len() {
            if let Some(object) = self.object(py, run, row, index) {
                see(first + index as Ref, object);
            }
        }
    }

    fn parts(&self, run: &Run) -> &[Part] {
        &self.recipes[run.recipe as usize].parts
    }

    /// What a part of a row makes; a function and its arguments become a tuple again.
    fn object<'py>(&self, py: Python<'py>, run: &Run, row: u32, index: usize) -> Option<Bound<'py, PyAny>> {
        let Part { function, objects } = &self.parts(run)[index];
        let (_, start) = self.at(run, row);
        let objects = &self.objects[(start + objects.start) as usize..(start + objects.end) as usize];
        match function {
            None => objects.first().map(|object| object.bind(py).clone()),
            Some(function) => {
                let call = std::iter::once(function).chain(objects).collect::<Vec<_>>();
                PyTuple::new(py, call).ok().map(Bound::into_any)
            }
        }
    }

    /// Bytes beside its own, with the objects that no other row refers to.
    pub fn weight(&self) -> usize {
        let tables = piece(size_of_val(&*self.runs)) + piece(size_of_val(&*self.objects));
        let whole = |run: &Run| self.parts(run).iter().filter(|part| part.function.is_none()).count();
        let objects: usize = self.runs().map(|(run, rows)| rows.len() * whole(run)).sum();
        tables + piece(size_of_val(&*self.loose)) + (objects + self.loose.len()) * OBJECT
    }

    /// Show the collector every object.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.objects.iter().try_for_each(|object| visit.call(object))?;
        let functions = self.recipes.iter().flat_map(|recipe| &recipe.parts).filter_map(|part| part.function.as_ref());
        functions.into_iter().try_for_each(|function| visit.call(function))?;
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
    fn stay(&mut self, py: Python<'_>, indexes: Range<usize>) -> PyResult<()> {
        let Some(nodes) = self.nodes_before.get(indexes.clone()) else {
            return Err(no_row(indexes.end, self.nodes_before.len()));
        };
        self.nodes.extend_from_slice(nodes);
        match self.held_before {
            Some(before) => self.held.copy(py, before, indexes, &mut self.known),
            None => self.held.push(indexes.len() as u32, NOTHING, 0, 0),
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
        let is_known = key.is_none() || node.key == key;
        self.nodes.push(if is_known { node } else { Node::fragment(vec![node], key).map_err(tree_error)? });
        self.held.add(py, held.into_kept());
        Ok(())
    }
}
