//! `node` (PROTOCOL section 1): one encoder for snapshots and insertions, one decoder.
//!
//! The encoder writes every node out; [`super::fold`] makes examples and instances of what is alike.

use std::borrow::Cow;

use super::example::Examples;
use super::reader::{write_pairs, write_str, Pairs, Reader};
use crate::attr;
use crate::error::DecodeError;
use crate::limits::{MAX_ATTRS, MAX_CHILDREN, MAX_DEPTH};
use crate::node::Hid;
use crate::patch::{NodeSink, PatchKind, PatchNode, Subtree};
use crate::varint::write_uv;

pub(super) const ELEMENT: u8 = 0x01;
pub(super) const INSTANCE: u8 = 0x02;
pub(super) const TEXT: u8 = 0x03;
const RAW: u8 = 0x04;
pub(super) const EXAMPLE: u8 = 0x05;

/// Fewest bytes of a node: kind, hid, an empty text.
const MIN_NODE: usize = 3;
/// Fewest bytes of an attribute: a name of one byte and no value.
const MIN_ATTR: usize = 3;

/// Writes a subtree as bytes.
pub struct NodeWriter<'a> {
    out: &'a mut Vec<u8>,
    lower: bool,
}

impl<'a> NodeWriter<'a> {
    /// A writer that appends to `out`; with `lower`, properties are written as attributes.
    pub fn new(out: &'a mut Vec<u8>, lower: bool) -> Self {
        Self { out, lower }
    }
}

impl NodeSink for NodeWriter<'_> {
    fn element(&mut self, hid: Hid, tag: &str, events: u32, attrs: &[(&str, &str)], children: usize) {
        #[cfg(feature = "inject-panic")]
        crate::inject::panic_at("bytes", tag);
        self.out.push(ELEMENT);
        write_uv(self.out, hid.into());
        write_str(self.out, tag);
        write_uv(self.out, events.into());
        write_pairs(self.out, &if self.lower { lower_attrs(attrs) } else { Cow::Borrowed(attrs) });
        write_uv(self.out, children as u64);
    }

    fn text(&mut self, hid: Hid, text: &str) {
        self.out.push(TEXT);
        write_uv(self.out, hid.into());
        write_str(self.out, text);
    }

    fn raw(&mut self, hid: Hid, html: &str) {
        self.out.push(RAW);
        write_uv(self.out, hid.into());
        write_str(self.out, html);
    }
}

/// The bytes of `node` by itself.
pub fn encode<S: Subtree>(node: &S, lower: bool) -> Vec<u8> {
    let mut out = Vec::new();
    node.write(&mut NodeWriter::new(&mut out, lower));
    out
}

/// What an attribute is called where properties are unknown; `None` where it has no such form.
pub fn lower_name(name: &str) -> Option<&str> {
    match name.strip_prefix('.') {
        // The one property that HTML cannot write.
        Some("indeterminate") => None,
        Some(plain) => Some(plain),
        None => Some(name),
    }
}

