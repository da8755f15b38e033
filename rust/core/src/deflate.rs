//! Raw deflate of payloads (PROTOCOL section 1), and inflating under a limit.
//!
//! Invariants maintained here:
//! - no state lasts from one payload to the next: one compressor a thread, reset for each;
//! - what does not shrink is not deflated;
//! - inflating never holds more than one byte above its limit, whatever the bytes promise.
//!
//! The crate, [`LEVEL`] and [`MIN_BYTES`] are chosen by the table in `docs/PERFORMANCE.md`.

use std::cell::Cell;

use miniz_oxide::deflate::core::{compress, create_comp_flags_from_zip_params, CompressorOxide};
use miniz_oxide::deflate::core::{TDEFLFlush, TDEFLStatus};
use miniz_oxide::inflate::core::{decompress, inflate_flags, DecompressorOxide};
use miniz_oxide::inflate::TINFLStatus;

use crate::error::DecodeError;

/// How hard to look for repetitions, from 1 to 9: further levels cost more and give nothing on the wire's bytes.
const LEVEL: i32 = 3;
/// Raw deflate: no header, no checksum.
const RAW: i32 = -15;
/// Shorter payloads are sent as they are: what they would lose does not pay for the peer's inflating.
pub const MIN_BYTES: usize = 512;
/// How much longer inflated bytes are taken to be, as a first guess.
const GUESS: usize = 4;

thread_local! {
    static COMPRESSOR: Cell<Option<Box<CompressorOxide>>> = const { Cell::new(None) };
}

/// One complete raw-deflate stream of `bytes`; `None` where it would not be shorter, or `bytes` are below
/// [`MIN_BYTES`].
///
/// # Complexity
/// O(bytes), and the reset of the compressor: some microseconds.
pub fn deflate(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.len() < MIN_BYTES {
        return None;
    }
    // Taken out, not borrowed: one that a panic left half-way is dropped.
    let mut compressor = COMPRESSOR.take().unwrap_or_else(|| {
        let flags = create_comp_flags_from_zip_params(LEVEL, RAW, 0);
        Box::new(CompressorOxide::new(flags))
    });
    compressor.reset();
    let mut out = vec![0; bytes.len() - 1];
    let (status, _, written) = compress(&mut compressor, bytes, &mut out, TDEFLFlush::Finish);
    COMPRESSOR.set(Some(compressor));
    out.truncate(written);
    (status == TDEFLStatus::Done).then_some(out)
}

/// What one complete raw-deflate stream holds.
///
/// # Errors
/// [`DecodeError`] for bytes that are no such stream, that end before it does or go on behind it, and for
/// one that holds more than `limit` bytes.
///
/// # Complexity
/// O(what it holds), at most O(`limit`).
pub fn inflate(bytes: &[u8], limit: usize) -> Result<Vec<u8>, DecodeError> {
    let fail = |offset, reason| Err(DecodeError { offset, reason });
    let mut state = Box::new(DecompressorOxide::new());
    let mut out = Vec::new();
    let (mut read, mut written) = (0, 0);
    loop {
        if written > limit {
            return fail(read, "inflates to more than the limit");
        }
        let room = (written * 2).max(bytes.len().saturating_mul(GUESS)).min(limit.saturating_add(1));
        out.resize(room.max(written), 0);
        let flags = inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, took, gave) = decompress(&mut state, &bytes[read..], &mut out, written, flags);
        (read, written) = (read + took, written + gave);
        match status {
            TINFLStatus::HasMoreOutput => {}
            TINFLStatus::Done if written > limit => {}
            TINFLStatus::Done if read < bytes.len() => return fail(read, "bytes behind the end of the stream"),
            TINFLStatus::Done => {
                out.truncate(written);
                return Ok(out);
            }
            TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => {
                return fail(read, "truncated: the stream does not end");
            }
            _ => return fail(read, "not a raw-deflate stream"),
        }
    }
}
