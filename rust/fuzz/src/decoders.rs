//! Bytes from outside.

use std::collections::BTreeMap;

use vango_core::deflate;
use vango_core::error::DecodeError;
use vango_core::model::Model;
use vango_core::node::Hid;
use vango_core::patch::{Patch, PatchNode};
use vango_core::varint::read_uv;
use vango_core::wire::example::Examples;
use vango_core::wire::fold::Forms;
use vango_core::wire::reader::Reader;
use vango_core::wire::{event as fields, fold, frame, message as messages, node, ops as bursts};

/// Largest body of a frame that is read.
const MAX_FRAME: usize = 1 << 16;
/// Most bytes that a stream may hold.
const MAX_INFLATED: usize = 1 << 16;

/// What was read; an error names a place within `bytes`.
fn read<'a, T>(bytes: &'a [u8], read: impl FnOnce(&'a [u8]) -> Result<T, DecodeError>) -> Option<T> {
    match read(bytes) {
        Ok(read) => Some(read),
        Err(error) => {
            assert!(error.offset <= bytes.len(), "{error} in {} bytes", bytes.len());
            assert!(!error.reason.is_empty());
            None
        }
    }
}

/// The ops of a burst.
///
/// # Panics
/// For a burst that is read and cannot be written again.
pub fn ops(bytes: &[u8]) {
    if let Some(burst) = read(bytes, bursts::decode) {
        // Extensions that are stepped over are not written again.
        let written = bursts::encode(&burst);
        assert_eq!(Ok(&burst), bursts::decode(&written).as_ref());
        if let Some(folded) = fold::fold(&written, false, Forms { templates: true, texts: false }) {
            assert!(folded.len() < written.len());
            assert_eq!(Ok(&burst), bursts::decode(&folded).as_ref());
        }
        if let Some(folded) = fold::fold(&written, false, Forms::ALL) {
            assert!(folded.len() < written.len());
            assert_eq!(apart(&burst), apart(&bursts::decode(&folded).expect("ops")));
        }
    }
}

/// What each text says at the end, and the other patches in their order.
fn apart(burst: &[Patch]) -> (BTreeMap<Hid, &str>, Vec<&Patch>) {
    let (mut texts, mut others) = (BTreeMap::new(), Vec::new());
    for patch in burst {
        match patch {
            Patch::SetText { hid, text } => _ = texts.insert(*hid, &**text),
            other => others.push(other),
        }
    }
    (texts, others)
}

/// The payload of a SNAPSHOT.
///
/// # Panics
/// As [`ops`], for a snapshot.
pub fn snapshot(bytes: &[u8]) {
    if let Some(root) = read(bytes, bursts::decode_snapshot) {
        if node::read(&mut Reader::new(bytes), &mut Examples::refused()).is_ok() {
            assert!(bytes.starts_with(&node::encode(&root, false)), "every node has one form of its own");
        }
        assert_eq!(Ok(root.clone()), node::decode(&node::encode(&root, false)));
        let lowered = node::encode(&root, true);
        assert!(node::decode(&lowered).is_ok(), "what is lowered can be read");
        if let Ok(model) = Model::from_node(&root) {
            assert_eq!(root, model.to_node());
        }
    }
}

/// A message of frames.
///
/// # Panics
/// As [`ops`], for a message.
pub fn message(bytes: &[u8]) {
    let Some(bodies) = read(bytes, |bytes| frame::split(bytes, MAX_FRAME)) else { return };
    let mut again = Vec::new();
    for body in bodies {
        frame::write(&mut again, body);
        let Some(read) = read(body, messages::decode) else { continue };
        let frame = messages::encode(read.spec.kind, read.flags, &read.values, read.payload).expect("what was read");
        let (_, prefix) = read_uv(&frame).expect("a length");
        // A later version may have added fields.
        assert!(body.starts_with(&frame[prefix..]));
    }
    assert_eq!(bytes, again);
}

/// The fields of an event, of the kind that the first byte names.
///
/// # Panics
/// As [`ops`], for the fields of an event.
pub fn event(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let kind = u64::from(*kind);
    if let Some(read) = read(bytes, |bytes| fields::decode(kind, bytes)) {
        assert_eq!(Ok(bytes), fields::encode(kind, &read).as_deref());
    }
}

/// A raw-deflate stream; and the bytes as what is to be deflated.
///
/// # Panics
/// When a limit is passed, or is more than a limit; when what was deflated does not come back.
pub fn inflate(bytes: &[u8]) {
    if let Some(held) = read(bytes, |bytes| deflate::inflate(bytes, MAX_INFLATED)) {
        assert!(held.len() <= MAX_INFLATED);
        if let Some(less) = held.len().checked_sub(1) {
            assert!(deflate::inflate(bytes, less).is_err(), "{less} bytes were the limit");
        }
        assert_eq!(Ok(&held), deflate::inflate(bytes, held.len()).as_ref());
    }
    if let Some(stream) = deflate::deflate(bytes) {
        assert!(stream.len() < bytes.len());
        assert_eq!(Ok(bytes), deflate::inflate(&stream, bytes.len()).as_deref());
    }
}

/// A document that every rule of a burst can be broken on.
fn document() -> PatchNode {
    let list = b"\x01\x01\x02ul\x00\x00\x03\x01\x02\x02li\x00\x00\x01\x03\x03\x01a\x01\x04\x02li\x01\x00\x01\x03\x05\x01b\x04\x06\x01c";
    node::decode(list).expect("a list of two items and a unit of raw HTML")
}

/// Bursts, each after its length as a frame has it, applied one after the other.
///
/// # Panics
/// When a burst is applied by half, or leaves what is no tree.
pub fn apply(bytes: &[u8]) {
    let mut model = Model::from_node(&document()).expect("hids from 1 to 6");
    let Ok(bodies) = frame::split(bytes, bytes.len()) else { return };
    for burst in bodies.iter().filter_map(|body| bursts::decode(body).ok()) {
        let before = model.clone();
        match model.apply(&burst) {
            Ok(()) => whole(&model),
            Err(error) => {
                assert!(error.index <= burst.len());
                assert_eq!(before, model, "{error}: half applied");
                alone(&before, &burst[..error.index]);
            }
        }
    }
}

/// A model is one tree, in which every node stands once: a snapshot of it gives it back.
fn whole(model: &Model) {
    let root = model.to_node();
    let bytes = node::encode(&root, false);
    assert_eq!(Ok(model.clone()), Model::from_snapshot(&bytes));
}

/// What came before the patch that failed can be applied, but for a root that would be missing.
fn alone(before: &Model, burst: &[Patch]) {
    let mut model = before.clone();
    match model.apply(burst) {
        Ok(()) => whole(&model),
        Err(error) => assert_eq!(burst.len(), error.index, "{error}"),
    }
}
