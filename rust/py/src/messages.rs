//! Messages and the fields of events: the protocol's table, in Python's types.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyMappingProxy, PyString, PyTuple};
use vango_core::limits::MAX_NODES;
use vango_core::wire::event::{self, Fields};
use vango_core::wire::frame;
use vango_core::wire::message::{self, Value};
use vango_core::wire::table::{self, Type};

use crate::error::{caught, decode_error, describe, type_error, value_error};
use crate::text::utf8;

const EMPTY: &[u8] = b"";

/// The constants of the protocol.
pub fn constants(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("FLAG_DEFLATE", table::DEFLATE)?;
    module.add("FLAG_MORE", table::MORE)?;
    module.add("FLAG_CANCEL", table::CANCEL)?;
    module.add("FLAG_ACTION", table::ACTION)?;
    let kinds = PyDict::new(py);
    for (kind, name) in event::KINDS.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        kinds.set_item(name, kind)?;
    }
    module.add("ANSWER_KIND", crate::handler::ANSWER)?;
    module.add("EVENT_KINDS", PyMappingProxy::new(py, kinds.as_mapping()))
}

/// One whole frame, its length included.
///
/// Args:
///     kind: First byte of the body, see `protocol_table()`.
///     flags: Those that the table names for this kind.
///     fields: One value for each field of the header, in order.
///     payload: What follows the header, for the kinds that have one.
/// Raises:
///     ValueError: What the table does not allow.
///     TypeError: A field of another type than the table names.
#[pyfunction]
#[pyo3(signature = (kind, flags, fields, payload=EMPTY, /))]
pub fn encode_message<'py>(
    py: Python<'py>,
    kind: u8,
    flags: u8,
    fields: &Bound<'py, PyAny>,
    payload: &[u8],
) -> PyResult<Bound<'py, PyBytes>> {
    let Some(spec) = table::find(kind) else { return Err(value_error(format!("{kind:#04x} is no kind of message"))) };
    let mut values = Vec::new();
    let mut types = spec.fields(flags);
    for value in fields.try_iter()? {
        let value = value?;
        let Some(field) = types.next() else {
            return Err(value_error(format!("{} has fewer fields than were given", spec.name)));
        };
        let wrong =
            || type_error(format!("{}.{}: {} is no {}", spec.name, field.name, describe(&value), field.ty.name()));
        values.push(
            read_value(field.ty, &value).map_err(|error| if is_type_error(py, &error) { wrong() } else { error })?,
        );
    }
    let frame = message::encode(kind, flags, &values, payload).map_err(|error| value_error(error.to_string()))?;
    Ok(PyBytes::new(py, &frame))
}

fn is_type_error(py: Python<'_>, error: &PyErr) -> bool {
    error.is_instance_of::<pyo3::exceptions::PyTypeError>(py)
}

fn boxed(value: &Bound<'_, PyAny>) -> PyResult<Box<str>> {
    Ok(utf8(value.cast::<PyString>()?)?.into())
}

fn list<T>(value: &Bound<'_, PyAny>, item: impl Fn(&Bound<'_, PyAny>) -> PyResult<T>) -> PyResult<Vec<T>> {
    let mut items = Vec::new();
    for value in value.try_iter()? {
        if items.len() == MAX_NODES {
            return Err(value_error(format!("a list of more than {MAX_NODES} items")));
        }
        items.push(item(&value?)?);
    }
    Ok(items)
}

