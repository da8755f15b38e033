//! Single rules of the outbox, each by an example.

use vango_core::atom::Atom;
use vango_core::deflate::{inflate, MIN_BYTES};
use vango_core::node::{Child, Node};
use vango_core::outbox::{Bounds, Client, Outbox};
use vango_core::tree::Tree;
use vango_core::wire::effect::Effect;
use vango_core::wire::fold::Forms;
use vango_core::wire::message::{self, Value};
use vango_core::wire::ops::{self, Encoder};
use vango_core::wire::{frame, table};

const BOUNDS: Bounds =
    Bounds { ring_bursts: 100, ring_bytes: 256 * 1024, window_bytes: 32 * 1024, part_bytes: 64 * 1024 };
const CLIENT: Client = Client { deflate: false, forms: Forms::NONE, lower: false, burst_bytes: 1 << 24 };

fn page(text: &str) -> Child {
    let text = Node::text(text).expect("a text");
    Node::element(Atom::new("p"), vec![], vec![], vec![text], None).expect("an element")
}

/// A session that shows `p` with a text, hid 2, and its connected client.
struct Session {
    tree: Tree,
    outbox: Outbox,
}

impl Session {
    fn new(bounds: Bounds, client: Client) -> Self {
        let mut outbox = Outbox::new(1, bounds);
        assert!(outbox.attach(client, Some(0)));
        Self { tree: Tree::mount(page("0")).expect("a page"), outbox }
    }

    fn show(&mut self, text: &str) {
        let mut ops = Encoder::new(false);
        self.tree.commit(page(text), &mut ops).expect("a page");
        self.outbox.push(&ops.finish());
    }

    fn take(&mut self) -> Option<Burst> {
        self.outbox.seal(&self.tree, 0).expect("no limit");
        self.outbox.take().map(|bytes| Burst::read(&bytes))
    }
}

#[derive(Debug, PartialEq)]
struct Burst {
    kind: u8,
    flags: u8,
    header: Vec<u64>,
    payload: Vec<u8>,
}

impl Burst {
    fn read(bytes: &[u8]) -> Self {
        let bodies = frame::split(bytes, 1 << 24).expect("frames");
        let [body] = bodies[..] else { panic!("one frame") };
        let read = message::decode(body).expect("a message");
        let number = |value: &Value| match value {
            Value::Number(number) => *number,
            other => panic!("{other:?}"),
        };
        Self {
            kind: read.spec.kind,
            flags: read.flags,
            header: read.values.iter().map(number).collect(),
            payload: read.payload.into(),
        }
    }

    fn effects(&self) -> Vec<Effect> {
        ops::effects(&self.payload, self.kind == table::SNAPSHOT).expect("effects")
    }
}

fn emit(name: &str) -> Effect {
    Effect::Emit { name: name.into(), json: "{}".into() }
}

#[test]
fn a_change_of_a_text_is_a_diff_of_12_bytes_with_its_length() {
    let mut session = Session::new(BOUNDS, CLIENT);
    session.show("1");
    session.outbox.seal(&session.tree, 9).expect("no limit");
    let bytes = session.outbox.take().expect("a burst");
    assert_eq!(vec![11, 0x42, 0, 1, 0, 1, 9, 2, 0x01, 2, 1, b'1'], bytes);
}

#[test]
fn a_resume_replays_what_is_missing_as_one_diff() {
    let mut session = Session::new(BOUNDS, CLIENT);
    for text in ["1", "2", "3"] {
        session.show(text);
        session.take();
    }
    assert!(session.outbox.attach(CLIENT, Some(1)));
    let burst = session.take().expect("a replay");
    assert_eq!((table::DIFF, vec![1, 1, 3, 0, 2]), (burst.kind, burst.header));
    assert_eq!(2, ops::decode(&burst.payload).expect("ops").len());
    assert_eq!(None, session.take());
}

