//! Whether two subtrees are the same but for the values of attributes and texts, and which of these differ.

use super::node::TEXT;
use super::reader::Reader;
use crate::error::DecodeError;
use crate::node::Hid;

/// A value that an instance has for itself: the number of the hole in its example, and what stands there.
pub(super) type Hole<'a> = (u64, &'a [u8]);

/// Read one subtree, append to `holes` what it has other than `example`, and return its hid. `None`, and nothing is
/// appended, where more differs than values, or where its hids do not run on; then `other` stands anywhere.
pub(super) fn differences<'a>(example: &[u8], other: &mut Reader<'a>, holes: &mut Vec<Hole<'a>>) -> Option<Hid> {
    let before = holes.len();
    let mut walk = Walk { example: Reader::new(example), other, root: None, nodes: 0, hole: 0, holes };
    if matches!(walk.node(), Ok(true)) {
        return walk.root;
    }
    holes.truncate(before);
    None
}

/// A walk through two subtrees, side by side.
struct Walk<'a, 'b, 'c> {
    example: Reader<'b>,
    other: &'c mut Reader<'a>,
    /// The hid of the other, once it is read.
    root: Option<Hid>,
    /// So many nodes are read.
    nodes: Hid,
    hole: u64,
    holes: &'c mut Vec<Hole<'a>>,
}

impl Walk<'_, '_, '_> {
    fn node(&mut self) -> Result<bool, DecodeError> {
        let kind = self.example.u8()?;
        if self.other.u8()? != kind {
            return Ok(false);
        }
        self.example.hid()?;
        let hid = self.other.hid()?;
        if hid.checked_sub(*self.root.get_or_insert(hid)) != Some(self.nodes) {
            return Ok(false);
        }
        self.nodes += 1;
        if kind == TEXT {
            self.value()?;
            return Ok(true);
        }
        if !self.same_str()? || self.same_uv()?.is_none() {
            return Ok(false);
        }
        let Some(attrs) = self.same_uv()? else { return Ok(false) };
        for _ in 0..attrs {
            if !self.same_str()? {
                return Ok(false);
            }
            self.value()?;
        }
        let Some(children) = self.same_uv()? else { return Ok(false) };
        for _ in 0..children {
            if !self.node()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn same_str(&mut self) -> Result<bool, DecodeError> {
        Ok(self.example.str_bytes()? == self.other.str_bytes()?)
    }

    /// A number that both have, `None` where they differ.
    fn same_uv(&mut self) -> Result<Option<u64>, DecodeError> {
        let number = self.example.uv()?;
        Ok((self.other.uv()? == number).then_some(number))
    }

    fn value(&mut self) -> Result<(), DecodeError> {
        let (like, value) = (self.example.str_bytes()?, self.other.str_bytes()?);
        if like != value {
            self.holes.push((self.hole, value));
        }
        self.hole += 1;
        Ok(())
    }
}
