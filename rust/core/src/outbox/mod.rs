//! What waits to be sent to the client of one session, and what may have to be sent again (PROTOCOL section 3).
//!
//! It outlives connections: [`Outbox::attach`] begins one. A flush is given to [`Outbox::push`];
//! [`Outbox::seal`] makes one burst of all that is due, and [`Outbox::take`] gives it part by part.
//!
//! Invariants maintained here:
//! - `rev` and `pending`, in this order, make the tree, unless `stale` says that only a snapshot does;
//! - a DIFF leads from one rev to a later one, a SNAPSHOT takes a rev, and a burst that was cancelled gives
//!   its rev back;
//! - between the parts of one burst no other begins;
//! - what is held is bounded: by the window and one flush, by the ring, by what may be owed, and by one burst.

mod owed;
mod ring;

use std::collections::VecDeque;
use std::fmt;

use owed::Effects;
pub use owed::Full;
use ring::{Ring, Sent};

use crate::deflate::deflate;
use crate::node::Hid;
use crate::patch::Sink;
use crate::tree::Tree;
use crate::varint::{uv_len, write_uv};
use crate::wire::effect::Effect;
use crate::wire::fold::{fold, Forms};
use crate::wire::node::NodeWriter;
use crate::wire::ops::Encoder;
use crate::wire::table::{CANCEL, CONT, DEFLATE, DIFF, MORE, SNAPSHOT};

/// The bounds of one outbox.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Most bursts that are kept until they are acknowledged; 0 keeps none.
    pub ring_bursts: usize,
    /// Most bytes of their ops.
    pub ring_bytes: usize,
    /// Unacknowledged and waiting bytes above which nothing new is to be rendered.
    pub window_bytes: usize,
    /// Longest payload of one frame; longer ones are split.
    pub part_bytes: usize,
}

/// What the client of a connection understands.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    /// Payloads may be deflated.
    pub deflate: bool,
    /// The shorter forms in which they may be written.
    pub forms: Forms,
    /// Only ops 01 to 05: what is pushed was lowered, and so is what is written here.
    pub lower: bool,
    /// Longest payload that it takes, inflated.
    pub burst_bytes: usize,
}

/// A burst that is larger than its client takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge {
    /// What the client takes, in bytes.
    pub limit: usize,
    /// What the burst has.
    pub got: usize,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a burst of {} bytes, and its client takes {}", self.got, self.limit)
    }
}

impl std::error::Error for TooLarge {}

/// A burst of which parts wait.
#[derive(Debug)]
struct Open {
    rev: u64,
    kind: Sealed,
    /// Whether a part has been taken.
    begun: bool,
}

/// A burst of this connection that the client has not acknowledged.
#[derive(Debug)]
struct Unacked {
    rev: u64,
    /// Its frames.
    bytes: usize,
    /// Whether it is a snapshot.
    whole: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sealed {
    /// It took a rev.
    New,
    /// It repeats bursts that took theirs before.
    Replay,
    /// Not a burst, but the end of one that was cancelled.
    Cancel,
}

/// The outbox of one session.
#[derive(Debug)]
pub struct Outbox {
    bounds: Bounds,
    epoch: u64,
    rev: u64,
    /// Ops that no burst holds.
    pending: Vec<u8>,
    /// `rev` and `pending` do not make the tree: only a snapshot does.
    stale: bool,
    effects: Effects,
    ring: Ring,
    // Of the connection:
    client: Client,
    /// Whether there was a client before.
    attached: bool,
    whole: bool,
    refetch: Vec<Hid>,
    /// The client has this burst and lacks those behind it.
    replay: Option<u64>,
    unacked: VecDeque<Unacked>,
    unacked_bytes: usize,
    ack: u64,
    open: Option<Open>,
    parts: VecDeque<Vec<u8>>,
}

impl Outbox {
    /// The outbox of a page that was served: rev 0 of its epoch.
    pub fn new(epoch: u64, bounds: Bounds) -> Self {
        Self {
            bounds,
            epoch,
            rev: 0,
            pending: Vec::new(),
            stale: false,
            effects: Effects::default(),
            ring: Ring::new(bounds.ring_bursts, bounds.ring_bytes),
            client: Client { deflate: false, forms: Forms::NONE, lower: false, burst_bytes: usize::MAX },
            attached: false,
            whole: false,
            refetch: Vec::new(),
            replay: None,
            unacked: VecDeque::new(),
            unacked_bytes: 0,
            ack: 0,
            open: None,
            parts: VecDeque::new(),
        }
    }

