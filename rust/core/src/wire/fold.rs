//! A payload with subtrees that are alike written as one example and its instances (PROTOCOL 1.12).
//!
//! It works on bytes: what an outbox keeps is ordinary ops, and they are folded when they leave for a client
//! that understands it. So neither the diff nor the ring knows of examples, and each burst stands for itself.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::RangeInclusive;

use super::node::{ELEMENT, EXAMPLE, INSTANCE, TEXT};
use super::ops::{self, INSERT};
use super::reader::{write_str, Reader};
use crate::error::DecodeError;
use crate::limits::MAX_EXAMPLE;
use crate::node::Hid;
use crate::varint::write_uv;

/// Nodes of what is folded: of fewer, an instance is hardly shorter.
const FOLDED: RangeInclusive<u32> = 3..=MAX_EXAMPLE as u32;
/// Shorter payloads are sent as they are, as with deflate.
pub const MIN_BYTES: usize = 512;

/// `payload` folded, `None` where nothing in it is alike. With `snapshot` it begins with a node, else it is ops.
///
/// # Complexity
/// O(bytes).
pub fn fold(payload: &[u8], snapshot: bool) -> Option<Vec<u8>> {
    if payload.len() < MIN_BYTES {
        return None;
    }
    let mut fold = Fold { payload, spots: Vec::new(), roots: Vec::new() };
    fold.scan(snapshot).ok()?;
    fold.write()
}

/// One node as it stands in the payload; its subtree follows it.
struct Spot {
    hid: Hid,
    start: usize,
    /// Where its first child begins; the end, if it has none.
    inner: usize,
    end: usize,
    /// Nodes of its subtree.
    nodes: u32,
    /// What tags, events, names and texts of its subtree stand where; `None` for what can be no example.
    shape: Option<u64>,
}

struct Fold<'a> {
    payload: &'a [u8],
    /// In document order.
    spots: Vec<Spot>,
    /// The spots that are not below others.
    roots: Vec<usize>,
}

impl Fold<'_> {
    /// Find all nodes.
    fn scan(&mut self, snapshot: bool) -> Result<(), DecodeError> {
        let mut reader = Reader::new(self.payload);
        if snapshot {
            self.roots.push(0);
            self.node(&mut reader)?;
            return Ok(());
        }
        while let Some(&opcode) = reader.rest().first() {
            if opcode == INSERT {
                reader.u8()?;
                reader.uv()?;
                reader.uv()?;
                self.roots.push(self.spots.len());
                self.node(&mut reader)?;
            } else {
                ops::step_over(&mut reader)?;
            }
        }
        Ok(())
    }

    fn node(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        let (start, index) = (reader.offset(), self.spots.len());
        let kind = reader.u8()?;
        let hid = reader.hid()?;
        self.spots.push(Spot { hid, start, inner: 0, end: 0, nodes: 1, shape: None });
        let mut shape = None;
        let mut inner = None;
        if kind == ELEMENT {
            let head = reader.offset();
            reader.str()?;
            reader.uv()?;
            let mut sum = mix(hash(&self.payload[head..reader.offset()]), u64::from(ELEMENT));
            for _ in 0..reader.uv()? {
                sum = mix(sum, hash(reader.str()?.as_bytes()));
                reader.str()?;
            }
            let children = reader.uv()?;
            sum = mix(sum, children);
            shape = Some(sum);
            inner = Some(reader.offset());
            for _ in 0..children {
                let child = self.spots.len();
                self.node(reader)?;
                let child = &self.spots[child];
                let runs_on = child.hid.checked_sub(hid) == Some(self.spots[index].nodes);
                shape = shape.zip(child.shape).filter(|_| runs_on).map(|(sum, child)| mix(sum, child));
                self.spots[index].nodes += child.nodes;
            }
        } else {
            reader.str()?;
            if kind == TEXT {
                shape = Some(u64::from(TEXT));
            }
        }
        let spot = &mut self.spots[index];
        (spot.end, spot.shape) = (reader.offset(), shape);
        spot.inner = inner.unwrap_or(spot.end);
        Ok(())
    }

    fn write(&self) -> Option<Vec<u8>> {
        let mut seen: HashMap<u64, Shape, BuildHasherDefault<Known>> = HashMap::default();
        for spot in self.spots.iter().filter(|spot| FOLDED.contains(&spot.nodes)) {
            if let Some(shape) = spot.shape {
                seen.entry(shape).or_insert(Shape { times: 0, example: None }).times += 1;
            }
        }
        seen.retain(|_, shape| shape.times > 1);
        if seen.is_empty() {
            return None;
        }
        let mut writer = Writer { fold: self, seen, examples: 0, instances: 0, out: Vec::new() };
        let mut at = 0;
        for &root in &self.roots {
            let spot = &self.spots[root];
            writer.out.extend_from_slice(&self.payload[at..spot.start]);
            writer.node(root);
            at = spot.end;
        }
        writer.out.extend_from_slice(&self.payload[at..]);
        (writer.instances > 0).then_some(writer.out)
    }
}

