//! Frames out of a stream that cuts them anywhere: a socket, a pipe, a file.
//!
//! Invariants:
//! - the frames, and the fault if there is one, are the same however the stream was cut;
//! - between two calls no more is held than one frame within the limit.

use super::frame::TOO_BIG;
use crate::error::DecodeError;
use crate::varint::read_uv;

/// Bytes of the longest `uv`: fewer may be the start of one.
const MAX_UV_BYTES: usize = 8;

/// Collects what a stream gives until frames are whole.
#[derive(Clone, Debug)]
pub struct FrameReader {
    max_frame_bytes: usize,
    /// The start of a frame that is not whole yet.
    held: Vec<u8>,
    /// Where `held` starts, in bytes from the start of the stream.
    at: usize,
    fault: Option<DecodeError>,
}

impl FrameReader {
    /// A reader at the start of a stream; a body of more than `max_frame_bytes` is refused.
    pub fn new(max_frame_bytes: usize) -> Self {
        Self { max_frame_bytes, held: Vec::new(), at: 0, fault: None }
    }

    /// Take what came next; `each` gets every body that is whole now, in order.
    ///
    /// # Errors
    /// [`DecodeError`] for a length that is no `uv` or ([`TOO_BIG`]) above the limit, counted from
    /// the start of the stream. The bodies in front of it were given. A stream cannot be
    /// followed beyond a fault: every later call fails with it too.
    ///
    /// # Complexity
    /// O(bytes given), however they are cut.
    pub fn feed(&mut self, data: &[u8], mut each: impl FnMut(&[u8])) -> Result<(), DecodeError> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        self.held.extend_from_slice(data);
        let mut start = 0;
        let ended = loop {
            match self.frame(&self.held[start..]) {
                Ok(Some((body, end))) => {
                    each(&self.held[start + body..start + end]);
                    start += end;
                }
                Ok(None) => break None,
                Err(reason) => break Some(DecodeError { offset: self.at + start, reason }),
            }
        };
        self.at += start;
        self.held.drain(..start);
        match ended {
            None => Ok(()),
            Some(fault) => {
                self.held = Vec::new();
                self.fault = Some(fault.clone());
                Err(fault)
            }
        }
    }

    /// Where the body of the first frame starts and ends, `None` while it is not whole.
    fn frame(&self, bytes: &[u8]) -> Result<Option<(usize, usize)>, &'static str> {
        if bytes.len() < MAX_UV_BYTES && bytes.iter().all(|byte| byte & 0x80 != 0) {
            return Ok(None); // the length itself is not whole
        }
        let (len, body) = read_uv(bytes)?;
        if len > self.max_frame_bytes as u64 {
            return Err(TOO_BIG);
        }
        let end = body + len as usize;
        Ok((end <= bytes.len()).then_some((body, end)))
    }

    /// The stream has ended.
    ///
    /// # Errors
    /// [`DecodeError`] at the start of a frame that is not whole, or the fault that was met before.
    pub fn close(&self) -> Result<(), DecodeError> {
        match &self.fault {
            Some(fault) => Err(fault.clone()),
            None if self.held.is_empty() => Ok(()),
            None => Err(DecodeError { offset: self.at, reason: "the stream ends inside a frame" }),
        }
    }
}
