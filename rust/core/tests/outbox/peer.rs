//! A client as PROTOCOL section 3 describes it, at the other end of a line that keeps the order and may be cut.

use vango_core::deflate::inflate;
use vango_core::model::Model;
use vango_core::node::Hid;
use vango_core::patch::{Patch, PatchNode};
use vango_core::wire::effect::Effect;
use vango_core::wire::message::{self, Value};
use vango_core::wire::table::{CANCEL, CONT, DEFLATE, DIFF, MORE, SNAPSHOT};
use vango_core::wire::{frame, ops};

const MAX_BYTES: usize = 1 << 24;

/// A burst of which parts have come.
struct Open {
    kind: u8,
    flags: u8,
    header: Vec<u64>,
    payload: Vec<u8>,
}

pub struct Peer {
    pub rev: u64,
    pub model: Model,
    pub waits_for_snapshot: bool,
    /// The EMITs that it was given, by their names.
    pub emitted: Vec<u64>,
    /// The rev of each burst that it has applied, and whether that was a snapshot.
    pub applied: Vec<(u64, bool)>,
    open: Option<Open>,
}

impl Peer {
    pub fn new(page: &PatchNode) -> Self {
        let model = Model::from_node(page).expect("a page");
        Self { rev: 0, model, waits_for_snapshot: false, emitted: vec![], applied: vec![], open: None }
    }

    pub fn hids(&self) -> Vec<Hid> {
        let mut all = vec![];
        super::hids(&self.model.to_node(), &mut all);
        all
    }

    /// The line was cut: a burst that is not whole is forgotten.
    pub fn cut(&mut self) {
        self.open = None;
        self.waits_for_snapshot = false;
    }

    /// Take one message of the transport.
    pub fn receive(&mut self, bytes: &[u8]) {
        for body in frame::split(bytes, MAX_BYTES).expect("whole frames") {
            let part = message::decode(body).expect("a message");
            let header = part.values.iter().map(|value| match value {
                Value::Number(number) => *number,
                other => panic!("{other:?} in the header of a burst"),
            });
            let header: Vec<u64> = header.collect();
            self.join(part.spec.kind, part.flags, header, part.payload);
        }
    }

    fn join(&mut self, kind: u8, flags: u8, header: Vec<u64>, payload: &[u8]) {
        let mut open = if kind == CONT {
            self.open.take().expect("a CONT continues a burst")
        } else {
            assert!(self.open.is_none(), "a second burst inside an open one");
            Open { kind, flags, header, payload: vec![] }
        };
        if kind == CONT && flags & CANCEL != 0 {
            return;
        }
        open.payload.extend_from_slice(payload);
        if flags & MORE != 0 {
            self.open = Some(open);
            return;
        }
        if open.flags & DEFLATE != 0 {
            open.payload = inflate(&open.payload, MAX_BYTES).expect("one stream");
        }
        match open.kind {
            SNAPSHOT => self.adopt(&open),
            DIFF => self.apply(&open),
            other => panic!("{other:#x} is no burst"),
        }
    }

    fn adopt(&mut self, burst: &Open) {
        let [_, rev, _, count] = burst.header[..] else { panic!("a SNAPSHOT has four fields") };
        assert!(rev > self.rev, "a snapshot takes a rev of its own");
        self.model = Model::from_snapshot(&burst.payload).expect("a snapshot");
        self.waits_for_snapshot = false;
        self.done(rev, count, burst, true);
    }

    fn apply(&mut self, burst: &Open) {
        if self.waits_for_snapshot {
            return;
        }
        let [_, base, rev, _, count] = burst.header[..] else { panic!("a DIFF has five fields") };
        assert_eq!(self.rev, base, "a diff onto what the client has");
        assert!(rev > base);
        let patches: Vec<Patch> = ops::decode(&burst.payload).expect("ops");
        self.model.apply(&patches).expect("a burst that fits its base");
        self.done(rev, count, burst, false);
    }

    fn done(&mut self, rev: u64, count: u64, burst: &Open, snapshot: bool) {
        self.rev = rev;
        self.applied.push((rev, snapshot));
        assert_eq!(count, self.model.count() as u64, "the count of nodes at {rev}");
        for effect in ops::effects(&burst.payload, snapshot).expect("effects") {
            if let Effect::Emit { name, .. } = effect {
                self.emitted.push(name.parse().expect("a number"));
            }
        }
    }
}
