//! The bodies of the fuzz targets, one function each: bytes in, nothing out, a panic for a bug.
//!
//! `cargo test` drives them with proptest (`tests/`), `make fuzz` with libFuzzer (`fuzz_targets/`).
//! What must hold:
//! - no bytes make a decoder panic or loop, and an error names a place within them;
//! - what is accepted was spelled in the one right way: written again, it gives the same bytes;
//! - a burst is applied whole or not at all;
//! - whatever a tree goes through, its clients have what a fresh page would show.

#![forbid(unsafe_code)]

// The oracle of the engine is its tests' own: one copy, two drivers.
#[path = "../../core/tests/oracle/dice.rs"]
mod dice;
#[path = "../../core/tests/oracle/edits.rs"]
mod edits;
#[path = "../../core/tests/oracle/session.rs"]
mod session;
#[path = "../../core/tests/oracle/spec.rs"]
mod spec;

mod decoders;

pub use decoders::{apply, event, inflate, message, ops, snapshot};

use dice::Dice;
use session::Session;

/// Edits in the life of one tree.
const LIFE: usize = 50;

/// A page, and edits of it, as the bytes decide; the oracle looks after each.
pub fn diff(bytes: &[u8]) {
    let mut dice = Dice::Bytes(bytes);
    let mut session = Session::mount(&edits::page(&mut dice));
    let mut other = edits::page(&mut dice);
    for _ in 0..LIFE {
        if dice.is_over() {
            return;
        }
        match dice.roll(8) {
            0 => session.refetch(&mut dice),
            1 => session.resume(),
            2 => other = edits::page(&mut dice),
            _ => {
                let next = edits::evolve(&session.shown, &other, &mut dice);
                session.builder.reuse = dice.roll(2) == 0;
                session.show(&next, dice.roll(3) == 0);
            }
        }
    }
}