fn pair<A, B>(
    value: &Bound<'_, PyAny>,
    first: impl Fn(&Bound<'_, PyAny>) -> PyResult<A>,
    second: impl Fn(&Bound<'_, PyAny>) -> PyResult<B>,
) -> PyResult<(A, B)> {
    let (a, b): (Bound<'_, PyAny>, Bound<'_, PyAny>) = value.extract()?;
    Ok((first(&a)?, second(&b)?))
}

fn number(value: &Bound<'_, PyAny>) -> PyResult<u64> {
    value.extract().map_err(|error| {
        if is_type_error(value.py(), &error) {
            return error;
        }
        value_error(format!("{} is no number from 0 to 2**53 - 1", describe(value)))
    })
}

fn read_value(ty: Type, value: &Bound<'_, PyAny>) -> PyResult<Value> {
    Ok(match ty {
        Type::Uv | Type::Hid | Type::U8 => Value::Number(number(value)?),
        Type::Str | Type::Json => Value::Text(boxed(value)?),
        Type::ListUv => Value::Numbers(list(value, number)?),
        Type::ListStr => Value::Texts(list(value, boxed)?),
        Type::PairsStrStr => Value::TextPairs(list(value, |item| pair(item, boxed, boxed))?),
        Type::PairsStrUv => Value::NumberPairs(list(value, |item| pair(item, boxed, number))?),
    })
}

fn give_value<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Number(number) => number.into_pyobject(py)?.into_any(),
        Value::Text(text) => PyString::new(py, text).into_any(),
        Value::Numbers(numbers) => PyList::new(py, numbers)?.into_any(),
        Value::Texts(texts) => give_texts(py, texts)?,
        Value::TextPairs(pairs) => give_pairs(py, pairs)?,
        Value::NumberPairs(pairs) => {
            PyList::new(py, pairs.iter().map(|(name, number)| (&**name, *number)).collect::<Vec<_>>())?.into_any()
        }
    })
}

fn give_texts<'py>(py: Python<'py>, texts: &[Box<str>]) -> PyResult<Bound<'py, PyAny>> {
    Ok(PyList::new(py, texts.iter().map(|text| &**text).collect::<Vec<_>>())?.into_any())
}

fn give_pairs<'py>(py: Python<'py>, pairs: &[(Box<str>, Box<str>)]) -> PyResult<Bound<'py, PyAny>> {
    Ok(PyList::new(py, pairs.iter().map(|(a, b)| (&**a, &**b)).collect::<Vec<_>>())?.into_any())
}

/// A message as Python sees it: kind, flags, fields, payload.
type Message<'py> = (u8, u8, Bound<'py, PyTuple>, Bound<'py, PyBytes>);

/// The messages in whole frames; empty frames, which only say that the peer lives, are left out.
///
/// Args:
///     data: One transport message: whole frames or nothing.
///     max_frame_bytes: Longest body that is read.
/// Raises:
///     DecodeError: Bytes that break the protocol; `.offset` counts from the start of `data`.
#[pyfunction]
#[pyo3(signature = (data, max_frame_bytes, /))]
pub fn decode_messages<'py>(py: Python<'py>, data: &[u8], max_frame_bytes: usize) -> PyResult<Vec<Message<'py>>> {
    caught(|| messages_of(py, data, max_frame_bytes))
}

fn messages_of<'py>(py: Python<'py>, data: &[u8], max_frame_bytes: usize) -> PyResult<Vec<Message<'py>>> {
    let bodies = frame::split(data, max_frame_bytes).map_err(|error| decode_error(py, &error))?;
    let mut messages = Vec::with_capacity(bodies.len());
    for body in bodies.into_iter().filter(|body| !body.is_empty()) {
        messages.push(give_message(py, body, body.as_ptr() as usize - data.as_ptr() as usize)?);
    }
    Ok(messages)
}

/// The message in the body of one frame.
///
/// Args:
///     body: Without its length, and not empty.
/// Raises:
///     DecodeError: Bytes that break the protocol; `.offset` counts from the start of `body`.
#[pyfunction]
#[pyo3(signature = (body, /))]
pub fn decode_message<'py>(py: Python<'py>, body: &[u8]) -> PyResult<Message<'py>> {
    give_message(py, body, 0)
}

/// `start` is where the body stands in what was given.
fn give_message<'py>(py: Python<'py>, body: &[u8], start: usize) -> PyResult<Message<'py>> {
    let message = message::decode(body).map_err(|mut error| {
        error.offset += start;
        decode_error(py, &error)
    })?;
    let fields = message.values.iter().map(|value| give_value(py, value)).collect::<PyResult<Vec<_>>>()?;
    let payload = PyBytes::new(py, message.payload);
    Ok((message.spec.kind, message.flags, PyTuple::new(py, fields)?, payload))
}

