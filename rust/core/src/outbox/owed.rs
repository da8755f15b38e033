//! What a burst does once, beside changing the document: owed until acknowledged, or gone with its burst.
//!
//! Invariants maintained here:
//! - never more than [`MAX_OWED`] and [`MAX_OWED_BYTES`] are owed; one too many is refused, not dropped;
//! - what a client has acknowledged is not sent to it again.

use std::collections::VecDeque;
use std::ops::Range;

use crate::limits::{MAX_OWED, MAX_OWED_BYTES};
use crate::wire::effect::Effect;

/// An op that must arrive.
#[derive(Debug)]
struct Owed {
    op: Box<[u8]>,
    /// The burst that carries it, 0 before there is one.
    rev: u64,
}

/// Nothing more can be owed: the client has not acknowledged what is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

#[derive(Debug, Default)]
pub(super) struct Effects {
    owed: VecDeque<Owed>,
    bytes: usize,
    passing: Vec<Effect>,
}

impl Effects {
    /// Let it happen with the next burst.
    ///
    /// # Errors
    /// [`Full`], and then nothing has changed.
    pub fn add(&mut self, effect: Effect) -> Result<(), Full> {
        if effect.lasts() {
            let mut op = Vec::new();
            effect.write(&mut op);
            if self.owed.len() == MAX_OWED || self.bytes + op.len() > MAX_OWED_BYTES {
                return Err(Full);
            }
            self.bytes += op.len();
            self.owed.push_back(Owed { op: op.into(), rev: 0 });
            return Ok(());
        }
        // Of these the newest counts: one focus, one point for each element.
        self.passing.retain(|other| match (other, &effect) {
            (Effect::Focus { .. }, Effect::Focus { .. }) => false,
            (Effect::Scroll { hid: one, .. }, Effect::Scroll { hid: two, .. }) => one != two,
            _ => true,
        });
        if self.passing.len() == MAX_OWED {
            self.passing.remove(0);
        }
        self.passing.push(effect);
        Ok(())
    }

    /// Whether something waits for a burst to go with.
    pub fn is_due(&self) -> bool {
        !self.passing.is_empty() || self.owed.iter().any(|owed| owed.rev == 0)
    }

    /// Bytes that are owed.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Append to burst `rev` what no burst carries yet.
    pub fn write_owed(&mut self, out: &mut Vec<u8>, rev: u64) {
        for owed in self.owed.iter_mut().filter(|owed| owed.rev == 0) {
            out.extend_from_slice(&owed.op);
            owed.rev = rev;
        }
    }

    /// What these bursts carry is not there: it goes with the next one.
    pub fn owe_again(&mut self, revs: Range<u64>) {
        for owed in &mut self.owed {
            if revs.contains(&owed.rev) {
                owed.rev = 0;
            }
        }
    }

    /// Append what dies with this burst.
    pub fn write_passing(&mut self, out: &mut Vec<u8>) {
        for effect in self.passing.drain(..) {
            effect.write(out);
        }
    }

    /// The client has the bursts up to `rev`.
    pub fn acknowledge(&mut self, rev: u64) {
        while self.owed.front().is_some_and(|owed| owed.rev != 0 && owed.rev <= rev) {
            self.bytes -= self.owed.pop_front().map_or(0, |owed| owed.op.len());
        }
    }
}
