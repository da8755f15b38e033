//! Frames: the length-prefixed units that every transport carries (PROTOCOL section 1).

use super::reader::Reader;
use crate::error::DecodeError;
use crate::limits::MAX_FRAMES;
use crate::varint::write_uv;

/// The reason of a [`DecodeError`] that PROTOCOL section 5 calls `TooBig`, not `InvalidFrame`.
pub const TOO_BIG: &str = "a frame longer than the limit";

/// Append one frame with this body to `out`.
pub fn write(out: &mut Vec<u8>, body: &[u8]) {
    write_uv(out, body.len() as u64);
    out.extend_from_slice(body);
}

/// The bodies of a message, which is whole frames or nothing. An empty body is liveness.
///
/// # Errors
/// [`DecodeError`] when the message ends inside a frame, holds more than [`MAX_FRAMES`], or
/// ([`TOO_BIG`]) announces a body of more than `max_frame_bytes`.
pub fn split(message: &[u8], max_frame_bytes: usize) -> Result<Vec<&[u8]>, DecodeError> {
    let mut reader = Reader::new(message);
    let mut bodies = Vec::new();
    while !reader.is_empty() {
        let start = reader.offset();
        if bodies.len() == MAX_FRAMES {
            return Reader::fail(start, "too many frames in one message");
        }
        let len = reader.uv()?;
        if len > max_frame_bytes as u64 {
            return Reader::fail(start, TOO_BIG);
        }
        bodies.push(reader.section(len)?.rest());
    }
    Ok(bodies)
}
