//! A cursor over bytes from outside, and the primitives that it reads.
//!
//! Invariant: `at <= bytes.len()`; offsets in errors count from the start of what was given,
//! also inside a [`Reader::section`].

use crate::error::DecodeError;
use crate::limits::MAX_JSON_DEPTH;
use crate::node::Hid;
use crate::varint;

/// Stands behind a text that says no length: no UTF-8 holds this byte.
pub const END_OF_TEXT: u8 = 0xff;

/// A `list(str, str)`.
pub type Pairs = Vec<(Box<str>, Box<str>)>;

/// Reads the primitives of PROTOCOL section 1, each checked against what is there.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// A reader of all of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Where the next byte stands.
    pub fn offset(&self) -> usize {
        self.at
    }

    /// Bytes that have not been read.
    pub fn remaining(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// Whether everything has been read.
    pub fn is_empty(&self) -> bool {
        self.remaining() == 0
    }

    /// What has not been read.
    pub fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    /// An error at the byte that stands at `offset`.
    ///
    /// # Errors
    /// Always: it is the error.
    pub fn fail<T>(offset: usize, reason: &'static str) -> Result<T, DecodeError> {
        Err(DecodeError { offset, reason })
    }

    /// Nothing may be left.
    ///
    /// # Errors
    /// [`DecodeError`] at the first byte that is.
    pub fn finish(&self) -> Result<(), DecodeError> {
        if self.is_empty() {
            return Ok(());
        }
        Self::fail(self.at, "trailing bytes")
    }

    /// One byte.
    ///
    /// # Errors
    /// [`DecodeError`] at the end.
    pub fn u8(&mut self) -> Result<u8, DecodeError> {
        match self.rest().first() {
            Some(&byte) => {
                self.at += 1;
                Ok(byte)
            }
            None => Self::fail(self.at, "truncated"),
        }
    }

    /// A `uv`.
    ///
    /// # Errors
    /// [`DecodeError`] as [`varint::read_uv`].
    pub fn uv(&mut self) -> Result<u64, DecodeError> {
        match varint::read_uv(self.rest()) {
            Ok((value, len)) => {
                self.at += len;
                Ok(value)
            }
            Err(reason) => Self::fail(self.at, reason),
        }
    }

    /// An `sv`.
    ///
    /// # Errors
    /// As [`Reader::uv`].
    pub fn sv(&mut self) -> Result<i64, DecodeError> {
        self.uv().map(varint::unzigzag)
    }

    /// A hid, or 0 where the mount point, the session or the window may be meant.
    ///
    /// # Errors
    /// [`DecodeError`] above 2^32-1.
    pub fn hid_or_0(&mut self) -> Result<Hid, DecodeError> {
        let start = self.at;
        let value = self.uv()?;
        Hid::try_from(value).or_else(|_| Self::fail(start, "a hid above 2^32-1"))
    }

    /// The hid of a node.
    ///
    /// # Errors
    /// [`DecodeError`] for 0 and above 2^32-1.
    pub fn hid(&mut self) -> Result<Hid, DecodeError> {
        let start = self.at;
        match self.hid_or_0()? {
            0 => Self::fail(start, "hid 0 names no node"),
            hid => Ok(hid),
        }
    }

    /// `eventbits`: bits 0 to 30.
    ///
    /// # Errors
    /// [`DecodeError`] for a bit that is no event kind.
    pub fn events(&mut self) -> Result<u32, DecodeError> {
        let start = self.at;
        match u32::try_from(self.uv()?) {
            Ok(bits) if bits < 1 << 31 => Ok(bits),
            _ => Self::fail(start, "unknown event bits"),
        }
    }

    /// A `str`.
    ///
    /// # Errors
    /// [`DecodeError`] when it is cut short or is not UTF-8 (then at the first wrong byte).
    pub fn str(&mut self) -> Result<&'a str, DecodeError> {
        let len = self.uv()?;
        self.text(len)
    }

    /// The bytes of a `str`, for who looks only where it ends and whether it is another one.
    ///
    /// # Errors
    /// [`DecodeError`] when it is cut short.
    pub fn str_bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        let len = self.uv()?;
        self.take(len)
    }

    /// A text up to its [`END_OF_TEXT`], which is stepped over.
    ///
    /// # Errors
    /// [`DecodeError`] when that is not there, or what is in front of it is not UTF-8.
    pub fn ended_str(&mut self) -> Result<&'a str, DecodeError> {
        let Some(len) = self.rest().iter().position(|byte| *byte == END_OF_TEXT) else {
            return Self::fail(self.bytes.len(), "truncated: a text without its end");
        };
        let text = self.text(len as u64)?;
        self.at += 1;
        Ok(text)
    }

    fn text(&mut self, len: u64) -> Result<&'a str, DecodeError> {
        let start = self.at;
        let bytes = self.take(len)?;
        std::str::from_utf8(bytes).or_else(|error| Self::fail(start + error.valid_up_to(), "not UTF-8"))
    }

    /// A `json`: its text, which the receiver parses.
    ///
    /// # Errors
    /// [`DecodeError`] as [`Reader::str`], and for nesting deeper than [`MAX_JSON_DEPTH`].
    pub fn json(&mut self) -> Result<&'a str, DecodeError> {
        let start = self.at;
        let text = self.str()?;
        if json_is_shallow(text) {
            return Ok(text);
        }
        Self::fail(start, "JSON nested too deep")
    }

    /// The count of a list whose items take at least `item` bytes each (at least 1):
    /// so the items can be there, and room for them may be taken.
    ///
    /// # Errors
    /// [`DecodeError`] when the bytes at hand cannot hold that many.
    pub fn count(&mut self, item: usize) -> Result<usize, DecodeError> {
        let start = self.at;
        let count = self.uv()?;
        match usize::try_from(count) {
            Ok(count) if count <= self.remaining() / item => Ok(count),
            _ => Self::fail(start, "truncated: a list longer than what is there"),
        }
    }

    /// A reader of the next `len` bytes, which this one steps over.
    ///
    /// # Errors
    /// [`DecodeError`] when they are not there.
    pub fn section(&mut self, len: u64) -> Result<Self, DecodeError> {
        let at = self.at;
        self.take(len)?;
        Ok(Self { bytes: &self.bytes[..self.at], at })
    }

    /// A list whose items take at least `min` bytes each.
    ///
    /// # Errors
    /// [`DecodeError`] of the count or of an item.
    pub fn list<T>(
        &mut self,
        min: usize,
        mut item: impl FnMut(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let count = self.count(min)?;
        (0..count).map(|_| item(self)).collect()
    }

    /// A `list str`.
    ///
    /// # Errors
    /// As [`Reader::list`].
    pub fn strs(&mut self) -> Result<Vec<Box<str>>, DecodeError> {
        self.list(1, |r| Ok(r.str()?.into()))
    }

    /// A `list(str, str)`.
    ///
    /// # Errors
    /// As [`Reader::list`].
    pub fn pairs(&mut self) -> Result<Pairs, DecodeError> {
        self.list(2, |r| Ok((r.str()?.into(), r.str()?.into())))
    }

    fn take(&mut self, len: u64) -> Result<&'a [u8], DecodeError> {
        match usize::try_from(len) {
            Ok(len) if len <= self.remaining() => {
                let bytes = &self.bytes[self.at..self.at + len];
                self.at += len;
                Ok(bytes)
            }
            _ => Self::fail(self.at, "truncated: longer than what is there"),
        }
    }
}

/// Append `text` as a `str`.
pub fn write_str(out: &mut Vec<u8>, text: &str) {
    varint::write_uv(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Append a `list str`.
pub fn write_strs(out: &mut Vec<u8>, texts: &[Box<str>]) {
    varint::write_uv(out, texts.len() as u64);
    for text in texts {
        write_str(out, text);
    }
}

/// Append a `list(str, str)`.
pub fn write_pairs<S: AsRef<str>>(out: &mut Vec<u8>, pairs: &[(S, S)]) {
    varint::write_uv(out, pairs.len() as u64);
    for (name, value) in pairs {
        write_str(out, name.as_ref());
        write_str(out, value.as_ref());
    }
}

/// Whether no bracket outside a string of `text` opens more than [`MAX_JSON_DEPTH`] levels.
/// It is asked before the text is parsed, so it does not care whether the text is JSON.
pub fn json_is_shallow(text: &str) -> bool {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_JSON_DEPTH {
            return false;
        }
    }
    true
}