/// Properties lose their dot and find their place among the attributes.
/// A property is what the user sees, so it wins over an attribute of the same name.
fn lower_attrs<'a, 'b>(attrs: &'b [(&'a str, &'a str)]) -> Cow<'b, [(&'a str, &'a str)]> {
    if !attrs.iter().any(|(name, _)| name.starts_with('.')) {
        return Cow::Borrowed(attrs);
    }
    let mut plain: Vec<_> = attrs.iter().filter_map(|&(name, value)| Some((lower_name(name)?, value, name))).collect();
    // Of two with one name the property stands first, and the first stays.
    plain.sort_by_key(|&(name, _, full)| (name, !full.starts_with('.')));
    plain.dedup_by_key(|&mut (name, ..)| name);
    plain.into_iter().map(|(name, value, _)| (name, value)).collect()
}

/// Decode one node that is all of `bytes`.
///
/// # Errors
/// [`DecodeError`] as [`read`], and for bytes after the node.
pub fn decode(bytes: &[u8]) -> Result<PatchNode, DecodeError> {
    let mut reader = Reader::new(bytes);
    let node = read(&mut reader, &mut Examples::default())?;
    reader.finish()?;
    Ok(node)
}

/// Read one node, instances written out.
///
/// # Errors
/// [`DecodeError`] for bytes that are no node, a name that [`attr::check_tag`] or
/// [`attr::check_name`] refuses, attributes out of order, a limit of PROTOCOL section 6 passed,
/// and as [`Examples`] says.
pub fn read(reader: &mut Reader<'_>, examples: &mut Examples) -> Result<PatchNode, DecodeError> {
    read_at(reader, 1, examples)
}

fn read_at(reader: &mut Reader<'_>, level: usize, examples: &mut Examples) -> Result<PatchNode, DecodeError> {
    let start = reader.offset();
    if level > MAX_DEPTH {
        return Reader::fail(start, "nested too deep");
    }
    match reader.u8()? {
        EXAMPLE if examples.are_allowed => {
            examples.are_allowed = false;
            let node = read_at(reader, level, examples)?;
            examples.are_allowed = true;
            examples.learn(start, &node)?;
            Ok(node)
        }
        INSTANCE if examples.are_allowed => examples.read(reader, level),
        ELEMENT => {
            let hid = reader.hid()?;
            let tag = read_tag(reader)?;
            let events = reader.events()?;
            let attrs = read_attrs(reader)?;
            let children = read_children(reader, level, examples)?;
            Ok(PatchNode { hid, kind: PatchKind::Element { tag, events, attrs, children } })
        }
        TEXT => Ok(PatchNode { hid: reader.hid()?, kind: PatchKind::Text(reader.str()?.into()) }),
        RAW => Ok(PatchNode { hid: reader.hid()?, kind: PatchKind::Raw(reader.str()?.into()) }),
        _ => Reader::fail(start, "unknown node"),
    }
}

fn read_tag(reader: &mut Reader<'_>) -> Result<Box<str>, DecodeError> {
    let start = reader.offset();
    let tag = reader.str()?;
    #[cfg(feature = "inject-panic")]
    crate::inject::panic_at("read", tag);
    attr::check_tag(tag).or_else(|_| Reader::fail(start, "a tag name that is refused"))?;
    Ok(tag.into())
}

/// Read the name of an attribute or a property.
///
/// # Errors
/// [`DecodeError`] for a name that [`attr::check_name`] refuses.
pub fn read_name<'a>(reader: &mut Reader<'a>) -> Result<&'a str, DecodeError> {
    let start = reader.offset();
    let name = reader.str()?;
    attr::check_name(name).or_else(|_| Reader::fail(start, "an attribute name that is refused"))?;
    Ok(name)
}

fn read_attrs(reader: &mut Reader<'_>) -> Result<Pairs, DecodeError> {
    let start = reader.offset();
    let count = reader.count(MIN_ATTR)?;
    if count > MAX_ATTRS {
        return Reader::fail(start, "too many attributes");
    }
    let mut attrs = Pairs::with_capacity(count);
    for _ in 0..count {
        let start = reader.offset();
        let name = read_name(reader)?;
        if attrs.last().is_some_and(|(last, _)| **last >= *name) {
            return Reader::fail(start, "attributes out of order");
        }
        attrs.push((name.into(), reader.str()?.into()));
    }
    Ok(attrs)
}

fn read_children(
    reader: &mut Reader<'_>,
    level: usize,
    examples: &mut Examples,
) -> Result<Vec<PatchNode>, DecodeError> {
    let start = reader.offset();
    let count = reader.count(MIN_NODE)?;
    if count > MAX_CHILDREN {
        return Reader::fail(start, "too many children");
    }
    // No room is taken ahead: lists nest, and each level may announce all the bytes there are.
    let mut children = Vec::new();
    for _ in 0..count {
        children.push(read_at(reader, level + 1, examples)?);
    }
    Ok(children)
}
