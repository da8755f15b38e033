//! What a piece of memory weighs: the bytes that an allocator takes for it.

/// What an allocator keeps beside each piece of memory, and what it rounds up to, as glibc's does.
const HEADER: usize = 8;
const ROUND: usize = 16;
/// The two counts in front of what an `Arc` holds.
const COUNTS: usize = 16;
/// The least that a piece of memory takes.
const LEAST: usize = 32;

/// What a piece of memory of `size` bytes takes; none takes nothing.
pub fn piece(size: usize) -> usize {
    if size == 0 {
        return 0;
    }
    ((size + HEADER).div_ceil(ROUND) * ROUND).max(LEAST)
}

/// What shared memory of `size` bytes takes.
pub(crate) fn shared(size: usize) -> usize {
    piece(COUNTS + size)
}
