//! What stands where in the payload of a burst: its nodes, and the texts that it sets.
//!
//! Rows of a list are alike, so each node is held against the one before it: where only values differ, these are all
//! that is kept of it.

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

use super::alike::{differences, Hole};
use super::node::{ELEMENT, TEXT};
use super::ops::{self, INSERT, SET_TEXT};
use super::reader::Reader;
use crate::error::DecodeError;
use crate::limits::MAX_EXAMPLE;
use crate::node::Hid;

/// Nodes of what is folded: of fewer, an instance is hardly shorter.
pub(super) const FOLDED: RangeInclusive<u32> = 3..=MAX_EXAMPLE as u32;

/// One node as it stands in the payload; the nodes below follow it, unless it is like another one.
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
    /// The spot behind its subtree.
    pub next: usize,
    /// The spot that it is like, and which of `holes` are its own.
    like: Option<(usize, Range<usize>)>,
}

impl Spot {
    /// The hids of those nodes of its subtree that have no spot of their own, its own among them.
    pub fn hids(&self) -> RangeInclusive<Hid> {
        self.hid..=self.hid + if self.like.is_some() { self.nodes - 1 } else { 0 }
    }
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
    holes: Vec<Hole<'a>>,
}

impl<'a> Scan<'a> {
    /// Find all nodes and texts; with `snapshot` the payload begins with a node, else it is ops.
    ///
    /// # Errors
    /// [`DecodeError`] for what is neither.
    pub fn new(payload: &'a [u8], snapshot: bool) -> Result<Self, DecodeError> {
        let mut scan = Self { payload, spots: Vec::new(), roots: Vec::new(), texts: Vec::new(), holes: Vec::new() };
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
                let root = scan.sibling(&mut reader, scan.roots.last().copied())?;
                scan.roots.push(root);
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

    /// What a node has other than an example, `None` where more differs than values.
    pub fn holes_of(&self, spot: &Spot, example: usize) -> Option<Cow<'_, [Hole<'a>]>> {
        if let Some((_, holes)) = spot.like.as_ref().filter(|(like, _)| *like == example) {
            return Some(self.holes[holes.clone()].into());
        }
        let mut holes = Vec::new();
        let mut other = Reader::new(&self.payload[spot.start..spot.end]);
        differences(self.bytes(example), &mut other, &mut holes).map(|_| holes.into())
    }

    fn bytes(&self, spot: usize) -> &'a [u8] {
        &self.payload[self.spots[spot].start..self.spots[spot].end]
    }

    /// Take the node behind `elder`, and return its spot.
    fn sibling(&mut self, reader: &mut Reader<'a>, elder: Option<usize>) -> Result<usize, DecodeError> {
        let index = self.spots.len();
        if !elder.is_some_and(|elder| self.alike(reader, elder)) {
            self.node(reader)?;
        }
        Ok(index)
    }

    /// Take the node if it is like `elder`.
    fn alike(&mut self, reader: &mut Reader<'a>, elder: usize) -> bool {
        let elder = self.spots[elder].like.as_ref().map_or(elder, |(like, _)| *like);
        let Spot { nodes, shape, .. } = self.spots[elder];
        if shape.is_none() || !FOLDED.contains(&nodes) {
            return false;
        }
        let (mut other, first) = (reader.clone(), self.holes.len());
        let Some(hid) = differences(self.bytes(elder), &mut other, &mut self.holes) else { return false };
        let start = reader.offset();
        *reader = other;
        let (end, next) = (reader.offset(), self.spots.len() + 1);
        let like = Some((elder, first..self.holes.len()));
        self.spots.push(Spot { hid, start, inner: end, end, nodes, shape, next, like });
        true
    }

    fn node(&mut self, reader: &mut Reader<'a>) -> Result<(), DecodeError> {
        let (start, index) = (reader.offset(), self.spots.len());
        let kind = reader.u8()?;
        let hid = reader.hid()?;
        self.spots.push(Spot { hid, start, inner: 0, end: 0, nodes: 1, shape: None, next: 0, like: None });
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
            let mut elder = None;
            for _ in 0..children {
                let child = self.sibling(reader, elder)?;
                elder = Some(child);
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
        let next = self.spots.len();
        let spot = &mut self.spots[index];
        (spot.end, spot.shape, spot.next) = (reader.offset(), shape, next);
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
