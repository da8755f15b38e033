//! What a callable is, and whether it takes an argument; cheap enough for a loop of rows.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyTuple, PyType};

/// Code objects, and lines of text, remembered before the memory starts anew.
const MAX_SHAPES: usize = 4_096;
/// Deepest chain of partials and wrappers that is followed.
const MAX_CHAIN: usize = 32;

const CO_VARARGS: u32 = 0x04;
const CO_GENERATOR: u32 = 0x20;
const CO_COROUTINE: u32 = 0x80;
const CO_ASYNC_GENERATOR: u32 = 0x200;

/// The callables that Python itself makes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `def` or `lambda`.
    Function,
    /// A bound method.
    Method,
    /// A function written in C.
    Builtin,
    /// `functools.partial`.
    Partial,
}

struct Types {
    function: Py<PyType>,
    method: Py<PyType>,
    builtin: Py<PyType>,
    partial: Py<PyType>,
}

fn types(py: Python<'_>) -> PyResult<&Types> {
    static TYPES: PyOnceLock<Types> = PyOnceLock::new();
    TYPES.get_or_try_init(py, || {
        let class = |module: &str, name: &str| -> PyResult<Py<PyType>> {
            Ok(py.import(module)?.getattr(name)?.cast_into::<PyType>()?.unbind())
        };
        Ok(Types {
            function: class("types", "FunctionType")?,
            method: class("types", "MethodType")?,
            builtin: class("types", "BuiltinFunctionType")?,
            partial: class("functools", "partial")?,
        })
    })
}

/// Which of Python's own callables `value` is; `None` for objects of other classes.
pub fn kind(value: &Bound<'_, PyAny>) -> PyResult<Option<Kind>> {
    let types = types(value.py())?;
    let is = |class: &Py<PyType>| value.get_type_ptr() == class.bind(value.py()).as_type_ptr();
    Ok(if is(&types.function) {
        Some(Kind::Function)
    } else if is(&types.method) {
        Some(Kind::Method)
    } else if is(&types.partial) {
        Some(Kind::Partial)
    } else if is(&types.builtin) {
        Some(Kind::Builtin)
    } else {
        None
    })
}

/// What a function's code says about calling it.
#[derive(Clone, Copy)]
struct Shape {
    positional: usize,
    flags: u32,
    component: bool,
}

impl Shape {
    /// Whether any of these flags of the code is set.
    fn has(self, flags: u32) -> bool {
        self.flags & flags != 0
    }
}

/// What a handler makes of the event, behind the arguments that it is given first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// It is called without it.
    Nothing,
    /// It gets it.
    Event,
    /// It requires so many arguments, which nobody gives.
    More(usize),
    /// It takes so many fewer than it is given.
    Fewer(usize),
}

impl Takes {
    /// Of a function that requires `required` arguments of at most `most`, and is given `bound`.
    fn of(required: usize, most: usize, bound: usize) -> Self {
        match required.saturating_sub(bound) {
            0 if bound > most => Self::Fewer(bound - most),
            0 => Self::Nothing,
            1 => Self::Event,
            more => Self::More(more),
        }
    }

    /// The same of what stands for it: that may give it arguments, and take some away.
    fn loosely(self) -> Self {
        match self {
            Self::More(_) => Self::Event,
            Self::Fewer(_) => Self::Nothing,
            plain => plain,
        }
    }
}

/// What calling a function leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Its code runs, or is awaited.
    Plain,
    /// A description of a component.
    Component,
    /// A generator, whose code somebody has to draw.
    Generator,
}

