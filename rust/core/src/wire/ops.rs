//! `op` and `ext` (PROTOCOL section 1): the patches of a burst as bytes, and back.

use std::ops::RangeInclusive;

use super::effect::Effect;
use super::example::Examples;
use super::node::{self, lower_name, NodeWriter};
use super::reader::{write_str, Reader};
use super::texts;
use crate::error::DecodeError;
use crate::node::Hid;
use crate::patch::{Patch, PatchNode, Sink, Subtree};
use crate::patch_list::PatchList;
use crate::varint::{uv_len, write_uv};

pub(super) const SET_TEXT: u8 = 0x01;
const SET_ATTR: u8 = 0x02;
const REMOVE: u8 = 0x03;
pub(super) const INSERT: u8 = 0x04;
const SET_EVENTS: u8 = 0x05;
const REMOVE_ATTR: u8 = 0x10;
const MOVE: u8 = 0x11;
pub(super) const SET_TEXTS: u8 = 0x12;
/// Extensions that must be understood.
const UNDERSTOOD: RangeInclusive<u8> = 0x10..=0x1f;
/// Extensions that may be skipped.
const SKIPPED: RangeInclusive<u8> = 0x20..=0x3f;

/// Writes ops into one buffer, in the order in which they come.
///
/// With `lower`, only ops 01 to 05 are written, for a client that knows no others:
/// - MOVE becomes `03 hid` and `04 parent before node`, with the same hids;
/// - `REMOVE_ATTR` becomes `04 parent 0 node` alone. PROTOCOL section 1 lowers it to 03 and 04,
///   but a live hid is replaced where it is, so 03 would only lose the place among the siblings;
/// - properties lose their dot, and `.indeterminate`, which HTML cannot write, is left out.
#[derive(Debug, Default)]
pub struct Encoder {
    out: Vec<u8>,
    lower: bool,
}

impl Encoder {
    /// An empty burst.
    pub fn new(lower: bool) -> Self {
        Self { out: Vec::new(), lower }
    }

    /// Whether nothing has been written.
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// Bytes written so far.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// The ops.
    pub fn finish(self) -> Vec<u8> {
        self.out
    }

    /// Append one patch. MOVE and `REMOVE_ATTR` are written as they are: a patch does not hold
    /// the node that lowering writes out, [`Sink::shift`] and [`Sink::remove_attr`] are given it.
    pub fn patch(&mut self, patch: &Patch) {
        match patch {
            Patch::SetText { hid, text } => self.set_text(*hid, text),
            Patch::SetAttr { hid, name, value } => self.set_attr(*hid, name, value),
            Patch::Remove { hid } => self.remove(*hid),
            Patch::Insert { parent, before, node } => self.insert(*parent, *before, node),
            Patch::SetEvents { hid, events } => self.set_events(*hid, *events),
            Patch::RemoveAttr { hid, name } => self.remove_attr_op(*hid, name),
            Patch::Move { hid, parent, before } => self.move_op(*hid, *parent, *before),
        }
    }

    fn op(&mut self, opcode: u8, hid: Hid) {
        self.out.push(opcode);
        write_uv(&mut self.out, hid.into());
    }

    fn ext(&mut self, opcode: u8, len: usize) {
        self.out.push(opcode);
        write_uv(&mut self.out, len as u64);
    }

    fn remove_attr_op(&mut self, hid: Hid, name: &str) {
        self.ext(REMOVE_ATTR, uv_len(hid.into()) + uv_len(name.len() as u64) + name.len());
        write_uv(&mut self.out, hid.into());
        write_str(&mut self.out, name);
    }

    fn move_op(&mut self, hid: Hid, parent: Hid, before: Hid) {
        let hids = [hid, parent, before].map(u64::from);
        self.ext(MOVE, hids.iter().copied().map(uv_len).sum());
        for hid in hids {
            write_uv(&mut self.out, hid);
        }
    }
}

impl Sink for Encoder {
    fn set_text(&mut self, hid: Hid, text: &str) {
        self.op(SET_TEXT, hid);
        write_str(&mut self.out, text);
    }

    fn set_attr(&mut self, hid: Hid, name: &str, value: &str) {
        let Some(name) = (if self.lower { lower_name(name) } else { Some(name) }) else { return };
        self.op(SET_ATTR, hid);
        write_str(&mut self.out, name);
        write_str(&mut self.out, value);
    }

    fn remove(&mut self, hid: Hid) {
        self.op(REMOVE, hid);
    }

    fn insert<S: Subtree>(&mut self, parent: Hid, before: Hid, node: &S) {
        self.op(INSERT, parent);
        write_uv(&mut self.out, before.into());
        node.write(&mut NodeWriter::new(&mut self.out, self.lower));
    }

    fn set_events(&mut self, hid: Hid, events: u32) {
        self.op(SET_EVENTS, hid);
        write_uv(&mut self.out, events.into());
    }

    fn remove_attr<S: Subtree>(&mut self, hid: Hid, name: &str, parent: Hid, node: &S) {
        match lower_name(name) {
            _ if !self.lower => self.remove_attr_op(hid, name),
            Some(_) => self.insert(parent, 0, node),
            // It was never written.
            None => {}
        }
    }

    fn shift<S: Subtree>(&mut self, hid: Hid, parent: Hid, before: Hid, node: &S) {
        if self.lower {
            self.remove(hid);
            self.insert(parent, before, node);
        } else {
            self.move_op(hid, parent, before);
        }
    }
}

/// The ops of `patches`, not lowered: a list of patches does not hold the nodes that lowering writes out.
pub fn encode(patches: &[Patch]) -> Vec<u8> {
    let mut encoder = Encoder::new(false);
    for patch in patches {
        encoder.patch(patch);
    }
    encoder.finish()
}