    /// The incarnation of the view.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The burst that was sealed last; 0 is the served page.
    pub fn rev(&self) -> u64 {
        self.rev
    }

    /// What the burst that was sealed last for this connection acknowledges; 0 if there is none, or it was cancelled.
    pub fn ack(&self) -> u64 {
        self.ack
    }

    /// Begin another epoch: only a snapshot leads there.
    pub fn renew(&mut self, epoch: u64) {
        self.epoch = epoch;
        self.outdate();
    }

    // A connection

    /// Whether a client that has `rev` can go on from there. What was on its way to an earlier connection of
    /// this client is cancelled: call [`Outbox::attach`] next.
    pub fn resumes(&mut self, rev: u64, lower: bool) -> bool {
        self.cancel();
        let same = !self.attached || self.client.lower == lower;
        !self.stale && same && (rev == self.rev || self.ring.since(rev).is_some())
    }

    /// Begin a connection. Its client has `rev` of this epoch, which is acknowledged by that; `None`: it has
    /// nothing. Returns whether it goes on from there ([`Outbox::resumes`]); else a snapshot comes first.
    pub fn attach(&mut self, client: Client, rev: Option<u64>) -> bool {
        let from = rev.filter(|rev| self.resumes(*rev, client.lower));
        self.cancel();
        self.open = None;
        self.parts.clear();
        self.client = client;
        self.attached = true;
        self.unacked.clear();
        self.unacked_bytes = 0;
        self.ack = 0;
        self.refetch.clear();
        self.whole = false;
        self.replay = from.filter(|rev| *rev < self.rev);
        self.acknowledge(rev.unwrap_or(0).min(self.rev));
        if from.is_none() {
            self.outdate();
        }
        from.is_some()
    }

    /// Its client has the bursts up to `rev`, which is at most [`Outbox::rev`].
    pub fn acknowledge(&mut self, rev: u64) {
        self.ring.forget(rev);
        self.effects.acknowledge(rev);
        while self.unacked.front().is_some_and(|sent| sent.rev <= rev) {
            self.unacked_bytes -= self.unacked.pop_front().map_or(0, |sent| sent.bytes);
        }
    }

    /// Put an element into the next burst, or everything if `hid` is 0: a diff that is half sent gives way to that.
    /// A snapshot that is half sent is the answer itself. To begin it anew would mean that a client on a slow line,
    /// which asks again while it waits, never gets one.
    pub fn refetch(&mut self, hid: Hid) {
        if hid == 0 {
            if !self.is_sending_snapshot() {
                self.whole = true;
                self.cancel();
            }
            // Up to the next snapshot on its way it applies no diff: what those carry is owed again.
            let snapshot = self.unacked.iter().find(|sent| sent.whole).map_or(u64::MAX, |sent| sent.rev);
            self.effects.owe_again(0..snapshot);
        } else if !self.refetch.contains(&hid) {
            self.refetch.push(hid);
        }
    }

    // What waits

    /// The tree has changed by these ops, lowered if the client needs that.
    pub fn push(&mut self, ops: &[u8]) {
        self.pending.extend_from_slice(ops);
    }

    /// Let something happen with the next burst of any form.
    ///
    /// # Errors
    /// [`Full`] when too much is owed already; nothing has changed.
    pub fn add(&mut self, effect: Effect) -> Result<(), Full> {
        self.effects.add(effect)
    }

    /// Whether what changes now is to be rendered now; `queued` are bytes that wait beside this outbox.
    pub fn is_open(&self, queued: usize) -> bool {
        self.unacked_bytes + self.pending.len() + queued <= self.bounds.window_bytes
    }

