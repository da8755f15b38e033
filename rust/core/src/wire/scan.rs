//! What stands where in the payload of a burst: its nodes, and the texts that it sets.

use super::node::{ELEMENT, TEXT};
use super::ops::{self, INSERT, SET_TEXT};
use super::reader::Reader;
use crate::error::DecodeError;
use crate::node::Hid;

/// One node as it stands in the payload; its subtree follows it.
pub(super) struct Spot {
    pub hid: Hid,
    pub start: usize,
    /// Where its first child begins; the end, if it has none.
    pub inner: usize,
    pub end: usize,
    /// Nodes of its subtree.
    pub nodes: u32,
    /// What tags, events, names and texts of its subtree stand where; `None` for what can be no example.
    pub shape: Option<u64>,
}

/// One `SET_TEXT` as it stands in the payload.
pub(super) struct Said<'a> {
    pub hid: Hid,
    pub text: &'a [u8],
    pub start: usize,
    pub end: usize,
}

pub(super) struct Scan<'a> {
    pub payload: &'a [u8],
    /// In document order.
    pub spots: Vec<Spot>,
    /// The spots that are not below others.
    pub roots: Vec<usize>,
    pub texts: Vec<Said<'a>>,
}

impl<'a> Scan<'a> {
    /// Find all nodes and texts; with `snapshot` the payload begins with a node, else it is ops.
    ///
    /// # Errors
    /// [`DecodeError`] for what is neither.
    pub fn new(payload: &'a [u8], snapshot: bool) -> Result<Self, DecodeError> {
        let mut scan = Self { payload, spots: Vec::new(), roots: Vec::new(), texts: Vec::new() };
        let mut reader = Reader::new(payload);
        if snapshot {
            scan.roots.push(0);
            scan.node(&mut reader)?;
            return Ok(scan);
        }
        while let Some(&opcode) = reader.rest().first() {
            let start = reader.offset();
            if opcode == INSERT {
                reader.u8()?;
                reader.uv()?;
                reader.uv()?;
                scan.roots.push(scan.spots.len());
                scan.node(&mut reader)?;
            } else if opcode == SET_TEXT {
                reader.u8()?;
                let (hid, text) = (reader.hid()?, reader.str_bytes()?);
                scan.texts.push(Said { hid, text, start, end: reader.offset() });
            } else {
                ops::step_over(&mut reader)?;
            }
        }
        Ok(scan)
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
            reader.str_bytes()?;
            reader.uv()?;
            let mut sum = mix(hash(&self.payload[head..reader.offset()]), u64::from(ELEMENT));
            for _ in 0..reader.uv()? {
                sum = mix(sum, hash(reader.str_bytes()?));
                reader.str_bytes()?;
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
            reader.str_bytes()?;
            if kind == TEXT {
                shape = Some(u64::from(TEXT));
            }
        }
        let spot = &mut self.spots[index];
        (spot.end, spot.shape) = (reader.offset(), shape);
        spot.inner = inner.unwrap_or(spot.end);
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
