//! Bursts that were sent and not acknowledged, to be sent again after a connection was lost.
//!
//! Invariants maintained here:
//! - the bursts follow one another without a gap, the newest last;
//! - never more than the limits allow: the oldest leave first, and what is larger than all of them is not kept.

use std::collections::VecDeque;

/// One burst as it was sealed.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub rev: u64,
    pub ack: u64,
    pub count: u32,
    /// The changes of the tree; what it does beside them is kept by [`super::owed`].
    pub ops: Box<[u8]>,
}

/// The newest bursts that may have to be sent again.
#[derive(Debug)]
pub(super) struct Ring {
    sent: VecDeque<Sent>,
    bytes: usize,
    max_bursts: usize,
    max_bytes: usize,
}

impl Ring {
    pub fn new(max_bursts: usize, max_bytes: usize) -> Self {
        Self { sent: VecDeque::new(), bytes: 0, max_bursts, max_bytes }
    }

    /// Bytes of the ops that it keeps.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many bursts it keeps.
    pub fn len(&self) -> usize {
        self.sent.len()
    }

    /// Keep a burst, the next one.
    pub fn push(&mut self, sent: Sent) {
        self.bytes += sent.ops.len();
        self.sent.push_back(sent);
        while self.sent.len() > self.max_bursts || self.bytes > self.max_bytes {
            self.pop_front();
        }
    }

    /// Take the newest burst back, if it is `rev` and was kept.
    pub fn take_back(&mut self, rev: u64) -> Option<Sent> {
        if self.sent.back()?.rev != rev {
            return None;
        }
        let sent = self.sent.pop_back()?;
        self.bytes -= sent.ops.len();
        Some(sent)
    }

    /// Forget the bursts up to `rev`.
    pub fn forget(&mut self, rev: u64) {
        while self.sent.front().is_some_and(|sent| sent.rev <= rev) {
            self.pop_front();
        }
    }

    pub fn clear(&mut self) {
        self.sent.clear();
        self.bytes = 0;
    }

    /// The bursts behind `rev`, if it keeps all of them.
    pub fn since(&self, rev: u64) -> Option<impl Iterator<Item = &Sent> + Clone> {
        let first = self.sent.front()?.rev;
        let skipped = usize::try_from((rev + 1).checked_sub(first)?).ok()?;
        (skipped < self.sent.len()).then(|| self.sent.range(skipped..))
    }

    fn pop_front(&mut self) {
        if let Some(sent) = self.sent.pop_front() {
            self.bytes -= sent.ops.len();
        }
    }
}
