//! What an EVENT carries after its header (PROTOCOL section 1, "Events on the wire").

use super::message::EncodeError;
use super::reader::{json_is_shallow, write_pairs, write_str, write_strs, Pairs, Reader};
use crate::error::DecodeError;
use crate::limits::{self, MAX_FORM_PAIRS};
use crate::varint::{write_sv, write_uv, MAX_SV, MAX_UV};

/// The kinds of events by their number; the first 31 have a bit, no event is of the nameless one.
pub const KINDS: [&str; limits::MAX_EVENT_KIND as usize + 1] = [
    "click",
    "dblclick",
    "input",
    "change",
    "submit",
    "reset",
    "focus",
    "blur",
    "keydown",
    "keyup",
    "pointerdown",
    "pointerup",
    "pointermove",
    "pointerenter",
    "pointerleave",
    "contextmenu",
    "wheel",
    "scroll",
    "resize",
    "dragstart",
    "dragover",
    "drop",
    "dragend",
    "copy",
    "cut",
    "paste",
    "toggle",
    "load",
    "error",
    "in-view",
    "out-of-view",
    "",
    "named",
    "navigate",
    "hook",
    "mousedown",
    "mouseup",
    "mousemove",
    "mouseenter",
    "mouseleave",
    "auxclick",
    "pointercancel",
    "drag",
    "dragenter",
    "dragleave",
    "touchstart",
    "touchmove",
    "touchend",
    "touchcancel",
    "invalid",
    "beforetoggle",
    "cancel",
    "close",
    "animationstart",
    "animationiteration",
    "animationend",
    "animationcancel",
    "transitionrun",
    "transitionstart",
    "transitionend",
    "transitioncancel",
    "play",
    "playing",
    "pause",
    "waiting",
    "stalled",
    "seeking",
    "seeked",
    "timeupdate",
    "durationchange",
    "ratechange",
    "volumechange",
    "loadedmetadata",
    "loadeddata",
    "canplay",
    "ended",
    "scrollend",
];
/// An event with a name of the application.
pub const NAMED: u64 = 32;
/// The session goes to another path.
pub const NAVIGATE: u64 = 33;
/// A message of a hook.
pub const HOOK: u64 = 34;

/// The kind that an element may listen to by this name.
pub fn heard_as(name: &str) -> Option<u8> {
    let kind = KINDS.iter().position(|known| *known == name && !name.is_empty())? as u64;
    (![NAMED, NAVIGATE].contains(&kind)).then_some(kind as u8)
}

/// The fields of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the fields of the variants are those of the protocol
pub enum Fields {
    /// The handler asked for none.
    Nothing,
    /// Of input and change: text one, checkbox none or one, select n.
    Values(Vec<Box<str>>),
    /// Of a form, in tree order.
    Pairs(Pairs),
    /// Of the keyboard. `mods`: 1 shift, 2 ctrl, 4 alt, 8 meta, 16 repeat.
    Key { mods: u64, key: Box<str>, code: Box<str> },
    /// Of pointer, mouse, wheel and drag; `mods` as for the keyboard.
    Pointer { mods: u64, button: u64, x: i64, y: i64 },
    /// Of scroll and resize.
    Point { x: i64, y: i64 },
    /// Of all others: JSON text, "" for nothing.
    Json(Box<str>),
    /// Of [`NAMED`].
    Named { name: Box<str> },
    /// Of [`NAVIGATE`].
    Navigate { mode: u8, path: Box<str> },
    /// Of [`HOOK`].
    Hook { name: Box<str>, json: Box<str> },
}

enum Shape {
    Values,
    Pairs,
    Key,
    Pointer,
    Point,
    Json,
    Named,
    Navigate,
    Hook,
}

fn shape(kind: u64) -> Option<Shape> {
    Some(match kind {
        2 | 3 => Shape::Values,
        4 => Shape::Pairs,
        8 | 9 => Shape::Key,
        0 | 1 | 10..=16 | 19..=22 | 35..=44 => Shape::Pointer,
        17 | 18 | 76 => Shape::Point,
        NAMED => Shape::Named,
        NAVIGATE => Shape::Navigate,
        HOOK => Shape::Hook,
        31 => return None,
        _ if kind < KINDS.len() as u64 => Shape::Json,
        _ => return None,
    })
}