    /// Whether the next burst is a snapshot, which shows the tree as it is.
    pub fn is_whole(&self) -> bool {
        self.whole || self.stale
    }

    /// Whether ops wait for a burst.
    pub fn is_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Whether parts of a burst wait to be taken.
    pub fn is_partial(&self) -> bool {
        self.open.is_some()
    }

    fn is_sending_snapshot(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.kind == Sealed::New)
            && self.unacked.back().is_some_and(|sent| sent.whole)
    }

    /// Bytes that are held: pending, owed, kept to be sent again, and in parts.
    pub fn held_bytes(&self) -> usize {
        self.pending.len() + self.effects.bytes() + self.ring.bytes() + self.parts.iter().map(Vec::len).sum::<usize>()
    }

    /// Bursts that are kept to be sent again.
    pub fn kept(&self) -> usize {
        self.ring.len()
    }

    // Bursts

    /// Make one burst of what is due, of the tree as it is now; false if nothing is, or parts still wait.
    ///
    /// # Errors
    /// [`TooLarge`]: its client will never have this page, and the session has to end.
    ///
    /// # Complexity
    /// O(what is due), for a snapshot O(tree).
    pub fn seal(&mut self, tree: &Tree, ack: u64) -> Result<bool, TooLarge> {
        if self.open.is_some() {
            return Ok(false);
        }
        if !self.is_whole() {
            if let Some(from) = self.replay.take() {
                return self.replay_from(from, ack);
            }
            self.write_refetched(tree);
        }
        if self.is_whole() {
            return self.seal_snapshot(tree, ack);
        }
        let effects_go = self.effects.is_due() && self.is_open(0);
        if self.pending.is_empty() && !effects_go {
            return Ok(false);
        }
        self.seal_diff(tree, ack)
    }

    /// The next bytes for the transport, one or more whole frames.
    pub fn take(&mut self) -> Option<Vec<u8>> {
        let part = self.parts.pop_front()?;
        if self.parts.is_empty() {
            self.open = None;
        } else if let Some(open) = &mut self.open {
            open.begun = true;
        }
        Some(part)
    }

    fn write_refetched(&mut self, tree: &Tree) {
        for hid in std::mem::take(&mut self.refetch) {
            let Some((node, parent)) = tree.element_at(hid) else {
                self.whole = true;
                return;
            };
            let mut ops = Encoder::new(self.client.lower);
            ops.insert(parent, 0, &node);
            self.pending.extend_from_slice(&ops.finish());
        }
    }

    fn seal_snapshot(&mut self, tree: &Tree, ack: u64) -> Result<bool, TooLarge> {
        let rev = self.rev + 1;
        let mut payload = Vec::new();
        tree.write(&mut NodeWriter::new(&mut payload, self.client.lower));
        self.effects.write_owed(&mut payload, rev);
        self.effects.write_passing(&mut payload);
        self.check(&payload)?;
        (self.stale, self.whole, self.rev, self.ack) = (false, false, rev, ack);
        self.ring.clear();
        self.pending = Vec::new();
        self.refetch.clear();
        self.replay = None;
        self.split(Sealed::New, SNAPSHOT, &[self.epoch, rev, ack, tree.count().into()], &payload);
        Ok(true)
    }

    fn seal_diff(&mut self, tree: &Tree, ack: u64) -> Result<bool, TooLarge> {
        let (base, rev, count) = (self.rev, self.rev + 1, tree.count());
        let mut payload = std::mem::take(&mut self.pending);
        self.check(&payload)?;
        (self.rev, self.ack) = (rev, ack);
        self.ring.push(Sent { rev, ack, count, ops: payload.as_slice().into() });
        self.effects.write_owed(&mut payload, rev);
        self.effects.write_passing(&mut payload);
        self.split(Sealed::New, DIFF, &[self.epoch, base, rev, ack, count.into()], &payload);
        Ok(true)
    }

