//! Small decisions: from a seed, or from the bytes of a fuzzer, which then learns what each one does.
#![allow(dead_code)] // the tests roll from seeds, `rust/fuzz` from bytes

/// A source of small numbers.
pub enum Dice<'a> {
    /// Endless.
    Seed(u64),
    /// One byte a roll; zeros when they are used up.
    Bytes(&'a [u8]),
}

impl Dice<'_> {
    pub fn roll(&mut self, sides: usize) -> usize {
        match self {
            Self::Seed(state) => {
                *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (*state >> 33) as usize % sides
            }
            Self::Bytes(bytes) => match bytes.split_first() {
                Some((first, rest)) => {
                    *bytes = rest;
                    usize::from(*first) % sides
                }
                None => 0,
            },
        }
    }

    /// Whether all bytes are used up.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Bytes([]))
    }
}