#[test]
fn what_has_fallen_out_of_the_ring_is_a_snapshot_of_the_same_epoch() {
    let mut session = Session::new(Bounds { ring_bursts: 2, ..BOUNDS }, CLIENT);
    for text in ["1", "2", "3"] {
        session.show(text);
        session.take();
    }
    assert!(!session.outbox.attach(CLIENT, Some(0)));
    let burst = session.take().expect("a snapshot");
    assert_eq!((table::SNAPSHOT, vec![1, 4, 0, 2]), (burst.kind, burst.header));
}

#[test]
fn an_acknowledged_burst_leaves_the_ring_and_opens_the_window() {
    let mut session = Session::new(Bounds { window_bytes: 20, ..BOUNDS }, CLIENT);
    session.show("1");
    session.take();
    session.show("2");
    session.take();
    assert!(!session.outbox.is_open(0));
    session.outbox.acknowledge(1);
    assert!(session.outbox.is_open(0));
    assert!(!session.outbox.is_open(9));
    assert_eq!(1, session.outbox.kept());
    session.outbox.acknowledge(2);
    assert_eq!(0, session.outbox.held_bytes());
}

#[test]
fn a_long_burst_goes_in_parts_and_nothing_comes_between() {
    let mut session = Session::new(Bounds { part_bytes: 4, ..BOUNDS }, CLIENT);
    session.show("0123456");
    let first = session.take().expect("a part");
    assert_eq!((table::DIFF, table::MORE), (first.kind, first.flags));
    session.show("later");
    let second = session.take().expect("a part");
    assert_eq!((table::CONT, table::MORE, vec![]), (second.kind, second.flags, second.header));
    let third = session.take().expect("a part");
    assert_eq!((table::CONT, 0), (third.kind, third.flags));
    let payload = [first.payload, second.payload, third.payload].concat();
    assert_eq!(b"\x01\x02\x070123456", &payload[..]);
    assert_eq!(vec![1, 1, 2, 0, 2], session.take().expect("the next burst").header);
}

#[test]
fn a_cancelled_rev_is_used_again() {
    for ring_bursts in [0, 100] {
        let mut session = Session::new(Bounds { part_bytes: 4, ring_bursts, ..BOUNDS }, CLIENT);
        session.show("0123456");
        session.take();
        session.outbox.refetch(0);
        let end = session.take().expect("the end of the burst");
        assert_eq!((table::CONT, table::CANCEL), (end.kind, end.flags));
        let whole = session.take().expect("a snapshot");
        assert_eq!((table::SNAPSHOT, vec![1, 1, 0, 2]), (whole.kind, whole.header));
    }
}

#[test]
fn a_snapshot_that_is_half_sent_is_not_begun_anew() {
    let mut session = Session::new(Bounds { part_bytes: 4, ..BOUNDS }, CLIENT);
    session.outbox.add(emit("a")).expect("room");
    session.show("0123456");
    while session.outbox.is_partial() || session.outbox.rev() == 0 {
        session.take();
    }
    session.outbox.renew(2);
    let first = session.take().expect("a part");
    assert_eq!((table::SNAPSHOT, table::MORE), (first.kind, first.flags));
    session.outbox.refetch(0);
    let mut last = session.take().expect("its next part");
    while last.flags == table::MORE {
        assert_eq!(table::CONT, last.kind);
        last = session.take().expect("its next part");
    }
    assert_eq!((table::CONT, 0), (last.kind, last.flags));
    assert!(!session.outbox.is_whole());
}

#[test]
fn a_burst_that_was_half_sent_waits_again_for_the_next_connection() {
    let mut session = Session::new(Bounds { part_bytes: 4, ..BOUNDS }, CLIENT);
    session.show("0123456");
    session.take();
    assert!(session.outbox.attach(CLIENT, Some(0)));
    assert_eq!(vec![1, 0, 1, 0, 2], session.take().expect("the burst").header);
}