    /// Send again what the client lacks, as one DIFF.
    fn replay_from(&mut self, base: u64, ack: u64) -> Result<bool, TooLarge> {
        let Some(missed) = self.ring.since(base) else { return Ok(false) };
        let mut payload = Vec::new();
        let mut header = [self.epoch, base, base, 0, 0];
        for sent in missed {
            payload.extend_from_slice(&sent.ops);
            // What has finished since is shown by what is pending, if anything is.
            let ack = if self.pending.is_empty() { ack.max(sent.ack) } else { sent.ack };
            header[2..].copy_from_slice(&[sent.rev, ack, sent.count.into()]);
        }
        self.check(&payload)?;
        self.ack = header[3];
        self.effects.owe_again(0..u64::MAX);
        self.effects.write_owed(&mut payload, self.rev);
        self.split(Sealed::Replay, DIFF, &header, &payload);
        Ok(true)
    }

    fn check(&self, payload: &[u8]) -> Result<(), TooLarge> {
        let (limit, got) = (self.client.burst_bytes, payload.len());
        if got > limit {
            return Err(TooLarge { limit, got });
        }
        Ok(())
    }

    /// Frame a burst, in as many parts as it takes.
    fn split(&mut self, kind: Sealed, code: u8, header: &[u64], payload: &[u8]) {
        self.open = Some(Open { rev: self.rev, kind, begun: false });
        let folded = fold(payload, code == SNAPSHOT, self.client.forms);
        let payload = folded.as_deref().unwrap_or(payload);
        let deflated = if self.client.deflate { deflate(payload) } else { None };
        let (mut flags, mut rest) = match &deflated {
            Some(stream) => (DEFLATE, &stream[..]),
            None => (0, payload),
        };
        let whole = code == SNAPSHOT;
        let (mut code, mut header, mut bytes) = (code, header, 0);
        loop {
            let (part, after) = rest.split_at(rest.len().min(self.bounds.part_bytes));
            let more = if after.is_empty() { 0 } else { MORE };
            let part = frame(&[code, flags | more], header, part);
            bytes += part.len();
            self.parts.push_back(part);
            if after.is_empty() {
                break;
            }
            (code, flags, header, rest) = (CONT, 0, &[], after);
        }
        self.unacked.push_back(Unacked { rev: self.rev, bytes, whole });
        self.unacked_bytes += bytes;
    }

    /// Give up a burst of which parts wait: its rev is used again, its ops wait once more, and a client that
    /// has got a part of it is told.
    fn cancel(&mut self) {
        let Some(open) = self.open.take_if(|open| open.kind != Sealed::Cancel) else { return };
        self.parts.clear();
        self.ack = 0;
        self.unacked_bytes -= self.unacked.pop_back().map_or(0, |sent| sent.bytes);
        if open.kind == Sealed::New {
            self.rev = open.rev - 1;
            self.effects.owe_again(open.rev..u64::MAX);
            if let Some(sent) = self.ring.take_back(open.rev) {
                let later = std::mem::replace(&mut self.pending, sent.ops.into_vec());
                self.pending.extend_from_slice(&later);
            } else {
                self.stale = true;
            }
        }
        if open.begun {
            self.open = Some(Open { kind: Sealed::Cancel, ..open });
            self.parts.push_back(frame(&[CONT, CANCEL], &[], &[]));
        }
    }

    /// Only a snapshot shows the tree now, and what is owed goes with it.
    fn outdate(&mut self) {
        self.stale = true;
        self.ring.clear();
        self.pending = Vec::new();
        self.effects.owe_again(0..u64::MAX);
    }
}

/// One whole frame: its length, what it begins with, the fields of its header, its payload.
fn frame(begin: &[u8], header: &[u64], payload: &[u8]) -> Vec<u8> {
    let fields: usize = header.iter().copied().map(uv_len).sum();
    let len = begin.len() + fields + payload.len();
    let mut out = Vec::with_capacity(uv_len(len as u64) + len);
    write_uv(&mut out, len as u64);
    out.extend_from_slice(begin);
    for field in header {
        write_uv(&mut out, *field);
    }
    out.extend_from_slice(payload);
    out
}
