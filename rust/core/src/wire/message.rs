//! One message as bytes, and back, by the table of PROTOCOL section 2.

use std::fmt;

use super::frame;
use super::reader::{json_is_shallow, write_pairs, write_str, write_strs, Pairs, Reader};
use super::table::{self, Spec, Type};
use crate::error::DecodeError;
use crate::limits::MAX_HID;
use crate::varint::{write_uv, MAX_UV};

/// The reason of a [`DecodeError`] that PROTOCOL section 5 calls `UnknownKind`, not `InvalidFrame`.
pub const UNKNOWN_KIND: &str = "unknown kind of message";

/// The value of a header field; [`Type`] says which shape a field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `uv`, `hid` and `u8`.
    Number(u64),
    /// `str` and `json`.
    Text(Box<str>),
    /// `list uv`.
    Numbers(Vec<u64>),
    /// `list str`.
    Texts(Vec<Box<str>>),
    /// `list(str, str)`.
    TextPairs(Pairs),
    /// `list(str, uv)`.
    NumberPairs(Vec<(Box<str>, u64)>),
}

/// A message as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// Its kind.
    pub spec: &'static Spec,
    /// Its flags.
    pub flags: u8,
    /// One value for each field of [`Spec::fields`] under these flags.
    pub values: Vec<Value>,
    /// What follows the header; empty for a kind without payload.
    pub payload: &'a [u8],
}

/// A message that cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError {
    /// The message or the field that is wrong.
    pub what: &'static str,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.reason)
    }
}

impl std::error::Error for EncodeError {}

/// One whole frame, its length included.
///
/// # Errors
/// [`EncodeError`] for what the table does not allow: the caller's mistake, not the peer's.
pub fn encode(kind: u8, flags: u8, values: &[Value], payload: &[u8]) -> Result<Vec<u8>, EncodeError> {
    let refuse = |what, reason| Err(EncodeError { what, reason });
    let Some(spec) = table::find(kind) else { return refuse("kind", UNKNOWN_KIND) };
    if flags & !spec.flags != 0 {
        return refuse(spec.name, "flags that this kind does not have");
    }
    if !spec.payload && !payload.is_empty() {
        return refuse(spec.name, "this kind has no payload");
    }
    if values.len() != spec.fields(flags).count() {
        return refuse(spec.name, "another number of fields than the table names for these flags");
    }
    let mut body = vec![kind, flags];
    for (field, value) in spec.fields(flags).zip(values) {
        write_value(&mut body, field.ty, value).map_err(|reason| EncodeError { what: field.name, reason })?;
    }
    body.extend_from_slice(payload);
    let mut out = Vec::with_capacity(body.len() + 4);
    frame::write(&mut out, &body);
    Ok(out)
}

/// Read the body of one frame, its length taken off. An empty body is liveness, which the caller has seen.
///
/// # Errors
/// [`DecodeError`]; its reason is [`UNKNOWN_KIND`] for a kind that the table does not name.
pub fn decode(body: &[u8]) -> Result<Message<'_>, DecodeError> {
    let mut reader = Reader::new(body);
    let Some(spec) = table::find(reader.u8()?) else { return Reader::fail(0, UNKNOWN_KIND) };
    let flags = reader.u8()?;
    if flags & !spec.flags != 0 {
        return Reader::fail(1, "flags that this kind does not have");
    }
    let values = spec.fields(flags).map(|field| read_value(&mut reader, field.ty)).collect::<Result<_, _>>()?;
    // A later version may add fields to a header without payload: they are not looked at.
    let payload = if spec.payload { reader.rest() } else { &[] };
    Ok(Message { spec, flags, values, payload })
}

fn read_value(reader: &mut Reader<'_>, ty: Type) -> Result<Value, DecodeError> {
    Ok(match ty {
        Type::Uv => Value::Number(reader.uv()?),
        Type::Hid => Value::Number(reader.hid_or_0()?.into()),
        Type::U8 => Value::Number(reader.u8()?.into()),
        Type::Str => Value::Text(reader.str()?.into()),
        Type::Json => Value::Text(reader.json()?.into()),
        Type::ListUv => Value::Numbers(reader.list(1, Reader::uv)?),
        Type::ListStr => Value::Texts(reader.strs()?),
        Type::PairsStrStr => Value::TextPairs(reader.pairs()?),
        Type::PairsStrUv => Value::NumberPairs(reader.list(2, |r| Ok((r.str()?.into(), r.uv()?)))?),
    })
}

fn write_value(out: &mut Vec<u8>, ty: Type, value: &Value) -> Result<(), &'static str> {
    match (ty, value) {
        (Type::Uv, Value::Number(number)) => put_uv(out, *number, MAX_UV)?,
        (Type::Hid, Value::Number(number)) => put_uv(out, *number, MAX_HID.into())?,
        (Type::U8, Value::Number(number)) => out.push(u8::try_from(*number).or(Err("a number above 255"))?),
        (Type::Str, Value::Text(text)) => write_str(out, text),
        (Type::Json, Value::Text(text)) if json_is_shallow(text) => write_str(out, text),
        (Type::Json, Value::Text(_)) => return Err("JSON nested too deep"),
        (Type::ListUv, Value::Numbers(numbers)) => {
            write_uv(out, numbers.len() as u64);
            numbers.iter().try_for_each(|number| put_uv(out, *number, MAX_UV))?;
        }
        (Type::ListStr, Value::Texts(texts)) => write_strs(out, texts),
        (Type::PairsStrStr, Value::TextPairs(pairs)) => write_pairs(out, pairs),
        (Type::PairsStrUv, Value::NumberPairs(pairs)) => {
            write_uv(out, pairs.len() as u64);
            for (name, number) in pairs {
                write_str(out, name);
                put_uv(out, *number, MAX_UV)?;
            }
        }
        _ => return Err("a value of another type than the table names"),
    }
    Ok(())
}

fn put_uv(out: &mut Vec<u8>, value: u64, max: u64) -> Result<(), &'static str> {
    if value > max {
        return Err("a number above what this field can hold");
    }
    write_uv(out, value);
    Ok(())
}