/// The shape of a plain function, remembered by the identity of its code: a lambda in
/// a loop is a new function each time, its code is always the same object.
fn shape(function: &Bound<'_, PyAny>) -> PyResult<Shape> {
    type Shapes = HashMap<usize, (Py<PyAny>, Shape)>;
    static SHAPES: Mutex<Option<Shapes>> = Mutex::new(None);
    let py = function.py();
    let code = function.getattr(intern!(py, "__code__"))?;
    let place = code.as_ptr() as usize;
    // Nothing below can panic half-way through a change.
    let lock = || SHAPES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, shape)) = lock().as_ref().and_then(|shapes| shapes.get(&place)) {
        return Ok(*shape);
    }
    let shape = Shape {
        positional: code.getattr(intern!(py, "co_argcount"))?.extract()?,
        flags: code.getattr(intern!(py, "co_flags"))?.extract()?,
        component: function.hasattr(intern!(py, "__vango_component__"))?,
    };
    let mut shapes = lock();
    let full = shapes.as_ref().is_some_and(|shapes| shapes.len() >= MAX_SHAPES);
    let old = if full { shapes.take() } else { None };
    // The code is kept alive, so that its address is not given to another.
    shapes.get_or_insert_default().insert(place, (code.unbind(), shape));
    drop(shapes);
    drop(old); // outside the lock: freeing code may run Python
    Ok(shape)
}

/// What is behind bound methods and partials.
fn innermost<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let mut inner = value.clone();
    for _ in 0..MAX_CHAIN {
        inner = match kind(&inner)? {
            Some(Kind::Method) => inner.getattr(intern!(inner.py(), "__func__"))?,
            Some(Kind::Partial) => inner.getattr(intern!(inner.py(), "func"))?,
            _ => break,
        };
    }
    Ok(inner)
}

/// Whether calling `value` gives a coroutine or an asynchronous generator.
pub fn is_async(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    let inner = innermost(value)?;
    Ok(kind(&inner)? == Some(Kind::Function) && shape(&inner)?.has(CO_COROUTINE | CO_ASYNC_GENERATOR))
}

/// Whether `value` is a component that nobody called.
pub fn is_component(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    match kind(value)? {
        Some(Kind::Function) => Ok(shape(value)?.component),
        Some(_) => Ok(false),
        None => value.hasattr(intern!(value.py(), "__vango_component__")),
    }
}

/// What calling a handler leads to; of methods and partials only Python itself knows.
pub fn nature(value: &Bound<'_, PyAny>) -> PyResult<Nature> {
    Ok(match kind(value)? {
        Some(Kind::Function) => match shape(value)? {
            shape if shape.component => Nature::Component,
            shape if shape.has(CO_GENERATOR | CO_ASYNC_GENERATOR) => Nature::Generator,
            _ => Nature::Plain,
        },
        None if is_component(value)? => Nature::Component,
        _ => Nature::Plain,
    })
}

/// End a coroutine that nobody is going to await, so that Python does not warn of it.
pub fn close(value: &Bound<'_, PyAny>) {
    if let Ok(close) = value.getattr(intern!(value.py(), "close")) {
        // Whether it could be closed or not, it is refused.
        let _ = close.call0();
    }
}

/// As [`takes_event`], of a plain function that is neither component nor generator: what nearly all handlers are. `None` for all others.
pub fn function_takes_event(target: &Bound<'_, PyAny>, bound: usize) -> PyResult<Option<Takes>> {
    if kind(target)? != Some(Kind::Function) {
        return Ok(None);
    }
    let shape = shape(target)?;
    if shape.component || shape.has(CO_GENERATOR | CO_ASYNC_GENERATOR) {
        return Ok(None);
    }
    requires(target, shape, bound, MAX_CHAIN).map(Some)
}

/// Whether a handler receives the event: it requires a positional argument beyond
/// the `bound` ones, or takes any number of them. Parameters with defaults do not count,
/// so that `lambda row=row: ...` in a loop keeps its row.
pub fn takes_event(target: &Bound<'_, PyAny>, bound: usize) -> PyResult<Takes> {
    follow(target, bound, MAX_CHAIN)
}