/// The ops of what a diff wrote, lowered or not.
pub fn encode_list(list: &PatchList, lower: bool) -> Vec<u8> {
    let mut encoder = Encoder::new(lower);
    for (index, patch) in list.patches.iter().enumerate() {
        match (patch, list.wholes.get(&index)) {
            (Patch::RemoveAttr { hid, name }, Some(whole)) => {
                encoder.remove_attr(*hid, name, whole.parent, &whole.node);
            }
            (Patch::Move { hid, parent, before }, Some(whole)) => encoder.shift(*hid, *parent, *before, &whole.node),
            _ => encoder.patch(patch),
        }
    }
    encoder.finish()
}

/// Decode a burst without its header. Extensions 20 to 3F are stepped over.
///
/// # Errors
/// [`DecodeError`] for bytes that are no op, an op that must be understood and is not,
/// and whatever a field or a node refuses.
pub fn decode(bytes: &[u8]) -> Result<Vec<Patch>, DecodeError> {
    let mut reader = Reader::new(bytes);
    let (mut patches, mut examples) = (Vec::new(), Examples::default());
    while !reader.is_empty() {
        read_op(&mut reader, &mut examples, &mut patches)?;
    }
    Ok(patches)
}

/// Decode the payload of a SNAPSHOT: one node, then nothing but extensions 20 to 3F.
///
/// # Errors
/// [`DecodeError`] as [`node::read`], and for any other op after the node.
pub fn decode_snapshot(bytes: &[u8]) -> Result<PatchNode, DecodeError> {
    let mut reader = Reader::new(bytes);
    let node = node::read(&mut reader, &mut Examples::default())?;
    while !reader.is_empty() {
        let start = reader.offset();
        if !SKIPPED.contains(&reader.u8()?) {
            return Reader::fail(start, "only extensions 20 to 3F may come after the node");
        }
        skip(&mut reader)?;
    }
    Ok(node)
}

/// What a burst does beside changing the document, in order; `snapshot` if it begins with a node.
///
/// # Errors
/// [`DecodeError`] as [`decode`] and [`decode_snapshot`], and for an op 20 to 23 that is malformed.
pub fn effects(bytes: &[u8], snapshot: bool) -> Result<Vec<Effect>, DecodeError> {
    let mut reader = Reader::new(bytes);
    let mut examples = Examples::default();
    if snapshot {
        node::read(&mut reader, &mut examples)?;
    }
    let mut effects = Vec::new();
    while let Some(&opcode) = reader.rest().first() {
        if SKIPPED.contains(&opcode) {
            reader.u8()?;
            effects.extend(Effect::read(opcode, &mut skip(&mut reader)?)?);
        } else {
            read_op(&mut reader, &mut examples, &mut Vec::new())?;
        }
    }
    Ok(effects)
}

/// Append what one op stands for.
fn read_op(reader: &mut Reader<'_>, examples: &mut Examples, patches: &mut Vec<Patch>) -> Result<(), DecodeError> {
    let start = reader.offset();
    let patch = match reader.u8()? {
        SET_TEXT => Patch::SetText { hid: reader.hid()?, text: reader.str()?.into() },
        SET_ATTR => {
            Patch::SetAttr { hid: reader.hid()?, name: node::read_name(reader)?.into(), value: reader.str()?.into() }
        }
        REMOVE => Patch::Remove { hid: reader.hid()? },
        INSERT => {
            let (parent, before) = (reader.hid_or_0()?, reader.hid_or_0()?);
            Patch::Insert { parent, before, node: node::read(reader, examples)? }
        }
        SET_EVENTS => Patch::SetEvents { hid: reader.hid()?, events: reader.events()? },
        SET_TEXTS => {
            let mut payload = skip(reader)?;
            texts::read(&mut payload, patches)?;
            return payload.finish();
        }
        opcode if UNDERSTOOD.contains(&opcode) => read_ext(start, opcode, skip(reader)?)?,
        opcode if SKIPPED.contains(&opcode) => {
            skip(reader)?;
            return Ok(());
        }
        _ => return Reader::fail(start, "unknown op"),
    };
    patches.push(patch);
    Ok(())
}

/// Step over any op but INSERT and `SET_TEXT`.
///
/// # Errors
/// [`DecodeError`] as [`decode`].
pub(super) fn step_over(reader: &mut Reader<'_>) -> Result<(), DecodeError> {
    let start = reader.offset();
    match reader.u8()? {
        SET_ATTR => {
            reader.uv()?;
            reader.str_bytes()?;
            reader.str_bytes()?;
        }
        REMOVE => {
            reader.uv()?;
        }
        SET_EVENTS => {
            reader.uv()?;
            reader.uv()?;
        }
        opcode if UNDERSTOOD.contains(&opcode) || SKIPPED.contains(&opcode) => {
            skip(reader)?;
        }
        _ => return Reader::fail(start, "unknown op"),
    }
    Ok(())
}

/// Step over the payload of an extension; the reader of it, for who understands it.
fn skip<'a>(reader: &mut Reader<'a>) -> Result<Reader<'a>, DecodeError> {
    let len = reader.uv()?;
    reader.section(len)
}

/// Read the payload of an extension that must be understood, to its last byte.
fn read_ext(start: usize, opcode: u8, mut payload: Reader<'_>) -> Result<Patch, DecodeError> {
    let patch = match opcode {
        REMOVE_ATTR => Patch::RemoveAttr { hid: payload.hid()?, name: node::read_name(&mut payload)?.into() },
        MOVE => Patch::Move { hid: payload.hid()?, parent: payload.hid_or_0()?, before: payload.hid_or_0()? },
        _ => return Reader::fail(start, "an op that must be understood and is not"),
    };
    payload.finish()?;
    Ok(patch)
}