#[test]
fn what_is_owed_rides_on_a_snapshot_too_and_a_focus_dies_with_its_burst() {
    let mut session = Session::new(BOUNDS, CLIENT);
    session.outbox.add(emit("a")).expect("room");
    session.outbox.add(Effect::Focus { hid: 1 }).expect("room");
    let burst = session.take().expect("a burst");
    assert_eq!(vec![emit("a"), Effect::Focus { hid: 1 }], burst.effects());
    session.outbox.add(emit("b")).expect("room");
    assert_eq!(vec![emit("b")], session.take().expect("a burst").effects());
    assert!(session.outbox.attach(CLIENT, Some(0)));
    assert_eq!(vec![emit("a"), emit("b")], session.take().expect("the replay").effects());
    session.outbox.attach(CLIENT, None);
    assert_eq!(vec![emit("a"), emit("b")], session.take().expect("the snapshot").effects());
    session.outbox.acknowledge(session.outbox.rev());
    session.outbox.attach(CLIENT, None);
    assert_eq!(Vec::<Effect>::new(), session.take().expect("the snapshot").effects());
}

#[test]
fn no_more_is_owed_than_64_and_16_kib() {
    let mut session = Session::new(BOUNDS, CLIENT);
    for _ in 0..64 {
        session.outbox.add(emit("a")).expect("room");
    }
    assert!(session.outbox.add(emit("a")).is_err());
    session.take();
    assert!(session.outbox.add(emit("a")).is_err(), "it is not acknowledged yet");
    session.outbox.acknowledge(1);
    assert!(session.outbox.add(emit(&"x".repeat(16 * 1024))).is_err());
    assert!(session.outbox.add(emit("a")).is_ok());
}

#[test]
fn only_the_newest_focus_and_the_newest_point_of_an_element_count() {
    let mut session = Session::new(BOUNDS, CLIENT);
    let scroll = |hid, y| Effect::Scroll { hid, x: 0, y };
    for effect in [Effect::Focus { hid: 1 }, scroll(0, 1), scroll(1, 5), Effect::Focus { hid: 2 }, scroll(0, -2)] {
        session.outbox.add(effect).expect("room");
    }
    let effects = session.take().expect("a burst").effects();
    assert_eq!(vec![scroll(1, 5), Effect::Focus { hid: 2 }, scroll(0, -2)], effects);
}

#[test]
fn an_element_is_fetched_again_behind_what_is_pending() {
    let mut session = Session::new(BOUNDS, CLIENT);
    session.show("1");
    session.outbox.refetch(2);
    session.outbox.refetch(2);
    let burst = session.take().expect("a burst");
    assert_eq!(2, ops::decode(&burst.payload).expect("ops").len());
    session.outbox.refetch(77);
    assert_eq!(table::SNAPSHOT, session.take().expect("no such hid").kind);
}

#[test]
fn a_payload_is_deflated_only_for_a_client_that_can_and_only_if_it_shrinks() {
    let long = "again and ".repeat(MIN_BYTES / 8);
    for deflate in [false, true] {
        let mut session = Session::new(BOUNDS, Client { deflate, ..CLIENT });
        session.show("short");
        assert_eq!(0, session.take().expect("a burst").flags);
        session.show(&long);
        let burst = session.take().expect("a burst");
        assert_eq!(deflate, burst.flags == table::DEFLATE);
        let payload = if deflate { inflate(&burst.payload, 10_000).expect("a stream") } else { burst.payload };
        assert!(payload.ends_with(long.as_bytes()));
    }
}

#[test]
fn a_burst_over_the_limit_of_its_client_is_refused() {
    let mut session = Session::new(BOUNDS, Client { burst_bytes: 100, ..CLIENT });
    session.show(&"x".repeat(100));
    let error = session.outbox.seal(&session.tree, 0).expect_err("too large");
    assert_eq!((100, 103), (error.limit, error.got));
}

#[test]
fn another_epoch_begins_with_a_snapshot() {
    let mut session = Session::new(BOUNDS, CLIENT);
    session.show("1");
    session.outbox.renew(2);
    assert!(!session.outbox.resumes(0, false));
    let burst = session.take().expect("a snapshot");
    assert_eq!((table::SNAPSHOT, vec![2, 1, 0, 2]), (burst.kind, burst.header));
}
