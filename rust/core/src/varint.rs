//! Numbers on the wire: `uv` and `sv` (PROTOCOL section 1).
//!
//! Invariant: a number has exactly one spelling, so equal values give equal bytes.

/// Largest `uv`, 2^53-1: what a JavaScript number holds exactly.
pub const MAX_UV: u64 = (1 << 53) - 1;
/// Largest `sv`; the smallest is `-MAX_SV - 1`.
pub const MAX_SV: i64 = (1 << 52) - 1;
/// Most bytes of a `uv`.
const MAX_BYTES: usize = 8;

/// Append `value` as a `uv`. The caller keeps it at or below [`MAX_UV`].
pub fn write_uv(out: &mut Vec<u8>, mut value: u64) {
    debug_assert!(value <= MAX_UV, "{value} is not a uv");
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Append `value` as an `sv`. The caller keeps it within [`MAX_SV`].
pub fn write_sv(out: &mut Vec<u8>, value: i64) {
    write_uv(out, zigzag(value));
}

/// Bytes that `value` takes as a `uv`.
pub fn uv_len(value: u64) -> usize {
    (64 - (value | 1).leading_zeros() as usize).div_ceil(7)
}

/// The `uv` at the start of `bytes`, and how many bytes it took.
///
/// # Errors
/// A sentence when it is cut short, overlong, longer than 8 bytes or above [`MAX_UV`].
pub fn read_uv(bytes: &[u8]) -> Result<(u64, usize), &'static str> {
    let mut value = 0;
    for (i, &byte) in bytes.iter().enumerate().take(MAX_BYTES) {
        value |= u64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return match byte {
                0 if i > 0 => Err("an overlong number"),
                _ if value > MAX_UV => Err("a number above 2^53-1"),
                _ => Ok((value, i + 1)),
            };
        }
    }
    Err(if bytes.len() < MAX_BYTES { "truncated" } else { "a number of more than 8 bytes" })
}

/// The `uv` that carries an `sv`: 0, -1, 1, -2 become 0, 1, 2, 3.
pub fn zigzag(value: i64) -> u64 {
    if value < 0 {
        (!value).unsigned_abs() << 1 | 1
    } else {
        value.unsigned_abs() << 1
    }
}

/// The `sv` that a `uv` carries.
#[allow(clippy::cast_possible_wrap)] // the shift has freed the sign bit
pub fn unzigzag(value: u64) -> i64 {
    let half = (value >> 1) as i64;
    if value & 1 == 0 {
        half
    } else {
        !half
    }
}