struct Shape {
    times: usize,
    /// The number of the first one, and its spot.
    example: Option<(u64, usize)>,
}

struct Writer<'a> {
    fold: &'a Fold<'a>,
    seen: HashMap<u64, Shape, BuildHasherDefault<Known>>,
    examples: u64,
    instances: usize,
    out: Vec<u8>,
}

impl Writer<'_> {
    fn node(&mut self, index: usize) {
        let spot = &self.fold.spots[index];
        let bytes = self.fold.payload;
        let shape = spot.shape.filter(|_| FOLDED.contains(&spot.nodes)).and_then(|shape| self.seen.get_mut(&shape));
        match shape {
            Some(Shape { example: Some((number, example)), .. }) => {
                if let Some(holes) = differences(bytes, &self.fold.spots[*example], spot) {
                    self.instances += 1;
                    self.out.push(INSTANCE);
                    write_uv(&mut self.out, spot.hid.into());
                    write_uv(&mut self.out, *number);
                    write_uv(&mut self.out, holes.len() as u64);
                    for (hole, value) in holes {
                        write_uv(&mut self.out, hole);
                        write_str(&mut self.out, value);
                    }
                } else {
                    self.out.extend_from_slice(&bytes[spot.start..spot.end]);
                }
            }
            Some(shape) => {
                shape.example = Some((self.examples, index));
                self.examples += 1;
                self.out.push(EXAMPLE);
                self.out.extend_from_slice(&bytes[spot.start..spot.end]);
            }
            None => {
                self.out.extend_from_slice(&bytes[spot.start..spot.inner]);
                let (mut child, after) = (index + 1, index + spot.nodes as usize);
                while child < after {
                    self.node(child);
                    child += self.fold.spots[child].nodes as usize;
                }
            }
        }
    }
}

/// Which attributes and texts differ; `None` where more does, so that two shapes have one number.
fn differences<'a>(bytes: &'a [u8], example: &Spot, other: &Spot) -> Option<Vec<(u64, &'a str)>> {
    let mut walk = Walk {
        example: Reader::new(&bytes[example.start..example.end]),
        other: Reader::new(&bytes[other.start..other.end]),
        hole: 0,
        found: Vec::new(),
    };
    walk.node().ok().filter(|same| *same).map(|_| walk.found)
}

/// A walk through two subtrees, side by side.
struct Walk<'a> {
    example: Reader<'a>,
    other: Reader<'a>,
    hole: u64,
    found: Vec<(u64, &'a str)>,
}

impl Walk<'_> {
    fn node(&mut self) -> Result<bool, DecodeError> {
        let kind = self.example.u8()?;
        if self.other.u8()? != kind {
            return Ok(false);
        }
        self.example.hid()?;
        self.other.hid()?;
        if kind == TEXT {
            self.value()?;
            return Ok(true);
        }
        let same = self.example.str()? == self.other.str()? && self.example.uv()? == self.other.uv()?;
        let attrs = self.example.uv()?;
        if !same || self.other.uv()? != attrs {
            return Ok(false);
        }
        for _ in 0..attrs {
            if self.example.str()? != self.other.str()? {
                return Ok(false);
            }
            self.value()?;
        }
        let children = self.example.uv()?;
        if self.other.uv()? != children {
            return Ok(false);
        }
        for _ in 0..children {
            if !self.node()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn value(&mut self) -> Result<(), DecodeError> {
        let (like, value) = (self.example.str()?, self.other.str()?);
        if like != value {
            self.found.push((self.hole, value));
        }
        self.hole += 1;
        Ok(())
    }
}

fn mix(sum: u64, word: u64) -> u64 {
    (sum.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95)
}

fn hash(bytes: &[u8]) -> u64 {
    let mut words = bytes.chunks_exact(8);
    let sum = words.by_ref().fold(bytes.len() as u64, |sum, word| {
        mix(sum, u64::from_le_bytes(word.try_into().expect("a chunk of eight bytes")))
    });
    words.remainder().iter().fold(sum, |sum, byte| mix(sum, u64::from(*byte)))
}

/// Shapes are hashed already.
#[derive(Default)]
struct Known(u64);

impl Hasher for Known {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("shapes are numbers of 64 bits")
    }

    fn write_u64(&mut self, shape: u64) {
        self.0 = shape;
    }
}