/// Read the payload of an EVENT of `kind`.
///
/// # Errors
/// [`DecodeError`] for an unknown kind, and for bytes that are not exactly its fields.
pub fn decode(kind: u64, payload: &[u8]) -> Result<Fields, DecodeError> {
    let Some(shape) = shape(kind) else { return Reader::fail(0, "unknown event kind") };
    if payload.is_empty() && !(NAMED..=HOOK).contains(&kind) {
        return Ok(Fields::Nothing);
    }
    let mut reader = Reader::new(payload);
    let fields = read(&mut reader, &shape)?;
    reader.finish()?;
    Ok(fields)
}

fn read(r: &mut Reader<'_>, shape: &Shape) -> Result<Fields, DecodeError> {
    Ok(match shape {
        Shape::Values => Fields::Values(r.strs()?),
        Shape::Pairs => Fields::Pairs(read_pairs(r)?),
        Shape::Key => Fields::Key { mods: r.uv()?, key: r.str()?.into(), code: r.str()?.into() },
        Shape::Pointer => Fields::Pointer { mods: r.uv()?, button: r.uv()?, x: r.sv()?, y: r.sv()? },
        Shape::Point => Fields::Point { x: r.sv()?, y: r.sv()? },
        Shape::Json => Fields::Json(r.json()?.into()),
        Shape::Named => Fields::Named { name: r.str()?.into() },
        Shape::Navigate => Fields::Navigate { mode: r.u8()?, path: r.str()?.into() },
        Shape::Hook => Fields::Hook { name: r.str()?.into(), json: r.json()?.into() },
    })
}

fn read_pairs(reader: &mut Reader<'_>) -> Result<Pairs, DecodeError> {
    // Looked at before the list is read, so that a form too large costs nothing.
    if reader.clone().count(2)? > MAX_FORM_PAIRS {
        return Reader::fail(reader.offset(), "too many form pairs");
    }
    reader.pairs()
}

/// The payload of an EVENT of `kind`: what a client writes.
///
/// # Errors
/// [`EncodeError`] for fields that are not those of `kind`, or a value that no field can hold.
pub fn encode(kind: u64, fields: &Fields) -> Result<Vec<u8>, EncodeError> {
    let refuse = |reason| Err(EncodeError { what: "fields of an event", reason });
    let Some(shape) = shape(kind) else { return refuse("unknown event kind") };
    let mut out = Vec::new();
    match (shape, fields) {
        (_, Fields::Nothing) if !(NAMED..=HOOK).contains(&kind) => {}
        (Shape::Values, Fields::Values(values)) => write_strs(&mut out, values),
        (Shape::Pairs, Fields::Pairs(pairs)) => {
            if pairs.len() > MAX_FORM_PAIRS {
                return refuse("too many form pairs");
            }
            write_pairs(&mut out, pairs);
        }
        (Shape::Key, Fields::Key { mods, key, code }) if *mods <= MAX_UV => {
            write_uv(&mut out, *mods);
            write_str(&mut out, key);
            write_str(&mut out, code);
        }
        (Shape::Pointer, Fields::Pointer { mods, button, x, y })
            if *mods.max(button) <= MAX_UV && is_sv(*x) && is_sv(*y) =>
        {
            write_uv(&mut out, *mods);
            write_uv(&mut out, *button);
            write_sv(&mut out, *x);
            write_sv(&mut out, *y);
        }
        (Shape::Point, Fields::Point { x, y }) if is_sv(*x) && is_sv(*y) => {
            write_sv(&mut out, *x);
            write_sv(&mut out, *y);
        }
        (Shape::Json, Fields::Json(json)) if json_is_shallow(json) => write_str(&mut out, json),
        (Shape::Named, Fields::Named { name }) => write_str(&mut out, name),
        (Shape::Navigate, Fields::Navigate { mode, path }) => {
            out.push(*mode);
            write_str(&mut out, path);
        }
        (Shape::Hook, Fields::Hook { name, json }) if json_is_shallow(json) => {
            write_str(&mut out, name);
            write_str(&mut out, json);
        }
        _ => return refuse("not those of this kind, or a value that they cannot hold"),
    }
    Ok(out)
}

fn is_sv(value: i64) -> bool {
    (-MAX_SV - 1..=MAX_SV).contains(&value)
}