/// The fields of an event of this kind; `()` when it carries none.
///
/// Input and change: `(values,)`. Submit: `(pairs,)`. Keys: `(mods, key, code)`. Pointer, mouse,
/// wheel and drag: `(mods, button, x, y)`. Scroll and resize: `(x, y)`. Named: `(name,)`.
/// Navigate: `(mode, path)`. Hook: `(name, json)`. All others: `(json,)`.
///
/// Raises:
///     DecodeError: Bytes that are not exactly these fields.
#[pyfunction]
#[pyo3(signature = (kind, payload, /))]
pub fn decode_fields<'py>(py: Python<'py>, kind: u64, payload: &[u8]) -> PyResult<Bound<'py, PyTuple>> {
    match caught(|| event::decode(kind, payload).map_err(|error| decode_error(py, &error)))? {
        Fields::Nothing => Ok(PyTuple::empty(py)),
        Fields::Values(values) => (give_texts(py, &values)?,).into_pyobject(py),
        Fields::Pairs(pairs) => (give_pairs(py, &pairs)?,).into_pyobject(py),
        Fields::Key { mods, key, code } => (mods, &*key, &*code).into_pyobject(py),
        Fields::Pointer { mods, button, x, y } => (mods, button, x, y).into_pyobject(py),
        Fields::Point { x, y } => (x, y).into_pyobject(py),
        Fields::Json(json) => (&*json,).into_pyobject(py),
        Fields::Named { name } => (&*name,).into_pyobject(py),
        Fields::Navigate { mode, path } => (mode, &*path).into_pyobject(py),
        Fields::Hook { name, json } => (&*name, &*json).into_pyobject(py),
    }
}

/// The payload of an event: what a client writes, see `decode_fields`.
///
/// Raises:
///     ValueError: Fields that are not those of this kind.
#[pyfunction]
#[pyo3(signature = (kind, fields, /))]
pub fn encode_fields<'py>(py: Python<'py>, kind: u64, fields: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let fields = list(fields, |field| Ok(field.clone().unbind()))?;
    let fields: Vec<_> = fields.iter().map(|field| field.bind(py)).collect();
    let fields = read_fields(kind, &fields)
        .map_err(|_| value_error(format!("the fields given are not those of an event of kind {kind}")))?;
    let bytes = event::encode(kind, &fields).map_err(|error| value_error(error.to_string()))?;
    Ok(PyBytes::new(py, &bytes))
}

/// The shape follows from the number of fields and the type of the first; the engine compares it with the kind.
fn read_fields(kind: u64, fields: &[&Bound<'_, PyAny>]) -> PyResult<Fields> {
    Ok(match fields {
        [] => Fields::Nothing,
        [name] if kind == event::NAMED => Fields::Named { name: boxed(name)? },
        [json] if json.is_instance_of::<PyString>() => Fields::Json(boxed(json)?),
        [values] if matches!(kind, 2 | 3) => Fields::Values(list(values, boxed)?),
        [pairs] => Fields::Pairs(list(pairs, |item| pair(item, boxed, boxed))?),
        [name, json] if kind == event::HOOK => Fields::Hook { name: boxed(name)?, json: boxed(json)? },
        [mode, path] if kind == event::NAVIGATE => Fields::Navigate { mode: mode.extract()?, path: boxed(path)? },
        [x, y] => Fields::Point { x: x.extract()?, y: y.extract()? },
        [mods, key, code] => Fields::Key { mods: number(mods)?, key: boxed(key)?, code: boxed(code)? },
        [mods, button, x, y] => {
            Fields::Pointer { mods: number(mods)?, button: number(button)?, x: x.extract()?, y: y.extract()? }
        }
        _ => return Err(value_error("no event has so many fields")),
    })
}

/// A row of the table: kind, name, sender, flags, fields with their types, payload.
type Row = (u8, &'static str, &'static str, u8, Vec<(&'static str, String)>, bool);

/// Every kind of message: `(kind, name, sender, flags, [(field, type)], has payload)`.
///
/// The sender is `server`, `client` or `both`; a type in brackets is there only with its flag.
#[pyfunction]
pub fn protocol_table() -> Vec<Row> {
    let spelled = |field: &table::Field| {
        let name = field.ty.name();
        (field.name, if field.flag == 0 { name.to_owned() } else { format!("[{name}]") })
    };
    let row = |spec: &table::Spec| {
        let fields = spec.fields.iter().map(spelled).collect();
        (spec.kind, spec.name, spec.sender.name(), spec.flags, fields, spec.payload)
    };
    table::MESSAGES.iter().map(row).collect()
}