fn follow(target: &Bound<'_, PyAny>, bound: usize, chain: usize) -> PyResult<Takes> {
    let py = target.py();
    if chain == 0 {
        return Ok(Takes::Nothing);
    }
    match kind(target)? {
        Some(Kind::Function) => requires(target, shape(target)?, bound, chain),
        Some(Kind::Method) => follow(&target.getattr(intern!(py, "__func__"))?, bound + 1, chain - 1),
        Some(Kind::Partial) => {
            let named = target.getattr(intern!(py, "keywords"))?;
            if named.cast::<PyDict>().is_ok_and(|named| !named.is_empty()) {
                return by_signature(target, bound);
            }
            let given = target.getattr(intern!(py, "args"))?.len()?;
            follow(&target.getattr(intern!(py, "func"))?, bound + given, chain - 1)
        }
        Some(Kind::Builtin) => builtin(target, bound),
        None => {
            if let Some(inner) = wrapped(target)? {
                return follow(&inner, bound, chain - 1).map(Takes::loosely);
            }
            let call = target.get_type().getattr(intern!(py, "__call__"))?;
            match kind(&call)? {
                Some(Kind::Function) => follow(&call, bound + 1, chain - 1),
                _ => by_signature(target, bound),
            }
        }
    }
}

/// What a function does with more than `bound` positional arguments.
fn requires(function: &Bound<'_, PyAny>, shape: Shape, bound: usize, chain: usize) -> PyResult<Takes> {
    let open = shape.has(CO_VARARGS);
    if bound < shape.positional || !open {
        let defaults = function.getattr(intern!(function.py(), "__defaults__"))?;
        let optional = defaults.cast::<PyTuple>().map_or(0, PyTupleMethods::len);
        let most = if open { usize::MAX } else { shape.positional };
        return Ok(Takes::of(shape.positional - optional.min(shape.positional), most, bound));
    }
    // A decorator's `*args` stands for what the function inside takes.
    match wrapped(function)? {
        Some(inner) => follow(&inner, bound, chain - 1).map(Takes::loosely),
        None => Ok(Takes::Event),
    }
}

fn wrapped<'py>(target: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    target.getattr_opt(intern!(target.py(), "__wrapped__"))
}

/// What is written in C says how to call it in one line of text; equal lines are read once.
fn builtin(target: &Bound<'_, PyAny>, bound: usize) -> PyResult<Takes> {
    type Lines = HashMap<(Box<str>, usize), Takes>;
    static LINES: Mutex<Option<Lines>> = Mutex::new(None);
    let Some(line) = target.getattr_opt(intern!(target.py(), "__text_signature__"))? else { return Ok(Takes::Nothing) };
    let Ok(line) = line.cast::<PyString>() else { return Ok(Takes::Nothing) };
    let entry = (line.to_str()?.into(), bound);
    // No Python runs under the lock, and a whole entry is put in or none.
    let lock = || LINES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = lock().as_ref().and_then(|lines| lines.get(&entry).copied()) {
        return Ok(known);
    }
    let takes = by_signature(target, bound)?;
    let mut lines = lock();
    let lines = lines.get_or_insert_default();
    if lines.len() >= MAX_SHAPES {
        lines.clear();
    }
    lines.insert(entry, takes);
    Ok(takes)
}

/// The slow way, for what has no code of its own. What cannot be read gets no event.
fn by_signature(target: &Bound<'_, PyAny>, bound: usize) -> PyResult<Takes> {
    let py = target.py();
    let inspect = py.import("inspect")?;
    let signature = match inspect.call_method1("signature", (target,)) {
        Ok(signature) => signature,
        Err(error) if error.is_instance_of::<PyValueError>(py) || error.is_instance_of::<PyTypeError>(py) => {
            return Ok(Takes::Nothing);
        }
        Err(error) => return Err(error),
    };
    let parameter = inspect.getattr("Parameter")?;
    let empty = parameter.getattr("empty")?;
    let parameters = signature.getattr("parameters")?.call_method0("values")?;
    let (mut required, mut most) = (0, 0);
    for item in parameters.try_iter()? {
        let item = item?;
        let kind = item.getattr("kind")?;
        if kind.eq(parameter.getattr("VAR_POSITIONAL")?)? {
            return Ok(if most <= bound { Takes::Event } else { Takes::of(required, usize::MAX, bound) });
        }
        if kind.gt(parameter.getattr("POSITIONAL_OR_KEYWORD")?)? {
            break;
        }
        most += 1;
        if item.getattr("default")?.is(&empty) {
            required = most;
        }
    }
    Ok(Takes::of(required, most, bound))
}
