//! A payload written shorter: subtrees that are alike as one example and its instances (PROTOCOL 1.12), and the
//! texts that it sets all at once (PROTOCOL 1.13).
//!
//! It works on bytes: what an outbox keeps is ordinary ops, and they are folded when they leave for a client
//! that understands it. So neither the diff nor the ring knows of it, and each burst stands for itself.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::alike::Hole;
use super::node::{EXAMPLE, INSTANCE};
use super::scan::{Scan, FOLDED};
use super::texts::gather;
use crate::node::Hid;
use crate::varint::write_uv;

/// Shorter payloads are sent as they are, as with deflate.
pub const MIN_BYTES: usize = 512;

/// The shorter forms that a receiver understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forms {
    /// Examples and instances.
    pub templates: bool,
    /// `SET_TEXTS`.
    pub texts: bool,
}

impl Forms {
    /// All that there are.
    pub const ALL: Self = Self { templates: true, texts: true };
    /// None: ops and nodes as they are.
    pub const NONE: Self = Self { templates: false, texts: false };
}

/// `payload` folded, `None` where nothing in it can be. With `snapshot` it begins with a node, else it is ops.
///
/// # Complexity
/// O(bytes), and the order of its texts.
pub fn fold(payload: &[u8], snapshot: bool, forms: Forms) -> Option<Vec<u8>> {
    if payload.len() < MIN_BYTES || forms == Forms::NONE {
        return None;
    }
    let scan = Scan::new(payload, snapshot).ok()?;
    let gathered = if forms.texts { gather(&scan) } else { None };
    match gathered {
        None if forms.templates => fold_nodes(&scan),
        Some(ops) if forms.templates => Scan::new(&ops, false).ok().and_then(|scan| fold_nodes(&scan)).or(Some(ops)),
        gathered => gathered,
    }
}

/// What is alike as examples and instances, `None` where nothing is.
fn fold_nodes(scan: &Scan<'_>) -> Option<Vec<u8>> {
    let mut seen: HashMap<u64, Shape, BuildHasherDefault<Known>> = HashMap::default();
    for spot in scan.spots.iter().filter(|spot| FOLDED.contains(&spot.nodes)) {
        if let Some(shape) = spot.shape {
            seen.entry(shape).or_insert(Shape { times: 0, example: None }).times += 1;
        }
    }
    seen.retain(|_, shape| shape.times > 1);
    if seen.is_empty() {
        return None;
    }
    let mut writer = Writer { scan, seen, examples: 0, instances: 0, out: Vec::new() };
    let mut at = 0;
    for &root in &scan.roots {
        let spot = &scan.spots[root];
        writer.out.extend_from_slice(&scan.payload[at..spot.start]);
        writer.node(root);
        at = spot.end;
    }
    writer.out.extend_from_slice(&scan.payload[at..]);
    (writer.instances > 0).then_some(writer.out)
}

struct Shape {
    times: usize,
    /// The number of the first one, and its spot.
    example: Option<(u64, usize)>,
}

struct Writer<'a> {
    scan: &'a Scan<'a>,
    seen: HashMap<u64, Shape, BuildHasherDefault<Known>>,
    examples: u64,
    instances: usize,
    out: Vec<u8>,
}

impl Writer<'_> {
    fn node(&mut self, index: usize) {
        let spot = &self.scan.spots[index];
        let bytes = self.scan.payload;
        let shape = spot.shape.filter(|_| FOLDED.contains(&spot.nodes)).and_then(|shape| self.seen.get_mut(&shape));
        match shape {
            Some(Shape { example: Some((number, example)), .. }) => {
                let (number, example) = (*number, *example);
                match self.scan.holes_of(spot, example) {
                    Some(holes) => self.instance(spot.hid, number, &holes),
                    // Two shapes have one number.
                    None => self.out.extend_from_slice(&bytes[spot.start..spot.end]),
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
                let mut child = index + 1;
                while child < spot.next {
                    self.node(child);
                    child = self.scan.spots[child].next;
                }
            }
        }
    }

    fn instance(&mut self, hid: Hid, example: u64, holes: &[Hole<'_>]) {
        self.instances += 1;
        self.out.push(INSTANCE);
        write_uv(&mut self.out, hid.into());
        write_uv(&mut self.out, example);
        write_uv(&mut self.out, holes.len() as u64);
        for (hole, value) in holes {
            write_uv(&mut self.out, *hole);
            write_uv(&mut self.out, value.len() as u64);
            self.out.extend_from_slice(value);
        }
    }
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
